"""The unit of the archive: the paragraph with its official number."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from .documents import Document
from .querysets import ParagraphQuerySet
from .references import Body, State

if TYPE_CHECKING:
    from .mentions import BodyMention, Mention, OwnReference, TreatyMention


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
