"""A text in the simplified and the traditional script."""

from __future__ import annotations

from functools import cache

import opencc


def in_both_scripts(text: str) -> list[str]:
    """``text`` as it stands, then in the other script where that differs.

    >>> in_both_scripts("决议")
    ['决议', '決議']
    """
    return list(dict.fromkeys([text, _converter("t2s").convert(text), _converter("s2t").convert(text)]))


@cache
def _converter(name: str) -> opencc.OpenCC:
    return opencc.OpenCC(name)
