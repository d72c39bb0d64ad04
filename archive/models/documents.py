"""Stored documents: source files, documents, their paragraphs, and the lines left out of them.

Text that is copied from a document has no upper length: nothing that was printed is cut or refused.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .querysets.documents import DocumentQuerySet, SecondOriginalQuerySet
from .querysets.paragraphs import ParagraphQuerySet
from .references import Body, State

if TYPE_CHECKING:
    from .mentions import BodyMention, Mention, OwnReference, TreatyMention


class SourceFile(models.Model):
    """A source as it came in, byte for byte, so that everything can be parsed again."""

    name = models.CharField(_("文件名"), max_length=255)
    sha256 = models.CharField("SHA-256", max_length=64)
    content = models.BinaryField(_("内容"))
    sidecar = models.TextField(_("附带的元数据"), blank=True)
    received = models.DateTimeField(_("收到"), auto_now_add=True)

    class Meta:
        ordering = ["name"]
        verbose_name = verbose_name_plural = _("来源文件")
        indexes = [models.Index(fields=["sha256"], name="sources_by_digest")]

    def __str__(self) -> str:
        return self.name


class Document(models.Model):
    """A stored document. Columns hold what is shown; ``corrections`` what people decided otherwise: facts by
    name, paragraphs kept out, and what was put right before publishing (``archive.store.ingest.facts``).
    """

    class Type(models.TextChoices):
        LETTER = "letter", _("信")
        NOTE_VERBALE = "note_verbale", _("普通照会")
        NOTE = "note", pgettext_lazy("type of document", "说明")
        REPORT = "report", _("报告")
        SUMMARY_RECORD = "summary_record", _("简要记录")
        VERBATIM_RECORD = "verbatim_record", _("逐字记录")
        RESOLUTION = "resolution", _("决议")
        DECISION = "decision", _("决定")
        PRESIDENTIAL_STATEMENT = "presidential_statement", _("主席声明")
        DOCUMENT = "document", _("文件")

    symbol = models.CharField(_("文号"), max_length=100)
    language = models.CharField(_("语文"), max_length=10, default="zh")
    counted = models.BooleanField(
        _("计入名单"),
        default=True,
        editable=False,
        help_text=_("同一文件有几种语文的文本时，名单和计数只算一份：中文本，没有中文本时另取一份。"),
    )
    title = models.TextField(_("标题"), blank=True)
    document_type = models.CharField(_("文件类型"), max_length=30, choices=Type, default=Type.DOCUMENT)
    organ = models.CharField(_("印发机关"), blank=True)
    date = models.DateField(_("印发日期"), null=True, blank=True, help_text=_("只填文件上印出的日期。"))
    communication_date = models.DateField(_("信件或照会日期"), null=True, blank=True)
    meeting_date = models.DateField(_("会议日期"), null=True, blank=True)
    sort_date = models.DateField(_("排序日期"), null=True, blank=True, editable=False)
    year = models.PositiveSmallIntegerField(_("年份"), null=True, blank=True, editable=False)
    original_language = models.CharField(_("原文语文"), blank=True)
    job_number = models.CharField(_("工作号"), blank=True)
    session = models.CharField(_("届会"), blank=True)
    agenda_item = models.CharField(_("议程项目"), blank=True)
    meeting = models.CharField(_("会议"), blank=True)
    place = models.CharField(_("地点"), blank=True)
    chair = models.CharField(_("主席"), blank=True)
    sender = models.CharField(_("发文方"), blank=True)
    addressee = models.CharField(_("受文方"), blank=True)
    distribution = models.CharField(_("分发"), blank=True)
    provenance = models.TextField(_("来源说明"), blank=True)
    state = models.ForeignKey(
        State, models.SET_NULL, null=True, blank=True, related_name="sent_documents", verbose_name=_("发文国")
    )
    body = models.ForeignKey(
        Body,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="sent_documents",
        verbose_name=_("发文机构"),
    )
    organ_body = models.ForeignKey(
        Body,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="issued_documents",
        verbose_name=_("印发机构"),
    )

    source = models.ForeignKey(
        SourceFile, models.PROTECT, related_name="documents", verbose_name=_("来源文件")
    )
    parser_version = models.CharField(_("解析器版本"), max_length=20)
    input_hash = models.CharField(
        max_length=64, editable=False, help_text=_("来源、附带的元数据、解析器和参考表的散列值。")
    )
    content_hash = models.CharField(
        max_length=64, editable=False, help_text=_("解析结果的散列值；相同则不写入。")
    )
    parsed_facts = models.JSONField(_("解析所得"), default=dict, blank=True, editable=False)
    corrections = models.JSONField(_("更正"), default=dict, blank=True, editable=False)
    ocr_confidence = models.PositiveSmallIntegerField(
        _("文字识别的置信度"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("识别所得各段的平均，百分比；原件是图片、文字由程序识别（OCR）时才有。"),
    )
    doubts = models.JSONField(_("存疑"), default=list, blank=True, editable=False)
    imported = models.DateTimeField(_("入库"), auto_now_add=True)
    changed = models.DateTimeField(_("最近改动"))

    # By ``count_for``.
    paragraph_count: int
    mention_count: int
    cited_by_count: int
    # By ``reading.coverage.document_rows``.
    blocks: int
    uncertain: int
    revision: int | None  # by ``with_revision``

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-sort_date", "symbol"]
        verbose_name = verbose_name_plural = _("文件")
        constraints = [
            models.UniqueConstraint(
                fields=["symbol", "language"], name="one_document_per_symbol_and_language"
            )
        ]
        indexes = [
            models.Index(fields=["-sort_date", "symbol"], name="documents_by_date"),
            models.Index(fields=["year"], name="documents_by_year"),
            models.Index(fields=["input_hash"], name="documents_by_input"),
            models.Index(fields=["changed"], name="documents_by_change"),
        ]

    def __str__(self) -> str:
        return self.symbol


class SecondOriginal(models.Model):
    """Another file of a document, in another format than the one its text was taken from. It stays when
    another takes its place, for the address that it was given.
    """

    document = models.ForeignKey(
        Document, models.CASCADE, related_name="second_originals", verbose_name=_("文件")
    )
    source = models.ForeignKey(
        SourceFile, models.PROTECT, related_name="second_of", verbose_name=_("来源文件")
    )
    format = models.CharField(_("格式"), max_length=10)

    objects = SecondOriginalQuerySet.as_manager()

    class Meta:
        ordering = ["document", "format", "source"]
        verbose_name = verbose_name_plural = _("另一格式的原件")
        constraints = [
            models.UniqueConstraint(fields=["document", "source"], name="one_original_of_these_bytes")
        ]

    def __str__(self) -> str:
        return f"{self.document} {self.format}"


class SymbolAlias(models.Model):
    """Another symbol that leads to a document: the second of a double symbol, or one once misread. Among
    documents in one language it leads to one (``claim_symbols``).
    """

    symbol = models.CharField(_("文号"), max_length=100)
    document = models.ForeignKey(Document, models.CASCADE, related_name="aliases", verbose_name=_("文件"))

    class Meta:
        ordering = ["symbol"]
        verbose_name = verbose_name_plural = _("其他文号")
        constraints = [models.UniqueConstraint(fields=["symbol", "document"], name="one_alias_per_document")]

    def __str__(self) -> str:
        return self.symbol


class DroppedLine(models.Model):
    """A line of the source that is not body text, and why."""

    document = models.ForeignKey(
        Document, models.CASCADE, related_name="dropped_lines", verbose_name=_("文件")
    )
    line = models.PositiveIntegerField(_("行"))
    text = models.TextField(_("文字"))
    reason = models.CharField(_("原因"))

    class Meta:
        ordering = ["document", "line", "pk"]
        verbose_name = verbose_name_plural = _("未收入正文的行")

    def __str__(self) -> str:
        return f"{self.line}: {self.text[:40]}"


# The unit of the archive: the paragraph with its official number.


class Paragraph(models.Model):
    """One block of a document's body, with the official number where it has one."""

    class Kind(models.TextChoices):
        HEADING = "heading", pgettext_lazy("in a document", "标题")
        PARAGRAPH = "paragraph", _("段落")
        SUBPARAGRAPH = "subparagraph", _("分段")
        LIST_ITEM = "list_item", _("列举项")
        FOOTNOTE = "footnote", _("脚注")
        SIGNATURE = "signature", _("签名")
        CLOSING = "closing", _("结语")
        PREAMBULAR = "preambular", _("序言段")
        OPERATIVE = "operative", _("执行段")
        ROW = "row", _("表格行")

    document = models.ForeignKey(Document, models.CASCADE, related_name="paragraphs", verbose_name=_("文件"))
    position = models.PositiveIntegerField(_("次序"))
    anchor = models.CharField(_("段落标记"))
    kind = models.CharField(_("类别"), max_length=20, choices=Kind)
    number = models.CharField(_("编号"), blank=True)
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="children")
    part = models.CharField(_("部分"), default="main")
    role = models.CharField(_("作用"), blank=True)
    level = models.PositiveSmallIntegerField(_("层级"), null=True, blank=True)
    text = models.TextField(_("文字"))
    fingerprint = models.CharField(_("指纹"), max_length=8)
    notes = models.JSONField(
        _("脚注标记"), default=list, blank=True, help_text=_("[[位置, 脚注段落标记], …]")
    )
    first_line = models.PositiveIntegerField(_("来源首行"), default=0)
    last_line = models.PositiveIntegerField(_("来源末行"), default=0)

    speaker_name = models.CharField(_("发言人"), blank=True)
    speaker_honorific = models.CharField(_("称谓"), blank=True)
    speaker_delegation = models.CharField(_("代表团"), blank=True)
    speaker_status = models.CharField(_("身份"), blank=True)
    speaker_capacity = models.CharField(_("职能"), blank=True)
    turn = models.PositiveIntegerField(
        _("发言次序"), null=True, blank=True, help_text=_("会议记录中的第几次发言；一次发言可有几段。")
    )
    submitter_name = models.CharField(_("答复方"), blank=True)
    submitter_original_language = models.CharField(_("答复原文语文"), blank=True)
    submitter_date = models.DateField(_("答复日期"), null=True, blank=True)
    transmitted = models.BooleanField(
        _("仅为转递"), default=False, help_text=_("发文方转递的他人文字，不是发文方自己的话。")
    )
    ocr_confidence = models.PositiveSmallIntegerField(
        _("文字识别的置信度"),
        null=True,
        blank=True,
        help_text=_("百分比；原件是图片、文字由程序识别（OCR）时才有。"),
    )
    state = models.ForeignKey(
        State,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="paragraphs",
        verbose_name=_("发言或答复国"),
    )
    body = models.ForeignKey(
        Body,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="own_paragraphs",
        verbose_name=_("发言或答复机构"),
    )

    # By ``locations.tell_occurrences``: of several that bear the same number, the first, second …; 0 of one
    # alone; None where nobody asked.
    occurrence: int | None = None

    # By ``with_since``, ``with_citing_counts``.
    since: datetime | None
    since_revision: int | None
    cited_by_count: int
    # By ``in_order``.
    mentions_in_order: list[Mention]
    body_mentions_in_order: list[BodyMention]
    treaty_mentions_in_order: list[TreatyMention]
    own_references_in_order: list[OwnReference]

    objects = ParagraphQuerySet.as_manager()

    class Meta:
        ordering = ["document", "position"]
        verbose_name = verbose_name_plural = _("段落")
        constraints = [
            models.UniqueConstraint(fields=["document", "anchor"], name="unique_anchor_in_document"),
            models.UniqueConstraint(fields=["document", "position"], name="unique_position_in_document"),
            models.CheckConstraint(condition=~models.Q(anchor=""), name="anchor_not_empty"),
        ]
        indexes = [
            models.Index(fields=["fingerprint"], name="paragraphs_by_fingerprint"),
            models.Index(fields=["document", "turn", "position"], name="paragraphs_by_turn"),
            models.Index(
                # All that the list of speakers tells, so that it is counted from the index alone.
                fields=[
                    *("speaker_name", "speaker_delegation", "document", "turn", "speaker_honorific"),
                    *("speaker_capacity", "speaker_status", "state", "body"),
                ],
                name="paragraphs_by_speaker",
                condition=~models.Q(speaker_name=""),
            ),
            models.Index(fields=["state", "document", "transmitted", "kind"], name="paragraphs_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id}/p/{self.anchor}"
