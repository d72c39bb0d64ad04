"""Sets a document in a layout of its own: breaks its blocks into lines, the lines into columns and pages."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from .copy import Copy, Item, units_of
from .writer import BOLD, REGULAR, Mark, Put, Rule, width_of, write_pdf


@dataclass(frozen=True, slots=True)
class Style:
    """A layout. Lengths are points, ``indent`` and ``hang`` times the size; ``order`` is that of the file."""

    width: float = 595.0
    height: float = 842.0
    margin: float = 72.0
    columns: int = 1
    size: float = 10.5
    leading: float = 1.5
    gap: float = 6.0
    indent: float = 2.0
    heading: str = "bold"
    hang: float = 0.0
    justified: bool = True
    head: str = "symbol"
    foot: str = "page"
    ruled: bool = True
    order: str = "read"
    noise: str = ""
    grid: bool = False

    @property
    def label(self) -> str:
        paper = "A4" if self.height > 800 else "letter"
        return (
            f"{paper}, {self.columns} col, {self.size}/{self.leading}, gap {self.gap}, indent {self.indent}, "
            f"{self.heading}, hang {self.hang}, {'justified' if self.justified else 'ragged'}, "
            f"head {self.head or '-'}, foot {self.foot or '-'}, {self.order}, {self.noise or 'clean'}, "
            f"{'ruled' if self.grid else 'bare'} tables"
        )


def style_of(seed: int) -> Style:
    """The layout of a seed."""
    pick = random.Random(seed)
    columns = pick.choice((1, 1, 2))
    paper = pick.choice(((595.0, 842.0), (612.0, 792.0)))
    gap, indent = pick.choice(((6.0, 0.0), (6.0, 2.0), (0.0, 2.0), (10.0, 2.0), (4.0, 0.0)))
    return Style(
        *paper,
        margin=pick.choice((54.0, 72.0, 90.0)),
        columns=columns,
        size=pick.choice((9.0, 10.5, 12.0)) if columns == 1 else pick.choice((8.0, 9.0, 10.0)),
        leading=pick.choice((1.2, 1.35, 1.5, 1.75)),
        gap=gap,
        indent=indent,
        heading=pick.choice(("bold", "large", "centred", "both")),
        hang=pick.choice((0.0, 0.0, 2.0)),
        justified=pick.random() < 0.6,
        head=pick.choice(("", "symbol", "title", "alternate")),
        foot=pick.choice(("", "page", "pages", "job")),
        ruled=pick.random() < 0.7,
        order=pick.choice(("read", "read", "masthead last", "feet first", "rows", "right first")),
        noise=pick.choice(("", "", "", "stamp", "line numbers")),
        grid=pick.random() < 0.5,
    )


def set_pages(copy: Copy, style: Style) -> bytes:
    """The PDF of a document in a layout."""
    return write_pdf(_Press(copy, style).pages(), width=style.width, height=style.height)


@dataclass(slots=True)
class _Line:
    """A line to be put: its units with their places from the column's left edge."""

    units: list[tuple[float, str, bool]]
    size: float
    font: str = REGULAR
    above: float = 0.0
    notes: tuple[Item, ...] = ()
    heading: bool = False


@dataclass(slots=True)
class _Sheet:
    head: list[Mark] = field(default_factory=list)
    masthead: list[Mark] = field(default_factory=list)
    body: list[tuple[int, float, list[Mark]]] = field(default_factory=list)
    notes: list[Mark] = field(default_factory=list)
    foot: list[Mark] = field(default_factory=list)
    noise: list[Mark] = field(default_factory=list)


class _Press:
    def __init__(self, copy: Copy, style: Style) -> None:
        if any(item.level > _MOST_CELLS for item in copy.items):
            style = replace(style, columns=1)
        self.copy, self.style = copy, style
        inner = style.width - 2 * style.margin
        gutter = 24.0
        self.measure = (inner - gutter * (style.columns - 1)) / style.columns
        self.lefts = [style.margin + at * (self.measure + gutter) for at in range(style.columns)]
        self.bottom = style.height - style.margin

    def pages(self) -> list[list[Mark]]:
        sheets = self._fill()
        for at, sheet in enumerate(sheets, start=1):
            self._furnish(sheet, at, len(sheets))
        return [self._ordered(sheet) for sheet in sheets]

    def _fill(self) -> list[_Sheet]:
        """Put all lines; a note stands at the foot of the column that calls it."""
        style = self.style
        sheets = [_Sheet()]
        self._mast(sheets[0])
        top = style.margin + 110
        column, y, notes = 0, top, []
        lines = [line for item in self.copy.items for line in self._lines(item)]
        at = 0
        while at < len(lines):
            line = lines[at]
            step = line.size * style.leading
            fresh = [one for note in line.notes for one in self._note_lines(note)]
            foot = sum(one.size * 1.3 for one in (*notes, *fresh)) + (14 if notes or fresh else 0)
            above = line.above if y > self._top(sheets) else 0.0
            follower = lines[at + 1].size * style.leading * 2 if line.heading and at + 1 < len(lines) else 0.0
            if y + above + step + follower > self.bottom - foot and y > self._top(sheets) + 1:
                self._put_notes(sheets[-1], column, notes)
                notes, column = [], column + 1
                if column == style.columns:
                    sheets.append(_Sheet())
                    column = 0
                y = self._top(sheets)
                continue
            y += above + step
            notes += fresh
            sheets[-1].body.append((column, y, list(self._put(line, self.lefts[column], y))))
            at += 1
        self._put_notes(sheets[-1], column, notes)
        return sheets

    def _top(self, sheets: Sequence[_Sheet]) -> float:
        return self.style.margin + (110 if len(sheets) == 1 else 0)

    def _lines(self, item: Item) -> Iterator[_Line]:
        style, size = self.style, self.style.size
        if item.shape == "signature":
            texts = item.text.split("\n")
            widest = max(width_of(text, size) for text in texts)
            left = max(0.0, min(self.measure * 0.5, self.measure - widest - 2 * size))
            for at, text in enumerate(texts):
                yield _Line([(left, text, False)], size, above=style.gap + 4 if not at else 0)
            return
        if item.shape == "attribution":
            yield _Line([(self.measure - width_of(item.text, size), item.text, False)], size, above=style.gap)
            return
        if item.shape == "row":
            yield from self._row(item)
            return
        if item.shape == "heading":
            yield from self._heading(item)
            return
        if item.shape == "note":
            yield from self._note_lines(item)
            return
        first = style.indent if item.shape != "numbered" else 0.0
        hang = style.hang if item.shape == "item" else 0.0
        if item.shape == "item":
            first = max(first, hang) if not hang else hang - 2.0 + (2.0 if style.gap == 0 else 0.0)
        prefix = f"{item.prefix}\u3000" if item.prefix else ""
        yield from self._broken(item, prefix, first * size, hang * size, size, REGULAR, style.gap)

    def _row(self, item: Item) -> Iterator[_Line]:
        """A row: each cell is broken in its own column, and the lines of all cells stand side by side."""
        size = self.style.size
        wide = self.measure / max(2, item.level)
        cells = [
            list(
                self._broken(
                    Item("cell", "", text),
                    "",
                    0.0,
                    0.0,
                    size,
                    REGULAR,
                    0.0,
                    full=False,
                    measure=wide - 2 * size,
                )
            )
            for text in item.text.split("\t")
        ]
        for at in range(max(map(len, cells))):
            units = [
                (x + column * wide, text, raised)
                for column, lines in enumerate(cells)
                if at < len(lines)
                for x, text, raised in lines[at].units
            ]
            yield _Line(units, size, above=0.4 * size if not at else 0.0)

    def _heading(self, item: Item) -> Iterator[_Line]:
        style = self.style
        size = style.size * (1.2 if style.heading in ("large", "both") else 1.0)
        font = BOLD if style.heading in ("bold", "both") else REGULAR
        prefix = f"{item.prefix}\u3000" if item.prefix else ""
        lines = list(self._broken(item, prefix, 0.0, 0.0, size, font, style.gap + 6, full=False))
        for line in lines:
            line.heading = True
            if style.heading == "centred":
                last, text, raised = line.units[-1]
                shift = (self.measure - last - width_of(text, size * (0.65 if raised else 1))) / 2
                line.units = [(x + shift, text, raised) for x, text, raised in line.units]
        yield from lines

    def _note_lines(self, item: Item) -> list[_Line]:
        size = self.style.size * 0.82
        return list(self._broken(item, f"{item.prefix} ", 0.0, 0.0, size, REGULAR, 0.0, full=False))

    def _broken(
        self,
        item: Item,
        prefix: str,
        first: float,
        hang: float,
        size: float,
        font: str,
        above: float,
        *,
        full: bool | None = None,
        measure: float | None = None,
    ) -> Iterator[_Line]:
        justified = self.style.justified if full is None else full
        measure = measure or self.measure
        notes, marks = list(item.notes), [number for _, number in item.marks]
        x = first
        line: list[tuple[float, str, bool]] = []
        if prefix:
            line.append((x, prefix.rstrip(), False))
            x += width_of(prefix, size)
        count = 0
        for text, raised in _cut(units_of(item), measure - hang - first, size):
            wide = width_of(text, size * (0.65 if raised else 1.0))
            if x + wide > measure + 0.01 and line and not raised:
                yield self._line(
                    line, size, font, above if not count else 0.0, notes, x if justified else None, marks
                )
                count, line, x = count + 1, [], hang
                if text == " ":
                    continue
            line.append((x, text, raised))
            x += wide
        if line:
            yield self._line(line, size, font, above if not count else 0.0, notes, None, marks)

    def _line(
        self,
        units: list[tuple[float, str, bool]],
        size: float,
        font: str,
        above: float,
        notes: list[Item],
        end: float | None,
        marks: Sequence[str],
    ) -> _Line:
        called = [text for _, text, raised in units if raised]
        mine = tuple(note for note in notes if note.prefix in called or note.prefix not in marks)
        for note in mine:
            notes.remove(note)
        if end is not None and len(units) > 1:
            spare = (self.measure - end) / (len(units) - 1)
            if 0 < spare < size:
                units = [(x + at * spare, text, raised) for at, (x, text, raised) in enumerate(units)]
        return _Line(units, size, font, above, mine)

    def _put(self, line: _Line, left: float, y: float) -> Iterator[Put]:
        """The units of a line, those that touch each other as one string."""
        run: list[tuple[float, str]] = []
        for x, text, raised in line.units:
            if raised:
                yield from _joined(run, left, y, line)
                run = []
                yield Put(left + x, y - 0.35 * line.size, text, line.size * 0.65, line.font)
            else:
                run.append((x, text))
        yield from _joined(run, left, y, line)

    def _put_notes(self, sheet: _Sheet, column: int, notes: Sequence[_Line]) -> None:
        if not notes:
            return
        height = sum(line.size * 1.3 for line in notes)
        y, left = self.bottom - height, self.lefts[column]
        if self.style.ruled:
            sheet.notes.append(Rule(left, y - 4, left + 80))
        for line in notes:
            y += line.size * 1.3
            sheet.notes += self._put(line, left, y)

    def _mast(self, sheet: _Sheet) -> None:
        style, facts = self.style, self.copy.facts
        y, left, right = style.margin, style.margin, style.width - style.margin - 130
        sheet.masthead += [
            Put(left, y, "联合国", 15),
            Put(right, y, facts.symbol or "", 12),
            Rule(left, y + 6, style.width - style.margin),
            Put(left, y + 30, facts.organ if facts.organ in _ORGANS else "大会", 18, BOLD),
            Put(right, y + 24, "Distr.: General", 9),
        ]
        if facts.date:
            year, month, day = facts.date.split("-")
            sheet.masthead.append(Put(right, y + 37, f"{int(day)} {MONTHS[int(month) - 1]} {year}", 9))
        sheet.masthead.append(Put(right, y + 50, "Chinese", 9))
        sheet.masthead.append(Put(right, y + 63, "Original: English", 9))

    def _furnish(self, sheet: _Sheet, at: int, count: int) -> None:
        style, symbol = self.style, self.copy.facts.symbol or ""
        title = (self.copy.facts.title or symbol)[:30]
        top, bottom = style.margin - 28, style.height - style.margin + 28
        even = at % 2 == 0
        text = {"symbol": symbol, "title": title, "alternate": symbol if even else title}.get(style.head, "")
        if at > 1 and text:
            x = style.margin if even else style.width - style.margin - width_of(text, 9)
            sheet.head.append(Put(x, top, text, 9))
        if style.foot:
            page = str(at) if style.foot == "page" else f"{at}/{count}"
            x = style.margin if even else style.width - style.margin - width_of(page, 9)
            sheet.foot.append(Put(x, bottom, page, 9))
            if style.foot == "job":
                other = style.width - style.margin - 60 if even else style.margin
                sheet.foot.append(Put(other, bottom, "19-11880 (C)", 9))
        if style.noise == "stamp":
            sheet.noise.append(Put(style.width * 0.3, style.height * 0.6, "已收讫 2019", 36, BOLD, turn=45))
        elif style.noise == "line numbers" and style.columns == 1:
            rows = sorted({y for _, y, _ in sheet.body})
            sheet.noise += [Put(style.margin - 24, y, str(n), 7) for n, y in enumerate(rows, start=1)]

    def _ordered(self, sheet: _Sheet) -> list[Mark]:
        order = self.style.order
        body = sheet.body
        if order == "rows":
            body = sorted(body, key=lambda row: (round(row[1], 1), row[0]))
        elif order == "right first":
            body = sorted(body, key=lambda row: -row[0])
        text = [mark for _, _, marks in body for mark in marks]
        if order == "masthead last":
            return [*text, *sheet.notes, *sheet.masthead, *sheet.head, *sheet.foot, *sheet.noise]
        if order == "feet first":
            return [*sheet.foot, *sheet.notes, *sheet.head, *sheet.masthead, *text, *sheet.noise]
        return [*sheet.head, *sheet.masthead, *text, *sheet.notes, *sheet.foot, *sheet.noise]


def _cut(units: Sequence[tuple[str, bool]], measure: float, size: float) -> Iterator[tuple[str, bool]]:
    """Units that are wider than a line in pieces that are not."""
    most = max(4, int(measure / (size / 2)) - 2)
    for text, raised in units:
        if width_of(text, size) <= measure:
            yield text, raised
        else:
            yield from ((text[at : at + most], raised) for at in range(0, len(text), most))


def _joined(run: Sequence[tuple[float, str]], left: float, y: float, line: _Line) -> Iterator[Put]:
    start, text, end = 0.0, "", 0.0
    for x, unit in run:
        if text and abs(x - end) > 0.05:
            yield Put(left + start, y, text, line.size, line.font)
            text = ""
        start = start if text else x
        text += unit
        end = x + width_of(unit, line.size)
    if text.strip():
        yield Put(left + start, y, text, line.size, line.font)


_MOST_CELLS = 3  # in a column of two
_ORGANS = ("安全理事会", "大会", "经济及社会理事会", "裁军谈判会议", "人权理事会")
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
