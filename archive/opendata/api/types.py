"""The types of answers as schemas of the description."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import msgspec

from archive.schemas import Schema
from archive.schemas.site import CslItem, Problem

from .routes import machine_routes

PLACE = "#/components/schemas/"
# What files in forms of others are.
FILES: Mapping[str, dict[str, Any]] = {
    "application/vnd.citationstyles.csl+json": {
        "type": "array",
        "items": {"$ref": f"{PLACE}{CslItem.__name__}"},
    },
    "application/json": {"type": "object"},
    "application/ld+json": {"type": "object"},
}


@cache
def components() -> dict[str, Any]:
    """By name: every type that some address answers with, and those inside them."""
    return {name: _readable(schema) for name, schema in sorted(_all()[1].items())}


def schema_of(types: Iterable[type[Schema]]) -> dict[str, Any] | None:
    """One of ``types``; None where there are none."""
    places = [_all()[0][each] for each in dict.fromkeys(types)]
    return {"anyOf": places} if len(places) > 1 else places[0] if places else None


@cache
def _all() -> tuple[dict[type[Schema], dict[str, Any]], dict[str, Any]]:
    """Where the schema of each type stands, and the schemas by name."""
    told: set[type[Schema]] = {
        each for route in machine_routes() for types in route.answers.values() for each in types
    }
    ordered: list[type[Schema]] = sorted(told | {CslItem, Problem}, key=lambda each: each.__name__)
    places, found = msgspec.json.schema_components(ordered, ref_template=PLACE + "{name}")
    return dict(zip(ordered, places, strict=True)), found


def _readable(schema: Any) -> Any:
    """The schema with descriptions in one line, and tuples as generators of clients read them: what stands at
    each place, and what stands at any.
    """
    if isinstance(schema, list):
        return [_readable(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    told = {name: _readable(value) for name, value in schema.items()}
    if isinstance(words := told.get("description"), str):
        told["description"] = " ".join(words.split())
    if "prefixItems" in told:
        kinds = [kind for n, kind in enumerate(told["prefixItems"]) if kind not in told["prefixItems"][:n]]
        told["items"] = kinds[0] if len(kinds) == 1 else {"anyOf": kinds}
    return told
