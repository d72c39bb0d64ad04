"""The page for programmers, and the description of every address at ``/openapi.json``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from archive.site.http.problems import TYPES as PROBLEMS
from archive.site.opendata.operations import PAGES, Route, describe, machine_routes

from .page import page
from .respond import respond


@page
def api(request: HttpRequest, twin: bool = False) -> HttpResponseBase:
    """Shows the interface described: for people, and as OpenAPI for programs."""
    return respond(
        request, "archive/api.html", {} if twin else api_context(request.build_absolute_uri), describe, twin
    )


@dataclass(slots=True)
class Row:
    """A page with the addresses of its twins and their parameters."""

    words: str
    routes: list[Route] = field(default_factory=list)
    parameters: list[tuple[str, str]] = field(default_factory=list)


def whole_lists(ending: str) -> list[tuple[str, str]]:
    """Returns page and address of each list with a twin of this ``ending`` (csv, atom) that needs no name."""
    found = [route for route in machine_routes() if route.name == f"{route.page}_{ending}"]
    return [(route.page, route.path) for route in found if not route.parameters and route.page in PAGES]


def api_context(absolute: Callable[[str], str]) -> dict:
    """Returns the pages in table order, and the problems by status; ``absolute`` completes addresses."""
    rows: dict[str, Row] = {}
    for name, told in PAGES.items():
        given = [(parameter.name, str(parameter.words)) for parameter in told.parameters]
        rows[name] = Row(str(told.words), parameters=given)
    for route in machine_routes():
        if route.page in rows:
            rows[route.page].routes.append(route)
    problems = [(status, *words) for status, words in PROBLEMS.items()]
    return {
        "rows": [row for row in rows.values() if row.routes],
        "problems": problems,
        "seconds": settings.CPU_SECONDS_PER_MINUTE,
        "reading": settings.READING_SECONDS_PER_MINUTE,
        "address": absolute("/").rstrip("/"),
    }
