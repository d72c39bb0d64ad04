"""``?q=`` in lists of what has several names: a part of any of them, in whatever script, accents or case."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import TypeVar

from archive.models import Body, State, Treaty
from archive.text.folding import fold_words

Named = TypeVar("Named", Body, State, Treaty)
ONE = {
    Body: ("name", "slug", "english", "acronym"),
    State: ("name", "official_name", "english", "alpha3", "alpha2"),
    Treaty: ("name", "slug", "english", "acronym"),
}
SEVERAL = {
    Body: ("aliases", "contextual_aliases", "traditional"),
    State: ("aliases",),
    Treaty: ("aliases",),
}
APOSTROPHES = str.maketrans("‘’ʼ`", "''''")


def of_name(rows: Iterable[Named], asked: str) -> list[Named]:
    """Those of ``rows``, in their order, one of whose names has ``asked`` in it; all where it is empty."""
    return [row for row in rows if has_name(names_of(row), asked)]


def has_name(names: Iterable[str], asked: str) -> bool:
    """Whether one of ``names`` has ``asked`` in it."""
    key = _key(asked)
    return any(key in _key(name) for name in names)


def names_of(row: Body | State | Treaty) -> list[str]:
    """All names that it is known by, the one that is shown first."""
    names = [getattr(row, field) for field in ONE[type(row)]]
    return names + [name for field in SEVERAL[type(row)] for name in getattr(row, field)]


@lru_cache(maxsize=1 << 14)
def _key(name: str) -> str:
    """``name`` as it is compared: as word search folds it, without white space and accents."""
    letters = unicodedata.normalize("NFD", "".join(fold_words(name).split()).translate(APOSTROPHES))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
