"""Not asking, for a while, what does not answer: who asks meanwhile is told at once, and need not wait."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

from search.index.generations import IndexUnavailableError

REST = 2.0  # seconds after each failure


class ClusterSilentError(IndexUnavailableError):
    """What was asked got no answer within all tries."""


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
        """Around a question: whether it is the one that makes it out. Raises ClusterSilentError where none is
        let through.
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
