"""Files as they were sent, kept until a worker reads them: within limits, under names that lead nowhere."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, cast
from zipfile import ZipFile

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler
from django.db import transaction
from django.db.models import Sum
from django.http import HttpRequest
from django.utils.translation import gettext as _

from archive.intake.importing import Found, find_files, printable, read_source
from archive.intake.importing.files import SIDECAR, SUFFIXES
from archive.intake.importing.packed import BROKEN, Budget, too_large
from archive.intake.importing.words import REFUSALS
from archive.models import Document, IntakeBatch, IntakeItem, IssuedText, Resolution
from archive.models.fetching import LONGEST_FILE_NAME
from archive.readers.pool import LARGEST_FILE
from archive.store.derived import building
from archive.store.ingest.facts import sidecar_for
from archive.store.ingest.values import RefusedError, Source
from archive.text.sidecar import LARGEST_SIDECAR

MOST_FILES = 500
"""Of one upload, and of one archive."""
MOST_BYTES = 200_000_000
"""Of one upload; the proxy has the same limit (docs/nginx.conf)."""
MOST_AROUND = 1_000_000
"""Bytes of a form beside its files."""
MOST_KEPT = 5_000_000_000
"""Bytes of all that nobody has decided on."""
MOST_FREE = 500_000_000
"""Bytes of the disk that an upload leaves free."""
MOST_ASIDE = 50
"""Of an archive of which nothing is taken, or of a folder, what is named and not read."""
PACKED = (b"PK", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
"""How archives begin, which may be larger than any file in them."""
State = IntakeItem.State


class WithinLimits(TemporaryFileUploadHandler):
    """Writes files to the disk; where too much is sent, it is ``refused``, and what was typed is kept, which
    stands before the files.
    """

    refused: RefusedError | None = None
    _files = 0

    def new_file(self, *args: Any, **more: Any) -> None:
        self._files += 1
        if self._files in (1, MOST_FILES + 1):
            size = int(cast(HttpRequest, self.request).META.get("CONTENT_LENGTH") or 0)
            try:
                check_size(self._files, max(0, size - MOST_AROUND))
            except RefusedError as error:
                self.refused = error
                raise StopUpload from error
        super().new_file(*args, **more)


@dataclass(frozen=True, slots=True)
class Sent:
    """A file with its sidecar; with a ``reason`` one that is not read, and why."""

    name: str
    content: bytes | None
    sidecar: str = ""
    reason: str = ""


def check_size(count: int, size: int) -> None:
    """Raises RefusedError where so many files of ``size`` bytes together are not taken."""
    if count > MOST_FILES:
        raise RefusedError(_("一次最多%(most)d份文件；请分几次。") % {"most": MOST_FILES})
    if size > MOST_BYTES:
        raise RefusedError(_("一次上传的文件合计过大（最多%(most)d字节）；请分几次。") % {"most": MOST_BYTES})
    kept = IntakeItem.objects.exclude(content=None).aggregate(kept=Sum("size"))["kept"] or 0
    if kept + size > MOST_KEPT:
        raise RefusedError(_("先前上传的文件有许多还没有处理，放不下了；请先发布或退回一些。"))
    if shutil.disk_usage(settings.DATA_DIR).free < MOST_FREE + 2 * size:
        raise RefusedError(_("服务器的磁盘快满了，没有收；请告诉管理本站的人。"))


def receive(files: Sequence[UploadedFile], name: str, by: str) -> IntakeBatch:
    """Keeps what was sent in one go as a batch, whole or not at all.

    Raises RefusedError where nothing was sent, or too much.
    """
    if not files:
        raise RefusedError(_("请先选择要上传的文件。"))
    check_size(len(files), sum(file.size or 0 for file in files))
    with transaction.atomic():
        batch = IntakeBatch.objects.create(name=name.strip()[:100], by=by)
        keep(batch, _with_sidecars(files))
    return batch


def receive_folder(folder: str, by: str) -> IntakeBatch:
    """Keeps what lies below ``folder`` on the server, with the sidecars, as a batch, whole or not at all.

    Raises RefusedError where there is nothing to read, or too much.
    """
    with building(Path(tempfile.gettempdir()) / "archive-intake") as scratch, transaction.atomic():
        found, aside, whole = sort_out(Path(folder), "", scratch)
        if not found:
            raise RefusedError(whole or _("文件夹%(folder)s中没有可以读取的文件。") % {"folder": folder})
        check_size(len(found), sum(one.path.stat().st_size for one in found))
        batch = IntakeBatch.objects.create(name=printable(Path(folder).resolve().name)[:100], by=by)
        keep(batch, (*map(sent, found), *aside[:MOST_ASIDE]))
    return batch


def sort_out(place: Path, name: str, scratch: Path) -> tuple[list[Found], list[Sent], str]:
    """The files below a folder, or in an archive sent under ``name``; what is not read of it; and why
    nothing is, where that is so. Archives are unpacked below ``scratch``. Raises RefusedError for a table
    that is not that of the corpus.
    """
    if place.is_file() and is_corpus(place):
        return from_corpus(place, name, scratch)
    found, aside, whole = list[Found](), list[Sent](), ""
    for one in find_files([str(place)], scratch):
        if isinstance(one, Found):
            found.append(Found(one.path, _below(one.shown, place, name)))
            continue
        shown, reason = one if isinstance(one, tuple) else (one.shown, one.reason)
        if shown == str(place):
            whole = str(reason)
        else:
            aside.append(Sent(_below(shown, place, name), None, reason=str(reason)))
    return found, aside, whole


def is_corpus(path: Path) -> bool:
    """Whether an archive holds a table and no document, as the file of the corpus CR-UNSC does."""
    with suppress(*BROKEN), ZipFile(path) as packed:
        endings = {PurePosixPath(name).suffix.lower() for name in packed.namelist()}
        return ".csv" in endings and not endings & {*SUFFIXES}
    return False


def from_corpus(path: Path, name: str, scratch: Path) -> tuple[list[Found], list[Sent], str]:
    """As ``sort_out``: the resolutions of the family of 1540 in the table of the corpus, and which are not
    there. Raises RefusedError where it is no such table, or one of more than may come out of an archive.
    """
    from archive.intake.corpus import opened  # and with it what asks other sites, which no start needs

    wanted = set(Resolution.objects.filter(family=True).values_list("symbol", flat=True))
    found, aside = list[Found](), list[Sent]()
    with opened([str(path)]) as (corpus, _digests):
        if corpus.size > Budget.of(path.stat().st_size).bytes:  # more than this a member never gives
            raise RefusedError(too_large())
        survey = corpus.survey(wanted)
        for one in corpus.items(survey, wanted, dry_run=True):
            if isinstance(one, Source):
                place = scratch / one.name
                place.write_bytes(one.content)
                place.with_suffix(SIDECAR).write_text(one.sidecar, "utf-8")
                found.append(Found(place, f"{name}/{one.name}"[-LONGEST_FILE_NAME:]))
            else:
                shown, reason = one if isinstance(one, tuple) else (one.shown, one.reason)
                aside.append(Sent(shown[-LONGEST_FILE_NAME:], None, reason=str(reason)))
    absent = "、".join(sorted(wanted - survey.places.keys()))
    return found, aside[:MOST_ASIDE], _("表中没有%(symbols)s。") % {"symbols": absent} if absent else ""


def sent(found: Found) -> Sent:
    """A file found on the disk as if it had been sent, with its sidecar; one at a time is in memory."""
    try:
        source = read_source(found.path)
    except RefusedError as error:
        return Sent(found.shown, None, reason=str(error))
    return Sent(found.shown, source.content, source.sidecar)


def _below(shown: str, place: Path, name: str) -> str:
    return printable(shown.replace(str(place), name, 1)).lstrip("/" if not name else "")[-LONGEST_FILE_NAME:]


def take_out(document: Document, by: str) -> IntakeBatch:
    """Keeps the original of a document that is held as a batch, with all that was put right in it, to be put
    right further and published again. Raises RefusedError as ``receive`` does.
    """
    source, named = document.source, {"symbol": document.symbol, "language": document.language}
    if IssuedText.objects.filter(**named, withheld=True).exists():
        raise RefusedError(
            _("%(symbol)s中有依法不予显示的文字，不能取出；文件信息可以在编辑台的文件页更正。") % named
        )
    content = bytes(source.content)
    check_size(1, len(content))
    with transaction.atomic():
        batch = IntakeBatch.objects.create(name=_("更正%(symbol)s") % {"symbol": document.symbol}, by=by)
        keep(batch, [Sent(source.name, content, sidecar_for(document))])
    return batch


def keep(batch: IntakeBatch, files: Iterable[Sent]) -> list[IntakeItem]:
    """Writes a row for each file; the same bytes a second time in a batch are told beside the first."""
    known: dict[tuple[str, str], str] = {}
    rows = batch.items.exclude(content=None).values_list("sha256", "sidecar", "name")
    known.update(((sha256, sidecar), name) for sha256, sidecar, name in rows)
    made = []
    for file in files:
        content = file.content or b""
        item = IntakeItem(batch=batch, name=file.name, size=len(content), sidecar=file.sidecar)
        item.sha256, item.content = hashlib.sha256(content).hexdigest(), file.content
        mark = item.sha256, file.sidecar
        if file.reason:
            item.state, item.reason, item.content = State.REFUSED, file.reason, None
        elif mark in known:
            item.state, item.content = State.SET_ASIDE, None
            item.reason = _("与%(file)s内容相同") % {"file": known[mark]}
        else:
            known[mark] = file.name
        item.save()
        made.append(item)
    return made


def _with_sidecars(files: Sequence[UploadedFile]) -> Iterator[Sent]:
    """Each file with the sidecar of its name that was sent with it; one at a time is in memory."""
    named = [(_name_of(file), file) for file in files]
    sidecars = {PurePosixPath(name).stem: file for name, file in named if name.endswith(SIDECAR)}
    used = set()
    for name, file in named:
        if name.endswith(SIDECAR):
            continue
        stem = PurePosixPath(name).stem
        used.add(stem)
        yield _sent(name, file, sidecars.get(stem))
    for stem in sidecars.keys() - used:
        yield Sent(f"{stem}{SIDECAR}", None, reason=_("这是附带的元数据；请与它所说明的文件一起上传。"))


def _sent(name: str, file: UploadedFile, sidecar: UploadedFile | None) -> Sent:
    stated = ""
    if sidecar is not None:
        try:
            stated = sidecar.read(LARGEST_SIDECAR + 1).decode("utf-8-sig").replace("\x00", "")
            sidecar.seek(0)
        except UnicodeDecodeError:
            return Sent(name, None, reason=_("附带的元数据不是UTF-8文字；请另存后与文件一起重新上传。"))
    content = file.read()
    packed = content.startswith(PACKED) or content[257:262] == b"ustar"
    if len(content) > LARGEST_FILE and not packed:
        return Sent(name, None, reason=str(REFUSALS["too_large"]) % {"most": LARGEST_FILE})
    return Sent(name, content, stated)


def _name_of(file: UploadedFile) -> str:
    """The last part of a name, as one honest line."""
    name = printable(PureWindowsPath(file.name or "").name) or "?"
    return name[-LONGEST_FILE_NAME:]
