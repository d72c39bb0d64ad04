"""``load_reference`` and ``prepare``: may be run at any time, say what changed, delete nothing."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from archive.intake.reference_data import load_reference_data
from archive.models import (
    Body,
    Document,
    DocumentSeries,
    Resolution,
    ShippedRecord,
    State,
    Theme,
    ThesaurusConcept,
    Treaty,
)
from archive.store.ingest.facts import correct_document
from archive.text.parsed import Speaker
from archive.text.reference import load_reference
from tests.conftest import BUNDLED, ROOT
from tests.tables import rows_from, tuples
from tests.tools.bundled import stored_and_indexed
from tests.tools.factories import block, parsed, stored
from tests.tools.searching import at

pytestmark = pytest.mark.django_db
COUNTED = {
    "bodies": Body,
    "states": State,
    "resolutions": Resolution,
    "series": DocumentSeries,
    "treaties": Treaty,
    "themes": Theme,
}


def run(command: str = "load_reference", **options: object) -> str:
    out = io.StringIO()
    call_command(command, stdout=out, stderr=out, **options)
    return out.getvalue()


@pytest.fixture
def fixtures(tmp_path, settings) -> Path:
    """A copy of the fixtures that a test may change."""
    for name in COUNTED:
        shutil.copy(ROOT / "fixtures" / f"{name}.json", tmp_path)
    settings.FIXTURE_DIRS = [tmp_path]
    return tmp_path


def change(path: Path, key: str, name: str, /, **fields: object) -> None:
    """Change a record of a fixture, or add it."""
    records = json.loads(path.read_text("utf-8"))
    found = [record for record in records if record["fields"][key] == name]
    if found:
        found[0]["fields"].update(fields)
    else:
        records.append({"model": records[0]["model"], "fields": {key: name, **fields}})
    path.write_text(json.dumps(records, ensure_ascii=False), "utf-8")


def test_loading_again_changes_nothing_and_says_so():
    before = {name: list(model.objects.order_by("pk").values()) for name, model in COUNTED.items()}
    out = run()
    assert {name: list(model.objects.order_by("pk").values()) for name, model in COUNTED.items()} == before
    for name, rows in before.items():
        assert f"{name}：新增0，更新0，不变{len(rows)}" in out


def test_an_empty_database_gets_every_row_with_its_relations():
    for model in (DocumentSeries, Resolution, State, Body, Treaty, Theme, ShippedRecord):
        model.objects.all().delete()
    with CaptureQueriesContext(connection) as asked:
        run()
    anew = f'UPDATE "{ShippedRecord._meta.db_table}" SET "origin" = CASE'
    assert not [one for one in asked if one["sql"].startswith(anew)]  # what was just written, once more
    for name, model in COUNTED.items():
        assert model.objects.count() == len(
            json.loads((ROOT / "fixtures" / f"{name}.json").read_text("utf-8"))
        )
    assert Body.objects.get(slug="1540-committee").parent.name == "安全理事会"
    assert DocumentSeries.objects.get(prefix="S/AC.44/").body.slug == "1540-committee"


def test_the_database_says_what_the_core_reads():
    known = {body.name: (body.slug, set(body.aliases)) for body in load_reference().bodies}
    rows = Body.objects.filter(provisional=False)
    assert {row.name: (row.slug, set(row.aliases)) for row in rows if row.name in known} == known


def test_a_changed_record_updates_its_row_and_is_named(fixtures):
    key = Body.objects.get(name="安全理事会").pk
    change(fixtures / "bodies.json", "name", "安全理事会", english="The Council")
    out = run()
    body = Body.objects.get(name="安全理事会")
    assert (body.pk, body.english) == (key, "The Council")
    assert "更新1" in out and "安全理事会" in out


def test_a_slug_once_issued_stays(fixtures):
    slug = Body.objects.get(name="安全理事会").slug
    change(fixtures / "bodies.json", "name", "安全理事会", slug="unsc")
    run()
    assert Body.objects.get(name="安全理事会").slug == slug


def test_what_an_editor_added_stays(fixtures):
    Body.objects.create(name="编辑所加", slug="by-an-editor")
    State.objects.filter(alpha3="USA").update(aliases=["美国", "花旗国"])
    out = run()
    assert Body.objects.filter(slug="by-an-editor").exists()
    assert State.objects.get(alpha3="USA").aliases == ["美国", "花旗国"]
    assert "另存1" in out


def test_a_record_that_left_the_fixture_keeps_its_row(fixtures):
    path = fixtures / "resolutions.json"
    records = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(records[1:], ensure_ascii=False), "utf-8")
    run()
    assert Resolution.objects.count() == len(records)


def test_a_provisional_body_becomes_a_known_one_and_keeps_its_address(fixtures):
    stored(parsed("S/1", ("1", "联合小组"), bodies=[("1", "联合小组", "联合小组")]))
    before = Body.objects.get(name="联合小组")
    assert before.provisional
    fields = {"aliases": ["小组"], "contextual_aliases": [], "traditional": [], "parent": None}
    change(
        fixtures / "bodies.json",
        "name",
        "联合小组",
        slug="joint",
        english="",
        acronym="",
        provisional=False,
        **fields,
    )
    run()
    after = Body.objects.get(name="联合小组")
    assert (after.pk, after.slug, after.provisional) == (before.pk, before.slug, False)


def test_what_an_editor_wrote_of_a_provisional_body_stays_when_it_becomes_a_known_one(fixtures):
    stored(parsed("S/1", ("1", "联合小组"), bodies=[("1", "联合小组", "联合小组")]))
    Body.objects.filter(name="联合小组").update(english="Joint group", aliases=["编者所加"])
    fields = {"slug": "joint", "english": "Joint Team", "aliases": ["小组"], "acronym": "JT", "parent": None}
    change(fixtures / "bodies.json", "name", "联合小组", provisional=False, **fields)
    run()
    after = Body.objects.get(name="联合小组")
    assert (after.provisional, after.english, after.acronym) == (False, "Joint group", "JT")
    assert after.aliases == ["小组", "编者所加"]


def test_a_known_body_gets_its_address_even_before_the_reference_data_is_loaded():
    for model in (DocumentSeries, Body, ShippedRecord):
        model.objects.all().delete()
    stored(parsed("S/1", ("1", "安全理事会"), bodies=[("1", "安全理事会", "安全理事会")]))
    before = Body.objects.get()
    assert (before.slug, before.provisional) == ("security-council", False)
    run()
    assert Body.objects.get(slug="security-council").aliases


def test_new_names_match_speakers_that_were_stored_before(fixtures):
    document = stored(parsed("S/1", block("1", "甲", speaker=Speaker("某", delegation="花旗国"))))
    change(fixtures / "states.json", "alpha3", "USA", aliases=["美国", "花旗国"])
    assert "重新对应国家和机构：1处" in run()
    assert document.paragraphs.get().state.alpha3 == "USA"
    assert Document.objects.get().changed > document.changed


# --- what a person decided ---

SERIES, STATE, SUMMARY = "CD/", "CUB", "S/RES/1540(2004)"
# The table, the row, what a person wrote there, and what a later release brings of the row ({}: the same).
EDITED: list[tuple[str, Any, dict[str, Any], dict[str, Any], dict[str, Any]]] = rows_from(__name__, "EDITED")


@pytest.mark.parametrize(("table", "row", "edited", "shipped", "follows"), EDITED)
def test_what_a_person_changed_stays_and_the_rest_follows(fixtures, table, row, edited, shipped, follows):
    rows = COUNTED[table].objects.filter(**row)
    assert rows.update(**edited) == 1
    names = json.loads((fixtures / f"{table}.json").read_text("utf-8"))
    (key, value) = next(iter(row.items()))
    change(fixtures / f"{table}.json", key, value, **shipped)
    stands = {**rows.values().get(), **follows}
    for _start in range(2):
        run()
        assert tuples(rows.values().get()) == tuples(stands)
    assert COUNTED[table].objects.count() == len(names)


def test_a_row_that_nobody_changed_follows_to_the_letter(fixtures):
    change(fixtures / "bodies.json", "name", "联合国大会", aliases=["新称"], parent=None)
    change(fixtures / "states.json", "alpha3", STATE, name="古巴（新）")
    run()
    body = Body.objects.get(slug="general-assembly")
    assert (body.aliases, body.parent, State.objects.get(alpha3=STATE).name) == (["新称"], None, "古巴（新）")


def test_a_name_that_another_row_was_given_stops_nothing(fixtures):
    """A person called one body as another is called from now on, and a third as a new one is."""
    Body.objects.filter(slug="general-assembly").update(name="新机构")
    Body.objects.filter(slug="security-council").update(name="新安理会")
    change(fixtures / "bodies.json", "name", "联合国裁军研究所", name="新安理会")
    records = json.loads((fixtures / "bodies.json").read_text("utf-8"))
    new = {**records[0], "fields": {**records[0]["fields"], "name": "新机构", "slug": "new-body"}}
    (fixtures / "bodies.json").write_text(json.dumps([*records, new], ensure_ascii=False), "utf-8")
    before = dict(Body.objects.values_list("slug", "name"))
    for _start in range(2):
        out = run()
        assert dict(Body.objects.values_list("slug", "name")) == before
        assert "新机构" in out and "新安理会" in out


def test_a_difference_that_was_there_before_anything_was_remembered_is_an_edit(fixtures):
    """As after an upgrade from a release that did not remember what it brought, or of a bundle of one."""
    ShippedRecord.objects.all().delete()
    State.objects.filter(alpha3=STATE).update(name="古巴国", aliases=["花旗"])
    Body.objects.filter(slug="security-council").update(english="", aliases=["安理会", "自加"])
    Resolution.objects.filter(symbol=SUMMARY).update(summary="编者所写")
    for _start in range(2):
        out = run()
        assert STATE in out and SUMMARY in out
        state, council = State.objects.get(alpha3=STATE), Body.objects.get(slug="security-council")
        assert (state.name, state.aliases) == ("古巴国", ["花旗"])
        assert (council.english, council.aliases) == ("Security Council", ["安理会", "自加"])
        assert Resolution.objects.get(symbol=SUMMARY).summary == "编者所写"


def test_a_renamed_body_or_state_is_still_the_one_that_documents_name():
    Body.objects.filter(slug="general-assembly").update(name="大会全体", aliases=[])
    State.objects.filter(alpha3=STATE).update(name="古巴国", aliases=[], official_name="古巴国")
    replies = block("1", "联合国大会", speaker=Speaker("某", delegation="古巴"))
    document = stored(parsed("S/1", replies, bodies=[("1", "联合国大会", "联合国大会")]))
    paragraph = document.paragraphs.get()
    assert paragraph.state.alpha3 == STATE
    assert paragraph.body_mentions.get().body.slug == "general-assembly"


def test_a_broken_fixture_changes_nothing(fixtures):
    change(fixtures / "bodies.json", "name", "没有上级", slug="orphan", parent=["不存在的机构"])
    with pytest.raises(Exception, match="不存在的机构|matching query"):
        list(load_reference_data(fixtures))
    assert not Body.objects.filter(slug="orphan").exists()


# --- prepare ---


def test_prepare_makes_the_site_ready_and_a_second_call_says_that_nothing_was_imported(settings, tmp_path):
    with at(tmp_path / "index"):
        first, second = run("prepare"), run("prepare")
    assert "新建 5" in first and "准备就绪" in first
    assert "不变 5" in second and "没有改动" in second and "准备就绪" in second
    assert Document.objects.count() == 5


def _prepare() -> None:
    run("prepare")


@pytest.fixture
def prepared(tmp_path) -> Iterator[None]:
    """The site as a first ``prepare`` leaves it, which is done once for all tests."""
    with at(tmp_path / "index"):
        stored_and_indexed(_prepare, tmp_path / "index")
        yield


LETTER, RECORD = "S/2010/52", "CD/2118"


def told(client, address: str) -> tuple[int, object]:
    answer = client.get(f"{address}.json")
    if answer.status_code == 301:
        return 301, answer["Location"]
    return answer.status_code, [row["text"] for row in answer.json().get("paragraphs", ())]


def _brings_a_correction(tmp_path) -> None:
    path = tmp_path / "S_2010_52.txt"
    path.write_text(
        (ROOT / "fixtures" / "documents" / path.name).read_text("utf-8").replace("审查", "更正", 1), "utf-8"
    )
    call_command("import_documents", str(path), verbosity=0)


def _withdraws(_tmp_path) -> None:
    call_command("withdraw_document", RECORD, by="编者", reason="重复", verbosity=0)


def _merges(_tmp_path) -> None:
    call_command("merge_document", RECORD, LETTER, by="编者", reason="重复", verbosity=0)


def _renames(_tmp_path) -> None:
    correct_document(Document.objects.get(symbol=RECORD), {"symbol": "CD/2119"})


def _renames_and_withdraws(tmp_path) -> None:
    _renames(tmp_path)
    call_command("withdraw_document", "CD/2119", by="编者", reason="重复", verbosity=0)


def _withholds(_tmp_path) -> None:
    call_command("withdraw_document", RECORD, by="编者", reason="依法", withheld=True, verbosity=0)


DECIDED = [
    (_brings_a_correction, "S_2010_52.txt"),
    (_withdraws, f"{RECORD}已于"),
    (_merges, f"并入{LETTER}"),
    (_renames, ""),
    (_renames_and_withdraws, "CD_2118.txt"),
    (_withholds, RECORD),
]


@pytest.mark.parametrize(("decide", "said"), DECIDED)
def test_prepare_undoes_nothing_and_goes_on(client, prepared, tmp_path, decide, said):
    addresses = [f"/{LETTER}", f"/{RECORD}", "/CD/2119"]
    decide(tmp_path)
    stands = [told(client, address) for address in addresses]
    for start in range(3):
        if start == 1:  # as after an upgrade from a release that did not remember what it brought
            ShippedRecord.objects.all().delete()
        out = run("prepare")
        assert said in out and "准备就绪" in out
        assert [told(client, address) for address in addresses] == stands
        assert "更新 0" in out


@pytest.fixture
def release(tmp_path, monkeypatch) -> Path:
    """The bundled documents as a later release brings them."""
    folder = tmp_path / "release"
    shutil.copytree(BUNDLED, folder)
    monkeypatch.setattr("archive.intake.importing.bundled.BUNDLED", folder)
    return folder


def _ship_other_words(folder: Path) -> None:
    path = folder / "S_2010_52.txt"
    path.write_text(path.read_text("utf-8").replace("决议", "决议（新版）", 1), "utf-8")


def test_a_document_that_nobody_changed_follows_the_release(client, prepared, release):
    _ship_other_words(release)
    assert "更新 1" in run("prepare")
    assert "决议（新版）" in "".join(told(client, f"/{LETTER}")[1])


@pytest.mark.parametrize("take", [True, False])
def test_the_words_of_a_release_beside_those_of_a_person_are_taken_or_dismissed_once(
    admin_client, prepared, release, tmp_path, take
):
    address = reverse("admin:archive_shippedrecord_changelist")
    _brings_a_correction(tmp_path)
    assert "采用" not in run("prepare")
    _ship_other_words(release)
    stands = told(admin_client, f"/{LETTER}")
    for _start in range(2):
        out = run("prepare")
        assert "S_2010_52.txt" in out and "采用" in out
        assert told(admin_client, f"/{LETTER}") == stands
    record = ShippedRecord.objects.differing().get()
    shown = admin_client.get(reverse("admin:archive_shippedrecord_change", args=[record.pk]))
    assert "<ins>（新版）</ins>" in shown.content.decode()
    form = {"action": "take" if take else "dismiss", "_selected_action": [record.pk]}
    assert admin_client.post(address, form).status_code == 302
    assert not ShippedRecord.objects.differing().exists()
    assert ("决议（新版）" in "".join(told(admin_client, f"/{LETTER}")[1])) == take
    stands = told(admin_client, f"/{LETTER}")
    out = run("prepare")
    assert "采用" not in out and told(admin_client, f"/{LETTER}") == stands
    _ship_other_words(release)  # yet another edition
    out = run("prepare")
    assert ("采用" in out) != take and ("更新 1" in out) == take


@pytest.mark.parametrize("take", [True, False])
def test_a_name_of_a_release_beside_that_of_a_person_is_taken_or_dismissed_once(admin_client, fixtures, take):
    address = reverse("admin:archive_shippedrecord_changelist")
    State.objects.filter(alpha3=STATE).update(name="古巴国", aliases=["自加"])
    change(fixtures / "states.json", "alpha3", STATE, name="古巴（新）", aliases=["新称"])
    run()
    record = ShippedRecord.objects.differing().get()
    page = admin_client.get(reverse("admin:archive_shippedrecord_change", args=[record.pk])).content.decode()
    assert "古巴<del>国</del>" in page and "古巴<ins>（新）</ins>" in page
    admin_client.post(address, {"action": "take" if take else "dismiss", "_selected_action": [record.pk]})
    state = State.objects.get(alpha3=STATE)
    assert state.name == ("古巴（新）" if take else "古巴国") and "自加" in state.aliases
    assert STATE not in run() and not ShippedRecord.objects.differing().exists()
    assert State.objects.get(alpha3=STATE).name == state.name


KEYS = [
    ("state", State, {"alpha3": STATE}, "alpha3"),
    ("body", Body, {"slug": "general-assembly"}, "slug"),
    ("resolution", Resolution, {"symbol": SUMMARY}, "symbol"),
    ("documentseries", DocumentSeries, {"prefix": SERIES}, "prefix"),
    ("thesaurusconcept", ThesaurusConcept, {"slug": "export-control"}, "slug"),
]


@pytest.mark.parametrize(("table", "model", "row", "key"), KEYS)
def test_the_desk_neither_deletes_what_was_shipped_nor_changes_its_key(admin_client, table, model, row, key):
    kept = model.objects.get(**row)
    page = admin_client.get(reverse(f"admin:archive_{table}_change", args=[kept.pk]))
    assert page.status_code == 200 and f'name="{key}"' not in page.content.decode()
    delete = reverse(f"admin:archive_{table}_delete", args=[kept.pk])
    assert admin_client.post(delete, {"post": "yes"}).status_code == 403
    several = {"action": "delete_selected", "_selected_action": [kept.pk], "post": "yes"}
    admin_client.post(reverse(f"admin:archive_{table}_changelist"), several)
    assert model.objects.filter(pk=kept.pk).exists()


ADDED = [
    (
        "state",
        State,
        {"alpha3": "XKX", "alpha2": "XK", "name": "某国", "official_name": "某国", "english": "K"},
    ),
    ("resolution", Resolution, {"symbol": "S/RES/9999(2030)", "number": 9999, "year": 2030, "summary": "某"}),
    ("body", Body, {"name": "某机构", "slug": "some-body"}),
]


@pytest.mark.parametrize(("table", "model", "fields"), ADDED)
@pytest.mark.parametrize("cited", [True, False])
def test_the_desk_deletes_what_a_person_added_while_nothing_cites_it(
    admin_client, table, model, fields, cited
):
    added = model.objects.create(**fields)
    if cited:
        text = "S/RES/9999(2030)某机构"
        stored(
            parsed(
                "S/1",
                block("1", text, speaker=Speaker("某", delegation="某国")),
                mentions=[("1", "S/RES/9999(2030)", "S/RES/9999(2030)")],
                bodies=[("1", "某机构", "某机构")],
            )
        )
    answer = admin_client.post(
        reverse(f"admin:archive_{table}_delete", args=[added.pk]), {"post": "yes"}
    ).status_code
    assert (answer, model.objects.filter(pk=added.pk).exists()) == ((403, True) if cited else (302, False))
