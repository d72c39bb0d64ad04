"""The live index of this process: opened once, shared by all requests, opened anew when another is
switched in.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from threading import Lock

from django.conf import settings
from haystack import connections

from .analysis import analyzer_version
from .backends.reader import Reader
from .columns import Columns
from .generations import FORMAT, IndexUnavailableError, Manifest, current_generation, read_manifest, reading
from .integrity import check_sizes, refuse_damaged, watched
from .literal import LiteralIndex


@dataclass(frozen=True, slots=True)
class OpenIndex:
    """A generation, open for reading: postings with columns, the literal index, the manifest."""

    directory: Path
    engine: Reader
    literal: LiteralIndex
    manifest: Manifest

    @property
    def columns(self) -> Columns:
        """Exact values and stored rows; a row is the same paragraph here and in the literal index."""
        return self.engine.columns


HERE = Path(__file__).resolve().parent
INDEXING = (
    "search_indexes.py",
    "literal.py",
    "suffixes.py",
    "columns.py",
    "column_files.py",
    "rows.py",
    "counting.py",
)
ENGINES = ("whoosh.py", "whoosh_reader.py", "whoosh_writer.py", "whoosh_files.py", "tantivy.py", "lists.py")

_open: dict[Path, OpenIndex] = {}
_opening = Lock()
_serving = False


def index_root() -> Path:
    """Where the generations of the configured engine lie."""
    return Path(settings.HAYSTACK_CONNECTIONS["default"]["PATH"])


@cache
def index_version() -> str:
    """Indexes of another version are built anew: what is indexed, how it is cut and how it is folded.

    The code itself is part of the version, so that nobody has to remember to raise a number.
    """
    sources = [HERE / "backends" / name for name in ENGINES] + [HERE / name for name in INDEXING]
    code = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:12]
    return f"{FORMAT}-{analyzer_version()}-{code}"


def live_index() -> OpenIndex:
    """The live index. Raises IndexUnavailableError where there is none, or where it cannot be read."""
    root = index_root()
    directory = _live_directory(root)
    found = _open.get(root)
    while found is None or found.directory != directory:
        with _opening:
            found = _open.get(root)  # another thread may have opened it
            if found is not None and found.directory == directory:
                break
            try:
                found = _open[root] = open_index(directory)
            except IndexUnavailableError:
                before, directory = directory, _live_directory(root)
                if directory == before:  # else another was switched in and this one removed meanwhile
                    raise
    if _serving:
        watched(directory)
    refuse_damaged(directory)
    return found


def watch() -> None:
    """Whatever index this process reads is hashed in the background from now on: a process that serves."""
    global _serving
    _serving = True


def generation(name: str) -> OpenIndex | None:
    """The live generation or the one before, by the name of its directory; None where it is no more.

    Raises IndexUnavailableError where it cannot be read.
    """
    live = live_index()
    if name == live.directory.name:
        return live
    directory = index_root() / name
    if not directory.is_dir() or directory.parent != index_root():
        return None
    refuse_damaged(directory)
    before = _opened_before(directory)
    return before if before.manifest.version == index_version() else None


@lru_cache(maxsize=1)
def _opened_before(directory: Path) -> OpenIndex:
    return open_index(directory)


def _live_directory(root: Path) -> Path:
    directory = current_generation(root)
    if directory is None:
        raise IndexUnavailableError("no index has been built yet")
    return directory


def open_index(directory: Path) -> OpenIndex:
    """Open a generation; raises IndexUnavailableError where a part of it is missing or damaged."""
    manifest = read_manifest(directory)
    check_sizes(directory, manifest.files)
    with reading(directory.name):
        literal, columns = LiteralIndex(directory), Columns(directory)
        engine = connections["default"].get_backend().open(directory, literal.ids)
    if {len(literal), len(columns), engine.count} != {manifest.paragraphs}:
        raise IndexUnavailableError(f"{directory.name}: its parts hold different numbers of paragraphs")
    return OpenIndex(directory, Reader(engine, columns, literal.ids), literal, manifest)
