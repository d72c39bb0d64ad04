"""What a paste brings along that is no word to ask for, and numbers that a blank divides."""

from __future__ import annotations

import re
from collections.abc import Callable

# [1] of a note in square brackets; ① ⓵ ❶ before an item. Not ㈠, which is part of a paragraph's number.
NOTE_MARK = re.compile(r"\[\d{1,3}\]|[\u2460-\u2473\u24ea-\u24ff\u2776-\u2793]")
THOUSANDS = re.compile(r"\d{1,3}"), re.compile(r"\d{3}(?!\d)")


def without_note_marks(pieces: list[str]) -> tuple[list[str], list[str]]:
    """The pieces without marks of notes and items, and these marks; all as it is where nothing else is left.

    >>> without_note_marks(["第1540(2004)号决议", "[1]"])
    (['第1540(2004)号决议'], ['[1]'])
    """
    rest = [NOTE_MARK.sub(" ", piece).strip() for piece in pieces]
    marks = [mark for piece in pieces for mark in NOTE_MARK.findall(piece)]
    kept = [piece for piece in rest if any(map(str.isalnum, piece))]
    return (kept, marks) if kept and marks else (pieces, [])


def joined_numbers(pieces: list[str], stands: Callable[[str], bool]) -> list[str]:
    """The pieces, those in one that are a number with a blank before its last three digits, where it so
    ``stands`` in a text: 3 497起.
    """
    joined: list[str] = []
    for piece in pieces:
        found = THOUSANDS[1].match(piece)
        if joined and found and THOUSANDS[0].fullmatch(joined[-1]) and stands(joined[-1] + found[0]):
            joined[-1] = f"{joined[-1]} {piece}"
        else:
            joined.append(piece)
    return joined
