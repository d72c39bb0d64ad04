"""What is wrong with where derived files lie (``DERIVED_STORAGE``), said before a site serves."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage

from archive.derived import derived, put

HERE = ("", "localhost", "127.0.0.1", "::1")
HINT = (
    "DERIVED_STORAGE is the dotted path of a class of Django storages, DERIVED_OPTIONS what it is made with,"
    ' as a JSON object; a folder that all hosts mount: DERIVED_OPTIONS=\'{"location": "/mnt/archive"}\''
)


@register(Tags.files)
def check_derived(app_configs: Any = None, **kwargs: Any) -> Sequence[CheckMessage]:
    """Whether the class can be imported, and made with its options. No file is asked for."""
    found = _made()
    return [] if isinstance(found, Storage) else [found]


@register(Tags.files, deploy=True)
def check_derived_in_use(app_configs: Any = None, **kwargs: Any) -> Sequence[CheckMessage]:
    """Whether a file can be put there, replaced and removed, and whether other hosts can see it."""
    storage = _made()
    return [*_in_use(storage)] if isinstance(storage, Storage) else []


def _made() -> Storage | CheckMessage:
    try:
        return derived()
    except Exception as error:  # whatever a class of others raises
        name = settings.STORAGES["derived"]["BACKEND"]
        return Error(f"DERIVED_STORAGE={name}: {_said(error)}", hint=HINT, id="archive.E001")


def _in_use(storage: Storage) -> Iterator[CheckMessage]:
    name = f"check-{secrets.token_hex(8)}"
    try:
        try:
            for content in (b"one", b"another"):
                put(storage, name, ContentFile(content))
        finally:
            storage.delete(name)
    except Exception as error:
        yield Error(
            f"DERIVED_STORAGE: no file can be put there, replaced and removed: {_said(error)}",
            hint="Images of pages, dump and report of accuracy are written there.",
            id="archive.E002",
        )
    server = settings.DATABASES["default"].get("HOST", "")
    if server not in HERE and not server.startswith("/") and _is_of_this_host(storage):
        yield Warning(
            f"The database is on {server}, but derived files lie in ARCHIVE_DATA_DIR: of several hosts, each"
            " shows only those images of pages and that dump which it has made itself.",
            hint=HINT,
            id="archive.W001",
        )


def _is_of_this_host(storage: Storage) -> bool:
    if not isinstance(storage, FileSystemStorage):
        return False
    return Path(storage.location).resolve().is_relative_to(Path(settings.DATA_DIR).resolve())


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
