"""The format of a file, told by its bytes; its name may say anything.

The first bytes decide, as they do for the programs that wrote the file: what comes behind them (a zip behind
a picture, a PDF behind a page) is not looked for.
"""

from __future__ import annotations

import codecs
import re
import struct
import zlib
from io import BytesIO
from zipfile import BadZipFile, ZipFile

_HEAD = 1024  # bytes; where the header of a PDF must stand (ISO 32000-1, annex H.3.4.1)
_SAMPLE = 65536
_PICTURES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\x00", b"MM\x00*", b"BM")
_PACKED = (b"\x1f\x8b", b"7z\xbc\xaf'\x1c", b"Rar!\x1a\x07", b"BZh", b"\xfd7zXZ\x00")
_PROGRAMS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNREADABLE = (
    *(BadZipFile, NotImplementedError, RuntimeError, LookupError, ValueError, OSError),
    *(struct.error, zlib.error),
)
_MEMBER, _MOST_MEMBERS = b"PK\x01\x02", 5000

_BEFORE = r"(?:<\?xml[^>]{0,200}\?>|(?><!--.{0,4000}?-->)|\s)*+"
_PAGE = re.compile(_BEFORE + r"<(?:!doctype\s+html|html|head|body|meta|title|base)\b", re.I | re.S)
# Texts of OCR programs may begin with an element too, but do not end with one.
_PIECE = re.compile(_BEFORE + r"<(?:article|main|section|div|table|p|h[1-6]|ul|ol|span)\b", re.I | re.S)
_WORD_XML = re.compile(
    r"<\?xml[^>]{0,200}\?>\s*<(?:\?mso-application|w:wordDocument|pkg:package|office:document)"
)
_MHTML = re.compile(r"(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*){0,30}?Content-Type:\s*multipart/related", re.I)


def format_of(data: bytes) -> str:
    """One of ``NAMES``, or the code of the reason why such a file is not read."""
    if not data.strip():
        return "empty"
    if data.startswith(b"PK\x03\x04"):
        return _zip_format(data)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _ole_format(data)
    if data.startswith(b"{\\rtf"):
        return "rtf"
    text = _beginning(data)
    if _PAGE.match(text) or (_PIECE.match(text) and data.rstrip(b"\0 \r\n\t").endswith(b">")):
        return "html"
    if b"%PDF-" in data[:_HEAD]:
        return "pdf"
    if _WORD_XML.match(text):
        return "word_xml"
    if _MHTML.match(text):
        return "mhtml"
    if data.startswith(b"\xffWPC"):
        return "wordperfect"
    for code, beginnings in (("picture", _PICTURES), ("packed", _PACKED), ("program", _PROGRAMS)):
        if data.startswith(beginnings) and (code != "picture" or b"\x00" in data[:_HEAD]):
            return code
    return "text"


def _beginning(data: bytes) -> str:
    """The first characters, as far as needed to tell ASCII markup; byte order marks are read."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) : _SAMPLE].decode(encoding, "replace")
    if data[:2] in (b"<\x00", b"\x00<"):
        return data[:_SAMPLE].decode("utf-16-le" if data[:1] == b"<" else "utf-16-be", "replace")
    return data[:_SAMPLE].decode("latin-1")


def _zip_format(data: bytes) -> str:
    """The format of a zip by the members that it lists; none of them is opened but ``mimetype``."""
    if data.count(_MEMBER) > _MOST_MEMBERS:
        return "too_large_inside"
    try:
        with ZipFile(BytesIO(data)) as packed:
            names = set(packed.namelist())
            if "mimetype" in names:
                member = packed.getinfo("mimetype")
                kind = packed.read("mimetype").strip() if member.file_size < 200 else b""
                if kind.startswith(b"application/vnd.oasis.opendocument.text"):
                    return "odt"
                return "book" if kind == b"application/epub+zip" else "not_text"
    except _UNREADABLE:
        return "damaged"
    if "[Content_Types].xml" in names:
        roots = {name.partition("/")[0] for name in names}
        if roots & {"xl", "ppt", "visio"} and "word" not in roots:
            return "not_text"
        return "docx"
    return "zip"


def _ole_format(data: bytes) -> str:
    """The format of an OLE file by the names of its streams, which stand in UTF-16."""

    def holds(name: str) -> bool:
        return name.encode("utf-16-le") in data

    if holds("EncryptedPackage"):
        return "encrypted"
    return "doc" if holds("WordDocument") else "not_text"
