"""Telling the lines of a masthead, which formats set in tables, headers and boxes of their own."""

from __future__ import annotations

import re
from collections.abc import Iterable

from archive.text.cleaner.furniture import symbol_of_line

_LONGEST = 160
_DISTRIBUTION = re.compile(r"Distr\b|(?:普遍|普通|一般|有限|限制)分发|原件[:：]|Original\s*:", re.I)


def is_masthead(lines: Iterable[str]) -> bool:
    """Whether these lines together are a masthead, and not a table that names documents."""
    told = ["".join(line.split()) for line in lines if len(line) <= _LONGEST]
    distributed = any(_DISTRIBUTION.match(line) for line in told)
    return distributed or ("联合国" in told and any(symbol_of_line(line) for line in told))


def is_of_masthead(line: str) -> bool:
    """Whether a line names the document or its distribution, as nothing but a masthead does."""
    line = " ".join(line.split())
    return len(line) <= _LONGEST and bool(symbol_of_line(line) or _DISTRIBUTION.match(line))
