"""A document's texts in two languages beside each other, row by row: ``/zh-en/S/RES/1540(2004)``."""

from __future__ import annotations

from typing import ClassVar
from xml.etree import ElementTree

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from archive.models import Document, Paragraph
from archive.models.querysets.languages import texts_in
from archive.site.citations.build import doubts_about
from archive.site.http.formats import MEDIA
from archive.site.http.paging import ListPage, paginate
from archive.site.opendata.tables import Table
from archive.site.presenters.reading import Block, Reader
from archive.site.presenters.wording import cited_paragraph_name
from archive.store.addresses.paths import bilingual_path, paragraph_path
from archive.store.database.bulk import batched
from archive.store.reading.languages import (
    Row,
    other_texts,
    paired_paragraphs,
    rows_beside_chinese,
    texts_with_chinese,
)
from archive.store.reading.records import DocumentFacts, Doubt
from archive.store.values import Fingerprint, Schema, answers
from archive.text.discordance import find_discordances
from archive.text.parsed import Facts, Kind, ParsedParagraph
from archive.text.reference import load_reference

from .fallback import OtherLanguageError, find_text, held_or_404
from .page import page
from .respond import ending, led_on, moved, respond


class Side(Schema, frozen=True, kw_only=True):
    """A paragraph of one of the texts; ``permalink`` bears its fingerprint, ``doubts`` are of its number, by
    which it pairs, or of the label of its part.
    """

    language: str
    anchor: str
    number: str
    text: str
    ocr_confidence: int | None
    doubts: list[Doubt]
    fingerprint: Fingerprint
    permalink: str

    block: ClassVar[Block]


class Discordance(Schema, frozen=True, kw_only=True):
    """What two texts of a paragraph say differently: the words of each; null where one lacks it."""

    kind: str
    one: str | None
    other: str | None


class PairedRow(Schema, frozen=True, kw_only=True):
    """A row: paragraphs of the same official number; null where the text has none of it."""

    one: Side | None
    other: Side | None
    discordances: list[Discordance]


class DiscordantPlace(Schema, frozen=True, kw_only=True):
    """A paragraph whose texts differ; ``url``: its row."""

    anchor: str
    name: str
    url: str
    discordances: list[Discordance]


class DiscordantDocument(Schema, frozen=True, kw_only=True):
    """The paragraphs of a document whose texts differ; ``compared``: the rows that both have."""

    symbol: str
    title: str
    url: str
    language: str
    compared: int
    paragraphs: list[DiscordantPlace]


class Discordances(Schema, frozen=True, kw_only=True):
    """A page of the documents of which two texts are held, newest first, those without a difference too."""

    page: ListPage
    documents: list[DiscordantDocument]


class Bilingual(Schema, frozen=True, kw_only=True):
    """The two texts, and their rows in the order of the first; ``paired``: rows that both have."""

    one: DocumentFacts
    other: DocumentFacts
    paired: int
    rows: list[PairedRow]


@answers(Bilingual)
@page
def bilingual(request: HttpRequest, symbol: str, with_: str, twin: bool | str = False) -> HttpResponseBase:
    """Shows the Chinese text of a document and that in the language ``with_``, paired by official number."""
    held = held_or_404(symbol)
    if held.symbol != symbol:
        return moved(request, bilingual_path(held.symbol, with_) + ending(twin))
    other = next((text for text in other_texts(held) if text.language == with_), None)
    if other is None:
        raise OtherLanguageError(held, with_)
    rows = paired_paragraphs(held, other)
    if twin == "tmx":
        return _translation_memory(held, other, rows)
    shown = _sides(held, other, rows)
    value = Bilingual(
        one=DocumentFacts.of(held),
        other=DocumentFacts.of(other),
        paired=sum(None not in row for row in rows),
        rows=[
            PairedRow(one=one, other=two, discordances=discordances_of(held, *pair))
            for (one, two), pair in zip(shown, rows, strict=True)
        ],
    )
    return respond(
        request,
        "archive/bilingual.html",
        {
            "one": held,
            "other": other,
            "others": [other],
            "value": value,
            "address": bilingual_path(held.symbol, with_),
        },
        value,
        twin,
        table=lambda: _table(held, other, value),
    )


PER_PAGE = 10  # documents, each compared as it is asked for


@answers(Discordances)
@page
def discordances(request: HttpRequest, twin: bool | str = False) -> HttpResponseBase:
    """Shows where the Chinese text of a document and another say different things: facts, not judged."""
    listing = paginate(request, texts_with_chinese(), PER_PAGE)
    shown = [_discordant(*texts) for texts in rows_beside_chinese(list(listing.items))]
    value = Discordances(page=listing, documents=shown)
    context = {"listing": listing, "documents": shown}
    return respond(request, "archive/discordances.html", context, value, twin, table=_discordance_table)


def _discordance_table() -> Table:
    """Returns the differences of all documents, a row each; documents are compared as rows are asked for."""
    texts = texts_with_chinese().iterator(PER_PAGE)
    compared = (rows_beside_chinese(some) for some in batched(texts, PER_PAGE))
    rows = (
        (document.symbol, document.language, place.anchor, each.kind, each.one, each.other, place.url)
        for some in compared
        for document in (_discordant(*texts) for texts in some)
        for place in document.paragraphs
        for each in place.discordances
    )
    head = [_("文号"), _("语文"), _("段落标记"), _("类别"), _("中文"), _("外文"), _("网址")]
    return Table("discordances", head, rows)


def _discordant(one: Document, other: Document, rows: list[Row]) -> DiscordantDocument:
    url = bilingual_path(one.symbol, other.language)
    places = [
        DiscordantPlace(
            anchor=here.anchor,
            name=cited_paragraph_name(here.anchor),
            url=f"{url}#p-{here.anchor}",
            discordances=found,
        )
        for here, there in rows
        if here and there and (found := discordances_of(one, here, there))
    ]
    compared = sum(None not in row for row in rows)
    facts = {"symbol": one.symbol, "title": one.title, "url": url, "language": other.language}
    return DiscordantDocument(**facts, compared=compared, paragraphs=places)


def discordances_of(held: Document, one: Paragraph | None, other: Paragraph | None) -> list[Discordance]:
    """Returns what two paragraphs of a document say differently; nothing where one is missing."""
    if one is None or other is None:
        return []
    facts = Facts(symbol=held.symbol, organ=held.organ)
    return [
        Discordance(
            kind=each.kind,
            one=each.zh.surface if each.zh else None,
            other=each.en.surface if each.en else None,
        )
        for each in find_discordances(_parsed(one), _parsed(other), facts, load_reference())
    ]


def _parsed(paragraph: Paragraph) -> ParsedParagraph:
    return ParsedParagraph(anchor=paragraph.anchor, kind=Kind(paragraph.kind), text=paragraph.text)


@page
def row(request: HttpRequest, symbol: str, anchor: str, with_: str) -> HttpResponseBase:
    """Leads to the row of a paragraph."""
    held = find_text(symbol)
    return led_on(request, f"{bilingual_path(held.symbol if held else symbol, with_)}#p-{anchor}")


def _sides(one: Document, other: Document, rows: list[Row]) -> list[tuple[Side | None, Side | None]]:
    columns = []
    for at, text in enumerate((one, other)):
        blocks = [row[at] for row in rows]
        with texts_in(text.language):
            reader = Reader(text, [block for block in blocks if block], on_page=False)
            columns.append([_side(reader, block) if block else None for block in blocks])
    return list(zip(*columns, strict=True))


def _side(reader: Reader, paragraph: Paragraph) -> Side:
    block, held = reader.block(paragraph), reader.document
    return Side.from_row(
        paragraph,
        language=held.language,
        number=block.number,
        doubts=[Doubt(**doubt) for doubt in doubts_about(held, [paragraph])],
        permalink=paragraph_path(held.symbol, paragraph.anchor, paragraph.fingerprint),
    ).carrying(block=block)


def _table(one: Document, other: Document, value: Bilingual) -> Table:
    rows = ([cell for side in (row.one, row.other) for cell in _cells(side)] for row in value.rows)
    head = [f"{name}_{text.language}" for text in (one, other) for name in ("anchor", "text", "permalink")]
    return Table(f"{one.symbol}-{other.language}", head, rows)


def _cells(side: Side | None) -> tuple[str, str, str]:
    return (side.anchor, side.text, side.permalink) if side else ("", "", "")


def _translation_memory(one: Document, other: Document, rows: list[Row]) -> HttpResponse:
    """Returns the paired rows as TMX 1.4, which programs of translators read."""
    root = ElementTree.Element("tmx", version="1.4")
    facts = {"creationtool": "1540", "creationtoolversion": "1", "segtype": "paragraph", "o-tmf": "tmx"}
    facts |= {"adminlang": "en", "srclang": "*all*", "datatype": "plaintext"}
    ElementTree.SubElement(root, "header", facts)
    body = ElementTree.SubElement(root, "body")
    for first, second in rows:
        if first is None or second is None:
            continue
        unit = ElementTree.SubElement(body, "tu", tuid=f"{one.symbol} {first.anchor}")
        for text, paragraph in ((one, first), (other, second)):
            variant = ElementTree.SubElement(unit, "tuv", {"xml:lang": text.language})
            ElementTree.SubElement(variant, "seg").text = paragraph.text
    content = ElementTree.tostring(root, "utf-8", xml_declaration=True)
    return HttpResponse(content, content_type=MEDIA["tmx"])
