"""What a reader knows of its lines beside their characters, and that plain text needs none of it."""

from __future__ import annotations

import pytest

from archive.text.cleaner import clean
from archive.text.errors import UnreadableSourceError
from archive.text.lines import Evidence, source_lines
from archive.text.reader import decode_source, read_source, source_of
from archive.text.segmenter import segment
from tests.tables import each_row

HALF, REST = "委员会审议了各国提交的报告，并就", "执行情况提出了建议。"
WHOLE = HALF + REST
LONG = WHOLE * 3


def blocks(lines: list[str], known: dict[int, Evidence]) -> list[tuple]:
    """Number, kind and text of every block of ``lines``, whose evidence is ``known`` by line from 1."""
    found = segment(clean("\n".join(lines), known)).paragraphs
    return [(p.number, str(p.kind), p.text) for p in found]


@each_row("COUNTED")
def test_a_number_that_the_file_counts_is_the_paragraphs_number(printed, numbers, remark):
    known = {at: Evidence(number=number) for at, number in enumerate(printed, start=1)}
    assert [(number, text) for number, _, text in blocks([WHOLE, LONG], known)] == [
        (numbers[0], WHOLE),
        (numbers[1], LONG),
    ], remark


def test_a_counted_number_opens_a_block_though_the_line_above_breaks_off():
    found = blocks(["前一段没有句号", WHOLE], {2: Evidence(number="8.")})
    assert [(number, text) for number, _, text in found] == [(None, "前一段没有句号"), ("8", WHOLE)]


def test_a_heading_that_the_file_marks_is_one_whatever_it_looks_like():
    marked = blocks(["引言，以及对报告的说明。", WHOLE, LONG], {1: Evidence(outline=1)})
    plain = blocks(["引言，以及对报告的说明。", WHOLE, LONG], {})
    assert (marked[0][1], plain[0][1]) == ("heading", "paragraph")


@each_row("STYLED")
def test_what_is_printed_decides_and_styles_where_nothing_is(lines, depths, anchors, remark):
    known = {at: Evidence(outline=depth or None, opens=True) for at, depth in enumerate(depths, start=1)}
    text = "\n".join(lines.split("|")).replace("LONG", LONG)
    found = segment(clean(text, known)).paragraphs
    assert " ".join(p.anchor for p in found if p.kind == "heading") == anchors, remark


def test_another_page_turns_as_a_form_feed_does():
    known = {1: Evidence(page=1), 2: Evidence(page=1), 3: Evidence(page=2)}
    assert [line.feed for line in source_lines("一\n二\n三\n四", known)] == [False, False, True, False]
    assert [line.feed for line in source_lines("一\n二\n\f三\n四")] == [False, False, True, False]


def test_what_is_known_stands_on_the_line_and_nothing_is_known_of_plain_text():
    known = Evidence(page=3, left=72.0, top=91.5, size=10.5, bold=True, style="Heading 1", outline=1)
    assert [line.evidence for line in source_lines("甲\n\n乙", {3: known})] == [Evidence(), known]


def known_lines(*opens: bool | None, **more) -> dict[int, Evidence]:
    return {at: Evidence(opens=told, **more) for at, told in enumerate(opens, start=1)}


@each_row("TOLD")
def test_paragraphs_begin_where_the_reader_says_so(lines, opens, texts, remark):
    found = blocks([*lines, LONG], known_lines(*opens, True))
    assert [(number, text) for number, _, text in found] == [(None, text) for text in [*texts, LONG]], remark


def test_a_note_goes_on_at_the_foot_of_the_next_page():
    lines = ["委员会注意到报告，1并就" + HALF, "1 见第三次报告，其中载有", REST, "国家所做的说明。", LONG]
    known = {
        1: Evidence(page=1, opens=True, note=False),
        2: Evidence(page=1, opens=True, note=True),
        3: Evidence(page=2, opens=False, note=False),
        4: Evidence(page=2, opens=False, note=True),
        5: Evidence(page=3, opens=True, note=False),
    }
    assert blocks(lines, known) == [
        (None, "paragraph", "委员会注意到报告，并就" + HALF + REST),
        ("1", "footnote", "见第三次报告，其中载有国家所做的说明。"),
        (None, "paragraph", LONG),
    ]


def test_a_line_of_the_page_is_left_out_with_its_reason():
    known = {2: Evidence(furniture="running header")}
    cleaned = clean(f"{HALF}\n第一章 导言\n{REST}", known)
    assert [line.text for line in cleaned.lines] == [HALF, REST]
    assert [(line.line, line.text, line.reason) for line in cleaned.dropped] == [
        (2, "第一章 导言", "running header")
    ]


# --- Reading bytes: encodings, line ends, and what is refused ---

TEXT = "安全理事会第1540(2004)号决议\n重申其承诺。\n"
ENCODED = [
    ("utf-8", b"", "as most files are"),
    ("utf-8", b"\xef\xbb\xbf", "as Windows editors save it"),
    ("utf-16-le", b"\xff\xfe", "UTF-16 with mark"),
    ("utf-16-be", b"\xfe\xff", "UTF-16 with mark, the other order"),
    ("utf-16-le", b"", "UTF-16 without mark"),
    ("utf-16-be", b"", "UTF-16 without mark, the other order"),
    ("utf-32-le", b"\xff\xfe\x00\x00", "UTF-32"),
    ("gb18030", b"", "old files from China"),
]


@pytest.mark.parametrize(("encoding", "mark", "remark"), ENCODED, ids=[row[2] for row in ENCODED])
def test_text_is_read_in_any_usual_encoding(encoding, mark, remark):
    assert decode_source("x.txt", mark + TEXT.encode(encoding)).text == TEXT


@pytest.mark.parametrize("ends", ["\r\n", "\r", "\n"], ids=["Windows", "old Mac", "Unix"])
def test_line_ends_are_made_equal(ends):
    assert decode_source("x.txt", TEXT.replace("\n", ends).encode()).text == TEXT


def test_form_feeds_are_kept():
    assert source_of("一\f二").text == "一\f二"


REFUSED = [
    (b"", "no text", "an empty file"),
    (b" \n\t\r\n\xe3\x80\x80", "no text", "white space only"),
    ("\ufeff\u200b".encode(), "no text", "invisible characters only"),
    (b"%PDF-1.7 ...", "PDF", "the PDF itself"),
    (b"PK\x03\x04....", "Word", "a Word file"),
    (b"\x81\xff\xff\x00\xfe", "Save the file as UTF-8", "bytes that are no text"),
    ("有\x00字".encode(), "NUL", "a binary file that happens to decode"),
]


@pytest.mark.parametrize(("content", "message", "remark"), REFUSED, ids=[row[2] for row in REFUSED])
def test_what_is_no_text_is_refused_with_its_name_and_a_remedy(content, message, remark):
    with pytest.raises(UnreadableSourceError, match=message) as refused:
        decode_source("report.txt", content)
    assert "report.txt" in str(refused.value)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(UnreadableSourceError, match=r"missing\.txt"):
        read_source(tmp_path / "missing.txt")


def test_a_folder_is_refused(tmp_path):
    with pytest.raises(UnreadableSourceError, match="cannot be read"):
        read_source(tmp_path)
