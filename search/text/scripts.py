"""A text in the simplified and the traditional script."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import opencc

SHORT = 40  # characters of what is remembered: names and terms, which are asked for again and again


def in_both_scripts(text: str) -> list[str]:
    """``text`` as it stands, then in the other script where that differs.

    >>> in_both_scripts("决议")
    ['决议', '決議']
    """
    return list(_forms(text) if len(text) <= SHORT else _forms.__wrapped__(text))


@lru_cache(maxsize=4096)
def _forms(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((text, _converter("t2s").convert(text), _converter("s2t").convert(text))))


@cache
def _converter(name: str) -> opencc.OpenCC:
    import opencc

    return opencc.OpenCC(name)
