"""Polite limits: how often and how much one reader may ask, without keeping who asked.

Two things are counted for each reader. Requests for what is expensive, at most ``REQUESTS_PER_MINUTE``; and
the time that the processor really spent, at most ``CPU_SECONDS_PER_MINUTE``: an estimate is reserved before,
and settled when the answer has been sent or its reader has gone. What takes long at all is answered to one
reader one at a time, and to few at once by each process, so that threads are left for cheap pages.

All other pages have a budget of their own, ``READING_SECONDS_PER_MINUTE``, so that who has searched too much
can still read. It is charged after (``reading``).

Counts stand in Django's cache under a shortened hash of the address, keyed by the site's secret and the hour:
nobody can tell of a reader afterwards without the secret.
"""

from __future__ import annotations

import ipaddress
import math
import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.log import log_response
from django.utils.translation import gettext as _

from archive.http.machine_addresses import is_machine_address
from archive.http.problems import problem
from archive.http.reading_budget import ReadingBudget
from archive.http.request_metrics import WAITING
from archive.http.token_buckets import Bucket, Slot
from archive.http.turns import Turns

OPEN_AT_ONCE = 4  # heavy answers that hold a thread of one process
MADE_AT_ONCE = max(1, (os.cpu_count() or 2) - 1)  # of all processes' are made, the others wait or are sent
PATIENCE = 10  # seconds to wait until one may be made
LONGEST_ANSWER = 120  # seconds after which a slot is free whatever became of its answer
BUSY = 3  # seconds to wait where an answer is being made
BYTES_A_SECOND = 200_000  # of a draft that is checked
NO_ROOM = nullcontext()  # for what waits for nothing
READ_ONLY = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True, slots=True)
class Price:
    """What an address is reckoned to cost: requests, seconds of the processor; ``heavy`` if one at a time."""

    pattern: re.Pattern[str]
    requests: float
    seconds: float
    heavy: bool = False
    posted: bool = False  # only what is sent there


def _price(pattern: str, requests: float, seconds: float, heavy: bool = False, posted: bool = False) -> Price:
    return Price(re.compile(pattern), requests, seconds, heavy, posted)


# The first that fits. Typing in the search box asks for suggestions at every letter; reading is never counted
# by requests, only by what it costs.
PRICES = (
    _price(r"^/check(?:\.json)?$", 1, 0.3, heavy=True, posted=True),
    _price(r"^/admin/login/", 10, 0.5, posted=True),
    _price(r"^/(?:search\.(?:csv|xlsx)|search/whole\.json|concordance\.(?:csv|xlsx))$", 1, 2, heavy=True),
    _price(r"^/compare(?:\.json)?$", 1, 1, heavy=True),
    _price(r"^/basket\.(?:docx|pdf)$", 1, 0.5, heavy=True),
    _price(r"^/basket", 1, 0.1),
    _price(r"^/concordance/collocates", 1, 0.3),
    _price(r"^/similar(?:\.json)?$", 1, 0.2, posted=True),
    _price(r"/similar(?:\.json)?$", 1, 0.1),
    _price(r"/parallels(?:\.json)?$", 1, 0.5, heavy=True),
    _price(r"^/data/citations\.|^/sitemap-", 1, 0.5, heavy=True),
    _price(r"^/suggest(?:/opensearch)?$", 0.1, 0.01),
    _price(r"\.xlsx$", 1, 0.5, heavy=True),
    _price(r"^/oai$", 1, 0.1),
    _price(r"^/(?:search|concordance|check|data/)|^/go(?:\.json)?$|\.csv$", 1, 0.05),
    _price(r"^/sitemap\.xml$", 0, 0.05),
    _price(r"^/[A-Z].*\.(?:json|txt|ris|bib)$", 0, 0.02),
)


# What operators, browsers and editors ask of any site is never refused.
FREE = re.compile(r"^/(?:healthz|metrics|robots\.txt|favicon\.ico|\.well-known/.*|static/.*|admin/.*)$")


def price_of(method: str, path: str) -> Price | None:
    """The price of a request; None for what is cheap."""
    return next(
        (one for one in PRICES if one.pattern.search(path) and not (one.posted and method in READ_ONLY)),
        None,
    )


class PoliteLimits:
    """429 with Retry-After to who asks more than the limits allow; 503 where too much is being answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        requests, seconds = settings.REQUESTS_PER_MINUTE, settings.CPU_SECONDS_PER_MINUTE
        reading = settings.READING_SECONDS_PER_MINUTE
        if requests <= 0 and seconds <= 0 and reading <= 0:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.requests = Bucket("requests", requests / 60, requests) if requests > 0 else None
        self.seconds = Bucket("seconds", seconds / 60, seconds) if seconds > 0 else None
        self.reading = ReadingBudget(reading) if reading > 0 else None
        self.slot = Slot("heavy", LONGEST_ANSWER)
        self.threads = threading.BoundedSemaphore(OPEN_AT_ONCE)
        self.room = Turns(MADE_AT_ONCE)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        price = price_of(str(request.method), request.path_info)
        if price is None:
            return self._read(request)
        reader = key_of(network_of(request))
        wait = self.requests.take(reader, price.requests) if self.requests and price.requests else 0.0
        if wait:
            return too_many(request, math.ceil(wait))
        if not price.heavy:
            return self._charged(request, reader, price.seconds, self.get_response)
        if not self.slot.enter(reader):
            return busy(request, 429, _("您的上一个请求还没有答完，请等它答完再试。"))
        if not self.threads.acquire(blocking=False):
            self.slot.leave(reader)
            return crowded(request)

        def leave() -> None:
            self.threads.release()
            self.slot.leave(reader)

        seconds = price.seconds + (_size(request) / BYTES_A_SECOND if price.posted else 0)
        return self._charged(request, reader, seconds, self._in_turn, leave, self.room)

    def _read(self, request: HttpRequest) -> HttpResponseBase:
        """The answer to what has no price, if its reader has budget left; what it took is charged after."""
        reading = self.reading
        if reading is None or FREE.match(request.path_info):
            return self.get_response(request)
        reader = key_of(network_of(request))
        wait = reading.wait(reader)
        if wait:
            return too_many(request, math.ceil(wait))
        began = time.thread_time()
        try:
            response = self.get_response(request)
        finally:
            reading.charge(reader, time.thread_time() - began)
        if isinstance(response, StreamingHttpResponse) and not getattr(response, "file_to_stream", None):
            response.streaming_content = Metered(
                response.streaming_content, 0.0, lambda used: reading.charge(reader, used)
            )
        return response

    def _in_turn(self, request: HttpRequest) -> HttpResponseBase:
        """The answer, made when none other of its kind is."""
        with WAITING.track_inprogress():
            has_turn = self.room.acquire(timeout=PATIENCE)
        if not has_turn:
            return crowded(request)
        try:
            return self.get_response(request)
        finally:
            self.room.release()

    def _charged(
        self,
        request: HttpRequest,
        reader: str,
        seconds: float,
        make: Callable[[HttpRequest], HttpResponseBase],
        leave: Callable[[], None] = lambda: None,
        room: AbstractContextManager = NO_ROOM,
    ) -> HttpResponseBase:
        """The answer, if ``seconds`` can be reserved; what it really took is charged when it is sent."""
        wait = self.seconds.take(reader, seconds) if self.seconds else 0.0
        if wait:
            leave()
            return too_many(request, math.ceil(wait))

        def ended(used: float) -> None:
            leave()
            if self.seconds:
                self.seconds.settle(reader, seconds, used)

        began = time.thread_time()
        try:
            response = make(request)
        except BaseException:
            ended(time.thread_time() - began)
            raise
        used = time.thread_time() - began
        if isinstance(response, StreamingHttpResponse) and not getattr(response, "file_to_stream", None):
            response.streaming_content = Metered(response.streaming_content, used, ended, room)
        else:
            ended(used)
        return response


class Metered:
    """The pieces of an answer; ``ended`` is told once what was used: at the end, or when the reader goes."""

    def __init__(
        self,
        pieces: Any,  # an iterator of bytes
        used: float,
        ended: Callable[[float], None],
        room: AbstractContextManager = NO_ROOM,
    ) -> None:
        self.iterator, self.used, self.ended, self.room = iter(pieces), used, ended, room

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        began = time.thread_time()
        try:
            with self.room:  # held while a piece is made, not while it is sent
                piece = next(self.iterator)
        except BaseException:
            self.used += time.thread_time() - began
            self.close()
            raise
        self.used += time.thread_time() - began
        return piece

    def close(self) -> None:
        ended, self.ended = self.ended, _nothing
        ended(self.used)


def _nothing(_used: float = 0.0) -> None:
    pass


def _size(request: HttpRequest) -> int:
    """Bytes that are sent, as far as a draft may be checked."""
    size = request.META.get("CONTENT_LENGTH") or "0"
    return min(int(size), 600_000) if size.isdecimal() else 600_000


def key_of(network: str, clock: Callable[[], float] = time.time) -> str:
    """What stands for a reader in the cache, for an hour."""
    salt = f"{settings.SECRET_KEY}:{int(clock() // 3600)}".encode()
    salt = blake2b(salt, digest_size=32).digest()
    return blake2b(network.encode(), digest_size=6, key=salt).hexdigest()


def crowded(request: HttpRequest) -> HttpResponse:
    """503, which is a warning in the log: Django calls every 5xx an error, of which operators are woken."""
    response = busy(request, 503, _("同时要答的大请求太多，请稍后再试。阅读和检索照常。"))
    log_response("Crowded: %s", request.path, response=response, request=request, level="warning")
    return response


def busy(request: HttpRequest, status: int, words: str) -> HttpResponse:
    """``words`` for now; a little later it may be answered."""
    return _told(request, status, words, BUSY)


def network_of(request: HttpRequest) -> str:
    """The reader's address; of IPv6 the network of 64 bits, which is one household.

    Behind a proxy every request comes from the proxy: ``PROXIES`` says how many stand before the site, and
    that many entries from the end of ``X-Forwarded-For`` are theirs. What stands further left anyone may
    write. An IPv4 address is the same reader's where a socket for both families writes it in IPv6.
    """
    address = request.META.get("REMOTE_ADDR", "")
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part]
    if settings.PROXIES and len(forwarded) >= settings.PROXIES:
        address = forwarded[-settings.PROXIES]
    try:
        read = ipaddress.ip_address(_bare(address))
    except ValueError:
        return ""
    if read.version == 6 and read.ipv4_mapped:
        return str(read.ipv4_mapped)
    if read.version == 6:
        return str(ipaddress.ip_network((int(read), 64), strict=False))
    return str(read)


def _bare(address: str) -> str:
    """``address`` without what some proxies add: the port of 203.0.113.7:80, brackets of [2001:db8::7]."""
    if address.startswith("["):
        return address[1:].partition("]")[0]
    return address.partition(":")[0] if address.count(":") == 1 else address


def too_many(request: HttpRequest, seconds: int) -> HttpResponse:
    """429, in words for people and as a problem for machines."""
    return _told(request, 429, _("请求太密，请在%(seconds)s秒后再试。") % {"seconds": seconds}, seconds)


def _told(request: HttpRequest, status: int, words: str, seconds: int) -> HttpResponse:
    if is_machine_address(request.path_info):
        response: HttpResponse = problem(status, words, {"retry_after": seconds})
    else:
        response = render(request, "429.html", {"message": words}, status=status)
    response["Retry-After"] = str(seconds)
    response["Cache-Control"] = "no-store"
    return response
