"""Addresses for machines that look after the site."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.templatetags.static import static
from django.utils import timezone
from django.utils.encoding import uri_to_iri
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from haystack import connections
from haystack.query import SearchQuerySet
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.core import GaugeMetricFamily

from archive.models import Document, ImportOutcome, ImportRun, Paragraph
from archive.site.http.formats import endings_of
from archive.site.http.request_metrics import counted
from archive.store.addresses.paths import ordered_query
from archive.store.revision import current_revision
from archive.store.values import UNSET, Schema, UnsetType, answers, encode
from archive.store.withholding.act import unclean_copies

from .respond import plain_text, respond


class Lag(Schema, frozen=True, kw_only=True):
    """The documents and paragraphs that the index lags behind."""

    documents: int
    paragraphs: int


class Health(Schema, frozen=True, kw_only=True):
    """The health of database, index and static files; what could not be read is absent."""

    status: str
    static: str
    documents: int | UnsetType = UNSET
    paragraphs: int | UnsetType = UNSET
    revision: str | UnsetType = UNSET
    database: str
    withholding: str | list[str]
    index: str
    index_revision: str | UnsetType = UNSET
    lag: Lag | UnsetType = UNSET
    meanings: str | UnsetType = UNSET


SECURITY_TXT_HOLDS = timedelta(days=180)
log = logging.getLogger(__name__)


@answers(Health)
@csrf_exempt
@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Checks database, search index and style sheets: 200, else 503 with the failing parts. An index that
    lags (``behind``, with the numbers in ``lag``) and ``meanings`` that are not compared are 200: search goes
    on, and says what it does not cover.
    """
    state = state_of_site()
    healthy = state["database"] == state["static"] == "ok" and state["index"] in ("ok", "behind")
    status = state["index"] if healthy else "broken"
    told = Health(status=status, **state)
    return HttpResponse(
        encode(told, indent=None), status=200 if healthy else 503, content_type="application/json"
    )


def state_of_site() -> dict[str, Any]:
    """Returns ``database`` and ``index`` by word, with the counts and revisions that could be read."""
    state: dict[str, Any] = {"static": _static_state()}
    try:
        state["documents"] = Document.objects.count()
        state["paragraphs"] = Paragraph.objects.count()
        state["revision"] = str(current_revision())
        state["database"] = "ok"
    except DatabaseError:
        log.exception("health check: the database does not answer")
        state["database"] = "broken"
    state["withholding"] = _withholding_state()
    return state | _index_state(bool(state.get("paragraphs")))


def _static_state() -> str:
    """Returns ``missing`` if static files were never collected in production: no page can be shown."""
    try:
        static("css/site.css")
    except ValueError:
        log.exception("health check: static files are missing: run manage.py prepare on this host")
        return "missing"
    return "ok"


def _withholding_state() -> str | list[str]:
    """Returns ``ok``, or the copies that are not served, or masked, until withheld words have left them."""
    try:
        return [copy.producer for copy in unclean_copies()] or "ok"
    except DatabaseError:
        return "unknown"


def _index_state(filled: bool) -> dict[str, object]:
    """Returns the index's state: ``empty`` if it lacks all paragraphs; any failure counts as broken."""
    try:
        found = SearchQuerySet().count()
        backend = connections["default"].get_backend()
        coverage, meanings = backend.coverage(), backend.meanings()
    except Exception:
        log.exception("health check: the search index does not answer")
        return {"index": "broken"}
    behind = {"documents": coverage.documents + coverage.gone, "paragraphs": coverage.paragraphs}
    state = "empty" if filled and not found else "behind" if behind["documents"] else "ok"
    return {"index": state, "index_revision": coverage.index_revision, "lag": behind, "meanings": meanings}


@csrf_exempt
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Serves robots.txt."""
    return plain_text(robots_txt(request.build_absolute_uri))


@csrf_exempt
@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Serves security.txt, the contact for vulnerabilities (RFC 9116); 404 where none is configured."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    expires = (timezone.now() + SECURITY_TXT_HOLDS).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        *(f"Contact: {contact}" for contact in settings.SECURITY_CONTACT),
        f"Expires: {expires.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: zh, en",
        f"Canonical: {request.build_absolute_uri(request.path)}",
    ]
    return plain_text("\n".join([*lines, ""]))


@csrf_exempt
@require_safe
def favicon(request: HttpRequest) -> HttpResponseRedirect:
    """Browsers that ask for the icon without reading the page. Its name changes with each release."""
    return HttpResponseRedirect(static("favicon.svg"))


# robots.txt (RFC 9309), with the policy in words above it.

POLICY = """\
# The 1540 archive: UN documents in Chinese, paragraph by paragraph. All of it may be read, kept and indexed,
# by any robot and for any purpose. For the whole of it please take the dump at {data} instead of
# every page; for what is new the feed at {feed}.
# What costs a search for every address is left out below. Readers are not tracked: no cookies, no logs of who
# reads what. More often than is polite gets 429 with Retry-After."""
# A list under two conditions is one of very many, and shows nothing that the list itself does not; the files
# of a list under conditions are for programs that ask for them. Both are told here to robots that know ``*``;
# to others such pages say nofollow.
COMBINED = ("/*?*&", *(f"/*{ending}?" for ending in endings_of("page", "concept") if ending != ".atom"))
CLOSED = (
    "/search", "/concordance", "/go", "/suggest", "/check", "/compare?", "/basket",
    "/*/parallels", "/*/similar",
    "/*/cite$", "/*/cite.json", *(f"/*{ending}$" for ending in endings_of("citation")), "/c/*.svg",
    "/admin/", "/*?after=", "/*&after=", "/*?before=", "/*&before=",
)  # fmt: skip


def robots_txt(absolute: Callable[[str], str]) -> str:
    """Returns the file; ``absolute`` makes an address of a path."""
    lines = [
        POLICY.format(data=absolute("/data"), feed=absolute("/documents.atom")),
        "User-agent: *",
        *[f"Disallow: {path}" for path in (*CLOSED, *COMBINED)],
        "Allow: /",
        "",
        f"Sitemap: {absolute('/sitemap.xml')}",
    ]
    return "\n".join(lines) + "\n"


# ``/metrics``: figures for operators, in the text format of Prometheus.

Figure = tuple[str, str, float]


@csrf_exempt
@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures for who knows METRICS_TOKEN; for everybody else there is no such page."""
    given = request.headers.get("Authorization", "").encode()
    known = f"Bearer {settings.METRICS_TOKEN}".encode()
    if not settings.METRICS_TOKEN or not secrets.compare_digest(given, known):
        raise Http404
    registry = counted()
    registry.register(StateOfSite())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class StateOfSite:
    """The archive, its index and its last import as Prometheus collects them."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        return (GaugeMetricFamily(name, meaning, value) for name, meaning, value in _figures())


def _figures() -> Iterator[Figure]:
    state = state_of_site()
    yield "archive_database_up", "1 while the database answers.", state["database"] == "ok"
    yield "archive_index_up", "1 while the search index answers.", state["index"] in ("ok", "behind")
    if state["database"] != "ok":
        return
    yield "archive_documents", "Documents held.", state["documents"]
    yield "archive_paragraphs", "Paragraphs held.", state["paragraphs"]
    yield "archive_revision", "Revision of the archive.", int(state["revision"].partition("-")[0])
    if lag := state.get("lag"):
        yield "archive_index_lag_documents", "Documents that the index has not followed.", lag["documents"]
        yield "archive_index_lag_paragraphs", "Paragraphs that it has not followed.", lag["paragraphs"]
    last = ImportRun.objects.order_by("-pk").first()
    if last:
        refused = last.outcomes.filter(result=ImportOutcome.Result.REFUSED).count()
        yield "archive_last_import_timestamp_seconds", "Begin of the last import.", last.started.timestamp()
        yield "archive_last_import_finished", "1 where it came to its end.", bool(last.finished)
        yield "archive_last_import_refused", "Files that it refused.", refused


# Addresses that were public and went: 410, with a sentence that names what stands in their place.


@csrf_exempt
def gone(request: HttpRequest, twin: bool, instead: str, words: str, **parts: str) -> HttpResponseBase:
    """Answers 410 in ``words``; ``instead`` is an address, with ``{name}`` for the route's arguments
    and ``{query}`` for what was asked.
    """
    query = uri_to_iri(ordered_query(dict(request.GET.lists())))
    place = instead.format(**parts, query=query)
    context = {"no_twins": True, "message": words % {"instead": place}, "instead": place}
    return respond(request, "archive/gone.html", context, {"error": context["message"]}, twin, 410)
