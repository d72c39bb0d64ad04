"""Tables of Word files: which hold data, and which only set text side by side."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from .masthead import is_masthead
from .word_names import below, number_of, value_of

_NUMBER = re.compile(r"[(（]?[0-9A-Za-z一二三四五六七八九十]{1,5}[)）.．、]|[•·●▪■◦–—-]|[①-⑳]")
_WIDEST = 64


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its column from 1, and its content."""

    column: int
    element: Element


def rows_of(table: Element) -> list[list[Cell]]:
    """The rows with their cells; what was taken out by a tracked change is not among them."""
    rows: list[list[Cell]] = []
    for row in _held(table, "w:tr"):
        if below(row, "w:trPr", "w:del") is not None:
            continue
        cells: list[Cell] = []
        column = 1 + (number_of(value_of(row.find("w:trPr"), "w:gridBefore"), 0, _WIDEST) or 0)
        for cell in _held(row, "w:tc"):
            known = cell.find("w:tcPr")
            merged = value_of(known, "w:vMerge")
            if merged in (None, "restart") and (known is None or known.find("w:cellDel") is None):
                cells.append(Cell(column, cell))
            column += number_of(value_of(known, "w:gridSpan"), 1, _WIDEST) or 1
        rows.append(cells)
    return rows


def _held(parent: Element, name: str) -> list[Element]:
    """The children of that name, also those that a content control or a change holds."""
    found: list[Element] = []
    for child in parent:
        if child.tag == name:
            found.append(child)
        elif child.tag in ("w:sdt", "w:sdtContent", "w:customXml", "w:ins", "w:moveTo"):
            found += _held(child, name)
    return found


def is_layout(texts: Sequence[Sequence[str]], *, first: bool) -> bool:
    """Whether a table only sets text side by side: one row or one column, or (``first``: it stands at
    the head) the masthead. ``texts`` are the cells by row."""
    inked = [[text for text in row if text.strip()] for row in texts]
    inked = [row for row in inked if row]
    if len(inked) < 2 or all(len(row) < 2 for row in inked):
        return True
    return first and is_masthead(line for row in inked for text in row for line in text.split("\n"))


def numbers_beside(texts: Sequence[Sequence[str]]) -> bool:
    """Whether the first of two columns holds nothing but the numbers of paragraphs (``1.``, ``(a)``)."""
    rows = [row for row in texts if any(text.strip() for text in row)]
    if len(rows) < 2 or any(len(row) != 2 for row in rows):
        return False
    return all(_NUMBER.fullmatch(row[0].strip()) and row[1].strip() for row in rows)
