"""The register of all that makes copies of the archive's words, and of what withholding asks of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from .words import Forbidden


@dataclass(frozen=True, slots=True)
class Producer:
    """A maker of copies. ``name`` is for programs, ``label`` names the copy to people.

    ``holds(words)`` tells where forbidden words stand in the copies as they are, each place in words of the
    reader's language; empty where they are clean. Asked with None it tells by its marks alone, quickly,
    whether a copy was made before what is withheld now. ``remove()`` makes them clean: made anew without the
    words, or gone; returns what people should be told of it, if anything.
    """

    name: str
    label: str | Promise
    holds: Callable[[Forbidden | None], Sequence[str]]
    remove: Callable[[], Iterable[str] | None]


def producers() -> list[Producer]:
    """Returns those that the setting ``COPIES_OF_WORDS`` names."""
    return [import_string(path) for path in settings.COPIES_OF_WORDS]
