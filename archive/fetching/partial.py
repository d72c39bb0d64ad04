"""Resumption of interrupted downloads: the received part stays on disk, and only the rest is requested.

The rest is appended only if it provably belongs to the same file: the server confirms it (If-Range), or,
where it names no version, the last received bytes are sent again and are equal, as is the total length.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

OVERLAP = 1024  # bytes
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")


class OtherFileError(Exception):
    """A resumed download that is not the rest of the same file."""


@dataclass(frozen=True, slots=True)
class _Known:
    """Address, version and length of a partly received file; ``total`` is None where it was not sent."""

    address: str
    version: str = ""
    total: int | None = None


class Partial:
    """The beginning of one file, in ``folder``; ``asked`` is the address that was asked for first."""

    def __init__(self, folder: Path, asked: str) -> None:
        name = hashlib.sha256(asked.encode()).hexdigest()[:24]
        self._bytes, self._about = folder / f"{name}.part", folder / f"{name}.json"
        self._known = self._read()

    def headers(self, address: str) -> dict[str, str]:
        """Returns the range headers of a request to ``address``; none where no part of it was received."""
        if self._known is None or self._known.address != address or not self.size:
            return {}
        asked = {"Range": f"bytes={self._start}-"}
        return asked | ({"If-Range": self._known.version} if self._known.version else {})

    @property
    def size(self) -> int:
        """The number of bytes received."""
        return self._bytes.stat().st_size if self._bytes.exists() else 0

    @property
    def total(self) -> int | None:
        """The length of the whole file; None where the server did not send it."""
        return self._known.total if self._known else None

    @property
    def _start(self) -> int:
        return max(0, self.size - OVERLAP)

    def begin(self, address: str, headers: Mapping[str, str]) -> None:
        """Discards the partial download and starts the whole file."""
        self.discard()
        version = headers.get("etag", "")
        if version.startswith("W/") or not version:  # a weak one proves nothing (RFC 9110, 13.1.5)
            version = ""
        length = headers.get("content-length", "")
        self._known = _Known(address, version, int(length) if length.isdecimal() else None)
        self._bytes.parent.mkdir(parents=True, exist_ok=True)
        self._about.write_text(json.dumps(asdict(self._known)), "utf-8")

    def resume(self, headers: Mapping[str, str]) -> int:
        """Returns how many bytes are sent again. Raises OtherFileError if another part comes."""
        told = _RANGE.fullmatch(headers.get("content-range", "").strip())
        if told is None or int(told[1]) != self._start or self._known is None:
            raise OtherFileError
        total = None if told[3] == "*" else int(told[3])
        if total != self._known.total and None not in (total, self._known.total):
            raise OtherFileError
        version = headers.get("etag", "")
        if self._known.version and version and version != self._known.version:
            raise OtherFileError
        self._known = _Known(self._known.address, self._known.version, total or self._known.total)
        return self.size - self._start

    def compare(self, again: bytes) -> None:
        """Raises OtherFileError where ``again`` are not the last bytes at hand."""
        if self._bytes.read_bytes()[self._start :] != again:
            raise OtherFileError

    def add(self, content: bytes) -> None:
        with self._bytes.open("ab") as file:
            file.write(content)

    def content(self) -> bytes:
        return self._bytes.read_bytes() if self._bytes.exists() else b""

    def discard(self) -> None:
        self._known = None
        for path in (self._bytes, self._about):
            with suppress(FileNotFoundError):
                path.unlink()

    def _read(self) -> _Known | None:
        try:
            return _Known(**json.loads(self._about.read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return None
