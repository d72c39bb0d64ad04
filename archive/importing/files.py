"""Which files an import means, and their bytes with those of their sidecars."""

from __future__ import annotations

import glob
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from archive.ingest import RefusedError, Source, canonical_symbol
from archive.models import Document

SUFFIXES = (".txt", ".md")
SIDECAR = ".toml"


def find_files(paths: Iterable[str]) -> Iterator[Path | tuple[str, RefusedError]]:
    """The source files that ``paths`` mean: files, folders (with all below them), patterns; each file once.

    What means nothing comes as the path with the reason, so that the rest can go on.
    """
    seen: set[Path] = set()
    for given in paths:
        try:
            found = _meant_by(given)
        except RefusedError as error:
            yield given, error
            continue
        for path in found:
            if path.resolve() not in seen:
                seen.add(path.resolve())
                yield path


def _meant_by(given: str) -> list[Path]:
    path = Path(given)
    if path.is_dir():
        found = _sources_below(path)
        if not found:
            raise RefusedError(_("文件夹中没有.txt或.md文件。"))
        return found
    if path.exists():
        return [_source(path)]
    if glob.has_magic(given):
        found = [Path(name) for name in sorted(glob.glob(given, recursive=True))]  # noqa: PTH207 - may be absolute
        sources = [path for path in found if path.is_file() and path.suffix.lower() in SUFFIXES]
        if not sources:
            raise RefusedError(_("没有.txt或.md文件与此式样相符。"))
        return sources
    raise RefusedError(_("没有这个文件或文件夹。"))


def _sources_below(folder: Path) -> list[Path]:
    visible = (path for path in sorted(folder.rglob("*")) if not path.name.startswith("."))
    return [path for path in visible if path.is_file() and path.suffix.lower() in SUFFIXES]


def _source(path: Path) -> Path:
    if path.suffix.lower() == SIDECAR:
        raise RefusedError(_("这是附带的元数据；请给出它所说明的.txt或.md文件。"))
    if path.suffix.lower() not in SUFFIXES:
        raise RefusedError(_("只接受.txt和.md文件；请先提取文字。"))
    return path


def read_source(path: Path) -> Source:
    """The bytes of ``path`` and its sidecar; raises RefusedError where one of them cannot be read."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise RefusedError(_("读不出：%(reason)s。") % {"reason": error.strerror or error}) from error
    sidecar = path.with_suffix(SIDECAR)
    try:
        return Source(
            path.name, content, sidecar.read_bytes().decode("utf-8-sig") if sidecar.exists() else ""
        )
    except (OSError, UnicodeDecodeError) as error:
        names = {"file": sidecar.name, "reason": error}
        raise RefusedError(_("附带的元数据%(file)s读不出：%(reason)s。") % names) from error


def stored_sources(symbols: Iterable[str]) -> Iterator[Source | tuple[str, RefusedError]]:
    """The sources of the documents held, all of them or those of ``symbols``, to be parsed again.

    One at a time is in memory. A symbol that is not held comes with the reason.
    """
    wanted: list[int] = []
    for spelled in symbols:
        try:
            document = Document.objects.find(canonical_symbol(spelled))
            if document is None:
                raise RefusedError(_("本库没有这份文件。"))
        except RefusedError as error:
            yield spelled, error
        else:
            wanted.append(document.pk)
    keys = wanted or ([] if symbols else Document.objects.order_by("symbol").values_list("pk", flat=True))
    for key in dict.fromkeys(keys):
        stored = Document.objects.select_related("source").get(pk=key).source
        yield Source(stored.name, bytes(stored.content), stored.sidecar)
