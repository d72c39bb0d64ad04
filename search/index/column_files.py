"""Writing the columns and the stored rows of a generation, row by row. Held in memory are a few thousand rows
and the different values.
"""

from __future__ import annotations

import json
import os
from array import array
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

import numpy as np

from .columns import LENGTHS, OFFSETS, STORED, VALUES, Row

AT_ONCE = 1 << 14  # rows
BLOCK = 1 << 18  # numbers


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
        self._columns = {name: _Column(directory, name) for name in fields}
        self._lengths = {name: _Numbers(directory / f"{LENGTHS}{name}", "i") for name in tokens}
        self._offsets, self._end = _Numbers(directory / OFFSETS, "q"), 0
        self._offsets.held.append(0)
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
            lengths.held.append(row.lengths[name])
        self._end += self._stored.write(row.stored)
        self._offsets.held.append(self._end)
        self.keys.paragraphs.append(row.paragraph)
        self.keys.documents.append(row.document)
        if number % AT_ONCE == AT_ONCE - 1:
            self._put_away()

    def _put_away(self) -> None:
        for numbers in (self._offsets, *self._lengths.values()):
            numbers.put_away()
        for column in self._columns.values():
            column.codes.put_away()
            column.owners.put_away()

    def finish(self) -> Keys:
        """Writes the remaining rows; returns the keys of all."""
        self._stored.flush()
        self._put_away()
        exact = {name: column.finish() for name, column in self._columns.items()}
        values = {"exact": exact, "tokens": list(self._lengths)}
        (self._directory / VALUES).write_text(json.dumps(values, ensure_ascii=False), "utf-8")
        return self.keys


class _Numbers:
    """A file of numbers that grows. What is ``held`` is written when it is put away."""

    def __init__(self, path: Path, kind: str) -> None:
        self.path, self.held = path, array(kind)
        path.write_bytes(b"")

    def put_away(self) -> None:
        with self.path.open("ab") as file:
            np.array(self.held, f"<i{self.held.itemsize}").tofile(file)
        self.held = array(self.held.typecode)


class _Column:
    """The values of one field. They are given numbers as they are met; in the end these are numbers in the
    order of the values.
    """

    def __init__(self, directory: Path, name: str) -> None:
        self._numbers: dict[str, int] = {}
        self.codes, self.owners = (
            _Numbers(directory / f"column.{name}.{part}", "i") for part in ("codes", "owners")
        )

    def add(self, row: int, values: tuple[str, ...]) -> None:
        for value in dict.fromkeys(filter(None, values)):
            self.codes.held.append(self._numbers.setdefault(value, len(self._numbers)))
            self.owners.held.append(row)

    def finish(self) -> list[str]:
        """Returns the values in order."""
        values = sorted(self._numbers)
        rank = np.empty(len(values), "<i4")
        rank[[self._numbers[value] for value in values]] = np.arange(len(values), dtype="<i4")
        with self.codes.path.open("r+b") as file:
            while len(codes := np.fromfile(file, "<i4", BLOCK)):
                file.seek(-codes.nbytes, os.SEEK_CUR)
                rank[codes].tofile(file)
                file.flush()
        return values
