"""Columnar storage of each paragraph's exact values and of the stored row that a page shows.

A column holds numbers for its values, in the order of the values; a row may have none, one or several. The
files are mapped into memory and shared by all workers and all engines.
"""

from __future__ import annotations

import json
import mmap
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np

from .arrangement import Arrangement, merged
from .generations import IndexUnavailableError
from .suffixes import mapped

CHECK = 4  # bytes
VALUES, STORED, OFFSETS = "columns.json", "stored.json", "stored.places"
LENGTHS = "lengths."
FEW = 5  # fewer than one in so many rows are looked up one by one
AT_ONCE = 4096  # rows


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
        if self._one_each:
            return self.codes
        first = np.full(self.size, -1, np.int32)
        first[self.owners[::-1]] = self.codes[::-1]
        return first

    def of(self, row: int) -> str:
        """Returns the first value of a row; empty where it has none."""
        number = int(self.first[row])
        return self.values[number] if number >= 0 else ""

    @cached_property
    def _ends(self) -> np.ndarray:
        """For each row the end of its codes, which begin at the end of the row before."""
        return np.cumsum(np.bincount(self.owners, minlength=self.size))

    @cached_property
    def _one_each(self) -> bool:
        """True if every row has exactly one value, so that the codes align with the rows."""
        return len(self.owners) == self.size and bool((np.diff(self.owners) == 1).all())

    @cached_property
    def held(self) -> tuple[str, ...]:
        """The values that any row has, in order."""
        counts = np.bincount(self.codes, minlength=len(self.values))
        return tuple(self.values[number] for number in np.flatnonzero(counts).tolist())

    def rows(self, values: Iterable[str]) -> np.ndarray:
        """Returns the rows that have one of ``values``, in order."""
        wanted = [self.numbers[value] for value in values if value in self.numbers]
        if not wanted:
            return np.empty(0, np.int32)
        if len(wanted) == 1:  # a row has a value once
            return self.owners[self.codes == wanted[0]]
        owners = self.owners[self._among(wanted)[self.codes]]
        return owners[np.diff(owners, prepend=-1) > 0]

    def having(self, rows: np.ndarray, values: Iterable[str]) -> np.ndarray:
        """Returns, for each of the sorted ``rows``, True if it has one of ``values``."""
        wanted = [self.numbers[value] for value in values if value in self.numbers]
        if not wanted or not self._one_each:
            return np.isin(rows, self.rows(values))
        return self._among(wanted)[self.codes[rows]]

    def _among(self, wanted: list[int]) -> np.ndarray:
        """Returns, for each value, True if its number is one of ``wanted``."""
        among = np.zeros(len(self.values), np.bool_)
        among[wanted] = True
        return among

    def different(self, rows: np.ndarray) -> int:
        """Returns the number of distinct first values among ``rows``."""
        return int(np.count_nonzero(np.bincount(self.first.take(rows) + 1)))

    def counted(self, rows: np.ndarray, most: int | None = None) -> list[tuple[str, int]]:
        """Returns the values of ``rows``, which are in order, with the number of rows that have them; most
        first, and not more than ``most``.
        """
        codes = self._codes_of(rows)
        counts = np.bincount(codes, minlength=len(self.values))
        held = np.flatnonzero(counts)
        order = held[np.argsort(-counts[held], kind="stable")][:most]
        values = map(self.values.__getitem__, order.tolist())
        return list(zip(values, counts[order].tolist(), strict=True))

    def _codes_of(self, rows: np.ndarray) -> np.ndarray:
        if len(rows) == self.size:
            return self.codes
        if self._one_each:
            return self.codes.take(rows)
        if len(rows) * FEW >= self.size:
            chosen = np.zeros(self.size, np.bool_)
            chosen[rows] = True
            return np.compress(chosen.take(self.owners), self.codes)
        sizes = self._ends[rows] - np.where(rows > 0, self._ends[rows - 1], 0)
        ends = np.cumsum(sizes)
        first = np.repeat(self._ends[rows] - ends, sizes)
        return self.codes[np.arange(len(first)) + first]

    def by_row(self, first: int, last: int) -> list[tuple[str, ...]]:
        """Returns the values of the rows from ``first`` up to ``last``."""
        rows: list[tuple[str, ...]] = [()] * (last - first)
        part = slice(*np.searchsorted(self.owners, [first, last]).tolist())
        for owner, code in zip(self.owners[part].tolist(), self.codes[part].tolist(), strict=True):
            rows[owner - first] += (self.values[code],)
        return rows


class Columns:
    """The columns and stored rows of a segment, open for reading."""

    def __init__(self, directory: Path) -> None:
        """Raises OSError or ValueError where the files are missing or damaged."""
        offsets = mapped(directory / OFFSETS, "<i8")
        self.size = len(offsets) - 1
        if self.size < 0 or (directory / STORED).stat().st_size != offsets[-1]:
            raise ValueError("the stored rows do not fit their places")
        fields = json.loads((directory / VALUES).read_text("utf-8"))
        self.fields, self._columns = tuple(fields["exact"]), {}
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
            self._stored = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if offsets[-1] else b""
        self._begins, self._ends = offsets[:-1], offsets[1:]

    def __len__(self) -> int:
        return self.size

    def __getitem__(self, field: str) -> Column:
        """Returns the column of a field; without values where the index is older than the field."""
        none = np.empty(0, np.int32)
        return self._columns.get(field) or Column([], none, none, self.size)

    def __contains__(self, field: str) -> bool:
        return field in self.fields

    def stored(self, row: int) -> dict[str, Any]:
        """Returns the stored fields of a paragraph. Raises IndexUnavailableError if unreadable."""
        try:
            return unpack(self._packed(row))
        except ValueError as error:
            raise IndexUnavailableError(f"stored row {row}: {error}") from error

    def texts(self) -> Iterator[str]:
        """Generates the texts of all rows; a few at a time are taken into memory."""
        for row in range(self.size):
            yield self.stored(row)["text"]
            if row % AT_ONCE == AT_ONCE - 1:
                self._let_go()

    def _let_go(self) -> None:
        """Counts the pages of the stored rows no more as memory of this process; they stay in the file."""
        if isinstance(self._stored, mmap.mmap):
            self._stored.madvise(mmap.MADV_DONTNEED)

    def _packed(self, row: int) -> Packed:
        return Packed(self._stored[self._begins[row] : self._ends[row]])


class ComposedColumns(Columns):
    """The columns of all ``segments``, with the rows of ``arrangement``. A column is composed when it is
    first asked for.
    """

    def __init__(self, segments: Sequence[Columns], arrangement: Arrangement) -> None:
        self.segments, self._arrangement = segments, arrangement
        self.size, self.fields = arrangement.size, segments[0].fields
        self._columns: dict[str, Column] = {}
        self.lengths = {
            name: arrangement.of_rows([each.lengths[name] for each in segments])
            for name in segments[0].lengths
        }

    def __getitem__(self, field: str) -> Column:
        if field not in self._columns:
            each = [segment[field] for segment in self.segments]
            self._columns[field] = each[0] if self._arrangement.is_one else _composed(each, self._arrangement)
        return self._columns[field]

    def _packed(self, row: int) -> Packed:
        segment, there = self._arrangement.source(row)
        return self.segments[segment]._packed(there)


def _composed(columns: Sequence[Column], arrangement: Arrangement) -> Column:
    values = sorted(set().union(*(column.values for column in columns)))
    numbers = {value: number for number, value in enumerate(values)}
    found = []
    for column, rows in zip(columns, arrangement.rows, strict=True):
        own = np.fromiter(map(numbers.__getitem__, column.values), np.int32, len(column.values))
        owners = rows[column.owners]
        held = owners >= 0
        found.append((owners[held], own[column.codes[held]]))
    owners, codes = merged(found)
    return Column(values, codes, owners, arrangement.size)


class Packed(bytes):
    """A stored row as it is written: JSON, and the CRC-32 of it in four bytes."""


def pack(stored: Mapping[str, Any]) -> Packed:
    written = json.dumps(stored, ensure_ascii=False, separators=(",", ":")).encode()
    return Packed(written + crc32(written).to_bytes(CHECK, "little"))


def unpack(packed: Packed) -> dict[str, Any]:
    """Returns the row. Raises ValueError where it is not what was written: words that a flipped bit changed
    are shown to nobody, also before the hashes of the whole files are looked at (``integrity``).
    """
    written = packed[:-CHECK]
    if crc32(written).to_bytes(CHECK, "little") != packed[-CHECK:]:
        raise ValueError("it is not what was written")
    return json.loads(written)


# Writing the columns and the stored rows of a segment, row by row. Held in memory are the numbers and the
# different values, some 150 bytes of each row.


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
        """Writes what is not stored rows; returns the keys of all."""
        self._stored.flush()
        exact = {}
        for name, column in self._columns.items():
            exact[name], codes = column.in_order()
            self._write(f"column.{name}.codes", codes)
            self._write(f"column.{name}.owners", column.owners)
        for name, lengths in self._lengths.items():
            self._write(f"{LENGTHS}{name}", lengths)
        self._write(OFFSETS, self._offsets)
        values = {"exact": exact, "tokens": list(self._lengths)}
        (self._directory / VALUES).write_text(json.dumps(values, ensure_ascii=False), "utf-8")
        return self.keys

    def _write(self, name: str, numbers: array | np.ndarray) -> None:
        np.asarray(numbers, f"<i{numbers.itemsize}").tofile(self._directory / name)


class _Column:
    """The values of one field. They are given numbers as they are met; in the end these are numbers in the
    order of the values.
    """

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._codes, self.owners = array("i"), array("i")

    def add(self, row: int, values: tuple[str, ...]) -> None:
        for value in dict.fromkeys(filter(None, values)):
            self._codes.append(self._numbers.setdefault(value, len(self._numbers)))
            self.owners.append(row)

    def in_order(self) -> tuple[list[str], np.ndarray]:
        """Returns the values in order, and the codes by that."""
        values = sorted(self._numbers)
        rank = np.empty(len(values), np.int32)
        rank[[self._numbers[value] for value in values]] = np.arange(len(values), dtype=np.int32)
        return values, rank[np.asarray(self._codes)]
