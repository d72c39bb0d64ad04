"""What pages call a stored row: the words for its values, made when it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language

from archive.locations import Location
from archive.presenters.wording import location_in_words, who_speaks


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks or replies, as the document prints it; empty where nobody is named."""

    speaker_name: str = ""
    speaker_honorific: str = ""
    speaker_delegation: str = ""
    submitter_name: str = ""


def place_of(stored: Mapping[str, Any]) -> str:
    """What the paragraph is called beside its document's symbol: 附件第14段."""
    return _place(get_language(), tuple(stored["location"].items()))


@lru_cache(maxsize=4096)
def _place(language: str | None, location: tuple[tuple[str, str], ...]) -> str:
    """A page of hits names the same places again and again; the words are those of the language."""
    return location_in_words(Location.from_values(dict(location)))


def who_of(stored: Mapping[str, Any]) -> str:
    """Kim Heun Jin女士(大韩民国); 古巴 for a reply; empty for others."""
    return who_speaks(Voice(**stored["voice"])) if stored["voice"] else ""
