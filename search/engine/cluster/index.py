"""An index on a cluster: the five verbs as searches that go over together, and what is found made of their
answers. A page is made of what comes back; of a slice of all the cluster says which paragraphs it has, and
what is looked up in them are the texts that this process keeps.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import repeat
from typing import Any, NoReturn, TypeVar

import numpy as np

from search.engine.index.columns import Columns, Row, unpack
from search.engine.index.coverage import AS_WRITTEN, Corpus, Coverage, restricted
from search.engine.index.generations import IndexUnavailableError, Manifest, QuestionRefusedError, state_name
from search.engine.index.literal import LiteralIndex
from search.engine.index.rows import exact_fields, token_fields
from search.engine.protocol import ALL, LONGEST_LIST, NONE, Numbers, Question, Slice, Stored, Texts
from search.engine.searcher.embedded import MOST_INSTEAD, EmbeddedEngine, ordered
from search.engine.searcher.scoring import MOST_FORMS, Scores
from search.engine.searcher.signals import FRAME
from search.query.language.conditions import (
    AnyNode,
    AnyOf,
    Concept,
    Contains,
    Everything,
    Filter,
    Form,
    Literal,
    Ranked,
    forms_of,
    with_concepts,
)

from .asking import IN_ORDER, Asking, counted_in, total_of, values_of
from .connection import Access
from .mapping import DOCUMENT, FOLDED, LENGTH, STORED, Hit
from .queries import Query, counting, instead_of, kept, scored
from .sample import Sample, Told, Totals
from .texts import EVERY, texts_of

DEEPEST = 20_000  # paragraphs before the end of a page
AT_ONCE, KEYS_AT_ONCE = 2_000, 20_000  # paragraphs in one answer, with all that is kept of them or not
KEPT, UNKNOWN = 32_768, -1  # numbers that are remembered, of each sort
T = TypeVar("T")
MANY = 8  # strings of which it is asked first whether they stand at all


@dataclass(frozen=True, eq=False)
class ClusterIndex:
    """The index ``generation`` of a cluster: one state of the archive, which is ``token`` to the database."""

    access: Access
    generation: str
    token: str
    manifest: Manifest
    coverage: Coverage = AS_WRITTEN
    written: ClusterIndex | None = None  # without its documents that are left out
    _sums: dict[Literal, int] = field(default_factory=dict, repr=False)
    _counts: dict[AnyNode, int] = field(default_factory=dict, repr=False)

    @property
    def key(self) -> str:
        """What tells it from all others that were written."""
        return self.token

    @property
    def name(self) -> str:
        return state_name(self.generation, self._left_out)

    @cached_property
    def corpus(self) -> Corpus:
        """What was searched, as an answer tells it."""
        return Corpus.of(self.manifest, self.coverage)

    @cached_property
    def _left_out(self) -> list[int]:
        return sorted(self.coverage.left_out)

    @property
    def size(self) -> int:
        return self._totals.size

    @property
    def years(self) -> tuple[str, ...]:
        return self._totals.years

    def covering(self, coverage: Coverage, before: ClusterIndex | None) -> ClusterIndex:
        """Returns the index with its present ``coverage``."""
        found = replace(self, coverage=coverage, written=self, _sums={}, _counts={})
        if coverage.names is None:
            return found
        manifest, coverage = restricted(self.manifest, coverage, found.size)
        return replace(found, manifest=manifest, coverage=coverage)

    # --- what is asked ---

    def counts(self, conditions: Sequence[AnyNode]) -> list[int]:
        return _known(self._counts, conditions, self._counted)

    def _counted(self, conditions: Sequence[AnyNode]) -> list[int]:
        asking = Asking(self._left_out)
        found = asking.held(conditions)
        self._ask(asking)
        return found()

    def sums(self, phrases: Sequence[str]) -> list[int]:
        return _known(self._sums, [*map(Contains, phrases)], self._summed)

    def _summed(self, literals: Sequence[Literal]) -> list[int]:
        held = self.counts(literals) if len(literals) > MANY else repeat(1)
        asking = Asking(self._left_out)
        found = [
            asking.sum(counting(one)) if count else int for one, count in zip(literals, held, strict=False)
        ]
        self._ask(asking)
        return [one() for one in found]

    def stored(self, ids: Sequence[int]) -> list[Stored]:
        if not ids:
            return []
        query = {"ids": {"values": [*map(str, ids)]}}
        asking = Asking(self._left_out)
        found = asking.add(query, size=len(ids), _source=[STORED], track_total_hits=False)
        self._ask(asking)
        held = {int(hit["_id"]): json.loads(hit["_source"][STORED]) for hit in found()["hits"]["hits"]}
        return [held[one] for one in ids if one in held]

    def near(self, meaning: Numbers) -> NoReturn:
        raise QuestionRefusedError("a cluster knows no meanings")

    def slice(self, question: Question) -> Slice:
        if question.size is not ALL:
            return self._page(question)
        more = question.filters or question.facets or question.phrases or question.sort != "rows"
        if isinstance(question.node, Everything) and not more:
            return self._everything
        return self._whole(question)

    @cached_property
    def _everything(self) -> Slice:
        return self._whole(Question(Everything(), sort="rows", size=ALL, facets=()))

    def every(self) -> Iterator[tuple[int, int, Stored]]:
        """Generates key, document and stored row of every paragraph, as they lie."""
        for row in self.rows(EVERY):
            yield row.paragraph, row.document, unpack(row.stored)

    # --- how ---

    def _ask(self, asking: Asking) -> None:
        if asking.bodies:
            asking.answers = self.access.search(self.generation, asking.bodies)

    @cached_property
    def _totals(self) -> Totals:
        fields = token_fields()
        aggs: dict[str, Any] = {"years": values_of("year")}
        for name in fields:
            column = f"{LENGTH}.{name}"
            aggs[f"sum {name}"] = {"sum": {"field": column}}
            aggs[f"held {name}"] = {"filter": {"range": {column: {"gt": 0}}}}
        asking = Asking(self._left_out)
        answer = asking.add({"match_all": {}}, aggs=aggs)
        self._ask(asking)
        found, told = answer(), answer()["aggregations"]
        return Totals(
            total_of(found),
            tuple(sorted(year for year, _count in counted_in(told["years"]) if year)),
            {
                name: (told[f"held {name}"]["doc_count"], round(told[f"sum {name}"]["value"]))
                for name in fields
            },
        )

    @cached_property
    def _texts(self) -> tuple[LiteralIndex, Columns]:
        written = self.written or self
        return texts_of(written.manifest, written.rows).without(self._left_out)

    def rows(self, documents: Collection[int] | None) -> Iterator[Row]:
        """Generates the rows of ``documents``, or of EVERY one, as they lie."""
        query = kept(Everything()) if documents is EVERY else {"terms": {DOCUMENT: [*documents]}}
        exact, source = exact_fields(), {"excludes": [FOLDED, *token_fields()]}
        for hit in self._all(query, (), AT_ONCE, _source=source):
            yield Hit.of(hit, exact, ()).row

    def _matches(self, query: Query, filters: Sequence[Query]) -> tuple[list[int], list[float]]:
        """Returns the keys of all paragraphs of ``query``, as they lie, and the score of each."""
        hits = [*self._all(query, filters, KEYS_AT_ONCE, _source=False, track_scores=True)]
        return [int(hit["_id"]) for hit in hits], [hit["_score"] for hit in hits]

    def _all(
        self, query: Query, filters: Sequence[Query], at_once: int, **options: Any
    ) -> Iterator[dict[str, Any]]:
        """Generates what comes back of all paragraphs of ``query``, as they lie."""
        while True:
            asking = Asking(self._left_out)
            found = asking.add(query, filters, size=at_once, sort=IN_ORDER, track_total_hits=False, **options)
            self._ask(asking)
            hits = found()["hits"]["hits"]
            yield from hits
            if len(hits) < at_once:
                return
            options["search_after"] = hits[-1]["sort"]

    def _standing(self, question: Question) -> tuple[Question, Told]:
        """Returns ``question`` without the forms that occur in no text, of a broad word's hundreds most; and
        of each of its concepts what is left, with the number of paragraphs of each kind of form.
        """
        concepts = [*question.concepts]

        def met(one: Concept) -> Concept:
            concepts.append(one)
            return one

        for node in (question.node, question.typed, *question.counted):
            if node is not None:
                with_concepts(node, met)
        nodes = [form.node for one in concepts for form in forms_of(one)]
        held = dict(zip(nodes, self.counts(nodes), strict=True))
        known = {one: _standing(one, held) for one in dict.fromkeys(concepts)}
        change = known.__getitem__
        asked = replace(
            question,
            node=with_concepts(question.node, change),
            typed=question.typed and with_concepts(question.typed, change),
            concepts=tuple(map(change, question.concepts)),
            counted=tuple(with_concepts(node, change) for node in question.counted),
        )
        kinds = [
            AnyOf(tuple(form.node for form in forms))
            for one in asked.concepts
            for forms in (one.typed, one.same, one.narrower, one.related)
        ]
        sizes = self.counts(kinds)
        each = zip(question.concepts, asked.concepts, strict=True)
        return asked, {one: (left, sizes[4 * at : 4 * at + 4]) for at, (one, left) in enumerate(each)}

    def _page(self, question: Question) -> Slice:
        asked, known = self._standing(question)
        end = question.start + (question.size or 0)
        if end > DEEPEST:
            raise QuestionRefusedError(f"{end} paragraphs are asked for, {DEEPEST} are the most")
        asking = Asking(self._left_out)
        counts, listed, extra = asking.counts(asked), None, None
        if question.size:
            by_score = max(end, LONGEST_LIST) if question.by_signals else end
            listed = asking.listed(asked, by_score if question.sort == "relevance" else question.size)
            if instead := self._instead(asked):
                filters = [*(kept(one) for one in asked.filters), _apart_from(asked.node)]
                extra = asking.hits(instead, filters, MOST_INSTEAD, [{"_score": "desc"}, *IN_ORDER])
        self._ask(asking)
        hits, others = listed() if listed else [], extra() if extra else []
        sample = Sample([*hits, *others], self._totals, known)
        rows, candidates = sample.literal.rows_of([hit.row.paragraph for hit in hits]), None
        if question.by_signals and question.size:
            extras = sample.literal.rows_of([hit.row.paragraph for hit in others])
            rows, candidates = EmbeddedEngine(sample).reranked(question, rows, extras)
        if question.sort == "relevance":  # other orders were cut to the page where they were made
            rows = rows[question.start : end]
        added = NONE if candidates is None else candidates.keys[candidates.is_extra]
        return self._slice(
            asked,
            counts(),
            sample.literal,
            sample.columns,
            rows,
            hits=[sample.columns.stored(row) for row in rows.tolist()],
            extra=len(added),
            is_extra=tuple(np.isin(sample.literal.ids[rows], added).tolist()),
            candidates=candidates,
        )

    def _whole(self, question: Question) -> Slice:
        """All that match, in the texts that this process keeps."""
        (asked, known), (folded, values) = self._standing(question), self._texts
        asking = Asking(self._left_out)
        found = asking.counts(asked)
        self._ask(asking)
        counts, node, filters = found(), scored(asked.node), [kept(one) for one in asked.filters]
        keys, their = self._matches(node, filters)
        every, scores = folded.rows_of(keys), np.array(their, np.float32)
        if len(every) != counts["paragraphs"] or (every < 0).any():
            raise IndexUnavailableError(f"{self.generation}: the cluster lacks paragraphs")
        rows = ordered(Scores(every, scores), question.sort, values, len(every))
        if question.by_signals:
            best = self._reranked(question, asked, known, folded.ids[rows[:LONGEST_LIST]].tolist())
            rows = np.concatenate((folded.rows_of(best), rows[LONGEST_LIST:]))
        scores = scores if question.sort == "rows" else NONE
        return self._slice(asked, counts, folded, values, rows[question.start :], scores=scores)

    def _reranked(self, question: Question, asked: Question, known: Told, keys: list[int]) -> list[int]:
        """Returns ``keys``, of the best paragraphs by score, in the order of their signals."""
        asking = Asking(self._left_out)
        found = asking.hits(scored(asked.node), [{"ids": {"values": [*map(str, keys)]}}], len(keys))
        self._ask(asking)
        sample = Sample(found(), self._totals, known)
        rows, _ = EmbeddedEngine(sample).reranked(question, sample.literal.rows_of(keys), NONE)
        return list(sample.literal.ids[rows].tolist())

    def _slice(
        self,
        asked: Question,
        counts: dict[str, Any],
        folded: Texts,
        values: Columns,
        rows: Numbers,
        **more: Any,
    ) -> Slice:
        """Returns the slice of ``rows`` of ``folded``, with what is counted beside it."""
        found = Slice(
            **counts,
            folded=folded,
            values=values,
            rows=rows,
            phrases=tuple(_known(self._sums, asked.phrases, self._summed)),
            counted=tuple(self.counts(asked.counted)),
            standing=frozenset(form.text for one in asked.concepts for form in forms_of(one)),
            **more,
        )
        if asked.typed is None:
            return found
        if not asked.filters and self.counts([asked.typed]) == [found.paragraphs]:
            return replace(found, typed=replace(found, hits=[]))  # what was added found no more
        return replace(found, typed=self._page(asked.as_typed))

    def _instead(self, asked: Question) -> dict[str, Any] | None:
        """Builds the query for what is related to concepts that match nowhere; None without such."""
        if not asked.by_signals or not isinstance(asked.node, Ranked):
            return None
        absent = [
            one
            for one in asked.concepts
            if one.related and not (one.is_place or one.typed or one.same or one.narrower)
        ]
        return instead_of(absent) if absent else None


def _known(known: dict[T, int], wanted: Sequence[T], ask: Callable[[Sequence[T]], list[int]]) -> list[int]:
    """Returns the numbers of ``wanted``; those that are not ``known`` are asked for, together."""
    found = {one: known.get(one, UNKNOWN) for one in wanted}
    if asked := [one for one, count in found.items() if count == UNKNOWN]:
        came = dict(zip(asked, ask(asked), strict=True))
        if len(known) > KEPT:
            known.clear()
        known.update(came)
        found |= came
    return [found[one] for one in wanted]


def _standing(concept: Concept, held: dict[AnyNode, int]) -> Concept:
    def standing(forms: Iterable[Form]) -> tuple[Form, ...]:
        texts: set[str] = set()
        found = []
        for form in forms:
            if held[form.node] and (len(texts) < MOST_FORMS or form.text in texts):
                found.append(form)
                texts.add(form.text)
        return tuple(found)

    return replace(
        concept,
        typed=standing(concept.typed),
        same=standing(concept.same),
        narrower=standing(concept.narrower),
        related=standing(concept.related),
    )


def _apart_from(node: AnyNode) -> dict[str, Any]:
    return {"bool": {"must_not": [kept(node), kept(Filter("kind", FRAME))]}}
