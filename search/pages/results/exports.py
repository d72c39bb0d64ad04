"""Whole results: as CSV, as JSON, and as a feed that a reader can follow."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from archive.site.http.paging import cursor_parameter
from archive.site.opendata.feeds import Entry, Feed, feed_response
from archive.site.opendata.tables import (
    AT_A_TIME,
    Columns,
    Table,
    date_columns,
    fingerprint_cell,
    table_response,
)
from archive.site.presenters.wording import recognized_in_words, with_mark
from archive.store.database.bulk import batched
from archive.store.values import answers, as_values, encode
from search.engine.index.coverage import file_name, uncovered_in_words
from search.engine.live.index import live_index
from search.pages.http.addresses import with_parameters
from search.pages.http.serving import search_page
from search.pages.labels import path_of
from search.query.language.request import Asked

from .answer import Hit, every_hit, some_hits, whole_answer
from .execution import index_of
from .forms import read_request
from .values import PAGED, WholeSearch, search_value


@search_page()
def table(request: HttpRequest, ending: str) -> HttpResponseBase:
    """Shows every hit of ``/search``, in its order, whatever the page."""
    asked, index = read_request(request.GET), live_index()
    columns: Columns = {
        _("文号"): "symbol",
        _("位置"): "place",
        _("题名"): "title",
        **date_columns(),
        _("发言或答复"): "who",
        _("文字"): "text",
        _("网址"): lambda hit: request.build_absolute_uri(hit.url),
        _("指纹"): lambda hit: fingerprint_cell(hit.fingerprint),
        _("说明"): lambda hit: recognized_in_words(hit.ocr_confidence),
    }
    name = file_name(_("检索-%(q)s") % {"q": asked.q[:40]}, index.coverage)
    hits = Table.of(name, columns, every_hit(asked, index))
    return table_response(hits, ending, index.coverage.as_headers())


@answers(WholeSearch)
@search_page()
def whole(request: HttpRequest) -> StreamingHttpResponse:
    """Serves the JSON twin of ``/search`` with every result, sent while it is written."""
    asked = replace(read_request(request.GET), page=1, group=False, after="")
    found, hits = whole_answer(asked)
    about = {name: value for name, value in as_values(search_value(found)).items() if name not in PAGED}
    response = StreamingHttpResponse(_written(about, hits), content_type="application/json; charset=utf-8")
    name = _("检索-%(q)s.json") % {"q": asked.q[:40]}
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


def _written(about: dict[str, Any], hits: Iterable[Hit]) -> Iterator[str]:
    """Generates ``about`` with ``results``, one a line."""
    yield json.dumps(about, ensure_ascii=False)[:-1] + ', "results": ['
    before = "\n"
    for some in batched(hits, AT_A_TIME):
        yield before + ",\n".join(encode(hit, indent=None) for hit in some)
        before = ",\n"
    yield "\n]}\n"


@search_page(max_age=300)
def feed(request: HttpRequest) -> HttpResponse:
    """Shows the newest hits of a search as an Atom feed; filters as on the page."""
    asked = read_request(request.GET)
    return feed_response(request, feed_of(request, asked))


# An Atom feed of a search (RFC 4287), in pages (RFC 5005).

ENTRIES = 50
# What a feed does not follow of the page's address.
NO_PLACE = dict.fromkeys(("page", "after", "before", "sort", "group"))


def feed_of(request: HttpRequest, asked: Asked) -> Feed:
    """Returns the paragraphs that answer, those first whose words became public here last, whatever the order
    of the page: who follows a search is told of old documents that come in, too.

    An entry's id is its paragraph's permalink with the fingerprint of its words: the same words at the same
    place are the same entry for ever, changed words a new one.
    """
    before = cursor_parameter(request.GET, "before")
    newest = replace(asked, sort="since", group=False, after=before)
    index = index_of(newest)
    hits, cursor = some_hits(newest, ENTRIES, index)
    address, query = reverse("search_atom"), with_parameters(request.GET, **NO_PLACE)
    more = with_parameters(request.GET, **(NO_PLACE | {"before": cursor}))
    return Feed(
        title=_("1540文献库检索：%(q)s") % {"q": asked.q},
        page=reverse("search") + query,
        entries=tuple(map(_entry, hits)),
        first=address + query,
        next=address + more if cursor else "",
        updated=dt.datetime.fromisoformat(index.manifest.indexed_at),  # when the list was last looked at anew
        subtitle=uncovered_in_words(index.coverage),
        headers=index.coverage.as_headers(),
    )


def _entry(hit: Hit) -> Entry:
    since = dt.datetime.fromisoformat(hit.stored["since"])
    return Entry(
        address=path_of(hit.stored, hit.fingerprint),
        title=with_mark(f"{hit.symbol} {hit.place}", hit.ocr_confidence),
        text=hit.text,
        author=hit.who or hit.title or hit.symbol,
        published=since,
        updated=since,
    )
