"""Polite limits (rate limiting, throttling): how much one reader may ask, without keeping who asked.

Requests for what is expensive are counted, ``REQUESTS_PER_MINUTE``, and the time that the processor spent on
them is charged, ``CPU_SECONDS_PER_MINUTE``. All other pages have a budget of their own,
``READING_SECONDS_PER_MINUTE``, so that who has searched too much can still read. What takes long at all is
answered to one reader one at a time, and to few at once by each process, so that threads are left for cheap
pages. Half requests and slow readers are the proxy's (docs/nginx.conf).
"""

from __future__ import annotations

import ipaddress
import logging
import math
import os
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from hashlib import blake2b
from typing import Any, NamedTuple, Self

from cachetools import LRUCache
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.log import log_response
from django.utils.translation import gettext as _

from archive.http.formats import any_of, endings_of, is_machine_address
from archive.http.problems import problem
from archive.http.request_metrics import WAITING
from archive.http.turns import CpuSemaphore

log = logging.getLogger(__name__)
OPEN_AT_ONCE = 4  # heavy answers that hold a thread of one process; half of them to one neighbourhood
MADE_AT_ONCE = max(1, (os.cpu_count() or 2) - 1)  # of all processes' are made, the others wait or are sent
PATIENCE = 10  # seconds to wait until one may be made
LONGEST_ANSWER = 120  # seconds after which a reader may ask anew whatever became of an answer
BUSY = 3  # seconds to wait where an answer is being made
MOST_READERS = 10_000  # whom a process remembers
READ_ONLY = ("GET", "HEAD", "OPTIONS")
NO_ROOM = nullcontext()  # for what waits for nothing
# Of IPv6 a household has 64 bits, or 56, and a site 48: 65,536 readers, who may use three times what one may.
SHARES = ((64, 1), (56, 2), (48, 3))


class Price(NamedTuple):
    """The cost of an address, in requests; ``heavy``: answered one at a time; ``posted``: of POST only."""

    pattern: str
    requests: float
    heavy: bool = False
    posted: bool = False


# The first that fits. Typing in the search box asks for suggestions at every letter.
PRICES = (
    Price(r"^/check(?:\.json)?$", 1, heavy=True, posted=True),
    Price(r"^/admin/login/", 10, posted=True),
    Price(r"^/(?:search\.(?:csv|xlsx)|search/whole\.json|concordance\.(?:csv|xlsx))$", 1, heavy=True),
    Price(r"^/compare(?:\.json)?$|^/basket\.docx$|/parallels(?:\.json)?$", 1, heavy=True),
    Price(r"^/data/citations\.|^/sitemap-|\.xlsx$", 1, heavy=True),
    Price(r"^/suggest(?:/opensearch)?$", 0.1),
    Price(r"^/similar(?:\.json)?$", 1, posted=True),
    Price(r"^/(?:search|concordance|check|basket|data/)|/similar(?:\.json)?$|^/oai$", 1),
    Price(r"^/go(?:\.json)?$|\.csv$", 1),
    Price(rf"^/sitemap\.xml$|^/[A-Z].*{any_of('.json', *endings_of('text', 'citation'))}$", 0),
)
# What operators, browsers and editors ask of any site is never refused.
FREE = re.compile(r"^/(?:healthz|metrics|robots\.txt|favicon\.ico|\.well-known/.*|static/.*|admin/.*)$")


def price_of(method: str, path: str) -> Price | None:
    """Returns the price of a request; None for what is cheap."""
    fitting = (one for one in PRICES if re.search(one.pattern, path))
    return next((one for one in fitting if not (one.posted and method in READ_ONLY)), None)


class Budget:
    """A token bucket for each network: ``per_minute`` a minute, which may also be used at once.

    Charged after. A process adds up what its readers use and reports it to the cache that all workers share
    in portions of a second's worth; so a cheap page asks the cache for nothing, and who has used a budget up
    may go on in another worker for a portion. A cache that is out of order keeps nobody waiting.
    """

    def __init__(self, kind: str, per_minute: float, clock: Callable[[], float] = time.time) -> None:
        self.kind, self.most, self.rate, self.clock = kind, per_minute, per_minute / 60, clock
        self.lock, self.reporting = threading.Lock(), threading.Lock()  # a slow cache keeps no reader waiting
        self.unpaid: LRUCache[str, float] = LRUCache(MOST_READERS)
        self.refused_until: LRUCache[str, float] = LRUCache(MOST_READERS)

    @classmethod
    def of(cls, kind: str, per_minute: float) -> Self | None:
        return cls(kind, per_minute) if per_minute > 0 else None

    def wait(self, networks: dict[str, int]) -> int:
        """Returns the whole seconds until a reader of ``networks`` may go on; 0 for now."""
        with self.lock:
            until = max((self.refused_until.get(each, 0.0) for each in networks), default=0.0)
        return max(0, math.ceil(until - self.clock()))

    def charge(self, networks: dict[str, int], used: float) -> None:
        """Charges the cost of an answer to networks, each by its share."""
        for network, share in networks.items():
            with self.lock:
                unpaid = self.unpaid.pop(network, 0.0) + used / share
                if unpaid < self.rate:
                    self.unpaid[network] = unpaid
                    continue
            now, name = self.clock(), f"{self.kind}:{network}"
            with self.reporting:
                debt, since = _asked(cache.get, name) or (0.0, now)
                debt = max(0.0, debt - max(0.0, now - since) * self.rate) + unpaid
                _asked(cache.set, name, (debt, now), int(debt / self.rate) + 2)
            if debt >= self.most:
                with self.lock:
                    self.refused_until[network] = now + max(1.0, (debt - self.most) / self.rate)


class PoliteLimits:
    """Middleware for rate limits: 429 with Retry-After beyond the limits; 503 when overloaded."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response, self.room, self.lock = get_response, CpuSemaphore(MADE_AT_ONCE), threading.Lock()
        self.requests = Budget.of("requests", settings.REQUESTS_PER_MINUTE)
        self.seconds = Budget.of("seconds", settings.CPU_SECONDS_PER_MINUTE)
        self.reading = Budget.of("reading", settings.READING_SECONDS_PER_MINUTE)
        if not (self.requests or self.seconds or self.reading):
            raise MiddlewareNotUsed
        self.open: Counter[str] = Counter()  # heavy answers of this process, by neighbourhood

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        price = price_of(str(request.method), request.path_info)
        if price is None and FREE.match(request.path_info):
            return self.get_response(request)
        networks = {key_of(network): share for network, share in networks_of(request).items()}
        budget = self.seconds if price else self.reading
        counted = self.requests if price and price.requests else None
        if wait := max(one.wait(networks) if one else 0 for one in (budget, counted)):
            return too_many(request, wait)
        if counted and price:
            counted.charge(networks, price.requests)
        charge = partial(budget.charge, networks) if budget else lambda _used: None
        if price is None or not price.heavy:
            return Metered(charge).answer(self.get_response, request)
        reader, neighbourhood = next(iter(networks)), list(networks)[-1]
        if _asked(cache.add, f"heavy:{reader}", True, LONGEST_ANSWER) is False:
            return busy(request, 429, _("您的上一个请求还没有答完，请等它答完再试。"))
        with self.lock:
            has_place = self.open.total() < OPEN_AT_ONCE and self.open[neighbourhood] < OPEN_AT_ONCE // 2
            self.open[neighbourhood] += has_place

        def leave(used: float) -> None:
            with self.lock:
                self.open[neighbourhood] -= has_place
                self.open = +self.open  # those who have none open are forgotten
            _asked(cache.delete, f"heavy:{reader}")
            charge(used)

        if not has_place:
            leave(0)
            return crowded(request)
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


def key_of(network: str, clock: Callable[[], float] = time.time) -> str:
    """Returns a keyed hash of a network, changed each hour, so that nobody can tell later who it was."""
    salt = blake2b(f"{settings.SECRET_KEY}:{int(clock() // 3600)}".encode(), digest_size=32).digest()
    return blake2b(network.encode(), digest_size=6, key=salt).hexdigest()


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


_told = [float("-inf")]  # when the log last said that the cache is out of order


def _asked(method: Callable[..., Any], *arguments: Any) -> Any:
    """Calls the cache; returns None where it is out of order, which is logged once a minute at most."""
    try:
        return method(*arguments)
    except Exception as error:  # each kind of cache has errors of its own
        if time.monotonic() - _told[0] > 60:
            _told[0] = time.monotonic()
            log.warning(
                "the cache of the limits is out of order, nothing is counted: %s", type(error).__name__
            )
        return None
