"""What the page of a resolution or decision tells beside its text, alike whether the text is held or not."""

from __future__ import annotations

import datetime as dt

from archive.fetching.family import mandates
from archive.models import Body, Paragraph, Resolution
from archive.presenters.wording import short_symbol
from archive.reading.distribution import Spread
from archive.summaries.reading import with_figures
from archive.summaries.shares import Subject

from .citing_words import citing_documents, quoted_paragraphs
from .record import Record


def head_of(symbol: str) -> dict:
    """Content, adoption, committee, mandate and family of a resolution, as far as they are known.

    ``known`` is its row in the table of resolutions or None; ``mandate`` ``{"until", "last", "last_until"}``.
    """
    known = Resolution.objects.filter(symbol=symbol).first()
    members = Resolution.objects.filter(family=True) if known and known.family else []
    family = with_figures(members, Subject.SYMBOL, "symbol")
    ends = _ends_of(symbol)
    return {
        "known": known,
        "family": family,
        "committee": _committee_of(next(iter(ends), symbol)),
        "mandate": mandate_of(symbol),
    }


def _committee_of(symbol: str) -> Body | None:
    """The committee that a resolution set up, by its name; None where the archive knows none."""
    named = Body.objects.filter(name__contains=f"第{short_symbol(symbol)}号决议所设委员会")
    return min(named.order_by("name"), key=lambda body: len(body.name), default=None)


def _ends_of(symbol: str) -> dict[str, str]:
    """The mandates of the family of ``symbol``, oldest first; empty where it is of none."""
    return next((ends for ends, members in mandates() if symbol in members), {})


def mandate_of(symbol: str) -> dict | None:
    """Until when a resolution gives its family's committee, and until when the last one does."""
    ends = _ends_of(symbol)
    if not ends:
        return None
    last = list(ends)[-1]
    until = ends.get(symbol)
    return {
        "until": _date(until),
        "last": last if last != symbol else "",
        "last_number": short_symbol(last),
        "last_until": _date(ends[last]),
    }


def _date(written: str | None) -> dt.date | None:
    return dt.date.fromisoformat(written) if written else None


def citing_sections(symbol: str, spread: Spread, record: Record, since: int | None) -> dict:
    """Who cites ``symbol`` in their sentences, first by its paragraphs, then by document; then figures."""
    quoted, other_pinpoints = quoted_paragraphs(symbol, record.pinpoints)
    documents = spread.documents
    return {
        "record": record,
        "quoted": quoted,
        "other_pinpoints": other_pinpoints,
        "groups": citing_documents(symbol, Paragraph.objects.citing(symbol), documents),
        "documents": documents,
        "years": spread.years(since),
    }
