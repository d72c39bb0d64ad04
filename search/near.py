"""Which strings stand near each other: NEAR/n, answered from the places of the literal index."""

from __future__ import annotations

import numpy as np

from .literal import LiteralIndex, Occurrences
from .places import occurrences
from .query import Node, Or, Words
from .query.tree import strings_of
from .script_forms import in_both_scripts


def near(literal: LiteralIndex, first: Node, second: Node, within: int) -> Occurrences:
    """The paragraphs where strings of ``first`` have one of ``second`` near them, either way, and how many.

    Near: at most ``within`` characters between the two, white space not counted.
    """
    held = []
    for string in spellings(first):
        ones = occurrences(literal, string)
        starts = ones.starts.astype(np.int64)
        ends = starts + len(ones.match)
        hit = np.zeros(len(ones), bool)
        for other in spellings(second):
            others = occurrences(literal, other)
            hit |= _behind(ends, ones.rows, others, within) | _before(starts, ones.rows, others, within)
        held.append(ones.rows[hit])
    rows, counts = np.unique(np.concatenate(held) if held else np.empty(0, np.int32), return_counts=True)
    return Occurrences(rows.astype(np.int32), counts, literal)


def spellings(operand: Node) -> list[str]:
    """The strings of one side: quoted ones as they are, others in both scripts."""
    if isinstance(operand, Or):
        return list(dict.fromkeys(string for inner in operand.nodes for string in spellings(inner)))
    texts = strings_of(operand)
    return [form for text in texts for form in in_both_scripts(text)] if isinstance(operand, Words) else texts


def _behind(ends: np.ndarray, rows: np.ndarray, others, within: int) -> np.ndarray:
    """Which places have one of ``others`` close behind their end."""
    if not len(others):
        return np.zeros(len(ends), bool)
    following = np.searchsorted(others.starts, ends)
    there = np.minimum(following, len(others) - 1)
    gap = others.starts[there] - ends
    return (following < len(others)) & (gap <= within) & (others.rows[there] == rows)


def _before(starts: np.ndarray, rows: np.ndarray, others, within: int) -> np.ndarray:
    """Which places have one of ``others`` close before their start."""
    if not len(others):
        return np.zeros(len(starts), bool)
    ends = others.starts.astype(np.int64) + len(others.match)
    preceding = np.searchsorted(ends, starts, side="right") - 1
    there = np.maximum(preceding, 0)
    gap = starts - ends[there]
    return (preceding >= 0) & (gap <= within) & (others.rows[there] == rows)
