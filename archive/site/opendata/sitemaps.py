"""The map of the site for search engines: every page that is worth finding, with its last change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.contrib.sitemaps import Sitemap, views
from django.db.models import Max, QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property

from archive.models import Body, Document, Mention, Paragraph, ThesaurusConcept, Treaty
from archive.store.addresses.paths import (
    body_path,
    concept_path,
    document_path,
    paragraph_path,
    speaker_path,
    state_path,
    treaty_path,
)

from .operations import machine_routes

# Pages that show nothing until something is asked.
ASKED = ("search", "concordance", "go", "check", "compare", "search_advanced")
MOST = 50_000  # the protocol's own limit for one file


class _Pages(Sitemap):
    """A section: rows of what names a page, a symbol first, and of when it changed last."""

    limit = MOST

    def location(self, item: Any) -> str:
        return document_path(*item[:-1])

    def lastmod(self, item: Any) -> dt.datetime | None:
        return item[-1]


class Lists(_Pages):
    """Every page whose address names nothing, found by the addresses of their values."""

    def items(self) -> list[str] | QuerySet:
        own = [route for route in machine_routes() if not route.parameters]
        pages = [route.page for route in own if route.name == f"{route.page}_json"]
        return [*(page for page in pages if page not in ASKED), "api"]

    def location(self, item: str) -> str:
        return reverse(item)

    def lastmod(self, item: str) -> dt.datetime | None:
        return self.changed

    @cached_property
    def changed(self) -> dt.datetime | None:
        return Document.objects.aggregate(changed=Max("changed"))["changed"]


class Documents(_Pages):
    def items(self) -> QuerySet:
        return Document.objects.order_by("pk").values_list("symbol", "language", "changed")


class Paragraphs(_Pages):
    """Headings have addresses too, and nobody looks for them."""

    def items(self) -> QuerySet:
        rows = Paragraph.objects.exclude(kind=Paragraph.Kind.HEADING).order_by("pk")
        return rows.values_list("document__symbol", "anchor", "document__language", "document__changed")

    def location(self, item: tuple) -> str:
        symbol, anchor, language, _changed = item
        return paragraph_path(symbol, anchor, language=language)


class Cited(_Pages):
    """The sitemap of documents that are cited but not held: their pages list the citing paragraphs."""

    def items(self) -> QuerySet:
        cited = Mention.objects.certain().not_held().order_by("symbol").values_list("symbol")
        return cited.annotate(changed=Max("paragraph__document__changed"))


class Names(_Pages):
    """The sitemap of bodies and treaties that are named, speaking States, speakers, and years."""

    def items(self) -> list[tuple[str, dt.datetime]]:
        return [*self._named(), *self._speaking(), *self._years()]

    def location(self, item: tuple) -> str:
        return item[0]

    @staticmethod
    def _named() -> Iterator[tuple[str, dt.datetime]]:
        changed = Max("mentions__paragraph__document__changed")
        for names, path in ((Body.objects, body_path), (Treaty.objects, treaty_path)):
            rows = names.order_by("pk").values_list("slug").annotate(changed).exclude(mentions=None)
            yield from ((path(slug), at) for slug, at in rows)

    @staticmethod
    def _speaking() -> Iterator[tuple[str, dt.datetime]]:
        said, changed = Paragraph.objects.order_by(), Max("document__changed")
        found = dict(said.exclude(state=None).values_list("state__alpha3").annotate(changed))
        for code, at in (
            said.exclude(document__state=None).values_list("document__state__alpha3").annotate(changed)
        ):
            found[code] = max(at, found.get(code, at))
        yield from ((state_path(code), at) for code, at in sorted(found.items()))
        # The plugin does not see what ``with_whence`` annotates.
        speakers = said.with_whence().exclude(speaker_name="").values_list("speaker_name", "whence")  # type: ignore[misc]
        for name, whence, at in speakers.annotate(changed).order_by("speaker_name", "whence"):  # type: ignore[misc]
            yield speaker_path(name, whence), at

    @staticmethod
    def _years() -> Iterator[tuple[str, dt.datetime]]:
        rows = Document.objects.exclude(year=None).order_by("year").values_list("year")
        yield from ((reverse("year", args=[year]), at) for year, at in rows.annotate(Max("changed")))


class Concepts(Lists):
    """The concepts of the thesaurus in use; their pages list paragraphs, and change with any document."""

    def items(self) -> QuerySet:
        return ThesaurusConcept.objects.current().order_by("slug").values_list("slug", flat=True)

    def location(self, item: str) -> str:
        return concept_path(item)


SECTIONS: dict[str, type[_Pages]] = {
    "lists": Lists,
    "documents": Documents,
    "paragraphs": Paragraphs,
    "cited": Cited,
    "names": Names,
    "concepts": Concepts,
}


def sitemap(request: HttpRequest) -> TemplateResponse:
    """Returns all in one file where that is allowed, else the index of the files of each section."""
    sections = {name: section() for name, section in SECTIONS.items()}
    if sum(section.paginator.count for section in sections.values()) <= MOST:
        return views.sitemap(request, {**sections})
    return views.index(request, {**sections}, sitemap_url_name="sitemap_section")


def sitemap_section(request: HttpRequest, section: str) -> TemplateResponse:
    return views.sitemap(request, {**SECTIONS}, section)
