"""Which files an import means, and their bytes with those of their sidecars."""

from __future__ import annotations

import csv
import glob
import itertools
import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from django.utils.translation import gettext as _

from archive.models import Document, SourceFile
from archive.readers.pool import LARGEST_FILE
from archive.store.ingest.facts import canonical_symbol
from archive.store.ingest.values import RefusedError, Source
from archive.store.spreadsheet import BYTE_ORDER_MARK, cell
from archive.text.errors import UnreadableSourceError
from archive.text.formats import SUFFIXES
from archive.text.language import READ
from archive.text.reader import read_bytes
from archive.text.sidecar import LARGEST_SIDECAR

from .packed import DEEPEST, Budget, NotUnpackedError, is_archive, unpack
from .packed import SUFFIXES as PACKED
from .same_document import in_order_of_trust

SIDECAR = ".toml"


@dataclass(frozen=True, slots=True)
class Found:
    """A source file. ``shown`` is the place that a person is told, also in an archive: ``a.zip/b.txt``."""

    path: Path
    shown: str


@dataclass(frozen=True, slots=True)
class NotRead:
    """A file in a folder or an archive that is left aside, and why."""

    shown: str
    reason: str


Item = Found | NotRead | tuple[str, RefusedError]


def find_files(paths: Iterable[str], scratch: Path) -> Iterator[Item]:
    """The source files that ``paths`` mean: files, folders and archives (with all below them), patterns; each
    file once. Archives are unpacked below the folder ``scratch``, which must stay while the files are read.

    What means nothing comes as the path with the reason, so that the rest can go on; so does a link that
    leads out of the folder given, and what is no file. What lies in a folder and is not read is named.
    """
    search = _Search(scratch)
    seen: set[Path | Item] = set()
    for given in paths:
        try:
            for item in search.meant_by(given):
                key = item.path.resolve() if isinstance(item, Found) else item
                if key not in seen:
                    seen.add(key)
                    yield item
        except RefusedError as error:
            yield given, error


class _Search:
    def __init__(self, scratch: Path) -> None:
        self._scratch = scratch
        self._unpacked: set[Path] = set()

    def meant_by(self, given: str) -> Iterator[Item]:
        path = Path(given)
        if path.is_dir():
            return self._below(path, given)
        if os.path.lexists(path):
            return self._one(path, given, path.parent)
        if glob.has_magic(given):
            return self._like(given)
        raise RefusedError(_("没有这个文件或文件夹。"))

    def _one(
        self, path: Path, shown: str, folder: Path, depth: int = 0, budget: Budget | None = None
    ) -> Iterator[Item]:
        """A file, or what is in it where it is an archive."""
        try:
            source = _source(path, folder)
            if _may_be_read(path) and is_archive(path):
                yield from self._inside(path, shown, depth, budget)
            else:
                yield Found(source, shown)
        except RefusedError as error:
            yield shown, error

    def _below(
        self, folder: Path, shown: str, depth: int = 0, budget: Budget | None = None
    ) -> Iterator[Item]:
        """The sources below ``folder``, links to folders not followed; then what is not read."""
        others: list[Path] = []
        wanted: list[Path] = []
        for parent, folders, names in os.walk(folder):
            links = [name for name in folders if Path(parent, name).is_symlink()]
            folders[:] = [name for name in folders if not name.startswith(".")]
            for name in (*names, *links):
                if not name.startswith("."):
                    path = Path(parent, name)
                    (wanted if path.suffix.lower() in (*SUFFIXES, *PACKED) else others).append(path)
        if not wanted:
            raise RefusedError(_without_sources(others))
        for path in sorted(wanted, key=in_order_of_trust):
            yield from self._one(path, str(Path(shown) / path.relative_to(folder)), folder, depth, budget)
        beside = {path.with_suffix(SIDECAR) for path in wanted}
        why = _("从名称看不是文字、PDF、Word文件或网页；要读它，请直接给出")
        for path in sorted(others):
            if path not in beside:
                yield NotRead(str(Path(shown) / path.relative_to(folder)), why)

    def _inside(self, archive: Path, shown: str, depth: int, budget: Budget | None) -> Iterator[Item]:
        """The sources in an archive; then what is left aside, and why."""
        if (place := archive.resolve()) in self._unpacked:
            return
        self._unpacked.add(place)
        if depth >= DEEPEST:
            raise RefusedError(_("压缩包中又有压缩包，层数过多，没有读；请解开后给出里面的文件。"))
        budget = budget or Budget.of(archive.stat().st_size)
        folder = Path(tempfile.mkdtemp(dir=self._scratch))
        aside: list[Item] = []
        try:
            aside += [
                NotRead(f"{shown}/{one.name}", one.reason.rstrip("。"))
                for one in unpack(archive, folder, budget)
            ]
        except NotUnpackedError as error:
            aside.append((shown, RefusedError(str(error))))
        try:
            yield from self._below(folder, shown, depth + 1, budget)
        except RefusedError:
            if not any(isinstance(item, tuple) for item in aside):
                aside.append((shown, RefusedError(_("压缩包中没有文字、PDF、Word文件或网页。"))))
        yield from aside

    def _like(self, pattern: str) -> Iterator[Item]:
        found = [Path(name) for name in sorted(glob.glob(pattern, recursive=True))]  # noqa: PTH207 - may be absolute
        wanted = [path for path in found if path.suffix.lower() in (*SUFFIXES, *PACKED) and not path.is_dir()]
        if not wanted:
            raise RefusedError(_("没有文字、PDF、Word文件或网页与此式样相符。"))
        fixed = itertools.takewhile(lambda part: not glob.has_magic(part), Path(pattern).parts)
        folder = Path(*fixed)
        for path in wanted:
            yield from self._one(path, str(path), folder)


def _may_be_read(path: Path) -> bool:
    """Whether the bytes can be looked at; where they cannot, reading the source says why."""
    try:
        with path.open("rb"):
            return True
    except OSError:
        return False


def _without_sources(others: list[Path]) -> str:
    if not others:
        return _("文件夹中没有文字、PDF、Word文件或网页。")
    names = "、".join(printable(path.name) for path in sorted(others)[:5])
    return _("文件夹中没有文字、PDF、Word文件或网页；其中%(count)d份不能读取：%(names)s等。") % {
        "count": len(others),
        "names": names,
    }


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


def stored_sources(symbols: Iterable[str], seconds: str = "") -> Iterator[Source | tuple[str, RefusedError]]:
    """The sources of the documents held, all of them or those of ``symbols`` in every language, to be parsed
    again; with ``seconds``, also their second originals of this format.

    One at a time is in memory. A symbol that is not held comes with the reason.
    """
    wanted: list[int] = []
    for spelled in symbols:
        try:
            texts = [Document.objects.filter(language=one).find(canonical_symbol(spelled)) for one in READ]
            if not any(texts):
                raise RefusedError(_("本库没有这份文件。"))
        except RefusedError as error:
            yield spelled, error
        else:
            wanted += [document.pk for document in texts if document]
    keys = wanted or ([] if symbols else Document.objects.order_by("symbol").values_list("pk", flat=True))
    for key in dict.fromkeys(keys):
        document = Document.objects.select_related("source").get(pk=key)
        yield _as_source(document.source)
        if seconds:
            for second in document.second_originals.offered().filter(format=seconds).select_related("source"):
                yield _as_source(second.source)


def _as_source(stored: SourceFile) -> Source:
    return Source(stored.name, bytes(stored.content), stored.sidecar)


# What became of each file of a run, as a table for people or programs: CSV, or JSON by its name.

FORMATS = (".csv", ".json")
_END = b"\n]\n"


class Row(NamedTuple):
    """``outcome`` is a ``Status`` or ``not_read``; ``reason`` is in words, and empty where all is well."""

    path: str
    outcome: str
    symbol: str
    reason: str
    seconds: float


class Report:
    """Rows written to ``path`` as they come. Raises OSError, or RefusedError for another kind of file."""

    def __init__(self, path: Path) -> None:
        if path.suffix.lower() not in FORMATS:
            raise RefusedError(_("报告的文件名应以.csv或.json结尾。"))
        self._as_json = path.suffix.lower() == ".json"
        self._file = path.open("wb")
        self._rows = 0
        self._write(b"[" + _END if self._as_json else _line(Row._fields, BYTE_ORDER_MARK))

    def add(self, row: Row) -> None:
        """Write one row, and leave the file whole."""
        if self._as_json:
            self._file.seek(-len(_END), 2)
            plain = json.dumps(row._asdict(), ensure_ascii=False)
            self._write((",\n" if self._rows else "\n").encode() + plain.encode("utf-8", "replace") + _END)
        else:
            self._write(_line(row))
        self._rows += 1

    def _write(self, written: bytes) -> None:
        self._file.write(written)
        self._file.flush()

    def __enter__(self) -> Report:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()


def _line(values: tuple[object, ...], before: str = "") -> bytes:
    line = StringIO(newline="")
    csv.writer(line).writerow([cell(value) for value in values])
    return (before + line.getvalue()).encode("utf-8", "replace")
