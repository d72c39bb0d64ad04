"""Tables as a whole: ``/S/2018/1084/p/annex.t1`` is the address of no block, and leads to the table.

It leads to the caption, where that is the caption of this table, or else to the first row; with a fingerprint
or as a file, to the range of all its rows, whose words a fingerprint can be of. Rows that stand no more are
looked for among those that were public once: their own addresses tell what became of them.
"""

from __future__ import annotations

from collections.abc import Sequence

from archive.models import Document, IssuedText, Paragraph
from archive.models.querysets import ParagraphQuerySet
from archive.text.cells import is_table, row_number, table_of_row

from .ranges import spell

CAPTION = "table_title"


def table_place(held: Document, anchor: str) -> str | None:
    """The anchor of the caption or of the first row of the table ``anchor``; None where there is none."""
    rows = _rows(held, anchor)
    if not rows:
        return next(iter(_issued_rows(held.symbol, anchor)), None)
    first = rows[0]
    caption = first.parent
    if caption is None or caption.role != CAPTION:
        return first.anchor
    beside = held.paragraphs.filter(kind=Paragraph.Kind.ROW, parent=caption, position__lt=first.position)
    return first.anchor if beside.exists() else caption.anchor


def table_range(held: Document, anchor: str) -> str | None:
    """All rows of the table ``anchor`` as a range, ``annex.t1.r1-r9``, or its only row; or None."""
    return _spelled([row.anchor for row in _rows(held, anchor)]) or gone_table_range(held.symbol, anchor)


def gone_table_range(symbol: str, anchor: str) -> str | None:
    """As ``table_range``, of the rows that were ever public."""
    return _spelled(_issued_rows(symbol, anchor))


def head_row(held: Document, row: Paragraph) -> Paragraph | None:
    """The first row of the table in which ``row`` stands, mentions left out; None for itself and all else."""
    table = table_of_row(row.anchor) if row.kind == Paragraph.Kind.ROW else None
    if table is None:
        return None
    return _standing(held, table).filter(anchor=f"{table}.r1", position__lt=row.position).first()


def _spelled(anchors: Sequence[str]) -> str | None:
    if len(anchors) < 2:
        return next(iter(anchors), None)
    return spell(anchors[0], anchors[-1])


def _standing(held: Document, table: str) -> ParagraphQuerySet:
    rows = held.paragraphs.filter(kind=Paragraph.Kind.ROW, anchor__startswith=f"{table}.r")
    return rows.order_by("position")


def _rows(held: Document, anchor: str) -> list[Paragraph]:
    """The rows of the table that stand now; of the only table so called, where its part was left out."""
    if not is_table(anchor):
        return []
    if rows := list(_standing(held, anchor).select_related("parent")):
        return rows
    if _issued_rows(held.symbol, anchor):
        return []
    firsts = held.paragraphs.filter(kind=Paragraph.Kind.ROW, anchor__endswith=f".{anchor}.r1")
    named = list(firsts.values_list("anchor", flat=True)[:2])
    table = table_of_row(named[0]) if len(named) == 1 else None
    return list(_standing(held, table).select_related("parent")) if table else []


def _issued_rows(symbol: str, anchor: str) -> list[str]:
    """The anchors of rows of the table that were ever public, in the order of their numbers."""
    if not is_table(anchor):
        return []
    ever = IssuedText.objects.filter(symbol=symbol, language="zh", anchor__startswith=f"{anchor}.r")
    anchors = set(ever.order_by().values_list("anchor", flat=True))
    return sorted((one for one in anchors if table_of_row(one) == anchor), key=row_number)
