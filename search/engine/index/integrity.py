"""Integrity of an index's files: their SHA-256 is compared with the manifest.

Opening an index hashes nothing. Its files are hashed by ``check_search``, before an update takes anything
over from them, by a server process in the background every ten minutes while it is asked (``watched``), and
where reading fails. What is found is written beside the files, so that all processes refuse to read them.

So a bit that flips in stored rows is met at once, for each row has a check of its own; one in postings,
columns or the literal index may make answers wrong for a quarter of an hour at most while readers ask, and
after a pause until the files are hashed (a second for each gigabyte).
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from threading import Lock, Thread

from .generations import DAMAGED, LIVE, VERIFIED, IndexUnavailableError, folder_in, live_name, read_live

AGAIN = 10 * 60  # seconds
log = logging.getLogger(__name__)

_found: dict[Path, str] = {}  # by root, where it could not be written
_watching: dict[Path, float] = {}
_starting = Lock()

Digests = dict[str, list]  # name → [bytes, SHA-256]


def digests(segment: Path) -> Digests:
    """Returns size and SHA-256 of every file of a segment, by its name in the folder of segments."""
    return {
        path.relative_to(segment.parent).as_posix(): [path.stat().st_size, _sha256_of(path)]
        for path in sorted(segment.rglob("*"))
        if path.is_file() and not path.name.upper().endswith("LOCK")
    }


def _sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is(path: Path, size: int, digest: str) -> bool:
    try:
        return path.stat().st_size == size and _sha256_of(path) == digest
    except OSError:
        return False


def check_sizes(folder: Path, files: Mapping[str, list]) -> None:
    """Raises IndexUnavailableError where a file is missing or has another size: costs next to nothing."""
    for name, (size, _digest) in files.items():
        try:
            held = (folder / name).stat().st_size
        except OSError as error:
            raise IndexUnavailableError(f"{folder.name}: {error}") from error
        if held != size:
            raise IndexUnavailableError(f"{folder.name}: {name} has {held} bytes of {size}")


def verify(root: Path) -> tuple[str, ...]:
    """Hashes the files of the live index; returns the names of those that are missing or differ from what was
    written, and remembers them. A damaged manifest is named alone: nothing can be held against it.
    """
    folder, generation = folder_in(root), ""
    try:
        generation, manifest = read_live(root)
        files = manifest.files.items()
        found = tuple(name for name, (size, digest) in files if not _is(folder / name, size, digest))
    except IndexUnavailableError:
        found = (LIVE,) if (folder / LIVE).exists() else ()
    _remember(root, generation, found)
    return found


def _remember(root: Path, generation: str, found: tuple[str, ...]) -> None:
    """Only of the generation that was looked at: another may have been switched in meanwhile."""
    mark = folder_in(root) / DAMAGED
    _found.pop(root, None)
    try:
        if found:
            log.error("the search index is damaged: %s", ", ".join(found))
            mark.write_text("\n".join([generation, *found]), "utf-8")
        else:
            mark.unlink(missing_ok=True)
    except OSError:  # a folder that may only be read: this process knows
        if found:
            _found[root] = "\n".join([generation, *found])


def known_damage(root: Path) -> tuple[str, ...]:
    """Returns the files of the live index that were found damaged, by whatever process."""
    try:
        told = (folder_in(root) / DAMAGED).read_text("utf-8")
    except (OSError, ValueError):
        told = _found.get(root, "")
    generation, *damaged = told.split("\n")
    return tuple(damaged) if damaged and generation in ("", live_name(root)) else ()


def refuse_damaged(root: Path) -> None:
    """Raises IndexUnavailableError where the live index is known to be damaged."""
    if damaged := known_damage(root):
        raise IndexUnavailableError(f"the index is damaged: {', '.join(damaged)}")


def watched(root: Path) -> None:
    """Has the live index of a server hashed from time to time. Returns at once.

    One process of several does it: the file that it touches tells the others when.
    """
    now = time.monotonic()
    with _starting:
        if now - _watching.get(root, -AGAIN) < AGAIN:
            return
        _watching[root] = now
    Thread(target=_verify_alone, args=(root,), name="verify-index", daemon=True).start()


def _verify_alone(root: Path) -> None:
    mark = folder_in(root) / VERIFIED
    with suppress(OSError):
        # One in the future is no mark: the clock was set back.
        if mark.exists() and 0 <= time.time() - mark.stat().st_mtime < AGAIN / 2:
            return
        mark.touch()
    with suppress(IndexUnavailableError):
        verify(root)
