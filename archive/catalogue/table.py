"""CSV with a first line of names: our own, those that exports use, or MARC fields (191__a, 245$a)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from archive.text.errors import UnreadableSourceError
from archive.text.reader import decode_source

from .marc import BadFileError
from .record import BadRecordError, Record, record_of

NAMES = {
    "symbols": ("symbol", "symbols", "document symbol", "un symbol", "文号", "191", "791"),
    "title": ("title", "titles", "标题", "题名", "245"),
    "date": ("date", "publication date", "日期", "出版日期", "269"),
    "authors": ("author", "authors", "作者", "责任者", "110", "710"),
    "agenda": ("agenda", "agenda item", "agenda items", "议程", "议程项目", "991"),
    "subjects": ("subject", "subjects", "keywords", "主题", "主题词", "650", "651", "611", "630"),
    "links": ("link", "links", "url", "urls", "链接", "网址", "856"),
    "number": ("record", "record id", "recid", "id", "记录号", "001"),
}
LISTS = ("symbols", "authors", "agenda", "subjects", "links")
_MARC = re.compile(r"(\d{3})[_ ]{0,3}[$|]?([a-z0-9])?", re.I)
_LINK_CODES = ("", "u")


def read_table(content: bytes) -> Iterator[Record | BadRecordError]:
    """Each row, or why it is no record. Raises BadFileError where the first line names no symbol."""
    try:
        text = decode_source("csv", content).text
    except UnreadableSourceError as error:
        raise BadFileError(1, str(error)) from error
    first = text.partition("\n")[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), strict=True)
    try:
        columns = [_field_of(name) for name in next(rows, [])]
        if "symbols" not in columns:
            raise BadFileError(1, "symbol")
        for row in rows:
            if any(cell.strip() for cell in row):
                yield _record(columns, row, rows.line_num)
    except csv.Error as error:
        raise BadFileError(rows.line_num, str(error)) from error


def _record(columns: list[str | None], row: list[str], line: int) -> Record | BadRecordError:
    values: dict[str, list[str]] = {}
    for field, cell in zip(columns, row, strict=False):
        if field and cell.strip():
            values.setdefault(field, []).extend(re.split(r"[|\n]", cell) if field in LISTS else [cell])
    try:
        return record_of(
            symbols=values.get("symbols", ()),
            title=" ".join(values.get("title", ())),
            date=next(iter(values.get("date", ())), ""),
            authors=values.get("authors", ()),
            agenda=values.get("agenda", ()),
            subjects=values.get("subjects", ()),
            links=[(address.strip(), "") for address in values.get("links", ())],
            number=next(iter(values.get("number", ())), ""),
        )
    except BadRecordError as error:
        return BadRecordError(error.code, f"{line}: {error.detail}" if error.detail else str(line))


def _field_of(name: str) -> str | None:
    plain = " ".join(name.strip().lower().replace("_", " ").split())
    field = next((field for field, names in NAMES.items() if plain in names), None)
    marc = _MARC.fullmatch(name.strip())
    if field is None and marc:
        field = next((field for field, names in NAMES.items() if marc[1] in names), None)
        if field == "links" and (marc[2] or "").lower() not in _LINK_CODES:
            return None
    return field
