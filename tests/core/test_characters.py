"""Characters: those that are the same under other code points, those that are no text, and their sum."""

from __future__ import annotations

import pkgutil
from dataclasses import replace
from html import escape
from io import StringIO
from json import loads
from pathlib import Path

import opencc
import pytest
from django.core.management import CommandError, call_command

from archive.models import Document, Paragraph
from archive.readers import read_file
from archive.readers.core import as_core
from archive.text import parse_document, parse_source
from archive.text.characters import UNREADABLE
from archive.text.reference import load_reference
from archive.text.sidecar import Sidecar
from tests.pages_set.writer import UNMAPPED, Put, write_pdf
from tests.tables import each_row
from tests.tools.document_layouts import TEXTS, WebLayout, WordLayout
from tests.tools.word_files import paragraph, run, word

HEAD = ["联合国", "S/2016/777", "安全理事会", "Distr.: General", "5 May 2016", "Chinese", "Original: English"]
PRINTED = Path(__file__).parents[1] / "printed"
TITLE = "2016年5月4日某国常驻联合国代表给安全理事会主席的信"
REST = [
    "主席先生，我谨提到第1540(2004)号决议，并代表我国政府说明执行情况。",
    "所有国家应采取和实施有效措施，防止核生化武器及其运载工具的扩散。",
    "请将本信作为安全理事会文件分发为荷。",
]


def as_text(lines: list[str]) -> bytes:
    return "\n\n".join(lines).encode()


def as_word(lines: list[str]) -> bytes:
    return word("".join(paragraph(run(escape(line))) for line in lines))


def as_page(lines: list[str]) -> bytes:
    body = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return f"<!doctype html><html><body>{body}</body></html>".encode()


def as_pdf(lines: list[str]) -> bytes:
    return write_pdf([[Put(72.0, 60.0 + 40 * at, line, 10.5) for at, line in enumerate(lines)]], width=1200)


MADE = {"txt": as_text, "docx": as_word, "html": as_page, "pdf": as_pdf}


@pytest.fixture
def parsed(tmp_path):
    """Prints a file of these bytes by the command that people use."""

    def print_it(data: bytes, suffix: str = "txt") -> dict:
        path, out = tmp_path / f"letter.{suffix}", StringIO()
        path.write_bytes(data)
        call_command("parse_document", str(path), stdout=out)
        return loads(out.getvalue())

    return print_it


def texts(document: dict) -> list[str]:
    return [block["text"] for block in document["paragraphs"]]


def lost(document: dict) -> list[tuple[str, str]]:
    """Anchor and message of the doubts about characters."""
    told = [(one["anchor"], one["message"]) for one in document["doubts"]]
    return [(anchor, message) for anchor, message in told if message.startswith(UNREADABLE)]


@pytest.mark.parametrize("form", MADE)
@each_row("SAME")
def test_one_character_is_stored_alike_from_every_format(parsed, form, line, text, remark):
    if form == "pdf" and any(ord(char) > 0xFFFF or not char.isprintable() for char in line):
        pytest.skip("our small PDF files have no such glyphs")
    document = parsed(MADE[form]([*HEAD, TITLE, *REST, line]), form)
    assert texts(document)[-1] == text, remark
    assert not lost(document)


@each_row("TITLES")
def test_facts_are_read_from_the_same_characters(parsed, title, remark):
    facts = parsed(as_text([*HEAD, title, *REST]))["document"]
    assert (facts["title"], facts["communication_date"]) == (TITLE, "2016-05-04")
    assert facts["sender"] == "某国常驻联合国代表", remark


@pytest.mark.parametrize("form", ["txt", "docx", "html"])
@each_row("LOST")
def test_a_character_that_is_no_text_is_a_doubt_at_its_place(parsed, form, line, places, remark):
    document = parsed(MADE[form]([*HEAD, TITLE, *REST, f"4. {line}"]), form)
    told = lost(document)
    assert [anchor for anchor, _ in told] == (["4"] if places else []), remark
    if places:
        (_, message) = told[0]
        assert message.startswith(f"unreadable characters ({len(places)}): ")
        assert [int(one.split()[0]) for one in message.split(": ")[1].split("; ")] == list(places)


@each_row("NUMBERED")
def test_a_number_of_one_sign_is_a_number(parsed, lines, numbers, remark):
    document = parsed(as_text([*HEAD, TITLE, *lines]))
    told = [(block["number"], block["text"][0]) for block in document["paragraphs"][1:]]
    assert told == list(zip(numbers, "回决请", strict=True)), remark


@pytest.mark.parametrize("form", ["txt", "html"])
@each_row("READ")
def test_a_file_is_read_in_the_encoding_in_which_its_letters_are_chinese(
    parsed, form, encoding, script, remark
):
    lines = [*HEAD, TITLE, *REST]
    if script:
        lines = [opencc.OpenCC("s2tw").convert(line) for line in lines]
    assert texts(parsed(MADE[form](lines).decode().encode(encoding), form)) == lines[len(HEAD) :], remark


@each_row("DECLARED")
def test_a_page_that_names_a_wrong_encoding_is_read_in_its_own(parsed, said, encoding, script, remark):
    lines = [*HEAD, TITLE, *REST]
    if script:
        lines = [opencc.OpenCC("s2tw").convert(line) for line in lines]
    page = as_page(lines).decode().replace("<html>", f'<html><head><meta charset="{said}"></head>')
    assert texts(parsed(page.encode(encoding), "html")) == lines[len(HEAD) :], remark


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5hkscs"])
def test_a_broken_byte_is_one_place(parsed, encoding):
    lines = [*HEAD, TITLE, f"1. {REST[0]}", "2. 各国支持委", "3. 各国不反"]
    text = "\n\n".join(lines if encoding != "big5hkscs" else map(opencc.OpenCC("s2tw").convert, lines))
    broken = text.encode(encoding).replace("持委".encode(encoding), "持".encode(encoding) + b"\xff")
    assert [anchor for anchor, _ in lost(parsed(broken))] == ["2"]


def test_a_sign_of_a_font_that_is_not_known_is_one_place(parsed):
    body = "".join(paragraph(run(line)) for line in [*HEAD, TITLE, *REST])
    sign = paragraph('<w:r><w:t>4. 见</w:t><w:sym w:font="Webdings" w:char="F0FF"/><w:t>号。</w:t></w:r>')
    assert lost(parsed(word(body + sign), "docx")) == [("4", "unreadable characters (1): 2 U+FFFD")]


def test_a_character_of_a_font_that_tells_nothing_is_one_place(parsed):
    lines = [*HEAD, TITLE, *(f"{at}. {line}" for at, line in enumerate(REST * 2, start=1))]
    marks = [Put(72.0, 60.0 + 40 * at, line, 10.5) for at, line in enumerate(lines)]
    marks += [Put(72.0, 700.0, "7. 见", 10.5), Put(72.0 + 31.5, 700.0, "甲", 10.5, font=UNMAPPED)]
    (told,) = lost(parsed(write_pdf([marks], width=1200), "pdf"))
    assert told[0] == "7"


@each_row("SPOILT")
def test_a_text_that_is_no_text_is_refused_in_words(parsed, chain, remark):
    text = "\n\n".join([*HEAD, TITLE, *REST])
    for step in chain.split():
        written, read = step.split(">")
        text = text.encode(written).decode(read, "replace")
    text = text.replace("\ufffd", "?") if chain.endswith("ascii") else text
    with pytest.raises(CommandError) as refused:
        parsed(text.encode())
    assert "letter.txt" in str(refused.value)
    assert "encoding" in str(refused.value)


@each_row("BREAKS")
def test_every_line_end_ends_a_line(parsed, end, remark):
    text = end.join([*HEAD, TITLE, f"1. {REST[0]}", f"2. {REST[1]}"])
    assert texts(parsed(text.encode())) == [TITLE, REST[0], REST[1]], remark


# --- The sum: printed = stored + left out with a reason ---

LETTER = [*HEAD, TITLE, *(f"{at}. {line}" for at, line in enumerate(REST, start=1))]


def as_noted(lines: list[str]) -> bytes:
    """A Word file with a footnote."""
    call = paragraph("<w:r><w:t>见附件。</w:t></w:r><w:r><w:footnoteReference w:id='2'/></w:r>")
    note = f'<w:footnote w:id="2">{paragraph(run("核生化材料清单。"))}</w:footnote>'
    return word("".join(paragraph(run(escape(line))) for line in lines) + call, footnotes=note)


def read(data: bytes):
    """The document of a file that is read in this process, where its reader can be broken."""
    return parse_source(as_core(read_file(data, "x"), "x"), Sidecar(), load_reference())


def sums(document) -> list[tuple[str, int | None]]:
    told = [(doubt.message, doubt.line) for doubt in document.doubts]
    return [(message, line) for message, line in told if message.startswith("the sum of the characters")]


def without(word: str, at: int = 0):
    """A function without its act where the argument at this place holds the word."""
    return lambda act: lambda *given, **named: None if word in given[at] else act(*given, **named)


def less(change):
    """A function with a change to what it gives back."""
    return lambda act: lambda *given, **named: change(act(*given, **named))


def _lose_a_line(cleaned):
    return replace(cleaned, lines=tuple(line for line in cleaned.lines if "核生化" not in line.text))


def _change_last(text):
    def change(segmented):
        *first, last = segmented.paragraphs
        return replace(segmented, paragraphs=(*first, replace(last, text=text(last.text))))

    return change


def _another_end(text):
    return less(_change_last(text))


WRITES, WRITTEN = "archive.readers.writer:LineWriter.paragraph", without("核生化", 1)
MUTED = lambda act: lambda walk, text: act(walk, (text or "").replace("核生化", ""))  # noqa: E731
# How the file is made; what is broken, and how; the line of the doubt.
BROKEN = {
    "txt: the cleaner loses a line": (as_text, "archive.text.document:clean", less(_lose_a_line), 19),
    "txt: a letter is lost": (as_text, "archive.text.document:segment", _another_end(lambda t: t[1:]), 21),
    "txt: one is made up": (as_text, "archive.text.document:segment", _another_end(lambda t: f"{t}核"), None),
    "txt: one is another": (
        as_text,
        "archive.text.document:segment",
        _another_end(lambda t: f"核{t[1:]}"),
        21,
    ),
    "docx: a run is lost": (as_word, "archive.readers.word_runs:RunReader._write", WRITTEN, None),
    "docx: a note is lost": (as_noted, "archive.readers.word:_Reader._note", without("2", 2), None),
    "docx: a paragraph is lost": (as_word, WRITES, WRITTEN, None),
    "html: a text is lost": (as_page, "archive.readers.web:_Walk._say", MUTED, None),
    "html: a paragraph is lost": (as_page, WRITES, WRITTEN, None),
    "pdf: a line is lost": (as_pdf, "archive.readers.pdf:pieces_of", less(lambda found: found[:-1]), None),
    "pdf: its order loses one": (
        as_pdf,
        "archive.readers.pdf:lines_in_order",
        less(lambda found: found[1:]),
        None,
    ),
}


@pytest.mark.parametrize("remark", BROKEN)
def test_what_gets_lost_on_the_way_is_a_doubt(monkeypatch, remark):
    made, name, broken, line = BROKEN[remark]
    data = made(LETTER)
    assert sums(read(data)) == []
    module, _, place = name.partition(":")
    holder = pkgutil.resolve_name(f"{module}:{place.rpartition('.')[0]}" if "." in place else module)
    attribute = place.rpartition(".")[2]
    monkeypatch.setattr(holder, attribute, broken(getattr(holder, attribute)))
    ((message, place),) = sums(read(data))
    assert ("added" if "made up" in remark else "missing") in message
    assert place == line


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_every_document_of_ours_holds_its_sum_and_can_be_read(path):
    document = parse_document(path)
    assert not sums(document) and not [one for one in document.doubts if one.message.startswith(UNREADABLE)]


@pytest.mark.parametrize("layout", [WordLayout, WebLayout])
def test_a_file_of_every_layout_holds_its_sum(layout):
    document = parse_document(TEXTS[3])
    for seed in range(8):
        assert sums(read(layout(seed).set(document))) == [], seed


@pytest.mark.parametrize("path", sorted(PRINTED.glob("*.pdf")), ids=lambda path: path.stem)
def test_a_printed_file_holds_its_sum(path):
    assert not [note for note in read_file(path.read_bytes(), "x").notes if "sum" in note]


@pytest.mark.django_db
def test_what_is_stored_is_what_was_read(tmp_path):
    path = tmp_path / "letter.docx"
    path.write_bytes(as_noted(LETTER))
    call_command("import_documents", str(path), "--no-index", stdout=StringIO())
    rows = Paragraph.objects.order_by("position").values_list("text", flat=True)
    assert "".join(rows) == "".join(block.text for block in read(path.read_bytes()).paragraphs)
    assert not {doubt["message"] for doubt in Document.objects.get().doubts if "sum" in doubt["message"]}
