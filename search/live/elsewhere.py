"""What a cluster holds of the generations on this machine, written and removed with them."""

from __future__ import annotations

import logging
from collections.abc import Collection
from pathlib import Path

from search.cluster.connection import configured
from search.cluster.writer import ClusterWriter, carry_over, has, remove_others, switch_alias
from search.index.generations import IndexUnavailableError, current_generation

log = logging.getLogger(__name__)


def writer_beside(directory: Path, live: Path | None, stale: Collection[int]) -> ClusterWriter | None:
    """Who writes the same generation to the cluster, from that of ``live`` without the documents ``stale``;
    None where there is no cluster. Raises IndexUnavailableError.
    """
    cluster = configured()
    if cluster is None:
        return None
    return ClusterWriter(cluster, directory.name, live.name if live else None, stale)


def is_elsewhere(live: Path) -> bool:
    """Whether the cluster, where there is one, has the generation. Raises IndexUnavailableError."""
    cluster = configured()
    return cluster is None or has(cluster, live.name)


def carried_over(live: Path, directory: Path) -> None:
    """The generation in ``directory`` holds the same as ``live``. Raises IndexUnavailableError."""
    if cluster := configured():
        carry_over(cluster, live.name, directory.name)


def tidy(root: Path) -> None:
    """Remove from the cluster what is no generation here any more. What fails is done the next time."""
    try:
        purge(root)
    except IndexUnavailableError:
        log.exception("indexes that nobody reads stay on the cluster until the next update")


def purge(root: Path) -> None:
    """Remove from the cluster what is no generation here any more. Raises IndexUnavailableError where that
    may still be there.
    """
    cluster, live = configured(), current_generation(root)
    if cluster is None or live is None:
        return
    switch_alias(cluster, live.name)
    remove_others(cluster, [path.name for path in root.iterdir() if path.is_dir()])
