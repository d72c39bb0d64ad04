"""The connection to the cluster of the settings: whole answers or none. Transient errors are retried on
another node; a silent cluster is not asked for a while (circuit breaker), and callers fail at once.
"""

from __future__ import annotations

import base64
import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock
from typing import Any, Protocol, TypeVar

from django.conf import settings

from search.engine.index.generations import IndexGoneError, IndexUnavailableError, QuestionRefusedError

REST = 2.0  # seconds after each failure


class ClusterSilentError(IndexUnavailableError):
    """A cluster that did not answer within all retries."""


class ClusterRefusedError(IndexUnavailableError):
    """The cluster answers, and will not have who asks, or how."""


class Breaker:
    """Lets questions through while answers come. After a ``ClusterSilentError`` none is let through for
    ``rest`` seconds; then a single one, which makes out for all whether answers come again. For all threads
    of a process.
    """

    def __init__(self, rest: float = REST, clock: Callable[[], float] = time.monotonic) -> None:
        self._rest, self._clock, self._lock = rest, clock, Lock()
        self._silent, self._trying, self._until = False, False, 0.0

    @contextmanager
    def asking(self) -> Iterator[bool]:
        """Guards a request; yields True for the trial after a silence. Raises ClusterSilentError where none
        is let through.
        """
        trial = self._enter()
        silent = False
        try:
            yield trial
        except ClusterSilentError:
            silent = True
            raise
        finally:
            self._leave(trial, silent)

    def _enter(self) -> bool:
        with self._lock:
            if not self._silent:
                return False
            if self._trying or self._clock() < self._until:
                raise ClusterSilentError("the cluster did not answer a moment ago, and is not asked now")
            self._trying = True
            return True

    def _leave(self, trial: bool, silent: bool) -> None:
        with self._lock:
            if trial:
                self._trying = False
            if silent:
                self._silent, self._until = True, self._clock() + self._rest
            else:
                self._silent = False


log = logging.getLogger(__name__)
# A node that stops closes its connections with 500 and one of these; 502 to 504 come from what stands before
# it, or where a shard has no copy for a moment; 429 is said under load.
PASSING = frozenset({408, 429, 502, 503, 504})
DISCONNECTED = frozenset(
    {"search_phase_execution_exception", "node_disconnected_exception", "node_not_connected_exception"}
)
# Causes that a search fails for by itself, on every node and every time, though the answer may be 500.
OF_THE_QUESTION = frozenset(
    {"too_many_nested_clauses", "too_many_clauses", "script_exception", "query_shard_exception"}
)
PAUSES = (0.0, 0.1, 0.3, 1.0, 2.0, 4.0)  # seconds before each further time
WHOLE = {"search_type": "dfs_query_then_fetch", "allow_partial_search_results": False}

T = TypeVar("T")


class Client(Protocol):
    """As much of ``opensearchpy.OpenSearch`` as questions need."""

    def msearch(self, *, body: Any) -> Any: ...


class _PassingError(Exception):
    """A transient error."""


class _RefusedError(Exception):
    """A question that fails by itself."""


class _GoneError(Exception):
    """There is no index of that name."""


@dataclass(frozen=True, slots=True)
class Access:
    """The access of a process's threads to a cluster. No retry begins ``patience`` seconds after the first
    try; while the cluster is silent, most questions are not sent at all (circuit breaker).
    """

    client: Client
    patience: float
    breaker: Breaker = field(default_factory=Breaker)
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic

    def search(self, index: str, bodies: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Searches for ``bodies`` in one round trip; answers are complete: of all shards, and in time.

        Raises IndexUnavailableError where the cluster does not give them.
        """
        lines: list[Mapping[str, Any]] = []
        for body in bodies:
            lines += [{"index": index, **WHOLE}, body]
        return self.ask(lambda: _answers(self.client.msearch(body=lines)))

    def ask(self, ask: Callable[[], T]) -> T:
        """Calls ``ask``, retrying transient errors; returns its result. Raises IndexUnavailableError."""
        with self.breaker.asking() as trial:
            return retried(ask, self.sleep, 0.0 if trial else self.patience, self.clock)


def retried(
    ask: Callable[[], T],
    sleep: Callable[[float], None] = time.sleep,
    patience: float = float("inf"),
    clock: Callable[[], float] = time.monotonic,
) -> T:
    """Calls ``ask``, retrying transient errors up to six times, the last before ``patience`` seconds have
    passed. Raises ClusterRefusedError or QuestionRefusedError; without an answer ClusterSilentError; without
    the index IndexGoneError.
    """
    end = clock() + patience
    for pause in (*PAUSES, None):
        try:
            return ask()
        except Exception as error:
            if isinstance(error, _GoneError) or getattr(error, "status_code", None) == 404:
                raise IndexGoneError(f"the cluster has it no more: {error}") from error
            if isinstance(error, _RefusedError):
                raise QuestionRefusedError(f"the cluster refuses a question: {error}") from error
            if not passes(error):
                raise ClusterRefusedError(f"the cluster refuses to answer: {error}") from error
            if pause is None or clock() + pause >= end:
                raise ClusterSilentError(f"the cluster does not answer: {error}") from error
            log.warning("the cluster is asked again: %s", error)
            sleep(pause)
    raise AssertionError


def passes(error: Exception) -> bool:
    """Returns True if an error is transient: no connection, a time-out, a node that leaves."""
    if isinstance(error, _PassingError | ConnectionError | TimeoutError):
        return True
    status, info = getattr(error, "status_code", None), getattr(error, "info", None)
    if status in ("N/A", "TIMEOUT"):  # what opensearch-py has where no answer came
        return True
    return status in PASSING or (status == 500 and _is_disconnected(info))


def _is_disconnected(info: Any) -> bool:
    about = info.get("error", info) if isinstance(info, Mapping) else {}
    if not isinstance(about, Mapping) or about.get("type") not in DISCONNECTED:
        return False
    return all(cause.get("type") not in OF_THE_QUESTION for cause in about.get("root_cause") or ())


def _answers(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    for one in found["responses"]:
        if "error" in one:
            what = f"{one.get('status')} {one['error'].get('type')}: {one['error'].get('reason')}"
            if one.get("status") in PASSING or (one.get("status") == 500 and _is_disconnected(one)):
                raise _PassingError(what)
            if one.get("status") == 404:
                raise _GoneError(what)
            raise _RefusedError(f"{what}: {_cause(one['error'])}")
        if one.get("timed_out") or one["_shards"]["failed"]:
            raise _PassingError("not all shards answered in time")
    return list(found["responses"])


def _cause(error: Mapping[str, Any]) -> str:
    """Returns the innermost reason."""
    while isinstance(
        inner := error.get("caused_by") or next(iter(error.get("root_cause", [])), None), Mapping
    ):
        if inner == error:
            break
        error = inner
    return str(error.get("reason", ""))


@dataclass(frozen=True, slots=True)
class ClusterSettings:
    """The settings of a cluster. ``urls`` are addresses of nodes, or of a load balancer. ``timeout`` is in
    seconds, for one answer. ``prefix`` begins the names of all indexes of this archive.
    """

    urls: tuple[str, ...]
    user: str = ""
    password: str = ""
    ca: str = ""
    timeout: float = 10.0
    shards: int = 1
    replicas: int = 1
    prefix: str = "archive"


def configured() -> ClusterSettings | None:
    """Returns the cluster of the settings; None where this machine answers alone."""
    cluster = ClusterSettings(**settings.SEARCH_CLUSTER)
    return cluster if cluster.urls else None


@lru_cache(maxsize=4)
def client_of(cluster: ClusterSettings) -> Any:
    """Returns a client for all threads of a process; a silent node is passed over for a while."""
    from opensearchpy import OpenSearch

    for name in ("opensearch", "opensearchpy.trace"):  # each request; what fails is told here
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
        max_retries=0,  # ``retried`` asks again, and the next node
        pool_maxsize=16,  # connections to a node: for as many threads of a process
        retry_on_timeout=True,
        retry_on_status=(502, 503, 504),
        dead_timeout=1,  # a node that did not answer is tried again a second later, not a minute
        timeout_cutoff=4,  # and one that never does every 16 seconds: each time somebody waits for it
        **options,
    )


@lru_cache(maxsize=4)
def access_to(cluster: ClusterSettings) -> Access:
    """Returns this process's access: it lasts long enough to try another node after one timed out."""
    return Access(client_of(cluster), 1.5 * cluster.timeout)
