"""Resolutions and decisions named by a noun before their number, as in languages that blanks set apart:
``resolutions 661 (1990) of 6 August 1990 and 986 (1995)``, ``General Assembly resolution 48/159 A``,
``the same resolution``.

The grammar of Chinese reads numbers first and looks for their noun behind; here the noun opens a list, in
which each number may have its date. What stands in front says whose they are; nothing in front, the Council's
for a number with a year in brackets, the Assembly's for a session and a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..languages import ACTS, DATE, ORGANS, SHORT_ORGANS, any_of, any_shape, any_word
from ..symbols.symbol import Symbol, parsed_symbol
from .resolutions import CouncilNumbers
from .tokens import Found

_WHOSE = rf"(?:(?:(?P<organ>{any_of(ORGANS)})(?:'s|’s)?|(?P<short>{any_of(SHORT_ORGANS)})) )?"
_FORMS = {form: kind for act, kind in ACTS.items() for form in (act, act[:1].upper() + act[1:])}
_NOUN = re.compile(
    rf"{_WHOSE}(?:{any_shape('whose')}){{0,2}}\b(?P<noun>(?P<act>{any_of(_FORMS)})) (?=S-|ES-|\d)"
)
_COUNCIL = r"(?P<number>\d{1,4}) ?\((?P<year>(?:19|20)\d\d)\)"
_DATE_OF = f"(?:{any_shape('of_date')})"
_BARE = (
    rf"(?P<bare>\d{{3,4}})(?![\d/]| ?\(|[.,]\d)(?={_DATE_OF}(?P<dated>{DATE})|)"  # its year stands elsewhere
)
_ROMAN = r"(?P<early>\d{1,4}(?: ?[A-Z])? ?\([IVXL]{1,7}\))"
_SESSION = r"(?P<session>(?:E?S-)?\d{1,4}/\d{1,4}(?: [A-Z](?![a-z]))?)"
_ONE = re.compile(rf"{_COUNCIL}|{_ROMAN}|{_SESSION}|{_BARE}")
_ASIDE = re.compile(any_shape("aside"))
_DATED = re.compile(rf"{_DATE_OF}(?:{DATE}|\d{{1,2}} {any_word('months')})")
_BETWEEN = re.compile(any_shape("between"))
_LETTERS = re.compile(rf"(?:{any_shape('letters')})(?P<letter>[A-Z])(?![a-zA-Z])")
_SAME = re.compile(any_shape("same"))
_FOREIGN = re.compile(any_shape("foreign"))


def find_worded(text: str, council: CouncilNumbers) -> Iterator[Found]:
    """Finds what ``text`` (folded) names. What the ``council`` cannot have in its year is not certain, nor
    what has none and none is known.
    """
    end = 0
    last: Symbol | None = None
    sure = True
    while (noun := _NOUN.search(text, end)) or _SAME.search(text, end):
        same = _SAME.search(text, end, noun.start() if noun else len(text))
        if same:
            end = same.end()
            if last is not None:
                yield Found(same.start(), same.end(), last, sure)
            continue
        assert noun is not None  # one of the two was found
        end, start = noun.end(), noun.start("noun")
        series, kind = (
            (ORGANS | SHORT_ORGANS).get(noun["organ"] or noun["short"] or "", ""),
            _FORMS[noun["act"]],
        )
        series, kind = (kind, "RES") if "/" in kind else (series, kind)  # UNSCR
        foreign = not series and _FOREIGN.search(text, max(0, start - 60), start)
        bare: str | None = ""
        while (one := _ONE.match(text, end)) and (one["bare"] is None or bare is not None):
            bare = one["bare"]  # behind 1540 (2004) a bare number is none
            symbol = None if foreign else _symbol(one, series, kind, council)
            end = one.end()
            last = symbol  # also where it is none of ours: “the same resolution” is then none either
            if symbol is not None:
                dated = one["number"] or one["bare"]
                sure = dated is None or council.possible(symbol.number, symbol.year)
                yield Found(start, end, symbol, sure)
                while (letter := _LETTERS.match(text, end)) and str(symbol)[-1].isupper():
                    also = parsed_symbol(str(symbol)[:-1] + letter["letter"])
                    end = letter.end()
                    if also is not None:
                        yield Found(letter.start("letter"), end, also, True)
            for aside in (_DATED, _ASIDE):
                end = found.end() if (found := aside.match(text, end)) else end
            between = _BETWEEN.match(text, end)
            if between is None or not _ONE.match(text, between.end()):
                break
            end = start = between.end()


def _symbol(one: re.Match[str], series: str, kind: str, council: CouncilNumbers) -> Symbol | None:
    """Returns the symbol of one number; None where the organ that is named has no such numbers."""
    if one["bare"]:
        year = (one["dated"] or "")[-4:] or council.year_of(int(one["bare"]))
        told = year or series == "S/RES/"  # else it may be anybody's
        return parsed_symbol(f"S/{kind}/{one['bare']}" + f"({year})" * bool(year)) if told else None
    if one["number"]:
        return parsed_symbol(f"S/{kind}/{one['number']}({one['year']})") if series in ("", "S/RES/") else None
    series = (series or "A/RES/").replace("RES", kind)
    if re.match(r"\d{4}/", one["session"] or "") and not series.startswith("E/"):
        return None  # a year and a number: of the Economic and Social Council, or of nobody named
    return None if series.startswith("S/") else parsed_symbol(series + (one["early"] or one["session"]))
