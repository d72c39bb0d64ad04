"""Log filters: remove readers' addresses, repeated messages, and overlong lines."""

from __future__ import annotations

import ipaddress
import logging
import re

LONGEST = 1000  # characters of a message; strangers send addresses and heads of 64,000

# Anything that may be an address: IPv4, or groups of IPv6 with two colons at least, perhaps with a port.
_CANDIDATE = re.compile(
    r"\[?(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)\]?(?::\d+)?"
)


class OneLine(logging.Filter):
    """A log filter that strips the traceback of errors any stranger can cause: a wrong Host, a forged form.

    Of an overlong message the beginning is kept.
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
