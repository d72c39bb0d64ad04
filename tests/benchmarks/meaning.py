"""Meaning: a whole answer with meanings beside the same without them, by kind of query, in one run."""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import numpy as np

from tests.benchmarks.corpus import make_queries, read_corpus, stand_still, write_index
from tests.benchmarks.results import Table, apart, say, sizes_of

SIZES = (20_000, 100_000)
QUICK = (2000,)
BAR = 1.3
TURNS, QUERIES, READ, SEED = 5, 40, 1000, 1540
SHORTEST, LONGEST = 8, 24  # characters of a clause that is asked for

# Of each query: (with meanings, without) x (milliseconds until it is answered, of the processor)
Taken = np.ndarray


def run(options: argparse.Namespace) -> Iterator[Table]:
    for size in sizes_of(options, SIZES, QUICK):
        say(f"meanings, {size:,} paragraphs …")
        yield _table(size, apart(measured, options.corpus, size, SEARCH_MEANING="1"))


def _table(size: int, taken: dict[str, Taken]) -> Table:
    notes = (
        "The least of five turns of each query, nothing kept of it: until answered, and of the processor.",
        f"The first {READ:,} paragraphs were read; the others have vectors like these, with some noise.",
    )
    columns = ("median / p95 ms", "without", "with", f"p95, times (bar {BAR})", "of the processor")
    rows = tuple(_row(kind, of_kind) for kind, of_kind in taken.items())
    return Table(f"Meanings over {size:,} paragraphs", columns, rows, notes)


def _row(kind: str, taken: Taken) -> tuple[str, ...]:
    medians, p95 = np.percentile(taken, 50, axis=0), np.percentile(taken, 95, axis=0)
    times, of_processor = p95[0] / p95[1]
    shown = (f"{medians[which][0]:.1f} / {p95[which][0]:.1f}" for which in (1, 0))
    return (kind, *shown, f"{times:.2f}{'' if times <= BAR else ' !'}", f"{of_processor:.2f}")


def measured(corpus: str | None, size: int) -> dict[str, Taken]:
    """Build an index of ``size`` paragraphs and ask it; in a fresh process."""
    from archive.store.revision import NO_REVISION

    stand_still()
    texts = read_corpus(corpus, size)
    _give_vectors(write_index(texts, NO_REVISION), [one.text for one in texts])
    queries = make_queries(texts, QUERIES)
    kinds = {"rare": queries.rare, "common": queries.common, "three words": queries.three}
    return _asked({**kinds, "clauses": _clauses([one.text for one in texts])})


def _give_vectors(folder: Path, texts: list[str]) -> None:
    from search.engine.meaning import vectors
    from search.engine.meaning.model import model, passages_of

    read, chance = model(), random.Random(SEED)
    known = [read.meanings_of(text) for text in chance.sample(texts, min(READ, len(texts)))]
    of_size: dict[int, list[np.ndarray]] = {}
    for one in known:
        of_size.setdefault(len(one), []).append(one)
    noise = np.random.default_rng(SEED)

    class Repeated:
        def meanings_of(self, text: str) -> np.ndarray:
            passages = 1 + len(passages_of(text))
            given = chance.choice(of_size[min(of_size, key=lambda size: abs(size - passages))])
            varied = given + noise.normal(scale=0.02, size=given.shape)
            return (varied / np.linalg.norm(varied, axis=1, keepdims=True)).astype(np.float32)

    found = vectors.model
    vectors.model = Repeated
    try:
        vectors.write_meanings(folder / "1", texts, [], len(texts))
    finally:
        vectors.model = found
    from search.engine.live import index as library

    library._open.clear()
    library._covered.clear()


def _clauses(texts: list[str]) -> list[str]:
    chance = random.Random(SEED)
    found: list[str] = []
    while len(found) < QUERIES:
        clauses = chance.choice(texts).replace("。", "，").split("，")
        if fitting := [one for one in clauses if SHORTEST <= len(one) <= LONGEST]:
            found.append(chance.choice(fitting))
    return found


def _asked(kinds: dict[str, Sequence[str]]) -> dict[str, Taken]:
    import gc

    from django.conf import settings

    from search.engine.meaning.model import meaning_of_query
    from search.pages.results.answer import answer
    from search.query.language.request import Asked
    from search.warm_up import WORDS

    def page(query: str, meanings: bool) -> tuple[float, float]:
        settings.SEARCH_MEANING = meanings
        meaning_of_query.cache_clear()
        start, used = perf_counter(), process_time()
        found: Any = answer(Asked(query))
        assert all(hit.cut.html for hit in found.hits) or not found.hits
        return 1000 * (perf_counter() - start), 1000 * (process_time() - used)

    page(WORDS, True)
    gc.collect()
    gc.freeze()
    taken: dict[str, Taken] = {}
    for kind, asked in kinds.items():
        turns = [[(page(query, True), page(query, False)) for query in asked] for _turn in range(TURNS + 1)]
        taken[kind] = np.array(turns[1:]).min(axis=0)
    return taken
