"""Concepts of the thesaurus in words: their branches, their terms by kind, their place in the alphabet."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from archive.models import ThesaurusConcept
from archive.store.addresses.paths import concept_path
from archive.store.values import Schema
from archive.text.folding import pinyin_order
from archive.text.skos import LISTS, SkosConcept


class ConceptLine(Schema, frozen=True, kw_only=True):
    """A concept of the thesaurus: its terms by kind, and the concepts around it by slug."""

    slug: str
    url: str
    name: str
    branch: str
    letter: str
    variants: list[str]
    abbreviations: list[str]
    colloquial: list[str]
    taiwan: list[str]
    hongkong: list[str]
    singapore: list[str]
    english: list[str]
    broader: list[str]
    related: list[str]

    @classmethod
    def of(cls, concept: ThesaurusConcept, **told: Any) -> Self:
        return cls.from_row(concept, url=concept_path(concept.slug), letter=letter_of(concept.name), **told)


BRANCHES: Mapping[str, str | Promise] = {
    "proliferation": _("防扩散"),
    "nuclear": _("核"),
    "chembio": _("化学和生物"),
    "trade": _("贸易、海关和运输"),
    "finance": _("金融"),
    "terror": _("恐怖主义和犯罪"),
    "procedure": _("联合国程序和法律"),
    "policy": _("政策用语"),
}
# Kind of term → its label, the language of its words (BCP 47).
KINDS: Mapping[str, tuple[str | Promise, str]] = {
    "variants": (_("同义词"), "zh-Hans"),
    "abbreviations": (_("缩略语"), "zh-Hans"),
    "colloquial": (_("口语说法"), "zh-Hans"),
    "taiwan": (_("台湾用语"), "zh-TW"),
    "hongkong": (_("香港用语"), "zh-HK"),
    "singapore": (_("新加坡用语"), "zh-SG"),
    "english": (_("英文"), "en"),
}
# The letters that begin a pinyin, and the first character of each in the order of GB 2312, whose common
# characters stand by pinyin; those behind them stand by radical.
LETTERS = "ABCDEFGHJKLMNOPQRSTWXYZ"
BEGINNINGS = [pinyin_order(first) for first in "啊芭擦搭蛾发噶哈击喀垃妈拿哦啪期然撒塌挖昔压匝亍"]
OTHERS = "#"


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of one kind: its label, the language of the words, the words."""

    kind: str
    label: str
    lang: str
    words: tuple[str, ...]


def branch_name(branch: str) -> str:
    """Returns the display name of a branch (门类); the code itself for one that an editor made."""
    return str(BRANCHES.get(branch, branch))


def terms_by_kind(concept: ThesaurusConcept) -> list[Terms]:
    """Returns the other terms of a concept, kinds without any left out."""
    return [
        Terms(kind, str(label), lang, tuple(words))
        for kind, (label, lang) in KINDS.items()
        if (words := getattr(concept, kind))
    ]


def letter_of(name: str) -> str:
    """Returns the letter that the pinyin of a name begins with; # for rare characters and what is no letter.

    >>> letter_of("出口管制"), letter_of("3D打印"), letter_of("AML")
    ('C', '#', 'A')
    """
    first = name[:1].upper()
    if first.isascii():
        return first if first.isalpha() else OTHERS
    place = pinyin_order(first)
    number = bisect(BEGINNINGS, place) - 1
    common = len(place) == len(BEGINNINGS[0]) and 0 <= number < len(LETTERS)
    return LETTERS[number] if common else OTHERS


def in_order(concept: ThesaurusConcept) -> tuple[str, str, str]:
    """Returns a sort key of concepts: letter, then pronunciation; it can be serialised."""
    letter = letter_of(concept.name)
    return (letter if letter != OTHERS else "~", pinyin_order(concept.name).decode("latin-1"), concept.slug)


def as_skos(concept: ThesaurusConcept) -> SkosConcept:
    """Returns the concept as a value that ``archive.text.skos`` writes."""
    lists = {name: tuple(getattr(concept, name)) for name in LISTS}
    return SkosConcept(concept.slug, concept.name, concept.branch, **lists)


def neighbours(concept: ThesaurusConcept, around: list[ThesaurusConcept]) -> dict[str, list]:
    """Returns concepts ``around`` one by relation: broader, narrower, related, each in order."""
    listed = sorted(around, key=in_order)
    return {
        "broader": [one for one in listed if one.slug in concept.broader],
        "narrower": [one for one in listed if concept.slug in one.broader],
        "related": [one for one in listed if one.slug in concept.related or concept.slug in one.related],
    }


def all_terms(concept: ThesaurusConcept) -> Iterator[str]:
    """Generates the preferred term and all others."""
    yield concept.name
    for kind in KINDS:
        yield from getattr(concept, kind)
