"""The index of one machine, in a folder: generations of segments, each linked to those of the one before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from archive.store.withholding.words import withheld_state
from search.engine.index.generations import (
    NAMES,
    IndexUnavailableError,
    Manifest,
    current_generation,
    discard,
    link,
    link_files,
    new_generation,
    switch,
    tell_progress,
    write_manifest,
    write_names,
    writing,
)
from search.engine.index.integrity import VERIFIED, digests, mark_hashed, refuse_damaged, verify, verify_due
from search.engine.meaning.model import model
from search.engine.meaning.vectors import Known, known_in, write_meanings

from .index import OpenIndex, open_index
from .segments import Progress, Segment, rows_kept, to_merge, write_segment

TOLD_EVERY = 200  # paragraphs
READ_LATER = 8000  # texts whose meanings are read for one further generation
MARK = "WITHHELD"  # beside the generations: what was withheld when all were last built without it


@dataclass(frozen=True, slots=True)
class FolderHome:
    """The home of the index under ``root``."""

    root: Path

    @contextmanager
    def writing(self, wait: bool = True) -> Iterator[None]:
        """Locks the index for one writer; a second one waits, or raises IndexBusyError. What was withheld
        before the first index is in none.
        """
        with writing(self.root, wait):
            nothing_before, state = not any(map(Path.is_dir, self.root.iterdir())), withheld_state()
            yield
            if nothing_before and state:
                (self.root / MARK).write_text(state, "utf-8")

    def usable(self) -> OpenIndex | None:
        """Returns the live index if it can be read, is undamaged as far as known, and of this version."""
        try:
            directory = current_generation(self.root)
            if directory:
                refuse_damaged(directory)
            live = open_index(directory) if directory else None
        except IndexUnavailableError:
            return None
        return live if live and live.manifest.is_current else None

    def is_damaged(self, live: OpenIndex) -> bool:
        """Hashes the files of ``live``; returns True if they are not what was written."""
        return bool(verify_due(live.directory))

    def write(
        self,
        live: OpenIndex | None,
        manifest: Manifest,
        changed: list[int],
        gone: list[int],
        progress: Progress | None,
    ) -> int:
        """Writes the generation of ``manifest``, with what ``live`` has of it, and makes it the live one."""
        directory = new_generation(self.root)
        try:
            built = _fill(directory, live, manifest, changed, gone, _told(directory, progress))
        except BaseException:
            discard(directory)
            raise
        switch(self.root, directory)
        return built.manifest.paragraphs

    def rename(self, live: OpenIndex, manifest: Manifest) -> None:
        """Makes a generation of the same files: new is the revision, or how something is called."""
        _carry_over(self.root, live, manifest)

    def tend(self) -> bool:
        """Merges segments where there are many, and reads meanings that are missing."""
        read = False
        if (live := self.usable()) and (due := to_merge(_sizes(live))):
            _merge(self.root, live, due)
        while (live := self.usable()) and live.meanings.missing and model():
            _carry_over(self.root, live, live.manifest, READ_LATER)
            read = True
        return read

    def withheld(self) -> str | None:
        """Returns what was withheld when every generation was built without it; None where there is none."""
        if not self.root.is_dir() or not any(map(Path.is_dir, self.root.iterdir())):
            return None
        try:
            return (self.root / MARK).read_text("utf-8")
        except OSError:
            return ""

    def cleaned(self, withheld: str) -> None:
        """Removes every generation but the live one, which was just built, and says what it is without."""
        with writing(self.root):
            live = current_generation(self.root)
            for directory in self.root.iterdir():
                if directory.is_dir() and directory != live:
                    discard(directory)
        (self.root / MARK).write_text(withheld, "utf-8")


def _told(directory: Path, progress: Progress | None) -> Progress:
    """Returns ``progress``, extended to inform the pages that wait for the generation in ``directory``."""

    def tell(done: int, total: int) -> None:
        if done % TOLD_EVERY == 0 or done == total:
            tell_progress(directory, done, total)
        if progress:
            progress(done, total)

    return tell


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
    except BaseException:
        discard(directory)
        raise
    switch(root, directory)


def _write_names(directory: Path, base: OpenIndex | None, manifest: Manifest) -> None:
    if base and base.manifest.names == manifest.names:
        link(base.directory / NAMES, directory / NAMES)
    else:
        write_names(directory, manifest.names)


def _fill(
    directory: Path,
    live: OpenIndex | None,
    manifest: Manifest,
    changed: list[int],
    gone: list[int],
    progress: Progress,
) -> OpenIndex:
    """Writes a generation: the segments of ``live``, and one of what changed since; or all in one."""
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
        paragraphs += write_segment(directory / name, changed, known, progress)
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
    """Makes the segments ``due`` of ``live`` one, in a new generation of the same content: their documents
    are read anew. A row can only be newer than its document's mark says, and is then not covered.
    """
    if verify(live.directory):
        return  # the next update reads all anew
    directory, held = new_generation(root), live.manifest.segments
    try:
        segments = {name: gone for name, gone in held.items() if name not in due}
        _link(directory, live, segments)
        name, each = _new_name(live), dict(_by_name(live))
        documents = sorted(set().union(*(each[one].documents - {*held[one]} for one in due)))
        paragraphs = sum(rows_kept(each[one], held[one]) for one in segments)
        paragraphs += write_segment(directory / name, documents, live.meanings)
        merged = replace(live.manifest, paragraphs=paragraphs, segments=segments | {name: []})
        _finish(directory, live, merged)
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
