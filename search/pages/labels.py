"""A paragraph that was found, as every answer tells it; and the labels of its row, made when it is shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, Self

from django.utils.translation import get_language

from archive.models.querysets.languages import CHINESE
from archive.site.presenters.wording import location_in_words, who_speaks
from archive.store.addresses.locations import Location
from archive.store.addresses.paths import paragraph_path
from archive.store.values import Day, Schema


class FoundParagraph(Schema, frozen=True, kw_only=True):
    """A paragraph that was found. ``ocr_confidence``, from 0 to 100, is given for text recognized in a
    picture.
    """

    url: str
    symbol: str
    anchor: str
    place: str
    title: str
    date: Day | None
    communication_date: Day | None
    meeting_date: Day | None
    who: str | None
    ocr_confidence: int | None

    stored: ClassVar[Mapping[str, Any]]

    @classmethod
    def of(cls, stored: Mapping[str, Any], **told: Any) -> Self:
        """Makes one of a stored row; the fields that this lacks are ``told``."""
        labels = {"url": path_of(stored), "place": place_of(stored), "who": who_of(stored) or None}
        return cls.from_row(stored, **(labels | told)).carrying(stored=stored)

    @property
    def dates(self) -> Dates:
        """The dates of its document, to be worded."""
        return dates_of(self.stored)


@dataclass(frozen=True, slots=True)
class Voice:
    """The speaker or submitter as the document prints the name; empty where nobody is named."""

    speaker_name: str = ""
    speaker_honorific: str = ""
    speaker_delegation: str = ""
    speaker_status: str = ""
    speaker_capacity: str = ""
    submitter_name: str = ""


def place_of(stored: Mapping[str, Any]) -> str:
    """Returns the display name of the paragraph's place in its document: 附件第14段."""
    return _place(get_language(), tuple(stored["location"].items()))


@lru_cache(maxsize=4096)
def _place(language: str | None, location: tuple[tuple[str, str], ...]) -> str:
    """Words a place, cached by language: a page of hits names the same places again and again."""
    return location_in_words(Location.from_values(dict(location)))


def who_of(stored: Mapping[str, Any]) -> str:
    """Returns Kim Heun Jin女士(大韩民国); 古巴 for a reply; empty for others."""
    return who_speaks(voice_of(stored))


def voice_of(stored: Mapping[str, Any]) -> Voice:
    """Returns who speaks or replies in a stored row."""
    return Voice(**stored["voice"])


# The dates of a document as the rows of the index keep them: what is printed, and what it is known by.

PRINTED = ("date", "communication_date", "meeting_date")


@dataclass(frozen=True, slots=True)
class Dates:
    """The printed date of issue, that of the letter or note, that of the meeting; None where there is none.

    ``presenters.wording.date_in_words`` words them, as those of a document. What sorts a document
    (``sort_date``) may be a guess, and is shown nowhere.
    """

    date: dt.date | None
    communication_date: dt.date | None
    meeting_date: dt.date | None
    document_type: str
    year: str


def dates_of(stored: Mapping[str, Any]) -> Dates:
    """Returns the dates of the document of a stored row."""
    days = {name: dt.date.fromisoformat(stored[name]) if stored[name] else None for name in PRINTED}
    return Dates(**days, document_type=stored["document_type"], year=stored["year"])


def path_of(stored: Mapping[str, Any], fingerprint: str = "") -> str:
    """Returns the address of the paragraph of a stored row, with the ``fingerprint`` of its words."""
    return paragraph_path(stored["symbol"], stored["anchor"], fingerprint, stored.get("language", CHINESE))


NONE = Dates(None, None, None, document_type="", year="")
