"""One CSL-JSON item for the reader's own tools, and its English variant, from which the CSL styles are made.

CSL-JSON 1.0.2 (citation-style-language/schema). Type ``report`` for every document, because no other type has
number, full date, corporate author and place together. No publisher: with one, GB/T styles make a book of it.
"""

from __future__ import annotations

import datetime as dt
import re

from archive.presenters.recognition import recognized_in_words

from .record import LANGUAGE, Record
from .un import spaced


def csl_item(record: Record) -> dict:
    """The item in Chinese, as it is exported. ``page`` is the place: GB/T styles have no other slot."""
    item = {
        "id": record.key,
        "type": "report",
        "genre": record.kind_chinese,
        "author": [{"literal": record.author.chinese}] if record.author.chinese else [],
        "title": record.title or f"[{record.kind_chinese}]",
        "number": record.symbol,
        "issued": _issued(record),
        "page": record.place,
        "URL": record.link,
        "accessed": _accessed(record),
        "language": LANGUAGE,
        "abstract": record.words,
        "note": facts_in_words(record),
        "custom": _custom(record),
    }
    return {name: value for name, value in item.items() if value}


def csl_item_english(record: Record, kind: str = "report", genre: str = "") -> dict:
    """The same item with English names, for styles of English: the Chinese title, ours behind it in [ ].

    Resolutions have no title: their number is given as ``genre``, which styles set without quotation marks.
    ``page`` is left out, since the place is given to the style as locator.
    """
    english = f" [{record.title_english}]" if record.title_english else ""
    item = {
        "id": record.key,
        "type": kind,
        "genre": genre,
        "author": [{"literal": record.author.english}] if record.author.english else [],
        "title": "" if record.is_resolution else (record.title or f"[{record.kind_chinese}]") + english,
        "number": spaced(record.symbol) if record.is_resolution else record.symbol,
        "issued": _issued(record),
        "URL": record.link,
        "accessed": _accessed(record),
        "language": "en",
    }
    return {name: value for name, value in item.items() if value}


def _issued(record: Record) -> dict:
    """The date of issue; ``[2010]`` as words where only the year is told; nothing where nothing is."""
    if record.issued:
        return parts(record.issued)
    return {"literal": f"[{record.year}]"} if record.year else {}


def _accessed(record: Record) -> dict:
    """The day of access; left out where no year is known, for GB/T styles would print it as the year."""
    return parts(record.accessed) if record.accessed and record.year else {}


def parts(date: dt.date) -> dict:
    return {"date-parts": [[date.year, date.month, date.day]]}


def facts_in_words(record: Record) -> str:
    """What reference managers have no field for: session, agenda item, meeting, dates not of issue."""
    facts = [
        ("届会", record.session),
        ("议程项目", record.agenda_item),
        ("会议", record.meeting),
        ("会议日期", record.met.isoformat() if record.met else ""),
        ("信件或照会日期", record.written.isoformat() if record.written else ""),
        ("印发日期", "" if record.issued else "未印" if not record.year else "未印，年份据文号等推定"),
        ("查阅日期", record.accessed.isoformat() if record.accessed and not record.year else ""),
        ("文字指纹", record.fingerprint),
        ("注意", record.remark),
        ("文字来源", recognized_in_words(record.ocr_confidence)),
    ]
    return "；".join(f"{name}：{value}" for name, value in facts if value)


def _custom(record: Record) -> dict:
    """The same facts under names of their own, for programs."""
    facts = {
        "anchors": list(record.pinpoint.anchors) if record.pinpoint else [],
        "fingerprint": record.fingerprint,
        "pinpoint": record.place,
        "pinpoint-en": record.place_english,
        "session": record.session,
        "agenda-item": record.agenda_item,
        "meeting": record.meeting,
        "meeting-date": record.met.isoformat() if record.met else "",
        "communication-date": record.written.isoformat() if record.written else "",
        "ocr-confidence": record.ocr_confidence if record.ocr_confidence is not None else "",
    }
    return {name: value for name, value in facts.items() if value not in ("", [])}


def without_point(english: str) -> str:
    """OSCOLA's pinpoints: ``annex para 3(a)`` for ``annex, para. 3 (a)``."""
    plain = english.replace("para.", "para").replace("paras.", "paras").replace("sect.", "s")
    return re.sub(r"(?<=[\d)]) \(", "(", plain.replace(", ", " "))
