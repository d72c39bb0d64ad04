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

DEEPEST = 3  # folders under the data folder
NOT_SEARCHED = ("index", "static", "dump")


def producers() -> Iterator[Producer]:
    yield Producer("bundles", lambda: _("数据文件夹中的存证包"), holds, remove, owns)


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


def owns(path: Path) -> bool:
    """Returns True if a path, relative to the data folder, belongs to a bundle."""
    root = Path(settings.DATA_DIR)
    return any(_is_bundle(root / folder) for folder in path.parents if folder.parts)


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
