"""Makes the images of a source's pages, and removes those of sources no longer shown."""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext_lazy

from archive.models import Document, IssuedText
from archive.readers import NotReadableError, Source
from archive.readers.pool import draw_pages
from archive.store import derived
from archive.store.database.bulk import batched
from archive.store.withholding.register import Producer
from archive.store.withholding.words import Forbidden
from archive.text.parsed import ParsedDocument

from .places import (
    CHANGED,
    ENDING,
    FOLDER,
    PLACES,
    Places,
    blocked_pages,
    folder_of,
    image_of,
    places_in,
    places_of,
    read_places,
)

MOST_PAGES = 500
MOST_BYTES = 100_000_000  # of the images of one source
AT_ONCE = 10  # pages that a child draws before its time is counted anew
log = logging.getLogger(__name__)


def make_images(content: bytes, read: Source, parsed: ParsedDocument, *, anew: bool = False) -> int:
    """Renders the page images of a source, if there are none, and writes the positions of its paragraphs.

    ``read`` is the reader's result for ``content``, and ``parsed`` the parser's; ``anew`` redraws existing
    images. Returns the number of pages drawn. Images are optional: a failure is logged, and the import
    stands.
    """
    if not read.sheets:
        return 0
    sha256 = hashlib.sha256(content).hexdigest()
    places = places_in(read, parsed)
    there = read_places(sha256)
    wanted = _wanted(sha256, places)
    lying = set() if anew or there is None else derived.names_in(folder_of(sha256))
    missing = [page for page in wanted if f"{page}{ENDING}" not in lying]
    if there == places and not missing:
        return 0
    try:
        _mark_change()
        if there != places:  # where paragraphs stand is told when all is there
            derived.derived().delete(places_of(sha256))
        drawn = _draw(content, places, missing, sha256)
        if there != places:
            derived.write(places_of(sha256), places.as_json().encode())
        for page in blocked_pages(sha256, places):  # withheld since then
            derived.derived().delete(image_of(sha256, page))
        remove_images(sha256)  # the document may have been withdrawn meanwhile
        _mark_change()
    except OSError:
        log.warning("the images of the pages of %s could not be written", sha256, exc_info=True)
        return 0
    return drawn


def _wanted(sha256: str, places: Places) -> list[int]:
    blocked = blocked_pages(sha256, places)
    return [page for page in range(1, min(len(places.sheets), MOST_PAGES) + 1) if page not in blocked]


def _draw(content: bytes, places: Places, pages: Iterable[int], sha256: str) -> int:
    size = drawn = 0
    for some in batched(pages, AT_ONCE):
        try:
            images = draw_pages(content, [(page, places.sheets[page - 1][2]) for page in some])
        except NotReadableError as error:
            log.warning("pages %d to %d could not be drawn: %s", some[0], some[-1], error.code)
            break
        blocked = blocked_pages(sha256, places)  # withheld while they were drawn
        for page, image in zip(some, images, strict=True):
            if page in blocked:
                continue
            size += len(image)
            if size > MOST_BYTES:
                log.warning("pages from %d are not drawn: the images are too large together", page)
                return drawn
            derived.write(image_of(sha256, page), image)
            drawn += 1
    return drawn


def remove_images(sha256: str) -> None:
    """Removes the images of a source that no document shows any more."""
    if not Document.objects.with_original(sha256).exists():
        derived.remove_folder(folder_of(sha256), last=PLACES)
        _mark_change()


def unused_sources() -> list[str]:
    """Returns the sources (SHA-256) that have images and that no document shows."""
    names = derived.folders_in(FOLDER)
    held = Document.objects.digests_of_originals() if names else ()
    return sorted(names.difference(held))


def remove_unused() -> int:
    """Removes the images of these sources; returns how many they were."""
    unused = unused_sources()
    for name in unused:
        derived.remove_folder(folder_of(name), last=PLACES)
    if unused:
        _mark_change()
    return len(unused)


def _mark_change() -> None:
    """Pages that were made before show images that are no more, or none where there are some."""
    derived.write(CHANGED, secrets.token_hex(8).encode())


# Images of pages as copies of the archive's words: those that show withheld ones are removed.


def holds(words: Forbidden | None) -> Sequence[str]:
    """Lists the images of pages with a withheld paragraph, and of documents no longer held, while anything is
    withheld. An image is judged by its page, with or without ``words``.
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
    """Returns the sources (SHA-256) of documents of which something is withheld."""
    withheld = IssuedText.objects.filter(withheld=True).values("symbol")
    return sorted(Document.objects.filter(symbol__in=withheld).digests_of_originals())


def _blocked() -> Iterator[str]:
    """Generates the files that show a withheld paragraph: single pages, or all of a source whose pages are
    unknown; and those of a killed run.
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


PRODUCER = Producer("page_images", gettext_lazy("原件页面的图像"), holds, remove)
