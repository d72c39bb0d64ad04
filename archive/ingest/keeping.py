"""Rows of the reference data, read once while they stay what they are."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from archive.revision import RevisionMark

T = TypeVar("T")


def kept_by_revision(read: Callable[[], tuple[T, bool]]) -> Callable[[RevisionMark], T]:
    """Decorates a reader of reference data: what it gave at a revision of them is given again.

    ``read`` returns the rows and whether they may be kept: rows that it enters itself may be rolled back, to
    the revision before them. The result is shared: whoever changes it takes a copy.
    """
    kept: dict[RevisionMark, T] = {}

    @wraps(read)
    def at(revision: RevisionMark) -> T:
        if revision in kept and revision.token:
            return kept[revision]
        found, may_be_kept = read()
        kept.clear()
        if may_be_kept:
            kept[revision] = found
        return found

    return at
