"""A small document service on this machine, which answers in one of many ways; and a clock that it shares.

``Service("ok")`` answers as its way says, keeps what was asked in ``asked``, and is stopped by its ``with``.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, quote, urlsplit

HTML = "text/html; charset=utf-8"
NOW = 1_800_000_000.0  # what the service's clock says


def page(title: str) -> bytes:
    return f"<!doctype html><html><head><title>{title}</title></head><body>{title}</body></html>".encode()


class Clock:
    """A clock that only sleeping moves; ``slept`` lists how long."""

    def __init__(self) -> None:
        self.time, self.slept = 1000.0, []

    def __call__(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.slept.append(seconds)
        self.time += seconds


class StandIn(ThreadingHTTPServer):
    """``files``: (symbol, kind) → bytes; "S/1.en" is the English text. ``robots``: robots.txt."""

    daemon_threads = True

    def __init__(self, way: str, files: dict[tuple[str, str], bytes], robots: str | None = None) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.way, self.files, self.robots = way, files, robots
        self.asked: list[tuple[str, dict]] = []
        self.peers: set[int] = set()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def paths(self) -> list[str]:
        return [path for path, _headers in self.asked if path != "/robots.txt"]

    def __enter__(self) -> StandIn:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self.shutdown()
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: StandIn

    def log_message(self, *_args: object) -> None:
        pass

    def date_time_string(self, timestamp: float | None = None) -> str:
        return formatdate(NOW, usegmt=True)

    def do_GET(self) -> None:
        self.server.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        self.server.peers.add(self.client_address[1])
        if self.path == "/robots.txt":
            robots = self.server.robots
            return (
                self.say(404, page("?")) if robots is None else self.say(200, robots.encode(), "text/plain")
            )
        WAYS[self.server.way](
            self, {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        )
        return None

    # --- what the ways are made of ---

    def first(self) -> bool:
        """Whether this path is asked for the first time."""
        return [path for path, _headers in self.server.asked].count(self.path) == 1

    def body(self, asked: dict[str, str]) -> bytes | None:
        return self.server.files.get((asked.get("s", ""), asked.get("t", "doc")))

    def say(self, status: int, body: bytes = b"", kind: str = HTML, **headers: str) -> None:
        self.head(status, {"Content-Type": kind, "Content-Length": str(len(body))}, headers)
        self.wfile.write(body)

    def to(self, where: str, status: int = 302) -> None:
        self.say(status, b"", HTML, location=where)

    def head(self, status: int, *headers: dict[str, str]) -> None:
        self.send_response(status)
        for some in headers:
            for name, value in some.items():
                self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def cut(self, body: bytes, after: int, **headers: str) -> None:
        """Promise the whole, send a part, hang up."""
        self.head(200, {"Content-Type": "application/pdf", "Content-Length": str(len(body))}, headers)
        self.wfile.write(body[:after])
        self.wfile.flush()
        self.close_connection = True

    # --- the ways ---

    def ok(self, asked: dict) -> None:
        body = self.body(asked)
        return self.say(404, page("Not found")) if body is None else self.say(200, body, "application/pdf")

    def redirect(self, asked: dict) -> None:
        hop = int(asked.get("hop", 0))
        self.to(f"/file?s={quote(asked['s'], safe='')}&hop={hop + 1}") if hop < 2 else self.ok(asked)

    def meta(self, asked: dict) -> None:
        if not self.path.startswith("/file"):
            body = (
                f'<html><head><META content="1; URL=/file?s={asked["s"]}" http-equiv=refresh></head></html>'
            )
            return self.say(200, body.encode(), HTML, set_cookie="seen=1; Path=/")
        return self.ok(asked) if "seen=1" in (self.headers["Cookie"] or "") else self.say(403)

    def noword(self, asked: dict) -> None:
        self.say(500) if asked["t"] == "doc" else self.ok(asked)

    def otherlang(self, asked: dict) -> None:
        self.ok({**asked, "s": f"{asked['s']}.en"})

    def truncated(self, asked: dict) -> None:
        self.cut(self.body(asked), len(self.body(asked)) // 2)

    def nolength(self, asked: dict) -> None:
        self.head(200, {"Content-Type": "application/pdf", "Connection": "close"})
        self.wfile.write(self.body(asked)[: -2000 if self.first() else None])
        self.close_connection = True

    def cut_once(self, asked: dict) -> None:
        self.truncated(asked) if self.first() else self.ok(asked)

    def retry(self, asked: dict) -> None:
        self.say(429, retry_after="7") if self.first() else self.ok(asked)

    def retrydate(self, asked: dict) -> None:
        self.say(503, retry_after=formatdate(NOW + 9, usegmt=True)) if self.first() else self.ok(asked)

    def flaky(self, asked: dict) -> None:
        if self.first():
            self.close_connection = True
            self.connection.close()
        else:
            self.ok(asked)


def saying(status: int, body: bytes = b"", kind: str = HTML, **headers: str) -> Callable:
    return lambda handler, _asked: handler.say(status, body, kind, **headers)


def leading(where: str, status: int = 302) -> Callable:
    return lambda handler, _asked: handler.to(where, status)


WAYS: dict[str, Callable] = {
    **{name: getattr(Handler, name) for name in (
        "ok", "redirect", "meta", "noword", "otherlang", "truncated", "cut_once", "nolength", "retry",
        "retrydate", "flaky",
    )},
    "empty": saying(200, b"", "application/pdf"),
    "html404": saying(200, page("There is no document matching your request")),
    "notfound": saying(404, page("Not found")),
    "gone": saying(410),
    "badlang": saying(400, b"invalid language", "text/plain"),
    "part": saying(206, b"%PDF-1.7", "application/pdf", content_range="bytes 0-7/90"),
    "wrongtype": saying(200, page("Sign in"), "application/pdf"),
    "picture": saying(200, b"\x89PNG\r\n\x1a\n\0\0\0", "application/pdf"),
    "challenge": saying(202, b"", HTML, x_amzn_waf_action="challenge"),
    "captcha": saying(405, page("Verify"), HTML, x_amzn_waf_action="captcha"),
    "human": saying(200, page("Just a moment...")),
    "blocked": saying(403),
    "login": saying(401, b"", HTML, www_authenticate="Basic"),
    "later": saying(503, b"", HTML, retry_after="3600"),
    "unsaid": saying(429),
    "nonsense": saying(429, b"", HTML, retry_after="soon"),
    "error": saying(500),
    "loop": lambda handler, _asked: handler.to(handler.path),
    "spiral": lambda handler, asked: handler.to(f"/spiral?n={int(asked.get('n', 0)) + 1}"),
    "offsite": leading("http://127.0.0.2:9/elsewhere.pdf"),
    "file": leading("file:///etc/passwd"),
    "account": leading("https://name:secret@documents.un.org/x.pdf"),
    "nowhere": leading("http://[broken"),
}  # fmt: skip
