"""An attacker from a few addresses: bombs, near misses, exports, half-open sockets, readers of drops.

``python -m tests.benchmarks.pressure_attack PORT`` says when it is ready; then it attacks for as many seconds
as each line of its input says, and prints how each kind of request was answered.
"""

from __future__ import annotations

import http.client
import io
import json
import socket
import sys
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from urllib.parse import quote

HOST, ADDRESSES = "127.0.0.1", 5
PAUSE = 0.05  # seconds; the attacker shares the machine, and its own work is not what is measured
HALF_OPEN = 40
SLOW_READERS, DROP = 24, 64  # sockets, and the bytes that each takes in a second
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TYPES = "http://schemas.openxmlformats.org"
RELATION = (
    f'<Relationships xmlns="{TYPES}/package/2006/relationships"><Relationship Id="r" '
    f'Type="{TYPES}/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>'
    "</Relationships>"
)


def bomb(body: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("_rels/.rels", RELATION)
        packed.writestr("word/document.xml", f"<w:document {WORD}><w:body>{body}</w:body></w:document>")
    return (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.docx"\r\n\r\n'
        + file.getvalue()
        + b"\r\n--x--\r\n"
    )


def near_misses(text: str) -> bytes:
    """Quotations of 24 characters, each with one that is wrong, 200,000 characters in all."""
    words = "".join(text.split()).replace("“", "").replace("”", "")
    pieces = (words[at % (len(words) - 24) :][:24] for at in count(0, 17))
    draft = "".join(
        f"“{piece[:12]}龘{piece[13:]}”" for piece, _number in zip(pieces, range(7600), strict=False)
    )
    return json.dumps({"text": draft}).encode()


class Attack:
    """All kinds of requests of one attacker; made once, since bombs take a while to make."""

    def __init__(self, port: int) -> None:
        self.port, self.end = port, 0.0
        self.answers: Counter[str] = Counter()
        self.large = _database(port)
        text = _text_of(port)
        form, json_type = "multipart/form-data; boundary=x", "application/json"
        self.kinds = (
            self.requests("bomb", "POST", "/check.json", bomb("<w:p/>" * 4_800_000), form),
            self.requests("nested bomb", "POST", "/check.json", bomb("<w:p><w:ins>" * 400_000), form),
            self.requests("near misses", "POST", "/check.json", near_misses(text), json_type),
            self.requests(
                "one word", "POST", "/check", json.dumps({"text": "“的”" * 66_666}).encode(), json_type
            ),
            self.requests("export", "GET", f"/search.csv?q={quote('的')}"),
            self.requests("whole", "GET", f"/search/whole.json?q={quote('的')}"),
            self.requests("compare", "GET", "/compare?a=S/2010/52&b=S/AC.44/SR.74"),
            self.half_open,
            self.slow_readers,
        )

    def requests(self, kind: str, method: str, path: str, body: bytes = b"", content: str = "") -> Callable:
        """Asks again and again, whatever is answered; goes away in the middle of long answers."""

        def go() -> None:
            for number in count():
                if time.monotonic() > self.end:
                    return
                headers = {"X-Forwarded-For": f"203.0.113.{number % ADDRESSES}", "Content-Type": content}
                connection = http.client.HTTPConnection(HOST, self.port, timeout=60)
                try:
                    connection.request(method, path, body or None, headers)
                    response = connection.getresponse()
                    response.read(100_000)
                    self.answers[f"{kind} {response.status}"] += 1
                except (OSError, http.client.HTTPException) as error:
                    self.answers[f"{kind} {type(error).__name__}"] += 1
                finally:
                    connection.close()
                time.sleep(PAUSE)

        return go

    def half_open(self) -> None:
        """Keeps sockets open that sent half a head or half a body, and opens them again."""
        beginnings = (
            b"",
            b"GET /S/2010/52 HTTP/1.1\r\nHost: localhost\r\n",
            b"POST /check.json HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000\r\n\r\nx",
        )
        while time.monotonic() < self.end:
            sockets = []
            for number in range(HALF_OPEN):
                with suppress(OSError):
                    sockets.append(socket.create_connection((HOST, self.port), 5))
                    sockets[-1].sendall(beginnings[number % len(beginnings)])
            time.sleep(min(3, max(0.0, self.end - time.monotonic())))
            for one in sockets:
                one.close()
            self.answers["half-open sockets"] += len(sockets)

    def slow_readers(self) -> None:
        """Asks for a large file over sockets and takes it drop by drop; asks anew where one is closed."""
        sockets: list[socket.socket] = []
        while time.monotonic() < self.end:
            while len(sockets) < SLOW_READERS:
                one = socket.socket()
                one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
                one.settimeout(2)
                sockets.append(one)
                with suppress(OSError):
                    one.connect((HOST, self.port))
                    one.sendall(f"GET {self.large} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            time.sleep(1)
            for one in list(sockets):
                try:
                    taken = len(one.recv(DROP))
                except OSError:
                    taken = 0
                if not taken:
                    sockets.remove(one)
                    one.close()
                self.answers["slow reader, " + ("drops" if taken else "closed")] += 1
        for one in sockets:
            one.close()

    def run(self, seconds: float) -> Counter[str]:
        """Attacks for ``seconds``; returns the answers of this time."""
        self.answers, self.end = Counter(), time.monotonic() + seconds
        threads = [threading.Thread(target=one) for one in self.kinds]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        return self.answers


def _database(port: int) -> str:
    """The address of the whole archive as a database, the largest of the downloads."""
    connection = http.client.HTTPConnection(HOST, port, timeout=60)
    connection.request("GET", "/data.json")
    files = json.loads(connection.getresponse().read())["files"]
    return next(address for name, address in files.items() if name.endswith(".sqlite3"))


def _text_of(port: int) -> str:
    connection = http.client.HTTPConnection(HOST, port, timeout=60)
    connection.request("GET", "/S/2010/52.txt")
    return connection.getresponse().read().decode()


if __name__ == "__main__":
    attack = Attack(int(sys.argv[1]))
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(attack.run(float(line)), ensure_ascii=False), flush=True)
