"""The index as a copy of the archive's words. What is withheld leaves it for good: an update takes documents
out of answers, but their words stay in files that it takes over, and in the generation before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from archive.store.withholding.register import Producer
from archive.store.withholding.words import Forbidden, withheld_state
from search.engine.index.generations import current_generation, discard, writing

from .cluster_copy import purge, remove_elsewhere, unclean_elsewhere
from .index import index_root, live_index
from .update import MARK, update_index


def producers() -> Iterator[Producer]:
    yield Producer("index", lambda: _("检索索引"), index_holds, clean_index, _is_of_index)
    yield Producer("cluster", lambda: _("检索集群中其他主机的索引"), others_hold, clean_others)


def index_holds(words: Forbidden | None) -> Sequence[str]:
    """Lists where the index may still contain words withheld since it was built: symbols, or a sentence."""
    root = index_root()
    if not root.is_dir() or not any(path.is_dir() for path in root.iterdir()):
        return []
    if _mark(root) != withheld_state():
        return [_("建成于依法不予显示的文字有变之前")]
    if not words:
        return []
    index = live_index()
    rows = (index.columns.stored(row) for row in range(len(index.columns)))
    return list(dict.fromkeys(row["symbol"] for row in rows if words.found_in(row["text"])))


def others_hold(words: Forbidden | None) -> Sequence[str]:
    """Lists the indexes of other hosts on the cluster that may contain words withheld since; the cluster is
    not asked where marks are to do.
    """
    return [] if words is None else unclean_elsewhere(index_root(), withheld_state())


def clean_others() -> None:
    """Removes these."""
    remove_elsewhere(index_root(), withheld_state())


def clean_index() -> None:
    """Builds the index from the database alone, and removes every other generation, on a cluster too."""
    root, state = index_root(), withheld_state()
    update_index(rebuild=True)
    with writing(root):
        live = current_generation(root)
        for directory in root.iterdir():
            if directory.is_dir() and directory != live:
                discard(directory)
        purge(root)
    (root / MARK).write_text(state, "utf-8")


def _mark(root: Path) -> str:
    try:
        return (root / MARK).read_text("utf-8")
    except OSError:
        return ""


def _is_of_index(path: Path) -> bool:
    """Returns True if a path, relative to the data folder, belongs to the index of some engine."""
    return (Path(settings.DATA_DIR) / path).is_relative_to(index_root()) or path.parts[0] == "index"
