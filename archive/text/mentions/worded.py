"""Resolutions and decisions named by a noun before their number, as in languages that blanks set apart:
``resolutions 661 (1990) of 6 August 1990 and 986 (1995)``, ``General Assembly resolution 48/159 A``,
``the same resolution``.

The grammar of Chinese reads numbers first and looks for their noun behind; here the noun opens a list, in
which each number may have its date. What stands in front says whose they are; nothing in front, the Council's
for a number with a year in brackets, the Assembly's for a session and a number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ..dates import ENGLISH_DATE
from ..languages import ORGANS, any_of
from ..symbols import Symbol, parsed_symbol
from .tokens import Found

_WHOSE = rf"(?:(?P<organ>{any_of(ORGANS)})(?:'s|’s)? |(?P<assembly>Assembly )|(?P<council>Council ))?"
_NOUN = re.compile(
    rf"{_WHOSE}(?:(?:its|their|previous|relevant|the) ){{0,2}}"
    r"\b(?P<noun>(?P<act>[Rr]esolution|[Dd]ecision)s?) "
    r"(?=S-|ES-|\d)"
)
_COUNCIL = r"(?P<number>\d{1,4}) ?\((?P<year>(?:19|20)\d\d)\)"
_ROMAN = r"(?P<early>\d{1,4}(?: ?[A-Z])? ?\([IVXL]{1,7}\))"
_SESSION = r"(?P<session>(?:E?S-)?\d{1,4}/\d{1,4}(?: [A-Z](?![a-z]))?)"
_ONE = re.compile(rf"{_COUNCIL}|{_ROMAN}|{_SESSION}")
_DATED = re.compile(rf" (?:of|adopted on|dated) (?:{ENGLISH_DATE}|\d{{1,2}} [A-Z][a-z]{{2,8}})")
_BETWEEN = re.compile(
    r" ?(?:,? and|,? or|,? as well as|, including|, in particular|,|;)"
    r"(?:,? (?:in particular|notably|also))*,? "
)
_LETTERS = re.compile(r"(?: and | to |, )(?P<letter>[A-Z])(?![a-zA-Z])")
_SAME = re.compile(r"\b(?:[Tt]he )?(?P<same>(?:same|said|[Tt]hat) resolution)\b")
_FOREIGN = re.compile(
    r"(?:Commission|Conference|Committee|Board|Executive Council|League|Organi[sz]ation|Parliament"
    r"|Governing Council|Agency|Union)"
    r"(?:'s|’s)?(?: (?!established|pursuant|concerning|by|under|in)[A-Za-z]+){0,5} $"
)
_SERIES = {"resolution": "RES", "decision": "DEC"}


def find_worded(text: str, possible: Callable[[int | None, int | None], bool]) -> Iterator[Found]:
    """Finds what ``text`` (folded) names. ``possible`` tells whether the Council can have a number in a year;
    what it cannot is not certain.
    """
    end = 0
    last: Symbol | None = None
    sure = True
    while (noun := _NOUN.search(text, end)) or _SAME.search(text, end):
        same = _SAME.search(text, end, noun.start() if noun else len(text))
        if same:
            end = same.end()
            if last is not None:
                yield Found(same.start("same"), same.end(), last, sure)
            continue
        assert noun is not None  # one of the two was found
        end, start = noun.end(), noun.start("noun")
        foreign = not (noun["organ"] or noun["assembly"] or noun["council"]) and _FOREIGN.search(
            text, max(0, start - 60), start
        )
        series = ORGANS.get(noun["organ"] or "", "")
        if noun["assembly"] or noun["council"]:
            series = "A/RES/" if noun["assembly"] else "S/RES/"
        while one := _ONE.match(text, end):
            symbol = None if foreign else _symbol(one, series, noun["act"].lower())
            end = one.end()
            last = symbol  # also where it is none of ours: “the same resolution” is then none either
            if symbol is not None:
                sure = one["number"] is None or possible(symbol.number, symbol.year)
                yield Found(start, end, symbol, sure)
                while (letter := _LETTERS.match(text, end)) and str(symbol)[-1].isupper():
                    also = parsed_symbol(str(symbol)[:-1] + letter["letter"])
                    end = letter.end()
                    if also is not None:
                        yield Found(letter.start("letter"), end, also, True)
            if dated := _DATED.match(text, end):
                end = dated.end()
            between = _BETWEEN.match(text, end)
            if between is None or not _ONE.match(text, between.end()):
                break
            end = start = between.end()


def _symbol(one: re.Match[str], series: str, act: str) -> Symbol | None:
    """Returns the symbol of one number; None where the organ that is named has no such numbers."""
    kind = _SERIES[act]
    if one["number"]:
        return parsed_symbol(f"S/{kind}/{one['number']}({one['year']})") if series in ("", "S/RES/") else None
    series = (series or "A/RES/").replace("RES", kind)
    if re.match(r"\d{4}/", one["session"] or "") and not series.startswith("E/"):
        return None  # a year and a number: of the Economic and Social Council, or of nobody named
    return None if series.startswith("S/") else parsed_symbol(series + (one["early"] or one["session"]))
