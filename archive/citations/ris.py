"""RIS, as Zotero and EndNote read it. By hand: the library for it writes the number under another tag.

SN is the number of a report (IS is not); no PB, which would make a publisher of the organ; a half-width comma
in a name would part family name and given name.
"""

from __future__ import annotations

import datetime as dt

from .csl import facts_in_words
from .facts import one_line
from .record import LANGUAGE, Record


def ris(record: Record) -> str:
    """One entry, lines ended as the format wants them."""
    fields = [
        ("TY", "RPRT"),
        ("ID", record.key),
        ("AU", record.author.chinese.replace(",", "，")),
        ("TI", record.title or f"[{record.kind_chinese}]"),
        ("SN", record.symbol),
        ("M3", record.kind_chinese),
        ("PY", str(record.issued.year) if record.issued else f"[{record.year}]" if record.year else ""),
        ("DA", _date(record.issued)),
        ("SP", record.place),
        ("UR", record.link),
        ("Y2", _date(record.accessed) if record.year else ""),
        ("LA", LANGUAGE),
        ("AB", record.words),
        ("N1", facts_in_words(record)),
    ]
    lines = [f"{tag}  - {one_line(value)}" for tag, value in fields if value]
    return "\r\n".join([*lines, "ER  - "]) + "\r\n"


def _date(date: dt.date | None) -> str:
    return f"{date:%Y/%m/%d}/" if date else ""
