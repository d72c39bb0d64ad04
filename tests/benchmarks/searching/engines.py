"""One engine measured in a process of its own: what it costs to build, to open and to ask."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.searching.clustered import REPLICAS, SHARDS, measure_cluster
from tests.benchmarks.searching.figures import Figures
from tests.benchmarks.searching.others import measure_fts5, measure_scan, measure_stock
from tests.benchmarks.searching.ours import measure_ours
from tests.cluster.nodes import URLS

ENGINES: dict[str, Callable[..., Figures]] = {
    "whoosh": measure_ours,
    "stock": measure_stock,
    "fts5": measure_fts5,
    "scan": measure_scan,
    "cluster": measure_cluster,  # only where it is asked for: it starts three nodes
}


def measure(engine: str, corpus: str | None, size: int, asked_of: int | None = None) -> Figures:
    """Measure one engine over ``size`` paragraphs, by queries made from these or the first ``asked_of`` of
    them. Runs in a fresh process.
    """
    directory = Path(tempfile.mkdtemp(prefix="bench-"))
    os.environ.update(DJANGO_SETTINGS_MODULE="archive.settings", ARCHIVE_DATA_DIR=str(directory), DEBUG="1")
    os.environ["SEARCH_ENGINE"] = "whoosh"
    if engine == "cluster":
        os.environ.update(
            SEARCH_ENGINE="opensearch",
            SEARCH_URL=",".join(URLS),
            SEARCH_SHARDS=str(SHARDS),
            SEARCH_REPLICAS=str(REPLICAS),
        )
    try:
        import django

        django.setup()
        from tests.benchmarks.searching.corpus import make_queries, read_corpus

        texts = read_corpus(corpus, size)
        queries = make_queries(texts[:asked_of])
        return ENGINES[engine](texts, queries, directory)
    finally:
        shutil.rmtree(directory, ignore_errors=True)
