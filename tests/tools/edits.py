"""Random edits of a source text, as they happen to UN documents: what a corrected copy may differ in."""

from __future__ import annotations

import re
from random import Random

NUMBERED = re.compile(r"^(?P<before>(?:- )?)(?P<number>\d{1,3})(?P<after>\. )")
WORDS = "审查执行情况援助措施区域组织会员国不扩散努力报告透明外联专家"
MASTHEAD = 30  # lines in which symbol, organ and date stand
KINDS = ("insert", "remove", "split", "join", "renumber", "reorder", "reword")


class Editor:
    """The lines of a source, edited below its masthead: the symbol stays what it is."""

    def __init__(self, text: str, seed: int) -> None:
        self.lines = text.split("\n")
        self.random = Random(seed)
        self.done: dict[str, int] = dict.fromkeys(KINDS, 0)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def idle(self) -> set[str]:
        """The kinds of edits that were possible and never made. Where nothing has a number, none changes."""
        numbered = any(NUMBERED.match(line) for line in self.lines)
        return {kind for kind, times in self.done.items() if not times and (numbered or kind != "renumber")}

    def edit(self, times: int) -> None:
        for _time in range(times):
            kind = self.random.choice(KINDS)
            numbered = [place for place, line in enumerate(self.lines) if NUMBERED.match(line)]
            few = len(numbered) < 4
            starts = self._blocks() if few or self.random.random() < 0.5 else numbered
            if few and kind == "renumber":
                kind = "insert"
            getattr(self, f"_{kind}")(numbered if kind == "renumber" else starts)
            self.done[kind] += 1

    def _blocks(self) -> list[int]:
        """Where a block begins after an empty line, numbered or not, below the masthead."""
        return [
            place
            for place in range(MASTHEAD, len(self.lines))
            if self.lines[place].strip() and not self.lines[place - 1].strip()
        ]

    def _block(self, starts: list[int]) -> tuple[int, int]:
        place = self.random.randrange(len(starts) - 1)
        return starts[place], starts[place + 1]

    def _insert(self, starts: list[int]) -> None:
        at = self.random.choice(starts)
        words = "".join(self.random.choices(WORDS, k=self.random.randint(12, 60)))
        match = NUMBERED.match(self.lines[at])
        number = f"{match['number']}. " if match else ""
        self.lines[at:at] = [f"{number}{words}。", ""]
        if match and self.random.random() < 0.7:
            self._shift(at + 1, 1)

    def _remove(self, starts: list[int]) -> None:
        start, end = self._block(starts)
        numbered = NUMBERED.match(self.lines[start])
        del self.lines[start:end]
        if numbered and self.random.random() < 0.7:
            self._shift(start, -1)

    def _split(self, starts: list[int]) -> None:
        start, end = self._block(starts)
        long = [place for place in range(start, end) if len(self.lines[place]) > 24]
        if not long:
            return
        at = self.random.choice(long)
        line, match = self.lines[at], NUMBERED.match(self.lines[start])
        cut = self.random.randint(12, len(line) - 8)
        number = f"{int(match['number']) + 1}. " if match else ""
        self.lines[at : at + 1] = [line[:cut], "", f"{number}{line[cut:]}"]
        if match:
            self._shift(at + 3, 1)

    def _join(self, starts: list[int]) -> None:
        _start, end = self._block(starts)
        if match := NUMBERED.match(self.lines[end]):
            self.lines[end] = self.lines[end][match.end() :]
        while end and not self.lines[end - 1].strip():
            del self.lines[end - 1]
            end -= 1

    def _renumber(self, starts: list[int]) -> None:
        self._shift(self.random.choice(starts), self.random.choice([1, 1, 2, -1]))

    def _reorder(self, starts: list[int]) -> None:
        one, other = sorted(self.random.sample(range(len(starts) - 1), 2))
        a, b = starts[one], starts[one + 1]
        c, d = starts[other], starts[other + 1]
        self.lines[a:d] = self.lines[c:d] + self.lines[b:c] + self.lines[a:b]

    def _reword(self, starts: list[int]) -> None:
        start = starts[0]
        long = [place for place in range(start, len(self.lines)) if len(self.lines[place]) > 12]
        if not long:
            return
        at = self.random.choice(long)
        line = self.lines[at]
        cut = self.random.randint(6, len(line) - 3)
        put = "".join(self.random.choices(WORDS, k=self.random.randint(0, 4)))
        self.lines[at] = line[:cut] + put + line[cut + self.random.randint(1, 3) :]

    def _shift(self, start: int, by: int) -> None:
        """Add ``by`` to the official numbers from line ``start`` on."""
        for place in range(start, len(self.lines)):
            if match := NUMBERED.match(self.lines[place]):
                number = max(1, int(match["number"]) + by)
                rest = self.lines[place][match.end() :]
                self.lines[place] = f"{match['before']}{number}{match['after']}{rest}"
