"""Pages that are given a text by a reader, answer it, and keep nothing of it.

Nothing that is pasted is stored, logged or put into an address: no row is written, uploads stay in memory,
what goes wrong is logged by its kind and place alone, and no answer may be kept by a cache. No cookie is set.

A token against forged requests guards what a visitor's session may do. There is none here: an answer depends
on what is sent alone, changes nothing, and cannot be read by the site that forged the request. So these
addresses go without; the pages still refuse forms of other sites, which could only spend our time.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from archive.site.views.page import page
from archive.site.views.respond import json_response, respond
from archive.store.infrastructure_errors import place_of_fault
from archive.store.values import UNSET, Schema, UnsetType

from .serving import answering


class PostedText(Schema, frozen=True, kw_only=True):
    """The fields of a form or JSON object to post; ``file``: the accepted kinds."""

    text: str
    file: str | UnsetType = UNSET


log = logging.getLogger(__name__)
BYTES_OF_CHARACTER = 3  # of UTF-8, for nearly all of Chinese
FORMS = ("", "application/x-www-form-urlencoded", "multipart/form-data")
View = Callable[..., HttpResponseBase]
_UNAVAILABLE = gettext_lazy(
    "检索索引还没有建好，或者不能读取，所以没有对照；这不等于没有结果。请稍后再试：用浏览器的“后退”可以回到您的文字，"
    "本站没有留存。"
)


class RefusedError(Exception):
    """A text cannot be taken. ``str()`` is a message in Chinese, without a word of the text."""

    def __init__(self, message: str | Promise, status: int = 400) -> None:
        super().__init__(str(message))
        self.status = status


@dataclass(frozen=True, slots=True)
class PostedTextEndpoint:
    """An endpoint that takes a text by POST and keeps nothing: its template and context, the explanation that
    GET of its twin returns, the largest request in bytes, and the messages for too large a request, too long
    a text (given its approximate characters), a fault of ours and a form of another site.
    """

    template: str
    context: Mapping[str, Any]
    explanation: Schema
    largest: int
    too_large: Callable[[], RefusedError]
    too_long: Callable[[int], RefusedError]
    broken: str | Promise
    elsewhere: str | Promise

    def private(self, view: View) -> View:
        """Decorates ``view(request, twin)``, which answers posts without a trace; other methods explain."""

        @page
        def explained(request: HttpRequest, twin: bool = False) -> HttpResponseBase:
            return respond(request, self.template, dict(self.context), self.explanation, twin)

        @wraps(view)
        def answer(request: HttpRequest, twin: bool = False) -> HttpResponseBase:
            if request.method != "POST":
                return explained(request, twin=twin)
            try:
                response = self._answered(view, request, twin)
            except RefusedError as error:
                response = self._refused(request, error, twin)
            except Exception as error:
                # Neither message nor values of the error are logged: they may hold words of the text.
                log.error("%s failed: %s at %s", view.__name__, type(error).__name__, place_of_fault(error))  # noqa: TRY400
                response = self._refused(request, RefusedError(str(self.broken), 500), twin)
            response["Cache-Control"] = "no-store"
            return response

        return csrf_exempt(require_http_methods(["GET", "HEAD", "POST"])(sensitive_post_parameters()(answer)))

    def _answered(self, view: View, request: HttpRequest, twin: bool) -> HttpResponseBase:
        """Answers a post; raises RefusedError, in words, for whatever Django rejects."""
        size = int(request.META.get("CONTENT_LENGTH") or 0)
        if size > self.largest:
            raise self.too_large()
        if not twin and _from_elsewhere(request):
            raise RefusedError(str(self.elsewhere), 403)
        try:
            response = answering(view)(request, twin)
            if response.status_code == HTTPStatus.SERVICE_UNAVAILABLE and not twin:
                raise RefusedError(_UNAVAILABLE, HTTPStatus.SERVICE_UNAVAILABLE)
            return response
        except RequestDataTooBig as error:
            raise self.too_long(size // BYTES_OF_CHARACTER) from error
        except (BadRequest, MultiPartParserError, SuspiciousOperation) as error:
            raise RefusedError(_("没有读懂提交的内容，请重试。")) from error

    def _refused(self, request: HttpRequest, error: RefusedError, twin: bool) -> HttpResponse:
        if twin:
            return json_response({"error": str(error)}, error.status)
        return render(request, self.template, {**self.context, "problem": str(error)}, status=error.status)


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
