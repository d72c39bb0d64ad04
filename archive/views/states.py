"""States: what the archive holds of each, with no verdict of any kind."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from archive.http.paging import text_parameter
from archive.models import Document, State
from archive.opendata import feeds, tables
from archive.presenters import twins
from archive.presenters.occurrences import occurrences
from archive.schemas import answers, citing, lists
from archive.schemas.base import fields_of
from archive.summaries import Subject, with_figures
from archive.text.collation import pinyin_order

from .name_filters import of_name
from .page import page
from .respond import respond
from .state_filters import StateFilters


@answers(lists.States)
@page
def state_list(request: HttpRequest, twin: bool = False) -> HttpResponseBase:
    """All States by pinyin; ``?q=`` a part of any name of theirs, or of their code."""
    q = text_parameter(request, "q")
    states = sorted(
        of_name(with_figures(State.objects.all(), Subject.STATE), q),
        key=lambda state: pinyin_order(state.name),
    )
    held = [state for state in states if state.document_count]
    return respond(
        request,
        "archive/state_list.html",
        {"held": held, "others": [state for state in states if not state.document_count], "q": q},
        lambda: lists.States(states=[twins.state_line(state) for state in states]),
        twin,
        table=lambda: tables.states(request, states),
    )


@answers(citing.State)
@page
def state(request: HttpRequest, alpha3: str, twin: bool = False) -> HttpResponseBase:
    found = next(iter(with_figures(State.objects.filter(alpha3=alpha3), Subject.STATE)), None)
    if found is None:
        raise Http404(_("没有这个国家代码。"))
    filters = StateFilters.of(request, found)
    listed = occurrences(request, filters.paragraphs, filters.places)
    sent = Document.objects.count_for(list(Document.objects.filter(state=found).newest_first()))
    counts = filters.counts
    called = _("%(name)s：%(kind)s") % {"name": found.name, "kind": filters.name}
    return respond(
        request,
        "archive/state.html",
        {
            "state": found,
            "occurrences": listed,
            "sent": sent,
            "filters": filters,
            "counts": counts,
            "any": any(row["paragraphs"] for row in counts),
            "kept": filters.query,
        },
        lambda: citing.State(
            **fields_of(twins.state_line(found)),
            sent_documents=[twins.document_line(document) for document in sent],
            kinds=[(row["code"], row["paragraphs"], row["documents"]) for row in counts],
            state_filters=filters.as_json(),
            listed=listed.as_json(),
        ),
        twin,
        table=lambda: tables.occurrences(request, called, listed),
        feed=lambda: feeds.occurrences(request, called, listed),
    )
