"""When the next request may go out: one after another, with a pause between, and so many a run."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

DELAY = 2.0  # seconds between the end of an answer and the next request
LEAST_DELAY = 1.0
BUDGET = 300  # requests a run, redirects counted


class BudgetSpentError(Exception):
    """The run has asked as often as it may."""


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
        """To be called when an answer has ended, be it whole or not."""
        self._free = max(self._free, self.clock() + self.delay)

    def rest(self, seconds: float) -> None:
        """Let the next request wait for at least so long."""
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
