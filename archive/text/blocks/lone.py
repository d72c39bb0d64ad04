"""Numbers and bullets that an extractor put on a line of their own, before the text that they number.

Word sets a number and its text apart by a tab; some extractors break the line there, so that ``1.`` stands
above its paragraph (NPT/CONF.2015/PC.II/WP.42 as copied from a reader), and a raised footnote number above
its note. Where the layout is kept, a raised number in the text stands below or above the hole that it leaves
there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ..lines import Line
from ..shapes import is_heading_like
from ..typography import display_width
from .footnotes import RAISED
from .markers import POINTED_STYLES, SECTION_STYLES, Style, read_alone

_STOPPED = (*".．、)）",)
_BULLET = re.compile(r"[•●▪■◦‣○·–—\uf0b7\uf0a7]")
_NOTE = re.compile(r"\d{1,3}|\*{1,3}|[a-z]")
_NUMBERED = re.compile(r"(\d{1,3})\s*[^\s\d.．、/]")
_HOLE = re.compile(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])|$")
_NEAR = 2  # columns


def join_lone_marks(lines: Sequence[Line]) -> list[Line]:
    """``lines`` with every number or bullet that stood alone put before the line below it."""
    lines = _raise_numbers(lines)
    notes = _notes(lines)
    joined: list[Line] = []
    for at in range(len(lines) - 1, -1, -1):
        line = lines[at]
        below = joined[-1] if joined else None
        if below is None or below.depth or line.depth or line.bullet or line.cells or below.cells:
            joined.append(line)
        elif _BULLET.fullmatch(line.text) and not below.bullet:
            joined[-1] = _joined(line, below, below.text, line.text)
        elif at in notes or _numbers(line.text, below.text):
            joined[-1] = _joined(line, below, f"{line.text} {below.bullet}{below.text}", "")
        else:
            joined.append(line)
    return joined[::-1]


def _numbers(text: str, below: str) -> bool:
    """Whether ``text`` is nothing but the number of what stands ``below``: A. that of a heading."""
    styles = [marker.style for marker in read_alone(text) if marker.style not in POINTED_STYLES]
    bare = {Style.DECIMAL, Style.CIRCLED}.intersection(styles) or text[-1:] in "㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩"
    heads = all(style in SECTION_STYLES for style in styles)
    told = text.endswith(_STOPPED) or bool(bare)
    return bool(styles) and told and (not heads or is_heading_like(below))


def _raise_numbers(lines: Sequence[Line]) -> list[Line]:
    """``lines`` with every number of a note that stood below or above a hole of a line put into it."""
    raised = list(lines)
    noted = {note[1] for line in lines if (note := _NUMBERED.match(line.text))}
    for at, line in enumerate(lines):
        if line.page or not line.indent or line.gap > 1 or line.text not in noted:
            continue
        for near in (at - 1, at + 1):
            text = _with_raised(raised[near], line) if 0 <= near < len(lines) else None
            if text:
                raised[near] = replace(raised[near], text=text)
                raised[at] = replace(line, text="")
                break
    return [line for line in raised if line.text or line.cells]


def _with_raised(line: Line, number: Line) -> str | None:
    for hole in () if line.cells or line.text == number.text else _HOLE.finditer(line.text):
        column = line.indent + display_width(line.text[: hole.start()])
        if abs(number.indent - column) <= _NEAR:
            return line.text[: hole.start()] + number.text.translate(RAISED) + line.text[hole.end() :]
    return None


def _joined(mark: Line, below: Line, text: str, bullet: str) -> Line:
    return replace(
        below,
        number=mark.number,
        text=text,
        bullet=bullet,
        indent=mark.indent,
        gap=mark.gap,
        page=mark.page,
        rule=mark.rule,
        opens=mark.opens,
        soft=mark.soft,
    )


def _notes(lines: Sequence[Line]) -> set[int]:
    """Bare marks of notes below a drawn line, numbers among which count on, and letters below a table."""
    found: set[int] = set()
    region, last = False, 0
    for at, line in enumerate(lines):
        mark = _NOTE.fullmatch(line.text)
        if line.rule or line.page:
            region, last = line.rule and mark is not None, 0
        elif mark and at and lines[at - 1].cells:
            region = not mark[0].isdecimal()
        number = int(mark[0]) if mark and mark[0].isdecimal() else 0
        if mark and region and (not number or number == last + 1 or not last):
            found.add(at)
            last = number or last
    return found
