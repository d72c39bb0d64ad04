"""Writes a bundle: data, sources, the verifier; then the manifest and its signature.

Same archive, same bytes: no clock, no random name, everything in a stated order.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
from collections.abc import Iterator, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.export.tables import TABLES
from archive.models import IssuedText
from archive.store.derived import building
from archive.store.infrastructure_errors import trouble_of
from archive.store.withholding.register import Producer
from archive.store.withholding.words import Forbidden

from . import BundleError, verify
from .answers import answers_of
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


# Keys and signatures: Ed25519 (RFC 8032), by the ``cryptography`` library.


def generate_key(path: Path) -> str:
    """Writes a new private key to ``path``, for its owner alone; returns the public key in hexadecimal.

    Raises BundleError where the file exists, lies inside the program's folder, or cannot be written.
    """
    if path.resolve().is_relative_to(settings.BASE_DIR):
        raise BundleError(
            _("私钥不可放在程序文件夹%(folder)s之内；请另选位置。") % {"folder": settings.BASE_DIR}
        )
    key = Ed25519PrivateKey.generate()
    content = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise BundleError(_("%(path)s已存在，没有改写；请另取文件名。") % {"path": path}) from None
    except OSError as error:
        reason = {"path": path, "reason": error.strerror or error}
        raise BundleError(_("%(path)s写不出：%(reason)s。") % reason) from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    return public_key(key)


def read_key(path: Path) -> Ed25519PrivateKey:
    """Reads a private key; raises BundleError where there is none, or where others may read it."""
    try:
        if os.name == "posix" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise BundleError(_("私钥%(path)s可被他人读取；请先执行chmod 600。") % {"path": path})
        key = load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        reason = {"path": path, "reason": error.strerror or error}
        raise BundleError(_("私钥%(path)s读不出：%(reason)s。用generate_key生成。") % reason) from error
    except (ValueError, TypeError) as error:
        raise BundleError(_("%(path)s不是无口令的PEM私钥。") % {"path": path}) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise BundleError(_("%(path)s不是Ed25519私钥。") % {"path": path})
    return key


def public_key(key: Ed25519PrivateKey) -> str:
    """Returns the public half of a key in hexadecimal digits, as published and put with the manifest."""
    return key.public_key().public_bytes_raw().hex()


def sign(key: Ed25519PrivateKey, content: bytes) -> str:
    """Returns the signature of ``content``, as 128 hexadecimal digits. Equal for equal content and key."""
    return key.sign(content).hex()


# Bundles that lie in the data folder. Those that were handed out are beyond reach.

DEEPEST = 3  # folders under the data folder
NOT_SEARCHED = ("index", "static", "dump")


def holds(_words: Forbidden | None) -> Sequence[str]:
    """Returns the bundles in the data folder that show a text which is withheld now."""
    return [str(bundle) for bundle in _bundles() if not _is_clean(bundle)]


def remove() -> Iterator[str]:
    """Removes the bundles with withheld text, each told in a sentence: a new one is not that of its day."""
    for bundle in [one for one in _bundles() if not _is_clean(one)]:
        shutil.rmtree(bundle)
        yield _("存证包%(path)s含有依法不予公布的文字，已删去；请用export_bundle把现在的文献库另做一个。") % {
            "path": bundle
        }


def _bundles() -> Iterator[Path]:
    root = Path(settings.DATA_DIR)
    level = [root]
    for _depth in range(DEEPEST):
        level = [
            folder
            for parent in level
            for folder in sorted(parent.iterdir())
            if folder.is_dir() and not folder.is_symlink()
            if parent != root or folder.name not in NOT_SEARCHED
        ]
        yield from (folder for folder in level if _is_bundle(folder))
        level = [folder for folder in level if not _is_bundle(folder)]


def _is_bundle(folder: Path) -> bool:
    try:
        return json.loads((folder / verify.MANIFEST).read_bytes())["format"] == verify.FORMAT
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _is_clean(bundle: Path) -> bool:
    """Returns True if ``bundle`` contains no text that is withheld now."""
    rows = IssuedText.objects.filter(withheld=True)
    withheld = set(rows.values_list("symbol", "language", "anchor", "fingerprint"))
    if not withheld:
        return True
    try:
        rows = verify.Data(bundle).rows("issued_texts")
    except verify.UNREADABLE:
        return False
    return not any(row["text"] is not None and verify.key_of(row) in withheld for row in rows)


PRODUCER = Producer("bundles", gettext_lazy("数据文件夹中的存证包"), holds, remove)
