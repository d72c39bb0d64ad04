"""Lists as CSV files (RFC 4180) that spreadsheets open, written row by row while they are sent; and the same
rows as Excel workbooks (``workbook``).

UTF-8 with a byte order mark: without it the commonest spreadsheet program reads Chinese as Latin-1, and every
reader of CSV that matters knows to skip it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from archive.bulk import batched
from archive.http.addresses import (
    body_path,
    cited_by_path,
    concept_path,
    document_path,
    paragraph_path,
    state_path,
    treaty_path,
)
from archive.models import Body, Document, DroppedLine, Paragraph, State, ThesaurusConcept, Treaty
from archive.models.querysets import DocumentQuerySet
from archive.presenters.concepts import KINDS, branch_name
from archive.presenters.hits import hits
from archive.presenters.occurrences import Occurrences
from archive.presenters.recognition import recognized_in_words
from archive.reading import queries as reads
from archive.text.fingerprint import DIGEST_PREFIX

from .api.routes import MEDIA
from .workbook import workbook

XLSX = MEDIA["xlsx"]
BYTE_ORDER_MARK = "\ufeff"
# As OWASP lists them; the wide ones for programs that are set to Chinese.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
AT_ONCE = 500
AT_A_TIME = 50  # rows that are made before they are sent; each piece is compressed by itself


class _Echo:
    """A file that gives back what is written to it."""

    @staticmethod
    def write(line: str) -> str:
        return line


@dataclass(frozen=True, slots=True)
class Table:
    """A list as a file: its name without ending, the heads of its columns, its rows."""

    name: str
    head: Sequence[str]
    rows: Iterable[Sequence[object]]

    @property
    def file_name(self) -> str:
        """The name as that of a file, without ending."""
        return self.name.replace("/", "_")


def fingerprint_cell(fingerprint: str) -> str:
    """A fingerprint as it stands in tables, with a prefix that links accept too (``…/p/14/sha256:08859e60``).

    Of eight hexadecimal digits one in twenty-five is a number to spreadsheets: 08859e60 becomes 8.859E+63,
    00123456 loses its zeros. No program reads what begins with letters and a colon as a number or a date.

    >>> fingerprint_cell("08859e60")
    'sha256:08859e60'
    """
    return f"{DIGEST_PREFIX}{fingerprint}" if fingerprint else ""


def table_response(
    table: Table, ending: str = "csv", headers: Mapping[str, str] = MappingProxyType({})
) -> StreamingHttpResponse:
    """The table as a file with this ``ending``, with ``headers``: ``csv``, sent while it is written, or
    ``xlsx``, written to the disk first.
    """
    content: Iterable[str | bytes]
    if ending == "xlsx":
        content, media = workbook(table.head, table.rows), XLSX
    else:
        content, media = _lines(table.head, table.rows), "text/csv; charset=utf-8"
    response = StreamingHttpResponse(content, content_type=media, headers=headers)
    response["Content-Disposition"] = content_disposition_header(True, f"{table.file_name}.{ending}")
    return response


def _lines(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield BYTE_ORDER_MARK + writer.writerow(head)
    for some in batched(rows, AT_A_TIME):
        yield "".join(writer.writerow([cell(value) for value in row]) for row in some)


def cell(value: object) -> str:
    """A value as a cell. A text that a spreadsheet would run as a formula gets an apostrophe before it.

    >>> cell("=1+1")
    "'=1+1"
    """
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def documents(request: HttpRequest, rows: DocumentQuerySet, name: str = "") -> Table:
    """Documents in their order, counted some hundreds at a time."""
    head = [
        _("文号"), _("标题"), _("类型"), _("印发机关"), _("印发日期"), _("信件或照会日期"), _("会议日期"),
        _("年份"), _("段落"), _("引用它的段落"), _("网址"), _("改动版次"),
    ]  # fmt: skip
    lines = (
        (
            row.symbol,
            row.title,
            row.get_document_type_display(),
            row.organ,
            row.date,
            row.communication_date,
            row.meeting_date,
            row.year,
            row.paragraph_count,
            row.cited_by_count,
            request.build_absolute_uri(document_path(row.symbol)),
            row.revision,
        )
        for some in batched(rows.with_revision().iterator(AT_ONCE))
        for row in Document.objects.count_for(some)
    )
    return Table(name or _("文件"), head, lines)


def resolutions(request: HttpRequest, rows: Sequence[dict]) -> Table:
    """Rows as the page of resolutions has them."""
    head = [
        _("文号"), _("年份"), _("届会"), _("已藏"), _("引用段落"), _("引用文件"), _("网址"),
        _("引用它的段落"),
    ]  # fmt: skip
    lines = (
        (
            row["symbol"],
            row["year"],
            row["session"],
            yes_or_no(row["held"]),
            row["paragraphs"],
            row["documents"],
            request.build_absolute_uri(document_path(row["symbol"])),
            request.build_absolute_uri(cited_by_path(row["symbol"])),
        )
        for row in rows
    )
    return Table(_("决议"), head, lines)


def bodies(request: HttpRequest, rows: Iterable[Body]) -> Table:
    head = [_("机构"), _("英文名称"), _("外文简称"), _("由文件自行定义"), _("段落"), _("文件"), _("网址")]
    lines = (
        (
            row.name,
            row.english,
            row.acronym,
            yes_or_no(row.provisional),
            row.paragraph_count,
            row.document_count,
            request.build_absolute_uri(body_path(row.slug)),
        )
        for row in rows
    )
    return Table(_("机构"), head, lines)


def treaties(request: HttpRequest, rows: Iterable[Treaty]) -> Table:
    """Treaties ``with_figures``."""
    head = [_("条约"), _("英文名称"), _("外文简称"), _("签订"), _("段落"), _("文件"), _("网址")]
    lines = (
        (
            row.name,
            row.english,
            row.acronym,
            row.signed,
            row.paragraph_count,
            row.document_count,
            request.build_absolute_uri(treaty_path(row.slug)),
        )
        for row in rows
    )
    return Table(_("条约"), head, lines)


def concepts(request: HttpRequest, rows: Iterable[ThesaurusConcept]) -> Table:
    """Concepts of the thesaurus; several terms of a kind are divided by 、 or, in English, by semicolons."""
    head = [_("首选词"), _("门类"), *(str(label) for label, _lang in KINDS.values()), _("网址")]
    lines = (
        (
            row.name,
            branch_name(row.branch),
            *(("; " if kind == "english" else "、").join(getattr(row, kind)) for kind in KINDS),
            request.build_absolute_uri(concept_path(row.slug)),
        )
        for row in rows
    )
    return Table(_("叙词"), head, lines)


def wanted(request: HttpRequest, rows: Iterable[dict]) -> Table:
    """What is cited and not held, as the page has it."""
    head = [
        _("文号"), _("名称"), _("引用段落"), _("引用文件"), _("首次引用年份"), _("最近引用年份"),
        _("联合国原件"), _("网址"), _("引用它的段落"), _("向联合国索取的结果"),
        _("同一文件的其他文号"), "EUR-Lex",
    ]  # fmt: skip
    lines = (
        (
            row["symbol"],
            row["name"],
            row["paragraphs"],
            row["documents"],
            row["first"],
            row["last"],
            row["un_url"],
            request.build_absolute_uri(document_path(row["symbol"])),
            request.build_absolute_uri(cited_by_path(row["symbol"])),
            row["asked"].meaning if row["asked"] else "",
            " ".join(row["same_document"]),
            row["eur_lex_url"],
        )
        for row in rows
    )
    return Table(_("被引用而未藏的文件"), head, lines)


def states(request: HttpRequest, rows: Iterable[State]) -> Table:
    head = [_("代码"), _("国家"), _("全称"), _("英文名称"), _("发言和答复段落"), _("文件"), _("网址")]
    lines = (
        (
            row.alpha3,
            row.name,
            row.official_name,
            row.english,
            row.paragraph_count,
            row.document_count,
            request.build_absolute_uri(state_path(row.alpha3)),
        )
        for row in rows
    )
    return Table(_("国家"), head, lines)


def years(request: HttpRequest, rows: Iterable[dict]) -> Table:
    """Years without documents are rows too, with nothing in them: absence is not zero."""
    lines = (
        (row["label"], row["documents"], row["paragraphs"], yes_or_no(bool(row["year"]))) for row in rows
    )
    return Table(_("年份"), [_("年份"), _("文件"), _("段落"), _("藏有文件")], lines)


def paragraphs(request: HttpRequest, document: Document, rows: Sequence[Paragraph]) -> Table:
    """The paragraphs of one document, in order."""
    head = [
        _("段落标记"), _("编号"), _("类别"), _("部分"), _("发言或答复"),
        _("文字"), _("指纹"), _("网址"), _("说明"),
    ]  # fmt: skip
    lines = (
        (
            row.anchor,
            row.number,
            row.get_kind_display(),
            row.part,
            row.submitter_name or row.speaker_delegation or row.speaker_name,
            row.text,
            fingerprint_cell(row.fingerprint),
            request.build_absolute_uri(paragraph_path(document.symbol, row.anchor)),
            recognized_in_words(row.ocr_confidence),
        )
        for row in rows
    )
    return Table(document.symbol, head, lines)


def dropped_lines(document: Document, rows: QuerySet[DroppedLine]) -> Table:
    lines = ((row.line, row.text, row.reason) for row in rows.iterator(AT_ONCE))
    return Table(
        _("%(symbol)s-未收入正文的行") % {"symbol": document.symbol}, [_("行"), _("文字"), _("原因")], lines
    )


def occurrences(request: HttpRequest, name: str, found: Occurrences) -> Table:
    """Every paragraph that a list pages through, with its sentence and what is said of it."""
    head = [
        _("文号"), _("位置"), _("标题"), _("年份"), _("发言或答复"), _("所在的句子"),
        _("段落文字"), _("指纹"), _("网址"), _("说明"),
    ]  # fmt: skip
    return Table(name, head, _occurrence_rows(request, found))


def _occurrence_rows(request: HttpRequest, found: Occurrences) -> Iterator[tuple]:
    for some in batched(found.rows.iterator(AT_ONCE)):
        for hit in hits(some, reads.ancestors(some), found.places(some), found.remarks(some)):
            yield (
                hit.document.symbol,
                hit.name,
                hit.document.title,
                hit.document.year,
                hit.who,
                hit.excerpt.words,
                hit.paragraph.text,
                fingerprint_cell(hit.paragraph.fingerprint),
                request.build_absolute_uri(hit.address),
                "；".join(hit.remarks),
            )


def yes_or_no(value: bool) -> str:
    return _("是") if value else _("否")
