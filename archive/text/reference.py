"""Reference data that the core needs: bodies, States, treaties, themes with their words, resolutions.

The files are Django fixtures (``fixtures/*.json``), read here as plain JSON, so that the core and the
database never disagree and the core runs without Django.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


@dataclass(frozen=True, slots=True)
class KnownBody:
    """A body of ``bodies.json``.

    ``aliases`` name it anywhere; ``contextual`` forms (委员会, 理事会) name it only where a document or
    section makes that certain; ``traditional`` holds forms that are no plain character conversion. ``since``
    and ``until`` are years, which tell bodies apart that followed each other. Nobody has confirmed the name
    of an ``unconfirmed`` one by a text yet.
    """

    name: str
    slug: str
    aliases: tuple[str, ...] = ()
    contextual: tuple[str, ...] = ()
    traditional: tuple[str, ...] = ()
    english: str | None = None
    acronym: str | None = None
    parent: str | None = None
    since: int | None = None
    until: int | None = None
    unconfirmed: bool = False

    def years_from(self, year: int) -> int:
        """How many years ``year`` is before the body began or after it ended; 0 while it was there."""
        return max((self.since or year) - year, year - (self.until or year), 0)


@dataclass(frozen=True, slots=True)
class KnownTreaty:
    """A treaty of ``treaties.json``: its full name, and the short forms that name it as surely."""

    slug: str
    name: str
    aliases: tuple[str, ...] = ()
    acronym: str | None = None


@dataclass(frozen=True, slots=True)
class KnownTheme:
    """A theme of ``themes.json`` and the words that speak of it."""

    slug: str
    name: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownState:
    """A State of ``states.json``, by its code and all its Chinese names."""

    alpha3: str
    name: str
    official_name: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """All reference data of the core. ``resolutions`` maps a bare Council number to its canonical symbol.

    Compared and hashed by identity, so that what is made from it once can be kept.
    """

    bodies: tuple[KnownBody, ...] = ()
    resolutions: Mapping[int, str] = field(default_factory=dict)
    treaties: tuple[KnownTreaty, ...] = ()
    themes: tuple[KnownTheme, ...] = ()
    states: tuple[KnownState, ...] = ()

    def body_named(self, name: str) -> KnownBody | None:
        """The body whose full official name is ``name``, or None."""
        return next((body for body in self.bodies if body.name == name), None)


def _fields(path: Path) -> Iterable[dict[str, Any]]:
    return (record["fields"] for record in json.loads(path.read_text("utf-8")))


# The files of ``fixtures/`` that the core reads.
FILES = ("bodies.json", "resolutions.json", "treaties.json", "themes.json", "states.json")


NO_YEARS = (None, None)


@cache
def load_reference(directory: Path = FIXTURES) -> Reference:
    """Read the files of ``directory`` that the core needs; raises OSError where one is missing."""
    years = _years(directory)
    bodies = tuple(
        KnownBody(
            name=row["name"],
            slug=row["slug"],
            aliases=tuple(row["aliases"]),
            contextual=tuple(row["contextual_aliases"]),
            traditional=tuple(row["traditional"]),
            english=row["english"] or None,
            acronym=row["acronym"] or None,
            parent=row["parent"][0] if row["parent"] else None,
            since=years.get(row["slug"], NO_YEARS)[0],
            until=years.get(row["slug"], NO_YEARS)[1],
            unconfirmed=row.get("unconfirmed", False),
        )
        for row in _fields(directory / "bodies.json")
    )
    resolutions = {row["number"]: row["symbol"] for row in _fields(directory / "resolutions.json")}
    return Reference(bodies, resolutions, _treaties(directory), _themes(directory), _states(directory))


def _years(directory: Path) -> Mapping[str, tuple[int | None, int | None]]:
    """Since and until when bodies were there, by slug: for choosing, and not certain enough to be shown."""
    path = directory / "body_years.json"
    return json.loads(path.read_text("utf-8")) if path.exists() else {}


def _treaties(directory: Path) -> tuple[KnownTreaty, ...]:
    rows = _fields(directory / "treaties.json")
    return tuple(
        KnownTreaty(row["slug"], row["name"], tuple(row["aliases"]), row["acronym"] or None) for row in rows
    )


def _themes(directory: Path) -> tuple[KnownTheme, ...]:
    rows = _fields(directory / "themes.json")
    return tuple(KnownTheme(row["slug"], row["name"], tuple(row["words"])) for row in rows)


def _states(directory: Path) -> tuple[KnownState, ...]:
    rows = _fields(directory / "states.json")
    return tuple(
        KnownState(row["alpha3"], row["name"], row["official_name"], tuple(row["aliases"])) for row in rows
    )
