"""Reads a symbol aloud, part by part, in Chinese; and finds the known symbols nearest to a mistyped one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz, process

from archive.text.symbols.agencies import ORGANS as AGENCIES
from archive.text.symbols.errors import SymbolError
from archive.text.symbols.series import SERIES, organ_of
from archive.text.symbols.symbol import Symbol, parsed_symbol

from .wording import name_in_words

LONGEST_TO_COMPARE = 60
EU_NUMBER = re.compile(
    r"EU:(?:\((?P<type>[A-Za-z, ]+)\))?(?P<first>\d{1,4})/(?P<second>\d{1,4})(?:/[A-Za-z]+)?"
)
CFSP_BY_YEAR = 2015  # since then numbers are (CFSP)year/number, and decisions alone bear them
ALIKE = 75  # of 100; S/RES/1540(2005) and S/RES/1540(2004) are 94


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a symbol and its meaning; ``fails`` where it cannot be understood."""

    text: str
    meaning: str
    fails: bool = False


# Components and suffixes by the UN's own guide to symbols; ``{}`` takes the number.
PATTERNS = [
    (r"AC\.(\d+)", _("特设委员会第{}号")),
    (r"C\.(\d+)", _("常设或主要委员会第{}号")),
    (r"CN\.(\d+)", _("委员会第{}号")),
    (r"CONF\.(\d+)", _("会议第{}号")),
    (r"(?:SC|SUB)\.(\d+)", _("小组委员会第{}号")),
    (r"WG\.(\d+)", _("工作组第{}号")),
    (r"GC\.?(\d+)?", _("理事会")),
    (r"SR\.(\d+)", _("第{}次会议简要记录")),
    (r"PV\.(\d+)", _("第{}次会议逐字记录")),
    (r"L\.(\d+)", _("限制分发文件第{}号，多为草案")),
    (r"WP\.(\d+)", _("工作文件第{}号")),
    (r"CRP\.(\d+)", _("会议室文件第{}号")),
    (r"INF[./]?(\d*)", _("参考文件{}")),
    (r"NOTE\.(\d+)", _("说明第{}号")),
    (r"NGO\.?(\d*)", _("非政府组织文件{}")),
    (r"DEC\.(\d+)", _("决定第{}号")),
    (r"RES", _("决议")),
    (r"DEC", _("决定")),
    (r"PRST", _("主席声明")),
    (r"AGENDA", _("临时议程")),
    (r"ADD\.(\d+)", _("增编{}")),
    (r"CORR\.(\d+)", _("更正{}")),
    (r"REV\.(\d+)", _("订正本{}")),
    (r"AMEND\.(\d+)", _("修正{}")),
    (r"SUMMARY", _("摘要")),
    (r"(\d+)\((\d{4})\)[A-Z]?", _("第{}号，{}年")),
    (r"(\d+)\(([IVXL]+)\)[A-Z]?", _("第{}号，第{}届会议")),
    (r"(19[4-9]\d|20\d\d)", _("{}年")),
    (r"(?:ES|S)-(\d+)", _("特别会议第{}届")),
    (r"\((\d+)\)", _("第{}组")),
    (r"(\d+)", _("第{}号")),
]


def read_aloud(typed: str) -> list[Part]:
    """Explains each part of a symbol; a part that fails has the reason.

    A text that is no symbol at all gives one failing part with the reason why.
    """
    try:
        symbol = Symbol.parse(typed)
    except SymbolError as error:
        return [Part(typed, error.chinese, fails=True)]
    return _parts(symbol.parts[0])


def is_understood(symbol: str) -> bool:
    """Returns True if every part of a symbol can be explained."""
    return not any(part.fails for part in read_aloud(symbol))


def _parts(symbol: Symbol) -> list[Part]:
    code, organ = organ_of(symbol.components)
    first = symbol.components[0]
    if code in AGENCIES:
        return [Part(str(symbol), name_in_words(organ or ""))]
    series = SERIES.get(code.partition("/")[0], organ)
    parts = [Part(f"{first}/", name_in_words(series or "") or str(_("未知的系列")), series is None)]
    rest = (*symbol.components[1:], *symbol.suffixes)
    if first == "A" and rest and rest[0].isdigit() and len(rest) > 1:
        parts.append(Part(f"{rest[0]}/", str(_("大会第%(number)s届会议")) % {"number": rest[0]}))
        rest = rest[1:]
    for index, component in enumerate(rest):
        tail = "/" if index < len(rest) - 1 else ""
        meaning = _meaning(component)
        if index == 0 and "/" in code and code != first and organ:
            named = name_in_words(organ)
            both = _("%(meaning)s，即%(organ)s") % {"meaning": meaning, "organ": named}
            meaning = both if meaning else named
        parts.append(Part(component + tail, meaning or str(_("没有读懂")), not meaning))
    return parts


def _meaning(component: str) -> str:
    for pattern, words in PATTERNS:
        if match := re.fullmatch(pattern, component, re.IGNORECASE):
            return str(words).format(*(group or "" for group in match.groups()))
    if match := re.fullmatch(r"(AC|C|CN|CONF|SR|PV|L|WP|WG)-?(\d+)", component):
        regular = f"{match[1]}.{match[2]}"
        return str(_("%(meaning)s；规范写法是%(regular)s")) % {
            "meaning": _meaning(regular),
            "regular": regular,
        }
    return ""


def eur_lex_url(symbol: str) -> str | None:
    """Returns the EUR-Lex address of an act of the European Union: a decision's own (ELI), for other acts a
    search for their number, because the number does not tell their kind. None for all other symbols.
    """
    act = EU_NUMBER.fullmatch(symbol)
    if act is None:
        return None
    if (act["type"] or "").upper() == "CFSP" and int(act["first"]) >= CFSP_BY_YEAR:
        return f"https://eur-lex.europa.eu/eli/dec/{act['first']}/{act['second']}/oj"
    number = f"{act['first']}/{act['second']}"
    query = urlencode({"scope": "EURLEX", "type": "quick", "text": number})
    return f"https://eur-lex.europa.eu/search.html?{query}"


def nearest(typed: str, known: Iterable[str], most: int = 5) -> list[str]:
    """Returns the known symbols that look most like ``typed``, nearest first; none where nothing is near.

    Only symbols that share the first letter are compared, and no text longer than a symbol.
    """
    wanted = str(parsed_symbol(typed) or typed.strip("/ ").upper())
    if not wanted or len(wanted) > LONGEST_TO_COMPARE:
        return []
    candidates = [symbol for symbol in known if symbol[:1] == wanted[:1]]
    found = process.extract(wanted, candidates, scorer=fuzz.ratio, score_cutoff=ALIKE, limit=most)
    return [symbol for symbol, _score, _place in found]


def year_of(symbol: str) -> int | None:
    """Returns the year that a symbol bears, or None."""
    parsed = parsed_symbol(symbol)
    return parsed.year if parsed else None
