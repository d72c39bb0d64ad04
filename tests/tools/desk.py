"""The desk through its own door: gunicorn with its reader beside it, a real client with session and token.

``python -m tests.tools.desk [--files N] [--megabytes N] [--kills N] [--small]`` sends what the page promises,
at each of its limits and beyond, lets two curators work at once, and kills the reader again and again. It
ends with 1 where something is lost, taken twice, or refused without a word.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from itertools import repeat
from pathlib import Path
from typing import BinaryIO

import httpx

from tests.hosts import web
from tests.hosts.web import QUIET, ROOT, free_port
from tests.tools.word_files import W, package, paragraph

DESK = "/admin/intake/"
PASSWORD = "of a curator of a minute"  # noqa: S105, of a site that lives a minute
PDF = b"%PDF-1.7\n"
READS_WITHIN = 120.0  # seconds in which a reader has started and done something
TO_DO = {"waiting", "accepted"}
HEAD = "----------------boundary"
ACCOUNTS = """
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
for name in ("one", "two", "reader"):
    user = get_user_model().objects.create_user(name, password={password!r}, is_staff=True)
    if name != "reader":
        user.groups.add(Group.objects.get(name="curator"))
"""


def words(number: int, size: int = 0, year: int = 2021) -> bytes:
    """A file of about ``size`` bytes, without a doubt."""
    lines = f"S/{year}/{number}", f"{year}年3月1日", f"关于不扩散的报告之{number}"
    body = "\n\n".join([*lines, f"1. 回顾第1540(2004)号决议，这是第{number}份文件的文字。\n"]).encode()
    return body + b"".join(repeat(b" " * 79 + b"\n", max(0, size - len(body)) // 80))


def illustrated(number: int, size: int) -> bytes:
    """A Word file of about ``size`` bytes, without a doubt: as in most files a picture makes them."""
    text = "".join(map(paragraph, filter(None, words(number).decode().split("\n"))))
    named = f"<w:document xmlns:w='{W}'><w:body>{text}</w:body></w:document>"
    return package({"word/document.xml": named, "word/media/a.png": random.Random(number).randbytes(size)})  # noqa: S311


class Filled(io.RawIOBase):
    """A file of ``size`` bytes that is in no memory: it begins with ``start``, and blanks follow."""

    def __init__(self, size: int, start: bytes = b"%PDF-1.7\n") -> None:
        self._size, self._start, self._at = size, start, 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        take = min(self._size - self._at, 1 << 16 if size < 0 else size)
        given = self._start[self._at : self._at + take]
        self._at += take
        return given.ljust(take)


File = tuple[str, bytes | tuple[int, bytes]]
"""A name, and the bytes, or how many there are and with what they begin."""


def body_of(
    files: Iterable[File], fields: Iterable[tuple[str, str]]
) -> Iterator[tuple[int, Callable[[], BinaryIO]]]:
    """The parts of a form, fields first as a browser sends this one: how long, and how each is opened."""
    for name, value in fields:
        part = f'--{HEAD}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        yield len(part), lambda part=part: io.BytesIO(part)
    for name, content in files:
        part = f'--{HEAD}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n'.encode()
        part += b"Content-Type: application/octet-stream\r\n\r\n"
        yield len(part), lambda part=part: io.BytesIO(part)
        if isinstance(content, bytes):
            yield len(content), lambda content=content: io.BytesIO(content)
        else:
            yield content[0], lambda content=content: Filled(*content)
        yield 2, lambda: io.BytesIO(b"\r\n")
    yield len(HEAD) + 6, lambda: io.BytesIO(f"--{HEAD}--\r\n".encode())


class Curator:
    """A browser of somebody who signed in; ``pages`` and ``clicks`` are what it took of a person."""

    def __init__(self, address: str, name: str = "one") -> None:
        """Signs in as ``name``; with none, stays a stranger."""
        self.browser = httpx.Client(base_url=address, timeout=600, follow_redirects=True)
        self.browser.headers["Connection"] = "close"
        self.pages = self.clicks = 0
        if name:
            self.post("/admin/login/", username=name, password=PASSWORD)

    def get(self, path: str) -> str:
        """The page at ``path``."""
        self.pages += 1
        return self.browser.get(path).text

    def post(self, form: str, path: str = "", **fields: str | list[str]) -> httpx.Response:
        """What is answered to a form at the page ``form``, sent to ``path``."""
        token = self.browser.cookies.get("csrftoken") or ""
        if not token:
            self.get(form)
            token = self.browser.cookies["csrftoken"]
        self.pages += 1
        self.clicks += 1
        return self.browser.post(path or form, data={"csrfmiddlewaretoken": token, **fields})

    def send(self, files: Iterable[File], name: str = "", *, token: str | None = None) -> httpx.Response:
        """What is answered to an upload; as a stream, so that nothing of it is in memory."""
        if token is None:
            token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.get(DESK))[1]
        parts = list(body_of(files, [("csrfmiddlewaretoken", token), ("name", name)]))

        def stream() -> Iterator[bytes]:
            for _size, opened in parts:
                part = opened()
                while chunk := part.read(1 << 16):
                    yield chunk

        head = {"Content-Type": f"multipart/form-data; boundary={HEAD}"}
        head["Content-Length"] = str(sum(size for size, _opened in parts))
        self.clicks += 2
        return self.browser.post(DESK, content=stream(), headers=head)

    def raw(self, path: str, length: int, body: bytes = b"") -> int:
        """The status of the answer to a head that announces ``length`` bytes, of which ``body`` comes and no
        more; 0 where none comes.
        """
        cookies = "; ".join(f"{name}={value}" for name, value in self.browser.cookies.items())
        head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookies}\r\nContent-Length: {length}\r\n"
        head += f"Content-Type: multipart/form-data; boundary={HEAD}\r\nConnection: close\r\n\r\n"
        address = self.browser.base_url
        with socket.create_connection((address.host, address.port or 80), timeout=30) as sent:
            sent.sendall(head.encode() + body)
            if body:
                sent.shutdown(socket.SHUT_WR)
            with suppress(OSError, IndexError):
                return int(sent.recv(1000).split(b" ")[1])
        return 0


class Site:
    """A site of two workers, with accounts of two curators and of one who is none."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.environment = os.environ | {
            "ARCHIVE_DATA_DIR": str(folder / "data"),
            "DEBUG": "1",
            "SEARCH_MEANING": "0",
        }
        for name in ("DJANGO_SETTINGS_MODULE", "DATABASE_URL", "SEARCH_ENGINE"):
            self.environment.pop(name, None)
        self.environment["TMPDIR"] = str(folder)
        self._reader: subprocess.Popen | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def manage(self, *command: str, told: str = "") -> None:
        """Runs a command. Raises CalledProcessError."""
        subprocess.run(
            [sys.executable, "manage.py", *command], cwd=ROOT, env=self.environment, check=True,
            input=told.encode(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def rows(self, query: str) -> list[tuple]:
        """What the database answers."""
        with (
            closing(sqlite3.connect(self.folder / "data" / "archive.sqlite3", timeout=60)) as database,
            database,
        ):
            return database.execute(query).fetchall()

    def states(self) -> dict[str, int]:
        """How many files are in which state."""
        return dict(self.rows("SELECT state, count(*) FROM archive_intakeitem GROUP BY state"))

    def read(self) -> None:
        """Lets a reader do all that waits, however often it is killed before."""
        self.manage("read_uploads", "--once")

    def read_until_killed(self, seconds: float) -> None:
        """Starts a reader and kills it ``seconds`` after it has done something, if there is something to do;
        then its time with what it held is over.

        What it held was tried once more, and is the first to be done by the next: no file is tried too often.
        """
        before, until = self.states(), time.monotonic() + READS_WITHIN
        program = [sys.executable, "manage.py", "read_uploads", "-v0"]
        reader = subprocess.Popen(program, cwd=ROOT, env=self.environment, start_new_session=True, **QUIET)
        while self.states() == before and before.keys() & TO_DO and time.monotonic() < until:
            time.sleep(0.05)
        time.sleep(seconds)
        with suppress(ProcessLookupError):
            os.killpg(reader.pid, signal.SIGKILL)
        reader.wait()
        self.rows("UPDATE archive_intakeitem SET lease_until = '2000-01-01 00:00:00' WHERE lease_until > ''")

    def temporary(self) -> int:
        """Bytes that uploads left in the folder of temporary files, which are taken away after the answer."""
        for _turn in range(100):
            left = [one for one in self.folder.glob("*.upload*") if one.exists()]
            if not left:
                return 0
            time.sleep(0.1)
        return sum(one.stat().st_size for one in left)


@contextmanager
def site(folder: Path, *commands: str, database: Path | None = None) -> Iterator[Site]:
    """A site that runs, once the ``commands`` have prepared it, or from a copy of a ``database``."""
    running = Site(folder)
    if database:
        (folder / "data").mkdir()
        shutil.copy(database, folder / "data" / "archive.sqlite3")
    for command in () if database else commands or ("migrate", "load_reference"):
        running.manage(command)
    running.manage("shell", told=ACCOUNTS.format(password=PASSWORD))
    with (folder / "log").open("wb") as log:
        told = {"env": running.environment, "stdout": log, "stderr": log}
        with web.running(web.gunicorn(running.port), running.port, **told):
            yield running


# What is tried. Each returns what went wrong, in words.

LIMITS: tuple[tuple[str, list[File], str], ...] = (
    ("500 files", [(f"{n}.txt", words(n)) for n in range(500)], ""),
    ("501 files", [(f"{n}.txt", words(n)) for n in range(501)], "最多500份"),
    ("a file of 60 MB", [("a.pdf", (60_000_000, PDF))], ""),
    ("200 MB", [(f"{n}.pdf", (50_000_000, PDF)) for n in range(4)], ""),
    ("more than 200 MB", [(f"{n}.pdf", (50_000_001, PDF)) for n in range(4)], "合计过大"),
)


def limits(site: Site) -> Iterator[str]:
    """At each limit that the page tells, and one beyond it."""
    curator = Curator(site.address)
    for name, files, refused in LIMITS:
        before = sum(site.states().values())
        page = curator.send(files, name)
        kept = sum(site.states().values()) - before
        if (kept, page.status_code) != (
            (0, 400) if refused else (len(files), 200)
        ) or refused not in page.text:
            yield f"{name}: {page.status_code}, {kept} kept"
    curator.send([("b.pdf", (60_000_001, PDF))], "one byte more than 60 MB")
    if "过大" not in site.rows("SELECT reason FROM archive_intakeitem ORDER BY id DESC LIMIT 1")[0][0]:
        yield "a file of 60,000,001 bytes is not refused by its name"
    if site.temporary():
        yield f"{site.temporary()} bytes are left in the folder of temporary files"
    site.rows("DELETE FROM archive_intakeitem")


def two_curators(site: Site, files: int, megabytes: int) -> Iterator[str]:
    """Two send half of the files each at once, and publish all at once, both of them."""
    curators = [Curator(site.address, name) for name in ("one", "two")]
    size = 1_000_000 * megabytes // max(1, files)
    half = [[(f"{n}.docx", illustrated(n, size)) for n in range(part, files, 2)] for part in (0, 1)]
    _at_once(lambda one, given: one.send(given, "both"), curators, half)
    if (held := sum(site.states().values())) != files:
        yield f"{held} of {files} files came in"


def kills(site: Site, times: int) -> Iterator[str]:
    """The reader is killed while it reads and while it publishes: nothing is lost or doubled."""
    total = sum(site.states().values())
    for turn in range(times):
        if turn == times // 2:
            site.read()
            yield from publish(site)
        site.read_until_killed(0.1 * (turn % 8))
        if sum(site.states().values()) != total:
            yield f"after kill {turn + 1}: {site.states()}"
    site.read()
    if site.states() != {"published": total}:
        yield f"in the end: {site.states()}"
    held = site.rows("SELECT count(*), count(DISTINCT symbol) FROM archive_document")[0]
    if held != (total, total):
        yield f"documents, and symbols of them: {held} of {total}"


def publish(site: Site) -> Iterator[str]:
    """Both curators publish all of both batches at once."""
    curators = [Curator(site.address, name) for name in ("one", "two")]
    for (batch,) in site.rows("SELECT DISTINCT batch_id FROM archive_intakeitem"):
        paths = [f"{DESK}{batch}/act"] * len(curators)
        answers = _at_once(
            lambda one, path: one.post(DESK, path, act="publish_all", confirmed="1"), curators, paths
        )
        if any(answer.status_code != 200 for answer in answers):
            yield f"publishing: {[answer.status_code for answer in answers]}"
    if set(site.states()) != {"accepted"}:
        yield f"not all are to be published: {site.states()}"


def _at_once(did: Callable, curators: Sequence[Curator], given: Sequence) -> list[httpx.Response]:
    with ThreadPoolExecutor(len(curators)) as pool:
        return list(pool.map(did, curators, given))


def main(arguments: list[str] | None = None, running: Site | None = None) -> int:
    """Tries all on a site of its own, or on one that is ``running``; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.tools.desk", description=__doc__)
    parser.add_argument("--files", type=int, default=200)
    parser.add_argument("--megabytes", type=int, default=100)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--small", action="store_true", help="without the limits of the page")
    given = parser.parse_args(arguments)
    if running is None:
        with tempfile.TemporaryDirectory(prefix="desk-") as folder, site(Path(folder)) as started:
            return _try_all(started, given)
    return _try_all(running, given)


def _try_all(running: Site, given: argparse.Namespace) -> int:
    wrong = []
    steps = {
        "limits": () if given.small else limits(running),
        "two curators": two_curators(running, given.files, given.megabytes),
        "kills": kills(running, given.kills),
    }
    for name, step in steps.items():
        began = time.monotonic()
        found = list(step)
        wrong += found
        print(f"{name}: {'; '.join(found) or 'all is well'} ({time.monotonic() - began:.0f} s)", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
