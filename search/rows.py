"""From paragraphs of the database to rows of the index: exact values, what is stored, and counted tokens."""

from __future__ import annotations

import multiprocessing
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any

from haystack import connections
from haystack.constants import DJANGO_CT, DJANGO_ID

from .columns import Packed, Row, pack

MOST_COUNTED = 8  # a token counts no more often in a paragraph: its score hardly grows after that
BATCH = 200  # paragraphs handed to a process at once
MANY = 4000  # from so many paragraphs on it pays to start processes, each of which loads the dictionary

Tokens = Mapping[str, int]  # token → how often


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
    """What an engine is given to keep: the tokens of a paragraph by field."""

    paragraph: int
    document: int
    tokens: Mapping[str, Tokens]


def definition():
    """The one definition of what is indexed, from ``search_indexes``."""
    unified = connections["default"].get_unified_index()
    return unified.get_index(unified.get_indexed_models()[0])


def token_fields() -> list[str]:
    return [name for name, field in definition().fields.items() if field.analyzer]


def exact_fields() -> list[str]:
    return [name for name, field in definition().fields.items() if field.indexed and not field.analyzer]


def prepare(paragraph, index) -> Prepared:
    """``paragraph`` as the definition ``index`` has it."""
    values = index.full_prepare(paragraph)
    exact, texts = {}, {}
    stored = {DJANGO_CT: values[DJANGO_CT], DJANGO_ID: values[DJANGO_ID]}
    for name, field in index.fields.items():
        value = values[name]
        if field.analyzer:
            texts[name] = value
        elif field.indexed:
            exact[name] = tuple(map(str, value)) if isinstance(value, list | tuple) else (str(value),)
        if field.stored:
            stored[name] = value
    return Prepared(int(values[DJANGO_ID]), paragraph.document_id, exact, pack(stored), texts)


# --- tokens ---


def count_tokens(text: str) -> Tokens:
    """The terms of all tokens of ``text``, each with how often it stands there."""
    from .analysis import terms_of

    counts = Counter(terms_of(text))
    return {term: min(count, MOST_COUNTED) for term, count in counts.items()}


_count_repeated = lru_cache(maxsize=4096)(count_tokens)  # headings stand above many paragraphs


def _count_all(texts: list[Mapping[str, str]]) -> list[dict[str, Tokens]]:
    return [
        {
            name: count_tokens(text) if name == "text" else _count_repeated(text)
            for name, text in fields.items()
        }
        for fields in texts
    ]


def _begin(cache: str) -> None:
    """In a new process: load the dictionary from where the archive keeps it."""
    from . import segmenter

    segmenter.use_cache(cache)


def counted(prepared: Iterable[Prepared], many: bool) -> Iterator[tuple[Row, Entry]]:
    """Rows and what the engine is given, in the same order; ``many`` uses all processors."""
    processors = os.cpu_count() or 1
    if not many or processors < 2:
        for one in prepared:
            yield _counted(one, _count_all([one.texts])[0])
        return
    from .segmenter import cache_directory

    # New processes, not copies of this one, which may have threads and an open database.
    context = multiprocessing.get_context("spawn")
    with context.Pool(processors, _begin, (str(cache_directory()),)) as pool:
        waiting: list[tuple[list[Prepared], Any]] = []
        coming = iter(prepared)
        while (batch := list(islice(coming, BATCH))) or waiting:
            if batch:
                waiting.append((batch, pool.apply_async(_count_all, ([one.texts for one in batch],))))
            while waiting and (not batch or len(waiting) > 4 * processors):
                done, result = waiting.pop(0)
                yield from map(_counted, done, result.get())


def _counted(one: Prepared, tokens: dict[str, Tokens]) -> tuple[Row, Entry]:
    lengths = {name: sum(counts.values()) for name, counts in tokens.items()}
    row = Row(one.paragraph, one.document, one.exact, one.stored, lengths)
    return row, Entry(one.paragraph, one.document, tokens)
