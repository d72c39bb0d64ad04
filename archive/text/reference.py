"""Reference data that the core needs: bodies with their names, and the resolutions that it knows by number.

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
    section makes that certain; ``traditional`` holds forms that are no plain character conversion.
    """

    name: str
    slug: str
    aliases: tuple[str, ...] = ()
    contextual: tuple[str, ...] = ()
    traditional: tuple[str, ...] = ()
    english: str | None = None
    acronym: str | None = None
    parent: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """All reference data of the core. ``resolutions`` maps a bare Council number to its canonical symbol.

    Compared and hashed by identity, so that what is made from it once can be kept.
    """

    bodies: tuple[KnownBody, ...] = ()
    resolutions: Mapping[int, str] = field(default_factory=dict)

    def body_named(self, name: str) -> KnownBody | None:
        """The body whose full official name is ``name``, or None."""
        return next((body for body in self.bodies if body.name == name), None)


def _fields(path: Path) -> Iterable[dict[str, Any]]:
    return (record["fields"] for record in json.loads(path.read_text("utf-8")))


@cache
def load_reference(directory: Path = FIXTURES) -> Reference:
    """Read ``bodies.json`` and ``resolutions.json`` of ``directory``; raises OSError where one is missing."""
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
        )
        for row in _fields(directory / "bodies.json")
    )
    resolutions = {row["number"]: row["symbol"] for row in _fields(directory / "resolutions.json")}
    return Reference(bodies=bodies, resolutions=resolutions)
