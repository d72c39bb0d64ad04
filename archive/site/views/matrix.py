"""The matrix: States and what their words speak of, each cell leading to its paragraphs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import ClassVar

from django.db.models import Case, CharField, Count, F, Max, Value, When
from django.db.models.functions import Cast, StrIndex, Substr
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from msgspec.structs import replace

from archive.models import Document, Paragraph, Resolution, State, Theme
from archive.models.querysets.paragraphs import WHOLE
from archive.site.http.paging import choice_parameter
from archive.site.opendata.tables import Table
from archive.site.presenters.wording import name_in_words, name_order, reference_words
from archive.store.addresses.paths import document_path, state_path
from archive.store.revision import current_revision
from archive.store.values import Schema, answers
from archive.text.symbols.symbol import short_symbol

from .page import page
from .resolutions import pinpoints_of
from .respond import respond

# States and what they speak of:

RESOLUTION, ADOPTED = "S/RES/1540(2004)", 2004
# Resolution 1540 (2004) has twelve operative paragraphs; the sub-paragraphs of 3 and 8 count in them.
OPERATIVE_PARAGRAPHS = tuple(map(str, range(1, 13)))


class By(StrEnum):
    """What the columns are."""

    RESOLUTIONS = "resolutions"
    PARAGRAPHS = "paragraphs"
    THEMES = "themes"
    YEARS = "years"


class Nothing(StrEnum):
    """Why a cell has no paragraphs."""

    NOT_HELD = "not_held"
    EARLIER = "earlier"
    NOT_FOUND = "not_found"


class MatrixColumn(Schema, frozen=True, kw_only=True):
    """What a column of the table is about."""

    code: str
    name: str

    filters: ClassVar[Mapping[str, str]]  # of a State's page that lists what a cell counts
    year: ClassVar[int | None]  # of a resolution
    of_year: ClassVar[int | None]  # of the documents, where columns are years


class MatrixCell(Schema, frozen=True, kw_only=True):
    """The paragraphs of a State in one column; ``nothing``: why there is none."""

    column: str
    paragraphs: int
    own_words: int
    nothing: str | None
    url: str | None

    about: ClassVar[MatrixColumn]
    state: ClassVar[str]

    @property
    def address(self) -> str:
        """Where its paragraphs are listed, or would be."""
        return state_path(self.state, **self.about.filters)


class MatrixRow(Schema, frozen=True, kw_only=True):
    """A State, its documents, and its cells."""

    state: str
    name: str
    held: bool
    last_year: int | None  # of the newest document, null where its year is not known
    cells: list[MatrixCell]


class Matrix(Schema, frozen=True, kw_only=True):
    """States against resolutions, operative paragraphs, themes or years."""

    revision: int
    by: str
    columns: list[MatrixColumn]
    rows: list[MatrixRow]

    @property
    def held(self) -> list[MatrixRow]:
        return [row for row in self.rows if row.held]

    @property
    def others(self) -> list[MatrixRow]:
        return [row for row in self.rows if not row.held]

    @property
    def names_a_paragraph(self) -> bool:
        """Whether any State names one of the operative paragraphs."""
        return any(cell.paragraphs for row in self.rows for cell in row.cells if cell.column != WHOLE)

    def narrowed(self, rows: list[MatrixRow], column: MatrixColumn | None) -> Matrix:
        """Returns these rows of the table, of all columns or of one."""
        if column is None:
            return replace(self, rows=rows)
        cells = [[cell for cell in row.cells if cell.column == column.code] for row in rows]
        rows = [replace(row, cells=kept) for row, kept in zip(rows, cells, strict=True)]
        return replace(self, rows=rows, columns=[column])


def columns_by(by: By) -> list[MatrixColumn]:
    """Returns the columns of a table, in their order."""
    if by is By.RESOLUTIONS:
        family = Resolution.objects.filter(family=True).order_by("number")
        number = _("第%(number)s号决议")
        return [
            _column(
                row.symbol,
                number % {"number": row.symbol.removeprefix("S/RES/")},
                {"cites": row.symbol},
                year=row.year,
            )
            for row in family
        ]
    if by is By.PARAGRAPHS:
        names = {WHOLE: _("第1540(2004)号决议，未指明段次")} | {
            number: _("第1540(2004)号决议第%(number)s段") % {"number": number}
            for number in OPERATIVE_PARAGRAPHS
        }
        return [_column(code, name, {"cites": RESOLUTION, "paragraph": code}) for code, name in names.items()]
    if by is By.YEARS:
        cites = _("%(year)s年，引用第1540(2004)号决议")
        return [
            _column(str(year), cites % {"year": year}, {"cites": RESOLUTION, "year": str(year)}, of_year=year)
            for year in _years()
        ]
    return [
        _column(theme.slug, reference_words(theme.name), {"theme": theme.slug})
        for theme in Theme.objects.order_by("position")
    ]


def _column(
    code: str, name: str, filters: Mapping[str, str], year: int | None = None, of_year: int | None = None
) -> MatrixColumn:
    return MatrixColumn(code=code, name=name).carrying(filters=filters, year=year, of_year=of_year)


def _years() -> list[int]:
    """The years of held documents, from the year of the resolution on."""
    years = Document.objects.filter(year__gte=ADOPTED).order_by("year")
    return [year for year in years.values_list("year", flat=True).distinct() if year]


def matrix(by: By) -> Matrix:
    """Counts for all States, by name, in a fixed number of queries."""
    columns = columns_by(by)
    counts = _counts(by, columns)
    last_years, words = _last_years(), _words()
    states = sorted(State.objects.all(), key=name_order)
    return Matrix(
        revision=current_revision().number,
        by=by,
        columns=columns,
        rows=[_row(state, columns, counts, last_years, words) for state in states],
    )


def _row(
    state: State,
    columns: Iterable[MatrixColumn],
    counts: Mapping[tuple[int, str], int],
    last_years: Mapping[int, int | None],
    words: Mapping[int, Mapping[int | None, int]],
) -> MatrixRow:
    held, last = state.pk in last_years, last_years.get(state.pk)
    by_year = words.get(state.pk, {})
    whole = sum(by_year.values())
    cells = []
    for column in columns:
        count = counts.get((state.pk, column.code), 0)
        read = by_year.get(column.of_year, 0) if column.of_year else whole
        why = None if count else _why(held and (read > 0 or not column.of_year), last, column)
        url = state_path(state.alpha3, **column.filters) if count else None
        cell = MatrixCell(column=column.code, paragraphs=count, own_words=read, nothing=why, url=url)
        cells.append(cell.carrying(about=column, state=state.alpha3))
    return MatrixRow(state=state.alpha3, name=name_in_words(state), held=held, last_year=last, cells=cells)


def _words() -> dict[int, dict[int | None, int]]:
    """Key of the State → year → how many paragraphs of its own words are held, in one query."""
    rows = Paragraph.objects.with_author().order_by().values_list(F("author"), "document__year")
    found: dict[int, dict[int | None, int]] = {}
    for author, year, figure in rows.annotate(Count("pk")):
        found.setdefault(author, {})[year] = figure
    return found


def _why(held: bool, last: int | None, column: MatrixColumn) -> Nothing:
    if not held:
        return Nothing.NOT_HELD
    if column.year and last and last < column.year:
        return Nothing.EARLIER
    return Nothing.NOT_FOUND


def _counts(by: By, columns: Sequence[MatrixColumn]) -> dict[tuple[int, str], int]:
    """Counts paragraphs by (key of the State, code of the column), in one query."""
    rows = Paragraph.objects.with_author().order_by()
    cites = {"mentions__certain": True, "mentions__in_body_name": False}
    if by is By.RESOLUTIONS:
        codes = [column.code for column in columns]
        rows = rows.filter(**cites, mentions__symbol__in=codes).annotate(code=F("mentions__symbol"))
    elif by is By.PARAGRAPHS:
        rows = rows.filter(**cites, mentions__symbol=RESOLUTION)
        rows = rows.annotate(code=_column_name("mentions__pinpoints__anchor"))
    elif by is By.YEARS:
        rows = rows.filter(**cites, mentions__symbol=RESOLUTION, document__year__gte=ADOPTED)
        rows = rows.annotate(code=Cast("document__year", CharField()))
    else:
        rows = rows.filter(theme_mentions__isnull=False).annotate(code=F("theme_mentions__theme__slug"))
    counted = rows.values(*("author", "code")).annotate(paragraphs=Count("pk", distinct=True))
    return {(row["author"], row["code"]): row["paragraphs"] for row in counted}


def _column_name(anchor: str) -> Case:
    """Returns the expression for ``3`` of ``3.a``; ``WHOLE`` where no paragraph is named."""
    dot = StrIndex(anchor, Value("."))
    return Case(
        When(**{f"{anchor}__isnull": True}, then=Value(WHOLE)),
        When(**{f"{anchor}__contains": "."}, then=Substr(anchor, 1, dot - 1)),
        default=F(anchor),
    )


def _last_years() -> dict[int, int | None]:
    """The States of which something is held, by key, with the year of the newest document."""
    found: dict[int, int | None] = {}
    spoken = Paragraph.objects.filter(state__isnull=False).order_by()
    for rows in (
        spoken.values_list("state").annotate(Max("document__year")),
        Document.objects.filter(state__isnull=False).order_by().values_list("state").annotate(Max("year")),
    ):
        for key, year in rows:
            found[key] = max(filter(None, (found.get(key), year)), default=None)
    return found


BY = {
    By.RESOLUTIONS: gettext_lazy("1540决议系列"),
    By.PARAGRAPHS: gettext_lazy("第1540(2004)号决议执行段"),
    By.THEMES: gettext_lazy("主题"),
    By.YEARS: gettext_lazy("年份"),
}
TITLES = {
    By.RESOLUTIONS: gettext_lazy("国家与决议"),
    By.PARAGRAPHS: gettext_lazy("国家与执行段"),
    By.THEMES: gettext_lazy("国家与主题"),
    By.YEARS: gettext_lazy("各国历年引用第1540(2004)号决议"),
}
WHY = {
    Nothing.NOT_HELD: gettext_lazy("未藏"),
    Nothing.EARLIER: gettext_lazy("所藏早于决议"),
    Nothing.NOT_FOUND: gettext_lazy("未见"),
}


@answers(Matrix)
@page
def matrix_page(request: HttpRequest, twin: bool | str = False) -> HttpResponseBase:
    """Columns by ``?by=``; ``?state=`` is one row as a list, ``?column=`` one column; ``?all=1`` all."""
    by = By(choice_parameter(request, "by", {key.value: key for key in By}, _("列")) or By.RESOLUTIONS)
    everyone = choice_parameter(request, "all", {"1": ""}, _("范围"))
    whole = matrix(by)
    columns = {column.code: column for column in whole.columns}
    column = columns.get(choice_parameter(request, "column", columns, _("列")))
    states = {row.state: row for row in whole.rows}
    row = states.get(choice_parameter(request, "state", states, _("国家")))
    shown = whole.narrowed([row] if row else whole.rows if everyone else whole.held, column)
    return respond(
        request,
        "archive/matrix.html",
        {
            "by": by.value,
            "title": TITLES[by],
            "choices": [(key.value, name) for key, name in BY.items()],
            "matrix": shown,
            "whole": whole,
            "heads": [(each, *_head(each)) for each in whole.columns],
            "row": row,
            "column": column,
            "column_name": column.name if column else "",
            "cells": _cells(shown, column) if row or column else (),
            "everyone": everyone,
            "resolution": document_path(RESOLUTION),
            # Where no State names a paragraph, the page says who does.
            "named": pinpoints_of(RESOLUTION) if by is By.PARAGRAPHS else [],
            "symbol": RESOLUTION,
        },
        lambda: shown,
        twin,
        table=lambda: table(request, shown),
    )


def _head(column: MatrixColumn) -> tuple[str, str]:
    """What stands above a column: a word, and the year of a resolution."""
    if column.code == WHOLE:
        return _("未指明段次"), ""
    if column.year:
        number, _bracket, year = short_symbol(column.code).partition("(")
        return number.removeprefix("S/RES/"), f"({year}" if year else ""
    return (column.name if "theme" in column.filters else column.code), ""


def _cells(shown: Matrix, column: MatrixColumn | None) -> list[tuple[MatrixCell, str]]:
    """Lists the cells of one row or one column, with what they are called beside each other."""
    return [(cell, row.name if column else cell.about.name) for row in shown.rows for cell in row.cells]


def table(request: HttpRequest, shown: Matrix) -> Table:
    """A line for each State. What is empty says in words why: 未藏, 所藏早于决议, 未见."""
    head = [
        _("代码"),
        _("国家"),
        _("藏有文件"),
        _("所藏最近年份"),
        *(column.name for column in shown.columns),
    ]
    lines = (
        [
            row.state,
            row.name,
            _("是") if row.held else _("否"),
            row.last_year,
            *(str(WHY[Nothing(cell.nothing)] if cell.nothing else cell.paragraphs) for cell in row.cells),
        ]
        for row in shown.rows
    )
    return Table(str(TITLES[By(shown.by)]), head, lines)
