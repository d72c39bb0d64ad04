"""The engine on this machine: questions answered from postings, columns, the suffix array and vectors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from archive.models import Document
from search.engine.index.columns import Columns
from search.engine.index.literal import LiteralIndex, Occurrences, places_of
from search.engine.meaning.vectors import LEAST, SOME, AllMeanings, Nearness
from search.query.language.conditions import SINGLE, TEXT, Contains, Filter, Ranked
from search.query.language.vocabulary import Vocabulary
from search.query.text.folding import fold_words
from search.query.text.marked_words import stands_at_borders

from .protocols import LONGEST_LIST, NEWEST_FIRST, Candidates, Found, Numbers, Question
from .reader import Reader
from .scoring import MemoizingSource, Scores, evaluate, holding_all, match_concept, standing_in
from .signals import FRAME, ranked, signals_of, weights

MOST_INSTEAD = 40  # paragraphs with what stands instead of a word
LEAST_ALONE = 0.35  # cosine of what is listed where the words, and what is related to them, find nothing
SENTENCE = 3  # units that together tell what is meant, though none stands anywhere
PAGEFUL = 20  # paragraphs that hold the one word asked for need no others beside them
NONE: Numbers = np.empty(0, np.int64)
MOST_ROWS = 20  # paragraphs that are looked at, spread over all that hold a string
MOST_PLACES = 50_000  # of the longer side of a gap


class EmbeddedEngine:
    """The search engine on an open index; caches intermediate results, so it is not for long."""

    def __init__(self, reader: Reader, meanings: AllMeanings) -> None:
        self.meanings = meanings
        # What it does not keep itself it hands on to the reader, which no type tells.
        self.reader: Reader = MemoizingSource(reader)  # type: ignore[assignment]
        self.vocabulary: Vocabulary = IndexVocabulary(reader)

    def ask(self, question: Question) -> Found:
        reader, columns = self.reader, self.reader.columns
        kept, others = filtered(evaluate(question.node, reader), question.filters, columns)
        phrases = [reader.phrase(phrase) for phrase in question.phrases]
        end = question.start + question.size
        most = max(end, LONGEST_LIST) if question.by_signals else end
        best = ordered(kept, question.sort, columns, most) if question.size else NONE
        rows, candidates = self.in_order(question, best)
        rows = rows[question.start : end]
        extra = NONE if candidates is None else candidates.keys[candidates.is_extra]
        found = Found(
            hits=[columns.stored(row) for row in rows.tolist()],
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
            is_extra=tuple(np.isin(reader.literal.ids[rows], extra).tolist()),
            counted=tuple(len(evaluate(node, reader).rows) for node in question.counted),
            standing=frozenset(
                text for one in question.concepts for text in match_concept(one, reader).standing
            ),
            candidates=candidates,
        )
        return found if question.typed is None else replace(found, typed=self._as_typed(question, found))

    def _as_typed(self, question: Question, found: Found) -> Found:
        """Returns the totals without added terms: some of ``found``, or all."""
        typed = question.as_typed
        if not question.filters and len(evaluate(typed.node, self.reader).rows) == found.paragraphs:
            return replace(found, hits=[])
        return self.ask(typed)

    def rows(self, question: Question) -> Numbers:
        """Returns all rows that match ``question``, in its order, and no others."""
        found = evaluate(question.node, self.reader)
        kept, _others = filtered(found, question.filters, self.reader.columns)
        best = ordered(kept, question.sort, self.reader.columns, len(kept.rows))
        return self.in_order(replace(question, size=0), best)[0]

    def in_order(self, question: Question, best: Numbers) -> tuple[Numbers, Candidates | None]:
        """Returns ``best``, the first rows by score, in the order of the list: by relevance the first are
        reranked by their signals, semantically near rows among them where a page is wanted.
        """
        if not question.by_signals:
            return best, None
        near = None if question.meaning is None else Nearness(*self.meanings.likeness(question.meaning))
        extra = self._extra_rows(question, near) if question.size else NONE
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
    """Returns the first ``end`` rows by ``relevance``, ``date`` or ``since`` (newest first), or ``document``.

    What is equal stands in the order of the rows, so that the order is total.
    """
    rows, scores = kept
    if sort == "relevance":
        if len(rows) > 4 * end > 0:  # only those that reach the last of the best need be put in order
            least = np.partition(scores, len(scores) - end)[len(scores) - end]
            best = scores >= least
            rows, scores = rows[best], scores[best]
        return rows[np.lexsort((rows, -scores))][:end]
    keys = [rows, columns["symbol"].first[rows]]
    if sort in NEWEST_FIRST:
        keys.append(-columns[NEWEST_FIRST[sort]].first[rows])
    return rows[np.lexsort(keys)][:end]


@dataclass(frozen=True, slots=True)
class IndexVocabulary:
    """The ``Vocabulary`` of an open index."""

    reader: Reader

    def holding(self, term: str) -> int:
        return self.reader.frequency(TEXT, term)

    def occurrences(self, string: str) -> int:
        return self.reader.literal.count(string)

    def stands_as_words(self, string: str) -> bool:
        rows = self.reader.phrase(Contains(string)).rows
        if len(rows) > MOST_ROWS:
            rows = rows[np.linspace(0, len(rows) - 1, MOST_ROWS).astype(int)]
        texts = (self.reader.columns.stored(row)["text"] for row in rows.tolist())
        return any(stands_at_borders(span, text) for text in texts for span in places_of(string, text))

    def fillings(self, before: str, behind: str) -> Counter[str]:
        return _fillings(self.reader.literal, before, behind)

    def titled(self, folded: str) -> frozenset[str]:
        titles = Document.objects.order_by("symbol").values_list("symbol", "title")
        return frozenset(symbol for symbol, title in titles if folded in "".join(fold_words(title).split()))


def _fillings(literal: LiteralIndex, before: str, behind: str) -> Counter[str]:
    anchor, other, step = (
        (before, behind, len(before) + 1) if len(before) >= len(behind) else (behind, before, 0)
    )
    if not 0 < literal.count(anchor) <= MOST_PLACES:
        return Counter()
    starts = literal.places(anchor)
    gaps = starts + len(before) if step else starts - 1
    others = starts + step if step else starts - 1 - len(before)
    inside = (others >= 0) & (others + len(other) <= literal.size) & (gaps >= 0) & (gaps < literal.size)
    gaps, others = gaps[inside], others[inside]
    for offset, character in enumerate(other):
        same = literal.characters(others + offset) == ord(character)
        gaps, others = gaps[same], others[same]
    characters, counts = np.unique(literal.characters(gaps), return_counts=True)
    letters = (
        (chr(code), int(count)) for code, count in zip(characters.tolist(), counts.tolist(), strict=True)
    )
    return Counter({before + letter + behind: count for letter, count in letters if letter.isalpha()})
