"""Haystack's side of every engine: ``SearchQuerySet`` works as documented, over our tokens and columns.

A subclass says how to ``write`` and ``merge`` segments and how to ``open`` their postings. What a query set
asks for becomes a tree of ``search.query.language.conditions``, the same that the archive's own pages ask
with.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from haystack.backends import SQ, BaseSearchBackend, BaseSearchQuery
from haystack.constants import DJANGO_CT, DJANGO_ID
from haystack.models import SearchResult
from haystack.utils.app_loading import haystack_get_model

from search.engine.index.coverage import Coverage
from search.engine.index.rows import Entry
from search.engine.live.index import live_index, written_index
from search.engine.live.update import update_index
from search.engine.meaning.model import model
from search.engine.searcher.reader import Postings, Reader
from search.engine.searcher.scoring import Scores, evaluate
from search.query.language.conditions import TEXT, AllOf, AnyNode, AnyOf, Everything, Filter, Term, Without
from search.query.text.analyzer import analyze

CONTENT = "content"  # Haystack's name for the field that holds the document


class ArchiveBackend(BaseSearchBackend):
    """The Haystack backend that all engines extend."""

    # --- segments of an index: for a subclass to fill in ---

    def write(self, directory: Path, entries: Iterable[Entry]) -> None:
        """Writes a segment of ``entries``, one a row, into the empty ``directory``."""
        raise NotImplementedError

    def merge(self, directory: Path, ids: np.ndarray, others: Sequence[tuple[Path, np.ndarray]]) -> None:
        """Writes a segment of the paragraphs ``ids`` into the empty ``directory``, from other segments with
        the row that each of their rows is there, −1 for one that is left out.
        """
        raise NotImplementedError

    def open(self, directory: Path, ids: np.ndarray) -> Postings:
        """Returns the postings in ``directory``; raises IndexUnavailableError where its rows are not those of
        the paragraphs ``ids``.
        """
        raise NotImplementedError

    def update(self, index, iterable, commit=True) -> None:
        """Updates the whole index from the database: Haystack's own entry point."""
        update_index()

    remove = clear = update

    # --- reading ---

    def coverage(self) -> Coverage:
        """Returns the coverage of the archive by the live index."""
        return live_index().coverage

    def meanings(self) -> str:
        """Returns the state of semantic search: ``ok``; ``reading`` while vectors are missing; ``off``;
        ``broken`` where the model cannot be loaded, and search goes on by words.
        """
        if not settings.SEARCH_MEANING:
            return "off"
        return "broken" if model() is None else "reading" if written_index().meanings.missing else "ok"

    def index_revision(self) -> str:
        """Returns the revision of the archive that the live index was made from; asks no database."""
        return written_index().manifest.revision

    # --- reading: Haystack's own way ---

    def search(self, query_string: str | AnyNode, **kwargs) -> dict[str, Any]:
        """Haystack's answer: ``results``, ``hits``, ``facets`` for a tree of nodes, or words of which all
        must hold.

        Understands ``start_offset``, ``end_offset``, ``facets`` and ``sort_by`` (names of exact fields).
        """
        reader = live_index().reader
        node = _words(query_string) if isinstance(query_string, str) else query_string
        if node is None:
            return {"results": [], "hits": 0}
        found = evaluate(node, reader)
        return {
            "results": self._results(found, reader, **kwargs),
            "hits": len(found.rows),
            "facets": {
                "fields": {
                    name: reader.columns[name].counted(found.rows) for name in kwargs.get("facets") or {}
                }
            },
            "spelling_suggestion": None,
        }

    def _results(
        self,
        found: Scores,
        reader: Reader,
        start_offset=0,
        end_offset=None,
        sort_by=None,
        result_class=None,
        **kwargs,
    ) -> list[SearchResult]:
        keys: list[np.ndarray] = [found.rows]
        if sort_by:
            for field in reversed(sort_by):
                numbers = reader.columns[field.lstrip("-")].first[found.rows]
                keys.append(-numbers if field.startswith("-") else numbers)
        else:
            keys.append(-found.scores)
        order = np.lexsort(keys)[start_offset or 0 : end_offset]
        return [
            self._result(
                reader.columns.stored(int(found.rows[place])), float(found.scores[place]), result_class
            )
            for place in order
        ]

    @staticmethod
    def _result(row: dict[str, Any], score: float, result_class) -> SearchResult:
        app, model = row.pop(DJANGO_CT).split(".")
        haystack_get_model(app, model)
        return (result_class or SearchResult)(app, model, row.pop(DJANGO_ID), score, **row)


def _words(text: str) -> AnyNode | None:
    """Builds the condition that all words of ``text`` occur; ``*`` matches all, an empty text nothing."""
    if text.strip() == "*":
        return Everything()
    tokens = analyze(text)
    return AllOf(tuple(Term(TEXT, token.term) for token in tokens)) if tokens else None


class ArchiveQuery(BaseSearchQuery):
    """A query set's conditions as a tree of nodes."""

    def build_query(self) -> AnyNode:
        return _tree(self.query_filter) if self.query_filter else Everything()

    def build_params(self, *args, **kwargs) -> dict[str, Any]:
        """Drops the filter on models: only one is indexed."""
        params = super().build_params(*args, **kwargs)
        return {name: value for name, value in params.items() if name != "models"}

    def get_count(self) -> int:
        """Returns the number of hits, without reading their rows."""
        if self._hit_count is None:
            self.run(end_offset=0)
            self._results = None
        return self._hit_count


def _tree(node) -> AnyNode:
    """Returns the conditions of Haystack's own tree."""
    parts = []
    for child in node.children:
        if hasattr(child, "children"):
            parts.append(_tree(child))
        else:
            field, lookup = node.split_expression(child[0])
            parts.append(_condition(field, lookup, child[1]))
    whole = AnyOf(tuple(parts)) if node.connector == SQ.OR else AllOf(tuple(parts))
    return Without(Everything(), whole) if node.negated else whole


def _condition(field: str, lookup: str, value: Any) -> AnyNode:
    """Builds one condition: words in a tokenised field; else a value, one of several, or a range."""
    columns = live_index().reader.columns
    field = TEXT if field == CONTENT else field
    values = [str(one) for one in (value if lookup in ("in", "range") else [value])]
    if field in columns.lengths:
        words = [tuple(Term(field, token.term) for token in analyze(one)) for one in values]
        return AnyOf(tuple(AllOf(terms) for terms in words))
    if field not in columns:
        raise ValueError(f"the index has no field {field} that could be asked for")
    column = columns[field]
    return Filter(field, frozenset(held for held in column.values if LOOKUPS[lookup](held, values)))


LOOKUPS = {
    "content": lambda held, values: held == values[0],
    "contains": lambda held, values: values[0] in held,
    "exact": lambda held, values: held == values[0],
    "in": lambda held, values: held in values,
    "startswith": lambda held, values: held.startswith(values[0]),
    "endswith": lambda held, values: held.endswith(values[0]),
    "gt": lambda held, values: held > values[0],
    "gte": lambda held, values: held >= values[0],
    "lt": lambda held, values: held < values[0],
    "lte": lambda held, values: held <= values[0],
    "range": lambda held, values: values[0] <= held <= values[-1],
}
