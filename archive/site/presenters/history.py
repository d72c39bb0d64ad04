"""Wording of a paragraph's history."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Self

from django.utils.translation import gettext as _
from msgspec import field

from archive import models
from archive.models import Cause, MovedAnchor
from archive.store.addresses.paths import document_path, paragraph_path, query_string
from archive.store.links import histories
from archive.store.links.changes import MERGED, NEW, RESTORED, WITHDRAWN, Event, Item
from archive.store.values import Fingerprint, Instant, Schema

from .diff import Change, compare
from .wording import cited_paragraph_name, clauses, day_or_moment, is_in_doubt, reason_in_words


class IssuedText(Schema, frozen=True, kw_only=True):
    """Words that were public under an anchor, and how that ended; ``text`` is null where law withholds it.
    ``in_doubt``: the clock that told ``since`` or ``until`` was wrong; revisions tell the order."""

    symbol: str
    anchor: str
    fingerprint: Fingerprint
    text: str | None
    withheld: bool
    since: Instant
    until: Instant | None
    in_doubt: bool
    ending: str | None
    cause: str | None
    reason: str | None
    by: str | None

    @classmethod
    def of(cls, text: models.IssuedText) -> Self:
        words = None if text.withheld else text.text
        return cls.from_row(text, text=words, in_doubt=is_in_doubt(text))


class Step(Schema, frozen=True, kw_only=True):
    """A step on the way of words from one address to the next."""

    what: str
    form_only: bool
    at: Instant | None
    from_: str = field(name="from")
    to: str | None
    cause: str | None
    reason: str | None
    by: str | None

    @classmethod
    def all_of(cls, steps: Iterable[histories.Step]) -> list[Self]:
        return [
            cls.from_row(
                step, what=step.ending, from_=paragraph_path(step.symbol, step.anchor), to=_led_to(step)
            )
            for step in steps
        ]


class EarlierAddress(Schema, frozen=True, kw_only=True):
    """An earlier address of a paragraph."""

    from_: str = field(name="from")
    at: Instant
    cause: str | None
    reason: str | None

    @classmethod
    def all_of(cls, moves: Iterable[MovedAnchor]) -> list[Self]:
        return [
            cls.from_row(move, from_=paragraph_path(move.symbol, move.old_anchor), at=move.moved)
            for move in moves
        ]


class ChangedParagraph(Schema, frozen=True, kw_only=True):
    """A paragraph that changed: its words then and now."""

    kind: str
    form_only: bool
    then: IssuedText | None
    now: IssuedText | None
    to: str | None
    changes: list[Change]

    @classmethod
    def of(cls, item: Item) -> Self:
        return cls.from_row(
            item,
            then=IssuedText.of(item.then) if item.then else None,
            now=IssuedText.of(item.now) if item.now else None,
            to=paragraph_path(item.new_symbol, item.new_anchor, language=item.newest.language)
            if item.new_anchor
            else None,
            changes=_changes(item),
        )


class ChangeCounts(Schema, frozen=True, kw_only=True):
    """The numbers of changed paragraphs, by kind of change."""

    added: int
    edited: int
    moved: int
    gone: int


class ChangeEvent(Schema, frozen=True, kw_only=True):
    """One change of a document; the paragraphs of a new one are only counted."""

    id: str
    symbol: str
    at: Instant
    url: str
    kind: str
    cause: str | None
    reason: str | None
    by: str | None
    successor: str | None
    counts: ChangeCounts
    paragraphs: list[ChangedParagraph]

    @classmethod
    def of(cls, event: Event) -> Self:
        return cls.from_row(
            event,
            id=event.ident,
            url=event_path(event),
            counts=ChangeCounts(**{kind: event.count(kind) for kind in ChangeCounts.__struct_fields__}),
            paragraphs=list(map(ChangedParagraph.of, event.items)) if event.kind != NEW else [],
        )


def why_in_words(cause: str, reason: str, by: str = "") -> str:
    """Words a cause: 解析更正：以新版程序重新解析(决定者：…); empty where nothing is known."""
    label, reason = str(Cause(cause).label) if cause in Cause else "", reason_in_words(reason)
    why = (
        _("%(cause)s：%(reason)s") % {"cause": label, "reason": reason}
        if label and reason
        else label or reason
    )
    return _("%(why)s（决定者：%(by)s）") % {"why": why, "by": by} if by else why


def why_withdrawn(issued: models.IssuedText | histories.Step) -> str:
    """Words the reason why a text was withdrawn, for use after words that say it was."""
    cause = "" if issued.reason and issued.cause == Cause.WITHDRAWN else issued.cause
    return why_in_words(cause, issued.reason, issued.by)


def steps_in_words(symbol: str, steps: Iterable[histories.Step]) -> list[dict]:
    """Words each step as ``{"date", "what", "why", "address"}``; ``symbol`` is the document of the first."""
    steps = list(steps)
    return [
        {
            "date": day_or_moment(step.at, _on_the_same_day(step, steps)),
            "what": _what(symbol, step),
            "why": why_withdrawn(step),
            "address": _led_to(step) or "",
        }
        for step in steps
    ]


def _on_the_same_day(step: histories.Step, steps: Iterable[histories.Step]) -> datetime | None:
    """Returns the moment of another of ``steps`` on the day of ``step``, if there is one."""
    others = (other.at for other in steps if other.at != step.at and other.at.date() == step.at.date())
    return next(others, None)


def _what(symbol: str, step: histories.Step) -> str:
    old = cited_paragraph_name(step.anchor)
    new = cited_paragraph_name(step.new_anchor) if step.new_anchor else ""
    if step.new_symbol and step.new_symbol != step.symbol:
        return _("%(old)s随文件并入%(symbol)s，在那里是%(new)s") % {
            "old": old, "symbol": step.new_symbol, "new": new,
        }  # fmt: skip
    if step.ending == models.IssuedText.Ending.MOVED:
        return _("%(old)s移至%(new)s，文字未变") % {"old": old, "new": new}
    if step.ending == models.IssuedText.Ending.EDITED:
        changed = _("%(old)s的字形有改动") if step.form_only else _("%(old)s的文字有改动")
        return changed % {"old": old}
    if step.ending == "restored":
        return _("%(new)s下重新有了文字") % {"new": new}
    if step.cause == Cause.WITHDRAWN:
        return _("%(old)s撤下") % {"old": old}
    return _("%(old)s不再是单独的一段") % {"old": old}


def _led_to(step: histories.Step) -> str | None:
    """Returns the address to which the text moved; None where it is nowhere."""
    if step.new_symbol is None or step.new_anchor is None:
        return None
    return paragraph_path(step.new_symbol, step.new_anchor)


def moves_in_words(symbol: str, moves: Iterable[MovedAnchor]) -> list[dict]:
    """Words the earlier addresses of a paragraph of ``symbol``, as ``{"what", "why"}``."""
    return [
        {"what": _move_in_words(symbol, move), "why": why_in_words(move.cause, move.reason)} for move in moves
    ]


def _move_in_words(symbol: str, move: MovedAnchor) -> str:
    name = cited_paragraph_name(move.old_anchor)
    old = name if move.symbol == symbol else f"{move.symbol} {name}"
    return _("原标为%(old)s，自%(date)s移至此处") % {"old": old, "date": day(move.moved)}


def day(moment: datetime | None) -> str:
    return day_or_moment(moment, None)


# Events of the change log in words, for pages, twins and feeds.


def event_path(event: Event) -> str:
    """Returns the address of an event's page: ``/S/2010/52/history?at=…``."""
    return f"{document_path(event.symbol, event.language)}/history" + query_string(at=event.at.isoformat())


def headline(event: Event) -> str:
    """Words the totals of an event: S/2010/52：改动3段，移动12段."""
    if event.kind == NEW:
        return _("新入库，共%(count)d段") % {"count": len(event.items)}
    if event.kind == WITHDRAWN:
        return _("撤下整份文件，共%(count)d段") % {"count": len(event.items)}
    if event.kind == MERGED:
        return _("并入%(symbol)s") % {"symbol": event.successor}
    if event.kind == RESTORED:
        return _("恢复%(count)d段") % {"count": len(event.items)}
    counted = {
        "edited": _("改动%(count)d段"),
        "moved": _("移动%(count)d段"),
        "added": _("新增%(count)d段"),
        "gone": _("减少%(count)d段"),
    }
    formed = sum(item.form_only for item in event.items)
    counts = {kind: event.count(kind) for kind in counted} | {"form": formed}
    counts["edited"] -= formed
    words = {**counted, "form": _("只改字形%(count)d段")}
    return clauses(words[kind] % {"count": count} for kind, count in counts.items() if count)


def event_in_words(event: Event, most: int) -> dict:
    """Prepares an event for display, with ``most`` paragraphs at most; none of a new document."""
    detailed = () if event.kind in (NEW, MERGED, WITHDRAWN) and most < len(event.items) else event.items
    if event.kind == NEW:
        detailed = ()
    shown = detailed[:most]
    return {
        "event": event,
        "path": event_path(event),
        "date": day_or_moment(event.at, None),
        "headline": headline(event),
        "why": why_in_words(event.cause, event.reason, event.by),
        "items": [item_in_words(item, event.kind == RESTORED) for item in shown],
        "more": len(detailed) - len(shown),
    }


def item_in_words(item: Item, restored: bool = False) -> dict:
    """Prepares one changed paragraph for display; where it was ``restored``, it is not called new."""
    text, then, now = item.newest, item.then, item.now
    names = {
        "old": cited_paragraph_name(then.anchor) if then else "",
        "new": cited_paragraph_name(item.new_anchor or (now.anchor if now else "")),
        "symbol": item.new_symbol,
    }
    other = item.kind == "moved" and then is not None and item.new_symbol != then.symbol
    what = {
        "added": _("恢复%(new)s") if restored else _("新增%(new)s"),
        "edited": _("%(old)s字形改动") if item.form_only else _("%(old)s文字改动"),
        "moved": _("%(old)s移至%(symbol)s%(new)s") if other else _("%(old)s移至%(new)s"),
        "gone": _("%(old)s不再有"),
    }[item.kind]
    return {
        "kind": item.kind,
        "what": what % names,
        "address": paragraph_path(text.symbol, text.anchor, text.fingerprint, text.language),
        "excerpt": "" if _is_hidden(item) or item.kind == "edited" else text.text,
        "changes": _changes(item),
    }


def _is_hidden(item: Item) -> bool:
    return any(row.withheld for row in (item.then, item.now) if row)


def _changes(item: Item) -> list[Change]:
    if item.kind != "edited" or not (item.then and item.now) or _is_hidden(item):
        return []
    return compare(item.then.text, item.now.text).changes


def event_as_text(event: Event) -> str:
    """Returns an event as lines of plain text, for feeds."""
    told = event_in_words(event, 20)
    lines = [told["headline"], told["why"]]
    for item in told["items"]:
        changes = [f"[-{change.struck}-][+{change.added}+]" for change in item["changes"]]
        lines.append(
            "：".join(part for part in (item["what"], "，".join(changes) or item["excerpt"]) if part)
        )
    return "\n".join(line for line in lines if line)
