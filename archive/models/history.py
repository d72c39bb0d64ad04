"""What was ever issued under an address. Rows are added and closed, never removed."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from .querysets import IssuedTextQuerySet, MovedAnchorQuerySet


class IssuedText(models.Model):
    """A text that was public under an anchor of a document, with its fingerprint and dates.

    ``until`` is empty while the text stands; then ``ending`` says what became of it. The document is named by
    symbol, so that the row outlives it.
    """

    class Ending(models.TextChoices):
        EDITED = "edited", _("文字改动")
        MOVED = "moved", _("移至他处")
        WITHDRAWN = "withdrawn", _("撤下")

    symbol = models.CharField(_("文号"), max_length=100)
    language = models.CharField(_("语文"), max_length=10, default="zh")
    anchor = models.CharField(_("段落标记"))
    fingerprint = models.CharField(_("指纹"), max_length=8)
    text = models.TextField(_("文字"))
    since = models.DateTimeField(_("自"))
    until = models.DateTimeField(_("至"), null=True, blank=True)
    ending = models.CharField(_("结局"), max_length=10, choices=Ending, blank=True)
    reason = models.CharField(_("改动原因"), blank=True)

    objects = IssuedTextQuerySet.as_manager()

    class Meta:
        ordering = ["symbol", "anchor", "since", "pk"]
        verbose_name = verbose_name_plural = _("历次文字")
        constraints = [
            models.UniqueConstraint(
                fields=["symbol", "language", "anchor"],
                condition=models.Q(until=None),
                name="one_standing_text_per_anchor",
            ),
            models.CheckConstraint(
                condition=models.Q(until=None, ending="")
                | (models.Q(until__isnull=False) & ~models.Q(ending="")),
                name="closed_text_says_why",
            ),
        ]
        indexes = [models.Index(fields=["symbol", "anchor", "fingerprint"], name="issued_text_address")]

    def __str__(self) -> str:
        return f"{self.symbol}/p/{self.anchor}/{self.fingerprint}"


class MovedAnchor(models.Model):
    """An anchor that was issued once and now leads to another of the same document."""

    symbol = models.CharField(_("文号"), max_length=100)
    language = models.CharField(_("语文"), max_length=10, default="zh")
    old_anchor = models.CharField(_("旧标记"))
    new_anchor = models.CharField(_("新标记"))
    moved = models.DateTimeField(_("时间"))
    reason = models.CharField(_("原因"), blank=True)

    objects = MovedAnchorQuerySet.as_manager()

    class Meta:
        ordering = ["symbol", "old_anchor"]
        verbose_name = verbose_name_plural = _("移动的段落")
        constraints = [
            models.UniqueConstraint(
                fields=["symbol", "language", "old_anchor"], name="one_destination_per_moved_anchor"
            ),
            models.CheckConstraint(
                condition=~models.Q(old_anchor=models.F("new_anchor")), name="moved_anchor_leads_elsewhere"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.symbol}/p/{self.old_anchor} → {self.new_anchor}"
