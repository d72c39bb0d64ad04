"""What happened to words, told in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from archive.http.addresses import document_path, paragraph_path, query_string
from archive.links.changes import MERGED, NEW, RESTORED, WITHDRAWN, Event, Item
from archive.links.histories import Step
from archive.models import Cause, IssuedText, MovedAnchor
from archive.schemas import history

from .diff import Change, changes_as_json, compare
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
        history.Step.from_row(
            step, what=step.ending, from_=paragraph_path(step.symbol, step.anchor), to=_led_to(step)
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
        history.EarlierAddress.from_row(
            move, from_=paragraph_path(move.symbol, move.old_anchor), at=move.moved
        )
        for move in moves
    ]


def issued_as_json(text: IssuedText) -> history.IssuedText:
    """A text that was public, with its dates and why it ended; its words unless law forbids."""
    words = None if text.withheld else text.text
    return history.IssuedText.from_row(text, text=words, in_doubt=is_in_doubt(text))


def day(moment: datetime | None) -> str:
    return moment_beside(moment, None)


# Events of the change log in words, for pages, twins and feeds.

ITEM_KINDS = ("added", "edited", "moved", "gone")


def event_path(event: Event) -> str:
    """The event's own page: ``/S/2010/52/history?at=…``."""
    return f"{document_path(event.symbol)}/history" + query_string(at=event.at.isoformat())


def headline(event: Event) -> str:
    """S/2010/52：改动3段，移动12段."""
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
    return "，".join(words[kind] % {"count": count} for kind, count in counts.items() if count)


def event_in_words(event: Event, most: int) -> dict:
    """What a page shows of an event: at most ``most`` paragraphs; none of a document that is new."""
    detailed = () if event.kind in (NEW, MERGED, WITHDRAWN) and most < len(event.items) else event.items
    if event.kind == NEW:
        detailed = ()
    shown = detailed[:most]
    return {
        "event": event,
        "path": event_path(event),
        "date": moment_beside(event.at, None),
        "headline": headline(event),
        "why": why_in_words(event.cause, event.reason, event.by),
        "items": [item_in_words(item, event.kind == RESTORED) for item in shown],
        "more": len(detailed) - len(shown),
    }


def item_in_words(item: Item, restored: bool = False) -> dict:
    """What a page shows of one paragraph; where it was ``restored``, nothing is new."""
    text, then, now = item.newest, item.then, item.now
    hidden = any(row.withheld for row in (then, now) if row)
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
        "address": paragraph_path(text.symbol, text.anchor, text.fingerprint),
        "excerpt": "" if hidden or item.kind == "edited" else text.text,
        "changes": () if hidden else _changes(item.kind, then, now),
    }


def _changes(kind: str, then: IssuedText | None, now: IssuedText | None) -> tuple[Change, ...]:
    return compare(then.text, now.text).changes if kind == "edited" and then and now else ()


def event_as_json(event: Event) -> history.ChangeEvent:
    """An event with its paragraphs; those of a new document are only counted."""
    return history.ChangeEvent.from_row(
        event,
        id=event.ident,
        url=event_path(event),
        counts=history.ChangeCounts(**{kind: event.count(kind) for kind in ITEM_KINDS}),
        paragraphs=[_item_as_json(item) for item in event.items] if event.kind != NEW else [],
    )


def _item_as_json(item: Item) -> history.ChangedParagraph:
    hidden = any(row.withheld for row in (item.then, item.now) if row)
    changes = () if hidden else _changes(item.kind, item.then, item.now)
    return history.ChangedParagraph.from_row(
        item,
        then=issued_as_json(item.then) if item.then else None,
        now=issued_as_json(item.now) if item.now else None,
        to=paragraph_path(item.new_symbol, item.new_anchor) if item.new_anchor else None,
        changes=changes_as_json(changes),
    )


def event_as_text(event: Event) -> str:
    """An event as lines of plain text, for feeds."""
    told = event_in_words(event, 20)
    lines = [told["headline"], told["why"]]
    for item in told["items"]:
        changes = [f"[-{change.struck}-][+{change.added}+]" for change in item["changes"]]
        lines.append(
            "：".join(part for part in (item["what"], "，".join(changes) or item["excerpt"]) if part)
        )
    return "\n".join(line for line in lines if line)
