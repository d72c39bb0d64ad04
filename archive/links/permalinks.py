"""What became of the words that a link was issued for: identical, moved, edited, withdrawn, or never issued.

A fingerprint is never matched fuzzily: the words are the same, or the answer says that they are not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Q

from archive.links.fates import Fate
from archive.links.histories import Histories, Step
from archive.links.standing import containing
from archive.models import Document, IssuedText, MovedAnchor, Paragraph


@dataclass(frozen=True, slots=True)
class Permalink:
    """The answer. ``paragraph`` stands now under (or instead of) the address, in ``document``, which after a
    merge is another one; ``issued`` is the text as cited, with its dates.

    ``steps`` tell what happened to the words, oldest first. ``candidates`` are the places where the cited
    words now stand, where it cannot be known which of them is meant: that is not guessed. ``within`` is the
    one run of paragraphs in which the cited words stand now, whole and unbroken, where they were split up,
    or joined with others.
    """

    fate: Fate
    paragraph: Paragraph | None = None
    issued: IssuedText | None = None
    candidates: list[Paragraph] = field(default_factory=list)
    document: Document | None = None
    steps: tuple[Step, ...] = ()
    within: list[Paragraph] = field(default_factory=list)


def find_paragraph(document: Document, anchor: str) -> Paragraph | None:
    """The paragraph that stands under ``anchor`` now, or None."""
    return (
        Paragraph.objects.filter(document=document, anchor=anchor)
        .select_related("state", "body")
        .with_mentions()
        .first()
    )


def moved_to(symbol: str, anchor: str) -> str | None:
    """The anchor of the same document to which an issued one leads now, or None."""
    place = place_now(symbol, anchor)
    return place[1] if place and place[0] == symbol else None


def place_now(symbol: str, anchor: str) -> tuple[str, str] | None:
    """(symbol, anchor) to which an issued anchor leads now, also in another document; or None.

    None also where what it led to is gone in its turn: that is told under the address that was asked for.
    """
    place = MovedAnchor.objects.place(symbol, anchor)
    stands = place and IssuedText.objects.standing().filter(symbol=place[0], anchor=place[1]).exists()
    return place if stands else None


def last_issued(symbol: str, anchor: str) -> IssuedText | None:
    """The newest text that was public under an address, or None where it was never issued."""
    return IssuedText.objects.under(symbol, anchor).last()


def earlier_texts(
    symbol: str, anchor: str, came: Sequence[MovedAnchor] = (), standing: str = ""
) -> list[IssuedText]:
    """The texts that were public under an address and are no more, newest first.

    With ``came``, the moves that lead here, also those that were public there, where they are not the
    ``standing`` words (by fingerprint): who comes by such an address may have read them.
    """
    under = Q(symbol=symbol, anchor=anchor)
    for move in came:
        under |= Q(symbol=move.symbol, anchor=move.old_anchor) & ~Q(fingerprint=standing)
    return list(IssuedText.objects.filter(under, language="zh").exclude(until=None).order_by("-since", "-pk"))


def follow(symbol: str, document: Document | None, anchor: str, fingerprint: str) -> Permalink:
    """What became of the words with ``fingerprint`` that were cited as ``anchor`` of ``symbol``.

    ``document`` is the one held under the symbol, or None. The address itself may live on with other words,
    as where paragraphs were renumbered: the words are looked for before the answer is "edited".
    """
    here = find_paragraph(document, anchor) if document else None
    if here and here.fingerprint == fingerprint:
        return Permalink(Fate.IDENTICAL, here, document=document)
    found = Histories().verdict(symbol, anchor, fingerprint)
    if found is None:
        place = place_now(symbol, anchor) if here is None else None
        there = find_paragraph(document, place[1]) if place and place[0] == symbol and document else None
        return Permalink(Fate.NEVER_ISSUED, here or there, document=document)
    issued = IssuedText.objects.get(pk=found.cited)
    if found.withdrawn:
        return Permalink(Fate.WITHDRAWN, None, issued, document=document, steps=found.steps)
    home = document if found.symbol == symbol else Document.objects.find(found.symbol)
    now = _paragraph_under(home, found.anchor, here)
    if found.same_words:
        return Permalink(Fate.MOVED, now, issued, document=home, steps=found.steps)
    twins = _paragraphs(home, found.twins)
    within = containing(home, issued.text) if home and not twins else []
    fate = Fate.EDITED if now else Fate.WITHDRAWN
    return Permalink(fate, now, issued, twins, home, found.steps, within)


def _paragraph_under(home: Document | None, anchor: str | None, here: Paragraph | None) -> Paragraph | None:
    if home is None or anchor is None:
        return None
    if here and here.document_id == home.pk and here.anchor == anchor:
        return here
    return find_paragraph(home, anchor)


def _paragraphs(home: Document | None, anchors: tuple[str, ...]) -> list[Paragraph]:
    return list(home.paragraphs.filter(anchor__in=anchors).order_by("position")) if home and anchors else []
