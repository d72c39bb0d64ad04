"""Django's cache in a folder, for workers on one machine that count together."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.filebased import FileBasedCache
from django.core.files import locks

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
