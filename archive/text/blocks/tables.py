"""Tables: the lines of a row become one line with its cells.

A reader that knows the cells says so (``Evidence.cell``). In plain text a row is told by bars, by tabs, by
blanks that stand above each other over three lines at least, or by figures as many as its head has words.
What only looks so is left as lines: contents lists, votes, signatures, items with a tab behind their number,
running text in two columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from statistics import median

from archive.text.aligned_folding import fold

from ..cells import CELL_MARK
from ..lines import WIDEST_PAGE, Line
from ..parsed import DroppedLine
from ..shapes import (
    ABBREVIATIONS,
    ANNEX_LABEL,
    CONTENTS,
    LEADERS,
    SIGNED,
    is_heading_like,
    is_table_row,
    read_caption,
)
from ..typography import display_width, join_lines
from .footnotes import read_note_start
from .markers import read_alone

_LEAST_ROWS = 3
_MOST_CELLS = 40
_MOST_COLUMNS = 200
_MOST_WRAPS = 6
_LONGEST_ROW = 400
_WIDE_TEXT = 24
_REGULAR = 0.6
_GUTTER = re.compile(r"[ \u3000]{2,}|\u3000")
_BARS = re.compile(rf"[|{CELL_MARK}]")
_TABLE_TITLE = re.compile(r".{0,40}(?:表|名单|清单|日程|安排)")
_BULLETS = frozenset("•●○·–—-")
_PAGES = re.compile(r"[0-9]{1,4}(?:\s?[-–—至]\s?[0-9]{1,4})?|[ivxl]{1,6}")
_FIGURE = re.compile(r"[0-9][0-9.,]{0,15}(?: [0-9]{3})*[%％]?|[-–—…√×✓○●]")
_GAP = re.compile(r"(?<![0-9][.．、])\s+(?![0-9]{3}(?![0-9]))")  # but for 48 000, and 1. and its words
_APART = re.compile(r"[\u4e00-\u9fff)）]\s[\u4e00-\u9fff]")
_LONGEST_CELL = 14
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_LABEL_END = ("：", ":")


@dataclass(frozen=True, slots=True)
class _Piece:
    """The ink between two gutters, from column ``start`` to ``end`` (exclusive) of the page."""

    start: int
    end: int
    text: str


def read_tables(lines: Sequence[Line]) -> tuple[list[Line], list[DroppedLine]]:
    """``lines`` with one line for each row of a table, its ``cells`` and ``row`` set; and the bars taken out.

    Tables count from 1 in the document, rows from 1 in their table.
    """
    out: list[Line] = []
    dropped: list[DroppedLine] = []
    table = at = seen = 0
    before: list[_Piece] = []  # of a row of the table before
    listing = False  # below 目录 with nothing but short lines between, none of which is a caption
    while at < len(lines):
        for line in out[seen:]:
            listing = CONTENTS.fullmatch(line.text) is not None or (listing and _may_be_entry(line))
        seen = len(out)
        rows, end = _table_at(lines, at, listing, before)
        if not rows:
            if listing or CONTENTS.fullmatch(lines[at].text):
                _put_entries(lines[at:end], out, dropped)
            else:
                out += lines[at:end]
            at = end
            continue
        table, count, before = table + 1, 0, _pieces(rows[0][1][0])
        for cells, members in rows:
            count = count + 1 if cells else 0
            table += not cells  # a day of a programme stands between two tables
            out += [_row_line(cells, members, (table, count))] if cells else members
            bars = ((line.number, line.text.count("|")) for line in members if line.cell is None)
            dropped += [DroppedLine(number, "|" * many, "markup") for number, many in bars if many]
        at = end
    return out, dropped


_Row = tuple[list[str], list[Line]]
"""The cells of a row and its lines; without cells, what stands between two tables of the same columns."""


def _table_at(
    lines: Sequence[Line], at: int, listing: bool, before: Sequence[_Piece]
) -> tuple[list[_Row], int]:
    """The rows of the table that begins at ``at`` and the index behind it; no rows where there is none."""
    if lines[at].cell is not None:
        return _told(lines, at, listing)
    for find in (_barred, _tabbed, partial(_aligned, before=before), _figured, _spaced):
        rows = find(lines, at)
        members = [line for _, run in rows for line in run]
        cells = [cells for cells, _ in rows if cells]
        if rows and (listing or is_no_table(cells, barred=is_table_row(members[0].text))):
            rows = []
        if members:
            return rows, at + len(members)
    return [], at + 1


def _row_line(cells: Sequence[str], members: Sequence[Line], row: tuple[int, int]) -> Line:
    kept = list(cells)
    while kept and not kept[-1]:
        kept.pop()
    return replace(
        members[0],
        text=CELL_MARK.join(kept),
        bullet="",
        counted=False,
        cells=tuple(kept),
        row=row,
        until=members[-1].number,
    )


# --- rows that the reader knows ---


def _told(lines: Sequence[Line], at: int, listing: bool) -> tuple[list[_Row], int]:
    """The table that the reader tells; one row or one column only sets the page, and its lines stay lines."""
    table = _cell(lines[at])[0]
    end = at
    while end < len(lines) and lines[end].cell is not None and _cell(lines[end])[0] == table:
        end += 1
    rows: list[_Row] = []
    width = max(_cell(line)[2] for line in lines[at:end])
    for _, group in groupby(lines[at:end], key=lambda line: _cell(line)[1]):
        members = list(group)
        last = min(_MOST_COLUMNS, max(_cell(line)[2] for line in members))
        texts: list[list[str]] = [[] for _ in range(last)]
        for line in members:
            texts[min(_cell(line)[2], last) - 1].append(line.bullet + line.text)
        rows.append(([join_lines(cell, spaced=members[0].spaced) for cell in texts], members))
    filled = sum(sum(map(bool, cells)) > 1 for cells, _ in rows)
    contents = listing or CONTENTS.fullmatch(lines[at].text)
    if width < 2 or filled < 2 or contents or _only_numbers([cells for cells, _ in rows]):
        return [], end
    return rows, end


def _cell(line: Line) -> tuple[int, int, int]:
    assert line.cell is not None  # a line of a table that the reader tells
    return line.cell


# --- rows of plain text ---


def _barred(lines: Sequence[Line], at: int) -> list[_Row]:
    rows: list[_Row] = []
    for line in _run(lines, at):
        if "|" not in line.text or line.text.count("|") > _MOST_CELLS:
            break
        text = line.text.removeprefix("|").removesuffix("|")
        if not text.strip("| \t\u3000"):
            if not rows:
                break
            rows[-1][1].append(line)
            continue
        if "|" not in text and not is_table_row(line.text):
            break
        rows.append(([cell.strip() for cell in text.split("|")], [line]))
    sizes = {len(cells) for cells, _ in rows}
    edged = all(is_table_row(members[0].text) for _, members in rows)
    enough = len(rows) >= _LEAST_ROWS or (len(rows) > 1 and len(sizes) == 1 and edged)
    return rows if enough and max(sizes) > 1 else []


def _tabbed(lines: Sequence[Line], at: int) -> list[_Row]:
    found: list[tuple[list[str], Line]] = []
    for line in _run(lines, at):
        if CELL_MARK not in line.text or line.text.count(CELL_MARK) > _MOST_CELLS:
            break
        found.append(([cell.strip() for cell in line.text.split(CELL_MARK)], line))
    if len(found) < _LEAST_ROWS:
        return []
    whole = [([cell for cell in cells if cell], line) for cells, line in found]
    if len({len(cells) for cells, _ in whole}) == 1:
        found = whole  # no cell is empty: several tabs only reach a far column
    width = max(len(cells) for cells, _ in found)
    return [([""] * _lost(cells, line, width) + cells, [line]) for cells, line in found]


def _lost(cells: Sequence[str], line: Line, width: int) -> int:
    """How many empty cells at the front of the row its indent stands for: a tab counts two columns."""
    missing = width - len(cells)
    return missing if missing and line.indent == 2 * missing else 0


def _aligned(lines: Sequence[Line], at: int, before: Sequence[_Piece]) -> list[_Row]:
    """Rows whose cells stand above each other: a strip of two blank columns runs down through all of them.

    Two rows will do where their cells begin in the same three columns or more, and one where they begin in
    those of the row ``before``, of another table: persons, below headings. What heads the rows behind it, as
    the day of a programme, may stand between rows that begin where those before it do.
    """
    columns: list[tuple[int, int]] = []
    wraps = 0
    taken: list[tuple[list[_Piece], Line]] = []
    for here, line in enumerate(_run(lines, at), start=at):
        pieces = _pieces(line)
        if len(pieces) == 1 and taken and _heads_rows(lines[here : here + 2], columns):
            taken.append(([], line))
            continue
        if not pieces or (len(pieces) < 2 and not (taken and pieces[0].start >= columns[1][0] - 1)):
            break
        if (
            len(pieces) == 2
            and _is_marker(pieces[0].text)
            and not (taken and _is_marker(taken[0][0][0].text))
        ):
            break  # a heading or an item above or below the rows
        wraps = wraps + 1 if len(pieces) < 2 else 0
        if wraps and (wraps > _MOST_WRAPS or _ends_row(taken[-1][1])):
            break
        wider = _united(columns, pieces)
        if len(wider) < 2 or (taken and len(wider) < len(columns) - 1):
            break
        columns = wider
        taken.append((pieces, line))
    while taken and len(taken[-1][0]) < 2:
        taken.pop()
    full = [pieces for pieces, _ in taken if len(pieces) > 1]
    whole = len(columns) in map(len, full)
    exact = whole and all(_stands_in(piece, columns) for pieces in full for piece in pieces)
    again = exact and _steps(full[0]) == _steps(before) != []
    least = 1 if again else 2 if exact and len(columns) > 2 else _LEAST_ROWS
    regular = exact or sum(len(pieces) == len(columns) for pieces in full) >= _REGULAR * len(full)
    return _rows_of(taken, columns) if len(full) >= least and regular else []


def _steps(pieces: Sequence[_Piece]) -> list[int]:
    """How far the pieces stand from the first: a page may be set in otherwise than the one before."""
    return [piece.start - pieces[0].start for piece in pieces[1:]]


def _heads_rows(lines: Sequence[Line], columns: Sequence[tuple[int, int]]) -> bool:
    """Whether the first of two lines heads the second, a row that begins where those above do; what stands in
    a column behind the first goes on with a cell."""
    (head,), *below = map(_pieces, lines)
    after = below[0] if below and lines[1].cell is None and is_heading_like(lines[0].text) else []
    begins = len(after) > 1 and _stands_in(after[0], columns[:1]) and not _stands_in(head, columns[1:])
    return begins and all(_stands_in(piece, columns) for piece in after)


def _stands_in(piece: _Piece, columns: Sequence[tuple[int, int]]) -> bool:
    """Whether ``piece`` begins where one of ``columns`` does, or beside it."""
    return any(abs(piece.start - start) < 2 for start, _ in columns)


def _figured(lines: Sequence[Line], at: int) -> list[_Row]:
    """Rows of figures, or of words that a blank sets apart as no sentence does with a figure among them, as
    many in each as their head has words or years."""
    head, rows = lines[at].text.split(), list[_Row]()
    named = not any(map(_FIGURE.fullmatch, head)) or all(map(_YEAR.fullmatch, head[1:]))
    if not (named and 3 <= len(head) <= _MOST_CELLS and lines[at].width <= WIDEST_PAGE):
        return []
    for line in _run(lines, at):
        ways = (line.text.split(), _GAP.split(line.text))
        cells = next((way for way in ways if len(way) == len(head)), [])
        figures = all(map(_FIGURE.fullmatch, cells[1:]))
        apart = _APART.search(line.text) and max(map(len, cells), default=0) <= _LONGEST_CELL
        if not cells or not (line is lines[at] or figures or apart):
            break
        rows.append((cells, [line]))
    counted = all(re.search("[0-9√×✓○●]", line.text) for _, (line,) in rows[1:])
    return rows if counted and len(rows) >= _LEAST_ROWS else []


def _spaced(lines: Sequence[Line], at: int) -> list[_Row]:
    """Rows of as many cells as the first: set apart by wide blanks, though not above each other; or by single
    ones below a caption or its title. Below 缩略语 the first blank sets apart what is abbreviated."""
    above = [fold(line.text) for line in lines[max(0, at - 2) : at]]
    caption = read_caption(above[0]) if len(above) > 1 and is_heading_like(above[1]) else None
    short = any(map(ABBREVIATIONS.fullmatch, above[-1:]))
    headed = short or any(read_caption(text) or _TABLE_TITLE.fullmatch(text) for text in above[-1:])
    headed = headed or (caption is not None and not caption["title"])
    rows, least = list[_Row](), 2 if headed else _LEAST_ROWS
    for line in _run(lines, at):
        cells = [piece.text for piece in _pieces(line)]
        single = headed and len(cells) == 1 and (short or not line.spaced)
        if single and is_heading_like(line.text) and not read_caption(fold(line.text)):
            cells = line.text.split(None, 1 if short else -1)
        alike = len(cells) == len(rows[0][0]) if rows else len(cells) >= least
        if not alike or (headed and _is_marker(cells[0])):
            break
        rows.append((cells, [line]))
    return rows if len(rows) >= least else []


def _is_marker(text: str) -> bool:
    """True for the number of a heading or an item, and for the label of an annex."""
    label = ANNEX_LABEL.fullmatch(text)
    if label:
        return label["number"] is not None
    return text[-1:] in ("条", "條", *".．、)）章节節编編分") and bool(read_alone(text))


def _ends_row(line: Line) -> bool:
    """True where no line goes on with the cell above it: a row of figures is complete."""
    return line.text[-1:].isdigit() or line.text[-1:] in "%％。"


def _rows_of(taken: Sequence[tuple[list[_Piece], Line]], columns: Sequence[tuple[int, int]]) -> list[_Row]:
    rows: list[_Row] = []
    for pieces, line in taken:
        if len(pieces) == 1 and rows:
            cells, members = rows[-1]
            members.append(line)
        else:
            cells, members = [""] * len(columns) if pieces else [], [line]
            rows.append((cells, members))
        for piece in pieces:
            column = next(at for at, (_, end) in enumerate(columns) if piece.start < end)
            cells[column] = join_lines([cells[column], piece.text], spaced=line.spaced)
    return rows


def _pieces(line: Line) -> list[_Piece]:
    """The pieces of ink of ``line``; none where it cannot be a row."""
    if len(line.text) > _LONGEST_ROW or line.bullet or line.depth or line.counted or CELL_MARK in line.text:
        return []
    found: list[_Piece] = []
    column, start = line.indent, 0
    for gutter in [*_GUTTER.finditer(line.text), None]:
        end = gutter.start() if gutter else len(line.text)
        text = line.text[start:end]
        found.append(_Piece(column, column + display_width(text), text))
        if gutter:
            column = found[-1].end + display_width(gutter[0])
            start = gutter.end()
    return found if len(found) <= _MOST_CELLS else []


def _united(columns: Sequence[tuple[int, int]], pieces: Sequence[_Piece]) -> list[tuple[int, int]]:
    """The columns that hold all ink so far; two that stand less than two blanks apart are one."""
    inked = sorted([*columns, *((piece.start, piece.end) for piece in pieces)])
    united = [inked[0]]
    for start, end in inked[1:]:
        if start < united[-1][1] + 2:
            united[-1] = (united[-1][0], max(end, united[-1][1]))
        else:
            united.append((start, end))
    return united


def _run(lines: Sequence[Line], at: int) -> Iterator[Line]:
    """The lines from ``at`` on that stand no more than a blank line apart."""
    for here in range(at, len(lines)):
        line = lines[here]
        if line.cell is not None or (here > at and line.gap > 1 and not line.page):
            return
        if here > at and line.rule and 0 < len(_pieces(line)) < 3 and read_note_start(line.text):
            return  # the first note at the foot of a page that ends in a table
        yield line


# --- what only looks like a table ---


def is_no_table(rows: Sequence[Sequence[str]], *, barred: bool = False) -> bool:
    """Whether the cells of ``rows`` only look like those of a table: numbers and their paragraphs, a contents
    list, signatures; and where no bars part them, labels and their values, or running text in two columns."""
    told = (LEADERS.search(cell) or SIGNED.search(cell) for row in rows for cell in row)
    if _only_numbers(rows) or any(told):
        return True
    labelled = sum(row[0].endswith(_LABEL_END) for row in rows)
    return not barred and (2 * labelled > len(rows) or _is_text_in_columns(rows))


def _may_be_entry(line: Line) -> bool:
    return not line.cells and is_heading_like(line.text) and not read_caption(fold(line.text))


def _put_entries(lines: Sequence[Line], out: list[Line], dropped: list[DroppedLine]) -> None:
    """Put the entries of a contents list, a line each, without the pages in cells or behind a tab."""
    for _, group in groupby(lines, key=lambda line: line.cell[:2] if line.cell else line.number):
        members = list(group)
        pieces = [(line, piece) for line in members for piece in _BARS.split(line.text) if piece.strip()]
        while len(pieces) > 1 and _PAGES.fullmatch(pieces[-1][1].strip()):
            line, page = pieces.pop()
            dropped.append(DroppedLine(line.number, page.strip(), "page number in the contents list"))
        text = " ".join(piece.strip() for _, piece in pieces)
        opens = True if members[0].cell else members[0].opens
        out.append(replace(members[0], text=text, cell=None, opens=opens))


def _only_numbers(rows: Sequence[Sequence[str]]) -> bool:
    """True for paragraphs or items with a tab between number and text, or set in below such a number."""
    firsts = [row[0] for row in rows if len(row) == 2]
    return (
        len(firsts) == len(rows)
        and any(firsts)
        and all(first in _BULLETS or read_alone(first) for first in firsts if first)
    )


def _is_text_in_columns(rows: Sequence[Sequence[str]]) -> bool:
    """True for running text beside running text: two columns, full to their edge, hardly a figure in them."""
    wide = [[display_width(cell) for cell in row if cell] for row in rows]
    return max(map(len, wide)) == 2 and median(min(row) for row in wide) >= _WIDE_TEXT
