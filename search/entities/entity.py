"""The values of the layer: what a stretch of a query names."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What is named. The key of each: alpha-3 code, slug, slug, name, name, ISO date or month, symbol,
    number, the term.
    """

    STATE = "state"
    BODY = "body"
    TREATY = "treaty"
    ORGANISATION = "organisation"  # private or of another kind than bodies; it has no page
    SPEAKER = "speaker"
    DATE = "date"
    SYMBOL = "symbol"
    MEETING = "meeting"
    TERM = "term"


class How(StrEnum):
    """How the words typed led to the entity."""

    NAME = "name"  # one of its names, in any script and spelling
    FORMER = "former"  # a name that it had
    PINYIN = "pinyin"  # the pronunciation of one
    REGION = "region"  # a word of another region or time
    LOOKALIKE = "lookalike"  # with characters that look like those of a name or symbol
    SPELLING = "spelling"  # a symbol without its marks


@dataclass(frozen=True, slots=True)
class Entity:
    """One thing named by ``text[start:end]``.

    ``form`` is the name that was recognised, ``anchor`` and ``last`` the paragraph of a document, or the
    first and the last of a range.
    """

    kind: Kind
    key: str
    label: str
    start: int
    end: int
    form: str = ""
    how: How = How.NAME
    anchor: str = ""
    last: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text names. ``whole``: nothing of it is left over; several entities are then alternatives."""

    text: str
    entities: tuple[Entity, ...] = ()
    whole: bool = False
