"""Beside the concordance: the words of the same paragraphs, and the years; as pages, JSON and CSV."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from archive.opendata.tables import Table, table_response
from archive.schemas import answers
from archive.schemas.base import fields_of
from archive.views.respond import json_response
from search.http.addresses import search_address, with_parameters
from search.http.serving import answering
from search.live.index import OpenIndex, live_index
from search.query import Field, Phrase, Together, unparse
from search.query.messages import message_of
from search.query.request import AskedLines
from search.schemas import lines
from search.schemas.results import Corpus

from .collocations import Collocates, Year, by_year, collocates
from .kwic import places_asked
from .views import read_lines


@answers(lines.Collocates)
@require_safe
@cache_control(no_cache=True)
@answering
def words(request: HttpRequest, twin: bool | str = False) -> HttpResponseBase:
    """``/concordance/collocates``: words that stand in the same paragraphs more often than by chance."""
    asked, index = read_lines(request.GET), live_index()
    found, within, understood = places_asked(asked, index)
    counted = collocates(index, found, within) if asked.phrase else Collocates((), 0, len(index.literal), 0)
    if twin in ("csv", "xlsx"):
        head = [_("词"), _("同段"), _("含该词的段"), _("按偶然应有"), _("关联强度")]
        rows = (
            (w.word, w.together, w.paragraphs, f"{w.expected:.2f}", f"{w.strength:.2f}")
            for w in counted.words
        )
        return table_response(Table(_("同段的词-%(q)s") % {"q": asked.phrase[:40]}, head, rows), twin)
    if twin:
        return json_response(
            lines.Collocates(
                **_asked_as_json(asked),
                paragraphs=counted.holding,
                of=counted.size,
                read=counted.read,
                words=[
                    lines.Collocate(
                        word=w.word,
                        together=w.together,
                        paragraphs=w.paragraphs,
                        expected=round(w.expected, 3),
                        strength=round(w.strength, 3),
                    )
                    for w in counted.words
                ],
                corpus=_corpus(index),
            )
        )
    most = max((w.strength for w in counted.words), default=1.0)
    context = _context(request, asked, index, understood) | {
        "counted": counted,
        "words": [(w, 100 * w.strength / most, _both(asked, w.word)) for w in counted.words],
    }
    return render(request, "search/concordance_words.html", context)


@answers(lines.PhraseYears)
@require_safe
@cache_control(no_cache=True)
@answering
def years(request: HttpRequest, twin: bool | str = False) -> HttpResponseBase:
    """``/concordance/years``: how often a phrase stands in the documents of each year."""
    asked, index = read_lines(request.GET), live_index()
    found, within, understood = places_asked(asked, index)
    counted = by_year(index, found, within)
    if twin in ("csv", "xlsx"):
        head = [_("年份"), _("处"), _("段"), _("文件"), _("该年共有的段")]
        rows = ((y.year, y.occurrences, y.paragraphs, y.documents, y.of) for y in counted)
        return table_response(Table(_("各年-%(q)s") % {"q": asked.phrase[:40]}, head, rows), twin)
    if twin:
        total = lines.PhraseTotal(occurrences=len(found), paragraphs=sum(y.paragraphs for y in counted))
        return json_response(
            lines.PhraseYears(
                **_asked_as_json(asked),
                total=total,
                years=[_year_as_json(year) for year in counted],
                corpus=_corpus(index),
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
    """The search for the paragraphs in which the phrase and the word both stand."""
    return search_address(unparse(Together((Phrase(asked.phrase), Phrase(word), *asked.fields))))


def _of_year(request: HttpRequest, year: Year) -> str:
    """The lines of one year; none where the documents have no year."""
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


def _asked_as_json(asked: AskedLines) -> dict[str, Any]:
    """What was asked, as the types of ``search.schemas.lines`` name it."""
    return {
        "query": asked.q,
        "phrase": asked.phrase,
        "conditions": unparse(Together(asked.fields)) if asked.fields else None,
        "filters": {name: list(values) for name, values in asked.filters.items()},
        "not_left": asked.not_left,
        "not_right": asked.not_right,
    }


def _year_as_json(year: Year) -> lines.PhraseYear:
    return lines.PhraseYear(
        year=year.year or None,
        occurrences=year.occurrences,
        paragraphs=year.paragraphs,
        documents=year.documents,
        of=year.of,
    )


def _corpus(index: OpenIndex) -> Corpus:
    return Corpus(
        paragraphs=index.manifest.paragraphs,
        documents=len(index.manifest.documents),
        indexed_at=index.manifest.indexed_at,
        **fields_of(index.coverage.as_json()),
    )
