"""Which markers are official numbers: those that begin a series or continue one.

A wrapped line may begin with ``(四) 1540`` inside a sentence (CD/2118, para. 5) or with ``2009``; a heading
with ``1540委员会`` (S/2010/52). So a number counts by its place in a series, and by what stands before it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from archive.text.aligned_folding import fold

from ..shapes import OPERATIVE, is_heading_like
from .markers import ITEM_STYLES, POINTED_STYLES, SECTION_STYLES, Marker, Style, read_markers

_FARTHEST_GAP = 5


@dataclass(frozen=True, slots=True)
class Place:
    """What stands before a line: ``opens`` where layout says that a block begins here, ``broken`` where the
    line before breaks off within a sentence, ``short`` where it ends far from the margin, ``whole`` where
    each line holds a paragraph, ``comma`` where the line before ends in one, as a preamble does; ``sure``
    where the file itself counts. ``near`` says what speaks for the other reading, where much does."""

    opens: bool
    broken: bool
    short: bool
    whole: bool = False
    comma: bool = False
    sure: bool = False
    near: str = ""

    @property
    def allows(self) -> bool:
        """Whether a block may begin here at all."""
        return self.opens or self.short or not self.broken


@dataclass(slots=True)
class Numbering:
    """The series that are open at a point of the document; ``decimals`` are those that begin its lines. Words
    that are ``spaced`` are no sign of a name (A. Khan), and their sections count on."""

    decimals: frozenset[tuple[str | int, ...]] = frozenset()
    paragraph: int = 0
    headings: dict[Style, int] = field(default_factory=dict)
    items: list[tuple[Style, int]] = field(default_factory=list)
    decimal: tuple[str | int, ...] = ()
    article: tuple[int, int] = (0, 0)
    spaced: bool = False

    def accept(
        self,
        readings: Sequence[Marker],
        rest: Callable[[Marker], str],
        place: Place,
        ahead: Callable[[], Sequence[Marker]],
    ) -> Marker | None:
        """The reading that is a number here, or None. ``rest`` gives the text after a marker, ``ahead`` the
        readings of the next line that has any. An accepted number becomes the last of its series."""
        if not place.allows:
            if place.comma and (first := self._below_comma(readings, rest, place, ahead)):
                self._take(first, rest(first))
                return first
            readings = [
                marker
                for marker in readings
                if place.whole and (self._is_next_paragraph(marker) or self._is_next_article(marker))
            ]
        if readings and readings[0].style is Style.DECIMAL and not self._runs_on(readings, ahead):
            readings = readings[:1]  # 2.5 is one number or none
        if not readings:
            return None
        for marker in self._in_order(readings, ahead):
            if marker.style in POINTED_STYLES and not self._may_point(marker, place, ahead):
                continue
            if marker.style is Style.ARTICLE and not self._may_be_article(marker, place, ahead):
                continue
            if marker.glued and marker.value in {one.value for one in ahead() if one.style is marker.style}:
                continue  # the number itself follows
            if self._fits(marker, rest(marker), place):
                self._take(marker, rest(marker))
                return marker
        return None

    def _runs_on(self, readings: Sequence[Marker], ahead: Callable[[], Sequence[Marker]]) -> bool:
        """Whether 5.3名 between 4. and 6. is 5: no decimal number stands beside it."""
        value = self.paragraph + 1
        counts = {(marker.style, marker.value) for marker in readings if marker.glued}
        goes_on = any((near.style, near.value) == (Style.ARABIC, value + 1) for near in ahead())
        return (Style.ARABIC, value) in counts and goes_on and not self._has_neighbour(readings[0])

    def _is_next_paragraph(self, marker: Marker) -> bool:
        """The next number of the count, at the head of a line that holds a whole paragraph."""
        point = marker.prefix[-1:] in ".．"
        return marker.style is Style.ARABIC and point and marker.value == self.paragraph + 1 > 1

    def _is_next_article(self, marker: Marker) -> bool:
        """第四条 after 第三条 or 第三条之二; 第三条之二 after 第三条之一, or after 第三条 as laws amend."""
        value, sub = self.article
        if marker.style is not Style.ARTICLE or not value:
            return False
        return (marker.value, marker.sub) in (
            (value + 1, 0),
            (value, sub + 1),
            (value, sub + 2 if not sub else 0),
        )

    def _may_be_article(self, marker: Marker, place: Place, ahead: Callable[[], Sequence[Marker]]) -> bool:
        """The next article; else one at the head of a block, or before the next; if glued, both."""
        if self._is_next_article(marker):
            return True
        following = {(near.style, near.value, near.glued) for near in ahead()}
        followed = (Style.ARTICLE, marker.value + 1, marker.glued) in following
        if marker.glued:
            return place.opens and followed
        return place.opens or (followed and not place.broken)

    def _below_comma(
        self,
        readings: Sequence[Marker],
        rest: Callable[[Marker], str],
        place: Place,
        ahead: Callable[[], Sequence[Marker]],
    ) -> Marker | None:
        """The number of a resolution's paragraph (1. 决定…) below a comma, in a text without its opening.

        It begins as such paragraphs do, or the next number is that which follows it.
        """
        marker = next((marker for marker in readings if marker.style is Style.ARABIC), None)
        if marker is None or marker.prefix[-1:] not in ".．、" or marker.glued:
            return None
        if OPERATIVE.match(fold(rest(marker)[:40])):
            return marker if marker.value > self.paragraph or marker.value == 1 else None
        counts_on = (marker.style, marker.value + 1) in {(near.style, near.value) for near in ahead()}
        continues = marker.value in (1, self.paragraph + 1)
        return marker if place.whole and counts_on and continues else None

    def restart(self) -> None:
        """Forget all series, as at the head of an annex."""
        self.paragraph = 0
        self.headings.clear()
        self.items.clear()
        self.decimal = ()
        self.article = (0, 0)

    def _may_point(self, marker: Marker, place: Place, ahead: Callable[[], Sequence[Marker]]) -> bool:
        """``a.`` is also how a Latin abbreviation looks: it counts below an item, or where ``b.`` follows."""
        if place.sure or (place.broken and not place.opens):
            return place.sure
        follows = (marker.style, 2) in {(near.style, near.value) for near in ahead()}
        return self._continues(marker) or (marker.value == 1 and (bool(self.items) or follows))

    def _in_order(self, readings: Sequence[Marker], ahead: Callable[[], Sequence[Marker]]) -> list[Marker]:
        """Readings that continue a series first, the deepest first; ``(i)`` after ``(h)`` by what follows: a
        series that begins before ``(ii)`` is none that goes on."""
        if len(readings) < 2:
            return list(readings)
        following = {(marker.style, marker.value) for marker in ahead()}
        depth = {style: at for at, (style, _) in enumerate(self.items)}

        def rank(marker: Marker) -> tuple[bool, bool, bool, int]:
            continued = (marker.style, marker.value + 1) in following
            begun = (marker.style, 1) in (*self.items, *self.headings.items())
            begins = marker.value == 1 and continued and not begun
            fits = begins or self._continues(marker)
            return (not fits, not continued, marker.value > 1, -depth.get(marker.style, -1))

        return sorted(readings, key=rank)

    def _continues(self, marker: Marker) -> bool:
        if marker.style is Style.ARABIC:
            return marker.value in (self.paragraph + 1, self.headings.get(Style.ARABIC, 0) + 1)
        if marker.style in ITEM_STYLES:
            return (marker.style, marker.value - 1) in self.items
        return marker.value == self.headings.get(marker.style, 0) + 1

    def _fits(self, marker: Marker, rest: str, place: Place) -> bool:
        if marker.sub and marker.style is not Style.ARTICLE:
            return (marker.style, marker.value) in (*self.items, (Style.ARABIC, self.paragraph))
        if marker.style is Style.DECIMAL:
            surely = place.opens and not marker.glued
            if surely and self._has_neighbour(marker):
                return True
            farthest = _FARTHEST_GAP if surely else 1
            return (place.opens or not place.broken) and 0 < self._steps_to(marker) <= farthest
        if marker.style is Style.ARTICLE:
            return True
        if marker.glued:
            return place.opens and marker.value == self.paragraph + 1 > 1
        if marker.style in SECTION_STYLES and marker.style is not Style.CJK:
            latin = rest[:1].isascii() and rest[:1].isalpha()
            if latin and not self.spaced:
                return False
            continues = self._continues(marker)
            return is_heading_like(rest) and (
                continues and place.opens if latin else continues or place.opens
            )
        if self._continues(marker) or marker.value == 1:
            return True
        if marker.style is Style.ARABIC and 0 < marker.value - self.paragraph <= _FARTHEST_GAP:
            return place.opens or not place.broken
        return place.opens or (place.short and marker.style is Style.CJK and is_heading_like(rest))

    def _has_neighbour(self, marker: Marker) -> bool:
        """4.1 where 4.2 or 4.1.1 begins a line, too: budgets count within sections that bear no 4 above."""
        *series, last = parts_of(marker)
        near = ((*series, int(last) + 1), (*series, int(last) - 1), (*series, last, 1))
        return not self.decimals.isdisjoint(near)

    def _steps_to(self, marker: Marker) -> int:
        """How far on a decimal number is: one for 2.1 below 2, 2.1.1 below 2.1, 2.2 after either; none where
        it is of no series that is open, as 2.5 in a sentence."""
        *series, value = parts_of(marker)
        last, depth = self.decimal, len(series)
        if last and last[:depth] == tuple(series):
            return int(value) - (int(last[depth]) if depth < len(last) else 0)
        above = {str(number) for number in (self.paragraph, *self.headings.values())}
        above.add(chr(ord("A") + self.headings.get(Style.UPPER, 0) - 1))
        if last and value == 1 and str(last[0]).isdecimal():
            above.add(str(int(last[0]) + 1))  # 2.1 behind 1.3, where nothing bears a 2
        return int(value) if depth == 1 and series[0] in above else 0

    def _take(self, marker: Marker, rest: str) -> None:
        if marker.style is Style.DECIMAL:
            self.decimal = parts_of(marker)
            self.items.clear()
        elif marker.style is Style.ARABIC:
            # Headings B.1 and B.2 count on across the paragraphs below them, as 2.1 does not.
            self.decimal = self.decimal if str(*self.decimal[:1]).isalpha() else ()
            self._take_arabic(marker, rest)
        elif marker.style in ITEM_STYLES:
            self._take_item(marker)
        else:
            self.headings[marker.style] = marker.value
            self.items.clear()
            if marker.style is Style.ARTICLE:
                self.article = (marker.value, marker.sub)

    def _take_arabic(self, marker: Marker, rest: str) -> None:
        """Headings (``1. 概述``) may count beside paragraphs, whose own count goes on across them."""
        heading = is_heading_like(rest)
        if heading:
            self.headings[Style.ARABIC] = marker.value
        if not heading or not self.paragraph or marker.value == self.paragraph + 1:
            self.paragraph = marker.value
        self.items.clear()
        # UN style prints 3. (a) where a paragraph has no words of its own; the series goes on with (b).
        self.items += [(inner.style, 1) for inner in read_markers(rest)[:1] if _opens_items(inner)]

    def _take_item(self, marker: Marker) -> None:
        for at in range(len(self.items) - 1, -1, -1):
            if self.items[at][0] is marker.style:
                del self.items[at:]
                break
        self.items.append((marker.style, marker.value))


def parts_of(marker: Marker) -> tuple[str | int, ...]:
    """The parts of a decimal number, the first as printed: 29A.1.3 is ("29A", 1, 3)."""
    first, *others = marker.number.split(".")
    return (first, *map(int, others))


def _opens_items(marker: Marker) -> bool:
    return marker.style in ITEM_STYLES and marker.value == 1
