"""Our engines measured: build, update, open, and whole search calls."""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from itertools import takewhile
from pathlib import Path
from time import process_time

from tests.benchmarks.searching.figures import (
    Figures,
    first_time_of,
    megabytes,
    peak,
    say,
    timed,
    times_of,
)

BARE = 100_000  # larger ones would need more memory for the tokens than for all the rest


def measure_ours(texts, queries, directory: Path) -> Figures:
    from search.live.index import live_index
    from search.text.segmenter import segmenter
    from tests.benchmarks.searching.corpus import stand_still

    stand_still()
    segmenter()
    figures = Figures()
    _build(figures, texts)
    figures.opening, index = timed(live_index)
    say(f"  built in {figures.build:.0f} s")
    _ask(figures, index, queries)
    say("  asked")
    if len(texts) <= BARE:
        figures.bare_build = _bare_build(texts, directory)
    figures.update, figures.update_memory = _in_its_own_process(_update, texts)
    return figures


def _build(figures: Figures, texts) -> None:
    from archive.revision import NO_REVISION
    from tests.benchmarks.searching.corpus import write_index

    before = peak()
    figures.build, generation = timed(lambda: write_index(texts, NO_REVISION))
    figures.memory, figures.size = peak() - before, megabytes(generation)


def _ask(figures: Figures, index, queries) -> None:
    from search.concordance.kwic import concordance
    from search.middleware import WORDS
    from search.query.request import Asked, AskedLines
    from search.results.answer import answer
    from search.suggest.completion import suggestions

    def page(q: str):
        found = answer(Asked(q))
        return [hit.snippet.html for hit in found.hits], found.found

    page(WORDS)  # as every worker does before its first request
    gc.collect()
    gc.freeze()
    for kind, asked in (("rare", queries.rare), ("common", queries.common), ("three words", queries.three)):
        figures.times[f"first {kind}"] = first_time_of(page, asked)
        figures.times[kind] = times_of(page, asked)
        figures.found |= {q: page(q)[1].paragraphs for q in asked[:5]}
    for size, phrases in queries.phrases.items():
        figures.times[f"page “{size}”"] = times_of(page, [f"“{phrase}”" for phrase in phrases])
        figures.times[f"literal {size}"] = times_of(_literal(index), phrases)
    figures.times["concordance"] = times_of(
        lambda phrase: concordance(AskedLines(phrase)), queries.phrases[2]
    )
    figures.times["suggestion"] = times_of(suggestions, [word[:2] for word in queries.common + queries.rare])


def _literal(index) -> Callable[[str], object]:
    def count(phrase: str) -> tuple[int, int, int]:
        found = index.literal.find(phrase)
        return found.total, found.paragraphs, found.documents

    return count


def _bare_build(texts, directory: Path) -> float:
    """The engine's own part, of tokens that are at hand."""
    from haystack import connections

    from search.index.rows import MANY, counted
    from tests.benchmarks.searching.corpus import prepared

    bare = directory / "bare"
    bare.mkdir()
    many = len(texts) >= MANY
    entries = [entry for _, entry in counted(prepared(texts), many)]
    backend = connections["default"].get_backend()
    backend.create(bare)
    return timed(lambda: backend.write(bare, [], iter(entries), many))[0]


def _in_its_own_process(call: Callable, texts) -> tuple[float, float]:
    """So that its memory is its own."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as process:
        last = texts[-1].document
        changed = list(takewhile(lambda text: text.document == last, reversed(texts)))[::-1]
        first = len(texts) - len(changed) + 1
        return process.submit(call, dict(os.environ), changed, first).result()


def _update(environment: dict[str, str], changed, first: int) -> tuple[float, float]:
    """Seconds of the processor and megabytes until the last document, indexed anew, is found: a generation is
    written and opened, and its first question answered.
    """
    os.environ.update(environment)
    import django

    django.setup()
    from search.index.generations import discard, new_generation
    from search.live import part_files, update
    from search.live.index import index_root, live_index
    from search.text.segmenter import segmenter
    from tests.benchmarks.searching.corpus import prepared, stand_still

    stand_still()
    segmenter()
    live, stale = live_index(), changed[0].document
    before, began = peak(), process_time()
    anew = (replace(one, paragraph=number) for number, one in enumerate(prepared(changed), start=first))
    part_files.count_of = update.count_of = lambda documents: len(changed)
    part_files.prepared_rows = lambda documents: anew
    marks = {**live.manifest.documents, str(stale): "changed"}
    generation = new_generation(index_root())
    found = update._fill(generation, live, replace(live.manifest, documents=marks), None)
    found.engine.term("text", "核")
    found.literal.find("核武器")
    seconds = process_time() - began
    discard(generation)
    return seconds, peak() - before
