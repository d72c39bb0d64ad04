"""Footnotes: telling them from the body, and finding where in the text they are called.

A drawn rule opens them at the foot of a page (S/2016/1013), or they stand together at the end of a copy.
"""

from __future__ import annotations

import re

from ..lines import Line
from ..typography import ends_sentence
from .block import Block
from .layout import Layout

SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
NOTE_START = re.compile(
    r"(?P<prefix>(?P<stars>\*{1,3})\s*|(?P<raised>[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3})\s*|[\[［(（](?P<boxed>\d{1,3})[\]］)）]\s*|"
    r"(?P<slash>\d{1,3})/\s*(?=[^\d/])|(?P<plain>\d{1,3})(?:[\s\u3000]+|[.．、]\s*(?=\D)|(?=[^\d\s.．、,，)）/%年月日时-]))|(?P<letter>[a-z])[\s\u3000]+)(?=\S)"
)
DEFINITION = re.compile(r"[“「]?[^，,。：:；;]{2,24}[：:]\s?\S")


def read_note_start(text: str) -> tuple[str, str, str] | None:
    """A note's number, the prefix as printed and the rest of ``text``; None where no note begins so."""
    match = NOTE_START.match(text[:32])
    if not match:
        return None
    number = match["stars"] or match["boxed"] or match["slash"] or match["plain"] or match["letter"]
    number = number or match["raised"].translate(SUPERSCRIPTS)
    return number, match["prefix"].strip(), text[match.end() :]


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
        if start and (self.block is None or self._follows(start[0], line)):
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
        return not (start and self._follows(start[0], line)) and ends_sentence(self.block.texts[-1])

    def _follows(self, number: str, line: Line) -> bool:
        if self.block is None:
            return True
        if line.page and self._layout.wrapped:
            return False
        if number.isdecimal() and self._last.isdecimal():
            return int(number) == int(self._last) + 1
        return ends_sentence(self.block.texts[-1])
