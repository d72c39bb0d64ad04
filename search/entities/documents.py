"""Jumping: what a reader typed, read as the name of one document or one paragraph. Pure; knows no
database.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from archive.http.parameters import LONGEST_NAME
from archive.text.aligned_folding import fold
from archive.text.pinpoints import Pinpoint, split_part, split_pinpoint
from archive.text.symbols import Symbol, SymbolError

YEAR = r"(?:19[4-9]|20[0-9])\d"
# 安全理事会第1540(2004)号决议, 第1540号决议, 1540(2004), 1540, UNSCR 1540, resolution 1540 (2004)
COUNCIL = re.compile(
    r"(?:联合国)?(?:安全理事会|安理会)?(?:第|决议)?(?:(?:UN)?(?:SecurityCouncil|SC|S)?R(?:ES(?:OLUTION)?)?\.?|UNSC)?"
    rf"(?P<number>\d{{1,4}})(?:\((?P<year>{YEAR})\))?号?(?:决议)?",
    re.IGNORECASE,
)
# 大会第73/55号决议, 第72/513号决定, 第ES-10/13号决议
ASSEMBLY = re.compile(
    r"(?P<owner>大会|联大|联合国大会)?第?(?P<number>(?:ES-|S-)?\d{1,3}/\d{1,4})号?(?P<kind>决议|决定)?",
    re.IGNORECASE,
)
FILE_ENDING = re.compile(r"\.(?:pdf|docx?|html?|txt)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Jump:
    """A place in the archive: a canonical symbol and, where they are named, the anchor of a paragraph and
    that of the last of a range (without the part, which is the same).
    """

    symbol: str
    anchor: str = ""
    last: str = ""

    @property
    def whole_last(self) -> str:
        """The anchor of the last with the part; empty where it is no range."""
        part, _rest = split_part(self.anchor)
        return f"{part}.{self.last}" if part and self.last else self.last


def find_jumps(typed: str, resolutions: Mapping[int, str]) -> list[Jump]:
    """The places that ``typed`` names as a whole: several where it lists paragraphs (第9和11段).

    ``resolutions`` maps a bare number to its symbol.
    """
    text = typed.strip()
    if not text or len(text) > LONGEST_NAME:
        return []
    name, pinpoint = split_pinpoint(text)
    symbol = _symbol(FILE_ENDING.sub("", name.strip(" ,，的")), resolutions)
    return jumps_to(symbol, pinpoint) if symbol else []


def jumps_to(symbol: str, pinpoint: Pinpoint | None) -> list[Jump]:
    """The places of one document that a pinpoint names; the document itself without any."""
    if pinpoint is None:
        return [Jump(symbol)]
    return [
        Jump(symbol, first.anchor, last.anchor.removeprefix(f"{first.part}.") if last else "")
        for first, last in pinpoint.stretches
    ]


def _symbol(name: str, resolutions: Mapping[int, str]) -> str | None:
    plain = re.sub(r"\s+", "", fold(name))
    if found := COUNCIL.fullmatch(plain):
        number = int(found["number"])
        if found["year"]:
            return f"S/RES/{number}({found['year']})"
        return resolutions.get(number)
    if found := ASSEMBLY.fullmatch(plain):
        if not (found["owner"] or found["kind"]):
            return None
        series = "DEC" if found["kind"] == "决定" else "RES"
        return f"A/{series}/{found['number'].upper()}"
    try:
        return str(Symbol.parse(name.removesuffix("号文件").removesuffix("號文件")).completed(resolutions))
    except SymbolError:
        return None
