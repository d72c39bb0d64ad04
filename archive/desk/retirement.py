"""The editors' desk: withdrawing, merging and taking back, after a form that asks who decided and why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.management import CommandError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.desk.audit import record
from archive.intake import retirement
from archive.models import Document, Paragraph
from archive.store.ingest.facts import canonical_symbol
from archive.store.ingest.values import RefusedError
from archive.store.search_index import bring_along
from archive.store.withholding.act import beyond_reach, clean_copies


class TakeBackForm(forms.Form):
    by = forms.CharField(label=gettext_lazy("决定者"), help_text=gettext_lazy("读者看得到。"))
    reason = forms.CharField(label=gettext_lazy("原因"), help_text=gettext_lazy("读者看得到。"))


class WithdrawForm(TakeBackForm):
    withheld = forms.BooleanField(label=gettext_lazy("依法不予显示文字"), required=False)


class MergeForm(TakeBackForm):
    into = forms.CharField(label=gettext_lazy("并入哪一份文件（文号）"))

    def clean_into(self) -> str:
        try:
            return canonical_symbol(self.cleaned_data["into"])
        except RefusedError as error:
            raise forms.ValidationError(str(error)) from error


def retire(
    desk: admin.ModelAdmin,
    request: HttpRequest,
    rows: QuerySet,
    form_class: type[forms.Form],
    act: Callable[[QuerySet, dict[str, Any]], None],
) -> HttpResponse | None:
    """Ask for ``form_class``, then do ``act`` with all ``rows`` or none; None leads back to the list."""
    if not request.user.has_perm("archive.change_document"):
        desk.message_user(request, _("您没有这一权限。"), messages.ERROR)
        return None
    form = form_class(
        request.POST if "confirmed" in request.POST else None, initial={"by": str(request.user)}
    )
    if form.is_valid():
        named = [(desk.model, row.pk, str(row)) for row in rows]  # some are gone afterwards
        places = [_place_of(row) for row in rows]
        why = f"{request.POST.get('action', '')}: {form.cleaned_data['by']}: {form.cleaned_data['reason']}"
        try:
            with transaction.atomic():
                act(rows, form.cleaned_data)
                record(request.user, why, named)
        except RefusedError as error:
            form.add_error(None, str(error))
        else:
            try:
                bring_along()
                desk.message_user(request, _("已完成，检索索引已更新。"))
            except CommandError as error:
                desk.message_user(request, str(error), messages.ERROR)
            for left in clean_copies(lambda said: desk.message_user(request, said, messages.WARNING)):
                message = _("%(copy)s还没有清干净：%(places)s。请管理本站的人运行withdraw_document。")
                names = {"copy": left.label, "places": "；".join(left.places)}
                desk.message_user(request, message % names, messages.ERROR)
            if form.cleaned_data.get("withheld"):
                for told in beyond_reach(places):
                    desk.message_user(request, told, messages.WARNING)
            return None
    context = {
        **desk.admin_site.each_context(request),
        "title": _("请说明由谁决定、为什么"),
        "rows": rows,
        "form": form,
        "action": request.POST.get("action", ""),
        "opts": desk.opts,
    }
    return TemplateResponse(request, "admin/archive/retire.html", context)


def _place_of(row: Document | Paragraph) -> tuple[str, str, str]:
    """Symbol, anchor (of a document none) and language."""
    document, anchor = (row.document, row.anchor) if isinstance(row, Paragraph) else (row, "")
    return document.symbol, anchor, document.language


def withdraw_rows(rows: QuerySet, why: dict[str, Any]) -> None:
    for document in rows:
        retirement.withdraw_document(document, why["by"], why["reason"], why["withheld"])


def merge_rows(rows: QuerySet, why: dict[str, Any]) -> None:
    for document in rows:
        into = retirement.held_document(why["into"], document.language)
        retirement.merge_document(document, into, why["by"], why["reason"])


def withdraw_paragraphs(rows: QuerySet, why: dict[str, Any]) -> None:
    for row in rows:
        document = Document.objects.get(pk=row.document_id)
        retirement.withdraw_paragraph(document, row.anchor, why["by"], why["reason"], why["withheld"])


def take_back_rows(rows: QuerySet, why: dict[str, Any]) -> None:
    for retired in rows:
        retirement.take_back(retired, why["by"], why["reason"])
