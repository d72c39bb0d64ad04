"""Where paragraphs begin in a text whose words blanks set apart, as in English.

The layout of a Chinese page is told by its columns; these texts say it by their letters. A paragraph begins
behind a blank line, unless the sentence before goes on with a small letter (a page ended there); else with a
number or letter of a list, a note's number, or a line that stands alone, where the line before may end.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..blocks.footnotes import SUPERSCRIPTS
from ..languages import any_shape, any_word
from ..lines import Line
from ..parsed import DroppedLine
from ..shapes import PREAMBULAR, SIGNED, is_heading_like, is_section_name, read_part_label, stands_alone
from ..typography import ends_sentence, without_note_mark

_ITEM = re.compile(r"(?:\d{1,3}[.)]|\([a-z0-9]{1,4}\)|[a-z]\)|[IVX]{1,4}\.)\s{0,9}\|?\s{0,9}(?=[A-Z“\"'(])")
_LESSER = re.compile(r"\([a-z0-9]{1,4}\) (?=[a-z])")  # (i) elections have been held
_NOTE = re.compile(
    rf"(?!\d{{1,2}} {any_word('months')})"
    r"(?P<number>\d{1,3}(?=[/ ]|$)|[¹²³⁴⁵⁶⁷⁸⁹⁰]{1,3}|\*{1,3})(?P<slash>/)? ?(?=[A-Z\[“\"]|$)"
)
_CALL = re.compile(r"[,;.:”\"’)\]] ?(\d{1,3})(?:/(?!\d)|$)|([¹²³⁴⁵⁶⁷⁸⁹⁰]{1,3}|\*{1,3})")
_GOES_ON = re.compile(rf"{any_word('joining')}$")
_YEAR = re.compile(r"(?:19|20)\d\d\b(?!\.)")  # of a date that the line before begins
_HALF = re.compile(r"(?P<prefix>[A-Za-z]+-)?(?P<first>[A-Za-z]+)-$")
_REST = re.compile(r"[a-z]+[^\sa-z]*(?=\s+\S)")
_KEEPS_HYPHEN = re.compile(any_word("compounds"), re.IGNORECASE)
_MARK = re.compile(r"(?<=[,;.]) \d{1,3}/?$")
_TITLED = re.compile(any_shape("titled"))
_MOST_OFFICES = 4  # lines below a signature
_LAST_BUT_ONE = re.compile(rf"(?:{any_shape('last but one')})$")
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
    titled, signed = False, 0  # the title of a letter is cut by the margin, with capitals behind
    for before, line in zip([None, *lines], lines, strict=False):
        if line.opens is None and line.cell is None:
            line.opens = before is None or bool(line.depth)
            line.opens |= not (titled and line.gap <= usual) and _opens(before or line, line, usual, widest)
            line.opens |= signed > 0 and line.gap <= usual and not line.text[:1].islower()
        titled = _TITLED.match(line.text) is not None if line.opens else titled
        signed = _MOST_OFFICES if SIGNED.search(line.text) else signed - 1 if line.gap <= usual else 0
    _mark_notes(lines)


def _mark_notes(lines: Sequence[Line]) -> None:
    """Set ``note`` of the lines below the first note that the text above calls: 1/, or a number at an end."""
    called: set[str] = set()
    among = False
    for line in lines:
        note = _NOTE.match(f"{line.bullet}{line.text}") if line.opens or line.rule else None
        if note and (note["number"].translate(SUPERSCRIPTS) in called or (line.rule and line.bullet)):
            among = line.opens = True
        elif line.opens or line.page:
            among = False
        if line.note is None:
            line.note = among
        marks = (found[1] or found[2] for found in _CALL.finditer(line.text))
        called.update(mark.translate(SUPERSCRIPTS) for mark in marks)


def undo_hyphens(lines: Sequence[Line]) -> list[DroppedLine]:
    """Puts words together that a line's end cut in two, and returns the hyphens.

    A word that stands elsewhere with its hyphen keeps it, as do those of ``compounds`` (cease-fire).
    """
    whole = " ".join(line.text for line in lines)
    dropped = []
    for line, after in zip(lines, lines[1:], strict=False):
        half, rest = _HALF.search(line.text), _REST.match(after.text)
        if half is None or rest is None or line.cell or after.opens:
            continue
        ending = re.match("[a-z]+", rest[0])
        assert ending is not None  # of letters, as ``rest`` begins
        joined = half["first"] + ending[0]
        known = re.search(rf"\b{joined}\b", whole) is not None
        if not known and (half["prefix"] or _KEEPS_HYPHEN.fullmatch(half["first"])):
            continue
        if f"{half['first']}-{ending[0]}" in whole:
            continue
        line.text, after.text = line.text[:-1] + rest[0], after.text[rest.end() :].lstrip()
        dropped.append(DroppedLine(line.number, "-", "hyphen at a line's end"))
    return dropped


def _opens(before: Line, line: Line, usual: int, widest: int) -> bool:
    done, small = _is_done(before.text), line.text[:1].islower()
    begins = _ITEM.match(line.text) or _LESSER.match(line.text)
    if small and not begins and not before.text.endswith(_STOPS):
        return False
    if line.gap > usual or widest > _UNWRAPPED:
        cut = before.text.endswith("-") or line.page or _GOES_ON.search(before.text) or _YEAR.match(line.text)
        alone = _stands_alone(line.text) or _stands_alone(before.text)
        return bool(done or begins or PREAMBULAR.match(line.text) or alone or not cut)
    if _stands_alone(line.text) or _stands_alone(before.text):
        return not small
    if begins or _NOTE.match(line.text):
        return done or (_ITEM.match(line.text) is not None and is_heading_like(before.text))
    if (done or len(before.text) == 1) and PREAMBULAR.match(line.text):
        return True
    short = before.width < _SHORT * widest
    return short and ends_sentence(before.text) and not small


def _is_done(text: str) -> bool:
    """Whether a block may end so: as a sentence, a clause of a list, or a preambular paragraph does."""
    text = _MARK.sub("", without_note_mark(text)).rstrip("”’\"' ")
    return text.endswith((*_STOPS, ",")) or _LAST_BUT_ONE.search(text) is not None


def _stands_alone(text: str) -> bool:
    alone = stands_alone(text) or is_section_name(text) or read_part_label(text) is not None
    return alone and _TITLED.match(text) is None
