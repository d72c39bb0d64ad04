"""What several JSON twins of pages tell. What is unknown is null."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from archive.http.addresses import (
    body_path,
    document_path,
    original_file_path,
    paragraph_path,
    state_path,
    treaty_path,
)
from archive.models import Body, Document, DroppedLine, Paragraph, Resolution, State, Treaty
from archive.readers import format_of
from archive.schemas import lists, passages, site
from archive.text.serialize import cells_as_json

from .wording import short_symbol

FACTS = (
    "title", "document_type", "organ", "language", "date", "communication_date", "meeting_date", "year",
    "original_language", "job_number", "session", "agenda_item", "meeting", "place", "chair", "sender",
    "addressee", "distribution", "provenance",
)  # fmt: skip


def coverage(figures: Mapping) -> site.Figures:
    """The figures of ``reads.coverage`` as they are."""
    return site.Figures(**figures)


def document_line(document: Document) -> lists.DocumentLine:
    """A document in a list."""
    return lists.DocumentLine(
        url=document_path(document.symbol),
        symbol=document.symbol,
        title=document.title or None,
        document_type=document.document_type,
        date=document.date,
        communication_date=document.communication_date,
        meeting_date=document.meeting_date,
        year=document.year,
        paragraphs=document.paragraph_count,
        cited_by=document.cited_by_count,
    )


def document_facts(document: Document) -> passages.DocumentFacts:
    """The ``document`` object of the parser's output, with what the archive adds."""
    facts = {name: getattr(document, name) or None for name in FACTS}
    return passages.DocumentFacts(
        symbol=document.symbol,
        **facts,
        state=document.state.alpha3 if document.state else None,
        url=document_path(document.symbol),
        source=passages.Source(name=document.source.name, sha256=document.source.sha256),
        second_originals=[
            passages.SecondOriginal(name=one.name, sha256=one.sha256, format=one.format, url=one.address)
            for one in second_originals(document)
        ],
        parser_version=document.parser_version,
        imported=document.imported,
        changed=document.changed,
    )


def paragraph(
    block: Paragraph, symbol: str, parents: Mapping[int, Paragraph] | None = None
) -> passages.Paragraph:
    """A block in the shape of the parser's output, with its address and fingerprint."""
    return passages.Paragraph(**_facts(block, symbol, parents))


def named_paragraph(
    block: Paragraph, symbol: str, parents: Mapping[int, Paragraph], name: str
) -> passages.NamedParagraph:
    """The same with its ``name`` in words."""
    return passages.NamedParagraph(**_facts(block, symbol, parents), name=name)


def _facts(block: Paragraph, symbol: str, parents: Mapping[int, Paragraph] | None) -> dict[str, Any]:
    parent = (parents or {}).get(block.parent_id or 0)
    return {
        "anchor": block.anchor,
        "kind": block.kind,
        "number": block.number or None,
        "parent": parent.anchor if parent else None,
        "part": block.part,
        "role": block.role or None,
        "level": block.level,
        "text": block.text,
        "fingerprint": block.fingerprint,
        "url": paragraph_path(symbol, block.anchor),
        "permalink": paragraph_path(symbol, block.anchor, block.fingerprint),
        "speaker": _speaker(block),
        "turn": block.turn,
        "transmitted": block.transmitted,
        "ocr_confidence": block.ocr_confidence,
        "submitter": _submitter(block),
        "notes": block.notes,
        **{
            name: [passages.Cell(**cell) for cell in cells]
            for name, cells in cells_as_json(block.kind, block.anchor, block.text).items()
        },
    }


def _speaker(block: Paragraph) -> passages.Speaker | None:
    if not block.speaker_name:
        return None
    names = passages.Speaker.__struct_fields__
    return passages.Speaker(**{name: getattr(block, f"speaker_{name}") or None for name in names})


def _submitter(block: Paragraph) -> passages.Submitter | None:
    if not block.submitter_name:
        return None
    names = passages.Submitter.__struct_fields__
    return passages.Submitter(**{name: getattr(block, f"submitter_{name}") or None for name in names})


def mentions(blocks: Iterable[Paragraph]) -> list[passages.Mention]:
    """The mentions of blocks, in the shape of the parser's output."""
    return [
        passages.Mention(
            anchor=block.anchor,
            start=mention.start,
            end=mention.end,
            surface=mention.surface,
            symbol=mention.symbol,
            paragraph=mention.pinpoint or None,
            certain=mention.certain,
            relation=mention.relation or None,
            relation_start=mention.relation_start,
            relation_end=mention.relation_end,
            held=mention.target_id is not None,
            url=document_path(mention.symbol),
        )
        for block in blocks
        for mention in block.mentions_in_order
    ]


def bodies(blocks: Iterable[Paragraph]) -> list[passages.BodyMention]:
    """The bodies that blocks name, in the shape of the parser's output."""
    return [
        passages.BodyMention(
            anchor=block.anchor,
            start=mention.start,
            end=mention.end,
            surface=mention.surface,
            body=mention.body.name,
            form=mention.form,
            unconfirmed=mention.body.unconfirmed,
            url=body_path(mention.body.slug),
        )
        for block in blocks
        for mention in block.body_mentions_in_order
    ]


def treaty_line(treaty: Treaty) -> lists.TreatyLine:
    """A treaty in a list, ``with_figures``."""
    return lists.TreatyLine(
        slug=treaty.slug,
        url=treaty_path(treaty.slug),
        name=treaty.name,
        english=treaty.english or None,
        acronym=treaty.acronym or None,
        aliases=treaty.aliases,
        signed=treaty.signed or None,
        paragraphs=treaty.paragraph_count,
        documents=treaty.document_count,
    )


def treaties(blocks: Iterable[Paragraph]) -> list[passages.TreatyMention]:
    """The treaties that blocks name, in the shape of the parser's output."""
    return [
        passages.TreatyMention(
            anchor=block.anchor,
            start=named.start,
            end=named.end,
            surface=named.surface,
            treaty=named.treaty.slug,
            article=named.article or None,
            url=treaty_path(named.treaty.slug),
        )
        for block in blocks
        for named in block.treaty_mentions_in_order
    ]


def own_references(blocks: Iterable[Paragraph]) -> list[passages.OwnReference]:
    """Where blocks name paragraphs of their own document, in the shape of the parser's output."""
    return [
        passages.OwnReference(
            anchor=block.anchor,
            start=own.start,
            end=own.end,
            surface=own.surface,
            paragraph=own.anchor,
            target=own.target_paragraph.anchor if own.target_paragraph else None,
            doubt=own.doubt or None,
        )
        for block in blocks
        for own in block.own_references_in_order
    ]


def document(
    held: Document,
    blocks: Sequence[Paragraph],
    dropped: Iterable[DroppedLine],
    cited_by: int,
    revision: int | None,
) -> passages.Document:
    """The whole document: DESIGN's shape of ``parse_document``, with keys added. ``revision``: that at which
    its rows last changed.
    """
    by_id = {block.pk: block for block in blocks}
    return passages.Document(
        document=document_facts(held),
        revision=revision,
        paragraphs=[paragraph(block, held.symbol, by_id) for block in blocks],
        mentions=mentions(blocks),
        bodies=bodies(blocks),
        treaties=treaties(blocks),
        own_references=own_references(blocks),
        dropped=dropped_lines(dropped),
        doubts=held.doubts,
        cited_by=passages.Citations(paragraphs=cited_by, url=f"{document_path(held.symbol)}/cited-by.json"),
    )


def resolution(row: Resolution) -> lists.ResolutionLine:
    """A resolution of the family, with how many paragraphs and documents cite it."""
    return lists.ResolutionLine(
        url=document_path(row.symbol),
        symbol=row.symbol,
        name=short_symbol(row.symbol),
        adopted=row.adopted,
        meeting=row.meeting,
        summary=row.summary,
        paragraphs=row.paragraph_count,
        documents=row.document_count,
    )


def dropped_lines(lines: Iterable[DroppedLine]) -> list[passages.DroppedLine]:
    """Lines of the source that are no text of the body."""
    return [passages.DroppedLine(line=line.line, text=line.text, reason=line.reason) for line in lines]


def body_line(body: Body) -> lists.BodyLine:
    """A body in a list; with counts where they were asked for."""
    return counted_body(body) if hasattr(body, "paragraph_count") else lists.BodyLine(**body_facts(body))


def counted_body(body: Body) -> lists.CountedBody:
    facts = body_facts(body)
    return lists.CountedBody(**facts, paragraphs=body.paragraph_count, documents=body.document_count)


def body_facts(body: Body) -> dict[str, Any]:
    """What is told of a body everywhere, as ``lists.BodyLine`` names it."""
    return {
        "url": body_path(body.slug),
        "slug": body.slug,
        "name": body.name,
        "english": body.english or None,
        "acronym": body.acronym or None,
        "provisional": body.provisional,
        "unconfirmed": body.unconfirmed,
    }


def state_line(state: State) -> lists.StateLine:
    """A State in a list: paragraphs in which it speaks or replies, and documents."""
    return lists.StateLine(
        url=state_path(state.alpha3),
        alpha3=state.alpha3,
        name=state.name,
        official_name=state.official_name,
        english=state.english,
        paragraphs=state.paragraph_count,
        documents=state.document_count,
    )


# The originals of a document as readers are offered them: that of the text, and others beside it.


@dataclass(frozen=True, slots=True)
class Original:
    """A file of a document. ``format`` is a word of ``archive.text.sidecar.FORMATS``."""

    name: str
    sha256: str
    format: str
    address: str

    @property
    def label(self) -> str:
        """原件（Word）, 原件（PDF）."""
        kinds = {
            "docx": "Word",
            "doc": "Word",
            "odt": "OpenDocument",
            "rtf": "RTF",
            "pdf": "PDF",
            "html": _("网页"),
            "mhtml": _("网页"),
            "text": _("纯文本"),
        }
        return _("原件（%(kind)s）") % {"kind": kinds.get(self.format, self.format)}


def second_originals(held: Document) -> list[Original]:
    """Those beside the file that the text is from; one query, which reads no file."""
    rows = held.second_originals.offered().order_by("format", "source__name", "source__sha256")
    return [
        Original(name, sha256, format_, original_file_path(held.symbol, sha256))
        for name, sha256, format_ in rows.values_list("source__name", "source__sha256", "format")
    ]


def originals(held: Document) -> list[Original]:
    """All of them, that of the text first, where there are several; else none."""
    if not (seconds := second_originals(held)):
        return []
    first = held.source
    address = f"{document_path(held.symbol)}/source"
    return [Original(first.name, first.sha256, format_of(bytes(first.content)), address), *seconds]
