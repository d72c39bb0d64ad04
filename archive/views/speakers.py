"""Speakers of meeting records: persons with their delegation and capacity, and each turn of speech."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from django.db.models import Count, F, Max
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from msgspec import field

from archive.http.addresses import body_path, speaker_path, state_path
from archive.http.paging import ListPage, choice_parameter, paginate, text_parameter
from archive.models import Paragraph, State
from archive.models.querysets import ParagraphQuerySet
from archive.opendata import feeds, tables
from archive.opendata.tables import Table
from archive.presenters.occurrences import Occurrences, Remarks, occurrences
from archive.text.folding import pinyin_order
from archive.values import Schema, answers

from .page import page
from .respond import respond
from .states import has_name, names_of


class SpeakerLine(Schema, frozen=True, kw_only=True):
    """A person who speaks in records of meetings, for a delegation or, where none is printed, an organ."""

    url: str
    name: str
    delegation: str | None
    organ: str | None
    capacity: str | None
    status: str | None
    state: str | None
    body: str | None
    turns: int
    paragraphs: int
    documents: int

    name_alone: ClassVar[str]
    whence: ClassVar[str]
    whence_url: ClassVar[str]
    status_name: ClassVar[str]


class Speakers(Schema, frozen=True, kw_only=True):
    """All who speak in records of meetings."""

    page: ListPage
    speakers: list[SpeakerLine]


class SpeakerAnswer(SpeakerLine, frozen=True, kw_only=True):
    """A person who speaks, in which capacities (``as``), and every turn."""

    as_: list[str] = field(name="as")
    turns_listed: Occurrences


PER_PAGE = 200
# More turns than any record has: they are counted in each from 1, so two records' turns are told apart by it.
MOST_TURNS = 1_000_000
SORTS = {"turns": gettext_lazy("发言多少"), "name": gettext_lazy("姓名"), "whence": gettext_lazy("代表团")}
STATUSES = {
    "member": gettext_lazy("成员"),
    "observer": gettext_lazy("观察员"),
    "expert": gettext_lazy("专家"),
    "secretariat": gettext_lazy("秘书处"),
    "chair": gettext_lazy("主席"),
}


@answers(Speakers)
@page
def speaker_list(request: HttpRequest, twin: bool | str = False) -> HttpResponseBase:
    """Shows ``/speakers``; ``?q=`` a part of a name or capacity, or of any name of the State spoken for."""
    q = text_parameter(request, "q")
    sort = choice_parameter(request, "sort", SORTS, _("排序方式")) or "turns"
    key = _order(sort)
    rows = sorted(_of_name(_speakers(Paragraph.objects.all()), q), key=key)
    listing = paginate(request, rows, PER_PAGE, key=key)
    return respond(
        request,
        "archive/speaker_list.html",
        {"listing": listing, "speakers": listing.items, "q": q, "sort": sort, "sorts": list(SORTS.items())},
        lambda: Speakers(page=listing, speakers=list(listing.items)),
        twin,
        table=lambda: _table(request, rows),
    )


@answers(SpeakerAnswer)
@page
def speaker(request: HttpRequest, who: str, twin: bool | str = False) -> HttpResponseBase:
    """Shows ``/speakers/Sison(美利坚合众国)``: the turns of one person for one delegation, each once."""
    name, _bracket, rest = who.partition("(")
    spoken = Paragraph.objects.by_speaker(name, rest.removesuffix(")"))
    rows = _speakers(spoken)
    if not rest.endswith(")") or not rows:
        raise Http404(_("会议记录中没有这位发言人。"))
    (found,) = rows
    capacities = _capacities(spoken)
    turns = occurrences(request, spoken.opening_turns(), lambda shown: {}, remarks=_lengths)
    called = _("%(name)s的发言") % {"name": found.name}
    return respond(
        request,
        "archive/speaker.html",
        {"speaker": found, "capacities": capacities, "occurrences": turns},
        lambda: SpeakerAnswer.from_row(found, as_=capacities, turns_listed=turns),
        twin,
        table=lambda: tables.occurrences(request, called, turns),
        feed=lambda: feeds.occurrences(request, called, turns),
    )


def _speakers(rows: ParagraphQuerySet) -> list[SpeakerLine]:
    """Persons by name and delegation, or the organ where none is printed; two queries.

    To work out the organ for each paragraph costs more than all the counting, so those whose delegation is
    printed are counted apart, from an index. A name that is printed with the organ as its delegation, and
    elsewhere with none, is counted once more, in both at once.
    """
    printed = _counted(rows.exclude(speaker_delegation="").with_whence(F("speaker_delegation")))
    others = _counted(rows.filter(speaker_delegation="").with_whence())
    for both in printed.keys() & others.keys():
        printed |= _counted(rows.by_speaker(*both))
    return [_line(row) for row in {**others, **printed}.values()]


def _counted(spoken: ParagraphQuerySet) -> dict[tuple[str, str], dict]:
    counted = (
        # The plugin does not see what ``with_whence`` annotates.
        spoken.order_by()  # type: ignore[misc]
        .values("speaker_name", "whence")
        .annotate(
            honorific=Max("speaker_honorific"),
            printed=Max("speaker_delegation"),
            capacity=Max("speaker_capacity"),
            status=Max("speaker_status"),
            alpha3=Max("state__alpha3"),
            slug=Max("body__slug"),
            paragraphs=Count("document"),  # as many as keys; the index has it on PostgreSQL, too
            turns=Count(F("document") * MOST_TURNS + F("turn"), distinct=True),
            documents=Count("document", distinct=True),
        )
    )
    return {(row["speaker_name"], row["whence"]): row for row in counted}


def _line(row: dict) -> SpeakerLine:
    state, body, whence = row["alpha3"], row["slug"], row["whence"]
    return SpeakerLine.from_row(
        row,
        url=speaker_path(row["speaker_name"], whence),
        name=row["speaker_name"] + row["honorific"],
        delegation=row["printed"] or None,
        organ=None if row["printed"] else whence,
        state=state,
        body=body,
    ).carrying(
        name_alone=row["speaker_name"],
        whence=whence,
        status_name=str(STATUSES.get(row["status"], "")),
        whence_url=state_path(state) if state else body_path(body) if body else "",
    )


def _capacities(spoken: ParagraphQuerySet) -> list[str]:
    """Returns every capacity in which the person speaks, as printed."""
    rows = spoken.exclude(speaker_capacity="").order_by("speaker_capacity")
    return list(rows.values_list("speaker_capacity", flat=True).distinct())


def _lengths(shown: Sequence[Paragraph]) -> dict[int, Remarks]:
    """Words the length of each turn: 第2次发言，共3段. One query for all."""
    turns = {(paragraph.document_id, paragraph.turn): paragraph for paragraph in shown}
    rows = (
        Paragraph.objects.filter(
            document__in={paragraph.document_id for paragraph in shown},
            turn__in={paragraph.turn for paragraph in shown},
        )
        .order_by()
        .values_list("document", "turn")
        .annotate(Count("pk"))
    )
    lengths = {(document, turn): count for document, turn, count in rows}
    return {
        paragraph.pk: Remarks(
            (_("第%(turn)s次发言，共%(count)s段") % {"turn": turn, "count": lengths[key, turn]},)
        )
        for (key, turn), paragraph in turns.items()
    }


def _of_name(rows: Sequence[SpeakerLine], asked: str) -> Sequence[SpeakerLine]:
    if not asked:
        return rows
    states = {state.alpha3: names_of(state) for state in State.objects.all()}
    return [
        row
        for row in rows
        if has_name((row.name, row.capacity or "", row.whence, *states.get(row.state or "", ())), asked)
    ]


def _order(sort: str):
    """Returns a sorting key that can be written down."""

    def pinyin(text: str) -> str:
        return pinyin_order(text).decode("latin-1")

    return {
        "turns": lambda row: (-row.turns, pinyin(row.name), row.whence),
        "name": lambda row: (pinyin(row.name), row.whence),
        "whence": lambda row: (pinyin(row.whence), pinyin(row.name)),
    }[sort]


def _table(request: HttpRequest, rows: Iterable[SpeakerLine]) -> Table:
    head = [
        _("发言人"),
        _("代表团或机关"),
        _("职能"),
        _("身份"),
        _("发言次数"),
        _("段落"),
        _("文件"),
        _("网址"),
    ]
    lines = (
        (
            row.name,
            row.whence,
            row.capacity,
            row.status_name,
            row.turns,
            row.paragraphs,
            row.documents,
            request.build_absolute_uri(row.url),
        )
        for row in rows
    )
    return Table(_("发言人"), head, lines)
