"""Collocations: words that occur in the same paragraphs as a phrase more often than by chance, by year.

The counts are those of the word index over all paragraphs, never of a sample: paragraphs with both, with the
word, with the phrase. Only the candidate words may come from a part of a long list, evenly spread. Ranked by
log-likelihood (T. Dunning, Accurate Methods for the Statistics of Surprise and Coincidence, 1993).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log
from typing import Any

import numpy as np
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from msgspec.structs import replace

from archive.opendata.tables import Table, table_response
from archive.values import Schema, answers
from archive.views.respond import json_response
from search.http.addresses import search_address, with_parameters
from search.http.serving import answering
from search.index.coverage import Corpus
from search.index.occurrences import Places
from search.live.index import OpenIndex, live_index
from search.query import Field, Phrase, Together, unparse
from search.query.conditions import TEXT
from search.query.messages import message_of
from search.query.request import AskedLines
from search.text.analyzer import Token, analyze
from search.text.folding import fold_literally, fold_words
from search.text.marked_words import is_character, only_asks

from .kwic import places_asked
from .views import AskedPhrase, asked_facts, read_lines

MOST_READ = 300  # paragraphs whose words are looked at
MOST_WEIGHED = 150  # words that are counted over all paragraphs
MOST_SHOWN = 60
LEAST_TOGETHER = 2
LEAST_STRENGTH = 3.84  # beyond chance at one in twenty


class Collocate(Schema, frozen=True):
    """A word: paragraphs ``together`` with the phrase, all its own, how many chance would give."""

    word: str
    together: int
    paragraphs: int
    expected: float
    strength: float  # the log-likelihood


@dataclass(frozen=True, slots=True)
class Words:
    """Collocates of a phrase that is in ``holding`` of ``size`` rows, ``read`` of which were examined."""

    words: tuple[Collocate, ...]
    holding: int
    size: int
    read: int


class PhraseYear(Schema, frozen=True):
    """A year (null: of documents without one), of whose paragraphs, ``of``, so many hold the phrase."""

    year: str | None
    occurrences: int
    paragraphs: int
    documents: int
    of: int


def collocates(index: OpenIndex, found: Places, within: np.ndarray | None = None) -> Words:
    """Ranks the words near the places ``found``, strongest first; only in the rows ``within`` where given."""
    size = len(index.literal)
    counted = np.ones(size, bool)
    if within is not None:
        counted = np.zeros(size, bool)
        counted[within] = True
    rows = index.literal.distinct(found.rows)
    holding = np.zeros(size, bool)
    holding[rows] = True
    read = rows[np.unique(np.linspace(0, len(rows) - 1, min(len(rows), MOST_READ)).astype(int))]
    total = int(counted.sum())
    weighed = (
        _weighed(index, term, holding, counted, len(rows), total)
        for term in _candidates(index, read, found.match)
    )
    kept = [one for one in weighed if one.together >= LEAST_TOGETHER and one.strength >= LEAST_STRENGTH]
    kept.sort(key=lambda one: (-one.strength, one.word))
    return Words(tuple(kept[:MOST_SHOWN]), len(rows), total, len(read))


def _candidates(index: OpenIndex, rows: Sequence[int], match: str) -> Iterator[str]:
    """Generates the words of the paragraphs ``rows``, those in most of them first; none that is part of the
    phrase, or that the phrase is part of.
    """
    often: Counter[str] = Counter()
    for row in rows:
        tokens = analyze(index.columns.stored(int(row))["text"])
        often.update({token.term for token in tokens if _is_word(token)})
    # Which words are weighed at all must not hang on the order of a set, which is another in each process.
    in_order = sorted(often, key=lambda term: (-often[term], term))
    apart = (term for term in in_order if not _overlap(term, match))
    for number, term in enumerate(apart):
        if number == MOST_WEIGHED:
            return
        yield term


def _is_word(token: Token) -> bool:
    return token.kind == "word" and len(token.term) > 1 and not is_character(token) and not only_asks(token)


def _overlap(term: str, match: str) -> bool:
    forms = (fold_literally(term), match), (term, fold_words(match))
    return any(one in other or other in one for one, other in forms)


def _weighed(
    index: OpenIndex, term: str, holding: np.ndarray, counted: np.ndarray, phrase: int, size: int
) -> Collocate:
    rows = index.reader.term(TEXT, term).rows
    rows = rows[counted[rows]]
    together, word = int(holding[rows].sum()), len(rows)
    expected = phrase * word / size if size else 0.0
    strength = log_likelihood(together, phrase, word, size) if together > expected else 0.0
    return Collocate(term, together, word, expected, strength)


def log_likelihood(together: int, one: int, other: int, size: int) -> float:
    """Computes Dunning's G² of two things found in ``one`` and ``other`` of ``size`` paragraphs, ``together``
    in the same.

    >>> log_likelihood(2, 4, 5, 10)  # what chance would have it
    0.0
    """
    cells = (
        (together, one, other),
        (one - together, one, size - other),
        (other - together, size - one, other),
        (size - one - other + together, size - one, size - other),
    )
    return 2 * sum(seen * log(seen * size / (row * column)) for seen, row, column in cells if seen)


def by_year(index: OpenIndex, found: Places, within: np.ndarray | None = None) -> list[PhraseYear]:
    """Returns the places ``found`` by the year of their documents, every year that the archive has, in order;
    those without a year last. Only among the rows ``within`` where given.
    """
    column = index.columns["year"]
    values = [*column.values, ""]
    numbers = np.where(column.first < 0, len(values) - 1, column.first)
    rows = index.literal.distinct(found.rows)
    everything = np.arange(len(index.literal)) if within is None else within
    size = len(values)
    occurrences = np.bincount(numbers[found.rows], minlength=size)
    paragraphs = np.bincount(numbers[rows], minlength=size)
    of = np.bincount(numbers[everything], minlength=size)
    pairs = np.unique(np.stack([numbers[rows], index.literal.documents[rows]]), axis=1)
    documents = np.bincount(pairs[0], minlength=size)
    # A value may stand twice: once held, once for what has none.
    summed: dict[str, np.ndarray] = {}
    for number, value in enumerate(values):
        counts = np.array([each[number] for each in (occurrences, paragraphs, documents, of)])
        summed[value] = summed.get(value, 0) + counts
    in_order = sorted(summed.items(), key=lambda one: one[0] or "~")
    return [PhraseYear(value or None, *counts.tolist()) for value, counts in in_order if counts[-1]]


# Beside the concordance: the words of the same paragraphs, and the years; as pages, JSON and CSV.


class Collocates(AskedPhrase, frozen=True, kw_only=True):
    """The collocates of a phrase: ``paragraphs`` of ``of`` contain it, ``read`` of which were examined."""

    paragraphs: int
    of: int
    read: int
    words: list[Collocate]
    corpus: Corpus


class PhraseTotal(Schema, frozen=True, kw_only=True):
    """The numbers of occurrences and of their paragraphs."""

    occurrences: int
    paragraphs: int


class PhraseYears(AskedPhrase, frozen=True, kw_only=True):
    """The occurrences of a phrase by year of the document."""

    total: PhraseTotal
    years: list[PhraseYear]
    corpus: Corpus


@answers(Collocates)
@require_safe
@cache_control(no_cache=True)
@answering
def words(request: HttpRequest, twin: bool | str = False) -> HttpResponseBase:
    """Shows ``/concordance/collocates``: words in the same paragraphs more often than by chance."""
    asked, index = read_lines(request.GET), live_index()
    found, within, understood = places_asked(asked, index)
    counted = collocates(index, found, within) if asked.phrase else Words((), 0, len(index.literal), 0)
    if twin in ("csv", "xlsx"):
        head = [_("词"), _("同段"), _("含该词的段"), _("按偶然应有"), _("关联强度")]
        rows = (
            (w.word, w.together, w.paragraphs, f"{w.expected:.2f}", f"{w.strength:.2f}")
            for w in counted.words
        )
        return table_response(Table(_("同段的词-%(q)s") % {"q": asked.phrase[:40]}, head, rows), twin)
    if twin:
        return json_response(
            Collocates(
                **asked_facts(asked),
                paragraphs=counted.holding,
                of=counted.size,
                read=counted.read,
                words=[
                    replace(w, expected=round(w.expected, 3), strength=round(w.strength, 3))
                    for w in counted.words
                ],
                corpus=index.corpus,
            )
        )
    most = max((w.strength for w in counted.words), default=1.0)
    context = _context(request, asked, index, understood) | {
        "counted": counted,
        "words": [(w, 100 * w.strength / most, _both(asked, w.word)) for w in counted.words],
    }
    return render(request, "search/concordance_words.html", context)


@answers(PhraseYears)
@require_safe
@cache_control(no_cache=True)
@answering
def years(request: HttpRequest, twin: bool | str = False) -> HttpResponseBase:
    """Shows ``/concordance/years``: the occurrences of a phrase by year of the document."""
    asked, index = read_lines(request.GET), live_index()
    found, within, understood = places_asked(asked, index)
    counted = by_year(index, found, within)
    if twin in ("csv", "xlsx"):
        head = [_("年份"), _("处"), _("段"), _("文件"), _("该年共有的段")]
        rows = ((y.year, y.occurrences, y.paragraphs, y.documents, y.of) for y in counted)
        return table_response(Table(_("各年-%(q)s") % {"q": asked.phrase[:40]}, head, rows), twin)
    if twin:
        total = PhraseTotal(occurrences=len(found), paragraphs=sum(y.paragraphs for y in counted))
        return json_response(
            PhraseYears(
                **asked_facts(asked),
                total=total,
                years=counted,
                corpus=index.corpus,
            )
        )
    most = max((y.occurrences for y in counted), default=0) or 1
    context = _context(request, asked, index, understood) | {
        "occurrences": len(found),
        "paragraphs": sum(y.paragraphs for y in counted),
        "documents": sum(y.documents for y in counted),
        "years": [
            (y, 100 * y.occurrences / most, y.paragraphs / y.of, _of_year(request, y)) for y in counted
        ],
    }
    return render(request, "search/concordance_years.html", context)


def _both(asked: AskedLines, word: str) -> str:
    """Returns the address of the search for paragraphs with both phrase and word."""
    return search_address(unparse(Together((Phrase(asked.phrase), Phrase(word), *asked.fields))))


def _of_year(request: HttpRequest, year: PhraseYear) -> str:
    """Returns the lines of one year; none where the documents have no year."""
    if not (year.year and year.occurrences):
        return ""
    return reverse("concordance") + with_parameters(request.GET, year=year.year)


def _context(request: HttpRequest, asked: AskedLines, index: OpenIndex, understood) -> dict[str, Any]:
    fields: tuple[Field, ...] = asked.fields
    return {
        "asked": asked,
        "conditions": unparse(Together(fields)) if fields else "",
        "filtered": bool(fields or asked.filters),
        "problems": [message_of(problem) for problem in understood.plan.problems] if understood else [],
        "lines": reverse("concordance") + with_parameters(request.GET),
        "here": request.path,
        "corpus": len(index.literal),
        "coverage": index.coverage,
    }
