"""A report as the page shows it: the draft line by line with marks, and beside each line what was found."""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from msgspec import structs

from archive.site.http.languages import counted
from archive.site.presenters.linked_text import Mark, Span, link_text
from archive.site.presenters.wording import date_in_words, moment_in_words, recognized_in_words, with_mark
from archive.store.addresses.paths import document_path, paragraph_path
from archive.text.folding import fold_literally

from .check import MOST_FINDINGS
from .footnotes import CheckedFootnote
from .origins import CheckedOrigins, FirstPlace
from .report import (
    DISAGREEING,
    ELSEWHERE,
    CheckedCitation,
    CheckedQuotation,
    Match,
    Report,
    Status,
    Verdict,
)

STANDINGS: Mapping[str, Promise] = {
    Status.HELD: _("本库藏有"),
    Status.MOVED: _("段次已变"),
    Status.NO_SUCH_PARAGRAPH: _("没有这一段"),
    Status.NOT_HELD: _("本库未藏其文本"),
    Status.WITHDRAWN: _("已不在库"),
    Status.UNKNOWN: _("本库不知道这个文号"),
    Status.AMBIGUOUS: _("所指不止一处"),
    Status.NO_DOCUMENT: _("不知指哪份文件"),
    Status.NOT_UNDERSTOOD: _("没有读懂"),
}
VERDICTS: Mapping[str, Promise] = {
    Verdict.EXACT: _("一字不差"),
    Verdict.NOT_COVERED: _("还没有对照到"),
    Verdict.DIFFERS: _("有出入"),
    Verdict.WRONG_PLACE: _("文字不差，出处不对"),
    Verdict.NOT_FOUND: _("本库没有"),
    Verdict.CANNOT_BE_CHECKED: _("无从核对"),
}
LIBERTIES = {
    "ending": _("末尾标点除外"),
    "omission": _("省略号处有删节，其余依次相同"),
    "form": _("字形与原文有别：全角半角、大小写或引号的样式"),
    "script": _("字体与原文有别：只是繁简之别"),
    "script-ending": _("字体与原文有别，末尾标点除外"),
    "script-omission": _("字体与原文有别；省略号处有删节，其余依次相同"),
}
UNQUOTED = _("与本库文字相同，未加引号")
OTHER_SPEAKER = _("发言者不符")
GUESSED = _("所指据上文推断")
ORDER: Mapping[str, int] = {standing: place for place, standing in enumerate(Status)}
FINE = (Status.HELD, Status.NOT_HELD)
NOT_WRONG = (Verdict.EXACT, Verdict.CANNOT_BE_CHECKED)
PLACES_SHOWN = 3
UNPAIRED_SHOWN = 10


@dataclass(slots=True)
class Finding:
    """A numbered finding; ``also`` counts the repetitions of it."""

    number: int
    found: CheckedCitation | CheckedQuotation
    label: str | Promise
    css: str
    wrong: bool
    also: int = 0
    beside: CheckedCitation | None = None

    @property
    def is_citation(self) -> bool:
        return isinstance(self.found, CheckedCitation)

    @property
    def words(self) -> str:
        """The words without the punctuation around them."""
        return self.found.surface.strip("，。、；：！？,.;:!? \n")

    @property
    def liberty(self) -> str | Promise:
        return LIBERTIES.get(getattr(self.found, "liberty", None) or "", "")

    @property
    def places(self) -> Sequence:
        return self.found.places[:PLACES_SHOWN] if isinstance(self.found, CheckedQuotation) else ()

    @property
    def more(self) -> int:
        return max(0, self.found.paragraphs - PLACES_SHOWN) if isinstance(self.found, CheckedQuotation) else 0

    @property
    def percent(self) -> int:
        """The similarity of the nearest text in percent: never 100, which would be the same."""
        nearest = self.found.nearest if isinstance(self.found, CheckedQuotation) else None
        return min(99, int(100 * nearest.similarity)) if nearest else 0


def result_context(
    report: Report, notes: Sequence[CheckedFootnote], origins: CheckedOrigins
) -> dict[str, Any]:
    """Returns the context of the page that shows ``report``: its findings numbered in the order of the draft,
    a repeated one with the number of its first occurrence; and the draft coloured by ``origins``.
    """
    starts = _line_starts(report.text)
    numbered: dict[tuple, Finding] = {}
    by_line: dict[int, list[Finding]] = defaultdict(list)
    spans: list[Span] = []
    marks: list[Mark] = []
    for found in _shown(report):
        key = _sameness(found)
        if key in numbered:
            numbered[key].also += 1
        else:
            numbered[key] = _finding(len(numbered) + 1, found, report.citations)
            by_line[bisect_right(starts, found.start) - 1].append(numbered[key])
        number, href = str(numbered[key].number), f"#f{numbered[key].number}"
        spans.append(Span(found.start, found.end, href, numbered[key].css))
        marks.append(Mark(found.end, href, number, str(_("结果%(number)s") % {"number": number})))
    lines = _lines(report.text, spans, marks, by_line)
    return _summary(report, numbered.values()) | {
        "lines": [(line, by_line[number]) for number, line in lines],
        "terms": _terms(one for one in report.quotations if one.term),
        "formulas": _terms(one for one in report.quotations if one.formula and not one.term),
        "footnotes": notes,
        "all_notes": "\n".join(f"{note.number}. {note.un}{_doubt(note)}" for note in notes),
        "all_links": "\n".join(f"{note.number}. {note.un_with_link}{_doubt(note)}" for note in notes),
        "all_gbt": "\n".join(f"[{note.number}] {note.gbt7714}{_doubt(note)}" for note in notes),
        "origins": origins,
        "coloured": _coloured(report.text[: origins.to], origins),
    }


def comments_on(report: Report, notes: Sequence[CheckedFootnote]) -> list[tuple[int, int, str]]:
    """Returns the comments on a draft as ``(start, end, html)``: a summary at its beginning, and one on
    each finding.
    """
    by_number = {note.number: note for note in notes}
    told = [
        (_finding(number, structs.replace(found, footnotes=[]), report.citations), found.footnotes)
        for number, found in enumerate(_shown(report), 1)
    ]
    summary = counted(
        render_to_string("search/_check_summary.html", _summary(report, [one for one, _notes in told]))
    )
    comments: list[tuple[int, int, str]] = [(0, 1, summary)]
    for one, numbers in told:
        context = {"one": one, "report": report, "notes": [by_number[number] for number in numbers]}
        html = counted(render_to_string("search/_check_comment.html", context))
        comments.append((one.found.start, one.found.end, html))
    return comments


def _shown(report: Report) -> list[CheckedCitation | CheckedQuotation]:
    """Returns the findings in the order of the draft, without those that are but terms and set phrases."""
    words = (one for one in report.quotations if not (one.term or one.formula))
    return sorted([*report.citations, *words], key=lambda one: (one.start, -one.end))


def _summary(report: Report, told: Iterable[Finding]) -> dict[str, Any]:
    return {
        "report": report,
        "coverage": report.corpus.coverage,
        "most_findings": f"{MOST_FINDINGS:,}",
        "wrong": [one for one in told if one.wrong],
        "unchecked": sum(one.verdict == Verdict.CANNOT_BE_CHECKED for one in report.quotations),
        "counts": _counts(report),
        "unpaired": [report.text[max(0, at - 8) : at + 12] for at in report.unpaired[:UNPAIRED_SHOWN]],
        "indexed_at": moment_in_words(dt.datetime.fromisoformat(report.corpus.indexed_at)),
    }


def _doubt(note: CheckedFootnote) -> str:
    """Words the doubts for the note itself, so that nobody copies it unawares."""
    doubt = str(_("〔草稿所引，与引文不符〕")) if note.disagrees_with_quotation else ""
    if note.other_speaker:
        doubt += str(_("〔草稿误作他人的话；这一段是%(who)s的话〕") % {"who": note.other_speaker})
    return doubt


def _line_starts(text: str) -> list[int]:
    return [found.start() for found in re.finditer("(?m)^", text)]


def _lines(
    text: str, spans: Iterable[Span], marks: Iterable[Mark], wanted: Collection[int] = ()
) -> list[tuple[int, SafeString]]:
    """Returns the lines of a draft as HTML, each with its number; blank ones only if ``wanted``. A span over
    several is cut at their ends; a mark stands behind what it counts.
    """
    starts = _line_starts(text)
    spans_of: dict[int, list[Span]] = defaultdict(list)
    marks_of: dict[int, list[Mark]] = defaultdict(list)
    for span in spans:
        first, behind = bisect_right(starts, span.start) - 1, bisect_right(starts, span.end - 1)
        for line in range(first, behind):
            at = starts[line]
            spans_of[line].append(replace(span, start=span.start - at, end=span.end - at))
    for mark in marks:
        line = bisect_right(starts, mark.at - 1) - 1
        marks_of[line].append(replace(mark, at=mark.at - starts[line]))
    return [
        (number, link_text(line, spans_of[number], marks_of[number]))
        for number, line in enumerate(text.split("\n"))
        if line.strip() or number in wanted
    ]


def _sameness(found: CheckedCitation | CheckedQuotation) -> tuple:
    if isinstance(found, CheckedCitation):
        words = found.surface if not found.symbol else found.symbol
        return "citation", words, found.paragraph, found.standing, found.certain, found.assumed
    beside = found.citation if found.beside in DISAGREEING else None
    named = found.speaker_named if found.speaker_agrees is False else None
    words = fold_literally(found.surface)
    return "quotation", words, found.marked, found.beside, found.verdict, beside, named


def _finding(
    number: int, found: CheckedCitation | CheckedQuotation, citations: Sequence[CheckedCitation]
) -> Finding:
    if isinstance(found, CheckedCitation):
        wrong = found.standing not in FINE
        return Finding(number, found, _standing_in_words(found), f"said {_css(found.standing)}", wrong)
    beside = citations[found.citation] if found.citation is not None else None
    label = _label(found, guessed=beside is not None and bool(beside.assumed))
    wrong = found.verdict not in NOT_WRONG or found.speaker_agrees is False
    if found.speaker_agrees is False:
        label = _("%(label)s，%(doubt)s") % {"label": label, "doubt": OTHER_SPEAKER}
    kind = "words" if found.marked else "words unquoted"
    return Finding(number, found, label, f"{kind} {_css(found.verdict)}", wrong, beside=beside)


def _label(found: CheckedQuotation, guessed: bool) -> str | Promise:
    """Words the verdict on a quotation; ``guessed``: so is the document of its citation."""
    if found.beside == Match.OTHER_LANGUAGE:
        return _("没有这一语文的文本，无从核对")
    if found.beside in ELSEWHERE and guessed:
        exact = found.verdict == Verdict.WRONG_PLACE
        return _("文字不差，与推断的出处不合") if exact else _("有出入，与推断的出处也不合")
    if found.beside in ELSEWHERE and found.verdict == Verdict.DIFFERS:
        return _("有出入，出处也不对")
    if found.verdict == Verdict.WRONG_PLACE and not found.marked:
        return _("未加引号；文字不差，出处不对")
    if found.beside == Match.NOT_THERE and found.verdict == Verdict.NOT_FOUND:
        return _("所引之处没有这些话，本库别处也没有")
    return VERDICTS[found.verdict] if found.marked else UNQUOTED


def _standing_in_words(one: CheckedCitation) -> str | Promise:
    """Words the status of a citation; 同上 is not ambiguous but a guess at the citation before it."""
    return GUESSED if one.lone and one.standing == Status.AMBIGUOUS else STANDINGS[one.standing]


def _css(value: str) -> str:
    return str(value).replace("_", "-")


def _counts(report: Report) -> dict[str, list[tuple[str | Promise, int, bool]]]:
    """Counts the findings of each kind: citations, quotations, and unmarked quotations."""
    standings = Counter((one.standing, _standing_in_words(one)) for one in report.citations)
    shown = [one for one in report.quotations if one.marked and not one.term]
    marked = Counter(one.verdict for one in shown)
    others = sum(one.speaker_agrees is False for one in report.quotations)
    unquoted = sum(not one.marked and not one.formula for one in report.quotations)
    return {
        "citations": [
            (label, count, standing not in FINE)
            for (standing, label), count in sorted(standings.items(), key=lambda one: ORDER[one[0][0]])
        ],
        "quotations": [
            *((VERDICTS[one], marked[one], one not in NOT_WRONG) for one in Verdict if marked[one]),
            *([(OTHER_SPEAKER, others, True)] if others else []),
        ],
        "unquoted": [(UNQUOTED, unquoted, False)] if unquoted else [],
    }


def _terms(found: Iterable[CheckedQuotation]) -> list[tuple[CheckedQuotation, int]]:
    """Returns short quotations or set phrases, each once, with the number of its occurrences."""
    alike: dict[str, list[CheckedQuotation]] = defaultdict(list)
    for one in found:
        alike[fold_literally(one.surface)].append(one)
    terms = ((same[0], len(same)) for same in alike.values())
    return sorted(terms, key=lambda term: (term[0].paragraphs > 0, term[0].start))


# The draft coloured: each stretch with colour, line and number of the oldest document.

COLOURS = 6  # documents with a colour of their own; all others share one, and have their numbers
SHOWN = 40  # documents of the legend


@dataclass(frozen=True, slots=True)
class Source:
    """One document of the legend: ``characters`` of the draft stood there first. ``recognized`` says so of
    words that were recognized in a picture.
    """

    number: int
    css: str
    symbol: str
    address: str
    title: str
    date: str
    who: str
    recognized: str
    characters: int


def _coloured(text: str, origins: CheckedOrigins) -> dict[str, Any]:
    """Returns the lines of the part of a draft that was looked at; ``sources``, those with most characters
    first; and how many ``more`` the legend leaves out.
    """
    counts: Counter[str] = Counter()
    places: dict[str, list[FirstPlace]] = defaultdict(list)
    for one in origins.first:
        counts[one.symbol] += sum(end - start for start, end in one.spans)
        places[one.symbol].append(one)
    order = sorted(counts, key=lambda symbol: (-counts[symbol], symbol))
    sources = {
        symbol: _source(number, places[symbol], counts[symbol]) for number, symbol in enumerate(order, 1)
    }
    spans = [Span(start, end, "", "origin o0", str(_("见于很多段"))) for start, end in origins.often]
    marks: list[Mark] = []
    for one in origins.first:
        source = sources[one.symbol]
        address = paragraph_path(one.symbol, one.anchor, one.fingerprint)
        label = str(_("来源%(number)s") % {"number": source.number})
        for start, end in one.spans:
            spans.append(Span(start, end, address, source.css, _title(one, source)))
            marks.append(Mark(end, "#origins", str(source.number), label))
    return {
        "lines": [line for _number, line in _lines(text, spans, marks)],
        "sources": list(sources.values())[:SHOWN],
        "more": max(0, len(order) - SHOWN),
    }


def _source(number: int, places: Sequence[FirstPlace], characters: int) -> Source:
    place, who = places[0], list(dict.fromkeys(one.who for one in places if one.who))
    css = f"origin o{number if number <= COLOURS else 0}"
    names = str(_("、")).join(who[:3]) + (str(_("等")) if len(who) > 3 else "")
    date = date_in_words(place.dates)
    recognized = recognized_in_words(place.ocr_confidence)
    address = document_path(place.symbol)
    return Source(number, css, place.symbol, address, place.title, date, names, recognized, characters)


def _title(place: FirstPlace, source: Source) -> str:
    facts = {"symbol": place.symbol, "place": place.name, "date": source.date, "who": place.who}
    if place.who:
        words = _("首见于%(symbol)s %(place)s，%(who)s，%(date)s") % facts
    else:
        words = _("首见于%(symbol)s %(place)s，%(date)s") % facts
    return with_mark(str(words), place.ocr_confidence)
