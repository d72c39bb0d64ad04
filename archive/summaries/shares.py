"""What each document adds to the summaries, counted from its own rows alone.

Whatever changes one of these rows raises the document's revision (``migrations._revision_triggers``), which
is how it is known whose shares are to be counted again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from django.db.models import Count, Q, QuerySet

from archive.models import BodyMention, Document, Mention, OwnReference, Paragraph, TreatyMention
from archive.models.querysets import CITES, author_of


class Subject(StrEnum):
    """What a summary counts, and what its keys are."""

    YEAR = "year"  # of the document, "" for none: documents and all their paragraphs
    NUMBERED = "numbered"  # no key: paragraphs with an official number
    SYMBOL = "symbol"  # certain mentions; documents and paragraphs that cite it
    NOT_HELD = "not held"  # symbol: certain mentions of what the archive does not hold
    UNCERTAIN = "uncertain"  # no key: references that may mean something else
    DOUBT = "doubt"  # no key: what the parser was not sure of, as mentions
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
    """The shares of these documents, of all where none are given; seven queries. No share is of nothing."""
    found: Shares = defaultdict(lambda: defaultdict(Counts))

    def add(document: int, subject: Subject, key: object, *figures: int) -> None:
        if any(figures):
            found[document][subject, str(key)] = found[document][subject, str(key)].plus(Counts(*figures))

    def grouped(rows: QuerySet, document: str, *by: str, **figures: Count) -> QuerySet:
        if documents is not None:
            rows = rows.filter(**{f"{document}__in": list(documents)})
        return rows.order_by().values_list(document, *by).annotate(**figures)

    years, senders = {}, {}
    for document, year, sender, doubts in grouped(Document.objects.all(), "pk", "year", "state", "doubts"):
        years[document], senders[document] = year or "", sender
        add(document, Subject.YEAR, years[document], 1)
        add(document, Subject.DOUBT, "", 0, 0, len(doubts))
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
    """All shares added up."""
    sums: dict[Key, Counts] = defaultdict(Counts)
    for of_document in shares.values():
        for key, figures in of_document.items():
            sums[key] = sums[key].plus(figures)
    return sums


def _count_words(grouped: Grouped, add: Add, senders: dict[int, int | None]) -> None:
    """What States say and write; ``senders`` are the States that sent the documents."""
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
