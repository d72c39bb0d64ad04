"""The matrix of States and subjects: resolutions of the 1540 family, its paragraphs, themes, years.

A cell counts paragraphs of a State's own words (``ParagraphQuerySet.words_of``), said or written, not
transmitted. A paragraph counts once in a cell, and in each cell whose subject it has. ``evidence`` are
exactly the counted rows. An empty cell has a reason: no text of the State is stored (of that year, where
columns are years); its texts are older than the resolution; its texts do not mention it. The latter is
computed from ``Cell.words``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Case, CharField, Count, F, Max, Value, When
from django.db.models.functions import Cast, StrIndex, Substr
from django.utils.translation import gettext as _

from archive.http.addresses import state_path
from archive.models import Document, Paragraph, Resolution, State, Theme
from archive.models.querysets import WHOLE, ParagraphQuerySet
from archive.text.folding import pinyin_order

RESOLUTION, ADOPTED = "S/RES/1540(2004)", 2004
# Resolution 1540 (2004) has twelve operative paragraphs; the sub-paragraphs of 3 and 8 count in them.
OPERATIVE_PARAGRAPHS = tuple(map(str, range(1, 13)))


class By(StrEnum):
    """The dimension of the columns."""

    RESOLUTIONS = "resolutions"
    PARAGRAPHS = "paragraphs"
    THEMES = "themes"
    YEARS = "years"


class Nothing(StrEnum):
    """The reason why a cell has no paragraphs."""

    NOT_HELD = "not_held"
    EARLIER = "earlier"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class Column:
    """A column; ``filters`` make a State's page its evidence. ``year`` is that of a resolution, else None;
    ``of_year`` the year of the documents, where columns are years.
    """

    code: str
    filters: Mapping[str, str]
    year: int | None = None
    theme: Theme | None = None
    of_year: int | None = None

    @property
    def name(self) -> str:
        """第1540(2004)号决议, 第1540(2004)号决议第3段, 出口管制."""
        if self.of_year:
            return _("%(year)s年，引用第1540(2004)号决议") % {"year": self.of_year}
        if self.theme:
            return self.theme.name
        if self.code == WHOLE:
            return _("第1540(2004)号决议，未指明段次")
        if number := self.filters.get("paragraph"):
            return _("第1540(2004)号决议第%(number)s段") % {"number": number}
        return _("第%(number)s号决议") % {"number": self.code.removeprefix("S/RES/")}


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: ``count`` of the ``words`` paragraphs of the State's own words are on the subject."""

    state: State
    column: Column
    count: int
    nothing: Nothing | None
    words: int = 0

    @property
    def address(self) -> str:
        """The address of the list of its paragraphs."""
        return state_path(self.state.alpha3, **self.column.filters)


@dataclass(frozen=True, slots=True)
class Row:
    """A State; ``last_year`` is that of the newest document held of it, None where its year is not known."""

    state: State
    held: bool
    last_year: int | None
    cells: Sequence[Cell]

    @property
    def total(self) -> int:
        return sum(cell.count for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Matrix:
    by: By
    columns: Sequence[Column]
    rows: Sequence[Row]

    @property
    def held(self) -> list[Row]:
        return [row for row in self.rows if row.held]

    @property
    def others(self) -> list[Row]:
        return [row for row in self.rows if not row.held]

    @property
    def names_a_paragraph(self) -> bool:
        """True if any State cites an operative paragraph."""
        return any(cell.count for row in self.rows for cell in row.cells if cell.column.code != WHOLE)

    def row(self, alpha3: str) -> Row | None:
        return next((row for row in self.rows if row.state.alpha3 == alpha3), None)

    def cells_of(self, code: str) -> list[Cell]:
        """Returns the cells of a column, in the order of the rows."""
        return [cell for row in self.rows for cell in row.cells if cell.column.code == code]


def columns_by(by: By) -> list[Column]:
    if by is By.RESOLUTIONS:
        family = Resolution.objects.filter(family=True).order_by("number")
        return [Column(row.symbol, {"cites": row.symbol}, row.year) for row in family]
    if by is By.PARAGRAPHS:
        codes = (WHOLE, *OPERATIVE_PARAGRAPHS)
        return [Column(code, {"cites": RESOLUTION, "paragraph": code}) for code in codes]
    if by is By.YEARS:
        return [
            Column(str(year), {"cites": RESOLUTION, "year": str(year)}, of_year=year) for year in _years()
        ]
    return [
        Column(theme.slug, {"theme": theme.slug}, theme=theme) for theme in Theme.objects.order_by("position")
    ]


def _years() -> list[int]:
    """Returns the years of stored documents, from the year of the resolution on."""
    years = Document.objects.filter(year__gte=ADOPTED).order_by("year")
    return [year for year in years.values_list("year", flat=True).distinct() if year]


def evidence(state: State, column: Column) -> ParagraphQuerySet:
    """Returns the paragraphs that a cell counts."""
    rows = Paragraph.objects.words_of(state)
    if column.theme:
        return rows.of_theme(column.theme)
    if column.of_year:
        rows = rows.filter(document__year=column.of_year)
    return rows.citing_as_such(column.filters["cites"], column.filters.get("paragraph", ""))


def matrix(by: By) -> Matrix:
    """Returns all States, by name; a fixed number of queries."""
    columns = columns_by(by)
    counts = _counts(by, columns)
    last_years, words = _last_years(), _words()
    states = sorted(State.objects.all(), key=lambda state: pinyin_order(state.name))
    return Matrix(by, columns, [_row(state, columns, counts, last_years, words) for state in states])


def _row(
    state: State,
    columns: Iterable[Column],
    counts: Mapping[tuple[int, str], int],
    last_years: Mapping[int, int | None],
    words: Mapping[int, Mapping[int | None, int]],
) -> Row:
    held, last = state.pk in last_years, last_years.get(state.pk)
    by_year = words.get(state.pk, {})
    whole = sum(by_year.values())
    cells = []
    for column in columns:
        count = counts.get((state.pk, column.code), 0)
        read = by_year.get(column.of_year, 0) if column.of_year else whole
        why = None if count else _why(held and (read > 0 or not column.of_year), last, column)
        cells.append(Cell(state, column, count, why, read))
    return Row(state, held, last, cells)


def _words() -> dict[int, dict[int | None, int]]:
    """Counts the paragraphs of each State's own words: key → year → number, in one query."""
    rows = Paragraph.objects.with_author().order_by().values_list(F("author"), "document__year")
    found: dict[int, dict[int | None, int]] = {}
    for author, year, figure in rows.annotate(Count("pk")):
        found.setdefault(author, {})[year] = figure
    return found


def _why(held: bool, last: int | None, column: Column) -> Nothing:
    if not held:
        return Nothing.NOT_HELD
    if column.year and last and last < column.year:
        return Nothing.EARLIER
    return Nothing.NOT_FOUND


def _counts(by: By, columns: Sequence[Column]) -> dict[tuple[int, str], int]:
    """(key of the State, code of the column) → how many paragraphs, in one query."""
    rows = Paragraph.objects.with_author().order_by()
    cites = {"mentions__certain": True, "mentions__in_body_name": False}
    if by is By.RESOLUTIONS:
        codes = [column.code for column in columns]
        rows = rows.filter(**cites, mentions__symbol__in=codes).annotate(code=F("mentions__symbol"))
    elif by is By.PARAGRAPHS:
        rows = rows.filter(**cites, mentions__symbol=RESOLUTION)
        rows = rows.annotate(code=_head("mentions__pinpoints__anchor"))
    elif by is By.YEARS:
        rows = rows.filter(**cites, mentions__symbol=RESOLUTION, document__year__gte=ADOPTED)
        rows = rows.annotate(code=Cast("document__year", CharField()))
    else:
        rows = rows.filter(theme_mentions__isnull=False).annotate(code=F("theme_mentions__theme__slug"))
    counted = rows.values(*("author", "code")).annotate(paragraphs=Count("pk", distinct=True))
    return {(row["author"], row["code"]): row["paragraphs"] for row in counted}


def _head(anchor: str) -> Case:
    """``3.a`` → ``3``; where no paragraph is named, ``WHOLE``."""
    dot = StrIndex(anchor, Value("."))
    return Case(
        When(**{f"{anchor}__isnull": True}, then=Value(WHOLE)),
        When(**{f"{anchor}__contains": "."}, then=Substr(anchor, 1, dot - 1)),
        default=F(anchor),
    )


def _last_years() -> dict[int, int | None]:
    """Returns the key of each State with texts, and the year of its newest document."""
    found: dict[int, int | None] = {}
    spoken = Paragraph.objects.filter(state__isnull=False).order_by()
    for rows in (
        spoken.values_list("state").annotate(Max("document__year")),
        Document.objects.filter(state__isnull=False).order_by().values_list("state").annotate(Max("year")),
    ):
        for key, year in rows:
            found[key] = max(filter(None, (found.get(key), year)), default=None)
    return found
