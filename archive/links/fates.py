"""The answers that a link with a fingerprint can have."""

from __future__ import annotations

from enum import StrEnum


class Fate(StrEnum):
    IDENTICAL = "identical"
    MOVED = "moved"
    EDITED = "edited"
    WITHDRAWN = "withdrawn"
    NEVER_ISSUED = "never_issued"
