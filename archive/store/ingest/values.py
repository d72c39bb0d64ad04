"""What goes into the store beside the parsed document, and what comes out of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from pathlib import PurePath
from typing import Protocol, TypeVar

from archive.models import Paragraph
from archive.text.reference import FILES, FIXTURES

# Raised whenever an equal parse is to be stored otherwise.
STORE_VERSION = "3"

T = TypeVar("T")


@cache
def reference_digest() -> str:
    """SHA-256 over the reference data that the core reads."""
    files = (FIXTURES / name for name in FILES)
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


class RefusedError(ValueError):
    """A document that cannot be stored. The message says why, for the person who imports it."""


class Result(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class Source:
    """A source file: its name, its bytes, and the text of the sidecar ("" where there is none)."""

    name: str
    content: bytes
    sidecar: str = ""

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    def input_hash(self, parser_version: str) -> str:
        """Equal where the result must be equal: same bytes, sidecar, reference data and code."""
        kind = PurePath(self.name).suffix
        parts = (self.sha256, kind, self.sidecar, parser_version, STORE_VERSION, reference_digest())
        return hashlib.sha256("\0".join(parts).encode("utf-8")).hexdigest()


@dataclass(frozen=True, slots=True)
class Why:
    """Why what is public changes: a ``Cause`` of the models, the reason in words, and who decided it."""

    cause: str = ""
    reason: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one document. ``resolved`` counts the certain mentions whose document is held;
    ``kept_out`` are the anchors of the source whose paragraphs are withdrawn from it.
    """

    result: Result
    symbol: str
    document: int
    paragraphs: int
    mentions: int
    resolved: int
    kept_out: tuple[str, ...] = ()

    @property
    def unresolved(self) -> int:
        return self.mentions - self.resolved


# Places in paragraphs where something is named, as the parser gives them and as columns.

PLACE = ("paragraph_id", "start", "end", "surface")
"""The columns of a place; ``place_of`` gives their values."""


class Named(Protocol):
    """Something that is named in a paragraph."""

    @property
    def anchor(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def surface(self) -> str: ...


def place_of(found: Named, rows: Mapping[str, Paragraph]) -> tuple[int, int, int, str]:
    """The values of ``PLACE``; ``rows`` are the paragraphs by anchor."""
    return rows[found.anchor].pk, found.start, found.end, found.surface
