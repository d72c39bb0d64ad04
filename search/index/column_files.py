"""Writing the columns and the stored rows of a generation, row by row."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

import numpy as np

from .columns import LENGTHS, OFFSETS, STORED, VALUES, Row


class Keys(NamedTuple):
    """The paragraph and the document of each row."""

    paragraphs: array
    documents: array


class ColumnFiles:
    """Columns of the exact ``fields``, and lengths of the fields of ``tokens``, in ``directory``.

    ``with ColumnFiles(…) as files`` keeps the file of stored rows open; ``finish`` writes the rest.
    """

    def __init__(self, directory: Path, fields: Iterable[str], tokens: Iterable[str]) -> None:
        self._directory = directory
        self._columns = {name: _Column() for name in fields}
        self._lengths = {name: array("i") for name in tokens}
        self._offsets = array("q", [0])
        self.keys = Keys(array("q"), array("q"))

    def __enter__(self) -> ColumnFiles:
        self._stored = (self._directory / STORED).open("wb")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stored.close()

    def add(self, row: Row) -> None:
        number = len(self.keys.paragraphs)
        for name, column in self._columns.items():
            column.add(number, row.exact[name])
        for name, lengths in self._lengths.items():
            lengths.append(row.lengths[name])
        self._offsets.append(self._offsets[-1] + self._stored.write(row.stored))
        self.keys.paragraphs.append(row.paragraph)
        self.keys.documents.append(row.document)

    def finish(self) -> Keys:
        """Write the columns of all rows added; returns whose rows they are."""
        self._stored.flush()
        np.array(self._offsets, "<i8").tofile(self._directory / OFFSETS)
        for name, lengths in self._lengths.items():
            np.array(lengths, "<i4").tofile(self._directory / f"{LENGTHS}{name}")
        exact = {name: column.write(self._directory, name) for name, column in self._columns.items()}
        values = {"exact": exact, "tokens": list(self._lengths)}
        (self._directory / VALUES).write_text(json.dumps(values, ensure_ascii=False), "utf-8")
        return self.keys


class _Column:
    """The values of one field. They are given numbers as they are met; written are numbers in the order of
    the values.
    """

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._codes, self._owners = array("i"), array("i")

    def add(self, row: int, values: tuple[str, ...]) -> None:
        for value in dict.fromkeys(filter(None, values)):
            self._codes.append(self._numbers.setdefault(value, len(self._numbers)))
            self._owners.append(row)

    def write(self, directory: Path, name: str) -> list[str]:
        """Returns the values in order."""
        values = sorted(self._numbers)
        rank = np.empty(len(values), "<i4")
        rank[[self._numbers[value] for value in values]] = np.arange(len(values))
        rank[np.array(self._codes, np.int32)].tofile(directory / f"column.{name}.codes")
        np.array(self._owners, "<i4").tofile(directory / f"column.{name}.owners")
        return values
