"""Rows of tables as text: the cells of a row stand one after the other with a tab between them.

A tab is white space: fingerprints, phrases and comparisons see the characters of the cells and nothing else.
"""

from __future__ import annotations

import re

CELL_MARK = "\t"
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
