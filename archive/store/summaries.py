"""Totals over the whole archive, counted once for each revision by each process (half a second for 100,000
paragraphs), and then read from memory.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from enum import StrEnum
from threading import Lock
from typing import Any, NamedTuple, TypeAlias, TypeVar

from django.db.models import Count, Q, QuerySet

from archive.models import BodyMention, Document, Mention, OwnReference, Paragraph, TreatyMention
from archive.models.querysets.mentions import CITES
from archive.models.querysets.paragraphs import author_of
from archive.store.revision import RevisionMark, current_revision
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
Sums = dict[Subject, dict[str, Counts]]  # by subject and key
Grouped: TypeAlias = Callable[..., QuerySet]
Add: TypeAlias = Callable[..., None]


def count_all() -> Sums:
    """Returns all figures, of the documents that count; seven queries. Zeros are left out."""
    found: Sums = defaultdict(lambda: defaultdict(Counts))

    def add(subject: Subject, key: object, *figures: int) -> None:
        if any(figures):
            found[subject][str(key)] = found[subject][str(key)].plus(Counts(*figures))

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


_lock = Lock()
_kept: dict[RevisionMark, Sums] = {}  # of one revision


def sums() -> Sums:
    """Returns all figures of the archive as it stands; one query while it does, else nine."""
    with _lock:
        mark = current_revision()
        found = _kept.get(mark)
        if found is None:
            found = count_all()
            if current_revision() == mark:  # else they may be of either
                _kept.clear()
                _kept[mark] = found
        return found


Row = TypeVar("Row", bound=Any)


class Total(NamedTuple):
    """Of a subject: how many keys it has, and their figures added up."""

    keys: int = 0
    documents: int = 0
    paragraphs: int = 0
    mentions: int = 0


def figures_of(subject: Subject, keys: Collection[object] | None = None) -> dict[str, Counts]:
    """Returns the figures of these keys of ``subject``, or of all, by key; zeros are left out."""
    found = sums().get(subject, {})
    return dict(found) if keys is None else {key: found[key] for key in map(str, keys) if key in found}


def totals() -> dict[Subject, Total]:
    """Returns the total of each subject."""
    found = sums()
    return {subject: _total(found.get(subject, {}).values()) for subject in Subject}


def _total(figures: Collection[Counts]) -> Total:
    return Total(len(figures), *map(sum, zip(NOTHING, *figures, strict=True)))


def with_figures(rows: Iterable[Row], subject: Subject, key: str = "pk") -> list[Row]:
    """Returns the rows with ``paragraph_count`` and ``document_count``, by the attribute ``key``."""
    found = list(rows)
    figures = figures_of(subject, [getattr(row, key) for row in found])
    for row in found:
        counts = figures.get(str(getattr(row, key)), NOTHING)
        row.paragraph_count, row.document_count = counts.paragraphs, counts.documents
    return found
