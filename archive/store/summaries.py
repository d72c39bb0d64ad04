"""Totals over the whole archive, read in a time that does not grow with it.

They are counted in the transaction of the act that changed documents (half a second for 100,000 paragraphs),
and read where they are of the archive's revision; else counted anew: a writer that forgot them makes no page
wrong.
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
    Summary,
    SummaryRevision,
    TreatyMention,
)
from archive.models.history import REFERENCE_DATA
from archive.models.querysets.mentions import CITES
from archive.models.querysets.paragraphs import author_of
from archive.store.revision import current_revision, lock_revision
from archive.text.characters import UNREADABLE


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


NOTHING = Counts()
Key = tuple[str, str]  # subject and key
Sums = dict[Key, Counts]
Grouped: TypeAlias = Callable[..., QuerySet]
Add: TypeAlias = Callable[..., None]


def count_all() -> Sums:
    """Returns all figures, of the documents that count; seven queries. Zeros are left out."""
    found: Sums = defaultdict(Counts)

    def add(subject: Subject, key: object, *figures: int) -> None:
        if any(figures):
            found[subject, str(key)] = found[subject, str(key)].plus(Counts(*figures))

    def grouped(rows: QuerySet, document: str, *by: str, **figures: Count) -> QuerySet:
        rows = rows.filter(**{f"{document}__counted".removeprefix("pk__"): True})
        return rows.order_by().values_list(document, *by).annotate(**figures)

    years, senders = {}, {}
    for document, year, sender, doubts in grouped(Document.objects.all(), "pk", "year", "state", "doubts"):
        years[document], senders[document] = year or "", sender
        add(Subject.YEAR, years[document], 1)
        add(Subject.DOUBT, "", 0, 0, len(doubts))
        unread = {doubt["anchor"] for doubt in doubts if doubt["message"].startswith(UNREADABLE)} - {None}
        add(Subject.UNREADABLE, "", bool(unread), len(unread))
    official = ~Q(kind__in=(Paragraph.Kind.HEADING, Paragraph.Kind.FOOTNOTE)) & ~Q(number="")
    blocks = {"blocks": Count("pk"), "numbered": Count("pk", filter=official)}
    for document, count, numbered in grouped(Paragraph.objects.all(), "document", **blocks):
        add(Subject.YEAR, years.get(document, ""), 0, count)
        add(Subject.NUMBERED, "", 0, numbered)
    _count_mentions(grouped, add)
    named = {"paragraphs": Count("paragraph", distinct=True), "mentions": Count("pk")}
    for subject, rows in (
        (Subject.BODY, BodyMention.objects.all()),
        (Subject.TREATY, TreatyMention.objects.all()),
    ):
        for _document, key, *counts in grouped(rows, "paragraph__document", subject.value, **named):
            add(subject, key, 1, *counts)
    _count_words(grouped, add, senders)
    return found


def _count_words(grouped: Grouped, add: Add, senders: dict[int, int | None]) -> None:
    """Counts what States say and write; ``senders`` maps documents to the States that sent them."""
    own = Paragraph.objects.with_words().annotate(author=author_of("state"))
    for document, author, count in grouped(own, "document", "author", count=Count("pk")):
        if author:
            add(Subject.STATE, author, int(author != senders.get(document)), count)
    for sender in senders.values():
        if sender:
            add(Subject.STATE, sender, 1)


def _count_mentions(grouped: Grouped, add: Add) -> None:
    certain = Q(certain=True)
    figures = {
        "citing": Count("paragraph", distinct=True, filter=CITES),
        "named": Count("pk", filter=certain),
        "lacking": Count("pk", filter=certain & Q(target=None)),
        "uncertain": Count("pk", filter=~certain),
    }
    rows = grouped(Mention.objects.all(), "paragraph__document", "symbol", **figures)
    for _document, symbol, citing, named, lacking, uncertain in rows:
        add(Subject.SYMBOL, symbol, int(citing > 0), citing, named)
        add(Subject.NOT_HELD, symbol, int(lacking > 0), 0, lacking)
        add(Subject.UNCERTAIN, "", 0, 0, uncertain)
    doubtful = OwnReference.objects.exclude(doubt="")
    for _document, count in grouped(doubtful, "paragraph__document", count=Count("pk")):
        add(Subject.UNCERTAIN, "", 0, 0, count)


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


def update_summaries() -> None:
    """Counts anew if documents changed since the last count. Inside the transaction of a writer."""
    if summaries_are_current():
        return
    mark = current_revision()
    Summary.objects.all().delete()
    Summary.objects.bulk_create(
        Summary(subject=subject, key=key, **figures._asdict())
        for (subject, key), figures in count_all().items()
    )
    SummaryRevision.objects.update_or_create(pk=1, defaults={"number": mark.number, "token": mark.token})


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
        sums = {key: figures for (of, key), figures in count_all().items() if of == subject}
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
        for (subject, _key), counts in count_all().items():
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
