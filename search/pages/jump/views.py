"""``/go``: to the one place that was named, a choice between several, or what was understood."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import ClassVar, Self
from urllib.parse import unquote

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from archive.models import Document, Mention, Resolution
from archive.site.http.parameters import LONGEST_NAME
from archive.site.presenters.symbols import Part, nearest, read_aloud
from archive.site.presenters.wording import label_of_place
from archive.site.views.fallback import path_of_link
from archive.site.views.numbering import Numbering, numbering
from archive.site.views.respond import json_response
from archive.store.addresses.paths import document_path, query_string
from archive.store.links.ranges import path_of_place, standing_places
from archive.store.reading import queries as reads
from archive.store.values import Schema, answers
from archive.text.folding import fold_words
from archive.text.pinpoints.value import split_pinpoint
from archive.text.typed_places import TypedPlace, places_at, read_job_number
from search.engine.index.generations import IndexUnavailableError
from search.engine.live.index import live_index
from search.pages.http.addresses import search_address
from search.query.entities.dates import date_range, in_chinese
from search.query.entities.names import Entity, Kind, NameTable, name_table
from search.query.entities.recognise import read_whole
from search.query.entities.snapshot import current_names
from search.query.planning.names import type_codes
from search.query.text.folding import name_key

from .name_lookup import Destination, named_targets, similar


class Destinations(Schema, frozen=True, kw_only=True):
    """The typed text, its interpretation (``parts``: piece and meaning), and the pages it leads to."""

    typed: str
    understood: str | None
    parts: list[tuple[str, str]]
    targets: list[Destination]
    nearest: list[Destination]
    search: str
    absent: str | None  # what the archive lacks of it, in a sentence

    reading: ClassVar[Sequence[Part]]  # a symbol part by part
    numbering: ClassVar[Sequence[Numbering] | None]  # the paragraphs that there are, where one is not there

    @classmethod
    def of(
        cls,
        typed: str,
        targets: Iterable[Destination] = (),
        nearest: Iterable[Destination] = (),
        understood: str = "",
        absent: str = "",
        reading: Sequence[Part] = (),
    ) -> Self:
        return cls(
            typed=typed,
            understood=understood or None,
            parts=[(part.text, str(part.meaning)) for part in reading],
            targets=list(targets),
            nearest=list(nearest),
            search=search_address(typed),
            absent=absent or None,
        ).carrying(reading=reading, numbering=None)

    @property
    def status(self) -> int:
        return 404 if self.typed and not self.targets else 200


@answers(Destinations)
@csrf_exempt
@require_safe
@cache_control(no_cache=True)
def page(request: HttpRequest, twin: bool = False) -> HttpResponse:
    """Redirects (302) to the one place named; else a choice (200), or 404 where nothing is named."""
    found = find_destinations(request.GET.get("q", ""))
    if twin:
        return json_response(found, found.status)
    if len(found.targets) == 1:
        return HttpResponseRedirect(found.targets[0].url)
    context = {"found": found, "twin": f"{reverse('go_json')}?{found.search.partition('?')[2]}"}
    return render(request, "search/go.html", context, status=found.status)


# Going straight there: what was typed, read as the name of documents, paragraphs, States, bodies, years. One
# target is a place to go to, several are a choice; where there is none, what stands nearest is named.

MOST = 30
MOST_LISTED = 10
YEAR_AND_KIND = re.compile(r"(?:([12]\d{3})年?的?)?(\D{1,12})?")
OF_A_DAY = re.compile(r"(?<=[日\d])的?(?:会议|文件|信|记录)$")
SYMBOL_ENDS = re.compile(r"(?<=[\w)])(?=[^\w]|[^\x00-\x7f]|$)|(?<=[^\x00-\x7f])(?=\w)")
ANY_KIND = "文件"
LONGEST_SYMBOL = 60  # characters, 安全理事会第1540(2004)号决议 among them


def find_destinations(typed: str) -> Destinations:
    """Resolves ``typed`` to the pages it may lead to. Issues at most a fixed number of queries."""
    text = typed.replace("\x00", "").strip()[:LONGEST_NAME]
    if not text:
        return Destinations.of(text)
    if path := path_of_link(text):
        link = Destination.of(unquote(path), path, _("链接"))
        return Destinations.of(text, (link,), understood=unquote(path))
    if job := read_job_number(text):
        return _of_job(text, job)
    table = known_names()
    read = read_whole(text, table)
    if places := [one.place for one in read if one.kind is Kind.SYMBOL]:
        return _of_places(text, places)
    if targets := _of_name(text, table):
        return Destinations.of(text, targets)
    for one in read:
        if one.kind is Kind.MEETING:
            return _absent_meeting(text, one, table)
    begun = _begun(text, table)
    return Destinations.of(text, nearest=tuple(dict.fromkeys((*begun, *similar(text, table)))))


def _absent_meeting(text: str, entity: Entity, table: NameTable) -> Destinations:
    """Returns a meeting without a record; suggests the resolutions that the Council adopted there."""
    note = _("安理会%(meeting)s通过") % {"meeting": entity.label}
    near = (
        Destination.of(one, document_path(one), _("决议"), note) for one in table.adopted_at(int(entity.key))
    )
    absent = _("本库没有它的记录，也没有文件引用它的记录。")
    return Destinations.of(text, (), tuple(near), entity.label, absent)


def known_names() -> NameTable:
    """Returns the table of all names: of the database, with the pinyin that the index was given."""
    try:
        pinyin = live_index().manifest.names.get("pinyin", {})
    except IndexUnavailableError:
        pinyin = {}
    return name_table(current_names() | {"pinyin": pinyin})


def _of_name(text: str, table: NameTable) -> Sequence[Destination]:
    """Resolves a name that is no plain symbol; with a pinpoint, to a paragraph of the one document."""
    name, pinpoint = split_pinpoint(text)
    if (targets := _of_whole_name(text, table)) or not pinpoint:
        return targets
    named = _of_whole_name(name, table)
    documents = [target.label for target in named if target.url == document_path(target.label)]
    if len(documents) != 1:
        return ()
    return _of_places(text, places_at(documents[0], pinpoint)).targets


def _of_whole_name(text: str, table: NameTable) -> tuple[Destination, ...]:
    read = read_whole(OF_A_DAY.sub("", text), table)
    # S_2010_52, CD2118, SR.74第14段
    places = (one.place for one in read if one.kind is Kind.SYMBOL)
    return tuple(
        dict.fromkeys(
            [
                *(target for place in places for target in _of_symbol(text, place).targets),
                *named_targets(read, table),
                *_documents_of_kind(text),
                *(target for one in read if one.kind is Kind.DATE for target in _of_day(one.key)),
            ]
        )
        or _titled(text)
    )


def _begun(text: str, table: NameTable) -> list[Destination]:
    """Returns the document with whose symbol ``text`` begins, whatever it says behind: A/74/140第二节古巴."""
    plain = fold_words(text)
    for end in [found.end() for found in SYMBOL_ENDS.finditer(plain[:LONGEST_SYMBOL])][::-1]:
        if known := _known_symbol(plain[:end], table):
            return list(_of_symbol(text, TypedPlace(known)).targets)
    return []


def _known_symbol(text: str, table: NameTable) -> str:
    """Returns the symbol that ``text`` writes, if the archive knows it."""
    known = {one.symbol for one in table.symbols.read(text)} & table.symbols.symbols.keys()
    return known.pop() if len(known) == 1 else ""


def _of_job(text: str, number: str) -> Destinations:
    """Returns the documents that were issued under a job number, or says what it is."""
    issued = [_document(held) for held in Document.objects.filter(job_number=number)[:MOST]]
    absent = _("这是联合国印发文件的工作号，不是文号；本库所藏文件没有这个工作号。")
    return Destinations.of(text, issued, understood=_("工作号%(number)s") % {"number": number}, absent=absent)


# --- symbols and paragraphs ---


def _of_places(text: str, places: Sequence[TypedPlace]) -> Destinations:
    """Returns all places that were named, at most ``MOST_LISTED`` of them looked up."""
    found = [_of_symbol(text, place) for place in places[:MOST_LISTED]]
    targets = tuple(dict.fromkeys(target for each in found for target in each.targets))
    understood = _("、").join(str(each.understood) for each in found)
    first = found[0]
    near = () if targets else first.nearest
    whole = Destinations.of(text, targets, near, understood, first.absent or "", first.reading)
    return whole if targets else whole.carrying(numbering=first.numbering)


def _of_symbol(text: str, place: TypedPlace) -> Destinations:
    label = label_of_place(place)
    held = Document.objects.find(place.symbol)
    if held is None:
        return _not_in_archive(text, place, label)
    if not place.anchor:
        return Destinations.of(text, (_document(held),), understood=label)
    targets = [_paragraph(held, one) for one in standing_places(held, place)]
    found = Destinations.of(
        text, targets, () if targets else (_document(held),), label, _("这份文件没有这一段。")
    )
    return found if targets else found.carrying(numbering=numbering(held))


def _not_in_archive(text: str, place: TypedPlace, label: str) -> Destinations:
    """Resolves a symbol that is not stored: its page if cited or withdrawn; else similar symbols."""
    if reads.standing_retirement(place.symbol):
        retired = path_of_place(replace(place, last=""))
        target = Destination.of(label, retired, _("已撤下或并入他处"))
        return Destinations.of(text, (target,), understood=label)
    known = (
        Resolution.objects.filter(symbol=place.symbol).exists()
        or Mention.objects.certain().filter(symbol=place.symbol).exists()
    )
    if known:
        target = Destination.of(label, path_of_place(place), _("未藏，可看谁引用了它"))
        return Destinations.of(text, (target,), understood=label)
    near = nearest(place.symbol, reads.known_symbols())
    like = {one: Destination.of(one, document_path(one), _("未藏，可看谁引用了它")) for one in near}
    like |= {held.symbol: _document(held) for held in Document.objects.filter(symbol__in=near)}
    absent = _("本库没有它，也没有文件提到它。")
    return Destinations.of(text, (), like.values(), label, absent, tuple(read_aloud(place.symbol)))


def _paragraph(held: Document, place: TypedPlace) -> Destination:
    return Destination.of(label_of_place(place), path_of_place(place), _("段落"), held.title)


def _document(document: Document) -> Destination:
    return Destination.of(document.symbol, document_path(document.symbol), _("文件"), document.title)


# --- years and kinds of documents ---


def _documents_of_kind(text: str) -> list[Destination]:
    """Resolves documents by year and kind: 2016年简要记录, 简要记录, 2016年文件, 2016年."""
    found = YEAR_AND_KIND.fullmatch(name_key(text))
    if not found or not any(found.groups()):
        return []
    year, kind = found.groups()
    kinds = {name: code for name, code in type_codes().items() if not name.isascii()}
    codes = [kinds[kind]] if kind in kinds and not (year and kind == ANY_KIND) else []
    if kind and not codes and not (year and kind == ANY_KIND):
        return []
    rows = Document.objects.newest_first()
    rows = rows.of_type(codes[0]) if codes else rows
    rows = rows.in_year(int(year)) if year else rows
    documents = list(rows[: MOST + 1])
    if not kind and documents:
        return [
            Destination.of(_("%(year)s年") % {"year": year}, reverse("year", args=[int(year)]), _("年份"))
        ]
    listed = [_document(held) for held in documents[: MOST - 1]]
    if len(documents) >= MOST:  # more than a choice should be
        address = reverse("documents") + query_string(type=codes[0] if codes else "", year=year or "")
        listed.append(Destination.of(_("全部列出"), address, _("文件")))
    return listed


def _of_day(iso: str) -> list[Destination]:
    """Returns the documents dated to a day or month; if there are none, the search for the date."""
    fields = ("date", "communication_date", "meeting_date")
    dated = [Q(**{f"{name}__range": date_range(iso)}) for name in fields]
    rows = Document.objects.filter(dated[0] | dated[1] | dated[2]).newest_first()[:MOST]
    if not rows:
        day, note = in_chinese(iso), _("本库没有这一天的文件，可看哪些段落提到它")
        return [Destination.of(day, search_address(day), _("日期"), note)]
    return [_document(held) for held in rows]


def _titled(text: str) -> list[Destination]:
    """Returns the documents whose title contains what was typed."""
    if len(text) < 4:
        return []
    documents = list(Document.objects.filter(title__icontains=text).newest_first()[:MOST])
    return [_document(document) for document in documents]
