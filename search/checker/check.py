"""The check of a draft: what it cites and quotes, compared with what the archive holds."""

from __future__ import annotations

from search.library import live_index

from .citing import citations, in_draft
from .lone import lone_pinpoints
from .places import Places
from .quotations import quotations
from .quoting import quoted
from .report import Corpus, Report
from .standings import judged


def check(text: str) -> Report:
    """The report on ``text``. Reads database and index in a number of queries that does not depend on it.

    Writes nothing. Raises IndexUnavailableError where there is no index.
    """
    index = live_index()
    marked = quoted(text)
    named = citations(text)
    cited = judged(sorted([*named, *lone_pinpoints(text, named, marked.passages)], key=in_draft))
    found = quotations(text, marked, cited, Places(index))
    corpus = Corpus(len(index.literal), index.manifest.indexed_at, index.coverage)
    return Report(text, corpus, tuple(cited), tuple(found), marked.unpaired)
