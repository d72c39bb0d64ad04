"""CPU semaphore: limits expensive computations over all processes of a server.

The interpreter does one thing at a time in each process: while one thread computes, all others of its process
crawl. So there are fewer turns than processors, and a worker without one answers cheap pages at once.

A turn is a lock of the kernel on a file in the folder ``ARCHIVE_TURNS_DIR``, which the server's configuration
makes: it ends with the process that has it. Without the folder, each process gives its own turns.
"""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path
from typing import IO, Self

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
