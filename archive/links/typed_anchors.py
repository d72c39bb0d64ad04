"""Reading a paragraph's number as a person types it: 14, 第14段, 3(a), 附件二第3段, ``annex.14``."""

from __future__ import annotations

import re
import unicodedata

from archive.ingest.pinpoints import pinpoint_anchors
from archive.text.numerals import number_of

PARTS = {"附件": "annex", "附文": "enclosure", "附录": "appendix"}
PART = re.compile(r"(附件|附文|附录)(\d{1,3}(?=第)|[一二三四五六七八九十]{0,3})[,、.的]?")
PREAMBLE = re.compile(r"序言(?:部分)?")
ANCHOR = re.compile(r"[a-z0-9_]+(?:\.[a-z0-9_]+)*")
LONGEST = 60


def anchor_meant(typed: str) -> str | None:
    """The anchor that ``typed`` names; None where it cannot be read as one paragraph."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", typed[:LONGEST])).lower()
    pieces = []
    if part := PART.match(plain):
        pieces.append(PARTS[part[1]] + _which(part[2]))
        plain = plain[part.end() :]
    mark = ""
    if preamble := PREAMBLE.match(plain):
        mark, plain = "pp", plain[preamble.end() :]
    if number := plain.removeprefix("第").removesuffix("段").removesuffix("项"):
        anchors = pinpoint_anchors(number)
        if len(anchors) != 1:
            return None
        pieces.append(mark + anchors[0])
    anchor = ".".join(pieces)
    return anchor if ANCHOR.fullmatch(anchor) else None


def _which(numeral: str) -> str:
    """二 → 2; the first annex carries no figure."""
    number = number_of(numeral) or 1
    return str(number) if number > 1 else ""
