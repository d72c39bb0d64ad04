"""Which tokens of a query only ask or connect, and which are single characters."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .analyzer import Token
from .segmenter import segmenter
from .vocabulary import function_words

A_NOT_A = re.compile("(.)[不没]\\1.?")  # 知不知道, 够不够


def surface_of(group: Sequence[Token], piece: str) -> str:
    """How the tokens of ``group`` are written in ``piece``."""
    return piece[group[0].start : group[-1].end]


def is_character(token: Token) -> bool:
    """Whether a token is a single Han character."""
    return token.kind == "word" and len(token.term) == 1 and not token.term.isascii()


def all_ask(group: Sequence[Token]) -> bool:
    """Whether the tokens of a group only ask or connect, each or together: 哪|年."""
    return all(map(only_asks, group)) or "".join(token.term for token in group) in function_words()


def only_asks(token: Token) -> bool:
    """Whether a token only asks or connects: 为什么, 什么|时候, 够不够."""
    asking = function_words()
    return token.term in asking or (
        token.kind == "word"
        and (
            A_NOT_A.fullmatch(token.term) is not None
            or all(part in asking for part in segmenter().divided(token.term))
        )
    )
