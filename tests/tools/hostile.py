"""The site under attack: nginx with docs/nginx.conf before two workers, and a reader who wants cheap pages.

``python -m tests.tools.hostile [--seconds N] [--sockets N] [--bare]`` lets each attack run once from one
address and once from as many as it has sockets, and prints what the reader waited beside it, as ratios of
what he waited in peace. ``--bare`` leaves the proxy out. It ends with 1 where a page failed or the bar is
missed.
"""

from __future__ import annotations

import argparse
import http.client
import json
import math
import os
import shutil
import socket
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from urllib.parse import quote

from tests.hosts.web import ROOT, free_port, gunicorn, running
from tests.hosts.web import command as manage
from tests.tools.word_files import word

PAGES = ("/S/2010/52/p/annex.14", "/search?q=" + quote("出口管制"))
READER = "127.0.0.9"
PAUSE, PATIENCE = 0.05, 15  # seconds between two pages, and until the reader gives up
SLOWER = 5.0  # p99 under attack, at most, in times of that in peace
MOST_KEPT = 50  # megabytes of bodies whose senders nobody knows
HEAD = "GET {path} HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Proto: https\r\n"


def bomb() -> bytes:
    """A form with a Word file of millions of empty paragraphs."""
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.docx"\r\n\r\n'
    return head + word("<w:p/>" * 4_800_000) + b"\r\n--x--\r\n"


def near_misses(text: str) -> bytes:
    """Quotations of 24 characters, each with one that is wrong, 200,000 characters in all."""
    words = "".join(text.split()).translate(str.maketrans("", "", "“”"))
    pieces = (words[at % (len(words) - 24) :][:24] for at in count(0, 17))
    draft = (f"“{piece[:12]}龘{piece[13:]}”" for piece, _number in zip(pieces, range(7600), strict=False))
    return json.dumps({"text": "".join(draft)}).encode()


@dataclass
class Attacker:
    """Attacks what listens at ``port`` until ``end``; counts how each thing that it did was answered."""

    port: int
    sockets: int
    spread: bool  # each socket from an address of its own
    end: float = 0.0
    answers: Counter = field(default_factory=Counter)

    def source(self, number: int) -> str:
        return f"127.1.{number // 250}.{number % 250 + 1}" if self.spread else "127.1.0.1"

    def connect(self, number: int) -> socket.socket:
        one = socket.socket()
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        one.settimeout(2)
        one.bind((self.source(number), 0))
        one.connect(("127.0.0.1", self.port))
        return one

    def hold(self, beginning: str, drop: int = 0, body: int = 0) -> None:
        """Keeps sockets open that sent ``beginning`` and ``body`` bytes, then a byte in five seconds, taking
        ``drop`` bytes a turn; replaces closed ones.
        """
        held: dict[int, socket.socket] = {}
        for turn in count(1):
            if time.monotonic() > self.end:
                break
            for number in set(range(self.sockets)) - held.keys():
                with suppress(OSError):
                    held[number] = self.connect(number)
                    held[number].sendall(beginning.encode() + bytes(body))
            if body:
                self.answers["MB kept"] = max(self.answers["MB kept"], kept())
                for one in held.values() if turn % 10 == 0 else ():
                    with suppress(OSError):
                        one.send(b"x")
            self.answers["opened"] = max(self.answers["opened"], len(held))
            time.sleep(0.5)
            for number, one in list(held.items()):
                one.setblocking(False)
                try:
                    gone = not one.recv(max(drop, 1), 0 if drop else socket.MSG_PEEK)
                except BlockingIOError:
                    gone = False
                except OSError:
                    gone = True
                if gone:
                    self.answers["closed"] += 1
                    held.pop(number).close()
        for one in held.values():
            one.close()

    def ask(self, method: str, path: str, body: bytes = b"", content: str = "") -> None:
        """Asks again and again over eight threads."""

        def go(number: int) -> None:
            for turn in count(number, 8):
                if time.monotonic() > self.end:
                    return
                source = (self.source(turn % self.sockets), 0)
                connection = http.client.HTTPConnection("127.0.0.1", self.port, 60, source)
                try:
                    headers = {"Content-Type": content, "X-Forwarded-Proto": "https"}
                    connection.request(method, path, body or None, headers)
                    response = connection.getresponse()
                    response.read(100_000)
                    self.answers[str(response.status)] += 1
                except (OSError, http.client.HTTPException) as error:
                    self.answers[type(error).__name__] += 1
                finally:
                    connection.close()
                time.sleep(PAUSE)  # it shares the machine, and its own work is not what is measured

        threads = [threading.Thread(target=go, args=(number,)) for number in range(8)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()


def kept() -> int:
    """Returns megabytes of half bodies that the proxy keeps."""
    folders = (Path("/dev/shm/archive-bodies"), Path("/var/tmp/archive-uploads"))  # noqa: S108, docs/nginx.conf
    return sum(one.stat().st_size for of in folders for one in of.glob("**/*") if one.is_file()) >> 20


Attack = Callable[[Attacker], None]


def attacks(port: int) -> dict[str, Attack]:
    """What is tried, by name."""
    large = HEAD.format(
        path=next(one for one in _json(port, "/data.json")["files"].values() if "sqlite" in one)
    )
    body = "POST /check.json HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000\r\n\r\nx"
    packed, missed = bomb(), near_misses(_get(port, "/S/2010/52.txt").decode())
    form = "multipart/form-data; boundary=x"
    head = "POST /admin/intake/ HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Proto: https\r\n"
    head += f"Content-Type: {form}\r\nContent-Length: 200000000\r\n{{}}\r\n"
    forged = head.format("Cookie: __Host-sessionid=x\r\n")
    return {
        "silent sockets": lambda on: on.hold(""),
        "half heads": lambda on: on.hold(HEAD.format(path="/S/2010/52")),
        "half bodies": lambda on: on.hold(body),
        "uploads": lambda on: on.hold(head.format(""), body=30_000_000),
        "uploads with a forged cookie": lambda on: on.hold(forged, body=30_000_000),
        "slow readers": lambda on: on.hold(large + "\r\n", drop=64),
        "bombs": lambda on: on.ask("POST", "/check.json", packed, form),
        "near misses": lambda on: on.ask("POST", "/check.json", missed, "application/json"),
        "comparisons": lambda on: on.ask("GET", "/compare?a=S/2010/52&b=S/AC.44/SR.74"),
        "exports": lambda on: on.ask("GET", f"/search.csv?q={quote('的')}"),
    }


def _get(port: int, path: str, source: str = READER) -> bytes:
    """The answer to ``path``. Raises OSError where it is none."""
    connection = http.client.HTTPConnection("127.0.0.1", port, PATIENCE, (source, 0))
    try:
        connection.request("GET", path, headers={"X-Forwarded-Proto": "https"})
        response = connection.getresponse()
        if response.status != 200:
            raise OSError(f"{path}: {response.status}")
        return response.read()
    finally:
        connection.close()


def _json(port: int, path: str) -> dict:
    return json.loads(_get(port, path))


def read(port: int, seconds: float) -> tuple[list[float], Counter]:
    """What one reader waited for pages, in seconds, and what failed."""
    times, failed, end = [], Counter(), time.monotonic() + seconds
    while time.monotonic() < end:
        for page in PAGES:
            began = time.monotonic()
            try:
                _get(port, page)
            except (OSError, http.client.HTTPException) as error:
                failed[str(error) or type(error).__name__] += 1
            times.append(time.monotonic() - began)
            time.sleep(PAUSE)
    return times, failed


def p99(times: list[float]) -> float:
    """The time that 99 of 100 are answered in; of fewer than 100 the longest."""
    return sorted(times)[math.ceil(0.99 * len(times)) - 1]


@contextmanager
def site(folder: Path, options: list[str]) -> Iterator[int]:
    """Two workers with the bundled documents and the limits of production; yields their port."""
    environment = os.environ | {
        "ARCHIVE_DATA_DIR": str(folder / "data"),
        "DEBUG": "0",
        "SECRET_KEY": "under attack",
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "BEHIND_PROXY": "1",
        "PROXIES": "1",
    }
    for command in ("prepare", "export_dump"):
        manage(environment, command)
    port = free_port()
    with running(gunicorn(port, *options), port, env=environment):
        yield port


@contextmanager
def proxy(folder: Path, site_port: int) -> Iterator[int]:
    """nginx with docs/nginx.conf, without TLS; yields its port. Raises FileNotFoundError without nginx."""
    program = shutil.which("nginx")
    if not program:
        raise FileNotFoundError("nginx is not installed (on Debian: apt-get install nginx-light)")
    port = free_port()
    shipped = (ROOT / "docs" / "nginx.conf").read_text("utf-8")
    lines = [
        line.replace("listen 443 ssl", f"listen 127.0.0.1:{port}").replace(
            "archive:8000", f"127.0.0.1:{site_port}"
        )
        for line in shipped.splitlines()
        if not line.strip().startswith(("ssl_", "listen 80", "listen [::]"))
    ]
    own = "\n".join(lines).replace("$scheme", "https")
    own = own.replace("return 308", f"listen 127.0.0.1:{free_port()}; return 308")
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{user}\npid {folder}/nginx.pid;\ndaemon off;\n"
        f"events {{ worker_connections 4096; }}\nhttp {{\n{own}\n}}\n"
    )
    options = ["-c", str(folder / "nginx.conf"), "-p", str(folder), "-e", str(folder / "error.log")]
    with running([program, *options], port):
        yield port


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.tools.hostile", description=__doc__)
    parser.add_argument("--seconds", type=float, default=15, help="of each attack")
    parser.add_argument("--sockets", type=int, default=300)
    parser.add_argument("--bare", action="store_true", help="without the proxy")
    parser.add_argument("--only", default="", help="the attack of this name alone")
    parser.add_argument("--config", default="", help="another configuration of gunicorn")
    given = parser.parse_args(arguments)
    missed = 0
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hostile-")))
        behind = stack.enter_context(site(folder, ["--config", given.config] if given.config else []))
        port = behind if given.bare else stack.enter_context(proxy(folder, behind))
        read(port, min(3, given.seconds))  # until both workers have made the pages once
        peace, failed = read(port, given.seconds)
        print(f"in peace: {len(peace)} pages, p99 {1000 * p99(peace):.0f} ms, failed {dict(failed) or 0}")
        for name, attack in attacks(port).items():
            for spread in (False, True):
                if given.only not in ("", name):
                    continue
                on = Attacker(port, given.sockets, spread, time.monotonic() + given.seconds + 1)
                attacking = threading.Thread(target=attack, args=(on,))
                attacking.start()
                time.sleep(1)
                times, failed = read(port, given.seconds)
                attacking.join()
                ratio = p99(times) / p99(peace)
                missed += bool(failed) or ratio > SLOWER or on.answers["MB kept"] > MOST_KEPT
                print(
                    f"{name}, {given.sockets if spread else 1} addresses: {len(times)} pages, "
                    f"p99 {ratio:.1f} times, {dict(failed) or 0}; the attacker: {dict(on.answers)}",
                    flush=True,
                )
    told = f"p99 at most {SLOWER:g} times that in peace, {MOST_KEPT} MB of strangers kept"
    print(f"bar: no page fails, {told}: missed {missed} times")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
