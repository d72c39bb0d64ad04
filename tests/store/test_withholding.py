"""Withheld means gone: no address and no copy shows words that law forbids to show."""

from __future__ import annotations

import io
import json

import pytest
from django.core.management import CommandError, call_command

from archive.export.dump import is_clean, read_manifest, write_dump
from archive.models import Body, Document, IssuedText, RetiredDocument
from archive.store.withholding.act import unclean_copies
from archive.store.withholding.words import Forbidden
from search.engine.live.update import update_index
from tests.tables import each_row
from tests.tools.factories import source, taken_in
from tests.tools.searching import at

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
WHY = {"by": "编者甲", "reason": "依法"}
SECRET = "秘密计划第七号将于次年春季在北方三省同时展开，代号为青鸟。"
OPEN = "第1540(2004)号决议第3段要求各国采取措施，防止扩散。"
TEXT = f"S/2031/1\n\n1. {OPEN}\n\n2. {SECRET}\n\n3. 本段谈的是会议的安排。\n"
SIDECAR = (
    'symbol = "S/2031/1"\ntitle = "关于青鸟行动及其后续安排的一封信"\ndate = 2031-01-02\n'
    'sender = "青鸟行动临时协调办公室主任"\n'
)
CITING = "S/2031/2\n\n1. 回顾S/2031/1第2段和第1540(2004)号决议第3段。\n"


@pytest.fixture(autouse=True)
def folders(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.OPEN_DATA_DIR = tmp_path / "dump"
    with at(tmp_path / "index"):
        yield tmp_path


def bring(text: str = TEXT, sidecar: str = SIDECAR, name: str = "one.txt") -> Document:
    return taken_in(source(name, text, sidecar))


@pytest.fixture
def filled(folders):
    bring()
    bring(CITING, 'symbol = "S/2031/2"\ntitle = "又一封信"\n', "two.txt")
    update_index()


def run(command: str, *args: str, **options) -> str:
    out = io.StringIO()
    call_command(command, *args, stdout=out, stderr=out, **options)
    return out.getvalue()


def withhold(symbol: str = "S/2031/1", **options) -> str:
    return run("withdraw_document", symbol, withheld=True, **WHY, **options)


def status(client, address: str) -> int:
    response = client.get(address)
    response.getvalue()  # which closes the file; close() would close the database as well
    return response.status_code


# --- which words ---


LONG = "一二三四五六七八九十甲乙丙丁"


@each_row()
def test_a_text_holds_forbidden_words(withheld, public, text, found, remark):
    assert bool(Forbidden(withheld, public).found_in(text)) is found, remark


# --- the dump ---


def dumped(folder) -> str:
    import gzip

    lines = gzip.decompress((folder / "documents.jsonl.gz").read_bytes()).decode()
    return lines + (folder / "archive.sqlite3").read_bytes().decode("utf-8", "replace")


@pytest.mark.parametrize("options", [{}, {"paragraph": "2"}])
def test_the_dump_is_made_anew_without_the_words(client, filled, folders, options):
    write_dump(folders / "dump")
    assert "青鸟" in dumped(folders / "dump")
    withhold(**options)
    assert "代号为青鸟" not in dumped(folders / "dump")
    assert status(client, "/data/archive.sqlite3") == 200


def test_a_dump_that_could_not_be_made_anew_is_gone(client, filled, folders, monkeypatch):
    write_dump(folders / "dump")
    monkeypatch.setattr("archive.export.dump.write_dump", _full_disk)
    withhold()
    assert not list((folders / "dump").iterdir())
    assert status(client, "/data/archive.sqlite3") == 404


def _full_disk(*_given) -> None:
    raise OSError(28, "No space left on device")


def test_nothing_is_served_from_a_dump_before_it_is_clean(client, filled, folders):
    """Killed between the database and the copies; or written by hand, in SQL."""
    write_dump(folders / "dump")
    IssuedText.objects.filter(anchor="2", symbol="S/2031/1").update(withheld=True)
    for name in ("documents.jsonl.gz", "archive.sqlite3"):
        answer = client.get(f"/data/{name}")
        assert answer.status_code == 503 and "重新制作之前不提供下载" in answer.content.decode()
    assert "重新制作之前不提供下载" in client.get("/data").content.decode()
    assert client.get("/data.json").json()["dump"] is None
    assert [one.producer for one in unclean_copies()][0] == "dump"


def test_a_dump_of_an_earlier_version_is_served_until_something_is_withheld(client, filled, folders):
    write_dump(folders / "dump")
    manifest = folders / "dump" / "dump.json"
    told = json.loads(manifest.read_text())
    del told["withheld"]
    manifest.write_text(json.dumps(told))
    assert status(client, "/data/archive.sqlite3") == 200
    IssuedText.objects.filter(anchor="2").update(withheld=True)
    assert status(client, "/data/archive.sqlite3") == 503
    run("export_dump", str(folders / "dump"))
    assert status(client, "/data/archive.sqlite3") == 200


def test_taken_back_the_dump_has_the_words_again(filled, folders):
    write_dump(folders / "dump")
    withhold()
    run("withdraw_document", "S/2031/1", undo=True, by="编者乙")
    assert "代号为青鸟" in dumped(folders / "dump")
    assert is_clean(read_manifest(folders / "dump")) and not unclean_copies(deep=True)


# --- which rows ---


def shown() -> set[str]:
    """Addresses whose words are shown, of those that were ever issued."""
    return {f"{row.symbol} {row.anchor}" for row in IssuedText.objects.filter(withheld=False)}


def test_what_was_withheld_alone_stays_so_when_its_document_is_taken_back(filled):
    withhold(paragraph="2")
    withhold()
    run("withdraw_document", "S/2031/1", undo=True, by="编者乙")
    assert "S/2031/1 2" not in shown() and "S/2031/1 1" in shown()


def test_a_withdrawal_of_an_earlier_version_does_not_show_what_was_withdrawn_alone(filled):
    withhold(paragraph="2")
    withhold()
    retired = RetiredDocument.objects.get()
    del retired.facts["withheld_before"]
    retired.save()
    run("withdraw_document", "S/2031/1", undo=True, by="编者乙")
    assert "S/2031/1 2" not in shown() and "S/2031/1 1" in shown()


@pytest.mark.parametrize("options", [{}, {"paragraph": "2"}])
def test_words_of_a_document_that_was_merged_into_it_are_withheld_too(client, filled, options):
    copy = bring(TEXT.replace("2031/1", "2031/9"), 'symbol = "S/2031/9"\ntitle = "同一封信"\n', "nine.txt")
    fingerprint = copy.paragraphs.get(anchor="2").fingerprint
    run("merge_document", "S/2031/9", "S/2031/1", **WHY)
    withhold(**options)
    for ending in ("", ".json"):
        answer = client.get(f"/S/2031/9/p/2/{fingerprint}{ending}")
        assert answer.status_code == 410 and "青鸟" not in answer.content.decode()
    run("withdraw_document", "S/2031/1", undo=True, by="编者乙", **options)
    assert "S/2031/9 2" in shown()


@pytest.mark.parametrize("options", [{}, {"paragraph": "2"}])
def test_what_was_withdrawn_with_its_words_can_be_withheld_later(client, filled, options):
    fingerprint = IssuedText.objects.get(symbol="S/2031/1", anchor="2").fingerprint
    run("withdraw_document", "S/2031/1", by="编者甲", reason="重复", **options)
    link = f"/S/2031/1/p/2/{fingerprint}"
    assert "青鸟" in client.get(link).content.decode()
    withhold(**options)
    assert "青鸟" not in client.get(link).content.decode()
    assert "依法" in client.get(link).content.decode()
    withhold(**options)  # again: nothing more to do
    run("withdraw_document", "S/2031/1", undo=True, by="编者乙", **options)
    assert client.get(f"{link}.json").json()["fate"] == "identical"


def test_a_body_that_only_withheld_words_define_is_gone(client, filled):
    name = "青鸟行动后续安排特别协调委员会"
    text = f"S/2031/5\n\n1. 设立{name}(青鸟委员会)，负责此事。青鸟委员会每年开会。\n"
    bring(text, 'symbol = "S/2031/5"\ntitle = "信"\n', "five.txt")
    assert Body.objects.filter(provisional=True).exists()
    withhold("S/2031/5")
    assert not Body.objects.filter(provisional=True).exists()
    assert "青鸟" not in client.get("/bodies").content.decode()


# --- what the command says ---


def test_what_cannot_be_cleaned_is_named(filled, folders, monkeypatch):
    write_dump(folders / "dump")
    monkeypatch.setattr("archive.export.dump.write_dump", _full_disk)
    monkeypatch.setattr("archive.export.dump.remove_dump", _full_disk)
    monkeypatch.setattr("archive.management.commands.verify_archive.rehearse", lambda _counts: ())
    with pytest.raises(CommandError, match="没有清干净.*\n整库下载：.*No space left"):
        withhold()
    assert not Document.objects.filter(symbol="S/2031/1").exists()
    said = io.StringIO()
    with pytest.raises(CommandError):
        call_command("verify_archive", stdout=said, stderr=said)
    assert "整库下载里还有不予显示的文字" in said.getvalue()
    monkeypatch.undo()
    assert "早已撤下" in withhold()
    assert not unclean_copies(deep=True)


def test_copies_are_cleaned_though_the_index_cannot_follow(filled, monkeypatch):
    def broken(*args):
        raise CommandError("改动已经存好，但检索索引没有跟上：磁盘已满。")

    monkeypatch.setattr("archive.management.commands.withdraw_document.bring_along", broken)
    with pytest.raises(CommandError, match="^改动已经存好"):
        withhold()
    assert not unclean_copies(deep=True)


def test_the_command_says_that_bundles_handed_out_are_beyond_reach(filled):
    assert "收不回" in withhold()
    assert "收不回" not in run("withdraw_document", "S/2031/2", **WHY)


def test_a_bundle_that_shows_the_words_is_removed_and_named(filled, folders):
    old = folders / "bundles" / "2031-01-02"
    run("export_bundle", str(old), "--unsigned")
    said = withhold()
    assert f"{old}" in said and "export_bundle" in said and not old.exists()
    run("export_bundle", str(old), "--unsigned")
    assert f"{old}" not in run("withdraw_document", "S/2031/2", withheld=False, **WHY) and old.exists()
