"""The documents of a family of resolutions, from ``fixtures/families.json``, each with the reason.

``sure`` is false where a symbol rests on memory and was not seen in a text. ``says`` is what every document
of the family says: one that does not is another document, and is not taken in for the family's sake.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache

from archive.text.reference import FIXTURES

FILE = "families.json"


@dataclass(frozen=True, slots=True)
class Member:
    """A document of a family, and why it belongs to it.

    ``mandate_until`` is the day (ISO 8601) until which a resolution gives its family's committee, else empty.
    """

    symbol: str
    why: str
    sure: bool
    mandate_until: str = ""


@dataclass(frozen=True, slots=True)
class Family:
    name: str
    says: str
    documents: tuple[Member, ...]


@cache
def families() -> dict[str, Family]:
    """Returns every family that is known, by the number of its first resolution."""
    told = json.loads((FIXTURES / FILE).read_text("utf-8"))
    return {
        key: Family(one["name"], one["says"], tuple(Member(**row) for row in one["documents"]))
        for key, one in told.items()
    }


def mandates() -> list[tuple[dict[str, str], frozenset[str]]]:
    """Returns for each family: resolution → last day of the mandate it gives, oldest first; and members."""
    return [
        (
            {row.symbol: row.mandate_until for row in one.documents if row.mandate_until},
            frozenset(row.symbol for row in one.documents if "/RES/" in row.symbol),
        )
        for one in families().values()
    ]
