"""Reference tables: bodies, States, the resolutions of the 1540 family, document series."""

from __future__ import annotations

import re
from unicodedata import category

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .querysets.documents import BodyQuerySet, SeriesQuerySet, ShippedQuerySet

NO_CHARACTERS = ("Cc", "Cs")  # controls, and halves of characters, which no database keeps
LONGEST_WORD, MOST_WORDS = 200, 200  # characters of a name, and names of one kind


def _is_list_of_words(value: object) -> bool:
    return (
        isinstance(value, list)
        and len(value) <= MOST_WORDS
        and all(isinstance(word, str) and word.strip() and len(word) <= LONGEST_WORD for word in value)
        and not any(category(character) in NO_CHARACTERS for word in value for character in word)
    )


class NaturalKeyModel(models.Model):
    """A row that the program brings: ``natural_field`` names it in the fixtures; ``key_field`` is a part of
    addresses, and never changes once it was issued.
    """

    natural_field: str
    key_field: str
    # By ``with_figures``.
    paragraph_count: int
    document_count: int

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return getattr(self, "name", self.key)

    @property
    def key(self) -> str:
        """The natural key of the row, whatever its display name."""
        return str(getattr(self, self.key_field))

    def clean(self) -> None:
        """Raises ValidationError where a list of names is none: it is read whenever a text is."""
        for column in self._meta.concrete_fields:
            if isinstance(column, models.JSONField) and not _is_list_of_words(getattr(self, column.attname)):
                raise ValidationError({column.name: _('应为词语的列表，例如["出口控制"]。')})


class Body(NaturalKeyModel):
    """A body: organ, committee, office, organization or group, by its full official Chinese name."""

    natural_field, key_field = "name", "slug"

    name = models.CharField(_("正式全称"), max_length=200, unique=True)
    slug = models.CharField(
        _("地址名"), max_length=200, unique=True, help_text=_("用于 /bodies/<地址名>，一经发布不再更改。")
    )
    english = models.CharField(_("英文名称"), max_length=200, blank=True)
    acronym = models.CharField(_("外文简称"), max_length=40, blank=True)
    aliases = models.JSONField(_("别称"), default=list, blank=True)
    contextual_aliases = models.JSONField(
        _("语境简称"), default=list, blank=True, help_text=_("只有在上下文能确定时才指本机构的简称。")
    )
    traditional = models.JSONField(_("繁体及地区用名"), default=list, blank=True)
    parent = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="children", verbose_name=_("上级机构")
    )
    provisional = models.BooleanField(
        _("由文件自行定义"), default=False, help_text=_("参考表中没有，由某份文件以“全称(简称)”的形式定义。")
    )
    unconfirmed = models.BooleanField(
        _("待核"),
        default=False,
        help_text=_(
            "名称还没有在文件中核对过：照常识别和链接，标明待核，不计入统计。核对后取消勾选，不会再变回待核。"
        ),
    )

    objects = BodyQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = verbose_name_plural = _("机构")

    def clean(self) -> None:
        """Raises ValidationError for a new slug that is no part of an address, too; once issued, it stays."""
        super().clean()
        if not self._state.adding:
            return
        if not re.fullmatch(r"(?!\.+$)[^/\s?#%\\<>]+", self.slug) or not self.slug.isprintable():
            raise ValidationError({"slug": _("地址名里不能有斜线、空格、问号、井号、百分号、尖括号等字符。")})


class State(NaturalKeyModel):
    """A State, by its ISO 3166 code."""

    natural_field = key_field = "alpha3"

    alpha3 = models.CharField(_("三字代码"), max_length=3, unique=True)
    alpha2 = models.CharField(_("二字代码"), max_length=2, unique=True)
    name = models.CharField(_("简称"), max_length=100)
    official_name = models.CharField(_("全称"), max_length=150)
    english = models.CharField(_("英文名称"), max_length=150)
    aliases = models.JSONField(_("其他名称"), default=list, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = verbose_name_plural = _("国家")


class Resolution(NaturalKeyModel):
    """A resolution known by number, with or without a stored text."""

    natural_field = key_field = "symbol"

    symbol = models.CharField(_("文号"), max_length=60, unique=True)
    number = models.PositiveIntegerField(_("号"))
    year = models.PositiveSmallIntegerField(_("年份"))
    adopted = models.DateField(_("通过日期"), null=True, blank=True)
    meeting = models.PositiveIntegerField(_("会议"), null=True, blank=True)
    summary = models.CharField(_("内容"), max_length=200)
    family = models.BooleanField(_("属1540决议系列"), default=True)

    class Meta:
        ordering = ["number"]
        verbose_name = verbose_name_plural = _("决议")


class DocumentSeries(NaturalKeyModel):
    """A series of symbols: what the beginning of a symbol says about a document."""

    natural_field = key_field = "prefix"

    prefix = models.CharField(_("文号开头"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=120)
    body = models.ForeignKey(Body, models.SET_NULL, null=True, blank=True, verbose_name=_("机构"))

    objects = SeriesQuerySet.as_manager()

    class Meta:
        ordering = ["prefix"]
        verbose_name = verbose_name_plural = _("文件系列")

    def __str__(self) -> str:
        return self.prefix


class Treaty(NaturalKeyModel):
    """A treaty or convention that documents cite by name."""

    natural_field = key_field = "slug"

    slug = models.CharField(_("地址名"), max_length=60, unique=True)
    name = models.CharField(_("正式全称"), max_length=200, unique=True)
    english = models.CharField(_("英文名称"), max_length=250, blank=True)
    acronym = models.CharField(_("外文简称"), max_length=40, blank=True)
    aliases = models.JSONField(_("别称"), default=list, blank=True)
    signed = models.CharField(_("签订"), max_length=10, blank=True, help_text=_("日期或年份。"))

    class Meta:
        ordering = ["name"]
        verbose_name = verbose_name_plural = _("条约")


class Theme(NaturalKeyModel):
    """A theme of resolution 1540 (2004) and the words that speak of it."""

    natural_field = key_field = "slug"

    slug = models.CharField(_("地址名"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=40, unique=True)
    position = models.PositiveSmallIntegerField(_("次序"))
    words = models.JSONField(_("词语"), default=list)
    paragraphs = models.JSONField(
        _("执行段"), default=list, blank=True, help_text=_("第1540(2004)号决议中规定这一主题的段落标记。")
    )

    class Meta:
        ordering = ["position"]
        verbose_name = verbose_name_plural = _("主题")


class ShippedRecord(models.Model):
    """The last shipped state of a row of reference data, or of a bundled document.

    Edits of a person are detected by comparison with it, and are kept; unedited rows follow the next release.
    ``taken`` has the values by field that the row was made from, of a document the SHA-256 of its file;
    ``offered`` those that came since and were not applied, because a person had decided otherwise.
    """

    class Origin(models.TextChoices):
        SHIPPED = "shipped", _("随附")
        EDITED = "edited", _("编者改过")
        RETIRED = "retired", _("已撤下或停用")

    kind = models.CharField(_("资料"), max_length=20)
    key = models.CharField(_("标识"), max_length=200)
    origin = models.CharField(_("现状"), max_length=10, choices=Origin, default=Origin.SHIPPED)
    taken = models.JSONField(_("所据的随附内容"), default=dict)
    offered = models.JSONField(_("未采用的随附内容"), default=dict, blank=True)

    objects = ShippedQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "key"]
        verbose_name = verbose_name_plural = _("随附资料")
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="one_record_of_what_was_shipped")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.key}"


# The thesaurus of the field: what concepts are called, and how they hang together.


class ConceptQuerySet(models.QuerySet):
    def current(self) -> ConceptQuerySet:
        """Returns the concepts in use: those that an editor retired keep their address and nothing else."""
        return self.filter(retired=False)

    def around(self, concept: ThesaurusConcept) -> ConceptQuerySet:
        """Filters the current concepts named by ``concept`` as broader or related, or naming it so."""
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
        """Validates that a successor is that of a retired concept, and in use: no ring of redirects."""
        if self.successor and not self.retired:
            raise ValidationError({"successor": _("只有停用的概念才有并入的概念。")})
        others = type(self).objects.current().exclude(slug=self.slug)
        if self.successor and not others.filter(slug=self.successor).exists():
            raise ValidationError({"successor": _("没有这样的在用概念：%(slug)s") % {"slug": self.successor}})
