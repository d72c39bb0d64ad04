"""A basket of cited paragraphs: an address that names them by their short codes. Nothing of it is stored.

``/basket?c=7k3m9x2q&c=…``: at most ``MOST`` codes, in the order given. What a code stands for is looked up
anew each time, so a basket that was sent tells at once what has changed since.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from archive import shortlinks
from archive.models import IssuedText, MovedAnchor, Paragraph, ShortLink
from archive.text.fingerprint import normal_form

MOST = 100
LONGEST = 4000  # characters that are read of one value
_SHORT_LINK = re.compile(r"^.*/c/([^/?#]+).*$", re.DOTALL)


class LinkStatus(StrEnum):
    """The fate of the text to which a short code refers."""

    IDENTICAL = "identical"
    FORM = "identical_but_form"
    MOVED = "moved"
    EDITED = "edited"
    WITHDRAWN = "withdrawn"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class Item:
    """A link in the basket, its status, and the ``paragraph`` that has its words now, with the document.

    Only where the words are the same as cited is there a paragraph: of all others no word is shown here.
    """

    link: ShortLink
    status: LinkStatus
    paragraph: Paragraph | None = None

    @property
    def code(self) -> str:
        return self.link.code


def codes_of(values: Iterable[str]) -> tuple[list[str], list[str]]:
    """Returns the codes that were given, each once, in order; and what is none, as it was typed.

    A value may hold several codes or short links, with white space or commas between them.
    """
    codes: dict[str, None] = {}
    wrong: dict[str, None] = {}
    for value in values:
        for typed in re.split(r"[\s,，、;；]+", value[:LONGEST]):
            code = shortlinks.read(_SHORT_LINK.sub(r"\1", typed))
            if code:
                codes[code] = None
            elif typed:
                wrong[typed[:60]] = None
    return list(codes), list(wrong)


def items_of(codes: Sequence[str]) -> tuple[list[Item], list[str]]:
    """Returns the items of a basket in the order of its ``codes``, and the codes that were never given out.

    A fixed number of queries. Two codes that lead to the same words now are two items.
    """
    links = {link.code: link for link in ShortLink.objects.filter(code__in=codes)}
    here = _paragraphs({(link.symbol, link.language, link.anchor) for link in links.values()})
    issued = _issued(links.values())
    there = _moved([link for link in links.values() if not _same(link, here.get(_place(link)))])
    found = [_item(links[code], here, there, issued) for code in codes if code in links]
    return found, [code for code in codes if code not in links]


def _place(link: ShortLink) -> tuple[str, str, str]:
    return (link.symbol, link.language, link.anchor)


def _same(link: ShortLink, paragraph: Paragraph | None) -> bool:
    return paragraph is not None and paragraph.fingerprint == link.fingerprint


Places = Mapping[tuple[str, str, str], Paragraph]


def _item(link: ShortLink, here: Places, there: Places, issued: dict) -> Item:
    texts = issued.get((*_place(link), link.fingerprint), [])
    now, moved = here.get(_place(link)), there.get(_place(link))
    if now and _same(link, now):
        others = [text for text in texts if text.text and text.text != now.text and not text.withheld]
        if not any(normal_form(text.text) != normal_form(now.text) for text in others):
            return Item(link, LinkStatus.FORM if others else LinkStatus.IDENTICAL, now)
    if any(text.withheld for text in texts):
        return Item(link, LinkStatus.WITHHELD)
    forms = {normal_form(text.text) for text in texts}
    if moved and _same(link, moved) and forms <= {normal_form(moved.text)}:
        return Item(link, LinkStatus.MOVED, moved)
    return Item(link, LinkStatus.EDITED if now or moved else LinkStatus.WITHDRAWN)


def _paragraphs(places: set[tuple[str, str, str]]) -> dict[tuple[str, str, str], Paragraph]:
    """Returns the current paragraphs at (symbol, language, anchor), each with its document; one query."""
    symbols, languages, anchors = (
        (set(column) for column in zip(*places, strict=True)) if places else ((),) * 3
    )
    rows = Paragraph.objects.filter(
        document__symbol__in=symbols, document__language__in=languages, anchor__in=anchors
    ).select_related(
        "state", "document", "document__state", "document__body", "document__organ_body", "document__source"
    )
    found = {(row.document.symbol, row.document.language, row.anchor): row for row in rows}
    return {place: row for place, row in found.items() if place in places}


def _issued(links: Iterable[ShortLink]) -> dict[tuple[str, str, str, str], list[IssuedText]]:
    """Returns all texts ever issued under the addresses and fingerprints of ``links``; one query."""
    rows = IssuedText.objects.filter(
        symbol__in={link.symbol for link in links},
        anchor__in={link.anchor for link in links},
        fingerprint__in={link.fingerprint for link in links},
    ).order_by("since_revision", "pk")
    found: dict[tuple[str, str, str, str], list[IssuedText]] = {}
    for row in rows:
        found.setdefault((row.symbol, row.language, row.anchor, row.fingerprint), []).append(row)
    return found


def _moved(links: Sequence[ShortLink]) -> dict[tuple[str, str, str], Paragraph]:
    """Returns the paragraphs to which the addresses of ``links`` lead now; two queries.

    Moves are followed inside the documents that are named; a chain through a third document ends there.
    """
    symbols = {link.symbol for link in links}
    moves = {
        (row.symbol, row.language, row.old_anchor): (
            row.new_symbol or row.symbol, row.language, row.new_anchor,
        )
        for row in MovedAnchor.objects.filter(symbol__in=symbols)
    }  # fmt: skip
    ends = {}
    for link in links:
        place, seen = _place(link), set()
        while place in moves and place not in seen:
            seen.add(place)
            place = moves[place]
        if place != _place(link):
            ends[_place(link)] = place
    standing = _paragraphs(set(ends.values()))
    return {start: standing[end] for start, end in ends.items() if end in standing}
