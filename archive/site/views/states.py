"""States, and speakers of meeting records: what the archive holds of each, with no verdict of any kind."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, ClassVar, TypeVar
from urllib.parse import quote

from django.db.models import Count, F, Max
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from msgspec import field

from archive import models
from archive.models import Document, Paragraph, StateMention, Theme, ThemeMention
from archive.models.querysets.paragraphs import WHOLE, ParagraphQuerySet
from archive.site.http.paging import ListPage, choice_parameter, paginate, text_parameter
from archive.site.opendata import feeds, tables
from archive.site.opendata.tables import Table
from archive.site.presenters.occurrences import Occurrences, Remarks, occurrences
from archive.site.presenters.wording import name_order, person_in_words, reference_words, spoken_symbol
from archive.store.addresses.paths import body_path, speaker_path, state_path
from archive.store.reading import queries as reads
from archive.store.reading.records import DocumentLine, StateLine
from archive.store.summaries import Subject, with_figures
from archive.store.values import CountOfKind, Schema, answers, as_values
from archive.text.folding import fold_words
from archive.text.typed_places import read_symbol

from .page import page
from .respond import respond


class States(Schema, frozen=True, kw_only=True):
    """All States."""

    states: list[StateLine]


# A State's paragraphs: said, written, transmitted, or where others name it; and of what they speak.

# What the address says → what is listed, and what the list is called.
KINDS = {
    "own": gettext_lazy("发言和书面意见"),
    "said": gettext_lazy("发言"),
    "written": gettext_lazy("答复和来文"),
    "transmitted": gettext_lazy("转递的文字"),
    "mentioned": gettext_lazy("他人提及"),
}
# What no State speaks in: a year of which these alone are held says nothing of a State.
_TYPES = models.Document.Type
SILENT = (_TYPES.RESOLUTION, _TYPES.DECISION, _TYPES.PRESIDENTIAL_STATEMENT)


class StateFilters(Schema, frozen=True, kw_only=True):
    """The filters of a State's paragraphs."""

    kind: str
    cites: str | None  # a canonical symbol
    paragraph: str | None  # a part of it; ``WHOLE``: no part is named
    theme: str | None

    state: ClassVar[models.State]
    of_theme: ClassVar[Theme | None]

    @classmethod
    def of(cls, request: HttpRequest, state: models.State) -> StateFilters:
        """Reads the address of a State's page. Raises BadRequestError."""
        themes = {theme.slug: theme for theme in Theme.objects.all()}
        cites = text_parameter(request, "cites")
        theme = themes.get(choice_parameter(request, "theme", themes, _("主题")))
        return cls(
            kind=choice_parameter(request, "kind", KINDS, _("类别")) or "own",
            cites=read_symbol(cites) or cites or None,
            paragraph=text_parameter(request, "paragraph") or None,
            theme=theme.slug if theme else None,
        ).carrying(state=state, of_theme=theme)

    @property
    def paragraphs(self) -> ParagraphQuerySet:
        rows = self._narrowed
        return (
            rows.naming_state(self.state) if self.kind == "mentioned" else rows.of_kind(self.kind, self.state)
        )

    @property
    def _narrowed(self) -> ParagraphQuerySet:
        """The paragraphs on the subject of the filters, by any author."""
        rows = Paragraph.objects.all()
        if self.cites:
            rows = rows.citing_as_such(self.cites, self.paragraph or "")
        return rows.of_theme(self.of_theme) if self.of_theme else rows

    def places(self, shown: Sequence[Paragraph]) -> dict:
        """Returns, by paragraph, the spans for which it is listed."""
        if self.cites:
            return reads.mention_places(shown, self.cites)
        if self.of_theme:
            return reads.places_of(ThemeMention.objects.filter(theme=self.of_theme), shown)
        if self.kind != "mentioned":
            return {}
        return reads.places_of(StateMention.objects.filter(state=self.state), shown)

    @property
    def counts(self) -> list[dict]:
        """For each kind its name and how many paragraphs of how many documents, as far as narrowed."""
        rows = self._narrowed
        others = rows.naming_state(self.state).order_by()
        named = others.aggregate(paragraphs=Count("pk"), documents=Count("document", distinct=True))
        figures = rows.count_kinds(self.state) | {"mentioned": (named["paragraphs"], named["documents"])}
        return kind_rows(KINDS, figures)

    @property
    def name(self) -> str:
        return str(KINDS[self.kind])

    @property
    def chips(self) -> list[tuple[str, str]]:
        """Parameter and words of each filter in force, for taking it away."""
        chips = []
        if self.cites and self.paragraph == WHOLE:
            words = _("引用%(name)s而未指明段次")
            chips.append(("paragraph", words % {"name": spoken_symbol(self.cites)}))
        elif self.cites and self.paragraph:
            words = _("引用%(name)s第%(paragraph)s段")
            chips.append(
                ("paragraph", words % {"name": spoken_symbol(self.cites), "paragraph": self.paragraph})
            )
        elif self.cites:
            chips.append(("cites", _("引用%(name)s") % {"name": spoken_symbol(self.cites)}))
        if self.of_theme:
            chips.append(("theme", _("主题：%(name)s") % {"name": reference_words(self.of_theme.name)}))
        return chips

    @property
    def query(self) -> str:
        """The filters as part of a query string."""
        given = {name: value for name, value in as_values(self).items() if value}
        if given.get("kind") == "own":
            del given["kind"]
        return "&".join(f"{name}={quote(value, safe='/()')}" for name, value in given.items())


class State(StateLine, frozen=True, kw_only=True):
    """A State: what it says, writes and passes on, and who names it."""

    sent_documents: list[DocumentLine]
    kinds: list[CountOfKind]
    state_filters: StateFilters
    listed: Occurrences


@answers(States)
@page
def state_list(request: HttpRequest, twin: bool = False) -> HttpResponseBase:
    """Shows all States by pinyin; ``?q=`` a part of any name of theirs, or of their code."""
    q = text_parameter(request, "q")
    states = sorted(
        of_name(with_figures(models.State.objects.all(), Subject.STATE), q),
        key=name_order,
    )
    held = [state for state in states if state.document_count]
    return respond(
        request,
        "archive/state_list.html",
        {"held": held, "others": [state for state in states if not state.document_count], "q": q},
        lambda: States(states=[StateLine.of(state) for state in states]),
        twin,
        table=lambda: tables.states(request, states),
    )


@answers(State)
@page
def state(request: HttpRequest, alpha3: str, twin: bool = False) -> HttpResponseBase:
    found = next(iter(with_figures(models.State.objects.filter(alpha3=alpha3), Subject.STATE)), None)
    if found is None:
        raise Http404(_("没有这个国家代码。"))
    filters = StateFilters.of(request, found)
    silent = () if filters.kind == "mentioned" else SILENT
    listed = occurrences(request, filters.paragraphs, filters.places, silent=silent)
    sent = Document.objects.count_for(list(Document.objects.filter(state=found).newest_first()))
    counts = filters.counts
    called = _("%(name)s：%(kind)s") % {"name": found.name, "kind": filters.name}
    return respond(
        request,
        "archive/state.html",
        {
            "state": found,
            "occurrences": listed,
            "sent": sent,
            "filters": filters,
            "counts": counts,
            "any": any(row["paragraphs"] for row in counts),
            "kept": filters.query,
        },
        lambda: State.of(
            found,
            sent_documents=[DocumentLine.of(document) for document in sent],
            kinds=[(row["code"], row["paragraphs"], row["documents"]) for row in counts],
            state_filters=filters,
            listed=listed,
        ),
        twin,
        table=lambda: tables.occurrences(request, called, listed),
        feed=lambda: feeds.occurrences(request, called, listed),
    )


def kind_rows(kinds: Mapping[str, Any], figures: Mapping[str, tuple[int, int]]) -> list[dict]:
    """Returns the counted kinds in order, as rows ``{"code", "name", "paragraphs", "documents"}``."""
    return [
        {"code": code, "name": name, "paragraphs": figures[code][0], "documents": figures[code][1]}
        for code, name in kinds.items()
        if code in figures
    ]


# ``?q=`` in lists of what has several names: a part of any of them, in whatever script, accents or case.

Named = TypeVar("Named", models.Body, models.State, models.Treaty)
ONE = {
    models.Body: ("name", "slug", "english", "acronym"),
    models.State: ("name", "official_name", "english", "alpha3", "alpha2"),
    models.Treaty: ("name", "slug", "english", "acronym"),
}
SEVERAL = {
    models.Body: ("aliases", "contextual_aliases", "traditional"),
    models.State: ("aliases",),
    models.Treaty: ("aliases",),
}
APOSTROPHES = str.maketrans("‘’ʼ`", "''''")


def of_name(rows: Iterable[Named], asked: str) -> list[Named]:
    """Filters ``rows``, keeping their order, by names that contain ``asked``; all where it is empty."""
    return [row for row in rows if has_name(names_of(row), asked)]


def has_name(names: Iterable[str], asked: str) -> bool:
    """Returns True if one of ``names`` contains ``asked``."""
    key = _key(asked)
    return any(key in _key(name) for name in names)


def names_of(row: models.Body | models.State | models.Treaty) -> list[str]:
    """Returns all names that it is known by, the one that is shown first."""
    names = [getattr(row, field) for field in ONE[type(row)]]
    return names + [name for field in SEVERAL[type(row)] for name in getattr(row, field)]


@lru_cache(maxsize=1 << 14)
def _key(name: str) -> str:
    """Returns ``name`` as it is compared: as word search folds it, without white space and accents."""
    letters = unicodedata.normalize("NFD", "".join(fold_words(name).split()).translate(APOSTROPHES))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


# Speakers of meeting records: persons with their delegation and capacity, and each turn of speech.


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
    """Counts persons by name and delegation, or the organ where none is printed; two queries.

    Working out the organ costs more than all the counting, so those with a printed delegation are counted
    apart. Who is printed with the organ as delegation, and elsewhere with none, is counted once more in both.
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
        name=person_in_words(row["speaker_name"], row["honorific"]),
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
    states = {state.alpha3: names_of(state) for state in models.State.objects.all()}
    return [
        row
        for row in rows
        if has_name((row.name, row.capacity or "", row.whence, *states.get(row.state or "", ())), asked)
    ]


def _order(sort: str):
    """Returns a sorting key that can be written down."""
    return {
        "turns": lambda row: (-row.turns, name_order(row.name_alone), row.whence),
        "name": lambda row: (name_order(row.name_alone), row.whence),
        "whence": lambda row: (name_order(row.whence), name_order(row.name_alone)),
    }[sort]


def _table(request: HttpRequest, rows: Iterable[SpeakerLine]) -> Table:
    columns: tables.Columns = {
        _("发言人"): "name",
        _("代表团或机关"): "whence",
        _("职能"): "capacity",
        _("身份"): "status_name",
        _("发言次数"): "turns",
        _("段落"): "paragraphs",
        _("文件"): "documents",
        _("网址"): lambda row: request.build_absolute_uri(row.url),
    }
    return Table.of(_("发言人"), columns, rows)
