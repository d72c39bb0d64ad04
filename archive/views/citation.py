"""Citation pages of a document, a paragraph or a range: all forms, and the files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from archive.citations import FILES, Panel, Record, panel, record_for
from archive.citations.csl import CslItem, csl_item
from archive.http.addresses import document_path, paragraph_path, range_path
from archive.links.ranges import Stretch
from archive.models import Document, Paragraph
from archive.presenters import values
from archive.presenters.reading import Reader
from archive.presenters.values import Doubt
from archive.reading import queries as reads
from archive.values import Fingerprint, Schema, answers

from .cited import renamed_anchor
from .document import find_document
from .fallback import another_spelling
from .page import as_short_form, page
from .ranges import Asked, find_range
from .respond import moved, respond


class Citation(Schema, frozen=True, kw_only=True):
    """Every form of the citation of a document, paragraph or range; ``forms`` and ``files`` by name;
    ``doubts``: what the parser doubts of the numbers that it names."""

    symbol: str
    pinpoint: str | None
    pinpoint_english: str | None
    link: str
    fingerprint: Fingerprint | None
    accessed: dt.date | None
    forms: dict[str, str]
    files: dict[str, str]
    csl: CslItem
    doubts: list[Doubt]


PAGE = "/cite"


@answers(Citation)
@page
def citation_page(
    request: HttpRequest, symbol: str, anchor: str = "", spelled: str = "", twin: bool = False
) -> HttpResponseBase:
    """Shows ``/S/2010/52/p/annex.14/cite``: every form, those too that are too slow for a reading page."""
    found = find_record(request, symbol, anchor, spelled, PAGE + (".json" if twin else ""))
    if isinstance(found, HttpResponseBase):
        return found
    shown = panel(found, slow=True)
    context = {"citation": shown, "record": found, "address": passage_path(symbol, anchor, spelled)}
    return respond(request, "archive/citation.html", context, lambda: _value(found, shown), twin)


@page
def citation_file(
    request: HttpRequest, symbol: str, ending: str, anchor: str = "", spelled: str = ""
) -> HttpResponseBase:
    """Serves ``/S/2010/52/p/annex.14.ris``, ``.bib``, ``.csl.json``."""
    found = find_record(request, symbol, anchor, spelled, f".{ending}")
    if isinstance(found, HttpResponseBase):
        return found
    return file_response(found, ending)


def file_response(record: Record, ending: str) -> HttpResponse:
    """Returns the file of a record, of the kind of ``ending`` (``ris``, ``bib``, ``csl.json``)."""
    kind = FILES[ending]
    response = HttpResponse(kind.write(record), content_type=f"{kind.media_type}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{record.key}.{ending}"'
    response["X-Robots-Tag"] = "noindex"
    return response


def passage_path(symbol: str, anchor: str = "", spelled: str = "") -> str:
    """Returns the address of the cited passage."""
    if spelled:
        return range_path(symbol, spelled)
    return paragraph_path(symbol, anchor) if anchor else document_path(symbol)


def find_record(
    request: HttpRequest, symbol: str, anchor: str, spelled: str, tail: str
) -> Record | HttpResponseBase:
    """Returns the citation record of an address, or a redirect to its new address with the same ``tail``.

    Where nothing is there any more, people are redirected to the page that says why. A file is 404 or, of a
    text once public, 410: Http404 is made that by ``page``.
    """
    held = find_document(symbol)
    official = held.symbol if held else another_spelling(symbol)
    if official and official != symbol:
        return moved(request, passage_path(official, anchor, spelled) + tail)
    if held is None:
        return _told_by_its_page(passage_path(symbol, anchor, spelled), tail, _("本库未藏这份文件。"))
    if spelled:
        return _of_range(request, held, spelled, tail)
    return _of_paragraph(request, held, anchor, tail) if anchor else document_record(request, held)


def _of_range(request: HttpRequest, held: Document, spelled: str, tail: str) -> Record | HttpResponseBase:
    stretch = find_range(Asked(request, held.symbol, spelled, tail), held)
    if isinstance(stretch, HttpResponseBase):
        wrong = stretch.status_code >= 400 and tail == PAGE
        return HttpResponseRedirect(range_path(held.symbol, spelled)) if wrong else stretch
    parents = Reader(held, stretch.blocks, reads.ancestors(stretch.blocks)).parent_of
    return range_record(request, held, stretch, parents)


def _of_paragraph(request: HttpRequest, held: Document, anchor: str, tail: str) -> Record | HttpResponseBase:
    found = held.paragraphs.select_related("state").filter(anchor=anchor).first()
    if found is None:
        if new := renamed_anchor(held, anchor):
            return moved(request, paragraph_path(held.symbol, new) + tail)
        return as_short_form(request, {"symbol": held.symbol, "anchor": anchor}) or _told_by_its_page(
            paragraph_path(held.symbol, anchor), tail, _("这份文件没有这一段。")
        )
    parents = Reader(held, [found], reads.ancestors([found])).parent_of
    return paragraph_record(request, held, found, parents)


def _told_by_its_page(path: str, tail: str, message: str) -> HttpResponse:
    if tail != PAGE:
        raise Http404(message)
    return HttpResponseRedirect(path)


Ancestry = Callable[[Paragraph], Paragraph | None]


def document_record(request: HttpRequest, held: Document) -> Record:
    return record_for(held, link=request.build_absolute_uri(document_path(held.symbol)))


def paragraph_record(request: HttpRequest, held: Document, found: Paragraph, parent_of: Ancestry) -> Record:
    """Returns a paragraph's record, cited by permalink with fingerprint."""
    link = request.build_absolute_uri(paragraph_path(held.symbol, found.anchor, found.fingerprint))
    return record_for(held, [found], link, found.fingerprint, parent_of=parent_of)


def range_record(request: HttpRequest, held: Document, found: Stretch, parent_of: Ancestry) -> Record:
    """Returns a range's record, named by the two ends in its address."""
    link = request.build_absolute_uri(range_path(held.symbol, found.spelled, found.fingerprint))
    ends = {block.anchor: block for block in found.blocks}
    pair = [ends[found.first], ends[found.last]]
    return record_for(held, pair, link, found.fingerprint, parent_of=parent_of)


def _value(record: Record, shown: Panel) -> Citation:
    item: Any = csl_item(record)  # JSON already, in the shape that ``CslItem`` tells
    return Citation(
        symbol=record.symbol,
        pinpoint=record.place or None,
        pinpoint_english=record.place_english or None,
        link=record.link,
        fingerprint=record.fingerprint or None,
        accessed=record.accessed,
        forms={form.key: form.text for choice in shown.choices for form in choice.forms},
        files={label: address for label, address, _media in shown.files},
        csl=item,
        doubts=[values.Doubt(**doubt) for doubt in record.doubts],
    )
