"""The lines of a draft, put together again where a line break only wraps a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator

_ENDS = tuple("。！？；：.!?;:…”」』")
_BEGINS = re.compile(
    r"\s*(?:[一二三四五六七八九十百]{1,4}[、.．]|\d{1,3}[.、．)）](?!\d)|[(（][^()（）]{1,4}[)）]"
    r"|第[^，。]{1,5}[章节条]|[-•*·●—#>])"
)
LONG = 16  # a line that was wrapped has some length
LONGEST = 8_000  # characters that are looked through at once; other readers wait meanwhile


def paragraphs(text: str) -> Iterator[tuple[int, str]]:
    """Generates ``(start, paragraph)``; a line break inside is a space, so that offsets stay valid.

    Text pasted from a PDF has a break at each line. Two lines are one paragraph where the first has the
    length of one, does not end like a sentence, and the second does not begin like an item. What is longer
    than ``LONGEST`` comes in several, each but the last to the end of a sentence if there is one.
    """
    for start, paragraph in _whole(text):
        while len(paragraph) > LONGEST:
            end = max(paragraph.rfind(sign, LONGEST // 2, LONGEST) for sign in _ENDS) + 1 or LONGEST
            yield start, paragraph[:end]
            start, paragraph = start + end, paragraph[end:]
        yield start, paragraph


def _whole(text: str) -> Iterator[tuple[int, str]]:
    start, lines = 0, list[str]()
    for place, line in _lines(text):
        if lines and not _goes_on(lines[-1], line):
            yield start, " ".join(lines)
            lines = []
        if not lines:
            start = place
        lines.append(line)
    if lines:
        yield start, " ".join(lines)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    place = 0
    for line in text.split("\n"):
        yield place, line
        place += len(line) + 1


def _goes_on(before: str, after: str) -> bool:
    before = before.rstrip()
    return (
        len(before) >= LONG
        and not before.endswith(_ENDS)
        and bool(after.strip())
        and not _BEGINS.match(after)
    )
