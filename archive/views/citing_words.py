"""Who cites a document, in their own sentence: for each of its paragraphs, and for each citing document."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, QuerySet, Window
from django.db.models.functions import Coalesce, DenseRank, RowNumber

from archive.models import Mention, Paragraph, Pinpoint
from archive.models.querysets import ParagraphQuerySet
from archive.presenters.hits import Hit, Remarks, hits
from archive.presenters.occurrences import in_order
from archive.presenters.relations import remark
from archive.reading import queries as reads
from archive.reading.distribution import DocumentRow

DOCUMENTS_SHOWN = 20
PARAGRAPHS_SHOWN = 4
QUOTED, SENTENCES = 24, 3  # paragraphs of the cited document, and sentences for each


@dataclass(frozen=True, slots=True)
class Quoted:
    """A paragraph of the cited document with the newest sentences that cite it; ``row`` as in ``Record``."""

    row: dict
    hits: list[Hit]

    @property
    def more(self) -> int:
        return self.row["paragraphs"] - len(self.hits)


def quoted_paragraphs(symbol: str, pinpoints: Sequence[dict]) -> tuple[list[Quoted], list[dict]]:
    """The most cited paragraphs in the order of the text, and the rows of the others; four queries.

    ``pinpoints`` are rows as ``pinpoints_of`` gives them, most cited first.
    """
    chosen = {row["cited"]: row for row in pinpoints[:QUOTED]}
    places = _places(symbol, list(chosen))
    keys = {key for by_key in places.values() for key in by_key}
    paragraphs = list(in_order(Paragraph.objects.filter(pk__in=keys)))
    above = reads.ancestors(paragraphs)
    remarks = citing_remarks(paragraphs, Mention.objects.citing().of(symbol))
    found = []
    for cited in sorted(chosen, key=text_order):
        by_key = places.get(cited, {})
        own = [paragraph for paragraph in paragraphs if paragraph.pk in by_key]
        found.append(Quoted(chosen[cited], hits(own, above, by_key, remarks)))
    return found, sorted(pinpoints[QUOTED:], key=lambda row: text_order(row["cited"]))


def _places(symbol: str, cited: list[str]) -> dict[str, dict[int, list[tuple[int, int]]]]:
    """Paragraph as cited → key of a citing paragraph → where it does so; of the newest of each."""
    newest = (
        F("mention__paragraph__document__sort_date").desc(nulls_last=True),
        F("mention__paragraph__document__symbol"),
        F("mention__paragraph__document"),
        F("mention__paragraph__position"),
    )
    rows = (
        Pinpoint.objects.citing()
        .of(symbol)
        .order_by()
        .annotate(cited=Coalesce("target_paragraph__anchor", "anchor"))
        .filter(cited__in=cited)
        .annotate(rank=Window(DenseRank(), partition_by="cited", order_by=newest))
        .filter(rank__lte=SENTENCES)
        .values_list("cited", "mention__paragraph", "mention__start", "mention__end")
    )
    found: dict[str, dict[int, list[tuple[int, int]]]] = {}
    for anchor, key, start, end in rows:
        places = found.setdefault(anchor, {}).setdefault(key, [])
        if (start, end) not in places:
            places.append((start, end))
    return found


def text_order(anchor: str) -> tuple:
    """Sorts anchors as they stand in a text: ``pp2``, ``2``, ``3``, ``3.a``, ``10``, ``annex.1``."""
    if match := re.fullmatch(r"pp(\d+)", anchor):
        return ((0, int(match[1]), ""),)
    pieces = re.findall(r"\d+|[^\d.]+", anchor)
    return tuple((1, int(piece), "") if piece.isdecimal() else (2, 0, piece) for piece in pieces)


def citing_documents(symbol: str, citing: ParagraphQuerySet, documents: Sequence[DocumentRow]) -> list[dict]:
    """The first ``documents`` that cite ``symbol``, with their first citing paragraphs; four queries."""
    shown = [row.symbol for row in documents[:DOCUMENTS_SHOWN]]
    place = Window(RowNumber(), partition_by="document", order_by="position")
    first = (
        citing.filter(document__symbol__in=shown).annotate(place=place).filter(place__lte=PARAGRAPHS_SHOWN)
    )
    paragraphs = list(in_order(Paragraph.objects.filter(pk__in=list(first.values_list("pk", flat=True)))))
    listed = hits(paragraphs, reads.ancestors(paragraphs), reads.mention_places(paragraphs, symbol))
    by_symbol: dict[str, list[Hit]] = {}
    for hit in listed:
        by_symbol.setdefault(hit.document.symbol, []).append(hit)
    return [
        {"row": row, "hits": by_symbol.get(row.symbol, []), "more": row.paragraphs - PARAGRAPHS_SHOWN}
        for row in documents[:DOCUMENTS_SHOWN]
    ]


def citing_remarks(paragraphs: Sequence[Paragraph], mentions: QuerySet) -> dict[int, Remarks]:
    """How ``paragraphs`` cite by ``mentions``, each way once, and the words that say so: key → remarks."""
    texts = {paragraph.pk: paragraph for paragraph in paragraphs}
    words: dict[int, dict[str, None]] = {}
    places: dict[int, list[tuple[int, int]]] = {}
    for mention in mentions.filter(paragraph__in=list(texts)).order_by("start"):
        mention.paragraph = texts[mention.paragraph_id]
        if said := remark(mention):
            words.setdefault(mention.paragraph_id, {})[said] = None
        if mention.relation:
            places.setdefault(mention.paragraph_id, []).append((mention.relation_start, mention.relation_end))
    return {key: Remarks(tuple(said), tuple(places.get(key, ()))) for key, said in words.items()}
