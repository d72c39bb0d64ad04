"""The parts of an Office file, which is a zip archive from a stranger (ISO/IEC 29500-2).

Only the parts that are asked for are opened; pictures, macros, embedded files and whatever lies elsewhere
are not. Sizes that the archive tells of itself are not believed.
"""

from __future__ import annotations

import posixpath
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from urllib.parse import unquote
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from .xml_stream import MOST_BYTES, Budget, DamagedFileError, TooLargeInsideError, read_xml

MOST_MEMBERS = 2000
MEMBER = b"PK\x01\x02"  # what each entry of the list of members begins with
CHUNK = 1 << 16
# As zipfile says it: the archive, a method, a password, an end too soon, a part that is not there, a place
# beyond the numbers of this machine, and so on.
UNREADABLE = (
    *(BadZipFile, NotImplementedError, RuntimeError, EOFError, LookupError, ValueError, OSError),
    *(OverflowError, struct.error, zlib.error),
)
DOCUMENT = "officeDocument"  # the end of the type of a relation


@dataclass(frozen=True, slots=True)
class Relation:
    """What a part is related to: the end of the relation's type, and the other part inside the file."""

    id: str
    kind: str
    target: str


class Package:
    """An open Office file. ``limit`` bounds the bytes of any part by the archive's own account."""

    def __init__(self, packed: ZipFile, budget: Budget, limit: int) -> None:
        self._packed, self._budget, self._limit = packed, budget, limit

    def __contains__(self, part: str) -> bool:
        return part in self._packed.NameToInfo

    def parts(self, endings: tuple[str, ...]) -> list[str]:
        """The names of all parts that end so."""
        return [name for name in self._packed.namelist() if name.endswith(endings)]

    @property
    def document(self) -> str:
        """The part with the document; raises DamagedFileError where there is not exactly one."""
        found = [relation.target for relation in self.relations("", (DOCUMENT,))]
        if len(found) != 1:
            raise DamagedFileError
        return found[0]

    def relations(self, part: str, kinds: tuple[str, ...]) -> list[Relation]:
        """What a part (or the file, "") is related to by one of ``kinds``.

        Raises DamagedFileError where that lies outside of the file: it is not fetched.
        """
        folder, name = posixpath.split(part)
        listed = posixpath.join(folder, "_rels", f"{name}.rels")
        if listed not in self:
            return []
        found: list[Relation] = []

        def start(element: str, attributes: list[str]) -> None:
            if not element.endswith(" Relationship"):
                return
            given = dict(zip(attributes[::2], attributes[1::2], strict=True))
            kind, target = given.get("Type", "").rpartition("/")[2], given.get("Target", "")
            if kind in kinds:
                if given.get("TargetMode") == "External":
                    raise DamagedFileError
                path = posixpath.normpath(posixpath.join("/", folder, unquote(target))).lstrip("/")
                found.append(Relation(given.get("Id", ""), kind, path))

        read_xml(self.chunks(listed), self._budget, start, _pass, _pass)
        return found

    def chunks(self, part: str) -> Iterator[bytes]:
        """The content of a part, piece by piece: to its end, which must be where the archive says it is."""
        member = self._packed.getinfo(part)
        if member.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise DamagedFileError  # others unpack without bounds, and no Office program writes them
        said, read = member.file_size, 0
        # Else what goes on behind the size that is said would be left out.
        member.file_size = 2 * self._limit
        try:
            with self._packed.open(member) as file:
                while chunk := file.read(CHUNK):
                    read += len(chunk)
                    yield chunk
        finally:
            member.file_size = said
        if read != said:
            raise DamagedFileError


@contextmanager
def opened(content: bytes, budget: Budget, limit: int = MOST_BYTES) -> Iterator[Package]:
    """The package that ``content`` is. Whatever goes wrong with it inside the block is DamagedFileError,
    TooLargeInsideError, or an error of the block's own."""
    if content.count(MEMBER) > MOST_MEMBERS:
        raise TooLargeInsideError
    try:
        with ZipFile(BytesIO(content)) as packed:
            names = packed.namelist()
            if any(one.file_size > limit for one in packed.infolist() if one.filename.endswith(".xml")):
                raise TooLargeInsideError  # by its own account
            if len(set(names)) < len(names):
                raise DamagedFileError  # which of two parts of one name is meant, programs do not agree about
            yield Package(packed, budget, limit)
    except UNREADABLE as error:
        raise DamagedFileError from error


def _pass(*_event) -> None:
    pass
