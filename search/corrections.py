"""What may have been meant by a text that does not occur: strings of the archive one slip away from it.

Not looked up in a list of words but in the text itself: everything that the archive says is known, also names
and terms that no dictionary has; every count is certain. A slip is one character wrong, missing, too many,
or two exchanged. Names of bodies and States may differ by more.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import numpy as np

from .folding import fold_literally
from .literal import LiteralIndex
from .spelling import pronounced_alike
from .vocabulary import HAN

SHORTEST, LONGEST = 3, 24  # folded characters; of two characters any one may stand for anything
MOST_PLACES = 50_000
MOST = 3
HAN_PIECE = re.compile(f"[{HAN}]{{{SHORTEST},{LONGEST}}}")
ALIKE = 0.75  # how much of a name must agree
SHORTER = ALIKE / (2 - ALIKE)  # with less of the length, so much cannot


@dataclass(frozen=True, slots=True)
class Correction:
    """``piece`` of the query as it stands, what may have been meant, and how often that occurs."""

    piece: str
    meant: str
    count: int


def corrections(piece: str, literal: LiteralIndex, names: Mapping[str, Any]) -> list[Correction]:
    """What may have been meant by ``piece``, likeliest first; nothing where it occurs as it stands."""
    folded = fold_literally(piece)
    if not SHORTEST <= len(folded) <= LONGEST or literal.count(piece):
        return []
    found = _one_slip(folded, literal)
    for name in _like_names(piece, names):
        found.setdefault(name, literal.count(name))
    likely = sorted(
        (meant for meant, count in found.items() if count),
        key=lambda meant: (not _sounds_alike(folded, meant), -found[meant]),
    )
    return [Correction(piece, meant, found[meant]) for meant in likely[:MOST]]


def sounding_alike(piece: str, literal: LiteralIndex, shortest: int) -> str | None:
    """The string of the texts that differs from ``piece`` in one character of about the same sound, where
    ``piece`` itself stands nowhere; None if there is none. ``shortest`` characters it must have: with three
    the same hardly anything else can be meant, nor with two where no word of it stands anywhere.
    """
    folded = fold_literally(piece)
    if len(folded) < shortest or not HAN_PIECE.fullmatch(folded) or literal.count(folded):
        return None
    alike = {
        meant: count for meant, count in _one_slip(folded, literal).items() if _sounds_alike(folded, meant)
    }
    return max(alike, key=lambda meant: alike[meant], default=None)


def _one_slip(folded: str, literal: LiteralIndex) -> Counter[str]:
    """The strings of the text one slip away from ``folded``, with their occurrences."""
    found: Counter[str] = Counter()
    size = len(folded)
    for at in range(size):
        if at:
            found.update(_with_gap(folded[:at], folded[at:], literal))
        if folded[at].isdigit():  # another number is another thing
            continue
        if size > SHORTEST and 0 < at < size - 1:  # else a piece of what was typed
            _add(found, folded[:at] + folded[at + 1 :], literal)
        if at + 1 < size and folded[at] != folded[at + 1]:
            _add(found, folded[:at] + folded[at + 1] + folded[at] + folded[at + 2 :], literal)
        found.update(_with_gap(folded[:at], folded[at + 1 :], literal))
    del found[folded]
    return found


def _add(found: Counter[str], string: str, literal: LiteralIndex) -> None:
    if count := literal.count(string):
        found[string] = count


def _with_gap(before: str, after: str, literal: LiteralIndex) -> Counter[str]:
    """Strings of the text that are ``before``, one letter or character, ``after``."""
    suffixes = literal.suffixes
    anchor, other, step = (
        (before, after, len(before) + 1) if len(before) >= len(after) else (after, before, 0)
    )
    first, last = suffixes.find(anchor)
    if not 0 < last - first <= MOST_PLACES:
        return Counter()
    starts = suffixes.places[first:last].astype(np.int64)
    gaps = starts + len(before) if step else starts - 1
    others = starts + step if step else starts - 1 - len(before)
    inside = (others >= 0) & (others + len(other) <= len(suffixes)) & (gaps >= 0)
    gaps, others = gaps[inside], others[inside]
    for offset, character in enumerate(other):
        same = suffixes.characters[others + offset] == ord(character)
        gaps, others = gaps[same], others[same]
    characters, counts = np.unique(suffixes.characters[gaps[gaps < len(suffixes)]], return_counts=True)
    letters = (
        (chr(code), int(count)) for code, count in zip(characters.tolist(), counts.tolist(), strict=True)
    )
    return Counter({before + letter + after: count for letter, count in letters if letter.isalpha()})


def _like_names(piece: str, names: Mapping[str, Any]) -> list[str]:
    known = [name for kind in ("state", "body") for forms in names.get(kind, {}).values() for name in forms]
    letters, size = set(piece), len(piece)
    near = [  # the rest cannot agree so much; comparing with all takes 10 ms
        name
        for name in dict.fromkeys(filter(None, known))
        if SHORTER * size <= len(name) <= size / SHORTER
        and len(letters.intersection(name)) * 2 >= len(letters)
    ]
    return get_close_matches(piece, near, n=2, cutoff=ALIKE)


def _sounds_alike(folded: str, meant: str) -> bool:
    """Whether one character stands for another of about the same sound."""
    differing = [(one, other) for one, other in zip(folded, meant, strict=False) if one != other]
    return len(folded) == len(meant) and len(differing) == 1 and pronounced_alike(*differing[0])
