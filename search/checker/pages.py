"""``/check`` and ``/check.json``: GET explains, POST checks.

Nothing that is pasted is stored, logged or put into an address: no row is written, uploads stay in memory,
what goes wrong is logged by its kind and place alone, and no answer may be kept by a cache. No cookie is set.

A token against forged requests guards what a visitor's session may do. There is none here: an answer depends
on what is sent alone, changes nothing, and cannot be read by the site that forged the request. So both
addresses go without; the page still refuses forms of other sites, which could only spend our time.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from archive.views.page import page
from archive.views.respond import json_response, respond
from search.serving import answering

from .check import check
from .draft import LARGEST_FILE, LONGEST, RefusedError, given, pasted, too_large, too_long, uploaded
from .footnotes import footnotes
from .presenter import result_context
from .twin import EXPLANATION, as_json
from .uploads import InMemoryUpload

log = logging.getLogger(__name__)
BYTES_OF_CHARACTER = 3  # of UTF-8, for nearly all of Chinese
LARGEST_REQUEST = 4 * LARGEST_FILE
TEMPLATE = "search/check.html"
FORMS = ("", "application/x-www-form-urlencoded", "multipart/form-data")
LIMITS = {"longest": f"{LONGEST:,}", "largest": LARGEST_FILE // 1_000_000}


@page
def explained(request: HttpRequest, twin: bool = False) -> HttpResponse:
    """How to check a draft: the form, or what to send."""
    return respond(request, TEMPLATE, LIMITS, EXPLANATION, twin)


def _private(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Posts are checked and leave no trace; everything else is explained."""

    @wraps(view)
    def answer(request: HttpRequest, twin: bool = False) -> HttpResponse:
        if request.method != "POST":
            return explained(request, twin=twin)
        try:
            response = _answered(view, request, twin)
        except RefusedError as error:
            response = _refused(request, error, twin)
        except Exception as error:
            # Neither message nor values of the error are logged: they may hold words of the draft.
            log.error("checking a draft failed: %s at %s", type(error).__name__, _where(error))  # noqa: TRY400
            response = _refused(request, RefusedError(_("本库出了故障，没有核对。草稿没有留存。"), 500), twin)
        response["Cache-Control"] = "no-store"
        return response

    return csrf_exempt(require_http_methods(["GET", "HEAD", "POST"])(sensitive_post_parameters()(answer)))


def _answered(view: Callable[..., HttpResponse], request: HttpRequest, twin: bool) -> HttpResponse:
    """What the framework finds wrong with a request is refused in words, too."""
    size = int(request.META.get("CONTENT_LENGTH") or 0)
    if size > LARGEST_REQUEST:
        raise too_large()
    try:
        return answering(view)(request, twin)
    except RequestDataTooBig as error:
        raise too_long(size // BYTES_OF_CHARACTER, counted=False) from error
    except (MultiPartParserError, SuspiciousOperation) as error:
        raise RefusedError(_("没有读懂提交的内容，请重试。")) from error


@_private
def check_page(request: HttpRequest, twin: bool = False) -> HttpResponse:
    if not twin and _from_elsewhere(request):
        raise RefusedError(_("这份表单来自别的网站，没有核对。请在本页粘贴。"), 403)
    text = _read(request)
    report = check(text)
    notes = footnotes(report, request.build_absolute_uri)
    if twin:
        # Not indented: the report on a long draft has some megabytes.
        return JsonResponse(as_json(report, notes), json_dumps_params={"ensure_ascii": False})
    return render(request, TEMPLATE, {**LIMITS, **result_context(report, notes)})


def _read(request: HttpRequest) -> str:
    """The draft: of a form, of JSON (``{"text": …}``), or the body itself as plain text."""
    kind = request.content_type
    if kind == "application/json":
        return given(_from_json(request.body))
    if kind == "text/plain":
        return uploaded("", request.body)
    if kind not in FORMS:
        raise RefusedError(_("草稿请用JSON、纯文本或表单送来。"), 415)
    handler = InMemoryUpload(request, LARGEST_FILE)
    request.upload_handlers = [handler]
    file = request.FILES.get("file")
    if handler.too_large:
        raise too_large()
    if file is not None and file.size:
        return uploaded(file.name, file.read())
    return pasted(request.POST.get("text", ""))


def _from_json(body: bytes) -> str:
    try:
        text = json.loads(body)["text"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise RefusedError(_('要的是JSON对象，如{"text": "草稿"}。')) from error
    if not isinstance(text, str):
        raise RefusedError(_("text须是字符串。"))
    return text


def _from_elsewhere(request: HttpRequest) -> bool:
    """Whether a form of another site sent this, as browsers tell."""
    if site := request.headers.get("Sec-Fetch-Site"):
        return site not in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return bool(origin) and urlsplit(origin).netloc != request.get_host()


def _refused(request: HttpRequest, error: RefusedError, twin: bool) -> HttpResponse:
    if twin:
        return json_response({"error": str(error)}, error.status)
    return render(request, TEMPLATE, {**LIMITS, "problem": str(error)}, status=error.status)


def _where(error: BaseException) -> str:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "?"
