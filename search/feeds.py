"""An Atom feed of a search (RFC 4287)."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from itertools import islice

from django.http import HttpRequest
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from archive.addresses import paragraph_path

from .answer import Asked, Hit, every_hit
from .facets import with_parameters

ENTRIES = 50
# XML has no place for these (XML 1.0, production 2).
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def feed_of(request: HttpRequest, asked: Asked, indexed_at: str) -> Atom1Feed:
    """The newest paragraphs that answer, by the date of their documents.

    An entry's id is its paragraph's permalink with the fingerprint of its words: the same words at the same
    place are the same entry for ever, changed words a new one.
    """
    query = with_parameters(request.GET, page=None, sort=None, group=None)
    indexed = dt.datetime.fromisoformat(indexed_at)
    atom = Atom1Feed(
        title=_plain(_("1540文献库检索：%(q)s") % {"q": asked.q}),
        link=request.build_absolute_uri(reverse("search") + query),
        feed_url=request.build_absolute_uri(reverse("search_atom") + query),
        feed_guid=request.build_absolute_uri(reverse("search_atom") + query),
        description=_("符合这个检索式的段落，新的在前。"),
        language="zh-Hans",
    )
    newest = every_hit(replace(asked, sort="date", page=1, group=False))
    for hit in islice(newest, ENTRIES):
        _add(atom, request, hit, indexed)
    atom.latest_post_date = lambda: indexed  # when the list was last looked at anew
    return atom


def _add(atom: Atom1Feed, request: HttpRequest, hit: Hit, indexed: dt.datetime) -> None:
    permalink = request.build_absolute_uri(paragraph_path(hit.symbol, hit.anchor, hit.fingerprint))
    dated = dt.datetime.fromisoformat(f"{hit.date}T00:00:00+00:00") if hit.date else indexed
    atom.add_item(
        title=_plain(f"{hit.symbol} {hit.place}"),
        link=permalink,
        unique_id=permalink,
        description=_plain(hit.text),
        author_name=_plain(hit.who or hit.title),
        updateddate=dated,
        pubdate=dated,
    )


def _plain(text: str) -> str:
    return UNWRITABLE.sub("", text)
