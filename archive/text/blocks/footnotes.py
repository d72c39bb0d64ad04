"""Footnotes: telling them from the body, and finding where in the text they are called.

A drawn rule opens them at the foot of a page (S/2016/1013), or they stand together at the end of a copy.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..lines import Line
from ..shapes import is_of_preamble
from ..typography import compact, ends_sentence
from .block import Block
from .layout import Layout
from .markers import read_markers

SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
RAISED = str.maketrans("0123456789-−–+", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻⁻⁺")
# A raised number behind a unit, a variable or ten is a power: km², x², 10³克.
NO_POWER = r"(?<![kcdmnμ]m)(?<![^A-Za-z/][a-z])(?<!\D10)"
NO_MARK_AFTER = r"(?![\d.,/%％年月日号條条段名个個次届時时分秒岁点国國人项項至—–\-~～和、]|[A-Za-z(（])"
AFTER_PUNCTUATION = r"(?<=[，。；：、”’》）)」！？,;!?])"
AFTER_BLANK = r"(?<=[,;.:”\"’)\]] )"  # where blanks set the words apart
# No mark stands behind what numbers itself: 成果1, 建议2, 表3.
AFTER_IDEOGRAPH = (
    r"(?<=[\u4e00-\u9fff])(?<![第表图条款节章注])(?<!成果)(?<!建议)(?<!目标)(?<!方案)(?<!附件)(?<!附文)(?<!附录)"
    r"(?<!阶段)(?<!项目)(?<!议题)(?<!选项)(?<!类别)(?<!问题)(?<!步骤)(?<!部分)"
)
LETTER_CALL = (
    rf"{AFTER_PUNCTUATION}([a-z])/?(?![A-Za-z0-9)）.])|{AFTER_IDEOGRAPH}([a-z])/?(?=[，。；：、”’》）」！？\t]|$)"
    r"|(?<=\d)([a-z])/?(?=\t)"
)
NOTE_START = re.compile(
    r"(?P<prefix>(?P<stars>\*{1,3})\s*|(?P<raised>[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3})[:：]?\s*|[\[［(（](?P<boxed>\d{1,3})[\]］)）]\s*|"
    r"(?P<slash>\d{1,3})/\s*(?=[^\d/])|(?P<plain>\d{1,3})(?:[\s\u3000]+|[.．、]\s*(?=\D)|(?=[^\d\s.．、,，)）/%年月日时-]))|(?P<letter>[a-z])(?:/\s*|[\s\u3000]+|(?=[\u4e00-\u9fff《“])))(?=\S)"
)
_PAGE = 80  # lines
_MOST_LOST = 9  # notes on end that a copy may lack
_FOOT = re.compile(r"\*{1,3}(?=\s?[^\s*])|\d{1,2}(?= +[^\s\d])")
DEFINITION = re.compile(r"[“「]?[^，,。：:；;]{2,24}[：:]\s?\S")


def read_note_start(text: str) -> tuple[str, str, str] | None:
    """A note's number, the prefix as printed and the rest of ``text``; None where no note begins so."""
    match = NOTE_START.match(text[:32])
    if not match:
        return None
    number = match["stars"] or match["boxed"] or match["slash"] or match["plain"] or match["letter"]
    number = number or match["raised"].translate(SUPERSCRIPTS)
    return number, match["prefix"].strip(), text[match.end() :]


def forms_of_call(note: str) -> list[tuple[str, bool]]:
    """The forms of the mark that calls ``note``, the surest first, and whether it may call it again."""
    number = re.escape(note)
    if note[0] == "*":
        return [(rf"(?<=[^\s*]){number}(?!\*)", True)]
    if not note.isdecimal():
        return [(LETTER_CALL.replace("[a-z]", number), False)]
    raised = re.escape(note.translate(RAISED))
    return [
        (rf"(?<![⁰¹²³⁴⁵⁶⁷⁸⁹⁻]){NO_POWER}{raised}(?![⁰¹²³⁴⁵⁶⁷⁸⁹])", True),
        (rf"[\[［]{number}[\]］]", True),
        (rf"(?:{AFTER_PUNCTUATION}|{AFTER_IDEOGRAPH}|{AFTER_BLANK}){number}/(?!\d)", True),
        (rf"{AFTER_BLANK}{number}$", False),
        (rf"{AFTER_PUNCTUATION}[(（]{number}[)）]", True),
        (rf"{AFTER_PUNCTUATION}{number}{NO_MARK_AFTER}", False),
        (rf"{AFTER_IDEOGRAPH}{number}(?=[，。；：、”’》）)」！？,;\t]|$)", False),
        (rf"{AFTER_IDEOGRAPH}{number}{NO_MARK_AFTER}(?=[\u4e00-\u9fff])", False),
        (rf"{AFTER_IDEOGRAPH}(?<!第){number}(?=[和、](?:[^\d第]|$)|[(（][\u4e00-\u9fff])", False),
        (rf"(?<=[a-z]{{3}}\.)(?<!para\.)(?<!art\.)(?<!vol\.){number}(?=$| [A-Z“])", False),
    ]


def mark_feet(lines: Sequence[Line], layout: Layout) -> None:
    """Tell the first note at the foot of each page, where the line drawn above it is in no character.

    The text of its page calls it, and it counts on. It stands apart from that text, or at the margin with
    nothing but notes below it.
    """
    starts = [0, *(at for at, line in enumerate(lines) if at and line.page)]
    last = 0
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        lowest = next((at for at in range(end - 1, start, -1) if _is_of_body(lines[at])), start)
        for at in range(start, end):
            line = lines[at]
            mark = _FOOT.match(f"{line.bullet}{line.text}")
            apart = line.gap > layout.normal_gap or (at > lowest and not line.indent and end < len(lines))
            if not mark or line.opens is not None or line.cells or mark[0] not in ("*", "1", str(last + 1)):
                continue
            calls = [re.compile(form) for form, _ in forms_of_call(mark[0])]
            page = [compact(near.text) for near in lines[max(start, at - _PAGE) : at]]
            if any(call.search(text) for text in page for call in calls):
                last = int(mark[0]) if mark[0].isdecimal() else last
                line.rule = line.rule or apart


def _is_of_body(line: Line) -> bool:
    return bool(line.cells or read_markers(line.text)) or is_of_preamble(line.text)


class NoteRegion:
    """Whether the reader is among the footnotes of a page; they end with the page or with another block."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._open = False
        self._last = ""
        self.block: Block | None = None

    def take(self, line: Line) -> tuple[str, str, str] | None:
        """The note that ``line`` begins (number, prefix, text); with no number, continues; None: body."""
        start = read_note_start(f"{line.bullet} {line.text}" if line.bullet == "*" else line.text)
        if line.note is not None:
            return self._told(line, start)
        if line.rule and start:
            self._open, self.block = True, None
        elif self._open and self._leaves(line, start):
            self._open, self.block = False, None
        if not self._open:
            return None
        if start and (self.block is None or self._follows(start[0])):
            self._last = start[0]
            return start
        return "", "", line.text

    def _told(self, line: Line, start: tuple[str, str, str] | None) -> tuple[str, str, str] | None:
        """As ``take``, where the reader knows; a note may go on at the foot of the next page."""
        if not line.note or (self.block is None and not start):
            self._open = False
            return None
        self._open = True
        if start and (self.block is None or line.opens):
            self._last = start[0]
            return start
        return "", "", line.text

    def begins_definition(self, line: Line) -> bool:
        """True where ``line`` begins a definition that the open note announced (S/RES/1540(2004))."""
        if self.block is None or not DEFINITION.match(line.text) or not ends_sentence(self.block.texts[-1]):
            return False
        return self.block.of_note or self.block.text.endswith(("：", ":"))

    def _leaves(self, line: Line, start: tuple[str, str, str] | None) -> bool:
        if self.block is None or line.depth:
            return True
        if self._layout.wrapped:
            apart = line.gap > self._layout.normal_gap
            return line.page or (apart and not start and ends_sentence(self.block.texts[-1]))
        return not (start and self._follows(start[0])) and ends_sentence(self.block.texts[-1])

    def _follows(self, number: str) -> bool:
        assert self.block is not None  # the first note follows none
        if number.isdecimal() and self._last.isdecimal():
            ahead = int(number) - int(self._last)
            return ahead == 1 or (1 < ahead <= _MOST_LOST and ends_sentence(self.block.texts[-1]))
        return ends_sentence(self.block.texts[-1])
