"""Parsed requests of readers: a search, or the lines of a concordance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from .ast import Field, Phrase, Words, take_filters
from .parser import parse


@dataclass(frozen=True, slots=True)
class Asked:
    """A search request: the query as typed, filters by field (codes), order, and the page from 1 or the
    cursor ``after`` which it begins; ``without``: terms that are not added.
    """

    q: str
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = "relevance"
    page: int = 1
    variants: bool = True
    without: tuple[str, ...] = ()
    group: bool = False
    after: str = ""


@dataclass(frozen=True, slots=True)
class AskedLines:
    """A concordance request: the phrase, possibly with fields as in a search (年份:2016), the words excluded
    right before or after it, order, the page from 1 or the cursor ``after`` which it begins, and filters by
    field (codes).
    """

    q: str = ""
    not_left: str = ""
    not_right: str = ""
    sort: str = "right"
    page: int = 1
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    after: str = ""

    @property
    def phrase(self) -> str:
        """The phrase without fields, and without the quotation marks around the whole of it."""
        return read_lines_query(self.q)[0]

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields given with the phrase."""
        return read_lines_query(self.q)[1]

    @property
    def typed(self) -> str:
        """The text to show in the input box."""
        return self.q.strip() if self.fields else self.phrase


@lru_cache(maxsize=64)
def read_lines_query(q: str) -> tuple[str, tuple[Field, ...]]:
    """Parses a concordance query into the phrase, and the fields given with it.

    The input is literal; only where it is one string with fields, the fields are conditions.
    """
    root = parse(q).root
    fields, rest = take_filters(root)
    if fields and isinstance(rest, Words | Phrase):
        return rest.text, tuple(fields)
    return root.text if isinstance(root, Phrase) else q.strip(), ()
