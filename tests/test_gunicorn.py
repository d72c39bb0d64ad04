"""The application server: what it is told in its configuration, and which addresses it takes."""

from __future__ import annotations

from pathlib import Path

import pytest
from gunicorn.app.wsgiapp import WSGIApplication
from gunicorn.http.errors import InvalidHTTPVersion, InvalidRequestLine
from gunicorn.http.message import Request
from gunicorn.http.parser import RequestParser

CONFIGURATION = Path(__file__).resolve().parents[1] / "gunicorn.conf.py"


@pytest.fixture(scope="module")
def config():
    """The configuration as gunicorn reads it, without starting it."""
    application = WSGIApplication.__new__(WSGIApplication)
    application.usage, application.prog = None, "gunicorn"
    application.load_default_config()
    application.load_config_from_file(str(CONFIGURATION))
    yield application.cfg
    RequestParser.mesg_class = Request


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


def test_a_query_as_long_as_the_archive_explains_is_let_through(config):
    assert config.limit_request_line == 8190
    assert config.control_socket_disable
