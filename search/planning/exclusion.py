"""What a minus before a word takes away."""

from __future__ import annotations

import numpy as np

from search.index.literal import LiteralIndex
from search.query.conditions import TEXT, AllOf, AnyNode, AnyOf, Located, Term
from search.text.analyzer import analyze
from search.text.folding import fold_literally
from search.text.scripts import in_both_scripts

from .names import Names


def excluded(piece: str, literal: LiteralIndex, names: Names) -> AnyNode:
    """The paragraphs that hold ``piece``: wherever its characters stand, in either script, across the borders
    of words too (工商业 in 工商业界). Of a State's name only where it is not part of another State's: leaving
    out 印度 leaves 印度尼西亚. A symbol or number counts in all its spellings.
    """
    tokens = analyze(piece)
    if not all(token.kind == "word" for token in tokens):
        return AllOf(tuple(Term(TEXT, token.term) for token in tokens))
    return AnyOf(tuple(_standing(form, literal, names) for form in in_both_scripts(piece)))


def _standing(form: str, literal: LiteralIndex, names: Names) -> Located:
    found = literal.find(form)
    left = found.counts.astype(np.int64)
    for longer in _longer_names(form, names):
        other = literal.find(longer)
        left[np.searchsorted(found.rows, other.rows)] -= other.counts * _times(form, longer)
    rows = found.rows[left > 0]
    return Located(rows, np.zeros(len(rows), np.float32))


def _longer_names(form: str, names: Names) -> list[str]:
    """The names of other States that hold ``form``, where it is one; of such that hold one another the
    shortest.
    """
    own = names.codes("state", form)
    if not own:
        return []
    longer = [name for name in names.all_of("state") if form in name and not names.codes("state", name) & own]
    return [name for name in longer if not any(other in name for other in longer if other != name)]


def _times(form: str, longer: str) -> int:
    return fold_literally(longer).count(fold_literally(form))
