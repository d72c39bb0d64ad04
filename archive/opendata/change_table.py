"""The change log as a table: a row for each paragraph that changed, one for a document that came in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.http import HttpRequest
from django.utils.translation import gettext as _

from archive.bulk import batched
from archive.links.changes import NEW, Event, Item, Key, events
from archive.models import IssuedText
from archive.presenters.changes import event_path, headline, item_in_words
from archive.presenters.history import why_in_words

from .tables import Table


def changes(request: HttpRequest, name: str, keys: Iterable[Key]) -> Table:
    """The events at ``keys``, in that order."""
    head = [
        _("时间"), _("文号"), _("改动"), _("段落"), _("原来的文字"), _("现在的文字"), _("缘由"), _("网址"),
    ]  # fmt: skip
    return Table(name, head, _rows(request, keys))


def _rows(request: HttpRequest, keys: Iterable[Key]) -> Iterator[tuple]:
    for some in batched(keys):
        for event in events(some):
            items = event.items if event.kind != NEW else [None]
            yield from (_row(request, event, item) for item in items)


def _row(request: HttpRequest, event: Event, item: Item | None) -> tuple:
    what = item_in_words(item)["what"] if item else ""
    then, now = (item.then, item.now) if item else (None, None)
    why = why_in_words(event.cause, event.reason, event.by)
    address = request.build_absolute_uri(event_path(event))
    return event.at.isoformat(), event.symbol, headline(event), what, _words(then), _words(now), why, address


def _words(text: IssuedText | None) -> str:
    return text.shown_text if text else ""
