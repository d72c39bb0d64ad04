"""Request metrics for operators, durations and status codes: no address, no query, no reader.

Each process counts in a file of its own where ``PROMETHEUS_MULTIPROC_DIR`` names a folder (the server's
configuration makes one), and whichever process is asked adds them up. A page is counted under the name of its
route, so that there are never more rows than the archive has kinds of pages.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics
from prometheus_client.multiprocess import MultiProcessCollector

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)  # seconds
NO_ROUTE = "none"

disable_created_metrics()  # when each row was first counted
_own = CollectorRegistry()
SECONDS = Histogram(
    "archive_request_seconds",
    "Seconds until an answer was ready to be sent.",
    ["page"],
    buckets=BUCKETS,
    registry=_own,
)
ANSWERS = Counter("archive_answers", "Answers by page and status.", ["page", "status"], registry=_own)
IN_PROGRESS = Gauge(
    "archive_requests_in_progress",
    "Requests that are being answered.",
    registry=_own,
    multiprocess_mode="livesum",
)
WAITING = Gauge(
    "archive_heavy_requests_waiting",
    "Large answers that wait for their turn.",
    registry=_own,
    multiprocess_mode="livesum",
)


class RequestMetrics:
    """Counts every request, outermost; nothing at all on a site whose operator asks for no metrics."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.METRICS_TOKEN:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        with IN_PROGRESS.track_inprogress():
            response = self.get_response(request)
        route = request.resolver_match
        page = (route and route.view_name) or NO_ROUTE
        SECONDS.labels(page).observe(time.perf_counter() - began)
        ANSWERS.labels(page, response.status_code).inc()
        return response


def counted() -> CollectorRegistry:
    """Returns a registry of the counters of all processes since the server started."""
    registry = CollectorRegistry()
    if FOLDER in os.environ:
        MultiProcessCollector(registry)
    else:
        registry.register(_own)
    return registry
