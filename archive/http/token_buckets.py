"""Token buckets in Django's cache (rate limiting), exact among all threads of all workers of a site.

A bucket is read and written by one at a time: who changes it holds a key of its own beside it, made with
``cache.add``, which every cache gives to one of those that ask (for a cache in a folder see ``FolderCache``).
Who is killed while holding it is waited for until that key runs out.

A cache forgets what it likes and may be out of order: then nobody is kept waiting, and the log says so once a
minute at most.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.cache import cache

log = logging.getLogger(__name__)
HELD = 2  # whole seconds after which a bucket is free whatever became of its holder
PATIENCE = 2  # seconds to wait for a bucket; then it is changed all the same
PAUSE = 0.002  # seconds until it is asked for again
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

    def settle(self, key: str, reserved: float, used: float) -> float:
        """Gives back what was taken too much, or takes what was taken too little: below nothing, too.

        Returns the seconds until the bucket is no longer below nothing.
        """
        level = self._change(key, lambda level: min(self.burst, level + reserved - used))
        return max(0.0, -level / self.rate)

    def _change(self, key: str, change: Callable[[float], float]) -> float:
        name = f"{self.kind}:{key}"
        with _held(name):
            now = self.clock()
            level, since = _asked(cache.get, name) or (self.burst, now)
            level = change(min(self.burst, level + max(0.0, now - since) * self.rate))
            _asked(cache.set, name, (level, now), self._kept(level))
        return level

    def _kept(self, level: float) -> int:
        """Seconds until the bucket is full again and need not be kept; caches count whole seconds."""
        return int((self.burst - level) / self.rate) + 2


class Slot:
    """One place for each key; who is in it keeps others of the same key out, ``longest`` seconds at most."""

    def __init__(self, kind: str, longest: int) -> None:
        self.kind, self.longest = kind, longest

    def enter(self, key: str) -> bool:
        return _asked(cache.add, f"{self.kind}:{key}", True, self.longest) is not False

    def leave(self, key: str) -> None:
        _asked(cache.delete, f"{self.kind}:{key}")


@contextmanager
def _held(name: str) -> Iterator[None]:
    """Keeps the bucket ``name`` from all others, in this process and in the others."""
    key, until = f"{name}:held", time.monotonic() + PATIENCE
    while (holds := _asked(cache.add, key, True, HELD)) is False and time.monotonic() < until:
        time.sleep(PAUSE)
    try:
        yield
    finally:
        if holds:
            _asked(cache.delete, key)


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
