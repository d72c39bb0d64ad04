"""The copy of a generation in the search cluster, written and removed with the local one."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Collection
from pathlib import Path

from search.engine.cluster.connection import configured
from search.engine.cluster.writer import (
    ClusterWriter,
    carry_over,
    has,
    of_other_hosts,
    remove,
    remove_others,
    switch_alias,
)
from search.engine.index.generations import IndexUnavailableError, current_generation, write_whole

MARK = "FOLDER"
log = logging.getLogger(__name__)


def known_as(directory: Path) -> str:
    """Returns the cluster's name of the generation in ``directory``, unique among hosts, which number their
    generations alike. Of a folder that has written none it is a name that no index has.
    """
    return f"{_mark_of(directory.parent)}-{directory.name}"


def _mark_of(root: Path) -> str:
    try:
        return (root / MARK).read_text("utf-8")
    except OSError:
        return ""


def cluster_writer(directory: Path, live: Path | None, stale: Collection[int]) -> ClusterWriter | None:
    """Returns a writer of the same generation to the cluster, from that of ``live`` without the documents
    ``stale``; None where there is no cluster. Raises IndexUnavailableError.
    """
    cluster = configured()
    if cluster is None:
        return None
    if not _mark_of(directory.parent):
        write_whole(directory.parent / MARK, secrets.token_hex(4))
    return ClusterWriter(cluster, known_as(directory), known_as(live) if live else None, stale)


def is_on_cluster(live: Path) -> bool:
    """Returns True if the cluster has the generation, or is not used. Raises IndexUnavailableError."""
    cluster = configured()
    return cluster is None or has(cluster, known_as(live))


def carried_over(live: Path, directory: Path) -> None:
    """Registers the generation in ``directory`` as equal to ``live``. Raises IndexUnavailableError."""
    if cluster := configured():
        carry_over(cluster, known_as(live), known_as(directory))


def tidy(root: Path) -> None:
    """Removes from the cluster the generations deleted here. Failures are retried the next time."""
    try:
        purge(root)
    except IndexUnavailableError:
        log.exception("indexes that nobody reads stay on the cluster until the next update")


def purge(root: Path) -> None:
    """Removes from the cluster the generations deleted here. Raises IndexUnavailableError where one may still
    be there.
    """
    cluster, live = configured(), current_generation(root)
    if cluster is None or live is None:
        return
    switch_alias(cluster, known_as(live))
    remove_others(cluster, _mark_of(root), [known_as(path) for path in root.iterdir() if path.is_dir()])


def unclean_elsewhere(root: Path, withheld: str) -> list[str]:
    """Returns the indexes on the cluster that other hosts wrote before all of ``withheld`` was. Raises
    IndexUnavailableError.
    """
    cluster = configured()
    return of_other_hosts(cluster, _mark_of(root), withheld) if cluster else []


def remove_elsewhere(root: Path, withheld: str) -> None:
    """Removes them; a host that goes on builds its own anew. Raises IndexUnavailableError."""
    if cluster := configured():
        remove(cluster, unclean_elsewhere(root, withheld))
