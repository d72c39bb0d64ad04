"""The application server: what it is told in its configuration, and which addresses it takes."""

from __future__ import annotations

import socket
from contextlib import nullcontext, suppress
from pathlib import Path
from types import SimpleNamespace

import pytest
from gunicorn import util
from gunicorn.app.wsgiapp import WSGIApplication
from gunicorn.http import wsgi
from gunicorn.http.errors import InvalidHTTPVersion, InvalidRequestLine, LimitRequestLine
from gunicorn.http.message import Request
from gunicorn.http.parser import RequestParser
from gunicorn.workers import gthread

from archive.http import rate_limits
from archive.http.parameters import LONGEST_QUERY
from archive.http.turns import Turns

CONFIGURATION = Path(__file__).resolve().parents[1] / "gunicorn.conf.py"


@pytest.fixture(scope="module")
def config():
    """The configuration as gunicorn reads it, without starting it."""
    application = WSGIApplication.__new__(WSGIApplication)
    application.usage, application.prog = None, "gunicorn"
    application.load_default_config()
    response, refusal, close = wsgi.Response, util.write_error, gthread.TConn.close
    graceful, patience = util.close_graceful, gthread.DEFAULT_WORKER_DATA_TIMEOUT
    accept = gthread.ThreadWorker.accept
    application.load_config_from_file(str(CONFIGURATION))
    yield application.cfg
    RequestParser.mesg_class, wsgi.Response, util.write_error = Request, response, refusal
    gthread.TConn.close, util.close_graceful = close, graceful
    gthread.DEFAULT_WORKER_DATA_TIMEOUT, gthread.ThreadWorker.accept = patience, accept


def target(config, line: bytes) -> str:
    """What is asked for, as the archive gets it."""
    read = next(
        RequestParser(config, iter([line + b" HTTP/1.1\r\nHost: archive.example\r\n\r\n"]), ("::1", 1))
    )
    return read.path + (f"?{read.query}" if read.query else "")


TARGETS = [
    ("GET /search?q=核", "/search?q=%E6%A0%B8", "as typed; its second byte is a blank in Latin-1"),
    ("GET /search?q=%E6%A0%B8", "/search?q=%E6%A0%B8", "as a browser sends it"),
    ("GET /speakers/Sison(美国)", "/speakers/Sison(%E7%BE%8E%E5%9B%BD)", "in the path"),
    ("GET /search?q=“核”&year=2016", "/search?q=%E2%80%9C%E6%A0%B8%E2%80%9D&year=2016", "quoted, with more"),
    ("GET /S/RES/1540(2004)", "/S/RES/1540(2004)", "nothing to encode"),
]


@pytest.mark.parametrize(("line", "expected", "remark"), TARGETS)
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


REFUSALS = [
    (400, "Bad Request", "这个请求无法理解"),
    (414, "URI Too Long", "地址太长"),
    (431, "Request Header Fields Too Large", "头部太长"),
    (500, "Internal Server Error", "本库出了故障"),
    (501, "Not Implemented", "不能读"),
]


@pytest.mark.parametrize(("status", "reason", "words"), REFUSALS)
def test_what_is_refused_below_the_archive_is_refused_in_chinese(config, status, reason, words):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        util.write_error(ours, status, reason, "Invalid Request Line '<script>'")
        head, page = theirs.recv(10_000).split(b"\r\n\r\n", 1)
    assert head.startswith(f"HTTP/1.1 {status} {reason}".encode())
    assert f"Content-Length: {len(page)}".encode() in head
    assert words in page.decode() and 'lang="zh-Hans"' in page.decode()
    assert b"script" not in page and b"Invalid" not in page


# --- who sends half a request ---


@pytest.fixture
def taught(config):
    """What the configuration defines, by name."""
    return RequestParser.mesg_class.parse.__globals__


@pytest.fixture
def pair():
    sockets = socket.socketpair()
    yield sockets
    for one in sockets:
        one.close()


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_workers_have_threads_and_wait_for_few_requests(config, taught):
    assert config.worker_class_str == "gthread"
    most = taught["MOST_READING"] + taught["MOST_SENDING"] + rate_limits.OPEN_AT_ONCE
    assert config.threads >= most + 8  # left for cheap pages, whatever else waits


def test_half_a_head_is_waited_for_until_its_time_is_over(taught, pair):
    ours, theirs = pair
    clock = Clock()
    reading = taught["TimedReading"](ours, clock)
    theirs.sendall(b"GET / HT")
    assert reading.read(100) == b"GET / HT"
    clock.now = taught["HEAD_SECONDS"]
    assert reading.read(100) == b""
    assert theirs.recv(1) == b""  # closed: no answer to half a request
    assert not len(taught["reading"])


def test_a_body_has_more_time_and_an_end_too(taught, pair):
    ours, theirs = pair
    clock = Clock()
    reading = taught["TimedReading"](ours, clock)
    reading.head_is_read()
    clock.now = taught["HEAD_SECONDS"]
    theirs.sendall(b"x")
    assert reading.read(100) == b"x"
    clock.now = taught["REQUEST_SECONDS"]
    assert reading.read(100) == b""


def test_where_too_many_keep_threads_waiting_the_oldest_gives_way(taught):
    waiting = taught["Waiting"](2)
    pairs = [socket.socketpair() for _number in range(3)]
    for began, (ours, theirs) in enumerate(pairs):
        theirs.settimeout(1)
        waiting.enter(ours, float(began))
    assert pairs[0][1].recv(1) == b""
    assert len(waiting) == 2
    for ours, theirs in pairs:
        waiting.leave(ours)
        ours.close()
        theirs.close()
    assert not len(waiting)


def test_a_request_from_a_socket_is_read_in_pieces(config, pair):
    ours, theirs = pair
    theirs.sendall(b"POST /check.json HTTP/1.1\r\nHost: archive.example\r\nContent-Length: 4\r\n\r\nbo")
    request = next(RequestParser(config, ours, ("::1", 1)))
    theirs.sendall(b"dy")
    assert (request.path, request.body.read()) == ("/check.json", b"body")


# --- who takes an answer drop by drop ---

PIECE = b"x" * 8_000


class Reader:
    """A socket whose reader takes each piece in ``seconds``, if it may have as many."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self.clock, self.seconds, self.timeout, self.pieces = clock, seconds, 0.0, 0

    def settimeout(self, seconds: float) -> None:
        self.timeout = seconds

    def sendall(self, piece: bytes) -> None:
        if self.seconds > self.timeout:
            self.clock.now += self.timeout
            raise TimeoutError
        self.clock.now += self.seconds
        self.pieces += piece == PIECE


SPEEDS = [
    (0.0, 0, 1000, "at once"),
    (1.9, 0, 1000, "a little faster than the slowest that may be"),
    (1.9, 60, 1000, "the pieces are made slowly: not the reader's fault"),
    (2.5, 0, 36, "a little slower: the first seconds are used up"),
    (19.0, 0, 1, "each piece just in time"),
    (21.0, 0, 0, "not even one"),
]


@pytest.fixture
def respond(config):
    """Answers of a thousand pieces to a reader."""

    def begin(reader: Reader) -> wsgi.Response:
        request = next(RequestParser(config, iter([b"GET / HTTP/1.1\r\n\r\n"]), ("::1", 1)))
        response = wsgi.Response(request, reader, config)
        response.clock = reader.clock
        response.start_response("200 OK", [("Content-Length", str(1000 * len(PIECE)))])
        response.headers_sent = True
        return response

    return begin


@pytest.mark.parametrize(("seconds", "made_in", "expected", "remark"), SPEEDS)
def test_an_answer_ends_where_its_reader_takes_it_drop_by_drop(respond, seconds, made_in, expected, remark):
    reader = Reader(Clock(), seconds)
    response = respond(reader)
    with suppress(ConnectionResetError):
        for _number in range(1000):
            response.write(PIECE)
            reader.clock.now += made_in
    assert reader.pieces == expected, remark


def test_where_too_many_wait_to_send_the_one_that_has_for_longest_gives_way(respond, taught):
    reader = Reader(Clock(), 5)
    stuck = [socket.socketpair() for _number in range(taught["MOST_SENDING"])]
    for began, (ours, theirs) in enumerate(stuck):
        theirs.settimeout(1)
        taught["sending"].enter(ours, float(began - 100))
    respond(reader).write(PIECE)
    assert reader.pieces == 1
    assert stuck[0][1].recv(1) == b""
    assert len(taught["sending"]) == taught["MOST_SENDING"] - 1
    for ours, theirs in stuck:
        taught["sending"].leave(ours)
        ours.close()
        theirs.close()


# --- after the last byte of an answer ---


@pytest.fixture
def lingering(taught):
    """Connections that are being closed, looked after by the test and not by a thread."""
    clock = Clock()
    one = taught["Lingering"](clock)
    one.thread = object()
    yield one, clock
    one.step(0)
    clock.now += taught["LINGER_SECONDS"]
    one.step(0)


def is_closed(sock: socket.socket) -> bool:
    return sock.fileno() == -1


def test_a_connection_is_closed_when_its_reader_has_closed_it(lingering, pair):
    (one, _clock), (ours, theirs) = lingering, pair
    one.take(ours)
    assert theirs.recv(1) == b""  # no more comes
    assert one.step(0)
    assert not is_closed(ours)
    theirs.sendall(b"still sent")
    assert one.step(0)
    theirs.close()
    while one.step(0):
        pass
    assert is_closed(ours)


def test_a_reader_who_keeps_it_open_is_waited_for_only_so_long(lingering, pair, taught):
    (one, clock), (ours, _theirs) = lingering, pair
    one.take(ours)
    clock.now = taught["LINGER_SECONDS"] - 0.1
    assert one.step(0)
    clock.now = taught["LINGER_SECONDS"]
    assert not one.step(0)
    assert is_closed(ours)


def test_a_reader_who_goes_on_sending_is_heard_only_so_far(lingering, pair, taught):
    (one, _clock), (ours, theirs) = lingering, pair
    one.take(ours)
    for _number in range(taught["LINGER_BYTES"] // 4096 + 2):
        if is_closed(ours):
            break
        theirs.sendall(bytes(4096))
        one.step(0)
    assert is_closed(ours)


def test_only_so_many_linger_and_none_twice(lingering, taught):
    one, clock = lingering
    pairs = [socket.socketpair() for _number in range(taught["MOST_LINGERING"] + 1)]
    for number, (ours, _theirs) in enumerate(pairs):
        clock.now = number / 1000
        one.take(ours)
        one.take(ours)
    assert [is_closed(ours) for ours, _theirs in pairs] == [True] + [False] * taught["MOST_LINGERING"]
    for _ours, theirs in pairs:
        theirs.close()


def test_the_loop_of_a_worker_waits_for_no_reader(config, pair):
    """gunicorn's own way closes it after two seconds, in which the worker answers nobody."""
    ours, theirs = pair
    connection = gthread.TConn(config, ours, ("::1", 1), ("::1", 2))
    connection.close(graceful=True)
    assert not is_closed(ours)  # it lingers, in a thread of its own
    theirs.close()


# --- which worker takes a connection ---


@pytest.mark.parametrize(("computes", "waits"), [(False, 0), (True, 1)])
def test_a_worker_that_computes_for_long_lets_the_others_take_a_connection_first(
    taught, monkeypatch, computes, waits
):
    did = []
    monkeypatch.setitem(taught, "time", SimpleNamespace(sleep=lambda _seconds: did.append("waited")))
    with Turns(1) if computes else nullcontext():
        taught["accept"]("worker", "listener", lambda *given: did.append(given))
    assert did == ["waited"] * waits + [("worker", "listener")]
