"""Treaties that documents cite by name: the list, and for each who names it."""

from __future__ import annotations

from urllib.parse import quote

from django.db.models import Count
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive import models
from archive.http.paging import ListPage, choice_parameter, paginate, text_parameter
from archive.models import Paragraph, TreatyMention
from archive.opendata import feeds, tables
from archive.presenters.occurrences import Occurrences, occurrences
from archive.presenters.values import TreatyLine
from archive.presenters.wording import cited_articles
from archive.reading import queries as reads
from archive.summaries import Subject, with_figures
from archive.values import Counted, Schema, answers

from .page import page
from .respond import respond
from .states import of_name


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


PER_PAGE = 100
SORTS = {"cited": gettext_lazy("提到多少"), "signed": gettext_lazy("签订日期"), "name": gettext_lazy("名称")}


@answers(Treaties)
@page
def treaty_list(request: HttpRequest, twin: bool | str = False) -> HttpResponseBase:
    """Shows ``/treaties``: those named by some paragraph, with counts; ``?q=`` a part of any name."""
    q = text_parameter(request, "q")
    sort = choice_parameter(request, "sort", SORTS, _("排序方式")) or "cited"
    named = (row for row in with_figures(models.Treaty.objects.all(), Subject.TREATY) if row.paragraph_count)
    rows = sorted(of_name(named, q), key=_order(sort))
    listing = paginate(request, rows, PER_PAGE, key=_order(sort))
    return respond(
        request,
        "archive/treaty_list.html",
        {"listing": listing, "treaties": listing.items, "q": q, "sort": sort, "sorts": list(SORTS.items())},
        lambda: Treaties(
            page=listing,
            treaties=[TreatyLine.of(treaty) for treaty in listing.items],
        ),
        twin,
        table=lambda: tables.treaties(request, rows),
    )


def _order(sort: str):
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
    mentions = TreatyMention.objects.filter(treaty=found).order_by()
    articles = _articles(mentions)
    article = choice_parameter(request, "article", {row["article"]: row for row in articles}, _("条次"))
    named = occurrences(
        request,
        Paragraph.objects.naming_treaty(found, article or None),
        lambda shown: reads.treaty_places(shown, found, article or None),
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
