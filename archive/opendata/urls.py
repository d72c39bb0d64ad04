"""Addresses for machines that are no twin of a page, and the pages that explain them."""

from __future__ import annotations

from django.urls import path

from archive.views import open_data

urlpatterns = [
    path("openapi.json", open_data.api, {"twin": True}, name="openapi"),
    path("api", open_data.api, name="api"),
    path("sitemap.xml", open_data.sitemap, name="sitemap"),
    path("sitemap-<name:section>.xml", open_data.sitemap_section, name="sitemap_section"),
    path("oembed", open_data.oembed, {"twin": True}, name="oembed"),
    path("data.json", open_data.data, {"twin": True}, name="data_json"),
    path("data", open_data.data, name="data"),
    path("data/citations.graphml", open_data.citations_graphml, name="citations_graphml"),
    path("data/citations.csv", open_data.citations_csv, name="citations_csv"),
    path("data/<name:name>", open_data.data_file, name="data_file"),
    path("<symbol:symbol>.akn.xml", open_data.document_akn, name="document_akn"),
]
