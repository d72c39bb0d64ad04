"""Integrity of a generation's files: their SHA-256 is compared with the manifest.

Opening a generation hashes nothing. Its files are hashed by ``check_search``, before an update takes anything
over from it, by a server process in the background when it opens it and every ten minutes while it is asked
(``watched``), and where reading it fails; a segment, which many generations share, at most every five
minutes. What is found is written beside the files, so that all processes refuse to read them.

So a bit that flips in stored rows is met at once, for each row has a check of its own; one in postings,
columns or the literal index may make answers wrong for a quarter of an hour at most while readers ask, and
after a pause until the files are hashed (a second for each gigabyte).
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
import os
import time
from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path
from threading import Lock, Thread
from typing import TextIO

from .generations import DAMAGED, MANIFEST, PROGRESS, VERIFIED, IndexUnavailableError, read_manifest

AGAIN = 10 * 60  # seconds
UNLISTED = frozenset({MANIFEST, DAMAGED, VERIFIED, PROGRESS})
log = logging.getLogger(__name__)

_found: dict[Path, tuple[str, ...]] = {}  # where the mark could not be written
_watching: dict[Path, float] = {}
_starting = Lock()

Digests = dict[str, list]  # name → [bytes, SHA-256]


def digests(directory: Path, base: Path | None = None, known: Mapping[str, list] | None = None) -> Digests:
    """Returns size and SHA-256 of every file of a generation, by its name inside it.

    A file that is a link to the one of ``base`` has the digest ``known`` of that: damaged there, damaged
    here.
    """
    found: Digests = {}
    for path in sorted(directory.rglob("*")):
        name = path.relative_to(directory).as_posix()
        if not path.is_file() or is_unlisted(path):
            continue
        if base and known and name in known and _one_file(path, base / name):
            found[name] = known[name]
        else:
            found[name] = [path.stat().st_size, sha256_of(path)]
    return found


def is_unlisted(path: Path) -> bool:
    """Returns True if a file is not content of a generation but a manifest, a mark or a lock."""
    return path.name in UNLISTED or path.name.upper().endswith("LOCK")


def _one_file(path: Path, other: Path) -> bool:
    try:
        return path.samefile(other)
    except OSError:
        return False


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def differing(directory: Path, files: Mapping[str, list]) -> tuple[str, ...]:
    """Returns the names of the ``files`` that are missing or differ from what was written."""
    return tuple(name for name, (size, digest) in files.items() if not _is(directory / name, size, digest))


def _is(path: Path, size: int, digest: str) -> bool:
    try:
        return path.stat().st_size == size and sha256_of(path) == digest
    except OSError:
        return False


def check_sizes(directory: Path, files: Mapping[str, list]) -> None:
    """Raises IndexUnavailableError where a file is missing or has another size: costs next to nothing."""
    for name, (size, _digest) in files.items():
        try:
            held = (directory / name).stat().st_size
        except OSError as error:
            raise IndexUnavailableError(f"{directory.name}: {error}") from error
        if held != size:
            raise IndexUnavailableError(f"{directory.name}: {name} has {held} bytes of {size}")


def verify(directory: Path, without: Collection[str] = ()) -> tuple[str, ...]:
    """Hashes the files of a generation; returns the names of those that are damaged, and remembers them.

    A damaged manifest is named alone: nothing can be held against it. Files in the folders ``without`` are
    left out: those that were hashed a short time ago.
    """
    try:
        files = read_manifest(directory).files
        looked_at = {name: about for name, about in files.items() if name.partition("/")[0] not in without}
        found = differing(directory, looked_at)
    except IndexUnavailableError:
        found = (MANIFEST,)
    if found or not without:
        _remember(directory, found)
    return found


def _remember(directory: Path, found: tuple[str, ...]) -> None:
    _found.pop(directory, None)
    try:
        if found:
            (directory / DAMAGED).write_text("\n".join(found), "utf-8")
            log.error("the search index %s is damaged: %s", directory.name, ", ".join(found))
        else:
            (directory / DAMAGED).unlink(missing_ok=True)
    except OSError:  # a folder that may only be read: this process knows
        if found:
            _found[directory] = found


def known_damage(directory: Path) -> tuple[str, ...]:
    """Returns the files of a generation that were found damaged, by whatever process."""
    try:
        return tuple((directory / DAMAGED).read_text("utf-8").split("\n"))
    except (OSError, ValueError):
        return _found.get(directory, ())


def refuse_damaged(directory: Path) -> None:
    """Raises IndexUnavailableError where the generation is known to be damaged."""
    if damaged := known_damage(directory):
        raise IndexUnavailableError(f"{directory.name} is damaged: {', '.join(damaged)}")


def watched(directory: Path) -> None:
    """Has the generation hashed when a server opens it, and again from time to time. Returns at once.

    One process of several does it; the file that it touches tells the others when.
    """
    now = time.monotonic()
    if now - _watching.get(directory, -AGAIN) < AGAIN:
        return
    with _starting:
        if now - _watching.get(directory, -AGAIN) < AGAIN:
            return
        _watching.clear()
        _watching[directory] = now
    Thread(target=_verify_alone, args=(directory,), name="verify-index", daemon=True).start()


def _verify_alone(directory: Path) -> None:
    with suppress(OSError, IndexUnavailableError):
        try:
            mark = (directory / VERIFIED).open("a")
        except OSError:
            verify(directory)
            return
        with mark:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)  # else another process is at it
            about = os.fstat(mark.fileno())
            if _is_fresh(about):
                return
            if not verify_due(directory):
                _mark(mark)


def verify_due(directory: Path) -> tuple[str, ...]:
    """Verifies like ``verify``, but skips segments hashed a short time ago, which many generations share."""
    marks = [folder / VERIFIED for folder in directory.iterdir() if folder.is_dir()]
    fresh = [mark for mark in marks if mark.exists() and _is_fresh(mark.stat())]
    found = verify(directory, [mark.parent.name for mark in fresh])
    if not found:
        for mark in marks:
            if mark not in fresh:
                mark_hashed(mark)
    return found


def mark_hashed(path: Path) -> None:
    """Marks ``path`` as hashed now, where that can be written."""
    with suppress(OSError), path.open("a") as file:
        _mark(file)


def _is_fresh(about: os.stat_result) -> bool:
    """Returns True if the mark of the last hashing is recent. A mark in the future is not: the clock was set
    back.
    """
    return bool(about.st_size) and 0 <= time.time() - about.st_mtime < AGAIN / 2


def _mark(file: TextIO) -> None:
    file.truncate(0)
    file.write("sound")
