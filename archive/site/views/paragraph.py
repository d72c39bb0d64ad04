"""One paragraph in focus between its neighbours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar, Self

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from archive.models import Document, IssuedText, MovedAnchor, Paragraph
from archive.models.querysets.languages import texts_in
from archive.site.citations.build import doubts_about, record_at
from archive.site.citations.forms import panel
from archive.site.citations.pinpoints import place_of
from archive.site.citations.styles import footnote_chinese, footnote_english
from archive.site.presenters.history import EarlierAddress, moves_in_words
from archive.site.presenters.linked_text import link_text
from archive.site.presenters.occurrences import excerpt, hits, in_order, last_sentence
from archive.site.presenters.reading import Block, Links, Reader, links
from archive.site.presenters.relations import mentioned, own_places, treaties
from archive.site.presenters.wording import chinese_number, cited_paragraph_name, is_in_doubt, marked_text
from archive.site.views.cited import CitedBy
from archive.store.addresses.locations import printed_number, tell_occurrences
from archive.store.addresses.paths import paragraph_path, short_path
from archive.store.addresses.shortlinks import code_of
from archive.store.links.numbers import formerly_meant, head_row
from archive.store.links.permalinks import Fate, earlier_texts, find_paragraph, last_issued
from archive.store.links.ranges import BELOW, LONGEST, Outline, Stretch
from archive.store.page_images.places import paged_original
from archive.store.reading import queries as reads
from archive.store.reading import records as values
from archive.store.reading.languages import counterparts
from archive.store.reading.records import (
    BodyMention,
    Citations,
    DocumentFacts,
    Doubt,
    Mention,
    NamedParagraph,
    OwnReference,
    TreatyMention,
)
from archive.store.values import Fingerprint, Instant, Schema, answers
from archive.text.cells import row_number, row_of_cell, table_of_row

from .cited import cited_pinpoint, renamed_anchor
from .fallback import another_spelling, find_text
from .gone import withdrawn
from .page import page
from .respond import led_on, moved, plain_text, respond


class EarlierText(Schema, frozen=True, kw_only=True):
    """An earlier text under the same address."""

    fingerprint: Fingerprint
    since: Instant
    until: Instant | None
    in_doubt: bool
    reason: str | None
    url: str


class Counterpart(Schema, frozen=True, kw_only=True):
    """The paragraph of the same official number in another language; null where that text has none."""

    language: str
    text: str | None = None
    ocr_confidence: int | None = None
    url: str | None = None
    permalink: str | None = None
    footnote: str | None = None

    @classmethod
    def of(cls, request: HttpRequest, text: Document, found: Paragraph | None) -> Self:
        if found is None:
            return cls(language=text.language)
        with texts_in(text.language):
            above = {block.pk: block for block in reads.ancestors([found])}
            record = record_at(request, text, found, lambda block: above.get(block.parent_id or 0))
            url = paragraph_path(text.symbol, found.anchor)
        footnote = footnote_english if text.language == "en" else footnote_chinese
        told = {"url": url, "permalink": record.link, "footnote": footnote(record)}
        return cls.from_row(found, language=text.language, **told)


class Unit(Schema, frozen=True, kw_only=True):
    """A paragraph with its items, as one piece of text."""

    anchors: list[str]
    text: str
    numbered_text: str
    fingerprint: Fingerprint
    url: str
    permalink: str

    items: ClassVar[list[tuple[Paragraph, str]]]  # with their printed numbers
    links: ClassVar[Links]


class Row(Schema, frozen=True, kw_only=True):
    """A row of a table."""

    anchor: str
    text: str
    url: str


class TableOfRow(Schema, frozen=True, kw_only=True):
    """The table of a row."""

    anchor: str
    url: str
    first_row: Row | None


class ParagraphAnswer(Schema, frozen=True, kw_only=True):
    """A current paragraph. ``fate``: that of the words of a link to it; ``same_number``: all with its number
    in its part, where there are several; ``formerly``: the paragraphs to which the address, a bare number,
    referred before; ``doubts``: the parser's on its number or the label of its part.
    """

    document: DocumentFacts
    paragraph: NamedParagraph
    mentions: list[Mention]
    bodies: list[BodyMention]
    treaties: list[TreatyMention]
    own_references: list[OwnReference]
    cited_by: Citations
    similar: str
    short: str | None
    unit: Unit | None
    table: TableOfRow | None
    previous: str | None
    next: str | None
    fate: str | None
    moved_here: list[EarlierAddress]
    formerly: list[str]
    same_number: list[str]
    doubts: list[Doubt]
    counterparts: list[Counterpart]
    earlier_texts: list[EarlierText]


CITING_SHOWN = 10


@answers(ParagraphAnswer, CitedBy)
@page
def paragraph(request: HttpRequest, symbol: str, anchor: str, twin: bool = False) -> HttpResponseBase:
    """Shows the page of a paragraph, ``/S/AC.44/SR.74/p/14``."""
    tail = ".json" if twin else ""
    held = find_text(symbol)
    if held is None:
        return _paragraph_of_unheld(request, symbol, anchor, tail)
    found = find_paragraph(held, anchor) if held.symbol == symbol else None
    if found is None:
        return _other_address(request, held, symbol, anchor, tail)
    view = ParagraphPage(request, held, found)
    return respond(request, "archive/paragraph.html", view.context(), view.value, twin)


def _paragraph_of_unheld(request: HttpRequest, symbol: str, anchor: str, tail: str) -> HttpResponseBase:
    if official := another_spelling(symbol):
        return moved(request, paragraph_path(official, anchor) + tail)
    issued = last_issued(symbol, anchor)
    if issued:
        return withdrawn(request, symbol, None, issued, bool(tail))
    return cited_pinpoint(request, symbol, anchor, bool(tail))


def _other_address(
    request: HttpRequest, held: Document, symbol: str, anchor: str, tail: str
) -> HttpResponseBase:
    """Redirects from a paragraph's old or other address, or explains its withdrawal; else raises Http404."""
    if held.symbol != symbol:
        return moved(request, paragraph_path(held.symbol, anchor) + tail)
    if new := renamed_anchor(held, anchor):
        return moved(request, paragraph_path(symbol, new) + tail)
    if (row := row_of_cell(anchor)) and find_paragraph(held, row):
        return led_on(request, paragraph_path(symbol, row) + tail)
    issued = last_issued(symbol, anchor)
    if issued:
        return withdrawn(request, symbol, held, issued, bool(tail))
    raise Http404(_("这份文件没有这一段。"))


@page
def paragraph_text(request: HttpRequest, symbol: str, anchor: str) -> HttpResponseBase:
    """Shows the words of one paragraph and nothing else, but that they were recognized in a picture."""
    held = find_text(symbol)
    if held is None:
        raise Http404(_("本库未藏这份文件。"))
    found = find_paragraph(held, anchor) if held.symbol == symbol else None
    if found is None:
        return _other_address(request, held, symbol, anchor, ".txt")
    return plain_text(marked_text(found.text, found.ocr_confidence))


def in_focus(reader: Reader, found: Paragraph) -> Block:
    """Returns the block that a page is of, called as it is cited."""
    return replace(reader.block(found), name=place_of([found], reader.parent_of))


class ParagraphPage:
    """All that the page of one paragraph shows."""

    def __init__(
        self,
        request: HttpRequest,
        held: Document,
        found: Paragraph,
        fate: Fate | None = None,
        asked: str = "",
    ) -> None:
        self.request, self.held, self.found, self.fate, self.asked = request, held, found, fate, asked
        # Of the neighbours only the first or last sentence is shown, without links.
        near = Paragraph.objects.neighbours(found).select_related("state")
        around = [found if p.pk == found.pk else p for p in near]
        self.before = next((p for p in around if p.position < found.position), None)
        self.after = next((p for p in around if p.position > found.position), None)
        self.head = head_row(held, found)
        self.unit = unit_of(held, found, self.after)
        self.above = reads.ancestors(around)
        self.reader = Reader(held, around, self.above, on_page=False)
        self.same_number = tell_occurrences([found]).get(found.pk, [])
        self.name = place_of([found], self.reader.parent_of)
        self.citing = Paragraph.objects.citing(held.symbol, found.anchor)
        self.total = self.citing.count()
        self.came = list(MovedAnchor.objects.leading_to(held.symbol, found.anchor, held.language))
        self.formerly = formerly_meant(held.symbol, found.anchor)
        self.earlier = earlier_texts(held.symbol, found.anchor, self.came, found.text)
        place = (held.symbol, held.language, found.anchor)
        pairs = counterparts([place])[place]
        self.others = [text for text, _paragraph in pairs]
        self.counterparts = [Counterpart.of(request, *pair) for pair in pairs]
        self.code = code_of(held.symbol, found.anchor, found.fingerprint, held.language)

    def context(self) -> dict:
        citing = list(in_order(self.citing)[:CITING_SHOWN])
        places = reads.mention_places(citing, self.held.symbol, self.found.anchor)
        section = self.reader.parent_of(self.found)
        return {
            "document": self.held,
            "others": self.others,
            "counterparts": self.counterparts,
            "focus": in_focus(self.reader, self.found),
            "head": self._head(),
            "before": self._neighbour(self.before, last_sentence),
            "after": self._neighbour(self.after, excerpt),
            "section": section,
            "has_pages": paged_original(self.held) is not None,
            "unit": self._unit(),
            "fate": self.fate,
            "asked": self.asked,
            "citation": panel(record_at(self.request, self.held, self.found, self.reader.parent_of)),
            "links": self._links(),
            "code": self.code,
            "short_qr": f"{short_path(self.code)}.svg" if self.code else "",
            "mentions": mentioned(self.found.mentions_in_order),
            "treaties": treaties(self.found.treaty_mentions_in_order),
            "own_places": own_places(self.held.symbol, self.found.own_references_in_order),
            "bodies": self._bodies(),
            "citing": hits(citing, reads.ancestors(citing), places),
            "citing_total": self.total,
            "permalink": self.permalink,
            "earlier": [(text, self._path_of(text)) for text in self.earlier],
            "came": moves_in_words(self.held.symbol, self.came),
            "same_number": self._same_number(),
            "formerly": [(self._at(anchor), cited_paragraph_name(anchor)) for anchor in self.formerly],
        }

    def _same_number(self) -> dict | None:
        """Returns the other paragraphs of this number, and this one's rank among them; None without any."""
        if not self.same_number:
            return None
        place = self.same_number.index(self.found.anchor)
        others = [one for one in self.same_number if one != self.found.anchor]
        return {
            "count": len(self.same_number),
            "place": chinese_number(place + 1),
            "others": [(self._at(anchor), cited_paragraph_name(anchor)) for anchor in others],
        }

    @property
    def permalink(self) -> str:
        return paragraph_path(self.held.symbol, self.found.anchor, self.found.fingerprint)

    def _links(self):
        found = self.found
        return links(
            self.request,
            self.held,
            self.name,
            paragraph_path(self.held.symbol, found.anchor),
            found.anchor,
            found.text,
            found.fingerprint,
            self.code,
        )

    def _unit(self) -> Unit | None:
        """Returns the paragraph with its items, and its links; None where it has none."""
        if (found := self.unit) is None:
            return None
        address = paragraph_path(self.held.symbol, found.spelled)
        words = numbered_text(found.blocks, printed_number)
        return Unit.from_row(
            found,
            anchors=[block.anchor for block in found.blocks],
            numbered_text=words,
            url=address,
            permalink=f"{address}/{found.fingerprint}",
        ).carrying(
            items=[(block, printed_number(block)) for block in found.blocks[1:]],
            links=links(self.request, self.held, self.name, address, found.first, words, found.fingerprint),
        )

    def _neighbour(self, paragraph: Paragraph | None, cut) -> dict | None:
        if paragraph is None:
            return None
        return {
            "address": paragraph_path(self.held.symbol, paragraph.anchor),
            "name": self.reader.name_of(paragraph),
            "number": printed_number(paragraph),
            "excerpt": cut(paragraph.text),
            "cells": link_text(paragraph.text) if self._is_of_same_table(paragraph) else "",
            "heading": paragraph.kind == Paragraph.Kind.HEADING,
        }

    def _head(self) -> dict | None:
        """Returns the first row of the table, unless it is the previous paragraph anyway."""
        if self.head is None or self.head == self.before:
            return None
        address = paragraph_path(self.held.symbol, self.head.anchor)
        return {
            "address": address,
            "name": self.reader.name_of(self.head),
            "cells": link_text(self.head.text),
        }

    def _is_of_same_table(self, paragraph: Paragraph) -> bool:
        """Returns True if ``paragraph`` is a row of the same table as this row."""
        rows = {paragraph.kind, self.found.kind} == {Paragraph.Kind.ROW}
        return rows and table_of_row(paragraph.anchor) == table_of_row(self.found.anchor)

    def _table_value(self) -> TableOfRow | None:
        """Returns the table of this row, and its first row; None for other paragraphs."""
        if self.found.kind != Paragraph.Kind.ROW or not (table := table_of_row(self.found.anchor)):
            return None
        first = self.found if row_number(self.found.anchor) == 1 else self.head
        return TableOfRow(
            anchor=table,
            url=self._at(table),
            first_row=Row.from_row(first, url=self._at(first.anchor)) if first else None,
        )

    def _bodies(self) -> list:
        """Returns the bodies that the paragraph names, each once, with the names it uses for them."""
        named: dict[int, dict] = {}
        for mention in self.found.body_mentions_in_order:
            row = named.setdefault(mention.body_id, {"body": mention.body, "names": [], "contextual": True})
            if mention.surface not in row["names"]:
                row["names"].append(mention.surface)
            row["contextual"] = row["contextual"] and mention.form == mention.Form.CONTEXTUAL
        return list(named.values())

    def value(self) -> ParagraphAnswer:
        by_id = {paragraph.pk: paragraph for paragraph in self.above}
        return ParagraphAnswer(
            document=DocumentFacts.of(self.held),
            paragraph=NamedParagraph.of(self.found, self.held.symbol, by_id, name=self.name),
            mentions=values.Mention.all_in([self.found]),
            bodies=values.BodyMention.all_in([self.found]),
            treaties=values.TreatyMention.all_in([self.found]),
            own_references=values.OwnReference.all_in([self.found]),
            cited_by=values.Citations(
                paragraphs=self.total,
                url=f"{paragraph_path(self.held.symbol, self.found.anchor)}/cited-by.json",
            ),
            similar=f"{paragraph_path(self.held.symbol, self.found.anchor)}/similar.json",
            short=short_path(self.code) if self.code else None,
            unit=self._unit(),
            table=self._table_value(),
            previous=self._path(self.before),
            next=self._path(self.after),
            fate=self.fate,
            moved_here=EarlierAddress.all_of(self.came),
            same_number=[self._at(anchor) for anchor in self.same_number],
            formerly=[self._at(anchor) for anchor in self.formerly],
            counterparts=self.counterparts,
            doubts=[values.Doubt(**doubt) for doubt in doubts_about(self.held, [self.found])],
            earlier_texts=[
                EarlierText.from_row(text, in_doubt=is_in_doubt(text), url=self._path_of(text))
                for text in self.earlier
            ],
        )

    def _path_of(self, text: IssuedText) -> str:
        return paragraph_path(text.symbol, text.anchor, text.fingerprint)

    def _path(self, paragraph: Paragraph | None) -> str | None:
        return self._at(paragraph.anchor) if paragraph else None

    def _at(self, anchor: str) -> str:
        return paragraph_path(self.held.symbol, anchor)


# A paragraph with its items as one unit: the chapeau, (a), (b) and so on.


def unit_of(held: Document, chapeau: Paragraph, following: Paragraph | None) -> Stretch | None:
    """Returns the unit that ``chapeau`` begins; None where no item stands under it, or more than a range may
    hold. A heading begins one only where it ends with a colon.

    ``following`` is the block behind it. Two queries where there are items, else none. The blocks are without
    what linking their text needs.
    """
    is_title = chapeau.kind == Paragraph.Kind.HEADING and not chapeau.text.endswith(("：", ":"))
    if following is None or is_title:
        return None
    if following.parent_id != chapeau.pk or following.kind not in BELOW:
        return None
    outline = Outline(held)
    start, end = outline.bounds(chapeau.anchor, chapeau.anchor)
    if end - start > LONGEST:
        return None
    anchors = outline.anchors[start:end]
    blocks = held.paragraphs.filter(anchor__in=anchors).order_by("position")
    return Stretch(held, anchors[0], anchors[-1], tuple(blocks))


def numbered_text(blocks: tuple[Paragraph, ...], number_of: Callable[[Paragraph], str]) -> str:
    """Returns the words with their printed numbers, a block to a line: ``3. …``, ``(a) …``."""
    lines = []
    for block in blocks:
        number = number_of(block)
        mark = f"{number}." if number.isdecimal() else number
        lines.append(f"{mark} {block.text}" if mark else block.text)
    return "\n".join(lines)
