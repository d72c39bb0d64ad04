"""Tables as Excel workbooks (ISO/IEC 29500): every text a text cell, whatever it looks like.

Written row by row into a temporary file, so that memory does not grow with the table.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

from archive.http.byte_ranges import Pieces

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

# Limits of the format, as its makers state them: rows of a sheet, characters of a cell.
ROWS, CHARACTERS = 1_048_576, 32_767
CUT = "……[此格放不下全文，见网址]"
# The same table is the same bytes, whenever it is written.
CREATED = dt.datetime(2004, 4, 28, tzinfo=dt.UTC)
WIDTH = 18  # of a column, in digits


def workbook(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Pieces:
    """Writes ``rows`` below ``head`` to a file; returns its pieces. It is deleted when these are read or
    closed.

    Integers are numbers, to be summed and sorted; all else is text. What a sheet does not hold goes on in the
    next, below the same head.
    """
    from xlsxwriter import Workbook

    file = TemporaryFile()  # noqa: SIM115 (it is sent after this)
    try:
        with Workbook(file, {"constant_memory": True, "strings_to_urls": False}) as book:
            book.set_properties({"created": CREATED})
            sheet, place = _sheet(book, head), 0
            for row in rows:
                place += 1
                if place == ROWS:
                    sheet, place = _sheet(book, head), 1
                for column, value in enumerate(row):
                    _write(sheet, place, column, value)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return Pieces(file)


def _sheet(book: Workbook, head: Sequence[str]) -> Worksheet:
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, max(len(head) - 1, 0), WIDTH)
    # The number of a paragraph is a text that looks like a number; no green corner complains of it.
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    bold = book.add_format({"bold": True})
    for column, name in enumerate(head):
        sheet.write_string(0, column, str(name), bold)
    return sheet


def _write(sheet: Worksheet, place: int, column: int, value: object) -> None:
    if value is None or value == "":
        return
    if isinstance(value, int) and not isinstance(value, bool):
        sheet.write_number(place, column, value)
        return
    text = str(value)
    if len(text.encode("utf-16-le")) // 2 > CHARACTERS:
        text = text[: (CHARACTERS - len(CUT)) // 2] + CUT
    if text.startswith("<r>") and text.endswith("</r>"):
        # The library takes such a text for mark-up of its own and would not escape it: sent as three runs.
        sheet.write_rich_string(place, column, *text[:2], text[2:])
        return
    sheet.write_string(place, column, text)
