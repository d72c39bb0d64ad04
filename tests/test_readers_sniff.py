"""Formats are told by content, never by name."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO

import pytest

from archive.readers import NotReadableError, Source, format_of, read_file
from archive.text.lines import Evidence


def packed(**members: str) -> bytes:
    kept = BytesIO()
    with zipfile.ZipFile(kept, "w") as file:
        for name, content in members.items():
            file.writestr(name, content)
    return kept.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
TABLE = (
    (b"%PDF-1.7\n", "pdf"),
    (b"\xef\xbb\xbf\n%PDF-1.4\n", "pdf"),  # behind a mark, as some mailers leave it
    (packed(**{"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"}), "docx"),
    (packed(**{"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<w/>"}), "not_text"),
    (packed(mimetype="application/vnd.oasis.opendocument.text"), "odt"),
    (packed(mimetype="application/vnd.oasis.opendocument.spreadsheet"), "not_text"),
    (packed(mimetype="application/epub+zip"), "book"),
    (packed(**{"a.txt": "联合国"}), "zip"),
    (b"PK\x03\x04 and no more", "damaged"),
    (OLE + "WordDocument".encode("utf-16-le"), "doc"),
    (OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
    (OLE + "Workbook".encode("utf-16-le"), "not_text"),
    (b"{\\rtf1\\ansi", "rtf"),
    (b"<!DOCTYPE html><title>x</title>", "html"),
    (b"\xef\xbb\xbf  <!-- saved from url=(0014)about:internet -->\r\n<HTML lang=zh>", "html"),
    (b'<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0">', "html"),
    ("<html><body>联合国</body></html>".encode("utf-16"), "html"),
    ("<html><body>联合国</body></html>".encode("utf-16-le"), "html"),
    ("<div><p>联合国</p></div>".encode("gb18030"), "html"),
    (b'<?xml version="1.0"?><?mso-application progid="Word.Document"?>', "word_xml"),
    (b"From: <Saved>\nMIME-Version: 1.0\nContent-Type: multipart/related;\n", "mhtml"),
    (b"\x89PNG\r\n\x1a\n\x00\x00", "picture"),
    (b"\xff\xd8\xff\xe0\x00\x10JFIF", "picture"),
    (b"MZ\x90\x00", "program"),
    (b"\xffWPC\x10", "wordperfect"),
    (b"\x1f\x8b\x08", "packed"),
    (b"BMP is a word too", "text"),
    ("联合国\nS/2010/52\n".encode(), "text"),
    ("联合国\nS/2010/52\n".encode("gb18030"), "text"),
    ("<b>粗体</b>开头的一行仍是文字".encode(), "text"),
    ('<div align="center">\n\n联合国\n\n</div>\n\n1. 安全理事会'.encode(), "text"),  # an OCR program's
    ("关于<html>的说明".encode(), "text"),
    (b"", "empty"),
    (b" \r\n\t", "empty"),
)


@pytest.mark.parametrize(("data", "kind"), TABLE, ids=range(len(TABLE)))
def test_format_is_told_by_bytes(data: bytes, kind: str) -> None:
    assert format_of(data) == kind


def test_first_bytes_decide_what_a_polyglot_is() -> None:
    inside = packed(**{"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"})
    assert format_of(b"%PDF-1.4\n" + inside) == "pdf"
    assert format_of(b"<html>%PDF-1.4") == "html"
    assert format_of(inside + b"%PDF-1.4") == "docx"


def test_format_without_reader_is_refused_by_its_code() -> None:
    with pytest.raises(NotReadableError) as refused:
        read_file(b"\x89PNG\r\n\x1a\n\x00\x00", "S_2010_52.docx")
    assert refused.value.code == "picture"


def test_plain_text_is_read_as_ever() -> None:
    assert read_file("联合国\r\nS/2010/52".encode("gb18030"), "x.pdf") == Source("联合国\nS/2010/52")


def test_source_survives_json() -> None:
    told = Source(
        "一\n二",
        {1: Evidence(page=1, left=72.5, bold=True), 2: Evidence(number="(a)", outline=2)},
        {"symbol": "S/2010/52"},
        ("tracked_changes:3",),
        "pdf",
        1,
        {2: ((1, 72.0, 80.0, 200.5, 92.0), (2, 72.0, 80.0, 90.0, 92.0))},
    )
    assert Source.of_plain(json.loads(json.dumps(told.as_plain()))) == told
