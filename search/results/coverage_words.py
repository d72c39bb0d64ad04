"""What is said to people where an index does not cover the whole archive and the answer has no page."""

from __future__ import annotations

from django.utils.translation import gettext as _

from search.index.coverage import Coverage


def uncovered_in_words(coverage: Coverage) -> str:
    """One sentence with the first documents that are not covered; empty where all are."""
    if coverage.certified:
        return ""
    named = _("、").join(symbol for symbol, _url in coverage.first)
    if coverage.more:
        named = _("%(named)s，另有%(more)s份") % {"named": named, "more": coverage.more}
    told = {"documents": coverage.documents, "paragraphs": coverage.paragraphs, "named": named}
    return (
        _("检索索引还没有跟上最近的改动：%(documents)s份文件、%(paragraphs)s段不在其中（%(named)s）。") % told
    )


def file_name(name: str, coverage: Coverage) -> str:
    """The name of a table as a file, without ending. It tells what the rows cannot: how many documents are
    not in it.

    >>> file_name("检索-核", Coverage("2", "1", {7: "S/2020/1"}))
    '检索-核（缺1份文件）'
    """
    if not coverage.certified:
        name = _("%(name)s（缺%(count)s份文件）") % {"name": name, "count": coverage.documents}
    return name
