"""Files of a link with a fingerprint: ``/S/2010/52/p/annex.14/3373bb0d.ris``, ``.txt``, ``/cite`` …"""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from archive.citations import FILES
from archive.http.addresses import paragraph_path, range_path
from archive.links.past_ranges import StandingRange, follow_range
from archive.links.permalinks import Edited, Fate, Standing, follow
from archive.models import Document

from .citation import file_response
from .cited import renamed_anchor
from .cited_records import edited_range_record, edited_record
from .document import document_as_cited
from .page import as_short_form, page
from .ranges import Asked, find_range
from .respond import led_on, moved
from .typed import another_spelling


@page
def cited_file(
    request: HttpRequest, symbol: str, fingerprint: str, tail: str, anchor: str = "", spelled: str = ""
) -> HttpResponseBase:
    """302 to the file of the place where the cited words stand now. Of words that were edited since, a record
    of what was cited, which says so. Else 302 to the page of the link, which says what became of them.
    """
    held = document_as_cited(symbol)
    official = held.symbol if held else another_spelling(symbol) or symbol
    if official != symbol:
        return moved(request, paragraph_path(official, anchor or spelled, fingerprint) + tail)
    if spelled:
        return _of_range(Asked(request, symbol, spelled, tail), held, fingerprint)
    link = follow(symbol, held, anchor, fingerprint)
    if isinstance(link, Standing):
        return led_on(request, paragraph_path(link.document.symbol, link.paragraph.anchor) + tail)
    if isinstance(link, Edited) and not link.issued.withheld and (kind := tail.removeprefix(".")) in FILES:
        return file_response(edited_record(request, link, fingerprint), kind)
    unknown = held and link.fate is Fate.NEVER_ISSUED and link.paragraph is None
    if held and unknown and (new := renamed_anchor(held, anchor)):
        return moved(request, paragraph_path(symbol, new, fingerprint) + tail)
    asked = {"symbol": symbol, "anchor": anchor, "fingerprint": fingerprint}
    if unknown and (led := as_short_form(request, asked)):
        return led
    return led_on(request, paragraph_path(symbol, anchor, fingerprint))


def _of_range(asked: Asked, held: Document | None, fingerprint: str) -> HttpResponseBase:
    answer = follow_range(asked.symbol, held, asked.spelled, fingerprint)
    if isinstance(answer, StandingRange):
        return led_on(asked.request, range_path(asked.symbol, answer.now.spelled) + asked.tail)
    kind, then = asked.tail.removeprefix("."), answer.then
    if answer.fate is Fate.EDITED and answer.now and then and not then.withheld and kind in FILES:
        record = edited_range_record(asked.request, asked.spelled, fingerprint, then, answer.now)
        return file_response(record, kind)
    if answer.now is None and answer.then is None:
        redirect_or_problem = find_range(asked, held, fingerprint)
        if isinstance(redirect_or_problem, HttpResponseBase):
            return redirect_or_problem
    return led_on(asked.request, range_path(asked.symbol, asked.spelled, fingerprint))
