"""Reading bytes: encodings, line ends, and what is refused."""

from __future__ import annotations

import pytest

from archive.text.errors import UnreadableSourceError
from archive.text.reader import decode_source, read_source, source_of

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
