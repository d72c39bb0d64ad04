"""Lookup of synonyms and related terms, and their weights: a table over concepts, in plain values."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from pathlib import Path

from archive.models import ThesaurusConcept
from archive.store.revision import RevisionMark, reference_revision
from archive.text.folding import fold_words
from archive.text.skos import LISTS, SkosConcept
from search.query.text.folding import name_key
from search.query.text.segmenter import kept_sets

# Relations between thesaurus terms, and the ranking weight of each.


class Relation(StrEnum):
    """The relation of an added term to the typed one."""

    SAME = "same"
    ABBREVIATION = "abbreviation"
    REGIONAL = "regional"
    TRANSLATION = "translation"
    NUMBER = "number"  # the same number in other digits
    COLLOQUIAL = "colloquial"  # what documents write for a word of talk; a name of a concept: such a word
    NARROWER = "narrower"
    BROADER = "broader"
    RELATED = "related"

    @property
    def means_the_same(self) -> bool:
        """True if the term is another name of the same concept."""
        return self in NAMES

    @property
    def goes_down(self) -> bool:
        """True if the term is narrower than the concept."""
        return self is Relation.NARROWER

    @property
    def finds(self) -> bool:
        """True if the term alone is a match; broader or related terms only raise the score of others."""
        return self.means_the_same or self.goes_down


# The one table of weights: the score of the typed word times this. None reaches 1, the word itself.
WEIGHTS: Mapping[Relation, float] = {
    Relation.SAME: 0.95,
    Relation.ABBREVIATION: 0.95,
    Relation.REGIONAL: 0.9,
    Relation.TRANSLATION: 0.9,
    Relation.NUMBER: 0.95,
    Relation.COLLOQUIAL: 0.7,
    Relation.NARROWER: 0.5,
    Relation.BROADER: 0.25,
    Relation.RELATED: 0.2,
}
NAMES = frozenset(
    {
        Relation.SAME,
        Relation.ABBREVIATION,
        Relation.REGIONAL,
        Relation.TRANSLATION,
        Relation.NUMBER,
        Relation.COLLOQUIAL,
    }
)


@dataclass(frozen=True, slots=True)
class Expansion:
    """A term added to the typed one (query expansion).

    ``concept`` is the slug of the concept that it names, empty for the kept lists; ``weight`` is that of the
    relation, less where the typed word names the concept only in talk.
    """

    term: str
    relation: Relation
    weight: float
    concept: str = ""


PLURAL = re.compile(r"(?<=[a-z]{2}[^su])s\b")
LABELS: tuple[tuple[str, Relation], ...] = (
    ("variants", Relation.SAME),
    ("abbreviations", Relation.ABBREVIATION),
    ("taiwan", Relation.REGIONAL),
    ("hongkong", Relation.REGIONAL),
    ("singapore", Relation.REGIONAL),
    ("english", Relation.TRANSLATION),
    ("colloquial", Relation.COLLOQUIAL),
)
FORMAL = frozenset({Relation.SAME, Relation.ABBREVIATION})  # the names by which neighbours are looked for
IN_TALK = 0.8  # a word of talk may mean something else besides

Label = tuple[str, Relation]


def term_key(text: str) -> str:
    """Returns ``text`` as terms are looked up: Weapons of Mass-Destruction → weapon of mass destruction;
    traditional characters as simplified ones.
    """
    folded = fold_words(text).strip()
    return PLURAL.sub("", folded.replace("-", " ")) if folded.isascii() else folded


class Thesaurus:
    """The terms of ``concepts``, in which those come first that know best; none need be unique.

    >>> one = SkosConcept("uav", "无人机", "x", variants=("无人驾驶飞机",), english=("drone",))
    >>> [(e.term, str(e.relation)) for e in Thesaurus([one]).expansions("Drones")]
    [('无人机', 'same'), ('无人驾驶飞机', 'same')]
    """

    def __init__(self, concepts: Iterable[SkosConcept]) -> None:
        self.concepts = tuple(concepts)
        self._labels: list[tuple[Label, ...]] = []
        self._named: dict[str, list[tuple[int, Relation]]] = defaultdict(list)
        self._below: dict[str, list[int]] = defaultdict(list)
        self._place: dict[str, int] = {}
        for place, concept in enumerate(self.concepts):
            labels = tuple(dict.fromkeys(_labels_of(concept)))
            self._labels.append(labels)
            for key, relation in labels:
                self._named[key].append((place, relation))
            for wider in concept.broader:
                self._below[wider].append(place)
            self._place[concept.slug] = place
        self.expansions = lru_cache(maxsize=4096)(self._expansions)
        self.out: frozenset[str] = frozenset()

    def knows(self, text: str) -> bool:
        """Returns True if a concept has this name, in whatever language or region."""
        return term_key(text) in self._named

    @cached_property
    def latin(self) -> tuple[str, ...]:
        """The names of concepts in Latin letters, as they are looked up."""
        return tuple(filter(str.isascii, self._named))

    def without(self, terms: Iterable[str]) -> Thesaurus:
        """Returns the thesaurus of which ``terms`` are added to nothing."""
        less = copy(self)
        less.out = frozenset(map(name_key, terms))
        return less

    def named(self, text: str) -> list[tuple[SkosConcept, Relation]]:
        """Returns the concepts that ``text`` names, and as which kind of name."""
        return [(self.concepts[place], how) for place, how in self._named.get(term_key(text), ())]

    def _expansions(self, text: str) -> tuple[Expansion, ...]:
        """Returns the terms to add to ``text``, by falling weight; each term once."""
        own = term_key(text)
        found: dict[str, tuple[Expansion, int]] = {}
        for place, how in self._named.get(own, ()):
            talk = how is Relation.COLLOQUIAL
            for number, one in enumerate(self._beside(place)):
                if one.term == own:
                    continue
                weight = one.weight * (IN_TALK if talk else 1.0)
                relation = how if talk and one.relation.means_the_same else one.relation
                if one.term not in found or found[one.term][0].weight < weight:
                    found[one.term] = Expansion(one.term, relation, weight, one.concept), number
        # of several concepts that are worth the same, none takes all the room: each one's first names first
        listed = sorted(found.values(), key=lambda pair: (-pair[0].weight, pair[1]))
        return tuple(one for one, _number in listed)

    def _beside(self, place: int) -> Iterator[Expansion]:
        """Generates the names of a concept, and those of its neighbours."""
        concept = self.concepts[place]
        for term, relation in self._labels[place]:
            if relation is not Relation.COLLOQUIAL:  # 坏人 leads to 非国家行为体, not back
                yield Expansion(term, relation, WEIGHTS[relation], concept.slug)
        below = self._below.get(concept.slug, []) if concept.slug else []
        yield from self._neighbours(below, Relation.NARROWER)
        for slugs, relation in ((concept.broader, Relation.BROADER), (concept.related, Relation.RELATED)):
            yield from self._neighbours((self._place[s] for s in slugs if s in self._place), relation)

    def _neighbours(self, places: Iterable[int], relation: Relation) -> Iterator[Expansion]:
        for place in places:
            slug = self.concepts[place].slug
            for term, how in self._labels[place]:
                if how in FORMAL:
                    yield Expansion(term, relation, WEIGHTS[relation], slug)


def _labels_of(concept: SkosConcept) -> Iterator[Label]:
    seen = {term_key(concept.name)}
    yield term_key(concept.name), Relation.SAME
    for name, relation in LABELS:
        for term in getattr(concept, name):
            key = term_key(term)
            if key and key not in seen:
                seen.add(key)
                yield key, relation


# English terms, and what UN documents in Chinese call them: the kept list.

LIST = Path(__file__).resolve().parent / "english.txt"


@functools.cache
def terms() -> dict[str, str]:
    """Terms as they are looked up, and their Chinese form."""
    lines = [line for line in LIST.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    pairs = (line.split(" = ") for line in lines)
    return {term_key(english): chinese for english, chinese in pairs}


# The thesaurus of this process: the kept lists of the search, then the concepts of the database.

_read: dict[str, Thesaurus] = {}  # revision of the archive → table; only the last


def thesaurus_at(revision: str) -> Thesaurus:
    """Returns the thesaurus at a revision of the archive. No query for the revision asked for last; else one,
    and another where the reference data changed since.
    """
    if revision not in _read:
        table = _table_of(reference_revision())
        _read.clear()
        _read[revision] = table
    return _read[revision]


@functools.lru_cache(maxsize=2)
def _table_of(_reference_data: RevisionMark) -> Thesaurus:
    return Thesaurus([*kept_concepts(), *stored_concepts()])


def stored_concepts() -> Iterator[SkosConcept]:
    """Generates the concepts of the database that no editor has retired."""
    columns = ("slug", "name", "branch", *LISTS)
    for slug, name, branch, *lists in (
        ThesaurusConcept.objects.current().order_by("slug").values_list(*columns)
    ):
        yield SkosConcept(slug, name, branch, *map(tuple, lists))


def kept_concepts() -> Iterator[SkosConcept]:
    """Generates the kept lists as concepts without a page: sets of equal terms, and English terms."""
    for first, *others in kept_sets():
        yield SkosConcept("", first, "", variants=tuple(others))
    for english, chinese in terms().items():
        yield SkosConcept("", chinese, "", english=(english,))
