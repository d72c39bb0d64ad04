"""Jumping: what a reader typed, read as the name of one document or one paragraph. Pure; knows no
database.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from archive.text.script import fold
from archive.text.symbols import Symbol, SymbolError

LONGEST = 200
YEAR = r"(?:19[4-9]|20[0-9])\d"
# 安全理事会第1540(2004)号决议, 第1540号决议, 1540(2004), 1540
COUNCIL = re.compile(
    rf"(?:联合国)?(?:安全理事会|安理会)?(?P<first>第)?(?P<number>\d{{1,4}})(?:\((?P<year>{YEAR})\))?(?P<last>号)?(?:决议)?"
)
# 大会第73/55号决议, 第72/513号决定, 第ES-10/13号决议
ASSEMBLY = re.compile(
    r"(?P<owner>大会|联大|联合国大会)?第?(?P<number>(?:ES-|S-)?\d{1,3}/\d{1,4})号?(?P<kind>决议|决定)?",
    re.IGNORECASE,
)
# …第3段, …第3(a)段, …执行部分第3段, …附件第14段, …附件二第3段, …序言部分第2段, …脚注1
PLACE = re.compile(
    r"(?P<part>附件(?P<annex>[一二三四五六七八九十]|\d{1,2})?|附文|附录)?"
    r"(?:(?P<pre>序言)|执行)?(?:部分)?"
    r"第?(?P<number>\d{1,4})(?P<items>(?:\([0-9a-z]{1,5}\)|㈠|㈡|㈢|㈣|㈤)*)段$"
)
ENCLOSED = {"㈠": "i", "㈡": "ii", "㈢": "iii", "㈣": "iv", "㈤": "v"}
NUMERALS = "一二三四五六七八九十"
PARTS = {"附件": "annex", "附文": "enclosure", "附录": "appendix"}


@dataclass(frozen=True, slots=True)
class Jump:
    """A place in the archive: a canonical symbol and, where one is named, the anchor of a paragraph."""

    symbol: str
    anchor: str = ""


def find_jump(typed: str, resolutions: Mapping[int, str]) -> Jump | None:
    """The place that ``typed`` names as a whole, or None. ``resolutions`` maps a bare number to its symbol.

    >>> find_jump("1540第3段", {1540: "S/RES/1540(2004)"})
    Jump(symbol='S/RES/1540(2004)', anchor='3')
    """
    text = typed.strip()
    if not text or len(text) > LONGEST:
        return None
    name, anchor = _split_place(text)
    symbol = _symbol(name.strip(" ,，的"), resolutions)
    return Jump(symbol, anchor) if symbol else None


def _split_place(text: str) -> tuple[str, str]:
    """Name of the document, and anchor of the paragraph behind it."""
    plain = re.sub(r"\s+", "", fold(text))
    found = PLACE.search(plain)
    if not found or not plain[: found.start()]:
        return text, ""
    items = [
        ENCLOSED.get(item, item.strip("()")) for item in re.findall(r"\([0-9a-z]+\)|[㈠-㈤]", found["items"])
    ]
    number = f"pp{found['number']}" if found["pre"] else found["number"]
    part = ""
    if found["part"]:
        annex = found["annex"] or ""
        annex = str(NUMERALS.index(annex) + 1) if annex in tuple(NUMERALS) else annex
        part = f"{PARTS[found['part'][:2]]}{annex}."
    return plain[: found.start()], part + ".".join([number, *items])


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


def jump_label(jump: Jump) -> str:
    """The place in words: S/2010/52 附件第14段."""
    if not jump.anchor:
        return jump.symbol
    *part, number = (
        jump.anchor.split(".", 1) if jump.anchor[0].isalpha() and "." in jump.anchor else [jump.anchor]
    )
    first, *items = number.split(".")
    place = _("第%(number)s段") % {
        "number": first.removeprefix("pp") + "".join(f"({item})" for item in items)
    }
    before = _("序言部分") if first.startswith("pp") else ""
    named = {"annex": _("附件"), "enclosure": _("附文"), "appendix": _("附录")}
    of = "".join(
        named.get(name.rstrip("0123456789"), name) + name.lstrip("abcdefghijklmnopqrstuvwxyz")
        for name in part
    )
    return f"{jump.symbol} {of}{before}{place}"
