"""All words of a file are found where words are withheld: also those that its readers leave out."""

from __future__ import annotations

import base64

import pytest

from archive.readers import NotReadableError
from archive.readers.everything import all_words

from .word_files import package, paragraph, run, word

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
