"""Polite limits: how often one reader may ask what is expensive, without keeping who asked.

Each process counts by itself, in memory, under a shortened hash of the address with a salt that is drawn at
its start and never leaves it: nothing can be told of a reader afterwards, nor in another process. The usual
libraries want a cache that all processes share, or keep addresses as they are, or start a thread for their
clean-up; what is needed here is a bucket for each reader and a bound on how many are kept.
"""

from __future__ import annotations

import ipaddress
import math
import re
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from hashlib import blake2b

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from .machines import is_machine_address
from .problems import problem

EXPENSIVE = re.compile(r"^/(?:search|concordance|check|suggest|data/)|\.(?:csv|graphml)$")
READERS_KEPT = 10_000
# Typing in the search box asks for suggestions at every letter.
CHEAP = {"/suggest": 0.1}


class Buckets:
    """A bucket for each key: ``burst`` tokens at most, ``rate`` tokens a second flow in."""

    def __init__(self, rate: float, burst: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.rate, self.burst, self.clock = rate, burst, clock
        self.levels: OrderedDict[bytes, tuple[float, float]] = OrderedDict()
        self.lock = threading.Lock()

    def take(self, key: bytes, tokens: float = 1.0) -> float:
        """0 where ``tokens`` were there and are taken; else the seconds until they will be."""
        with self.lock:
            now = self.clock()
            level, since = self.levels.pop(key, (self.burst, now))
            level = min(self.burst, level + (now - since) * self.rate)
            wait = 0.0 if level >= tokens else (tokens - level) / self.rate
            self.levels[key] = (level if wait else level - tokens, now)
            while len(self.levels) > READERS_KEPT:
                self.levels.popitem(last=False)
            return wait


class PoliteLimits:
    """429 with Retry-After to who asks expensive addresses more often than ``REQUESTS_PER_MINUTE``."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        per_minute = settings.REQUESTS_PER_MINUTE
        if per_minute <= 0:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.buckets = Buckets(per_minute / 60, per_minute)
        self.salt = secrets.token_bytes(16)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path = request.path_info
        if not EXPENSIVE.search(path):
            return self.get_response(request)
        wait = self.buckets.take(self._key(request), CHEAP.get(path, 1.0))
        return too_many(request, math.ceil(wait)) if wait else self.get_response(request)

    def _key(self, request: HttpRequest) -> bytes:
        return blake2b(network_of(request).encode(), digest_size=6, key=self.salt).digest()


def network_of(request: HttpRequest) -> str:
    """The reader's address; of IPv6 the network of 64 bits, which is one household.

    Behind a proxy every request comes from the proxy: ``PROXIES`` says how many stand before the site, and
    that many entries from the end of ``X-Forwarded-For`` are theirs. What stands further left anyone may
    write.
    """
    address = request.META.get("REMOTE_ADDR", "")
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part]
    if settings.PROXIES and len(forwarded) >= settings.PROXIES:
        address = forwarded[-settings.PROXIES]
    try:
        read = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if read.version == 6:
        return str(ipaddress.ip_network((read, 64), strict=False))
    return str(read)


def too_many(request: HttpRequest, seconds: int) -> HttpResponse:
    """429, in words for people and as a problem for machines."""
    words = _("请求太密，请在%(seconds)s秒后再试。") % {"seconds": seconds}
    if is_machine_address(request.path_info):
        response = problem(429, words, {"retry_after": seconds})
    else:
        response = render(request, "429.html", {"message": words}, status=429)
    response["Retry-After"] = str(seconds)
    response["Cache-Control"] = "no-store"
    return response
