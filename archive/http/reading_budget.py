"""What reading costs the processor, charged after: a budget that no reader meets, and a crawler does.

A page is not reckoned before. What it used is added up in each process, and charged in portions to a bucket
that all workers share: so a page asks the cache for nothing, and a reader who has used the budget up may go
on in another worker for one portion at most.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from cachetools import LRUCache

from archive.http.token_buckets import Bucket

PORTION = 0.25  # seconds of the processor
MOST_READERS = 10_000  # whom a process remembers


class ReadingBudget:
    """``per_minute`` seconds of the processor for each reader, who may also use them at once."""

    def __init__(self, per_minute: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.bucket = Bucket("reading", per_minute / 60, per_minute)
        self.clock = clock
        self.lock = threading.Lock()
        self.unpaid: LRUCache[str, float] = LRUCache(MOST_READERS)
        self.refused_until: LRUCache[str, float] = LRUCache(MOST_READERS)

    def wait(self, reader: str) -> float:
        """Seconds until ``reader`` may go on; 0 for now."""
        with self.lock:
            return max(0.0, self.refused_until.get(reader, 0.0) - self.clock())

    def charge(self, reader: str, seconds: float) -> None:
        """Adds what an answer to ``reader`` used."""
        with self.lock:
            unpaid = self.unpaid.pop(reader, 0.0) + seconds
            if unpaid < PORTION:
                self.unpaid[reader] = unpaid
                return
        wait = self.bucket.settle(reader, 0, unpaid)
        if wait:
            with self.lock:
                self.refused_until[reader] = self.clock() + wait
