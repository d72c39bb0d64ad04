"""Answers from the summaries; counted anew where they do not speak of the archive's revision."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple, TypeVar

from django.db.models import Count, Subquery, Sum

from archive.models import DocumentRevision, Revision, Summary, SummaryRevision
from archive.models.revision import REFERENCE_DATA

from .shares import NOTHING, Counts, Subject, count_shares, sum_of

_NOW = [Subquery(Revision.objects.order_by().values(name)[:1]) for name in ("number", "token")]


Row = TypeVar("Row", bound=Any)


class Total(NamedTuple):
    """Of a subject: how many keys it has, and their figures added up."""

    keys: int = 0
    documents: int = 0
    paragraphs: int = 0
    mentions: int = 0


def are_kept() -> bool:
    """Whether the summaries speak of all documents as they are now; one query, or two where the archive has
    changed otherwise since."""
    kept = SummaryRevision.objects.values_list("number", "token", *_NOW).first()
    if kept is None or kept[:2] == kept[2:]:
        return kept is not None
    since = DocumentRevision.objects.filter(number__gt=kept[0]).exclude(document_id=REFERENCE_DATA)
    return not since.exists()


def figures_of(subject: Subject, keys: Collection[object] | None = None) -> dict[str, Counts]:
    """The figures of these keys of ``subject``, or of all, by key as text; those of nothing are left out.

    Two queries.
    """
    wanted = None if keys is None else {str(key) for key in keys}
    if not are_kept():
        sums = {key: figures for (of, key), figures in sum_of(count_shares()).items() if of == subject}
        return {key: figures for key, figures in sums.items() if wanted is None or key in wanted}
    rows = Summary.objects.filter(subject=subject).order_by()
    if wanted is not None:
        rows = rows.filter(key__in=wanted)
    return {key: Counts(*figures) for key, *figures in rows.values_list("key", *Counts._fields)}


def totals() -> dict[Subject, Total]:
    """Each subject as a whole; two queries."""
    if are_kept():
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
    """The rows as a list, each with ``paragraph_count`` and ``document_count`` by its attribute ``key``."""
    found = list(rows)
    figures = figures_of(subject, [getattr(row, key) for row in found])
    for row in found:
        counts = figures.get(str(getattr(row, key)), NOTHING)
        row.paragraph_count, row.document_count = counts.paragraphs, counts.documents
    return found
