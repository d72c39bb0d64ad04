"""Tables of web pages: which hold data, and which only set the page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from .masthead import is_masthead
from .word_names import number_of
from .word_tables import is_layout, numbers_beside

_WIDEST = 64
_LONGEST_CELL = 1500
_HEADINGS = ("h1", "h2", "h3", "h4")


@dataclass(frozen=True, slots=True)
class WebCell:
    """A cell: its column from 1, and its element."""

    column: int
    element: HtmlElement


def cells_of(table: HtmlElement) -> list[list[WebCell]]:
    """The table's own rows, each with its cells; columns as ``colspan`` and ``rowspan`` set them."""
    rows: list[list[WebCell]] = []
    reaching: dict[int, int] = {}  # column: rows that a cell from above still covers
    for row in table.iter("tr"):
        if next(row.iterancestors("table"), None) is not table:
            continue
        cells: list[WebCell] = []
        column, covered = 1, {at: left - 1 for at, left in reaching.items() if left > 1}
        for cell in row:
            if cell.tag not in ("td", "th"):
                continue
            while reaching.get(column, 0) > 0:
                column += 1
            wide = number_of(cell.get("colspan"), 1, _WIDEST) or 1
            deep = number_of(cell.get("rowspan"), 1, 1000) or 1
            cells.append(WebCell(column, cell))
            if deep > 1:
                covered |= dict.fromkeys(range(column, column + wide), deep - 1)
            column += wide
        reaching = covered
        rows.append(cells)
    return rows


def _texts(rows: Sequence[Sequence[WebCell]]) -> list[list[str]]:
    return [[cell.element.text_content().strip() for cell in row] for row in rows]


def is_data(rows: Sequence[Sequence[WebCell]], *, first: bool) -> bool:
    """Whether a table holds data. One that holds tables, headings or whole pages sets the page."""
    for row in rows:
        for cell in row:
            element = cell.element
            if next(element.iter("table", *_HEADINGS), None) is not None:
                return False
            if len(element.text_content()) > _LONGEST_CELL:
                return False
    texts = _texts(rows)
    if first and is_masthead(line for row in texts for text in row for line in re.split(r"\n", text)):
        return False
    return not is_layout(texts, first=False)


def number_column(rows: Sequence[Sequence[WebCell]]) -> list[tuple[str, HtmlElement]]:
    """Numbers with the cells that they number, where the first of two columns holds nothing else."""
    texts = _texts(rows)
    if not numbers_beside(texts):
        return []
    return [(text[0], row[1].element) for row, text in zip(rows, texts, strict=True) if any(text)]
