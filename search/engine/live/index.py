"""The live index of this process: opened once, shared by all requests, opened anew when another is
switched in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any

from django.conf import settings

from archive.store.search_index import request_update
from search.engine.cluster.connection import configured
from search.engine.cluster.index import ClusterIndex
from search.engine.index.columns import Columns
from search.engine.index.coverage import (
    AS_WRITTEN,
    Corpus,
    Coverage,
    coverage_of,
    restricted,
    revision_now,
)
from search.engine.index.generations import (
    IndexUnavailableError,
    Manifest,
    folder_in,
    live_name,
    read_live,
    reading,
)
from search.engine.index.integrity import check_sizes, refuse_damaged, verify, watched
from search.engine.index.literal import LiteralIndex
from search.engine.meaning.vectors import AllMeanings, Nearness
from search.engine.protocol import Numbers, Question, Slice, Stored
from search.engine.searcher.embedded import EmbeddedEngine
from search.engine.searcher.reader import Reader
from search.query.language.conditions import AnyNode

from .segments import Segment, content_of, open_segment
from .site import index_of_site, token_of_site


@dataclass(frozen=True, eq=False)
class OpenIndex:
    """A generation of the index, open for reading: its segments, the reader of all of them, the manifest.
    ``key`` is what tells it from all others that were written.

    ``coverage`` is the revision of the archive that it answers for; where documents are excluded, reader and
    manifest are without them. Empty for the index as it was written.
    """

    key: str
    segments: tuple[Segment, ...]
    reader: Reader
    meanings: AllMeanings
    manifest: Manifest
    coverage: Coverage = AS_WRITTEN

    @cached_property
    def name(self) -> str:
        """The identifier of its rows and their order: a digest of files and excluded documents."""
        told = (self.manifest.files, self.manifest.segments, sorted(self.coverage.left_out))
        return sha256(repr(told).encode()).hexdigest()[:16]

    def by_name(self) -> Iterator[tuple[str, Segment]]:
        """Generates its segments with their names."""
        return zip(self.manifest.segments, self.segments, strict=True)

    @cached_property
    def corpus(self) -> Corpus:
        """What was searched, as an answer tells it."""
        return Corpus.of(self.manifest, self.coverage)

    @property
    def size(self) -> int:
        """The number of its paragraphs."""
        return self.reader.size

    @property
    def years(self) -> tuple[str, ...]:
        """The years of its documents, in order."""
        return self.columns["year"].held

    def counts(self, conditions: Sequence[AnyNode]) -> list[int]:
        return self.here.counts(conditions)

    def sums(self, phrases: Sequence[str]) -> list[int]:
        return self.here.sums(phrases)

    def slice(self, question: Question) -> Slice:
        return self.here.slice(question)

    def stored(self, ids: Sequence[int]) -> list[Stored]:
        return self.here.stored(ids)

    def near(self, meaning: Numbers) -> Nearness:
        return self.here.near(meaning)

    @property
    def here(self) -> EmbeddedEngine:
        """This machine as an engine; it keeps what the questions asked of it share."""
        return EmbeddedEngine(self.reader, self.meanings)

    @property
    def literal(self) -> LiteralIndex:
        """The index of the folded texts: the occurrences of any string."""
        return self.reader.literal

    @property
    def columns(self) -> Columns:
        """Exact values and stored rows; a row is the same paragraph here and in the literal index."""
        return self.reader.columns

    def every(self) -> Iterator[tuple[int, int, Stored]]:
        """Generates key, document and stored row of every paragraph, as they lie."""
        keys = zip(self.literal.ids.tolist(), self.literal.documents.tolist(), strict=True)
        for row, (paragraph, document) in enumerate(keys):
            yield paragraph, document, self.columns.stored(row)

    def covering(self, coverage: Coverage, before: OpenIndex | None) -> OpenIndex:
        """Returns the index with its present ``coverage``, with the arrays of ``before`` if they fit."""
        if coverage.names is None:
            return replace(self, coverage=coverage)
        if before and before.coverage.left_out == coverage.left_out:
            reader, meanings = before.reader, before.meanings
        elif coverage.left_out:
            with reading(self.key):
                left_out = [coverage.left_out.union(gone) for gone in self.manifest.segments.values()]
                reader, meanings = content_of(self.segments, left_out)
        else:
            reader, meanings = self.reader, self.meanings
        manifest, coverage = restricted(self.manifest, coverage, reader.size)
        return OpenIndex(self.key, self.segments, reader, meanings, manifest, coverage)


Opened = OpenIndex | ClusterIndex
_open: dict[Path, OpenIndex] = {}  # by root, as it was written
_covered: dict[Path, Any] = {}  # by root
_opening, _covering = Lock(), Lock()
_serving = False


def index_root() -> Path:
    """Returns the folder of the generations of the configured engine."""
    return Path(settings.HAYSTACK_CONNECTIONS["default"]["PATH"])


def live_index() -> Opened:
    """Returns the live index, restricted to the documents that it covers at present.

    Raises IndexUnavailableError where there is none, or where it or the database cannot be read.
    """
    try:
        found = _as_covered(written_index())
    except IndexUnavailableError:
        if _serving:
            request_update()
        raise
    behind = found.coverage.revision != found.coverage.index_revision
    if _serving and (behind or not found.manifest.is_current):
        request_update()
    return found


def written_index() -> Opened:
    """Returns the live index as it was written."""
    if (cluster := configured()) is not None:
        return index_of_site(cluster)
    root = index_root()
    name, found = live_name(root), _open.get(root)
    while found is None or found.key != name:
        with _opening:
            found = _open.get(root)  # another thread may have opened it
            if found is None or found.key != name:
                try:
                    found = _open[root] = open_index(root)
                except IndexUnavailableError:
                    if name == live_name(root):
                        raise
        name = live_name(root)  # another may have been switched in, and segments of this one removed
    if _serving:
        watched(root)
    refuse_damaged(root)
    return found


def watch() -> None:
    """Starts hashing in the background whatever index this process, a server, reads from now on."""
    global _serving
    _serving = True


def state_of_live() -> str | None:
    """Returns what changes whenever another index is switched in; None where there is none. Raises
    IndexUnavailableError where it is known to be damaged.
    """
    if configured() is not None:
        return token_of_site()
    refuse_damaged(index_root())
    return live_name(index_root())


def is_damaged() -> bool:
    """Hashes the files of the live index, if it has any; returns True if they are damaged."""
    return configured() is None and bool(verify(index_root()))


def _as_covered(index: Opened) -> Opened:
    """Returns ``index`` without documents changed since they were indexed; made once for each revision."""
    mark, root = revision_now(), index_root()

    def known() -> Any | None:
        found = _covered.get(root)
        return found if found and found.key == index.key else None

    found = known()
    if found is None or found.coverage.revision != str(mark):
        with _covering:
            found = known()  # another thread may have looked
            if found is None or found.coverage.revision != str(mark):
                found = _covered[root] = index.covering(coverage_of(index.manifest, mark), found)
    return found


def open_index(root: Path) -> OpenIndex:
    """Opens the live index under ``root``. Raises IndexUnavailableError where there is none, or where a part
    of it is missing or damaged.
    """
    key, manifest = read_live(root)
    return opened(folder_in(root), manifest, key)


def opened(folder: Path, manifest: Manifest, key: str = "") -> OpenIndex:
    """Opens the index of ``manifest``, whose segments are in ``folder``; raises IndexUnavailableError where a
    part of it is missing or damaged. What this process has open of the same files is not opened again.
    """
    check_sizes(folder, manifest.files)
    with reading(folder.name):
        segments = tuple(open_segment(folder / name) for name in manifest.segments)
        reader, meanings = content_of(segments, [*manifest.segments.values()])
    if reader.size != manifest.paragraphs:
        raise IndexUnavailableError(f"{folder.name}: its segments hold other numbers of paragraphs")
    return OpenIndex(key, segments, reader, meanings, manifest)
