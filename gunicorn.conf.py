"""How gunicorn serves the archive when it is started in this folder. Options of the command come first.

Each worker has threads, so that one reader's long question does not keep others waiting. Who sends half a
request and waits, or reads an answer drop by drop, holds a thread; so all that is waited for has an end, and
where too many keep threads waiting, the one who has for longest gives way. Nothing is waited for in the loop
that gives requests to the threads.
"""

from __future__ import annotations

import atexit
import errno
import logging
import os
import re
import selectors
import shutil
import socket
import sys
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from gunicorn import util
from gunicorn.http import wsgi
from gunicorn.http.message import Request
from gunicorn.http.parser import RequestParser
from gunicorn.workers import gthread

from archive.http.log_filters import WITHOUT_ADDRESS
from archive.http.turns import computing

worker_class = "gthread"
threads = 32  # more than may wait for readers and large answers together: some are left for cheap pages
timeout = 60  # seconds in which a worker must show that it lives
graceful_timeout = 20
keepalive = 15  # seconds that an idle connection is kept; it holds no thread
limit_request_line = 0  # the parser below has its own
control_socket_disable = True
http_parser = "python"  # the one that is taught below
sendfile = False  # files are sent in pieces too, so that the answer below sees how fast they are taken

LONGEST_LINE = 65_536  # bytes; 4,000 Chinese characters, percent-encoded, have 36,000
HEAD_SECONDS, REQUEST_SECONDS, ANSWER_SECONDS = 10, 60, 20
SLOWEST = 4_000  # bytes a second at which a reader must take what is sent, after the first ANSWER_SECONDS
MOST_READING, MOST_SENDING = 8, 12  # threads that may wait for the rest of requests, and of answers
GIVE_WAY_SECONDS = 0.003
LINGER_SECONDS, LINGER_BYTES, MOST_LINGERING = 2, 65_536, 64  # after the last byte of an answer

# What stands before the archive is told to Django alone (BEHIND_PROXY, PROXIES): on the same machine gunicorn
# would take the scheme and the path of the site from headers that any client may write.
forwarder_headers = ""
secure_scheme_headers: dict[str, str] = {}
logging.getLogger("gunicorn.error").addFilter(WITHOUT_ADDRESS)

BEYOND_ASCII = re.compile(rb"[\x80-\xff]")

# Who has sent nothing yet waits without a thread.
gthread.DEFAULT_WORKER_DATA_TIMEOUT = 0.05


class Waiting:
    """The sockets that threads wait for, and since when; ``most`` at a time."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.lock = threading.Lock()
        self.began: dict[socket.socket, float] = {}

    def __len__(self) -> int:
        return len(self.began)

    def enter(self, sock: socket.socket, began: float) -> None:
        """Counts ``sock``; one too many closes the connection that has been waited for longest."""
        with self.lock:
            self.began[sock] = began
            if len(self.began) > self.most:
                oldest = min(self.began, key=self.began.__getitem__)
                del self.began[oldest]
                close(oldest)

    def leave(self, sock: socket.socket) -> None:
        with self.lock:
            self.began.pop(sock, None)


def close(sock: socket.socket) -> None:
    """Closes both ways, so that no answer to half a request is sent; who reads from it reads its end."""
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


reading, sending = Waiting(MOST_READING), Waiting(MOST_SENDING)


class TimedReading:
    """Reads a request from a socket, the head and the whole of it each until their time is over."""

    def __init__(self, sock: socket.socket, clock=time.monotonic) -> None:
        self.sock, self.clock = sock, clock
        self.began = clock()
        self.until = self.began + HEAD_SECONDS

    def head_is_read(self) -> None:
        self.until = self.began + REQUEST_SECONDS

    def read(self, size: int) -> bytes:
        """Up to ``size`` bytes; none where the other side, or its time, has ended."""
        reading.enter(self.sock, self.began)
        try:
            self.sock.settimeout(max(0.001, self.until - self.clock()))
            return self.sock.recv(size)
        except TimeoutError:
            close(self.sock)
            return b""
        finally:
            reading.leave(self.sock)
            with suppress(OSError):
                self.sock.settimeout(ANSWER_SECONDS)  # for each piece of the answer


class TolerantRequest(Request):
    """Takes an address with Chinese in it as it was typed, and a long one; waits for no request for ever.

    Browsers encode such letters; ``curl "…/search?q=核"`` and other tools do not, and gunicorn refuses them,
    as RFC 9112 asks of addresses, with a page of its own in English. They are encoded here as a browser does.
    """

    def parse(self, unreader) -> bytes:
        self.limit_request_line = LONGEST_LINE
        sock = getattr(unreader, "sock", None)
        if sock is None:
            return super().parse(unreader)
        timed = TimedReading(sock)
        unreader.chunk = lambda hint=None: timed.read(
            min(max(hint or 0, unreader.mxchunk), unreader.max_body_chunk)
        )
        rest = super().parse(unreader)
        timed.head_is_read()
        return rest

    def parse_request_line(self, line_bytes: bytes) -> None:
        super().parse_request_line(BEYOND_ASCII.sub(lambda byte: b"%%%02X" % ord(byte.group()), line_bytes))


RequestParser.mesg_class = TolerantRequest


class PacedResponse(wsgi.Response):
    """Ends an answer that its reader takes drop by drop: each drop would be in time, the whole never.

    Only the time counts that sending takes, not that in which the next piece is made. Where too many wait to
    send, the one whose piece has waited for longest gives way: never a reader on a slow line before one who
    takes nothing.
    """

    clock = staticmethod(time.monotonic)
    taken = 0
    seconds = 0.0

    def write(self, arg: bytes) -> None:
        began = self.clock()
        left = ANSWER_SECONDS + self.taken / SLOWEST - self.seconds
        self.sock.settimeout(max(0.001, min(ANSWER_SECONDS, left)))
        sending.enter(self.sock, began)
        try:
            super().write(arg)
        except TimeoutError as error:
            raise ConnectionResetError(errno.ECONNRESET, "its reader takes the answer too slowly") from error
        finally:
            sending.leave(self.sock)
        self.taken += len(arg)
        self.seconds += self.clock() - began


wsgi.Response = PacedResponse


class Lingering:
    """Closes connections as RFC 9112 asks (section 9.6), in a thread of its own.

    After the last byte of an answer the other side is told that no more comes, and what it still sends is
    read and dropped until it closes too. gunicorn waits for that in the loop that gives requests to threads:
    five readers who kept their sockets open stopped a worker for ten seconds.
    """

    def __init__(self, clock=time.monotonic) -> None:
        self.clock = clock
        self.lock = threading.Lock()
        self.selector: selectors.BaseSelector | None = None  # each worker makes its own
        self.thread: threading.Thread | None = None

    def take(self, sock: socket.socket) -> None:
        """Ends what is sent over ``sock`` and closes it later; where too many linger, the oldest now."""
        try:
            sock.shutdown(socket.SHUT_WR)
            sock.setblocking(False)
        except OSError:
            util.close(sock)
            return
        with self.lock:
            self.selector = self.selector or selectors.DefaultSelector()
            kept = self.selector.get_map()
            if sock in kept:
                return
            if len(kept) >= MOST_LINGERING:
                self._close(min(kept.values(), key=lambda key: key.data.until).fileobj)
            self.selector.register(sock, selectors.EVENT_READ, Linger(self.clock() + LINGER_SECONDS))
            if self.thread is None:
                self.thread = threading.Thread(target=self._run, name="lingering", daemon=True)
                self.thread.start()

    def step(self, seconds: float) -> bool:
        """Waits ``seconds`` at most for what is still sent and closes what has ended; False: none is left."""
        ready = {key.fd for key, _events in self.selector.select(seconds)}
        with self.lock:
            for key in list(self.selector.get_map().values()):
                if self.clock() >= key.data.until or (key.fd in ready and self._has_ended(key)):
                    self._close(key.fileobj)
            if not self.selector.get_map():
                self.thread = None
                return False
        return True

    def _run(self) -> None:
        while self.step(LINGER_SECONDS / 4):
            pass

    @staticmethod
    def _has_ended(key: selectors.SelectorKey) -> bool:
        try:
            received = len(key.fileobj.recv(4096))
        except BlockingIOError:
            return False
        except OSError:
            return True
        key.data.received += received
        return not received or key.data.received > LINGER_BYTES

    def _close(self, sock: socket.socket) -> None:
        self.selector.unregister(sock)
        util.close(sock)


@dataclass
class Linger:
    """Until when a connection is kept, and how many bytes have come since."""

    until: float
    received: int = 0


lingering = Lingering()


def end(connection: gthread.TConn, graceful: bool = False) -> None:
    """Closes a connection of the worker without waiting for it."""
    (lingering.take if graceful else util.close)(connection.sock)


util.close_graceful = lingering.take
gthread.TConn.close = end


def accept(worker: gthread.ThreadWorker, listener: socket.socket, take=gthread.ThreadWorker.accept) -> None:
    """Takes a connection; a worker in which something is computed for long lets the others take it first."""
    if computing.is_set():
        time.sleep(GIVE_WAY_SECONDS)
    take(worker, listener)


gthread.ThreadWorker.accept = accept

# What is refused before the archive sees it is refused in the archive's words, not in English.
REFUSALS = {
    403: "这个请求不允许",
    414: "地址太长，无法读取",
    417: "请求所期待的，本库不能满足",
    431: "请求的头部太长，无法读取",
    500: "本库出了故障",
    501: "请求所用的传送方式，本库不能读",
}
REFUSAL_PAGE = """<!doctype html>
<html lang="zh-Hans"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>{words} · 1540文献库</title></head>
<body><main><h1>{words}</h1><p>{advice}</p>
<ul><li><a href="/">首页</a></li><li><a href="/documents">所有文件</a></li>
<li><a href="/help">使用说明</a></li></ul></main></body></html>
"""


def write_refusal(sock: socket.socket, status: int, reason: str, _message: str) -> None:
    """Answers what is no readable request, in Chinese; nothing of what was sent is repeated."""
    words = REFUSALS.get(status, "这个请求无法理解")
    advice = "请稍后再试；链接不会失效。" if status >= 500 else "请检查地址，或从下面继续。"
    page = REFUSAL_PAGE.format(words=words, advice=advice).encode()
    head = (
        f"HTTP/1.1 {status} {reason}\r\nConnection: close\r\nContent-Type: text/html; charset=utf-8\r\n"
        f"Content-Length: {len(page)}\r\nX-Content-Type-Options: nosniff\r\n"
        "Content-Security-Policy: default-src 'none'\r\n\r\n"
    )
    util.write_nonblock(sock, head.encode("latin-1") + page)


util.write_error = write_refusal


def on_starting(_server) -> None:
    """Makes the folders in which the workers of this run count requests for /metrics, and take turns."""
    folder = Path(tempfile.mkdtemp(prefix="archive-run-"))
    for name, variable in (("metrics", "PROMETHEUS_MULTIPROC_DIR"), ("turns", "ARCHIVE_TURNS_DIR")):
        (folder / name).mkdir()
        os.environ[variable] = str(folder / name)
    master = os.getpid()
    atexit.register(lambda: os.getpid() == master and shutil.rmtree(folder, ignore_errors=True))


def child_exit(_server, worker) -> None:
    """Takes the requests of a worker that has ended out of those in progress; its counts stay."""
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(worker.pid)


def post_worker_init(_worker) -> None:
    """Lets a cheap page have its turn between the steps of a long question: after 1 ms, not 5."""
    sys.setswitchinterval(0.0002)
