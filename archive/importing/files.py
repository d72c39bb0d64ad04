"""Which files an import means, and their bytes with those of their sidecars."""

from __future__ import annotations

import glob
import itertools
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from archive.ingest import RefusedError, Source, canonical_symbol
from archive.models import Document
from archive.readers.pool import LARGEST_FILE
from archive.text.errors import UnreadableSourceError
from archive.text.reader import read_bytes
from archive.text.sidecar import LARGEST_SIDECAR

# By these names files are found in folders; what a file is, its bytes tell.
SUFFIXES = (
    ".txt",
    ".md",
    ".pdf",
    ".docx",
    ".docm",
    ".doc",
    ".odt",
    ".rtf",
    ".html",
    ".htm",
    ".xhtml",
    ".mht",
    ".mhtml",
)
SIDECAR = ".toml"


@dataclass(frozen=True, slots=True)
class NotRead:
    """A file in a folder that is no source and belongs to none."""

    path: Path


def find_files(paths: Iterable[str]) -> Iterator[Path | NotRead | tuple[str, RefusedError]]:
    """The source files that ``paths`` mean: files, folders (with all below them), patterns; each file once.

    What means nothing comes as the path with the reason, so that the rest can go on; so does a link that
    leads out of the folder given, and what is no file. What lies in a folder and is not read is named.
    """
    seen: set[Path | str] = set()
    for given in paths:
        try:
            found = list(_meant_by(given))
        except RefusedError as error:
            yield given, error
            continue
        for item in found:
            key = item.resolve() if isinstance(item, Path) else str(item)
            if key not in seen:
                seen.add(key)
                yield item


def _meant_by(given: str) -> Iterator[Path | NotRead | tuple[str, RefusedError]]:
    path = Path(given)
    if path.is_dir():
        return _below(path)
    if os.path.lexists(path):
        return iter([_source(path, path.parent)])
    if glob.has_magic(given):
        return _like(given)
    raise RefusedError(_("没有这个文件或文件夹。"))


def _below(folder: Path) -> Iterator[Path | NotRead | tuple[str, RefusedError]]:
    """The sources below ``folder``, links to folders not followed; then what is not read."""
    others: list[Path] = []
    sources: list[Path] = []
    for parent, folders, names in os.walk(folder):
        links = [name for name in folders if Path(parent, name).is_symlink()]
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in (*names, *links):
            if not name.startswith("."):
                path = Path(parent, name)
                (sources if path.suffix.lower() in SUFFIXES else others).append(path)
    if not sources:
        raise RefusedError(_without_sources(others))
    for path in sorted(sources):
        try:
            yield _source(path, folder)
        except RefusedError as error:
            yield str(path), error
    beside = {path.with_suffix(SIDECAR) for path in sources}
    yield from (NotRead(path) for path in sorted(others) if path not in beside)


def _without_sources(others: list[Path]) -> str:
    if not others:
        return _("文件夹中没有文字、PDF、Word文件或网页。")
    names = "、".join(printable(path.name) for path in sorted(others)[:5])
    return _("文件夹中没有文字、PDF、Word文件或网页；其中%(count)d份不能读取：%(names)s等。") % {
        "count": len(others),
        "names": names,
    }


def _like(pattern: str) -> Iterator[Path | tuple[str, RefusedError]]:
    found = [Path(name) for name in sorted(glob.glob(pattern, recursive=True))]  # noqa: PTH207 - may be absolute
    sources = [path for path in found if path.suffix.lower() in SUFFIXES and not path.is_dir()]
    if not sources:
        raise RefusedError(_("没有文字、PDF、Word文件或网页与此式样相符。"))
    fixed = itertools.takewhile(lambda part: not glob.has_magic(part), Path(pattern).parts)
    for path in sources:
        try:
            yield _source(path, Path(*fixed))
        except RefusedError as error:
            yield str(path), error


def _source(path: Path, folder: Path) -> Path:
    """``path``, if it is a source in ``folder``; else raises RefusedError."""
    if path.suffix.lower() == SIDECAR:
        raise RefusedError(_("这是附带的元数据；请给出它所说明的文件。"))
    if printable(path.name) != path.name:
        raise RefusedError(_("文件名中有看不见的字符；请改名。"))
    _refuse_elsewhere(path, folder)
    if not path.is_file():
        raise RefusedError(_("这不是普通文件（而是管道、设备或断开的链接）。"))
    return path


def _refuse_elsewhere(path: Path, folder: Path) -> None:
    """A link is read only where it leads to what lies in ``folder``."""
    try:
        target = path.resolve(strict=path.is_symlink())
    except (OSError, RuntimeError) as error:
        raise RefusedError(_("这个链接断开或绕圈，读不出。")) from error
    if path.is_symlink() and not target.is_relative_to(folder.resolve()):
        raise RefusedError(_("这是链接，指向所给文件夹之外，不读取；请给出文件本身。"))


def printable(name: str) -> str:
    """``name`` with what nobody sees written out (``\\u202e``), so that it stays one honest line anywhere."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in name)


def read_source(path: Path) -> Source:
    """The bytes of ``path`` and its sidecar; raises RefusedError where one of them cannot be read."""
    content = _bytes_of(path, LARGEST_FILE, _("读不出：%(reason)s。"))
    sidecar = path.with_suffix(SIDECAR)
    if not os.path.lexists(sidecar):
        return Source(path.name, content)
    told = _("附带的元数据%(file)s读不出：%(reason)s。")
    try:
        _refuse_elsewhere(sidecar, sidecar.parent)
    except RefusedError as error:
        raise RefusedError(told % {"file": sidecar.name, "reason": str(error).rstrip("。")}) from error
    stated = _bytes_of(sidecar, LARGEST_SIDECAR, told)
    try:
        return Source(path.name, content, stated.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise RefusedError(told % {"file": sidecar.name, "reason": error}) from error


def _bytes_of(path: Path, most: int, told: str) -> bytes:
    try:
        return read_bytes(path, most)
    except UnreadableSourceError as error:
        cause = error.__cause__
        reason = (
            cause.strerror
            if isinstance(cause, OSError)
            else _("不是文件，或超过%(most)d字节") % {"most": most}
        )
        raise RefusedError(told % {"file": path.name, "reason": reason}) from error


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
