"""Literal search for a bundle's reader: the texts and the folding rule, as scripts that a page may load from
a disk (a page opened from a disk may load scripts, but may not fetch files).
"""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Any

from archive.text.folding import JOINING, QUOTES, fold_literally

from .blocks import paragraph_names
from .paths import document_page
from .snapshot import Row, Snapshot

CHARACTERS_A_FILE = 500_000
NEVER_FOLDED = frozenset({"Cn", "Co", "Cs"})  # not assigned, for private use, surrogates


def search_files(snapshot: Snapshot) -> list[tuple[str, str]]:
    """``search/fold.js`` and the texts in ``search/texts-1.js`` …, in reading order."""
    files = [("search/fold.js", f"archiveFold({_script(fold_rule())});\n")]
    for number, documents in enumerate(_in_pieces(snapshot), start=1):
        files.append((f"search/texts-{number}.js", f"archiveTexts({_script(documents)});\n"))
    return files


@cache
def fold_rule() -> dict[str, Any]:
    """The folding of literal search, as data: what each character becomes, which ones join the one before.

    A letter with joined marks is folded as a whole: its quotation marks made equal, NFKC, ``case`` for each
    character, ``blank`` left out, quotation marks once more.
    """
    every = (chr(code) for code in range(sys.maxunicode + 1))
    characters = [each for each in every if unicodedata.category(each) not in NEVER_FOLDED or _joins(each)]
    changing = (each for each in characters if _may_change(each))
    return {
        "one": {each: fold_literally(each) for each in changing if fold_literally(each) != each},
        "case": {each: each.casefold() for each in characters if each.casefold() != each},
        "blank": "".join(each for each in characters if each.isspace()),
        "quotes": {chr(code): mark for code, mark in QUOTES.items()},
        "joining": _ranges(each for each in characters if _joins(each)),
        "unicode": unicodedata.unidata_version,
    }


def _may_change(character: str) -> bool:
    return (
        not unicodedata.is_normalized("NFKC", character)
        or character.casefold() != character
        or character.isspace()
        or ord(character) in QUOTES
    )


def _joins(character: str) -> bool:
    inside = any(first <= ord(character) <= last for first, last in JOINING)
    return inside or unicodedata.category(character).startswith("M")


def _ranges(characters: Iterator[str]) -> list[list[int]]:
    ranges: list[list[int]] = []
    for code in map(ord, characters):
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return ranges


def _in_pieces(snapshot: Snapshot) -> Iterator[list[Any]]:
    """``[[symbol, page, [[anchor, name, text], …]], …]`` for each file; a document may go on in the next."""
    names = paragraph_names(snapshot.tables["paragraphs"])
    piece: list[Any] = []
    size = 0
    for row in snapshot.tables["paragraphs"]:
        if size >= CHARACTERS_A_FILE:
            yield piece
            piece, size = [], 0
        _add(piece, row, names[*row["document"], row["anchor"]])
        size += len(row["text"])
    yield piece


def _add(piece: list[Any], row: Row, name: str) -> None:
    symbol, language = row["document"]
    page = document_page(symbol, language)
    if not piece or piece[-1][1] != page:
        piece.append([symbol, page, []])
    piece[-1][2].append([row["anchor"], name, row["text"]])


def _script(data: Any) -> str:
    """Data as a literal of JavaScript: JSON, with the two line ends escaped that old scripts do not allow."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
