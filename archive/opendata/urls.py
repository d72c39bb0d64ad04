"""Addresses for machines that are no twin of a page."""

from __future__ import annotations

from django.urls import path

from archive.views import open_data

urlpatterns = [
    path("<symbol:symbol>.akn.xml", open_data.document_akn, name="document_akn"),
]
