"""Random edits of a source text, as they happen to UN documents: what a corrected copy may differ in."""

from __future__ import annotations

import re
from random import Random

NUMBERED = re.compile(r"^(?P<before>(?:- )?)(?P<number>\d{1,3})(?P<after>\. )")
WORDS = "审查执行情况援助措施区域组织会员国不扩散努力报告透明外联专家"
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

    def edit(self, times: int) -> None:
        for _time in range(times):
            kind = self.random.choice(KINDS)
            starts = [place for place, line in enumerate(self.lines) if NUMBERED.match(line)]
            if len(starts) < 4:
                kind = "insert"
            getattr(self, f"_{kind}")(starts)
            self.done[kind] += 1

    def _block(self, starts: list[int]) -> tuple[int, int]:
        place = self.random.randrange(len(starts) - 1)
        return starts[place], starts[place + 1]

    def _insert(self, starts: list[int]) -> None:
        at = self.random.choice(starts) if starts else len(self.lines)
        words = "".join(self.random.choices(WORDS, k=self.random.randint(12, 60)))
        match = NUMBERED.match(self.lines[at]) if starts else None
        number = int(match["number"]) if match else 1
        self.lines[at:at] = [f"{number}. {words}。", ""]
        if self.random.random() < 0.7:
            self._shift(at + 1, 1)

    def _remove(self, starts: list[int]) -> None:
        start, end = self._block(starts)
        del self.lines[start:end]
        if self.random.random() < 0.7:
            self._shift(start, -1)

    def _split(self, starts: list[int]) -> None:
        start, end = self._block(starts)
        long = [place for place in range(start, end) if len(self.lines[place]) > 24]
        if not long:
            return
        at = self.random.choice(long)
        line, number = self.lines[at], int(NUMBERED.match(self.lines[start])["number"])
        cut = self.random.randint(12, len(line) - 8)
        self.lines[at : at + 1] = [line[:cut], "", f"{number + 1}. {line[cut:]}"]
        self._shift(at + 3, 1)

    def _join(self, starts: list[int]) -> None:
        _start, end = self._block(starts)
        match = NUMBERED.match(self.lines[end])
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
