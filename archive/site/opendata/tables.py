"""Lists as CSV files (RFC 4180) that spreadsheets open, written row by row while they are sent; and the same
rows as Excel workbooks (``workbook``).

UTF-8 with a byte order mark, without which the commonest spreadsheet program reads Chinese as Latin-1.
"""

from __future__ import annotations

import csv
import datetime as dt
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter, itemgetter
from tempfile import TemporaryFile
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, Any, Self

from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from archive.models import Body, Document, DroppedLine, Paragraph, State, ThesaurusConcept, Treaty
from archive.models.querysets.documents import DocumentQuerySet
from archive.site.http.formats import MEDIA
from archive.site.presenters.concepts import KINDS, branch_name
from archive.site.presenters.occurrences import Occurrences, hits
from archive.site.presenters.wording import recognized_in_words
from archive.store.addresses.paths import (
    body_path,
    cited_by_path,
    concept_path,
    document_path,
    paragraph_path,
    state_path,
    treaty_path,
)
from archive.store.database.bulk import batched
from archive.store.reading import queries as reads
from archive.store.spreadsheet import BYTE_ORDER_MARK, cell
from archive.text.fingerprint import DIGEST_PREFIX

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet


AT_ONCE = 500
PIECE = 1 << 16  # bytes sent at once
AT_A_TIME = 50  # rows that are made before they are sent; each piece is compressed by itself


Columns = Mapping[str, str | Callable[[Any], object]]


class _Echo:
    """A file-like object whose ``write`` returns the written line."""

    @staticmethod
    def write(line: str) -> str:
        return line


@dataclass(frozen=True, slots=True)
class Table:
    """A list as a file: its name without ending, the heads of its columns, its rows."""

    name: str
    head: Sequence[str]
    rows: Iterable[Sequence[object]]

    @classmethod
    def of(cls, name: str, columns: Columns, rows: Iterable[Any]) -> Self:
        """Returns rows, objects or dictionaries, by their columns: the head of each and what stands below."""

        def values(row: Any) -> list[object]:
            get = itemgetter if isinstance(row, dict) else attrgetter
            return [get(told)(row) if isinstance(told, str) else told(row) for told in columns.values()]

        return cls(name, [*columns], map(values, rows))


def date_columns() -> Columns:
    """Returns the columns of what has the dates of a document."""
    return {_("印发日期"): "date", _("信件或照会日期"): "communication_date", _("会议日期"): "meeting_date"}


def fingerprint_cell(fingerprint: str) -> str:
    """Returns a fingerprint for a table, with a prefix that links accept too (``…/p/14/sha256:08859e60``).

    Of eight hexadecimal digits one in twenty-five is a number to spreadsheets: 08859e60 becomes 8.859E+63,
    00123456 loses its zeros. No program reads what begins with letters and a colon as a number or a date.

    >>> fingerprint_cell("08859e60")
    'sha256:08859e60'
    """
    return f"{DIGEST_PREFIX}{fingerprint}" if fingerprint else ""


def table_response(
    table: Table, ending: str = "csv", headers: Mapping[str, str] = MappingProxyType({})
) -> StreamingHttpResponse:
    """Returns the table as a file with this ``ending``, with ``headers``: ``csv``, sent while it is written,
    or ``xlsx``, written to the disk first.
    """
    content: Iterable[str | bytes]
    if ending == "xlsx":
        content, media = workbook(table.head, table.rows), MEDIA["xlsx"]
    else:
        content, media = _lines(table.head, table.rows), f"{MEDIA['csv']}; charset=utf-8"
    response = StreamingHttpResponse(content, content_type=media, headers=headers)
    response["Content-Disposition"] = content_disposition_header(
        True, f"{table.name.replace('/', '_')}.{ending}"
    )
    return response


def _lines(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield BYTE_ORDER_MARK + writer.writerow(head)
    for some in batched(rows, AT_A_TIME):
        yield "".join(writer.writerow([cell(value) for value in row]) for row in some)


def documents(request: HttpRequest, rows: DocumentQuerySet, name: str = "") -> Table:
    """Documents in their order, counted some hundreds at a time."""
    counted = (
        row
        for some in batched(rows.with_revision().iterator(AT_ONCE))
        for row in Document.objects.count_for(some)
    )
    columns: Columns = {
        _("文号"): "symbol",
        _("标题"): "title",
        _("类型"): lambda row: row.get_document_type_display(),
        _("印发机关"): "organ",
        **date_columns(),
        _("年份"): "year",
        _("段落"): "paragraph_count",
        _("引用它的段落"): "cited_by_count",
        _("网址"): lambda row: request.build_absolute_uri(document_path(row.symbol)),
        _("改动版次"): "revision",
    }
    return Table.of(name or _("文件"), columns, counted)


def resolutions(request: HttpRequest, rows: Sequence[dict]) -> Table:
    """Rows as the page of resolutions has them."""
    columns: Columns = {
        _("文号"): "symbol",
        _("年份"): "year",
        _("届会"): "session",
        _("已藏"): lambda row: yes_or_no(row["held"]),
        _("引用段落"): "paragraphs",
        _("引用文件"): "documents",
        _("网址"): lambda row: request.build_absolute_uri(document_path(row["symbol"])),
        _("引用它的段落"): lambda row: request.build_absolute_uri(cited_by_path(row["symbol"])),
    }
    return Table.of(_("决议"), columns, rows)


def bodies(request: HttpRequest, rows: Iterable[Body]) -> Table:
    columns: Columns = {
        _("机构"): "name",
        _("英文名称"): "english",
        _("外文简称"): "acronym",
        _("由文件自行定义"): lambda row: yes_or_no(row.provisional),
        _("段落"): "paragraph_count",
        _("文件"): "document_count",
        _("网址"): lambda row: request.build_absolute_uri(body_path(row.slug)),
    }
    return Table.of(_("机构"), columns, rows)


def treaties(request: HttpRequest, rows: Iterable[Treaty]) -> Table:
    """Treaties ``with_figures``."""
    columns: Columns = {
        _("条约"): "name",
        _("英文名称"): "english",
        _("外文简称"): "acronym",
        _("签订"): "signed",
        _("段落"): "paragraph_count",
        _("文件"): "document_count",
        _("网址"): lambda row: request.build_absolute_uri(treaty_path(row.slug)),
    }
    return Table.of(_("条约"), columns, rows)


def concepts(request: HttpRequest, rows: Iterable[ThesaurusConcept]) -> Table:
    """Concepts of the thesaurus; several terms of a kind are divided by 、 or, in English, by semicolons."""
    terms = {
        str(label): lambda row, kind=kind: ("; " if kind == "english" else "、").join(getattr(row, kind))
        for kind, (label, _lang) in KINDS.items()
    }
    columns: Columns = {
        _("首选词"): "name",
        _("门类"): lambda row: branch_name(row.branch),
        **terms,
        _("网址"): lambda row: request.build_absolute_uri(concept_path(row.slug)),
    }
    return Table.of(_("叙词"), columns, rows)


def wanted(request: HttpRequest, rows: Iterable[Any]) -> Table:
    """Builds the table of documents cited but not held, from ``WantedDocument`` rows."""
    columns: Columns = {
        _("文号"): "symbol",
        _("名称"): "name",
        _("引用段落"): "paragraphs",
        _("引用文件"): "documents",
        _("首次引用年份"): "first",
        _("最近引用年份"): "last",
        _("联合国原件"): "un_url",
        _("网址"): lambda row: request.build_absolute_uri(document_path(row.symbol)),
        _("引用它的段落"): lambda row: request.build_absolute_uri(cited_by_path(row.symbol)),
        _("向联合国索取的结果"): lambda row: row.asked.meaning if row.asked else "",
        _("同一文件的其他文号"): lambda row: " ".join(row.same_document),
        "EUR-Lex": "eur_lex_url",
    }
    return Table.of(_("被引用而未藏的文件"), columns, rows)


def states(request: HttpRequest, rows: Iterable[State]) -> Table:
    columns: Columns = {
        _("代码"): "alpha3",
        _("国家"): "name",
        _("全称"): "official_name",
        _("英文名称"): "english",
        _("发言和答复段落"): "paragraph_count",
        _("文件"): "document_count",
        _("网址"): lambda row: request.build_absolute_uri(state_path(row.alpha3)),
    }
    return Table.of(_("国家"), columns, rows)


def years(request: HttpRequest, rows: Iterable[dict]) -> Table:
    """Years without documents are rows too, with nothing in them: absence is not zero."""
    columns: Columns = {
        _("年份"): "label",
        _("文件"): "documents",
        _("段落"): "paragraphs",
        _("藏有文件"): lambda row: yes_or_no(bool(row["year"])),
    }
    return Table.of(_("年份"), columns, rows)


def paragraphs(request: HttpRequest, document: Document, rows: Sequence[Paragraph]) -> Table:
    """Returns the paragraphs of one document, in order."""
    columns: Columns = {
        _("段落标记"): "anchor",
        _("编号"): "number",
        _("类别"): lambda row: row.get_kind_display(),
        _("部分"): "part",
        _("发言或答复"): lambda row: row.submitter_name or row.speaker_delegation or row.speaker_name,
        _("文字"): "text",
        _("指纹"): lambda row: fingerprint_cell(row.fingerprint),
        _("网址"): lambda row: request.build_absolute_uri(paragraph_path(document.symbol, row.anchor)),
        _("说明"): lambda row: recognized_in_words(row.ocr_confidence),
    }
    return Table.of(document.symbol, columns, rows)


def dropped_lines(document: Document, rows: QuerySet[DroppedLine]) -> Table:
    columns: Columns = {_("行"): "line", _("文字"): "text", _("原因"): "reason"}
    name = _("%(symbol)s-未收入正文的行") % {"symbol": document.symbol}
    return Table.of(name, columns, rows.iterator(AT_ONCE))


def occurrences(request: HttpRequest, name: str, found: Occurrences) -> Table:
    """Builds the table of all paragraphs of a list, with their sentences and remarks."""
    rows = (
        hit
        for some in batched(found.rows.iterator(AT_ONCE))
        for hit in hits(some, reads.ancestors(some), found.places(some), found.remarks(some))
    )
    columns: Columns = {
        _("文号"): "document.symbol",
        _("位置"): "name",
        _("标题"): "document.title",
        _("年份"): "document.year",
        _("发言或答复"): "speaker",
        _("所在的句子"): "excerpt",
        _("段落文字"): "paragraph.text",
        _("指纹"): lambda hit: fingerprint_cell(hit.paragraph.fingerprint),
        _("网址"): lambda hit: request.build_absolute_uri(hit.url),
        _("说明"): lambda hit: "；".join(hit.remarks or ()),
    }
    return Table.of(name, columns, rows)


def yes_or_no(value: bool) -> str:
    return _("是") if value else _("否")


# Tables as Excel workbooks (ISO/IEC 29500): every text a text cell, whatever it looks like.

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


class Pieces:
    """An iterator over at most ``left`` bytes of an open file, which it closes at the end, when the answer is
    closed, or when it is garbage-collected: an answer turned into a 304 is dropped unread.
    """

    def __init__(self, file: IO[bytes], left: int | None = None) -> None:
        self.file, self.left = file, left
        self.close = weakref.finalize(self, file.close)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        size = PIECE if self.left is None else min(PIECE, self.left)
        piece = b"" if self.file.closed else self.file.read(size)
        if not piece:
            self.close()
            raise StopIteration
        if self.left is not None:
            self.left -= len(piece)
        return piece
