"""The text of a web page's bytes."""

from __future__ import annotations

import codecs
import re

from archive.text.errors import UnreadableSourceError
from archive.text.reader import decode_source

from .source import NotReadableError

_DECLARED = re.compile(
    rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})|encoding\s*=\s*[\"']([A-Za-z0-9_:.-]{2,40})", re.I
)
_HEAD = 4096
# As browsers read these labels (WHATWG Encoding Standard, 4.2).
_WIDER = {"big5": "big5hkscs", "iso-8859-1": "cp1252", "ascii": "cp1252"}
_WIDER |= dict.fromkeys(("gb2312", "gbk", "x-gbk"), "gb18030")
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_OURS = frozenset({"utf-8", "utf-16", "utf-16-le", "utf-16-be", "gb18030"})


def decoded(data: bytes) -> str:
    """The page's text. What is valid UTF-8 is UTF-8 whatever the page says: nothing else looks like it.

    Else the encoding that the page declares, else GB18030. Raises NotReadableError (``damaged``).
    """
    declared = _declared(data)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        if (
            declared
            and declared not in _OURS
            and not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        ):
            return data.decode(declared, "replace").replace("\x00", "")
    try:
        return decode_source("", data.replace(b"\x00", b"") if b"\x00" not in data[:_HEAD] else data).text
    except UnreadableSourceError:
        pass
    text = data.decode(declared or "gb18030", "replace")
    if text.count("\ufffd") > len(text) // 100:
        raise NotReadableError("damaged")
    return text.replace("\x00", "")


def _declared(data: bytes) -> str | None:
    match = _DECLARED.search(data[:_HEAD])
    if match is None:
        return None
    label = (match[1] or match[2]).decode("ascii").lower()
    try:
        name = codecs.lookup(_WIDER.get(label, label))
    except LookupError:
        return None
    return name.name if getattr(name, "_is_text_encoding", True) else None
