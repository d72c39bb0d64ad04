"""Which lines of a page are notes: smaller than the text or below a drawn line, at the foot of a column."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from archive.text.blocks.footnotes import read_note_start
from archive.text.typography import ends_sentence

from .pdf_lines import Piece

_NOTE_SIZE = 0.93


def mark_notes(pages: Sequence[Sequence[Piece]], size: float) -> None:
    """Set ``note`` on the lines at the foot of a column that are smaller than the text, or stand below a
    drawn line, and begin as notes do; or that go on with those of the page before."""
    open_note = False
    for lines in pages:
        foot = _foot_of([line for line in lines if not (line.furniture or line.cell)], size, open_note)
        for line in foot:
            line.note = True
        open_note = bool(foot) and not ends_sentence(foot[-1].text)


def _foot_of(lines: Sequence[Piece], size: float, open_note: bool) -> list[Piece]:
    found: list[Piece] = []
    zones: dict[int, list[Piece]] = defaultdict(list)
    for line in lines:
        zones[line.zone].append(line)
    for zone in zones.values():
        at = len(zone)
        while at > 0 and zone[at - 1].size < _NOTE_SIZE * size:
            at -= 1
        starts = [n for n in range(at, len(zone)) if _begins_note(zone[n])]
        ruled = next((n for n in range(len(zone)) if zone[n].rule and _begins_note(zone[n])), None)
        if ruled is not None and ruled <= (starts[0] if starts else len(zone)):
            found += zone[ruled:]
        elif open_note and at < len(zone) and (not starts or starts[0] > at):
            found += zone[at:]
        elif starts and not _is_below(zone, lines):
            found += zone[starts[0] :]
    return found


def _begins_note(line: Piece) -> bool:
    return read_note_start(line.text) is not None


def _is_below(zone: Sequence[Piece], lines: Sequence[Piece]) -> bool:
    """True where text of the same column stands below the zone, so that it is no foot."""
    last = zone[-1]
    return any(
        line.y > last.y + line.size
        and line.zone != last.zone
        and line.size > last.size / _NOTE_SIZE
        and min(line.right, last.right) - max(line.left, last.left) > line.size
        for line in lines
    )
