"""The fingerprint of a paragraph's words."""

from __future__ import annotations

import hashlib
import unicodedata


def fingerprint(text: str) -> str:
    """The first 8 hexadecimal digits of SHA-256 over ``text`` after NFKC and without any white space.

    Equal for texts that differ only in width forms, composed characters or spacing; a fingerprint that is
    part of an address is compared whole, never approximately.
    """
    words = "".join(unicodedata.normalize("NFKC", text).split())
    return hashlib.sha256(words.encode("utf-8")).hexdigest()[:8]
