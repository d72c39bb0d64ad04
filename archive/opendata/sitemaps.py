"""The map of the site for search engines: every page that is worth finding, with its last change."""

from __future__ import annotations

import datetime as dt

from django.contrib.sitemaps import Sitemap, views
from django.db.models import Max, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from archive.addresses import body_path, document_path, paragraph_path, state_path
from archive.models import Body, Document, Paragraph, State

LISTS = ("home", "documents", "resolutions", "bodies", "states", "years", "about", "help", "api", "data")
MOST = 50_000  # the protocol's own limit for one file


class _Pages(Sitemap):
    limit = MOST


class Lists(_Pages):
    def items(self) -> tuple[str, ...]:
        return LISTS

    def location(self, item: str) -> str:
        return reverse(item)

    def lastmod(self, item: str) -> dt.datetime | None:
        return self.changed

    @property
    def changed(self) -> dt.datetime | None:
        if not hasattr(self, "_changed"):
            self._changed = Document.objects.aggregate(changed=Max("changed"))["changed"]
        return self._changed


class Documents(_Pages):
    def items(self) -> QuerySet:
        return Document.objects.order_by("pk").values_list("symbol", "changed")

    def location(self, item: tuple) -> str:
        return document_path(item[0])

    def lastmod(self, item: tuple) -> dt.datetime:
        return item[1]


class Paragraphs(_Pages):
    """Headings have addresses too, and nobody looks for them."""

    def items(self) -> QuerySet:
        rows = Paragraph.objects.exclude(kind=Paragraph.Kind.HEADING).order_by("pk")
        return rows.values_list("document__symbol", "anchor", "document__changed")

    def location(self, item: tuple) -> str:
        return paragraph_path(item[0], item[1])

    def lastmod(self, item: tuple) -> dt.datetime:
        return item[2]


class Names(_Pages):
    """Bodies that are mentioned, and States of which something is held."""

    def items(self) -> list[str]:
        bodies = Body.objects.mentioned().order_by("pk").values_list("slug", flat=True)
        states = [state for state in State.objects.order_by("pk").counted() if state.document_count]
        return [body_path(slug) for slug in bodies] + [state_path(state.alpha3) for state in states]

    def location(self, item: str) -> str:
        return item


SECTIONS = {"lists": Lists, "documents": Documents, "paragraphs": Paragraphs, "names": Names}


def sitemap(request: HttpRequest) -> HttpResponse:
    """All in one file where that is allowed, else the index of the files of each section."""
    sections = {name: section() for name, section in SECTIONS.items()}
    if sum(section.paginator.count for section in sections.values()) <= MOST:
        return views.sitemap(request, sections)
    return views.index(request, sections, sitemap_url_name="sitemap_section")


def sitemap_section(request: HttpRequest, section: str) -> HttpResponse:
    return views.sitemap(request, SECTIONS, section)
