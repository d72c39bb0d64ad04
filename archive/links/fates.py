"""The answers that a link with a fingerprint can have."""

from __future__ import annotations

from enum import StrEnum


class Fate(StrEnum):
    """``IDENTICAL_BUT_FORM``: the fingerprint is the same, the characters are or may be others (， for ,)."""

    IDENTICAL = "identical"
    IDENTICAL_BUT_FORM = "identical_but_form"
    MOVED = "moved"
    EDITED = "edited"
    WITHDRAWN = "withdrawn"
    NEVER_ISSUED = "never_issued"
