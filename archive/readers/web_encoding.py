"""The text of a web page's bytes."""

from __future__ import annotations

import codecs
import re

from archive.text.errors import UnreadableSourceError
from archive.text.reader import decode

from .source import NotReadableError

_DECLARED = re.compile(
    rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})|encoding\s*=\s*[\"']([A-Za-z0-9_:.-]{2,40})", re.I
)
_HEAD = 4096
# As browsers read these labels (WHATWG Encoding Standard, 4.2).
_WIDER = {"big5": "big5hkscs", "iso-8859-1": "cp1252", "ascii": "cp1252"}
_WIDER |= dict.fromkeys(("gb2312", "gbk", "x-gbk"), "gb18030")


def decoded(data: bytes) -> str:
    """The page's text: see ``archive.text.reader.decode``. Raises NotReadableError (``damaged``)."""
    try:
        text = decode("", data if b"\x00" in data[:_HEAD] else data.replace(b"\x00", b""), _declared(data))
    except UnreadableSourceError as error:
        raise NotReadableError("damaged") from error
    return text.replace("\x00", "").removeprefix("\ufeff")


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
