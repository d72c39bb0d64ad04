"""``/mcp``: one POST, one answer. What is asked is neither stored nor logged."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from functools import partial

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from archive.store.infrastructure_errors import place_of_fault
from archive.store.values import encode

from .protocol import INTERNAL_ERROR, PARSE_ERROR, Answer, ProtocolError, answered, refusal, status_of
from .tools import DESCRIBED, called
from .twins import Twins

log = logging.getLogger(__name__)


@csrf_exempt
@require_POST
@sensitive_variables("message", "answer")
def mcp(request: HttpRequest) -> HttpResponse:
    """Answers one message of the Model Context Protocol; 202 for a notification, JSON else."""
    try:
        message = json.loads(request.body)
    except RequestDataTooBig:
        answer: Answer | None = refusal(ProtocolError(PARSE_ERROR, _("内容太大")))
    except (ValueError, RecursionError):
        answer = refusal(ProtocolError(PARSE_ERROR, "The body is no JSON."))
    else:
        answer = answer_to(message, Twins(request.scheme or "http", request.get_host()), request.headers)
    response = HttpResponse(status=status_of(answer), content_type="application/json")
    if answer is not None:
        response.content = encode(answer, None)
    response["Cache-Control"] = "no-store"
    return response


def answer_to(message: object, twins: Twins, headers: Mapping[str, str] | None = None) -> Answer | None:
    """Answers one message, whatever goes wrong: of a fault of ours kind and place are logged, no words."""
    try:
        return answered(message, DESCRIBED, partial(_told, twins), headers)
    except Exception as error:
        log.error("mcp failed: %s at %s", type(error).__name__, place_of_fault(error))  # noqa: TRY400
        fault = ProtocolError(INTERNAL_ERROR, _("本库出了故障，没有回答。"))
        return refusal(fault, message.get("id") if isinstance(message, dict) else None)


def _told(twins: Twins, name: str, arguments: dict) -> Answer:
    """Returns a tool's result, its value written out for clients that read text alone."""
    result = called(twins, name, arguments)
    text = encode(result["structuredContent"], None)
    return {"content": [{"type": "text", "text": text}], **result}


@require_safe
def llms(request: HttpRequest) -> HttpResponse:
    """Says in one page, for assistants, what can be asked."""
    site = request.build_absolute_uri("/").rstrip("/")
    context = {"site": site, "tools": DESCRIBED}
    return render(request, "archive/llms.txt", context, content_type="text/plain; charset=utf-8")
