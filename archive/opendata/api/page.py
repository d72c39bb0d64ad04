"""What the readable page of the interface shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from django.conf import settings

from archive.http.problems import TYPES

from .operations import PAGES
from .routes import Route, machine_routes


@dataclass(slots=True)
class Row:
    """A page with the addresses of its twins and what may be asked of them."""

    words: str
    routes: list[Route] = field(default_factory=list)
    parameters: list[tuple[str, str]] = field(default_factory=list)


def whole_lists(ending: str) -> list[tuple[str, str]]:
    """Page and address of each list that has a twin of this ``ending`` (csv, atom) and needs no name."""
    found = [route for route in machine_routes() if route.name == f"{route.page}_{ending}"]
    return [(route.page, route.path) for route in found if not route.parameters and route.page in PAGES]


def context(absolute: Callable[[str], str]) -> dict:
    """The pages in the order of the table, the problems by status; ``absolute`` makes an address of one."""
    rows: dict[str, Row] = {}
    for name, page in PAGES.items():
        given = [(parameter.name, str(parameter.words)) for parameter in page.parameters]
        rows[name] = Row(str(page.words), parameters=given)
    for route in machine_routes():
        if route.page in rows:
            rows[route.page].routes.append(route)
    problems = [(status, *told) for status, told in TYPES.items()]
    return {
        "rows": [row for row in rows.values() if row.routes],
        "problems": problems,
        "limit": settings.REQUESTS_PER_MINUTE,
        "reading": settings.READING_SECONDS_PER_MINUTE,
        "address": absolute("/").rstrip("/"),
    }
