"""What became of the words that a link was issued for: identical, moved, edited, withdrawn, or never issued.

A fingerprint is never matched fuzzily: the words are the same, or the answer says that they are not.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from archive.models import Document, IssuedText, MovedAnchor, Paragraph


class Fate(StrEnum):
    IDENTICAL = "identical"
    MOVED = "moved"
    EDITED = "edited"
    WITHDRAWN = "withdrawn"
    NEVER_ISSUED = "never_issued"


@dataclass(frozen=True, slots=True)
class Permalink:
    """The answer. ``paragraph`` stands now under (or instead of) the address; ``issued`` is the old text.

    ``candidates`` are the places where the cited words now stand, where they came to stand at several at
    once: which of them is meant is not guessed.
    """

    fate: Fate
    paragraph: Paragraph | None = None
    issued: IssuedText | None = None
    candidates: list[Paragraph] = field(default_factory=list)


def find_paragraph(document: Document, anchor: str) -> Paragraph | None:
    """The paragraph that stands under ``anchor`` now, or None."""
    return (
        Paragraph.objects.filter(document=document, anchor=anchor)
        .select_related("state", "body")
        .with_mentions()
        .first()
    )


def moved_to(symbol: str, anchor: str) -> str | None:
    """The anchor to which an issued one leads now, or None."""
    return MovedAnchor.objects.destination(symbol, anchor)


def last_issued(symbol: str, anchor: str) -> IssuedText | None:
    """The newest text that was public under an address, or None where it was never issued."""
    return IssuedText.objects.under(symbol, anchor).last()


def earlier_texts(symbol: str, anchor: str) -> list[IssuedText]:
    """The texts that were public under an address and are no more, newest first."""
    return list(IssuedText.objects.under(symbol, anchor).exclude(until=None).reverse())


def follow(symbol: str, document: Document | None, anchor: str, fingerprint: str) -> Permalink:
    """What became of the words with ``fingerprint`` that were cited as ``anchor`` of ``symbol``.

    ``document`` is the one held under the symbol, or None. The address itself may live on with other words,
    as where paragraphs were renumbered: the words are looked for before the answer is "edited".
    """
    here = find_paragraph(document, anchor) if document else None
    if here and here.fingerprint == fingerprint:
        return Permalink(Fate.IDENTICAL, here)
    elsewhere = moved_to(symbol, anchor)
    there = find_paragraph(document, elsewhere) if document and elsewhere else None
    if there and there.fingerprint == fingerprint:
        return Permalink(Fate.MOVED, there)
    issued = IssuedText.objects.under(symbol, anchor).filter(fingerprint=fingerprint).last()
    if issued is None:
        return Permalink(Fate.NEVER_ISSUED, there or here)
    candidates = _where_the_words_went(document, issued) if document else []
    if len(candidates) == 1:
        return Permalink(Fate.MOVED, find_paragraph(document, candidates[0].anchor))
    now = there or here
    return Permalink(Fate.EDITED if now else Fate.WITHDRAWN, now, issued, candidates)


def _where_the_words_went(document: Document, issued: IssuedText) -> list[Paragraph]:
    """The paragraphs that carry the words of ``issued`` since it ended, or later, in reading order.

    A twin that had the same words all along is another paragraph, not the one that was cited.
    """
    if issued.until is None:
        return []
    since = IssuedText.objects.standing().filter(
        symbol=issued.symbol,
        language=issued.language,
        fingerprint=issued.fingerprint,
        since__gte=issued.until,
    )
    anchors = since.values("anchor")
    return list(
        document.paragraphs.filter(fingerprint=issued.fingerprint, anchor__in=anchors).order_by("position")
    )
