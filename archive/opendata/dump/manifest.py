"""What lies in the folder of the dump: files with size and checksum, and the state that they hold."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import file_digest
from pathlib import Path
from typing import IO

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


def write_manifest(folder: Path, manifest: Manifest) -> None:
    text = json.dumps(manifest.as_json(), ensure_ascii=False, indent=1)
    (folder / NAME).write_text(text + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of ``folder``; None where no whole dump lies there."""
    try:
        told = json.loads((folder / NAME).read_text(encoding="utf-8"))
        files = tuple(DumpFile(**file) for file in told["files"])
        manifest = Manifest(
            told["changed"], told["counts"], files, told.get("withheld"), told.get("revision")
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return manifest if all(_is_there(folder, file) for file in files) else None


def open_file(folder: Path, manifest: Manifest, file: DumpFile) -> IO[bytes] | None:
    """A file of the dump in ``folder``, open, with the bytes that its ``manifest`` tells; None where another
    dump was put in its place since that was read.
    """
    try:
        opened = (folder / file.name).open("rb")
    except OSError:
        return None
    if read_manifest(folder) == manifest:  # the last that is put in place: what was opened before is its own
        return opened
    opened.close()
    return None


def _is_there(folder: Path, file: DumpFile) -> bool:
    path = folder / file.name
    return "/" not in file.name and path.is_file() and path.stat().st_size == file.bytes
