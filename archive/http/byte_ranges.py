"""Open files as pieces to send, whole or in part (RFC 9110, section 14)."""

from __future__ import annotations

import re
import weakref
from collections.abc import Iterator
from typing import IO

from django.http import HttpRequest

PIECE = 1 << 16  # bytes sent at once
ONE_RANGE = re.compile(r"bytes=[ \t]*(?P<first>[0-9]*)-(?P<last>[0-9]*)[ \t]*", re.IGNORECASE)
DIGITS = 18  # of a number in a range; no file is larger


class Pieces:
    """An iterator over at most ``left`` bytes of an open file, which it closes at the end, when the answer is
    closed, or when it is garbage-collected: an answer turned into a 304 is dropped unread.
    """

    def __init__(self, file: IO[bytes], left: int | None = None) -> None:
        self.file, self.left = file, left
        self.close = weakref.finalize(self, file.close)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        size = PIECE if self.left is None else min(PIECE, self.left)
        piece = b"" if self.file.closed else self.file.read(size)
        if not piece:
            self.close()
            raise StopIteration
        if self.left is not None:
            self.left -= len(piece)
        return piece


def asked_range(request: HttpRequest, size: int, etag: str) -> range | None:
    """Returns the requested byte range of a file of ``size``; None for the whole file, empty where it lies
    outside (416).

    The whole file also answers a request for no single range of bytes, and for a range of a file with another
    ``etag`` (If-Range): a download that broke off goes on only where the file is the same.
    """
    match = ONE_RANGE.fullmatch(request.headers.get("Range", "")) if request.method == "GET" else None
    if match is None or request.headers.get("If-Range", etag).strip() != etag:
        return None
    first, last = match["first"], match["last"]
    if not first and not last or max(len(first), len(last)) > DIGITS:
        return None
    if not first:
        return range(max(size - int(last), 0), size)
    if last and int(last) < int(first):
        return None
    return range(int(first), min(int(last) + 1, size) if last else size)
