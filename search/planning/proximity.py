"""What NEAR and THEN ask: which strings of one side stand near one of the other."""

from __future__ import annotations

from search.query import Near, Node, Or, Words
from search.query.ast import strings_of
from search.query.conditions import NearBy
from search.text.folding import in_both_scripts


def near_by(asked: Near) -> NearBy:
    """The condition that ``asked`` is."""
    return NearBy(spellings(asked.first), spellings(asked.second), asked.within, asked.ordered)


def spellings(operand: Node) -> tuple[str, ...]:
    """The strings of one side: quoted ones as they are, others in both scripts."""
    if isinstance(operand, Or):
        return tuple(dict.fromkeys(string for inner in operand.nodes for string in spellings(inner)))
    texts = strings_of(operand)
    return tuple(
        form for text in texts for form in (in_both_scripts(text) if isinstance(operand, Words) else (text,))
    )
