"""A report as the page shows it: the draft line by line with marks, and beside each line what was found."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from archive.presenters.linked_text import Mark, Span, link_text
from search.text.folding import fold_literally

from .check import MOST_FINDINGS
from .footnotes import CheckedFootnote
from .report import ELSEWHERE, CheckedCitation, CheckedQuotation, Report, Status, Verdict

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
}
UNQUOTED = _("与本库文字相同，未加引号")
BY_SCRIPT, BY_SCRIPT_ELSEWHERE = _("只是繁简之别"), _("只是繁简之别，出处不对")
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
    def is_unquoted(self) -> bool:
        return isinstance(self.found, CheckedQuotation) and not self.found.marked

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


@dataclass(frozen=True, slots=True)
class Line:
    html: SafeString
    findings: tuple[Finding, ...]


@dataclass(slots=True)
class Term:
    """A short quotation or a set phrase, listed once."""

    surface: str
    count: int
    paragraphs: int
    found: CheckedQuotation


@dataclass(slots=True)
class _Page:
    findings: list[Finding] = field(default_factory=list)
    by_line: dict[int, list[Finding]] = field(default_factory=dict)
    spans: list[tuple[int, int, Span, str]] = field(default_factory=list)


def result_context(report: Report, notes: Sequence[CheckedFootnote]) -> dict[str, Any]:
    """Returns the context of the page that shows ``report``."""
    starts = _line_starts(report.text)
    shown = _numbered(report, starts)
    wrong = [one for one in shown.findings if one.wrong]
    return {
        "report": report,
        "coverage": report.corpus.coverage,
        "most_findings": f"{MOST_FINDINGS:,}",
        "lines": _lines(report, starts, shown),
        "wrong": wrong,
        "unchecked": sum(one.verdict == Verdict.CANNOT_BE_CHECKED for one in report.quotations),
        "counts": _counts(report),
        "terms": _terms(one for one in report.quotations if one.term),
        "formulas": _terms(one for one in report.quotations if one.formula and not one.term),
        "footnotes": notes,
        "all_notes": "\n".join(f"{note.number}. {note.un}{_doubt(note)}" for note in notes),
        "all_links": "\n".join(f"{note.number}. {note.un_with_link}{_doubt(note)}" for note in notes),
        "all_gbt": "\n".join(f"[{note.number}] {note.gbt7714}{_doubt(note)}" for note in notes),
        "unpaired": [report.text[max(0, at - 8) : at + 12] for at in report.unpaired[:UNPAIRED_SHOWN]],
        "indexed_at": dt.datetime.fromisoformat(report.corpus.indexed_at).strftime("%Y-%m-%d %H:%M UTC"),
    }


def _doubt(note: CheckedFootnote) -> str:
    """Words the doubt for the note itself, so that nobody copies it unawares."""
    return str(_("〔草稿所引，与引文不符〕")) if note.disagrees_with_quotation else ""


def _line_starts(text: str) -> list[int]:
    starts = [0]
    while (end := text.find("\n", starts[-1])) >= 0:
        starts.append(end + 1)
    return starts


def _numbered(report: Report, starts: list[int]) -> _Page:
    """Numbers the findings in the order of the draft; a repeated one refers to its first occurrence."""
    shown = _Page()
    known: dict[tuple, Finding] = {}
    for found in sorted(report.findings, key=lambda one: (one.start, -one.end)):
        if isinstance(found, CheckedQuotation) and (found.term or found.formula):
            continue
        key = _sameness(found)
        finding = known.get(key)
        if finding is None:
            finding = known[key] = _finding(len(shown.findings) + 1, found)
            if isinstance(found, CheckedQuotation) and found.citation is not None:
                _stand_beside(finding, found, report.citations[found.citation])
            shown.findings.append(finding)
            line = bisect_right(starts, found.start) - 1
            shown.by_line.setdefault(line, []).append(finding)
        else:
            finding.also += 1
        span = Span(found.start, found.end, f"#f{finding.number}", finding.css)
        shown.spans.append((found.start, found.end, span, str(finding.number)))
    return shown


def _sameness(found: CheckedCitation | CheckedQuotation) -> tuple:
    if isinstance(found, CheckedCitation):
        words = found.surface if not found.symbol else found.symbol
        return "citation", words, found.paragraph, found.standing, found.certain, found.assumed
    beside = found.citation if found.beside in ELSEWHERE else None
    return "quotation", fold_literally(found.surface), found.marked, found.beside, found.verdict, beside


def _finding(number: int, found: CheckedCitation | CheckedQuotation) -> Finding:
    if isinstance(found, CheckedCitation):
        wrong = found.standing not in FINE
        return Finding(number, found, _standing_in_words(found), f"said {_css(found.standing)}", wrong)
    label = VERDICTS[found.verdict] if found.marked else UNQUOTED
    if found.script_only:
        label = BY_SCRIPT
    if not found.marked and found.verdict == Verdict.WRONG_PLACE:
        label = _("未加引号；文字不差，出处不对")
    if found.verdict == Verdict.DIFFERS and found.beside in ELSEWHERE:
        label = BY_SCRIPT_ELSEWHERE if found.script_only else _("有出入，出处也不对")
    wrong = found.verdict not in NOT_WRONG and (not found.script_only or found.beside in ELSEWHERE)
    kind = "words" if found.marked else "words unquoted"
    return Finding(number, found, label, f"{kind} {_css(found.verdict)}", wrong)


def _standing_in_words(one: CheckedCitation) -> str | Promise:
    """Words the status of a citation; 同上 is not ambiguous but a guess at the citation before it."""
    return GUESSED if one.lone and one.standing == Status.AMBIGUOUS else STANDINGS[one.standing]


def _stand_beside(finding: Finding, found: CheckedQuotation, citation: CheckedCitation) -> None:
    """Attaches a quotation's citation to its finding; rewords a wrong place if its document is a guess."""
    finding.beside = citation
    if citation.assumed and found.beside in ELSEWHERE:
        exact = found.verdict == Verdict.WRONG_PLACE
        finding.label = _("文字不差，与推断的出处不合") if exact else _("有出入，与推断的出处也不合")


def _css(value: str) -> str:
    return str(value).replace("_", "-")


def _lines(report: Report, starts: list[int], shown: _Page) -> list[Line]:
    """Returns the lines of the draft as HTML. A span over several is cut at line ends, each part numbered."""
    spans: dict[int, list[Span]] = {}
    marks: dict[int, list[Mark]] = {}
    for start, end, span, number in shown.spans:
        first, last = bisect_right(starts, start) - 1, bisect_right(starts, end - 1) - 1
        for line in range(first, last + 1):
            offset = starts[line]
            spans.setdefault(line, []).append(Span(start - offset, end - offset, span.href, span.css))
        label = str(_("结果%(number)s") % {"number": number})
        marks.setdefault(last, []).append(Mark(end - starts[last], span.href, number, label))
    texts = report.text.split("\n")
    return [
        Line(
            link_text(text, spans.get(number, ()), marks.get(number, ())),
            tuple(shown.by_line.get(number, ())),
        )
        for number, text in enumerate(texts)
        if text.strip() or number in shown.by_line
    ]


def _counts(report: Report) -> dict[str, list[tuple[str | Promise, int, bool]]]:
    """Counts the findings of each kind: citations, quotations, and unmarked quotations."""
    standings = Counter((one.standing, _standing_in_words(one)) for one in report.citations)
    shown = [one for one in report.quotations if one.marked and not one.term]
    marked = Counter(one.verdict for one in shown if not one.script_only)
    scripts = sum(one.script_only for one in shown)
    unquoted = sum(not one.marked and not one.formula for one in report.quotations)
    return {
        "citations": [
            (label, count, standing not in FINE)
            for (standing, label), count in sorted(standings.items(), key=lambda one: ORDER[one[0][0]])
        ],
        "quotations": [
            *((VERDICTS[one], marked[one], one not in NOT_WRONG) for one in Verdict if marked[one]),
            *([(BY_SCRIPT, scripts, False)] if scripts else []),
        ],
        "unquoted": [(UNQUOTED, unquoted, False)] if unquoted else [],
    }


def _terms(found) -> list[Term]:
    terms: dict[str, Term] = {}
    for one in found:
        key = fold_literally(one.surface)
        term = terms.setdefault(key, Term(one.surface, 0, one.paragraphs, one))
        term.count += 1
    return sorted(terms.values(), key=lambda term: (term.paragraphs > 0, term.found.start))
