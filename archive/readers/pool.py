"""Readers in child processes: a file that crashes one, or never ends, is refused, and nothing else happens.

A child inherits no secrets of the environment, is bound in memory, processor time and files by the kernel
and in time and output by its parent, is used again for the next file and replaced after some. Plain text is
read in place. Nothing here knows of Django.
"""

from __future__ import annotations

import atexit
import json
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import IO, Any, TypeVar, cast

from archive.text.formats import NAMES
from archive.text.parsed import Correction, ParsedDocument
from archive.text.reader import LARGEST_SOURCE

from . import ocr
from .child import DRAWN, PARSED
from .core import parsed_of
from .formats import CONVERTED, reader_of
from .office import as_word
from .sniff import format_of
from .source import NotReadableError, Source

SECONDS = 180.0  # by the clock, for one file
MOST_OUTPUT = 200_000_000  # bytes of an answer
MOST_FILES = 50  # that one child reads before it is replaced
MOST_IDLE = 2
LINGERS = 1.0  # seconds that a child has to end once its output is closed
LARGEST_FILE = 60_000_000
"""Bytes of a file that is not plain text; with its pictures a report has some ten million."""

_ROOT = Path(__file__).resolve().parents[2]
_KEPT = (
    *("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "VIRTUAL_ENV", "SYSTEMROOT", "TMPDIR", "HOME"),
    "TESSDATA_PREFIX",
)
_ALONE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # threads take address space, which is bound
_BROKEN_OFF = ("reader_failed", "too_large_inside", "pdf_scan")
_CHUNK = 1 << 16
T = TypeVar("T")
COMMAND = (
    sys.executable,
    "-c",
    f"import sys; sys.path.insert(0, {str(_ROOT)!r}); from archive.readers.child import main; main()",
)


def read_file(data: bytes, name: str) -> Source:
    """Read a stranger's file, whatever its format is; ``name`` is used in messages only.

    Raises NotReadableError with the code of the reason, or the core's UnreadableSourceError for plain text.
    """
    return POOL.read(data, name)


def draw_pages(data: bytes, pages: Sequence[tuple[int, int]]) -> list[bytes]:
    """Pictures (WebP) of ``pages`` of a stranger's PDF file: number from 1, degrees to turn it clockwise.

    Raises NotReadableError as ``read_file`` does.
    """
    return POOL.draw(data, pages)


def parse_read(read: Source, name: str, sidecar: str = "", held: Sequence[Correction] = ()) -> ParsedDocument:
    """What the core makes of a stranger's file, within the limits in which it was ``read``: with what its
    ``sidecar`` (TOML) says, and what people put right in the document before.

    Raises NotReadableError as ``read_file`` does, and the core's DocumentError.
    """
    head = {"format": PARSED, "name": name, "stated": sidecar, "held": [asdict(one) for one in held]}
    return parsed_of(POOL._asked(head, json.dumps(read.as_plain()).encode(), dict))


class Pool:
    """Children that wait for files. ``command`` starts one; ``seconds`` bounds the time for a file."""

    def __init__(
        self,
        command: tuple[str, ...] = COMMAND,
        *,
        seconds: float = SECONDS,
        most_output: int = MOST_OUTPUT,
        most_files: int = MOST_FILES,
    ) -> None:
        self._command, self._seconds = command, seconds
        self._most_output, self._most_files = most_output, most_files
        self._idle: list[_Child] = []
        self._lock = threading.Lock()
        self._owner = os.getpid()

    def read(self, data: bytes, name: str) -> Source:
        """As ``read_file``."""
        kind = format_of(data)
        if kind not in NAMES:
            raise NotReadableError(kind)
        most = LARGEST_SOURCE if kind == "text" else LARGEST_FILE
        if len(data) > most:
            raise NotReadableError("too_large", most=most)
        if kind == "text":
            return reader_of(kind)(data, name)
        if kind in CONVERTED:
            read = self.run("docx", as_word(data, kind))
            return replace(read, format=kind, notes=(*read.notes, "converted"))
        if kind == "pdf":
            return self._read_pdf(data)
        return self.run(kind, data)

    def _read_pdf(self, data: bytes) -> Source:
        """A PDF; where pages of it are pictures, read once more with their text recognized."""
        try:
            read = self.run("pdf", data)
        except NotReadableError as refused:
            if refused.code != "pdf_scan":
                raise
            _check_online(int(refused.values["pages"]))
            if (recognized := self._recognized(data, refused.values)) is None:
                raise
            return recognized
        for note in read.notes:
            name, _, pages = note.partition(":")
            if name == "pdf_pages_without_text":
                _check_online(pages.count(",") + 1)
                with suppress(NotReadableError):
                    return self._recognized(data, {"pages": read.pages}) or read
        return read

    def _recognized(self, data: bytes, values: Mapping[str, Any]) -> Source | None:
        """What is recognized on pages that are pictures; None where nothing does it, or they are many. Where
        an engine breaks off, the next one is asked."""
        engines = ocr.engines() if values["pages"] <= ocr.MOST_PAGES else ()
        more = int(values["pages"] * ocr.SECONDS)
        seconds = self._seconds + more
        if ocr.ONLINE.get() is not None:
            seconds = min(seconds, ocr.ONLINE_SECONDS)
        for engine in engines:
            head = {"format": "pdf", "engine": engine, "seconds": more}
            try:
                return self._asked(head, data, Source.of_plain, seconds)
            except NotReadableError as refused:
                if engine == engines[-1] or refused.code not in _BROKEN_OFF:
                    raise
        return None

    def run(self, kind: str, data: bytes) -> Source:
        """What the reader of ``kind`` makes of ``data``, in a child."""
        return self._asked({"format": kind}, data, Source.of_plain)

    def draw(self, data: bytes, pages: Sequence[tuple[int, int]]) -> list[bytes]:
        """As ``draw_pages``."""
        head = {"format": DRAWN, "pages": list(pages)}
        return self._asked(head, data, lambda answer: list(map(b64decode, answer["images"])))

    def _asked(
        self, head: dict[str, Any], data: bytes, made: Callable[[dict], T], seconds: float | None = None
    ) -> T:
        """What ``made`` makes of a child's answer, which may take ``seconds``."""
        child = self._take()
        try:
            answer = child.ask({**head, "size": len(data)}, data, seconds or self._seconds, self._most_output)
            refused = answer.get("refused")
            done = None if refused else made(answer)
        except NotReadableError:
            child.stop()
            raise
        except (ValueError, TypeError, AttributeError, KeyError) as error:  # no answer of a reader of ours
            child.stop()
            raise NotReadableError("reader_failed") from error
        except BaseException:
            child.stop()
            raise
        self._give_back(child)
        if done is None:
            raise NotReadableError(str(refused), **answer.get("values", {}))
        return done

    def close(self) -> None:
        """Stop the children that wait."""
        with self._lock:
            idle, self._idle = self._idle, []
        for child in idle:
            child.stop()

    def _take(self) -> _Child:
        with self._lock:
            if self._owner != os.getpid():  # a fork: these are another process's children
                self._idle, self._owner = [], os.getpid()
            if self._idle:
                return self._idle.pop()
        return _Child(self._command)

    def _give_back(self, child: _Child) -> None:
        with self._lock:
            if child.files < self._most_files and len(self._idle) < MOST_IDLE:
                self._idle.append(child)
                return
        child.stop()


def _check_online(pages: int) -> None:
    """Raises NotReadableError where so many pages cannot be recognized while somebody waits."""
    most = ocr.ONLINE.get()
    if most is not None and pages > most and ocr.engines():
        raise NotReadableError("pdf_scan_online", pages=pages, most=most)


class _Child:
    """One process. A request is a line of JSON and the bytes; so is an answer."""

    def __init__(self, command: tuple[str, ...]) -> None:
        self.files = 0
        environment = _ALONE | {name: os.environ[name] for name in _KEPT if name in os.environ}
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env=environment,
            start_new_session=True,
        )
        # As asked for above: both are pipes.
        self._stdin, self._stdout = (
            cast(IO[bytes], self._process.stdin),
            cast(IO[bytes], self._process.stdout),
        )
        os.set_blocking(self._stdin.fileno(), False)

    def ask(self, head: dict, data: bytes, seconds: float, most: int) -> dict:
        """Send a file and wait for the answer; raises NotReadableError where none comes."""
        self.files += 1
        request = memoryview(json.dumps(head).encode() + b"\n" + data)
        answer = bytearray()
        end = time.monotonic() + seconds
        size: int | None = None
        with selectors.DefaultSelector() as ready:
            ready.register(self._stdin, selectors.EVENT_WRITE)
            ready.register(self._stdout, selectors.EVENT_READ)
            while size is None or len(answer) < size:
                events = ready.select(max(end - time.monotonic(), 0))
                if not events:
                    raise NotReadableError("too_slow", seconds=round(seconds))
                for key, _ in events:
                    if key.fileobj is self._stdin:
                        request = self._send(request)
                        if not request:
                            ready.unregister(self._stdin)
                    elif not self._receive(answer):
                        raise self._ended()
                if size is None and b"\n" in answer[:64]:
                    size = int(answer[: answer.index(b"\n")])
                    del answer[: answer.index(b"\n") + 1]
                if len(answer) > most or (size or 0) > most:
                    raise NotReadableError("too_much_text")
        return json.loads(bytes(answer))

    def _send(self, request: memoryview) -> memoryview:
        try:
            return request[os.write(self._stdin.fileno(), request[:_CHUNK]) :]
        except BrokenPipeError:
            raise self._ended() from None

    def _receive(self, answer: bytearray) -> bool:
        chunk = os.read(self._stdout.fileno(), _CHUNK)
        answer += chunk
        return bool(chunk)

    def _ended(self) -> NotReadableError:
        try:
            code = self._process.wait(LINGERS)
        except subprocess.TimeoutExpired:  # it closed its output and goes on
            return NotReadableError("reader_failed")
        if -code in (signal.SIGXCPU, signal.SIGKILL):
            return NotReadableError("too_slow", seconds=0)
        return NotReadableError("reader_failed")

    def stop(self) -> None:
        """End the process, whatever it does, and those that it started."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()
        self._process.wait()
        for pipe in (self._stdin, self._stdout):
            pipe.close()


POOL = Pool()
atexit.register(POOL.close)
