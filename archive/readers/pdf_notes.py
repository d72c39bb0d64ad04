"""Which lines of a page are notes: at the foot of a column, smaller than the text or below a drawn line, and
with a mark in the text that leads to them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import pairwise, zip_longest
from statistics import median

from archive.text.blocks.footnotes import SUPERSCRIPTS, forms_of_call, read_note_start
from archive.text.typography import ends_sentence, is_wide

from .ocr import Word
from .pdf_glyphs import Glyph
from .pdf_lines import Piece, usual_size

_NOTE_SIZE = 0.93
_MARK_SIZE = 0.75
_MARKS = re.compile(
    r"[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}|[\[［]\d{1,3}[\]］]|(?<=[\u4e00-\u9fff，。；：、”’》）)」！？])\d{1,3}/(?!\d)|(?<=[^\s*])\*{1,3}"
)


def mark_notes(pages: Sequence[Sequence[Piece]], size: float) -> None:
    """Set ``note`` on the lines at the foot of a column that begin as notes do, are smaller than the text or
    stand below a drawn line, and that a mark leads to; or that go on with those of the page before."""
    open_note = False
    called: set[str] = set()  # by marks that no note has answered yet
    for lines in pages:
        called.update(_marks_of(lines, size))
        foot = _foot_of(
            [line for line in lines if not (line.furniture or line.cell)], size, open_note, called
        )
        for line in foot:
            line.note = True
            called.discard(_number_of(line) or "")
        open_note = bool(foot) and not ends_sentence(foot[-1].text)


def _marks_of(lines: Sequence[Piece], size: float) -> Iterator[str]:
    """The marks that call notes. What begins a line is the note's own, unless text of the usual size was
    wrapped before a raised one."""
    for line in lines:
        if line.size < _MARK_SIZE * size and line.text.isdecimal():
            yield line.text
        for mark in _MARKS.finditer(line.text):
            said = mark[0].strip("[［]］/")
            if mark.start() or (ord(said[0]) in SUPERSCRIPTS and line.size > _NOTE_SIZE * size):
                yield said.translate(SUPERSCRIPTS)


def _foot_of(lines: Sequence[Piece], size: float, open_note: bool, called: Set[str]) -> list[Piece]:
    found: list[Piece] = []
    zones: dict[int, list[Piece]] = defaultdict(list)
    for line in lines:
        zones[line.zone].append(line)
    for zone in zones.values():
        ruled = next((n for n, line in enumerate(zone) if line.rule and _number_of(line)), len(zone))
        at = _smaller_from(zone, size)
        first = at
        if ruled < at and zone[ruled].size < _NOTE_SIZE * usual_size(zone[:ruled]):
            first = ruled
        starts = _called_from([n for n in range(first, len(zone)) if _number_of(zone[n])], zone, called)
        if ruled < first and _is_foot(zone, ruled, lines, called):
            found += zone[ruled:]
        elif open_note and at < len(zone) and (not starts or starts[0] > at):
            found += zone[at:]
        elif starts and (starts[0] == ruled or not _is_below(zone, lines)):
            found += zone[starts[0] :]
        if found:
            open_note = not ends_sentence(found[-1].text)
    return found


def _smaller_from(zone: Sequence[Piece], size: float) -> int:
    """Where the lines begin that are smaller than the text above them, or than that of all pages."""
    for usual in (min(usual_size(zone), size), size):
        at = len(zone)
        while at > 0 and zone[at - 1].size < _NOTE_SIZE * usual:
            at -= 1
        if at < len(zone):
            return at
    return len(zone)


def _called_from(starts: list[int], zone: Sequence[Piece], called: Set[str]) -> list[int]:
    """``starts`` from the first on that a mark leads to, or that such a one counts on from; stars and letters
    may be called where no text is (in a masthead)."""
    above = "".join(line.text for line in zone[: starts[0]]) if starts else ""
    numbers = [_number_of(zone[at]) or "" for at in starts]
    for at, number in enumerate(numbers):
        weak = (re.search(form, above) for form, _ in forms_of_call(number))
        if number in called or not number.isdecimal() or any(weak):
            while at and numbers[at] == _after(numbers[at - 1]):
                at -= 1
            return starts[at:]
    return []


def _is_foot(zone: Sequence[Piece], first: int, lines: Sequence[Piece], called: Set[str]) -> bool:
    """True where lines of the text's size are notes: nothing stands below them, a mark leads to each, and
    they do not count on from a paragraph above."""
    start = read_note_start(zone[first].text)
    if start is None or any(
        line.y > zone[-1].y + line.size and line.zone != zone[-1].zone and _overlap(line, zone[-1])
        for line in lines
    ):
        return False
    numbers = [start[0]]
    for line in zone[first + 1 :]:
        number = _number_of(line) or ""
        if number in (numbers[-1], _after(numbers[-1])):
            numbers.append(number)
    above = [other for line in zone[:first] if (other := read_note_start(line.text))]
    goes_on = any(other[1].replace(other[0], _after(other[0])) == start[1] for other in above)
    return not goes_on and len({*numbers}) == len(numbers) and called >= {*numbers}


def _after(number: str) -> str:
    return str(int(number) + 1) if number.isdecimal() else ""


def _number_of(line: Piece) -> str | None:
    """The number of the note that the line begins, if it begins one."""
    start = read_note_start(line.text)
    return start[0] if start else None


def _is_below(zone: Sequence[Piece], lines: Sequence[Piece]) -> bool:
    """True where text of the same column stands below the zone, so that it is no foot."""
    last = zone[-1]
    return any(
        line.y > last.y + line.size
        and line.zone != last.zone
        and line.size > last.size / _NOTE_SIZE
        and _overlap(line, last)
        for line in lines
    )


def _overlap(one: Piece, other: Piece) -> bool:
    return min(one.right, other.right) - max(one.left, other.left) > one.size


# Recognized words as the characters of a page, so that a scanned page is read as any other.

_NEAR = 0.2  # of the page's usual size: what differs by less is of one size
_DESCENT = 0.12  # of the size: how far ink reaches below the baseline
_USUAL = 0.75  # of a line's height: the size, where no ideographs tell it

Line = tuple[int, int, int]


def glyphs_of(words: Sequence[Word]) -> list[Glyph]:
    """The characters of all words, in the order in which they were recognized, each in its share of the box.

    Boxes hold ink alone, which is flat for 一, low for a comma and high for a bracket; so the size is what
    the ideographs of a line take in width.
    """
    lines: dict[Line, list[Word]] = defaultdict(list)
    for word in words:
        lines[word.line].append(word)
    sizes = _sizes_of(lines)
    glyphs: list[Glyph] = []
    for at, line in lines.items():
        size = sizes[at]
        baseline = median(word.bottom for word in line) - _DESCENT * size
        for word, after in zip_longest(line, line[1:]):
            # Boxes of ideographs reach over their neighbours; where each begins is sure.
            right = after.left if after and word.left < after.left < word.right else word.right
            glyphs += _spread(word, right, baseline, size)
    return glyphs


def _sizes_of(lines: Mapping[Line, Sequence[Word]]) -> dict[Line, float]:
    pitches = {at: _pitch(line) for at, line in lines.items()}
    heights = {at: max(w.bottom for w in line) - min(w.top for w in line) for at, line in lines.items()}
    known = [pitch / heights[at] for at, pitch in pitches.items() if pitch]
    ratio = median(known) if known else _USUAL
    told = {at: pitches[at] or ratio * heights[at] for at in lines}
    usual = median(told[at] for at, line in lines.items() for _ in line) if lines else 1.0
    return {
        at: round(usual if abs(size - usual) < _NEAR * usual else max(size, 1.0), 1)
        for at, size in told.items()
    }


def _pitch(line: Sequence[Word]) -> float | None:
    """From one ideograph of a line to the next, as far as the beginnings of its words tell it."""
    told = [
        (after.left - word.left) / len(word.text)
        for word, after in pairwise(line)
        if after.left > word.left and all(map(is_wide, word.text + after.text))
    ]
    return median(told) if told else None


def _spread(word: Word, right: float, baseline: float, size: float) -> Iterator[Glyph]:
    widths = [2 if is_wide(char) else 1 for char in word.text]
    unit = (right - word.left) / sum(widths)
    x = word.left
    for char, width in zip(word.text, widths, strict=True):
        yield Glyph(char, x, baseline, x + width * unit, size, False, word.confidence)
        x += width * unit
