"""The check of a draft: what it cites and quotes, compared with what the archive holds."""

from __future__ import annotations

from dataclasses import replace

from search.library import live_index

from .citing import citations, in_draft
from .lone import lone_pinpoints
from .places import Places
from .quotations import quotations
from .quoting import quoted
from .report import Corpus, Report
from .standings import judged
from .uncovered import doubted, joined, uncovered_of


def check(text: str) -> Report:
    """The report on ``text``. Reads database and index in a number of queries that does not depend on it.

    Writes nothing. Raises IndexUnavailableError where there is no index.
    """
    index = live_index()
    marked = quoted(text)
    named = citations(text)
    cited = judged(sorted([*named, *lone_pinpoints(text, named, marked.passages)], key=in_draft))
    found = quotations(text, marked, cited, Places(index))
    paragraphs, coverage = len(index.literal), index.coverage
    if not coverage.certified:
        if further := uncovered_of(index):
            found = joined(found, quotations(text, marked, cited, Places(further)))
            paragraphs, coverage = (
                paragraphs + len(further.literal),
                replace(coverage, uncovered={}, paragraphs=0),
            )
        else:
            found = doubted(found, cited, index)
    corpus = Corpus(paragraphs, index.manifest.indexed_at, coverage)
    return Report(text, corpus, tuple(cited), tuple(found), marked.unpaired)
