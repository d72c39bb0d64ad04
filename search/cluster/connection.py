"""The cluster of the settings: where it is, and how this site is known there."""

from __future__ import annotations

import base64
import logging
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings

from .transport import Access


@dataclass(frozen=True, slots=True)
class ClusterSettings:
    """``urls`` are addresses of nodes, or of what stands before them. ``timeout`` is in seconds, for one
    answer. ``prefix`` begins the names of all indexes of this archive.
    """

    urls: tuple[str, ...]
    user: str = ""
    password: str = ""
    ca: str = ""
    timeout: float = 10.0
    shards: int = 1
    replicas: int = 1
    prefix: str = "archive"

    def name_of(self, generation: str) -> str:
        """What the cluster calls a generation."""
        return f"{self.prefix}-{generation.lower()}"


def configured() -> ClusterSettings | None:
    """That of the settings; None where this machine answers alone."""
    cluster = ClusterSettings(**settings.SEARCH_CLUSTER)
    return cluster if cluster.urls else None


@lru_cache(maxsize=4)
def client_of(cluster: ClusterSettings) -> Any:
    """A client, shared by all threads of a process. Another node is asked where one does not answer."""
    from opensearchpy import OpenSearch

    for name in ("opensearch", "opensearchpy.trace"):  # each request; what fails is told by ``transport``
        logging.getLogger(name).setLevel(logging.CRITICAL)
    options: dict[str, Any] = {}
    if cluster.user:
        given = f"{cluster.user}:{cluster.password}".encode()  # the client itself knows Latin letters alone
        options["headers"] = {"authorization": f"Basic {base64.b64encode(given).decode()}"}
    if cluster.ca:
        options["ca_certs"] = cluster.ca
    return OpenSearch(
        [*cluster.urls],
        timeout=cluster.timeout,
        max_retries=0,  # ``transport`` asks again, and the next node
        pool_maxsize=16,  # connections to a node: for as many threads of a process
        retry_on_timeout=True,
        retry_on_status=(502, 503, 504),
        dead_timeout=1,  # a node that did not answer is tried again a second later, not a minute
        timeout_cutoff=4,  # and one that never does every 16 seconds: each time somebody waits for it
        **options,
    )


@lru_cache(maxsize=4)
def access_to(cluster: ClusterSettings) -> Access:
    """How this process asks: after one node let it wait for the whole time-out, another."""
    return Access(client_of(cluster), 1.5 * cluster.timeout)
