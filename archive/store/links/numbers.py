"""Resolution of bare paragraph numbers: ``/S/2010/52/p/14``, ``…/p/14-16`` where only the annex has 14.

The number may become ambiguous, and is never guessed: every address that ever ended with it is a candidate,
and several candidates are all offered. With a fingerprint it is resolved by the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from archive.models import Document, IssuedText, Paragraph
from archive.models.querysets.documents import IssuedTextQuerySet
from archive.models.querysets.paragraphs import ParagraphQuerySet
from archive.text.cells import is_table, row_number, table_of_row
from archive.text.fingerprint import SHORTEST
from archive.text.pinpoints.anchors import Anchors

from .histories import Histories
from .permalinks import Fate, fits, place_now
from .ranges import SEPARATOR, Outline, follow_range, readings, spell

Place = tuple[str, str]  # symbol, and anchor or range
MOST = 50


def places_meant(symbol: str, held: Document | None, number: str, *, words: bool = False) -> list[Place]:
    """Returns the places that ``number`` may mean: those that stand, in the order of the document, then where
    those that are gone lead, or their own addresses, which tell what became of them.

    Empty where ``number`` is or was an address of its own. ``words``: of a table as a whole, its rows.
    """
    if is_table(number):
        return _tables_meant(symbol, held, number, words=words)
    ever = set(_ever(symbol, number))
    if number in ever:
        return []
    anchors = held.paragraphs.anchors() if held else Anchors(())
    standing = anchors.matching(number)
    gone = sorted(ever - anchors.known)
    if plain := [anchor for anchor in gone if not _is_decimal(anchor, number)]:
        gone = plain
    elif standing:
        gone = []
    found = [(symbol, anchor) for anchor in standing]
    found += [place_now(symbol, anchor) or (symbol, anchor) for anchor in gone[:MOST]]
    return list(dict.fromkeys(found))


def place_meant(held: Document, number: str) -> str | None:
    """Returns the anchor of a bare ``number`` in a held document, where it is unambiguous; else None."""
    found = places_meant(held.symbol, held, number)
    return found[0][1] if len(found) == 1 and found[0][0] == held.symbol else None


def ranges_meant(symbol: str, held: Document | None, spelled: str) -> list[Place]:
    """The same of two numbers, as ranges inside one part; where no part ever had both, from the one to the
    other as each is meant by itself."""
    outline = Outline(held) if held else None
    if outline and outline.ends(spelled):
        return []
    if found := _ranges_in_parts(symbol, outline, spelled):
        return found
    anchors = outline.places if outline else {}
    pair = SEPARATOR.split(spelled, maxsplit=1)
    ends = [end if end in anchors else place_meant(held, end) if held else None for end in pair]
    return [(symbol, spell(*map(str, ends)))] if all(ends) else []


def words_meant(symbol: str, held: Document | None, number: str, cited: str) -> list[Place]:
    """The addresses ending with ``number``, or the ranges, under which words with the digits ``cited`` were
    public: one, the earliest, where all lead to one place now."""
    if SEPARATOR.search(number):
        found = _ranges_in_parts(symbol, Outline(held) if held else None, number)[:MOST]
        fates = ((place, follow_range(symbol, held, place[1], cited).fate) for place in found)
        return [place for place, fate in fates if fate is not Fate.NEVER_ISSUED]
    rows = _ending_with(symbol, number).filter(fingerprint=cited[:SHORTEST])
    texts = {row.anchor: row for row in rows.order_by("-since_revision", "-pk") if fits(row, cited)}
    histories = Histories()
    ends = {(now.symbol, now.anchor) for now in map(histories.verdict_of, texts.values())}
    found = [(symbol, anchor) for anchor in texts][::-1]
    return found[:1] if len(ends) == 1 else found


def formerly_meant(symbol: str, address: str) -> list[str]:
    """The anchors that an anchor meant as a number without its part, before it was an address of its own; or
    the ranges that a range meant."""
    if SEPARATOR.search(address):
        ends = next(readings(address))
        parts = tuple(one.removesuffix(end) for end in ends for one in formerly_meant(symbol, end))
        found = _ranges_in_parts(symbol, None, address) if parts else []
        return [spelled for _symbol, spelled in found if spelled.startswith(parts)]
    own = IssuedText.objects.of_symbol(symbol).filter(anchor=address).order_by("since_revision")
    first = own.values("since_revision")[:1]
    earlier = _ending_with(symbol, address).filter(since_revision__lt=first).order_by("anchor")
    anchors = earlier.values_list("anchor", flat=True).distinct()[:MOST]
    return [one for one in anchors if not _is_decimal(one, address)]


def _ending_with(symbol: str, number: str) -> IssuedTextQuerySet:
    return IssuedText.objects.of_symbol(symbol).filter(anchor__endswith=f".{number}")


def _ever(symbol: str, number: str) -> Iterable[str]:
    """Generates the anchors that ever ended with ``number``, or were it, in one order."""
    own = IssuedText.objects.under(symbol, number)
    rows = (own | _ending_with(symbol, number)).order_by("anchor")
    return rows.values_list("anchor", flat=True).distinct()


def _is_decimal(anchor: str, number: str) -> bool:
    """Returns True if ``number`` is the last part of a decimal number in ``anchor``: 14 of 2.14."""
    above = anchor.removesuffix(f".{number}").rpartition(".")[2]
    return above.isdecimal() and number.partition(".")[0].isdecimal()


def _ranges_in_parts(symbol: str, outline: Outline | None, spelled: str) -> list[Place]:
    """Returns the range in every part that ever had both ends; those that stand first."""
    rows = IssuedText.objects.of_symbol(symbol).order_by("anchor")
    ever = list(rows.values_list("anchor", flat=True).distinct())
    found: list[str] = []
    for ends in readings(spelled):
        tails = [f".{end}" for end in ends]
        of_each = ({one.removesuffix(tail) for one in ever if one.endswith(tail)} for tail in tails)
        parts = set.intersection(*of_each)
        found += [spell(*(f"{part}.{end}" for end in ends)) for part in sorted(parts)]
        if parts:
            break
    standing = [one for one in found if outline and outline.ends(one)]
    return [(symbol, one) for one in dict.fromkeys((*standing, *found))]


def _tables_meant(symbol: str, held: Document | None, table: str, *, words: bool) -> list[Place]:
    if held is None:
        found = gone_table_range(symbol, table)
    else:
        found = table_range(held, table) if words else table_place(held, table)
    if found:
        return [(symbol, found)]
    return [(symbol, whole) for whole in dict.fromkeys(_tables_ever(symbol, table))]


def _tables_ever(symbol: str, table: str) -> Iterator[str]:
    return filter(None, map(table_of_row, _ever(symbol, f"{table}.r1")))


# Tables as a whole: ``/S/2018/1084/p/annex.t1`` is the address of no block, and leads to the table.

CAPTION = "table_title"


def table_place(held: Document, anchor: str) -> str | None:
    """Returns the anchor of the caption or first row of the table ``anchor``; None without."""
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
    """Returns all rows of the table ``anchor`` as a range, ``annex.t1.r1-r9``, or its only row; or None."""
    return _spelled([row.anchor for row in _rows(held, anchor)]) or gone_table_range(held.symbol, anchor)


def gone_table_range(symbol: str, anchor: str) -> str | None:
    """Returns a range like ``table_range``, of the rows that were ever public."""
    return _spelled(_issued_rows(symbol, anchor))


def head_row(held: Document, row: Paragraph) -> Paragraph | None:
    """Returns the first row of the table of ``row``; None for that row itself and for other blocks."""
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
    """Returns the current rows of a table; where its part was left out, of the only table of that name."""
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
    """Returns the anchors of rows of the table that were ever public, in the order of their numbers."""
    if not is_table(anchor):
        return []
    ever = IssuedText.objects.of_symbol(symbol).filter(anchor__startswith=f"{anchor}.r")
    anchors = set(ever.order_by().values_list("anchor", flat=True))
    return sorted((one for one in anchors if table_of_row(one) == anchor), key=row_number)
