"""Writer of an index on a cluster next to the live one, and remover of those no longer read."""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Any

from archive.store.withholding.words import withheld_state
from search.engine.index.columns import Row
from search.engine.index.generations import IndexUnavailableError
from search.engine.index.rows import Entry, exact_fields, token_fields

from .connection import ClusterSettings, client_of, retried
from .mapping import DOCUMENT, index_body, paragraph_body

AT_ONCE = 400  # paragraphs
LONG = {"request_timeout": 600}  # seconds for what is done to a whole index
log = logging.getLogger(__name__)


class ClusterWriter:
    """Writes the index of one generation: anew, or from that of the generation ``before`` without the
    documents ``stale``. All methods raise IndexUnavailableError.
    """

    def __init__(
        self, cluster: ClusterSettings, generation: str, before: str | None, stale: Collection[int]
    ) -> None:
        self.cluster, self.client = cluster, client_of(cluster)
        self.name = cluster.name_of(generation)
        self._waiting: list[Any] = []
        self._withheld = withheld_state() if before is None else None
        if before is None:
            body = index_body(exact_fields(), token_fields(), cluster.shards, cluster.replicas)
            retried(lambda: self._create(body))
        else:
            self._withheld = (
                _meta_of(self.client.indices, cluster.name_of(before)).popitem()[1].get("withheld")
            )
            self._clone(cluster.name_of(before))
            if stale:
                self._delete(stale)

    def _create(self, body: Mapping[str, Any]) -> None:
        if not self.client.indices.exists(index=self.name):
            self.client.indices.create(index=self.name, body=body, params=LONG)

    def _clone(self, before: str) -> None:
        """The files of the index before are linked, not copied. It is never written again."""
        source = _index_called(self.client.indices, before)
        block = {"index": {"blocks": {"write": True}}}
        free = {"settings": {"index": {"blocks": {"write": None}}}}

        def clone() -> None:
            self.client.indices.put_settings(index=source, body=block)
            if not self.client.indices.exists(index=self.name):
                self.client.indices.clone(index=source, target=self.name, body=free, params=LONG)

        retried(clone)
        retried(
            lambda: self.client.cluster.health(
                index=self.name,
                params={"wait_for_status": "yellow", **LONG},
            )
        )

    def _delete(self, documents: Collection[int]) -> None:
        query = {"query": {"terms": {DOCUMENT: sorted(documents)}}}
        retried(
            lambda: self.client.delete_by_query(
                index=self.name,
                body=query,
                params={"conflicts": "proceed", "refresh": "true", **LONG},
            )
        )

    def add(self, row: Row, entry: Entry) -> None:
        """Writes one paragraph, with the others of its batch."""
        action = {"index": {"_id": str(row.paragraph), "routing": str(row.document)}}
        self._waiting += [action, paragraph_body(row, entry)]
        if len(self._waiting) >= 2 * AT_ONCE:
            self._send()

    def _send(self) -> None:
        lines, self._waiting = self._waiting, []
        if not lines:
            return
        body = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines) + "\n"
        found = retried(lambda: self.client.bulk(index=self.name, body=body, params=LONG))
        if found["errors"]:
            wrong = next(one["index"]["error"] for one in found["items"] if "error" in one["index"])
            raise IndexUnavailableError(f"{self.name}: the cluster refused a paragraph: {wrong}")

    def finish(self, paragraphs: int, revision: str) -> None:
        """Refreshes and purges the index, and raises IndexUnavailableError if a row is missing."""
        self._send()
        indices = self.client.indices
        retried(lambda: indices.refresh(index=self.name, params=LONG))
        retried(lambda: indices.forcemerge(index=self.name, params={"only_expunge_deletes": "true", **LONG}))
        retried(lambda: indices.refresh(index=self.name, params=LONG))
        about = {"size": 0, "track_total_hits": True}
        whole = {"allow_partial_search_results": "false"}
        found = retried(lambda: self.client.search(index=self.name, body=about, params=whole))
        held = found["hits"]["total"]["value"]
        if held != paragraphs or found["_shards"]["failed"]:
            raise IndexUnavailableError(f"{self.name}: {held} paragraphs on the cluster, {paragraphs} here")
        meta = {"revision": revision, "paragraphs": paragraphs, "withheld": self._withheld}
        retried(lambda: indices.put_mapping(index=self.name, body={"_meta": meta}))


def has(cluster: ClusterSettings, generation: str) -> bool:
    """Returns True if the cluster has a generation's complete index. Raises IndexUnavailableError."""
    name, indices = cluster.name_of(generation), client_of(cluster).indices
    if not retried(lambda: indices.exists(index=name)):
        return False
    return all("paragraphs" in meta for meta in _meta_of(indices, name).values())


def _meta_of(indices: Any, name: str) -> dict[str, dict[str, Any]]:
    """Returns what was written down at the end of each index that ``name`` means."""
    found = retried(lambda: indices.get_mapping(index=name))
    return {index: about["mappings"].get("_meta", {}) for index, about in found.items()}


def carry_over(cluster: ClusterSettings, before: str, generation: str) -> None:
    """Gives the index of the generation ``before`` a second name for one with the same content."""
    indices = client_of(cluster).indices
    source = _index_called(indices, cluster.name_of(before))
    retried(lambda: indices.put_alias(index=source, name=cluster.name_of(generation)))


def _index_called(indices: Any, name: str) -> str:
    """Resolves an alias to the index that it names."""
    (source,) = retried(lambda: indices.get_alias(index=name))
    return str(source)


def switch_alias(cluster: ClusterSettings, generation: str) -> None:
    """Points the archive's alias to the index of ``generation``, for other programs."""
    indices, name = client_of(cluster).indices, cluster.name_of(generation)
    source = _index_called(indices, name)
    actions = [
        {"remove": {"index": f"{cluster.prefix}-*", "alias": cluster.prefix, "must_exist": False}},
        {"add": {"index": source, "alias": cluster.prefix}},
    ]
    retried(lambda: indices.update_aliases(body={"actions": actions}))


def remove_others(cluster: ClusterSettings, folder: str, generations: Collection[str]) -> Sequence[str]:
    """Removes all indexes whose generations begin with ``folder`` but those of ``generations``; returns their
    names. Another host's are not touched.
    """
    indices, kept = client_of(cluster).indices, {cluster.name_of(one) for one in generations}
    found = retried(lambda: indices.get_alias(index=f"{cluster.name_of(folder)}-*"))
    gone = [name for name, about in found.items() if not kept & {name, *about["aliases"]}]
    remove(cluster, gone)
    return gone


def remove(cluster: ClusterSettings, names: Collection[str]) -> None:
    """Removes indexes. Raises IndexUnavailableError."""
    indices = client_of(cluster).indices
    for name in names:
        retried(partial(indices.delete, index=name, params={"ignore_unavailable": "true"}))


def of_other_hosts(cluster: ClusterSettings, folder: str, withheld: str) -> list[str]:
    """Returns the indexes of hosts with another ``folder`` that may hold words: those that were not built
    from the archive alone since what is ``withheld`` is (``withheld_state``).
    """
    found, own = _meta_of(client_of(cluster).indices, f"{cluster.prefix}-*"), f"{cluster.name_of(folder)}-"
    return [
        name for name, meta in found.items() if not name.startswith(own) and meta.get("withheld") != withheld
    ]
