"""Addresses of search. The rest of the archive knows them by name only."""

from django.urls import path

from . import views

urlpatterns = [
    path("search.json", views.search, {"twin": True}, name="search_json"),
    path("search", views.search, name="search"),
]
