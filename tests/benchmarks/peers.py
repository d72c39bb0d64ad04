"""Peers: our page of results beside what others would build it with, same paragraphs and queries, one run.

Each gives a page as a reader sees it: the number of hits, the first twenty with the words marked, five
facets. Stock Haystack with Whoosh and jieba's ChineseAnalyzer, as it comes (every word must stand) and with
OR; SQLite's FTS5 and tantivy, both over words that jieba cut (FTS5's trigrams find no word of two characters,
which most are), any word, by BM25.
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import mean
from time import process_time

from tests.benchmarks.corpus import (
    DOCUMENTS,
    Text,
    make_queries,
    prepared,
    read_corpus,
    stand_still,
    write_index,
)
from tests.benchmarks.results import Table, apart, middle_and_p95, say, sizes_of
from tests.tools.ranker import RELEVANCE, gain

SIZES, QUICK = (100_000,), (5000,)
QUERIES, TURNS = 40, 3  # of each kind; each query is answered so often, and its least counts
JUDGED = None  # of each list so many queries; None: all
PAGE, TOP = 20, 10
OURS = "ours"
FACETS = ("year", "document_type", "cites", "state", "mentioned")

COUNTED = "SELECT count(*) FROM cut WHERE cut MATCH ?"
FACETED = (
    "SELECT facet, value, count(*) FROM cut JOIN told ON row = cut.rowid WHERE cut MATCH ? GROUP BY 1, 2"
)
MARKED = "snippet(cut, 0, '<b>', '</b>', '…', 40)"
BEST = f"SELECT rowid, {MARKED} FROM cut WHERE cut MATCH ? ORDER BY rank LIMIT {PAGE}"

Page = Callable[[str], list[str]]  # the names of the hits on the first page, best first
Times = dict[str, dict[str, tuple[float, float]]]
Reached = dict[str, dict[str, float]]
Row = tuple[str, str, Mapping[str, Sequence[str]]]  # name, text, values by facet


def run(options: argparse.Namespace) -> Iterator[Table]:
    sizes = sizes_of(options, SIZES, QUICK)
    say(f"peers, judged queries, then {', '.join(f'{size:,}' for size in sizes)} paragraphs …")
    reached, times = apart(measured, options.corpus, sizes, QUERIES, JUDGED)
    for size in sizes:
        yield _speed(size, times[size])
    yield _quality(reached)


def _speed(size: int, times: Times) -> Table:
    kinds = tuple(times[OURS])
    rows = tuple(
        (peer, *("{:.2f} / {:.2f}".format(*of[kind]) for kind in kinds)) for peer, of in times.items()
    )
    held = {
        f"{OURS} to {peer}, {kind}, at {size:,}": times[OURS][kind][0] / times[peer][kind][0]
        for peer in times
        for kind in kinds
    }
    notes = (f"Milliseconds of the processor, the least of {TURNS} turns of each query.",)
    title, columns = f"A page of results over {size:,} paragraphs", ("median / p95", *kinds)
    return Table(title, columns, rows, notes, held)


def _quality(reached: Reached) -> Table:
    lists = tuple(reached[OURS])
    rows = tuple((peer, *(f"{of[one]:.3f}" for one in lists)) for peer, of in reached.items())
    best = {one: max(of[one] for peer, of in reached.items() if peer != OURS) for one in lists}
    held = {} if JUDGED else {f"best peer to {OURS}, {one}": best[one] / reached[OURS][one] for one in lists}
    notes = (
        "Judged lists (tests/relevance/) over the bundled documents. Ours learnt its weights from them:",
        "what it reaches on queries that it was not learnt from stands in fixtures/ranker.json.",
    )
    return Table(f"nDCG@{TOP}", ("", *lists), rows, notes, held)


# --- in a process of its own ---


def measured(
    corpus: str | None, sizes: Sequence[int], most: int, judged: int | None
) -> tuple[Reached, dict[int, Times]]:
    """What the peers reach on the judged lists, and what their pages cost, by number of paragraphs."""
    from archive.store.revision import NO_REVISION

    reached, times = judged_pages(judged), {}
    stand_still()
    for size in sizes:
        texts = read_corpus(corpus, size)
        write_index(texts, NO_REVISION)
        times[size] = timed_pages(texts, most)
    return reached, times


def timed_pages(texts: list[Text], most: int) -> Times:
    """Median and p95 milliseconds of the processor for a page, by peer and kind of query."""
    queries = make_queries(texts, most)
    kinds = {"rare": queries.rare, "common": queries.common[:most], "three words": queries.three}
    rows = [
        (str(one.paragraph), text.text, {name: one.exact[name] for name in FACETS})
        for one, text in zip(prepared(texts), texts, strict=True)
    ]
    return {
        peer: {kind: middle_and_p95(_least(page, asked)) for kind, asked in kinds.items()}
        for peer, page in _peers(rows).items()
    }


def _least(page: Page, asked: Sequence[str]) -> Iterator[float]:
    for query in asked:
        taken = []
        for _turn in range(TURNS):
            began = process_time()
            page(query)
            taken.append(1000 * (process_time() - began))
        yield min(taken)


def judged_pages(most: int | None) -> Reached:
    """nDCG@10 by peer and judged list, over the bundled documents."""
    from django.core.management import call_command

    from archive.models import Paragraph

    call_command("migrate", verbosity=0)
    call_command("load_reference", verbosity=0)
    call_command("import_documents", str(DOCUMENTS), verbosity=0)
    call_command("update_search", verbosity=0)
    rows = [
        (f"{one.document.symbol} {one.anchor}", one.text, dict.fromkeys(FACETS, ()))
        for one in Paragraph.objects.select_related("document").order_by("pk")
    ]
    lists = {
        path.stem: [
            judged for line in path.read_text("utf-8").splitlines() if (judged := json.loads(line))["grades"]
        ]
        for path in sorted(RELEVANCE.glob("*.jsonl"))
    }
    return {
        peer: {
            name: mean(_ndcg(page(one["query"]), one["grades"]) for one in judged[:most])
            for name, judged in lists.items()
        }
        for peer, page in _peers(rows).items()
    }


def _ndcg(hits: Sequence[str], grades: Mapping[str, int]) -> float:
    return gain([grades.get(hit, 0) for hit in hits]) / gain(sorted(grades.values(), reverse=True))


def _peers(rows: Sequence[Row]) -> dict[str, Page]:
    from whoosh.qparser import AndGroup, OrGroup

    folder = Path(os.environ["ARCHIVE_DATA_DIR"], f"peers-{len(rows)}")
    haystack = _haystack(rows, folder)
    return {
        OURS: _ours,
        "Haystack, Whoosh": haystack(AndGroup),
        "Haystack, Whoosh, OR": haystack(OrGroup),
        "SQLite FTS5": _fts5(rows),
        "tantivy": _tantivy(rows),
    }


def _ours(query: str) -> list[str]:
    from search.pages.results.answer import answer
    from search.query.language.request import Asked

    found = answer(Asked(query))
    return [f"{hit.symbol} {hit.anchor}" for hit in found.hits if hit.cut.html]


def _haystack(rows: Sequence[Row], folder: Path) -> Callable[[type], Page]:
    from haystack import connections, indexes
    from haystack.query import SearchQuerySet
    from jieba.analyse import ChineseAnalyzer

    from archive.models import Paragraph

    class Paragraphs(indexes.SearchIndex):
        text = indexes.CharField(document=True, analyzer=ChineseAnalyzer())
        name = indexes.CharField(indexed=False)
        year = indexes.MultiValueField()
        document_type = indexes.MultiValueField()
        cites = indexes.MultiValueField()
        state = indexes.MultiValueField()
        mentioned = indexes.MultiValueField()

        def get_model(self) -> type[Paragraph]:
            return Paragraph

    engine = "haystack.backends.whoosh_backend.WhooshEngine"
    connections.connections_info[folder.name] = {
        "ENGINE": engine,
        "PATH": str(folder),
        "SILENTLY_FAIL": False,
    }
    connections[folder.name].get_unified_index().build([Paragraphs()])
    backend = connections[folder.name].get_backend()
    backend.setup()
    writer = backend.index.writer()
    for number, (name, text, values) in enumerate(rows):
        stored = {facet: ",".join(held) for facet, held in values.items()}
        writer.add_document(
            id=str(number),
            django_ct="archive.paragraph",
            django_id=str(number),
            text=text,
            name=name,
            **stored,
        )
    writer.commit()

    def reading(group: type) -> Page:
        def page(query: str) -> list[str]:
            backend.parser.group = group
            found = SearchQuerySet(using=folder.name).auto_query(query).highlight()
            for facet in FACETS:
                found = found.facet(facet)
            return [hit.name for hit in found[:PAGE] if found.facet_counts() and hit.highlighted]

        return page

    return reading


def words(text: str) -> list[str]:
    """The words of a text or query as jieba cuts them for a search engine."""
    import jieba

    return [word for word in jieba.lcut_for_search(text.lower()) if word.isalnum()]


def _fts5(rows: Sequence[Row]) -> Page:
    table = sqlite3.connect(":memory:")
    table.execute("CREATE VIRTUAL TABLE cut USING fts5(words)")
    table.execute("CREATE TABLE told (row INTEGER, facet TEXT, value TEXT)")
    table.executemany(
        "INSERT INTO cut (rowid, words) VALUES (?, ?)",
        ((n, " ".join(words(one[1]))) for n, one in enumerate(rows)),
    )
    table.executemany(
        "INSERT INTO told VALUES (?, ?, ?)",
        ((n, facet, value) for n, one in enumerate(rows) for facet, held in one[2].items() for value in held),
    )
    table.execute("CREATE INDEX by_row ON told (row, facet, value)")

    def page(query: str) -> list[str]:
        asked = (" OR ".join(f'"{word}"' for word in words(query)),)
        if not asked[0]:
            return []
        for told in (COUNTED, FACETED):
            table.execute(told, asked).fetchall()
        return [rows[number][0] for number, snippet in table.execute(BEST, asked) if snippet]

    return page


def _tantivy(rows: Sequence[Row]) -> Page:
    import tantivy

    builder = (
        tantivy.SchemaBuilder().add_text_field("words", stored=True).add_unsigned_field("row", stored=True)
    )
    for facet in FACETS:
        builder = builder.add_text_field(facet, fast=True, tokenizer_name="raw")
    schema = builder.build()
    index = tantivy.Index(schema)
    writer = index.writer(num_threads=1)
    for number, (_name, text, values) in enumerate(rows):
        row = tantivy.Document(words=" ".join(words(text)), row=number)
        for facet, held in values.items():
            for value in held:
                row.add_text(facet, value)
        writer.add_document(row)
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()
    facets = {facet: {"terms": {"field": facet, "size": 100}} for facet in FACETS}

    def page(query: str) -> list[str]:
        terms = [
            (tantivy.Occur.Should, tantivy.Query.term_query(schema, "words", one)) for one in words(query)
        ]
        asked = tantivy.Query.boolean_query(terms)
        searcher.aggregate(asked, facets)
        marked = tantivy.SnippetGenerator.create(searcher, asked, schema, "words")
        found = [searcher.doc(place) for _score, place in searcher.search(asked, PAGE, count=True).hits]
        return [rows[one.get_first("row")][0] for one in found if marked.snippet_from_doc(one).to_html()]

    return page
