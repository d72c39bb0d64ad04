"""The live index of this process: opened once, shared by all requests, opened anew when another is
switched in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from threading import Lock

from django.conf import settings

from archive.store.search_index import request_update
from search.engine.cluster.connection import access_to, configured
from search.engine.cluster.engine import ClusterEngine
from search.engine.index.columns import Columns
from search.engine.index.coverage import AS_WRITTEN, Corpus, Coverage, coverage_of, revision_now
from search.engine.index.generations import (
    READABLE,
    IndexUnavailableError,
    Manifest,
    current_generation,
    read_manifest,
    reading,
)
from search.engine.index.integrity import check_sizes, refuse_damaged, watched
from search.engine.index.literal import LiteralIndex
from search.engine.meaning.vectors import AllMeanings, Nearness
from search.engine.protocol import ALL, Numbers, Question, Slice, Stored
from search.engine.searcher.embedded import EmbeddedEngine
from search.engine.searcher.reader import Reader
from search.query.language.conditions import AnyNode

from .cluster_copy import known_as
from .segments import Segment, content_of, open_segment


@dataclass(frozen=True, eq=False)
class OpenIndex:
    """A generation of the index, open for reading: its segments, the reader of all of them, the manifest.

    ``coverage`` is the revision of the archive that it answers for; where documents are excluded, reader and
    manifest are without them. Empty for the index as it was written.
    """

    directory: Path
    segments: tuple[Segment, ...]
    reader: Reader
    meanings: AllMeanings
    manifest: Manifest
    coverage: Coverage = AS_WRITTEN

    @property
    def name(self) -> str:
        """The identifier of its rows and their order: generation and digest of excluded documents."""
        left_out = sorted(self.coverage.left_out)
        if not left_out:
            return self.directory.name
        return f"{self.directory.name}~{hashlib.sha256(repr(left_out).encode()).hexdigest()[:8]}"

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
        return (self.here if question.size is ALL else self.engine).slice(question)

    def stored(self, ids: Sequence[int]) -> list[Stored]:
        return self.here.stored(ids)

    def near(self, meaning: Numbers) -> Nearness:
        return self.here.near(meaning)

    @property
    def engine(self) -> EmbeddedEngine | ClusterEngine:
        """What answers a page: the cluster of the settings, else this machine."""
        cluster = configured()
        if cluster is None:
            return self.here
        name = cluster.name_of(known_as(self.directory))
        left_out = sorted(self.coverage.left_out) if self.coverage else ()
        return ClusterEngine(access_to(cluster), name, self.here, left_out)

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


_open: dict[Path, OpenIndex] = {}
_opening, _covering = Lock(), Lock()
_covered: dict[Path, OpenIndex] = {}  # by generation; of the live one and the one before
_serving = False


def index_root() -> Path:
    """Returns the folder of the generations of the configured engine."""
    return Path(settings.HAYSTACK_CONNECTIONS["default"]["PATH"])


def live_index() -> OpenIndex:
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


def written_index() -> OpenIndex:
    """Returns the live index as it was written."""
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
    """Starts hashing in the background whatever index this process, a server, reads from now on."""
    global _serving
    _serving = True


def generation(name: str) -> OpenIndex | None:
    """Returns the live generation or the one before, by its ``OpenIndex.name``; None where it is no more, or
    where something is left out of it now that was not then.

    Raises IndexUnavailableError where it cannot be read.
    """
    live = live_index()
    if name == live.name:
        return live
    directory = index_root() / name.partition("~")[0]
    if not directory.is_dir() or directory.parent != index_root():
        return None
    refuse_damaged(directory)
    before = _opened_before(directory)
    found = _as_covered(before)
    return found if name == found.name else None


@lru_cache(maxsize=1)
def _opened_before(directory: Path) -> OpenIndex:
    return open_index(directory)


def _as_covered(index: OpenIndex) -> OpenIndex:
    """Returns ``index`` without documents changed since they were indexed; made once for each revision."""
    mark = revision_now()
    known = _covered.get(index.directory)
    if known is None or known.coverage.revision != str(mark):
        with _covering:
            known = _covered.get(index.directory)  # another thread may have looked
            if known is None or known.coverage.revision != str(mark):
                known = _covering_now(index, coverage_of(index.manifest, mark), known)
                _covered[index.directory] = known
                for directory in [*_covered][: -len(_open) - 1]:
                    del _covered[directory]
    return known


def _covering_now(index: OpenIndex, coverage: Coverage, before: OpenIndex | None) -> OpenIndex:
    """Returns ``index`` with its present ``coverage``, reusing the arrays of ``before`` where they fit."""
    if coverage.names is None:
        return replace(index, coverage=coverage)
    if before and before.coverage.left_out == coverage.left_out:
        reader, meanings = before.reader, before.meanings
    elif coverage.left_out:
        with reading(index.directory.name):
            left_out = [coverage.left_out.union(gone) for gone in index.manifest.segments.values()]
            reader, meanings = content_of(index.segments, left_out)
    else:
        reader, meanings = index.reader, index.meanings
    documents = {
        pk: mark for pk, mark in index.manifest.documents.items() if int(pk) not in coverage.left_out
    }
    paragraphs = reader.size
    manifest = replace(
        index.manifest,
        paragraphs=paragraphs,
        documents=documents,
        names={**index.manifest.names, **coverage.names},
    )
    coverage = replace(coverage, paragraphs=max(0, coverage.paragraphs - paragraphs))
    return OpenIndex(index.directory, index.segments, reader, meanings, manifest, coverage)


def _live_directory(root: Path) -> Path:
    directory = current_generation(root)
    if directory is None:
        raise IndexUnavailableError("no index has been built yet")
    return directory


def open_index(directory: Path) -> OpenIndex:
    """Opens a generation; raises IndexUnavailableError where a part of it is missing or damaged. What this
    process has open of the same files is not opened again.
    """
    manifest = read_manifest(directory)
    check_sizes(directory, manifest.files)
    if manifest.version not in READABLE:
        raise IndexUnavailableError(f"{directory.name}: it is of version {manifest.version}")
    with reading(directory.name):
        segments = tuple(open_segment(directory / name) for name in manifest.segments)
        reader, meanings = content_of(segments, [*manifest.segments.values()])
    if reader.size != manifest.paragraphs:
        raise IndexUnavailableError(f"{directory.name}: its segments hold other numbers of paragraphs")
    return OpenIndex(directory, segments, reader, meanings, manifest)
