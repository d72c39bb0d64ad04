"""Folders in which something is built beside its place, before it is put there whole.

The folder of a run that was killed is removed by the next run for the same place. Only folders of our own
names are, and only those that no living process holds.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

MARK = ".building-"


@contextmanager
def building(target: Path) -> Iterator[Path]:
    """An empty folder beside ``target``, on the same file system; gone at the end, if it is still there, and
    so is the folder of ``target`` where it was made for this and nothing was put into it.

    Raises OSError where it cannot be made.
    """
    was_there = target.parent.is_dir()
    target.parent.mkdir(parents=True, exist_ok=True)
    sweep(target.parent, f".{target.name}{MARK}")
    try:
        folder, lock = _locked_folder(target)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)
    finally:
        if not was_there:
            with suppress(OSError):  # it is not empty
                target.parent.rmdir()


def unfinished(parent: Path, name: str) -> list[Path]:
    """The folders in ``parent`` in which ``name`` is built, or was by a run that was killed."""
    return list(_folders(parent, f".{name}{MARK}"))


def sweep(parent: Path, prefix: str) -> None:
    """Remove the folders in ``parent`` whose names begin so and that no process holds."""
    for folder in _folders(parent, prefix):
        lock = _held(folder)
        if lock is not None:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)


def _folders(parent: Path, prefix: str) -> Iterator[Path]:
    for folder in sorted(parent.glob(f"{_literally(prefix)}*")):
        if folder.is_dir() and not folder.is_symlink():
            yield folder


def _locked_folder(target: Path) -> tuple[Path, int]:
    while True:
        folder = Path(tempfile.mkdtemp(prefix=f".{target.name}{MARK}", dir=target.parent))
        lock = _held(folder)
        if lock is not None and folder.is_dir():
            return folder, lock
        if lock is not None:  # another run took it for a dead one's, before it was held
            os.close(lock)


def _held(folder: Path) -> int | None:
    """A lock on ``folder`` that its process takes along when it dies; None where another holds it."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def _literally(name: str) -> str:
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)
