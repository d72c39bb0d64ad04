"""Storage of the embeddings of an index, a part of its generation: its rows are those of the other parts.

A paragraph has several vectors of small whole numbers (quantised): first that of the whole, then those of its
passages. A key of each text is stored with them, so that the next generation takes over the embeddings of
unchanged texts. A row may have no vector yet: then it is near to nothing.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cached_property, partial
from hashlib import blake2b
from itertools import islice
from os import cpu_count
from pathlib import Path
from typing import cast

import numpy as np
import simsimd

from search.engine.index.arrangement import Arrangement
from search.engine.index.suffixes import mapped

from .model import DIMENSIONS, Model, model, model_name

VECTORS, ENDS, KEYS, NAME = "meaning.vectors", "meaning.ends", "meaning.keys", "meaning.model"
STEPS = 210  # whole numbers for each 1 of a vector: no number of a meaning is greater than .6
AT_ONCE = 1 << 16  # vectors that are compared at once
READ_AT_ONCE = 256  # texts
UNREAD = 0  # the key of a text that has no vector yet


class Meanings:
    """The vectors of a generation in ``directory``, mapped; of none where it has no such part, or where that
    was made by another model. Raises OSError or ValueError where the files do not fit each other.
    """

    def __init__(self, directory: Path, rows: int) -> None:
        self.rows = rows
        self.keys, self._ends = np.zeros(rows, "<u8"), np.zeros(rows, "<i4")
        self._vectors = np.empty((0, DIMENSIONS), np.int8)
        if _is_of_this_model(directory):
            self.keys, self._ends = mapped(directory / KEYS, "<u8"), mapped(directory / ENDS, "<i4")
            self._vectors = mapped(directory / VECTORS, "i1").reshape(-1, DIMENSIONS)
            if {len(self.keys), len(self._ends)} != {rows} or (rows and self._ends[-1] != len(self._vectors)):
                raise ValueError("the meanings do not fit the rows")

    @cached_property
    def missing(self) -> int:
        """The number of rows without a vector."""
        return int(np.count_nonzero(self.keys == UNREAD))

    def likeness(self, meaning: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Returns for each row the cosine between ``meaning`` and the most similar part of its text, and of
        the whole; 0 without a vector.
        """
        each, likest, wholes = self._cosines(meaning), *np.zeros((2, self.rows), np.float32)
        held = self._ends > self._begins
        if held.any():
            begins = self._begins[held]
            likest[held], wholes[held] = np.maximum.reduceat(each, begins), each[begins]
        return likest, wholes

    def _cosines(self, meaning: np.ndarray) -> np.ndarray:
        """Returns the cosine between ``meaning``, in whole numbers too, and each vector."""
        steps = 127 / max(float(np.abs(meaning).max()), 1e-6)
        asked = np.round(meaning * steps).astype(np.int8)[None]
        each = np.empty((1, len(self._vectors)), np.float32)
        for first in range(0, len(self._vectors), AT_ONCE):
            part = slice(first, first + AT_ONCE)
            each[:, part] = simsimd.cdist(asked, self._vectors[part], "dot", out_dtype="float32")
        return each[0] / np.float32(steps * STEPS)

    def known(self, keys: np.ndarray) -> list[np.ndarray | None]:
        """Returns the vectors of the texts that have ``keys``; None for each that was not read."""
        if not len(self.keys):
            return [None] * len(keys)
        places = np.searchsorted(self.keys, keys, sorter=self._by_key)
        rows = self._by_key[np.minimum(places, len(self.keys) - 1)]
        held = (self.keys[rows] == keys) & (keys != UNREAD)
        return [self._of_row(row) if there else None for row, there in zip(rows.tolist(), held, strict=True)]

    def _of_row(self, row: int) -> np.ndarray:
        return self._vectors[self._begins[row] : self._ends[row]]

    @cached_property
    def _begins(self) -> np.ndarray:
        return np.concatenate(([0], self._ends))[:-1].astype(np.int64)

    @cached_property
    def _by_key(self) -> np.ndarray:
        return np.argsort(self.keys, kind="stable")


class AllMeanings:
    """The meanings of all ``segments``, with the rows of ``arrangement``."""

    def __init__(self, segments: Sequence[Meanings], arrangement: Arrangement) -> None:
        self.segments, self._arrangement = segments, arrangement
        self.keys = arrangement.of_rows([each.keys for each in segments])

    @cached_property
    def missing(self) -> int:
        """The number of rows without a vector."""
        return int(np.count_nonzero(self.keys == UNREAD))

    def likeness(self, meaning: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Returns the likenesses of all segments, by row of the whole."""
        likest, wholes = zip(*(each.likeness(meaning) for each in self.segments), strict=True)
        return self._arrangement.of_rows(likest), self._arrangement.of_rows(wholes)


def known_in(root: Path) -> list[Meanings]:
    """Opens the vectors of all segments below ``root`` that can be read, of whatever version."""
    found = []
    for keys in sorted(root.glob(f"*/*/{KEYS}")):
        with suppress(OSError, ValueError):
            found.append(Meanings(keys.parent, keys.stat().st_size // 8))
    return found


def write_meanings(directory: Path, texts: Iterable[str], before: Sequence[Meanings], most: int) -> int:
    """Writes the part of a generation for ``texts``, one a row; returns how many were read.

    What ``before`` knows is taken over; of the rest the first ``most`` are read. The others, and all where
    there is no model, stay to be read.
    """
    reader, read = model(), 0
    keys, sizes = array("Q"), array("i")
    with (
        (directory / VECTORS).open("wb") as file,
        ThreadPoolExecutor(cpu_count() or 1) as threads,
    ):
        for batch in _batches(texts):
            of_batch = [key_of(text) for text in batch]
            found: list[np.ndarray | None] = [None] * len(batch)
            for held in before:
                known = held.known(np.array(of_batch, "<u8"))
                found = [other if one is None else one for one, other in zip(found, known, strict=True)]
            unread = [place for place, vectors in enumerate(found) if vectors is None]
            unread = unread[: most - read] if reader else []
            reading = threads.map(partial(_read, cast(Model, reader)), [batch[place] for place in unread])
            for place, own in zip(unread, reading, strict=True):
                found[place] = own
            read += len(unread)
            for key, vectors in zip(of_batch, found, strict=True):
                keys.append(UNREAD if vectors is None else key)
                sizes.append(0 if vectors is None else len(vectors))
                if vectors is not None:
                    file.write(vectors.tobytes())
    np.array(keys, "<u8").tofile(directory / KEYS)
    np.cumsum(sizes, dtype="<i4").tofile(directory / ENDS)
    (directory / NAME).write_text(model_name(), "utf-8")
    return read


def key_of(text: str) -> int:
    """Returns a 64-bit hash of ``text``, never 0."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest()) or 1


def _read(reader: Model, text: str) -> np.ndarray:
    return np.clip(np.round(reader.meanings_of(text) * STEPS), -127, 127).astype(np.int8)


def _is_of_this_model(directory: Path) -> bool:
    try:
        return (directory / NAME).read_text("utf-8") == model_name()
    except FileNotFoundError:
        return False


def _batches(texts: Iterable[str]) -> Iterator[tuple[str, ...]]:
    coming = iter(texts)
    while batch := tuple(islice(coming, READ_AT_ONCE)):
        yield batch


# Semantic similarity of the rows of an index to a query: candidates, and ranking features made of it.
# A cosine by itself says little: every text is somewhat similar to every other, and how much depends on the
# query. So each is scaled between the usual and the greatest similarity.

FEATURES = ("nearest", "hardly_less", "whole", "nearest_whole")
MOST = 40  # candidates
SOME = 0.30  # where no cosine is as great, nothing here is about it; where one is, something may be
LEAST, LESS = 0.22, 0.30  # cosine of a candidate, and how much below the likest
HARDLY = 0.22
RANKS, HALF = 256, 5  # so many are told apart by rank; the rank that counts half of the first


class Scale:
    """The scale of similarities to a query: the greatest of ``likeness``, and a row's ``usual`` one."""

    def __init__(self, likeness: np.ndarray, usual: float) -> None:
        self.usual = usual
        self._best = np.sort(_greatest(likeness, RANKS))
        self.most = float(self._best[-1]) if len(self._best) else 0.0

    def share(self, likeness: np.ndarray) -> np.ndarray:
        """Scales ``likeness`` between the usual similarity and the greatest, from 0 to 1."""
        return np.clip((likeness - self.usual) / max(self.most - self.usual, 1e-6), 0, 1)

    def by_rank(self, likeness: np.ndarray) -> np.ndarray:
        """Returns 1 for the greatest, and less the more rows are more similar."""
        ahead = len(self._best) - np.searchsorted(self._best, likeness, side="right")
        return 1 / (1 + ahead / HALF)


class Nearness:
    """``likest`` is the cosine of the likest passage of each row, ``wholes`` that of the whole.

    >>> likest = np.array([0.2, 0.6, 0.4])
    >>> Nearness(likest, likest).columns(np.array([0, 1]))[2].tolist()
    [0.0, 1.0]
    """

    def __init__(self, likest: np.ndarray, wholes: np.ndarray) -> None:
        self._likest, self._wholes = likest, wholes
        usual = float(likest.mean()) if len(likest) else 0.0
        self.passages, self.whole = Scale(likest, usual), Scale(wholes, usual)

    def columns(self, rows: np.ndarray) -> tuple[np.ndarray, ...]:
        """Returns ``FEATURES`` of ``rows``, from 0 to 1: of their passages by rank, and by how little less
        than the greatest; of the whole where it stands between the usual and the greatest, and by rank.
        """
        likest, wholes = self._likest[rows], self._wholes[rows]
        return (
            self.passages.by_rank(likest),
            np.clip(1 - (self.passages.most - likest) / HARDLY, 0, 1),
            self.whole.share(wholes),
            self.whole.by_rank(wholes),
        )

    def nearest(self, allowed: np.ndarray, least: float = LEAST) -> np.ndarray:
        """Returns the ``allowed`` rows (a mask) with the most similar passages, best first; none where
        nothing is near.
        """
        most = self.passages.most
        if most < SOME:
            return np.empty(0, np.int64)
        rows = np.flatnonzero(allowed & (self._likest >= max(least, most - LESS)))
        likest = self._likest[rows]
        rows = rows[likest >= _greatest(likest, MOST).min(initial=1.0)]
        return rows[np.lexsort((rows, -self._likest[rows]))][:MOST]


def _greatest(values: np.ndarray, most: int) -> np.ndarray:
    """Returns the greatest ``most`` of ``values``."""
    return np.partition(values, -most)[-most:] if len(values) > most else values
