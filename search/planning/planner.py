"""From a query to what an engine is asked, and to what the reader is told of how it was understood."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise
from operator import itemgetter

from search.entities.entity import Entity, Kind
from search.entities.regional import mainland_forms
from search.query import (
    TEXT_FIELDS,
    And,
    Field,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Problem,
    ProblemCode,
    SearchQuery,
    Together,
    Words,
    unparse,
    within_marks,
    words_of,
)
from search.query.conditions import (
    AllOf,
    AnyNode,
    AnyOf,
    Concept,
    Constant,
    Contains,
    Everything,
    Filter,
    Literal,
    NearBy,
    Pattern,
    Ranked,
    Term,
    Without,
)
from search.ranking.wanted import Wanted
from search.text.analyzer import Token, analyze
from search.text.asterisks import ASTERISKS, has_idle_asterisk, may_be_pattern
from search.text.folding import fold_words
from search.text.grouping import cut_further, in_groups, only_asks, surface_of
from search.text.scripts import in_both_scripts
from search.text.vocabulary import generic_words
from search.thesaurus.english import in_chinese
from search.thesaurus.relations import WEIGHTS, Expansion, Relation
from search.thesaurus.table import Thesaurus

from .absent_names import is_treaty, names_what_is_absent
from .concepts import MOST_TOKENS, STRING, Concepts
from .corrections import Correction, Corrector
from .entity_boost import with_own_words
from .entity_concepts import EntityConcepts, Named, in_usual_words
from .exclusion import excluded
from .filters import contradictions, read_filter, take_filters
from .foreign_names import NAME, names_in
from .marks import Marks
from .near import near_by
from .pasted import joined_numbers, without_note_marks

Group = tuple[list[Token], str]  # tokens that are one thing, and the piece of the query they stand in

PARTS_OF_A_NAME = 12  # characters between two of them
# A heading or a signature leads to what is sought but is seldom it.
FRAME = {"heading": -4.0, "signature": -4.0, "closing": -2.0}


@dataclass(slots=True)
class Plan:
    """What to ask, and how it was understood.

    ``tokens`` are the words as cut that are asked for, ``asking`` those that only ask or connect; ``added``
    maps a word to those added for it; ``phrases`` maps each phrase and each NEAR to its condition;
    ``concepts`` is how many words are asked for. ``parts`` are all words, phrases and NEARs as written,
    each with what finds it; ``cut`` maps a word that stands nowhere to those of it that are asked for;
    ``offered`` are corrections that raise what holds them; ``named`` are the things that the query names.
    """

    node: AnyNode | None = None
    filters: list[Filter] = field(default_factory=list)
    marks: Marks = field(default_factory=Marks)
    tokens: list[str] = field(default_factory=list)
    added: dict[str, list[Expansion]] = field(default_factory=dict)
    elsewhere: frozenset[str] = frozenset()
    asking: list[str] = field(default_factory=list)
    parts: list[tuple[str, AnyNode]] = field(default_factory=list)
    cut: dict[str, list[str]] = field(default_factory=dict)
    offered: list[Correction] = field(default_factory=list)
    phrases: dict[str, Literal] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    concepts: int = 0
    named: list[Named] = field(default_factory=list)
    wanted: Wanted | None = None


def make_plan(query: SearchQuery, corrector: Corrector, thesaurus: Thesaurus, variants: bool = True) -> Plan:
    """The plan for ``query`` in the archive that the vocabulary and the names of ``corrector`` tell of;
    ``variants`` adds what the ``thesaurus`` has.
    """
    planner = _Planner(corrector, thesaurus, variants)
    planner.plan.problems += query.problems
    root = planner.take_filters(query.root)
    planner.typed = " ".join(words_of(root))
    if root and not planner.plan.filters and _only_excludes(root):
        planner.plan.problems.append(Problem(ProblemCode.ONLY_EXCLUDED))
    planner.plan.node = planner.compile(root) if root else Everything() if planner.plan.filters else None
    words = planner.words
    planner.plan.marks = Marks(
        frozenset(words.terms),
        tuple(dict.fromkeys(words.strings)),
        (*planner.phrases, *words.characters),
        frozenset(words.symbols),
        tuple(planner.pairs),
        tuple(planner.patterns),
    )
    planner.plan.added = words.added
    planner.plan.elsewhere = frozenset(filter(words.stands_nowhere, words.added))
    planner.plan.named = planner.entities.found
    planner.plan.problems.sort(key=lambda problem: problem.at)
    return planner.plan


def _only_excludes(root: Node) -> bool:
    """Whether nothing is asked for, only that something is not there."""
    nodes = root.nodes if isinstance(root, And | Together) else (root,)
    return all(isinstance(node, Not) for node in nodes)


def _graded(condition: Literal) -> Literal:
    """``condition``, worth more the more often it holds, and more than any word."""
    return replace(condition, score=2.0, graded=True)


def _blocks(kind: str, texts: Iterable[Literal]) -> AnyNode:
    """The headings, or footnotes, that hold one of ``texts``."""
    return AllOf((Term("kind", kind), AnyOf(tuple(map(_graded, texts)))))


class _Planner:
    def __init__(self, corrector: Corrector, thesaurus: Thesaurus, variants: bool) -> None:
        self.vocabulary, self.names = corrector.vocabulary, corrector.names
        self.corrections = corrector.corrections
        self.words = Concepts(self.vocabulary, variants, thesaurus)
        self.entities = EntityConcepts(self.words, self.names.table, self.names.shortened)
        self.plan = Plan()
        self.phrases: list[str] = []
        self.pairs: list[NearBy] = []
        self.patterns: list[str] = []
        self.left, self.cut_short = MOST_TOKENS, False
        self.ranked, self.typed = 0, ""

    def take_filters(self, root: Node | None) -> Node | None:
        """Reads the filters that bind the whole query; returns what is left of it."""
        fields, rest = take_filters(root)
        self.plan.filters = [self._filter(node) for node in fields]
        self.plan.problems += contradictions(fields, self.plan.filters)
        return rest

    def _filter(self, node: Field) -> Filter:
        return read_filter(node, self.names, self.plan.problems)

    # --- the tree ---

    def compile(self, node: Node) -> AnyNode:
        match node:
            case Words(text):
                return self._ranked([text])
            case Phrase(text):
                return self._phrase(text)
            case Field():
                return self._field(node)
            case Not():
                return Without(Everything(), self._excluded(node.node))
            case Near():
                return self._near(node)
            case And(nodes):
                return self._all(nodes)
            case Or(nodes):
                return AnyOf(tuple(self.compile(inner) for inner in nodes))
            case Together(nodes):
                return self._together(nodes)

    def _together(self, nodes: tuple[Node, ...]) -> AnyNode:
        words = [node.text for node in nodes if isinstance(node, Words)]
        needed = [self.compile(node) for node in nodes if not isinstance(node, Words | Not)]
        if words:
            needed.append(self._ranked(words))
        return self._without(needed, [node.node for node in nodes if isinstance(node, Not)])

    def _all(self, nodes: tuple[Node, ...]) -> AnyNode:
        """An explicit AND: every piece must hold, every word of it."""
        needed = [
            self._every_word(node.text) if isinstance(node, Words) else self.compile(node)
            for node in nodes
            if not isinstance(node, Not)
        ]
        return self._without(needed, [node.node for node in nodes if isinstance(node, Not)])

    def _without(self, needed: list[AnyNode], excluded: list[Node]) -> AnyNode:
        node = AllOf(tuple(needed)) if len(needed) > 1 else needed[0] if needed else Everything()
        if not excluded:
            return node
        return Without(node, AnyOf(tuple(self._excluded(inner) for inner in dict.fromkeys(excluded))))

    def _excluded(self, node: Node) -> AnyNode:
        """What a minus takes away: words as written, no others for the same; it marks nothing."""
        match node:
            case Words(text):
                return excluded(text, self.names)
            case Phrase(text):
                return self._literal(text)
            case Near():
                return near_by(node)
            case Field():
                if node.name not in TEXT_FIELDS:
                    return self._field(node)
                return _blocks(node.name, map(self._literal, node.values))
            case Or(nodes):
                return AnyOf(tuple(self._excluded(inner) for inner in nodes))
            case And(nodes) | Together(nodes):
                return AllOf(tuple(self._excluded(inner) for inner in nodes))
            case Not(inner):
                return Without(Everything(), self._excluded(inner))

    def _phrase(self, text: str) -> AnyNode:
        text = self._once_quoted(text)
        return self._asked_literally(text, self._quoted(text))

    def _asked_literally(self, written: str, condition: Literal) -> AnyNode:
        """``condition``, kept as what ``written`` asks for, and scored."""
        self.plan.phrases[written] = condition
        self.plan.parts.append((written, condition))
        return _graded(condition)

    def _literal(self, text: str) -> Contains | Pattern:
        """Where a phrase stands, by its asterisks where these are meant."""
        is_pattern = may_be_pattern(text) and not self.vocabulary.occurrences(text)
        return Pattern(text) if is_pattern else Contains(text)

    def _quoted(self, text: str) -> Contains | Pattern:
        """The same, said how the asterisks were read, and marked."""
        condition = self._literal(text)
        if isinstance(condition, Pattern):
            self.patterns.append(text)
            if has_idle_asterisk(text):
                self.plan.problems.append(Problem(ProblemCode.WILDCARD_EDGE, text))
        else:
            self.phrases.append(text)
            if ASTERISKS.search(text) and self.vocabulary.occurrences(text):
                self.plan.problems.append(Problem(ProblemCode.WILDCARD_LITERAL, text))
        return condition

    def _field(self, node: Field) -> AnyNode:
        """A field inside a query: a filter there, or the blocks of a kind that hold a text."""
        if node.name not in TEXT_FIELDS:
            return self._filter(node)
        phrases = {text: self._quoted(text) for text in node.values}
        self.plan.phrases |= phrases
        blocks = _blocks(node.name, phrases.values())
        self.plan.parts.append((unparse(node), blocks))
        return blocks

    def _once_quoted(self, text: str) -> str:
        """``text`` without the marks around the whole of it, where it stands nowhere with them."""
        inside = within_marks(text)
        if inside == text or self.vocabulary.occurrences(text):
            return text
        self.plan.problems.append(Problem(ProblemCode.QUOTED_TWICE, inside))
        return self._once_quoted(inside)

    def _near(self, node: Near) -> AnyNode:
        condition = near_by(node)
        for text in (*condition.first, *condition.second):
            if ASTERISKS.search(text) and not self.vocabulary.occurrences(text):
                self.plan.problems.append(Problem(ProblemCode.WILDCARD_NEAR, text))
        self.pairs.append(condition)
        return self._asked_literally(unparse(node), condition)

    # --- words ---

    def _every_word(self, text: str) -> AnyNode:
        groups = self._asked_for([(group, text) for group in self._groups(text)])
        return AllOf(tuple(self._named(*pair).held for pair in groups))

    def _ranked(self, pieces: list[str]) -> AnyNode:
        pieces, foreign = self._things(self._as_meant(pieces))
        groups = [(group, piece) for piece in pieces for group in self._groups(piece)]
        wanted = self._asked_for(groups, beside=bool(foreign))
        named = (*self._concepts(wanted, alone=not foreign), *foreign)
        self.plan.concepts += len(named)
        helping = [self.words.function_word(pair[0]) for pair in groups if pair not in wanted]
        helping += self.words.helping
        self.words.helping = []
        helping += [near for piece in pieces for near in self.words.nearness(piece)]
        helping += [near for piece in pieces for near in self._near_to_meant(piece)]
        helping += [Constant(Term("kind", kind), score) for kind, score in FRAME.items()]
        ranked = Ranked(tuple(concept for _, concept in named), tuple(helping))
        self.plan.wanted = self._for_second_stage(ranked, [surface for surface, _ in named], pieces)
        return ranked

    def _for_second_stage(self, ranked: Ranked, surfaces: list[str], pieces: list[str]) -> Wanted | None:
        """What the second stage is told; None where nothing but symbols and names of things is asked for,
        which the first puts in order by rules, and where words are asked for in several places.
        """
        self.ranked += 1
        things = {named.text for named in self.entities.found}
        entities = tuple(surface in things or surface.isdigit() for surface in surfaces)
        if self.ranked > 1 or all(entities):
            return None
        added = self.words.added.items()
        forms = (
            (
                *in_both_scripts(self._usual(surface)),
                *(one.term for text, found in added if surface in text for one in found),
            )
            for surface in surfaces
        )
        text = self.typed if self.words.variants else ""
        return Wanted(ranked, tuple(forms), entities, tuple(map(self._usual, pieces)), text)

    def _usual(self, text: str) -> str:
        """``text`` in simplified characters, and where it stands nowhere in words of UN documents, so that
        a query in another script or of another region is put in the same order.
        """
        forms = mainland_forms(text) if self.words.stands_nowhere(text) else ()
        return (*forms, fold_words(text))[0]

    def _concepts(self, wanted: list[Group], alone: bool) -> Iterator[tuple[str, Concept]]:
        """What the groups are in the query, and their concepts. Where a piece names an authority, an act or
        a person, and a part of the name stands nowhere (联合国安保部, 高级代表中满泉), or the parts of a
        treaty's stand nowhere together (日内瓦四公约), the others find nothing: it would be another's. Nor do
        words of every matter, where what the query is about stands nowhere.
        """
        if alone and self._only_generic(wanted):
            whole = " ".join(dict.fromkeys(piece for _, piece in wanted))
            self.plan.parts.append((whole, AnyOf(())))
            yield whole, Concept(AnyOf(()), AnyOf(()))
            return
        for piece, pairs in groupby(wanted, itemgetter(1)):
            groups = [group for group, _ in pairs]
            if self._is_absent_name(groups, piece):
                self.plan.parts.append((piece, AnyOf(())))
                yield piece, Concept(AnyOf(()), AnyOf(()))
            else:
                yield from ((surface_of(group, piece), self._concept(group, piece)) for group in groups)

    def _only_generic(self, wanted: list[Group]) -> bool:
        """Whether of all that is asked for only words of every matter stand in a text: 足球比赛的标准程序."""
        rest = [pair for pair in wanted if fold_words(surface_of(*pair)) not in generic_words()]
        return (
            0 < len(rest) < len(wanted)
            and all(self._nowhere(*pair) and not self._otherwise_named(surface_of(*pair)) for pair in rest)
            and not any(
                one.alike for piece in {piece for _, piece in rest} for one in self.corrections(piece)
            )
            and not any(one.alike for pair in rest for one in self.corrections(surface_of(*pair)))
        )

    def _is_absent_name(self, groups: list[list[Token]], piece: str) -> bool:
        absent = names_what_is_absent(groups, piece, self._nowhere) or (
            is_treaty(groups, piece) and not self._stand_together(groups, piece)
        )
        heard = absent and any(one.alike for one in self.corrections(piece))
        return absent and not heard and not self._otherwise_named(piece)

    def _stand_together(self, groups: list[list[Token]], piece: str) -> bool:
        """Whether a paragraph has each of ``groups``, or other words for it, near behind the one before."""
        sides = []
        for surface in (surface_of(group, piece) for group in groups):
            same = (one.term for one in self.words.others(surface) if one.relation.means_the_same)
            sides.append(Or(tuple(map(Words, dict.fromkeys((surface, *same))))))
        near = (near_by(Near(*pair, PARTS_OF_A_NAME, ordered=True)) for pair in pairwise(sides))
        return self.vocabulary.satisfying(AllOf(tuple(near))) > 0

    def _otherwise_named(self, piece: str) -> bool:
        """Whether the texts have another name of the thing, or of what falls under it; neighbours are not
        it.
        """
        others = (one.relation for one in self.words.others(piece))
        return any(relation.means_the_same or relation.goes_down for relation in others)

    def _nowhere(self, group: list[Token], piece: str) -> bool:
        surface = surface_of(group, piece)
        return group[0].kind == "word" and not self._names(surface) and not self.words.stand(group, surface)

    def _as_meant(self, pieces: list[str]) -> list[str]:
        """The pieces without marks of notes and items, and with their numbers whole."""
        pieces, marks = without_note_marks(pieces)
        if marks:
            self.plan.problems.append(Problem(ProblemCode.NOTE_MARKS, "".join(dict.fromkeys(marks))))
        return joined_numbers(pieces, self._occurs)

    def _asked_for(self, groups: list[Group], beside: bool = False) -> list[Group]:
        """The groups that do not only ask or connect; all where no other is left, nor is asked for
        ``beside``."""
        wanted = [pair for pair in groups if not all(only_asks(token) for token in pair[0])]
        wanted = wanted if wanted or beside else groups
        for pair in groups:
            listed = self.plan.tokens if pair in wanted else self.plan.asking
            listed.append(surface_of(*pair))
        return wanted

    def _named(self, group: list[Token], piece: str) -> Concept:
        """The concept of a thing that is named, or of a word, kept under the word as it is written."""
        surface = surface_of(group, piece)
        if entities := self._names(surface):
            return self.entities.concepts(surface, entities)[0]
        concept = self.words.concept(group, piece)
        self.plan.parts.append((surface, concept.held))
        return concept

    def _concept(self, group: list[Token], piece: str) -> Concept:
        concept, surface = self._named(group, piece), surface_of(group, piece)
        return concept if self._names(surface) else with_own_words(concept, group[0], surface, self.names)

    def _names(self, surface: str) -> tuple[Entity, ...]:
        return self.entities.named_by(surface) if self.words.variants else ()

    def _things(self, pieces: list[str]) -> tuple[list[str], list[tuple[str, Concept]]]:
        """The pieces that name nothing, and those that as a whole do, names of things and persons and English
        terms, with their concepts.
        """
        if not self.words.variants:
            return pieces, []
        rest: list[str] = []
        concepts: list[tuple[str, Concept]] = []
        runs = list(self.entities.split(pieces))
        for at, (run, entities) in enumerate(runs):
            if entities and not self._part_of_a_name(runs, at):
                self.plan.tokens.append(run)
                concepts += [(run, concept) for concept in self.entities.concepts(run, entities)]
            else:
                rest.append(run)
        read = []
        in_english = list(in_chinese(rest, self.words.thesaurus, self._occurs))
        for piece, term, is_name in names_in(in_english, self._held):
            if is_name:
                self.plan.tokens.append(piece)
                self.plan.parts.append((piece, AnyOf(())))
                concepts.append((piece, Concept(AnyOf(()), AnyOf(()))))
            else:
                read.append((piece, term))
        self.plan.tokens += [piece for piece, term in read if term]
        foreign = [(piece, self.words.translated(piece, term)) for piece, term in read if term]
        self.plan.parts += [(piece, concept.held) for piece, concept in foreign]
        concepts += foreign
        return [self._in_usual_words(piece) for piece, term in read if not term], concepts

    def _occurs(self, string: str) -> bool:
        return self.vocabulary.occurrences(string) > 0

    def _part_of_a_name(self, runs: list[tuple[str, tuple[Entity, ...]]], at: int) -> bool:
        """Whether a speaker's name is beside another that the texts do not hold: Kim in Kim Won-soo."""
        run, entities = runs[at]
        beside = [runs[place][0] for place in (at - 1, at + 1) if 0 <= place < len(runs)]
        return (
            entities[0].kind is Kind.SPEAKER
            and NAME.fullmatch(run) is not None
            and any(NAME.fullmatch(one) and not self._held(one) for one in beside)
        )

    def _held(self, piece: str) -> bool:
        """Whether a text holds each word of ``piece``, or the thesaurus has it."""
        held = all(self.words.frequency(token.term) for token in analyze(piece))
        return held or self.words.thesaurus.knows(piece)

    def _in_usual_words(self, piece: str) -> str:
        usual = in_usual_words(piece, self.words)
        if usual != piece:
            self.words.add(piece, [Expansion(usual, Relation.REGIONAL, WEIGHTS[Relation.REGIONAL])])
        return usual

    def _near_to_meant(self, piece: str) -> list[AnyNode]:
        """More for paragraphs with what ``piece``, which stands nowhere, sounds like: 核保安峰会 for
        核宝安峰会. It finds none of them; the correction is offered.
        """
        if not self.words.variants:
            return []
        alike = [one for one in self.corrections(piece) if one.alike][:1]
        self.plan.offered += alike
        return [self.words.literally(one.meant, STRING) for one in alike]

    def _groups(self, piece: str) -> list[list[Token]]:
        """The tokens of a piece, those together that are one thing."""
        words = self.words
        cut: list[Token] = []
        for whole in analyze(piece):
            parts = cut_further(whole, words.findable)
            if parts != [whole]:
                self.plan.cut[surface_of([whole], piece)] = [surface_of([part], piece) for part in parts]
            cut += parts
        groups: list[list[Token]] = []
        for tokens, is_saying in words.at_terms(self._limited(cut), piece):
            groups += [tokens] if is_saying else in_groups(tokens, lambda word: not words.findable(word))
        return list(self.entities.joined(groups, piece)) if words.variants else groups

    def _limited(self, tokens: list[Token]) -> list[Token]:
        if len(tokens) > self.left and not self.cut_short:
            self.cut_short = True
            self.plan.problems.append(Problem(ProblemCode.TOO_MANY_WORDS, str(MOST_TOKENS)))
        kept = tokens[: self.left]
        self.left -= len(kept)
        return kept
