"""The matrix: States and what their words speak of, each cell leading to its paragraphs."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.http.addresses import document_path
from archive.http.paging import choice_parameter
from archive.models.querysets import WHOLE
from archive.opendata.tables import Table
from archive.presenters.wording import short_symbol
from archive.reading import matrix as counted
from archive.reading.matrix import RESOLUTION, By, Cell, Column, Nothing
from archive.revision import current_revision
from archive.values import Schema, answers

from .page import page
from .record import pinpoints_of
from .respond import respond


class MatrixColumn(Schema, frozen=True, kw_only=True):
    """The heading of a column of the table."""

    code: str
    name: str


class MatrixCell(Schema, frozen=True, kw_only=True):
    """The paragraphs of a State in one column; ``nothing``: why there is none."""

    column: str
    paragraphs: int
    own_words: int
    nothing: str | None
    url: str | None


class MatrixRow(Schema, frozen=True, kw_only=True):
    """A State, its documents, and its cells."""

    state: str
    name: str
    held: bool
    last_year: int | None
    cells: list[MatrixCell]


class Matrix(Schema, frozen=True, kw_only=True):
    """States against resolutions, operative paragraphs, themes or years."""

    revision: int
    by: str
    columns: list[MatrixColumn]
    rows: list[MatrixRow]


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
    whole = counted.matrix(by)
    columns = {column.code: column for column in whole.columns}
    column = columns.get(choice_parameter(request, "column", columns, _("列")))
    states = {row.state.alpha3: row for row in whole.rows}
    row = states.get(choice_parameter(request, "state", states, _("国家")))
    rows = [row] if row else whole.rows if everyone else whole.held
    shown = counted.Matrix(by, [column] if column else whole.columns, rows)
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
            "revision": current_revision().number,
        },
        lambda: _value(shown, current_revision().number),
        twin,
        table=lambda: table(request, shown),
    )


def _head(column: Column) -> tuple[str, str]:
    """Returns the heading of a column: a word, and the year of a resolution."""
    if column.code == WHOLE:
        return _("未指明段次"), ""
    if column.year:
        number, _bracket, year = short_symbol(column.code).partition("(")
        return number.removeprefix("S/RES/"), f"({year}" if year else ""
    return (column.theme.name if column.theme else column.code), ""


def _cells(shown: counted.Matrix, column: Column | None) -> list[tuple[Cell, str]]:
    """Returns the cells of one row or one column, each with its name there."""
    cells = [cell for row in shown.rows for cell in row.cells if column is None or cell.column == column]
    return [(cell, cell.state.name if column else cell.column.name) for cell in cells]


def words_of(cell: Cell) -> str:
    return str(WHY[cell.nothing]) if cell.nothing else str(cell.count)


def _value(shown: counted.Matrix, revision: int) -> Matrix:
    """Returns the matrix as values, at ``revision``."""
    wanted = {column.code for column in shown.columns}
    return Matrix(
        revision=revision,
        by=shown.by.value,
        columns=[MatrixColumn.from_row(column) for column in shown.columns],
        rows=[
            MatrixRow(
                state=row.state.alpha3,
                name=row.state.name,
                held=row.held,
                last_year=row.last_year,
                cells=[_cell_value(cell) for cell in row.cells if cell.column.code in wanted],
            )
            for row in shown.rows
        ],
    )


def _cell_value(cell: Cell) -> MatrixCell:
    return MatrixCell(
        column=cell.column.code,
        paragraphs=cell.count,
        own_words=cell.words,
        nothing=cell.nothing.value if cell.nothing else None,
        url=cell.address if cell.count else None,
    )


def table(request: HttpRequest, shown: counted.Matrix) -> Table:
    """Returns a line for each State. What is empty says in words why: 未藏, 所藏早于决议, 未见."""
    wanted = {column.code for column in shown.columns}
    head = [
        _("代码"),
        _("国家"),
        _("藏有文件"),
        _("所藏最近年份"),
        *(column.name for column in shown.columns),
    ]
    lines = (
        [
            row.state.alpha3,
            row.state.name,
            _("是") if row.held else _("否"),
            row.last_year,
            *(words_of(cell) for cell in row.cells if cell.column.code in wanted),
        ]
        for row in shown.rows
    )
    return Table(str(TITLES[shown.by]), head, lines)
