"""HTTP handling of all search pages: conditional requests, ill-formed addresses, and a missing index."""

from __future__ import annotations

import functools
import hashlib
import logging
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import etag, require_safe

from archive.site.cache.freshness import release_mark
from archive.site.http.paging import BadRequestError
from archive.site.views.respond import json_response
from search.engine.index.coverage import revision_now
from search.engine.index.generations import (
    IndexGoneError,
    IndexUnavailableError,
    QuestionRefusedError,
    progress_of,
)
from search.engine.live.index import index_root, is_damaged, state_of_live

log = logging.getLogger(__name__)
SHOWN_QUERY = 200
RETRY_AFTER = 60  # seconds


def search_page(
    state: Callable[[], object] = str, **cache: Any
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Returns a decorator of views that makes them pages of search: ``answering``, GET and HEAD only, with
    ``cache`` as Cache-Control (by default ``no-cache``).
    """
    return lambda view: require_safe(cache_control(**(cache or {"no_cache": True}))(answering(view, state)))


def answering(
    view: Callable[..., HttpResponseBase], state: Callable[[], object] = str
) -> Callable[..., HttpResponseBase]:
    """Decorates ``view``; BadRequestError and IndexUnavailableError become words for readers, else JSON.

    304 where neither program nor index nor archive changed, nor ``state``. What would change something is
    405, not a missing token.
    """

    def mark(request: HttpRequest, *args, **kwargs) -> str | None:
        try:
            generation = state_of_live()
            revision = str(revision_now())
        except IndexUnavailableError:
            return None
        whole = repr(
            (release_mark(), generation, revision, get_language(), request.build_absolute_uri(), state())
        )
        return f'"{hashlib.sha256(whole.encode()).hexdigest()[:32]}"' if generation else None

    @csrf_exempt
    @etag(mark)
    @functools.wraps(view)
    def answered(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        try:
            try:
                return view(request, *args, **kwargs)
            except IndexGoneError:  # two others were switched in while it was asked
                return view(request, *args, **kwargs)
        except BadRequestError as error:
            return _refused(request, error)
        except QuestionRefusedError as error:
            log.warning("the search index refuses a question: %s", error)
            return _refused(request, BadRequestError(_("检索集群不回答这个问题：所涉段落太多，请缩小范围。")))
        except IndexUnavailableError as error:
            # Where the words say all, no trace for each of those who ask meanwhile.
            log.error("the search index cannot be read: %s", error, exc_info=error.__cause__ is not None)
            return _unavailable(request)
        except Exception:
            # What fails on files that are not what was written is no fault of the program.
            if not is_damaged():
                raise
            return _unavailable(request)

    return answered


def _refused(request: HttpRequest, error: BadRequestError) -> HttpResponse:
    if _for_machines(request):
        return json_response({"error": str(error)}, error.status)
    context = {"message": str(error), "here": request.path, "no_twins": True}
    return render(request, "archive/bad_request.html", context, status=error.status)


def _unavailable(request: HttpRequest) -> HttpResponse:
    """Answers that search is out of order, and how far an index is that is being built."""
    progress = progress_of(index_root())
    done, total = progress or (0, 0)
    if _for_machines(request):
        words = _("检索索引暂时不可用。")
        if progress:
            words = _("检索索引正在重建：%(total)s段中已编入%(done)s段。") % {"done": done, "total": total}
        response: HttpResponse = json_response({"error": words}, 503)
    else:
        query = request.GET.get("q", "")[:SHOWN_QUERY]
        context = {"query": query, "built": progress is not None, "done": done, "total": total}
        response = render(request, "search/unavailable.html", context, status=503)
    response["Retry-After"] = str(RETRY_AFTER)
    return response


def _for_machines(request: HttpRequest) -> bool:
    return request.path_info.endswith((".json", ".csv", ".xlsx", ".atom")) or request.path_info.startswith(
        "/suggest"
    )
