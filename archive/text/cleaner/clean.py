"""The second stage: a source's text to the lines of its body, and a record of every line left out.

Afterwards it holds that
1. each line of the result is a line of the source, or the rest of one, in the order of the source;
2. every character but white space is in a line of the result or in a ``DroppedLine`` with its reason;
3. no line of the result is a masthead, running header or footer, link line or drawn rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..lines import WIDEST_PAGE, Evidence, Line, SourceLine, indent_of, is_double_spaced, source_lines
from ..parsed import INVISIBLE_MARK, DroppedLine
from ..typography import code_points, ends_sentence, invisible_of, without_invisible
from .furniture import find_furniture, page_numbers_beside, running_heads
from .markup import is_frame, is_image, is_rule, split_bullet, split_heading, without_edges, without_marks
from .masthead import Masthead, find_masthead
from .openings import mark_openings, undo_hyphens
from .site import find_site_lines

STRUCK = "struck out"
"""What of ``Evidence.unread`` are words of the file, printed and yet no text."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The body's lines, what was dropped, what masthead and footers say of the document, and what the reader
    names at a line and does not read."""

    lines: tuple[Line, ...]
    dropped: tuple[DroppedLine, ...]
    masthead: Masthead
    job_number: str | None
    unread: tuple[tuple[int, str], ...] = ()


def clean(text: str, evidence: Mapping[int, Evidence] | None = None, *, spaced: bool = False) -> Cleaned:
    """The body of ``text``, line by line; ``evidence`` is what the reader knows of its lines, by number,
    ``spaced`` whether blanks set its words apart, as in English."""
    sources = list(source_lines(text, evidence))
    furniture = find_furniture(sources)
    furniture.reasons |= {
        at: why for at, why in find_site_lines(sources).items() if at not in furniture.reasons
    }
    masthead = find_masthead(sources, furniture)
    reasons = furniture.reasons | masthead.reasons
    reasons |= page_numbers_beside(sources, reasons)
    reasons |= dict.fromkeys(running_heads(sources, reasons, masthead.symbol), "running header")
    reasons |= page_numbers_beside(sources, reasons)
    reasons |= {
        at: line.evidence.furniture
        for at, line in enumerate(sources)
        if at not in reasons and line.evidence.furniture
    }
    rules = [at for at, line in enumerate(sources) if at not in reasons and is_rule(line.text)]
    marks = _marks_among(sources, rules, {*reasons, *rules})
    reasons |= {at: "rule" for at in rules if at not in marks}
    for why, told in (("frame", is_frame), ("picture", is_image)):
        reasons |= {at: why for at, line in enumerate(sources) if at not in reasons and told(line.text)}
    dropped = [DroppedLine(sources[at].number, sources[at].text, why) for at, why in sorted(reasons.items())]
    lines = _body_lines(sources, reasons, dropped)
    for line in lines:
        line.spaced = spaced
    if spaced:
        mark_openings(lines)
        dropped += undo_hyphens(lines)
    dropped += _invisible(text)
    unread = [(line.number, what) for line in sources for what in line.evidence.unread or ()]
    named = ((number, *what.partition(": ")) for number, what in unread)
    dropped += [DroppedLine(number, words, what) for number, what, _, words in named if what == STRUCK]
    return Cleaned(tuple(lines), tuple(dropped), masthead, furniture.job_number, tuple(unread))


def _marks_among(lines: Sequence[SourceLine], rules: list[int], left_out: set[int]) -> set[int]:
    """The asterisks alone on a line that mark the note below: the first below a drawn line, and the next."""
    marks: set[int] = set()
    for at in rules[:-1] if rules and rules[-1] + 1 == len(lines) else rules:
        touches = at + 1 not in left_out and lines[at + 1].before == lines[at].before == 0
        if touches and lines[at].text in ("*", "**") and (at - 1 in left_out or at - 2 in marks):
            marks.add(at)
    return marks


def _invisible(text: str) -> Iterator[DroppedLine]:
    """The marks without ink (U+200E) of each line, by their numbers: no text keeps them."""
    for number, line in enumerate(text.split("\n"), start=1):
        if marks := invisible_of(line):
            yield DroppedLine(number, code_points(marks), INVISIBLE_MARK)


def _body_lines(sources: list[SourceLine], reasons: dict[int, str], dropped: list[DroppedLine]) -> list[Line]:
    kept = (indent_of(without_invisible(line.raw)) for at, line in enumerate(sources) if at not in reasons)
    margin = min(kept, default=0)
    keeps_layout = bool(margin) or any(line.feed for line in sources)
    spaced = not keeps_layout and is_double_spaced([x.text for x in sources], [x.before for x in sources])
    lines: list[Line] = []
    turned = ruled = False
    for at, source in enumerate(sources):
        if at in reasons:
            rule = reasons[at] == "rule"
            ruled, turned = ruled or rule, turned or reasons[at] not in ("rule", "frame")
            continue
        line = _body_line(source, dropped)
        if not line.text:
            continue
        # Such an extractor sets a page's first line in; a line at the margin is a wrap without its blank.
        near = (sources[other].before > 0 for other in (at - 1, at + 1) if 0 < other < len(sources))
        adjoins = spaced and (at == 0 or (source.before == 0 and indent_of(source.raw) > 0 and all(near)))
        if adjoins and line.indent:
            line.indent -= 1
        line.page = turned or source.feed or (adjoins and at > 0)
        line.rule = ruled
        turned = ruled = False
        lines.append(line)
    _take_margins(lines)
    return lines


def _take_margins(lines: Sequence[Line]) -> None:
    """Count indents from the margin of each page, where most lines stand on pages that are set in whole.

    A layer that keeps a page's layout sets the body in from the masthead, on each page a little differently.
    Where no line of a page surely stands at its margin, that of the page before holds.
    """
    starts = [at for at, line in enumerate(lines) if at == 0 or line.page]
    pages = [lines[at:end] for at, end in zip(starts, [*starts[1:], len(lines)], strict=False)]
    lows = [min(line.indent for line in page) for page in pages]
    if 2 * sum(len(page) for page, low in zip(pages, lows, strict=True) if low) <= len(lines):
        return
    margin = min(filter(None, lows))
    reach = max((line.indent + line.width for line in lines if line.width < WIDEST_PAGE), default=0)
    for page, low in zip(pages, lows, strict=True):
        wraps = any(
            line.indent == low < before.indent
            and before.indent + before.width > 0.8 * reach
            and not ends_sentence(before.text)
            for before, line in zip(page, page[1:], strict=False)
        )
        margin = low if wraps else min(low, margin)
        for line in page:
            line.indent -= margin


def _body_line(source: SourceLine, dropped: list[DroppedLine]) -> Line:
    text, removed = without_marks(source.text)
    depth, sign, text = split_heading(text)
    bullet, text = split_bullet(text)
    text, late = without_marks(text) if removed else (text, [])
    text, bars = without_edges(text)
    dropped += [DroppedLine(source.number, piece, "markup") for piece in (*removed, *late, *bars)]
    if sign:
        dropped.append(DroppedLine(source.number, sign, "markup"))
    bare = without_invisible(source.raw)
    counted = source.evidence.number
    return Line(
        number=source.number,
        text=f"{counted} {text.strip()}" if counted else text.strip(),
        indent=indent_of(bare),
        trailing=bare[-1:].isspace(),
        gap=source.before,
        depth=depth or source.evidence.outline or 0,
        bullet="" if counted else bullet,
        counted=bool(counted),
        bold=source.evidence.bold,
        level=source.evidence.level,
        opens=source.evidence.opens,
        soft=source.evidence.soft,
        note=source.evidence.note,
        named_note=source.evidence.note if source.evidence.page is None else None,
        cell=source.evidence.cell,
    )
