"""Characters: those that are the same under other code points, those that are no text, and their sum."""

from __future__ import annotations

from html import escape
from io import StringIO
from json import loads

import opencc
import pytest
from django.core.management import CommandError, call_command

from tests.pages_set.writer import Put, write_pdf

from .tables import rows_from
from .tools.word_files import paragraph, run, word

HEAD = ["联合国", "S/2016/777", "安全理事会", "Distr.: General", "5 May 2016", "Chinese", "Original: English"]
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
    return [(anchor, message) for anchor, message in told if message.startswith("unreadable characters")]


@pytest.mark.parametrize("form", MADE)
@pytest.mark.parametrize(("line", "text", "remark"), rows_from(__name__, "SAME"))
def test_one_character_is_stored_alike_from_every_format(parsed, form, line, text, remark):
    if form == "pdf" and any(ord(char) > 0xFFFF or not char.isprintable() for char in line):
        pytest.skip("our small PDF files have no such glyphs")
    document = parsed(MADE[form]([*HEAD, TITLE, *REST, line]), form)
    assert texts(document)[-1] == text, remark
    assert not lost(document)


@pytest.mark.parametrize(("title", "remark"), rows_from(__name__, "TITLES"))
def test_facts_are_read_from_the_same_characters(parsed, title, remark):
    facts = parsed(as_text([*HEAD, title, *REST]))["document"]
    assert (facts["title"], facts["communication_date"]) == (TITLE, "2016-05-04")
    assert facts["sender"] == "某国常驻联合国代表", remark


@pytest.mark.parametrize("form", ["txt", "docx", "html"])
@pytest.mark.parametrize(("line", "places", "remark"), rows_from(__name__, "LOST"))
def test_a_character_that_is_no_text_is_a_doubt_at_its_place(parsed, form, line, places, remark):
    document = parsed(MADE[form]([*HEAD, TITLE, *REST, f"4. {line}"]), form)
    told = lost(document)
    assert [anchor for anchor, _ in told] == (["4"] if places else []), remark
    if places:
        (_, message) = told[0]
        assert message.startswith(f"unreadable characters ({len(places)}): ")
        assert [int(one.split()[0]) for one in message.split(": ")[1].split("; ")] == list(places)


@pytest.mark.parametrize(("lines", "numbers", "remark"), rows_from(__name__, "NUMBERED"))
def test_a_number_of_one_sign_is_a_number(parsed, lines, numbers, remark):
    document = parsed(as_text([*HEAD, TITLE, *lines]))
    told = [(block["number"], block["text"][0]) for block in document["paragraphs"][1:]]
    assert told == list(zip(numbers, "回决请", strict=True)), remark


@pytest.mark.parametrize("form", ["txt", "html"])
@pytest.mark.parametrize(("encoding", "script", "remark"), rows_from(__name__, "READ"))
def test_a_file_is_read_in_the_encoding_in_which_its_letters_are_chinese(
    parsed, form, encoding, script, remark
):
    lines = [*HEAD, TITLE, *REST]
    if script:
        lines = [opencc.OpenCC("s2tw").convert(line) for line in lines]
    assert texts(parsed(MADE[form](lines).decode().encode(encoding), form)) == lines[len(HEAD) :], remark


@pytest.mark.parametrize(("chain", "remark"), rows_from(__name__, "SPOILT"))
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


@pytest.mark.parametrize(("end", "remark"), rows_from(__name__, "BREAKS"))
def test_every_line_end_ends_a_line(parsed, end, remark):
    text = end.join([*HEAD, TITLE, f"1. {REST[0]}", f"2. {REST[1]}"])
    assert texts(parsed(text.encode())) == [TITLE, REST[0], REST[1]], remark
