"""The golden file of citations: what every form says of the bundled documents, to be read by a person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from django.db import connection

from archive.intake.importing import read_source
from archive.intake.reference_data import load_reference_data
from archive.models import Document, Paragraph
from archive.site.citations.build import record_for
from archive.site.citations.forms import forms
from archive.site.citations.pinpoints import Ancestry
from archive.site.citations.record import Record
from archive.store.addresses.paths import document_path, paragraph_path
from archive.store.links.ranges import spell
from tests.tools.factories import taken_in

GOLDEN = Path(__file__).parents[1] / "golden" / "citations.txt"
SITE = "https://archive.example"
TODAY = dt.date(2026, 11, 21)


def record(document: Document, ends: list[Paragraph], parent_of: Ancestry | None = None) -> Record:
    """The record of a document, a paragraph or a range, as it was read on a fixed day."""
    if not ends:
        return record_for(document, link=SITE + document_path(document.symbol), accessed=TODAY)
    words = ends[0].fingerprint if len(ends) == 1 else "0123abcd"
    if len(ends) == 1:
        path = paragraph_path(document.symbol, ends[0].anchor, words)
    else:
        path = paragraph_path(document.symbol, spell(ends[0].anchor, ends[1].anchor), words)
    return record_for(document, ends, SITE + path, words, parent_of=parent_of, accessed=TODAY)


def records_of(document: Document) -> Iterator[Record]:
    """The document, the first block of each sort in it, and the range of the last two blocks of each sort."""
    blocks = list(document.paragraphs.order_by("position").select_related("state", "body"))
    by_key = {block.pk: block for block in blocks}
    sorts: dict[tuple, list[Paragraph]] = {}
    for block in blocks:
        sort = (block.part, block.kind, bool(block.number), bool(block.submitter_name))
        sorts.setdefault(sort, []).append(block)
    first = [same[:1] for same in sorts.values()]
    last = [same[-2:] for same in sorts.values() if len(same) > 1]
    for ends in [[], *first, *last]:
        yield record(document, ends, lambda block: by_key.get(block.parent_id))


def written(documents: list[Document]) -> str:
    """A heading for each place, a line for each form; the slow forms for the first three places."""
    lines = []
    for document in documents:
        for place, one in enumerate(records_of(document)):
            lines += [f"== {one.symbol} {one.place or '全文'}"]
            lines += [f"{key:<13} {text}" for key, text in forms(one, slow=place < 3).items()]
            lines += [""]
    return "\n".join(lines)


def write() -> bool:
    """Write the golden file anew from a database in memory; tell whether it changed."""
    connection.creation.create_test_db(verbosity=0)
    fixtures = Path(__file__).parents[2] / "fixtures"
    for _loaded in load_reference_data(fixtures):
        pass
    for path in sorted((fixtures / "documents").iterdir()):
        if path.suffix in (".txt", ".md"):
            taken_in(read_source(path))
    text = written(list(Document.objects.select_related("body", "state").order_by("symbol")))
    changed = not GOLDEN.exists() or GOLDEN.read_text("utf-8") != text
    GOLDEN.write_text(text, "utf-8")
    return changed
