"""Totals over the whole archive, read in a time that does not grow with it.

The contribution of each document is counted and added up in the transaction of the act that changed the
documents; totals are read from the sums where these are of the archive's revision, and else counted anew: a
writer that forgot them makes no page wrong.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Any, NamedTuple, TypeAlias, TypeVar

from django.db import transaction
from django.db.models import Count, Q, QuerySet, Subquery, Sum

from archive.models import (
    BodyMention,
    Document,
    DocumentRevision,
    Mention,
    OwnReference,
    Paragraph,
    Revision,
    Share,
    Summary,
    SummaryRevision,
    TreatyMention,
)
from archive.models.history import REFERENCE_DATA
from archive.models.querysets.mentions import CITES
from archive.models.querysets.paragraphs import author_of
from archive.store.database.bulk import batched
from archive.store.revision import current_revision, lock_revision
from archive.text.characters import UNREADABLE

# What each document adds to the summaries, counted from its own rows alone.


class Subject(StrEnum):
    """The subject of a summary, with its keys."""

    YEAR = "year"  # of the document, "" for none: documents and all their paragraphs
    NUMBERED = "numbered"  # no key: paragraphs with an official number
    SYMBOL = "symbol"  # certain mentions; documents and paragraphs that cite it
    NOT_HELD = "not held"  # symbol: certain mentions of what the archive does not hold
    UNCERTAIN = "uncertain"  # no key: references that may mean something else
    DOUBT = "doubt"  # no key: what the parser was not sure of, as mentions
    UNREADABLE = "unreadable"  # no key: paragraphs that hold characters that cannot be read
    BODY = "body"  # key of the body: who names it
    TREATY = "treaty"  # key of the treaty: who names it
    STATE = "state"  # key of the State: its own words; documents in which they stand, or that it sent


class Counts(NamedTuple):
    documents: int = 0
    paragraphs: int = 0
    mentions: int = 0

    def plus(self, other: Counts) -> Counts:
        return Counts(*(one + two for one, two in zip(self, other, strict=True)))

    def minus(self, other: Counts) -> Counts:
        return Counts(*(one - two for one, two in zip(self, other, strict=True)))


NOTHING = Counts()
Key = tuple[str, str]  # subject and key
Shares = dict[int, dict[Key, Counts]]  # by the key of the document
Grouped: TypeAlias = Callable[..., QuerySet]
Add: TypeAlias = Callable[..., None]


def count_shares(documents: Collection[int] | None = None) -> Shares:
    """Returns the shares of these documents, or all; seven queries. Empty shares are left out."""
    found: Shares = defaultdict(lambda: defaultdict(Counts))

    def add(document: int, subject: Subject, key: object, *figures: int) -> None:
        if any(figures):
            found[document][subject, str(key)] = found[document][subject, str(key)].plus(Counts(*figures))

    def grouped(rows: QuerySet, document: str, *by: str, **figures: Count) -> QuerySet:
        if documents is not None:
            rows = rows.filter(**{f"{document}__in": list(documents)})
        rows = rows.filter(**{f"{document}__counted".removeprefix("pk__"): True})
        return rows.order_by().values_list(document, *by).annotate(**figures)

    years, senders = {}, {}
    for document, year, sender, doubts in grouped(Document.objects.all(), "pk", "year", "state", "doubts"):
        years[document], senders[document] = year or "", sender
        add(document, Subject.YEAR, years[document], 1)
        add(document, Subject.DOUBT, "", 0, 0, len(doubts))
        unread = {doubt["anchor"] for doubt in doubts if doubt["message"].startswith(UNREADABLE)} - {None}
        add(document, Subject.UNREADABLE, "", bool(unread), len(unread))
    official = ~Q(kind__in=(Paragraph.Kind.HEADING, Paragraph.Kind.FOOTNOTE)) & ~Q(number="")
    blocks = {"blocks": Count("pk"), "numbered": Count("pk", filter=official)}
    for document, count, numbered in grouped(Paragraph.objects.all(), "document", **blocks):
        add(document, Subject.YEAR, years.get(document, ""), 0, count)
        add(document, Subject.NUMBERED, "", 0, numbered)
    _count_mentions(grouped, add)
    named = {"paragraphs": Count("paragraph", distinct=True), "mentions": Count("pk")}
    for subject, rows in (
        (Subject.BODY, BodyMention.objects.all()),
        (Subject.TREATY, TreatyMention.objects.all()),
    ):
        for document, key, *counts in grouped(rows, "paragraph__document", subject.value, **named):
            add(document, subject, key, 1, *counts)
    _count_words(grouped, add, senders)
    return found


def sum_of(shares: Shares) -> dict[Key, Counts]:
    """Returns all shares added up."""
    sums: dict[Key, Counts] = defaultdict(Counts)
    for of_document in shares.values():
        for key, figures in of_document.items():
            sums[key] = sums[key].plus(figures)
    return sums


def _count_words(grouped: Grouped, add: Add, senders: dict[int, int | None]) -> None:
    """Counts what States say and write; ``senders`` maps documents to the States that sent them."""
    own = Paragraph.objects.with_words().annotate(author=author_of("state"))
    for document, author, count in grouped(own, "document", "author", count=Count("pk")):
        if author:
            add(document, Subject.STATE, author, int(author != senders.get(document)), count)
    for document, sender in senders.items():
        if sender:
            add(document, Subject.STATE, sender, 1)


def _count_mentions(grouped: Grouped, add: Add) -> None:
    certain = Q(certain=True)
    figures = {
        "citing": Count("paragraph", distinct=True, filter=CITES),
        "named": Count("pk", filter=certain),
        "lacking": Count("pk", filter=certain & Q(target=None)),
        "uncertain": Count("pk", filter=~certain),
    }
    rows = grouped(Mention.objects.all(), "paragraph__document", "symbol", **figures)
    for document, symbol, citing, named, lacking, uncertain in rows:
        add(document, Subject.SYMBOL, symbol, int(citing > 0), citing, named)
        add(document, Subject.NOT_HELD, symbol, int(lacking > 0), 0, lacking)
        add(document, Subject.UNCERTAIN, "", 0, 0, uncertain)
    doubtful = OwnReference.objects.exclude(doubt="")
    for document, count in grouped(doubtful, "paragraph__document", count=Count("pk")):
        add(document, Subject.UNCERTAIN, "", 0, 0, count)


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
            update_summaries()


def count_changes() -> None:
    """Brings the summaries up to date with acts that were not ``counted``."""
    with transaction.atomic():
        lock_revision()
        update_summaries()


def update_summaries() -> int:
    """Recounts documents changed since the summaries were last updated; returns their number.

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
    """Generates subject and key of the stored sums and shares that differ from a new count."""
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


def recount_summaries() -> None:
    """Empties the summaries and fills them from the other tables. A writer's act of its own."""
    with transaction.atomic():
        lock_revision()
        for model in (SummaryRevision, Summary, Share):
            model.objects.all().delete()
        update_summaries()


# Answers from the summaries; counted anew where they do not speak of the archive's revision.

_NOW = [Subquery(Revision.objects.order_by().values(name)[:1]) for name in ("number", "token")]


Row = TypeVar("Row", bound=Any)


class Total(NamedTuple):
    """Of a subject: how many keys it has, and their figures added up."""

    keys: int = 0
    documents: int = 0
    paragraphs: int = 0
    mentions: int = 0


def summaries_are_current() -> bool:
    """Returns True if the summaries are of the documents as they are now; one query, or two after changes of
    other kinds.
    """
    kept = SummaryRevision.objects.values_list("number", "token", *_NOW).first()
    if kept is None or kept[:2] == kept[2:]:
        return kept is not None
    since = DocumentRevision.objects.filter(number__gt=kept[0]).exclude(document_id=REFERENCE_DATA)
    return not since.exists()


def figures_of(subject: Subject, keys: Collection[object] | None = None) -> dict[str, Counts]:
    """Returns the figures of these keys of ``subject``, or of all, by key; zeros are left out.

    Two queries.
    """
    wanted = None if keys is None else {str(key) for key in keys}
    if not summaries_are_current():
        sums = {key: figures for (of, key), figures in sum_of(count_shares()).items() if of == subject}
        return {key: figures for key, figures in sums.items() if wanted is None or key in wanted}
    rows = Summary.objects.filter(subject=subject).order_by()
    if wanted is not None:
        rows = rows.filter(key__in=wanted)
    return {key: Counts(*figures) for key, *figures in rows.values_list("key", *Counts._fields)}


def totals() -> dict[Subject, Total]:
    """Returns the total of each subject; two queries."""
    if summaries_are_current():
        columns = [Count("pk"), *(Sum(name) for name in Counts._fields)]
        rows = Summary.objects.order_by().values_list("subject").annotate(*columns)
        found = {Subject(subject): Total(*figures) for subject, *figures in rows}
    else:
        found = defaultdict(Total)
        for (subject, _key), counts in sum_of(count_shares()).items():
            keys, *before = found[Subject(subject)]
            found[Subject(subject)] = Total(keys + 1, *Counts(*before).plus(counts))
    return {subject: found.get(subject, Total()) for subject in Subject}


def with_figures(rows: Iterable[Row], subject: Subject, key: str = "pk") -> list[Row]:
    """Returns the rows with ``paragraph_count`` and ``document_count``, by the attribute ``key``."""
    found = list(rows)
    figures = figures_of(subject, [getattr(row, key) for row in found])
    for row in found:
        counts = figures.get(str(getattr(row, key)), NOTHING)
        row.paragraph_count, row.document_count = counts.paragraphs, counts.documents
    return found
