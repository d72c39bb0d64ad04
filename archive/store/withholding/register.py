"""The register of all that makes copies of the archive's words: files, tables, pages kept in memory.

Whoever adds such a place registers it from ``AppConfig.ready``, so that withholding reaches it; a test finds
files, tables and addresses that belong to no registration. Registered is where the makers are found: they
lead to most of the program, which a start is not to wait for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from .words import Forbidden

_places: dict[str, None] = {}


def _nothing(*_given: object) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Producer:
    """A maker of copies. ``name`` is for programs, ``label()`` names the copy to people.

    ``holds(words)`` tells where forbidden words stand in the copies as they are, each place in words of the
    reader's language; empty where they are clean. Asked with None it tells by its marks alone, quickly,
    whether a copy was made before what is withheld now. ``remove()`` makes them clean: made anew without the
    words, or gone; returns what people should be told of it, if anything. ``owns(path)`` is asked of a path
    relative to the data folder, ``models`` are tables by label ("archive.Paragraph"). ``public`` is False
    where the place is no copy for others: it keeps the words, as it must, or holds none, for the reason that
    ``why`` gives.
    """

    name: str
    label: Callable[[], str]
    holds: Callable[[Forbidden | None], Sequence[str]] = lambda _words: ()
    remove: Callable[[], Iterable[str] | None] = _nothing
    owns: Callable[[Path], bool] = lambda _path: False
    models: tuple[str, ...] = ()
    public: bool = True
    why: str = ""


def register(*places: str) -> None:
    """Adds functions without arguments, by dotted path, each of which gives ``Producer``s."""
    _places.update(dict.fromkeys(places))
    producers.cache_clear()


@cache
def producers() -> tuple[Producer, ...]:
    """Returns all that are registered, in the order in which they were."""
    return tuple(producer for place in _places for producer in import_string(place)())
