"""How gunicorn serves the archive when it is started in this folder. Options of the command come first.

The archive is loaded once, by a server of one thread, and its workers share what was loaded. Each opens
database and index for itself, and imports onnxruntime for itself, which starts a thread and joins it at the
end of a process: forked without that thread, it waits for ever or aborts (SIGABRT).

Each worker has threads, so that one reader's long question does not keep others waiting. Who sends half a
request or takes an answer drop by drop is kept away by the proxy (docs/nginx.conf); a start without one says
so.
"""

from __future__ import annotations

import atexit
import ctypes
import logging
import os
import re
import resource
import shutil
import socket
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from gunicorn import util
from gunicorn.http.message import Request
from gunicorn.http.parser import RequestParser
from gunicorn.workers import gthread

from archive.site.http.cpu_semaphore import computing
from archive.site.http.middleware import WITHOUT_ADDRESS

preload_app = True
worker_class = "gthread"
threads = 32  # more than may wait for large answers together: some are left for cheap pages
timeout = 60  # seconds in which a worker must show that it lives
graceful_timeout = 20
keepalive = 15  # seconds that an idle connection is kept; it holds no thread
control_socket_disable = True
http_parser = "python"  # the one that is taught below
limit_request_line = 0  # the parser below has its own
LONGEST_LINE = 65_536  # bytes; 4,000 Chinese characters, percent-encoded, have 36,000
GIVE_WAY_SECONDS = 0.003
ARENA_MAX = -8  # M_ARENA_MAX of malloc.h

# What stands before the archive is told to Django alone (BEHIND_PROXY, PROXIES): on the same machine gunicorn
# would take the scheme and the path of the site from headers that any client may write.
forwarder_headers = ""
secure_scheme_headers: dict[str, str] = {}
logging.getLogger("gunicorn.error").addFilter(WITHOUT_ADDRESS)

BEYOND_ASCII = re.compile(rb"[\x80-\xff]")


class TolerantRequest(Request):
    """Takes an address with Chinese in it as it was typed, and a long one.

    Browsers encode such letters; ``curl "…/search?q=核"`` and other tools do not, and gunicorn refuses them,
    as RFC 9112 asks of addresses, with a page of its own in English. They are encoded here as a browser does.
    """

    def parse(self, unreader) -> bytes:
        self.limit_request_line = LONGEST_LINE
        return super().parse(unreader)

    def parse_request_line(self, line_bytes: bytes) -> None:
        super().parse_request_line(BEYOND_ASCII.sub(lambda byte: b"%%%02X" % ord(byte.group()), line_bytes))


RequestParser.mesg_class = TolerantRequest


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


def _make_folders() -> None:
    """Makes the folders in which the workers of this run count requests for /metrics, and take turns: before
    the archive is loaded, which counts there, and once, though this file is read anew at each reload.
    """
    mine = f"archive-run-{os.getpid()}-"
    if Path(os.environ.get("ARCHIVE_TURNS_DIR", "")).parent.name.startswith(mine):
        return
    folder = Path(tempfile.mkdtemp(prefix=mine))
    for name, variable in (("metrics", "PROMETHEUS_MULTIPROC_DIR"), ("turns", "ARCHIVE_TURNS_DIR")):
        (folder / name).mkdir()
        os.environ[variable] = str(folder / name)
    atexit.register(lambda: f"-{os.getpid()}-" in folder.name and shutil.rmtree(folder, ignore_errors=True))


_make_folders()
# Five hundred files that come at once are as many open files; most systems give 1024 where nobody asks.
soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 1 << 16)), hard))
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy's: workers are several as it is
with suppress(OSError, AttributeError):  # glibc keeps what threads gave back, each thread for itself
    ctypes.CDLL(None).mallopt(ARENA_MAX, 1)


def on_starting(server) -> None:
    """Says what a start without a proxy lacks."""
    if os.environ.get("BEHIND_PROXY", "0") in ("", "0"):
        server.log.warning(
            "没有代理（BEHIND_PROXY未设）：没有TLS；只发一半的请求、读得很慢的读者会占住线程。"
            "本机试用无妨；对外服务请照docs/nginx.conf在前面放nginx。"
        )


def pre_fork(_server, _worker) -> None:
    """Closes the database, which no two processes may ask through one connection."""
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        connection.close()
        if hasattr(connection, "close_pool"):  # PostgreSQL; with its threads
            connection.close_pool()


def child_exit(_server, worker) -> None:
    """Takes the requests of a worker that has ended out of those in progress; its counts stay."""
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(worker.pid)


def post_worker_init(_worker) -> None:
    """Opens what a worker has for itself, before its first request. A cheap page has its turn between the
    steps of a long question: after 1 ms, not 5.
    """
    from search.warm_up import open_for_requests

    open_for_requests()
    sys.setswitchinterval(0.0002)
