"""What the archive holds: documents, their paragraphs, and what each paragraph mentions."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from .references import Body, State


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

    def __str__(self) -> str:
        return self.name


class Document(models.Model):
    """A document that is held. Columns hold what is shown; ``corrections`` what an editor overruled."""

    class Type(models.TextChoices):
        LETTER = "letter", _("信")
        NOTE_VERBALE = "note_verbale", _("普通照会")
        NOTE = "note", _("说明")
        REPORT = "report", _("报告")
        SUMMARY_RECORD = "summary_record", _("简要记录")
        VERBATIM_RECORD = "verbatim_record", _("逐字记录")
        RESOLUTION = "resolution", _("决议")
        DECISION = "decision", _("决定")
        PRESIDENTIAL_STATEMENT = "presidential_statement", _("主席声明")
        DOCUMENT = "document", _("文件")

    symbol = models.CharField(_("文号"), max_length=100)
    language = models.CharField(_("语文"), max_length=10, default="zh")
    title = models.TextField(_("标题"), blank=True)
    document_type = models.CharField(_("文件类型"), max_length=30, choices=Type, default=Type.DOCUMENT)
    organ = models.CharField(_("印发机关"), max_length=200, blank=True)
    date = models.DateField(_("印发日期"), null=True, blank=True, help_text=_("只填文件上印出的日期。"))
    communication_date = models.DateField(_("信件或照会日期"), null=True, blank=True)
    meeting_date = models.DateField(_("会议日期"), null=True, blank=True)
    sort_date = models.DateField(_("排序日期"), null=True, blank=True, editable=False)
    year = models.PositiveSmallIntegerField(_("年份"), null=True, blank=True, editable=False)
    original_language = models.CharField(_("原文语文"), max_length=40, blank=True)
    job_number = models.CharField(_("工作号"), max_length=40, blank=True)
    session = models.CharField(_("届会"), max_length=80, blank=True)
    agenda_item = models.CharField(_("议程项目"), max_length=300, blank=True)
    meeting = models.CharField(_("会议"), max_length=80, blank=True)
    place = models.CharField(_("地点"), max_length=120, blank=True)
    chair = models.CharField(_("主席"), max_length=200, blank=True)
    sender = models.CharField(_("发文方"), max_length=200, blank=True)
    addressee = models.CharField(_("受文方"), max_length=200, blank=True)
    distribution = models.CharField(_("分发"), max_length=40, blank=True)
    provenance = models.TextField(_("来源说明"), blank=True)
    state = models.ForeignKey(
        State,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="sent_documents",
        verbose_name=_("发文国"),
    )

    source = models.ForeignKey(
        SourceFile, models.PROTECT, related_name="documents", verbose_name=_("来源文件")
    )
    parser_version = models.CharField(_("解析器版本"), max_length=20)
    content_hash = models.CharField(max_length=64, editable=False)
    corrections = models.JSONField(_("更正"), default=dict, blank=True, editable=False)
    doubts = models.JSONField(_("存疑"), default=list, blank=True, editable=False)
    imported = models.DateTimeField(_("入库"), auto_now_add=True)
    changed = models.DateTimeField(_("最近改动"))

    class Meta:
        ordering = ["-sort_date", "symbol"]
        verbose_name = verbose_name_plural = _("文件")
        constraints = [
            models.UniqueConstraint(
                fields=["symbol", "language"], name="one_document_per_symbol_and_language"
            ),
        ]
        indexes = [
            models.Index(fields=["-sort_date", "symbol"], name="documents_by_date"),
            models.Index(fields=["year"], name="documents_by_year"),
        ]

    def __str__(self) -> str:
        return self.symbol


class SymbolAlias(models.Model):
    """Another symbol that leads to a document: the second of a double symbol, or one once misread."""

    symbol = models.CharField(_("文号"), max_length=100, unique=True)
    document = models.ForeignKey(Document, models.CASCADE, related_name="aliases", verbose_name=_("文件"))

    class Meta:
        ordering = ["symbol"]
        verbose_name = verbose_name_plural = _("其他文号")

    def __str__(self) -> str:
        return self.symbol


class Paragraph(models.Model):
    """One block of a document's body, with the official number where it has one."""

    class Kind(models.TextChoices):
        HEADING = "heading", _("标题")
        PARAGRAPH = "paragraph", _("段落")
        SUBPARAGRAPH = "subparagraph", _("分段")
        LIST_ITEM = "list_item", _("列举项")
        FOOTNOTE = "footnote", _("脚注")
        SIGNATURE = "signature", _("签名")
        CLOSING = "closing", _("结语")
        PREAMBULAR = "preambular", _("序言段")
        OPERATIVE = "operative", _("执行段")

    document = models.ForeignKey(Document, models.CASCADE, related_name="paragraphs", verbose_name=_("文件"))
    position = models.PositiveIntegerField(_("次序"))
    anchor = models.CharField(_("段落标记"), max_length=80)
    kind = models.CharField(_("类别"), max_length=20, choices=Kind)
    number = models.CharField(_("编号"), max_length=20, blank=True)
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="children")
    part = models.CharField(_("部分"), max_length=20, default="main")
    role = models.CharField(_("作用"), max_length=30, blank=True)
    level = models.PositiveSmallIntegerField(_("层级"), null=True, blank=True)
    text = models.TextField(_("文字"))
    fingerprint = models.CharField(_("指纹"), max_length=8)
    notes = models.JSONField(
        _("脚注标记"), default=list, blank=True, help_text=_("[[位置, 脚注段落标记], …]")
    )
    first_line = models.PositiveIntegerField(_("来源首行"), default=0)
    last_line = models.PositiveIntegerField(_("来源末行"), default=0)

    speaker_name = models.CharField(_("发言人"), max_length=120, blank=True)
    speaker_honorific = models.CharField(_("称谓"), max_length=20, blank=True)
    speaker_delegation = models.CharField(_("代表团"), max_length=200, blank=True)
    speaker_status = models.CharField(_("身份"), max_length=20, blank=True)
    speaker_capacity = models.CharField(_("职能"), max_length=200, blank=True)
    submitter_name = models.CharField(_("答复方"), max_length=200, blank=True)
    submitter_original_language = models.CharField(_("答复原文语文"), max_length=40, blank=True)
    submitter_date = models.DateField(_("答复日期"), null=True, blank=True)
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

    class Meta:
        ordering = ["document", "position"]
        verbose_name = verbose_name_plural = _("段落")
        constraints = [
            models.UniqueConstraint(fields=["document", "anchor"], name="unique_anchor_in_document"),
            models.UniqueConstraint(fields=["document", "position"], name="unique_position_in_document"),
            models.CheckConstraint(condition=~models.Q(anchor=""), name="anchor_not_empty"),
        ]
        indexes = [models.Index(fields=["fingerprint"], name="paragraphs_by_fingerprint")]

    def __str__(self) -> str:
        return f"{self.document_id}/p/{self.anchor}"


class Mention(models.Model):
    """A place in a paragraph that names a resolution, decision, document or act.

    ``symbol`` is canonical. ``target`` and ``target_paragraph`` are set where the archive holds them.
    Only ``certain`` mentions count.
    """

    paragraph = models.ForeignKey(Paragraph, models.CASCADE, related_name="mentions", verbose_name=_("段落"))
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    surface = models.CharField(_("原文写法"), max_length=200)
    symbol = models.CharField(_("文号"), max_length=100, db_index=True)
    pinpoint = models.CharField(_("段次"), max_length=60, blank=True)
    certain = models.BooleanField(_("确定"), default=True)
    target = models.ForeignKey(
        Document,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="incoming_mentions",
        verbose_name=_("所指文件"),
    )
    target_paragraph = models.ForeignKey(
        Paragraph,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="incoming_mentions",
        verbose_name=_("所指段落"),
    )

    class Meta:
        ordering = ["paragraph", "start"]
        verbose_name = verbose_name_plural = _("提及")
        constraints = [
            models.CheckConstraint(condition=models.Q(end__gt=models.F("start")), name="mention_not_empty"),
            models.UniqueConstraint(fields=["paragraph", "start", "end", "symbol"], name="mention_once"),
        ]
        indexes = [models.Index(fields=["symbol", "certain"], name="mentions_by_symbol")]

    def __str__(self) -> str:
        return self.surface


class BodyMention(models.Model):
    """A place in a paragraph that names a body."""

    class Form(models.TextChoices):
        FULL = "full", _("全称")
        ALIAS = "alias", _("别称")
        DEFINED = "defined", _("文件所定简称")
        CONTEXTUAL = "contextual", _("据上下文判定")

    paragraph = models.ForeignKey(
        Paragraph, models.CASCADE, related_name="body_mentions", verbose_name=_("段落")
    )
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    surface = models.CharField(_("原文写法"), max_length=200)
    form = models.CharField(_("形式"), max_length=12, choices=Form, default=Form.FULL)
    body = models.ForeignKey(Body, models.PROTECT, related_name="mentions", verbose_name=_("机构"))

    class Meta:
        ordering = ["paragraph", "start"]
        verbose_name = verbose_name_plural = _("机构提及")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(end__gt=models.F("start")), name="body_mention_not_empty"
            ),
            models.UniqueConstraint(fields=["paragraph", "start", "end"], name="body_mention_once"),
        ]

    def __str__(self) -> str:
        return self.surface


class DroppedLine(models.Model):
    """A line of the source that is not body text, and why."""

    document = models.ForeignKey(
        Document, models.CASCADE, related_name="dropped_lines", verbose_name=_("文件")
    )
    line = models.PositiveIntegerField(_("行"))
    text = models.TextField(_("文字"))
    reason = models.CharField(_("原因"), max_length=200)

    class Meta:
        ordering = ["document", "line", "pk"]
        verbose_name = verbose_name_plural = _("未收入正文的行")

    def __str__(self) -> str:
        return f"{self.line}: {self.text[:40]}"
