"""Polite limits (rate limiting, throttling): how much of this process one reader may use, whoever it is.

The processor's time is charged: ``CPU_SECONDS_PER_MINUTE`` for searches, checks and exports, and
``READING_SECONDS_PER_MINUTE`` for all other pages, so that who has searched too much can still read. Of what
takes long, few answers are open in each process, so that threads are left for cheap pages, and fewer are made
at once than there are processors. How often an address asks, half requests and slow readers are the proxy's
(docs/nginx.conf), which counts for all processes.
"""

from __future__ import annotations

import ipaddress
import math
import os
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from enum import StrEnum
from functools import partial
from typing import Any, Self

from cachetools import TTLCache
from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.log import log_response
from django.utils.translation import gettext as _

from archive.site.http.cpu_semaphore import CpuSemaphore
from archive.site.http.formats import any_of, endings_of, is_machine_address
from archive.site.http.problems import problem
from archive.site.http.request_metrics import WAITING

OPEN_AT_ONCE = 4  # heavy answers that hold a thread of one process; half of them to one neighbourhood
MADE_AT_ONCE = max(1, (os.cpu_count() or 2) - 1)  # of all processes' are made, the others wait or are sent
PATIENCE = 10  # seconds to wait until one may be made
BUSY = 3  # seconds to wait where an answer is being made
MOST_READERS = 10_000  # whom a process remembers
FORGOTTEN_AFTER = 3600  # seconds without a request
READ_ONLY = ("GET", "HEAD", "OPTIONS")
NO_ROOM = nullcontext()  # for what waits for nothing
# Of IPv6 a household has 64 bits, or 56, and a site 48: 65,536 readers, who may use three times what one may.
SHARES = ((64, 1), (56, 2), (48, 3))


class Kind(StrEnum):
    """What an answer is charged to. ``HEAVY`` is charged as ``EXPENSIVE`` is, and few are open at once."""

    HEAVY = "heavy"
    EXPENSIVE = "expensive"
    READING = "reading"
    FREE = "free"


HEAVY = re.compile(
    r"^/(?:search\.(?:csv|xlsx)|search/whole\.json|concordance\.(?:csv|xlsx))$"
    r"|^/compare(?:\.json)?$|^/basket\.docx$|/parallels(?:\.json)?$"
    r"|^/data/citations\.|^/sitemap-|\.xlsx$"
)
DRAFTS, LOGIN = (
    re.compile(r"^/(?:check(?:\.json|\.docx)?|mcp)$"),
    re.compile(r"^/admin/login/"),
)  # where they are posted
EXPENSIVE = re.compile(
    r"^/(?:search|suggest|concordance|check|basket|data/)|/similar(?:\.json)?$|^/oai$|^/go(?:\.json)?$|\.csv$"
    rf"|^/sitemap\.xml$|^/[A-Z].*{any_of('.json', *endings_of('text', 'citation'))}$"
)
# What operators, browsers and editors ask of any site is never refused.
FREE = re.compile(r"^/(?:healthz|metrics|robots\.txt|favicon\.ico|\.well-known/.*|static/.*|admin/.*)$")


def kind_of(method: str, path: str) -> Kind:
    """Returns the kind of a request's answer."""
    posted = method not in READ_ONLY
    if HEAVY.search(path) or (posted and DRAFTS.search(path)):
        return Kind.HEAVY
    if EXPENSIVE.search(path) or (posted and LOGIN.search(path)):
        return Kind.EXPENSIVE
    return Kind.FREE if FREE.match(path) else Kind.READING


class Budget:
    """A token bucket of seconds for each network: ``per_minute`` a minute, which may also be used at once.

    Charged after. It is in the memory of this process alone, and a network is forgotten within an hour.
    """

    def __init__(self, per_minute: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.most, self.rate, self.clock, self.lock = per_minute, per_minute / 60, clock, threading.Lock()
        # Network → what it owes, and since when.
        self.debts: TTLCache[str, tuple[float, float]] = TTLCache(MOST_READERS, FORGOTTEN_AFTER, clock)

    @classmethod
    def of(cls, per_minute: float) -> Self | None:
        return cls(per_minute) if per_minute > 0 else None

    def wait(self, networks: dict[str, int]) -> int:
        """Returns the whole seconds until a reader of ``networks`` may go on; 0 for now."""
        with self.lock:
            beyond = max(map(self._debt, networks), default=0.0) - self.most
        return max(0, math.ceil(beyond / self.rate))

    def charge(self, networks: dict[str, int], used: float) -> None:
        """Charges the cost of an answer to networks, each by its share."""
        with self.lock:
            for network, share in networks.items():
                self.debts[network] = self._debt(network) + used / share, self.clock()

    def _debt(self, network: str) -> float:
        debt, since = self.debts.get(network, (0.0, 0.0))
        return max(0.0, debt - (self.clock() - since) * self.rate)


class PoliteLimits:
    """Middleware for rate limits: 429 with Retry-After beyond the limits; 503 when overloaded."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response, self.room, self.lock = get_response, CpuSemaphore(MADE_AT_ONCE), threading.Lock()
        self.seconds = Budget.of(settings.CPU_SECONDS_PER_MINUTE)
        self.reading = Budget.of(settings.READING_SECONDS_PER_MINUTE)
        if not (self.seconds or self.reading):
            raise MiddlewareNotUsed
        self.open: Counter[str] = Counter()  # heavy answers of this process, by neighbourhood

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        kind = kind_of(str(request.method), request.path_info)
        if kind is Kind.FREE:
            return self.get_response(request)
        networks = networks_of(request)
        budget = self.reading if kind is Kind.READING else self.seconds
        if budget and (wait := budget.wait(networks)):
            return too_many(request, wait)
        charge = partial(budget.charge, networks) if budget else lambda _used: None
        if kind is not Kind.HEAVY:
            return Metered(charge).answer(self.get_response, request)
        neighbourhood = list(networks)[-1]
        with self.lock:
            if self.open.total() >= OPEN_AT_ONCE or self.open[neighbourhood] >= OPEN_AT_ONCE // 2:
                return crowded(request)
            self.open[neighbourhood] += 1

        def leave(used: float) -> None:
            with self.lock:
                self.open[neighbourhood] -= 1
                self.open = +self.open  # those who have none open are forgotten
            charge(used)

        return Metered(leave, self.room).answer(self._in_turn, request)

    def _in_turn(self, request: HttpRequest) -> HttpResponseBase:
        """Returns the answer, made when none other of its kind is."""
        with WAITING.track_inprogress():
            has_turn = self.room.acquire(timeout=PATIENCE)
        if not has_turn:
            return crowded(request)
        try:
            return self.get_response(request)
        finally:
            self.room.release()


class Metered:
    """An answer and its pieces; ``ended`` is called once with its processor time: when it is sent, its reader
    goes, or it fails. ``room`` is locked while a piece is made, not while it is sent.
    """

    def __init__(self, ended: Callable[[float], None], room: AbstractContextManager = NO_ROOM) -> None:
        self.used, self.ended, self.room, self.pieces = 0.0, ended, room, iter(())

    def answer(
        self, make: Callable[[HttpRequest], HttpResponseBase], request: HttpRequest
    ) -> HttpResponseBase:
        response = self._measured(make, request)
        if isinstance(response, StreamingHttpResponse) and not getattr(response, "file_to_stream", None):
            pieces: Any = response.streaming_content
            self.pieces, response.streaming_content = iter(pieces), self
        else:
            self.close()
        return response

    def _measured(self, make: Callable[..., Any], *given: Any) -> Any:
        began, done = time.thread_time(), False
        try:
            with self.room if make is next else NO_ROOM:
                made = make(*given)
            done = True
            return made
        finally:
            self.used += time.thread_time() - began
            if not done:
                self.close()

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return self._measured(next, self.pieces)

    def close(self) -> None:
        ended, self.ended = self.ended, lambda _used: None
        ended(self.used)


def networks_of(request: HttpRequest) -> dict[str, int]:
    """Returns the networks that a reader is counted in, the smallest first, with the share that each may use.

    Behind a proxy every request comes from the proxy: ``PROXIES`` says how many stand before the site, and
    that many entries from the end of ``X-Forwarded-For`` are theirs. What stands further left anyone may
    write. An IPv4 address is the same reader's where a socket for both families writes it in IPv6.
    """
    address = request.META.get("REMOTE_ADDR", "")
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part]
    if settings.PROXIES and len(forwarded) >= settings.PROXIES:
        address = forwarded[-settings.PROXIES]
    # Some proxies add the port of 203.0.113.7:80, or brackets as in [2001:db8::7]:80.
    bare = re.fullmatch(r"\[([^\]]*)\].*|([^:]*):\d*", address)
    try:
        read = ipaddress.ip_address((bare[1] or bare[2]) if bare else address)
    except ValueError:
        return {"": 1}
    if read.version == 6 and not read.ipv4_mapped:
        return {str(ipaddress.ip_network((int(read), bits), strict=False)): n for bits, n in SHARES}
    return {str(read.ipv4_mapped if read.version == 6 else read): 1}


def network_of(request: HttpRequest) -> str:
    """Returns the reader's address; of IPv6 the network of 64 bits."""
    return next(iter(networks_of(request)))


def crowded(request: HttpRequest) -> HttpResponse:
    """Answers 503, logged as a warning: Django calls every 5xx an error, of which operators are woken."""
    response = busy(request, 503, _("同时要答的大请求太多，请稍后再试。阅读和检索照常。"))
    log_response("Crowded: %s", request.path, response=response, request=request, level="warning")
    return response


def too_many(request: HttpRequest, seconds: int) -> HttpResponse:
    """Answers 429, in words for people and as a problem for machines."""
    return busy(request, 429, _("请求太密，请在%(seconds)s秒后再试。") % {"seconds": seconds}, seconds)


def busy(request: HttpRequest, status: int, words: str, seconds: int = BUSY) -> HttpResponse:
    """Returns ``words`` for now; in ``seconds`` it may be answered."""
    if is_machine_address(request.path_info):
        response: HttpResponse = problem(status, words, {"retry_after": seconds})
    else:
        response = render(request, "429.html", {"message": words}, status=status)
    response["Retry-After"] = str(seconds)
    response["Cache-Control"] = "no-store"
    return response
