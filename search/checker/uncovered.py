"""A draft is compared, too, with the documents that changed since they were indexed: a right quotation is not
called wrong because the index is behind.

Of these documents an index of their own is made, in a folder that is gone at once, without the words that a
check never asks for. It is kept while the archive stands at its revision. Where they are too many for that,
what the index does not find is said to be not covered yet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import structs

from search.index.column_files import ColumnFiles
from search.index.columns import Columns, Row
from search.index.literal import LiteralIndex, write_literal_index
from search.index.rows import exact_fields, token_fields
from search.live.index import OpenIndex
from search.live.segments import prepared_rows

from .report import CheckedCitation, CheckedQuotation, Verdict

MOST = 3_000  # paragraphs
RANK: Mapping[str, int] = {Verdict.EXACT: 0, Verdict.WRONG_PLACE: 1, Verdict.DIFFERS: 2, Verdict.NOT_FOUND: 3}


@dataclass(frozen=True, slots=True)
class Uncovered:
    """The paragraphs of the documents that an index does not cover, as ``Places`` reads them."""

    literal: LiteralIndex
    columns: Columns


@lru_cache(maxsize=1)
def uncovered_of(index: OpenIndex) -> Uncovered | None:
    """Returns the uncovered documents; None where they are more than ``MOST``."""
    if index.coverage.paragraphs > MOST:
        return None
    lengths = dict.fromkeys(token_fields(), 0)
    with TemporaryDirectory() as folder:  # what is mapped stays readable
        directory = Path(folder)
        with ColumnFiles(directory, exact_fields(), lengths) as files:
            for one in prepared_rows(sorted(index.coverage.uncovered)):
                files.add(Row(one.paragraph, one.document, one.exact, one.stored, lengths))
            keys = files.finish()
        columns = Columns(directory)
        texts = (columns.stored(row)["text"] for row in range(len(columns)))
        write_literal_index(directory, zip(keys.paragraphs, keys.documents, texts, strict=True))
        return Uncovered(LiteralIndex.of(directory), columns)


def joined(found: Sequence[CheckedQuotation], others: Sequence[CheckedQuotation]) -> list[CheckedQuotation]:
    """Merges the quotations checked against two parts of the archive, each with the better verdict.

    A passage of several lines that occurs as a whole in ``others`` replaces its lines.
    """
    by_span = {(one.start, one.end, one.marked): one for one in others}
    best = [_better(one, by_span.pop((one.start, one.end, one.marked), None)) for one in found]
    for one in by_span.values():
        if one.verdict == Verdict.EXACT and not any(_holds(other, one) for other in best if _stands(other)):
            best = [other for other in best if not _holds(one, other)] + [one]
    return sorted(best, key=lambda one: (one.start, one.end))


def _better(one: CheckedQuotation, other: CheckedQuotation | None) -> CheckedQuotation:
    if other is None or RANK[one.verdict] < RANK[other.verdict]:
        return one
    if RANK[other.verdict] < RANK[one.verdict]:
        return other
    if one.nearest and other.nearest:
        return one if one.nearest.similarity >= other.nearest.similarity else other
    return structs.replace(
        one,
        places=[*one.places, *other.places],
        occurrences=one.occurrences + other.occurrences,
        paragraphs=one.paragraphs + other.paragraphs,
    )


def _stands(one: CheckedQuotation) -> bool:
    return one.verdict in (Verdict.EXACT, Verdict.WRONG_PLACE)


def _holds(one: CheckedQuotation, other: CheckedQuotation) -> bool:
    return one.start <= other.start and other.end <= one.end


def doubted(
    found: Sequence[CheckedQuotation], citations: Sequence[CheckedCitation], index: OpenIndex
) -> list[CheckedQuotation]:
    """Withdraws verdicts on words that may occur in documents the index does not cover."""
    uncovered = index.coverage.uncovered

    def cites_one(one: CheckedQuotation) -> bool:
        if one.citation is None:
            return False
        cited = citations[one.citation]
        return any(target.document in uncovered for target in (*cited.targets, *cited.choices))

    return [
        structs.replace(one, verdict=Verdict.NOT_COVERED)
        if one.verdict in (Verdict.NOT_FOUND, Verdict.DIFFERS)
        or (one.verdict == Verdict.WRONG_PLACE and cites_one(one))
        else one
        for one in found
    ]
