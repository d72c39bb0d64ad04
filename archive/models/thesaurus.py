"""The thesaurus of the field: what concepts are called, and how they hang together."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .references import NaturalKeyModel


class ConceptQuerySet(models.QuerySet):
    def current(self) -> ConceptQuerySet:
        """The concepts in use: those that an editor retired keep their address and nothing else."""
        return self.filter(retired=False)

    def around(self, concept: ThesaurusConcept) -> ConceptQuerySet:
        """The current concepts that ``concept`` names as broader or related, and those that name it so."""
        named = Q(slug__in=[*concept.broader, *concept.related])
        quoted = f'"{concept.slug}"'  # the lists are JSON, which not every database can look into
        naming = Q(broader__icontains=quoted) | Q(related__icontains=quoted)
        return self.current().filter(named | naming).exclude(pk=concept.pk)


class ThesaurusConcept(NaturalKeyModel):
    """A concept with its preferred term, its other terms by kind, and its neighbours by slug.

    Search weighs a term by its kind (the same, an abbreviation, colloquial, regional, English), a neighbour
    by its relation; ``narrower`` is ``broader`` read backwards. Entities (States, bodies, treaties) have
    tables of their own. A slug is part of an address: a concept is retired, never deleted, and its address
    leads to the ``successor`` (a slug) or says that it was retired.
    """

    natural_field = key_field = "slug"

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

    retired = models.BooleanField(
        _("已停用"), default=False, help_text=_("检索和列表不再用它；地址仍然有效。")
    )
    successor = models.CharField(
        _("并入"), max_length=80, blank=True, help_text=_("停用后由哪个概念代替，填其地址名；可空。")
    )

    objects = ConceptQuerySet.as_manager()

    class Meta:
        ordering = ["branch", "slug"]
        verbose_name = verbose_name_plural = _("叙词")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Raises ValidationError where a list is none of words, or names a concept that does not exist."""
        super().clean()
        for column in ("broader", "related"):
            wanted = set(getattr(self, column))
            known = set(type(self).objects.filter(slug__in=wanted).values_list("slug", flat=True))
            if missing := wanted - known | wanted & {self.slug}:
                names = {"names": "、".join(sorted(missing))}
                raise ValidationError({column: _("没有这样的其他概念：%(names)s") % names})
        self._check_successor()

    def _check_successor(self) -> None:
        """A successor stands for what is retired, and is itself in use, so that no address runs in a ring."""
        if self.successor and not self.retired:
            raise ValidationError({"successor": _("只有停用的概念才有并入的概念。")})
        others = type(self).objects.current().exclude(slug=self.slug)
        if self.successor and not others.filter(slug=self.successor).exists():
            raise ValidationError({"successor": _("没有这样的在用概念：%(slug)s") % {"slug": self.successor}})
