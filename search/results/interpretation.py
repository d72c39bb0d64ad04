"""A question as the live index understands it: planned again until nothing of its vocabulary is missing."""

from __future__ import annotations

from functools import partial

from search.live.index import OpenIndex
from search.planning.interpreted import Understood, interpret
from search.planning.names import names_of
from search.query.request import Asked
from search.thesaurus.kept import thesaurus_at

MOST_ROUNDS = 8  # of looking up what a plan lacks; two or three settle nearly every query


def understand(asked: Asked, index: OpenIndex) -> Understood:
    """What is to be asked of ``index``: the plan of the query, and all filters."""
    of = partial(
        interpret,
        asked,
        names=names_of(index.manifest.names),
        thesaurus=thesaurus_at(index.coverage.revision),
    )
    vocabulary = index.vocabulary
    understood = of(vocabulary)
    for _round in range(MOST_ROUNDS):
        if not vocabulary.missing:
            break
        vocabulary = index.look_up(vocabulary.missing, vocabulary)
        understood = of(vocabulary)
    return understood
