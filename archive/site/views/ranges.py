"""Several paragraphs together, ``/S/2010/52/p/annex.14-16``; with fingerprint; the form that leads there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from archive.models import Document, Paragraph
from archive.site.citations.build import edited_range_record, least_sure, record_at
from archive.site.citations.forms import panel
from archive.site.citations.pinpoints import place_of
from archive.site.http.paging import BadRequestError
from archive.site.presenters.diff import Form, compare
from archive.site.presenters.reading import Links, Reader, links, turns
from archive.site.presenters.wording import cited_paragraph_name, marked_text
from archive.site.views.cited import CitedBy
from archive.store.addresses.locations import tell_occurrences
from archive.store.addresses.paths import ANCHOR, paragraph_path, place_path
from archive.store.addresses.shortlinks import codes_of_paragraphs
from archive.store.links.numbers import formerly_meant, place_meant, places_meant
from archive.store.links.permalinks import last_issued
from archive.store.links.ranges import (
    LONGEST,
    CurrentRange,
    Outline,
    PastRange,
    RangeAnswer,
    Stretch,
    follow_range,
    read_blocks,
    readings,
    resolve_ends,
    spell,
)
from archive.store.reading import queries as reads
from archive.store.reading import records as values
from archive.store.reading.records import BodyMention, DocumentFacts, Mention
from archive.store.values import Fingerprint, Instant, Schema, answers
from archive.text.pinpoints.value import Pinpoint

from .cited import cited_pinpoint
from .fallback import another_spelling, find_text
from .page import as_short_form, page, spoken_range
from .respond import moved, plain_text, respond


class RangeWords(Schema, frozen=True, kw_only=True):
    """The words from one paragraph to another, and their addresses."""

    first: str
    last: str
    name: str
    text: str
    fingerprint: Fingerprint
    url: str
    permalink: str


class Range(Schema, frozen=True, kw_only=True):
    """A current range. ``fate``: that of the words of a link to it; ``formerly``: the ranges to which the
    address, as bare numbers, referred before.
    """

    document: DocumentFacts
    range: RangeWords
    fate: str | None
    formerly: list[str]
    paragraphs: list[values.Paragraph]
    mentions: list[Mention]
    bodies: list[BodyMention]


class CitedRange(Range, frozen=True, kw_only=True):
    """A range whose words are those of the link."""

    form_differs: bool
    forms: list[Form]


class RangeThen(Schema, frozen=True, kw_only=True):
    """The words of a range as they were, and why they changed; ``text`` is null where law withholds it."""

    text: str | None
    since: Instant | None
    until: Instant | None
    reasons: list[str]


class RangeNow(Schema, frozen=True, kw_only=True):
    """The words of a range as they are."""

    range: str
    text: str
    fingerprint: Fingerprint
    permalink: str


class EditedRange(Schema, frozen=True, kw_only=True):
    """A range whose words changed since a link to it was issued."""

    symbol: str
    range: str
    name: str
    fingerprint: Fingerprint
    fate: str
    then: RangeThen | None
    now: RangeNow | None
    forms: list[Form]


MOST_AT_ONCE = 10  # paragraphs of a range that go into the basket at once


@dataclass(frozen=True, slots=True)
class Asked:
    """A requested range. ``tail`` is ``.json``, ``.txt``, that of a citation, or nothing."""

    request: HttpRequest
    symbol: str
    spelled: str
    tail: str = ""

    @property
    def is_twin(self) -> bool:
        return self.tail not in ("", ".txt", "/cite")

    def path(self, symbol: str, first: str, last: str, fingerprint: str = "") -> str:
        """Returns the one address of a range; that of the paragraph where both ends are the same."""
        spelled = first if first == last else spell(first, last)
        return paragraph_path(symbol, spelled, fingerprint) + self.tail

    def at(self, symbol: str, spelled: str, fingerprint: str = "") -> HttpResponse:
        return moved(self.request, paragraph_path(symbol, spelled, fingerprint) + self.tail)


@answers(Range, CitedBy)
@page
def paragraph_range(request: HttpRequest, symbol: str, spelled: str, twin: bool = False) -> HttpResponseBase:
    """Shows the page of a range, ``/S/2010/52/p/annex.14-16``."""
    asked = Asked(request, symbol, spelled, ".json" if twin else "")
    held = find_text(symbol)
    found = find_range(asked, held)
    if isinstance(found, HttpResponseBase):
        return found
    view = RangePage(request, found)
    return respond(request, "archive/range.html", view.context(), view.value, twin)


@page
def range_text(request: HttpRequest, symbol: str, spelled: str) -> HttpResponseBase:
    """Shows the words of a range, one block to a line, and nothing else, but that they were recognized."""
    found = find_range(Asked(request, symbol, spelled, ".txt"), find_text(symbol))
    if isinstance(found, HttpResponseBase):
        return found
    return plain_text(marked_text(found.text, least_sure(found.blocks)))


@answers(CitedRange, EditedRange)
@page
def cited_range(
    request: HttpRequest, symbol: str, spelled: str, fingerprint: str, twin: bool = False
) -> HttpResponseBase:
    """Shows ``/S/2010/52/p/annex.14-16/3f9a2c1b``: the fate of the cited words of a range."""
    asked = Asked(request, symbol, spelled, ".json" if twin else "")
    held = find_text(symbol)
    official = held.symbol if held else another_spelling(symbol) or symbol
    if official != symbol:
        return asked.at(official, spelled, fingerprint)
    answer = follow_range(symbol, held, spelled, fingerprint)
    if isinstance(answer, CurrentRange):
        view = RangePage(request, answer.now, answer.fate, spelled)
        told = {} if twin else view.context() | {"forms": Form.all_of(answer.forms, answer.now.text)}
        return respond(
            request,
            "archive/range.html",
            told | {"form_differs": answer.form_differs},
            lambda: CitedRange.from_row(
                view.value(),
                form_differs=answer.form_differs,
                forms=Form.all_of(answer.forms, answer.now.text),
            ),
            twin,
        )
    if answer.then is None and (
        response := as_short_form(request, {"symbol": symbol, "spelled": spelled, "fingerprint": fingerprint})
    ):
        return response
    if answer.now is None and answer.then is None:
        redirect_or_problem = find_range(asked, held, fingerprint)
        if isinstance(redirect_or_problem, HttpResponseBase):
            return redirect_or_problem
    return _changed(asked, held, fingerprint, answer)


@page
def chosen(request: HttpRequest, symbol: str) -> HttpResponseBase:
    """Redirects from the forms of a document's page: ``/S/2010/52/range?from=14&to=16`` to the range,
    ``/S/2010/52/range?at=14`` to the paragraph's place in the whole document, as numbers are read now (302).
    """
    held = find_text(symbol)
    if held is None:
        raise Http404(_("本库未藏这份文件。"))
    if at := request.GET.get("at", "").strip():
        return _to_place(request, held, at)
    typed = [request.GET.get("from", "").strip(), request.GET.get("to", "").strip()]
    if not any(typed):
        raise BadRequestError(_("请填写从哪一段到哪一段。"))
    typed = [typed[0] or typed[1], typed[1] or typed[0]]
    first, last = (_anchor_of_typed(held, words) for words in typed)
    if first is None or last is None:
        unknown = [words[:40] for words, end in zip(typed, (first, last), strict=True) if end is None]
        return _problem(Asked(request, held.symbol, ""), held, dict.fromkeys(unknown), {})
    spelled = first if first == last else spell(first, last)
    return HttpResponseRedirect(paragraph_path(held.symbol, spelled))


def _to_place(request: HttpRequest, held: Document, typed: str) -> HttpResponseBase:
    anchor = _anchor_of_typed(held, typed)
    if anchor is None:
        return _problem(Asked(request, held.symbol, ""), held, {typed[:40]: None}, {})
    stands = held.paragraphs.filter(anchor=anchor).exists()
    return HttpResponseRedirect((place_path if stands else paragraph_path)(held.symbol, anchor))


def _anchor_of_typed(held: Document, typed: str) -> str | None:
    """The anchor that was typed as 14, 3(a), 附件第14段 or ``annex.14``; None where there is none such. A
    number that may mean several is itself the address that offers them."""
    outline = {anchor: anchor for anchor in held.paragraphs.values_list("anchor", flat=True)}
    if anchor := outline.get(typed.lower()):
        return anchor
    try:
        place = Pinpoint.parse(typed).single
    except ValueError:
        return None
    if place is None:
        return None
    if place.anchor in outline:
        return place.anchor
    found = places_meant(held.symbol, held, place.anchor)
    return place_meant(held, place.anchor) or (place.anchor if found else None)


def find_range(asked: Asked, held: Document | None, fingerprint: str = "") -> Stretch | HttpResponseBase:
    """Returns the range, a redirect to its address, or an explanation. Raises Http404."""
    symbol, spelled = asked.symbol, asked.spelled
    if held is None:
        if official := another_spelling(symbol):
            return asked.at(official, spelled, fingerprint)
        if any(last_issued(symbol, end) for pair in readings(spelled) for end in pair):
            return _problem(asked, None, *_fates_of_ends(asked, None, None), status=410)
        if fingerprint or asked.tail not in ("", ".json"):
            raise Http404(_("本库未藏这份文件。"))
        return cited_pinpoint(asked.request, symbol, spelled, asked.is_twin)
    if held.symbol != symbol:
        return asked.at(held.symbol, spelled, fingerprint)
    outline = Outline(held)
    ends = resolve_ends(outline, spelled) or resolve_ends(outline, spelled.lower())
    if ends is None:
        unknown, known = _fates_of_ends(asked, held, outline)
        gone = any(unknown.values())
        return _problem(asked, held, unknown, known, status=410 if gone else 404)
    if ends[0] == ends[1] or spell(*ends) != spelled:
        return moved(asked.request, asked.path(symbol, *ends, fingerprint))
    start, end = outline.bounds(*ends)
    if end - start > LONGEST:
        return _problem(asked, held, {}, dict.fromkeys(ends), size=end - start)
    return read_blocks(outline, *ends)


def _fates_of_ends(asked: Asked, held: Document | None, outline: Outline | None) -> tuple[dict, dict]:
    """Returns the ends that do not exist, each with its last text or None; and those that do."""
    *_others, whole = pairs = list(readings(asked.spelled))
    likeliest = next((pair for pair in pairs if _are_alike(*pair)), whole)
    first, last = next((pair for pair in pairs if last_issued(asked.symbol, pair[1])), likeliest)
    places = outline.places if outline else {}
    unknown = {end: last_issued(asked.symbol, end) for end in (first, last) if end not in places}
    return unknown, {end: None for end in (first, last) if end in places}


def _are_alike(first: str, last: str) -> bool:
    """Returns True if the last parts that both ends have are both numbers, or neither: annex.3.a, annex.5."""
    beside = first.split(".")[: len(last.split("."))]
    return beside[-1].isdigit() == last.split(".")[len(beside) - 1].isdigit()


def _problem(
    asked: Asked, held: Document | None, unknown: dict, known: dict, size: int = 0, status: int = 404
) -> HttpResponseBase:
    """Answers that a range does not exist or is too long, with those of its ends that do exist."""
    context = {
        "symbol": asked.symbol,
        "held": held,
        "unknown": [_end(asked.symbol, anchor, issued) for anchor, issued in unknown.items()],
        "known": [_end(asked.symbol, anchor, None) for anchor in known],
        "size": size,
        "longest": LONGEST,
        "single": len(unknown) == 1 and not known,
    }
    facts = {
        "error": _("区间太长。") if size else _("这份文件没有这个区间。"),
        "symbol": asked.symbol,
        "unknown": list(unknown),
        "paragraphs": size or None,
        "longest": LONGEST,
    }
    return respond(asked.request, "archive/range_problem.html", context, facts, asked.is_twin, status)


def _end(symbol: str, anchor: str, issued: object) -> dict:
    named = cited_paragraph_name(anchor) if re.fullmatch(ANCHOR, anchor) else anchor
    return {"name": named, "address": paragraph_path(symbol, anchor), "issued": issued}


def _changed(asked: Asked, held: Document | None, fingerprint: str, answer: RangeAnswer) -> HttpResponseBase:
    """Answers for a range whose words changed, or never were, with all that is known of it."""
    then, now = answer.then, answer.now
    view = RangePage(asked.request, now) if now else None
    shown = None if then is None or then.withheld else then
    difference = compare(shown.text, now.text) if shown and now else None
    status = 200 if now and (then or not answer.proven) else 410 if then or not answer.proven else 404
    record = (
        edited_range_record(asked.request, asked.spelled, fingerprint, shown, now) if shown and now else None
    )
    name = view.name if view else asked.spelled
    context = {
        **({"citation": panel(record)} if record else {}),
        "symbol": asked.symbol,
        "held": held,
        "anchor": asked.spelled,
        "name": name,
        "fingerprint": fingerprint,
        "answer": answer,
        "then": then,
        "then_text": shown.text if shown else "",
        "difference": difference,
        "links": view.links if view else None,
        "forms": Form.all_of(answer.forms, shown.text) if shown else [],
    }
    facts = EditedRange(
        symbol=asked.symbol,
        range=asked.spelled,
        name=name,
        fingerprint=fingerprint,
        fate=answer.fate if answer.proven else "unknown",
        then=_range_then(then) if then else None,
        now=_range_now(view) if view else None,
        forms=Form.all_of(answer.forms, shown.text) if shown else [],
    )
    return respond(asked.request, "archive/range_changed.html", context, facts, asked.is_twin, status)


def _range_then(then: PastRange) -> RangeThen:
    return RangeThen.from_row(then, text=None if then.withheld else then.text)


def _range_now(view: RangePage) -> RangeNow:
    now = view.found
    return RangeNow(
        range=now.spelled, text=now.text, fingerprint=now.fingerprint, permalink=view.links.permalink
    )


class RangePage:
    """The page of a range, and its JSON twin."""

    def __init__(self, request: HttpRequest, found: Stretch, fate: str = "", spelled: str = "") -> None:
        self.request, self.found, self.fate, self.spelled = request, found, fate, spelled
        self.held = held = found.document
        self.above = reads.ancestors(found.blocks)
        blocks = Paragraph.objects.filter(pk__in=[block.pk for block in found.blocks])
        cited_by = {block.anchor: block.cited_by_count for block in blocks.with_citing_counts()}
        self.reader = Reader(held, found.blocks, self.above, cited_by, on_page=False)
        self.address = paragraph_path(held.symbol, found.spelled)
        tell_occurrences(found.ends)
        self.formerly = formerly_meant(held.symbol, found.spelled)
        self.name = place_of(found.ends, self.reader.parent_of)

    @property
    def links(self) -> Links:
        found = self.found
        return links(
            self.request, self.held, self.name, self.address, found.first, found.text, found.fingerprint
        )

    def context(self) -> dict:
        return {
            "document": self.held,
            "name": self.name,
            "address": self.address,
            "fate": self.fate,
            "asked": self.spelled,
            "turns": turns([self.reader.block(block) for block in self.found.blocks]),
            "total": len(self.found.blocks),
            "formerly": [(paragraph_path(self.held.symbol, one), spoken_range(one)) for one in self.formerly],
            "first": self.found.first,
            "links": self.links,
            "citation": panel(record_at(self.request, self.held, self.found, self.reader.parent_of)),
            "to_basket": self._to_basket(),
        }

    def _to_basket(self) -> dict | None:
        """Returns the paragraphs' codes, without headings, and their basket; None where they are many."""
        rows = [block for block in self.found.blocks if block.kind != Paragraph.Kind.HEADING]
        codes = list(codes_of_paragraphs(self.held, rows).values()) if len(rows) <= MOST_AT_ONCE else []
        if not codes or len(codes) < len(rows):
            return None
        return {"codes": codes, "address": f"{reverse('basket')}?{urlencode({'c': codes}, doseq=True)}"}

    def value(self) -> Range:
        by_id = {block.pk: block for block in [*self.above, *self.found.blocks]}
        return Range(
            document=DocumentFacts.of(self.held),
            range=RangeWords.from_row(
                self.found,
                name=self.name,
                url=self.address,
                permalink=f"{self.address}/{self.found.fingerprint}",
            ),
            fate=self.fate or None,
            formerly=[paragraph_path(self.held.symbol, one) for one in self.formerly],
            paragraphs=[values.Paragraph.of(block, self.held.symbol, by_id) for block in self.found.blocks],
            mentions=values.Mention.all_in(self.found.blocks),
            bodies=values.BodyMention.all_in(self.found.blocks),
        )
