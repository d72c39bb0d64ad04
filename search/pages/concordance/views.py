"""The concordance as a page, as JSON and as CSV."""

from __future__ import annotations

import datetime as dt
from itertools import zip_longest
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from archive.site.http.paging import check_page, cursor_parameter, list_page, page_number
from archive.site.http.parameters import LONGEST_QUERY, LONGEST_TEXT, ORDERS_OF_LINES
from archive.site.opendata.tables import Columns, Table, date_columns, table_response
from archive.site.presenters.wording import moment_in_words, recognized_in_words
from archive.site.views.respond import json_response
from archive.store.addresses.paths import paragraph_path
from archive.store.reading.languages import counterparts
from archive.store.values import UNSET, Counted, Schema, UnsetType, answers
from search.engine.index.coverage import Corpus, file_name
from search.pages.http.addresses import plain_text, with_parameters
from search.pages.http.serving import search_page
from search.pages.results.forms import filters_of
from search.pages.results.presenter import chips, sorts
from search.query.language.ast import Field, Node, Phrase, Together, Words
from search.query.language.messages import message_of
from search.query.language.request import AskedLines
from search.query.language.unparse import unparse

from .kwic import Line, Lines, concordance, lines_of


class LineTotal(Schema, frozen=True, kw_only=True):
    """The totals; ``excluded`` by neighbouring words, ``elsewhere`` without the conditions."""

    occurrences: int
    paragraphs: int
    documents: int
    excluded: int
    elsewhere: int


class LineProblem(Schema, frozen=True, kw_only=True):
    """A part of the query that could not be understood."""

    code: str
    text: str
    message: str


class ParagraphBeside(Schema, frozen=True, kw_only=True):
    """The paragraph of the same official number in another language."""

    language: str
    url: str
    text: str
    ocr_confidence: int | None


class Concordance(Schema, frozen=True, kw_only=True):
    """Every occurrence of a phrase, a line each, with the conditions and the words excluded on either side;
    ``variants`` and ``nearby``: other words, how often.
    """

    query: str
    phrase: str
    conditions: str | None
    filters: dict[str, list[str]]
    not_left: str
    not_right: str
    sort: str
    page: int
    pages: int
    next: str | None
    total: LineTotal
    errors: list[LineProblem]
    lines: list[Line]
    beside: list[list[ParagraphBeside]] | UnsetType = UNSET
    variants: list[Counted]
    nearby: list[Counted]
    corpus: Corpus


@answers(Concordance)
@search_page()
def page(request: HttpRequest, twin: bool = False) -> HttpResponse:
    found = concordance(read_lines(request.GET))
    check_page(found.asked.page, found.pages)
    if twin:
        following = with_parameters(request.GET, page=None, after=found.following) if found.following else ""
        return json_response(_value(request.GET, found, request.path + following if following else None))
    template = "search/concordance.html" if found.asked.phrase else "search/concordance_ask.html"
    return render(request, template, _context(request, found))


@search_page()
def table(request: HttpRequest, ending: str) -> HttpResponseBase:
    """Shows every line, whatever the page."""
    found = concordance(read_lines(request.GET))
    columns: Columns = {
        _("文号"): "symbol",
        _("位置"): "place",
        **date_columns(),
        _("发言或答复"): "who",
        _("左文"): "left",
        _("检索词"): "keyword",
        _("右文"): "right",
        _("网址"): lambda line: request.build_absolute_uri(line.url),
        _("说明"): lambda line: recognized_in_words(line.ocr_confidence),
    }
    name = file_name(_("逐词索引-%(q)s") % {"q": found.asked.phrase[:40]}, found.index.coverage)
    lines = Table.of(name, columns, lines_of(found.found, found.places))
    return table_response(lines, ending, found.index.coverage.as_headers())


def _beside(parameters: QueryDict, found: Lines) -> list[list[ParagraphBeside]]:
    """Returns for each line the same paragraph in other languages; none where nobody asks for them."""
    if not parameters.get("beside"):
        return []
    places = [(line.symbol, line.language, line.anchor) for line in found.lines]
    others = counterparts(set(places))
    return [
        [
            ParagraphBeside(
                language=text.language,
                url=paragraph_path(text.symbol, paragraph.anchor, language=text.language),
                text=paragraph.text,
                ocr_confidence=paragraph.ocr_confidence,
            )
            for text, paragraph in others[place]
            if paragraph
        ]
        for place in places
    ]


def read_lines(parameters: QueryDict) -> AskedLines:
    """Parses a concordance request. Raises BadRequestError for an invalid page."""
    return AskedLines(
        plain_text(parameters.get("q", ""), LONGEST_QUERY),
        plain_text(parameters.get("not_left", ""), LONGEST_TEXT),
        plain_text(parameters.get("not_right", ""), LONGEST_TEXT),
        parameters.get("sort") or ORDERS_OF_LINES[0],
        page_number(parameters),
        filters_of(parameters),
        cursor_parameter(parameters),
    )


def _context(request: HttpRequest, found: Lines) -> dict[str, Any]:
    parameters, asked = request.GET, found.asked
    query = with_parameters(parameters)
    orders = {"right": _("右文"), "left": _("左文"), "date": _("日期"), "document": _("文件")}
    only = {name: list(values) for name, values in asked.filters.items()}

    def address(phrase: str) -> str:
        """Returns the concordance of another phrase under the same conditions."""
        return concordance_address(_query_with_fields(phrase, asked.fields), **only)

    def results(node: Node) -> str:
        return reverse("search") + with_parameters(QueryDict(), q=_query(node, asked.fields), **only)

    beside = _beside(parameters, found)
    return {
        "found": found,
        "asked": asked,
        "lines": list(zip_longest(found.lines, beside)),
        "with_others": with_parameters(parameters, beside=None if beside else "1"),
        "beside": beside,
        "several": len(found.found.values["language"].held) > 1,
        "problems": [message_of(problem) for problem in found.problems],
        "conditions": unparse(Together(asked.fields)) if asked.fields else "",
        "chips": chips(asked.filters, found.names, parameters),
        "without_fields": concordance_address(asked.phrase, **only),
        "unconditioned": concordance_address(asked.phrase),
        "sorts": sorts(orders, asked.sort, parameters),
        "listing": list_page(request, asked.page, found.pages, found.occurrences),
        "variants": [(v.text, v.count, address(v.text)) for v in found.variants],
        "nearby": [(text, count, address(text)) for text, count in found.nearby],
        "as_results": results(Phrase(asked.phrase)),
        "as_words": results(Words(asked.phrase)),
        "everything": address(asked.phrase),
        "twin": reverse("concordance_json") + query,
        "table": reverse("concordance_csv") + with_parameters(parameters, page=None),
        "coverage": found.index.coverage,
        "indexed_at": moment_in_words(dt.datetime.fromisoformat(found.corpus.indexed_at)),
    }


def _query_with_fields(phrase: str, fields: tuple[Field, ...]) -> str:
    """Returns a query of the concordance: the phrase as it is, quoted where fields stand beside it."""
    return unparse(Together((Phrase(phrase), *fields))) if fields else phrase


def _query(node: Node, fields: tuple[Field, ...]) -> str:
    if isinstance(node, Words) and not fields:
        return node.text
    return unparse(Together((node, *fields)) if fields else node)


def concordance_address(q: str, **only: list[str]) -> str:
    return reverse("concordance") + with_parameters(QueryDict(), q=q, **only)


def _value(parameters: QueryDict, found: Lines, following: str | None) -> Concordance:
    asked = found.asked
    return Concordance.from_row(
        found,
        query=asked.q,
        phrase=asked.phrase,
        conditions=unparse(Together(asked.fields)) if asked.fields else None,
        filters={name: list(values) for name, values in asked.filters.items()},
        not_left=asked.not_left,
        not_right=asked.not_right,
        sort=asked.sort,
        page=asked.page,
        next=following,
        total=LineTotal.from_row(found),
        errors=[LineProblem(code=str(p.code), text=p.text, message=message_of(p)) for p in found.problems],
        lines=list(found.lines),
        beside=_beside(parameters, found) or UNSET,
        variants=[(variant.text, variant.count) for variant in found.variants],
        nearby=list(found.nearby),
    )
