"""Addresses of search. The rest of the archive knows them by name only."""

from django.urls import path

from . import concordance_pages, export_pages, go_pages, opensearch_pages, suggest_pages, views

urlpatterns = [
    path("opensearch.xml", opensearch_pages.description, name="opensearch"),
    path("search/whole.json", export_pages.whole, name="search_whole"),
    path("search.csv", export_pages.table, name="search_csv"),
    path("search.atom", export_pages.feed, name="search_atom"),
    path("search.json", views.search, {"twin": True}, name="search_json"),
    path("search", views.search, name="search"),
    path("concordance.json", concordance_pages.twin, name="concordance_json"),
    path("concordance.csv", concordance_pages.table, name="concordance_csv"),
    path("concordance", concordance_pages.page, name="concordance"),
    path("go.json", go_pages.twin, name="go_json"),
    path("go", go_pages.page, name="go"),
    path("suggest", suggest_pages.suggest, name="suggest"),
]
