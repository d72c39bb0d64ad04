"""``/metrics``: figures for operators, in the text format of Prometheus."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.core import GaugeMetricFamily

from archive.http.request_metrics import counted
from archive.models import ImportOutcome, ImportRun

from .service import state_of_site

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
