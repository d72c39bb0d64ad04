"""Mentions of a paragraph: documents, with the paragraphs of them, and bodies."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from .documents import Document, Paragraph
from .querysets.languages import CHINESE
from .querysets.mentions import MentionQuerySet, PinpointQuerySet
from .references import Body, State, Theme, Treaty


class Mention(models.Model):
    """A place in a paragraph that names a resolution, decision, document or act.

    ``symbol`` is canonical. ``target`` is set where the archive holds the document; ``target_paragraph``
    where the mention names one paragraph alone and that is held. Which paragraphs are cited is told by
    ``Pinpoint``, one row for each. Only ``certain`` mentions count. ``in_body_name`` marks those that are
    part of a body's name (第1540(2004)号决议所设委员会). ``relation`` says how the document is cited (a
    ``Relation`` of the core: recalls, extends …; empty where none was read); ``relation_start`` and
    ``relation_end`` are the offsets of the word that says so, in the same paragraph.
    """

    paragraph = models.ForeignKey(Paragraph, models.CASCADE, related_name="mentions", verbose_name=_("段落"))
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    surface = models.CharField(_("原文写法"))
    symbol = models.CharField(_("文号"), max_length=100, db_index=True)
    pinpoint = models.CharField(_("段次"), blank=True)
    certain = models.BooleanField(_("确定"), default=True)
    in_body_name = models.BooleanField(_("在机构名称之内"), default=False)
    relation = models.CharField(_("引用方式"), max_length=20, blank=True, db_index=True)
    relation_start = models.PositiveIntegerField(null=True, blank=True)
    relation_end = models.PositiveIntegerField(null=True, blank=True)
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

    # By ``ParagraphQuerySet.with_mentions``.
    pinpoints_in_order: list[Pinpoint]
    language_held: str = CHINESE

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
            models.CheckConstraint(
                condition=models.Q(relation="", relation_start=None, relation_end=None)
                | (~models.Q(relation="") & models.Q(relation_end__gt=models.F("relation_start"))),
                name="relation_has_its_word",
            ),
        ]
        indexes = [
            models.Index(fields=["symbol", "certain"], name="mentions_by_symbol"),
            # Few mentions name a pair; a page asks in which pairs its symbol stands.
            models.Index(
                fields=["symbol"], condition=models.Q(symbol__contains="-"), name="mentions_of_pairs"
            ),
        ]

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
        constraints = [models.UniqueConstraint(fields=["mention", "anchor"], name="pinpoint_once_in_mention")]

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


class Naming(models.Model):
    """A place in a paragraph that names something: the offsets and the words as they stand there."""

    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    surface = models.CharField(_("原文写法"))

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(end__gt=models.F("start"), end=models.F("start") + Length("surface")),
                name="%(class)s_as_long_as_surface",
            )
        ]

    def __str__(self) -> str:
        return self.surface


class TreatyMention(Naming):
    """A place in a paragraph that names a treaty, by its name or a short form of it."""

    paragraph = models.ForeignKey(
        Paragraph, models.CASCADE, related_name="treaty_mentions", verbose_name=_("段落")
    )
    treaty = models.ForeignKey(Treaty, models.PROTECT, related_name="mentions", verbose_name=_("条约"))
    article = models.CharField(_("条次"), blank=True)

    class Meta(Naming.Meta):
        ordering = ["paragraph", "start"]
        verbose_name = verbose_name_plural = _("条约提及")
        constraints = [
            *Naming.Meta.constraints,
            models.UniqueConstraint(fields=["paragraph", "start"], name="treaty_mention_once"),
        ]


class OwnReference(Naming):
    """A place that names a paragraph of the document's own: 上文第6段, 本决议第3段.

    ``anchor`` is the paragraph as cited; ``target_paragraph`` is empty where no such paragraph stands, or
    where it cannot be told which is meant (``doubt`` says why).
    """

    paragraph = models.ForeignKey(
        Paragraph, models.CASCADE, related_name="own_references", verbose_name=_("段落")
    )
    anchor = models.CharField(_("段次"))
    target_paragraph = models.ForeignKey(
        Paragraph,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="incoming_own_references",
        verbose_name=_("所指段落"),
    )
    doubt = models.CharField(_("存疑"), blank=True)

    class Meta(Naming.Meta):
        ordering = ["paragraph", "start"]
        verbose_name = verbose_name_plural = _("本文件内的引用")
        constraints = [
            *Naming.Meta.constraints,
            models.UniqueConstraint(fields=["paragraph", "start", "anchor"], name="own_reference_once"),
        ]


class ThemeMention(Naming):
    """A word in a paragraph that speaks of a theme: 出口管制, 生物武器."""

    paragraph = models.ForeignKey(
        Paragraph, models.CASCADE, related_name="theme_mentions", verbose_name=_("段落")
    )
    theme = models.ForeignKey(Theme, models.CASCADE, related_name="mentions", verbose_name=_("主题"))

    class Meta(Naming.Meta):
        ordering = ["paragraph", "start"]
        verbose_name = verbose_name_plural = _("主题词")
        constraints = [
            *Naming.Meta.constraints,
            models.UniqueConstraint(fields=["paragraph", "start", "theme"], name="theme_mention_once"),
        ]


class StateMention(Naming):
    """A place in a paragraph that names a State, in whatever form."""

    paragraph = models.ForeignKey(
        Paragraph, models.CASCADE, related_name="state_mentions", verbose_name=_("段落")
    )
    state = models.ForeignKey(State, models.CASCADE, related_name="mentions", verbose_name=_("国家"))

    class Meta(Naming.Meta):
        ordering = ["paragraph", "start"]
        verbose_name = verbose_name_plural = _("国家提及")
        constraints = [
            *Naming.Meta.constraints,
            models.UniqueConstraint(fields=["paragraph", "start"], name="state_mention_once"),
        ]
