"""Atom feeds (RFC 4287) of lists that grow, in pages (RFC 5005).

An entry's id is the address of what it tells of: a document's, or a paragraph's with the fingerprint of its
words. So the same thing is the same entry for ever, in every feed and under every filter, and a reader that
has seen it is not told again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from archive.models import Document, Paragraph
from archive.site.http.formats import MEDIA
from archive.site.http.paging import ListPage, paginate, with_place
from archive.site.presenters.occurrences import ListedParagraph, Occurrences, hits
from archive.site.presenters.wording import date_in_words, with_mark
from archive.store.addresses.paths import document_path, paragraph_path
from archive.store.reading import queries as reads
from archive.text.typography import writable

PER_PAGE = 50
BEGINNING = dt.datetime(2004, 4, 28, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; ``address`` is where it leads, and its id unless ``ident`` is given, without the host."""

    address: str
    title: str
    text: str
    author: str
    published: dt.datetime
    updated: dt.datetime
    ident: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: the page that it follows, its entries, and the pages of the feed around this one. ``subtitle``
    tells what a reader of the list should know of it; ``headers`` tell it to programs.
    """

    title: str
    page: str
    entries: Sequence[Entry]
    first: str
    next: str = ""
    updated: dt.datetime | None = None
    subtitle: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


class PagedAtom(Atom1Feed):
    """Atom with the links of RFC 5005, in an order that never changes. ``updated``: when the feed was."""

    def latest_post_date(self) -> dt.datetime:
        return self.feed["updated"]

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        for relation in ("first", "next"):
            if address := self.feed[relation]:
                handler.addQuickElement("link", "", {"rel": relation, "href": address})

    def add_item_elements(self, handler: Any, item: Any) -> None:
        """Adds elements like Django, but the summary as text: Django would declare it as HTML."""
        super().add_item_elements(handler, {**item, "description": None})
        handler.addQuickElement("summary", item["description"], {"type": "text"})


def feed_response(request: HttpRequest, feed: Feed) -> HttpResponse:
    """Returns the feed as a document; every address with the host that was asked."""
    absolute = request.build_absolute_uri
    # As it was read, not as it was sent: an address may come unescaped.
    here = f"{request.path}?{request.GET.urlencode()}" if request.GET else request.path
    updated = feed.updated or max((entry.updated for entry in feed.entries), default=BEGINNING)
    atom = PagedAtom(
        title=writable(feed.title),
        link=absolute(feed.page),
        feed_url=absolute(here),
        feed_guid=absolute(feed.first),
        description="",
        subtitle=writable(feed.subtitle) or None,
        language="zh-Hans",
        author_name=_("1540文献库"),
        first=absolute(feed.first),
        next=absolute(feed.next) if feed.next else "",
        updated=updated,
    )
    for entry in feed.entries:
        atom.add_item(
            title=writable(entry.title),
            link=absolute(entry.address),
            unique_id=entry.ident or absolute(entry.address),
            description=writable(entry.text),
            author_name=writable(entry.author),
            pubdate=entry.published,
            updateddate=entry.updated,
        )
    response = HttpResponse(content_type=f"{MEDIA['atom']}; charset=utf-8", headers=feed.headers)
    atom.write(response, "utf-8")
    return response


def documents(request: HttpRequest, title: str, rows: QuerySet[Document]) -> Feed:
    """Documents, the last that came in first: by their keys, which only grow, whatever a clock said."""
    return _feed(request, title, rows.order_by("-pk"), _document_entries)


def _document_entries(rows: Sequence[Document]) -> Iterable[Entry]:
    for row in rows:
        yield Entry(
            document_path(row.symbol),
            f"{row.symbol} {row.title}".strip(),
            "，".join(
                part for part in (row.get_document_type_display(), date_in_words(row), row.title) if part
            ),
            row.organ or row.sender or row.symbol,
            row.imported,
            row.changed,
        )


def occurrences(request: HttpRequest, title: str, found: Occurrences) -> Feed:
    """Returns the paragraphs of a list, those first whose words became public last."""
    rows = found.rows.with_since().order_by(
        F("since_revision").desc(nulls_last=True), "document_id", "position"
    )

    def entries(some: Sequence[Paragraph]) -> Iterable[Entry]:
        return map(_paragraph_entry, hits(some, reads.ancestors(some), found.places(some)))

    return _feed(request, title, rows, entries)


def _paragraph_entry(hit: ListedParagraph) -> Entry:
    paragraph, symbol = hit.paragraph, hit.document.symbol
    since = paragraph.since or hit.document.imported
    return Entry(
        paragraph_path(symbol, paragraph.anchor, paragraph.fingerprint),
        with_mark(f"{symbol} {hit.name}", paragraph.ocr_confidence),
        paragraph.text,
        hit.speaker or hit.document.organ or symbol,
        since,
        since,
    )


def _feed(
    request: HttpRequest, title: str, rows: QuerySet, entries: Callable[[Sequence], Iterable[Entry]]
) -> Feed:
    listing = paginate(request, rows, PER_PAGE, parameter="before")
    return feed_of(request, title, listing, entries(listing.items))


def feed_of(request: HttpRequest, title: str, listing: ListPage, entries: Iterable[Entry]) -> Feed:
    """Returns the feed of a page of a list: it belongs to the page with the same filters."""
    tail = with_place(request)
    first = request.path + tail
    page = request.path.removesuffix(".atom") + tail
    return Feed(title, page, tuple(entries), first, listing.next or "")
