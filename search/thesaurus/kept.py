"""The thesaurus of this process: the kept lists of the search, then the concepts of the database."""

from __future__ import annotations

import functools
from collections.abc import Iterator

from archive.models import ThesaurusConcept
from archive.revision import RevisionMark, reference_revision
from archive.text.skos import LISTS, SkosConcept
from search.text.vocabulary import kept_sets

from .english import terms
from .table import Thesaurus

_read: dict[str, Thesaurus] = {}  # revision of the archive → table; only the last


def thesaurus_at(revision: str) -> Thesaurus:
    """The thesaurus at a revision of the archive. No query for the revision asked for last; else one, and
    another where the reference data changed since.
    """
    if revision not in _read:
        table = _table_of(reference_revision())
        _read.clear()
        _read[revision] = table
    return _read[revision]


@functools.lru_cache(maxsize=2)
def _table_of(_reference_data: RevisionMark) -> Thesaurus:
    return Thesaurus([*kept_concepts(), *stored_concepts()])


def stored_concepts() -> Iterator[SkosConcept]:
    """The concepts of the database that no editor has retired."""
    columns = ("slug", "name", "branch", *LISTS)
    for slug, name, branch, *lists in (
        ThesaurusConcept.objects.current().order_by("slug").values_list(*columns)
    ):
        yield SkosConcept(slug, name, branch, *map(tuple, lists))


def kept_concepts() -> Iterator[SkosConcept]:
    """The kept lists as concepts without a page: sets of equal terms, and English terms."""
    for first, *others in kept_sets():
        yield SkosConcept("", first, "", variants=tuple(others))
    for english, chinese in terms().items():
        yield SkosConcept("", chinese, "", english=(english,))
