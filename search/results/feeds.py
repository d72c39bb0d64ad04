"""An Atom feed of a search (RFC 4287), in pages (RFC 5005)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from archive.http.addresses import paragraph_path
from archive.http.paging import cursor_parameter
from archive.opendata.feeds import Entry, Feed
from archive.presenters.recognition import with_mark
from search.http.addresses import with_parameters
from search.query.request import Asked

from .answer import Hit, some_hits
from .coverage_words import uncovered_in_words
from .cursors import index_of

ENTRIES = 50
# What a feed does not follow of the page's address.
NO_PLACE = dict.fromkeys(("page", "after", "before", "sort", "group"))


def feed_of(request: HttpRequest, asked: Asked) -> Feed:
    """The paragraphs that answer, those first whose words became public here last, whatever the order of the
    page: who follows a search is told of old documents that come in, too.

    An entry's id is its paragraph's permalink with the fingerprint of its words: the same words at the same
    place are the same entry for ever, changed words a new one.
    """
    before = cursor_parameter(request.GET, "before")
    newest = replace(asked, sort="since", group=False, after=before)
    index = index_of(newest)
    hits, cursor = some_hits(newest, ENTRIES, index)
    address, query = reverse("search_atom"), with_parameters(request.GET, **NO_PLACE)
    more = with_parameters(request.GET, **(NO_PLACE | {"before": cursor}))
    return Feed(
        title=_("1540文献库检索：%(q)s") % {"q": asked.q},
        page=reverse("search") + query,
        entries=tuple(map(_entry, hits)),
        first=address + query,
        next=address + more if cursor else "",
        updated=dt.datetime.fromisoformat(index.manifest.indexed_at),  # when the list was last looked at anew
        subtitle=uncovered_in_words(index.coverage),
        headers=index.coverage.as_headers(),
    )


def _entry(hit: Hit) -> Entry:
    since = dt.datetime.fromisoformat(hit.stored["since"])
    return Entry(
        address=paragraph_path(hit.symbol, hit.anchor, hit.fingerprint),
        title=with_mark(f"{hit.symbol} {hit.place}", hit.ocr_confidence),
        text=hit.text,
        author=hit.who or hit.title or hit.symbol,
        published=since,
        updated=since,
    )
