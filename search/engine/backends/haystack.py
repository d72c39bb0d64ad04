"""Haystack's side of every engine: ``SearchQuerySet`` over our tokens and columns, as docs/haystack.md tells.

A subclass says how to ``write`` segments and how to ``open`` their postings. What a query set
asks for becomes a tree of ``search.query.language.conditions``, the same that the archive's own pages ask
with.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from haystack import inputs
from haystack.backends import SQ, BaseSearchBackend, BaseSearchQuery
from haystack.constants import DJANGO_CT, DJANGO_ID, ID
from haystack.exceptions import SearchBackendError
from haystack.models import SearchResult
from whoosh import query as whoosh
from whoosh.qparser import QueryParser, plugins

from archive.models import Paragraph
from search.engine.highlight import find_marks, marked
from search.engine.index.columns import Column
from search.engine.index.coverage import Coverage
from search.engine.index.generations import QuestionRefusedError
from search.engine.index.rows import Entry, definition, exact_fields, token_fields
from search.engine.live.index import OpenIndex, live_index, written_index
from search.engine.live.update import clear_index, update_index
from search.engine.meaning.model import model
from search.engine.protocol import Question, Slice, holding
from search.engine.searcher.reader import Postings
from search.engine.slices.similar import find_similar
from search.query.expansion.forms import Marks
from search.query.language.conditions import (
    TEXT,
    AllOf,
    AnyNode,
    AnyOf,
    Contains,
    Everything,
    Filter,
    Term,
    Without,
)
from search.query.text.analyzer import analyze

CONTENT = "content"  # Haystack's name for the field that holds the document


class ArchiveBackend(BaseSearchBackend):
    """The Haystack backend that all engines extend."""

    # --- segments of an index: for a subclass to fill in ---

    def write(self, directory: Path, entries: Iterable[Entry]) -> None:
        """Writes a segment of ``entries``, one a row, into the empty ``directory``."""
        raise NotImplementedError

    def open(self, directory: Path, ids: np.ndarray) -> Postings:
        """Returns the postings in ``directory``; raises IndexUnavailableError where its rows are not those of
        the paragraphs ``ids``.
        """
        raise NotImplementedError

    def update(self, index, iterable, commit=True) -> None:
        """Updates the whole index from the database, whatever is asked: Haystack's own entry point."""
        update_index()

    def remove(self, obj_or_string, commit=True) -> None:
        """Takes out what the database holds no longer."""
        update_index()

    def clear(self, models=None, commit=True) -> None:
        """Makes an index of nothing the live one."""
        clear_index()

    # --- reading ---

    def coverage(self) -> Coverage:
        """Returns the coverage of the archive by the live index."""
        return live_index().coverage

    def meanings(self) -> str:
        """Returns the state of semantic search: ``ok``; ``reading`` while vectors are missing; ``off``;
        ``broken`` where the model cannot be loaded, and search goes on by words.
        """
        index = written_index()
        if not settings.SEARCH_MEANING or not isinstance(index, OpenIndex):
            return "off"
        return "broken" if model() is None else "reading" if index.meanings.missing else "ok"

    def index_revision(self) -> str:
        """Returns the revision of the archive that the live index was made from; asks no database."""
        return written_index().manifest.revision

    # --- reading: Haystack's own way ---

    def search(self, query_string: str | AnyNode, **kwargs) -> dict[str, Any]:
        """Haystack's answer: ``results``, ``hits``, ``facets`` for a tree of nodes, or a string as
        ``parsed`` reads it.

        Understands ``start_offset``, ``end_offset``, ``facets``, ``sort_by``, ``narrow_queries``,
        ``highlight``, ``fields`` and ``models``. Raises SearchBackendError for what it does not.
        """
        node = parsed(query_string) if isinstance(query_string, str) else query_string
        try:
            return self._answer(holding(live_index(), node), node, **kwargs)
        except QuestionRefusedError as error:
            raise SearchBackendError(f"the cluster does not send so many: {error}") from error

    def more_like_this(self, model_instance, additional_query_string=None, **kwargs) -> dict[str, Any]:
        """Haystack's answer of the paragraphs that are similar to a paragraph, as its page lists them."""
        if not isinstance(model_instance, Paragraph):
            raise SearchBackendError("more_like_this: only paragraphs are indexed")
        index, node = live_index(), additional_query_string or Everything()
        found, own = holding(index, node), index.stored([model_instance.pk])
        keys = find_similar(index, own[0]["text"], model_instance.pk).keys if own else []
        rows = found.folded.rows_of(keys)
        scores = np.arange(len(rows), 0, -1.0)
        among = replace(found, rows=rows[rows >= 0], scores=scores[rows >= 0])
        return self._answer(_among(among, found), node, **kwargs)

    def _answer(
        self,
        found: Slice,
        node: AnyNode,
        start_offset=0,
        end_offset=None,
        sort_by=(),
        facets=None,
        highlight=False,
        fields=(),
        models=(),
        narrow_queries=(),
        result_class=None,
    ) -> dict[str, Any]:
        if any((facets or {}).values()) or isinstance(highlight, dict):
            raise SearchBackendError("facet and highlight know no options here")
        stored = definition().fields.keys() | {"pk", ID, DJANGO_CT, DJANGO_ID, "score", "highlighted"}
        for unknown in set(fields) - stored:
            raise SearchBackendError(f"the index has no field {unknown}")
        if models and definition().get_model() not in models:
            found = replace(found, rows=found.rows[:0], scores=found.scores[:0])
        for narrowed in narrow_queries:
            found = _among(found, holding(live_index(), parsed(narrowed)))
        keys: list[np.ndarray] = [found.rows, -found.scores]
        for field in reversed(sort_by):
            numbers = column_of(field.lstrip("-"), found).first[found.rows]
            keys.append(-numbers if field.startswith("-") else numbers)
        marks = _marks(node) if highlight else None
        counted = {name: column_of(name, found).counted(np.sort(found.rows)) for name in facets or {}}
        return {
            "results": [
                self._result(
                    found.stored(int(found.rows[place])),
                    float(found.scores[place]),
                    result_class or SearchResult,
                    marks,
                )
                for place in np.lexsort(keys)[start_offset or 0 : end_offset]
            ],
            "hits": len(found.rows),
            "facets": {"fields": counted, "dates": {}, "queries": {}} if counted else {},
        }

    @staticmethod
    def _result(row: dict[str, Any], score: float, result_class, marks: Marks | None) -> SearchResult:
        content_type, key = row.pop(DJANGO_CT), row.pop(DJANGO_ID)
        row[ID] = f"{content_type}.{key}"
        if marks is not None:
            row["highlighted"] = {TEXT: [marked(row["text"], find_marks(row["text"], marks))]}
        return result_class(*content_type.split("."), key, score, **row)


def _among(found: Slice, others: Slice) -> Slice:
    """Returns what of ``found`` is among ``others``, too."""
    held = np.isin(found.folded.ids[found.rows], others.folded.ids[others.rows])
    return replace(found, rows=found.rows[held], scores=found.scores[held])


def _marks(node: AnyNode) -> Marks:
    """Returns what of a hit made it one."""
    match node:
        case Term(field, value) if field == TEXT:
            return Marks(terms=frozenset([value]))
        case Contains(text):
            return Marks(phrases=(text,))
        case AllOf(nodes) | AnyOf(nodes):
            return Marks.of(map(_marks, nodes))
        case Without(inner, _):
            return _marks(inner)
    return Marks()


class ArchiveQuery(BaseSearchQuery):
    """A query set's conditions as a tree of nodes. What is not answered is refused (``REFUSED``)."""

    def build_query(self) -> AnyNode:
        return _tree(self.query_filter) if self.query_filter else Everything()

    def build_query_fragment(self, field: str, filter_type: str, value: Any) -> str:
        """Writes one condition of an SQ as ``parsed`` reads it, for ``narrow``."""
        parts = value if filter_type in ("in", "range") else [value]
        lookups = {"in": ("exact",) * len(parts), "range": ("gte", "lte")}.get(filter_type, (filter_type,))
        written = (f'{field}__{lookup}:"{_plain(part)}"' for lookup, part in zip(lookups, parts, strict=True))
        return f"({(' OR ' if filter_type == 'in' else ' AND ').join(written)})"

    def run(self, spelling_query=None, **kwargs) -> None:
        """Runs the query, or ``more_like_this``, which narrows, sorts and counts alike."""
        if not self._more_like_this:
            super().run(**kwargs)
            return
        params = self.build_params() | kwargs
        answer = self.backend.more_like_this(self._mlt_instance, self.build_query(), **params)
        self._results, self._hit_count = answer["results"], answer["hits"]
        self._facet_counts = self.post_process_facets(answer)

    run_mlt = run

    def get_count(self) -> int:
        """Returns the number of hits, without reading their rows."""
        if self._hit_count is None:
            clone = self._clone()
            clone.end_offset = 0
            clone.run()
            self._hit_count = clone._hit_count
        return self._hit_count

    def add_field_facet(self, field: str, **options: Any) -> None:
        self.facets[field] = options

    def __str__(self) -> str:
        return str(self.build_query())


def _refusing(sentence: str) -> Callable[..., None]:
    def refuse(self: ArchiveQuery, *args: Any, **kwargs: Any) -> None:
        raise SearchBackendError(sentence)

    return refuse


REFUSED = {
    "boost: the archive ranks by weights of its own": ("add_boost",),
    "stats: no field holds numbers": ("add_stats_query", "get_stats"),
    "date_facet: facet('year') counts by years": ("add_date_facet",),
    "query_facet: narrow() and count() say how many": ("add_query_facet",),
    "spelling_suggestion: /search.json has it": ("get_spelling_suggestion", "set_spelling_query"),
    "within, dwithin, distance: no field is a place": ("add_within", "add_dwithin", "add_distance"),
}
for _sentence, _names in REFUSED.items():
    for _name in _names:
        setattr(ArchiveQuery, _name, _refusing(_sentence))


# --- conditions of Haystack, and its query strings ---


def _tree(node) -> AnyNode:
    """Returns the conditions of Haystack's own tree."""
    parts = tuple(_tree(one) if hasattr(one, "children") else _leaf(*one) for one in node.children)
    whole = AnyOf(parts) if node.connector == SQ.OR else AllOf(parts)
    return Without(Everything(), whole) if node.negated else whole


def _leaf(expression: str, value: Any) -> AnyNode:
    field, lookup = SQ().split_expression(expression)
    return _condition(field, lookup, value)


def _condition(field: str, lookup: str, value: Any) -> AnyNode:
    """Builds one condition: words or a literal string of a text; else a value, one of several, or a range."""
    match value:
        case inputs.AutoQuery():
            return _auto(field, value.query_string)
        case inputs.Raw():
            return parsed(value.query_string, field)
        case inputs.Not():
            return Without(Everything(), _condition(field, lookup, value.query_string))
        case inputs.Exact():
            return _condition(field, "exact", value.query_string)
        case inputs.Clean() | inputs.PythonData():
            return _condition(field, lookup, value.query_string)
        case inputs.BaseInput():
            raise SearchBackendError(f"{type(value).__name__}: there is no other parser")
    field = TEXT if field == CONTENT else field
    values = [_plain(one) for one in (value if lookup in ("in", "range") else [value])]
    if field in token_fields():
        if field == TEXT and lookup in ("contains", "exact"):
            return Contains(values[0])
        if lookup not in ("content", "in"):
            raise SearchBackendError(f"{field} can be asked for words, and the text for `contains`")
        return AnyOf(tuple(map(partial(_words, field), values)))
    if lookup not in LOOKUPS:
        raise SearchBackendError(f"there is no {field}__{lookup}; there are {', '.join(LOOKUPS)}")
    name = ALIASES.get(field, field)
    if name not in exact_fields():
        raise _unknown(field)
    held = [
        value for value, _ in live_index().slice(Question(Everything(), size=0, facets=(name,))).facets[name]
    ]
    return Filter(name, frozenset(one for one in held if LOOKUPS[lookup](one, values)))


def _plain(value: Any) -> str:
    """Returns a value as the index has it; quotation marks are equal there."""
    value = value.date() if isinstance(value, datetime) else value
    return str(value).replace('"', "“")


def column_of(field: str, found: Slice) -> Column:
    """Returns the column of exact values. Raises SearchBackendError with the names of those there are."""
    name = ALIASES.get(field, field)
    if name not in found.values:
        raise _unknown(field)
    return found.values[name]


def _unknown(field: str) -> SearchBackendError:
    names = ", ".join(exact_fields())
    return SearchBackendError(f"the index has no field {field} that could be asked for; it has {names}")


def _words(field: str, text: str) -> AnyNode:
    """Builds the condition that all words of ``text`` occur; ``*`` matches all, an empty text nothing."""
    if text.strip() == "*":
        return Everything()
    return AllOf(tuple(Term(field, token.term) for token in analyze(text)))


def _auto(field: str, typed: str) -> AnyNode:
    """Reads what people type: words, "literal strings", and either with a minus before it."""
    parts: dict[str, list[AnyNode]] = {"": [], "-": []}
    for minus, quoted, word in AUTO.findall(typed):
        if quoted or analyze(word):
            parts[minus].append(_condition(field, "exact" if quoted else "content", quoted or word))
    wanted = AllOf(tuple(parts[""])) if parts[""] or not parts["-"] else Everything()
    return Without(wanted, AnyOf(tuple(parts["-"])))


def parsed(query: str, field: str = CONTENT) -> AnyNode:
    """Reads a query string: words, "literal strings", field:"value", field:[from TO to], AND, OR, NOT and
    brackets. Raises SearchBackendError for wildcards.
    """
    return _of_whoosh(QueryParser(field, None, PARTS).parse(query, normalize=False))


def _of_whoosh(node: whoosh.Query) -> AnyNode:
    match node:
        case whoosh.And():
            return AllOf(tuple(map(_of_whoosh, node.subqueries)))
        case whoosh.Or():
            return AnyOf(tuple(map(_of_whoosh, node.subqueries)))
        case whoosh.Not():
            return Without(Everything(), _of_whoosh(node.query))
        case whoosh.TermRange():
            ends = {"gt" if node.startexcl else "gte": node.start, "lt" if node.endexcl else "lte": node.end}
            return AllOf(tuple(_condition(node.fieldname, how, end) for how, end in ends.items() if end))
        case whoosh.Phrase() | whoosh.Term():
            field, lookup = SQ().split_expression(node.fieldname)
            quoted = isinstance(node, whoosh.Phrase)
            text = " ".join(node.words) if quoted else node.text
            if not quoted and text != "*" and WILD.search(text):
                raise SearchBackendError(f"{text}: there is no wildcard; field__startswith finds beginnings")
            return _condition(field, "exact" if quoted and lookup == "content" else lookup, text)
    return AllOf(())


PARTS = [
    plugins.WhitespacePlugin(),
    plugins.PhrasePlugin(),
    plugins.FieldsPlugin(),
    plugins.GroupPlugin(),
    plugins.OperatorsPlugin(AndNot=None, AndMaybe=None, Require=None),
    plugins.RangePlugin(),
]
AUTO = re.compile(r'(-?)(?:["“]([^"”]+)["”]|(\S+))')
WILD = re.compile("[*?~^]")
ALIASES = {"date": "sort_date", "type": "document_type"}
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
