"""Makes the images of a source's pages, whole or not at all, and removes those of sources no longer shown."""

from __future__ import annotations

import hashlib
import logging
import shutil
from collections.abc import Collection, Iterable
from pathlib import Path

from django.conf import settings

from archive.ingest.values import batched
from archive.models import Document
from archive.readers import NotReadableError, Source
from archive.readers.pool import draw_pages
from archive.text.parsed import ParsedDocument
from archive.workplace import MARK, building, sweep

from .gate import blocked_pages
from .places import FOLDER, PLACES, Places, folder_of, image_of, places_in, read_places

MOST_PAGES = 500
MOST_BYTES = 100_000_000  # of the images of one source
AT_ONCE = 10  # pages that a child draws before its time is counted anew
log = logging.getLogger(__name__)


def make_images(content: bytes, read: Source, parsed: ParsedDocument, *, anew: bool = False) -> int:
    """Make the images of the pages of a source, if there are none, and write where its paragraphs stand.

    ``read`` is what the reader made of ``content``, and ``parsed`` what the parser made of that; ``anew``
    draws also what is there. Returns how many pages were drawn. Images are an addition: where they cannot be
    made, that is logged, and the import stands.
    """
    if not read.sheets:
        return 0
    sha256 = hashlib.sha256(content).hexdigest()
    places = places_in(read, parsed)
    there = read_places(sha256)
    wanted = _wanted(sha256, places)
    missing = [page for page in wanted if anew or there is None or not image_of(sha256, page).exists()]
    if there == places and not missing:
        return 0
    target = folder_of(sha256)
    try:
        with building(target) as folder:
            kept = set(wanted) - set(missing)
            for page in kept:
                shutil.copyfile(image_of(sha256, page), folder / image_of(sha256, page).name)
            drawn = _draw(content, places, missing, folder)
            (folder / PLACES).write_text(places.as_json(), encoding="utf-8")
            folder.chmod(0o755)  # the service may run as another user than the import
            shutil.rmtree(target, ignore_errors=True)
            folder.rename(target)
        for page in blocked_pages(sha256, places):  # withheld while they were drawn
            image_of(sha256, page).unlink(missing_ok=True)
    except OSError:
        log.warning("the images of the pages of %s could not be written", sha256, exc_info=True)
        return 0
    return drawn


def _wanted(sha256: str, places: Places) -> list[int]:
    blocked = blocked_pages(sha256, places)
    return [page for page in range(1, min(len(places.sheets), MOST_PAGES) + 1) if page not in blocked]


def _draw(content: bytes, places: Places, pages: Iterable[int], folder: Path) -> int:
    size = drawn = 0
    for some in batched(pages, AT_ONCE):
        try:
            images = draw_pages(content, [(page, places.sheets[page - 1][2]) for page in some])
        except NotReadableError as error:
            log.warning("pages %d to %d could not be drawn: %s", some[0], some[-1], error.code)
            break
        for page, image in zip(some, images, strict=True):
            size += len(image)
            if size > MOST_BYTES:
                log.warning("pages from %d are not drawn: the images are too large together", page)
                return drawn
            (folder / image_of("", page).name).write_bytes(image)
            drawn += 1
    return drawn


def remove_images(sha256: str) -> None:
    """Remove the images of a source that no document shows any more."""
    if not Document.objects.filter(source__sha256=sha256).exists():
        shutil.rmtree(folder_of(sha256), ignore_errors=True)


def unused_sources() -> list[str]:
    """The sources (SHA-256) that have images and that no document shows."""
    parent = Path(settings.DATA_DIR) / FOLDER
    names = {path.name for path in parent.iterdir()} if parent.is_dir() else set()
    names = {name for name in names if not name.startswith(".")}
    held = Document.objects.values_list("source__sha256", flat=True) if names else ()
    return sorted(names.difference(held))


def unfinished_images(sources: Collection[str]) -> list[Path]:
    """Folders in which images of ``sources``, or of sources no longer held, are made or were when a run was
    killed."""
    parent = Path(settings.DATA_DIR) / FOLDER
    found = {path: path.name[1:].split(MARK)[0] for path in sorted(parent.glob(f".*{MARK}*"))}
    held = Document.objects.filter(source__sha256__in=found.values()).values_list("source__sha256", flat=True)
    clean = set(held) - set(sources) if found else set()
    return [path for path, sha256 in found.items() if sha256 not in clean]


def remove_unused() -> int:
    """Remove the images of these sources, and what runs that were killed left; returns how many they were."""
    sweep(Path(settings.DATA_DIR) / FOLDER, ".")
    unused = unused_sources()
    for name in unused:
        shutil.rmtree(folder_of(name), ignore_errors=True)
    return len(unused)
