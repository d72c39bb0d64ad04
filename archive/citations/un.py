"""Footnotes as in United Nations documents, in Chinese and English.

Editorial manual: a document is identified by its symbol, resolutions and decisions by organ and number, which
is their name, for they bear no other; paragraphs are cited, not pages. UN documents cite each other without
address; ``linked`` adds it, with the day of access, in the form the manual gives for electronic sources.
"""

from __future__ import annotations

import re

from archive.presenters.wording import chinese_date, spoken_symbol

from .record import Record
from .titles import english_date

ENGLISH_OWNERS = {
    "S/": "Security Council",
    "A/HRC/": "Human Rights Council",
    "A/": "General Assembly",
    "E/": "Economic and Social Council",
}
NUMBERED = re.compile(r"(?P<owner>S/|A/HRC/|A/|E/)(?P<kind>RES|DEC)/(?P<number>.+)")


def footnote_chinese(record: Record, linked: bool = False) -> str:
    """安全理事会第1540(2004)号决议，第3(a)段。 S/2010/52，附件，第14段。"""
    note = cited_chinese(record)
    if linked and record.link:
        read = f" ({chinese_date(record.accessed)}查阅)" if record.accessed else " "
        note += f"，见 {record.link}{read}"
    return f"{note}。"


def footnote_english(record: Record, linked: bool = False) -> str:
    """``Security Council resolution 1540 (2004), para. 3 (a).`` ``S/2010/52, annex, para. 14.``"""
    note = cited_english(record)
    if linked and record.link:
        read = f" (accessed on {english_date(record.accessed)})" if record.accessed else " "
        note += f", available at {record.link}{read}"
    return f"{note}."


def cited_chinese(record: Record) -> str:
    """The footnote without its full stop and address."""
    head = spoken_symbol(record.symbol) if record.is_resolution else record.symbol
    return "，".join([head, *(record.pinpoint.chinese if record.pinpoint else ())])


def cited_english(record: Record) -> str:
    head = spoken_english(record.symbol) if record.is_resolution else record.symbol
    return ", ".join([head, *(record.pinpoint.english if record.pinpoint else ())])


def spoken_english(symbol: str) -> str:
    """``Security Council resolution 1540 (2004)``; the symbol itself where it has no such name."""
    match = NUMBERED.fullmatch(symbol)
    if not match:
        return symbol
    kind = "resolution" if match["kind"] == "RES" else "decision"
    return f"{ENGLISH_OWNERS[match['owner']]} {kind} {spaced(match['number'])}"


def spaced(number: str) -> str:
    """``1540 (2004)``: English texts set a space before the bracket, Chinese texts none."""
    return re.sub(r"(?<=\d)\(", " (", number)
