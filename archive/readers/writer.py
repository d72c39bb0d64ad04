"""The lines that a reader writes: text and evidence kept side by side."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from archive.text.blocks.footnotes import RAISED
from archive.text.blocks.layout import read_layout
from archive.text.characters import even_breaks
from archive.text.cleaner import clean
from archive.text.cleaner.furniture import symbol_of_line
from archive.text.lines import Evidence

from .source import Source

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")
_BLANKS = re.compile(r"[\xa0\u1680\u2000-\u200a\u202f\u205f]")
_SEVERAL = re.compile(r"(?<=\S) {2,}")
_NUMBER = re.compile(r"[+−–-]?\d{1,4}")
_FULL = 0.8  # of the width at which lines are cut


class LineWriter:
    """Takes lines in order; ``source`` is what they come to.

    ``cut_from`` is the least share of full lines from which "paragraphs" may be lines of a page: people paste
    those into Word files, and hardly ever into the elements of a web page.
    """

    def __init__(self, cut_from: float = 0.0) -> None:
        self._cut_from = cut_from
        self._lines: list[str] = []
        self._typed: dict[int, str] = {}  # the lines with all their blanks
        self._evidence: dict[int, Evidence] = {}
        self._pending = 0
        self._untold: list[str] = []

    def __len__(self) -> int:
        return len(self._lines)

    def tell(self, unread: Sequence[str]) -> None:
        """Keep what is not read with the line that was written last, or else with the first."""
        known = self._evidence.get(len(self._lines))
        if unread and known:
            self._evidence[len(self._lines)] = replace(known, unread=(*(known.unread or ()), *unread))
        else:
            self._untold += unread

    def gap(self) -> None:
        """An empty paragraph: a blank line before what comes next, three at the most."""
        self._pending = min(self._pending + 1, 3)

    def paragraph(self, text: str, known: Evidence, *, raw: bool = False, soft: bool = True) -> bool:
        """Write a paragraph, whose forced line breaks are ``\\n``; False where there is no ink in it.

        ``known`` is told of its first line; the others stand in the same place and go on with it where breaks
        are ``soft`` and no empty line stands between. Blanks on end are one blank, as such formats tell their
        columns otherwise; ``raw`` text is written as it is.
        """
        if raw:
            return self._as_it_is(_plain(text), known)
        first, following = known, replace(known, number=None, level=None, opens=False if known.note else None)
        lines = _plain(text).split("\n")
        for at, line in enumerate(lines):
            if not line.strip():
                continue
            if known is first:
                self._lines += [""] * (self._pending if self._lines else 0)
                self._pending = 0
            self._lines.append(_SEVERAL.sub(" ", line))
            self._typed[len(self._lines)] = line
            self._evidence[len(self._lines)] = known
            known = replace(following, soft=soft and bool(lines[at + 1 :][:1] and lines[at + 1].strip()))
        untold, self._untold = self._untold, []
        self.tell(untold)
        return known is not first

    def _as_it_is(self, text: str, known: Evidence) -> bool:
        """Write text that is set line by line, its blank lines with it: it is read as a text file is."""
        if not text.strip():
            return False
        self._lines += [""] * (self._pending if self._lines else 0)
        self._pending = 0
        known = replace(known, opens=False if known.note else None, outline=None)
        for line in text.split("\n"):
            self._lines.append(line)
            self._evidence[len(self._lines)] = known
        return True

    def source(self, kind: str, facts: Mapping[str, str], notes: Sequence[str]) -> Source:
        """The source of these lines. Raises nothing: empty text is for the caller to refuse."""
        lines, evidence = self._lines, self._evidence
        if self._is_cut():
            lines = [self._typed.get(at, line) for at, line in enumerate(lines, start=1)]
            evidence = {at: replace(known, opens=None, soft=None) for at, known in evidence.items()}
        evidence = {at: known for at, known in evidence.items() if known != Evidence()}
        return Source("\n".join(lines), evidence, dict(facts), tuple(notes), kind)

    def _is_cut(self) -> bool:
        """True where each "paragraph" is one line of a page, as where a text was pasted from a PDF.

        Such a file has nothing that only a word processor or a page has (counted numbers, styles of headings,
        tables, notes), and its lines are cut as the core finds it in text files.
        """
        if any(
            known.number or known.outline or known.cell or known.note for known in self._evidence.values()
        ):
            return False
        lines = clean("\n".join(self._lines)).lines
        layout = read_layout(lines)
        full = sum(line.width >= _FULL * layout.width for line in lines)
        return layout.wrapped and full >= self._cut_from * len(lines)


def raised(text: str) -> str:
    """Returns a raised number (``2``, ``-6``) in raised characters; other text as it stands."""
    return text.translate(RAISED) if _NUMBER.fullmatch(text.strip()) else text


def _plain(text: str) -> str:
    """``text`` with one kind of line break and one of blank (but for the wide one),
    and no control characters, which no program shows."""
    return _CONTROLS.sub("", _BLANKS.sub(" ", even_breaks(text).replace("\f", "\n")))


# Telling the lines of a masthead, which formats set in tables, headers and boxes of their own.

_LONGEST = 160
_DISTRIBUTION = re.compile(r"Distr\b|(?:普遍|普通|一般|有限|限制)分发|原件[:：]|Original\s*:", re.I)


def is_masthead(lines: Iterable[str]) -> bool:
    """Whether these lines together are a masthead, and not a table that names documents."""
    told = ["".join(line.split()) for line in lines if len(line) <= _LONGEST]
    distributed = any(_DISTRIBUTION.match(line) for line in told)
    return distributed or ("联合国" in told and any(symbol_of_line(line) for line in told))


def is_of_masthead(line: str) -> bool:
    """Whether a line names the document or its distribution, as nothing but a masthead does."""
    line = " ".join(line.split())
    return len(line) <= _LONGEST and bool(symbol_of_line(line) or _DISTRIBUTION.match(line))
