"""The dates of a document as the rows of the index keep them: what is printed, and what it is known by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

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

    def as_json(self) -> dict[str, str | None]:
        """``date``, ``communication_date`` and ``meeting_date`` in ISO 8601, or null."""
        return {name: day.isoformat() if (day := getattr(self, name)) else None for name in PRINTED}

    def as_cells(self) -> tuple[str, ...]:
        """The same as cells of a table, whose heads are ``heads``."""
        return tuple(day or "" for day in self.as_json().values())


def dates_of(stored: Mapping[str, Any]) -> Dates:
    """The dates of the document of a stored row."""
    days = {name: dt.date.fromisoformat(stored[name]) if stored[name] else None for name in PRINTED}
    return Dates(**days, document_type=stored["document_type"], year=stored["year"])


NONE = Dates(None, None, None, document_type="", year="")


def heads() -> list[str]:
    """The heads of the columns of ``Dates.as_cells``."""
    return [_("印发日期"), _("信件或照会日期"), _("会议日期")]
