"""Lock-out after wrong passwords (django-axes), without keeping the address of whoever tried.

An account is closed to a network after few tries, and after some more, from whatever networks, to all
browsers but those in which its owner has signed in before: those a cookie tells. So no stranger guesses on
from network to network, and none locks an editor out.
"""

from __future__ import annotations

from hashlib import blake2b
from ipaddress import IPv6Address
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.core import signing
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

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


ACCOUNT_LIMIT = 8  # wrong tries at one account in AXES_COOLOFF_TIME, from all networks together
KNOWN_FOR = 90 * 24 * 3600  # seconds
MOST_KNOWN = 8  # accounts of one browser
_SALT = "desk.known_browser"


def is_closed(request: HttpRequest, username: str) -> bool:
    """Whether too much was tried in vain for ``username``, and this browser is none of its owner's."""
    if not settings.AXES_ENABLED or username in _known(request):
        return False
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    tried = AccessAttempt.objects.filter(username=username, attempt_time__gte=since)
    return (tried.aggregate(Sum("failures_since_start"))["failures_since_start__sum"] or 0) >= ACCOUNT_LIMIT


def remember_browser(request: HttpRequest, response: HttpResponse, username: str) -> None:
    """Lets ``response`` tell this browser that ``username`` signed in here."""
    names = [username, *(name for name in _known(request) if name != username)][:MOST_KNOWN]
    response.set_cookie(
        settings.KNOWN_BROWSER_COOKIE_NAME,
        signing.dumps(names, salt=_SALT),
        max_age=KNOWN_FOR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def _known(request: HttpRequest) -> list[str]:
    try:
        told = request.COOKIES.get(settings.KNOWN_BROWSER_COOKIE_NAME, "")
        return signing.loads(told, salt=_SALT, max_age=KNOWN_FOR)
    except signing.BadSignature:
        return []
