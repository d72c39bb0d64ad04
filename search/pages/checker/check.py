"""The check of a draft: what it cites and quotes, compared with what the archive holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from msgspec import structs

from archive.store.values import Span
from archive.text.typography import INVISIBLE, without_invisible
from search.engine.live.index import live_index
from search.engine.live.uncovered import uncovered_of
from search.engine.protocol import Index, holding
from search.query.entities.names import name_table
from search.query.language.conditions import Everything

from .citation_status import judged
from .citing import citations, in_draft, lone_pinpoints
from .origins import CheckedOrigins, origins
from .places import Places
from .quotations import quotations, settled
from .quoting import language_of_draft, quoted
from .report import CheckedCitation, CheckedCorpus, CheckedQuotation, Match, Report, Verdict
from .speakers import Draft

MOST_FINDINGS = 2000  # citations and quotations that are judged; what comes behind them is not looked at


def check(text: str, likeness: bool = False) -> Report:
    """Returns the report on ``text``, by a fixed number of queries to database and index.

    Of a draft with more than ``MOST_FINDINGS`` only the part before the next one is checked, all of it, and
    the report says where it ends. ``likeness``: what is like the words is told of quotations, too, that
    cannot be checked. Writes nothing. Raises IndexUnavailableError where there is no index.
    """
    seen = visible(text)
    return seen.report(_checked(seen.text, likeness))


def _checked(text: str, likeness: bool) -> Report:
    index = live_index()
    marked = quoted(text)
    table = name_table(index.coverage.names or index.manifest.names)
    named = citations(text, table)
    named = sorted([*named, *lone_pinpoints(text, named, marked.passages)], key=in_draft)
    end = _ends([*(one.start for one in named), *(start for start, _end in marked.passages)], len(text))
    # No quotation is cut in two, but for one that is the whole draft so far.
    end = next((start for start, stop in marked.passages if 1 < start < end < stop), end)
    part, marked = text[:end], marked.until(end)
    language = language_of_draft(text)
    cited = judged([one for one in named if one.start < end], table, language)
    draft = Draft(part, marked, cited, table)
    found = quotations(draft, Places(holding(index, Everything())), MOST_FINDINGS + 1)
    paragraphs, coverage = index.size, index.coverage
    if not coverage.certified:
        if further := uncovered_of(index):
            found = joined(found, quotations(draft, Places(further), MOST_FINDINGS + 1))
            paragraphs += len(further.folded)
            coverage = replace(coverage, uncovered={}, paragraphs=0)
        else:
            found = doubted(found, cited, index)
    end = _ends([*(one.start for one in cited), *(one.start for one in found)], end)
    found = settled([one for one in found if one.start < end], cited, likeness)
    beside = max((one.citation + 1 for one in found if one.citation is not None), default=0)
    cited = cited[: max(beside, sum(one.start < end for one in cited))]
    corpus = CheckedCorpus(
        paragraphs=paragraphs, indexed_at=index.manifest.indexed_at, **coverage.facts()
    ).carrying(coverage=coverage)
    return Report(text, corpus, end, tuple(cited), tuple(found), marked.until(end).unpaired, language)


def first_stood(text: str) -> CheckedOrigins:
    """Finds the first occurrence in the live index of the words of a draft. Raises IndexUnavailableError."""
    seen = visible(text)
    return seen.origins(origins(seen.text, Places(holding(live_index(), Everything()))))


def _ends(starts: list[int], end: int) -> int:
    """Returns the end of the part of a draft with ``MOST_FINDINGS``: before the next one, or ``end``."""
    return end if len(starts) <= MOST_FINDINGS else sorted(starts)[MOST_FINDINGS]


# A draft without the characters that nobody sees, which copies from web pages and PDF carry, and the way
# back: what is found in it is told by its places in the draft as given.

Finding = TypeVar("Finding", CheckedCitation, CheckedQuotation)


@dataclass(frozen=True, slots=True)
class Visible:
    """The visible ``text`` of ``given``; ``places`` are the positions of its characters there."""

    given: str
    text: str
    places: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Returns the place in ``given`` of ``text[start:end]``; an empty one stays empty."""
        first = self.point(start)
        return first, self.places[end - 1] + 1 if start < end else first

    def point(self, place: int) -> int:
        """Returns the place in ``given`` of the character at ``place``; its end for the end."""
        return self.places[place] if place < len(self.places) else len(self.given)

    def report(self, found: Report) -> Report:
        """Translates a report on ``text`` to offsets of ``given``."""
        return replace(
            found,
            text=self.given,
            checked_to=self.point(found.checked_to),
            citations=tuple(self._told(one) for one in found.citations),
            quotations=tuple(self._told(one) for one in found.quotations),
            unpaired=tuple(map(self.point, found.unpaired)),
        )

    def _told(self, one: Finding) -> Finding:
        start, end = self.span(one.start, one.end)
        return structs.replace(one, start=start, end=end, surface=self.given[start:end])

    def origins(self, found: CheckedOrigins) -> CheckedOrigins:
        """Translates first occurrences to offsets of ``given``."""
        first = [structs.replace(one, spans=self._spans(one.spans)) for one in found.first]
        for one, before in zip(first, found.first, strict=True):
            one.carrying(dates=before.dates)
        return structs.replace(found, first=first, often=self._spans(found.often), to=self.point(found.to))

    def _spans(self, spans: Iterable[Span]) -> list[Span]:
        return [self.span(*span) for span in spans]


def visible(given: str) -> Visible:
    """Strips the invisible characters of ``given``."""
    text = without_invisible(given)
    places = (
        range(len(given)) if text == given else (at for at, one in enumerate(given) if one not in INVISIBLE)
    )
    return Visible(given, text, tuple(places))


# What the index covers, and the documents that changed since, judged apart and put together.

RANK: Mapping[str, int] = {Verdict.EXACT: 0, Verdict.WRONG_PLACE: 1, Verdict.DIFFERS: 2, Verdict.NOT_FOUND: 3}


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
    found: Sequence[CheckedQuotation], citations: Sequence[CheckedCitation], index: Index
) -> list[CheckedQuotation]:
    """Withdraws verdicts on words that may occur in documents the index does not cover."""
    uncovered = index.coverage.uncovered

    def cites_one(one: CheckedQuotation) -> bool:
        if one.citation is None:
            return False
        cited = citations[one.citation]
        return any(key in uncovered for one in (*cited.targets, *cited.choices) for key in one.documents)

    return [
        structs.replace(
            one, verdict=Verdict.NOT_COVERED, beside=None if one.beside is Match.NOT_THERE else one.beside
        )
        if one.verdict in (Verdict.NOT_FOUND, Verdict.DIFFERS)
        or (one.verdict == Verdict.WRONG_PLACE and cites_one(one))
        else one
        for one in found
    ]
