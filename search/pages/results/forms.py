"""Parsing of the query string of a search page. Ill-formed values are refused before
(``archive.site.views.respond``).
"""

from __future__ import annotations

import re
from contextlib import suppress
from urllib.parse import unquote

from django.http import QueryDict

from archive.site.http.paging import cursor_parameter, page_number
from archive.site.http.parameters import LONGEST_VALUE, MOST_VALUES
from search.engine.protocol import FACETS
from search.pages.http.addresses import plain_text
from search.query.language.request import Asked

from .advanced import narrowed

ESCAPED = re.compile("%[0-9A-Fa-f]{2}")


def read_request(parameters: QueryDict) -> Asked:
    """Parses a search request. Raises BadRequestError, with words for the reader, where the page is no
    number, or a cursor is given as well.
    """
    return Asked(
        q=narrowed(query_text(parameters.get("q", "")), query_text(parameters.get("within", ""))),
        filters=filters_of(parameters),
        sort=parameters.get("sort") or "relevance",
        page=page_number(parameters),
        variants=parameters.get("variants") != "0",
        without=_values(parameters, "without"),
        group=parameters.get("group") == "document",
        after=cursor_parameter(parameters),
    )


def filters_of(parameters: QueryDict) -> dict[str, tuple[str, ...]]:
    """Returns the values chosen of each facet."""
    filters = {name: _values(parameters, name) for name in FACETS}
    filters["document_type"] = filters["document_type"] or _values(parameters, "type")  # as people shorten it
    return {name: values for name, values in filters.items() if values}


def _values(parameters: QueryDict, name: str) -> tuple[str, ...]:
    values = dict.fromkeys(plain_text(value, LONGEST_VALUE) for value in parameters.getlist(name))
    return tuple(value for value in values if value)[:MOST_VALUES]


def query_text(value: str) -> str:
    """Cleans a query: removes control characters, and decodes the % escapes of a copied address."""
    if ESCAPED.search(value):
        with suppress(UnicodeDecodeError):
            value = unquote(value, errors="strict")
    return plain_text(value)
