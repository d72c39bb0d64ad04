"""What a paragraph names: documents with the paragraphs of them, and bodies."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from .documents import Document
from .paragraphs import Paragraph
from .querysets import MentionQuerySet, PinpointQuerySet
from .references import Body


class Mention(models.Model):
    """A place in a paragraph that names a resolution, decision, document or act.

    ``symbol`` is canonical. ``target`` is set where the archive holds the document; ``target_paragraph``
    where the mention names one paragraph alone and that is held. Which paragraphs are cited is told by
    ``Pinpoint``, one row for each. Only ``certain`` mentions count. ``in_body_name`` marks those that are
    part of a body's name (第1540(2004)号决议所设委员会).
    """

    paragraph = models.ForeignKey(Paragraph, models.CASCADE, related_name="mentions", verbose_name=_("段落"))
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    surface = models.CharField(_("原文写法"))
    symbol = models.CharField(_("文号"), max_length=100, db_index=True)
    pinpoint = models.CharField(_("段次"), blank=True)
    certain = models.BooleanField(_("确定"), default=True)
    in_body_name = models.BooleanField(_("在机构名称之内"), default=False)
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

    objects = MentionQuerySet.as_manager()

    class Meta:
        ordering = ["paragraph", "start"]
        verbose_name = verbose_name_plural = _("提及")
        constraints = [
            models.CheckConstraint(condition=models.Q(end__gt=models.F("start")), name="mention_not_empty"),
            models.CheckConstraint(
                condition=models.Q(end=models.F("start") + Length("surface")),
                name="mention_as_long_as_surface",
            ),
            models.UniqueConstraint(fields=["paragraph", "start", "end", "symbol"], name="mention_once"),
        ]
        indexes = [models.Index(fields=["symbol", "certain"], name="mentions_by_symbol")]

    def __str__(self) -> str:
        return self.surface


class Pinpoint(models.Model):
    """One paragraph that a mention names: 第9和11段 has two, 第1至3段 has three.

    ``anchor`` is the paragraph as cited, written as an anchor (3(a) → ``3.a``); ``target_paragraph`` is set
    where the archive holds it, and may carry a longer anchor (``14`` → ``annex.14``).
    """

    mention = models.ForeignKey(Mention, models.CASCADE, related_name="pinpoints", verbose_name=_("提及"))
    position = models.PositiveSmallIntegerField(_("次序"))
    anchor = models.CharField(_("段次"), db_index=True)
    target_paragraph = models.ForeignKey(
        Paragraph,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="incoming_pinpoints",
        verbose_name=_("所指段落"),
    )

    objects = PinpointQuerySet.as_manager()

    class Meta:
        ordering = ["mention", "position"]
        verbose_name = verbose_name_plural = _("所指段次")
        constraints = [
            models.UniqueConstraint(fields=["mention", "anchor"], name="pinpoint_once_in_mention"),
        ]

    def __str__(self) -> str:
        return self.anchor


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
    surface = models.CharField(_("原文写法"))
    form = models.CharField(_("形式"), max_length=12, choices=Form, default=Form.FULL)
    body = models.ForeignKey(Body, models.PROTECT, related_name="mentions", verbose_name=_("机构"))

    class Meta:
        ordering = ["paragraph", "start"]
        verbose_name = verbose_name_plural = _("机构提及")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(end__gt=models.F("start")), name="body_mention_not_empty"
            ),
            models.CheckConstraint(
                condition=models.Q(end=models.F("start") + Length("surface")),
                name="body_mention_as_long_as_surface",
            ),
            models.UniqueConstraint(fields=["paragraph", "start", "end"], name="body_mention_once"),
        ]

    def __str__(self) -> str:
        return self.surface
