"""What the answer to a link says, as far as it must never change."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from django.test import Client

WORDS = ("paragraph", "paragraphs", "range", "now", "then", "texts", "issued")


def told(client: Client, link: str) -> dict:
    """Status; where it leads; the verdict (``fate``), and digests of the words shown, by their place."""
    response = client.get(link if link.startswith("/c/") else f"{link}.json")
    if 300 <= response.status_code < 400:
        return {"status": response.status_code, "location": response["Location"]}
    body = response.json()
    words = {key: _digest(body[key]) for key in WORDS if body.get(key)}
    return {"status": response.status_code, "fate": body.get("fate"), "words": words}


def _digest(value: object) -> str:
    return sha256("\n".join(_texts(value)).encode()).hexdigest()[:12]


def _texts(value: object) -> Iterator[str]:
    """All that stands under ``text``, in order."""
    if isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, dict):
        for key, one in value.items():
            if key == "text":
                yield str(one)
            elif isinstance(one, dict | list):
                yield from _texts(one)
