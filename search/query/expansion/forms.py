"""Units of a query and their forms: all ways in which a text may say each, and what they are worth."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from typing import Any

from archive.text.folding import fold_words
from archive.text.reference import load_reference
from archive.text.symbols.errors import SymbolError
from archive.text.symbols.symbol import Symbol
from search.query.entities.dates import read_meeting, written_forms, written_meetings
from search.query.entities.names import Entity, Kind, NameTable, mainland_forms
from search.query.language.conditions import (
    CONTEXT,
    TEXT,
    AllOf,
    AnyNode,
    AnyOf,
    Concept,
    Contains,
    Form,
    NearBy,
    Term,
    without_added,
)
from search.query.text.analyzer import CHINESE, INNER, Token, analyze, inner_term, words_of_term
from search.query.text.folding import in_both_scripts, name_key
from search.query.text.marked_words import is_character, only_asks
from search.query.text.quantities import longer, writings
from search.query.text.segmenter import segmenter
from search.query.thesaurus.table import FORMAL, WEIGHTS, Expansion, Relation, Thesaurus

# What a form is worth beside the word as typed (1): inside a longer word; the parts of a word apart; one part
# alone; a thing that a text means without naming it.
INSIDE, APART, PART, MEANT = 0.6, 0.5, 0.2, 0.5
# … in the headings above a paragraph; a paragraph that a State or body says, or that its document holds.
IN_HEADINGS, OWN_WORDS = 0.5, 1.0
IN_ANY_WORD = 0.1  # … one character, in whatever word
CITING = 0.1  # … a paragraph that cites the very paragraph that is asked for
MOST_OF_A_RANGE = 30
TITLES = {"h1": 1.0, "annex": 0.8, "h2": 0.8}  # anchors of the titles of a document: of a record the second


def unit_of(text: str, entities: Sequence[Entity], table: NameTable, thesaurus: Thesaurus) -> Unit:
    """Returns the unit of ``text``, which names ``entities``: alternatives where they are several."""
    added = _added(text, entities, table, thesaurus)
    inside = all(entity.kind is not Kind.STATE for entity in entities)
    typed, marks = _as_typed(text, inside=inside)
    mean_the_same = [one for one in added if one.relation.means_the_same]
    below = [one for one in added if one.relation.goes_down]
    beside = [one for one in added if not one.relation.finds]
    names = [form for entity in entities for form in _of_entity(entity)]
    words = () if entities else words_apart(text)
    apart = [Form(AllOf(tuple(map(_by_itself, words))), APART)] if words else []
    context = [Form(_in_context(term), IN_HEADINGS) for term in (text, *(one.term for one in mean_the_same))]
    context += [Form(own, OWN_WORDS) for entity in entities for own in _own(entity, table)]
    concept = Concept(
        tuple(typed),
        (*names, *_inflected(text, inside), *_all_forms(mean_the_same, inside), *apart),
        tuple(_all_forms(below)),
        (*_all_forms(beside), *_parts(text)),
        tuple(context),
        is_name=bool(entities),
    )
    places = [form for entity in entities if entity.kind is Kind.SYMBOL for form in _places(entity, table)]
    own_places = (Concept(tuple(places), is_name=True, is_place=True),) if places else ()
    marks = Marks.of((marks, *(_marks_of(one.term) for one in (*mean_the_same, *below))))
    marks |= Marks(frozenset(term for word in words for term in (word, inner_term(word))))
    for entity in entities:
        read = {entity.key.lower()} if entity.kind in (Kind.DATE, Kind.SYMBOL) else ()  # a token of texts
        marks |= Marks(frozenset(read), symbols=frozenset({entity.key, f"{entity.kind}:{entity.key}"}))
    named = (Named(text, entity, _named(text, entity, len(entities) == 1, table)) for entity in entities)
    return Unit(text, (concept, *own_places), marks, tuple(named), tuple(added))


def as_typed_alone(unit: Unit) -> Unit:
    """Returns ``unit`` without anything that was added: what it finds is what is told as found as typed."""
    concepts = tuple(map(without_added, unit.concepts))
    return Unit(unit.typed, concepts, _as_typed(unit.typed)[1])


def as_added(unit: Unit) -> Unit:
    """Returns ``unit`` as one that nobody typed: what it finds is not told as found as typed."""
    concepts = (replace(one, typed=(), same=(*one.typed, *one.same)) for one in unit.concepts)
    return replace(unit, concepts=tuple(concepts))


def is_single(text: str) -> bool:
    """Returns True if ``text`` is one character, which counts in whatever word it stands."""
    return len(text) == 1 and CHINESE.fullmatch(text) is not None


def unit_of_character(text: str) -> Unit:
    """Returns the unit of one character, which is no word: wherever it stands, in either script."""
    both = tuple(in_both_scripts(text))
    return Unit(
        text,
        (
            Concept(
                (
                    Form(Term(TEXT, fold_words(text)), 1.0, text),
                    *(Form(Contains(form), IN_ANY_WORD, text) for form in both),
                )
            ),
        ),
        Marks(phrases=both),
    )


def _all_forms(added: Iterable[Expansion], inside: bool = True) -> Iterator[Form]:
    for one in added:
        yield from _forms(one.term, one.weight, inside)


def _named(text: str, entity: Entity, alone: bool, table: NameTable) -> Concept:
    """Builds the concept of ``entity``, or of the paragraph of it that is asked for; with ``text`` as one
    more form if that names it ``alone``.
    """
    if entity.anchor:
        return Concept(tuple(_places(entity, table)))
    inside = entity.kind is not Kind.STATE
    typed = _as_typed(text, inside)[0] if alone and entity.kind is not Kind.TERM else []
    names = [form for name in _names_of(entity, table) for form in _forms(name, 1.0, inside)]
    return Concept((*typed, *_of_entity(entity), *names))


# --- as typed ---


def _as_typed(text: str, inside: bool = True) -> tuple[list[Form], Marks]:
    """Returns the forms of ``text`` itself, and its highlights; ``inside``: also inside a longer word, as a
    State's must not (印度尼西亚).
    """
    tokens = analyze(text)
    if not tokens:
        return [Form(Contains(text), 1.0, text)], Marks(phrases=(text,))
    if numbers := writings(text).own:
        return [form for one in numbers for form in _forms(one, 1.0)], Marks(strings=(text, *numbers))
    if len(tokens) == 1 and tokens[0].kind != "word":
        return _number_or_symbol(tokens[0], text)
    if len(tokens) > 1 and all(map(is_character, tokens)):
        pairs = [INNER + first.term + second.term for first, second in zip(tokens, tokens[1:], strict=False)]
        return [Form(AllOf(tuple(Term(TEXT, pair) for pair in pairs)), 1.0, text)], Marks(frozenset(pairs))
    return [*_forms(text, 1.0, inside)][: 1 if text.isascii() else None], _marks_of(text)


def _inflected(text: str, inside: bool) -> Iterable[Form]:
    """Returns the forms of an English word in other endings and spellings, which nobody typed."""
    return [*_forms(text, 1.0, inside)][1:] if text.isascii() else ()


def _number_or_symbol(token: Token, text: str) -> tuple[list[Form], Marks]:
    """Returns the forms of a number, date or symbol in every spelling; 第1540号 also as the number."""
    forms = [Form(Term(TEXT, token.term), 1.0, text)]
    terms, symbols = {token.term}, set()
    if token.kind == "symbol":
        with contextlib.suppress(SymbolError):
            symbols.add(str(Symbol.parse(token.term).completed(load_reference().resolutions)))
        forms += [Form(Term("cites", symbol), 1.0, text) for symbol in symbols]
    elif token.term.endswith("号"):
        terms.add(token.terms[-1])
        forms.append(Form(Term(TEXT, token.terms[-1]), 1.0, text))
    return forms, Marks(frozenset(terms), symbols=frozenset(symbols))


def _parts(text: str) -> Iterator[Form]:
    """Generates the words that ``text`` consists of: they raise a paragraph, and are found where ``text``
    stands nowhere.
    """
    tokens = analyze(text)
    words = _words_of([token for token in tokens if not only_asks(token)])
    for word in words if len(tokens) + len(words) > 2 and not writings(text).own else ():
        yield Form(_by_itself(word), PART, word)


def words_apart(text: str) -> Sequence[str]:
    """Returns the words that mean ``text`` apart, too (化学武器 in 化学和生物武器); none of one word."""
    tokens = analyze(text)
    words = _words_of(tokens)
    return () if len(words) < 2 or all(map(is_character, tokens)) or writings(text).own else words


def _by_itself(word: str) -> AnyNode:
    """Builds the condition for one of several words; a single character only as a token: 小 is in 较小."""
    return Term(TEXT, word) if len(word) == 1 else _word(word)


def _words_of(tokens: Sequence[Token]) -> Sequence[str]:
    return segmenter().parts(tokens[0].term) if len(tokens) == 1 else [token.term for token in tokens]


# --- strings ---


def _forms(term: str, weight: float, inside: bool = True) -> Iterator[Form]:
    """Generates the forms of ``term``: as a token, inside a longer token, or as a string of tokens."""
    words = words_of_term(term)
    if writings(term).own:  # 3年 is no piece of 2013年
        yield Form(Contains(term, longer(term)), weight, term)
    elif len(words) == 1:
        yield Form(Term(TEXT, words[0]), weight, term)
        if inside and len(words[0]) > 1:  # 别 is in 级别, too
            yield Form(Term(TEXT, inner_term(words[0])), weight * INSIDE, term)
    elif words:
        yield Form(_string(term), weight, term)
        if term.isascii() and "-" in term and " " not in term:  # cease-fire: ceasefire
            yield Form(Term(TEXT, inner_term("".join(words))), weight * INSIDE, term)


@lru_cache(maxsize=8192)
def _string(term: str) -> AnyNode:
    """Builds the condition that ``term`` occurs as one string, in either script, of whole words."""
    literal: AnyNode = AnyOf(tuple(map(Contains, in_both_scripts(term))))
    return AllOf((literal, *map(_word, words_of_term(term))))


def _word(word: str) -> AnyNode:
    return AnyOf((Term(TEXT, word), Term(TEXT, inner_term(word))))


def _in_context(term: str) -> AnyNode:
    return AllOf(tuple(Term(CONTEXT, word) for word in words_of_term(term)))


def _marks_of(term: str) -> Marks:
    words = words_of_term(term)
    if len(words) == 1 and not writings(term).own:
        return Marks(frozenset((words[0], inner_term(words[0]))))
    return Marks(strings=tuple(in_both_scripts(term)))


# --- what was added ---


def _added(text: str, entities: Sequence[Entity], table: NameTable, thesaurus: Thesaurus) -> list[Expansion]:
    """Returns the other terms for ``text``, each once: what the regions call it, the names of what it names,
    what the thesaurus has.
    """
    found: dict[str, Expansion] = {}
    own = {name_key(text), *thesaurus.out}

    def add(terms: Iterable[str], relation: Relation) -> None:
        for term in terms:
            if name_key(term) not in own:
                own.add(name_key(term))
                found[term] = Expansion(term, relation, WEIGHTS[relation])

    for entity in entities:
        add(
            _names_of(entity, table),
            Relation.TRANSLATION if entity.kind is Kind.TERM else Relation.SAME,
        )
    names = (entity.key for entity in entities if entity.kind is Kind.TERM)
    in_use = any(how in FORMAL for _concept, how in thesaurus.named(text))  # 執行 is no 运行 here
    terms = [text, *names, *(() if in_use else mainland_forms(text))]
    add(terms[1:], Relation.REGIONAL)
    add(writings(text).other, Relation.NUMBER)
    for term in dict.fromkeys(terms):
        for one in thesaurus.expansions(term):
            if name_key(one.term) not in own:
                own.add(name_key(one.term))
                found[one.term] = one
    return sorted(found.values(), key=lambda one: -one.weight)


# --- things with names ---


def _names_of(entity: Entity, table: NameTable) -> Sequence[str]:
    match entity.kind:
        case Kind.STATE | Kind.BODY | Kind.TREATY | Kind.ORGANISATION | Kind.SPEAKER:
            return table.forms_of(entity.kind, entity.key)
        case Kind.TERM:
            return [entity.key]
        case Kind.DATE:
            return written_forms(entity.key)
        case Kind.MEETING:
            meeting = read_meeting(entity.form)
            return written_meetings(meeting.number) if meeting else ()
    return ()


def _of_entity(entity: Entity) -> Iterator[Form]:
    """Generates the forms that find an entity by the parser's annotations, whatever its name there."""
    match entity.kind:
        case Kind.STATE | Kind.BODY | Kind.TREATY | Kind.ORGANISATION:
            yield Form(Term("named", f"{entity.kind}:{entity.key}"), 1.0)
            if entity.kind is Kind.BODY:
                yield Form(Term("mentioned", entity.key), MEANT)
        case Kind.SYMBOL:
            yield Form(Term("cites", entity.key), 1.0)
            yield Form(Term(TEXT, entity.key.lower()), 1.0)
        case Kind.DATE:
            yield Form(Term(TEXT, entity.key), 1.0)
        case Kind.SPEAKER:
            yield Form(Term("speaker", fold_words(entity.key)), 1.0)


def _own(entity: Entity, table: NameTable) -> Iterator[AnyNode]:
    """Generates conditions for the own words of a State or body, and the paragraphs of a stored document."""
    held = table.snapshot.get("symbol", {})
    if entity.kind in (Kind.STATE, Kind.BODY):
        yield Term(entity.kind, entity.key)
    elif entity.kind is Kind.SYMBOL and entity.key in held:
        yield Term("symbol", held[entity.key])


def _places(entity: Entity, table: NameTable) -> Iterator[Form]:
    """Generates forms for the paragraphs of an anchor, where the document is stored; of several with this
    ending the one in the main part first; then those that cite it. Of a whole document its titles.
    """
    held = table.snapshot.get("symbol", {}).get(entity.key)
    if held and not entity.anchor:
        for anchor, weight in TITLES.items():
            yield Form(AllOf((Term("symbol", held), Term("anchor", anchor))), weight)
    for anchor in _anchors(entity):
        if held:
            yield Form(AllOf((Term("symbol", held), Term("anchor", anchor))), 1.0, anchor)
            yield Form(AllOf((Term("symbol", held), Term("ending", anchor))), 0.9, anchor)
        yield Form(Term("pinpoint", f"{entity.key} {anchor}"), CITING, anchor)


def _anchors(entity: Entity) -> Iterator[str]:
    """Generates the anchors that are meant: 附件一 is the first annex, whose label may bear no number."""
    for anchor in _anchors_cited(entity):
        yield anchor
        if anchor.startswith("annex1."):
            yield anchor.replace("annex1.", "annex.", 1)


def _anchors_cited(entity: Entity) -> Iterable[str]:
    if entity.last.isdigit() and entity.anchor.isdigit():
        first, last = int(entity.anchor), int(entity.last)
        return (str(number) for number in range(first, min(last, first + MOST_OF_A_RANGE) + 1))
    return dict.fromkeys(filter(None, (entity.anchor, entity.last)))


# A unit of a query: one thing that is asked for, with what finds it and what the page says of it.


@dataclass(frozen=True, slots=True)
class Marks:
    """The parts of a hit to highlight: tokens by term, strings between word borders, literal phrases, symbols
    by their recorded mentions, pairs of nearby strings, and phrases with wildcards.
    """

    terms: frozenset[str] = frozenset()
    strings: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    symbols: frozenset[str] = frozenset()
    pairs: tuple[NearBy, ...] = ()
    patterns: tuple[str, ...] = ()

    def __or__(self, other: Marks) -> Marks:
        """Returns the union of both."""
        return Marks.of((self, other))

    @classmethod
    def of(cls, many: Iterable[Marks]) -> Marks:
        """Returns the union of ``many``."""
        many = tuple(many)

        def each(name: str) -> Iterable[Any]:
            return dict.fromkeys(chain.from_iterable(getattr(one, name) for one in many))

        return cls(
            frozenset(each("terms")),
            tuple(each("strings")),
            tuple(each("phrases")),
            frozenset(each("symbols")),
            tuple(each("pairs")),
            tuple(each("patterns")),
        )

    def among(self, texts: Iterable[str]) -> Marks:
        """Returns the marks without strings that are none of ``texts``, in either script."""
        standing = {form for text in texts for form in in_both_scripts(text)}
        return replace(self, strings=tuple(string for string in self.strings if string in standing))


@dataclass(frozen=True, slots=True)
class Named:
    """A span of the query, one of the entities it names, and the concept that finds that in a text."""

    text: str
    entity: Entity
    concept: Concept


@dataclass(frozen=True, slots=True)
class Unit:
    """A search unit: ``typed`` is its text in the query, ``concepts`` find it: one, and for a paragraph of a
    document a second. ``named`` are the entities of that name, alternatives where they are several; ``added``
    the terms searched in addition.
    """

    typed: str
    concepts: tuple[Concept, ...]
    marks: Marks = Marks()
    named: tuple[Named, ...] = ()
    added: tuple[Expansion, ...] = ()

    @property
    def strings(self) -> list[str]:
        """The strings of which any finds it."""
        ways = [(*one.typed, *one.same, *one.narrower) for one in self.concepts]
        return [form.text for form in chain.from_iterable(ways) if form.text]
