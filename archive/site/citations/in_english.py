"""What a page shows and how it is cited, for readers who know no Chinese: in English on every permalink."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from archive.site.presenters.english import place_in_english, range_in_english, spoken_english
from archive.site.presenters.symbols import eur_lex_url
from archive.store.addresses.locations import location_of_anchor
from archive.store.links.ranges import ends_of
from archive.text.symbols.symbol import un_url

from .record import Record
from .styles import cited_english


@dataclass(frozen=True, slots=True)
class InEnglish:
    """For ``_english.html``. ``cited`` is the footnote without its full stop, ``link`` the absolute address
    to cite, empty where nothing is to be cited; ``un_url`` leads to the English text, if the UN has it there.
    """

    symbol: str
    cited: str
    title: str = ""
    link: str = ""
    un_url: str | None = None
    eur_lex_url: str | None = None
    ocr_confidence: int | None = None
    in_doubt: bool = False


def in_english(record: Record) -> InEnglish:
    """Returns how the place of a record is cited in English; where it has no number, by its heading."""
    return InEnglish(
        record.symbol,
        cited_english(record),
        record.title_english,
        record.link,
        *texts_in_english(record.symbol),
        ocr_confidence=record.ocr_confidence,
        in_doubt=bool(record.doubts),
    )


def address_in_english(symbol: str, anchor: str = "") -> InEnglish:
    """Returns the same of an address of which no text is held now: ``anchor`` of a paragraph or a range."""
    place = pinpoint_in_english(ends_of(anchor)) if anchor else ""
    cited = ", ".join(filter(None, (spoken_english(symbol), place)))
    return InEnglish(symbol, cited, "", "", *texts_in_english(symbol))


def pinpoint_in_english(ends: Sequence[str]) -> str:
    """Words a paragraph, or a range from the first to the last of ``ends``, by anchors alone."""
    places = [place_in_english(location_of_anchor(end)) for end in ends]
    return places[0] if len(places) == 1 else range_in_english(places[0], places[-1])


def texts_in_english(symbol: str) -> tuple[str | None, str | None]:
    """Returns the addresses of the English text at the UN and at EUR-Lex."""
    return un_url(symbol, "en"), eur_lex_url(symbol)
