"""Base type of all answers, the decorator by which a view declares its own, and JSON encoding."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from functools import cache
from types import NoneType
from typing import Annotated, Any, Self, TypeVar, get_args

import msgspec
from django.core.serializers.json import DjangoJSONEncoder
from msgspec import UNSET, Meta, UnsetType

View = TypeVar("View", bound=Callable[..., Any])
Span = tuple[int, int]
Counted = tuple[str, int]
CountOfKind = tuple[str, int, int]
CountOfYear = tuple[int | None, int]
# Kept or made as text: a date, a moment, an address.
Day = Annotated[str, Meta(extra_json_schema={"format": "date"})]
Moment = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]
Instant = Annotated[dt.datetime, Meta(tz=True)]
Fingerprint = Annotated[str, Meta(pattern="^[0-9a-f]{8,64}$")]

__all__ = [
    "UNSET", "Counted", "CountOfKind", "CountOfYear", "Day", "Fingerprint", "Instant", "Moment", "Schema",
    "Span", "UnsetType", "answers", "as_values", "encode",
]  # fmt: skip


class Schema(msgspec.Struct, kw_only=True, frozen=True, dict=True):
    """An object of an answer, which a page reads and JSON is made of. Its docstring is its description for
    programs. What pages need beyond the answer is declared as a ``ClassVar``, which is no field, and set by
    ``carrying``.
    """

    def carrying(self, **inner: Any) -> Self:
        """Returns itself with ``inner`` as attributes that are answered to no program."""
        self.__dict__.update(inner)
        return self

    @classmethod
    def from_row(cls, row: Any, **told: Any) -> Self:
        """Makes one of ``row``, an object or a mapping: fields that are not ``told`` have what it has under
        their name, null where that is an empty text and the field may be null: what is unknown is null.
        """
        inside = isinstance(row, Mapping)
        for name, required, nullable in _fields(cls):
            if name not in told and (required or (name in row if inside else hasattr(row, name))):
                value = row[name] if inside else getattr(row, name)
                told[name] = None if nullable and value == "" else value
        return cls(**told)


@cache
def _fields(schema: type[Schema]) -> list[tuple[str, bool, bool]]:
    """Returns the name of each field, True if it is required, and True if it may be null."""
    return [
        (one.name, one.required, NoneType in get_args(one.type)) for one in msgspec.structs.fields(schema)
    ]


def answers(*types: type[msgspec.Struct], post: type[msgspec.Struct] | None = None) -> Callable[[View], View]:
    """Declares the ``types`` with which a view's address for programs answers (200), and that for a POST."""

    def told(view: View) -> View:
        view.answer_types = {"get": types, **({"post": (post,)} if post else {})}  # type: ignore[attr-defined]
        return view

    return told


def as_values(answer: Any) -> Any:
    """Returns ``answer`` as dicts and lists; dates, and what only Django can write, stay as they are."""
    return msgspec.to_builtins(answer, builtin_types=(dt.date, dt.datetime), enc_hook=_as_text)


def encode(answer: Any, indent: int | None = 1) -> str:
    """Returns ``answer`` as JSON: Chinese as it is, moments to the millisecond."""
    return json.dumps(as_values(answer), cls=DjangoJSONEncoder, ensure_ascii=False, indent=indent)


def _as_text(value: Any) -> str:
    """Returns a lazy translation or a safe string, which ``str`` leaves distinct from text, as text."""
    return str.__str__(str(value))
