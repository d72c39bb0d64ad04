"""How paragraphs spread over documents, years, States and bodies: counted once, told in four ways."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from archive.models import Body, Document, Paragraph, State
from archive.models.querysets import author_of
from archive.presenters.wording import year_ranges

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
    """Paragraphs counted by document, and by the State and the body whose words they are (by key).

    ``facts`` are symbol, title, sorting date and year of each of the documents, newest first.
    """

    facts: Mapping[int, tuple[str, str, dt.date | None, int | None]]
    documents_counted: Counter[int]
    states_counted: Counter[int]
    bodies_counted: Counter[int]

    @property
    def total(self) -> int:
        return self.documents_counted.total()

    def count(self, year: int | None = None, symbol: str = "") -> int:
        """How many of them stand in documents of ``year``, and in that of ``symbol``."""
        return sum(
            self.documents_counted[key]
            for key, facts in self.facts.items()
            if (not year or facts[3] == year) and (not symbol or facts[0] == symbol)
        )

    @property
    def documents(self) -> list[DocumentRow]:
        """Newest documents first."""
        counted = self.documents_counted
        return [DocumentRow(facts[0], facts[1], counted[key]) for key, facts in self.facts.items()]

    def years(self, since: int | None = None) -> list[YearRow]:
        """By year, with the years from ``since`` on of which nothing is held. One query."""
        counts: Counter[int | None] = Counter()
        for key, facts in self.facts.items():
            counts[facts[3]] += self.documents_counted[key]
        held = set(Document.objects.order_by().values_list("year", flat=True).distinct()) - {None}
        return _year_rows(counts, held, since)

    def states(self) -> list[dict]:
        """Rows ``{"code", "name", "paragraphs"}`` of the States, most paragraphs first. One query."""
        return _named(self.states_counted, State.objects.values_list("pk", "alpha3", "name"))

    def bodies(self) -> list[dict]:
        """Rows ``{"code", "name", "paragraphs"}`` of the bodies, most paragraphs first. One query."""
        return _named(self.bodies_counted, Body.objects.values_list("pk", "slug", "name"))


def spread_of(paragraphs: QuerySet[Paragraph]) -> Spread:
    """Count ``paragraphs``, of which none may stand twice; two queries."""
    whose = {"by_state": author_of("state"), "by_body": author_of("body")}
    grouped = (
        paragraphs.order_by().annotate(**whose).values_list("document", *whose).annotate(figure=Count("pk"))
    )
    documents, states, bodies = Counter(), Counter(), Counter()
    for document, state, body, figure in grouped:
        documents[document] += figure
        states[state] += figure
        bodies[body] += figure
    del states[None], bodies[None]
    return Spread(_facts(documents), documents, states, bodies)


def _facts(documents: Counter[int]) -> dict[int, tuple]:
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
        first = min([*held, *([since] if since else [])])
        last = max(dt.datetime.now(dt.UTC).year, *held)
        for start, end, is_held in year_ranges(held, first, last):
            label = str(start) if start == end else f"{start}–{end}"
            count = counts[start] if is_held else 0
            share = round(100 * count / most, 1) if most else 0
            rows.append(YearRow(label, start if is_held else None, count, is_held, share))
    if counts[None]:
        rows.append(YearRow("", None, counts[None], True, round(100 * counts[None] / most, 1)))
    return rows
