"""What a number without its part means: ``/S/2010/52/p/14``, ``…/p/14-16`` where the annex alone has 14.

It may mean another paragraph one day, and is never guessed: what it meant once it may mean still, so every
address that ever ended with it counts, and where there are several they are all named. With a fingerprint it
means the words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archive.models import Document, IssuedText
from archive.models.querysets import IssuedTextQuerySet
from archive.text.cells import is_table, table_of_row
from archive.text.fingerprint import SHORTEST
from archive.text.pinpoints import Anchors

from .histories import Histories
from .past_ranges import follow_range
from .permalinks import Fate, fits, place_now
from .ranges import SEPARATOR, Outline, readings, spell
from .tables import gone_table_range, table_place, table_range

Place = tuple[str, str]  # symbol, and anchor or range
MOST = 50


def places_meant(symbol: str, held: Document | None, number: str, *, words: bool = False) -> list[Place]:
    """The places that ``number`` may mean: those that stand, in the order of the document, then where those
    that are gone lead, or their own addresses, which tell what became of them.

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
    """The anchor that ``number`` means in a held document, where it can only mean one; else None."""
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
    own = IssuedText.objects.filter(symbol=symbol, language="zh", anchor=address).order_by("since_revision")
    first = own.values("since_revision")[:1]
    earlier = _ending_with(symbol, address).filter(since_revision__lt=first).order_by("anchor")
    anchors = earlier.values_list("anchor", flat=True).distinct()[:MOST]
    return [one for one in anchors if not _is_decimal(one, address)]


def _ending_with(symbol: str, number: str) -> IssuedTextQuerySet:
    return IssuedText.objects.filter(symbol=symbol, language="zh", anchor__endswith=f".{number}")


def _ever(symbol: str, number: str) -> Iterable[str]:
    """The anchors that ever ended with ``number``, or were it, in one order."""
    own = IssuedText.objects.under(symbol, number)
    rows = (own | _ending_with(symbol, number)).order_by("anchor")
    return rows.values_list("anchor", flat=True).distinct()


def _is_decimal(anchor: str, number: str) -> bool:
    """Whether ``anchor`` ends with ``number`` as 2.14 does with 14."""
    above = anchor.removesuffix(f".{number}").rpartition(".")[2]
    return above.isdecimal() and number.partition(".")[0].isdecimal()


def _ranges_in_parts(symbol: str, outline: Outline | None, spelled: str) -> list[Place]:
    """The range in every part that ever had both ends; those that stand first."""
    rows = IssuedText.objects.filter(symbol=symbol, language="zh").order_by("anchor")
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
