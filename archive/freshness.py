"""Conditional requests: what a page depends on, in one stamp, so that an unchanged page costs two queries,
whether the reader has it already (304) or this process has made it before (``page_cache``).

A page may change when a document changes (also another one, that now cites it), when an editor corrects
reference data, when the program or its templates are released anew, and at midnight (dates of access).
The stamp covers the whole archive: it is exact about change and careless about where.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import cache, wraps
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.db.models import Count, Max, Subquery
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import condition

from archive.accuracy import measured
from archive.models import Document, RetiredDocument
from archive.opendata.dump.manifest import written
from archive.page_cache import keep, kept

RELEASED = ("archive", "search", "templates", "static", "fixtures")


def release() -> tuple[str, dt.datetime]:
    """A mark of the running program's files, and the time of the newest of them.

    In development they change under the running program, so they are looked at for every request.
    """
    return _files_as_they_stand() if settings.DEBUG else _files_at_start()


@cache
def _files_at_start() -> tuple[str, dt.datetime]:
    """By content, so that all machines of a site agree."""
    return _digest(lambda path: path.read_bytes())


def _files_as_they_stand() -> tuple[str, dt.datetime]:
    """By size and time, which is quicker."""
    return _digest(lambda path: repr((path.stat().st_size, path.stat().st_mtime_ns)).encode())


def _digest(content: Callable[[Path], bytes]) -> tuple[str, dt.datetime]:
    digest, newest = sha256(), 0.0
    for folder in RELEASED:
        for path in sorted((Path(settings.BASE_DIR) / folder).rglob("*.*")):
            if path.suffix != ".pyc" and path.is_file():
                digest.update(str(path.relative_to(settings.BASE_DIR)).encode())
                digest.update(content(path))
                newest = max(newest, path.stat().st_mtime)
    return digest.hexdigest()[:16], dt.datetime.fromtimestamp(newest, dt.UTC)


def archive_state() -> dict:
    """When and how the archive last changed, in two queries. Editors' corrections leave a log entry."""
    # A document that is withdrawn takes its date of change with it.
    retired = Subquery(RetiredDocument.objects.order_by("-at").values("at")[:1])
    state = (
        Document.objects.order_by()
        .annotate(retired_at=retired)
        .aggregate(changed=Max("changed"), documents=Count("pk"), newest=Max("pk"), retired=Max("retired_at"))
    )
    edit = LogEntry.objects.order_by("-pk").values("pk", "action_time").first() or {}
    files = {"dumped": written(), "measured": measured(settings.DATA_DIR)}
    return {**state, **files, "edit": edit.get("pk"), "edited": edit.get("action_time")}


def fresh(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer 304 where nothing changed; tell the browser to ask again each time."""

    def stamp(request: HttpRequest) -> tuple[str, dt.datetime]:
        if not hasattr(request, "archive_stamp"):
            state = archive_state()
            mark, released = release()
            today = timezone.localdate()
            whole = repr((mark, today, request.build_absolute_uri(), sorted(state.items(), key=str)))
            midnight = timezone.make_aware(dt.datetime.combine(today, dt.time()))
            times = [released, midnight, state["changed"], state["edited"], state["dumped"], state["retired"]]
            times.append(state["measured"])
            etag = f'"{sha256(whole.encode()).hexdigest()[:32]}"'
            request.archive_stamp = (etag, max(time for time in times if time))
        return request.archive_stamp

    def kept_or_made(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        mark = stamp(request)[0]
        response = kept(mark)
        if response is None:
            response = view(request, *args, **kwargs)
            keep(mark, response)
        return response

    conditional = condition(
        etag_func=lambda request, *a, **k: stamp(request)[0],
        last_modified_func=lambda request, *a, **k: stamp(request)[1],
    )(kept_or_made)

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = conditional(request, *args, **kwargs)
        patch_cache_control(response, no_cache=True)
        return response

    return answer
