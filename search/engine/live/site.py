"""The one index of a site whose hosts ask a cluster: a row of the database says which it is, and of what.

It is switched by one UPDATE; one process of all hosts writes at a time. The index before is kept for who
still reads it, and removed at the next switch.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace

from django.db import DatabaseError

from archive.models import SearchIndex
from archive.store.database.locks import locked
from search.engine.cluster.connection import ClusterSettings, access_to
from search.engine.cluster.index import ClusterIndex
from search.engine.cluster.writer import ClusterWriter, indexes_of, remove, switch_alias
from search.engine.index.generations import INDEX_VERSION, IndexBusyError, IndexUnavailableError, Manifest
from search.engine.index.rows import MANY, counted

from .segments import Progress, count_of, prepared_rows, reported

log = logging.getLogger(__name__)
_open: dict[str, ClusterIndex] = {}  # the live one, by its token


def token_of_site() -> str | None:
    """Returns what changes with each switch; None where there is no index yet. One query."""
    try:
        return SearchIndex.objects.values_list("token", flat=True).first()
    except DatabaseError as error:
        raise IndexUnavailableError(f"the database cannot be read: {error}") from error


def index_of_site(cluster: ClusterSettings) -> ClusterIndex:
    """Returns the index as it was written. Raises IndexUnavailableError where there is none yet."""
    if (found := _open.get(token_of_site() or "")) is None:
        if (row := SearchIndex.objects.first()) is None:
            raise IndexUnavailableError("no index has been built yet")
        manifest = Manifest(**json.loads(row.manifest))
        if manifest.version != INDEX_VERSION:
            raise IndexUnavailableError(f"{row.generation}: it is of version {manifest.version}")
        found = ClusterIndex(access_to(cluster), row.generation, row.token, manifest)
        _open.clear()
        _open[row.token] = found
    return found


@dataclass(frozen=True, slots=True)
class SiteHome:
    """Where the index of a site is written."""

    cluster: ClusterSettings

    @contextmanager
    def writing(self, wait: bool = True) -> Iterator[None]:
        """Locks the index for one writer of all hosts; a second one waits, or raises IndexBusyError."""
        with locked(f"{self.cluster.prefix}-writer", wait) as held:
            if not held:
                raise IndexBusyError
            yield

    def usable(self) -> ClusterIndex | None:
        """Returns the live index, if it is there, and of this version."""
        try:
            found = index_of_site(self.cluster)
        except IndexUnavailableError:
            return None
        return found if found.manifest.is_current and found.generation in indexes_of(self.cluster) else None

    def is_damaged(self, live: ClusterIndex) -> bool:
        """Its files are the cluster's to watch."""
        return False

    def write(
        self,
        live: ClusterIndex | None,
        manifest: Manifest,
        changed: list[int],
        gone: list[int],
        progress: Progress | None,
    ) -> int:
        """Writes the documents ``changed`` beside what ``live`` has of others, and switches; returns the
        number of paragraphs.
        """
        stamp = dt.datetime.now(dt.UTC).strftime("%Y%m%dt%H%M%S")
        name = f"{self.cluster.prefix}-{stamp}-{secrets.token_hex(4)}"
        try:
            before = (live.generation, live.manifest.paragraphs) if live else None
            writer, total = ClusterWriter(self.cluster, name, before, {*changed, *gone}), count_of(changed)
            for row, entry in counted(reported(prepared_rows(changed), total, progress), total >= MANY):
                writer.add(row, entry)
            paragraphs = writer.finish()
        except BaseException:
            self._tidy(lambda one: one != name)
            raise
        earlier = SearchIndex.objects.values_list("generation", flat=True).first()
        base = live.manifest.segments if live else {name: []}
        self._switch(name, replace(manifest, paragraphs=paragraphs, segments=base))
        self._tidy(lambda one: one in (name, earlier))
        return paragraphs

    def rename(self, live: ClusterIndex, manifest: Manifest) -> None:
        """Says that ``live`` is equal to a later state of the archive, or how something is called in it."""
        self._switch(live.generation, manifest)

    def tend(self) -> bool:
        """Merging is the cluster's."""
        return False

    def _switch(self, generation: str, manifest: Manifest) -> None:
        manifest = replace(manifest, indexed_at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"))
        told = json.dumps(asdict(manifest), ensure_ascii=False)
        row = {"generation": generation, "token": secrets.token_hex(8), "manifest": told}
        SearchIndex.objects.update_or_create(pk=1, defaults=row)

    def _tidy(self, kept: Callable[[str], bool]) -> None:
        """Removes all other indexes; what cannot be reached goes the next time."""
        try:
            remove(self.cluster, [name for name in indexes_of(self.cluster) if not kept(name)])
            for live in SearchIndex.objects.values_list("generation", flat=True):
                switch_alias(self.cluster, live)
        except IndexUnavailableError:
            log.exception("indexes that nobody reads stay on the cluster until the next update")

    def withheld(self) -> str | None:
        """Returns what was withheld when all indexes were built without it; None where there is none."""
        return SearchIndex.objects.values_list("withheld", flat=True).first()

    def cleaned(self, withheld: str) -> None:
        """Removes every index but the live one, which was just built, and says what it is without. Raises
        IndexUnavailableError where one may still be there.
        """
        row = SearchIndex.objects.get()
        remove(self.cluster, [name for name in indexes_of(self.cluster) if name != row.generation])
        SearchIndex.objects.filter(token=row.token).update(withheld=withheld)
