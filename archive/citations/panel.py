"""What a reading page shows of a citation: the forms that cost nothing, the files, the way to all forms."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.safestring import SafeString

from archive.presenters.wording import chinese_date

from .files import FILES
from .forms import Choice, choices
from .harvest import json_ld, meta_tags
from .record import Record


@dataclass(frozen=True, slots=True)
class Panel:
    """For ``_citation.html`` and ``_harvest.html``. ``page`` is the page of all forms; links are absolute."""

    link: str
    fingerprint: str
    accessed: str
    undated: bool
    year: int | None
    choices: list[Choice]
    files: list[tuple[str, str, str]]
    page: str
    meta: list[tuple[str, str]]
    json_ld: SafeString
    ocr_confidence: int | None = None
    doubts: tuple[dict, ...] = ()


def panel(record: Record, slow: bool = False) -> Panel:
    """The panel of a record; with ``slow`` all forms are in it and no other page is offered."""
    return Panel(
        link=record.link,
        fingerprint=record.fingerprint,
        accessed=chinese_date(record.accessed),
        undated=record.issued is None,
        year=record.year,
        choices=choices(record, slow),
        files=[(kind.label, f"{record.address}.{ending}", kind.media_type) for ending, kind in FILES.items()],
        page="" if slow else f"{record.address}/cite",
        meta=meta_tags(record),
        json_ld=json_ld(record),
        ocr_confidence=record.ocr_confidence,
        doubts=record.doubts,
    )
