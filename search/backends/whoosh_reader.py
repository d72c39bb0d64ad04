"""An open Whoosh index: postings and columns, shared by all requests of a process."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

from whoosh import index
from whoosh.codec.whoosh3 import W3LeafMatcher
from whoosh.reading import SegmentReader, TermNotFound
from whoosh.searching import Searcher

from .evaluation import K1, B, Scores, inverse_frequency

ID = "django_id"
TOKEN_FIELDS = ("text", "context")


class Segment:
    """One segment of the index. Segments never change but for deletions; what is worked out of one is
    kept.
    """

    def __init__(self, reader: SegmentReader) -> None:
        self.size = reader.doc_count_all()
        self.values: dict[str, list[tuple[str, ...]]] = {}
        self.lengths: dict[str, array[float]] = {}
        self.ids: array[int] | None = None


_segments: dict[str, Segment] = {}  # by segment id
_segments_lock = Lock()


class WhooshReader:
    """Answers ``evaluation.Postings`` from the index in ``directory``."""

    def __init__(self, directory: Path) -> None:
        self.index = index.open_dir(str(directory))
        self.searcher: Searcher = self.index.searcher()
        self.parts: list[tuple[SegmentReader, int, Segment]] = []
        reader = self.searcher.reader()
        for leaf, offset in reader.leaf_readers():
            if leaf.doc_count_all():
                self.parts.append((leaf, offset, _segment_of(leaf)))
        self.count = reader.doc_count()
        _forget_segments({leaf.segment().segment_id() for leaf, _, _ in self.parts})
        self._average = {
            field: reader.field_length(field) / self.count if self.count else 0.0 for field in TOKEN_FIELDS
        }

    # --- postings ---

    def scores(self, field: str, value: str) -> Scores:
        if not value or field not in self.index.schema:
            return {}
        term = self.index.schema[field].to_bytes(value)
        found = [(part, list(_postings(part[0], field, term))) for part in self.parts]
        if field in TOKEN_FIELDS:
            return self._ranked(field, found)
        return {
            number + offset: 0.0 for (_, offset, _), blocks in found for ids, _ in blocks for number in ids
        }

    def _ranked(self, field: str, found: list) -> Scores:
        holding = sum(len(ids) for _, blocks in found for ids, _ in blocks)
        rarity = inverse_frequency(self.count, holding) * (K1 + 1)
        floor, slope = K1 * (1 - B), K1 * B / (self._average[field] or 1.0)
        scores: Scores = {}
        for (leaf, offset, segment), blocks in found:
            lengths = self._lengths(leaf, segment, field)
            for ids, weights in blocks:
                for number, weight in zip(ids, weights, strict=True):
                    scores[number + offset] = rarity * weight / (weight + floor + slope * lengths[number])
        return scores

    def frequency(self, field: str, value: str) -> int:
        """How many paragraphs hold ``value`` in ``field``; deleted ones count until a merge."""
        if field not in self.index.schema:
            return 0
        return sum(leaf.doc_frequency(field, value) for leaf, _, _ in self.parts)

    def everything(self) -> Scores:
        return {number + offset: 0.0 for leaf, offset, _ in self.parts for number in leaf.all_doc_ids()}

    def documents(self, scores: Mapping[int, float]) -> Scores:
        numbers = self._numbers
        return {numbers[paragraph]: score for paragraph, score in scores.items() if paragraph in numbers}

    @cached_property
    def _numbers(self) -> dict[int, int]:
        """Paragraph id → document number."""
        numbers = {}
        for leaf, offset, segment in self.parts:
            if segment.ids is None:
                segment.ids = array("q", leaf.column_reader(ID))
            gone = leaf.deleted_docs_set
            numbers.update(
                (paragraph, number + offset)
                for number, paragraph in enumerate(segment.ids)
                if not gone or number not in gone
            )
        return numbers

    @cached_property
    def paragraph_ids(self) -> dict[int, int]:
        """Document number → paragraph id."""
        return {number: paragraph for paragraph, number in self._numbers.items()}

    # --- columns ---

    def column(self, field: str) -> list[tuple[str, ...]]:
        """The exact values of ``field`` by document number."""
        if len(self.parts) == 1:
            leaf, _, segment = self.parts[0]
            return self._column(leaf, segment, field)
        if field not in self._joined:
            self._joined[field] = [
                values for leaf, _, segment in self.parts for values in self._column(leaf, segment, field)
            ]
        return self._joined[field]

    @cached_property
    def _joined(self) -> dict[str, list[tuple[str, ...]]]:
        return {}

    def _column(self, leaf: SegmentReader, segment: Segment, field: str) -> list[tuple[str, ...]]:
        """Also of deleted documents: a column is worked out once, whatever is deleted later."""
        if field not in segment.values:
            values: list[tuple[str, ...]] = [()] * segment.size
            to_text = self.index.schema[field].from_bytes
            for term in leaf.lexicon(field):
                text = (to_text(term),)
                for ids, _ in _blocks(leaf, field, term):
                    for number in ids:
                        values[number] += text
            segment.values[field] = values
        return segment.values[field]

    def _lengths(self, leaf: SegmentReader, segment: Segment, field: str) -> array[float]:
        if field not in segment.lengths:
            length = leaf.doc_field_length
            segment.lengths[field] = array("f", (length(number, field) for number in range(segment.size)))
        return segment.lengths[field]

    # --- stored ---

    def stored(self, number: int) -> dict[str, Any]:
        return self.searcher.stored_fields(number)

    def close(self) -> None:
        self.searcher.close()


def _segment_of(leaf: SegmentReader) -> Segment:
    name = leaf.segment().segment_id()
    with _segments_lock:
        if name not in _segments:
            _segments[name] = Segment(leaf)
        return _segments[name]


MOST_SEGMENTS = 64


def _forget_segments(live: set[str]) -> None:
    """Keep the segments of the live index, and others only while they are few (several indexes in one
    process).
    """
    with _segments_lock:
        if len(_segments) > MOST_SEGMENTS:
            for name in set(_segments) - live:
                del _segments[name]


def _postings(leaf: SegmentReader, field: str, term: bytes) -> Iterator[tuple[Any, Any]]:
    """Ids and weights of the documents that hold a term, deleted ones left out."""
    gone = leaf.deleted_docs_set
    for ids, weights in _blocks(leaf, field, term):
        if gone and not gone.isdisjoint(ids):
            kept = [
                (number, weight) for number, weight in zip(ids, weights, strict=True) if number not in gone
            ]
            ids, weights = [number for number, _ in kept], [weight for _, weight in kept]
        yield ids, weights


def _blocks(leaf: SegmentReader, field: str, term: bytes) -> Iterator[tuple[Any, Any]]:
    """Ids and weights of all postings of a term, block by block where they lie so on disk, else one by one.

    Whoosh's own iteration calls several methods for every posting and takes some ten times as long.
    """
    try:
        matcher = leaf._terms.matcher(field, term, leaf.schema[field].format)
    except TermNotFound:
        return
    by_block = type(matcher) is W3LeafMatcher
    while matcher.is_active():
        if by_block:
            matcher._read_ids()
            matcher._read_weights()
            yield matcher._ids, matcher._weights
            matcher._next_block()
        else:
            yield (matcher.id(),), (matcher.weight(),)
            matcher.next()
