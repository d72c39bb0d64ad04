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


def coverage(figures: Mapping) -> site.Figures:
    """The figures of ``reads.coverage`` as they are."""
    return site.Figures(**figures)


def document_line(document: Document) -> lists.DocumentLine:
    """A document in a list."""
    return lists.DocumentLine.from_row(
        document,
        url=document_path(document.symbol),
        paragraphs=document.paragraph_count,
        cited_by=document.cited_by_count,
    )


def document_facts(document: Document) -> passages.DocumentFacts:
    """The ``document`` object of the parser's output, with what the archive adds."""
    return passages.DocumentFacts.from_row(
        document,
        state=document.state.alpha3 if document.state else None,
        url=document_path(document.symbol),
        source=passages.Source.from_row(document.source),
        second_originals=[
            passages.SecondOriginal.from_row(one, url=one.address) for one in second_originals(document)
        ],
    )


def paragraph(
    block: Paragraph, symbol: str, parents: Mapping[int, Paragraph] | None = None
) -> passages.Paragraph:
    """A block in the shape of the parser's output, with its address and fingerprint."""
    return passages.Paragraph.from_row(block, **_facts(block, symbol, parents))


def named_paragraph(
    block: Paragraph, symbol: str, parents: Mapping[int, Paragraph], name: str
) -> passages.NamedParagraph:
    """The same with its ``name`` in words."""
    return passages.NamedParagraph.from_row(block, **_facts(block, symbol, parents), name=name)


def _facts(block: Paragraph, symbol: str, parents: Mapping[int, Paragraph] | None) -> dict[str, Any]:
    parent = (parents or {}).get(block.parent_id or 0)
    return {
        "parent": parent.anchor if parent else None,
        "url": paragraph_path(symbol, block.anchor),
        "permalink": paragraph_path(symbol, block.anchor, block.fingerprint),
        "speaker": _speaker(block),
        "submitter": _submitter(block),
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
        passages.Mention.from_row(
            mention,
            anchor=block.anchor,
            paragraph=mention.pinpoint or None,
            held=mention.target_id is not None,
            url=document_path(mention.symbol),
        )
        for block in blocks
        for mention in block.mentions_in_order
    ]


def bodies(blocks: Iterable[Paragraph]) -> list[passages.BodyMention]:
    """The bodies that blocks name, in the shape of the parser's output."""
    return [
        passages.BodyMention.from_row(
            mention,
            anchor=block.anchor,
            body=mention.body.name,
            unconfirmed=mention.body.unconfirmed,
            url=body_path(mention.body.slug),
        )
        for block in blocks
        for mention in block.body_mentions_in_order
    ]


def treaty_line(treaty: Treaty) -> lists.TreatyLine:
    """A treaty in a list, ``with_figures``."""
    return lists.TreatyLine.from_row(treaty, url=treaty_path(treaty.slug), **_counts(treaty))


def treaties(blocks: Iterable[Paragraph]) -> list[passages.TreatyMention]:
    """The treaties that blocks name, in the shape of the parser's output."""
    return [
        passages.TreatyMention.from_row(
            named, anchor=block.anchor, treaty=named.treaty.slug, url=treaty_path(named.treaty.slug)
        )
        for block in blocks
        for named in block.treaty_mentions_in_order
    ]


def own_references(blocks: Iterable[Paragraph]) -> list[passages.OwnReference]:
    """Where blocks name paragraphs of their own document, in the shape of the parser's output."""
    return [
        passages.OwnReference.from_row(
            own,
            anchor=block.anchor,
            paragraph=own.anchor,
            target=own.target_paragraph.anchor if own.target_paragraph else None,
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
    return lists.ResolutionLine.from_row(
        row, url=document_path(row.symbol), name=short_symbol(row.symbol), **_counts(row)
    )


def _counts(row: Resolution | Body | State | Treaty) -> dict[str, int]:
    return {"paragraphs": row.paragraph_count, "documents": row.document_count}


def dropped_lines(lines: Iterable[DroppedLine]) -> list[passages.DroppedLine]:
    """Lines of the source that are no text of the body."""
    return [passages.DroppedLine.from_row(line) for line in lines]


def body_line(body: Body) -> lists.BodyLine:
    """A body in a list; with counts where they were asked for."""
    if hasattr(body, "paragraph_count"):
        return counted_body(body)
    return lists.BodyLine.from_row(body, url=body_path(body.slug))


def counted_body(body: Body) -> lists.CountedBody:
    return lists.CountedBody.from_row(body, url=body_path(body.slug), **_counts(body))


def state_line(state: State) -> lists.StateLine:
    """A State in a list: paragraphs in which it speaks or replies, and documents."""
    return lists.StateLine.from_row(state, url=state_path(state.alpha3), **_counts(state))


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
