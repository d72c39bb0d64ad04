"""Whole results: as CSV, as JSON, and as a feed that a reader can follow."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from archive.bulk import batched
from archive.opendata.feeds import feed_response
from archive.opendata.tables import AT_A_TIME, Table, fingerprint_cell, table_response
from archive.presenters.recognition import recognized_in_words
from archive.values import answers, as_values, encode
from search.http.serving import answering
from search.index.dates import dates_of, heads
from search.live.index import live_index

from .answer import Hit, every_hit, whole_answer
from .coverage_words import file_name
from .feeds import feed_of
from .forms import read_request
from .values import PAGED, WholeSearch, search_value


@require_safe
@cache_control(no_cache=True)
@answering
def table(request: HttpRequest, ending: str) -> HttpResponseBase:
    """Every hit of ``/search``, in its order, whatever the page."""
    asked, index = read_request(request.GET), live_index()
    head = [
        _("文号"),
        _("位置"),
        _("题名"),
        *heads(),
        _("发言或答复"),
        _("文字"),
        _("网址"),
        _("指纹"),
        _("说明"),
    ]
    rows = (
        (
            hit.symbol,
            hit.place,
            hit.title,
            *dates_of(hit.stored).as_cells(),
            hit.who,
            hit.text,
            request.build_absolute_uri(hit.url),
            fingerprint_cell(hit.fingerprint),
            recognized_in_words(hit.ocr_confidence),
        )
        for hit in every_hit(asked, index)
    )
    name = file_name(_("检索-%(q)s") % {"q": asked.q[:40]}, index.coverage)
    return table_response(Table(name, head, rows), ending, index.coverage.as_headers())


@answers(WholeSearch)
@require_safe
@cache_control(no_cache=True)
@answering
def whole(request: HttpRequest) -> StreamingHttpResponse:
    """The JSON twin of ``/search`` with every result instead of a page of them, sent while it is written."""
    asked = replace(read_request(request.GET), page=1, group=False, after="")
    found, hits = whole_answer(asked)
    about = {name: value for name, value in as_values(search_value(found)).items() if name not in PAGED}
    response = StreamingHttpResponse(_written(about, hits), content_type="application/json; charset=utf-8")
    name = _("检索-%(q)s.json") % {"q": asked.q[:40]}
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


def _written(about: dict[str, Any], hits: Iterable[Hit]) -> Iterator[str]:
    """``about`` with ``results``, one a line."""
    yield json.dumps(about, ensure_ascii=False)[:-1] + ', "results": ['
    before = "\n"
    for some in batched(hits, AT_A_TIME):
        yield before + ",\n".join(encode(hit, indent=None) for hit in some)
        before = ",\n"
    yield "\n]}\n"


@require_safe
@cache_control(max_age=300)
@answering
def feed(request: HttpRequest) -> HttpResponse:
    """The newest hits of a search as an Atom feed; filters as on the page."""
    asked = read_request(request.GET)
    return feed_response(request, feed_of(request, asked))
