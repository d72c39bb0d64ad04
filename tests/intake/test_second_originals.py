"""A document in two formats keeps both files: offered, gated, carried along by all that moves documents."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from archive.export.bundle.restore import restore_bundle
from archive.intake.retirement import take_back, withdraw_document, withdraw_paragraph
from archive.models import Document, RetiredDocument, SecondOriginal
from archive.store.page_images import making
from tests.core.test_read_pdf import column
from tests.pages_set.writer import write_pdf
from tests.tables import each_row, tuples
from tests.tools.bundles import empty_archive, exported
from tests.tools.pages import page
from tests.tools.word_files import paragraph, word

from .test_import_documents import run

pytestmark = pytest.mark.django_db
SENTENCES = ("回顾第1540(2004)号决议第3段的规定和要求。", "请各国提交报告，并说明已经采取的全部步骤。")
LINES = [f"{at}. {sentence}" for at, sentence in enumerate(SENTENCES, start=1)]
SYMBOL = "S/2020/1"


def write(folder: Path, ending: str, lines: list[str] = LINES, stated: str = "") -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / f"a.{ending}"
    if ending == "docx":
        path.write_bytes(word("".join(map(paragraph, lines))))
    elif ending == "pdf":
        path.write_bytes(write_pdf([column(*lines)]))
    else:
        body = "".join(f"<p>{line}</p>" for line in lines)
        path.write_text(f"<!doctype html><html><body><main>{body}</main></body></html>", "utf-8")
    path.with_suffix(".toml").write_text(f'symbol = "{SYMBOL}"\n{stated}', "utf-8")
    return path


def kept() -> tuple[str, list[tuple[str, str]]]:
    document = Document.objects.get(symbol=SYMBOL)
    return document.source.name, list(
        document.second_originals.offered().values_list("source__name", "format")
    )


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def both(tmp_path: Path, settings, monkeypatch) -> Path:
    """The Word file and the PDF of one document, imported; no pictures are drawn."""
    settings.DATA_DIR = tmp_path / "data"
    monkeypatch.setattr(making, "draw_pages", lambda _content, pages: [b"picture"] * len(pages))
    folder = tmp_path / "given"
    for ending in ("docx", "pdf"):
        write(folder, ending)
    out, err, failed = run(folder)
    assert not failed, err
    return folder


@each_row("ORDERS")
def test_every_format_is_kept_whatever_comes_first(tmp_path, endings, stated, first, seconds, remark):
    for ending in endings:
        assert not run(write(tmp_path / "given", ending, stated=stated), no_page_images=True)[2], remark
    assert tuples(kept()) == tuples((first, seconds)), remark


def test_what_came_later_takes_the_place_of_what_had_its_name(tmp_path):
    folder = tmp_path / "given"
    run(write(folder, "docx"), write(folder, "html"))
    run(write(folder, "html", [*LINES, "3. 感谢各国的合作与支持。"]))
    assert kept() == ("a.docx", [("a.html", "html")])
    assert "感谢" in bytes(SecondOriginal.objects.offered().get().source.content).decode()
    run(write(folder, "html", stated='format = "html"\n'))
    assert kept() == ("a.html", [("a.docx", "docx")])


def test_the_address_of_an_original_answers_on_whatever_takes_its_place(tmp_path, client):
    """Each is offered under its own address, as long as it is a second one."""
    folder, given = tmp_path / "given", {}
    more = "3. 感谢各国的合作与支持。"
    for ending, lines, stated in (
        ("docx", LINES, ""),
        ("html", LINES, ""),
        ("html", [*LINES, more], ""),
        ("html", [*LINES, more], 'format = "html"\n'),
        ("html", [*LINES, more, "4. 决定继续处理此案。"], 'format = "html"\n'),
        ("docx", [*LINES, more], 'format = "html"\n'),
    ):
        assert not run(path := write(folder, ending, lines, stated))[2]
        for one in client.get(f"/{SYMBOL}.json").json()["document"]["second_originals"]:
            stored = SecondOriginal.objects.offered().get(source__sha256=one["sha256"])
            given[one["url"]] = bytes(stored.source.content)
        for address, content in given.items():
            assert client.get(address).content == content, (path.name, address)
    assert len(given) == 4


def test_a_dry_run_keeps_nothing(tmp_path):
    run(write(tmp_path / "given", "docx"))
    run(write(tmp_path / "given", "html"), dry_run=True)
    assert kept() == ("a.docx", [])


def test_both_are_offered_byte_for_byte(both, client):
    shown = page(client, f"/{SYMBOL}").text
    assert "原件（Word）" in shown and "原件（PDF）" in shown
    (told,) = client.get(f"/{SYMBOL}.json").json()["document"]["second_originals"]
    assert (told["name"], told["format"], told["sha256"]) == ("a.pdf", "pdf", digest(both / "a.pdf"))
    for address, name in ((told["url"], "a.pdf"), (f"/{SYMBOL}/source", "a.docx")):
        answer = client.get(address)
        assert (answer.content, answer["X-Content-Type-Options"]) == ((both / name).read_bytes(), "nosniff")
        assert name in answer["Content-Disposition"]
    assert client.get(f"/{SYMBOL}/source/{digest(both / 'a.docx')[:8]}").status_code == 200
    assert client.get(f"/{SYMBOL}/source/00000000").status_code == 404


def test_one_with_pages_stands_beside_the_text_of_one_without(both, client):
    told = client.get(f"/{SYMBOL}/p/1/original.json").json()
    assert told["pages_in_all"] == 1 and told["source"].endswith(digest(both / "a.pdf"))
    assert told["pages"][0]["marks"] and told["pages"][0]["image"] == f"/{SYMBOL}/pages/1"
    assert client.get(f"/{SYMBOL}/pages/1").getvalue() == b"picture"
    assert making.unused_sources() == []


def test_withheld_words_are_given_away_by_neither(both, client):
    document = Document.objects.get(symbol=SYMBOL)
    second = f"/{SYMBOL}/source/{digest(both / 'a.pdf')}"
    withdraw_paragraph(document, "2", by="编者", reason="依法", withheld=True)
    assert [client.get(place).status_code for place in (second, f"/{SYMBOL}/source")] == [410, 410]
    assert client.get(f"/{SYMBOL}/pages/1").status_code == 410
    run(both)
    assert client.get(second).status_code == 410


def test_they_go_and_come_back_with_the_document(both, client):
    withdraw_document(Document.objects.get(symbol=SYMBOL), by="编者", reason="重复")
    assert not SecondOriginal.objects.exists() and making.unused_sources() in ([], [digest(both / "a.pdf")])
    assert client.get(f"/{SYMBOL}/source/{digest(both / 'a.pdf')}").status_code in (404, 410)
    take_back(RetiredDocument.objects.get(symbol=SYMBOL, lifted=None), by="编者")
    assert kept() == ("a.docx", [("a.pdf", "pdf")])


@pytest.mark.parametrize("withdrawn", [False, True])
def test_a_bundle_has_both_and_brings_both_back(both, tmp_path, withdrawn):
    if withdrawn:
        withdraw_document(Document.objects.get(symbol=SYMBOL), by="编者", reason="重复")
    bundle = tmp_path / "bundle"
    exported(bundle)
    rows = (bundle / "data/source_files.jsonl").read_text("utf-8").splitlines()
    assert {json.loads(row)["sha256"] for row in rows} == {digest(both / "a.docx"), digest(both / "a.pdf")}
    empty_archive()
    restore_bundle(bundle)
    if withdrawn:
        take_back(RetiredDocument.objects.get(symbol=SYMBOL, lifted=None), by="编者")
    assert kept() == ("a.docx", [("a.pdf", "pdf")])


def test_a_bundle_holds_back_the_file_of_which_words_are_withheld(both, tmp_path):
    withdraw_paragraph(Document.objects.get(symbol=SYMBOL), "2", by="编者", reason="依法", withheld=True)
    bundle = tmp_path / "bundle"
    exported(bundle)
    rows = (bundle / "data/source_files.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(row)["file"] for row in rows] == [None, None]
