"""Makes every copy clean after words were withheld, and tells which are not.

The database is changed first, in one transaction, and every page answers from it; what is killed after that
shows nothing, and the next run completes it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .register import Producer, producers
from .withheld import anything_withheld, forbidden_words
from .words import Forbidden

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Unclean:
    """A copy that holds withheld words: which, and where in it, or why nobody can tell."""

    producer: str
    label: str
    places: tuple[str, ...]


def unclean_copies(deep: bool = False) -> list[Unclean]:
    """Every copy that holds words that are withheld, by its marks; with ``deep`` each is also read through.

    Empty where withholding is finished.
    """
    if not anything_withheld():
        return []
    words = forbidden_words() if deep else None
    found = ((producer, _places(producer, words)) for producer in _public())
    return [Unclean(one.name, str(one.label()), tuple(places)) for one, places in found if places]


def clean_copies(tell: Callable[[str], object] = lambda _said: None) -> list[Unclean]:
    """Make every copy clean; returns those that are not. Run again, it goes on where it was stopped.

    ``tell`` is given, in sentences, what people find changed: a bundle that is gone.
    """
    words, failed = forbidden_words(), {}
    for producer in _public():
        if _places(producer, words):
            try:
                for said in producer.remove() or ():
                    tell(said)
            except Exception as error:  # one copy that cannot be cleaned must not keep the others from it
                log.exception("%s could not be made clean", producer.name)
                failed[producer.name] = str(error) or type(error).__name__
    found = ((producer, _places(producer, words)) for producer in _public())
    return [
        Unclean(one.name, str(one.label()), (*places, *filter(None, [failed.get(one.name)])))
        for one, places in found
        if places
    ]


def _public() -> list[Producer]:
    return [producer for producer in producers() if producer.public]


def _places(producer: Producer, words: Forbidden | None) -> Sequence[str]:
    try:
        return producer.holds(words)
    except Exception as error:  # what cannot be read cannot be cleared
        log.exception("%s could not be looked through", producer.name)
        return (str(error) or type(error).__name__,)
