"""``load_reference`` and ``prepare``: may be run at any time, say what changed, delete nothing."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path

import pytest
from django.core.management import call_command

from archive.models import Body, Document, DocumentSeries, Resolution, State, Theme, Treaty
from archive.reference_data import load_reference_data
from archive.text.parsed import Speaker
from archive.text.reference import load_reference

from .conftest import ROOT
from .factories import block, parsed, stored
from .searching import at

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


def change(path: Path, key: str, name: str, **fields: object) -> None:
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
    for model in (DocumentSeries, Resolution, State, Body, Treaty, Theme):
        model.objects.all().delete()
    run()
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


def test_a_known_body_gets_its_address_even_before_the_reference_data_is_loaded():
    DocumentSeries.objects.all().delete()
    Body.objects.all().delete()
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
