"""States: what the archive holds of each, with no verdict of any kind."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from archive.models import Document, Paragraph, State
from archive.opendata import feeds, tables
from archive.paging import known_parameters
from archive.presenters import twins
from archive.presenters.wording import pinyin_order

from .occurrences import occurrences
from .page import page
from .respond import respond


@page
def state_list(request: HttpRequest, twin: bool = False) -> HttpResponse:
    known_parameters(request)
    states = sorted(State.objects.with_counts(), key=lambda state: pinyin_order(state.name))
    held = [state for state in states if state.document_count]
    return respond(
        request,
        "archive/state_list.html",
        {"held": held, "others": [state for state in states if not state.document_count]},
        lambda: {"states": [twins.state_line(state) for state in states]},
        twin,
        table=lambda: tables.states(request, states),
    )


@page
def state(request: HttpRequest, alpha3: str, twin: bool = False) -> HttpResponse:
    found = State.objects.filter(alpha3=alpha3).with_counts().first()
    if found is None:
        raise Http404(_("没有这个国家代码。"))
    spoken = occurrences(
        request, Paragraph.objects.filter(state=found).exclude(kind=Paragraph.Kind.HEADING), lambda shown: {}
    )
    sent = list(Document.objects.filter(state=found).newest_first().with_counts())
    return respond(
        request,
        "archive/state.html",
        {"state": found, "occurrences": spoken, "sent": sent},
        lambda: {
            **twins.state_line(found),
            "sent_documents": [twins.document_line(document) for document in sent],
            "speeches_and_replies": spoken.as_json(),
        },
        twin,
        table=lambda: tables.occurrences(request, _("%(name)s的发言和答复") % {"name": found.name}, spoken),
        feed=lambda: feeds.occurrences(request, _("%(name)s的发言和答复") % {"name": found.name}, spoken),
    )
