"""What became of words that a link with a fingerprint was issued for."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from archive import reads
from archive.addresses import paragraph_path
from archive.models import Document, IssuedText
from archive.paging import known_parameters
from archive.permalinks import Fate, Permalink, follow
from archive.presenters.differences import compare
from archive.presenters.reading import Reader
from archive.presenters.wording import chinese_date

from .cited import longer_anchor
from .document import find_document
from .page import page
from .paragraph import ParagraphPage
from .respond import moved, respond
from .withdrawn import named, withdrawn


@page
def cited_words(
    request: HttpRequest, symbol: str, anchor: str, fingerprint: str, twin: bool = False
) -> HttpResponse:
    """``/S/AC.44/SR.74/p/14/3f9a2c1b``: what became of the words that were cited."""
    known_parameters(request)
    held = find_document(symbol)
    official = held.symbol if held else reads.another_spelling(symbol) or symbol
    if official != symbol:
        return moved(request, paragraph_path(official, anchor, fingerprint) + (".json" if twin else ""))
    link = follow(symbol, held, anchor, fingerprint)
    if link.fate is Fate.NEVER_ISSUED:
        return _never_issued(request, symbol, held, anchor, fingerprint, link, twin)
    if link.fate is Fate.WITHDRAWN:
        return withdrawn(request, symbol, held, link.issued, twin, link.candidates)
    if link.fate is Fate.EDITED:
        return _edited(request, held, link, fingerprint, twin)
    view = ParagraphPage(request, held, link.paragraph, fate=link.fate, asked=anchor)
    return respond(request, "archive/paragraph.html", view.context(), view.as_json, twin)


def _never_issued(
    request: HttpRequest,
    symbol: str,
    held: Document | None,
    anchor: str,
    fingerprint: str,
    link: Permalink,
    twin: bool,
) -> HttpResponse:
    """The number at the end of the address was never given out. A number without its part is looked for."""
    if held and link.paragraph is None and (new := longer_anchor(held, anchor)):
        return moved(request, paragraph_path(symbol, new, fingerprint) + (".json" if twin else ""))
    context = {
        "symbol": symbol,
        "held": held,
        "anchor": anchor,
        "fingerprint": fingerprint,
        "now": link.paragraph,
        "now_address": paragraph_path(symbol, link.paragraph.anchor) if link.paragraph else "",
    }
    facts = {"symbol": symbol, "anchor": anchor, "fingerprint": fingerprint, "fate": link.fate}
    return respond(request, "archive/never_issued.html", context, facts, twin, 404)


def _edited(
    request: HttpRequest, held: Document, link: Permalink, fingerprint: str, twin: bool
) -> HttpResponse:
    now, then = link.paragraph, link.issued
    reader = Reader(held, [now], reads.ancestors([now]), on_page=False)
    standing = IssuedText.objects.under(held.symbol, now.anchor).standing().first()
    old_link = request.build_absolute_uri(paragraph_path(held.symbol, then.anchor, fingerprint))
    new_link = request.build_absolute_uri(paragraph_path(held.symbol, now.anchor, now.fingerprint))
    name = reader.name_of(now)
    until = chinese_date(then.until.date()) if then.until else ""
    old_note = _("%(symbol)s，%(name)s(%(date)s改动前的文字)，%(link)s。") % {
        "symbol": held.symbol, "name": name, "date": until, "link": old_link,
    }  # fmt: skip
    difference = compare(then.text, now.text)
    context = {
        "document": held,
        "focus": reader.block(now),
        "then": then,
        "standing": standing,
        "difference": difference,
        "new_link": new_link,
        "old_note": old_note,
        "now_address": paragraph_path(held.symbol, now.anchor),
        "candidates": named(held, link.candidates),
    }
    facts = {
        "symbol": held.symbol,
        "anchor": then.anchor,
        "fingerprint": fingerprint,
        "fate": Fate.EDITED,
        "then": {"text": then.text, "since": then.since, "until": then.until, "reason": then.reason or None},
        "now": {
            "anchor": now.anchor,
            "text": now.text,
            "fingerprint": now.fingerprint,
            "permalink": new_link,
        },
        "changes": [{"struck": change.struck, "added": change.added} for change in difference.changes],
        "same_words_at": [paragraph_path(held.symbol, other.anchor) for other in link.candidates],
    }
    return respond(request, "archive/edited.html", context, facts, twin)
