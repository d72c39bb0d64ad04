"""The symbol (文号) of a UN document, as a value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import quote

from .addresses import is_address, symbol_in_address
from .agencies import ORGANS
from .errors import SymbolError
from .grammar import SymbolKind, kind_of, split_double, take_apart, year_session_number
from .series import ELSEWHERE, organ_of, series_of
from .spelling import LONGEST_SPELLING, plain_spelling

UNDOCS = "https://undocs.org/"


@dataclass(frozen=True, slots=True)
class Symbol:
    """One symbol, taken apart. Make it with ``Symbol.parse``; ``str()`` gives the canonical form.

    ``Symbol.parse("http://undocs.org/zh/s/res/1540%20(2004)")`` has the canonical form ``S/RES/1540(2004)``,
    the organ 安全理事会 (``organ_code`` S), the kind resolution, the year 2004 and the number 1540.

    ``components`` are the pieces between the slashes without the ``suffixes``, which chain: ``("Add.1",
    "Corr.2")``. ``session`` is as in the symbol (``73``, ``XXV``, ``ES-10``). ``organ`` is None where the
    series is unknown. A document with two symbols has two ``parts``, and the fields are those of the first;
    every other symbol has itself alone as part. Resolutions of the old numbering carry their part letter
    behind the session, ``A/RES/217(III)A``, those of the new numbering behind the number, ``A/RES/46/36L``.
    """

    components: tuple[str, ...]
    suffixes: tuple[str, ...] = ()
    kind: SymbolKind = SymbolKind.DOCUMENT
    organ_code: str = ""
    organ: str | None = None
    year: int | None = None
    session: str | None = None
    number: int | None = None
    second: Symbol | None = None

    @classmethod
    def parse(cls, text: str) -> Symbol:
        """The symbol that ``text`` spells: with spaces, full-width signs, escapes, lower case, as UN address.

        Raises SymbolError, a ValueError, which says why a text is no symbol.
        """
        return _parse(text)

    def __str__(self) -> str:
        single = "/".join(self.components + self.suffixes)
        return f"{single}-{self.second}" if self.second else single

    @property
    def path(self) -> str:
        """The symbol as it stands in the archive's addresses, without a leading slash."""
        return str(self)

    @property
    def parts(self) -> tuple[Symbol, ...]:
        """The symbols of one document: A/77/895-S/2023/363 gives two."""
        if self.second is None:
            return (self,)
        return (replace(self, second=None), *self.second.parts)

    @property
    def base(self) -> Symbol:
        """The symbol without Add., Corr., Rev. and other suffixes."""
        return replace(self, suffixes=(), second=self.second.base if self.second else None)

    def un_url(self, language: str = "zh") -> str | None:
        """The UN's own link to the text in one of its six languages, or None where its document service has
        none.

        It has none of the European Union, the OPCW and the IAEA, of decisions of the Assembly and of the
        Economic and Social Council (printed in collections only), nor of Council resolutions without a year.
        """
        series = series_of(self.components[0])
        if self.kind is SymbolKind.EU_ACT or series in ELSEWHERE or self.organ_code in ORGANS:
            return None
        if self.components[1] == "DEC" and series in ("A", "E"):
            return None
        if self.components[:2] == ("S", "RES") and self.year is None:
            return None
        first = re.sub(r"\)[A-Z]+$", ")", str(self.parts[0]))  # 217(III) A and B are printed as one document
        return f"{UNDOCS}{language}/{quote(first, safe='/().:,-')}"

    def completed(self, resolutions: Mapping[int, str]) -> Symbol:
        """With the year that ``resolutions`` (number → symbol) knows, where a Council resolution lacks it."""
        lacks_year = self.components[:2] == ("S", "RES") and self.year is None
        if lacks_year and self.number is not None and self.number in resolutions:
            return replace(Symbol.parse(resolutions[self.number]), suffixes=self.suffixes)
        return self


def parsed_symbol(text: str) -> Symbol | None:
    """The symbol that ``text`` spells, or None."""
    try:
        return Symbol.parse(text)
    except SymbolError:
        return None


def symbols_within(symbol: str) -> tuple[str, ...]:
    """``symbol`` and, where it is that of a document with two, each of them; any text gives at least itself.

    >>> symbols_within("A/77/895-S/2023/363")
    ('A/77/895-S/2023/363', 'A/77/895', 'S/2023/363')
    """
    parsed = parsed_symbol(symbol) if "-" in symbol else None
    return (symbol, *map(str, parsed.parts)) if parsed and parsed.second else (symbol,)


def may_be_of_pair(symbol: str) -> bool:
    """True for the symbol of a document that may have a second one: no resolution, no decision, no pair."""
    parsed = parsed_symbol(symbol)
    if parsed is None or parsed.second:
        return False
    return parsed.kind not in ("resolution", "decision", "eu_act")


@lru_cache(maxsize=4096)  # the same few symbols are named again and again
def _parse(text: str) -> Symbol:
    spelled = text.strip()
    if len(spelled) <= LONGEST_SPELLING and is_address(spelled):
        spelled = symbol_in_address(spelled)
    symbol: Symbol | None = None
    for plain in reversed(split_double(plain_spelling(spelled))):
        components, suffixes = take_apart(plain, text)
        code, organ = organ_of(components)
        year, session, number = year_session_number(components)
        symbol = Symbol(components, suffixes, kind_of(components), code, organ, year, session, number, symbol)
    assert symbol is not None  # a spelling is one symbol or two
    return symbol


def un_url(symbol: str, language: str = "zh") -> str | None:
    """Returns the UN's own link to a document in a language of the UN; None where its service has none."""
    parsed = parsed_symbol(symbol)
    return parsed.un_url(language) if parsed else None


def short_symbol(symbol: str) -> str:
    """Returns 1540(2004) for a Council resolution, the symbol itself for all others."""
    return symbol.removeprefix("S/RES/")
