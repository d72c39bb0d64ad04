"""The texts of one document in several languages beside each other, paired by official number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from functools import cache

from django.db.models import Exists, F, OuterRef, QuerySet

from archive.models import Document, Paragraph
from archive.models.querysets.languages import CHINESE, texts_in
from archive.text.pairs import Numbered, pair_blocks

Row = tuple[Paragraph | None, Paragraph | None]
Place = tuple[str, str, str]  # symbol, language, anchor
Counterpart = tuple[Document, Paragraph | None]


def other_texts(held: Document) -> list[Document]:
    """Returns the texts of the same document in other languages, by language; one query."""
    texts = Document.objects.filter(symbol=held.symbol).exclude(pk=held.pk)
    return list(texts.select_related("source").order_by("language"))


def paired_paragraphs(one: Document, other: Document) -> list[Row]:
    """Returns the rows of two texts, None where one has no counterpart. Two queries, and those of links."""
    sides = []
    for text in (one, other):
        with texts_in(text.language):
            sides.append(list(text.paragraphs.order_by("position").with_mentions()))
    return _rows(*sides)


def _rows(one: Sequence[Paragraph], other: Sequence[Paragraph]) -> list[Row]:
    pairs = pair_blocks(*([Numbered(block.anchor, block.role) for block in side] for side in (one, other)))
    return [
        (None if here is None else one[here], None if there is None else other[there])
        for here, there in pairs
    ]


def texts_with_chinese() -> QuerySet[Document]:
    """Returns the texts in other languages beside which the Chinese one is held, newest first."""
    chinese = Document.objects.filter(symbol=OuterRef("symbol"), language=CHINESE)
    texts = Document.objects.exclude(language=CHINESE).filter(Exists(chinese))
    return texts.order_by(F("sort_date").desc(nulls_last=True), "symbol", "language")


def rows_beside_chinese(texts: Sequence[Document]) -> list[tuple[Document, Document, list[Row]]]:
    """Returns for each of ``texts`` the Chinese text, itself, and the rows of both. Two queries."""
    chinese = Document.objects.filter(symbol__in={text.symbol for text in texts}, language=CHINESE)
    by_symbol = {text.symbol: text for text in chinese}
    blocks: dict[int, list[Paragraph]] = defaultdict(list)
    keys = [text.pk for text in (*texts, *by_symbol.values())]
    for block in Paragraph.objects.filter(document__in=keys).order_by("document", "position"):
        blocks[block.document_id].append(block)
    pairs = [(by_symbol[text.symbol], text) for text in texts]
    return [(one, text, _rows(blocks[one.pk], blocks[text.pk])) for one, text in pairs]


def counterparts(places: Collection[Place]) -> dict[Place, list[Counterpart]]:
    """Returns for each of ``places`` the other texts of its document, by language, each with the paragraph of
    the same official number, or None. At most three queries, however many there are.
    """
    texts: dict[str, list[Document]] = defaultdict(list)
    symbols = {symbol for symbol, _language, _anchor in places}
    for text in Document.objects.filter(symbol__in=symbols).order_by("language").select_related("source"):
        texts[text.symbol].append(text)
    outlines: dict[int, list[tuple[int, Numbered]]] = defaultdict(list)
    several = [text.pk for of_one in texts.values() if len(of_one) > 1 for text in of_one]
    blocks = Paragraph.objects.filter(document__in=several).order_by("document", "position")
    for document, key, *block in blocks.values_list("document", "pk", "anchor", "role") if several else ():
        outlines[document].append((key, Numbered(*block)))
    known = {(text.symbol, text.language): text for of_one in texts.values() for text in of_one}
    paired = cache(lambda one, other: _paired(outlines[one], outlines[other]))
    found = {
        (symbol, language, anchor): [
            (text, paired(known[symbol, language].pk, text.pk).get(anchor))
            for text in texts[symbol]
            if (symbol, language) in known and text.language != language
        ]
        for symbol, language, anchor in places
    }
    rows = Paragraph.objects.in_bulk([key for pairs in found.values() for _text, key in pairs if key])
    return {place: [(text, rows.get(key)) for text, key in pairs] for place, pairs in found.items()}


def _paired(one: list[tuple[int, Numbered]], other: list[tuple[int, Numbered]]) -> dict[str, int]:
    """Returns by anchor of a paragraph of ``one`` the key of that of ``other`` with which it pairs."""
    pairs = pair_blocks([block for _key, block in one], [block for _key, block in other])
    return {
        one[here][1].anchor: other[there][0]
        for here, there in pairs
        if here is not None and there is not None
    }
