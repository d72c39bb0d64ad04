"""The life of an index on disk: built beside the live one, switched in whole.

    index/whoosh/CURRENT-13-7c1f…   the name of the generation that is live for this version and its words
    index/whoosh/20161120T101500-7/ its segments (``search.engine.live.segments``), names.json, manifest.json
    index/whoosh/LOCK               held by the one writer

The first is replaced in one step, so a reader sees the old index or the new one, never a mixture. The
generations before the live one are kept for requests that still read them, and removed at the next switch.

A server of another release reads the pointer of its own version: what is built for this one takes nothing
from it, and what it reads stays for a day (``KEPT_FOR``). Where nothing has been built for this version yet,
the latest of another answers, if this code can read it (``READABLE``).
"""

from __future__ import annotations

import datetime as dt
import fcntl
import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from search.query.text.segmenter import words_digest

# Raise it when what a generation holds changes: its files, how texts are cut, the values, the folding. An
# index of another version is built anew. ``tests/search/test_index_version.py`` says when.
INDEX_VERSION = 17
# The versions whose files and values this code reads too: they answer until the index is built anew.
READABLE = frozenset({12, 14, 15, 16, INDEX_VERSION})
LOCK, MANIFEST, NAMES, ENGINE = "LOCK", "manifest.json", "names.json", "engine"
POINTERS = "CURRENT*"  # of all versions; before the eighth they had no number
KEPT_FOR = 24 * 60 * 60  # seconds
DAMAGED, VERIFIED = "DAMAGED", "VERIFIED"  # left in a generation by ``integrity``
PROGRESS = "PROGRESS"  # in a generation that is being written: paragraphs done and to do
SEAL = ', "sha256": "'
NAMES_KEPT = 3


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
    same, so are the rows. ``names`` is reference data for results pages (States, bodies, documents) in a file
    of its own, because it seldom changes; it is one object wherever that file is the same. ``files`` are the
    files of the generation, with bytes and SHA-256 of each (``integrity.digests``). ``segments`` maps the
    names of its segments to the documents removed from each, or moved to another; on a cluster it names the
    index, built from the database alone, from which updates led to this one. ``words`` is the digest of
    the words that its texts were cut by (``segmenter.words_digest``).
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


def pointer_name() -> str:
    """Returns the name of the file that names the live generation of this release."""
    return f"CURRENT-{INDEX_VERSION}-{words_digest()}"


@contextmanager
def reading(what: str) -> Iterator[None]:
    """Turns whatever fails inside into IndexUnavailableError: a damaged file may fail anywhere in the engine,
    in a library of Rust too, whose panic is no Exception.
    """
    try:
        yield
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise IndexUnavailableError(f"{what}: {error!r}") from error


def read_manifest(directory: Path) -> Manifest:
    """Returns the manifest of a generation; raises IndexUnavailableError where it is missing or damaged."""
    try:
        text = (directory / MANIFEST).read_text("utf-8")
        body = text[: text.rindex(SEAL)] + "}"
        if text != _sealed(body):
            raise ValueError("it is not what was written")
        manifest = Manifest(**json.loads(body))
        if NAMES not in manifest.files:  # of a release before, which nobody reads
            return manifest
        return replace(manifest, names=_names(directory, manifest.files[NAMES][1]))
    except (OSError, ValueError, TypeError) as error:
        raise IndexUnavailableError(f"manifest of {directory.name}: {error}") from error


_names_read: dict[str, dict[str, Any]] = {}  # SHA-256 → names; the last few


def _names(directory: Path, digest: str) -> dict[str, Any]:
    if digest not in _names_read:
        written = (directory / NAMES).read_bytes()
        if hashlib.sha256(written).hexdigest() != digest:
            raise ValueError(f"{NAMES} is not what was written")
        names = json.loads(written)
        for old in list(_names_read)[:-NAMES_KEPT]:
            _names_read.pop(old, None)
        _names_read[digest] = names
    return _names_read[digest]


def write_manifest(directory: Path, manifest: Manifest) -> None:
    """Writes the manifest of a generation whose other files are written, ``write_names`` among them."""
    plain = {name.name: getattr(manifest, name.name) for name in fields(manifest) if name.name != "names"}
    write_whole(directory / MANIFEST, _sealed(json.dumps(plain, ensure_ascii=False)))


def write_names(directory: Path, names: dict[str, Any]) -> None:
    """Writes the names of a generation."""
    write_whole(directory / NAMES, json.dumps(names, ensure_ascii=False))


def _sealed(body: str) -> str:
    """Returns a JSON object with the SHA-256 of the rest of it as its last member."""
    return f'{body[:-1]}{SEAL}{hashlib.sha256(body.encode()).hexdigest()}"}}'


def current_generation(root: Path) -> Path | None:
    """Returns the directory of the live generation under ``root``, or None where none was switched in. Where
    none of this version was, it is the latest of another.
    """
    if (root / pointer_name()).exists():
        return _named_by(root / pointer_name())
    others = filter(None, map(_named_by, root.glob(POINTERS)))
    return max(others, key=lambda directory: _number_of(directory.name), default=None)


def _named_by(pointer: Path) -> Path | None:
    try:
        name = pointer.read_text("utf-8").strip()
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise IndexUnavailableError(f"pointer: {error}") from error
    return pointer.parent / name if name and "/" not in name else None


def progress_of(root: Path) -> tuple[int, int] | None:
    """Paragraphs done and to do of the generation that is being written now; None where none is, or where its
    writer has not counted yet.
    """
    with suppress(OSError):
        with (root / LOCK).open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)  # else it is written
        return None
    for path in sorted(root.glob(f"*/{PROGRESS}"), key=lambda path: -_number_of(path.parent.name)):
        with suppress(OSError, ValueError):
            done, total = map(int, path.read_text("utf-8").split())
            return done, total
    return None


def tell_progress(directory: Path, done: int, total: int) -> None:
    """Says how far the writing of a generation is, for pages that must wait for it."""
    with suppress(OSError):
        (directory / PROGRESS).write_text(f"{done} {total}", "utf-8")


def new_generation(root: Path) -> Path:
    """Returns a fresh directory under ``root``."""
    stamp = dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%S")
    number = 1 + max((_number_of(path.name) for path in root.glob("*-*/")), default=0)
    while True:
        directory = root / f"{stamp}-{number}"
        try:
            directory.mkdir(parents=True)
            break
        except FileExistsError:
            number += 1
    return directory


def _number_of(name: str) -> int:
    """Returns the number of a generation; later ones have higher ones, whatever the clock."""
    number = name.rpartition("-")[2]
    return int(number) if number.isdecimal() else 0


def link(file: Path, target: Path) -> None:
    """Links ``target`` to the same file: those of a generation are replaced or added, never written into."""
    try:
        os.link(file, target)
    except OSError:
        shutil.copy2(file, target)


def link_files(source: Path, target: Path) -> None:
    """All files of a directory, as the same files in ``target``; those that lie there already stay."""
    for file in source.rglob("*"):
        there = target / file.relative_to(source)
        if file.is_file() and not there.exists():
            there.parent.mkdir(parents=True, exist_ok=True)
            link(file, there)


def switch(root: Path, directory: Path) -> None:
    """Makes ``directory`` the live generation and removes those that no reader can need."""
    before = current_generation(root)
    if not (root / pointer_name()).exists():
        for pointer in root.glob(POINTERS):  # from now on its time is counted
            pointer.touch()
    (directory / PROGRESS).unlink(missing_ok=True)
    write_whole(root / pointer_name(), directory.name)
    _remove_others(root, {directory.name, before.name if before else ""})


def discard(directory: Path) -> None:
    """Removes a generation that was not finished."""
    shutil.rmtree(directory, ignore_errors=True)


def _remove_others(root: Path, kept: set[str]) -> None:
    kept = kept | _of_other_versions(root)
    for directory in root.iterdir():
        if directory.is_dir() and directory.name not in kept:
            shutil.rmtree(directory, ignore_errors=True)


def _of_other_versions(root: Path) -> set[str]:
    """Returns the generations that a server of another release may read. Pointers that are old go, and with
    them what they name.
    """
    read = set()
    for pointer in root.glob(POINTERS):
        if pointer.name == pointer_name():
            continue
        with suppress(OSError, IndexUnavailableError):
            if (root / pointer_name()).exists() and abs(time.time() - pointer.stat().st_mtime) > KEPT_FOR:
                pointer.unlink()
            elif found := _named_by(pointer):
                read.add(found.name)
    return read


@contextmanager
def writing(root: Path, wait: bool = True) -> Iterator[None]:
    """Locks the index for one writer. A second one waits, or raises IndexBusyError; after one that was
    killed, the next clears up.
    """
    root.mkdir(parents=True, exist_ok=True)
    with (root / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError as error:
            raise IndexBusyError from error
        _clear_up(root)
        yield


def _clear_up(root: Path) -> None:
    """Removes the remains of killed writers: a pointer that was not put in place, generations that never went
    live, and those that were to go. The one before the live one stays for requests that still read it.
    """
    for file in root.glob(f".{POINTERS}.*"):
        file.unlink(missing_ok=True)
    try:
        live = current_generation(root)
    except IndexUnavailableError:
        return  # nothing is known; the next switch removes the others
    if live:
        whole = (path.parent.name for path in root.glob(f"*/{MANIFEST}"))
        older = (name for name in whole if _number_of(name) < _number_of(live.name))
        _remove_others(root, {live.name, max(older, key=_number_of, default="")})


def write_whole(path: Path, text: str) -> None:
    """Writes a file so that readers see the old content or the new, also after a power cut."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    with beside.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
