"""The check of a draft: what it cites and quotes, compared with what the archive holds."""

from __future__ import annotations

from dataclasses import replace

from search.checker.citation_status import judged
from search.checker.orphan_pinpoints import lone_pinpoints
from search.entities.names import name_table
from search.live.index import live_index

from .citing import citations, in_draft
from .origins import Origins, origins
from .places import Places
from .quotations import quotations, settled
from .quoting import quoted
from .report import CheckedCorpus, Report
from .uncovered import doubted, joined, uncovered_of
from .visible import visible

MOST_FINDINGS = 2000  # citations and quotations that are judged; what comes behind them is not looked at


def check(text: str, likeness: bool = False) -> Report:
    """The report on ``text``. Reads database and index in a number of queries that does not depend on it.

    Of a draft with more than ``MOST_FINDINGS`` only the part before the next one is checked, all of it,
    and the report says where it ends. ``likeness``: what is like the words is told of quotations, too, that
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
    cited = judged([one for one in named if one.start < end], table)
    found = quotations(part, marked, cited, Places(index), MOST_FINDINGS + 1)
    paragraphs, coverage = len(index.literal), index.coverage
    if not coverage.certified:
        if further := uncovered_of(index):
            found = joined(found, quotations(part, marked, cited, Places(further), MOST_FINDINGS + 1))
            paragraphs, coverage = (
                paragraphs + len(further.literal),
                replace(coverage, uncovered={}, paragraphs=0),
            )
        else:
            found = doubted(found, cited, index)
    end = _ends([*(one.start for one in cited), *(one.start for one in found)], end)
    found = settled([one for one in found if one.start < end], cited, likeness)
    beside = max((one.citation + 1 for one in found if one.citation is not None), default=0)
    cited = cited[: max(beside, sum(one.start < end for one in cited))]
    corpus = CheckedCorpus(
        paragraphs=paragraphs, indexed_at=index.manifest.indexed_at, **coverage.facts()
    ).carrying(coverage=coverage)
    return Report(text, corpus, end, tuple(cited), tuple(found), marked.until(end).unpaired)


def first_stood(text: str) -> Origins:
    """Where the words of a draft stood first, by the live index. Raises IndexUnavailableError."""
    seen = visible(text)
    return seen.origins(origins(seen.text, Places(live_index())))


def _ends(starts: list[int], end: int) -> int:
    """Where the part of a draft ends that has ``MOST_FINDINGS``: before the next one, or at ``end``."""
    return end if len(starts) <= MOST_FINDINGS else sorted(starts)[MOST_FINDINGS]
