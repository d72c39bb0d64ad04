"""Addresses for machines that look after the site."""

from __future__ import annotations

import logging

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.templatetags.static import static
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from haystack.query import SearchQuerySet

from archive.models import Document, Paragraph
from archive.opendata.robots import robots_txt

log = logging.getLogger(__name__)


@csrf_exempt
@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """Whether database and search index answer: 200 where both do, else 503 with what is broken."""
    state: dict[str, object] = {}
    try:
        state["documents"] = Document.objects.count()
        state["paragraphs"] = Paragraph.objects.count()
        state["database"] = "ok"
    except DatabaseError:
        log.exception("health check: the database does not answer")
        state["database"] = "broken"
    state["index"] = _index_state(bool(state.get("paragraphs")))
    healthy = state["database"] == state["index"] == "ok"
    return JsonResponse({"status": "ok" if healthy else "broken", **state}, status=200 if healthy else 503)


def _index_state(filled: bool) -> str:
    """``empty`` where there are paragraphs and none is found. Any failure of any engine counts as broken."""
    try:
        found = SearchQuerySet().count()
    except Exception:
        log.exception("health check: the search index does not answer")
        return "broken"
    return "ok" if found or not filled else "empty"


@csrf_exempt
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What robots may read, and why."""
    return HttpResponse(robots_txt(request.build_absolute_uri), content_type="text/plain; charset=utf-8")


@csrf_exempt
@require_safe
def favicon(request: HttpRequest) -> HttpResponseRedirect:
    """Browsers that ask for the icon without reading the page. Its name changes with each release."""
    return HttpResponseRedirect(static("favicon.svg"))
