"""What the index on this machine holds of terms and strings: a vocabulary that knows everything."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from archive.models import Document
from search.index.literal import LiteralIndex, places_of
from search.query.conditions import TEXT, Contains
from search.text.folding import fold_words
from search.text.marked_words import stands_at_borders

from .reader import Reader

MOST_ROWS = 20  # paragraphs that are looked at, spread over all that hold a string
MOST_PLACES = 50_000  # of the longer side of a gap


@dataclass(frozen=True, slots=True)
class IndexVocabulary:
    """The ``Vocabulary`` of an open index."""

    reader: Reader

    def holding(self, term: str) -> int:
        return self.reader.frequency(TEXT, term)

    def occurrences(self, string: str) -> int:
        return self.reader.literal.count(string)

    def stands_as_words(self, string: str) -> bool:
        rows = self.reader.phrase(Contains(string)).rows
        if len(rows) > MOST_ROWS:
            rows = rows[np.linspace(0, len(rows) - 1, MOST_ROWS).astype(int)]
        texts = (self.reader.columns.stored(row)["text"] for row in rows.tolist())
        return any(stands_at_borders(span, text) for text in texts for span in places_of(string, text))

    def fillings(self, before: str, behind: str) -> Counter[str]:
        return _fillings(self.reader.literal, before, behind)

    def titled(self, folded: str) -> frozenset[str]:
        titles = Document.objects.order_by("symbol").values_list("symbol", "title")
        return frozenset(symbol for symbol, title in titles if folded in "".join(fold_words(title).split()))


def _fillings(literal: LiteralIndex, before: str, behind: str) -> Counter[str]:
    suffixes = literal.suffixes
    anchor, other, step = (
        (before, behind, len(before) + 1) if len(before) >= len(behind) else (behind, before, 0)
    )
    first, last = suffixes.find(anchor)
    if not 0 < last - first <= MOST_PLACES:
        return Counter()
    starts = suffixes.places[first:last].astype(np.int64)
    gaps = starts + len(before) if step else starts - 1
    others = starts + step if step else starts - 1 - len(before)
    inside = (others >= 0) & (others + len(other) <= suffixes.size) & (gaps >= 0)
    gaps, others = gaps[inside], others[inside]
    for offset, character in enumerate(other):
        same = suffixes.characters[others + offset] == ord(character)
        gaps, others = gaps[same], others[same]
    characters, counts = np.unique(suffixes.characters[gaps[gaps < suffixes.size]], return_counts=True)
    letters = (
        (chr(code), int(count)) for code, count in zip(characters.tolist(), counts.tolist(), strict=True)
    )
    return Counter({before + letter + behind: count for letter, count in letters if letter.isalpha()})
