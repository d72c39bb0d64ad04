"""From rows of the archive to the record of a citation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from archive.models import Document, Paragraph, Resolution
from archive.site.presenters.reading import Reader
from archive.site.presenters.wording import Public, cited_name, in_chinese, part_name, until_in_words
from archive.store.addresses.locations import tell_occurrences
from archive.store.addresses.paths import document_path, paragraph_path
from archive.store.links.permalinks import Edited
from archive.store.links.ranges import PastRange, Stretch
from archive.store.reading import queries as reads
from archive.store.reading.queries import ancestors
from archive.text.pinpoints.anchors import split_part
from archive.text.symbols.symbol import parsed_symbol

from .facts import Names, author_of, english_title, inferred_year, one_line, title_of
from .in_english import pinpoint_in_english
from .pinpoints import Ancestry, pinpoint_of
from .record import LANGUAGE, Pinpoint, Record


def record_for(
    document: Document,
    paragraphs: Sequence[Paragraph] = (),
    link: str = "",
    fingerprint: str = "",
    *,
    parent_of: Ancestry | None = None,
    accessed: dt.date | None = None,
    names: Names | None = None,
) -> Record:
    """Returns the record of a document (no ``paragraphs``), of one paragraph, or of the range between two.

    ``link`` is the absolute address, with the fingerprint of the words where there is one. ``parent_of``
    gives the block above a block, as ``Reader.parent_of`` does. ``accessed`` is the day of access, by default
    the server's today. ``names`` are the English names for many records at once; without them two queries.
    """
    if len(paragraphs) == 1 and paragraphs[0].occurrence is None:
        tell_occurrences(paragraphs)
    submitters = [paragraph.submitter_name for paragraph in paragraphs if paragraph.submitter_name]
    names = names or Names.of([document], submitters)
    author = author_of(document, names)
    pinpoint = pinpoint_of(paragraphs, parent_of or (lambda paragraph: paragraph.parent), names.english)
    english = document.language == "en"
    with override("en") if english else in_chinese():
        kind = str(document.get_document_type_display())
    return Record(
        symbol=one_line(document.symbol),
        kind=document.document_type,
        kind_chinese=kind,
        language="en" if english else LANGUAGE,
        title=title_of(document),
        title_english=english_title(document, author),
        author=author,
        issued=document.date,
        year=document.date.year if document.date else inferred_year(document),
        written=document.communication_date,
        met=document.meeting_date,
        meeting=one_line(document.meeting),
        session=one_line(document.session),
        agenda_item=one_line(document.agenda_item),
        pinpoint=pinpoint,
        link=link,
        fingerprint=fingerprint,
        accessed=accessed or timezone.localdate(),
        ocr_confidence=least_sure(paragraphs or [document]),
        doubts=doubts_about(document, paragraphs),
    )


def record_at(
    request: HttpRequest,
    held: Document,
    found: Paragraph | Stretch | None = None,
    parent_of: Ancestry | None = None,
) -> Record:
    """Returns the record of a document, or of a paragraph or range of it, cited by its present permalink; a
    range is named by its two ends.
    """
    path, words = document_path(held.symbol), ""
    blocks: tuple[Paragraph, ...] = ()
    if isinstance(found, Stretch):
        blocks, words = found.ends, found.fingerprint
        path = paragraph_path(held.symbol, found.spelled, words)
    elif found:
        blocks, words = (found,), found.fingerprint
        path = paragraph_path(held.symbol, found.anchor, words)
    return record_for(held, blocks, request.build_absolute_uri(path), words, parent_of=parent_of)


def doubts_about(document: Document, paragraphs: Sequence[Paragraph]) -> tuple[dict, ...]:
    """Returns the parser's doubts about ``paragraphs``, and about the labels of their parts."""
    places = {place for paragraph in paragraphs for place in (paragraph.anchor, paragraph.part)}
    return tuple(doubt for doubt in document.doubts if doubt["anchor"] in places)


def least_sure(rows: Sequence[Document | Paragraph]) -> int | None:
    """Returns the least confidence of those that were recognized in pictures; None where none was."""
    told = [row.ocr_confidence for row in rows if row.ocr_confidence is not None]
    return min(told, default=None)


def records_for(passages: Sequence[tuple[Document, Paragraph | None, str]]) -> list[Record]:
    """Returns records of many ``(document, paragraph or None, link)``, in a fixed number of queries.

    The documents come with ``body`` and ``state`` selected, the paragraphs with ``state``.
    """
    paragraphs = [paragraph for _document, paragraph, _link in passages if paragraph]
    tell_occurrences(paragraphs)
    above = {paragraph.pk: paragraph for paragraph in [*paragraphs, *ancestors(paragraphs)]}
    names = Names.of(
        [document for document, _paragraph, _link in passages],
        [paragraph.submitter_name for paragraph in paragraphs if paragraph.submitter_name],
    )
    return [
        record_for(
            document,
            [paragraph] if paragraph else [],
            link,
            paragraph.fingerprint if paragraph else "",
            parent_of=lambda block: above.get(block.parent_id or 0),
            names=names,
        )
        for document, paragraph, link in passages
    ]


# The record of words that were cited and were edited since: what was cited, and that it stands no more.


def edited_record(request: HttpRequest, link: Edited, fingerprint: str) -> Record:
    """Returns the words of then, at the link of then."""
    held, now, then = link.document, link.paragraph, link.issued
    reader = Reader(held, [now], reads.ancestors([now]), on_page=False)
    record = record_for(
        held,
        [now],
        request.build_absolute_uri(paragraph_path(then.symbol, then.anchor, fingerprint)),
        fingerprint,
        parent_of=reader.parent_of,
    )
    if (then.symbol, then.anchor) != (held.symbol, now.anchor):
        with in_chinese():
            names = (cited_name(then.anchor),), (pinpoint_in_english([then.anchor]),)
        record = replace(record, symbol=then.symbol, pinpoint=Pinpoint((then.anchor,), *names))
    current = request.build_absolute_uri(paragraph_path(held.symbol, now.anchor, now.fingerprint))
    return _of_then(record, then, then.text, current)


def edited_range_record(
    request: HttpRequest, spelled: str, fingerprint: str, then: PastRange, now: Stretch
) -> Record:
    """Returns the record of an edited range: the words cited, and the present ones."""
    held = now.document
    reader = Reader(held, now.blocks, reads.ancestors(now.blocks), on_page=False)
    record = record_for(
        held,
        now.ends,
        request.build_absolute_uri(paragraph_path(held.symbol, spelled, fingerprint)),
        fingerprint,
        parent_of=reader.parent_of,
    )
    current = request.build_absolute_uri(paragraph_path(held.symbol, now.spelled, now.fingerprint))
    return _of_then(record, then, then.text, current)


def _of_then(record: Record, then: Public, words: str, current: str) -> Record:
    with in_chinese():
        remark = _("这是引用时的文字，%(until)s起已有改动，现在的文字见%(link)s") % {
            "until": until_in_words(then),
            "link": current,
        }
    return replace(record, words=words, remark=remark)


# The record of a text that is not held, of which symbol and table of resolutions tell some facts. No words.


def unheld_record(request: HttpRequest, symbol: str, place: str = "", ends: Sequence[str] = ()) -> Record:
    """Returns the record of a document that is not held, or of its paragraph or range at the address
    ``place``, from the first to the last of ``ends``. A resolution of the Council bears the day of its
    adoption.
    """
    parsed = parsed_symbol(symbol)
    kind = str(parsed.kind) if parsed else ""
    known = Resolution.objects.filter(symbol=symbol).first() if symbol.startswith("S/RES/") else None
    document = Document(
        symbol=symbol,
        document_type=kind if kind in Document.Type.values else Document.Type.DOCUMENT,
        date=known.adopted if known else None,
        doubts=[],
    )
    path = paragraph_path(symbol, place) if place else document_path(symbol)
    record = record_for(document, (), request.build_absolute_uri(path))
    if ends:
        with in_chinese():
            part, name = part_name(split_part(ends[0])[0]), cited_name(*ends)
        chinese = tuple(filter(None, (part, name.removeprefix(part))))
        record = replace(record, pinpoint=Pinpoint(tuple(ends), chinese, (pinpoint_in_english(ends),)))
    return replace(record, held=False)
