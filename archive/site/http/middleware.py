"""Middleware for machine addresses: problem documents in place of empty or HTML errors, and the methods
allowed at every address.
"""

from __future__ import annotations

import ipaddress
import logging
import re
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.deprecation import MiddlewareMixin

from archive.site.http.formats import is_machine_address
from archive.site.http.problems import problem
from archive.store.infrastructure_errors import trouble_of

log = logging.getLogger(__name__)
KEPT = ("Allow", "Retry-After", "Cache-Control", "Vary")


class Problems(MiddlewareMixin):
    """Gives errors of the frame (a refused method, a host not ours, a failure) the form of all others."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if response.status_code < 400 or not is_machine_address(request.path_info):
            return response
        kind = response.get("Content-Type", "")
        # A text that was withdrawn says so itself, in a text.
        if "json" in kind or (response.status_code == 410 and kind.startswith("text/plain")):
            return response
        told = problem(response.status_code)
        for name in KEPT:
            if name in response:
                told[name] = response[name]
        return told


class Troubles(MiddlewareMixin):
    """Answers 503 where the machine fails and not the program: a locked database, a full disk."""

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        trouble = trouble_of(error)
        if trouble is None:
            return None
        log.error("%s: %s", request.path_info, trouble.words, exc_info=error)
        answer = render(request, "503.html", status=503)
        answer["Retry-After"] = "60"
        return answer


class Methods(MiddlewareMixin):
    """Answers HEAD with the headers of GET and no body, OPTIONS with the methods there are (RFC 9110, 9.3.2,
    9.3.7). Outermost, so that the headers are those of the answer as it is sent, compressed or not.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if request.method == "HEAD":
            self._without_body(response)
        elif request.method == "OPTIONS" and response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            self._without_body(response)
            response.status_code = HTTPStatus.NO_CONTENT.value
            response["Allow"] = f"{response['Allow']}, OPTIONS"
            del response["Content-Type"], response["Content-Length"]
        return response

    @staticmethod
    def _without_body(response: Any) -> None:
        if response.streaming:
            response.streaming_content = ()
        else:
            response.headers.setdefault("Content-Length", str(len(response.content)))
            response.content = b""


# Headers of every answer, static files included, that Django and django-csp do not set.

# The pages need nothing of a device but the clipboard, to copy a citation.
PERMISSIONS = (
    *("accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "encrypted-media"),
    *("fullscreen", "geolocation", "gyroscope", "magnetometer", "microphone", "midi", "payment"),
    *("picture-in-picture", "publickey-credentials-get", "screen-wake-lock", "serial", "usb"),
    "xr-spatial-tracking",
)
PERMISSIONS_POLICY = ", ".join([*(f"{name}=()" for name in PERMISSIONS), "clipboard-write=(self)"])


class PolicyHeaders(MiddlewareMixin):
    """Permissions-Policy, and Cross-Origin-Resource-Policy: other sites may embed only what machines read."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        open_to_all = is_machine_address(request.path_info)
        response.headers.setdefault(
            "Cross-Origin-Resource-Policy", "cross-origin" if open_to_all else "same-origin"
        )
        return response


# Log filters: remove readers' addresses, repeated messages, and overlong lines.

LONGEST = 1000  # characters of a message; strangers send addresses and heads of 64,000

# Anything that may be an address: IPv4, or groups of IPv6 with two colons at least, perhaps with a port.
_CANDIDATE = re.compile(
    r"\[?(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)\]?(?::\d+)?"
)


class OneLine(logging.Filter):
    """Cuts overlong messages, and strips the traceback of errors that any stranger can cause: a wrong Host, a
    forged form.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if len(message) > LONGEST:
            record.msg, record.args = shortened(message), ()
        if record.name.startswith("django.security."):
            record.exc_info = record.exc_text = None
            record.msg, record.args = shortened(message.partition(" You may need to add ")[0]), ()
        return True


class WithoutAddress(logging.Filter):
    """Puts ``-`` for every network address: the server names the sender of what it cannot read."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno >= logging.WARNING:  # below it tells where the server itself listens
            record.msg, record.args = without_addresses(shortened(record.getMessage())), ()
        return True


def shortened(message: str) -> str:
    """Returns ``message``, cut to ``LONGEST`` characters with a note of how many there were.

    >>> shortened("a" * 1001)[-23:]
    'aaa… (1,001 characters)'
    >>> len(shortened("a" * 64_000)) <= LONGEST
    True
    """
    if len(message) <= LONGEST:
        return message
    told = f"… ({len(message):,} characters)"
    return message[: LONGEST - len(told)] + told


def without_addresses(line: str) -> str:
    """Returns ``line`` with ``-`` in place of every IP address.

    >>> without_addresses("Invalid request from ip=2001:db8::7: Invalid HTTP Version 'HTTP/9'")
    "Invalid request from ip=-: Invalid HTTP Version 'HTTP/9'"
    """
    return _CANDIDATE.sub(_hidden, line)


def _hidden(match: re.Match[str]) -> str:
    found = match[0]
    bare, end = (found[:-1], ":") if found.endswith(":") and not found.endswith("::") else (found, "")
    for address in (bare.strip("[]"), bare.rpartition(":")[0].strip("[]")):
        try:
            ipaddress.ip_address(address)
        except ValueError:
            continue
        return f"-{end}"
    return found


WITHOUT_ADDRESS = WithoutAddress()
