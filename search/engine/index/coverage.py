"""Coverage of the archive by an index: compares the revisions of both and excludes the documents that differ.

Database and index each record the revision of the archive they were made from. Where these are equal, the
index covers the whole archive. Otherwise documents that changed since they were indexed are excluded from
search: nothing in them is found, counted or certified, and every answer names them. A withdrawn document is
in no answer from the moment of its withdrawal, even while the index still has it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from django.db import DatabaseError
from django.utils.translation import gettext as _

from archive.models import Document, Paragraph
from archive.store.addresses.paths import document_path
from archive.store.revision import RevisionMark, current_revision, indexed_revisions
from archive.store.search_index import IndexCoverage, Uncovered
from archive.store.summaries import NOTHING, Subject, figures_of
from archive.store.values import Moment
from search.query.entities.snapshot import names_without_pinyin

from .generations import IndexUnavailableError, Manifest

LOOKS = 3  # at an archive that changes while it is looked at
NAMED, FIRST = 100, 8  # documents that are not covered: in answers for programs, and on a page


@dataclass(frozen=True, slots=True)
class Coverage:
    """The part of the archive, as of ``revision``, that an index covers.

    ``uncovered`` maps the ids of documents that came or changed since they were indexed to their symbols;
    ``left_out`` are all documents of the index that searches exclude, deleted ones among them. ``paragraphs``
    counts the paragraphs of the archive, ``unreadable`` those that hold characters that cannot be read: of
    these no search can say what they do not hold. ``names`` are those of the archive now, but for their
    pronunciations.
    """

    revision: str
    index_revision: str
    uncovered: Mapping[int, str] = field(default_factory=dict)
    left_out: frozenset[int] = frozenset()
    paragraphs: int = 0
    unreadable: int = 0
    names: Mapping[str, Any] | None = None

    @property
    def certified(self) -> bool:
        """True if an answer covers the whole archive."""
        return not self.uncovered

    @property
    def complete(self) -> bool:
        """True if an answer speaks for every character of the archive."""
        return self.certified and not self.unreadable

    @property
    def documents(self) -> int:
        """The number of documents that are not covered."""
        return len(self.uncovered)

    @property
    def gone(self) -> int:
        """The number of indexed documents that the archive has no longer."""
        return len(self.left_out - self.uncovered.keys())

    @property
    def named(self) -> list[tuple[str, str]]:
        """Symbol and address of the first documents that are not covered."""
        return [(symbol, document_path(symbol)) for symbol in sorted(self.uncovered.values())[:NAMED]]

    @property
    def first(self) -> list[tuple[str, str]]:
        """As many of these as a page names."""
        return self.named[:FIRST]

    @property
    def more(self) -> int:
        """The number of uncovered documents beyond those that a page names."""
        return max(0, len(self.uncovered) - FIRST)

    def as_headers(self) -> dict[str, str]:
        """Returns the coverage as headers, for answers that are data alone (CSV, Atom): header → value; the
        first documents by address.
        """
        told = {
            "X-Archive-Revision": self.revision,
            "X-Index-Revision": self.index_revision,
            "X-Uncovered-Documents": str(self.documents),
            "X-Uncovered-Paragraphs": str(self.paragraphs),
            "X-Unreadable-Paragraphs": str(self.unreadable),
        }
        return told | ({"X-Uncovered": " ".join(url for _symbol, url in self.first)} if self.first else {})

    def facts(self) -> dict[str, Any]:
        """Returns the coverage fields of an answer, as ``IndexCoverage`` names them."""
        return {
            "revision": self.revision,
            "index_revision": self.index_revision,
            "certified": self.certified,
            "uncovered": [Uncovered(symbol=symbol, url=url) for symbol, url in self.named],
            "uncovered_documents": self.documents,
            "uncovered_paragraphs": self.paragraphs,
            "unreadable_paragraphs": self.unreadable,
        }


class ComparedCorpus(IndexCoverage, frozen=True, kw_only=True):
    """The compared index: its size, and the part of the archive it covers."""

    paragraphs: int


class Corpus(ComparedCorpus, frozen=True, kw_only=True):
    """The searched index: its size and time, and the part of the archive it covers."""

    documents: int
    indexed_at: Moment

    @classmethod
    def of(cls, manifest: Manifest, coverage: Coverage) -> Self:
        return cls(
            paragraphs=manifest.paragraphs,
            documents=len(manifest.documents),
            indexed_at=manifest.indexed_at,
            **coverage.facts(),
        )


AS_WRITTEN = Coverage("", "")
"""Of an index that is compared with nothing."""


def revision_now() -> RevisionMark:
    """Returns the revision of the archive. Raises IndexUnavailableError where the database cannot be read:
    without it nobody knows what the index may still show.
    """
    try:
        return current_revision()
    except DatabaseError as error:
        raise IndexUnavailableError(f"the database cannot be read: {error}") from error


def coverage_of(manifest: Manifest, mark: RevisionMark) -> Coverage:
    """Compares an index with the archive at ``mark`` or later. Raises IndexUnavailableError."""
    try:
        if str(mark) == manifest.revision:
            return Coverage(str(mark), manifest.revision, unreadable=_unreadable())
        for _look in range(LOOKS):
            found, now = _looked_at(manifest, mark), current_revision()
            if now == mark:
                break
            mark = now
    except DatabaseError as error:
        raise IndexUnavailableError(f"the database cannot be read: {error}") from error
    return found


def _looked_at(manifest: Manifest, mark: RevisionMark) -> Coverage:
    """Compares an index with the database; a change meanwhile may exclude a document, never include one."""
    marks, held = document_marks(), dict(Document.objects.values_list("pk", "symbol"))
    left_out = {int(pk) for pk, before in manifest.documents.items() if marks.get(pk) != before}
    uncovered = {
        pk: symbol for pk, symbol in held.items() if pk in left_out or str(pk) not in manifest.documents
    }
    paragraphs = Paragraph.objects.count() if uncovered else 0
    return Coverage(
        *(str(mark), manifest.revision, uncovered, frozenset(left_out), paragraphs),
        unreadable=_unreadable(),
        names=names_without_pinyin(),
    )


def restricted(manifest: Manifest, coverage: Coverage, paragraphs: int) -> tuple[Manifest, Coverage]:
    """Returns both of an index that has ``paragraphs`` without the documents that are left out."""
    documents = {pk: mark for pk, mark in manifest.documents.items() if int(pk) not in coverage.left_out}
    names = {**manifest.names, **(coverage.names or {})}
    uncovered = max(0, coverage.paragraphs - paragraphs)
    return (
        replace(manifest, paragraphs=paragraphs, documents=documents, names=names),
        replace(coverage, paragraphs=uncovered),
    )


def _unreadable() -> int:
    return figures_of(Subject.UNREADABLE).get("", NOTHING).paragraphs


def document_marks() -> dict[str, str]:
    """Returns, by document id, the revision at which its indexed values last changed; for all stored."""
    marks = indexed_revisions()
    return {str(pk): marks.get(pk, "") for pk in Document.objects.order_by("pk").values_list("pk", flat=True)}


# What is said to people where an index does not cover the whole archive and the answer has no page.


def uncovered_in_words(coverage: Coverage) -> str:
    """Returns what an answer cannot speak for, with the first documents that are not covered; empty where it
    speaks for all.
    """
    unread = ""
    if coverage.unreadable:
        unread = _("%(count)d段有无法辨认的字符：那里有没有要找的文字，这里不下结论。")
        unread %= {"count": coverage.unreadable}
    if coverage.certified:
        return unread
    named = _("、").join(symbol for symbol, _url in coverage.first)
    if coverage.more:
        named = _("%(named)s，另有%(more)s份") % {"named": named, "more": coverage.more}
    told = {"documents": coverage.documents, "paragraphs": coverage.paragraphs, "named": named}
    lacking = _("检索索引还没有跟上最近的改动：%(documents)s份文件、%(paragraphs)s段不在其中（%(named)s）。")
    return lacking % told + unread


def file_name(name: str, coverage: Coverage) -> str:
    """Returns the name of a table as a file, without ending. It tells what the rows cannot: how many
    documents are not in it.

    >>> file_name("检索-核", Coverage("2", "1", {7: "S/2020/1"}))
    '检索-核（缺1份文件）'
    """
    if not coverage.certified:
        name = _("%(name)s（缺%(count)s份文件）") % {"name": name, "count": coverage.documents}
    return name
