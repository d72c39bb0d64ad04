"""Long posting lists as arrays, for an engine that makes an object of every hit it hands over.

Such an engine keeps all postings and answers for most terms, whose lists are short. The lists of the few
terms that many paragraphs hold are written beside its own files as well, and mapped into memory:

    long.json         the terms, and the kind of number that a paragraph's id is
    long.starts       where the list of each term begins, and the end of the last
    long.paragraphs   paragraph ids, list after list
    long.counts       how often each of these paragraphs holds the term
"""

from __future__ import annotations

import json
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import NamedTuple

import numpy as np

from search.rows import Entry
from search.suffixes import mapped

LONG = 1000  # paragraphs; an object for each hit of a shorter list takes less than two milliseconds
TERMS, STARTS, PARAGRAPHS, COUNTS = "long.json", "long.starts", "long.paragraphs", "long.counts"

Key = tuple[str, str]  # field and term


class Holding(NamedTuple):
    """The paragraphs that hold a term, and how often each does."""

    paragraphs: np.ndarray
    counts: np.ndarray


class Lists:
    """The long lists of a generation, open for reading."""

    def __init__(self, directory: Path) -> None:
        """Raises OSError or ValueError where the files are missing or damaged."""
        about = json.loads((directory / TERMS).read_text("utf-8"))
        self._numbers = {(field, term): number for number, (field, term) in enumerate(about["terms"])}
        self._starts = mapped(directory / STARTS, "<i8")
        self._paragraphs = mapped(directory / PARAGRAPHS, about["kind"])
        self._counts = mapped(directory / COUNTS, "u1")
        size = int(self._starts[-1])
        if len(self._starts) != len(self._numbers) + 1 or {len(self._paragraphs), len(self._counts)} != {
            size
        }:
            raise ValueError("the long lists of postings do not fit their places")

    def __iter__(self) -> Iterator[Key]:
        return iter(self._numbers)

    def get(self, key: Key) -> Holding | None:
        number = self._numbers.get(key)
        if number is None:
            return None
        part = slice(int(self._starts[number]), int(self._starts[number + 1]))
        return Holding(self._paragraphs[part], self._counts[part])


class Collected:
    """The postings of the paragraphs that are being written, gathered as they come."""

    def __init__(self) -> None:
        numbers = count().__next__
        self._known: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(numbers))
        self._terms, self._counts = array("I"), bytearray()
        self._paragraphs, self._sizes = array("q"), array("I")

    def add(self, entry: Entry) -> Entry:
        before = len(self._terms)
        for field, tokens in entry.tokens.items():
            self._terms.extend(map(self._known[field].__getitem__, tokens))
            self._counts.extend(tokens.values())
        self._paragraphs.append(entry.paragraph)
        self._sizes.append(len(self._terms) - before)
        return entry

    def keys(self) -> list[Key]:
        """The terms that were met, in the order of their numbers."""
        held = [
            (number, (field, term)) for field, known in self._known.items() for term, number in known.items()
        ]
        return [key for _, key in sorted(held)]

    def frequencies(self) -> np.ndarray:
        """By number of the term: how many paragraphs hold it."""
        return np.bincount(np.frombuffer(self._terms, np.uint32)) if self._terms else np.empty(0, np.int64)

    def holding(self, wanted: np.ndarray) -> list[Holding]:
        """The lists of the terms of the numbers ``wanted``, which are in rising order."""
        terms = np.frombuffer(self._terms, np.uint32) if self._terms else np.empty(0, np.uint32)
        rank = np.zeros(int(terms.max(initial=0)) + 1, np.uint32)
        rank[wanted] = np.arange(1, len(wanted) + 1)
        ranks = rank[terms]
        chosen = np.flatnonzero(ranks)
        ranks = ranks[chosen].astype(np.min_scalar_type(len(wanted)))  # small numbers are sorted by counting
        places = chosen[np.argsort(ranks, kind="stable")]
        ends = np.cumsum(np.bincount(ranks, minlength=len(wanted) + 1)[1:])[:-1]
        owners = np.repeat(np.arange(len(self._sizes), dtype=np.uint32), self._sizes)[places]
        paragraphs = (
            np.frombuffer(self._paragraphs, np.int64)[owners] if len(owners) else np.empty(0, np.int64)
        )
        counts = np.frombuffer(self._counts, np.uint8)[places] if len(places) else np.empty(0, np.uint8)
        pieces = zip(np.split(paragraphs, ends), np.split(counts, ends), strict=True)
        return [Holding(*piece) for piece in pieces] if len(wanted) else []


def lists_after(
    before: Lists | None, removed: np.ndarray, added: Collected, read: Callable[[Key], Holding | None]
) -> Iterator[tuple[Key, Holding]]:
    """The long lists after the paragraphs ``removed`` were taken out and others ``added``.

    ``before`` is None where the index was empty. ``read`` gives the list of a term that had none before,
    from the engine, or None where it is still a short one.
    """
    keys, frequencies = added.keys(), added.frequencies()
    if before is None:
        wanted = np.flatnonzero(frequencies >= LONG)
        yield from zip((keys[number] for number in wanted), added.holding(wanted), strict=True)
        return
    wanted = np.array([number for number, key in enumerate(keys) if before.get(key)], np.int64)
    new = {keys[number]: holding for number, holding in zip(wanted, added.holding(wanted), strict=True)}
    for key in before:
        old = before.get(key)
        kept = ~np.isin(old.paragraphs, removed) if len(removed) else slice(None)
        parts = [Holding(old.paragraphs[kept], old.counts[kept]), *([new[key]] if key in new else [])]
        yield key, Holding(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))
    for key in keys:
        if before.get(key) is None and (holding := read(key)):
            yield key, holding


def write_lists(directory: Path, most: int, lists: Iterable[tuple[Key, Holding]]) -> None:
    """Write ``lists``; ``most`` is the highest paragraph id. Files that are there are replaced."""
    kind = "<u4" if most < 1 << 32 else "<u8"
    terms, starts = [], [0]
    names = (PARAGRAPHS, COUNTS)
    with ExitStack() as stack:
        files = [stack.enter_context((directory / f"{name}.new").open("wb")) for name in names]
        for key, holding in lists:
            terms.append(key)
            starts.append(starts[-1] + len(holding.counts))
            for file, numbers, form in zip(files, holding, (kind, "u1"), strict=True):
                file.write(np.ascontiguousarray(numbers, form).data)
    np.array(starts, "<i8").tofile(directory / f"{STARTS}.new")
    about = {"kind": kind, "terms": terms}
    (directory / f"{TERMS}.new").write_text(json.dumps(about, ensure_ascii=False), "utf-8")
    for name in (*names, STARTS, TERMS):
        (directory / f"{name}.new").replace(directory / name)
