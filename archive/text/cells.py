"""Rows of tables as text: the cells of a row stand one after the other with a tab between them.

A tab is white space: fingerprints, phrases and comparisons see the characters of the cells and nothing else.
"""

from __future__ import annotations

import re

CELL_MARK = "\t"
_TABLE = re.compile(r"(?:.+\.)?t[1-9][0-9]*")
_ROW = re.compile(r"(?P<table>(?:.+\.)?t[1-9][0-9]*)\.r(?P<row>[1-9][0-9]*)(?:_[0-9]+)?")
_CELL = re.compile(r"(?P<row>.+\br[1-9][0-9]*)\.c[1-9][0-9]*")


def cell_spans(text: str) -> list[tuple[int, int]]:
    """Start and end (exclusive) of each cell of the row ``text``, empty ones included, in code points."""
    spans, start = [], 0
    for cell in text.split(CELL_MARK):
        spans.append((start, start + len(cell)))
        start += len(cell) + len(CELL_MARK)
    return spans


def row_of_cell(anchor: str) -> str | None:
    """The anchor of the row whose cell ``anchor`` names: ``annex.t1.r2`` of ``annex.t1.r2.c3``; else None."""
    match = _CELL.fullmatch(anchor)
    return match["row"] if match else None


def is_table(anchor: str) -> bool:
    """True where ``anchor`` names a table as a whole: ``annex.t1``, which is the anchor of no block."""
    return _TABLE.fullmatch(anchor) is not None


def table_of_row(anchor: str) -> str | None:
    """The anchor of the table whose row ``anchor`` names: ``annex.t1`` of ``annex.t1.r2``; else None."""
    match = _ROW.fullmatch(anchor)
    return match["table"] if match else None


def row_number(anchor: str) -> int:
    """The number of the row ``anchor`` in its table: 2 of ``annex.t1.r2``; 0 where it names no row."""
    match = _ROW.fullmatch(anchor)
    return int(match["row"]) if match else 0
