"""One document: its page, its text, its source file, and the lines that were left out of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from archive.models import CatalogueRecord, Document, IssuedText, Paragraph, SourceFile
from archive.models.querysets.languages import CHINESE
from archive.readers import format_of
from archive.site.citations.build import record_at
from archive.site.citations.forms import panel
from archive.site.http.paging import ListPage, paginate
from archive.site.opendata import tables
from archive.site.presenters.reading import COVER_ROLES, Reader, turns
from archive.site.presenters.relations import grouped_doubts
from archive.site.presenters.wording import (
    name_in_words,
    part_name,
    person_in_words,
    reads_english,
    recognized_in_words,
)
from archive.site.views.unheld import UnheldDocument
from archive.store.addresses.locations import TITLE_ROLES
from archive.store.addresses.paths import document_path, original_file_path
from archive.store.ingest.facts import CORRECTABLE, ROWS, kept_out
from archive.store.reading import records as values
from archive.store.reading.languages import other_texts
from archive.store.reading.queries import naming_counts, spread_of
from archive.store.reading.records import DroppedLine, originals
from archive.store.revision import revision_of
from archive.store.values import Schema, answers
from archive.store.withholding.words import shows_withheld
from archive.text.formats import BY_NAME
from archive.text.parsed import BLOCK_CORRECTIONS, REWORDED
from archive.text.shapes import read_part_label
from archive.text.symbols.symbol import un_url

from .fallback import find_text, held_or_404
from .page import page
from .resolutions import citing_sections, head_of, record_of
from .respond import ending, moved, plain_text, respond
from .unheld import unheld


class Dropped(Schema, frozen=True, kw_only=True):
    """The lines of the source of a document that are no text of its body."""

    symbol: str
    page: ListPage
    dropped: list[DroppedLine]


DROPPED_PER_PAGE = 200
INLINE = ("text", "empty")
BYTES = "application/octet-stream"  # without a type


@answers(values.Document, UnheldDocument)
@page
def document(request: HttpRequest, symbol: str, twin: bool = False) -> HttpResponseBase:
    held = find_text(symbol)
    if held is None:
        return unheld(request, symbol, twin)
    if held.symbol != symbol:
        return moved(request, document_path(held.symbol) + ending(twin))
    paragraphs = list(
        held.paragraphs.order_by("position").select_related("state").with_mentions().with_citing_counts()
    )
    cited_by = Paragraph.objects.citing(held.symbol).count()
    if twin:
        dropped = held.dropped_lines.order_by("line", "pk")
        return respond(
            request,
            "",
            {},
            lambda: values.Document.of(held, paragraphs, dropped, cited_by, revision_of(held.pk)),
            twin,
            table=lambda: tables.paragraphs(request, held, paragraphs),
        )
    counts = {paragraph.anchor: paragraph.cited_by_count for paragraph in paragraphs}
    reader = Reader(held, paragraphs, cited_by=counts)
    title, body = _masthead(held, paragraphs)
    return respond(
        request,
        "archive/document.html",
        {
            "document": held,
            "others": other_texts(held),
            "title": reader.block(title) if title else None,
            "contents": contents(held, paragraphs),
            "turns": turns([reader.block(paragraph) for paragraph in body]),
            "total": len(paragraphs),
            "cited_by": cited_by,
            "naming": naming_counts(held.symbol),
            "dropped": held.dropped_lines.count(),
            "originals": originals(held),
            "aliases": [alias.symbol for alias in held.aliases.all()],
            "un_url": un_url(held.symbol, held.language),
            "citation": panel(record_at(request, held)),
            "doubts": grouped_doubts(held.doubts, itemgetter("message")),
            "corrected": sorted(held.corrections.keys() & {*CORRECTABLE}),
            **_put_right(held),
            "withdrawn": sorted(kept_out(held)),
            **_record(held),
        },
        {},
    )


def _record(held: Document) -> dict:
    """Builds the part of a resolution's page besides its text: citations and catalogue; else empty."""
    resolution = held.document_type in (Document.Type.RESOLUTION, Document.Type.DECISION)
    if not resolution or held.language != CHINESE:  # lists of Chinese texts stand on the Chinese page
        return {}
    head = head_of(held.symbol)
    adopted = head["known"].adopted if head["known"] else None
    spread = spread_of(Paragraph.objects.citing(held.symbol))
    record = record_of(held.symbol, spread)
    sections = citing_sections(held.symbol, spread, record, adopted.year if adopted else held.year)
    catalogue = CatalogueRecord.objects.of(held.symbol)
    return {**head, **sections, "symbol": held.symbol, "catalogue": catalogue}


def _masthead(held: Document, paragraphs: list[Paragraph]) -> tuple[Paragraph | None, list[Paragraph]]:
    """Returns the title's block where the masthead shows it as printed, and all other blocks, in order. The
    organ stays in the text, for programs that take the article out of the page.
    """
    for at, paragraph in enumerate(paragraphs):
        if paragraph.part != "main" or paragraph.kind != Paragraph.Kind.HEADING:
            break
        if paragraph.role == "title" and paragraph.text == held.title:
            return paragraph, paragraphs[:at] + paragraphs[at + 1 :]
        if paragraph.role != "organ":
            break
    return None, paragraphs


@page
def document_text(request: HttpRequest, symbol: str) -> HttpResponse:
    """Shows the document as plain text: one paragraph to a line block, numbers as printed."""
    held = held_or_404(symbol)
    if held.symbol != symbol:
        return moved(request, f"{document_path(held.symbol)}.txt")
    paragraphs = list(held.paragraphs.order_by("position").with_mentions())
    reader = Reader(held, paragraphs)
    head = [held.symbol, request.build_absolute_uri(document_path(held.symbol))]
    pieces = ["\n".join(filter(None, [*head, recognized_in_words(held.ocr_confidence)]))]
    for paragraph in paragraphs:
        number = reader.block(paragraph).number
        pieces.append(f"{number}\t{paragraph.text}" if number else paragraph.text)
    return plain_text("\n\n".join(pieces) + "\n")


def _put_right(held: Document) -> dict[str, int]:
    """How many places of the body people put right: in its words, and in all else. What no longer fits, or
    was found right as it was read, is none.
    """
    told = [doubt["message"] for doubt in held.doubts]
    rows = [row for row in held.corrections.get(ROWS, []) if row["what"] in BLOCK_CORRECTIONS]
    changed = sum(not row.get("before") or row["before"] != row.get("after") for row in rows)
    reworded, unfit = (sum(words.startswith(of) for words in told) for of in (REWORDED, "correction of "))
    return {"reworded": reworded, "mended": max(0, changed - reworded - unfit)}


@page
def source(request: HttpRequest, symbol: str) -> HttpResponse:
    """Shows the source file as it came in, byte for byte. Never as a page: whatever it holds, nothing runs.

    Plain text is shown; any other file is only handed over to be kept. 410 where it holds words of a
    paragraph that the law forbids to show, as it stays out of bundles.
    """
    held = held_or_404(symbol)
    if held.symbol != symbol:
        return moved(request, f"{document_path(held.symbol)}/source")
    return _original(held, held.source)


@page
def second_original(request: HttpRequest, symbol: str, digest: str) -> HttpResponse:
    """Serves an original of the document by the first digits of its SHA-256, as ``source`` the first one."""
    held = held_or_404(symbol)
    if held.symbol != symbol:
        return moved(request, original_file_path(held.symbol, digest))
    if held.source.sha256.startswith(digest):
        return _original(held, held.source)
    second = held.second_originals.filter(source__sha256__startswith=digest).select_related("source").first()
    if second is None:
        raise Http404(_("这份文件没有这样的原件。"))
    return _original(held, second.source)


def _original(held: Document, original: SourceFile) -> HttpResponse:
    content = bytes(original.content)
    # A bundle does not hand it on: an archive that was restored from it has nothing in its place.
    withheld = IssuedText.objects.of(held).filter(withheld=True).values_list("text", flat=True)
    if not content or shows_withheld(content, withheld):
        return plain_text(_("这份来源文件里有依法不予显示的文字，不提供。"), 410)
    return handed_over(content, original.name)


def handed_over(content: bytes, name: str) -> HttpResponse:
    """The bytes of a stranger's file, which run nothing: text is shown, all else is to be kept."""
    kind = format_of(content)
    row = BY_NAME.get("text" if kind == "empty" else kind)
    response = HttpResponse(content, content_type=row.media_type if row and not row.runs else BYTES)
    name = name.replace("\\", "_").replace("/", "_")
    how = "inline" if kind in INLINE else "attachment"
    response["Content-Disposition"] = f"{how}; filename*=UTF-8''{quote(name, safe='')}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@answers(Dropped)
@page
def dropped(request: HttpRequest, symbol: str, twin: bool = False) -> HttpResponseBase:
    """Shows the lines of the source that are not body text, each with its reason."""
    held = held_or_404(symbol)
    if held.symbol != symbol:
        return moved(request, f"{document_path(held.symbol)}/dropped{ending(twin)}")
    listing = paginate(request, held.dropped_lines.order_by("line", "pk"), DROPPED_PER_PAGE)
    lines = list(listing.items)
    return respond(
        request,
        "archive/dropped.html",
        {"document": held, "listing": listing, "lines": lines},
        lambda: Dropped(symbol=held.symbol, page=listing, dropped=list(map(DroppedLine.from_row, lines))),
        twin,
        table=lambda: tables.dropped_lines(held, held.dropped_lines.order_by("line", "pk")),
    )


# The contents list of a document: its parts, headings and speakers, with the numbers they cover.

DEEPEST = 2
DEEPEST_WITH_SPEECHES = 3
SPEECH = 8


@dataclass(slots=True)
class Entry:
    """One line of the contents. ``first`` and ``last`` are the official numbers below it, or empty."""

    anchor: str
    title: str
    depth: int
    where: str = ""
    first: str = ""
    last: str = ""
    entries: list[Entry] = field(default_factory=list)

    @property
    def numbers(self) -> str:
        return self.first if self.first == self.last else f"{self.first}–{self.last}"


def contents(document: Document, paragraphs: Sequence[Paragraph]) -> list[Entry]:
    """Returns the contents of ``paragraphs`` (in order); empty where there is nothing to choose.

    It is nested two deep, with speeches three. Each part of a document that has annexes is an entry of its
    own, and a speech is an entry below its heading.
    """
    several = len({paragraph.part for paragraph in paragraphs}) > 1
    top: list[Entry] = []
    open_entries: list[Entry] = []
    part, turn, base = None, None, _first_level(paragraphs)
    for paragraph in paragraphs:
        if several and paragraph.part != part:
            part, turn = paragraph.part, None
            label = read_part_label(paragraph.text) if paragraph.role == "annex_label" else None
            name = label.words if label and not reads_english() else part_name(part)
            name = name or document.get_document_type_display()
            open_entries = [_add(top, [], Entry(paragraph.anchor, name, 0))]
            base = _first_level([p for p in paragraphs if p.part == part])
        if _is_heading(paragraph):
            turn = None
            depth = min(max((paragraph.level or base) - base, 0) + several, SPEECH - 1)
            title = f"{paragraph.number}　{paragraph.text}" if paragraph.number else paragraph.text
            if paragraph.role == "submitter":
                title = name_in_words(title)
            entry = Entry(paragraph.anchor, title.replace("\n", ""), depth)
            open_entries = [other for other in open_entries if other.depth < depth]
            open_entries.append(_add(top, open_entries, entry))
        elif paragraph.speaker_name and _key(paragraph) != turn:
            turn = _key(paragraph)
            open_entries = [other for other in open_entries if other.depth < SPEECH]
            speaker = person_in_words(paragraph.speaker_name, paragraph.speaker_honorific)
            entry = Entry(paragraph.anchor, speaker, SPEECH, _whence(paragraph))
            open_entries.append(_add(top, open_entries, entry))
        _count(paragraph, open_entries)
    spoken = any(paragraph.speaker_name for paragraph in paragraphs)
    deepest = DEEPEST_WITH_SPEECHES if spoken else DEEPEST
    return _pruned(top, deepest) if len(top) > 1 or (top and top[0].entries) else []


def _add(top: list[Entry], above: Sequence[Entry], entry: Entry) -> Entry:
    (above[-1].entries if above else top).append(entry)
    return entry


def _count(paragraph: Paragraph, open_entries: Sequence[Entry]) -> None:
    official = paragraph.kind in (Paragraph.Kind.PARAGRAPH, Paragraph.Kind.OPERATIVE)
    if official and paragraph.number:
        for entry in open_entries:
            entry.first = entry.first or paragraph.number
            entry.last = paragraph.number


def _pruned(entries: list[Entry], depth: int) -> list[Entry]:
    for entry in entries:
        entry.entries = _pruned(entry.entries, depth - 1) if depth > 1 else []
    return entries


def _is_heading(paragraph: Paragraph) -> bool:
    if paragraph.kind != Paragraph.Kind.HEADING or paragraph.role in TITLE_ROLES | COVER_ROLES:
        return False
    return paragraph.anchor != paragraph.part and paragraph.role != "subtitle"


def _first_level(paragraphs: Sequence[Paragraph]) -> int:
    return min((p.level for p in paragraphs if p.level and _is_heading(p)), default=1)


def _key(paragraph: Paragraph) -> tuple[str, str, str]:
    return (paragraph.speaker_name, paragraph.speaker_honorific, paragraph.speaker_delegation)


def _whence(paragraph: Paragraph) -> str:
    whence = paragraph.speaker_delegation or paragraph.speaker_capacity
    return "" if whence == paragraph.speaker_name + paragraph.speaker_honorific else name_in_words(whence)
