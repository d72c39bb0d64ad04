"""What a query names, in words: which thing, where its page is, and in how many paragraphs it stands."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from archive.http.addresses import query_string
from search.entities.documents import Jump
from search.entities.names import Entity, How, Kind, NameTable
from search.jump.labels import jump_label
from search.jump.name_lookup import jump_path, kind_in_words, pages_of
from search.schemas import results

from .answer import Answer

MOST = 6


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing that ``text``, a stretch of the query, names. ``paragraphs``: how many texts name it."""

    text: str
    kind: Kind
    key: str
    label: str
    url: str
    how: How
    form: str
    paragraphs: int

    @property
    def sentence(self) -> str:
        """What is known of it, before its link: “世卫组织”指机构."""
        words = {"text": self.text, "form": self.form, "kind": kind_in_words(self.kind)}
        if self.how is How.PINYIN:
            return _("“%(text)s”按拼音读作“%(form)s”，%(kind)s") % words
        if self.how is How.SPELLING:
            return _("“%(text)s”补全标点后是%(kind)s") % words
        if self.how is How.LOOKALIKE:
            return _("“%(text)s”里有形近的字符，读作“%(form)s”，%(kind)s") % words
        if self.how is How.FORMER:
            return _("“%(text)s”是旧称，今为%(kind)s") % words
        return _("“%(text)s”指%(kind)s") % words

    def as_json(self) -> results.NamedEntity:
        return results.NamedEntity(
            text=self.text,
            kind=str(self.kind),
            key=self.key,
            label=self.label,
            url=self.url,
            how=str(self.how),
            name=self.form,
            paragraphs=self.paragraphs,
        )


def things(answer: Answer) -> list[Thing]:
    """The things that the query names, in its order."""
    table = answer.names.table
    found = [
        Thing(
            text=named.text,
            kind=named.entity.kind,
            key=named.entity.key,
            label=_label(named.entity),
            url=page_of(named.entity, table),
            how=named.entity.how,
            form=named.entity.form,
            paragraphs=count,
        )
        for named, count in answer.named
    ]
    return list(dict.fromkeys(found))[:MOST]


def page_of(entity: Entity, table: NameTable) -> str:
    """The address of what is named; where that is several pages, the choice between them."""
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
