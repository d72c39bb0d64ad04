"""Export and restore: same archive, same bytes; and back again."""

import datetime as dt
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from hashlib import sha256
from random import Random

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import models
from django.test.utils import isolate_apps
from django.utils import timezone

from archive.export import dump as dump_tables
from archive.export.bundle import BundleError, verify
from archive.export.bundle.export import export_bundle
from archive.export.bundle.restore import restore_bundle
from archive.export.bundle.snapshot import put_sources
from archive.export.tables import LEFT_OUT, TABLES, Table
from archive.intake.retirement import take_back, withdraw_document, withdraw_paragraph
from archive.models import Document, IssuedText, MovedAnchor, RetiredDocument, ShortLink, SourceFile
from archive.store.links.permalinks import follow
from archive.store.withholding.act import unclean_copies
from archive.store.withholding.words import Forbidden
from archive.text.fingerprint import fingerprint
from tests.conftest import ROOT
from tests.tables import each_row
from tests.tools.bundles import (
    FORBIDDEN,
    FORBIDDEN_PART,
    KEY,
    PUBLIC,
    content_of,
    edit_at_random,
    empty_archive,
    exported,
    fate_in,
    history_bundle,
    make_history,
)
from tests.tools.factories import parsed, store, stored
from tests.tools.searching import at

pytestmark = pytest.mark.django_db


@each_row()
def test_a_source_in_a_bundle_keeps_its_ending(name, ending):
    content = b"bytes"
    row = {"name": name, "sha256": sha256(content).hexdigest(), "sidecar": ""}
    key = (name, row["sha256"], "")
    tables = {"documents": [], "second_originals": [], "source_files": [row]}
    assert put_sources(tables, {key: content}, {}, Forbidden(())) == {
        f"sources/{row['sha256']}{ending}": content
    }


def test_every_table_of_the_archive_goes_out_or_says_why_not():
    """A new model? List it in ``archive.export.tables``; its fields go out by themselves."""
    told = [*(table.model for table in TABLES), *LEFT_OUT]
    assert Counter(told) == Counter(apps.get_app_config("archive").get_models())
    assert all(LEFT_OUT.values())


@isolate_apps("archive")
def test_a_new_field_is_named_nowhere_else():
    class Novelty(models.Model):  # noqa: DJ008
        symbol = models.CharField(max_length=9, unique=True)
        number = models.IntegerField()
        new = models.TextField()
        content = models.BinaryField()

        class Meta:
            app_label = "archive"

    novelties = Table("novelties", Novelty, order=("number",), renamed={"number": "position"})
    assert ([column.name for column in novelties.columns], novelties.key) == (
        ["symbol", "number", "new"],
        ("symbol",),
    )
    assert dump_tables.columns(novelties) == {"symbol": "symbol", "position": "number", "new": "new"}
    assert (dump_tables.key(novelties), list(dump_tables.references(novelties))) == (("symbol",), [])


def test_every_column_is_exported_but_numbers_and_bytes(tmp_path):
    make_history()
    bundle = exported(tmp_path / "bundle")
    for table in TABLES:
        rows = [json.loads(line) for line in (bundle / table.path).read_text("utf-8").splitlines()]
        columns = {field.name for field in table.model._meta.concrete_fields} - {"id", "content"}
        for row in rows:
            assert columns - {"sidecar"} <= row.keys(), table.name


def test_a_restored_archive_exports_the_same_bytes(tmp_path, bundled_documents):
    make_history()
    first, came_in = exported(tmp_path / "first"), list(Document.objects.order_by("pk").values("symbol"))
    empty_archive()
    restore_bundle(first, PUBLIC)
    assert content_of(exported(tmp_path / "second")) == content_of(first)
    assert list(Document.objects.order_by("pk").values("symbol")) == came_in != sorted(came_in, key=str)


def test_all_issued_links_answer_the_same_after_a_restore(tmp_path):
    make_history()
    edit_at_random(Random(1), 12)
    before = _answers()
    bundle = exported(tmp_path / "bundle")
    empty_archive()
    restore_bundle(bundle)
    assert _answers() == before
    assert {fate for fate, *_rest in before.values()} >= {"identical", "moved", "edited", "withdrawn"}


def _answers() -> dict:
    answers = {}
    for row in IssuedText.objects.order_by("pk"):
        link = follow(row.symbol, Document.objects.find(row.symbol), row.anchor, row.fingerprint)
        now = link.paragraph and (link.paragraph.document.symbol, link.paragraph.anchor, link.paragraph.text)
        answers[str(row), row.since] = (
            link.fate.value,
            now,
            sorted(place.anchor for place in link.candidates),
        )
    codes = ShortLink.objects.values_list("code", "symbol", "anchor", "fingerprint")
    return answers | {code: tuple(rest) for code, *rest in codes}


OF_DOCUMENT = ("", ".json", ".txt", "/source", "/history.json", "/dropped.json", "/cited-by.json")
OF_TEXT = ("", ".json")
REVISION = re.compile(r'"revision": \d+|\d+-[0-9a-f]{16}')


def test_a_restored_site_answers_as_the_first_did_and_is_as_sound(tmp_path, client, settings):
    """All but the revision, which names an archive. What law forbids to show is in neither."""
    settings.DATA_DIR, settings.SEARCH_INDEX_FOLLOWS = tmp_path / "data", True
    settings.DATA_DIR.mkdir()
    make_history()
    edit_at_random(Random(2), 4)
    withheld = stored(parsed("S/2020/8", ("1", "原来的写法，后来改了几个字。"), ("2", "另一段。")))
    store(
        parsed("S/2020/8", ("1", "改过的写法，不能给别人看的。"), ("2", "另一段。")), "S_2020_8.txt", "改过的"
    )
    withdraw_paragraph(withheld, "1", by="编辑", reason="依法", withheld=True)
    with at(tmp_path / "first"):
        before = _everything(client)
    bundle = exported(tmp_path / "bundle")
    empty_archive()
    with at(tmp_path / "second"):
        call_command("restore_bundle", str(bundle), "--allow-unsigned", verbosity=0)
        after = _everything(client)
        assert {place: after[place] for place in before if after[place] != before[place]} == {}
        assert unclean_copies(deep=True) == []
        said = io.StringIO()
        call_command("verify_archive", quick=True, stdout=said, stderr=said)
    assert "未随存证包而来 3" in said.getvalue() and {status for status, _body in before.values()} >= {
        200,
        410,
    }
    row = SourceFile.objects.exclude(content=b"").first()
    SourceFile.objects.filter(pk=row.pk).update(content=b"damaged")
    with pytest.raises(CommandError):
        call_command("verify_archive", quick=True, stdout=said, stderr=said)


def _everything(client) -> dict[str, tuple[int, str]]:
    symbols = IssuedText.objects.values_list("symbol", flat=True).distinct()
    addresses = [f"/{symbol}{ending}" for symbol in symbols for ending in OF_DOCUMENT]
    addresses += [f"/{row}{ending}" for row in IssuedText.objects.all() for ending in OF_TEXT]
    answers = {address: client.get(address) for address in addresses}
    return {
        address: (answer.status_code, REVISION.sub("", b"".join(answer).decode()))
        for address, answer in answers.items()
    }


def test_the_verifier_answers_every_issued_link_as_the_site_does(tmp_path):
    make_history()
    for seed in range(3):
        edit_at_random(Random(seed), 12, f"S/2021/{9 + seed}")
    data = verify.Data(exported(tmp_path / "bundle"))
    for row in IssuedText.objects.all():
        site = follow(row.symbol, Document.objects.find(row.symbol), row.anchor, row.fingerprint)
        told = verify.answers_to(data, row.symbol, row.anchor, row.fingerprint)[-1]
        place = told["now"] and (told["now"][0], told["now"][2])
        standing = site.paragraph and (site.paragraph.document.symbol, site.paragraph.anchor)
        assert (fate_in(data, f"/{row}"), place) == (site.fate.value, standing), str(row)


THERE_AND_BACK = """
import sys, django
django.setup()
from django.core.management import call_command
call_command("restore_bundle", sys.argv[1], "--key", sys.argv[2], "--no-index")
call_command("export_bundle", sys.argv[3], "--key", sys.argv[4])
"""


@pytest.mark.slow
def test_the_same_archive_gives_the_same_bytes_in_every_surrounding(tmp_path, migrated_database):
    """Another hash seed, locale, time zone and folder; from a database of its own, restored from a bundle."""
    make_history()
    first = exported(tmp_path / "first")
    key = tmp_path / "key"
    key.write_bytes(_private_key())
    key.chmod(0o600)
    data, again = tmp_path / "data", tmp_path / "again"
    data.mkdir()
    shutil.copy(migrated_database, data / "archive.sqlite3")
    environment = {
        **os.environ,
        "PYTHONHASHSEED": "1",
        "LC_ALL": "C",
        "TZ": "Asia/Shanghai",
        "TIME_ZONE": "America/New_York",
        "DEBUG": "0",
        "ARCHIVE_DATA_DIR": str(data),
        "DATABASE_URL": f"sqlite:///{data / 'archive.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "archive.settings",
        "SECRET_KEY": "for-this-test-only",
        "ALLOWED_HOSTS": "archive.example",
    }
    command = [sys.executable, "-c", THERE_AND_BACK, str(first), PUBLIC, str(again), str(key)]
    environment["PYTHONPATH"] = str(ROOT)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    assert content_of(again) == content_of(first)


def _private_key() -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    return KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def test_exported_twice_the_bytes_are_equal(tmp_path):
    make_history()
    assert content_of(exported(tmp_path / "one")) == content_of(exported(tmp_path / "two"))


def test_the_export_is_dated_by_the_last_change(tmp_path):
    make_history()
    manifest = export_bundle(tmp_path / "one", KEY)
    moments = [*RetiredDocument.objects.values_list("at", flat=True)]
    moments += RetiredDocument.objects.exclude(lifted=None).values_list("lifted", flat=True)
    moments += Document.objects.values_list("changed", flat=True)
    assert dt.datetime.fromisoformat(manifest["changed"]) == max(moments)


def test_a_clock_that_was_ahead_does_not_date_the_export(tmp_path, monkeypatch):
    now = timezone.now()
    for days, text in ((-9, "甲"), (400, "乙"), (-1, "丙")):
        moment = now + dt.timedelta(days=days)
        monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)
        store(parsed("S/2031/1", ("1", text)), content=text)
    changed = dt.datetime.fromisoformat(export_bundle(tmp_path / "one", KEY)["changed"])
    assert changed == now - dt.timedelta(days=1)


def test_what_law_forbids_to_show_is_nowhere_in_the_bundle(tmp_path):
    files = content_of(history_bundle(tmp_path / "bundle"))
    for words in (FORBIDDEN, FORBIDDEN_PART):
        assert all(words[:-1] not in content.decode("utf-8") for content in files.values())
    issued = [json.loads(line) for line in files["data/issued_texts.jsonl"].splitlines()]
    kept = [(row["symbol"], row["text"], row["fingerprint"]) for row in issued if row["withheld"]]
    assert kept == [
        ("S/2020/5", None, fingerprint(FORBIDDEN)),
        ("S/2020/7", None, fingerprint(FORBIDDEN_PART)),
    ]
    sources = [json.loads(line) for line in files["data/source_files.jsonl"].splitlines()]
    assert [row["name"] for row in sources if row["file"] is None] == ["S_2020_5.txt", "S_2020_7.txt"]


def test_a_source_that_shares_a_phrase_with_what_is_withheld_goes_out(tmp_path):
    phrase = "防止大规模毁灭性武器及其运载工具的扩散"
    secret = stored(
        parsed("S/2020/5", ("1", f"{phrase}，以及此后很长的一段依法不得公布的话，说的是别的事。"))
    )
    withdraw_document(secret, by="编辑", reason="法律", withheld=True)
    open_one = stored(parsed("S/2020/4", ("1", f"{phrase}是各国的义务。")))
    withdraw_document(open_one, by="编辑", reason="重复")
    rows = (exported(tmp_path / "bundle") / "data/source_files.jsonl").read_text("utf-8").splitlines()
    assert [row["name"] for row in map(json.loads, rows) if row["file"]] == ["S_2020_4.txt"]


def test_a_withdrawal_can_be_taken_back_after_a_restore(tmp_path, bundled_documents):
    withdraw_document(bundled_documents["S/2010/52"], by="编辑", reason="重复")
    bundle = exported(tmp_path / "bundle")
    empty_archive()
    restore_bundle(bundle)
    back = take_back(RetiredDocument.objects.get(symbol="S/2010/52"), by="编辑")
    assert (back.symbol, back.paragraphs.count()) == ("S/2010/52", 44)


def test_sources_and_sidecars_go_out_and_come_back_byte_for_byte(tmp_path):
    from archive.models import SourceFile
    from archive.store.ingest.store import store_document
    from archive.store.ingest.values import Source

    document = parsed("S/2020/8", ("1", "一段。"))
    store_document(document, Source("a.md", "一段。\r\n".encode("gb18030"), 'symbol = "S/2020/8"\r\n'))
    bundle = exported(tmp_path / "bundle")
    empty_archive()
    restore_bundle(bundle)
    row = SourceFile.objects.get()
    assert (bytes(row.content), row.sidecar) == ("一段。\r\n".encode("gb18030"), 'symbol = "S/2020/8"\r\n')
    assert Document.objects.get().source == row


def test_a_folder_with_something_in_it_is_refused(tmp_path):
    (tmp_path / "mine.txt").write_text("keep")
    with pytest.raises(BundleError, match="不是空的"):
        export_bundle(tmp_path, KEY)
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]


def test_an_interrupted_export_leaves_nothing_behind(tmp_path, monkeypatch):
    def break_off(*given):
        raise KeyboardInterrupt

    monkeypatch.setattr("archive.export.bundle.export.sign", break_off)
    with pytest.raises(KeyboardInterrupt):
        export_bundle(tmp_path / "bundle", KEY)
    assert list(tmp_path.iterdir()) == []


def test_an_archive_with_anything_in_it_is_not_restored_into(tmp_path):
    bundle = history_bundle(tmp_path / "bundle")
    with pytest.raises(BundleError, match="不是空的"):
        restore_bundle(bundle)


def test_a_bundle_that_fails_its_check_is_not_restored(tmp_path):
    bundle = history_bundle(tmp_path / "bundle")
    empty_archive()
    file = bundle / "data" / "paragraphs.jsonl"
    file.write_text(file.read_text("utf-8").replace("已改", "未改"), "utf-8")
    with pytest.raises(BundleError, match="data/paragraphs.jsonl"):
        restore_bundle(bundle)
    assert not Document.objects.exists()


def test_a_row_that_does_not_fit_leaves_the_archive_as_it_was(tmp_path, monkeypatch):
    bundle = history_bundle(tmp_path / "bundle")
    empty_archive()
    file = bundle / "data" / "mentions.jsonl"
    file.write_text(file.read_text("utf-8").replace('"start":2', '"start":"x"'), "utf-8")
    monkeypatch.setattr("archive.export.bundle.restore.check_bundle", lambda *given: ({"version": 1}, []))
    with pytest.raises(BundleError, match="data/mentions.jsonl第1行"):
        restore_bundle(bundle)
    assert not Document.objects.exists()
    assert not MovedAnchor.objects.exists()


def test_an_empty_archive_makes_a_sound_bundle(tmp_path):
    lines, sound = verify.report(exported(tmp_path / "bundle"), PUBLIC, False)
    assert sound, lines


def test_unsigned_must_be_asked_for(tmp_path, settings):
    settings.SIGNING_KEY = ""
    with pytest.raises(CommandError, match="--unsigned"):
        call_command("export_bundle", str(tmp_path / "bundle"))


def test_the_export_command_says_that_a_bundle_is_unsigned(tmp_path, capsys):
    store(parsed("S/2020/1", ("1", "一段。")))
    call_command("export_bundle", str(tmp_path / "bundle"), "--unsigned")
    assert "不能证明出自何处" in capsys.readouterr().out
    assert not (tmp_path / "bundle" / "manifest.sig").exists()
