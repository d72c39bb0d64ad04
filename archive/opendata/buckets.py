"""Buckets of tokens in Django's cache, so that all workers of a site count together.

A cache forgets what it likes and may be out of order: then nobody is kept waiting, and the log says so once a
minute at most. Between reading a bucket and writing it another worker may do the same, and one of the two is
not counted: workers that are asked without pause together give at most each its own share. That bounds what
one reader may take, so nothing is locked but the threads of one process.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from django.core.cache import cache

log = logging.getLogger(__name__)
_lock = threading.Lock()
_told = [float("-inf")]  # when the log last said that the cache is out of order


class Bucket:
    """A bucket for each key: ``burst`` tokens at most, ``rate`` tokens a second flow in."""

    def __init__(self, kind: str, rate: float, burst: float, clock: Callable[[], float] = time.time) -> None:
        self.kind, self.rate, self.burst, self.clock = kind, rate, burst, clock

    def take(self, key: str, tokens: float = 1.0) -> float:
        """0 where ``tokens`` were there and are taken; else the seconds until they will be."""
        wanted = min(tokens, self.burst)
        wait = 0.0

        def taken(level: float) -> float:
            nonlocal wait
            wait = 0.0 if level >= wanted else (wanted - level) / self.rate
            return level if wait else level - tokens

        self._change(key, taken)
        return wait

    def settle(self, key: str, reserved: float, used: float) -> None:
        """Gives back what was taken too much, or takes what was taken too little: below nothing, too."""
        self._change(key, lambda level: min(self.burst, level + reserved - used))

    def _change(self, key: str, change: Callable[[float], float]) -> None:
        name = f"{self.kind}:{key}"
        with _lock:
            now = self.clock()
            level, since = _asked(cache.get, name) or (self.burst, now)
            level = change(min(self.burst, level + max(0.0, now - since) * self.rate))
            _asked(cache.set, name, (level, now), self._kept(level))

    def _kept(self, level: float) -> int:
        """Seconds until the bucket is full again and need not be kept."""
        return int((self.burst - level) / self.rate) + 1


class Slot:
    """One place for each key; who is in it keeps others of the same key out, ``longest`` seconds at most."""

    def __init__(self, kind: str, longest: int) -> None:
        self.kind, self.longest = kind, longest

    def enter(self, key: str) -> bool:
        with _lock:
            return _asked(cache.add, f"{self.kind}:{key}", True, self.longest) is not False

    def leave(self, key: str) -> None:
        _asked(cache.delete, f"{self.kind}:{key}")


def _asked(method: Callable[..., Any], *arguments: Any) -> Any:
    """What the cache answers; None where it is out of order."""
    try:
        return method(*arguments)
    except Exception as error:  # each kind of cache has errors of its own
        if time.monotonic() - _told[0] > 60:
            _told[0] = time.monotonic()
            log.warning(
                "the cache of the limits is out of order, nothing is counted: %s", type(error).__name__
            )
        return None
