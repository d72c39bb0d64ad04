"""A search index for tests. It is built once for a module and answers without a database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import override_settings
from haystack import connections

from search.engine.live.update import update_index
from search.engine.protocol import Found
from search.pages.results.answer import Answer, answer
from search.query.language.request import Asked

# What people and robots type into any field of a search, and no page may break at.
HOSTILE = ["\x00", "<script>x</script>", "“", '"', "%", "\\", "-", "*", "é" * 99, "😀", "\u202e"]
HOSTILE += ["(" * 300, "核" * 5000]


def at(root: Path) -> override_settings:
    """Let the index lie under ``root``."""
    connection = {**settings.HAYSTACK_CONNECTIONS["default"], "PATH": str(root)}
    return override_settings(HAYSTACK_CONNECTIONS={"default": connection})


@contextmanager
def using(engine: str) -> Iterator[None]:
    """Let the named engine of ``settings.SEARCH_ENGINES`` answer."""
    before = connections.connections_info
    connections.connections_info = {
        "default": {**before["default"], "ENGINE": settings.SEARCH_ENGINES[engine]}
    }
    connections.reload("default")
    try:
        yield
    finally:
        connections.connections_info = before
        connections.reload("default")


@contextmanager
def archive_of(store: Callable[[], object], root: Path, blocker) -> Iterator[None]:
    """Store documents and index them under ``root``; both database and index answer inside the context."""
    with blocker.unblock(), at(root), transaction.atomic():
        store()
        update_index()
        yield
        transaction.set_rollback(True)


def archive_for(store: Callable[[], object]) -> Any:
    """Returns a fixture that every test of a module has: what ``store`` stores, and its index."""

    @pytest.fixture(scope="module", autouse=True)
    def archive(tmp_path_factory, django_db_setup, django_db_blocker):
        with archive_of(store, tmp_path_factory.mktemp("index"), django_db_blocker):
            yield

    return archive


def ask(q: str, page: int = 1, sort: str = "relevance", variants: bool = True, **filters: str) -> Answer:
    """Search for ``q``; filters as ``year="2016"``, several values divided by commas."""
    chosen = {name: tuple(value.split(",")) for name, value in filters.items()}
    return answer(Asked(q, chosen, sort, page, variants))


def found(q: str, **options) -> list[str]:
    """``symbol anchor`` of all hits, in order."""
    first = ask(q, **options)
    answers = [first, *(ask(q, page=page, **options) for page in range(2, first.pages + 1))]
    return [f"{hit.symbol} {hit.anchor}" for one in answers for hit in one.hits]


def by_paragraph(found: Found) -> dict[int, int]:
    """Paragraph id → how often a phrase was found there."""
    return dict(zip(found.index.ids[found.rows].tolist(), found.counts.tolist(), strict=True))
