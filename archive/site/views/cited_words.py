"""Permalinks with a fingerprint: the text cited, and its fate; and the forms in which passages are cited."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from archive.models import Document, IssuedText
from archive.site.citations.build import edited_range_record, edited_record, record_at, unheld_record
from archive.site.citations.forms import Panel, panel
from archive.site.citations.pinpoints import place_of
from archive.site.citations.record import Record
from archive.site.citations.reference_files import FILES
from archive.site.citations.styles import CslItem, csl_item
from archive.site.http.formats import MEDIA
from archive.site.presenters import history
from archive.site.presenters.diff import Change, Form, compare
from archive.site.presenters.history import steps_in_words
from archive.site.presenters.reading import Reader
from archive.site.presenters.wording import cited_paragraph_name, name_in_words, reads_english, until_in_words
from archive.site.views.paragraph import ParagraphAnswer
from archive.store.addresses.paths import document_path, paragraph_path
from archive.store.links.permalinks import Current, Edited, Fate, Permalink, Withdrawn, follow, last_issued
from archive.store.links.ranges import CurrentRange, Outline, as_cited, ends_of, follow_range
from archive.store.reading import queries as reads
from archive.store.reading import records as values
from archive.store.reading.records import Doubt
from archive.store.values import Fingerprint, Instant, Schema, answers, as_values

from .cited import renamed_anchor
from .fallback import another_spelling, document_as_cited, find_text, named
from .gone import withdrawn
from .page import as_short_form, page
from .paragraph import ParagraphPage, in_focus
from .ranges import Asked, find_range
from .respond import ending, led_on, moved, respond


class AskedWords(Schema, frozen=True, kw_only=True):
    """The requested address, and the time since when its words were public."""

    symbol: str
    anchor: str
    since: Instant | None


class CitedParagraph(ParagraphAnswer, frozen=True, kw_only=True):
    """A paragraph whose words are those of the link, and the way they went."""

    asked: AskedWords
    steps: list[history.Step]
    forms: list[Form]
    form_differs: bool


class WordsNow(Schema, frozen=True, kw_only=True):
    """The current words under an address."""

    symbol: str
    anchor: str
    text: str
    fingerprint: Fingerprint
    permalink: str


class EditedParagraph(Schema, frozen=True, kw_only=True):
    """The words of a link were edited: they as they were, as they are, and where else they stand."""

    symbol: str
    anchor: str
    fingerprint: Fingerprint
    fate: str
    name: str
    then: history.IssuedText
    steps: list[history.Step]
    now: WordsNow
    changes: list[Change]
    same_words_at: list[str]
    contained_in: list[str]
    forms: list[Form]
    ambiguous: bool


@answers(CitedParagraph, EditedParagraph)
@page
def cited_words(
    request: HttpRequest, symbol: str, anchor: str, fingerprint: str, twin: bool = False
) -> HttpResponseBase:
    """Shows ``/S/AC.44/SR.74/p/14/3f9a2c1b``: the fate of the cited words."""
    held = document_as_cited(symbol)
    official = held.symbol if held else another_spelling(symbol) or symbol
    if official != symbol:
        return moved(request, paragraph_path(official, anchor, fingerprint) + (".json" if twin else ""))
    link = follow(symbol, held, anchor, fingerprint)
    if link.issued and (isinstance(link, Withdrawn) or link.issued.withheld):
        return withdrawn(request, symbol, held, link.issued, twin, link=link)
    if isinstance(link, Edited):
        return _edited(request, link, fingerprint, twin)
    if not isinstance(link, Current):
        return _never_issued(request, symbol, held, anchor, fingerprint, link, twin)
    view = ParagraphPage(request, link.document, link.paragraph, fate=link.fate, asked=anchor)
    return respond(
        request,
        "archive/paragraph.html",
        _context(view, symbol, fingerprint, link) if not twin else {},
        lambda: CitedParagraph.from_row(
            view.value(),
            asked=_asked_words(symbol, anchor, link),
            steps=history.Step.all_of(link.steps),
            forms=Form.all_of(link.forms, link.paragraph.text),
            form_differs=link.form_differs,
        ),
        twin,
    )


def _context(view: ParagraphPage, symbol: str, fingerprint: str, link: Current) -> dict:
    """Builds the context of a moved or current paragraph's page, with the steps of its move."""
    return view.context() | {
        "steps": steps_in_words(symbol, link.steps),
        "asked_name": cited_paragraph_name(view.asked),
        "asked_symbol": symbol if symbol != link.document.symbol else "",
        "asked_moved": (symbol, view.asked) != (link.document.symbol, link.paragraph.anchor),
        "asked_digits": fingerprint,
        "forms": Form.all_of(link.forms, link.paragraph.text),
        "form_differs": link.form_differs,
    }


def _asked_words(symbol: str, anchor: str, link: Permalink) -> AskedWords:
    since = link.issued.since if link.issued else None
    return AskedWords(symbol=symbol, anchor=anchor, since=since)


def _never_issued(
    request: HttpRequest,
    symbol: str,
    held: Document | None,
    anchor: str,
    fingerprint: str,
    link: Permalink,
    twin: bool,
) -> HttpResponseBase:
    """Answers that the digits at the end of the address were never issued."""
    if held and link.paragraph is None and (new := renamed_anchor(held, anchor)):
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


def _edited(request: HttpRequest, link: Edited, fingerprint: str, twin: bool) -> HttpResponseBase:
    held, now, then = link.document, link.paragraph, link.issued
    reader = Reader(held, [now], reads.ancestors([now]), on_page=False)
    standing = IssuedText.objects.under(held.symbol, now.anchor).standing().first()
    old_link = request.build_absolute_uri(paragraph_path(then.symbol, then.anchor, fingerprint))
    new_link = request.build_absolute_uri(paragraph_path(held.symbol, now.anchor, now.fingerprint))
    name = place_of([now], reader.parent_of)
    until = until_in_words(then)
    old_note = _("%(symbol)s，%(name)s(%(date)s改动前的文字)，%(link)s。") % {
        "symbol": held.symbol, "name": name, "date": until, "link": old_link,
    }  # fmt: skip
    difference = compare(then.text, now.text)
    context = {
        "citation": panel(edited_record(request, link, fingerprint)),
        "document": held,
        "focus": in_focus(reader, now),
        "then": then,
        "standing": standing,
        "difference": difference,
        "new_link": new_link,
        "old_note": old_note,
        "now_address": paragraph_path(held.symbol, now.anchor),
        "candidates": named(held, link.candidates),
        "within": named(held, link.within),
        "steps": steps_in_words(then.symbol, link.steps),
        "elsewhere": (then.symbol, then.anchor) != (held.symbol, now.anchor),
        "then_name": cited_paragraph_name(then.anchor),
        "forms": Form.all_of(link.forms, then.text),
        "ambiguous": link.ambiguous,
    }
    facts = EditedParagraph(
        symbol=then.symbol,
        anchor=then.anchor,
        fingerprint=fingerprint,
        fate=Fate.EDITED,
        name=cited_paragraph_name(then.anchor),
        then=history.IssuedText.of(then),
        steps=history.Step.all_of(link.steps),
        now=WordsNow.from_row(now, symbol=held.symbol, permalink=new_link),
        changes=difference.changes,
        same_words_at=[paragraph_path(held.symbol, other.anchor) for other in link.candidates],
        contained_in=[paragraph_path(held.symbol, other.anchor) for other in link.within],
        forms=Form.all_of(link.forms, then.text),
        ambiguous=link.ambiguous,
    )
    return respond(request, "archive/edited.html", context, facts, twin)


# Files of a link with a fingerprint: ``/S/2010/52/p/annex.14/3373bb0d.ris``, ``.txt``, ``/cite`` …


@page
def cited_file(
    request: HttpRequest, symbol: str, fingerprint: str, tail: str, anchor: str = "", spelled: str = ""
) -> HttpResponseBase:
    """Redirects to the file of the present place of the cited words; of edited ones, answers with a record of
    the words as cited. Otherwise redirects to the page of the link, which says what became of them.
    """
    held = document_as_cited(symbol)
    official = held.symbol if held else another_spelling(symbol) or symbol
    if official != symbol:
        return moved(request, paragraph_path(official, anchor or spelled, fingerprint) + tail)
    if spelled:
        return _of_range(Asked(request, symbol, spelled, tail), held, fingerprint)
    link = follow(symbol, held, anchor, fingerprint)
    if isinstance(link, Current):
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
    if isinstance(answer, CurrentRange):
        return led_on(asked.request, paragraph_path(asked.symbol, answer.now.spelled) + asked.tail)
    kind, then = asked.tail.removeprefix("."), answer.then
    if answer.fate is Fate.EDITED and answer.now and then and not then.withheld and kind in FILES:
        record = edited_range_record(asked.request, asked.spelled, fingerprint, then, answer.now)
        return file_response(record, kind)
    if answer.now is None and answer.then is None:
        redirect_or_problem = find_range(asked, held, fingerprint)
        if isinstance(redirect_or_problem, HttpResponseBase):
            return redirect_or_problem
    return led_on(asked.request, paragraph_path(asked.symbol, asked.spelled, fingerprint))


# Citation pages of a document, a paragraph or a range: all forms, and the files.


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


CITE = "/cite"


@answers(Citation)
@page
def citation_page(
    request: HttpRequest, symbol: str, anchor: str = "", spelled: str = "", twin: bool = False
) -> HttpResponseBase:
    """Shows ``/S/2010/52/p/annex.14/cite``: every form, those too that are too slow for a reading page."""
    found = find_record(request, symbol, anchor, spelled, CITE + (".json" if twin else ""))
    if isinstance(found, HttpResponseBase):
        return found
    shown = panel(found, slow=True)
    place = found.place_english if reads_english() else name_in_words(found.place)
    address = passage_path(symbol, anchor, spelled)
    context = {"citation": shown, "record": found, "place": place, "address": address}
    return respond(request, "archive/citation.html", context, lambda: _citation(found, shown), twin)


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
    response = HttpResponse(FILES[ending](record), content_type=f"{MEDIA[ending]}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{record.key}.{ending}"'
    response["X-Robots-Tag"] = "noindex"
    return response


def passage_path(symbol: str, anchor: str = "", spelled: str = "") -> str:
    """Returns the address of the cited passage."""
    place = anchor or spelled
    return paragraph_path(symbol, place) if place else document_path(symbol)


def find_record(
    request: HttpRequest, symbol: str, anchor: str, spelled: str, tail: str
) -> Record | HttpResponseBase:
    """Returns the citation record of an address, or a redirect to its new address with the same ``tail``.

    Where nothing is there any more, people are redirected to the page that says why. A file is 404 or, of a
    text once public, 410: Http404 is made that by ``page``.
    """
    held = find_text(symbol)
    official = held.symbol if held else another_spelling(symbol)
    if official and official != symbol:
        return moved(request, passage_path(official, anchor, spelled) + tail)
    if held is None:
        return _record_of_unheld(request, symbol, anchor or spelled, tail)
    if spelled:
        return _record_of_range(request, held, spelled, tail)
    return _record_of_paragraph(request, held, anchor, tail) if anchor else record_at(request, held)


def _record_of_unheld(request: HttpRequest, symbol: str, place: str, tail: str) -> Record | HttpResponseBase:
    """Returns the record of what is cited and was never held; all else is told by its page."""
    ever_held = IssuedText.objects.filter(symbol=symbol).exists()
    if not ever_held and reads.is_cited(symbol) and (not place or as_cited(place) == place):
        return unheld_record(request, symbol, place, ends_of(place))
    return _redirect_to_page(passage_path(symbol, place), tail, _("本库未藏这份文件。"))


def _record_of_range(
    request: HttpRequest, held: Document, spelled: str, tail: str
) -> Record | HttpResponseBase:
    stretch = find_range(Asked(request, held.symbol, spelled, tail), held)
    if isinstance(stretch, HttpResponseBase):
        wrong = stretch.status_code >= 400 and tail == CITE
        return HttpResponseRedirect(paragraph_path(held.symbol, spelled)) if wrong else stretch
    parents = Reader(held, stretch.blocks, reads.ancestors(stretch.blocks)).parent_of
    return record_at(request, held, stretch, parents)


def _record_of_paragraph(
    request: HttpRequest, held: Document, anchor: str, tail: str
) -> Record | HttpResponseBase:
    found = held.paragraphs.select_related("state").filter(anchor=anchor).first()
    if found is None:
        if new := renamed_anchor(held, anchor):
            return moved(request, paragraph_path(held.symbol, new) + tail)
        return as_short_form(request, {"symbol": held.symbol, "anchor": anchor}) or _redirect_to_page(
            paragraph_path(held.symbol, anchor), tail, _("这份文件没有这一段。")
        )
    parents = Reader(held, [found], reads.ancestors([found])).parent_of
    return record_at(request, held, found, parents)


def _redirect_to_page(path: str, tail: str, message: str) -> HttpResponse:
    if tail != CITE:
        raise Http404(message)
    return HttpResponseRedirect(path)


def _citation(record: Record, shown: Panel) -> Citation:
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


# A link whose fingerprint lost its end on the way: what it names, and what it may have ended with.

LEAST = 8


@page
def cut_short(
    request: HttpRequest, symbol: str, digits: str, anchor: str = "", spelled: str = "", twin: bool = False
) -> HttpResponseBase:
    """Answers 404 for ``/S/2010/52/p/annex.14/3373b``, with the ways on: too few digits prove nothing."""
    held = find_text(symbol)
    official = held.symbol if held else another_spelling(symbol) or symbol
    tail = f"/{digits}{ending(twin)}"
    if official != symbol:
        return moved(request, paragraph_path(official, anchor or spelled) + tail)
    if spelled:
        if held is None or Outline(held).ends(spelled) is None:
            raise Http404(_("这份文件没有这个区间。"))
        address, name, texts = paragraph_path(symbol, spelled), spelled, []
    else:
        if redirect := _led_elsewhere(request, held, symbol, anchor, tail):
            return redirect
        address, name = paragraph_path(symbol, anchor), cited_paragraph_name(anchor)
        texts = list(IssuedText.objects.under(symbol, anchor).filter(fingerprint__startswith=digits))
    context = {
        "symbol": symbol,
        "anchor": anchor or spelled,
        "name": name,
        "digits": digits,
        "least": LEAST,
        "address": address,
        "ocr_confidence": held.ocr_confidence if held else None,
        "texts": [(text, paragraph_path(symbol, anchor, text.fingerprint)) for text in texts],
    }
    facts = {
        "error": _("链接末尾的指纹不全：只有%(count)s位，至少要%(least)s位。")
        % {"count": len(digits), "least": LEAST},
        "symbol": symbol,
        "anchor": anchor or None,
        "range": spelled or None,
        "digits": digits,
        "url": address,
        "ocr_confidence": held.ocr_confidence if held else None,
        "beginning_with": [
            as_values(history.IssuedText.of(text))
            | {"permalink": paragraph_path(symbol, anchor, text.fingerprint)}
            for text in texts
        ],
    }
    return respond(request, "archive/cut_short.html", context, facts, twin, 404)


def _led_elsewhere(
    request: HttpRequest, held: Document | None, symbol: str, anchor: str, tail: str
) -> HttpResponse | None:
    """Returns a redirect where the paragraph has another address; Http404 where nothing is known of it."""
    if held and held.paragraphs.filter(anchor=anchor).exists():
        return None
    if held and (new := renamed_anchor(held, anchor)):
        return moved(request, paragraph_path(symbol, new) + tail)
    if last_issued(symbol, anchor) is None:
        raise Http404(_("这份文件没有这一段。") if held else _("本库未藏这份文件。"))
    return None
