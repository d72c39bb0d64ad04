"""Archives (.zip, .tar and its compressed forms) unpacked into a folder: an archive is from a stranger.

A member is written only under its own name below that folder; links, devices and names that lead elsewhere
are not. Sizes that an archive tells of itself are not believed: what comes out of it is counted.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import struct
import tarfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, Protocol
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from django.utils.translation import gettext as _

from archive.readers.pool import LARGEST_FILE
from archive.readers.sniff import format_of

SUFFIXES = (".zip", ".tar", ".tgz", ".gz", ".tbz2", ".bz2", ".txz", ".xz")
"""By these names archives are found in folders; what a file is, its bytes tell."""
MOST_MEMBERS = 50_000
MOST_BYTES = 4_000_000_000
MOST_RATIO = 200
"""How many times its own size may come out of an archive; ten is usual for texts."""
FREE = 50_000_000  # bytes that may come out of any archive
DEEPEST = 3
"""How often archives may lie in archives."""
CHUNK = 1 << 16
LONGEST_HEADER = 1 << 20


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


_OPENERS: dict[bytes, Callable[[BinaryIO], _Readable]] = {
    b"\x1f\x8b": gzip.open,
    b"BZh": bz2.open,
    b"\xfd7zXZ\x00": lzma.open,
}
BROKEN = (
    *(BadZipFile, tarfile.TarError, EOFError, NotImplementedError, RuntimeError, LookupError, ValueError),
    *(struct.error, zlib.error, lzma.LZMAError, OverflowError),
)


class NotUnpackedError(Exception):
    """An archive, or one of its members, that is left aside; the message says why."""


class _BombError(Exception):
    """More comes out of an archive than may."""


@dataclass(slots=True)
class Budget:
    """What may still come out of an archive and of those in it."""

    members: int
    bytes: int

    @classmethod
    def of(cls, size: int) -> Budget:
        return cls(MOST_MEMBERS, min(MOST_BYTES, max(FREE, MOST_RATIO * size)))

    def take(self, *, members: int = 0, count: int = 0) -> None:
        self.members -= members
        self.bytes -= count
        if self.members < 0 or self.bytes < 0:
            raise _BombError


@dataclass(frozen=True, slots=True)
class Aside:
    """A member that was not written, by its name in the archive, and why."""

    name: str
    reason: str


def is_archive(path: Path) -> bool:
    """Whether a file is an archive by its bytes; an Office file, which is a zip too, is none."""
    with path.open("rb") as file:
        head = file.read(512)
        if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            file.seek(0)
            large = path.stat().st_size > LARGEST_FILE
            kind = "zip" if large or head.startswith(b"PK\x05\x06") else format_of(file.read())
            # A damaged file is what its name says: the advice differs.
            return kind == "zip" or (kind == "damaged" and path.suffix.lower() in SUFFIXES)
    return head.startswith(tuple(_OPENERS)) or head[257:262] == b"ustar"


def unpack(path: Path, folder: Path, budget: Budget) -> Iterator[Aside]:
    """Write the members of the archive ``path`` below ``folder``; gives those that are left aside.

    Raises NotUnpackedError where more comes out than may, or the archive is damaged: what was written until
    then stays, and is whole.
    """
    try:
        with path.open("rb") as file:
            head = file.read(6)
            file.seek(0)
            unpack_one = _unpack_zip if head.startswith(b"PK") else _unpack_tar
            yield from unpack_one(file, head, folder, budget)
    except _BombError as error:
        raise NotUnpackedError(too_large()) from error
    except BROKEN as error:
        raise NotUnpackedError(damaged()) from error
    except OSError as error:
        if error.errno is not None:  # of the machine, not of the archive
            raise
        raise NotUnpackedError(damaged()) from error


def too_large() -> str:
    """What is said of an archive out of which more comes than may."""
    return _("压缩包解开后过大，或所含文件过多，没有读；请核对，或分成几份。")


def damaged() -> str:
    """What is said of an archive that cannot be read."""
    return _("压缩包已损坏，或没有下载完整，其余的读不出；请重新下载。")


def _unpack_zip(file: BinaryIO, _head: bytes, folder: Path, budget: Budget) -> Iterator[Aside]:
    if file.seek(0, 2) > MOST_BYTES:
        raise _BombError
    with ZipFile(file) as packed:
        for member in packed.infolist():
            budget.take(members=1)
            name = _zip_name(member)
            if member.is_dir():
                continue
            try:
                if (member.external_attr >> 16) & 0o170000 == 0o120000:
                    raise NotUnpackedError(_("这是链接，不读取。"))
                if member.flag_bits & 1:
                    raise NotUnpackedError(_("文件有密码；请解开后给出。"))
                if member.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
                    raise NotUnpackedError(_("压缩方法不常见，没有读；请用普通方法重新压缩。"))
                with packed.open(member) as content:
                    _write(content, _place(name, folder), budget)
            except NotUnpackedError as error:
                yield Aside(name, str(error))
            except (BadZipFile, zlib.error, EOFError) as error:  # one member: the others can be read
                yield Aside(name, _("在压缩包中已损坏，读不出（%(error)s）。") % {"error": error})


def _unpack_tar(file: BinaryIO, head: bytes, folder: Path, budget: Budget) -> Iterator[Aside]:
    opener = next((opener for magic, opener in _OPENERS.items() if head.startswith(magic)), None)
    stream = _Counted(opener(file) if opener else file, budget)
    try:
        # The stubs ask for ``write`` and ``close``, which nothing calls here.
        packed = tarfile.TarFile(fileobj=stream, errors="surrogateescape")  # type: ignore[arg-type]  # noqa: SIM115 - below
    except tarfile.ReadError as error:
        raise NotUnpackedError(_("这个压缩文件中没有可读的tar文件包；请解开后给出里面的文件。")) from error
    with packed:
        while member := packed.next():
            # Kept by tarfile for those who come back to them; the stubs do not name it.
            packed.members = []  # type: ignore[attr-defined]
            budget.take(members=1)
            name = _readable_name(member.name.encode("utf-8", "surrogateescape"))
            if member.isdir():
                continue
            try:
                if member.issym() or member.islnk():
                    raise NotUnpackedError(_("这是链接，不读取。"))
                content = packed.extractfile(member) if member.isreg() else None
                if content is None:
                    raise NotUnpackedError(_("这不是普通文件，不读取。"))
                _write(content, _place(name, folder), None)
            except NotUnpackedError as error:
                yield Aside(name, str(error))


def _zip_name(member: ZipInfo) -> str:
    """The name of a member; programs that do not say their encoding wrote it in that of their country."""
    if member.flag_bits & 0x800:
        return member.filename
    try:
        return _readable_name(member.filename.encode("cp437"))
    except UnicodeEncodeError:
        return member.filename


def _readable_name(name: bytes) -> str:
    for encoding in ("utf-8", "gb18030"):
        try:
            return name.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name.decode("latin-1")


def _place(name: str, folder: Path) -> Path:
    """Where a member goes; raises NotUnpackedError where its name would lead out of ``folder``."""
    parts = name.replace("\\", "/").split("/")
    if not name or parts[0] == "" or ".." in parts or ":" in parts[0]:
        raise NotUnpackedError(_("名称指向压缩包之外，不读取。"))
    if not all(part.isprintable() for part in parts):
        raise NotUnpackedError(_("文件名中有看不见的字符；请改名。"))
    if any(len(part.encode("utf-8", "replace")) > 255 for part in parts) or len(name) > 2000:
        raise NotUnpackedError(_("文件名过长；请改名。"))
    return folder.joinpath(*(part for part in parts if part not in ("", ".")))


def _write(content: IO[bytes], place: Path, budget: Budget | None) -> None:
    """Write a member; what is not whole is taken away again."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        file = place.open("xb")
    except (FileExistsError, NotADirectoryError, IsADirectoryError):
        raise NotUnpackedError(_("压缩包中已有同名的文件；请改名。")) from None
    written = 0
    try:
        with file:
            while chunk := content.read(CHUNK):
                written += len(chunk)
                if budget:
                    budget.take(count=len(chunk))
                if written > LARGEST_FILE:
                    raise NotUnpackedError(_("文件过大（最多%(most)d字节）。") % {"most": LARGEST_FILE})
                file.write(chunk)
    except BaseException:
        place.unlink()
        raise


class _Counted:
    """What comes out of a compressed tar, read forwards only and counted.

    ``tarfile`` reads headers whole, however long they say they are, and steps back by one byte at most.
    """

    def __init__(self, stream: _Readable, budget: Budget) -> None:
        self._stream, self._budget = stream, budget
        self._at, self._last = 0, b""
        self._back = False

    def tell(self) -> int:
        return self._at - self._back

    def read(self, size: int) -> bytes:
        if not 0 <= size <= LONGEST_HEADER:
            raise tarfile.ReadError("a header too long")
        if not size:
            return b""
        before, self._back = (self._last, False) if self._back else (b"", False)
        read = self._stream.read(size - len(before))
        self._budget.take(count=len(read))
        self._at += len(read)
        self._last = read[-1:] or self._last
        return before + read

    def seek(self, place: int) -> None:
        if place == self._at - 1 and self._last:
            self._back = True
            return
        if place < self.tell():
            raise tarfile.ReadError("a way back")
        while (missing := place - self.tell()) > 0:
            if not self.read(min(missing, CHUNK)):
                raise tarfile.ReadError("unexpected end of data")
