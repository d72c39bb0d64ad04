"""Where paragraphs begin in a text whose words blanks set apart, as in English.

The layout of a Chinese page is told by its columns; these texts say it by their letters. A paragraph begins
behind a blank line, unless the sentence before goes on with a small letter (a page ended there); else with a
number or letter of a list, a note's number, or a line that stands alone, where the line before may end.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..lines import Line
from ..shapes import ADOPTED, ORGAN_LINE, PREAMBULAR, RESOLUTION_TITLE, is_heading_like, read_part_label
from ..typography import ends_sentence, without_note_mark

_ITEM = re.compile(r"(?:\d{1,3}[.)]|\([a-z0-9]{1,4}\)|[a-z]\)|[IVX]{1,4}\.) ?\|? ?(?=[A-Z“\"'(])")
_NOTE = re.compile(r"(?P<number>\d{1,3})(?:(?P<slash>/) ?| )(?=[A-Z\[“\"])")
_CALL = re.compile(r"[,;.:”\"’)\]] ?(\d{1,3})(?:/(?!\d)|$)")
_MARK = re.compile(r"(?<=[,;.]) \d{1,3}/?$")
_STOPS = (".", ";", ":", "!", "?")
_OFTEN = 0.3
_SHORT = 0.75  # of the longest line: a line that ends before it was not cut by the margin
_UNWRAPPED = 150  # columns: lines as long are whole paragraphs


def mark_openings(lines: Sequence[Line]) -> None:
    """Set ``opens`` of the lines of which the reader tells nothing."""
    pairs = list(zip(lines, lines[1:], strict=False))
    cut = [
        line for before, line in pairs if line.gap and not _is_done(before.text) and line.text[:1].islower()
    ]
    usual = int(len(cut) > _OFTEN * len(pairs))  # a blank line behind each line, inside of sentences, too
    widths = sorted(line.width for line in lines)
    widest = widths[int(0.95 * len(widths))] if widths else 0  # but for few, which were joined
    for before, line in zip([None, *lines], lines, strict=False):
        if line.opens is None and line.cell is None:
            line.opens = before is None or bool(line.depth) or _opens(before, line, usual, widest)
    _mark_notes(lines)


def _mark_notes(lines: Sequence[Line]) -> None:
    """Set ``note`` of the lines below the first note that the text above calls: 1/, or a number at an end."""
    called: set[str] = set()
    among = False
    for line in lines:
        note = _NOTE.match(line.text) if line.opens else None
        if note and note["number"] in called:
            among = line.note = True
        elif among:
            line.note = not line.opens
            among = among and line.note
        called.update(_CALL.findall(line.text))


def _opens(before: Line, line: Line, usual: int, widest: int) -> bool:
    done = _is_done(before.text)
    if line.gap > usual or widest > _UNWRAPPED:
        return done or not (line.text[:1].islower() or before.text.endswith("-"))
    if _ITEM.match(line.text) or _NOTE.match(line.text):
        return done or is_heading_like(before.text)
    if _stands_alone(line.text) or _stands_alone(before.text):
        return not line.text[:1].islower()
    if done and PREAMBULAR.match(line.text):
        return True
    short = before.width < _SHORT * widest
    return short and ends_sentence(before.text) and not line.text[:1].islower()


def _is_done(text: str) -> bool:
    """Whether a block may end so: as a sentence, a clause of a list, or a preambular paragraph does."""
    text = _MARK.sub("", without_note_mark(text)).rstrip("”’\"' ")
    return text.endswith((*_STOPS, ",", "; and", "; or"))


def _stands_alone(text: str) -> bool:
    shapes = (ORGAN_LINE, RESOLUTION_TITLE, ADOPTED)
    return any(shape.fullmatch(text) for shape in shapes) or read_part_label(text) is not None
