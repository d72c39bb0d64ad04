"""A report as JSON. Offsets count code points of ``text``, ends exclusive."""

from __future__ import annotations

from archive.http.addresses import paragraph_path
from archive.presenters.symbols import un_url
from archive.values import fields_of
from search.schemas import checker
from search.schemas.results import PostedText

from .check import MOST_FINDINGS
from .draft import LARGEST_FILE, LONGEST
from .footnotes import Footnote, Key, keys_of
from .origins import Origins
from .report import Beside, Citation, Place, Quotation, Report, Standing, Target, Verdict

EXPLANATION = checker.CheckExplained(
    post={
        "application/json": PostedText(text="…"),
        "text/plain": "…",
        "multipart/form-data": PostedText(text="…", file=".docx, .txt"),
    },
    limits=checker.CheckLimits(characters=LONGEST, file_bytes=LARGEST_FILE, findings=MOST_FINDINGS),
    standings=[str(one) for one in Standing],
    verdicts=[str(one) for one in Verdict],
    beside=[str(one) for one in Beside],
    stored=False,
)


def as_json(report: Report, notes: dict[Key, Footnote], origins: Origins) -> checker.CheckReport:
    return checker.CheckReport(
        text=report.text,
        characters=len(report.text),
        checked=checker.Checked(to=report.checked_to, whole=report.whole),
        corpus=checker.CheckedCorpus(
            paragraphs=report.corpus.paragraphs,
            indexed_at=report.corpus.indexed_at,
            **fields_of(report.corpus.coverage.as_json()),
        ),
        citations=[_citation(one, notes) for one in report.citations],
        quotations=[_quotation(one, notes) for one in report.quotations],
        unpaired_quotation_marks=list(report.unpaired),
        footnotes=[_footnote(note) for note in notes.values()],
        origins=_origins(origins, len(report.text)),
    )


def _citation(one: Citation, notes: dict[Key, Footnote]) -> checker.CheckedCitation:
    return checker.CheckedCitation(
        start=one.start,
        end=one.end,
        surface=one.surface,
        standing=str(one.standing),
        symbol=one.symbol or None,
        paragraph=one.pinpoint or None,
        certain=one.certain,
        in_body_name=one.in_body_name,
        targets=[_target(target) for target in one.targets],
        choices=[_target(target) for target in one.choices],
        reason=one.reason or None,
        lone=one.lone,
        assumed=one.assumed or None,
        footnotes=_numbers(one, notes),
    )


def _target(target: Target) -> checker.CitedTarget:
    return checker.CitedTarget(
        symbol=target.symbol,
        anchor=target.anchor or None,
        url=target.url,
        held=target.held,
        un_url=un_url(target.symbol),
        title=target.title or None,
    )


def _quotation(one: Quotation, notes: dict[Key, Footnote]) -> checker.CheckedQuotation:
    return checker.CheckedQuotation(
        start=one.start,
        end=one.end,
        surface=one.surface,
        marked=one.marked,
        verdict=str(one.verdict),
        liberty=one.liberty or None,
        term=one.term,
        formula=one.formula,
        occurrences=one.occurrences,
        paragraphs=one.paragraphs,
        places=[_place(place) for place in one.places],
        citation=one.citation,
        beside=str(one.beside) if one.beside else None,
        nearest=_nearest(one),
        footnotes=_numbers(one, notes),
    )


def _nearest(one: Quotation) -> checker.NearestText | None:
    if one.nearest is None:
        return None
    return checker.NearestText(
        text=one.nearest.text,
        similarity=one.nearest.similarity,
        script_only=one.nearest.script_only,
        places=[_place(place) for place in one.nearest.places],
        diff=[
            checker.DiffPiece(same=piece.same, draft=piece.draft, archive=piece.archive)
            for piece in one.nearest.pieces
        ],
    )


def _place(place: Place) -> checker.QuotedPlace:
    return checker.QuotedPlace(**_facts(place))


def _facts(place: Place) -> dict:
    return {
        "symbol": place.symbol,
        "anchor": place.anchor,
        "name": place.name,
        "url": paragraph_path(place.symbol, place.anchor, place.fingerprint),
        "title": place.title,
        **place.dates.as_json(),
        "fingerprint": place.fingerprint,
        "ocr_confidence": place.ocr_confidence,
    }


def _origins(origins: Origins, characters: int) -> checker.CheckedOrigins:
    """Each paragraph once, in the order of the draft, with all spans of it."""
    spans: dict[Place, list[tuple[int, int]]] = {}
    who: dict[Place, str] = {}
    often = [(one.start, one.end) for one in origins.found if one.place is None]
    for one in origins.found:
        if one.place is not None:
            spans.setdefault(one.place, []).append((one.start, one.end))
            who[one.place] = one.who
    return checker.CheckedOrigins(
        to=origins.until,
        whole=origins.until == characters,
        least=origins.least,
        characters=origins.total,
        new=origins.fresh,
        first=[
            checker.FirstPlace(**_facts(place), who=who[place] or None, spans=where)
            for place, where in spans.items()
        ],
        often=often,
    )


def _numbers(one: Citation | Quotation, notes: dict[Key, Footnote]) -> list[int]:
    return [notes[key].number for key in keys_of(one) if key in notes]


def _footnote(note: Footnote) -> checker.CheckedFootnote:
    return checker.CheckedFootnote(
        number=note.number,
        symbol=note.symbol,
        anchor=note.anchor or None,
        link=note.link,
        un=note.un,
        un_with_link=note.un_link,
        gbt7714=note.gbt7714,
        disagrees_with_quotation=note.disagrees,
    )
