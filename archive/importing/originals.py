"""The originals of a document: the file its text is from, and those that came in other formats beside it."""

from __future__ import annotations

from collections.abc import Iterable

from archive.models import Document, IssuedText, SecondOriginal, SourceFile
from archive.readers import format_of
from archive.withholding.words import shows_withheld


def keep_beside(document: Document, source: SourceFile) -> bool:
    """Keep ``source``, which is another file of ``document``, as its second original, byte for byte; returns
    whether it was not one before.

    It takes the place of an earlier one of its name, which stays for its address alone. A file that shows
    words withheld from other documents is not kept: what is withheld of this one is asked whenever the file
    is.
    """
    if source.sha256 == document.source.sha256:
        return False
    content = bytes(source.content)
    elsewhere = IssuedText.objects.filter(withheld=True).exclude(
        symbol=document.symbol, language=document.language
    )
    if shows_withheld(content, elsewhere.values_list("text", flat=True)):
        return False
    _second, new = SecondOriginal.objects.get_or_create(
        document=document, source=source, defaults={"format": format_of(content)}
    )
    return new


def seconds_as_facts(document: Document) -> list[list[int | str]]:
    """The second originals as plain values, [number of the source, format], for a document that goes."""
    return [[second.source_id, second.format] for second in document.second_originals.all()]


def bring_back_seconds(document: Document, facts: Iterable[tuple[int, str]]) -> None:
    """What ``seconds_as_facts`` told, for the document that comes back."""
    for source, format_ in facts:
        if SourceFile.objects.filter(pk=source).exists():
            SecondOriginal.objects.get_or_create(
                document=document, source_id=source, defaults={"format": format_}
            )
