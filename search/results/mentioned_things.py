"""The named entities of a query, in words: kind, page, and number of paragraphs."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from archive.http.addresses import query_string
from archive.values import Schema
from search.entities.documents import Jump
from search.entities.names import Entity, How, Kind, NameTable
from search.jump.name_lookup import jump_label, jump_path, kind_in_words, pages_of

from .answer import Answer

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
        )
        for named, count in answer.named
    ]
    return list(dict.fromkeys(found))[:MOST]


def page_of(entity: Entity, table: NameTable) -> str:
    """Returns the address of an entity's page; where it has several, of the choice between them."""
    if entity.kind is Kind.SYMBOL:
        return jump_path(Jump(entity.key, entity.anchor, entity.last))
    pages = list(pages_of(entity.kind, entity.key, entity.label, table))
    if len(pages) == 1:
        return pages[0].url
    if entity.kind in (Kind.TERM, Kind.MEETING):
        return reverse("search") + query_string(q=entity.label)
    return reverse("go") + query_string(q=entity.label)


def _label(entity: Entity) -> str:
    if entity.kind is Kind.SYMBOL:
        return jump_label(Jump(entity.key, entity.anchor, entity.last))
    return entity.label
