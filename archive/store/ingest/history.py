"""Keeping the promise of addresses: what was public under an anchor, and where it went."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Mapping
from datetime import datetime
from typing import Any

from archive.models import Document, IssuedText, MovedAnchor, Paragraph
from archive.store.addresses.shortlinks import give_codes, give_first_codes
from archive.store.database.bulk import batched, insert_rows
from archive.text.pinpoints.anchors import split_part

from .values import Why


def record_issue(
    document: Document, paragraphs: Iterable[Paragraph], revision: int, now: datetime, why: Why
) -> None:
    """Bring the history of ``document`` up to what its ``paragraphs`` now say, in their order.

    ``revision``, ``now`` and ``why`` are kept with what changes.

    An anchor with the very characters it had: nothing. With others: the old text is closed, the new one
    opened, also where they differ in form only and the fingerprint is the same: then nothing moved.
    An anchor that is gone: closed. Where exactly the words of a closed text now stand once in the document,
    and newly, they moved there: so also when all paragraphs behind an inserted one are renumbered. Gone
    anchors lead to where their words moved, and lead on when those are renumbered again. An anchor that is
    back no longer leads elsewhere.
    """
    anchors = {paragraph.anchor: paragraph for paragraph in paragraphs}
    of_document: dict[str, Any] = {"symbol": document.symbol, "language": document.language}
    if not IssuedText.objects.filter(**of_document).exists():  # nothing can have moved or ended
        _open(of_document, anchors.values(), revision, now, Why())
        give_first_codes(document.symbol, document.language, anchors.values())
        return
    standing = {row.anchor: row for row in IssuedText.objects.standing().filter(**of_document)}
    opened = {
        anchor: paragraph
        for anchor, paragraph in anchors.items()
        if anchor not in standing or standing[anchor].text != paragraph.text
    }
    reformed = {
        anchor
        for anchor, paragraph in opened.items()
        if anchor in standing and standing[anchor].fingerprint == paragraph.fingerprint
    }
    closed = [row for anchor, row in standing.items() if anchor in opened or anchor not in anchors]
    left = [row for row in closed if row.anchor not in reformed]
    place_of = _new_places(opened.keys() - reformed, anchors, left)
    _forget_moves_of_the_returned(of_document, anchors)
    gone = _last_words_of_the_dead(of_document, anchors)
    moves = {anchor: new for anchor, words in gone.items() if (new := place_of(anchor, words))}
    went = {row.anchor: place_of(row.anchor, row.fingerprint) for row in left}
    _lead_on(of_document, went, revision, now, why)
    _close(closed, {anchor for anchor, new in went.items() if new}, anchors, revision, now, why)
    _open(of_document, opened.values(), revision, now, why)
    for old, new in moves.items():
        MovedAnchor.objects.update_or_create(
            **of_document,
            old_anchor=old,
            defaults={
                "new_anchor": new,
                "moved": now,
                "revision": revision,
                "cause": why.cause,
                "reason": why.reason,
            },
        )
    give_codes(document.symbol, document.language)


def _open(
    of_document: dict[str, str], rows: Iterable[Paragraph], revision: int, now: datetime, why: Why
) -> None:
    alike = {
        **of_document,
        "since": now,
        "since_revision": revision,
        "since_cause": why.cause,
        "since_reason": why.reason,
        "since_by": why.by,
    }
    insert_rows(
        IssuedText,
        ("anchor", "fingerprint", "text", *alike),
        ((row.anchor, row.fingerprint, row.text, *alike.values()) for row in rows),
    )


def _new_places(
    opened: Container[str], living: Mapping[str, Paragraph], left: Iterable[IssuedText]
) -> Callable[[str, str], str | None]:
    """Tells which anchor newly carries the words of another, where they stand nowhere else: no guess among
    values. Where a part is called otherwise now, twins in it are told by their number.
    """
    places = defaultdict(list)
    for paragraph in living.values():
        places[paragraph.fingerprint].append(paragraph.anchor)
    only = {words: found[0] for words, found in places.items() if len(found) == 1 and found[0] in opened}
    parts: dict[str, Counter[str]] = defaultdict(Counter)
    for row in left:
        if row.fingerprint in only:
            parts[split_part(row.anchor)[0]][split_part(only[row.fingerprint])[0]] += 1

    def place(anchor: str, words: str) -> str | None:
        part, number = split_part(anchor)
        if words in only or not (part and parts[part]):
            return only.get(words)
        there = f"{parts[part].most_common(1)[0][0]}.{number}"
        return there if there in opened and living[there].fingerprint == words else None

    return place


def _forget_moves_of_the_returned(of_document: dict[str, str], living: Mapping[str, object]) -> None:
    moves = MovedAnchor.objects.filter(**of_document).values_list("pk", "old_anchor")
    returned = [key for key, anchor in moves if anchor in living]
    for batch in batched(returned):
        MovedAnchor.objects.filter(pk__in=batch).delete()


def _last_words_of_the_dead(of_document: dict[str, str], living: Mapping[str, object]) -> dict[str, str]:
    """Anchors issued once that neither live nor lead to one that lives → the last fingerprint under each."""
    issued = IssuedText.objects.filter(**of_document).order_by("since_revision", "pk")
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


def _lead_on(
    of_document: dict[str, str], went: Mapping[str, str | None], revision: int, now: datetime, why: Why
) -> None:
    """Gone anchors that led to a text which now moved (anchor → where to) lead to its new place."""
    for move in MovedAnchor.objects.filter(**of_document):
        new = went.get(move.new_anchor)
        if new and new != move.old_anchor:
            move.new_anchor, move.moved, move.revision = new, now, revision
            move.cause, move.reason = why.cause, why.reason
            move.save(update_fields=["new_anchor", "moved", "revision", "cause", "reason"])


def _close(
    rows: list[IssuedText],
    moved: Container[str],
    living: Container[str],
    revision: int,
    now: datetime,
    why: Why,
) -> None:
    endings = IssuedText.Ending
    for row in rows:
        stays = endings.EDITED if row.anchor in living else endings.WITHDRAWN
        row.ending = endings.MOVED if row.anchor in moved else stays
        row.until, row.until_revision = now, revision
        row.cause, row.reason, row.by = why.cause, why.reason, why.by
    columns = ["until", "until_revision", "ending", "cause", "reason", "by"]
    IssuedText.objects.bulk_update(rows, columns, batch_size=200)
