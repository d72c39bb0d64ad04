"""The fingerprint of a paragraph's words, and the normal form that it is taken of."""

from __future__ import annotations

import hashlib
import unicodedata

SHORTEST, LONGEST = 8, 64  # hexadecimal digits that an address may carry
DIGEST_PREFIX = (
    "sha256:"  # before the digits in tables, where they would be read as numbers; addresses lack it
)


def normal_form(text: str) -> str:
    """``text`` after NFKC and without any white space: what fingerprints compare.

    >>> normal_form("第1 1段，10²")
    '第11段,102'
    """
    return "".join(unicodedata.normalize("NFKC", text).split())


def digest(text: str) -> str:
    """SHA-256 over the normal form of ``text`` in UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(normal_form(text).encode("utf-8")).hexdigest()


def fingerprint(text: str) -> str:
    """The first 8 hexadecimal digits of ``digest``, as addresses carry them.

    Equal for texts that differ only in form (width, composed characters, spacing); digits that are part of an
    address are all compared, never approximately.
    """
    return digest(text)[:SHORTEST]
