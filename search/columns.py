"""What is known of each paragraph beside its tokens: exact values in columns, and the row that a page shows.

A column holds numbers for its values, in the order of the values; a row may have none, one or several. The
files are mapped into memory and shared by all workers and all engines.
"""

from __future__ import annotations

import json
import mmap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from .suffixes import mapped

VALUES, STORED, OFFSETS = "columns.json", "stored.json", "stored.places"
LENGTHS = "lengths."
FEW = 8


@dataclass(frozen=True, slots=True)
class Row:
    """One paragraph as the index has it: ``exact`` values by field, what is ``stored``, and how many tokens
    each field of tokens has.
    """

    paragraph: int
    document: int
    exact: Mapping[str, tuple[str, ...]]
    stored: Packed
    lengths: Mapping[str, int]


class Keys(NamedTuple):
    """The paragraph and the document of each row."""

    paragraphs: list[int]
    documents: list[int]


class Column:
    """The values of one field. ``codes`` are places in the sorted ``values``, ``owners`` the row of each."""

    def __init__(self, values: list[str], codes: np.ndarray, owners: np.ndarray, size: int) -> None:
        self.values, self.codes, self.owners, self.size = values, codes, owners, size

    @cached_property
    def numbers(self) -> dict[str, int]:
        return {value: number for number, value in enumerate(self.values)}

    @cached_property
    def first(self) -> np.ndarray:
        """The number of the first value of each row, -1 where it has none. Numbers are in order of values."""
        first = np.full(self.size, -1, np.int32)
        first[self.owners[::-1]] = self.codes[::-1]
        return first

    def rows(self, values: Iterable[str]) -> np.ndarray:
        """The rows that have one of ``values``, in order."""
        wanted = [self.numbers[value] for value in values if value in self.numbers]
        if not wanted:
            return np.empty(0, np.int32)
        if len(wanted) == 1:
            return np.unique(self.owners[self.codes == wanted[0]])
        return np.unique(self.owners[np.isin(self.codes, wanted)])

    def counted(self, rows: np.ndarray) -> list[tuple[str, int]]:
        """The values of ``rows``, which are in order, with the number of rows that have them; most first."""
        if len(rows) * FEW < self.size:
            first = np.searchsorted(self.owners, rows, "left")
            sizes = np.searchsorted(self.owners, rows, "right") - first
            ends = np.cumsum(sizes)
            codes = self.codes[
                np.arange(ends[-1] if len(ends) else 0) + np.repeat(first - ends + sizes, sizes)
            ]
        else:
            chosen = np.zeros(self.size, np.bool_)
            chosen[rows] = True
            codes = self.codes[chosen[self.owners]]
        counts = np.bincount(codes, minlength=len(self.values))
        held = np.flatnonzero(counts)
        order = held[np.argsort(-counts[held], kind="stable")]
        return [(self.values[number], int(counts[number])) for number in order]

    def by_row(self) -> list[tuple[str, ...]]:
        """The values of every row."""
        rows: list[tuple[str, ...]] = [()] * self.size
        for owner, code in zip(self.owners.tolist(), self.codes.tolist(), strict=True):
            rows[owner] += (self.values[code],)
        return rows


class Columns:
    """The columns and stored rows of a generation, open for reading."""

    def __init__(self, directory: Path) -> None:
        """Raises OSError or ValueError where the files are missing or damaged."""
        self.offsets = mapped(directory / OFFSETS, "<i8")
        self.size = len(self.offsets) - 1
        if self.size < 0 or (directory / STORED).stat().st_size != self.offsets[-1]:
            raise ValueError("the stored rows do not fit their places")
        fields = json.loads((directory / VALUES).read_text("utf-8"))
        self._columns = {}
        for name, values in fields["exact"].items():
            codes, owners = (
                mapped(directory / f"column.{name}.{part}", "<i4") for part in ("codes", "owners")
            )
            self._columns[name] = Column(values, codes, owners, self.size)
            if len(codes) != len(owners) or (len(codes) and codes.max() >= len(values)):
                raise ValueError(f"the column {name} does not fit its values")
        self.lengths = {name: mapped(directory / f"{LENGTHS}{name}", "<i4") for name in fields["tokens"]}
        if any(len(column) != self.size for column in self.lengths.values()):
            raise ValueError("the lengths do not fit the stored rows")
        with (directory / STORED).open("rb") as file:
            self._stored = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if self.offsets[-1] else b""

    def __len__(self) -> int:
        return self.size

    def __getitem__(self, field: str) -> Column:
        return self._columns[field]

    def __contains__(self, field: str) -> bool:
        return field in self._columns

    def stored(self, row: int) -> dict[str, Any]:
        """What is stored of a paragraph."""
        return json.loads(self._stored[self.offsets[row] : self.offsets[row + 1]])

    def all_rows(self, ids: np.ndarray, documents: np.ndarray) -> Iterator[Row]:
        """Every row as it was written, for the next generation."""
        exact = {name: column.by_row() for name, column in self._columns.items()}
        lengths = {name: column.tolist() for name, column in self.lengths.items()}
        for row, (paragraph, document) in enumerate(zip(ids.tolist(), documents.tolist(), strict=True)):
            yield Row(
                paragraph,
                document,
                {name: column[row] for name, column in exact.items()},
                Packed(self._stored[self.offsets[row] : self.offsets[row + 1]]),
                {name: column[row] for name, column in lengths.items()},
            )


class Packed(bytes):
    """A stored row as it is written."""


def pack(stored: Mapping[str, Any]) -> Packed:
    return Packed(json.dumps(stored, ensure_ascii=False, separators=(",", ":")).encode())


def write_columns(directory: Path, fields: Iterable[str], tokens: Iterable[str], rows: Iterable[Row]) -> Keys:
    """Write columns of ``fields`` and lengths of the fields of ``tokens``; returns whose rows they are."""
    tokens, ids, documents = list(tokens), [], []
    codes: dict[str, list[int]] = {name: [] for name in fields}
    owners: dict[str, list[int]] = {name: [] for name in codes}
    numbers: dict[str, dict[str, int]] = {name: {} for name in codes}
    lengths: dict[str, list[int]] = {name: [] for name in tokens}
    offsets = [0]
    with (directory / STORED).open("wb") as file:
        for number, row in enumerate(rows):
            for name, known in numbers.items():
                for value in dict.fromkeys(filter(None, row.exact[name])):
                    codes[name].append(known.setdefault(value, len(known)))
                    owners[name].append(number)
            for name in tokens:
                lengths[name].append(row.lengths[name])
            offsets.append(offsets[-1] + file.write(row.stored))
            ids.append(row.paragraph)
            documents.append(row.document)
    np.array(offsets, "<i8").tofile(directory / OFFSETS)
    for name in tokens:
        np.array(lengths[name], "<i4").tofile(directory / f"{LENGTHS}{name}")
    exact = {name: _write(directory, name, numbers[name], codes[name], owners[name]) for name in codes}
    (directory / VALUES).write_text(
        json.dumps({"exact": exact, "tokens": tokens}, ensure_ascii=False), "utf-8"
    )
    return Keys(ids, documents)


def _write(
    directory: Path, name: str, known: dict[str, int], codes: list[int], owners: list[int]
) -> list[str]:
    """Numbers were given as values were met; written are numbers in the order of the values."""
    values = sorted(known)
    rank = np.empty(len(values), np.int32)
    rank[[known[value] for value in values]] = np.arange(len(values), dtype=np.int32)
    rank[np.array(codes, np.int64)].astype("<i4").tofile(directory / f"column.{name}.codes")
    np.array(owners, "<i4").tofile(directory / f"column.{name}.owners")
    return values
