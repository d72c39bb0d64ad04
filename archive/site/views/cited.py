"""Backlinks: the paragraphs that cite a document, or one paragraph of it, with the citing sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import F, QuerySet, Window
from django.db.models.functions import Coalesce, DenseRank, RowNumber
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from msgspec import field

from archive.models import Body, Document, Mention, Paragraph, Pinpoint, State
from archive.models.querysets.paragraphs import ParagraphQuerySet
from archive.site.citations.build import unheld_record
from archive.site.citations.forms import panel
from archive.site.http.paging import ListPage, choice_parameter, text_parameter
from archive.site.http.parameters import PLACES
from archive.site.opendata import feeds, tables
from archive.site.presenters.occurrences import (
    ListedParagraph,
    ParagraphCount,
    PlaceFilters,
    Remarks,
    hits,
    in_order,
    occurrences,
)
from archive.site.presenters.reading import Reader
from archive.site.presenters.relations import NONE, choices, relation_name, remark, stored_relation
from archive.site.presenters.symbols import eur_lex_url, year_of
from archive.site.presenters.wording import cited_name, cited_paragraph_name, spoken_symbol
from archive.store.addresses.paths import cited_by_path, paragraph_path, query_string
from archive.store.links.permalinks import find_paragraph, moved_to
from archive.store.links.ranges import as_cited, ends_of, readings
from archive.store.reading import queries as reads
from archive.store.reading.queries import DocumentRow
from archive.store.reading.records import Naming
from archive.store.values import (
    UNSET,
    Counted,
    CountOfKind,
    CountOfYear,
    Schema,
    UnsetType,
    answers,
    as_values,
)
from archive.text.pinpoints.anchors import split_place
from archive.text.symbols.symbol import un_url
from archive.text.typed_places import read_symbol

from .fallback import another_spelling
from .page import as_short_form, page
from .respond import ending, moved, respond


class CitedBy(Schema, frozen=True, kw_only=True):
    """The paragraphs that cite a document, or one paragraph of it (``only`` and ``not_counted`` are absent
    then); ``by_paragraph`` of it, as cited; ``above``: the addresses of what a paragraph is part of, and how
    many paragraphs cite that. ``by_state`` and ``by_body`` are absent where ``only`` is asked; where the
    text is held here, ``un_url`` and ``eur_lex_url`` are.
    """

    symbol: str
    anchor: str | None
    held: bool
    un_url: str | None | UnsetType = UNSET
    eur_lex_url: str | None | UnsetType = UNSET
    only: str | None | UnsetType = UNSET
    not_counted: Naming | UnsetType = UNSET
    cited_filters: CitingFilters
    by_relation: list[CountOfKind]
    by_state: list[Counted] | UnsetType = UNSET
    by_body: list[Counted] | UnsetType = UNSET
    total: ParagraphCount
    by_year: list[CountOfYear]
    by_document: list[Counted]
    by_paragraph: list[Counted]
    above: list[Counted]
    filters: PlaceFilters
    page: ListPage
    paragraphs: list[ListedParagraph]


# Paragraphs that name a document and do not count as citing it: ``?only=`` in the address.
NAMING = {
    "body-names": gettext_lazy("只在机构名称中"),
    "headings": gettext_lazy("在标题中"),
    "uncertain": gettext_lazy("存疑"),
}
WHOSE = {"state": gettext_lazy("国家的话"), "body": gettext_lazy("机构的话")}
AUTHORS_SHOWN = 30


@answers(CitedBy)
@page
def cited_by(request: HttpRequest, symbol: str, anchor: str = "", twin: bool = False) -> HttpResponseBase:
    """Shows ``/…/cited-by`` and ``/…/p/<anchor>/cited-by``: the citing paragraphs (backlinks)."""
    held = reads.find_document(symbol)
    redirect = _elsewhere(request, symbol, anchor, held, twin)
    if redirect:
        return redirect
    name = ""
    if anchor:
        name = _paragraph_name(held, anchor) if held else cited_paragraph_name(anchor)
    return _listing(request, symbol, held, anchor, name, twin)


def cited_pinpoint(request: HttpRequest, symbol: str, anchor: str, twin: bool) -> HttpResponseBase:
    """Answers for a paragraph or range of a document that is not held: its citing paragraphs. Raises Http404
    where the document is unknown, or nobody cites such a number.
    """
    official = as_cited(anchor)
    if not reads.is_cited(symbol) or (official is None and not _is_cited(symbol, anchor)):
        raise Http404(_("本库未藏这份文件，也没有文件引用它的这一段。"))
    if official and official != anchor:
        return moved(request, paragraph_path(symbol, official) + ending(twin))
    name = cited_name(*next(readings(anchor))) if "-" in anchor else cited_name(anchor)
    return _listing(request, symbol, None, anchor, name, twin)


def _listing(
    request: HttpRequest, symbol: str, held: Document | None, anchor: str, name: str, twin: bool
) -> HttpResponseBase:
    at = anchor or None
    only = "" if anchor else choice_parameter(request, "only", NAMING, _("范围"))
    filters = CitingFilters.of(request, symbol, at, only)
    found = occurrences(
        request,
        filters.paragraphs,
        lambda shown: reads.places_of(filters.mentions, shown),
        since=held.year if held else year_of(symbol),
        remarks=lambda shown: citing_remarks(shown, filters.mentions),
    )
    relations = [] if only else filters.relations(found.filters.year, found.filters.document or "")
    whose = [] if only else [("state", found.spread.states()), ("body", found.spread.bodies())]
    elsewhere = {} if anchor else reads.naming_counts(symbol)
    pinpoints = [] if anchor or only else list(Pinpoint.objects.of(symbol).counts())
    above = _cited_above(symbol, anchor) if anchor else []
    context = {
        "symbol": symbol,
        "held": held,
        "anchor": anchor,
        "stands": held is not None and held.paragraphs.filter(anchor=anchor).exists() if anchor else False,
        "paragraph_name": name,
        "name": spoken_symbol(symbol),
        "occurrences": found,
        "base": paragraph_path(symbol, anchor) if "-" in anchor else cited_by_path(symbol, anchor),
        "un_url": None if held else un_url(symbol),
        "only": only,
        "only_words": NAMING.get(only, ""),
        "citing_total": Paragraph.objects.citing(symbol).count() if only else found.total.paragraphs,
        "naming": elsewhere,
        "pinpoints": sorted(pinpoints, key=lambda row: text_order(row["cited"])),
        "above": above,
        "how_cited": panel(unheld_record(request, symbol, anchor, ends_of(anchor)))
        if anchor and not held and as_cited(anchor)
        else None,
        "filters": filters,
        "relations": relations,
        "whose": [(WHOSE[name], _choices(request, name, rows)) for name, rows in whose if rows],
        "kept": filters.query,
    }
    counts: dict[str, Any] = {
        f"by_{name}": [(row["code"], row["paragraphs"]) for row in rows] for name, rows in whose
    }
    called = _("引用%(symbol)s%(name)s的段落") % {"symbol": symbol, "name": name}
    return respond(
        request,
        "archive/cited_by.html",
        context,
        lambda: CitedBy.from_row(
            found,
            symbol=symbol,
            anchor=at,
            held=held is not None,
            un_url=UNSET if held else un_url(symbol),
            eur_lex_url=UNSET if held else eur_lex_url(symbol),
            only=UNSET if anchor else only or None,
            not_counted=UNSET if anchor else Naming(**elsewhere),
            cited_filters=filters,
            by_paragraph=[(row["cited"], row["paragraphs"]) for row in pinpoints],
            above=[(address, count) for _name, address, count in above],
            by_relation=relation_counts(relations),
            **counts,
        ),
        twin,
        table=lambda: tables.occurrences(request, called, found),
        feed=lambda: feeds.occurrences(request, called, found),
    )


def _cited_above(symbol: str, anchor: str) -> list[tuple[str, str, int]]:
    """Returns name, address of the list and count of what cites the paragraphs that ``anchor`` (of a range,
    its first) is an item of, the nearest first, and of what cites the document; a query for each.
    """
    first = next(readings(anchor))[0] if "-" in anchor else anchor
    around, own = split_place(first)
    above = [".".join((*around, *own[:end])) for end in range(len(own) - 1, 0, -1)]
    rows = [*((cited_paragraph_name(one), one) for one in above), (_("这份文件"), "")]
    counts = ((name, one, Paragraph.objects.citing(symbol, one or None).count()) for name, one in rows)
    return [(name, cited_by_path(symbol, one), count) for name, one, count in counts if count]


def _choices(request: HttpRequest, name: str, rows: list[dict]) -> list[dict]:
    """Rows of a facet, each with the address that chooses it, or takes the choice away."""
    asked = {key: value for key, value in request.GET.items() if key not in (name, *PLACES)}
    chosen = request.GET.get(name, "")
    return [
        {
            **row,
            "chosen": row["code"] == chosen,
            "address": query_string(**asked, **({name: row["code"]} if row["code"] != chosen else {})) or "?",
        }
        for row in rows[:AUTHORS_SHOWN]
    ]


def _elsewhere(
    request: HttpRequest, symbol: str, anchor: str, held: Document | None, twin: bool
) -> HttpResponseBase | None:
    """Redirects if symbol or anchor has another address; raises Http404 where nothing is known."""
    tail = ending(twin)
    if held and held.symbol != symbol:
        return moved(request, cited_by_path(held.symbol, anchor) + tail)
    if held is None and not reads.is_cited(symbol):
        if official := another_spelling(symbol):
            return moved(request, cited_by_path(official, anchor) + tail)
        raise Http404(_("没有这份文件。"))
    if held and anchor and not held.paragraphs.filter(anchor=anchor).exists():
        if new := renamed_anchor(held, anchor):
            return moved(request, cited_by_path(symbol, new) + tail)
        if response := as_short_form(request, {"symbol": symbol, "anchor": anchor}):
            return response
        # Cited is also what the text here has no block for: 3(c), where its items run on in one paragraph.
        if not _is_cited(symbol, anchor):
            raise Http404(_("这份文件没有这一段。"))
    return None


def _is_cited(symbol: str, anchor: str) -> bool:
    return Mention.objects.certain().of(symbol).at_paragraph(anchor).exists()


def renamed_anchor(held: Document, anchor: str) -> str | None:
    """Returns the anchor to which ``anchor`` moved, or its lower-case spelling; else None."""
    if new := moved_to(held.symbol, anchor):
        return new
    lower = anchor.lower()
    return lower if lower != anchor and held.paragraphs.filter(anchor=lower).exists() else None


def _paragraph_name(held: Document, anchor: str) -> str:
    paragraph = find_paragraph(held, anchor)
    if paragraph is None:
        return cited_paragraph_name(anchor)
    return Reader(held, [paragraph], reads.ancestors([paragraph])).name_of(paragraph)


# Filters of a cited-by list: how it is cited, together with what, by whom speaking.


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
            with_=read_symbol(together) or together or None,
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
                mentions = Mention.objects.registry().filter(certain=False)
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
