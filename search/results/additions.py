"""The query expansion as page and JSON report it: for which words, of which kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Self

from django.utils.translation import gettext_lazy as _

from archive.text.skos import SkosConcept
from archive.values import Schema
from search.text.segmenter import written
from search.thesaurus import relations
from search.thesaurus.relations import Relation
from search.thesaurus.table import thesaurus_at

from .answer import Answer

MOST_CONCEPTS = 8
KINDS = {
    Relation.SAME: _("同义"),
    Relation.ABBREVIATION: _("缩略"),
    Relation.REGIONAL: _("各地用语"),
    Relation.TRANSLATION: _("译名"),
    Relation.COLLOQUIAL: _("文件用语"),
    Relation.NARROWER: _("下位"),
    Relation.NARROWER_STILL: _("再下位"),
    Relation.BROADER: _("上位"),
    Relation.RELATED: _("相关"),
}


class AddedTerm(Schema, frozen=True, kw_only=True):
    """A term that was added to a word; ``finds``: it finds paragraphs, else it raises what others find."""

    term: str
    relation: str
    finds: bool
    weight: float
    concept: str | None


class Expansion(Schema, frozen=True, kw_only=True):
    """The terms added for a word of the query; ``absent``: the word itself occurs in no paragraph."""

    text: str
    absent: bool
    terms: list[AddedTerm]

    added: ClassVar[Sequence[relations.Expansion]]

    @classmethod
    def of(cls, text: str, added: Sequence[relations.Expansion], absent: bool) -> Self:
        terms = [
            AddedTerm.from_row(one, finds=one.relation.finds, weight=round(one.weight, 3)) for one in added
        ]
        return cls(text=text, absent=absent, terms=terms).carrying(added=added)

    @property
    def kinds(self) -> list[tuple[str, list[str]]]:
        """The terms by kind, in words, that find paragraphs; those that mean the same first."""
        return self._by_kind([one for one in self.added if one.relation.finds])

    @property
    def raising(self) -> list[tuple[str, list[str]]]:
        """The added terms, by kind, that only raise the score of other matches."""
        return self._by_kind([one for one in self.added if not one.relation.finds])

    def _by_kind(self, added: Sequence[relations.Expansion]) -> list[tuple[str, list[str]]]:
        return [
            (str(label), terms)
            for relation, label in KINDS.items()
            if (terms := [written(one.term) for one in added if one.relation is relation])
        ]


def additions(answer: Answer) -> list[Expansion]:
    """Lists the added terms for each word or term of the query, in its order."""
    standing = answer.found.standing if answer.found else frozenset()
    return [Expansion.of(text, found, text not in standing) for text, found in answer.added.items()]


def named_concepts(answer: Answer) -> list[SkosConcept]:
    """Returns the concepts of the thesaurus that the words of the query name, each once, in their order; not
    those that are called so in talk alone, nor those of the kept lists, which have no page.
    """
    thesaurus = thesaurus_at(answer.coverage.revision)
    found = {
        concept.slug: concept
        for word in answer.plan.tokens
        for concept, how in thesaurus.named(word)
        if concept.slug and how is not Relation.COLLOQUIAL
    }
    return list(found.values())[:MOST_CONCEPTS]
