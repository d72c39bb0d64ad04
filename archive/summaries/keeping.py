"""Keeping the summaries: in the transaction of each act, what changed is counted again, and nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from archive.bulk import batched
from archive.models import Document, DocumentRevision, Share, Summary, SummaryRevision
from archive.revision import current_revision, lock_revision

from .shares import NOTHING, Counts, Key, count_shares, sum_of

AT_ONCE = 500  # rows
COLUMNS = ("subject", "key", *Counts._fields)


@contextmanager
def one_act(part_of: int | None = None, *, counted: bool = True) -> Iterator[int]:
    """A transaction that writes, alone: yields the number of the revision that it will make.

    At its end the summaries speak of what it has written; not where ``counted`` is False, of acts that are
    one of many: these are followed by ``count_changes``, until which pages count anew. Within another act,
    whose number is given, it is a part of that.
    """
    with transaction.atomic():
        yield part_of or lock_revision()
        if counted and not part_of and not transaction.get_rollback():
            keep_summaries()


def count_changes() -> None:
    """Lets the summaries speak of what acts that were not ``counted`` have written."""
    with transaction.atomic():
        lock_revision()
        keep_summaries()


def keep_summaries() -> int:
    """Counts again what has changed since the summaries were last kept; returns of how many documents.

    Inside the transaction of a writer.
    """
    mark = current_revision()
    kept = SummaryRevision.objects.values_list("number", "token").first()
    if kept == mark:
        return 0
    changed = DocumentRevision.objects.order_by("pk").values_list("document_id", flat=True)
    if kept:
        documents = list(changed.filter(number__gt=kept[0]))
    else:
        held = Document.objects.order_by().values_list("pk", flat=True)
        documents = sorted({*changed, *held, *Share.objects.order_by().values_list("document_id", flat=True)})
    for batch in batched(documents, AT_ONCE):
        _count_again(batch)
    if not SummaryRevision.objects.filter(pk=1).update(number=mark.number, token=mark.token):
        SummaryRevision.objects.create(pk=1, number=mark.number, token=mark.token)
    return len(documents)


def _count_again(documents: list[int]) -> None:
    """Writes the shares of ``documents`` as they are now, and the sums with them."""
    was: dict[tuple[int, Key], tuple[int, Counts]] = {}
    kept = Share.objects.filter(document_id__in=documents).order_by()
    for pk, document, subject, key, *figures in kept.values_list("pk", "document_id", *COLUMNS):
        was[document, (subject, key)] = pk, Counts(*figures)
    now = {
        (document, key): figures
        for document, shares in count_shares(documents).items()
        for key, figures in shares.items()
    }
    more: dict[Key, Counts] = defaultdict(Counts)
    gone, new = [], []
    for (document, key), (pk, figures) in was.items():
        if now.get((document, key)) != figures:
            gone.append(pk)
            more[key] = more[key].minus(figures)
    for (document, key), figures in now.items():
        if (document, key) not in was or was[document, key][1] != figures:
            new.append(Share(document_id=document, **_columns(key, figures)))
            more[key] = more[key].plus(figures)
    for batch in batched(gone):
        Share.objects.filter(pk__in=batch).delete()
    Share.objects.bulk_create(new, batch_size=AT_ONCE)
    for keys in batched(key for key, figures in more.items() if figures != NOTHING):
        _add({key: more[key] for key in keys})


def _add(more: dict[Key, Counts]) -> None:
    kept = Summary.objects.filter(key__in={key for _subject, key in more}).order_by()
    sums = {(subject, key): Counts(*figures) for subject, key, *figures in kept.values_list(*COLUMNS)}
    added = {key: sums.get(key, NOTHING).plus(figures) for key, figures in more.items()}
    Summary.objects.bulk_create(
        [Summary(**_columns(key, figures)) for key, figures in added.items()],
        update_conflicts=True,
        unique_fields=["subject", "key"],
        update_fields=Counts._fields,
    )
    if NOTHING in added.values():
        Summary.objects.filter(**NOTHING._asdict()).delete()


def _columns(key: Key, figures: Counts) -> dict:
    return {"subject": key[0], "key": key[1], **figures._asdict()}


def differences() -> Iterator[str]:
    """Where what is kept is not what is counted anew: subject and key, of the sums and of the shares."""
    shares = count_shares()
    counted = {(d, *key): figures for d, of_one in shares.items() for key, figures in of_one.items()}
    shared = Share.objects.order_by().values_list("document_id", *COLUMNS)
    kept = {(d, subject, key): Counts(*figures) for d, subject, key, *figures in shared}
    yield from (f"{d} {subject} {key}" for d, subject, key in sorted(_unequal(counted, kept)))
    lines = Summary.objects.order_by().values_list(*COLUMNS)
    sums = {(subject, key): Counts(*figures) for subject, key, *figures in lines}
    yield from (f"{subject} {key}" for subject, key in sorted(_unequal(sum_of(shares), sums)))


def _unequal(one: dict, other: dict) -> set:
    return {key for key in one.keys() | other.keys() if one.get(key) != other.get(key)}


def keep_anew() -> None:
    """Empties the summaries and fills them from the other tables. A writer's act of its own."""
    with transaction.atomic():
        lock_revision()
        for model in (SummaryRevision, Summary, Share):
            model.objects.all().delete()
        keep_summaries()
