"""Images of pages as copies of the archive's words: those that show withheld ones are removed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from archive.models import Document, IssuedText
from archive.withholding.register import Producer
from archive.withholding.words import Forbidden

from .gate import blocked_pages
from .making import remove_unused, unfinished_images, unused_sources
from .places import FOLDER, folder_of, image_of, read_places


def producer() -> Producer:
    return Producer("page_images", lambda: _("原件页面的图像"), holds, remove, owns)


def owns(path: Path) -> bool:
    return path.parts[0] == FOLDER


def holds(words: Forbidden | None) -> Sequence[str]:
    """Images of pages on which a withheld paragraph stands, and those of documents no longer held, while
    anything is withheld. An image is told by its page, with ``words`` or without.
    """
    if not IssuedText.objects.filter(withheld=True).exists():
        return []
    left = [*_blocked(), *map(folder_of, unused_sources()), *unfinished_images(_withheld_sources())]
    return [str(path.relative_to(settings.DATA_DIR)) for path in left]


def remove() -> None:
    for path in list(_blocked()):
        path.unlink(missing_ok=True)
    remove_unused()


def _withheld_sources() -> list[str]:
    """The sources (SHA-256) of documents of which something is withheld."""
    withheld = IssuedText.objects.filter(withheld=True).values("symbol")
    sources = Document.objects.filter(symbol__in=withheld).values_list("source__sha256", flat=True)
    return sorted(set(sources))


def _blocked() -> Iterator[Path]:
    for sha256 in _withheld_sources():
        places = read_places(sha256)
        if places is not None:
            images = (image_of(sha256, page) for page in blocked_pages(sha256, places))
            yield from (path for path in images if path.exists())
        elif folder_of(sha256).exists():  # nobody knows what stands on them
            yield from sorted(folder_of(sha256).iterdir())
