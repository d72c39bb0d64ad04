"""Updates the index from the database, next to the live one, and switches it in whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from archive.store.revision import current_revision
from archive.store.withholding.words import withheld_state
from search.engine.index.coverage import document_marks
from search.engine.index.generations import (
    INDEX_VERSION,
    NAMES,
    IndexUnavailableError,
    Manifest,
    current_generation,
    discard,
    link,
    link_files,
    new_generation,
    read_manifest,
    switch,
    tell_progress,
    write_manifest,
    write_names,
    writing,
)
from search.engine.index.integrity import VERIFIED, digests, mark_hashed, refuse_damaged, verify, verify_due
from search.engine.meaning.model import model
from search.engine.meaning.vectors import Known, known_in, write_meanings
from search.query.entities.snapshot import archive_names
from search.query.text.segmenter import words_digest

from .cluster_copy import MARK as FOLDER
from .cluster_copy import carried_over, cluster_writer, is_on_cluster, tidy
from .index import OpenIndex, index_root, open_index
from .segments import Progress, Segment, Taking, merge_segments, rows_kept, to_merge, write_segment

AGAIN = 3  # an import may go on while the index is built
TOLD_EVERY = 200  # paragraphs
READ_LATER = 8000  # texts whose meanings are read for one further generation
MARK = "WITHHELD"  # beside the generations: what was withheld when all were last built without it


@dataclass(frozen=True, slots=True)
class Update:
    """The result of an update: documents indexed anew and removed, paragraphs in the index, whether all was
    rebuilt.
    """

    indexed: int
    removed: int
    paragraphs: int
    rebuilt: bool
    switched: bool


def update_index(
    rebuild: bool = False, progress: Progress | None = None, started: Callable[[], None] = lambda: None
) -> Update:
    """Updates the index from the database. Waits for another writer; writes nothing where nothing changed.

    Documents that changed since the live index are indexed anew. All are, with ``rebuild``, where there is no
    readable index, or where it was made by other rules. What changes meanwhile is indexed in a further
    generation, a few times; what still changes then is not covered until the next update. ``progress`` is
    called with paragraphs done and to do, ``started`` when there is no other writer any more.

    What changed is a segment of its own. Where there are many, some are merged: after all is found.
    """
    root = index_root()
    with writing(root):
        started()
        nothing_before = not any(path.is_dir() or path.name == FOLDER for path in root.iterdir())
        state = withheld_state()
        whole = _updated(root, None if rebuild else _usable(root), progress)
        for _again in range(AGAIN):
            built = read_manifest(cast(Path, current_generation(root)))
            if not whole.switched or built.revision == str(current_revision()):
                break
            whole = _both(whole, _updated(root, _usable(root), progress))
        if (live := _usable(root)) and (due := to_merge(_sizes(live))):
            _merge(root, live, due)
        while (live := _usable(root)) and live.meanings.missing and model():
            _carry_over(root, live, live.manifest, READ_LATER)
            whole = replace(whole, switched=True)
        tidy(root)
        if nothing_before and state:
            (root / MARK).write_text(state, "utf-8")
    return whole


def _both(first: Update, then: Update) -> Update:
    indexed, removed = first.indexed + then.indexed, first.removed + then.removed
    return Update(indexed, removed, then.paragraphs, first.rebuilt or then.rebuilt, True)


def _updated(root: Path, live: OpenIndex | None, progress: Progress | None) -> Update:
    """Makes one generation. Its revision is read before all else and the marks of documents before their
    rows: so a row can only be newer than its mark says, and is then not covered.
    """
    revision, marks = str(current_revision()), document_marks()
    names = archive_names(live.manifest.names if live else None)
    if live and _codes(live.manifest.names) - _codes(names):
        live = None  # rows hold a code that is now another
    changed, gone = _differences(live, marks)
    if live and not changed and not gone:
        same = (live.manifest.revision, live.manifest.names) == (revision, names)
        if not same:
            _carry_over(root, live, replace(live.manifest, revision=revision, names=names))
        return Update(0, 0, live.manifest.paragraphs, False, not same)
    if live and verify_due(live.directory):  # nothing is taken over from damaged files
        live = None
        changed, gone = _differences(live, marks)
    manifest = Manifest("", 0, INDEX_VERSION, revision, marks, names, words=words_digest())
    built = _switched_in(root, live, manifest, progress)
    return Update(len(changed), len(gone), built.manifest.paragraphs, live is None, True)


def clear_index() -> None:
    """Makes an index without a document the live one, as of before the first; the next update builds all."""
    root = index_root()
    with writing(root):
        manifest = Manifest("", 0, INDEX_VERSION, "0", names=archive_names(None), words=words_digest())
        _switched_in(root, None, manifest)
        tidy(root)


def _switched_in(
    root: Path, live: OpenIndex | None, manifest: Manifest, progress: Progress | None = None
) -> OpenIndex:
    """Writes the generation of ``manifest``, with what ``live`` has of it, and makes it the live one."""
    changed, gone = _differences(live, manifest.documents)
    directory = new_generation(root)
    try:
        beside = cluster_writer(directory, live.directory if live else None, {*changed, *gone})
        taking = beside.add if beside else None
        built = _fill(directory, live, manifest, _told(directory, progress), taking)
        if beside:
            beside.finish(built.manifest.paragraphs, manifest.revision)
    except BaseException:
        discard(directory)
        raise
    switch(root, directory)
    return built


def _told(directory: Path, progress: Progress | None) -> Progress:
    """Returns ``progress``, extended to inform the pages that wait for the generation in ``directory``."""

    def tell(done: int, total: int) -> None:
        if done % TOLD_EVERY == 0 or done == total:
            tell_progress(directory, done, total)
        if progress:
            progress(done, total)

    return tell


def _codes(names: Mapping[str, Any]) -> set[tuple[str, str]]:
    return {(kind, code) for kind in ("state", "body") for code in names[kind]}


def _carry_over(root: Path, live: OpenIndex, manifest: Manifest, most: int = 0) -> None:
    """A generation of the same files: all that is new is the revision, how something is called, or the
    meanings of ``most`` texts.
    """
    directory = new_generation(root)
    try:
        if most:
            name = next(name for name, each in _by_name(live) if each.meanings.missing)
            (directory / name).mkdir()
            segment = live.segments[[*live.manifest.segments].index(name)]
            write_meanings(directory / name, segment.columns.texts(), live.meanings, most)
        _link(directory, live, live.manifest.segments)
        _finish(directory, live, manifest)
        carried_over(live.directory, directory)
    except BaseException:
        discard(directory)
        raise
    switch(root, directory)


def _write_names(directory: Path, base: OpenIndex | None, manifest: Manifest) -> None:
    if base and base.manifest.names == manifest.names:
        link(base.directory / NAMES, directory / NAMES)
    else:
        write_names(directory, manifest.names)


def _usable(root: Path) -> OpenIndex | None:
    """Returns the live index if it can be read, is undamaged as far as known, and of this version."""
    try:
        directory = current_generation(root)
        if directory:
            refuse_damaged(directory)
        live = open_index(directory) if directory else None
    except IndexUnavailableError:
        return None
    if live is None or not live.manifest.is_current:
        return None
    return live if is_on_cluster(live.directory) else None


def _differences(base: OpenIndex | None, marks: dict[str, str]) -> tuple[list[int], list[int]]:
    """Returns the documents to be indexed anew, and those to be taken out."""
    before = base.manifest.documents if base else {}
    changed = [int(pk) for pk, mark in marks.items() if before.get(pk) != mark]
    return changed, [int(pk) for pk in before if pk not in marks]


def _fill(
    directory: Path,
    live: OpenIndex | None,
    manifest: Manifest,
    progress: Progress | None,
    taking: Taking | None = None,
) -> OpenIndex:
    """Writes a generation: the segments of ``live``, and one of what changed since; or all in one. What is
    indexed anew is handed to ``taking``, too.
    """
    changed, gone = _differences(live, manifest.documents)
    segments, paragraphs = {}, 0
    if live:
        left = {*changed, *gone}
        for name, segment in _by_name(live):
            out = {*live.manifest.segments[name]} | left & segment.documents
            if kept := rows_kept(segment, out):
                segments[name], paragraphs = sorted(out), paragraphs + kept
        _link(directory, live, segments)
    if changed or not segments:
        name, known = _new_name(live), live.meanings if live else _meanings_before(directory)
        paragraphs += write_segment(directory / name, changed, known, progress, taking)
        segments[name] = []
    return _finish(directory, live, replace(manifest, paragraphs=paragraphs, segments=segments))


def _by_name(live: OpenIndex) -> Iterator[tuple[str, Segment]]:
    return zip(live.manifest.segments, live.segments, strict=True)


def _new_name(live: OpenIndex | None) -> str:
    return str(1 + max(map(int, live.manifest.segments if live else ()), default=0))


def _link(directory: Path, live: OpenIndex, segments: Iterable[str]) -> None:
    for name in segments:
        link_files(live.directory / name, directory / name)


def _finish(directory: Path, live: OpenIndex | None, manifest: Manifest) -> OpenIndex:
    """Completes and opens a generation whose segments are written; raises where they do not fit."""
    _write_names(directory, live, manifest)
    files = digests(directory, live.directory, live.manifest.files) if live else digests(directory)
    write_manifest(directory, replace(manifest, indexed_at=_now(), files=files))
    for name in manifest.segments:
        if live is None or name not in live.manifest.segments:
            mark_hashed(directory / name / VERIFIED)
    return open_index(directory)


def _sizes(live: OpenIndex) -> dict[str, tuple[int, int]]:
    """Returns the number of rows of each segment, and of those that are kept."""
    return {
        name: (len(each.columns), rows_kept(each, live.manifest.segments[name]))
        for name, each in _by_name(live)
    }


def _merge(root: Path, live: OpenIndex, due: list[str]) -> None:
    """Merges the segments ``due`` of ``live`` in a new generation of the same content."""
    if verify(live.directory):
        return  # the next update reads all anew
    directory, held = new_generation(root), live.manifest.segments
    try:
        segments = {name: gone for name, gone in held.items() if name not in due}
        _link(directory, live, segments)
        name = _new_name(live)
        merge_segments(directory / name, [(live.directory / one, held[one]) for one in due])
        _finish(directory, live, replace(live.manifest, segments=segments | {name: []}))
        carried_over(live.directory, directory)
    except BaseException:
        discard(directory)
        raise
    switch(root, directory)


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


def _meanings_before(directory: Path) -> Known | None:
    """Returns the stored vectors of the live generation, of any version; None if unreadable."""
    try:
        before = current_generation(directory.parent)
        return known_in(before) if before else None
    except (IndexUnavailableError, OSError, ValueError):
        return None
