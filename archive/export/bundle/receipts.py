"""Receipts: what a verification answered, signed by the site's key, to be shown again later (``/verify``) or
offline (``verify.py --receipt``). Nothing is kept here: who asked holds the only copy.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from .export import public_key, read_key, sign


def receipt_of(value: Mapping[str, Any]) -> str | None:
    """Returns the receipt of an answer: its JSON in URL-safe Base64, a full stop, and the signature in
    hexadecimal digits; None where the site has no SIGNING_KEY. Raises BundleError for a key that is unfit.
    """
    key = _key()
    if key is None:
        return None
    content = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
    return f"{urlsafe_b64encode(content).decode()}.{sign(key, content)}"


def site_key() -> str | None:
    """Returns the public key of receipts in hexadecimal digits; None where the site has none."""
    key = _key()
    return public_key(key) if key else None


def _key() -> Ed25519PrivateKey | None:
    return _read(settings.SIGNING_KEY) if settings.SIGNING_KEY else None


@lru_cache(maxsize=1)
def _read(path: str) -> Ed25519PrivateKey:
    return read_key(Path(path))
