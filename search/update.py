"""Bringing the index up to date with the database, beside the live index, and switching it in whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from haystack import connections

from archive.models import Body, Document, Paragraph, State, SymbolAlias

from .generations import (
    ENGINE,
    IndexUnavailableError,
    Manifest,
    current_generation,
    discard,
    new_generation,
    switch,
    write_manifest,
    writing,
)
from .library import index_root, index_version, open_index
from .literal import write_literal_index
from .search_indexes import paragraphs_of

Progress = Callable[[int, int], None]
ATTEMPTS = 10  # an import may go on while the index is built


@dataclass(frozen=True, slots=True)
class Update:
    """What an update did: documents indexed anew and taken out, paragraphs in the index, whether all
    was rebuilt.
    """

    indexed: int
    removed: int
    paragraphs: int
    rebuilt: bool
    switched: bool


def update_index(rebuild: bool = False, progress: Progress | None = None) -> Update:
    """Make the index equal to the database. Waits for another writer; nothing to do means nothing is written.

    Documents that changed since the live index are indexed anew. All are, with ``rebuild``, where there is no
    readable index, or where it was made by other rules. ``progress`` is called with paragraphs done and
    to do.
    """
    root = index_root()
    with writing(root):
        live = None if rebuild else _usable(root)
        marks, names = document_marks(), shown_names()
        before = live.documents if live else {}
        changed = [int(pk) for pk, mark in marks.items() if before.get(pk) != mark]
        gone = [int(pk) for pk in before if pk not in marks]
        if live and not changed and not gone and live.names == names:
            return Update(0, 0, live.paragraphs, False, False)
        directory = new_generation(root, current_generation(root) if live else None)
        try:
            paragraphs = _build(directory, live, marks, names, progress)
        except BaseException:
            discard(directory)
            raise
        switch(root, directory)
    return Update(len(changed), len(gone), paragraphs, live is None, True)


def _usable(root: Path) -> Manifest | None:
    """The manifest of the live index where it can be read and follows the present rules."""
    try:
        directory = current_generation(root)
        live = open_index(directory) if directory else None
    except IndexUnavailableError:
        return None
    if live is None or live.manifest.version != index_version():
        return None
    live.engine.close()
    return live.manifest


def _build(
    directory: Path,
    live: Manifest | None,
    marks: dict[str, str],
    names: dict[str, Any],
    progress: Progress | None,
) -> int:
    """Fill a generation; returns its paragraphs. Documents that change meanwhile are indexed again."""
    backend = connections["default"].get_backend()
    if live is None:
        backend.create(directory / ENGINE)
    held = live.documents if live else {}
    for _attempt in range(ATTEMPTS):
        changed = [int(pk) for pk, mark in marks.items() if held.get(pk) != mark]
        gone = [int(pk) for pk in held if pk not in marks]
        removed = [pk for pk in (*changed, *gone) if str(pk) in held]
        backend.write(directory / ENGINE, removed, _counted(changed, progress))
        paragraphs = write_literal_index(directory, _texts())
        held, marks = marks, document_marks()
        if held == marks:
            break
    else:
        raise IndexUnavailableError("documents kept changing while they were indexed")
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    write_manifest(directory, Manifest(now, paragraphs, index_version(), marks, names))
    open_index(directory).engine.close()  # raises where the parts do not fit each other
    return paragraphs


def _texts() -> Iterator[tuple[int, str]]:
    """Id and text of every paragraph, in the order of the engine's rows."""
    rows = Paragraph.objects.order_by("document_id", "position").values_list("pk", "text")
    return rows.iterator(chunk_size=2000)


def _counted(documents: list[int], progress: Progress | None):
    total = Paragraph.objects.filter(document__in=documents).count()
    for done, paragraph in enumerate(paragraphs_of(documents), start=1):
        yield paragraph
        if progress:
            progress(done, total)


def document_marks() -> dict[str, str]:
    """Document id → what changes whenever its rows do."""
    rows = Document.objects.order_by("pk").values_list("pk", "changed", "content_hash")
    return {str(pk): f"{changed.isoformat()} {content}" for pk, changed, content in rows}


def shown_names() -> dict[str, Any]:
    """Names that results and filters need: States by code, bodies by slug, symbols that are held."""
    states = State.objects.order_by("alpha3")
    bodies = Body.objects.order_by("slug")
    held = Document.objects.order_by("symbol").values_list("symbol", flat=True)
    aliases = SymbolAlias.objects.order_by("symbol").values_list("symbol", "document__symbol")
    return {
        "state": {s.alpha3: [s.name, s.official_name, s.english, s.alpha2, *s.aliases] for s in states},
        "body": {
            b.slug: [b.name, *b.aliases, *b.contextual_aliases, *b.traditional, b.english, b.acronym]
            for b in bodies
        },
        "symbol": {symbol: symbol for symbol in held} | dict(aliases),
    }
