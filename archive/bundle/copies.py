"""Bundles that lie in the data folder. Those that were handed out are beyond reach."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterator, Sequence
from itertools import chain, count
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from archive.models import IssuedText
from archive.withholding.register import Producer
from archive.withholding.words import Forbidden

from . import verify
from .errors import BundleError
from .export import export_bundle
from .signing import public_key, read_key

DEEPEST = 3  # folders under the data folder
REMADE = "-remade"
NOT_SEARCHED = ("index", "static", "dump")


def producers() -> Iterator[Producer]:
    yield Producer("bundles", lambda: _("数据文件夹中的存证包"), holds, remake, owns)


def holds(_words: Forbidden | None) -> Sequence[str]:
    """The bundles in the data folder that show a text which is withheld now."""
    return [str(bundle) for bundle in _bundles() if not _is_clean(bundle)]


def remake() -> list[str]:
    """Make those bundles anew, signed by the same key; returns in sentences which, and what they are called.
    Raises BundleError where that key is not at hand."""
    return [_remake(bundle) for bundle in list(_bundles()) if not _is_clean(bundle)]


def owns(path: Path) -> bool:
    """Whether a path, relative to the data folder, lies in a bundle."""
    root = Path(settings.DATA_DIR)
    return any(_is_bundle(root / folder) for folder in path.parents if folder.parts)


def _remake(bundle: Path) -> str:
    """Put a bundle of the archive as it is now in the place of one that is older, under a name that says so:
    that of the older one, often a date, would tell what it is not."""
    signer = verify.signer(bundle)
    key = read_key(Path(settings.SIGNING_KEY)) if signer and settings.SIGNING_KEY else None
    if signer and (key is None or public_key(key) != signer):
        raise BundleError(
            _("%(path)s由另一把私钥签名；请用export_bundle重做，或把它删去。") % {"path": bundle}
        )
    manifest = (bundle / verify.MANIFEST).read_bytes()
    told = json.loads(manifest)
    first = {
        "name": bundle.name,
        "changed": told["changed"],
        "manifest_sha256": hashlib.sha256(manifest).hexdigest(),
    }
    aside = bundle.with_name(f"{bundle.name}.new")
    shutil.rmtree(aside, ignore_errors=True)
    export_bundle(aside, key, told.get("remade") or first)
    shutil.rmtree(bundle)
    new = _free_name(bundle)
    aside.rename(new)
    return _("存证包%(old)s含有依法不予公布的文字，已删去；改以现在的文献库重做，放在%(new)s。") % {
        "old": bundle, "new": new,
    }  # fmt: skip


def _free_name(bundle: Path) -> Path:
    plain = re.sub(rf"{REMADE}(-[0-9]+)?$", "", bundle.name) + REMADE
    names = chain([plain], (f"{plain}-{number}" for number in count(2)))
    return next(bundle.with_name(name) for name in names if not bundle.with_name(name).exists())


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
    """Whether no text is withheld now that ``bundle`` shows."""
    rows = IssuedText.objects.filter(withheld=True)
    withheld = set(rows.values_list("symbol", "language", "anchor", "fingerprint"))
    if not withheld:
        return True
    try:
        rows = verify.Data(bundle).rows("issued_texts")
    except verify.UNREADABLE:
        return False
    return not any(row["text"] is not None and verify.key_of(row) in withheld for row in rows)
