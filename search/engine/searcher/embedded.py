"""The engine on this machine: questions answered from postings, columns, the suffix array and vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from search.engine.index.columns import Columns
from search.engine.index.literal import Occurrences
from search.engine.meaning.vectors import LEAST, SOME, AllMeanings, Nearness
from search.engine.protocol import (
    ALL,
    LONGEST_LIST,
    NEWEST_FIRST,
    NONE,
    Candidates,
    Numbers,
    Question,
    Slice,
    Stored,
)
from search.query.language.conditions import SINGLE, AnyNode, Filter, Ranked, Term

from .reader import Reader
from .scoring import MemoizingSource, Scores, evaluate, holding_all, match_concept, standing_in
from .signals import FRAME, ranked, signals_of, weights

MOST_INSTEAD = 40  # paragraphs with what stands instead of a word
LEAST_ALONE = 0.35  # cosine of what is listed where the words, and what is related to them, find nothing
SENTENCE = 3  # units that together tell what is meant, though none stands anywhere
PAGEFUL = 20  # paragraphs that hold the one word asked for need no others beside them


class EmbeddedEngine:
    """The ``Index`` of an open generation; caches intermediate results, so it is not for long."""

    def __init__(self, reader: Reader, meanings: AllMeanings | None = None) -> None:
        self.meanings = meanings
        self.reader = MemoizingSource(reader)  # what it does not keep itself it asks the reader

    def counts(self, conditions: Sequence[AnyNode]) -> list[int]:
        return [
            self.reader.frequency(one.field, one.value)
            if isinstance(one, Term)
            else len(evaluate(one, self.reader).rows)
            for one in conditions
        ]

    def sums(self, phrases: Sequence[str]) -> list[int]:
        return [self.reader.literal.count(phrase) for phrase in phrases]

    def stored(self, ids: Sequence[int]) -> list[Stored]:
        rows = self.reader.literal.rows_of(ids).tolist()
        return [self.reader.columns.stored(row) for row in rows if row >= 0]

    def near(self, meaning: Numbers) -> Nearness:
        """Returns how near the rows are. To the model all texts in the language of the query are nearer than
        those in another, which are raised until the mean of each language is the same.
        """
        assert self.meanings is not None
        likest, wholes = self.meanings.likeness(meaning)
        languages = self.reader.columns["language"]
        of_each = (rows[likest[rows] != 0] for rows in (languages.rows((one,)) for one in languages.held))
        means = [(rows, float(likest[rows].mean())) for rows in of_each if len(rows)]
        for rows, mean in means:
            for cosines in (likest, wholes):
                cosines[rows] += max(most for _rows, most in means) - mean
        return Nearness(likest, wholes)

    def slice(self, question: Question) -> Slice:
        reader, columns = self.reader, self.reader.columns
        kept, others = filtered(evaluate(question.node, reader), question.filters, columns)
        phrases = [reader.phrase(phrase) for phrase in question.phrases]
        every = question.size is ALL
        end = len(kept.rows) if every else question.start + (question.size or 0)
        most = max(end, LONGEST_LIST) if question.by_signals else end
        best = ordered(kept, question.sort, columns, most) if every or question.size else NONE
        rows, candidates = self.in_order(question, best)
        rows = rows[question.start : end]
        extra = NONE if candidates is None else candidates.keys[candidates.is_extra]
        found = Slice(
            folded=reader.literal,
            values=columns,
            rows=rows,
            scores=kept.scores if question.sort == "rows" else NONE,
            hits=[] if every else [columns.stored(row) for row in rows.tolist()],
            paragraphs=len(kept.rows),
            documents=columns["symbol"].different(kept.rows),
            occurrences=_occurrences(kept.rows, phrases, len(columns)),
            all_terms_count=int(holding_all(question.concepts, kept.rows, reader).sum())
            if question.concepts
            else 0,
            phrases=tuple(phrase.total for phrase in phrases),
            facets={name: columns[name].counted(kept.rows, question.most) for name in question.facets},
            facet_alternatives={name: columns[name].counted(rows) for name, rows in others.items()},
            extra=len(extra),
            is_extra=() if every else tuple(np.isin(reader.literal.ids[rows], extra).tolist()),
            counted=tuple(len(evaluate(node, reader).rows) for node in question.counted),
            standing=frozenset(
                text for one in question.concepts for text in match_concept(one, reader).standing
            ),
            candidates=candidates,
        )
        return found if question.typed is None else replace(found, typed=self._as_typed(question, found))

    def _as_typed(self, question: Question, found: Slice) -> Slice:
        """Returns the totals without added terms: some of ``found``, or all."""
        typed = question.as_typed
        if not question.filters and len(evaluate(typed.node, self.reader).rows) == found.paragraphs:
            return replace(found, hits=[])
        return self.slice(typed)

    def in_order(self, question: Question, best: Numbers) -> tuple[Numbers, Candidates | None]:
        """Returns ``best``, the first rows by score, in the order of the list: by relevance the first are
        reranked by their signals, semantically near rows among them where a page is wanted.
        """
        if not question.by_signals:
            return best, None
        near = None if question.meaning is None else self.near(question.meaning)
        extra = self._extra_rows(question, near) if question.size else NONE
        return self.reranked(question, best, extra, near)

    def reranked(
        self, question: Question, best: Numbers, extra: Numbers, near: Nearness | None = None
    ) -> tuple[Numbers, Candidates | None]:
        """Returns the first of ``best``, and ``extra`` rows, by their signals; then the rest of ``best``."""
        rows = np.sort(np.concatenate((best[:LONGEST_LIST], extra)).astype(np.int64))
        if not len(rows):
            return rows, None
        signals = signals_of(question, rows, self.reader, near)
        first = ranked(signals, rows, weights(by_words=near is None))
        candidates = Candidates(self.reader.literal.ids[rows], signals, np.isin(rows, extra))
        return np.concatenate((first, best[LONGEST_LIST:])), candidates

    def _extra_rows(self, question: Question, near: Nearness | None) -> Numbers:
        """Returns rows that do not match but join the list: those of related terms for a word that occurs
        nowhere; and semantically near ones, which join the matches of several words, or are the whole list
        where nothing matches. Text, within the filters, and in no total; none for phrases, fields and
        operators.
        """
        if not isinstance(question.node, Ranked):
            return NONE
        found, columns = evaluate(question.node, self.reader).rows, self.reader.columns
        allowed = np.ones(len(columns), np.bool_)
        allowed[columns["kind"].rows(FRAME)] = False
        allowed[found] = False
        for wanted in question.filters:
            allowed &= passing(wanted, columns)
        instead = standing_in(question.concepts, self.reader)
        rows = ordered(
            Scores(instead.rows[allowed[instead.rows]], instead.scores[allowed[instead.rows]]),
            "relevance",
            columns,
            MOST_INSTEAD,
        )
        units = sum(not one.is_place for one in question.concepts)
        if near is None or units == 1 and len(found) >= PAGEFUL:
            return rows
        told = len(found) or units >= SENTENCE
        return np.union1d(rows, near.nearest(allowed, LEAST if told else SOME if len(rows) else LEAST_ALONE))


def _occurrences(rows: Numbers, phrases: Sequence[Occurrences], size: int) -> int:
    counts = np.zeros(size if phrases else 0, np.int32)
    for phrase in phrases:
        counts[phrase.rows] += phrase.counts
    return int(counts[rows].sum()) if phrases else 0


def filtered(
    scores: Scores, filters: tuple[Filter, ...], columns: Columns
) -> tuple[Scores, dict[str, Numbers]]:
    """Returns the rows that pass all filters, and by field those that fail only the filter on it."""
    if not filters:
        return scores, {}
    failed = np.zeros(len(scores.rows), np.int16)
    failing = []
    for wanted in filters:
        fails = ~passing(wanted, columns)[scores.rows]
        failed += fails
        failing.append((wanted.field, fails))
    beside = {name: scores.rows[fails & (failed == 1)] for name, fails in failing if name in SINGLE}
    kept = failed == 0
    return Scores(scores.rows[kept], scores.scores[kept]), beside


def passing(wanted: Filter, columns: Columns) -> Numbers:
    """Returns, for each row, True if it passes a filter."""
    passes: Numbers = np.zeros(len(columns), np.bool_)
    passes[columns[wanted.field].rows(wanted.values)] = True
    return passes


def ordered(kept: Scores, sort: str, columns: Columns, end: int) -> Numbers:
    """Returns the first ``end`` rows by ``relevance``, ``date`` or ``since`` (newest first), ``document``, or
    as they lie (``rows``).

    What is equal stands in the order of the rows, so that the order is total.
    """
    rows, scores = kept
    if sort == "relevance":
        if len(rows) > 4 * end > 0:  # only those that reach the last of the best need be put in order
            least = np.partition(scores, len(scores) - end)[len(scores) - end]
            best = scores >= least
            rows, scores = rows[best], scores[best]
        return rows[np.lexsort((rows, -scores))][:end]
    if sort == "rows":
        return rows[:end]
    keys = [rows, columns["symbol"].first[rows]]
    if sort in NEWEST_FIRST:
        keys.append(-columns[NEWEST_FIRST[sort]].first[rows])
    return rows[np.lexsort(keys)][:end]
