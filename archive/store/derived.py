"""Derived files: images of pages, the dump. They lie in one storage of Django's
(``STORAGES["derived"]``), the data folder unless a setting names another, so that several hosts share them.

What is derived can be made again. Each file is put in its place whole; of several that belong together the
one that tells of the others is put there last and taken away first.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, Storage, storages

ASIDE = ".writing-"  # in the name of a file that is being written
STILL = 1.0  # seconds for which a file of another host is taken to be as it was, before it is asked for again
_seen: dict[str, tuple[float, object]] = {}


class DataFolder(FileSystemStorage):
    """Files in the folder that a ``setting`` names. One that is there is replaced, and never read half
    written.
    """

    def __init__(self, location: Path | None = None, setting: str = "DATA_DIR") -> None:
        super().__init__(location, file_permissions_mode=0o644, allow_overwrite=True)
        self._setting = setting

    @property
    def base_location(self) -> str:
        return str(self._location or getattr(settings, self._setting))  # type: ignore[attr-defined]  # private

    @property
    def location(self) -> str:
        return str(Path(self.base_location).absolute())

    def _save(self, name: str, content: File) -> str:
        aside = f"{name}{ASIDE}{secrets.token_hex(4)}"
        try:
            super()._save(aside, content)  # type: ignore[misc]  # private
            Path(self.path(aside)).replace(self.path(name))
        finally:
            Path(self.path(aside)).unlink(missing_ok=True)
        return name


class Built(File):
    """A file that was built on this host's disk: moved where a storage is a folder, else read and sent."""

    def __init__(self, path: Path) -> None:
        super().__init__(path.open("rb"), path.name)
        self.path = path

    def temporary_file_path(self) -> str:
        return str(self.path)


def derived() -> Storage:
    """Returns the storage of derived files."""
    return storages["derived"]


def read(name: str, storage: Storage | None = None) -> bytes | None:
    """Returns the content of a file of ``storage``, else of a derived file; None where there is none."""
    try:
        with (storage or derived()).open(name) as file:
            return file.read()
    except FileNotFoundError:
        return None


def write(name: str, content: bytes) -> None:
    """Puts a derived file in its place, whole."""
    put(derived(), name, ContentFile(content))


def put(storage: Storage, name: str, content: File) -> None:
    """Puts a file in its place in a storage. Raises ImproperlyConfigured where it got another name there."""
    saved = storage.save(name, content)
    if saved != name:
        storage.delete(saved)
        raise ImproperlyConfigured(f"DERIVED_STORAGE does not replace {name}: set it to overwrite files.")


def names_in(folder: str) -> set[str]:
    """Returns the file names in a folder of derived files, without the folder; none if it is missing."""
    try:
        return set(derived().listdir(folder)[1])
    except FileNotFoundError:
        return set()


def folders_in(folder: str) -> set[str]:
    """Returns the names of the folders in a folder of derived files."""
    try:
        return set(derived().listdir(folder)[0])
    except FileNotFoundError:
        return set()


def remove_folder(folder: str, last: str = "") -> None:
    """Removes the derived files of a folder, and the folder where a storage has such; ``last`` the first."""
    storage = derived()
    for name in sorted(names_in(folder), key=lambda name: name != last):
        storage.delete(f"{folder}/{name}")
    with suppress(OSError):  # another file was put there meanwhile
        storage.delete(folder)


def stamp(name: str, storage: Storage | None = None) -> object:
    """Returns a version stamp of a file of ``storage``, else of a derived file; None where it is missing.

    Called for every page: a local file is examined each time, one of another host once a second.
    """
    storage = storage or derived()
    try:
        status = Path(storage.path(name)).stat()
    except NotImplementedError:
        return _remembered(storage, name)
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns


def _remembered(storage: Storage, name: str) -> object:
    now = time.monotonic()
    seen = _seen.get(name)
    if seen is None or now >= seen[0] + STILL:
        content = read(name, storage)
        seen = _seen[name] = (now, content and sha256(content).hexdigest())
    return seen[1]


# What is wrong with where derived files lie (``DERIVED_STORAGE``), said before a site serves.

HERE = ("", "localhost", "127.0.0.1", "::1")
HINT = (
    "DERIVED_STORAGE is the dotted path of a class of Django storages, DERIVED_OPTIONS what it is made with,"
    ' as a JSON object; a folder that all hosts mount: DERIVED_OPTIONS=\'{"location": "/mnt/archive"}\''
)


@register(Tags.files)
def check_derived(app_configs: Any = None, **kwargs: Any) -> Sequence[CheckMessage]:
    """Checks that the storage class can be imported and constructed. No file is accessed."""
    found = _made()
    return [] if isinstance(found, Storage) else [found]


@register(Tags.files, deploy=True)
def check_derived_in_use(app_configs: Any = None, **kwargs: Any) -> Sequence[CheckMessage]:
    """Checks that files can be created, replaced and deleted there, and that other hosts can see them."""
    storage = _made()
    return [*_in_use(storage)] if isinstance(storage, Storage) else []


def _made() -> Storage | CheckMessage:
    try:
        return derived()
    except Exception as error:  # whatever a class of others raises
        name = settings.STORAGES["derived"]["BACKEND"]
        return Error(f"DERIVED_STORAGE={name}: {_description(error)}", hint=HINT, id="archive.E001")


def _in_use(storage: Storage) -> Iterator[CheckMessage]:
    name = f"check-{secrets.token_hex(8)}"
    try:
        try:
            for content in (b"one", b"another"):
                put(storage, name, ContentFile(content))
        finally:
            storage.delete(name)
    except Exception as error:
        yield Error(
            f"DERIVED_STORAGE: no file can be put there, replaced and removed: {_description(error)}",
            hint="Images of pages and the dump are written there.",
            id="archive.E002",
        )
    server = settings.DATABASES["default"].get("HOST", "")
    if server not in HERE and not server.startswith("/") and _is_of_this_host(storage):
        yield Warning(
            f"The database is on {server}, but derived files lie in ARCHIVE_DATA_DIR: of several hosts, each"
            " shows only those images of pages and that dump which it has made itself.",
            hint=HINT,
            id="archive.W001",
        )


def _is_of_this_host(storage: Storage) -> bool:
    if not isinstance(storage, FileSystemStorage):
        return False
    return Path(storage.location).resolve().is_relative_to(Path(settings.DATA_DIR).resolve())


def _description(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


# Folders in which something is built beside its place, before it is put there whole.

MARK = ".building-"


@contextmanager
def building(target: Path) -> Iterator[Path]:
    """Provides an empty folder next to ``target``, on the same file system; removes it at the end, and also
    the folder of ``target`` if it was created here and stayed empty.

    Raises OSError where it cannot be made.
    """
    was_there = target.parent.is_dir()
    target.parent.mkdir(parents=True, exist_ok=True)
    sweep(target.parent, f".{target.name}{MARK}")
    try:
        folder, lock = _locked_folder(target)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)
    finally:
        if not was_there:
            with suppress(OSError):  # it is not empty
                target.parent.rmdir()


def unfinished(parent: Path, name: str) -> list[Path]:
    """Returns the folders in ``parent`` in which ``name`` is built, or was by a run that was killed."""
    return list(_folders(parent, f".{name}{MARK}"))


def sweep(parent: Path, prefix: str) -> None:
    """Removes the folders in ``parent`` whose names begin with ``prefix`` and that no process has locked."""
    for folder in _folders(parent, prefix):
        lock = _lock(folder)
        if lock is not None:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)


def _folders(parent: Path, prefix: str) -> Iterator[Path]:
    for folder in sorted(parent.glob(f"{_literally(prefix)}*")):
        if folder.is_dir() and not folder.is_symlink():
            yield folder


def _locked_folder(target: Path) -> tuple[Path, int]:
    while True:
        folder = Path(tempfile.mkdtemp(prefix=f".{target.name}{MARK}", dir=target.parent))
        lock = _lock(folder)
        if lock is not None and folder.is_dir():
            return folder, lock
        if lock is not None:  # another run took it for a dead one's, before it was held
            os.close(lock)


def _lock(folder: Path) -> int | None:
    """Locks ``folder`` until its process ends; returns None if another process has locked it."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def _literally(name: str) -> str:
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)
