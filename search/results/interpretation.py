"""A question as the live index understands it."""

from __future__ import annotations

from search.live.index import OpenIndex
from search.planning.interpreted import Understood, interpret
from search.planning.names import names_of
from search.query.request import Asked
from search.thesaurus.table import thesaurus_at


def understand(asked: Asked, index: OpenIndex) -> Understood:
    """What is to be asked of ``index``: the plan of the query, and all filters."""
    thesaurus = thesaurus_at(index.coverage.revision)
    return interpret(asked, index.vocabulary, names_of(index.manifest.names), thesaurus)
