"""Symbols that were typed without their marks: S_2010_52, CD2118, s20161013, SRES1540, 73/55, SR.74."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from search.text.folding import fold_words

LONGEST = 60
PIECES = re.compile(r"[A-Z]+|\d+")
TYPED = re.compile(r"(?=.*\d)[A-Z0-9/_.,()\- ]+")
Key = tuple[str, ...]


class SymbolTable:
    """Known symbols by what is left of them without marks and without zeros before a number."""

    def __init__(self, symbols: Iterable[str]) -> None:
        self.symbols = dict.fromkeys(symbols)

    @cached_property
    def _by_key(self) -> dict[Key | str, list[str]]:
        table: dict[Key | str, list[str]] = {}
        for symbol in self.symbols:
            for key in dict.fromkeys(_keys(symbol)):
                table.setdefault(key, []).append(symbol)
        return table

    def alike(self, typed: str) -> list[str]:
        """The symbols that ``typed`` writes but for marks and zeros; those with all their letters first.

        >>> SymbolTable(["S/2016/1013", "S/AC.44/SR.74"]).alike("s20161013")
        ['S/2016/1013']
        """
        text = fold_words(typed).upper().strip(" .")
        if len(text) > LONGEST or not TYPED.fullmatch(text):
            return []
        wanted = key_of(text)
        if found := self._by_key.get(wanted) if len(wanted) > 1 else None:
            return found
        run_together = "".join(wanted)
        return self._by_key.get(run_together, []) if PIECES.match(text) and text[0].isalpha() else []


def key_of(text: str) -> Key:
    """Letters and numbers in turn.

    >>> key_of("S/AC.44/SR.74")
    ('SAC', '44', 'SR', '74')
    """
    joined: list[str] = []
    for piece in PIECES.findall(text):
        if joined and piece.isalpha() and joined[-1].isalpha():
            joined[-1] += piece
        else:
            joined.append(piece.lstrip("0") or "0" if piece.isdigit() else piece)
    return tuple(joined)


def _keys(symbol: str) -> Iterator[Key | str]:
    """The symbol, also with its numbers run together; a resolution of the Council without its year, one of
    the Assembly without its letters; the meeting or paper of a series without the series (SR.74, PV.4956).
    """
    symbol = symbol.upper()
    key = key_of(symbol)
    yield key
    yield "".join(key)
    if symbol.startswith("S/RES/"):
        yield key[:2]
    if symbol.startswith(("A/", "E/")):
        yield key[1:]
    last = symbol.rpartition("/")[2]
    if last[0].isalpha() and last != symbol:
        yield key_of(last)
