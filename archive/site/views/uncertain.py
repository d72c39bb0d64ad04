"""References in doubt: mentions whose target cannot be told, with the reason."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from archive.models import Mention, OwnReference, Paragraph
from archive.site.http.paging import ListPage
from archive.site.opendata import feeds, tables
from archive.site.presenters.occurrences import (
    ListedParagraph,
    ParagraphCount,
    PlaceFilters,
    Remarks,
    occurrences,
)
from archive.site.presenters.relations import doubt, own_doubt
from archive.site.presenters.wording import spoken_symbol
from archive.store.reading.coverage import doubtful_references
from archive.store.values import Counted, CountOfYear, Schema, answers

from .page import page
from .respond import respond


class Uncertain(Schema, frozen=True, kw_only=True):
    """Paragraphs with references that are in doubt, and how many these are."""

    references: int
    total: ParagraphCount
    by_year: list[CountOfYear]
    by_document: list[Counted]
    filters: PlaceFilters
    page: ListPage
    paragraphs: list[ListedParagraph]


@answers(Uncertain)
@page
def uncertain(request: HttpRequest, twin: bool | str = False) -> HttpResponseBase:
    """Paragraphs with a doubtful mention of a document, or of a paragraph of their own document."""
    mentions, own = doubtful_references()
    rows = Paragraph.objects.filter(
        pk__in=mentions.order_by().values("paragraph").union(own.order_by().values("paragraph"))
    )
    listed = occurrences(request, rows, _doubtful_places, remarks=_reasons)
    called = _("存疑的提及")
    places = sum(
        refs.filter(paragraph__in=listed.rows.order_by().values("pk")).count() for refs in (mentions, own)
    )
    return respond(
        request,
        "archive/uncertain.html",
        {"occurrences": listed, "places": places, "name": called},
        lambda: Uncertain.from_row(listed, references=places),
        twin,
        table=lambda: tables.occurrences(request, called, listed),
        feed=lambda: feeds.occurrences(request, called, listed),
    )


def _doubtful(shown: Sequence[Paragraph]) -> tuple[list[Mention], list[OwnReference]]:
    mentions, own = (refs.filter(paragraph__in=shown).order_by("start") for refs in doubtful_references())
    return list(mentions), list(own)


def _doubtful_places(shown: Sequence[Paragraph]) -> dict:
    places: dict[int, list[tuple[int, int]]] = {}
    for references in _doubtful(shown):
        for one in references:
            places.setdefault(one.paragraph_id, []).append((one.start, one.end))
    return {key: sorted(set(found)) for key, found in places.items()}


def _reasons(shown: Sequence[Paragraph]) -> dict[int, Remarks]:
    """Returns the reasons for which each paragraph is listed, each reason once."""
    said: dict[int, dict[str, None]] = {}
    mentions, own = _doubtful(shown)
    for mention in mentions:
        words = _("%(doubt)s，可能指%(name)s") % {
            "doubt": doubt(mention),
            "name": spoken_symbol(mention.symbol),
        }
        said.setdefault(mention.paragraph_id, {})[words] = None
    for one in own:
        words = _("%(words)s（%(mark)s）") % {"words": own_doubt(one), "mark": f"“{one.surface}”"}
        said.setdefault(one.paragraph_id, {})[words] = None
    return {key: Remarks(tuple(words)) for key, words in said.items()}
