"""Queries of pages that need more than one queryset: each function issues a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from archive.models import Body, Document, IssuedText, Mention, Paragraph, Resolution, RetiredDocument, State
from archive.models.querysets.languages import text_language
from archive.models.querysets.paragraphs import ParagraphQuerySet, author_of
from archive.store.summaries import Subject, figures_of, totals
from archive.store.values import Instant, Schema
from archive.text.symbols.symbol import may_be_of_pair, symbols_within
from archive.text.typed_places import SymbolTable, TypedPlace, read_job_number, read_places


class Figures(Schema, frozen=True, kw_only=True):
    """The totals of the archive; ``changed``: the time of its last change."""

    documents: int
    first: int | None
    last: int | None
    changed: Instant | None
    paragraphs: int
    numbered: int
    mentions: int
    uncertain: int
    unresolved: int
    symbols: int
    not_held: int
    body_mentions: int
    bodies: int


DEEPEST_NESTING = 8


def find_document(symbol: str) -> Document | None:
    """Returns the document with a symbol or an alias, with the relations that its pages need; else None."""
    return Document.objects.select_related("state", "source", "body", "organ_body").find(symbol)


def standing_retirement(symbol: str, language: str = "") -> RetiredDocument | None:
    """Returns the retirement in force of what had ``symbol``; None where there is none."""
    return RetiredDocument.objects.filter(
        symbol=symbol, language=language or text_language(), lifted=None
    ).first()


def places_typed(typed: str) -> list[TypedPlace]:
    """Returns the places that ``typed`` names, read by itself, or by the symbols that the archive knows."""
    if job := read_job_number(typed):
        return list(map(TypedPlace, Document.objects.filter(job_number=job).values_list("symbol", flat=True)))
    found = read_places(typed)
    if found and is_known(found[0].symbol):
        return found
    return SymbolTable(known_symbols()).read(typed)


def is_known(symbol: str) -> bool:
    """Returns True if this canonical symbol was ever stored, or is cited or listed as a resolution."""
    return (
        Document.objects.find(symbol) is not None
        or is_cited(symbol)
        or IssuedText.objects.filter(symbol=symbol).exists()
    )


def is_cited(symbol: str) -> bool:
    """Returns True if a mention, certain or not, names the symbol, or the table of resolutions lists it."""
    return Resolution.objects.filter(symbol=symbol).exists() or Mention.objects.of(symbol).exists()


def paired_symbols(symbol: str) -> list[str]:
    """Returns the other symbols of a document: those of a pair, or of pairs that texts name."""
    if not may_be_of_pair(symbol):
        return list(symbols_within(symbol)[1:])
    return sorted(set(Mention.objects.pairs_with(symbol).others(symbol)))


def ancestors(paragraphs: Iterable[Paragraph]) -> list[Paragraph]:
    """Returns the blocks above ``paragraphs``, from which their names are built. One query for each level."""
    known = {paragraph.pk for paragraph in paragraphs}
    wanted = {paragraph.parent_id for paragraph in paragraphs if paragraph.parent_id} - known
    found: list[Paragraph] = []
    for _level in range(DEEPEST_NESTING):
        if not wanted:
            break
        above = list(Paragraph.objects.filter(pk__in=wanted).order_by())
        found += above
        known |= wanted
        wanted = {paragraph.parent_id for paragraph in above if paragraph.parent_id} - known
    return found


def mention_places(paragraphs: Sequence[Paragraph], symbol: str, anchor: str | None = None) -> dict:
    """Returns the spans where ``paragraphs`` cite ``symbol`` (``anchor``): key → [(start, end), …]."""
    mentions = Mention.objects.citing().of(symbol)
    if anchor is not None:
        mentions = mentions.at_paragraph(anchor)
    return places_of(mentions, paragraphs)


def naming_counts(symbol: str) -> dict[str, int]:
    """Counts the paragraphs that name a document without citing it: in names of bodies, and in headings."""
    return {
        "body_names": Paragraph.objects.only_naming(symbol).count(),
        "headings": Paragraph.objects.only_naming(symbol, headings=True).count(),
        "uncertain": Paragraph.objects.doubtfully_naming(symbol).count(),
    }


def places_of(mentions: QuerySet, paragraphs: Sequence[Paragraph]) -> dict[int, list[tuple[int, int]]]:
    """Returns the spans of ``mentions``, of whatever kind, in ``paragraphs``: key → [(start, end), …]."""
    keys = [paragraph.pk for paragraph in paragraphs]
    places: dict[int, list[tuple[int, int]]] = {}
    found = mentions.filter(paragraph__in=keys).order_by("start").values_list("paragraph", "start", "end")
    for key, start, end in found:
        places.setdefault(key, []).append((start, end))
    return places


def coverage() -> Figures:
    """Returns the totals of the archive; six queries."""
    found, years = totals(), [int(year) for year in figures_of(Subject.YEAR) if year]
    bodies = figures_of(Subject.BODY, Body.objects.confirmed().values_list("pk", flat=True))
    symbols = found[Subject.SYMBOL]
    return Figures(
        documents=found[Subject.YEAR].documents,
        first=min(years, default=None),
        last=max(years, default=None),
        changed=Document.objects.order_by("-changed").values_list("changed", flat=True).first(),
        paragraphs=found[Subject.YEAR].paragraphs,
        numbered=found[Subject.NUMBERED].paragraphs,
        mentions=symbols.mentions,
        uncertain=found[Subject.UNCERTAIN].mentions,
        unresolved=found[Subject.NOT_HELD].mentions,
        symbols=symbols.keys,
        not_held=found[Subject.NOT_HELD].keys,
        body_mentions=sum(counts.mentions for counts in bodies.values()),
        bodies=len(bodies),
    )


def known_symbols() -> list[str]:
    """Returns every symbol that has a page: held, cited, or of the family; each once."""
    held = Document.objects.order_by().values_list("symbol", flat=True)
    cited = figures_of(Subject.SYMBOL)
    family = Resolution.objects.order_by().values_list("symbol", flat=True)
    return sorted({*held, *cited, *family})


# Distribution of paragraphs over documents, years, States and bodies, counted once for four tables.

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

    def years(self, since: int | None = None, silent: Collection[str] = ()) -> list[YearRow]:
        """Counts by year, from ``since`` or the first year with a document on; marks years without documents
        of another type than those that are ``silent``, which can hold none of them. A year that has
        paragraphs is never left out. One query.
        """
        counts: Counter[int | None] = Counter()
        for key, figure in self._counted(0).items():
            counts[self.facts[key][3]] += figure
        documents = Document.objects.exclude(document_type__in=silent)
        years = documents.order_by().values_list("year", flat=True).distinct()
        held = {year for year in years if year is not None}
        return year_rows(counts, held, since)

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


def year_rows(counts: Counter, held: set[int], since: int | None) -> list[YearRow]:
    """Returns the table of paragraphs counted by year, from ``since`` or the first of the years ``held``."""
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
