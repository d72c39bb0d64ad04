"""Addresses of searches: writing them, changing their parameters, reading a text that they carry."""

from __future__ import annotations

import re

from django.http import QueryDict
from django.urls import reverse

from archive.store.addresses.paths import ordered_query, query_string
from archive.text.typography import INVISIBLE

UNSEEN = re.compile(f"[{re.escape(INVISIBLE)}\x00\x1c-\x1f\x85\ufffe\uffff]")


def search_address(q: str) -> str:
    """Returns the address of a search for ``q`` alone."""
    return reverse("search") + query_string(q=q)


def with_parameters(parameters: QueryDict, **changes: str | list[str] | None) -> str:
    """Returns the query string with some parameters set to others, None takes one out.

    With any change a cursor goes too, unless another is given: it belongs to the list as it was.
    """
    query = parameters.copy()
    for name, value in ({"after": None, "before": None} | changes if changes else {}).items():
        query.pop(name, None)
        if value is not None:
            query.setlist(name, value if isinstance(value, list) else [value])
    for name in [name for name, values in query.lists() if not any(values)]:
        del query[name]
    return ordered_query(dict(query.lists())) or "?"


def plain_text(value: str, longest: int | None = None) -> str:
    """Removes characters that nobody sees or types from a parameter, and cuts it at ``longest``."""
    return UNSEEN.sub("", value).strip()[:longest]
