"""Lock-out after wrong passwords (django-axes), without keeping the address of whoever tried."""

from __future__ import annotations

from hashlib import blake2b
from ipaddress import IPv6Address
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from archive.http.rate_limits import network_of, too_many


def pseudonym(request: HttpRequest) -> str:
    """A made-up address that stands for the reader's: the same for the same network, and nobody's own.

    It is of fd00::/8, which no public network has, and made with the site's secret.
    """
    secret = blake2b(settings.SECRET_KEY.encode()).digest()
    drawn = blake2b(network_of(request).encode(), digest_size=15, key=secret).digest()
    return str(IPv6Address(b"\xfd" + drawn))


def described(username: str, address: str, *more: Any) -> str:
    """What the log says of who tried: no name, since passwords are typed in its place, and no address."""
    return f"{address} (a pseudonym)"


def locked_out(request: HttpRequest, response: HttpResponse | None, credentials: dict) -> HttpResponse:
    """429 in words, with the time after which it may be tried again."""
    return too_many(request, int(settings.AXES_COOLOFF_TIME.total_seconds()))
