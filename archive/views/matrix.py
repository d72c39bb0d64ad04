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
from archive.reading.matrix import RESOLUTION, By, Matrix, MatrixCell, MatrixColumn, Nothing, matrix
from archive.values import answers

from .page import page
from .record import pinpoints_of
from .respond import respond

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
            "revision": whole.revision,
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
