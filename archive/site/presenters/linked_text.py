"""Turns a paragraph's text into HTML with links, without changing a character of it.

The law: strip the tags of what ``link_text`` returns, undo the escapes, and the text is back.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from archive.text.cells import CELL_MARK, cell_spans

_NEXT_CELL = '</span><span class="cell">'


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the text, ``start`` to ``end`` (exclusive), that leads to ``href``.

    Without an address it is only marked, and ``title`` says why.
    """

    start: int
    end: int
    href: str
    css: str = "mention"
    title: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A footnote mark before the character at ``at``. It is drawn by the style sheet and is no text."""

    at: int
    href: str
    number: str
    label: str
    id: str = ""


def link_text(text: str, spans: Iterable[Span] = (), marks: Iterable[Mark] = (), bold: int = 0) -> SafeString:
    """Returns ``text`` escaped, with a link for every span, the first ``bold`` characters bold.

    Links cannot be nested. Where spans overlap, each character goes to the shortest span that covers it: in
    第1540(2004)号决议所设委员会 the resolution keeps its own name and the rest leads to the committee. Spans
    and marks outside the text are cut to it. Each cell of a row has an element of its own.
    """
    spans = _inside(text, spans)
    marks = sorted(marks, key=lambda mark: mark.at)
    cells = cell_spans(text) if CELL_MARK in text else []
    cuts = _cuts(len(text), spans, marks, bold, cells)
    inner = {start for start, _ in cells[1:]}
    owners = _owners(cuts, spans)
    pieces: list[str] = []
    waiting = iter(marks)
    mark = next(waiting, None)
    for index, start in enumerate(cuts[:-1]):
        if start in inner:
            pieces.append(_NEXT_CELL)
        while mark and min(max(mark.at, 0), len(text)) <= start:
            pieces.append(_mark(mark))
            mark = next(waiting, None)
        pieces.append(_piece(text[start : cuts[index + 1]], owners[index], start < bold))
    while mark:
        pieces.append(_mark(mark))
        mark = next(waiting, None)
    html = "".join(pieces)
    if cells:
        html = f'<span class="cell">{html}</span>'
    return mark_safe(html)  # noqa: S308  every piece is escaped


def _inside(text: str, spans: Iterable[Span]) -> list[Span]:
    size = len(text)
    cut = [Span(max(s.start, 0), min(s.end, size), s.href, s.css, s.title) for s in spans]
    return [span for span in cut if span.start < span.end]


def _cuts(
    size: int, spans: Sequence[Span], marks: Sequence[Mark], bold: int, cells: Sequence[tuple[int, int]] = ()
) -> list[int]:
    """Returns the offsets at which a text is cut into pieces, both its ends included."""
    places = {0, size, min(max(bold, 0), size)}
    places.update(min(max(mark.at, 0), size) for mark in marks)
    for span in spans:
        places.update((span.start, span.end))
    places.update(start for start, _ in cells)
    return sorted(places)


def _owners(cuts: Sequence[int], spans: Sequence[Span]) -> list[Span | None]:
    """Returns the span of each piece: the shortest that covers it; of equals the one given first."""
    owners: list[Span | None] = [None] * (len(cuts) - 1)
    laid = sorted(enumerate(spans), key=lambda item: (item[1].start - item[1].end, -item[0]))
    for _, span in laid:
        first = bisect_right(cuts, span.start) - 1
        last = bisect_right(cuts, span.end) - 1
        owners[first:last] = [span] * (last - first)
    return owners


def _piece(text: str, span: Span | None, bold: bool) -> str:
    # A line break of the source (signatures) is kept as a character and shown as one.
    html = escape(text).replace("\n", "<br>\n")
    if bold:
        html = f"<b>{html}</b>"
    if span is None:
        return html
    title = format_html(' title="{}"', span.title) if span.title else ""
    if not span.href:
        return format_html('<span class="{}"{}>{}</span>', span.css, title, mark_safe(html))  # noqa: S308
    return format_html('<a class="{}" href="{}"{}>{}</a>', span.css, span.href, title, mark_safe(html))  # noqa: S308


def _mark(mark: Mark) -> str:
    ident = format_html(' id="{}"', mark.id) if mark.id else ""
    return format_html(
        '<a class="footnote-mark" href="{}" data-number="{}" aria-label="{}"{}></a>',
        mark.href,
        mark.number,
        mark.label,
        ident,
    )
