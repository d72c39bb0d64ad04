"""The texts of one document in several languages beside each other, paired by official number."""

from __future__ import annotations

from collections.abc import Iterator

from archive.models import Document, Paragraph
from archive.models.querysets.languages import texts_in
from archive.text.pairs import Numbered, official_label, pair_blocks

Row = tuple[Paragraph | None, Paragraph | None]


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
    pairs = pair_blocks(*([Numbered(block.anchor, block.role) for block in side] for side in sides))
    return [
        (None if here is None else sides[0][here], None if there is None else sides[1][there])
        for here, there in pairs
    ]


def counterparts(found: Paragraph, texts: list[Document]) -> Iterator[tuple[Document, Paragraph | None]]:
    """Generates each of the other ``texts`` of a paragraph's document with its counterpart there; None where
    it has none. Two queries for each text, and one where there is a counterpart.
    """
    for text in texts:
        at = None
        if official_label(Numbered(found.anchor, found.role)):
            keys = (found.document_id, text.pk)
            outlines = [
                list(
                    Paragraph.objects.filter(document=key)
                    .order_by("position")
                    .values_list("pk", "anchor", "role")
                )
                for key in keys
            ]
            sides = [[Numbered(*rest) for _key, *rest in outline] for outline in outlines]
            here = next(at for at, (key, *_rest) in enumerate(outlines[0]) if key == found.pk)
            at = next(there for one, there in pair_blocks(*sides) if one == here)
        yield text, None if at is None else Paragraph.objects.get(pk=outlines[1][at][0])
