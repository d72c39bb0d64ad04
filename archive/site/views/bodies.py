"""Bodies and treaties: their lists, and each with its names in use and the paragraphs that name it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from django.db.models import Count, F, QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from msgspec import field

from archive import models
from archive.models import BodyMention, Document, Paragraph, TreatyMention
from archive.models.querysets.paragraphs import ParagraphQuerySet
from archive.site.http.paging import BadRequestError, ListPage, choice_parameter, paginate, text_parameter
from archive.site.opendata import feeds, tables
from archive.site.presenters.occurrences import Occurrences, occurrences
from archive.site.presenters.wording import cited_articles, name_order
from archive.store.addresses.paths import query_string
from archive.store.reading import queries as reads
from archive.store.reading.records import BodyLine, CountedBody, TreatyLine
from archive.store.summaries import Subject, with_figures
from archive.store.values import Counted, CountOfKind, Schema, answers

from .page import page
from .respond import respond
from .states import kind_rows, of_name


class Bodies(Schema, frozen=True, kw_only=True):
    """The bodies that are named; apart, those whose name only the documents tell."""

    page: ListPage
    bodies: list[CountedBody]
    unconfirmed: list[BodyLine]


class Body(BodyLine, frozen=True, kw_only=True):
    """A body. ``names_in_use``: name, form, times; ``kinds``: kind of its words, paragraphs, documents."""

    names_in_use: list[tuple[str, str, int]]
    parent: str | None
    children: list[str]
    kinds: list[CountOfKind]
    sent_documents: list[str]
    issued_documents: int
    mentioned_with: list[Counted]
    kind: str | None
    with_: str | None = field(name="with")
    mentioned: Occurrences


PER_PAGE = 200
SENT_SHOWN = 50
TOGETHER_SHOWN = 30
SORTS = {"mentions": gettext_lazy("提及多少"), "name": gettext_lazy("名称")}


@answers(Bodies)
@page
def body_list(request: HttpRequest, twin: bool = False) -> HttpResponseBase:
    """Shows the bodies that are named; ``?q=`` a part of any name of theirs."""
    q = text_parameter(request, "q")
    sort = choice_parameter(request, "sort", SORTS, _("排序方式")) or "mentions"
    rows = with_figures(models.Body.objects.confirmed(), Subject.BODY)
    unconfirmed = of_name(models.Body.objects.mentioned().filter(unconfirmed=True).order_by("name"), q)
    key = _by_name if sort == "name" else _by_mentions
    rows = sorted(of_name((row for row in rows if row.document_count), q), key=key)
    listing = paginate(request, rows, PER_PAGE, key=key)
    bodies = list(listing.items)
    return respond(
        request,
        "archive/body_list.html",
        {
            "listing": listing,
            "bodies": bodies,
            "unconfirmed": unconfirmed,
            "q": q,
            "sort": sort,
            "sorts": list(SORTS.items()),
        },
        lambda: Bodies(
            page=listing,
            bodies=[CountedBody.of(body) for body in bodies],
            unconfirmed=[BodyLine.of(body) for body in unconfirmed],
        ),
        twin,
        table=lambda: tables.bodies(request, rows),
    )


@answers(Body)
@page
def body(request: HttpRequest, slug: str, twin: bool = False) -> HttpResponseBase:
    found = models.Body.objects.select_related("parent").filter(slug=slug).first()
    if found is None:
        raise Http404(_("没有这个机构。"))
    filters = BodyFilters.of(request, found)
    listed = occurrences(request, filters.paragraphs, filters.places)
    names = list(
        BodyMention.objects.filter(body=found, paragraph__document__counted=True)
        .order_by()
        .values("surface", "form")
        .annotate(times=Count("pk"))
        .order_by("-times", "surface")
    )
    children = with_figures(found.children.order_by("name"), Subject.BODY)
    sent = Document.objects.count_for(list(Document.objects.filter(body=found).newest_first()[:SENT_SHOWN]))
    issued = Document.objects.registry().of_organ(found.name).count()
    together = list(_together(found))
    counts = filters.counts
    called = _("%(name)s：%(kind)s") % {"name": found.name, "kind": filters.name}
    return respond(
        request,
        "archive/body.html",
        {
            "body": found,
            "occurrences": listed,
            "filters": filters,
            "counts": counts,
            "any": any(row["paragraphs"] for row in counts),
            "together": together[:TOGETHER_SHOWN],
            "issued": issued,
            "kept": filters.query,
            "names": names,
            "children": children,
            "sent": sent,
            "forms": dict(BodyMention.Form.choices),
        },
        lambda: Body.of(
            found,
            names_in_use=[(row["surface"], row["form"], row["times"]) for row in names],
            parent=found.parent.slug if found.parent else None,
            children=[child.slug for child in children],
            kinds=[(row["code"], row["paragraphs"], row["documents"]) for row in counts],
            sent_documents=[document.symbol for document in sent],
            issued_documents=issued,
            mentioned_with=[(row["slug"], row["paragraphs"]) for row in together],
            kind=filters.own_kind or None,
            with_=filters.beside.slug if filters.beside else None,
            mentioned=listed,
        ),
        twin,
        table=lambda: tables.occurrences(request, called, listed),
        feed=lambda: feeds.occurrences(request, called, listed),
    )


def _together(body: models.Body) -> QuerySet:
    """Returns the bodies that the same paragraphs name, by how many of them, most first."""
    return (
        BodyMention.objects.filter(paragraph__in=Paragraph.objects.mentioning(body).order_by().values("pk"))
        .filter(body__unconfirmed=False)
        .exclude(body=body)
        .order_by()
        .values(slug=F("body__slug"), name=F("body__name"))
        .annotate(paragraphs=Count("paragraph", distinct=True))
        .order_by("-paragraphs", "name")
    )


def _by_mentions(row: models.Body) -> tuple[int, str]:
    return -row.paragraph_count, row.name


def _by_name(row: models.Body) -> tuple[str, str]:
    """Returns a sorting key that can be written down."""
    return name_order(row), row.name


# A body's paragraphs: where it is named, alone or beside another; what it said, wrote and transmitted.

MENTIONED = "mentioned"
KINDS = {
    MENTIONED: gettext_lazy("提到它的段落"),
    "own": gettext_lazy("自己的发言和书面意见"),
    "said": gettext_lazy("发言"),
    "written": gettext_lazy("答复和来文"),
    "transmitted": gettext_lazy("转递的文字"),
}


@dataclass(frozen=True, slots=True)
class BodyFilters:
    """The filters of a body's paragraphs; ``beside`` is another body that they must name."""

    body: models.Body
    kind: str
    beside: models.Body | None

    @classmethod
    def of(cls, request: HttpRequest, body: models.Body) -> BodyFilters:
        """Reads the address. Raises BadRequestError."""
        kind = choice_parameter(request, "kind", KINDS, _("类别")) or MENTIONED
        return cls(body, kind, _other(body, text_parameter(request, "with")))

    @property
    def paragraphs(self) -> ParagraphQuerySet:
        rows = self._narrowed
        return rows.mentioning(self.body) if self.kind == MENTIONED else rows.of_kind(self.kind, self.body)

    @property
    def _narrowed(self) -> ParagraphQuerySet:
        return Paragraph.objects.mentioning(self.beside) if self.beside else Paragraph.objects.all()

    def places(self, shown: Sequence[Paragraph]) -> dict:
        """Returns, by paragraph, the spans for which it is listed."""
        if self.kind != MENTIONED:
            return {}
        return reads.places_of(BodyMention.objects.filter(body=self.body), shown)

    @property
    def counts(self) -> list[dict]:
        """For each kind of its own its name and how many paragraphs of how many documents."""
        return kind_rows(KINDS, self._narrowed.count_kinds(self.body))

    @property
    def name(self) -> str:
        if self.beside and self.kind == MENTIONED:
            return _("与%(name)s同段提到") % {"name": self.beside.name}
        return str(KINDS[self.kind])

    @property
    def narrowed(self) -> bool:
        return self.kind != MENTIONED or self.beside is not None

    @property
    def query(self) -> str:
        """The filters as part of a query string."""
        beside = self.beside.slug if self.beside else ""
        return query_string(kind=self.own_kind, **{"with": beside}).lstrip("?")

    @property
    def own_kind(self) -> str:
        """The requested kind of the body's own words; empty where others mention it."""
        return self.kind if self.kind != MENTIONED else ""


def _other(body: models.Body, slug: str) -> models.Body | None:
    if not slug:
        return None
    other = models.Body.objects.filter(slug=slug).exclude(pk=body.pk).first()
    if other is None:
        what = {"what": _("机构"), "value": slug[:40]}
        raise BadRequestError(_("没有这样的%(what)s：“%(value)s”。") % what)
    return other


# Treaties that documents cite by name: the list, and for each who names it.


class Treaties(Schema, frozen=True, kw_only=True):
    """The treaties that some paragraph names."""

    page: ListPage
    treaties: list[TreatyLine]


class Treaty(TreatyLine, frozen=True, kw_only=True):
    """A treaty, and the paragraphs that name it or one ``article`` of it."""

    names_in_use: list[Counted]
    by_article: list[Counted]
    article: str | None
    mentioned: Occurrences


TREATIES_PER_PAGE = 100
TREATY_SORTS = {
    "cited": gettext_lazy("提到多少"),
    "signed": gettext_lazy("签订日期"),
    "name": gettext_lazy("名称"),
}


@answers(Treaties)
@page
def treaty_list(request: HttpRequest, twin: bool | str = False) -> HttpResponseBase:
    """Shows ``/treaties``: those named by some paragraph, with counts; ``?q=`` a part of any name."""
    q = text_parameter(request, "q")
    sort = choice_parameter(request, "sort", TREATY_SORTS, _("排序方式")) or "cited"
    named = (row for row in with_figures(models.Treaty.objects.all(), Subject.TREATY) if row.paragraph_count)
    rows = sorted(of_name(named, q), key=_treaty_order(sort))
    listing = paginate(request, rows, TREATIES_PER_PAGE, key=_treaty_order(sort))
    return respond(
        request,
        "archive/treaty_list.html",
        {
            "listing": listing,
            "treaties": listing.items,
            "q": q,
            "sort": sort,
            "sorts": list(TREATY_SORTS.items()),
        },
        lambda: Treaties(page=listing, treaties=[TreatyLine.of(treaty) for treaty in listing.items]),
        twin,
        table=lambda: tables.treaties(request, rows),
    )


def _treaty_order(sort: str):
    return {
        "cited": lambda row: (-row.paragraph_count, row.name),
        "signed": lambda row: (row.signed, row.name),
        "name": lambda row: (row.name,),
    }[sort]


@answers(Treaty)
@page
def treaty(request: HttpRequest, slug: str, twin: bool | str = False) -> HttpResponseBase:
    """Shows ``/treaties/npt``: the paragraphs that name it; ``?article=4`` those that name that article."""
    found = next(iter(with_figures(models.Treaty.objects.filter(slug=slug), Subject.TREATY)), None)
    if found is None:
        raise Http404(_("没有这项条约。"))
    mentions = TreatyMention.objects.filter(treaty=found, paragraph__document__counted=True).order_by()
    articles = _articles(mentions)
    article = choice_parameter(request, "article", {row["article"]: row for row in articles}, _("条次"))
    named = occurrences(
        request,
        Paragraph.objects.naming_treaty(found, article or None),
        lambda shown: reads.places_of(mentions.filter(article=article) if article else mentions, shown),
    )
    names = list(mentions.values("surface").annotate(times=Count("pk")).order_by("-times", "surface"))
    called = _("提到%(name)s的段落") % {"name": found.name}
    return respond(
        request,
        "archive/treaty.html",
        {
            "treaty": found,
            "occurrences": named,
            "articles": articles,
            "article": article,
            "article_name": cited_articles(article),
            "names": names,
            "kept": f"article={quote(article)}" if article else "",
        },
        lambda: Treaty.of(
            found,
            names_in_use=[(row["surface"], row["times"]) for row in names],
            by_article=[(row["article"], row["paragraphs"]) for row in articles],
            article=article or None,
            mentioned=named,
        ),
        twin,
        table=lambda: tables.occurrences(request, called, named),
        feed=lambda: feeds.occurrences(request, called, named),
    )


def _articles(mentions) -> list[dict]:
    """Returns the articles that are named, with how many paragraphs name each."""
    rows = (
        mentions.exclude(article="")
        .values("article")
        .annotate(paragraphs=Count("paragraph", distinct=True))
        .order_by("-paragraphs", "article")
    )
    return [{**row, "name": cited_articles(row["article"])} for row in rows]
