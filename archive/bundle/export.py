"""Writes a bundle: data, sources, the verifier; then the manifest and its signature.

Same archive, same bytes: no clock, no random name, everything in a stated order.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from operator import itemgetter
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.utils import translation
from django.utils.translation import gettext as _

from archive.derived import building
from archive.http.problems import trouble_of
from archive.tables import TABLES

from . import BundleError, verify
from .answers import answers_of
from .signing import public_key, sign
from .snapshot import Snapshot, line, read_archive

HERE = Path(__file__).resolve().parent
COPIED = {"README.md": HERE / "files" / "README.md", "LICENCE.md": HERE / "files" / "LICENCE.md"}
VERIFIER = {"verify.py": Path(verify.__file__)}


def export_bundle(directory: Path, key: Ed25519PrivateKey | None) -> dict:
    """Writes the whole archive to ``directory``, new or empty, signed where a ``key`` is given; returns the
    manifest.

    It is written beside ``directory`` and renamed at the end: there is a whole bundle or none. Raises
    BundleError where the directory holds something or cannot be written.
    """
    check_free(directory)
    snapshot = read_archive()
    try:
        with building(directory) as aside:
            manifest = _write(aside, snapshot, key)
            if directory.exists():
                directory.rmdir()
            aside.rename(directory)
    except OSError as error:
        raise BundleError(_unwritable(directory, error)) from error
    return manifest


def check_free(directory: Path) -> None:
    """Raises BundleError where ``directory`` is not new or empty."""
    if directory.is_symlink() or (directory.exists() and not directory.is_dir()):
        raise BundleError(_("%(path)s不是文件夹；请另选位置。") % {"path": directory})
    if directory.is_dir() and any(directory.iterdir()):
        raise BundleError(_("文件夹%(path)s不是空的；请另选位置，或先把它清空。") % {"path": directory})


def _unwritable(directory: Path, error: OSError) -> str:
    trouble = trouble_of(error)
    reason = trouble.words if trouble else _("%(said)s。") % {"said": error.strerror or error}
    return _("%(path)s写不出：%(reason)s") % {"path": directory, "reason": reason}


def _write(aside: Path, snapshot: Snapshot, key: Ed25519PrivateKey | None) -> dict:
    aside.chmod(0o777 & ~_umask())
    rows: list[dict[str, Any]] = []
    with translation.override("zh-hans"):
        for path, content in _files(snapshot):
            rows.append({"path": path, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()})
            _put(aside / path, content)
    manifest = {
        "format": verify.FORMAT,
        "version": verify.VERSION,
        "changed": snapshot.changed,
        "figures": snapshot.figures(),
        "files": sorted(rows, key=itemgetter("path")),
    }
    content = (json.dumps(manifest, ensure_ascii=False, indent=1) + "\n").encode("utf-8")
    _put(aside / verify.MANIFEST, content)
    if key:
        _put(aside / verify.SIGNATURE, f"{sign(key, content)}\n".encode("ascii"))
        _put(aside / verify.PUBLIC_KEY, f"{public_key(key)}\n".encode("ascii"))
    return manifest


def _files(snapshot: Snapshot) -> Iterator[tuple[str, bytes]]:
    """Generates path and content of every file but the manifest and its signature."""
    for table in TABLES:
        yield table.path, "".join(map(line, snapshot.tables[table.name])).encode("utf-8")
    yield verify.ANSWERS, "".join(map(line, answers_of(snapshot.tables))).encode("utf-8")
    yield verify.REVOKED, "".join(map(line, snapshot.revoked)).encode("utf-8")
    yield from snapshot.files.items()
    for path, file in (COPIED | VERIFIER).items():
        yield path, file.read_bytes()


def _put(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
