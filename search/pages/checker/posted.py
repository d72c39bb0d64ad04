"""Answers to a draft that is posted, of which nothing is kept.

Nothing that is pasted is stored, logged or put into an address: no row is written, uploads stay in memory,
what goes wrong is logged by its kind and place alone, and no answer may be kept by a cache. No cookie is set.

A token against forged requests guards what a visitor's session may do. There is none here: an answer depends
on what is sent alone, changes nothing, and cannot be read by the site that forged the request. So these
addresses go without; the pages still refuse forms of other sites, which could only spend our time.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from urllib.parse import urlsplit

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from archive.site.views.page import page
from archive.site.views.respond import json_response, respond
from archive.store.infrastructure_errors import place_of_fault
from archive.store.values import Schema
from search.pages.http.serving import answering

from .draft import LARGEST_FILE, LONGEST, RefusedError, too_large, too_long

log = logging.getLogger(__name__)
BYTES_OF_CHARACTER = 3  # of UTF-8, for nearly all of Chinese
FORMS = ("", "application/x-www-form-urlencoded", "multipart/form-data")
TEMPLATE = "search/check.html"
LIMITS = {"longest": f"{LONGEST:,}", "largest": LARGEST_FILE // 1_000_000}
View = Callable[..., HttpResponseBase]
_BROKEN = gettext_lazy("本库出了故障，没有核对。草稿没有留存。")
_UNAVAILABLE = gettext_lazy(
    "检索索引还没有建好，或者不能读取，所以没有对照；这不等于没有结果。请稍后再试：用浏览器的“后退”可以回到您的文字，"
    "本站没有留存。"
)


def private(explanation: Schema) -> Callable[[View], View]:
    """Decorates ``view(request, twin)``, which answers posts without a trace; other methods show the form,
    and to programs the ``explanation``.
    """

    @page
    def explained(request: HttpRequest, twin: bool = False) -> HttpResponseBase:
        return respond(request, TEMPLATE, LIMITS, explanation, twin)

    def decorated(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, twin: bool = False) -> HttpResponseBase:
            if request.method != "POST":
                return explained(request, twin=twin)
            try:
                response = _answered(view, request, twin)
            except RefusedError as error:
                response = _refused(request, error, twin)
            except Exception as error:
                # Neither message nor values of the error are logged: they may hold words of the text.
                log.error("%s failed: %s at %s", view.__name__, type(error).__name__, place_of_fault(error))  # noqa: TRY400
                response = _refused(request, RefusedError(_BROKEN, 500), twin)
            response["Cache-Control"] = "no-store"
            return response

        return csrf_exempt(require_http_methods(["GET", "HEAD", "POST"])(sensitive_post_parameters()(answer)))

    return decorated


def _answered(view: View, request: HttpRequest, twin: bool) -> HttpResponseBase:
    """Answers a post; raises RefusedError, in words, for whatever Django rejects."""
    size = int(request.META.get("CONTENT_LENGTH") or 0)
    if size > 4 * LARGEST_FILE:
        raise too_large()
    if not twin and _from_elsewhere(request):
        raise RefusedError(_("这份表单来自别的网站，没有核对。请在本页粘贴。"), 403)
    try:
        response = answering(view)(request, twin)
        if response.status_code == HTTPStatus.SERVICE_UNAVAILABLE and not twin:
            raise RefusedError(_UNAVAILABLE, HTTPStatus.SERVICE_UNAVAILABLE)
        return response
    except RequestDataTooBig as error:
        raise too_long(size // BYTES_OF_CHARACTER, counted=False) from error
    except (BadRequest, MultiPartParserError, SuspiciousOperation) as error:
        raise RefusedError(_("没有读懂提交的内容，请重试。")) from error


def _refused(request: HttpRequest, error: RefusedError, twin: bool) -> HttpResponse:
    if twin:
        return json_response({"error": str(error)}, error.status)
    return render(request, TEMPLATE, {**LIMITS, "problem": str(error)}, status=error.status)


def text_in_json(body: bytes) -> str:
    """Returns the text of ``{"text": …}``. Raises RefusedError for anything else."""
    try:
        text = json.loads(body)["text"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise RefusedError(_('要的是JSON对象，如{"text": "草稿"}。')) from error
    if not isinstance(text, str):
        raise RefusedError(_("text须是字符串。"))
    return text


def _from_elsewhere(request: HttpRequest) -> bool:
    """Returns True if the browser's headers say that a form of another site sent the request."""
    if site := request.headers.get("Sec-Fetch-Site"):
        return site not in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return bool(origin) and urlsplit(origin).netloc != request.get_host()
