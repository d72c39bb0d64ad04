"""Filters of a cited-by list: how it is cited, together with what, by whom speaking."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.db.models import F, QuerySet, Window
from django.db.models.functions import Coalesce, DenseRank, RowNumber
from django.http import HttpRequest
from django.utils.translation import gettext as _
from msgspec import field

from archive.http.addresses import query_string
from archive.http.paging import choice_parameter, text_parameter
from archive.models import Body, Document, Mention, Paragraph, Pinpoint, State
from archive.models.querysets import ParagraphQuerySet
from archive.presenters.occurrences import ListedParagraph, Remarks, hits, in_order
from archive.presenters.relations import NONE, choices, relation_name, remark, stored_relation
from archive.presenters.wording import spoken_symbol
from archive.reading import queries as reads
from archive.reading.queries import DocumentRow
from archive.values import CountOfKind, Schema, as_values


class CitingFilters(Schema, frozen=True, kw_only=True):
    """The filters of citing paragraphs: relation, joint citation, and author."""

    # ``relation`` is as in the address, ``with`` a symbol, ``state`` (ISO 3166 alpha-3) and ``body`` (slug)
    # say whose words the citing paragraphs are, spoken or written.
    relation: str | None
    with_: str | None = field(name="with")
    state: str | None
    body: str | None

    symbol: ClassVar[str]
    anchor: ClassVar[str | None]
    only: ClassVar[str]

    @classmethod
    def of(cls, request: HttpRequest, symbol: str, anchor: str | None, only: str) -> CitingFilters:
        """Reads the address of a list that cites ``symbol`` or one paragraph of it.

        Raises BadRequestError.
        """
        together = text_parameter(request, "with")
        return cls(
            relation=choice_parameter(request, "relation", choices(), _("引用方式")) or None,
            with_=reads.canonical(together) or together or None,
            state=text_parameter(request, "state") or None,
            body=text_parameter(request, "body") or None,
        ).carrying(symbol=symbol, anchor=anchor, only=only)

    @property
    def mentions(self) -> QuerySet[Mention]:
        """The mentions that make a paragraph one of the list."""
        match self.only:
            case "":
                mentions = Mention.objects.citing()
            case "uncertain":
                mentions = Mention.objects.filter(certain=False)
            case _:
                mentions = Mention.objects.certain()
        mentions = mentions.of(self.symbol)
        if self.anchor is not None:
            mentions = mentions.at_paragraph(self.anchor)
        if self.relation:
            mentions = mentions.filter(relation=stored_relation(self.relation))
        return mentions

    @property
    def paragraphs(self) -> ParagraphQuerySet:
        if self.only == "uncertain":
            rows = Paragraph.objects.doubtfully_naming(self.symbol)
        elif self.only:
            rows = Paragraph.objects.only_naming(self.symbol, headings=self.only == "headings")
        else:
            rows = Paragraph.objects.citing(self.symbol, self.anchor, stored_relation(self.relation or ""))
        return self._narrowed(rows)

    def _narrowed(self, rows: ParagraphQuerySet) -> ParagraphQuerySet:
        if self.with_:
            rows = rows.filter(pk__in=Paragraph.objects.citing(self.with_).order_by().values("pk"))
        if self.state:
            rows = rows.words_of_any(State.objects.filter(alpha3=self.state))
        if self.body:
            rows = rows.words_of_any(Body.objects.filter(slug=self.body))
        return rows

    def relations(self, year: int | None = None, document: str = "") -> list[dict]:
        """Counts the relations of the citations that the other filters leave, in a year, in a document."""
        mentions = Mention.objects.citing().of(self.symbol)
        if self.anchor is not None:
            mentions = mentions.at_paragraph(self.anchor)
        if self.with_ or self.state or self.body:
            narrowed = self._narrowed(Paragraph.objects.all()).order_by()
            mentions = mentions.filter(paragraph__in=narrowed.values("pk"))
        if year:
            mentions = mentions.filter(paragraph__document__year=year)
        if document:
            mentions = mentions.filter(paragraph__document__symbol=document)
        return named(mentions.by_relation())

    @property
    def chips(self) -> list[tuple[str, str]]:
        """Parameter and words of each filter in force, for taking it away."""
        chips = []
        if self.relation:
            chips.append(("relation", _("引用方式：%(name)s") % {"name": relation_name(self.relation)}))
        if self.with_:
            chips.append(("with", _("同时引用%(name)s") % {"name": spoken_symbol(self.with_)}))
        if self.state:
            state = State.objects.filter(alpha3=self.state).first()
            chips.append(("state", state.name if state else self.state))
        if self.body:
            body = Body.objects.filter(slug=self.body).first()
            chips.append(("body", body.name if body else self.body))
        return chips

    @property
    def unheard(self) -> str:
        """The requested State or body if it has no stored text, so that its citations are unknown; else
        empty.
        """
        asked: dict[str, QuerySet[State] | QuerySet[Body]] = {
            "state": State.objects.filter(alpha3=self.state),
            "body": Body.objects.filter(slug=self.body),
        }
        for name, found in asked.items():
            sent = Document.objects.filter(**{f"{name}__in": found})
            if found and not (sent.exists() or Paragraph.objects.words_of_any(found).exists()):
                return found[0].name
        return ""

    @property
    def query(self) -> str:
        """The filters as part of a query string."""
        return query_string(**as_values(self)).lstrip("?")


def named(rows: Iterable[dict]) -> list[dict]:
    """Counts by relation with the word of the address and the words of the page; the unread last."""
    rows = sorted(rows, key=lambda row: not row["relation"])
    return [{**row, "code": row["relation"] or NONE, "name": relation_name(row["relation"])} for row in rows]


def relation_counts(rows: Iterable[dict]) -> list[CountOfKind]:
    return [(row["code"], row["paragraphs"], row["documents"]) for row in rows]


# Who cites a document, in their own sentence: for each of its paragraphs, and for each citing document.

DOCUMENTS_SHOWN = 20
PARAGRAPHS_SHOWN = 4
QUOTED, SENTENCES = 24, 3  # paragraphs of the cited document, and sentences for each


@dataclass(frozen=True, slots=True)
class Quoted:
    """A paragraph of the cited document with the newest sentences that cite it; ``row`` as in ``Record``."""

    row: dict
    hits: list[ListedParagraph]

    @property
    def more(self) -> int:
        return self.row["paragraphs"] - len(self.hits)


def quoted_paragraphs(symbol: str, pinpoints: Sequence[dict]) -> tuple[list[Quoted], list[dict]]:
    """Returns the most cited paragraphs in the order of the text, and the rows of the others; four queries.

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
    """Returns paragraph as cited → key of a citing paragraph → spans; of the newest of each."""
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
    """Returns a sort key for anchors in text order: ``pp2``, ``2``, ``3``, ``3.a``, ``10``, ``annex.1``."""
    if match := re.fullmatch(r"pp(\d+)", anchor):
        return ((0, int(match[1]), ""),)
    pieces = re.findall(r"\d+|[^\d.]+", anchor)
    return tuple((1, int(piece), "") if piece.isdecimal() else (2, 0, piece) for piece in pieces)


def citing_documents(symbol: str, citing: ParagraphQuerySet, documents: Sequence[DocumentRow]) -> list[dict]:
    """Returns the first ``documents`` citing ``symbol``, with their first citing paragraphs; four queries."""
    shown = [row.symbol for row in documents[:DOCUMENTS_SHOWN]]
    place = Window(RowNumber(), partition_by="document", order_by="position")
    first = (
        citing.filter(document__symbol__in=shown).annotate(place=place).filter(place__lte=PARAGRAPHS_SHOWN)
    )
    paragraphs = list(in_order(Paragraph.objects.filter(pk__in=list(first.values_list("pk", flat=True)))))
    listed = hits(paragraphs, reads.ancestors(paragraphs), reads.mention_places(paragraphs, symbol))
    by_symbol: dict[str, list[ListedParagraph]] = {}
    for hit in listed:
        by_symbol.setdefault(hit.document.symbol, []).append(hit)
    return [
        {"row": row, "hits": by_symbol.get(row.symbol, []), "more": row.paragraphs - PARAGRAPHS_SHOWN}
        for row in documents[:DOCUMENTS_SHOWN]
    ]


def citing_remarks(paragraphs: Sequence[Paragraph], mentions: QuerySet) -> dict[int, Remarks]:
    """Words the relations of ``mentions`` in ``paragraphs``, each once, with spans: key → remarks."""
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
