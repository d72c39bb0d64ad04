"""What a minus before a word takes away."""

from __future__ import annotations

from search.query.conditions import TEXT, AllOf, AnyNode, AnyOf, Contains, Term
from search.text.analyzer import analyze
from search.text.folding import in_both_scripts

from .names import Names


def excluded(piece: str, names: Names) -> AnyNode:
    """The paragraphs that hold ``piece``: wherever its characters stand, in either script, across the borders
    of words too (工商业 in 工商业界). Of a State's name only where it is not part of another State's: leaving
    out 印度 leaves 印度尼西亚. A symbol or number counts in all its spellings.
    """
    tokens = analyze(piece)
    if not all(token.kind == "word" for token in tokens):
        return AllOf(tuple(Term(TEXT, token.term) for token in tokens))
    forms = in_both_scripts(piece)
    return AnyOf(tuple(Contains(form, apart_from=_longer_names(form, names)) for form in forms))


def _longer_names(form: str, names: Names) -> tuple[str, ...]:
    """The names of other States that hold ``form``, where it is one; of such that hold one another the
    shortest.
    """
    own = names.codes("state", form)
    if not own:
        return ()
    longer = [name for name in names.all_of("state") if form in name and not names.codes("state", name) & own]
    return tuple(name for name in longer if not any(other in name for other in longer if other != name))
