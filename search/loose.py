"""Symbols that were typed without their marks: S_2010_52, CD2118, SRES1540, 73/55, S/2010/0052."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from .folding import fold_literally

LONGEST = 60
PIECES = re.compile(r"[A-Z]+|\d+")
TYPED = re.compile(r"(?=.*\d)[A-Z0-9/_.,()\-]+")
Key = tuple[str, ...]


def spelled_alike(typed: str, known: Callable[[], Iterable[str]]) -> list[str]:
    """Those of the ``known`` symbols, asked for only then, that ``typed`` writes but for marks and zeros."""
    text = fold_literally(typed).upper()
    if len(text) > LONGEST or not TYPED.fullmatch(text):
        return []
    wanted = key_of(text)
    if len(wanted) < 2:
        return []
    return [symbol for symbol in known() if wanted in _keys(symbol)]


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


def _keys(symbol: str) -> Iterator[Key]:
    """The symbol, a resolution of the Council without its year, one of the Assembly without its letters."""
    key = key_of(symbol)
    yield key
    if symbol.startswith("S/RES/"):
        yield key[:2]
    if symbol.startswith(("A/", "E/")):
        yield key[1:]
