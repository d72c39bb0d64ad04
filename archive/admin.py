"""The editors' desk: everything can be inspected; facts of documents and names of bodies can be corrected.

Paragraphs and what was issued are read-only: the text is the document's text. Every start loads this module;
what reads and stores documents is loaded by the acts that need it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Field, JSONField, Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from archive.desk.audit import LogEntryAdmin
from archive.desk.unchanged import SHOWN, LockedWhileSaving, UnchangedForm, WordListField
from archive.site.presenters.diff import compare
from archive.site.presenters.relations import doubt_in_words
from archive.store.ingest.facts import CORRECTABLE, ROWS, canonical_symbol, correct_document, plain_fact
from archive.store.ingest.resolve import relink_names
from archive.store.ingest.values import RefusedError
from archive.store.revision import one_act
from archive.store.search_index import request_update

from .desk.unchanged import is_needed, take_or_dismiss, wordings
from .models import (
    Body,
    CatalogueRecord,
    Document,
    DocumentSeries,
    FetchAttempt,
    ImportOutcome,
    ImportRun,
    IssuedText,
    MovedAnchor,
    Paragraph,
    Resolution,
    RetiredDocument,
    ShippedRecord,
    SourceFile,
    State,
    ThesaurusConcept,
)
from .models.references import NaturalKeyModel

admin.site.register(LogEntry, LogEntryAdmin)
admin.site.site_title = admin.site.site_header = _("1540文献库编辑台")
admin.site.index_title = _("库中内容")


class Kept:
    """Nothing can be added or deleted."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ReadOnly(Kept):
    """Nor changed."""

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class CorrectionForm(UnchangedForm):
    """The facts of a document as they stand; what is changed here becomes a correction."""

    take_back = forms.MultipleChoiceField(
        label=_("撤回更正"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("选中的各项恢复为从文件中读出的内容。"),
    )

    class Meta:
        model = Document
        fields = CORRECTABLE
        widgets = {
            "title": forms.Textarea(attrs={"rows": 2}),
            "provenance": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        corrected = self.instance.corrections
        cast(forms.ChoiceField, self.fields["take_back"]).choices = [
            (name, f"{self.fields[name].label}：{self.instance.parsed_facts.get(name) or _('无')}")
            for name in CORRECTABLE
            if name in corrected and name in self.fields
        ]
        for name in corrected.keys() & self.fields.keys():
            self.fields[name].help_text = _("已更正；重新入库后仍然有效。")

    def clean_symbol(self) -> str:
        try:
            symbol = canonical_symbol(self.cleaned_data["symbol"])
        except RefusedError as error:
            raise ValidationError(str(error)) from error
        owner = Document.objects.filter(language=self.instance.language).find(symbol)
        if owner and owner.pk != self.instance.pk:
            raise ValidationError(_("这一文号属于另一份文件：%(owner)s。"), params={"owner": owner.symbol})
        return symbol

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        for name in {*self.changed_data} & {*CORRECTABLE} & {*self.cleaned_data}:
            try:
                plain_fact(name, self.cleaned_data[name])
            except RefusedError as error:
                self.add_error(name, str(error))
        return cleaned

    def corrections(self) -> dict[str, Any]:
        """All corrections that are to be in force once the form is saved."""
        changed = {name: self.cleaned_data[name] for name in self.changed_data if name in CORRECTABLE}
        before = {name: value for name, value in self.instance.corrections.items() if name in CORRECTABLE}
        wanted = {**before, **changed}
        return {name: value for name, value in wanted.items() if name not in self.cleaned_data["take_back"]}


@admin.register(Document)
class DocumentAdmin(Kept, LockedWhileSaving):
    form = CorrectionForm
    list_display = ["symbol", "title", "document_type", "organ", "sort_date", "is_corrected", "changed"]
    list_filter = ["document_type", "year", "organ"]
    search_fields = ["symbol", "aliases__symbol", "title"]
    readonly_fields = [
        "state",
        "body",
        "organ_body",
        "paragraphs_link",
        "source",
        "parser_version",
        "doubted",
        "mended",
    ]
    actions = ["withdraw", "merge"]

    def get_fieldsets(self, request: HttpRequest, obj: Document | None = None) -> list:
        facts = [SHOWN, *CORRECTABLE, *(["take_back"] if obj and obj.corrections else [])]
        return [(None, {"fields": facts}), (_("由此得出及来源"), {"fields": self.readonly_fields})]

    def save_model(self, request: HttpRequest, obj: Document, form: CorrectionForm, change: bool) -> None:
        from archive.intake.importing import facts_shown, refuse_returning

        try:
            with one_act() as revision:
                before = facts_shown(obj.symbol, obj.language)
                corrected = correct_document(obj, form.corrections())
                refuse_returning(corrected, revision, before)
        except RefusedError as error:
            self.message_user(request, str(error), messages.ERROR)
        else:
            obj.symbol = corrected.symbol
            transaction.on_commit(request_update)

    @admin.display(description=_("更正"), empty_value="–")
    def is_corrected(self, document: Document) -> str | None:
        """In words: a red cross beside each document that needed none looked like a fault."""
        return str(_("有更正")) if document.corrections.keys() & {*CORRECTABLE, ROWS} else None

    @admin.display(description=_("存疑"))
    def doubted(self, document: Document) -> str:
        words = ((doubt_in_words(doubt["message"]),) for doubt in document.doubts)
        return format_html_join("", "<p>{}</p>", words) or "–"

    @admin.display(description=_("发布前的更正"))
    def mended(self, document: Document) -> str:
        """What was put right at the way in, the sidecar of it, and the way back there."""
        from archive.desk.uploads.preview import corrections_shown

        shown = corrections_shown(document.corrections.get(ROWS, []))
        mended = ((words, row.get("by", "")) for words, row in shown)
        rows = format_html_join("", "<p>{}（{}）</p>", mended)
        address, back = (
            f"{reverse(name, args=[document.symbol])}?language={document.language}"
            for name in ("intake_sidecar", "intake_take_out")
        )
        link = format_html('<p><a href="{}">{}</a></p>', address, gettext("下载附带的元数据和更正（.toml）"))
        button = '{}{}<button type="submit" formaction="{}" formnovalidate>{}</button>'
        return format_html(button, rows, link, back, gettext("取出更正"))

    @admin.action(description=_("撤下……"))
    def withdraw(self, request: HttpRequest, rows: QuerySet) -> HttpResponse | None:
        from archive.desk.retirement import WithdrawForm, retire, withdraw_rows

        return retire(self, request, rows, WithdrawForm, withdraw_rows)

    @admin.action(description=_("并入另一份文件……"))
    def merge(self, request: HttpRequest, rows: QuerySet) -> HttpResponse | None:
        from archive.desk.retirement import MergeForm, merge_rows, retire

        return retire(self, request, rows, MergeForm, merge_rows)

    @admin.display(description=_("段落"))
    def paragraphs_link(self, document: Document) -> str:
        address = reverse("admin:archive_paragraph_changelist")
        return format_html(
            '<a href="{}?document__id={}">{}</a>', address, document.pk, document.paragraphs.count()
        )


@admin.register(Paragraph)
class ParagraphAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["document", "anchor", "kind", "text", "speaker_name", "submitter_name"]
    list_filter = ["kind", "document__document_type"]
    list_select_related = ["document"]
    search_fields = ["document__symbol", "anchor", "text"]
    actions = ["withdraw"]

    @admin.action(description=_("撤下……"))
    def withdraw(self, request: HttpRequest, rows: QuerySet) -> HttpResponse | None:
        from archive.desk.retirement import WithdrawForm, retire, withdraw_paragraphs

        return retire(self, request, rows, WithdrawForm, withdraw_paragraphs)


@admin.register(RetiredDocument)
class RetiredDocumentAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["symbol", "ending", "successor", "by", "reason", "at", "lifted"]
    list_filter = ["ending"]
    search_fields = ["symbol", "successor"]
    actions = ["take_back"]

    @admin.action(description=_("恢复……"))
    def take_back(self, request: HttpRequest, rows: QuerySet) -> HttpResponse | None:
        from archive.desk.retirement import TakeBackForm, retire, take_back_rows

        return retire(self, request, rows, TakeBackForm, take_back_rows)


class ImportOutcomeInline(ReadOnly, admin.TabularInline):
    model, extra = ImportOutcome, 0


# What can be inspected only: the columns of its list, the fields that it is searched by, and more.
INSPECTED: dict[type[Model], tuple[str, str, dict[str, Any]]] = {
    SourceFile: ("name sha256 received", "name sha256", {"exclude": ["content"]}),
    IssuedText: (
        "symbol anchor fingerprint since until ending reason",
        "symbol anchor fingerprint",
        {"list_filter": ["ending"]},
    ),
    MovedAnchor: ("symbol old_anchor new_anchor moved reason", "symbol", {}),
    ImportRun: ("started finished parser_version", "", {"inlines": [ImportOutcomeInline]}),
    FetchAttempt: (
        "symbol language outcome reason asked status format size",
        "symbol run sha256",
        {"list_filter": ["outcome", "language"]},
    ),
    CatalogueRecord: ("symbol title date source imported", "symbol title", {}),
}


WORD_LISTS: Mapping[type[Field], Mapping[str, Any]] = {JSONField: {"form_class": WordListField}}


class EditedAdmin(LockedWhileSaving):
    """Rows that editors change by hand. What the program brings, or something cites, is never deleted: its
    address was issued; for the same reason the key of a row stays.
    """

    form = UnchangedForm
    formfield_overrides = WORD_LISTS

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return [self.model.key_field] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        needed = isinstance(obj, NaturalKeyModel) and is_needed(obj)
        return super().has_delete_permission(request, obj) and not needed

    def save_model(self, request: HttpRequest, obj: Model, form: forms.ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if isinstance(obj, Body | State):  # when names change, senders and speakers are matched anew
            relink_names()
            transaction.on_commit(request_update)


EDITED: dict[type[Model], tuple[str, str, dict[str, Any]]] = {
    Body: (
        "name acronym parent provisional unconfirmed",
        "name english acronym aliases",
        {"list_filter": ["provisional", "unconfirmed"], "list_select_related": ["parent"]},
    ),
    State: ("name alpha3 official_name english", "name alpha3 official_name english aliases", {}),
    Resolution: ("symbol adopted meeting summary family", "", {}),
    DocumentSeries: ("prefix name body", "", {"list_select_related": ["body"]}),
}
for base, listed in (((ReadOnly, admin.ModelAdmin), INSPECTED), ((EditedAdmin,), EDITED)):
    for model, (columns, searched, more) in listed.items():
        shown = {"list_display": columns.split(), "search_fields": searched.split(), **more}
        admin.site.register(model, type(f"{model.__name__}Admin", base, shown))


@admin.register(ThesaurusConcept)
class ThesaurusConceptAdmin(EditedAdmin):
    """Terms and neighbours of a concept; search takes a change up with the next update of its index."""

    list_display = ["name", "slug", "branch", "variants", "retired"]
    list_filter = ["branch", "retired"]
    search_fields = [
        *("name", "slug", "variants", "abbreviations", "colloquial", "taiwan", "hongkong", "singapore"),
        "english",
    ]

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """A concept is retired instead, so that links to it answer on."""
        return False


@admin.register(ShippedRecord)
class ShippedRecordAdmin(Kept, admin.ModelAdmin):
    """What a person decided otherwise than the program brings it, and how it differs where that is new."""

    list_display = ["kind", "key", "origin", "differs"]
    list_filter = ["kind", "origin"]
    search_fields = ["key"]
    readonly_fields = ["kind", "key", "origin", "difference"]
    exclude = ["taken", "offered"]
    actions = ["take", "dismiss"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).exclude(origin=ShippedRecord.Origin.SHIPPED)

    @admin.display(description=_("随附的与现有的不同"), boolean=True)
    def differs(self, record: ShippedRecord) -> bool:
        return bool(record.offered)

    @admin.display(description=_("现有的和随附的"))
    def difference(self, record: ShippedRecord) -> str:
        compared = ((place, compare(mine, theirs)) for place, mine, theirs in wordings(record))
        rows = ((place, words.then, words.now) for place, words in compared)
        return format_html_join("", "<p>{}</p><p>{}</p><p>{}</p>", rows) or gettext("没有不同，或已取舍。")

    @admin.action(description=_("采用随附的"), permissions=["change"])
    def take(self, request: HttpRequest, rows: QuerySet) -> None:
        self._decide(request, rows, take=True)

    @admin.action(description=_("保留现有的，不再提示"), permissions=["change"])
    def dismiss(self, request: HttpRequest, rows: QuerySet) -> None:
        self._decide(request, rows, take=False)

    def _decide(self, request: HttpRequest, rows: QuerySet, *, take: bool) -> None:
        for row in rows.exclude(offered={}):
            try:
                take_or_dismiss(row, take)
            except RefusedError as error:
                self.message_user(request, f"{row}：{error}", messages.ERROR)
            else:
                self.log_change(request, row, "take" if take else "dismiss")
        relink_names()
        transaction.on_commit(request_update)
