"""Writer of an index on a cluster next to the live one, and remover of those no longer read."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from functools import partial
from typing import Any

from search.engine.index.columns import Row
from search.engine.index.generations import IndexGoneError, IndexUnavailableError
from search.engine.index.rows import Entry, exact_fields, token_fields

from .connection import ClusterSettings, client_of, retried
from .mapping import DOCUMENT, index_body, paragraph_body

AT_ONCE = 400  # paragraphs
LONG = {"request_timeout": 600}  # seconds for what is done to a whole index


class ClusterWriter:
    """Writes the index ``name``: anew, or from that ``before`` (its name, and how many paragraphs it has)
    without the documents ``stale``. Paragraphs come document by document. All methods raise
    IndexUnavailableError.
    """

    def __init__(
        self,
        cluster: ClusterSettings,
        name: str,
        before: tuple[str, int] | None,
        stale: Collection[int],
    ) -> None:
        self.client, self.name = client_of(cluster), name
        self._document: list[tuple[Row, Entry]] = []
        self._waiting: list[Any] = []
        self._due = 0
        if before is None:
            body = index_body(exact_fields(), token_fields(), cluster.shards, cluster.replicas)
            retried(lambda: self._create(body))
        else:
            self._clone(before[0])
            self._due = before[1] - (self._delete(stale) if stale else 0)

    def _create(self, body: Mapping[str, Any]) -> None:
        if not self.client.indices.exists(index=self.name):
            self.client.indices.create(index=self.name, body=body, params=LONG)

    def _clone(self, before: str) -> None:
        """The files of the index before are linked, not copied. It is never written again."""
        block = {"index": {"blocks": {"write": True}}}
        free = {"settings": {"index": {"blocks": {"write": None}}}}

        def clone() -> None:
            self.client.indices.put_settings(index=before, body=block)
            if not self.client.indices.exists(index=self.name):
                self.client.indices.clone(index=before, target=self.name, body=free, params=LONG)

        retried(clone)
        retried(
            lambda: self.client.cluster.health(
                index=self.name,
                params={"wait_for_status": "yellow", **LONG},
            )
        )

    def _delete(self, documents: Collection[int]) -> int:
        """Deletes their paragraphs; returns how many."""
        query = {"query": {"terms": {DOCUMENT: sorted(documents)}}}
        before = self._held()
        retried(
            lambda: self.client.delete_by_query(
                index=self.name,
                body=query,
                params={"conflicts": "proceed", "refresh": "true", **LONG},
            )
        )
        return before - self._held()

    def add(self, row: Row, entry: Entry) -> None:
        """Takes one paragraph; its document is written with the others of a batch."""
        if self._document and self._document[-1][0].document != row.document:
            self._put()
        self._document.append((row, entry))

    def _put(self) -> None:
        last = max(1, len(self._document))
        for place, (row, entry) in enumerate(self._document):
            action = {"index": {"_id": str(row.paragraph), "routing": str(row.document)}}
            self._waiting += [action, paragraph_body(row, entry.tokens, 1 - place / last)]
        self._due += len(self._document)
        self._document = []
        if len(self._waiting) >= 2 * AT_ONCE:
            self._send()

    def _send(self) -> None:
        waiting, self._waiting = self._waiting, []
        for first in range(0, len(waiting), 2 * AT_ONCE):
            lines = waiting[first : first + 2 * AT_ONCE]
            body = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines) + "\n"
            found = retried(partial(self.client.bulk, index=self.name, body=body, params=LONG))
            if found["errors"]:
                wrong = next(one["index"]["error"] for one in found["items"] if "error" in one["index"])
                raise IndexUnavailableError(f"{self.name}: the cluster refused a paragraph: {wrong}")

    def finish(self) -> int:
        """Refreshes and purges the index; returns the number of its paragraphs. Raises IndexUnavailableError
        if one is missing.
        """
        self._put()
        self._send()
        indices = self.client.indices
        retried(lambda: indices.refresh(index=self.name, params=LONG))
        retried(lambda: indices.forcemerge(index=self.name, params={"only_expunge_deletes": "true", **LONG}))
        retried(lambda: indices.refresh(index=self.name, params=LONG))
        if (held := self._held()) != self._due:
            raise IndexUnavailableError(f"{self.name}: {held} paragraphs on the cluster, {self._due} are due")
        return held

    def _held(self) -> int:
        about = {"size": 0, "track_total_hits": True}
        whole = {"allow_partial_search_results": "false"}
        found = retried(lambda: self.client.search(index=self.name, body=about, params=whole))
        if found["_shards"]["failed"]:
            raise IndexUnavailableError(f"{self.name}: not all shards answer")
        return int(found["hits"]["total"]["value"])


def indexes_of(cluster: ClusterSettings) -> list[str]:
    """Returns the names of all indexes of the site. Raises IndexUnavailableError."""
    indices = client_of(cluster).indices
    try:
        found = retried(lambda: indices.get_alias(index=f"{cluster.prefix}-*"))
    except IndexGoneError:
        return []
    name = re.compile(re.escape(cluster.prefix) + r"-\d{8}t\d{6}-[0-9a-f]{8}")
    return [one for one in found if name.fullmatch(one)]


def switch_alias(cluster: ClusterSettings, name: str) -> None:
    """Points the archive's alias to the index ``name``, for other programs."""
    indices = client_of(cluster).indices
    actions = [
        {"remove": {"index": f"{cluster.prefix}-*", "alias": cluster.prefix, "must_exist": False}},
        {"add": {"index": name, "alias": cluster.prefix}},
    ]
    retried(lambda: indices.update_aliases(body={"actions": actions}))


def remove(cluster: ClusterSettings, names: Collection[str]) -> None:
    """Removes indexes. Raises IndexUnavailableError."""
    indices = client_of(cluster).indices
    for name in names:
        retried(partial(indices.delete, index=name, params={"ignore_unavailable": "true"}))
