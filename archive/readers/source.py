"""What a reader hands on, and how it refuses; both can be sent between processes as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec

from archive.text import reader
from archive.text.characters import ink, unbalanced

Box = tuple[int, float, float, float, float]
"""Page from 1, then left, top, right and bottom in points from the page's upper left corner."""

Sheet = tuple[float, float, int]
"""Width and height in points of a page as it is read upright, and by how many degrees it is turned clockwise
for that."""


class NotReadableError(ValueError):
    """A file that is refused: ``code`` says why (in ``archive.intake.importing.words``), ``values`` where."""

    def __init__(self, code: str, **values: str | int | float) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


@dataclass(frozen=True, slots=True)
class Source(reader.Source):
    """A source with what its reader knows of the file besides: ``boxes`` by the number of the line; ``pages``
    (None where the format has none); ``sheets``, the pages in which the boxes lie, in order."""

    format: str = "text"
    pages: int | None = None
    boxes: Mapping[int, tuple[Box, ...]] = field(default_factory=dict)
    sheets: tuple[Sheet, ...] = ()

    @property
    def has_text(self) -> bool:
        """Whether there is anything but the heads and feet of pages."""
        return any(
            line.strip() and not ((known := self.evidence.get(at)) and known.furniture)
            for at, line in enumerate(self.text.split("\n"), start=1)
        )

    def holding(self, printed: Counter[str]) -> Source:
        """This source; with a remark where it does not hold what the file prints, counted apart."""
        kept = ink(self.text)
        for known in self.evidence.values():
            kept += ink(known.number or "", *(known.unread or ()))
        lost = unbalanced(printed, printed & kept)
        return replace(self, notes=(*self.notes, lost)) if lost else self

    def as_plain(self) -> dict[str, Any]:
        """The source as values that JSON knows."""
        told = msgspec.to_builtins(self, str_keys=True)
        for line, known in told["evidence"].items():
            told["evidence"][line] = {name: value for name, value in known.items() if value is not None}
        return told

    @classmethod
    def of_plain(cls, told: Mapping[str, Any]) -> Source:
        """The source that ``as_plain`` told, also by way of JSON."""
        return msgspec.convert(told, cls, str_keys=True)
