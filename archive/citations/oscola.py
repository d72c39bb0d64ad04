"""Resolutions and decisions by OSCOLA (4th edition, international law), which no stock style prints.

``UNSC Res 1540 (28 April 2004) UN Doc S/RES/1540(2004) para 3(a)``: organ's acronym, number, date, symbol.
"""

from __future__ import annotations

from .csl import without_point
from .record import Record
from .titles import english_date
from .un import NUMBERED

ORGANS = {"S/": "UNSC", "A/HRC/": "UNHRC", "A/": "UNGA", "E/": "ECOSOC"}


def resolution(record: Record) -> str:
    """The note of a resolution or decision; one of another body keeps that body's English name.

    An undated Council resolution has its year, which is part of its name; an undated one of another organ
    has none, and none is made up.
    """
    match = NUMBERED.fullmatch(record.symbol)
    organ = ORGANS[match["owner"]] if match else record.author.short or record.author.english
    kind = "Res" if record.kind == "resolution" else "Dec"
    number = (
        match["number"].partition("(")[0] if match and match["owner"] == "S/" else match and match["number"]
    )
    date = f"({english_date(record.issued)})" if record.issued else _year(record)
    place = without_point(record.place_english)
    note = " ".join(piece for piece in (organ, kind, number, date, f"UN Doc {record.symbol}", place) if piece)
    if record.link:
        note += f" <{record.link}>"
        note += f" accessed {english_date(record.accessed)}" if record.accessed else ""
    return note


def _year(record: Record) -> str:
    return f"({record.year})" if record.year and record.symbol.startswith("S/RES/") else ""
