"""Footnotes ready to copy, for all that a check found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from msgspec import structs

from archive.models import Document, Paragraph
from archive.site.citations.build import records_for
from archive.site.citations.forms import forms
from archive.store.addresses.paths import document_path, paragraph_path
from archive.store.values import Schema

from .report import DISAGREEING, CheckedCitation, CheckedQuotation, Report, Status, Verdict

Key = tuple[int, int | None]  # document and paragraph


class CheckedFootnote(Schema, frozen=True, kw_only=True):
    """A footnote as it should be, in several styles."""

    number: int
    symbol: str
    anchor: str | None
    link: str
    un: str
    un_with_link: str
    gbt7714: str
    disagrees_with_quotation: bool
    other_speaker: str | None  # who speaks there, where the draft names another


def footnotes(report: Report, absolute: Callable[[str], str]) -> dict[Key, CheckedFootnote]:
    """Returns a note for each document or paragraph that was found, once, in the order of the draft.

    ``absolute`` makes an address of a path. Words that are but terms and set phrases get none.
    """
    in_order = sorted(report.findings, key=lambda one: (one.start, one.end))
    wanted = list(dict.fromkeys(key for one in in_order for key in keys_of(one)))
    documents, paragraphs = _rows(wanted)
    sources: dict[Key, tuple[Document, Paragraph | None, str]] = {}
    for document, paragraph in wanted:
        row = paragraphs.get(paragraph) if paragraph else None
        held = row.document if row else documents.get(document)
        if held is None or (paragraph and row is None):
            continue  # gone since the index was built
        path = (
            paragraph_path(held.symbol, row.anchor, row.fingerprint, held.language)
            if row
            else document_path(held.symbol, held.language)
        )
        sources[document, paragraph] = held, row, absolute(path)
    records = records_for(list(sources.values()))
    doubtful = _disagreeing(report)
    misnamed = [one for one in report.quotations if one.speaker_agrees is False]
    speakers = {key: one.speaker for one in misnamed for key in keys_of(one)}
    notes, style = {}, "un-en" if report.language == "en" else "un"
    for number, (key, record) in enumerate(zip(sources, records, strict=True), start=1):
        held, row, link = sources[key]
        written = forms(record)
        notes[key] = CheckedFootnote(
            number=number,
            symbol=held.symbol,
            anchor=row.anchor if row else None,
            link=link,
            un=written[style],
            un_with_link=written[f"{style}-link"],
            gbt7714=written["gbt7714-2025"],
            disagrees_with_quotation=key in doubtful,
            other_speaker=speakers.get(key),
        )
    return notes


def keys_of(found: CheckedCitation | CheckedQuotation) -> list[Key]:
    """Returns the documents and paragraphs that a finding leads to."""
    if isinstance(found, CheckedCitation):
        if found.standing not in (Status.HELD, Status.MOVED):
            return []
        return [
            (one.documents[0], next(iter(one.keys.values()), None)) for one in found.targets if one.documents
        ]
    if found.term or found.formula or found.verdict == Verdict.CANNOT_BE_CHECKED:
        return []
    places = found.nearest.places if found.nearest else found.places
    return [(place.document, place.key) for place in places[:1]]


def _disagreeing(report: Report) -> set[Key]:
    """Returns the keys that are cited only for words that occur elsewhere, or nowhere."""
    wrong = {
        one.citation for one in report.quotations if one.citation is not None and one.beside in DISAGREEING
    }
    doubtful = {key for number in wrong for key in keys_of(report.citations[number])}
    # The citations stand first among the findings.
    others = (one for number, one in enumerate(report.findings) if number not in wrong)
    return doubtful - {key for one in others for key in keys_of(one)}


def _rows(wanted: list[Key]) -> tuple[dict[int, Document], dict[int, Paragraph]]:
    whole = [document for document, paragraph in wanted if paragraph is None]
    paragraphs = Paragraph.objects.filter(pk__in=[paragraph for _, paragraph in wanted if paragraph])
    return (
        Document.objects.select_related("body", "state").in_bulk(whole),
        {row.pk: row for row in paragraphs.select_related("state", "document__body", "document__state")},
    )


def with_footnotes(report: Report, notes: dict[Key, CheckedFootnote]) -> Report:
    """Returns ``report`` with the numbers of its ``notes`` added to each finding."""

    def told(one: CheckedCitation | CheckedQuotation) -> Any:
        return structs.replace(one, footnotes=[notes[key].number for key in keys_of(one) if key in notes])

    return replace(
        report,
        citations=tuple(map(told, report.citations)),
        quotations=tuple(map(told, report.quotations)),
    )
