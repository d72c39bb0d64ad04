"""Answers that could not be imported, kept whole in the data folder for the operator; and downloads begun.

No page serves them. They are registered with withholding all the same: what answers for a document of which
something is withheld, or holds withheld words, is removed.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from archive.models import FetchAttempt, IssuedText, RetiredDocument
from archive.text.errors import UnreadableSourceError
from archive.text.reader import decode_source
from archive.withholding.register import Producer
from archive.withholding.withheld import forbidden_words
from archive.withholding.words import Forbidden

FOLDER, ANSWERS, PARTS = "fetched", "answers", "partial"


def folder() -> Path:
    return Path(settings.DATA_DIR) / FOLDER


def keep(symbol: str, content: bytes, kind: str) -> str:
    """Write an answer; returns its path relative to the data folder. Equal answers are one file."""
    mark = hashlib.sha256(content).hexdigest()[:16]
    name = re.sub(r"[^A-Za-z0-9().-]", "_", symbol)[:80]
    path = folder() / ANSWERS / f"{name}.{mark}.{re.sub(r'[^a-z]', '', kind) or 'bin'}"
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        new = path.with_suffix(".new")
        new.write_bytes(content)
        new.replace(path)
    return str(path.relative_to(settings.DATA_DIR))


def producers() -> Iterator[Producer]:
    yield Producer("fetched", lambda: _("联合国的答复"), holds, remove, owns)


def owns(path: Path) -> bool:
    return path.parts[0] == FOLDER


def holds(words: Forbidden | None) -> Sequence[str]:
    """Answers for documents of which something is withheld now; with ``words`` also any that holds some."""
    return [str(path.relative_to(settings.DATA_DIR)) for path in _unclean(words)]


def remove() -> None:
    """Remove these answers, and all downloads that broke off: they can be had again."""
    for path in list(_unclean(forbidden_words())):
        path.unlink(missing_ok=True)
    if _withheld():
        shutil.rmtree(folder() / PARTS, ignore_errors=True)


def _unclean(words: Forbidden | None) -> Iterator[Path]:
    withheld = _withheld()
    if not withheld:
        return
    answers = folder() / ANSWERS
    theirs = FetchAttempt.objects.filter(symbol__in=withheld).exclude(kept="").values_list("kept", flat=True)
    named = {Path(settings.DATA_DIR) / path for path in theirs}
    for path in sorted(answers.iterdir()) if answers.is_dir() else ():
        if path in named or (words and words.found_in(_text(path))):
            yield path


def _withheld() -> set[str]:
    return {
        *IssuedText.objects.filter(withheld=True).values_list("symbol", flat=True),
        *RetiredDocument.objects.filter(withheld=True, lifted=None).values_list("symbol", flat=True),
    }


def _text(path: Path) -> str:
    try:
        return decode_source(path.name, path.read_bytes()).text
    except UnreadableSourceError:
        return ""
