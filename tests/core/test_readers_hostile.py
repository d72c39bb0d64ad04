"""What each hostile or broken file gets: a reason in words, or the text that is in it; never a crash or a
wait, nor a file elsewhere. The table is the promise; work is bounded by counts."""

from __future__ import annotations

import base64
import io
import json
import os
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from io import BytesIO

import pytest

from archive.intake.importing.words import refusal_of
from archive.readers import NotReadableError, Source, format_of, ocr, office, read_file
from archive.readers import word as word_reader
from archive.readers.everything import all_words
from archive.readers.formats import reader_of
from archive.readers.pool import Pool
from archive.text.errors import UnreadableSourceError
from archive.text.formats import BY_SUFFIX, FORMATS
from archive.text.lines import Evidence
from tests.pages_set.writer import Picture, Put, write_pdf
from tests.tools.word_files import (
    W,
    definition,
    level,
    listing,
    numbered,
    package,
    paragraph,
    run,
    table,
    word,
)

READ = "read"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
NAMES = f"<w:document xmlns:w='{W}'>"


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    one = Pool()
    yield one
    one.close()


def document(text: str) -> bytes:
    """A package with ``text`` as its document, as it is."""
    return package({"word/document.xml": text})


def bomb() -> bytes:
    return word(paragraph(" " * 20_000_000 + "文"))


def lying() -> bytes:
    """The archive says that a part is short; it goes on for megabytes."""
    data = bytearray(word(paragraph("字" * 2_000_000)))
    at = data.rindex(b"word/document.xml") - 46
    data[at + 24 : at + 28] = struct.pack("<I", 100)
    return bytes(data)


def members(count: int) -> bytes:
    return package({"word/document.xml": NAMES + "</w:document>"} | {f"x/{at}": "" for at in range(count)})


def doubled() -> bytes:
    kept = io.BytesIO(word(paragraph("甲")))
    with pytest.warns(UserWarning), zipfile.ZipFile(kept, "a") as file:
        file.writestr("word/document.xml", NAMES + "</w:document>")
    return kept.getvalue()


def with_password() -> bytes:
    """The first member's flag says that it is encrypted."""
    data = bytearray(word(paragraph("甲")))
    for mark, at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        place = -1
        while (place := data.find(mark, place + 1)) >= 0:
            data[place + at] |= 1
    return bytes(data)


def elsewhere(kind: str, target: str) -> bytes:
    types = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    rows = f'<Relationship Id="r1" Type="{types}/{kind}" Target="{target}" TargetMode="External"/>'
    relations = f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{rows}'
    return package(
        {
            "word/document.xml": f"{NAMES}<w:body>{paragraph('文')}</w:body></w:document>",
            "word/_rels/document.xml.rels": relations + "</Relationships>",
        }
    )


LAUGHS = (
    '<!DOCTYPE d [<!ENTITY a "哈哈哈哈哈哈哈哈哈哈"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
FILE = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
BOX = "<w:r><w:pict><w:txbxContent>%s</w:txbxContent></w:pict></w:r>"


def boxed(depth: int) -> str:
    content = paragraph("底")
    for _ in range(depth):
        content = f"<w:p>{BOX % content}</w:p>"
    return content


def tabled(depth: int) -> str:
    content = paragraph("底")
    for _ in range(depth):
        content = table((content + paragraph("边"), "旁"), ("下", "角"))
    return content


PAGES = "".join(
    numbered("安全理事会通过第1540(2004)号决议，促使世界各地采取重大步骤。" * 4) for _ in range(6000)
)
LIST = definition(1, level(0, "decimal", "%1.")) + listing(1, 1)
HTML = "<!doctype html><html><body>"
FETCHING = (
    "<meta http-equiv=refresh content='0;url=http://127.0.0.1:9'><img src=http://127.0.0.1:9/x>"
    "<iframe src=file:///etc/passwd></iframe>"
)
WIDE = "rowspan=999999999 colspan=999999999"
PDF = write_pdf([[Put(72, 100, "第1540(2004)号决议")]])
SCRIPTED = (
    b"/OpenAction << /S /JavaScript /JS (app.launchURL\\('http://127.0.0.1:9'\\)) >> "
    b"/AA << /WC << /S /Launch /F (/etc/passwd) >> /WS << /S /URI /URI (http://127.0.0.1:9) >> >>"
)


def locked(handler: bytes) -> bytes:
    """A PDF whose password nobody knows, locked by the named security handler."""
    keys = b"/V 1 /R 2 /P -4 /O <%s> /U <%s>" % (b"ab" * 32, b"cd" * 32)
    lock = b"/ID [<00><00>] /Encrypt << /Filter /%s %s >>" % (handler, keys)
    return PDF.replace(b"/Root 1 0 R", b"/Root 1 0 R " + lock)


def pdf_bomb() -> bytes:
    """A page whose content unpacks to blanks without end."""
    packed = zlib.compress(zlib.compress(b" " * 100_000_000, 9), 9)
    stream = b"<< /Filter [/FlateDecode /FlateDecode] /Length %d >>\nstream\n" % len(packed)
    kids = b"2 0 obj\n<< /Type /Pages /Count 1 /Kids [3 0 R] >>\nendobj\n"
    page = b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>\nendobj\n"
    return (
        b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
        + kids
        + page
        + b"4 0 obj\n"
        + stream
        + packed
        + b"\nendstream\nendobj\ntrailer << /Size 5 /Root 1 0 R >>\n%%EOF\n"
    )


TABLE: dict[str, tuple[Callable[[], bytes], str]] = {
    # Word: cut, changed, closed
    "docx, cut in the middle": (lambda: word(paragraph("文"))[:400], "damaged"),
    "docx, its last bytes missing": (lambda: word(paragraph("文"))[:-30], "damaged"),
    "docx, a byte changed": (
        lambda: word(paragraph("文" * 500)).replace(b"word/document", b"word/documenu", 1),
        "damaged",
    ),
    "docx with a password": (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
    "docx whose members have a password": (with_password, "damaged"),
    "docx without a document": (lambda: package({"word/other.xml": "<x/>"}), "damaged"),
    "docx whose document is another's": (lambda: document("<html/>"), "damaged"),
    "docx that is no XML": (lambda: document(NAMES), "damaged"),
    "docx with an encoding that nobody knows": (
        lambda: document("<?xml version='1.0' encoding='klingon'?><a/>"),
        "damaged",
    ),
    "docx without text": (lambda: word(""), "no_text"),
    "docx with one part twice": (doubled, "damaged"),
    "docm with a macro": (
        lambda: package(
            {
                "word/document.xml": f"{NAMES}<w:body>{paragraph('文')}</w:body></w:document>",
                "word/vbaProject.bin": OLE,
            }
        ),
        READ,
    ),
    # bombs
    "docx that unpacks to 20 MB of blanks": (bomb, "too_large_inside"),
    "docx that lies about a size": (lying, "damaged"),
    "docx with 6,000 members": (lambda: members(6000), "too_large_inside"),
    "docx with entities in entities": (lambda: document(f"{LAUGHS}{NAMES}&c;</w:document>"), "damaged"),
    "docx that asks for a file of the machine": (
        lambda: document(f"{FILE}{NAMES}&x;</w:document>"),
        "damaged",
    ),
    "docx nested 5,000 deep": (lambda: document(NAMES + "<w:p>" * 5000), "too_large_inside"),
    "docx with boxes in boxes": (lambda: word(boxed(40)), "too_large_inside"),
    "docx with tables in tables": (lambda: word(tabled(30)), "too_large_inside"),
    "docx with one tag of 3 MB": (
        lambda: document(f"<w:document xmlns:w='{W}' w:a='{'x' * 3_000_000}'/>"),
        "too_large_inside",
    ),
    "docx with a number of 600,000 places": (
        lambda: word(
            numbered("甲"), numbering=definition(1, level(0, "decimal", "%1" * 300_000)) + listing(1, 1)
        ),
        READ,
    ),
    "docx with a cell of a billion columns": (
        lambda: word(
            table((f'<w:tcPr><w:gridSpan w:val="999999999"/></w:tcPr>{paragraph("甲")}', "乙"), ("丙", "丁"))
        ),
        READ,
    ),
    "docx with styles that go round": (
        lambda: word(
            paragraph("文", '<w:pStyle w:val="a"/>'),
            styles='<w:style w:styleId="a"><w:basedOn w:val="b"/></w:style>'
            '<w:style w:styleId="b"><w:basedOn w:val="a"/></w:style>',
        ),
        READ,
    ),
    "docx with 500 pages": (lambda: word(PAGES, numbering=LIST), READ),
    # places elsewhere
    "docx whose styles lie on a server": (lambda: elsewhere("styles", "http://127.0.0.1:9/s.xml"), "damaged"),
    "docx whose picture lies on a server": (lambda: elsewhere("image", "http://127.0.0.1:9/p.png"), READ),
    "docx whose template lies on a server": (
        lambda: elsewhere("attachedTemplate", "file:///etc/passwd"),
        READ,
    ),
    "docx with text of another file": (lambda: word('<w:altChunk r:id="r1"/>'), "text_elsewhere"),
    "docx with names that lead out": (
        lambda: package(
            {
                "word/document.xml": f"{NAMES}<w:body>{paragraph('文')}</w:body></w:document>",
                "../../../tmp/evil": "x",
                "/etc/evil": "x",
                "C:\\evil": "x",
            }
        ),
        READ,
    ),
    # another kind than it says
    "a table of numbers": (lambda: package({"xl/workbook.xml": "<x/>"}), "not_text"),
    "a zip": (lambda: zipped("a.txt"), "zip"),
    "a picture": (lambda: b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "picture"),
    "a program": (lambda: b"MZ\x90\x00\x03", "program"),
    "an old table": (lambda: OLE + "Workbook".encode("utf-16-le"), "not_text"),
    "nothing": (lambda: b"", "empty"),
    "blanks": (lambda: b" \r\n\t " * 1000, "empty"),
    "PDF before a Word file": (lambda: b"%PDF-1.4\n" + word(paragraph("文")), "pdf_damaged"),
    "Word file before a PDF": (lambda: word(paragraph("文")) + b"%PDF-1.4\n", READ),
    "page before a Word file": (lambda: f"{HTML}<p>文</p>".encode() + word(paragraph("藏")), "damaged"),
    # web pages
    "page, cut in a tag": (lambda: f"{HTML}<p>文</p><di".encode(), READ),
    "page that runs a script": (
        lambda: f"{HTML}<script>document.write('藏')</script><p onclick=x()>文".encode(),
        READ,
    ),
    "page of a script alone": (lambda: f"{HTML}<script>document.write('藏')</script>".encode(), "no_text"),
    "page that refreshes, fetches and frames": (
        lambda: (HTML + FETCHING + "<p>文").encode(),
        READ,
    ),
    "page with an entity of its own": (
        lambda: '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><html><body><p>文&x;'.encode(),
        READ,
    ),
    "page nested 30,000 deep": (lambda: f"{HTML}{'<div>' * 30_000}文".encode(), "too_large_inside"),
    "page nested 30,000 deep inline": (lambda: f"{HTML}{'<b>' * 30_000}文".encode(), "too_large_inside"),
    "page with tables in tables": (lambda: f"{HTML}{'<table><tr><td>' * 320}文".encode(), "too_large_inside"),
    "page with 2,000 notes": (
        lambda: (
            "".join([HTML, "<p>文", *(f"<a href=#n{at}>1</a>" for at in range(2000)), "</p>"])
            + "".join(f"<p id=n{at}>1 注" for at in range(2000))
        ).encode(),
        READ,
    ),
    "page with 60,000 blanks in elements of their own": (
        lambda: f"{HTML}<p>文{'<b> </b>' * 60_000}</p>".encode(),
        READ,
    ),
    "page with a style sheet of braces and remarks": (
        lambda: f"{HTML}<style>{'/*' * 300_000}{'{' * 300_000}</style><ol><li>文</ol>".encode(),
        READ,
    ),
    "page with an attribute of 3 MB": (lambda: f"{HTML}<p title='{'x' * 3_000_000}'>文</p>".encode(), READ),
    "page begun by 5,000 remarks": (lambda: ("<!---->" * 5000 + "x").encode(), "text"),
    "page with a cell of a billion rows": (
        lambda: f"{HTML}<table><tr><td {WIDE}>甲<td>乙<tr><td>丙<td>丁</table>".encode(),
        READ,
    ),
    # PDF
    "PDF with a password": (lambda: locked(b"Standard"), "pdf_encrypted"),
    "PDF locked in a way that nobody knows": (lambda: locked(b"Foreign"), "pdf_encrypted"),
    "PDF of 1,501 pages": (lambda: write_pdf([[]] * 1501), "too_many_pages"),
    "PDF of 500 pages": (lambda: write_pdf([[Put(72, 100, "文")]] * 500), READ),
    "PDF, cut in the middle": (lambda: PDF[: len(PDF) // 2], "pdf_damaged"),
    "PDF, its table of objects elsewhere": (lambda: PDF.replace(b"startxref\n", b"startxref\n9"), READ),
    "PDF whose pages hold themselves": (lambda: PDF.replace(b"/Kids [", b"/Kids [2 0 R "), READ),
    "PDF with a script and addresses": (
        lambda: PDF.replace(b"/Type /Catalog", b"/Type /Catalog " + SCRIPTED, 1),
        READ,
    ),
    "PDF whose stream unpacks to 100 MB": (pdf_bomb, "pdf_no_text"),
    # other word processors
    "doc that is none": (lambda: OLE + "WordDocument".encode("utf-16-le"), "office"),
}


def zipped(name: str) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as file:
        file.writestr(name, "文")
    return kept.getvalue()


@pytest.mark.parametrize("case", TABLE)
def test_each_file_gets_its_answer(case: str, pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    make, answer = TABLE[case]
    monkeypatch.setattr(office, "program", lambda: None)
    if answer == READ:
        source = pool.read(make(), "../../etc/passwd")
        assert source.text.strip()
        assert "藏" not in source.text and "root:" not in source.text
        return
    if answer == "text":
        assert pool.read(make(), "x").format == "text"
        return
    with pytest.raises((NotReadableError, UnreadableSourceError)) as refused:
        pool.read(make(), "../../etc/passwd")
    assert refused.value.code == ("no_office" if answer == "office" else answer)
    said = refusal_of(refused.value)
    assert said.endswith("。") and "%" not in said and "passwd" not in said


def test_empty_paragraphs_are_work_too(monkeypatch):
    """One file of 40 kB with millions of them held the desk's only reader for three minutes."""
    monkeypatch.setattr(word_reader, "MOST_MARKS", 1000)
    assert word_reader.read_word(word("<w:p/>" * 80 + paragraph("文"))).text.strip() == "文"
    with pytest.raises(NotReadableError) as refused:
        word_reader.read_word(word("<w:p/>" * 100 + paragraph("文")))
    assert refused.value.code == "too_large_inside"


def test_a_scan_in_an_upload_is_refused_before_anything_is_recognized(tmp_path, monkeypatch):
    """``pdf_scan_online``: somebody waits, and has more pictures than may be recognized meanwhile."""
    program = tmp_path / "tesseract"
    program.write_text("#!/bin/sh\nsleep 600\n", "utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    before = ocr.ONLINE.set(2)
    try:
        with closing(Pool()) as one, pytest.raises(NotReadableError) as refused:
            one.read(write_pdf([[Picture(0, 0, 595, 842)]] * 3), "../../etc/passwd")
    finally:
        ocr.ONLINE.reset(before)
    assert refused.value.code == "pdf_scan_online"
    assert "import_documents" in refusal_of(refused.value)


# --- All words of a file are found where words are withheld: also those that its readers leave out ---

SECRET = "依法不予显示的字"
PAGE = "<html><body><p>文</p>{}</body></html>"
HOLDING = {
    "taken out": word(paragraph(run("文") + f"<w:del><w:r><w:delText>{SECRET}</w:delText></w:r></w:del>")),
    "hidden": word(paragraph(run("文") + run(SECRET, "<w:vanish/>"))),
    "over two runs": word(paragraph(run(SECRET[:4]) + run(SECRET[4:]))),
    "in a header": word(paragraph("文"), header1=paragraph(SECRET)),
    "in a comment's part": package(
        {"word/document.xml": "<a/>", "word/comments.xml": f"<c><t>{SECRET}</t></c>"}
    ),
    "in a picture's name": word(paragraph(f'<w:r><w:drawing><docPr descr="{SECRET}"/></w:drawing></w:r>')),
    "in a remark of a page": PAGE.format(f"<!-- {SECRET} -->").encode(),
    "in a script": PAGE.format(f"<script>x='{SECRET}'</script>").encode("gb18030"),
    "in an attribute": PAGE.format(f"<img alt='{SECRET}'>").encode(),
    "as entities": PAGE.format("".join(f"&#{ord(char)};" for char in SECRET)).encode(),
    "over two elements": PAGE.format(f"<b>{SECRET[:4]}</b>{SECRET[4:]}").encode(),
    "in a saved page": b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\n"
    b"Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
    + base64.encodebytes(PAGE.format(f"<p hidden>{SECRET}").encode())
    + b"\n--b--\n",
    "in plain text": f"S/2010/52\n{SECRET}".encode("utf-16"),
}


@pytest.mark.parametrize("case", HOLDING)
def test_words_are_found(case: str) -> None:
    assert SECRET in all_words(HOLDING[case])


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", word(paragraph("文"))[:-40], b"\x89PNG\r\n\x1a\n\x00"])
def test_what_cannot_be_read_cannot_be_cleared(data: bytes) -> None:
    with pytest.raises((NotReadableError, ValueError)):
        all_words(data)


# --- Formats are told by content, never by name ---


def packed(**members: str) -> bytes:
    kept = BytesIO()
    with zipfile.ZipFile(kept, "w") as file:
        for name, content in members.items():
            file.writestr(name, content)
    return kept.getvalue()


SNIFFED = (
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


@pytest.mark.parametrize(("data", "kind"), SNIFFED, ids=range(len(SNIFFED)))
def test_format_is_told_by_bytes(data: bytes, kind: str) -> None:
    assert format_of(data) == kind


@pytest.mark.parametrize("row", FORMATS, ids=lambda row: row.name)
def test_each_format_has_a_sample_a_reader_a_label_and_endings_of_its_own(row) -> None:
    assert row.name in {kind for _data, kind in SNIFFED}
    assert callable(reader_of(row.name))
    assert row.label and row.media_type and row.suffixes
    assert all(BY_SUFFIX[suffix] is row for suffix in row.suffixes)


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
