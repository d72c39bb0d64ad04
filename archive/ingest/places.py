"""Places in paragraphs where something is named, as the parser gives them and as columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from archive.models import Paragraph

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
