"""What belongs to a name beside the places that write it: what a State or body says, titles of a document."""

from __future__ import annotations

from dataclasses import replace

from search.query.conditions import AllOf, AnyNode, AnyOf, Concept, Constant, First, Term
from search.text.analyzer import Token

from .names import Names

# Added to the words of a State, body or document that the query names; and to the titles of that document,
# since headings are else held back.
OWN_WORDS, OWN_TITLE = 3.0, 9.0
TITLES = 2  # the organ or the title; the title or that of an annex


def with_own_words(concept: Concept, token: Token, name: str, names: Names) -> Concept:
    """``concept`` of ``name``, held also by the words of the State, body or document of that name."""
    if token.kind == "symbol":
        return with_titles(concept, names.held(name))
    terms = [Term(field, code) for field in ("state", "body") for code in names.codes(field, name)]
    return replace(concept, context=_also(concept.context, terms)) if terms else concept


def with_titles(concept: Concept, symbol: str | None) -> Concept:
    """``concept`` of a document, held also by the document's own words; its titles first."""
    if symbol is None:
        return concept
    own = Term("symbol", symbol)
    titles = Constant(First(AllOf((own, Term("kind", "heading"))), TITLES), OWN_TITLE)
    return Concept(AnyOf((concept.text, titles)), _also(concept.context, [own]))


def _also(context: AnyNode, terms: list[Term]) -> AnyNode:
    return AnyOf((context, Constant(AnyOf(tuple(terms)), OWN_WORDS)))
