"""Which pages may not be shown because words stand on them that law forbids to show."""

from __future__ import annotations

from collections.abc import Collection

from archive.models import Document, IssuedText, SourceFile
from archive.withholding.words import shows_withheld

from .places import Places, has_pages


def paged_original(document: Document) -> str | None:
    """The SHA-256 of the original whose pages stand beside the text: the first one, or else a second one that
    has pages; None where none has.
    """
    if has_pages(bytes(document.source.content)):
        return document.source.sha256
    seconds = document.second_originals.offered().filter(format="pdf")
    in_order = seconds.order_by("source__name", "source__sha256")
    return in_order.values_list("source__sha256", flat=True).first()


def blocked_pages(sha256: str, places: Places) -> Collection[int]:
    """The pages, from 1, of an original on which a withheld paragraph of its document stands.

    All pages where it is in the file and nobody knows on which page. Asked at every request, so that an image
    that is still there is not served.
    """
    symbols = Document.objects.with_original(sha256).values("symbol")
    rows = IssuedText.objects.filter(withheld=True, symbol__in=symbols)
    blocked: set[int] = set()
    unknown = []
    for anchor, words, text in rows.values_list("anchor", "fingerprint", "text"):
        if place := places.of(anchor, words):
            blocked.update(range(place.pages[0], place.pages[-1] + 1))
        else:
            unknown.append(text)
    if unknown and _in_source(sha256, unknown):
        return range(1, len(places.sheets) + 1)
    return blocked


def _in_source(sha256: str, texts: list[str]) -> bool:
    source = SourceFile.objects.filter(sha256=sha256).first()
    # A text whose words the archive does not have (restored from a bundle) is compared with nothing.
    return not all(texts) or source is None or shows_withheld(bytes(source.content), texts)
