"""From paragraphs of the database to rows of the index: exact values, what is stored, and counted tokens."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from haystack import connections
from haystack.constants import DJANGO_CT, DJANGO_ID

from search.query.text.segmenter import cache_directory
from search.query.text.term_counts import Tokens, begin, count_all

from .columns import Packed, Row, pack

BATCH = 200  # paragraphs handed to a process at once
MANY = 4000  # from so many paragraphs on it pays to start processes, each of which loads the dictionary


@dataclass(frozen=True, slots=True)
class Prepared:
    """A paragraph before it is cut into words: ``texts`` of the fields of tokens."""

    paragraph: int
    document: int
    exact: Mapping[str, tuple[str, ...]]
    stored: Packed
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """The tokens of a paragraph by field, as given to an engine for indexing."""

    paragraph: int
    document: int
    tokens: Mapping[str, Tokens]


def definition():
    """Returns the index schema, from ``search_indexes``."""
    unified = connections["default"].get_unified_index()
    return unified.get_index(unified.get_indexed_models()[0])


def token_fields() -> list[str]:
    return [name for name, field in definition().fields.items() if field.analyzer]


def exact_fields() -> list[str]:
    return [name for name, field in definition().fields.items() if field.indexed and not field.analyzer]


def prepare(paragraph, index) -> Prepared:
    """Returns ``paragraph`` as the definition ``index`` has it."""
    values = index.full_prepare(paragraph)
    exact, texts = {}, {}
    stored = {DJANGO_CT: values[DJANGO_CT], DJANGO_ID: values[DJANGO_ID]}
    for name, field in index.fields.items():
        value = values.get(name)  # what is None is left out
        if field.analyzer:
            texts[name] = value
        elif field.indexed:
            exact[name] = tuple(map(str, value)) if isinstance(value, list | tuple) else (str(value),)
        if field.stored:
            stored[name] = value
    return Prepared(int(values[DJANGO_ID]), paragraph.document_id, exact, pack(stored), texts)


def counted(prepared: Iterable[Prepared], many: bool) -> Iterator[tuple[Row, Entry]]:
    """Generates rows and index entries, in the same order; ``many`` uses all processors."""
    processors = os.cpu_count() or 1
    if not many or processors < 2:
        for one in prepared:
            yield _counted(one, count_all([one.texts])[0])
        return
    # New processes, not copies of this one, which may have threads and an open database.
    context = multiprocessing.get_context("spawn")
    with context.Pool(processors, begin, (str(cache_directory()),)) as pool:
        waiting: list[tuple[list[Prepared], Any]] = []
        coming = iter(prepared)
        while (batch := list(islice(coming, BATCH))) or waiting:
            if batch:
                waiting.append((batch, pool.apply_async(count_all, ([one.texts for one in batch],))))
            while waiting and (not batch or len(waiting) > 4 * processors):
                done, result = waiting.pop(0)
                yield from map(_counted, done, result.get())


def _counted(one: Prepared, tokens: dict[str, Tokens]) -> tuple[Row, Entry]:
    lengths = {name: sum(counts.values()) for name, counts in tokens.items()}
    row = Row(one.paragraph, one.document, one.exact, one.stored, lengths)
    return row, Entry(one.paragraph, one.document, tokens)
