"""Facets of a list as links, and the chosen ones as chips."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import QueryDict

from archive.http.parameters import FACETS as FACET_PARAMETERS
from search.engine.protocols import FACETS, Found
from search.http.addresses import with_parameters
from search.planning.names import Names
from search.query.conditions import SINGLE

from .answer import Answer
from .execution import MOST_VALUES

SHOWN_VALUES = 8


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet. ``url`` chooses it, or takes it back where ``chosen``. ``adds``: ``count``
    would come on top.
    """

    label: str
    count: int
    url: str
    chosen: bool = False
    adds: bool = False
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class Facet:
    name: str
    title: str
    choices: tuple[Choice, ...]
    rest: tuple[Choice, ...] = ()
    cut: bool = False  # whether there are more values, which only the JSON lists

    @property
    def is_bars(self) -> bool:
        return self.name == "year"


def facet_title(name: str) -> str:
    return str(next(facet.label for facet in FACET_PARAMETERS if facet.name == name))


def facets(answer: Answer, parameters: QueryDict) -> list[Facet]:
    """Returns the facets of the list, each with its values as links. Years in order, others by count."""
    found = answer.found
    if not found:
        return []
    return [facet for name in FACETS if (facet := _facet(name, answer, found, parameters)).choices]


def _facet(name: str, answer: Answer, found: Found, parameters: QueryDict) -> Facet:
    chosen = answer.asked.filters.get(name, ())
    held = found.facets[name]
    counted = [(value, count, value in chosen, False) for value, count in held[:MOST_VALUES] if value]
    if name in answer.asked.filters:
        counted += [
            (value, count, False, True) for value, count in found.facet_alternatives.get(name, []) if value
        ]
    most = max((count for _, count, _, _ in counted), default=1)
    if name == "year":
        counted.sort()
    choices = tuple(
        Choice(
            answer.names.label(name, value),
            count,
            with_parameters(parameters, **{name: _toggled(chosen, value), "page": None}),
            is_chosen,
            adds,
            100 * count / most,
        )
        for value, count, is_chosen, adds in counted
    )
    shown = len(choices) if name in SINGLE else SHOWN_VALUES
    if len(choices) == shown + 1:
        shown += 1
    return Facet(name, facet_title(name), choices[:shown], choices[shown:], len(held) > MOST_VALUES)


def _toggled(chosen: tuple[str, ...], value: str) -> list[str] | None:
    values = [other for other in chosen if other != value] if value in chosen else [*chosen, value]
    return values or None


def chips(
    filters: Mapping[str, tuple[str, ...]], names: Names, parameters: QueryDict
) -> list[tuple[str, str]]:
    """Returns the chosen filters in words, with the address that takes each back."""
    return [
        (
            f"{facet_title(name)}：{names.label(name, value)}",
            with_parameters(parameters, **{name: _toggled(values, value), "page": None}),
        )
        for name, values in filters.items()
        for value in values
    ]
