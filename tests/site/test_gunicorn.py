"""The application server: what it is told in its configuration, which addresses it takes, and its workers."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext, suppress
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote
from urllib.request import Request as Asked
from urllib.request import urlopen

import pytest
from gunicorn import util
from gunicorn.app.wsgiapp import WSGIApplication
from gunicorn.http.errors import InvalidHTTPVersion, InvalidRequestLine, LimitRequestLine
from gunicorn.http.message import Request
from gunicorn.http.parser import RequestParser
from gunicorn.workers import gthread

from archive.site.http import rate_limits
from archive.site.http.cpu_semaphore import CpuSemaphore
from archive.site.http.parameters import LONGEST_QUERY
from archive.wsgi import LARGEST_BODY, WholeBodies
from tests.hosts.web import ROOT, command, environment, free_port, gunicorn
from tests.tables import each_row, rows_from

CONFIGURATION = Path(__file__).resolve().parents[2] / "gunicorn.conf.py"


@pytest.fixture(scope="module")
def config():
    """The configuration as gunicorn reads it, without starting it."""
    application = WSGIApplication.__new__(WSGIApplication)
    application.usage, application.prog = None, "gunicorn"
    application.load_default_config()
    refusal, accept = util.write_error, gthread.ThreadWorker.accept
    with pytest.MonkeyPatch.context() as patched:
        for variable in ("PROMETHEUS_MULTIPROC_DIR", "ARCHIVE_TURNS_DIR", "OPENBLAS_NUM_THREADS"):
            patched.setenv(variable, "")
        application.load_config_from_file(str(CONFIGURATION))
    yield application.cfg
    RequestParser.mesg_class, util.write_error, gthread.ThreadWorker.accept = Request, refusal, accept


def target(config, line: bytes) -> str:
    """What is asked for, as the archive gets it."""
    read = next(
        RequestParser(config, iter([line + b" HTTP/1.1\r\nHost: archive.example\r\n\r\n"]), ("::1", 1))
    )
    return read.path + (f"?{read.query}" if read.query else "")


@each_row("TARGETS")
def test_an_address_is_taken_as_it_is_typed(config, line, expected, remark):
    assert target(config, line.encode()) == expected, remark


REFUSED = [b"GET /search?q=a b", b"GET /search?q=a\x00b", b"GET /search?q=a\x7f", b"GET  /"]


@pytest.mark.parametrize("line", REFUSED)
def test_what_no_address_may_hold_is_still_refused(config, line):
    with pytest.raises((InvalidRequestLine, InvalidHTTPVersion)):
        target(config, line)


def test_bytes_of_another_encoding_reach_the_archive_which_explains_them(config):
    assert target(config, "GET /search?q=核".encode("gb18030")) == "/search?q=%BA%CB"


def test_a_query_as_long_as_the_archive_reads_is_let_through(config):
    line = b"GET /search?q=" + b"%E6%A0%B8" * LONGEST_QUERY
    assert target(config, line).count("%E6") == LONGEST_QUERY
    assert config.control_socket_disable


def test_an_address_without_end_is_not_read_to_its_end(config, taught):
    with pytest.raises(LimitRequestLine):
        target(config, b"GET /" + b"x" * taught["LONGEST_LINE"])


@each_row("REFUSALS")
def test_what_is_refused_below_the_archive_is_refused_in_chinese(config, status, reason, words):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        util.write_error(ours, status, reason, "Invalid Request Line '<script>'")
        head, page = theirs.recv(10_000).split(b"\r\n\r\n", 1)
    assert head.startswith(f"HTTP/1.1 {status} {reason}".encode())
    assert f"Content-Length: {len(page)}".encode() in head
    assert words in page.decode() and 'lang="zh-Hans"' in page.decode()
    assert b"script" not in page and b"Invalid" not in page


@pytest.fixture
def taught(config):
    """What the configuration defines, by name."""
    return RequestParser.mesg_class.parse.__globals__


def test_workers_have_threads_that_large_answers_leave_free(config):
    assert config.worker_class_str == "gthread"
    assert config.threads >= rate_limits.OPEN_AT_ONCE + 8


@pytest.mark.parametrize(("behind", "warned"), [("", 1), ("0", 1), ("1", 0)])
def test_a_start_without_a_proxy_says_what_it_lacks(taught, monkeypatch, behind, warned):
    told: list[str] = []
    monkeypatch.setenv("BEHIND_PROXY", behind)
    taught["on_starting"](SimpleNamespace(log=SimpleNamespace(warning=told.append)))
    assert len(told) == warned and all("docs/nginx.conf" in words for words in told)


# --- which worker takes a connection ---


@pytest.mark.parametrize(("computes", "waits"), [(False, 0), (True, 1)])
def test_a_worker_that_computes_for_long_lets_the_others_take_a_connection_first(
    taught, monkeypatch, computes, waits
):
    did = []
    monkeypatch.setitem(taught, "time", SimpleNamespace(sleep=lambda _seconds: did.append("waited")))
    with CpuSemaphore(1) if computes else nullcontext():
        taught["accept"]("worker", "listener", lambda *given: did.append(given))
    assert did == ["waited"] * waits + [("worker", "listener")]


# --- The entry point of the application server: bodies are read before anything is done for them ---

BODIES = [
    # what Content-Length says, what comes, whether the archive is asked, what it can read
    ("4", b"body", True, b"body"),
    ("9", b"body", False, None),  # the half of a draft
    ("2", b"body", True, b"bo"),
    ("", b"", True, b""),
    ("0", b"", True, b""),
    ("x", b"", True, b""),
    (str(LARGEST_BODY + 1), b"body", True, b""),  # nobody gets to read it: refused by its size
]


@pytest.mark.parametrize(("size", "sent", "asked", "read"), BODIES)
def test_a_body_is_there_whole_or_nothing_is_asked(size, sent, asked, read):
    got, statuses = [], []
    site = WholeBodies(lambda environ, start: got.append(environ["wsgi.input"].read()) or [b"answer"])
    answer = site(
        {"CONTENT_LENGTH": size, "wsgi.input": BytesIO(sent)}, lambda status, headers: statuses.append(status)
    )
    assert (list(answer) == [b"answer"], bool(got)) == (asked, asked)
    assert got == ([read] if asked else [])
    assert statuses == ([] if asked else ["400 Bad Request"])


# --- A server with its workers ---

MOST_PRIVATE = 0.75  # of what the server holds itself: what a worker has for itself
ASKED = rows_from(__name__, "ASKED")
ADD = """
from archive.models import ThesaurusConcept
ThesaurusConcept.objects.create(slug="new-TERM", name="TERM叶片", branch="运载工具", variants=["试验文件"])
"""


# Nobody is killed because the machine is busy: by default a worker must show each minute that it lives.
PATIENT = ("--timeout", "0", "--graceful-timeout", "86400", "--log-level", "info")


class Server:
    """gunicorn as ``make run`` starts it, on the data of ``site``; it takes what time it needs."""

    def __init__(self, site: dict[str, str], log: Path, *options: str, program: Path = ROOT) -> None:
        port = free_port()
        self.log, self.address = log, f"127.0.0.1:{port}"
        started = gunicorn(port, *PATIENT, *options)
        with log.open("wb") as told:
            self.process = subprocess.Popen(started, cwd=program, env=site, stdout=told, stderr=told)
        self.until(lambda: self.answers("/healthz"))

    def answers(self, path: str) -> bytes:
        with suppress(ConnectionError, OSError):
            asked = Asked(f"http://{self.address}{path}", headers={"Authorization": "Bearer told"})
            with urlopen(asked) as answer:
                return answer.read()
        return b""

    def counted(self) -> float:
        rows = re.findall(rb"^archive_answers_total\{.*\} (\S+)$", self.answers("/metrics"), re.MULTILINE)
        return sum(map(float, rows))

    def workers(self) -> set[int]:
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text("ascii")
        return set(map(int, listed.split()))

    def replaced(self, before: set[int]) -> bool:
        now = self.workers()
        return len(now) == 2 and not now & before

    def until(self, holds: Callable[[], object]) -> None:
        """Waits for what the server will do, while it lives."""
        while not holds():
            assert self.process.poll() is None, self.log.read_text("utf-8")
            time.sleep(0.05)


def kilobytes(process: int, *kinds: str) -> int:
    rows = Path(f"/proc/{process}/smaps_rollup").read_text("ascii").splitlines()[1:]
    return sum(int(row.split()[1]) for row in rows if row.startswith(kinds))


@pytest.fixture(scope="module")
def held(tmp_path_factory, ready_database) -> dict[str, str]:
    """The settings of a site that holds one document."""
    folder = tmp_path_factory.mktemp("served")
    site = environment(folder, "one", f"sqlite:///{folder}/archive.sqlite3", {"SEARCH_MEANING": "1"})
    site |= {"DJANGO_SETTINGS_MODULE": "archive.settings", "DEBUG": "1", "METRICS_TOKEN": "told"}
    (folder / "1.txt").write_text("S/2032/1\n\n1. 这是试验文件的第一段，回顾第1540(2004)号决议。\n", "utf-8")
    shutil.copy(ready_database, folder / "archive.sqlite3")
    command(site, "import_documents", str(folder / "1.txt"))
    return site


@pytest.fixture(params=[(), pytest.param(("--preload",), marks=pytest.mark.long)])
def server(request, held, tmp_path) -> Iterator[Server]:
    running = Server(held, tmp_path / "log", *request.param)
    yield running
    running.process.terminate()
    assert running.process.wait() == 0
    assert "was sent SIG" not in running.log.read_text("utf-8")  # no worker ended by a signal


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="needs /proc of Linux")
def test_workers_share_what_is_loaded_and_nothing_that_is_open(server, held):
    before = server.counted()
    for path in ASKED * 6:
        assert server.answers(quote(path, safe="/?=&."))
    assert server.counted() - before == 6 * len(ASKED) + 1

    master = server.process.pid
    assert len([*Path(f"/proc/{master}/task").iterdir()]) == 1  # no thread that a worker would lack
    links = [str(opened.readlink()) for opened in Path(f"/proc/{master}/fd").iterdir()]
    assert not [link for link in links if "sqlite3" in link or "/index/" in link]
    for worker in server.workers():
        assert kilobytes(worker, "Private") < MOST_PRIVATE * kilobytes(master, "Rss")

    # What another process writes is seen by workers that begin with what the server had loaded before.
    term = "水车" if "--preload" in server.process.args else "风车"
    command(held, "shell", "-c", ADD.replace("new-TERM", server.address[-5:]).replace("TERM", term))
    counted, first = server.counted(), server.workers()
    os.kill(min(first), signal.SIGTERM)
    server.until(lambda: server.replaced({min(first)}))
    second = server.workers()
    server.process.send_signal(signal.SIGHUP)
    server.until(lambda: server.replaced(second))
    for page in ("concepts", "search"):
        found = json.loads(server.answers(f"/{page}.json?q={quote(term)}{quote('叶片')}"))
        assert {"concepts": server.address[-5:], "search": "S/2032/1"}[page] in json.dumps(found)
    assert server.counted() - counted == 3  # also of workers that have ended


@pytest.mark.slow
def test_without_files_of_the_model_words_are_found_and_the_site_says_so(held, tmp_path):
    program, left_out = tmp_path / "program", shutil.ignore_patterns("*.weights", "vocabulary.txt")
    for part in ("archive", "search", "templates", "static", "fixtures"):
        shutil.copytree(ROOT / part, program / part, ignore=left_out)
    shutil.copy(CONFIGURATION, program)
    running = Server(held, tmp_path / "log", program=program)
    try:
        assert json.loads(running.answers("/healthz"))["meanings"] == "broken"
        assert json.loads(running.answers(f"/search.json?q={quote('试验文件')}"))["total"]["paragraphs"] == 1
    finally:
        running.process.terminate()
        running.process.wait(60)
