"""Whoosh behind Haystack: our tokens, our ranking, an index that is switched whole.

A subclass of Haystack's backend. It reads the live generation (``search.generations``) and writes only
into the
generation that ``search.update`` is building. ``search`` takes a tree of ``search.nodes``, which the
archive's own
pages ask, or a string of Haystack's, so that ``SearchQuerySet`` works as documented.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from heapq import nsmallest
from pathlib import Path
from typing import Any

from haystack import connections
from haystack.backends import BaseEngine
from haystack.backends.whoosh_backend import WhooshSearchBackend, WhooshSearchQuery
from haystack.constants import DJANGO_CT, DJANGO_ID
from haystack.models import SearchResult
from haystack.utils.app_loading import haystack_get_model
from whoosh import index as whoosh_index
from whoosh.analysis import Analyzer, Token
from whoosh.columns import NumericColumn
from whoosh.fields import COLUMN, KEYWORD, STORED, TEXT, Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.qparser import QueryParser
from whoosh.query import Every, Query

from search.generations import ENGINE
from search.library import live_index
from search.nodes import AnyNode, Everything

from .evaluation import Scores, evaluate
from .found import Found, Question, answer_question
from .whoosh_reader import WhooshReader

SEPARATOR = "\x1f"
MEMORY_MB = 256


class TokenAnalyzer(Analyzer):
    """Our tokens in Whoosh's form. A text that must not be cut (``tokenize=False``) is one token as it is."""

    def __init__(self, analyze) -> None:
        self.analyze = analyze

    def __call__(
        self, value, positions=False, chars=False, start_pos=0, start_char=0, tokenize=True, mode="", **kwargs
    ) -> Iterator[Token]:
        token = Token(positions, chars, mode=mode, **kwargs)
        if not tokenize:
            yield from self._whole(token, value, start_pos, start_char)
            return
        for ours in self.analyze(value):
            token.pos = start_pos + ours.position
            token.startchar, token.endchar = start_char + ours.start, start_char + ours.end
            for term in ours.terms if mode != "query" else ours.terms[:1]:
                token.text, token.boost = term, 1.0
                yield token

    @staticmethod
    def _whole(token: Token, value: str, start_pos: int, start_char: int) -> Iterator[Token]:
        token.text, token.boost, token.pos = value, 1.0, start_pos
        token.startchar, token.endchar = start_char, start_char + len(value)
        yield token


def _values(text: str, **kwargs) -> Iterator[Any]:
    """The analyzer of exact fields: values between separators, untouched."""
    from search.analysis import Token as Ours

    for position, value in enumerate(text.split(SEPARATOR)):
        if value:
            yield Ours((value,), position, 0, len(value))


class ParagraphBackend(WhooshSearchBackend):
    """Haystack's backend on the archive's index."""

    def setup(self) -> None:
        """The schema only: an index is opened when it is read, and made by ``search.update`` alone."""
        fields = connections[self.connection_alias].get_unified_index().all_searchfields()
        self.content_field_name, self.schema = self.build_schema(fields)
        self.parser = QueryParser(self.content_field_name, schema=self.schema)
        self.setup_complete = True

    def build_schema(self, fields) -> tuple[str, Schema]:
        """Tokens where the field names an analyzer, exact values where it is indexed; all else is stored."""
        schema: dict[str, Any] = {DJANGO_ID: COLUMN(NumericColumn("q")), "stored": STORED()}
        content = ""
        for name, field in fields.items():
            if field.document:
                content = name
            if field.analyzer:
                schema[name] = TEXT(analyzer=TokenAnalyzer(field.analyzer), stored=False)
            elif field.indexed:
                schema[name] = KEYWORD(analyzer=TokenAnalyzer(_values))
        return content, Schema(**schema)

    # --- writing: into a generation that is being built ---

    def create(self, directory: Path) -> None:
        """An empty index in ``directory``."""
        self._ready()
        FileStorage(str(directory)).create_index(self.schema)

    def write(self, directory: Path, removed: Iterable[int], added: Iterable[Any]) -> None:
        """Take the paragraphs of the documents ``removed`` out of the index and put ``added`` in, in
        one commit.
        """
        self._ready()
        definition = self._definition()
        writer = whoosh_index.open_dir(str(directory)).writer(limitmb=MEMORY_MB)
        try:
            for document in removed:
                writer.delete_by_term("document", str(document))
            for paragraph in added:
                writer.add_document(**self._row(definition, paragraph))
        except BaseException:
            writer.cancel()
            raise
        writer.commit()

    def _row(self, definition, paragraph) -> dict[str, Any]:
        prepared = definition.full_prepare(paragraph)
        row: dict[str, Any] = {DJANGO_ID: int(prepared[DJANGO_ID])}
        stored = {DJANGO_CT: prepared[DJANGO_CT], DJANGO_ID: prepared[DJANGO_ID]}
        for name, field in definition.fields.items():
            value = prepared[name]
            if name in self.schema:
                row[name] = SEPARATOR.join(value) if isinstance(value, list) else str(value)
            if field.stored:
                stored[name] = value
        return row | {"stored": stored}

    def _definition(self):
        unified = connections[self.connection_alias].get_unified_index()
        return unified.get_index(unified.get_indexed_models()[0])

    def update(self, index, iterable, commit=True) -> None:
        """Haystack's own way in: bring the whole index up to date with the database."""
        from search.update import update_index

        update_index()

    remove = clear = update

    # --- reading: what the archive's own pages ask ---

    def ask(self, question: Question, reader: WhooshReader) -> Found:
        """The paragraphs that answer ``question``, counted and in order."""
        return answer_question(evaluate(question.node, reader), question, reader)

    # --- reading: Haystack's own way ---

    def _ready(self) -> None:
        if not self.setup_complete:
            self.setup()

    def open(self, directory: Path) -> WhooshReader:
        """A reader of the engine's files in ``directory``."""
        return WhooshReader(directory / ENGINE)

    def search(self, query_string: str | AnyNode, **kwargs) -> dict[str, Any]:
        """Haystack's answer: ``results``, ``hits``, ``facets`` for a tree of nodes or a string.

        Understands ``start_offset``, ``end_offset``, ``facets`` (names of exact fields) and ``sort_by``.
        """
        self._ready()
        if isinstance(query_string, str) and not query_string.strip():
            return {"results": [], "hits": 0}
        reader = live_index().engine
        scores = self.scores(query_string, reader)
        for narrow in kwargs.get("narrow_queries") or ():
            kept = self.scores(narrow, reader)
            scores = {number: score for number, score in scores.items() if number in kept}
        return {
            "results": self._results(scores, reader, **kwargs),
            "hits": len(scores),
            "facets": {"fields": self._facets(scores, reader, kwargs.get("facets") or {})},
            "spelling_suggestion": None,
        }

    def scores(self, query: str | AnyNode, reader: WhooshReader) -> Scores:
        """All matching document numbers with their scores."""
        if not isinstance(query, str):
            return evaluate(query, reader)
        parsed = self.parser.parse(query) if query != "*" else Every()
        return evaluate(Everything(), reader) if isinstance(parsed, Every) else _whoosh_scores(parsed, reader)

    def _results(
        self,
        scores: Scores,
        reader,
        start_offset=0,
        end_offset=None,
        sort_by=None,
        result_class=None,
        **kwargs,
    ) -> list[SearchResult]:
        start = start_offset or 0
        end = len(scores) if end_offset is None else end_offset
        if sort_by:
            order = sorted(scores)
            for field in reversed(sort_by):
                column = reader.column(field.lstrip("-"))
                order.sort(key=column.__getitem__, reverse=field.startswith("-"))
            page = order[start:end]
        else:
            page = nsmallest(end, scores, key=lambda number: (-scores[number], number))[start:end]
        return [self._result(reader.stored(number), scores[number], result_class) for number in page]

    def _result(self, row: dict[str, Any], score: float, result_class) -> SearchResult:
        stored = dict(row["stored"])
        app, model = stored.pop(DJANGO_CT).split(".")
        haystack_get_model(app, model)
        return (result_class or SearchResult)(app, model, stored.pop(DJANGO_ID), score, **stored)

    @staticmethod
    def _facets(scores: Scores, reader, fields: Iterable[str]) -> dict[str, list[tuple[str, int]]]:
        counted = {}
        for field in fields:
            column = reader.column(field)
            counted[field] = Counter(value for number in scores for value in column[number]).most_common()
        return counted


def _whoosh_scores(query: Query, reader: WhooshReader) -> Scores:
    """The answer of Whoosh's own matchers, for queries that Haystack wrote."""
    scores: Scores = {}
    for part, offset in reader.searcher.leaf_searchers():
        matcher = query.matcher(part, reader.searcher.boolean_context())
        while matcher.is_active():
            scores[matcher.id() + offset] = 1.0
            matcher.next()
    return scores


class ParagraphQuery(WhooshSearchQuery):
    def get_count(self) -> int:
        """The number of hits, without reading their rows."""
        if self._hit_count is None:
            self.run(end_offset=0)
            self._results = None
        return self._hit_count


class WhooshEngine(BaseEngine):
    backend = ParagraphBackend
    query = ParagraphQuery
