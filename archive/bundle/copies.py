"""Bundles that lie in the data folder. Those that were handed out are beyond reach."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
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
NOT_SEARCHED = ("index", "static", "dump")


def producers() -> Iterator[Producer]:
    yield Producer("bundles", lambda: _("数据文件夹中的存证包"), holds, remake, owns)


def holds(_words: Forbidden | None) -> Sequence[str]:
    """The bundles in the data folder that show a text which is withheld now."""
    return [str(bundle) for bundle in _bundles() if not _is_clean(bundle)]


def remake() -> None:
    """Make those bundles anew, signed by the same key. Raises BundleError where that key is not at hand."""
    for bundle in list(_bundles()):
        if not _is_clean(bundle):
            _remake(bundle)


def owns(path: Path) -> bool:
    """Whether a path, relative to the data folder, lies in a bundle."""
    root = Path(settings.DATA_DIR)
    return any(_is_bundle(root / folder) for folder in path.parents if folder.parts)


def _remake(bundle: Path) -> None:
    signer = verify.signer(bundle)
    key = read_key(Path(settings.SIGNING_KEY)) if signer and settings.SIGNING_KEY else None
    if signer and (key is None or public_key(key) != signer):
        raise BundleError(
            _("%(path)s由另一把私钥签名；请用export_bundle重做，或把它删去。") % {"path": bundle}
        )
    new = bundle.with_name(f"{bundle.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    export_bundle(new, key)
    shutil.rmtree(bundle)
    new.rename(bundle)


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
    data = verify.Data(bundle)
    texts = (row for row in data.rows("issued_texts") if row["text"] is not None)
    return not data.findings and not any(verify.key_of(row)[:4] in withheld for row in texts)
