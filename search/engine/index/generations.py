"""The index in a folder: segments beside each other, and one file that says which of them answer.

    index/whoosh/LOCK           held by the one writer
    index/whoosh/18-7c1f…/      what releases of this version and these words read and write
    index/whoosh/18-7c1f…/LIVE  the live generation: its manifest, below its name, which is its SHA-256
    index/whoosh/18-7c1f…/3/    a segment (``search.engine.live.segments``), written once and never changed

``LIVE`` is replaced in one step, so a reader sees the old index or the new one, never a mixture. What it does
not name is removed at once: who has it open reads on, for files that are mapped stay.

A server of another release reads a folder of its own. It stays for a day after this one was first written
(``KEPT_FOR``), or after its own was last.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from search.query.text.segmenter import words_digest

# Raise it when what an index holds changes: its files, how texts are cut, the values, the folding. An index
# of another version is built anew. ``tests/search/test_index_version.py`` says when.
INDEX_VERSION = 18
LOCK, LIVE, ENGINE = "LOCK", "LIVE", "engine"
MARK = "WITHHELD"  # beside the folders: what was withheld when all were last built without it
KEPT_FOR = 24 * 60 * 60  # seconds
DAMAGED, VERIFIED = "DAMAGED", "VERIFIED"  # left by ``integrity``
PROGRESS = "PROGRESS"  # while a segment is written: paragraphs done and to do


class IndexUnavailableError(Exception):
    """There is no index that can be read. ``str()`` says why, in English, for the log."""


class IndexGoneError(IndexUnavailableError):
    """The index was removed: others were switched in meanwhile. A new request succeeds."""


class IndexBusyError(Exception):
    """Another writer is at work."""


class QuestionRefusedError(IndexUnavailableError):
    """The index answers, and will not have this question: it takes too much. Said to readers in words."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """The manifest of a generation of the index.

    ``revision`` is that of the archive when its rows began to be read; ``documents`` maps a document's id to
    the revision at which its indexed values last changed (``archive.store.revision``): while that is the
    same, so are the rows. ``names`` is reference data for results pages (States, bodies, documents).
    ``files`` are the files of its segments, with bytes and SHA-256 of each (``integrity.digests``).
    ``segments`` maps the names of its segments to the documents removed from each, or moved to another; on a
    cluster it names the index, built from the database alone, from which updates led to this one. ``words``
    is the digest of the words that its texts were cut by (``segmenter.words_digest``).
    """

    indexed_at: str
    paragraphs: int
    version: int
    revision: str = ""
    documents: dict[str, str] = field(default_factory=dict)
    names: dict[str, Any] = field(default_factory=dict)
    files: dict[str, list] = field(default_factory=dict)
    segments: dict[str, list[int]] = field(default_factory=dict)
    words: str = ""

    @property
    def is_current(self) -> bool:
        """True if the index has the form and the words of this release; else it is built anew."""
        return (self.version, self.words) == (INDEX_VERSION, words_digest())


def state_name(generation: str, left_out: Iterable[int]) -> str:
    """Returns the identifier of the rows of a generation and their order, without documents ``left_out``."""
    without = sorted(left_out)
    digest = hashlib.sha256(repr(without).encode()).hexdigest()[:8]
    return f"{generation}~{digest}" if without else generation


def folder_in(root: Path) -> Path:
    """Returns the folder of this release."""
    return root / f"{INDEX_VERSION}-{words_digest()}"


@contextmanager
def reading(what: str) -> Iterator[None]:
    """Turns whatever fails inside into IndexUnavailableError: a damaged file may fail anywhere in the
    engine.
    """
    try:
        yield
    except Exception as error:
        raise IndexUnavailableError(f"{what}: {error!r}") from error


def live_name(root: Path) -> str | None:
    """Returns the name of the live generation under ``root``; None where none was switched in."""
    try:
        with (folder_in(root) / LIVE).open(encoding="utf-8") as file:
            return file.readline().strip()
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise IndexUnavailableError(f"{LIVE}: {error}") from error


def read_live(root: Path) -> tuple[str, Manifest]:
    """Returns name and manifest of the live generation. Raises IndexUnavailableError where there is none, or
    where it is not what was written.
    """
    try:
        name, _, body = (folder_in(root) / LIVE).read_text("utf-8").partition("\n")
        if name != hashlib.sha256(body.encode()).hexdigest():
            raise ValueError("it is not what was written")
        return name, Manifest(**json.loads(body))
    except FileNotFoundError as error:
        raise IndexUnavailableError("no index has been built yet") from error
    except (OSError, ValueError, TypeError) as error:
        raise IndexUnavailableError(f"{LIVE}: {error}") from error


def progress_of(root: Path) -> tuple[int, int] | None:
    """Paragraphs done and to do of the segment that is being written now; None where none is, or where its
    writer has not counted yet.
    """
    with suppress(OSError):
        with (root / LOCK).open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)  # else it is written
        return None
    with suppress(OSError, ValueError):
        done, total = map(int, (folder_in(root) / PROGRESS).read_text("utf-8").split())
        return done, total
    return None


def tell_progress(folder: Path, done: int, total: int) -> None:
    """Says how far the writing of a segment is, for pages that must wait for it."""
    with suppress(OSError):
        (folder / PROGRESS).write_text(f"{done} {total}", "utf-8")


def new_segment(folder: Path) -> Path:
    """Returns a fresh directory in ``folder``."""
    numbers = (int(path.name) for path in folder.glob("*/") if path.name.isdecimal())
    directory = folder / str(1 + max(numbers, default=0))
    directory.mkdir(parents=True)
    return directory


def switch(root: Path, manifest: Manifest) -> None:
    """Makes the generation of ``manifest`` the live one, and removes what nobody opens any more."""
    folder = folder_in(root)
    if not (folder / LIVE).exists():
        for other in _others(root):  # from now on its time is counted
            os.utime(other)
    body = json.dumps(asdict(manifest), ensure_ascii=False)
    _write_whole(folder / LIVE, f"{hashlib.sha256(body.encode()).hexdigest()}\n{body}")
    _keep(folder, {*manifest.segments, LIVE, VERIFIED})
    for other in _others(root):
        with suppress(OSError):
            if abs(time.time() - other.stat().st_mtime) > KEPT_FOR:
                _remove(other)


def remove_others(root: Path) -> None:
    """Removes what other releases read."""
    for other in _others(root):
        _remove(other)


def _others(root: Path) -> list[Path]:
    return [path for path in root.iterdir() if path.name not in (folder_in(root).name, LOCK, MARK)]


def _remove(path: Path) -> None:
    """Removes a file or a directory with all that is in it, as far as that can be done."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _keep(folder: Path, names: Collection[str]) -> None:
    for path in folder.iterdir():
        if path.name not in names:
            _remove(path)


@contextmanager
def writing(root: Path, wait: bool = True) -> Iterator[None]:
    """Locks the index for one writer. A second one waits, or raises IndexBusyError. What one that was killed
    left, the next clears up.
    """
    root.mkdir(parents=True, exist_ok=True)
    with (root / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError as error:
            raise IndexBusyError from error
        _clear_up(root)
        try:
            yield
        except BaseException:
            _clear_up(root)
            raise


def _clear_up(root: Path) -> None:
    """Removes what an unfinished writing left; where the manifest cannot be read the next switch does."""
    with suppress(IndexUnavailableError, FileNotFoundError):
        segments = read_live(root)[1].segments if live_name(root) else ()
        _keep(folder_in(root), {*segments, LIVE, DAMAGED, VERIFIED})


def _write_whole(path: Path, text: str) -> None:
    """Writes a file so that readers see the old content or the new, also after a power cut."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    with beside.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
