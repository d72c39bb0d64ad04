"""Distribution of paragraphs over documents, years, States and bodies, counted once for four tables."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from archive.models import Body, Document, State
from archive.models.querysets import ParagraphQuerySet, author_of

# So many documents at most are asked for by key; of more, the facts of all are read.
FEW = 500


@dataclass(frozen=True, slots=True)
class YearRow:
    """A row of the table by years; ``held`` is False for years of which the archive holds no document."""

    label: str
    year: int | None
    paragraphs: int
    held: bool
    share: float


@dataclass(frozen=True, slots=True)
class DocumentRow:
    symbol: str
    title: str
    paragraphs: int


@dataclass(frozen=True, slots=True)
class Spread:
    """Paragraphs counted by document, and by the State and the body whose words they are.

    ``facts`` are symbol, title, sorting date and year of each of the documents by key, newest first; ``rows``
    (document, State, body, figure), all by key.
    """

    facts: Mapping[int, tuple[str, str, dt.date | None, int | None]]
    rows: Sequence[tuple[int, int | None, int | None, int]]

    def within(self, year: int | None, symbol: str) -> Spread:
        """Restricts it to a year, and to one document; None and an empty symbol do not restrict."""
        if not year and not symbol:
            return self
        facts = {
            key: facts
            for key, facts in self.facts.items()
            if (not year or facts[3] == year) and (not symbol or facts[0] == symbol)
        }
        return Spread(facts, [row for row in self.rows if row[0] in facts])

    def _counted(self, place: int) -> Counter:
        counts: Counter = Counter()
        for row in self.rows:
            counts[row[place]] += row[3]
        return counts

    @property
    def total(self) -> int:
        return sum(row[3] for row in self.rows)

    @property
    def documents(self) -> list[DocumentRow]:
        """Newest documents first."""
        counted = self._counted(0)
        return [DocumentRow(facts[0], facts[1], counted[key]) for key, facts in self.facts.items()]

    def years(self, since: int | None = None) -> list[YearRow]:
        """Counts by year, from ``since`` or the first year with a document on; marks years without documents.
        A year that has paragraphs is never left out. One query.
        """
        counts: Counter[int | None] = Counter()
        for key, figure in self._counted(0).items():
            counts[self.facts[key][3]] += figure
        years = Document.objects.order_by().values_list("year", flat=True).distinct()
        held = {year for year in years if year is not None}
        return _year_rows(counts, held, since)

    def states(self) -> list[dict]:
        """Rows ``{"code", "name", "paragraphs"}`` of the States, most paragraphs first. One query."""
        return _named(self._counted(1), State.objects.values_list("pk", "alpha3", "name"))

    def bodies(self) -> list[dict]:
        """Rows ``{"code", "name", "paragraphs"}`` of the bodies, most paragraphs first. One query."""
        return _named(self._counted(2), Body.objects.values_list("pk", "slug", "name"))


def spread_of(paragraphs: ParagraphQuerySet) -> Spread:
    """Computes the distribution of ``paragraphs``, which must be distinct; two queries."""
    whose = {"by_state": author_of("state"), "by_body": author_of("body")}
    grouped = paragraphs.order_by().annotate(**whose).values_list("document", *whose)
    rows = list(grouped.annotate(figure=Count("pk")))
    return Spread(_facts({row[0] for row in rows}), rows)


def _facts(documents: set[int]) -> dict[int, tuple]:
    rows = Document.objects.order_by()
    if len(documents) <= FEW:
        rows = rows.filter(pk__in=list(documents))
    found = [
        row for row in rows.values_list("pk", "symbol", "title", "sort_date", "year") if row[0] in documents
    ]
    found.sort(key=lambda row: row[1])
    found.sort(key=lambda row: row[3] or dt.date.min, reverse=True)
    return {key: tuple(facts) for key, *facts in found}


def _named(counted: Counter[int], names: QuerySet) -> list[dict]:
    rows = [
        {"code": code, "name": name, "paragraphs": counted[key]}
        for key, code, name in names.order_by()
        if counted[key]
    ]
    return sorted(rows, key=lambda row: (-row["paragraphs"], row["name"]))


def _year_rows(counts: Counter, held: set[int], since: int | None) -> list[YearRow]:
    rows: list[YearRow] = []
    most = max(counts.values(), default=0)
    if held:
        counted = [year for year, count in counts.items() if year and count]
        first = min([since or min(held), *counted])
        last = max(dt.datetime.now(dt.UTC).year, *held)
        for start, end, is_held in year_ranges(held, first, last):
            label = str(start) if start == end else f"{start}–{end}"
            count = counts[start] if is_held else 0
            share = round(100 * count / most, 1) if most else 0
            rows.append(YearRow(label, start if is_held else None, count, is_held, share))
    if counts[None]:
        rows.append(YearRow("", None, counts[None], True, round(100 * counts[None] / most, 1)))
    return rows


def year_ranges(held: Iterable[int], first: int, last: int) -> list[tuple[int, int, bool]]:
    """Returns every year from ``first`` to ``last``: held years alone, the gaps between them joined.

    >>> year_ranges([2010, 2012], 2009, 2013)
    [(2009, 2009, False), (2010, 2010, True), (2011, 2011, False), (2012, 2012, True), (2013, 2013, False)]
    """
    rows: list[tuple[int, int, bool]] = []
    held = set(held)
    for year in range(first, last + 1):
        if year in held:
            rows.append((year, year, True))
        elif rows and not rows[-1][2]:
            rows[-1] = (rows[-1][0], year, False)
        else:
            rows.append((year, year, False))
    return rows
