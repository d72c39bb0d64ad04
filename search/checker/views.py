"""``/check`` and its twin: GET explains, POST checks. Nothing of a draft is kept (``search.http.posted``)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.http.paging import BadRequestError, choice_parameter
from archive.http.parameters import LIKENESS
from archive.values import answers
from archive.views.respond import json_response
from search.http.posted import FORMS, Desk, RefusedError, text_in_json
from search.schemas import checker

from .check import check, first_stood
from .coloured import coloured
from .draft import LARGEST_FILE, LONGEST, given, pasted, too_large, too_long, uploaded
from .footnotes import footnotes
from .presenter import result_context
from .twin import EXPLANATION, as_json
from .uploads import InMemoryUpload

LIMITS = {"longest": f"{LONGEST:,}", "largest": LARGEST_FILE // 1_000_000}
DESK = Desk(
    template="search/check.html",
    context=LIMITS,
    explanation=EXPLANATION,
    largest=4 * LARGEST_FILE,
    too_large=too_large,
    too_long=lambda characters: too_long(characters, counted=False),
    broken=gettext_lazy("本库出了故障，没有核对。草稿没有留存。"),
    elsewhere=gettext_lazy("这份表单来自别的网站，没有核对。请在本页粘贴。"),
)


@answers(checker.CheckExplained, post=checker.CheckReport)
@DESK.private
def check_page(request: HttpRequest, twin: bool = False) -> HttpResponse:
    """How to check a draft: the form, or what to send; and the report on a draft that is posted."""
    try:
        likeness = choice_parameter(request, LIKENESS.name, {"1": ""}, LIKENESS.name)
    except BadRequestError as error:
        raise RefusedError(str(error)) from error
    report = check(_read(request), bool(likeness))
    notes = footnotes(report, request.build_absolute_uri)
    found = first_stood(report.text)
    if twin:
        # Not indented: the report on a long draft has some megabytes.
        return json_response(as_json(report, notes, found), indent=None)
    context = {
        **LIMITS,
        **result_context(report, notes),
        "origins": found,
        "coloured": coloured(report.text, found),
    }
    return render(request, DESK.template, context)


def _read(request: HttpRequest) -> str:
    """The draft: of a form, of JSON (``{"text": …}``), or the body itself as plain text."""
    kind = request.content_type
    if kind == "application/json":
        return given(text_in_json(request.body))
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
        return uploaded(file.name or "", file.read())
    return pasted(request.POST.get("text", ""))
