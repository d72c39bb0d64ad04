"""What lies where the dump does: files with size and checksum, and the state that they hold."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import file_digest
from pathlib import Path
from typing import IO

from django.core.files.storage import Storage, storages

from archive.derived import DataFolder
from archive.withholding.withheld import withheld_state

NAME = "dump.json"


@dataclass(frozen=True, slots=True)
class DumpFile:
    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """``changed`` is when the archive last changed before it was written: the date of the dump's content.

    ``withheld`` is the mark of what was withheld then (``withholding.withheld``); None in a dump of an
    earlier version, of which nobody can tell. ``revision`` is that of the archive which it holds; None in a
    dump of an earlier version.
    """

    changed: str | None
    counts: Mapping[str, int]
    files: tuple[DumpFile, ...]
    withheld: str | None = None
    revision: str | None = None

    @property
    def date(self) -> dt.datetime | None:
        return dt.datetime.fromisoformat(self.changed) if self.changed else None

    def file(self, name: str) -> DumpFile | None:
        return next((file for file in self.files if file.name == name), None)

    @property
    def is_clean(self) -> bool:
        """Whether the dump was made without all words that are withheld now; one query."""
        return (self.withheld or "") == withheld_state()

    def as_json(self) -> dict:
        return {**asdict(self), "files": [asdict(file) for file in self.files]}


def describe(path: Path) -> DumpFile:
    """A file that was written, as it is."""
    with path.open("rb") as file:
        return DumpFile(path.name, path.stat().st_size, file_digest(file, "sha256").hexdigest())


def offered() -> Storage:
    """Where the dump lies that the site offers."""
    return storages["dump"]


def in_folder(where: Path | Storage) -> Storage:
    """A storage as it is; a folder as one."""
    return where if isinstance(where, Storage) else DataFolder(location=where)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    text = json.dumps(manifest.as_json(), ensure_ascii=False, indent=1)
    (folder / NAME).write_text(text + "\n", encoding="utf-8")


def read_manifest(where: Path | Storage) -> Manifest | None:
    """The manifest of the dump in a folder or storage; None where no whole dump lies there."""
    storage = in_folder(where)
    try:
        with storage.open(NAME) as file:
            told = json.loads(file.read())
        files = tuple(DumpFile(**file) for file in told["files"])
        manifest = Manifest(
            told["changed"], told["counts"], files, told.get("withheld"), told.get("revision")
        )
        return manifest if all(_is_there(storage, file) for file in files) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def open_file(storage: Storage, manifest: Manifest, file: DumpFile) -> IO[bytes] | None:
    """A file of the dump in ``storage``, open, with the bytes that its ``manifest`` tells; None where another
    dump was put in its place since that was read.
    """
    try:
        opened = storage.open(file.name)
    except OSError:
        return None
    if read_manifest(storage) == manifest:  # the last that is put in place: what was opened before is its own
        return opened
    opened.close()
    return None


def _is_there(storage: Storage, file: DumpFile) -> bool:
    return "/" not in file.name and storage.exists(file.name) and storage.size(file.name) == file.bytes
