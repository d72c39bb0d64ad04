"""What a query was understood to mean, as page and JSON report it: the terms added, the things named."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Self

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from archive.site.presenters.wording import label_of_place
from archive.store.addresses.paths import query_string
from archive.store.links.ranges import path_of_place
from archive.store.values import Schema
from archive.text.skos import SkosConcept
from search.pages.http.addresses import search_address
from search.pages.jump.name_lookup import kind_in_words, pages_of, place_shown
from search.query.entities.names import Entity, How, Kind, NameTable
from search.query.text.quantities import writings
from search.query.text.segmenter import written
from search.query.thesaurus import table
from search.query.thesaurus.table import Relation, thesaurus_at

from .answer import Answer

MOST_CONCEPTS = 8
KINDS = {
    Relation.SAME: _("同义"),
    Relation.ABBREVIATION: _("缩略"),
    Relation.REGIONAL: _("各地用语"),
    Relation.TRANSLATION: _("译名"),
    Relation.NUMBER: _("数字写法"),
    Relation.COLLOQUIAL: _("文件用语"),
    Relation.NARROWER: _("下位"),
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

    @classmethod
    def of(cls, text: str, added: Sequence[table.Expansion], absent: bool) -> Self:
        terms = [
            AddedTerm.from_row(one, finds=one.relation.finds, weight=round(one.weight, 3)) for one in added
        ]
        return cls(text=text, absent=absent, terms=terms)

    def by_kind(self, finds: bool) -> list[tuple[str, list[str]]]:
        """The terms by kind, in words, those that mean the same first: those that find paragraphs, or those
        that only raise the score of other matches.
        """
        told = [one for one in self.terms if one.finds is finds]
        return [
            (str(label), terms)
            for relation, label in KINDS.items()
            if (terms := [written(one.term) for one in told if one.relation == relation])
        ]


def additions(answer: Answer) -> list[Expansion]:
    """Lists the added terms for each word or term of the query, in its order."""
    standing = answer.found.standing if answer.found else frozenset()
    # A number is in no thesaurus.
    return [
        Expansion.of(text, found, text not in standing and not writings(text).own)
        for text, found in answer.added.items()
    ]


def named_concepts(answer: Answer) -> list[SkosConcept]:
    """Returns the concepts of the thesaurus that the words of the query name, each once, in their order; not
    those that are called so in talk alone, nor those of the kept lists, which have no page.
    """
    thesaurus = thesaurus_at(answer.coverage.revision)
    found = {
        concept.slug: concept
        for word in (*answer.plan.divided, *answer.plan.tokens)
        for concept, how in thesaurus.named(word)
        if concept.slug and how is not Relation.COLLOQUIAL
    }
    return list(found.values())[:MOST_CONCEPTS]


# The named entities of a query, in words: kind, page, and number of paragraphs.

MOST = 6


class NamedEntity(Schema, frozen=True, kw_only=True):
    """A thing that the query names, how it is named there, and the paragraphs that mention it."""

    text: str
    kind: str
    key: str
    label: str
    url: str
    how: str
    name: str
    paragraphs: int

    held: ClassVar[bool]

    @property
    def place(self) -> str:
        """The paragraph of a document that is meant, in words; empty for a whole."""
        return self.label.removeprefix(self.key).strip(", ") if self.kind == Kind.SYMBOL else ""

    @property
    def sentence(self) -> str:
        """The description before its link: “世卫组织”指机构."""
        words = {"text": self.text, "form": self.name, "kind": kind_in_words(Kind(self.kind))}
        if self.how == How.PINYIN:
            return _("“%(text)s”按拼音读作“%(form)s”，%(kind)s") % words
        if self.how == How.SPELLING:
            return _("“%(text)s”补全标点后是%(kind)s") % words
        if self.how == How.LOOKALIKE:
            return _("“%(text)s”里有形近的字符，读作“%(form)s”，%(kind)s") % words
        if self.how == How.FORMER:
            return _("“%(text)s”是旧称，今为%(kind)s") % words
        return _("“%(text)s”指%(kind)s") % words


def things(answer: Answer) -> list[NamedEntity]:
    """Returns the things that the query names, in its order."""
    table = answer.names.table
    found = [
        NamedEntity(
            text=named.text,
            kind=named.entity.kind,
            key=named.entity.key,
            label=_label(named.entity),
            url=page_of(named.entity, table),
            how=named.entity.how,
            name=named.entity.form,
            paragraphs=count,
        ).carrying(held=named.entity.key in table.snapshot.get("symbol", {}))
        for named, count in answer.named
    ]
    return list(dict.fromkeys(found))[:MOST]


def page_of(entity: Entity, table: NameTable) -> str:
    """Returns the address of an entity's page; where it has several, of the choice between them."""
    if entity.kind is Kind.SYMBOL:
        return path_of_place(place_shown(entity.place, table))
    pages = list(pages_of(entity.kind, entity.key, entity.label, table))
    if len(pages) == 1:
        return pages[0].url
    if entity.kind in (Kind.TERM, Kind.MEETING):
        return search_address(entity.label)
    return reverse("go") + query_string(q=entity.label)


def _label(entity: Entity) -> str:
    if entity.kind is Kind.SYMBOL:
        return label_of_place(entity.place)
    return entity.label
