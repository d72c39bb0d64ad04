"""Addresses of the UN's Official Document System (ODS), and the hosts that may be contacted."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlencode, urljoin, urlsplit, urlunsplit

SERVICE = "https://documents.un.org"
HOSTS = (
    *("documents.un.org", "docs.un.org", "undocs.org", "www.undocs.org"),
    *("daccess-ods.un.org", "daccess-dds-ny.un.org", "documents-dds-ny.un.org"),
)
"""Hosts of the UN to which a request for a document is known to lead on."""

LANGUAGES = ("ar", "en", "es", "fr", "ru", "zh")
"""Languages in which documents may be asked for; ODS calls them by the same codes."""

KINDS = ("doc", "pdf")
"""The files that may be asked for: Word first, whose text needs no guessing at a page."""


class NotAllowedError(ValueError):
    """An address that must not be requested; the message is the address without its query."""


@dataclass(frozen=True, slots=True)
class Service:
    """The addresses of the document service: the base URL of ODS, and other hosts it may redirect to."""

    address: str = SERVICE
    hosts: tuple[str, ...] = HOSTS

    @classmethod
    def at(cls, address: str, hosts: Iterable[str] = HOSTS) -> Service:
        """Returns the service at ``address``. Raises ValueError if that is no http or https URL."""
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or "@" in parts.netloc:
            raise ValueError(address)
        return cls(address.rstrip("/"), tuple(host.strip().lower() for host in hosts if host.strip()))

    def document(self, symbol: str, language: str, kind: str) -> str:
        """Returns the address of a document's file. ``language`` is of ``LANGUAGES``; slashes are escaped."""
        query = urlencode({"s": symbol, "l": language, "t": kind})
        return f"{self.address}/api/symbol/access?{query}"

    @property
    def robots(self) -> str:
        return f"{self.address}/robots.txt"

    @property
    def is_local(self) -> bool:
        """True for a stand-in on the same machine."""
        return urlsplit(self.address).hostname in ("127.0.0.1", "localhost", "::1")

    def led_to(self, here: str, location: str) -> str:
        """Returns the address to which ``here`` leads by ``location``.

        The service's own host as it is given; another host only of the list, at its usual port, by https
        (http is raised to it). Raises NotAllowedError for any other, before anything is asked of it.
        """
        try:
            parts = urlsplit(urljoin(here, location.strip()))
            own, port = urlsplit(self.address), parts.port
        except ValueError:
            raise NotAllowedError(location[:200]) from None
        told = urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))[:200]
        if parts.scheme not in ("http", "https") or "@" in parts.netloc or not parts.hostname:
            raise NotAllowedError(told)
        plain = urlunsplit((parts.scheme, parts.netloc, parts.path, parts.query, ""))
        if (parts.scheme, parts.netloc.lower()) == (own.scheme, own.netloc.lower()):
            return plain
        if parts.hostname.lower() not in (*self.hosts, own.hostname) or port not in (None, 80, 443):
            raise NotAllowedError(told)
        if own.hostname == parts.hostname and self.is_local:
            raise NotAllowedError(told)  # another port of this machine
        return urlunsplit(("https", parts.hostname, parts.path, parts.query, ""))


# When the next request may go out: one after another, with a pause between, and so many a run.

DELAY = 2.0  # seconds between the end of an answer and the next request
LEAST_DELAY = 1.0
BUDGET = 300  # requests a run, redirects counted


class BudgetSpentError(Exception):
    """The run has used up its number of requests."""


@dataclass
class Pace:
    """Waits before each request. ``clock`` and ``sleep`` are those of the ``time`` module, or of a test."""

    delay: float = DELAY
    budget: int = BUDGET
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], object] = time.sleep
    asked: int = 0
    _free: float = field(default=-float("inf"))

    def turn(self) -> None:
        """Returns when the next request may go out. Raises BudgetSpentError when no more may."""
        if self.asked >= self.budget:
            raise BudgetSpentError
        self.asked += 1
        while (remaining := self._free - self.clock()) > 0:
            self.sleep(remaining)

    def answered(self) -> None:
        """Starts the pause after an answer, be it whole or not."""
        self._free = max(self._free, self.clock() + self.delay)

    def rest(self, seconds: float) -> None:
        """Lets the next request wait for at least so long."""
        self._free = max(self._free, self.clock() + max(seconds, self.delay))


def retry_after(value: str, now: datetime) -> float | None:
    """Seconds to wait by a Retry-After header (RFC 9110, 10.2.3); None where it says nothing readable."""
    value = value.strip()
    if value.isascii() and value.isdecimal():
        return float(value[:9])
    try:
        when = parsedate_to_datetime(value)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    if when.tzinfo is None:  # "-0000": UTC, origin unknown
        when = when.replace(tzinfo=UTC)
    return max(0.0, (when - now).total_seconds())
