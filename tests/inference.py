"""Schemas made of answers: kinds, keys and which are always there; kept from one sample to the next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

# Facts that a document, a speaker or a resolution may lack, though each of the samples may have them.
NULLABLE = {
    "year", "date", "title", "communication_date", "meeting_date", "organ", "state", "adopted", "meeting",
    "number", "session", "un_url", "name", "english", "acronym", "speaker", "submitter", "parent", "role",
    "level", "next", "previous", "summary", "who", "reason", "until", "first", "last", "changed",
    "relation", "paragraph", "understood", "report", "last_year", "nothing", "capacity", "delegation",
    "with", "cites", "theme", "turn", "assumed", "liberty", "article", "dump", "honorific", "index",
}  # fmt: skip


def inferred(values: Iterable[Any]) -> dict[str, Any]:
    """A schema that all ``values`` meet: kinds, keys, and which keys are always there."""
    kinds, objects, items = set(), [], []
    for value in values:
        kind = _kind(value)
        kinds.add(kind)
        if kind == "object":
            objects.append(value)
        elif kind == "array":
            items.extend(value)
    if kinds >= {"integer", "number"}:
        kinds.discard("integer")
    if kinds <= {"null"}:
        return {}  # nothing was ever seen there
    schema: dict[str, Any] = {"type": sorted(kinds) if len(kinds) > 1 else kinds.pop()}
    if objects:
        schema |= _object(objects)
    if items:
        schema["items"] = inferred(items)
    return schema


def _object(objects: list[dict]) -> dict[str, Any]:
    if any(not key.isidentifier() or not key.isascii() for value in objects for key in value):
        return {"additionalProperties": inferred(item for value in objects for item in value.values())}
    found: dict[str, list] = defaultdict(list)
    for value in objects:
        for key, item in value.items():
            found[key].append(item)
    always = sorted(key for key, seen in found.items() if len(seen) == len(objects))
    properties = {key: inferred([*found[key], *_lacking(key)]) for key in sorted(found)}
    return {"properties": properties, **({"required": always} if always else {})}


def _lacking(key: str) -> list[None]:
    return [None] if key in NULLABLE else []


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    names = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    return names[type(value)]


def closed(schema: Any) -> Any:
    """The schema with no key more than it names."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {key: closed(value) for key, value in schema.items()}
    if "properties" in inner and isinstance(schema["properties"], dict) and schema.get("type") is not None:
        inner.setdefault("additionalProperties", False)
    return inner


def with_before(schema: Any, before: Any) -> Any:
    """The schema, with what was seen before in the same place and not this time: other kinds of a value, what
    a list held. So a sample that changes narrows nothing. Keys are those of this time.
    """
    if not isinstance(schema, dict) or not isinstance(before, dict):
        return schema
    merged = {**before, **schema}
    if "type" in schema and "type" in before:
        kinds = sorted({*_list(schema["type"]), *_list(before["type"])})
        merged["type"] = kinds if len(kinds) > 1 else kinds[0]
    for inner in ("items", "additionalProperties"):
        if inner in schema and inner in before:
            merged[inner] = with_before(schema[inner], before[inner])
    if "properties" in schema:
        known = before.get("properties", {})
        merged["properties"] = {
            key: with_before(value, known.get(key)) for key, value in schema["properties"].items()
        }
        always = {*before.get("required", ()), *(schema["properties"].keys() - known.keys())}
        merged["required"] = sorted(always & {*schema.get("required", ())})
        if not merged["required"]:
            del merged["required"]
    return merged


def lacking(schema: Any) -> Any:
    """The schema, where what a document may lack may be null, wherever it was seen."""
    if not isinstance(schema, dict):
        return schema
    told = {key: lacking(value) for key, value in schema.items() if key != "properties"}
    if "properties" in schema:
        told["properties"] = {
            key: with_before(value, {"type": "null"}) if key in NULLABLE and "type" in value else value
            for key, value in ((key, lacking(value)) for key, value in schema["properties"].items())
        }
    return told


def _list(kinds: str | list[str]) -> list[str]:
    return [kinds] if isinstance(kinds, str) else kinds
