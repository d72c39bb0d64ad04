"""Judged queries about texts in English, beside Chinese ones: what a reader of English finds, in figures.

``relevance/english/queries.jsonl`` is like the other judged lists (``test_search_relevance``), with the
grades 2 (answers) and 1 (in passing), and ``en/`` before the symbol of a text in English. It was written from
the texts before the search was asked, by somebody who wrote none of it. The answers to the kind ``across``
stand in the other language alone. Measured are the words: a model's nearness in meaning takes too long here.
"""

import json
from pathlib import Path
from unicodedata import normalize

import pytest

from archive.intake.importing import ImportBatch
from archive.models import Paragraph
from archive.store.ingest.values import Source
from tests.search.test_search_relevance import hold, measures
from tests.tools.bundled import archive_once, store_bundled
from tests.tools.corpus_file import FAMILY, WORDS, layer
from tests.tools.searching import ask, found

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parents[1]
LINES = (ROOT / "relevance" / "english" / "queries.jsonl").read_text("utf-8").splitlines()
QUERIES = [json.loads(line) for line in LINES]
FLOORS = {
    False: {"ndcg": 0.885, "recall": 0.94, "first": 0.88, "found": 0.96},
    True: {"ndcg": 0.74, "recall": 0.87, "first": 0.58, "found": 1.0},  # across
}


def store() -> None:
    """The bundled documents, real resolutions in English, and the ten of the corpus in both languages."""
    store_bundled()
    sources = [(path.name, path.read_bytes()) for path in sorted(ROOT.glob("documents/english/*.txt"))]
    sources += [(f"{at}_{one}.txt", layer(at, one).encode()) for at in FAMILY for one in WORDS]
    batch = ImportBatch()
    for name, content in sources:
        batch.import_source(Source(name, content, ""))


@pytest.fixture(scope="module", autouse=True)
def index(tmp_path_factory, django_db_setup, django_db_blocker):
    with archive_once(store, tmp_path_factory.mktemp("index"), django_db_blocker):
        yield


def name(language: str, symbol: str, anchor: str) -> str:
    return f"{symbol} {anchor}" if language == "zh" else f"{language}/{symbol} {anchor}"


def first_hits(query: str) -> list[str]:
    return [name(hit.language, hit.symbol, hit.anchor) for hit in ask(query).hits[:20]]


@pytest.mark.parametrize("across", FLOORS)
def test_the_first_hits_are_as_good_as_they_were(across):
    scores = []
    for query in QUERIES:
        if ("across" in query["kinds"]) == across:
            hits = first_hits(query["query"])
            scores.append(measures(query["grades"], hits) | {"found": float(bool(hits))})
    assert len(scores) == (12 if across else 60)
    hold(FLOORS[across], scores)


@pytest.mark.parametrize("judged", [q for q in QUERIES if q.get("exact")], ids=lambda q: q["query"])
def test_a_phrase_is_found_wherever_a_scan_finds_it(judged):
    def plain(text: str) -> str:
        return "".join(normalize("NFKC", text).casefold().split())

    columns = ("document__language", "document__symbol", "anchor", "text")
    needle = plain(judged["query"].strip('"'))
    scanned = [name(*row[:3]) for row in Paragraph.objects.values_list(*columns) if needle in plain(row[3])]
    assert len(found(judged["query"])) == len(scanned)
    assert set(first_hits(judged["query"])) == set(scanned) == set(judged["grades"])
