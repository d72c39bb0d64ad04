"""Events of the change log in words, for pages, twins and feeds."""

from __future__ import annotations

from django.utils.translation import gettext as _

from archive.http.addresses import document_path, paragraph_path, query_string
from archive.links.changes import MERGED, NEW, RESTORED, WITHDRAWN, Event, Item
from archive.models import IssuedText
from archive.presenters.diff import Change, changes_as_json, compare
from archive.schemas import history

from .history import issued_as_json, why_in_words
from .wording import cited_paragraph_name, moment_beside

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
    return history.ChangeEvent(
        id=event.ident,
        symbol=event.symbol,
        at=event.at,
        url=event_path(event),
        kind=event.kind,
        cause=event.cause or None,
        reason=event.reason or None,
        by=event.by or None,
        successor=event.successor or None,
        counts=history.ChangeCounts(**{kind: event.count(kind) for kind in ITEM_KINDS}),
        paragraphs=[_item_as_json(item) for item in event.items] if event.kind != NEW else [],
    )


def _item_as_json(item: Item) -> history.ChangedParagraph:
    hidden = any(row.withheld for row in (item.then, item.now) if row)
    changes = () if hidden else _changes(item.kind, item.then, item.now)
    return history.ChangedParagraph(
        kind=item.kind,
        form_only=item.form_only,
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
