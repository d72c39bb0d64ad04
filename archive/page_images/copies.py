"""Images of pages as copies of the archive's words: those that show withheld ones are removed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from archive import derived
from archive.models import Document, IssuedText
from archive.withholding.register import Producer
from archive.withholding.words import Forbidden

from .making import remove_unused, unused_sources
from .places import ENDING, FOLDER, PLACES, blocked_pages, folder_of, read_places


def producers() -> Iterator[Producer]:
    yield Producer("page_images", lambda: _("原件页面的图像"), holds, remove, owns)


def owns(path: Path) -> bool:
    return path.parts[0] == FOLDER


def holds(words: Forbidden | None) -> Sequence[str]:
    """Images of pages on which a withheld paragraph stands, and those of documents no longer held, while
    anything is withheld. An image is told by its page, with ``words`` or without.
    """
    if not IssuedText.objects.filter(withheld=True).exists():
        return []
    left = list(_blocked())
    for sha256 in unused_sources():
        left += [f"{folder_of(sha256)}/{name}" for name in sorted(derived.names_in(folder_of(sha256)))]
    return left


def remove() -> None:
    for name in list(_blocked()):
        derived.derived().delete(name)
    remove_unused()


def _withheld_sources() -> list[str]:
    """The sources (SHA-256) of documents of which something is withheld."""
    withheld = IssuedText.objects.filter(withheld=True).values("symbol")
    return sorted(Document.objects.filter(symbol__in=withheld).digests_of_originals())


def _blocked() -> Iterator[str]:
    """What shows a withheld paragraph; all of a source where nobody knows what stands on which page, and what
    was being written when a run was killed.
    """
    for sha256 in _withheld_sources():
        places = read_places(sha256)
        shown: set[str] = set()
        if places is not None:
            blocked = blocked_pages(sha256, places)
            pages = (page for page in range(1, len(places.sheets) + 1) if page not in blocked)
            shown = {PLACES, *(f"{page}{ENDING}" for page in pages)}
        lying = derived.names_in(folder_of(sha256))
        yield from (f"{folder_of(sha256)}/{name}" for name in sorted(lying - shown))
