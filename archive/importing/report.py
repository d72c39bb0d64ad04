"""What became of each file of a run, as a table for people or programs: CSV, or JSON by its name.

The file is whole after each row, so that a run that is broken off leaves a report of what it did.
"""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from django.utils.translation import gettext as _

from archive.ingest import RefusedError
from archive.opendata.tables import BYTE_ORDER_MARK, cell

FORMATS = (".csv", ".json")
_END = b"\n]\n"


class Row(NamedTuple):
    """``outcome`` is a ``Status`` or ``not_read``; ``reason`` is in words, and empty where all is well."""

    path: str
    outcome: str
    symbol: str
    reason: str
    seconds: float


class Report:
    """Rows written to ``path`` as they come. Raises OSError, or RefusedError for another kind of file."""

    def __init__(self, path: Path) -> None:
        if path.suffix.lower() not in FORMATS:
            raise RefusedError(_("报告的文件名应以.csv或.json结尾。"))
        self._as_json = path.suffix.lower() == ".json"
        self._file = path.open("wb")
        self._rows = 0
        self._write(b"[" + _END if self._as_json else _line(Row._fields, BYTE_ORDER_MARK))

    def add(self, row: Row) -> None:
        """Write one row, and leave the file whole."""
        if self._as_json:
            self._file.seek(-len(_END), 2)
            plain = json.dumps(row._asdict(), ensure_ascii=False)
            self._write((",\n" if self._rows else "\n").encode() + plain.encode("utf-8", "replace") + _END)
        else:
            self._write(_line(row))
        self._rows += 1

    def _write(self, written: bytes) -> None:
        self._file.write(written)
        self._file.flush()

    def __enter__(self) -> Report:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()


def _line(values: tuple[object, ...], before: str = "") -> bytes:
    line = StringIO(newline="")
    csv.writer(line).writerow([cell(value) for value in values])
    return (before + line.getvalue()).encode("utf-8", "replace")
