"""Origins: for each stretch of a draft that the archive has too, the oldest paragraph that has it.

Every string of ``LEAST`` characters is looked up in a slice, all of them at once. Of the strings that
cover a character the one counts whose oldest paragraph is oldest: words of 2004 that a text of 2020 repeats,
with more behind them, belong to 2004, and what is behind them to 2020. Oldest is by the date that sorts a
document, then by the order of the index; what has no date comes last.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby, pairwise

import numpy as np
from rapidfuzz.distance import Prefix

from archive.site.presenters.wording import who_speaks
from archive.store.values import Schema, Span
from archive.text.folding import fold_literally_with_places
from search.engine.protocol import Texts
from search.engine.slices.ngram_lookup import NgramLookup, codes_of

from .places import Places
from .quoting import extent
from .report import QuotedPlace

# Runs: stretches of a folded draft that occur in the archive, each as long as it can be. First it is told
# for every place whether the next twelve characters occur. From there a run is followed to its end; the next
# one of interest is the earliest that reaches at least twelve characters further, found by halving. So no
# character is looked at more than a few times, whatever the draft holds.

LEAST = 12
FIRST_LOOK = 128


def runs(folded: str, texts: Texts) -> list[tuple[int, int]]:
    """Returns the runs of ``folded`` of at least ``LEAST`` characters, in order.

    Each occurs in the archive inside one paragraph and would not if it were longer at either end. A run of
    which fewer than ``LEAST`` characters lie outside a longer one is left out. No string of ``LEAST``
    characters that occurs lies wholly outside the runs.
    """
    if len(folded) < LEAST or not len(texts):
        return []
    places = np.arange(len(folded) - LEAST + 1)
    begins = NgramLookup(texts, codes_of(folded), places, LEAST).counts > 0
    return _without_slivers(list(_chain(folded, texts, begins)))


def longest_beginning(texts: Texts, text: str, start: int = 0) -> int:
    """Returns the length of the longest prefix of ``text[start:]`` that occurs in the index."""
    look = FIRST_LOOK
    while True:
        wanted = text[start : start + look]
        size = len(wanted)
        reached = max(Prefix.similarity(texts.text_at(at, at + size), wanted) for at in texts.nearest(wanted))
        if reached < look:
            return reached
        look *= 4


def _chain(folded: str, texts: Texts, begins: np.ndarray) -> Iterator[tuple[int, int]]:
    places = np.flatnonzero(begins)
    start = int(places[0]) if len(places) else -1
    while start >= 0:
        end = start + longest_beginning(texts, folded, start)
        yield start, end
        if end < len(begins) and begins[end]:
            start = _earliest(folded, texts, start + 1, end, end + LEAST)
        else:
            behind = int(np.searchsorted(places, end, side="right"))
            start = int(places[behind]) if behind < len(places) else -1


def _earliest(folded: str, texts: Texts, low: int, high: int, end: int) -> int:
    """Returns the first place from ``low`` on from which all up to ``end`` occurs; from ``high`` it does."""
    while low < high:
        middle = (low + high) // 2
        if longest_beginning(texts, folded[middle:end]) == end - middle:
            high = middle
        else:
            low = middle + 1
    return low


def _without_slivers(found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Removes the runs that longer neighbours cover but for a few characters."""
    kept = list(found)
    for run in sorted(found, key=lambda one: one[1] - one[0]):
        index = kept.index(run) if len(kept) < 64 else bisect_left(kept, run)
        before = kept[index - 1][1] if index else 0
        after = kept[index + 1][0] if index + 1 < len(kept) else run[1]
        alone = min(run[1], after) - max(run[0], before)
        beside = kept[max(0, index - 1) : index] + kept[index + 1 : index + 2]
        longer = any(stop - start >= run[1] - run[0] for start, stop in beside)
        if alone < LEAST and longer:
            del kept[index]
    return kept


LONGEST = 60_000  # characters of a draft that are looked at
MOST = 1_500  # stretches that are shown; the draft behind them is left out, and it is said
# Places that are looked at. Strings that stand most often are left out where there are more, and are said to
# stand in many paragraphs.
MOST_PLACES = 10_000_000
AT_ONCE = 1_000_000
NOWHERE = np.iinfo(np.int64).max
OFTEN = NOWHERE - 1


class FirstPlace(QuotedPlace, frozen=True, kw_only=True):
    """The oldest paragraph that has words of the draft; ``who`` speaks or replies there. ``spans`` are the
    places of these words in the draft.
    """

    who: str | None
    spans: list[Span]


class CheckedOrigins(Schema, frozen=True, kw_only=True):
    """First occurrences of a draft's words, up to ``to``: of at least ``least`` characters in a row that the
    archive has too. ``often``: spans in too many paragraphs to look for the first. Of ``characters`` without
    white space, ``new`` occur nowhere.
    """

    to: int
    whole: bool
    least: int
    characters: int
    new: int
    first: list[FirstPlace]
    often: list[Span]


def origins(text: str, places: Places) -> CheckedOrigins:
    """Finds the first occurrence in the archive of each passage of ``text``, the paragraphs in the order of
    the draft. Reads the index alone.
    """
    until = min(len(text), LONGEST)
    folded = fold_literally_with_places(text[:until])
    first = _first_of_characters(folded.text, places)
    found: list[tuple[Span, int]] = []
    for begin, end, key in _whole(folded.text, first, places):
        span = folded.span(begin, end)
        if extent(text[slice(*span)], 1) < LEAST:
            continue  # a few words of a language with letters
        if len(found) == MOST:
            until = span[0]
            break
        found.append((span, key))
    spans: dict[int, list[Span]] = defaultdict(list)
    for span, key in found:
        spans[OFTEN if key == OFTEN else key % len(places.folded)].append(span)
    often, total = spans.pop(OFTEN, []), _characters(text[:until])
    return CheckedOrigins(
        to=until,
        whole=until == len(text),
        least=LEAST,
        characters=total,
        new=total - sum(_characters(text[slice(*span)]) for span, _key in found),
        first=[_first_place(row, where, places) for row, where in spans.items()],
        often=often,
    )


def _first_place(row: int, spans: list[Span], places: Places) -> FirstPlace:
    place, who = places.of_row(row), who_speaks(places.voice(row))
    return FirstPlace.from_row(place, who=who or None, spans=spans).carrying(dates=place.dates)


def _whole(folded: str, first: np.ndarray, places: Places) -> Iterator[tuple[int, int, int]]:
    """Generates the stretches with the key of each. What stands whole in one paragraph of its document is one
    stretch, though another paragraph of the same document has a part of it earlier.
    """
    index = places.folded
    begins = np.flatnonzero(np.diff(first, prepend=-1)).tolist()
    pieces = [(begin, end, int(first[begin])) for begin, end in pairwise([*begins, len(first)])]

    def document(piece: tuple[int, int, int]) -> int:
        return -1 if piece[2] >= OFTEN else int(index.documents[piece[2] % len(index)])

    for owner, group in groupby(pieces, key=document):
        together = list(group)
        begin, end = together[0][0], together[-1][1]
        if owner >= 0 and len(together) > 1:
            rows = index.find(folded[begin:end]).rows
            rows = rows[index.documents[rows] == owner]
            if len(rows):
                together = [(begin, end, int(rows[0]))]  # which is a key, too, as far as it is read
        yield from (piece for piece in together if piece[2] != NOWHERE)


def _first_of_characters(folded: str, places: Places) -> np.ndarray:
    """Returns for each character the key of the oldest row (``_keys``) that has it, ``LEAST`` in a row."""
    index, size = places.folded, len(folded) - LEAST + 1
    first = np.full(len(folded), NOWHERE, np.int64)
    if size < 1 or not len(index):
        return first
    found = NgramLookup(index, codes_of(folded), np.arange(size), LEAST)
    held = np.flatnonzero(found.counts)
    _keys_of_strings, one, same = np.unique(found.keys[held], return_index=True, return_inverse=True)
    strings = np.full(size, NOWHERE, np.int64)
    strings[held] = _oldest(found, held[one], _keys(places))[same]
    for place in range(LEAST):
        covered = first[place : place + size]
        np.minimum(covered, strings, out=covered)
    return first


def _keys(places: Places) -> np.ndarray:
    """Returns a number for each row that sorts them by date and order; its rest by their count is the row."""
    dates, size = places.archive.values["sort_date"], len(places.folded)
    dated = dates.first.astype(np.int64)
    return np.where(dated < 0, len(dates.values), dated) * size + np.arange(size)


def _oldest(found: NgramLookup, strings: np.ndarray, keys: np.ndarray) -> np.ndarray:
    """Returns the least key of the occurrences of each of ``strings``; OFTEN where they have too many."""
    least, counts = np.full(len(found.counts), OFTEN, np.int64), found.counts[strings]
    order = np.argsort(counts, kind="stable")
    order = order[: np.searchsorted(np.cumsum(counts[order]), MOST_PLACES, side="right")]
    for part in np.split(order, np.flatnonzero(np.diff(np.cumsum(counts[order]) // AT_ONCE)) + 1):
        matches = found.matches(strings[part])
        np.minimum.at(least, matches.strings, keys[matches.rows])
    return least[strings]


def _characters(text: str) -> int:
    return len("".join(text.split()))
