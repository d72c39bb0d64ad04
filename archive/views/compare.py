"""``/compare?a=…&b=…``: two paragraphs or two documents side by side, character by character."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from archive.http.addresses import paragraph_path
from archive.http.paging import BadRequestError, Listing, paginate, text_parameter
from archive.locations import printed_number
from archive.models import Document, Paragraph
from archive.presenters.diff import Difference, changes_as_json, compare
from archive.reading.alignment import aligned
from archive.schemas import answers, site

from .page import page
from .passages import Passage, find_passage
from .respond import respond

PER_PAGE = 100
# Paragraphs in all; so long documents are aligned by the reader's patience, not the machine's.
MOST_PARAGRAPHS = 6_000


@dataclass(frozen=True, slots=True)
class Row:
    """Two paragraphs that answer each other; one of them None where it stands alone."""

    then: Paragraph | None
    now: Paragraph | None

    @property
    def equal(self) -> bool:
        return bool(self.then and self.now and self.then.text == self.now.text)

    @property
    def difference(self) -> Difference:
        return compare(self.then.text if self.then else "", self.now.text if self.now else "", figures=True)

    @property
    def alone(self) -> bool:
        """Whether nothing answers it: shown as it stands, there is nothing to mark."""
        return not (self.then and self.now)

    @property
    def numbers(self) -> tuple[str, str]:
        then, now = (printed_number(row) if row else "" for row in (self.then, self.now))
        return then, now

    @property
    def addresses(self) -> tuple[str, str]:
        then, now = (
            paragraph_path(row.document.symbol, row.anchor) if row else "" for row in (self.then, self.now)
        )
        return then, now


@answers(site.CompareNothing, site.ComparePassages, site.CompareDocuments)
@page
def compare_page(request: HttpRequest, twin: bool = False) -> HttpResponseBase:
    """Without both sides: a form. A document against a paragraph is no question."""
    typed = text_parameter(request, "a"), text_parameter(request, "b")
    if not all(typed):
        context = {"a": typed[0], "b": typed[1]}
        return respond(request, "archive/compare_ask.html", context, site.CompareNothing(**context), twin)
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
    sides = [
        site.ComparedText(url=side.address, text=side.text, ocr_confidence=side.ocr_confidence)
        for side in (left, right)
    ]
    as_json = site.ComparePassages(a=sides[0], b=sides[1], changes=changes_as_json(difference.changes))
    return respond(request, "archive/compare.html", context, as_json, twin)


def _documents(
    request: HttpRequest, left: Passage, right: Passage, typed: tuple[str, str], twin: bool
) -> HttpResponseBase:
    then, now = _paragraphs(left.document), _paragraphs(right.document)
    rows = _rows(then, now)
    listing = paginate(request, rows, PER_PAGE)
    context = {
        "a": typed[0],
        "b": typed[1],
        "left": left,
        "right": right,
        "listing": listing,
        "equal": sum(row.equal for row in rows),
        "edited": sum(bool(row.then and row.now) and not row.equal for row in rows),
        "only_left": sum(row.now is None for row in rows),
        "only_right": sum(row.then is None for row in rows),
    }
    return respond(
        request, "archive/compare_documents.html", context, lambda: _as_json(context, listing), twin
    )


def _paragraphs(document: Document) -> list[Paragraph]:
    found = list(document.paragraphs.order_by("position").select_related("document"))
    if len(found) > MOST_PARAGRAPHS:
        raise BadRequestError(
            _("%(symbol)s有%(count)s段，太长，不能整份对照；请逐段对照。")
            % {"symbol": document.symbol, "count": len(found)}
        )
    return found


def _rows(then: Sequence[Paragraph], now: Sequence[Paragraph]) -> list[Row]:
    pairs = aligned([row.text for row in then], [row.text for row in now])
    return [Row(then[i] if i is not None else None, now[j] if j is not None else None) for i, j in pairs]


def _as_json(context: dict, listing: Listing) -> site.CompareDocuments:
    return site.CompareDocuments(
        a=context["left"].address,
        b=context["right"].address,
        equal=context["equal"],
        edited=context["edited"],
        only_a=context["only_left"],
        only_b=context["only_right"],
        page=listing.as_json(),
        rows=[
            site.ComparedRow(
                a=row.addresses[0] or None,
                b=row.addresses[1] or None,
                equal=row.equal,
                changes=changes_as_json(row.difference.changes),
            )
            for row in listing.items
        ],
    )
