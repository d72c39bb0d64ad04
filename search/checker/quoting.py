"""Quoted passages: what stands between quotation marks in a draft.

Marks nest and come in kinds; only the outermost pairs are reported. Chinese practice repeats the opening mark
at each paragraph of a long quotation and closes only the last (GB/T 15834—2011, 4.8.3.4): such a paragraph is
quoted to its end. Straight marks do not say which end they are, so they pair within their line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

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
