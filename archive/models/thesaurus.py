"""The thesaurus of the field: what concepts are called, and how they hang together."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from .references import NaturalKeyModel


class ThesaurusConcept(NaturalKeyModel):
    """A concept with its preferred term, its other terms by kind, and its neighbours by slug.

    Search weighs a term by its kind (the same, an abbreviation, colloquial, regional, English), a neighbour
    by its relation; ``narrower`` is ``broader`` read backwards. Entities (States, bodies, treaties) have
    tables of their own.
    """

    natural_field = "slug"

    slug = models.SlugField(_("地址名"), max_length=80, unique=True)
    name = models.CharField(_("首选词"), max_length=100)
    branch = models.CharField(_("门类"), max_length=40)
    variants = models.JSONField(_("同义词"), default=list, blank=True)
    abbreviations = models.JSONField(_("缩略语"), default=list, blank=True)
    colloquial = models.JSONField(_("口语说法"), default=list, blank=True)
    taiwan = models.JSONField(_("台湾用语"), default=list, blank=True)
    hongkong = models.JSONField(_("香港用语"), default=list, blank=True)
    singapore = models.JSONField(_("新加坡用语"), default=list, blank=True)
    english = models.JSONField(_("英文"), default=list, blank=True)
    broader = models.JSONField(_("上位概念"), default=list, blank=True, help_text=_("地址名的列表。"))
    related = models.JSONField(_("相关概念"), default=list, blank=True, help_text=_("地址名的列表。"))

    class Meta:
        ordering = ["branch", "slug"]
        verbose_name = verbose_name_plural = _("叙词")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Raises ValidationError where a list is none of words, or names a concept that does not exist."""
        for column in self._meta.concrete_fields:
            value = getattr(self, column.attname)
            if isinstance(column, models.JSONField) and not (
                isinstance(value, list) and all(isinstance(word, str) and word.strip() for word in value)
            ):
                raise ValidationError({column.name: _('应为词语的列表，例如["出口控制"]。')})
        for column in ("broader", "related"):
            wanted = set(getattr(self, column))
            known = set(type(self).objects.filter(slug__in=wanted).values_list("slug", flat=True))
            if missing := wanted - known | wanted & {self.slug}:
                names = {"names": "、".join(sorted(missing))}
                raise ValidationError({column: _("没有这样的其他概念：%(names)s") % names})
