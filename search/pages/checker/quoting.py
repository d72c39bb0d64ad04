"""Quoted passages: what stands between quotation marks in a draft.

Marks nest and come in kinds; only the outermost pairs are reported. Chinese practice repeats the opening mark
at each paragraph of a long quotation and closes only the last (GB/T 15834—2011, 4.8.3.4): such a paragraph is
quoted to its end. Straight marks do not say which end they are, so they pair within their line.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from archive.text.folding import fold_literally
from archive.text.language import WORDS, language_of

from .places import Places
from .report import CheckedCitation, Match, Status

CLOSING = {"“": "”", "「": "」", "『": "』", "‘": "’", "〝": "〞", "﹁": "﹂", "﹃": "﹄", "｢": "｣"}
OPENING = {closing: opening for opening, closing in CLOSING.items()}
STRAIGHT = frozenset('"＂')
DEEPEST = 16  # marks that may be open at once; of more, the outermost was never closed
_MARK = re.compile(f"[{''.join([*CLOSING, *OPENING, *STRAIGHT])}\n]")


@dataclass(frozen=True, slots=True)
class Quoted:
    """The outermost quoted passages, without their marks; and the places of marks that have no partner."""

    passages: tuple[tuple[int, int], ...]
    unpaired: tuple[int, ...]

    def until(self, end: int) -> Quoted:
        """Returns the passages that begin before ``end``; one that goes on is cut there."""
        passages = tuple((start, min(stop, end)) for start, stop in self.passages if start < end)
        return Quoted(passages, tuple(at for at in self.unpaired if at < end))


def quoted(text: str) -> Quoted:
    """Returns the quoted passages of ``text``; what is empty is none."""
    pairing = _Pairing(text)
    for match in _MARK.finditer(text):
        pairing.meet(match.group(), match.start())
    pairing.end()
    return Quoted(tuple(_outermost(pairing.passages)), tuple(sorted(pairing.unpaired)))


class _Pairing:
    def __init__(self, text: str) -> None:
        self.text = text
        self.line = 0  # where the present line begins
        self.open: list[tuple[str, int]] = []
        self.passages: list[tuple[int, int]] = []
        self.unpaired: list[int] = []

    def meet(self, mark: str, at: int) -> None:
        if mark == "\n":
            self._drop_straight()
            self.line = at + 1
        elif mark in CLOSING:
            self._continue_from_line_above(mark, at)
            self._open(mark, at)
        elif mark in OPENING:
            # ’ is also the apostrophe of Latin words.
            if not self._close(OPENING[mark], at) and mark != "’":
                self.unpaired.append(at)
        elif not self._close(mark, at):
            self._open(mark, at)

    def end(self) -> None:
        self.unpaired += [at for _, at in self.open]

    def _open(self, mark: str, at: int) -> None:
        if len(self.open) == DEEPEST:
            self.unpaired.append(self.open.pop(0)[1])
        self.open.append((mark, at))

    def _close(self, opening: str, at: int) -> bool:
        for index in range(len(self.open) - 1, -1, -1):
            if self.open[index][0] == opening:
                self.unpaired += [place for _, place in self.open[index + 1 :]]
                self.passages.append((self.open[index][1] + 1, at))
                del self.open[index:]
                return True
        return False

    def _drop_straight(self) -> None:
        self.unpaired += [at for mark, at in self.open if mark in STRAIGHT]
        self.open = [(mark, at) for mark, at in self.open if mark not in STRAIGHT]

    def _continue_from_line_above(self, mark: str, at: int) -> None:
        """A mark of a kind that a line above left open: that one was quoted to the end of its paragraph, if
        this one stands at the beginning of its own.
        """
        earlier = [
            index for index, (kind, place) in enumerate(self.open) if kind == mark and place < self.line
        ]
        if not earlier:
            return
        index = earlier[-1]
        place = self.open[index][1]
        if not self.text[self.line : at].strip():
            self.passages.append((place + 1, self.text.index("\n", place)))
        else:
            self.unpaired.append(place)
        self.unpaired += [other for _, other in self.open[index + 1 :]]
        del self.open[index:]


def _outermost(passages: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    end = -1
    for start, stop in sorted(passages, key=lambda passage: (passage[0], -passage[1])):
        if start >= end and start < stop:
            yield start, stop
            end = stop


# The language of quoted words, and how much they are.

_HAN, _LATIN = re.compile("[\u4e00-\u9fff]"), re.compile("[A-Za-z]")


def language_of_words(words: str) -> str:
    """Returns the code of the language of a quotation, which may be short; empty where it has no letter."""
    if _HAN.search(words):
        return "zh"
    return (language_of(words) or "en") if _LATIN.search(words) else ""


def language_of_draft(text: str) -> str:
    """Returns ``en`` for a draft in English, else ``zh``; symbols alone are in no language."""
    few = language_of_words(text) if WORDS["en"] & {*text.lower().split()} else None
    return "en" if (language_of(text) or few) == "en" else "zh"


def extent(words: str, of_word: int = 2) -> int:
    """Counts characters without white space; a word between blanks is as much as ``of_word`` Chinese ones."""
    is_chinese = language_of_words(words) in ("zh", "")
    return len(fold_literally(words)) if is_chinese else of_word * len(words.split())


# Attribution of quotations: the citation that the writer gives for each.

CANNOT_TELL = (Status.NOT_HELD, Status.UNKNOWN, Status.WITHDRAWN, Status.NOT_UNDERSTOOD)
FAR = 80  # characters between a citation and the quotation that it introduces, by their extent
LONGEST = 400
# ”(S/2010/52  ”。见  ”[  ”——
_TO_CITATION_BEHIND = re.compile(
    r"[”」』’\"＂]?[,，。;；、.]?\s*(?:[(（\[〔【]|——?)\s*(?:见|参见|引自|载于?|出自|语出|转引自)?\s*"
    r"|[”」』’\"＂]?[,，。;；、.]?\s*(?:见|参见|引自|载于|出自|语出|转引自)\s*"
)
_NEW_SENTENCE = re.compile(r"[。;；.]\s*(?:参?见|参阅)")
# A stop ends a sentence where another begins, and not an abbreviation; it may stand before the closing mark.
ENGLISH_STOP = r"(?:(?<!Mr|Ms|Dr|St|No|pp)(?<!Mrs)\.|(?<=\.)[”\"’])\)? +(?=[A-Z“\"‘\ue000-\uf8ff])"
_SENTENCE_ENDS = re.compile(rf"[。！？!?；;\n]|{ENGLISH_STOP}")
# ” (see paragraph 3 of Council resolution 1540 (2004)  ”, it said (S/2010/52  ”, in para. 3 of S/2010/52
_WORDS_TO_CITATION = re.compile(
    r"[”\"’]?[,.;:]?(?: [A-Za-z ,'’-]{0,60})? ?(?:[(\[—–]|--) ?[A-Za-z0-9 ,.'’()-]{0,80}"
    r"|[”\"’]?,? (?:in|from|of|see) [A-Za-z0-9 ,.'’()-]{0,60}"
)


class Neighbours:
    """The citations of a draft by their places. What is inside quotation marks divides no sentence."""

    def __init__(
        self, text: str, citations: Sequence[CheckedCitation], passages: Sequence[tuple[int, int]]
    ) -> None:
        self._citations = citations
        self._starts = [one.start for one in citations]
        ends = sorted((one.end, index) for index, one in enumerate(citations))
        self._ends = [end for end, _ in ends]
        self._by_end = [index for _, index in ends]
        self._text = text
        starts = [start for start, _ in passages]
        self._stops: list[int] = []
        for match in _SENTENCE_ENDS.finditer(text):
            index = bisect_right(starts, match.start()) - 1
            if index < 0 or match.start() >= passages[index][1]:
                self._stops.append(match.start())

    def of(self, start: int, end: int, before: bool = True) -> int | None:
        """Returns the number of the citation for the words from ``start`` to ``end``: in brackets behind
        them, or else (``before``) the last one of the same sentence before them.
        """
        behind = self._behind(end)
        if behind is not None:
            # ”。参见第3段: a new sentence separates it from a pinpoint without document.
            apart = self._citations[behind].lone and _NEW_SENTENCE.search(
                self._text, end, self._starts[behind]
            )
            if not apart:
                return behind
        ahead = self._before(start) if before else None
        return behind if ahead is None else ahead

    def _behind(self, end: int) -> int | None:
        number = bisect_left(self._starts, end)
        if (
            number == len(self._starts)
            or self._starts[number] - end > LONGEST
            or not self._names_a_place(number)
        ):
            return None
        gap = self._text[end : self._starts[number]]
        worded = _WORDS_TO_CITATION.fullmatch(gap) and self._is_one_sentence(end, self._starts[number])
        return number if worded or _TO_CITATION_BEHIND.fullmatch(gap) else None

    def _is_one_sentence(self, start: int, end: int) -> bool:
        return bisect_left(self._stops, start) == bisect_left(self._stops, end)

    def _before(self, start: int) -> int | None:
        position = bisect_right(self._ends, start) - 1
        while position >= 0 and start - self._ends[position] <= LONGEST:
            between = self._text[self._ends[position] : start]
            if extent(between) > FAR or not self._is_one_sentence(self._ends[position], start):
                return None
            if self._names_a_place(self._by_end[position]):
                return self._by_end[position]
            position -= 1
        return None

    def _names_a_place(self, number: int) -> bool:
        one = self._citations[number]
        doubtful = not one.certain and not (one.paragraph and is_unsettled(one))
        return one.lone or (bool(one.symbol) and not one.in_body_name and not doubtful)


def agreement(citation: CheckedCitation, rows: np.ndarray, places: Places) -> tuple[Match, np.ndarray]:
    """Compares ``rows``, which match the words, with the place that ``citation`` names."""
    none = rows[:0]
    targets = (*citation.targets, *citation.choices)
    documents = [key for target in targets for key in target.documents]
    standing = any(target.keys for target in targets)
    if (citation.standing in CANNOT_TELL and not standing) or not documents:
        return Match.CANNOT_TELL, none
    there = rows[np.isin(places.folded.documents[rows], documents)]
    if not len(there):
        return Match.OTHER_DOCUMENT, none
    anchors = [target.anchor for target in targets if target.anchor]
    if not anchors:
        return Match.AGREES, there
    fitting = [row for row in there.tolist() if _within(places.of_row(row).anchor, anchors)]
    if fitting:
        return Match.AGREES, np.array(fitting, rows.dtype)
    return (Match.CANNOT_TELL, none) if citation.standing in CANNOT_TELL else (Match.OTHER_PARAGRAPH, there)


def is_unsettled(citation: CheckedCitation) -> bool:
    """Returns True if nothing that ``citation`` names is held, so that it cannot be compared."""
    if citation.standing in CANNOT_TELL:
        return True
    named = (*citation.targets, *citation.choices)
    return bool(named or citation.assumed) and all(
        not target.documents and not target.held for target in named
    )


def cited_rows(citation: CheckedCitation, places: Places) -> np.ndarray:
    """Returns the rows of the paragraphs that ``citation`` names."""
    named = (*citation.targets, *citation.choices)
    return places.rows_of([key for target in named for key in target.keys.values()])


def _within(anchor: str, cited: Sequence[str]) -> bool:
    return any(anchor == one or anchor.startswith(f"{one}.") for one in cited)
