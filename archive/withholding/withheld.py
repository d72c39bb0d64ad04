"""What is withheld now, read from the history: the words, and the addresses where they were once shown."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from itertools import chain

from django.db.models import CharField, Q, TextField

from archive.models import Body, Document, DroppedLine, IssuedText, Paragraph, RetiredDocument

from .words import Forbidden

AT_ONCE = 2000
# What is known of a document that holds none of its words: all that goes on being told of a withheld one.
WORDLESS = frozenset(
    ("alias", "anchors", "source", "source_sha256", "parsed_symbol", "withheld_before")
    + ("document_type", "date", "communication_date", "meeting_date", "original_language")
)


def withheld_state() -> str:
    """A mark that is another as soon as another text is withheld, or one no longer is; one query.

    A copy that carries it was made of the archive without these very words.
    """
    rows = (
        IssuedText.objects.filter(withheld=True)
        .order_by("symbol", "language", "anchor", "fingerprint")
        .values_list("symbol", "language", "anchor", "fingerprint")
        .distinct()
    )
    return digest_of(rows)


def anything_withheld() -> bool:
    """Whether any words of the archive are withheld now; one query."""
    texts = IssuedText.objects.filter(withheld=True).values("symbol")
    return texts.union(RetiredDocument.objects.filter(withheld=True, lifted=None).values("symbol")).exists()


def digest_of(rows: Iterable[tuple[str, ...]]) -> str:
    """The mark of withheld (symbol, language, anchor, fingerprint), in their order; empty of none."""
    digest, some = hashlib.sha256(), False
    for row in rows:
        some = True
        digest.update("\n".join((*row, "")).encode())
    return digest.hexdigest()[:16] if some else ""


def forbidden_words(besides: tuple[Document, int] | None = None) -> Forbidden:
    """Every run of characters that is withheld and public nowhere. Reads the whole archive where any is.

    ``besides``: a document, and the revision of the act that stores it: what it shows since does not count.
    """
    texts = list(IssuedText.objects.filter(withheld=True).values_list("text", flat=True))
    for facts in RetiredDocument.objects.filter(withheld=True, lifted=None).values_list("facts", flat=True):
        known = (value for name, value in facts.items() if name not in WORDLESS)
        texts += [value for value in known if isinstance(value, str)]
    return Forbidden(texts, _public_texts(besides)) if texts else Forbidden(())


def _public_texts(besides: tuple[Document, int] | None) -> Iterator[str]:
    """Everything of documents that is shown to everybody."""
    documents, own = Document.objects.all(), Q()
    history = IssuedText.objects.filter(withheld=False)
    if besides:
        document, revision = besides
        documents, own = documents.exclude(pk=document.pk), Q(document=document.pk)
        history = history.exclude(symbol=document.symbol, language=document.language, since_revision=revision)
    yield from Paragraph.objects.exclude(own).values_list("text", flat=True).iterator(AT_ONCE)
    yield from history.values_list("text", flat=True).iterator(AT_ONCE)
    yield from DroppedLine.objects.exclude(own).values_list("text", flat=True).iterator(AT_ONCE)
    yield from Body.objects.values_list("name", flat=True)
    columns = [
        field.name for field in Document._meta.concrete_fields if isinstance(field, CharField | TextField)
    ]
    rows = documents.values_list(*columns).iterator(AT_ONCE)
    yield from filter(None, chain.from_iterable(rows))
