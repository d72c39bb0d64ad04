"""CPU semaphore: limits expensive computations over all processes of a server.

The interpreter does one thing at a time in each process: while one thread computes, all others of its process
crawl. So there are fewer turns than processors, and a worker without one answers cheap pages at once.

A turn is a lock of the kernel on a file in the folder ``ARCHIVE_TURNS_DIR``, which the server's configuration
makes: it ends with the process that has it. Without the folder, each process gives its own turns.
"""

from __future__ import annotations

import os
import random
import threading
import time
from pathlib import Path
from typing import IO, Any, Self

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.filebased import FileBasedCache
from django.core.files import locks

FOLDER = "ARCHIVE_TURNS_DIR"
PAUSE = 0.01  # seconds until a process asks again
computing = threading.Event()  # while somebody has the turn of this process


class CpuSemaphore:
    """One turn in this process, and ``places`` in all; as a context manager it waits for its turn."""

    def __init__(self, places: int) -> None:
        self.places = places
        self.here = threading.BoundedSemaphore(1)
        self.file: IO[bytes] | None = None  # of whoever has the turn of this process

    def acquire(self, timeout: float | None = None) -> bool:
        """Waits for a turn, ``timeout`` seconds at most; whether there was one."""
        until = float("inf") if timeout is None else time.monotonic() + timeout
        if not self.here.acquire(timeout=timeout):
            return False
        if folder := os.environ.get(FOLDER):
            while (file := self._free(Path(folder))) is None:
                if time.monotonic() >= until:
                    self.here.release()
                    return False
                time.sleep(PAUSE)
            self.file = file
        computing.set()
        return True

    def release(self) -> None:
        computing.clear()
        if self.file:
            self.file.close()
            self.file = None
        self.here.release()

    def _free(self, folder: Path) -> IO[bytes] | None:
        for number in range(self.places):
            file = (folder / str(number)).open("wb")
            if locks.lock(file, locks.LOCK_EX | locks.LOCK_NB):
                return file
            file.close()
        return None

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(self, *_error: object) -> None:
        self.release()


# Django's cache in a folder, for workers on one machine that count together.

CULLED_ONCE_IN = 50


class FolderCache(FileBasedCache):
    """A file cache with an atomic ``add``: of two processes adding the same key one succeeds.

    The lock is the kernel's: it ends with the process that has it.
    """

    def add(
        self, key: Any, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        self._createdir()  # type: ignore[attr-defined]  # not in the stubs, nor the next two
        with Path(self._dir, "adding").open("wb") as door:  # type: ignore[attr-defined]
            locks.lock(door, locks.LOCK_EX)
            return super().add(key, value, timeout, version)

    def _cull(self) -> None:
        """Counts the files now and then only: each value that is kept would pay for all of them."""
        if random.randrange(CULLED_ONCE_IN) == 0:  # noqa: S311 - no secret
            super()._cull()  # type: ignore[misc]
