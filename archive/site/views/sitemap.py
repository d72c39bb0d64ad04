"""Site maps for search engines."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from archive.site.opendata import sitemaps

from .page import page


@page
def sitemap(request: HttpRequest) -> HttpResponse:
    return sitemaps.sitemap(request).render()


@page
def sitemap_section(request: HttpRequest, section: str) -> HttpResponse:
    return sitemaps.sitemap_section(request, section).render()
