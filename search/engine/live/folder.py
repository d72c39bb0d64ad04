"""The index of one machine, in a folder: segments, and which of them answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from archive.store.withholding.words import withheld_state
from search.engine.index.generations import (
    MARK,
    IndexUnavailableError,
    Manifest,
    folder_in,
    new_segment,
    remove_others,
    switch,
    tell_progress,
    writing,
)
from search.engine.index.integrity import digests, refuse_damaged, verify
from search.engine.meaning.model import model
from search.engine.meaning.vectors import known_in, write_meanings

from .index import OpenIndex, open_index, opened
from .segments import Progress, link_files, rows_kept, to_merge, write_segment

TOLD_EVERY = 200  # paragraphs
READ_LATER = 8000  # texts whose meanings are read for one further generation


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
            nothing_before, state = not self._has_any(), withheld_state()
            yield
            if nothing_before and state:
                (self.root / MARK).write_text(state, "utf-8")

    def usable(self) -> OpenIndex | None:
        """Returns the live index if it can be read and is undamaged as far as known."""
        try:
            refuse_damaged(self.root)
            return open_index(self.root)
        except IndexUnavailableError:
            return None

    def is_damaged(self, live: OpenIndex) -> bool:
        """Hashes the files of ``live``; returns True if they are not what was written."""
        return bool(verify(self.root))

    def write(
        self,
        live: OpenIndex | None,
        manifest: Manifest,
        changed: list[int],
        gone: list[int],
        progress: Progress | None,
    ) -> int:
        """Writes the generation of ``manifest``, with what ``live`` has of it, and makes it the live one."""
        segments = dict[str, list[int]]()
        if live:
            for name, segment in live.by_name():
                out = {*live.manifest.segments[name]} | {*changed, *gone} & segment.documents
                if rows_kept(segment, out):
                    segments[name] = sorted(out)
        return self._put(live, manifest, segments, changed, progress)

    def _put(
        self,
        live: OpenIndex | None,
        manifest: Manifest,
        segments: dict[str, list[int]],
        documents: list[int],
        progress: Progress | None = None,
    ) -> int:
        """Makes live what is kept of ``live`` by ``segments``, and one more of ``documents``; returns the
        number of paragraphs.
        """
        each = dict(live.by_name()) if live else {}
        paragraphs = sum(rows_kept(each[name], gone) for name, gone in segments.items())
        if documents or not segments:
            directory = new_segment(folder_in(self.root))
            known = live.meanings.segments if live else known_in(self.root)
            paragraphs += write_segment(directory, documents, known, self._told(progress))
            segments = segments | {directory.name: []}
        self._switch(live, replace(manifest, paragraphs=paragraphs, segments=segments))
        return paragraphs

    def _told(self, progress: Progress | None) -> Progress:
        """Returns ``progress``, extended to inform the pages that wait for the index."""

        def tell(done: int, total: int) -> None:
            if done % TOLD_EVERY == 0 or done == total:
                tell_progress(folder_in(self.root), done, total)
            if progress:
                progress(done, total)

        return tell

    def _switch(self, live: OpenIndex | None, manifest: Manifest) -> None:
        """Makes ``manifest`` the live one, whose segments are written; raises where they do not fit."""
        folder, before = folder_in(self.root), live.manifest.files if live else {}
        files = {name: told for name, told in before.items() if name.partition("/")[0] in manifest.segments}
        for name in manifest.segments:
            if live is None or name not in live.manifest.segments:
                files |= digests(folder / name)
        now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        manifest = replace(manifest, indexed_at=now, files=files)
        opened(folder, manifest)
        switch(self.root, manifest)

    def rename(self, live: OpenIndex, manifest: Manifest) -> None:
        """Makes a generation of the same segments: new is the revision, or how something is called."""
        self._switch(live, manifest)

    def tend(self) -> bool:
        """Merges segments where there are many, and reads meanings that are missing."""
        if (live := self.usable()) and (due := _due(live)) and not verify(self.root):
            self._merge(live, due)
        read = False
        while (live := self.usable()) and live.meanings.missing and model() and not verify(self.root):
            self._read_meanings(live)
            read = True
        return read

    def _merge(self, live: OpenIndex, due: list[str]) -> None:
        """Makes the segments ``due`` of ``live`` one: their documents are read anew. A row can only be newer
        than its document's mark says, and is then not covered.
        """
        held, each = live.manifest.segments, dict(live.by_name())
        documents = sorted(set().union(*(each[one].documents - {*held[one]} for one in due)))
        others = {name: gone for name, gone in held.items() if name not in due}
        self._put(live, live.manifest, others, documents)

    def _read_meanings(self, live: OpenIndex) -> None:
        """Reads some of the meanings that a segment lacks: a new one in its place, of the same files."""
        old, segment = next((name, each) for name, each in live.by_name() if each.meanings.missing)
        directory = new_segment(folder_in(self.root))
        write_meanings(directory, segment.columns.texts(), live.meanings.segments, READ_LATER)
        link_files(folder_in(self.root) / old, directory)
        held = live.manifest.segments.items()
        segments = {directory.name if name == old else name: gone for name, gone in held}
        self._switch(live, replace(live.manifest, segments=segments))

    def withheld(self) -> str | None:
        """Returns what was withheld when every index here was built without it; None where there is none."""
        if not self._has_any():
            return None
        try:
            return (self.root / MARK).read_text("utf-8")
        except OSError:
            return ""

    def _has_any(self) -> bool:
        """Returns True if an index is there, of whatever release, or a part of one."""
        return any(self.root.glob("*/*"))

    def cleaned(self, withheld: str) -> None:
        """Removes the indexes of other releases, and says what the live one, which was just built, is
        without.
        """
        with writing(self.root):
            remove_others(self.root)
            (self.root / MARK).write_text(withheld, "utf-8")


def _due(live: OpenIndex) -> list[str]:
    """Returns the segments that are to be merged."""
    sizes = {
        name: (len(each.columns), rows_kept(each, live.manifest.segments[name]))
        for name, each in live.by_name()
    }
    return to_merge(sizes)
