"""An Atom feed of a search (RFC 4287), in pages (RFC 5005)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import islice

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from archive.addresses import paragraph_path
from archive.opendata.feeds import Entry, Feed

from .answer import Asked, Hit, every_hit
from .facets import with_parameters

ENTRIES = 50


def feed_of(request: HttpRequest, asked: Asked, indexed_at: str) -> Feed:
    """The newest paragraphs that answer, by the date of their documents.

    An entry's id is its paragraph's permalink with the fingerprint of its words: the same words at the same
    place are the same entry for ever, changed words a new one.
    """
    query = with_parameters(request.GET, page=None, sort=None, group=None)
    indexed = dt.datetime.fromisoformat(indexed_at)
    start = (asked.page - 1) * ENTRIES
    newest = every_hit(replace(asked, sort="date", page=1, group=False))
    hits = list(islice(newest, start, start + ENTRIES + 1))
    address, following = reverse("search_atom"), str(asked.page + 1)
    more = with_parameters(request.GET, page=following, sort=None, group=None)
    return Feed(
        title=_("1540文献库检索：%(q)s") % {"q": asked.q},
        page=reverse("search") + query,
        entries=tuple(_entry(hit, indexed) for hit in hits[:ENTRIES]),
        first=address + query,
        next=address + more if len(hits) > ENTRIES else "",
        updated=indexed,  # when the list was last looked at anew
    )


def _entry(hit: Hit, indexed: dt.datetime) -> Entry:
    dated = dt.datetime.fromisoformat(f"{hit.date}T00:00:00+00:00") if hit.date else indexed
    return Entry(
        address=paragraph_path(hit.symbol, hit.anchor, hit.fingerprint),
        title=f"{hit.symbol} {hit.place}",
        text=hit.text,
        author=hit.who or hit.title,
        published=dated,
        updated=dated,
    )
