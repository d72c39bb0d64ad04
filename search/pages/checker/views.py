"""``/check`` and its twin: GET explains, POST checks. Nothing of a draft is kept
(``posted``).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import override

from archive.site.http.formats import MEDIA
from archive.site.http.paging import BadRequestError, choice_parameter
from archive.site.http.parameters import LIKENESS
from archive.site.views.respond import json_response
from archive.store.values import UNSET, Schema, UnsetType, answers

from .check import MOST_FINDINGS, check, first_stood
from .draft import (
    LARGEST_FILE,
    LONGEST,
    ZIPPED,
    InMemoryUpload,
    RefusedError,
    given,
    pasted,
    refused_in_words,
    too_large,
    uploaded,
)
from .footnotes import CheckedFootnote, footnotes, with_footnotes
from .origins import CheckedOrigins
from .posted import FORMS, LIMITS, TEMPLATE, private, text_in_json
from .presenter import comments_on, result_context
from .quoting import language_of_draft
from .report import (
    CheckedCitation,
    CheckedCorpus,
    CheckedQuotation,
    Match,
    Report,
    Status,
    Verdict,
)
from .word_comments import commented


class Checked(Schema, frozen=True, kw_only=True):
    """The extent of the check."""

    to: int
    whole: bool


class CheckReport(Schema, frozen=True, kw_only=True):
    """The citations and quotations of a draft, each checked. Nothing of it is stored."""

    text: str
    characters: int
    checked: Checked
    corpus: CheckedCorpus
    citations: list[CheckedCitation]
    quotations: list[CheckedQuotation]
    unpaired_quotation_marks: list[int]
    footnotes: list[CheckedFootnote]
    origins: CheckedOrigins


class PostedText(Schema, frozen=True, kw_only=True):
    """The fields of a form or JSON object to post; ``file``: the accepted kinds."""

    text: str
    file: str | UnsetType = UNSET


class CheckLimits(Schema, frozen=True, kw_only=True):
    """The longest draft, the largest file in bytes, the most findings."""

    characters: int
    file_bytes: int
    findings: int


class CheckExplained(Schema, frozen=True, kw_only=True):
    """The fields to post, by media type, and the codes of the report."""

    post: dict[str, PostedText | str]
    limits: CheckLimits
    standings: list[str]
    verdicts: list[str]
    beside: list[str]
    stored: bool


EXPLANATION = CheckExplained(
    post={
        "application/json": PostedText(text="…"),
        "text/plain": "…",
        "multipart/form-data": PostedText(text="…", file=".docx, .txt"),
    },
    limits=CheckLimits(characters=LONGEST, file_bytes=LARGEST_FILE, findings=MOST_FINDINGS),
    standings=[str(one) for one in Status],
    verdicts=[str(one) for one in Verdict],
    beside=[str(one) for one in Match],
    stored=False,
)


@answers(CheckExplained, post=CheckReport)
@private(EXPLANATION)
def check_page(request: HttpRequest, twin: bool = False) -> HttpResponse:
    """Shows the form, or the fields to send; and the report on a draft that is posted."""
    report, notes = _report(request, _read(request), twin)
    found = first_stood(report.text)
    if twin:
        # Not indented: the report on a long draft has some megabytes.
        return json_response(check_value(report, notes, found), indent=None)
    return render(request, TEMPLATE, LIMITS | result_context(report, notes, found))


@private(EXPLANATION)
def check_word(request: HttpRequest, twin: bool = False) -> HttpResponse:
    """Returns the Word file that is posted with a comment at each finding, in the language of the draft;
    explains on GET.
    """
    file = _file(request) if request.content_type in FORMS else None
    content = file.read() if file is not None else b""
    text = uploaded("", content) if content else ""
    if not content.startswith(ZIPPED):
        raise RefusedError(_("批注要写在Word文件里，请选一个.docx文件再试。没有核对任何一部分。"), 415)
    with refused_in_words(), override({"zh": settings.LANGUAGE_CODE}.get(language_of_draft(text), "en")):
        report, notes = _report(request, text)
        made = commented(
            content, comments_on(report, notes), request.build_absolute_uri("/"), str(_("1540文献库"))
        )
    response = HttpResponse(made, content_type=MEDIA["docx"])
    name = Path(str(file and file.name))
    # Word opens no .docx that says inside that it has macros.
    ending = name.suffix if name.suffix.lower() in (".docm", ".dotx", ".dotm") else ".docx"
    told = _("%(name)s（核对）") % {"name": name.stem} + ending
    response["Content-Disposition"] = content_disposition_header(True, told) or ""
    return response


def _report(
    request: HttpRequest, text: str, may_be_empty: bool = False
) -> tuple[Report, list[CheckedFootnote]]:
    """Returns the report on a draft, with its footnotes."""
    try:
        likeness = choice_parameter(request, LIKENESS.name, {"1": ""}, LIKENESS.name)
    except BadRequestError as error:
        raise RefusedError(str(error)) from error
    if not (may_be_empty or text.strip()):
        raise RefusedError(_("没有文字可以核对。请粘贴草稿，或选一个文件。"))
    report = check(text, bool(likeness))
    by_key = footnotes(report, request.build_absolute_uri)
    return with_footnotes(report, by_key), list(by_key.values())


def _read(request: HttpRequest) -> str:
    """Returns the draft: of a form, of JSON (``{"text": …}``), or the body itself as plain text."""
    kind = request.content_type
    if kind == "application/json":
        return given(text_in_json(request.body))
    if kind == "text/plain":
        return uploaded("", request.body) if request.body.strip() else ""
    if kind not in FORMS:
        raise RefusedError(_("草稿请用JSON、纯文本或表单送来。"), 415)
    file = _file(request)
    if file is not None and file.size:
        return uploaded(file.name or "", file.read())
    return pasted(request.POST.get("text", ""))


def _file(request: HttpRequest) -> UploadedFile | None:
    """Returns the file of a form, kept in memory."""
    handler = InMemoryUpload(request, LARGEST_FILE)
    request.upload_handlers = [handler]
    file = request.FILES.get("file")
    if handler.too_large:
        raise too_large()
    return file


def check_value(report: Report, notes: Sequence[CheckedFootnote], origins: CheckedOrigins) -> CheckReport:
    return CheckReport.from_row(
        report,
        characters=len(report.text),
        checked=Checked(to=report.checked_to, whole=report.whole),
        citations=list(report.citations),
        quotations=list(report.quotations),
        unpaired_quotation_marks=list(report.unpaired),
        footnotes=list(notes),
        origins=origins,
    )
