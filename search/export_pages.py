"""Whole results: as CSV, and as a feed that a reader can follow."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from archive.opendata.tables import csv_response

from .answer import every_hit
from .feeds import feed_of
from .forms import read_request
from .library import live_index
from .serving import answering


@require_safe
@cache_control(no_cache=True)
@answering
def table(request: HttpRequest) -> HttpResponse:
    """Every hit of ``/search``, in its order, whatever the page."""
    asked = read_request(request.GET)
    head = [
        _("文号"),
        _("位置"),
        _("题名"),
        _("日期"),
        _("发言或答复"),
        _("文字"),
        _("网址"),
        _("指纹"),
    ]
    rows = (
        (
            hit.symbol,
            hit.place,
            hit.title,
            hit.date,
            hit.who,
            hit.text,
            request.build_absolute_uri(hit.url),
            hit.fingerprint,
        )
        for hit in every_hit(asked)
    )
    return csv_response(_("检索-%(q)s.csv") % {"q": asked.q[:40]}, head, rows)


@require_safe
@cache_control(max_age=300)
@answering
def feed(request: HttpRequest) -> HttpResponse:
    """The newest hits of a search as an Atom feed; filters as on the page."""
    asked = read_request(request.GET)
    atom = feed_of(request, asked, live_index().manifest.indexed_at)
    response = HttpResponse(content_type="application/atom+xml; charset=utf-8")
    atom.write(response, "utf-8")
    return response
