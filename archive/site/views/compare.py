"""``/compare?a=…&b=…``: two paragraphs or two documents side by side, character by character."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self
from urllib.parse import unquote

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import resolve
from django.utils.translation import gettext as _

from archive.models import Document, IssuedText, Paragraph
from archive.site.http.paging import BadRequestError, ListPage, paginate, text_parameter
from archive.site.presenters.diff import Change, compare
from archive.site.presenters.reading import Reader
from archive.site.presenters.wording import (
    cited_paragraph_name,
    label_of_place,
    recognized_in_words,
    until_in_words,
)
from archive.store.addresses.locations import printed_number
from archive.store.addresses.paths import document_path, paragraph_path
from archive.store.addresses.shortlinks import find as find_code
from archive.store.links.numbers import places_meant, words_meant
from archive.store.links.permalinks import find_paragraph, issued_as, place_now
from archive.store.reading import queries as reads
from archive.store.reading.alignment import aligned
from archive.store.values import Schema, answers
from archive.text.fingerprint import digest
from archive.text.typed_places import TypedPlace

from .fallback import path_of_link
from .page import page
from .respond import respond


class CompareNothing(Schema, frozen=True, kw_only=True):
    """The two addresses typed, where one of them is missing."""

    a: str
    b: str


class ComparedText(Schema, frozen=True, kw_only=True):
    """One side of a comparison; ``ocr_confidence``, 0 to 100, where it was recognized in a picture."""

    url: str
    text: str
    ocr_confidence: int | None


class ComparePassages(Schema, frozen=True, kw_only=True):
    """Two passages side by side."""

    a: ComparedText
    b: ComparedText
    changes: list[Change]


class ComparedRow(Schema, frozen=True, kw_only=True):
    """A paragraph of each of two documents; null where it stands in one alone."""

    a: str | None
    b: str | None
    equal: bool
    changes: list[Change]

    sides: ClassVar[list[dict[str, str]]]  # empty where there is none
    alone: ClassVar[bool]

    @classmethod
    def of(cls, then: Paragraph | None, now: Paragraph | None) -> Self:
        pair = (then, now)
        difference = compare(*(row.text if row else "" for row in pair), figures=True)
        marked = (
            (difference.then, difference.now) if then and now else tuple(row and row.text for row in pair)
        )
        a, b = (paragraph_path(row.document.symbol, row.anchor) if row else None for row in pair)
        equal = bool(then and now and then.text == now.text)
        return cls(a=a, b=b, equal=equal, changes=difference.changes).carrying(
            sides=[
                {"address": address, "number": printed_number(row), "words": words} if row else {}
                for row, address, words in zip(pair, (a, b), marked, strict=True)
            ],
            alone=None in pair,
        )


class CompareDocuments(Schema, frozen=True, kw_only=True):
    """Two documents side by side, paragraph by paragraph."""

    a: str
    b: str
    equal: int
    edited: int
    only_a: int
    only_b: int
    page: ListPage
    rows: list[ComparedRow]


PER_PAGE = 100
# Paragraphs in all; so long documents are aligned by the reader's patience, not the machine's.
MOST_PARAGRAPHS = 6_000


@answers(CompareNothing, ComparePassages, CompareDocuments)
@page
def compare_page(request: HttpRequest, twin: bool = False) -> HttpResponseBase:
    """Shows the form, or the comparison of two sides. A document against a paragraph is no question."""
    typed = text_parameter(request, "a"), text_parameter(request, "b")
    if not all(typed):
        context = {"a": typed[0], "b": typed[1]}
        return respond(request, "archive/compare_ask.html", context, CompareNothing(**context), twin)
    left, right = (find_passage(one) for one in typed)
    if bool(left.name) != bool(right.name):
        raise BadRequestError(_("一边是整份文件，一边是一段：请两边都填文件，或两边都填段落。"))
    if left.name:
        return _passages(request, left, right, typed, twin)
    return _documents(request, left, right, typed, twin)


def _passages(
    request: HttpRequest, left: Passage, right: Passage, typed: tuple[str, str], twin: bool
) -> HttpResponseBase:
    difference = compare(left.text, right.text, figures=True)
    context = {"left": left, "right": right, "difference": difference, "equal": left.text == right.text}
    context |= {"a": typed[0], "b": typed[1]}
    a, b = (ComparedText.from_row(side, url=side.address) for side in (left, right))
    value = ComparePassages(a=a, b=b, changes=difference.changes)
    return respond(request, "archive/compare.html", context, value, twin)


def _documents(
    request: HttpRequest, left: Passage, right: Passage, typed: tuple[str, str], twin: bool
) -> HttpResponseBase:
    then, now = _paragraphs(left.document), _paragraphs(right.document)
    pairs = [
        (then[i] if i is not None else None, now[j] if j is not None else None)
        for i, j in aligned([row.text for row in then], [row.text for row in now])
    ]
    listing = paginate(request, pairs, PER_PAGE)
    same = [one.text == other.text for one, other in pairs if one and other]
    value = CompareDocuments(
        a=left.address,
        b=right.address,
        equal=sum(same),
        edited=len(same) - sum(same),
        only_a=len(then) - len(same),
        only_b=len(now) - len(same),
        page=listing,
        rows=[ComparedRow.of(*pair) for pair in listing.items],
    )
    context = {"a": typed[0], "b": typed[1], "left": left, "right": right, "listing": listing, "value": value}
    return respond(request, "archive/compare_documents.html", context, value, twin)


def _paragraphs(document: Document) -> list[Paragraph]:
    found = list(document.paragraphs.order_by("position").select_related("document"))
    if len(found) > MOST_PARAGRAPHS:
        raise BadRequestError(
            _("%(symbol)s有%(count)s段，太长，不能整份对照；请逐段对照。")
            % {"symbol": document.symbol, "count": len(found)}
        )
    return found


# What a reader names to compare: a document, or a paragraph of it as it stands or as it once stood.

MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Passage:
    """One side of a comparison. ``paragraph`` is empty for a whole document, ``issued`` for present words."""

    document: Document
    paragraph: Paragraph | None = None
    issued: IssuedText | None = None

    @property
    def address(self) -> str:
        if self.issued:
            return paragraph_path(self.issued.symbol, self.issued.anchor, self.issued.fingerprint)
        if self.paragraph:
            return paragraph_path(self.document.symbol, self.paragraph.anchor)
        return document_path(self.document.symbol)

    @property
    def text(self) -> str:
        return self.issued.shown_text if self.issued else self.paragraph.text if self.paragraph else ""

    @property
    def name(self) -> str:
        """The paragraph's display name (第14段), or the anchor of a withdrawn one; empty for a document."""
        if self.paragraph:
            return Reader(self.document, [self.paragraph], reads.ancestors([self.paragraph])).name_of(
                self.paragraph
            )
        return self.issued.anchor if self.issued else ""

    @property
    def ocr_confidence(self) -> int | None:
        """That of the paragraph, or of the whole document."""
        return (self.paragraph or self.document).ocr_confidence

    @property
    def recognized(self) -> str:
        """That the text was recognized in a picture, and how surely; else empty."""
        return recognized_in_words(self.ocr_confidence)

    @property
    def when(self) -> str:
        """The time until which the words were current; empty for current ones."""
        return until_in_words(self.issued) if self.issued else ""


def find_passage(typed: str) -> Passage:
    """Returns the one passage that ``typed`` names: a link of ours, with or without host, or a place in any
    spelling. Raises BadRequestError with what was not found and what can be given.
    """
    places, fingerprint = _named(typed)
    words = {"typed": typed[:100], "places": _("、").join(map(label_of_place, places[:MOST_NAMED]))}
    if not places:
        raise BadRequestError(
            _("“%(typed)s”不是本库所藏的文件或段落。请填文号，或段落的网址，如S/2010/52/p/annex.14。") % words
        )
    if len(places) > 1 or places[0].last:
        raise BadRequestError(_("“%(typed)s”指%(places)s，不止一段；请一边填一段。") % words)
    held = reads.find_document(places[0].symbol)
    if held is None:
        raise BadRequestError(_("“%(typed)s”指%(places)s，本库未藏它的文字，不能对照。") % words)
    return _at(held, places[0].anchor, fingerprint, typed) if places[0].anchor else Passage(held)


def _named(typed: str) -> tuple[list[TypedPlace], str]:
    """Returns the places that were typed, and the fingerprint of their words in a link that has it."""
    path = path_of_link(typed)
    if path is None:
        return reads.places_typed(typed), ""
    link, _mark, anchor = unquote(path).partition("#p-")
    given = resolve(link).kwargs
    if code := find_code(given["typed"]) if "typed" in given else None:
        return [TypedPlace(code.symbol, code.anchor)], code.fingerprint
    if "symbol" not in given or given.keys() & {"spelled", "cut"}:
        return [], ""
    return [TypedPlace(given["symbol"], given.get("anchor", anchor))], given.get("fingerprint", "")


def _at(held: Document, anchor: str, fingerprint: str, typed: str) -> Passage:
    found = find_paragraph(held, anchor)
    if found is None and not fingerprint:
        place = place_now(held.symbol, anchor)
        places = [place] if place else places_meant(held.symbol, held, anchor)
        if len(places) > 1:
            named = _("、").join(cited_paragraph_name(one) for _symbol, one in places)
            raise BadRequestError(
                _("“%(typed)s”可以指%(places)s，请写明哪一处。") % {"typed": typed[:100], "places": named}
            )
        found = next((find_paragraph(held, one) for home, one in places if home == held.symbol), None)
    if found and (not fingerprint or digest(found.text).startswith(fingerprint)):
        return Passage(held, found)
    issued = _issued(held, anchor, fingerprint) if fingerprint else None
    if issued is None or issued.withheld:
        raise BadRequestError(
            _("%(symbol)s没有“%(typed)s”这一段，也没有发布过这样的文字。")
            % {"symbol": held.symbol, "typed": typed[:100]}
        )
    return Passage(held, None, issued)


def _issued(held: Document, anchor: str, fingerprint: str) -> IssuedText | None:
    """Returns the newest text with this fingerprint under the anchor, else under one that ends with it."""
    meant = [(held.symbol, anchor), *words_meant(held.symbol, held, anchor, fingerprint)]
    texts = (text for symbol, one in meant for text in reversed(issued_as(symbol, one, fingerprint)))
    return next(texts, None)
