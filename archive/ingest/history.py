"""Keeping the promise of addresses: what was public under an anchor, and where it went."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from archive.models import Document, IssuedText, MovedAnchor, Paragraph
from archive.shortlinks import give_codes

from .values import batched


def record_issue(document: Document, now: datetime, reason: str = "") -> None:
    """Bring the history of ``document`` up to what its paragraphs now say.

    An anchor with the words it had: nothing. With other words: the old text is closed, the new one opened.
    An anchor that is gone: closed; and where exactly its words now stand newly under one other anchor, it
    leads there. An anchor that is back no longer leads elsewhere. ``reason`` is kept with what changes.
    """
    anchors = {
        paragraph.anchor: paragraph for paragraph in document.paragraphs.only("anchor", "fingerprint", "text")
    }
    of_document = {"symbol": document.symbol, "language": document.language}
    standing = {row.anchor: row for row in IssuedText.objects.standing().filter(**of_document)}
    opened = {
        anchor: paragraph
        for anchor, paragraph in anchors.items()
        if anchor not in standing or standing[anchor].fingerprint != paragraph.fingerprint
    }
    closed = [row for anchor, row in standing.items() if anchor in opened or anchor not in anchors]

    _forget_moves_of_the_returned(of_document, anchors)
    moves = _moves_to(opened, _last_words_of_the_dead(of_document, anchors))
    _close(closed, anchors, moves, now, reason)
    IssuedText.objects.bulk_create(
        IssuedText(**of_document, anchor=anchor, fingerprint=row.fingerprint, text=row.text, since=now)
        for anchor, row in opened.items()
    )
    give_codes(document.symbol, document.language)
    for old, new in moves.items():
        MovedAnchor.objects.update_or_create(
            **of_document, old_anchor=old, defaults={"new_anchor": new, "moved": now, "reason": reason}
        )


def _forget_moves_of_the_returned(of_document: dict[str, str], living: Mapping[str, object]) -> None:
    moves = MovedAnchor.objects.filter(**of_document).values_list("pk", "old_anchor")
    returned = [key for key, anchor in moves if anchor in living]
    for batch in batched(returned):
        MovedAnchor.objects.filter(pk__in=batch).delete()


def _last_words_of_the_dead(of_document: dict[str, str], living: Mapping[str, object]) -> dict[str, str]:
    """Anchors issued once that neither live nor lead to one that lives → the last fingerprint under each."""
    issued = IssuedText.objects.filter(**of_document).order_by("since", "pk")
    words = {
        anchor: words for anchor, words in issued.values_list("anchor", "fingerprint") if anchor not in living
    }
    moves = dict(MovedAnchor.objects.filter(**of_document).values_list("old_anchor", "new_anchor"))
    for anchor in list(words):
        end = anchor
        while end in moves:
            end = moves[end]
        if end in living:
            del words[anchor]
    return words


def _moves_to(opened: Mapping[str, Paragraph], dead: Mapping[str, str]) -> dict[str, str]:
    """Dead anchor → the one anchor that newly carries exactly its words; not where several do."""
    newly = defaultdict(list)
    for anchor, paragraph in opened.items():
        newly[paragraph.fingerprint].append(anchor)
    return {anchor: newly[words][0] for anchor, words in dead.items() if len(newly.get(words, ())) == 1}


def _close(
    rows: list[IssuedText],
    living: Mapping[str, Paragraph],
    moves: Mapping[str, str],
    now: datetime,
    reason: str,
) -> None:
    endings = IssuedText.Ending
    for row in rows:
        gone = endings.MOVED if row.anchor in moves else endings.WITHDRAWN
        row.ending = endings.EDITED if row.anchor in living else gone
        row.until, row.reason = now, reason
    IssuedText.objects.bulk_update(rows, ["until", "ending", "reason"], batch_size=200)
