"""A draft as the page colours it: each stretch with colour, line and number of the oldest document."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from archive.http.addresses import document_path, paragraph_path
from archive.presenters.linked_text import Mark, Span, link_text
from archive.presenters.wording import date_in_words, recognized_in_words, with_mark

from .origins import Origin, Origins
from .report import QuotedPlace

COLOURS = 6  # documents with a colour of their own; all others share one, and have their numbers
SHOWN = 40  # documents of the legend


@dataclass(frozen=True, slots=True)
class Source:
    """One document of the legend: ``characters`` of the draft stood there first. ``recognized`` says so of
    words that were recognized in a picture.
    """

    number: int
    css: str
    symbol: str
    address: str
    title: str
    date: str
    who: str
    recognized: str
    characters: int


@dataclass(frozen=True, slots=True)
class Coloured:
    """``lines`` of the draft, ``sources`` with most characters first, ``more`` that the legend leaves out."""

    lines: tuple[SafeString, ...]
    sources: tuple[Source, ...]
    more: int


def coloured(text: str, origins: Origins) -> Coloured:
    """Returns the lines of the part of ``text`` that was looked at, and the legend."""
    counts: Counter[str] = Counter()
    first: dict[str, QuotedPlace] = {}
    speakers: dict[str, dict[str, None]] = {}
    for one in origins.found:
        if one.place is None:
            continue
        symbol = one.place.symbol
        counts[symbol] += one.end - one.start
        first.setdefault(symbol, one.place)
        if one.who:
            speakers.setdefault(symbol, {})[one.who] = None
    order = sorted(counts, key=lambda symbol: (-counts[symbol], symbol))
    sources = {
        symbol: _source(number, first[symbol], list(speakers.get(symbol, ())), counts[symbol])
        for number, symbol in enumerate(order, 1)
    }
    return Coloured(
        _lines(text[: origins.until], origins, sources),
        (*sources.values(),)[:SHOWN],
        max(0, len(order) - SHOWN),
    )


def _source(number: int, place: QuotedPlace, who: list[str], characters: int) -> Source:
    css = f"origin o{number if number <= COLOURS else 0}"
    names = _("、").join(who[:3]) + (_("等") if len(who) > 3 else "")
    date = date_in_words(place.dates)
    recognized = recognized_in_words(place.ocr_confidence)
    address = document_path(place.symbol)
    return Source(number, css, place.symbol, address, place.title, date, names, recognized, characters)


def _lines(text: str, origins: Origins, sources: dict[str, Source]) -> tuple[SafeString, ...]:
    texts = text.split("\n")
    starts = [0]
    for line in texts[:-1]:
        starts.append(starts[-1] + len(line) + 1)
    spans: dict[int, list[Span]] = {}
    marks: dict[int, list[Mark]] = {}
    for one in origins.found:
        first, last = bisect_right(starts, one.start) - 1, bisect_right(starts, one.end - 1) - 1
        source = sources[one.place.symbol] if one.place else None
        for number in range(first, last + 1):
            spans.setdefault(number, []).append(_span(one, source, starts[number]))
        if source:
            label = _("来源%(number)s") % {"number": source.number}
            marks.setdefault(last, []).append(
                Mark(one.end - starts[last], "#origins", str(source.number), label)
            )
    return tuple(
        link_text(line, spans.get(number, ()), marks.get(number, ()))
        for number, line in enumerate(texts)
        if line.strip()
    )


def _span(one: Origin, source: Source | None, offset: int) -> Span:
    start, end = one.start - offset, one.end - offset
    if one.place is None or source is None:
        return Span(start, end, "", "origin o0", _("见于很多段"))
    address = paragraph_path(one.place.symbol, one.place.anchor, one.place.fingerprint)
    return Span(start, end, address, source.css, _title(one.place, one.who, source))


def _title(place: QuotedPlace, who: str, source: Source) -> str:
    facts = {"symbol": place.symbol, "place": place.name, "date": source.date, "who": who}
    if who:
        words = _("首见于%(symbol)s %(place)s，%(who)s，%(date)s") % facts
    else:
        words = _("首见于%(symbol)s %(place)s，%(date)s") % facts
    return with_mark(words, place.ocr_confidence)
