"""Updates the index from the database, next to the live one, and switches it in whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from archive.store.revision import current_revision
from search.engine.cluster.connection import configured
from search.engine.index.coverage import document_marks
from search.engine.index.generations import INDEX_VERSION, Manifest
from search.query.entities.snapshot import archive_names
from search.query.text.segmenter import words_digest

from .folder import FolderHome
from .index import index_root
from .segments import Progress
from .site import SiteHome

Home = FolderHome | SiteHome


def home() -> Home:
    """Returns where the index of the settings is written: a folder of this machine, or a site's cluster."""
    cluster = configured()
    return FolderHome(index_root()) if cluster is None else SiteHome(cluster)


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


def update_index(rebuild: bool = False, progress: Progress | None = None, wait: bool = True) -> Update:
    """Updates the index from the database, and writes nothing where nothing changed. Waits for another
    writer; without ``wait`` it raises IndexBusyError where there is one.

    Documents that changed since the live index are indexed anew. All are, with ``rebuild``, where there is no
    readable index, or where it was made by other rules. What changes meanwhile is not covered until the next
    update, which whoever changes it asks for. ``progress`` is called with paragraphs done and to do.
    """
    here = home()
    with here.writing(wait):
        update = _updated(here, None if rebuild else here.usable(), progress)
        return replace(update, switched=here.tend() or update.switched)


def _updated(here: Home, live: Any | None, progress: Progress | None) -> Update:
    """Makes one generation. The revision is read before all else and the marks of documents before their
    rows: so a row can only be newer than its mark says, and is then not covered.
    """
    revision, marks = str(current_revision()), document_marks()
    names = archive_names(live.manifest.names if live else None)
    if live and _codes(live.manifest.names) - _codes(names):
        live = None  # rows hold a code that is now another
    changed, gone = _differences(live, marks)
    manifest = Manifest("", 0, INDEX_VERSION, revision, marks, names, words=words_digest())
    if live and not changed and not gone:
        held = live.manifest
        same = (held.revision, held.names) == (revision, names)
        if not same:
            here.rename(live, replace(held, revision=revision, names=names))
        return Update(0, 0, held.paragraphs, False, not same)
    if live and here.is_damaged(live):
        live = None
        changed, gone = _differences(live, marks)
    paragraphs = here.write(live, manifest, changed, gone, progress)
    return Update(len(changed), len(gone), paragraphs, live is None, True)


def clear_index() -> None:
    """Makes an index without a document the live one, as of before the first; the next update builds all."""
    here = home()
    with here.writing():
        manifest = Manifest("", 0, INDEX_VERSION, "0", names=archive_names(None), words=words_digest())
        here.write(None, manifest, [], [], None)


def _codes(names: Mapping[str, Any]) -> set[tuple[str, str]]:
    return {(kind, code) for kind in ("state", "body") for code in names[kind]}


def _differences(base: Any | None, marks: dict[str, str]) -> tuple[list[int], list[int]]:
    """Returns the documents to be indexed anew, and those to be taken out."""
    before = base.manifest.documents if base else {}
    changed = [int(pk) for pk, mark in marks.items() if before.get(pk) != mark]
    return changed, [int(pk) for pk in before if pk not in marks]
