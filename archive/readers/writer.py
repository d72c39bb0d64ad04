"""The lines that a reader writes: text and evidence kept side by side."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from archive.text.lines import WIDEST_PAGE, Evidence
from archive.text.typography import display_width, ends_sentence

from .source import Source

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")
_BREAKS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_BLANKS = re.compile(r"[\xa0\u1680\u2000-\u200a\u202f\u205f]")
_SEVERAL = re.compile(r"(?<=\S) {2,}")
_MARK = re.compile(r"[(（]?[\w一-鿿]{1,6}[)）.、．]")
_FEWEST = 12


class LineWriter:
    """Takes lines in order; ``source`` is what they come to."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._evidence: dict[int, Evidence] = {}
        self._pending = 0

    def __len__(self) -> int:
        return len(self._lines)

    def gap(self) -> None:
        """An empty paragraph: a blank line before what comes next, two at the most."""
        self._pending = min(self._pending + 1, 2)

    def paragraph(self, text: str, known: Evidence, *, raw: bool = False) -> bool:
        """Write a paragraph, whose forced line breaks are ``\\n``; False where there is no ink in it.

        ``known`` is told of its first line; the others stand in the same place but open nothing. Blanks on
        end are one blank, as such formats tell their columns otherwise; not where the text is ``raw``.
        """
        text = _plain(text) if raw else _SEVERAL.sub(" ", _plain(text))
        lines = [line for line in text.split("\n") if line.strip()]
        if not lines:
            return False
        self._lines += [""] * (self._pending if self._lines else 0)
        self._pending = 0
        following = replace(known, number=None, opens=False if known.note else None)
        for at, line in enumerate(lines):
            self._lines.append(line)
            self._evidence[len(self._lines)] = following if at else known
        return True

    def source(self, kind: str, facts: Mapping[str, str], notes: Sequence[str]) -> Source:
        """The source of these lines. Raises nothing: empty text is for the caller to refuse."""
        evidence = self._evidence
        if self._is_cut():
            evidence = {
                line: known if known.number or known.cell else replace(known, opens=None)
                for line, known in evidence.items()
            }
        evidence = {line: known for line, known in evidence.items() if known != Evidence()}
        return Source("\n".join(self._lines), evidence, dict(facts), tuple(notes), kind)

    def _is_cut(self) -> bool:
        """True where each "paragraph" is one line of a page, as where a text was pasted from a PDF.

        Lines are then of nearly one width, and most of the full ones break off within a sentence.
        """
        lines = [
            (display_width(line.strip()), line.strip())
            for number, line in enumerate(self._lines, start=1)
            if line.strip() and not self._evidence.get(number, Evidence()).cell
        ]
        if len(lines) < _FEWEST:
            return False
        widths = sorted(width for width, _ in lines)
        widest = widths[int(len(widths) * 0.95)]
        full = [text for width, text in lines if width >= 0.86 * widest]
        if widest > WIDEST_PAGE or widest < 40 or len(full) < 0.5 * len(lines):
            return False
        return sum(not ends_sentence(text) and not _MARK.match(text) for text in full) >= 0.6 * len(full)


def _plain(text: str) -> str:
    """``text`` with one kind of line break and one of blank (but for the wide one),
    and no control characters, which no program shows."""
    return _CONTROLS.sub("", _BLANKS.sub(" ", _BREAKS.sub("\n", text)))
