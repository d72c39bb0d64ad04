"""Matching printed names with States and bodies again, after the reference data has changed."""

from __future__ import annotations

from django.utils import timezone

from archive.bulk import batched
from archive.models import Document, Paragraph
from archive.summaries import one_act
from archive.text.symbols import Symbol, SymbolError

from .names import Names


@one_act()
def relink_names() -> int:
    """Match all senders, organs, delegations and submitters anew; returns how many rows changed."""
    names = Names()
    documents = [document for document in Document.objects.all() if _relink_document(document, names)]
    paragraphs = [row for row in _spoken_paragraphs() if _relink_paragraph(row, names)]
    Document.objects.bulk_update(documents, ["state", "body", "organ_body"], batch_size=200)
    Paragraph.objects.bulk_update(paragraphs, ["state", "body"], batch_size=200)
    touched = {document.pk for document in documents} | {row.document_id for row in paragraphs}
    for batch in batched(sorted(touched)):
        Document.objects.filter(pk__in=batch).update(changed=timezone.now())
    return len(documents) + len(paragraphs)


def _spoken_paragraphs() -> list[Paragraph]:
    return list(Paragraph.objects.exclude(speaker_delegation="", submitter_name="").defer("text"))


def _relink_document(document: Document, names: Names) -> bool:
    before = document.state_id, document.body_id, document.organ_body_id
    link_document(document, names)
    return before != (document.state_id, document.body_id, document.organ_body_id)


def _relink_paragraph(row: Paragraph, names: Names) -> bool:
    before = row.state_id, row.body_id
    link_paragraph(row, names)
    return before != (row.state_id, row.body_id)


def link_document(document: Document, names: Names) -> None:
    """Set who sent and who issued ``document``, as rows. Does not save."""
    document.state, document.body = names.sender(document.sender)
    document.organ_body = names.body(document.organ) or names.body(_organ_of_symbol(document.symbol))


def _organ_of_symbol(symbol: str) -> str | None:
    """The organ that a symbol tells: 大会 alone is a name of several bodies, A/74/140 is of one."""
    try:
        return Symbol.parse(symbol).organ
    except SymbolError:
        return None


def link_paragraph(row: Paragraph, names: Names) -> None:
    """Set the State or body that speaks or replies in a paragraph, as rows. Does not save."""
    named = row.speaker_delegation or row.submitter_name
    row.state = names.state(named)
    row.body = None if row.state else names.body(named)
