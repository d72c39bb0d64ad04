"""What happened to words, told in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from archive.http.addresses import paragraph_path
from archive.links.histories import Step
from archive.models import Cause, IssuedText, MovedAnchor
from archive.schemas import history

from .wording import cited_paragraph_name, is_in_doubt, moment_beside


def why_in_words(cause: str, reason: str, by: str = "") -> str:
    """解析更正：以新版程序重新解析(决定者：…); empty where nothing is known."""
    label = str(Cause(cause).label) if cause in Cause else ""
    why = (
        _("%(cause)s：%(reason)s") % {"cause": label, "reason": reason}
        if label and reason
        else label or reason
    )
    return _("%(why)s（决定者：%(by)s）") % {"why": why, "by": by} if by else why


def why_withdrawn(issued: IssuedText | Step) -> str:
    """Why a text is public no more, beside words that say already that it was withdrawn."""
    cause = "" if issued.reason and issued.cause == Cause.WITHDRAWN else issued.cause
    return why_in_words(cause, issued.reason, issued.by)


def steps_in_words(symbol: str, steps: Iterable[Step]) -> list[dict]:
    """Each step as ``{"date", "what", "why", "address"}``; ``symbol`` is the document where they began."""
    steps = list(steps)
    return [
        {
            "date": moment_beside(step.at, _on_the_same_day(step, steps)),
            "what": _what(symbol, step),
            "why": why_withdrawn(step),
            "address": _led_to(step) or "",
        }
        for step in steps
    ]


def _on_the_same_day(step: Step, steps: Iterable[Step]) -> datetime | None:
    """The moment of another of ``steps`` on the day of ``step``, if there is one."""
    others = (other.at for other in steps if other.at != step.at and other.at.date() == step.at.date())
    return next(others, None)


def _what(symbol: str, step: Step) -> str:
    old = cited_paragraph_name(step.anchor)
    new = cited_paragraph_name(step.new_anchor) if step.new_anchor else ""
    if step.new_symbol and step.new_symbol != step.symbol:
        return _("%(old)s随文件并入%(symbol)s，在那里是%(new)s") % {
            "old": old, "symbol": step.new_symbol, "new": new,
        }  # fmt: skip
    if step.ending == IssuedText.Ending.MOVED:
        return _("%(old)s移至%(new)s，文字未变") % {"old": old, "new": new}
    if step.ending == IssuedText.Ending.EDITED:
        changed = _("%(old)s的字形有改动") if step.form_only else _("%(old)s的文字有改动")
        return changed % {"old": old}
    if step.ending == "restored":
        return _("%(new)s下重新有了文字") % {"new": new}
    if step.cause == Cause.WITHDRAWN:
        return _("%(old)s撤下") % {"old": old}
    return _("%(old)s不再是单独的一段") % {"old": old}


def _led_to(step: Step) -> str | None:
    """The address under which the text stands since then; None where nowhere."""
    if step.new_symbol is None or step.new_anchor is None:
        return None
    return paragraph_path(step.new_symbol, step.new_anchor)


def steps_as_json(steps: Iterable[Step]) -> list[history.Step]:
    return [
        history.Step(
            what=step.ending,
            form_only=step.form_only,
            at=step.at,
            from_=paragraph_path(step.symbol, step.anchor),
            to=_led_to(step),
            cause=step.cause or None,
            reason=step.reason or None,
            by=step.by or None,
        )
        for step in steps
    ]


def moves_in_words(symbol: str, moves: Iterable[MovedAnchor]) -> list[dict]:
    """Where else a paragraph of ``symbol`` once stood, as ``{"what", "why"}``."""
    return [{"what": _came(symbol, move), "why": why_in_words(move.cause, move.reason)} for move in moves]


def _came(symbol: str, move: MovedAnchor) -> str:
    name = cited_paragraph_name(move.old_anchor)
    old = name if move.symbol == symbol else f"{move.symbol} {name}"
    return _("原标为%(old)s，自%(date)s移至此处") % {"old": old, "date": day(move.moved)}


def moves_as_json(moves: Iterable[MovedAnchor]) -> list[history.EarlierAddress]:
    return [
        history.EarlierAddress(
            from_=paragraph_path(move.symbol, move.old_anchor),
            at=move.moved,
            cause=move.cause or None,
            reason=move.reason or None,
        )
        for move in moves
    ]


def issued_as_json(text: IssuedText) -> history.IssuedText:
    """A text that was public, with its dates and why it ended; its words unless law forbids."""
    return history.IssuedText(
        symbol=text.symbol,
        anchor=text.anchor,
        fingerprint=text.fingerprint,
        text=None if text.withheld else text.text,
        withheld=text.withheld,
        since=text.since,
        until=text.until,
        in_doubt=is_in_doubt(text),
        ending=text.ending or None,
        cause=text.cause or None,
        reason=text.reason or None,
        by=text.by or None,
    )


def day(moment: datetime | None) -> str:
    return moment_beside(moment, None)
