"""Bodies: the list, and one body with its names and the paragraphs that name it."""

from __future__ import annotations

from django.db.models import Count, F, QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.http.paging import choice_parameter, paginate, text_parameter
from archive.models import Body, BodyMention, Document, Paragraph
from archive.opendata import feeds, tables
from archive.presenters import twins
from archive.presenters.occurrences import occurrences
from archive.schemas import answers, citing, lists
from archive.summaries.reading import with_figures
from archive.summaries.shares import Subject
from archive.text.collation import pinyin_order

from .body_filters import BodyFilters
from .name_filters import of_name
from .page import page
from .respond import respond

PER_PAGE = 200
SENT_SHOWN = 50
TOGETHER_SHOWN = 30
SORTS = {"mentions": gettext_lazy("提及多少"), "name": gettext_lazy("名称")}


@answers(lists.Bodies)
@page
def body_list(request: HttpRequest, twin: bool = False) -> HttpResponseBase:
    """The bodies that are named; ``?q=`` a part of any name of theirs."""
    q = text_parameter(request, "q")
    sort = choice_parameter(request, "sort", SORTS, _("排序方式")) or "mentions"
    rows = with_figures(Body.objects.confirmed(), Subject.BODY)
    unconfirmed = of_name(Body.objects.mentioned().filter(unconfirmed=True).order_by("name"), q)
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
        lambda: lists.Bodies(
            page=listing.as_json(),
            bodies=[twins.counted_body(body) for body in bodies],
            unconfirmed=[twins.body_line(body) for body in unconfirmed],
        ),
        twin,
        table=lambda: tables.bodies(request, rows),
    )


@answers(citing.Body)
@page
def body(request: HttpRequest, slug: str, twin: bool = False) -> HttpResponseBase:
    found = Body.objects.select_related("parent").filter(slug=slug).first()
    if found is None:
        raise Http404(_("没有这个机构。"))
    filters = BodyFilters.of(request, found)
    listed = occurrences(request, filters.paragraphs, filters.places)
    names = list(
        BodyMention.objects.filter(body=found)
        .order_by()
        .values("surface", "form")
        .annotate(times=Count("pk"))
        .order_by("-times", "surface")
    )
    children = with_figures(found.children.order_by("name"), Subject.BODY)
    sent = Document.objects.count_for(list(Document.objects.filter(body=found).newest_first()[:SENT_SHOWN]))
    issued = Document.objects.of_organ(found.name).count()
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
        lambda: citing.Body(
            **twins.body_facts(found),
            names_in_use=[(row["surface"], row["form"], row["times"]) for row in names],
            parent=found.parent.slug if found.parent else None,
            children=[child.slug for child in children],
            kinds=[(row["code"], row["paragraphs"], row["documents"]) for row in counts],
            sent_documents=[document.symbol for document in sent],
            issued_documents=issued,
            mentioned_with=[(row["slug"], row["paragraphs"]) for row in together],
            kind=filters.own_kind or None,
            with_=filters.beside.slug if filters.beside else None,
            mentioned=listed.as_json(),
        ),
        twin,
        table=lambda: tables.occurrences(request, called, listed),
        feed=lambda: feeds.occurrences(request, called, listed),
    )


def _together(body: Body) -> QuerySet:
    """The bodies that the same paragraphs name, by how many of them, most first."""
    return (
        BodyMention.objects.filter(paragraph__in=Paragraph.objects.mentioning(body).order_by().values("pk"))
        .filter(body__unconfirmed=False)
        .exclude(body=body)
        .order_by()
        .values(slug=F("body__slug"), name=F("body__name"))
        .annotate(paragraphs=Count("paragraph", distinct=True))
        .order_by("-paragraphs", "name")
    )


def _by_mentions(row: Body) -> tuple[int, str]:
    return -row.paragraph_count, row.name


def _by_name(row: Body) -> tuple[str, str]:
    """A sorting key that can be written down."""
    return pinyin_order(row.name).decode("latin-1"), row.name
