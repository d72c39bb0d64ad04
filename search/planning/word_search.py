"""What a query asks for in words: each thing that it names, in whatever words the texts say it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, pairwise
from operator import itemgetter

from search.entities.entity import Entity, Kind
from search.entities.regional import mainland_forms
from search.planning.proximity import near_by
from search.query import Near, Or, Problem, ProblemCode, Words
from search.query.conditions import AllOf, AnyNode, AnyOf, Concept, Constant, Ranked, Term
from search.ranking.wanted import Wanted
from search.text.analyzer import Token, analyze
from search.text.folding import fold_words
from search.text.grouping import all_ask, cut_further, in_groups, is_character, surface_of
from search.text.scripts import in_both_scripts
from search.text.vocabulary import generic_words
from search.thesaurus.english import in_chinese
from search.thesaurus.relations import WEIGHTS, Expansion, Relation
from search.thesaurus.table import Thesaurus

from .absent_names import is_treaty, names_what_is_absent, tag_of
from .concepts import MOST_TOKENS, STRING, Concepts
from .corrections import Corrector
from .entity_boost import with_own_words
from .entity_concepts import EntityConcepts, in_usual_words
from .foreign_names import NAME, names_in
from .pasted import joined_numbers, without_note_marks
from .plan import Plan
from .sayings import SAYING, SPOKEN, asks_for_words, only_say, own_words

Group = tuple[list[Token], str]  # tokens that are one thing, and the piece of the query they stand in

PARTS_OF_A_NAME = 12  # characters between two of them
# Of a word of every matter: the share of paragraphs that hold it, their least number, and the branches of the
# thesaurus that say how things are done, and not what is done.
COMMON, LEAST_COMMON, GENERIC_BRANCHES = 0.05, 10, frozenset({"policy", "procedure"})
# A heading or a signature leads to what is sought but is seldom it.
FRAME = {"heading": -4.0, "signature": -4.0, "closing": -2.0}


class WordSearch:
    """Makes ranked conditions of the words of a query, and tells ``plan`` how they were understood. ``words``
    and ``entities`` keep what to mark and what was named; ``typed`` are all words of the query as typed.
    """

    def __init__(
        self, plan: Plan, corrector: Corrector, thesaurus: Thesaurus, variants: bool, typed: str
    ) -> None:
        self.plan, self.typed = plan, typed
        self.vocabulary, self.names = corrector.vocabulary, corrector.names
        self.corrections = corrector.corrections
        self.words = Concepts(self.vocabulary, variants, thesaurus)
        self.entities = EntityConcepts(
            self.words, self.names.table, self.names.shortened, speakers=asks_for_words(typed)
        )
        self.left, self.cut_short = MOST_TOKENS, False
        self.asked = 0

    def every_word(self, text: str) -> AnyNode:
        """What holds each word of ``text``."""
        groups = self._asked_for([(group, text) for group in self._groups(text)])
        return AllOf(tuple(self._named(*pair).held for pair in groups))

    def ranked(self, pieces: list[str]) -> AnyNode:
        """What holds words of ``pieces``, those with all of them first."""
        pieces, foreign = self._things(self._as_meant(pieces))
        groups = [(group, piece) for piece in pieces for group in self._groups(piece)]
        wanted = self._asked_for(groups, beside=bool(foreign))
        beside: list[AnyNode] = []
        if self._mostly_nowhere(wanted):
            generic = [pair for pair in wanted if self._is_generic(surface_of(*pair))]
            beside = [self._concept(*pair).held for pair in generic]
            wanted = [pair for pair in wanted if pair not in generic]
        said = self._said(wanted, alone=len(self.entities.found) == len(foreign))
        beside += [self._concept(*pair).held for pair in said]
        wanted = [pair for pair in wanted if pair not in said]
        named = (*self._concepts(wanted, alone=not foreign), *foreign)
        self.plan.concepts += len(named)
        helping = [self.words.function_word(pair[0]) for pair in groups if pair not in wanted]
        helping += [*self.words.helping, *beside]
        if said:
            owns = (own_words(named.entity, self.names.table) for named in self.entities.found)
            helping += [Constant(own, SPOKEN) for own in owns]
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
        self.asked += 1
        things = {named.text for named in self.entities.found}
        entities = tuple(surface in things or surface.isdigit() for surface in surfaces)
        if self.asked > 1 or all(entities):
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
        rest = [pair for pair in wanted if not self._is_generic(surface_of(*pair))]
        rest = [pair for pair in rest if not (len(pair[0]) == 1 and is_character(pair[0][0]))]  # 交|了|报告
        return (
            0 < len(rest) < len(wanted)
            and all(self._nowhere(*pair) and not self._otherwise_named(surface_of(*pair)) for pair in rest)
            and not all(self._is_done(pair, wanted) for pair in rest)
            and not any(
                one.alike for piece in {piece for _, piece in rest} for one in self.corrections(piece)
            )
            and not any(one.alike for pair in rest for one in self.corrections(surface_of(*pair)))
        )

    def _is_done(self, pair: Group, wanted: list[Group]) -> bool:
        """Whether a group is a verb beside a word of every matter, which is what is asked about: 申请援助."""
        beside = [surface_of(*other) for other in wanted if other[1] == pair[1]]
        return tag_of(surface_of(*pair)) == "v" and any(map(self._is_generic, beside))

    def _mostly_nowhere(self, wanted: list[Group]) -> bool:
        """Whether the texts hold some, but at most half of the words that tell what is asked for: 地雷 集束
        弹药 受害者援助. Words of every matter find nothing beside these, and help to order what they find.
        """
        rest = [pair for pair in wanted if not self._is_generic(surface_of(*pair))]
        if not 2 < len(rest) < len(wanted):
            return False
        absent = [surface_of(*pair) for pair in rest if self._nowhere(*pair)]
        absent = [surface for surface in absent if not self._otherwise_named(surface)]
        if not 1 < len(absent) < len(rest) or len(absent) * 2 < len(rest):
            return False
        return sum(tag_of(surface).startswith("n") for surface in absent) > 1  # of 从来 and 何在 nobody asks

    def _said(self, wanted: list[Group], alone: bool) -> list[Group]:
        """The words that only ask for what those said whom the query names: they find nothing by themselves
        (中国代表说, where no text is China's).
        """
        if not asks_for_words(self.typed):
            return []
        beside = any(self._speaks(named.entity) for named in self.entities.found)
        said = only_say(wanted, lambda word: any(map(self._speaks, self._names(word))), beside, alone)
        for piece in {piece for _, piece in said}:  # 俄罗斯代表拉夫罗夫, of whom no text speaks
            if self._is_absent_name([group for group, other in wanted if other == piece], piece):
                said = [pair for pair in said if pair[1] != piece]
        surfaces = [surface_of(*pair) for pair in said]
        self.plan.tokens = [token for token in self.plan.tokens if token not in surfaces]
        self.plan.asking += surfaces
        return said

    def _speaks(self, entity: Entity) -> bool:
        """Whether ``entity`` is one whose own words a text may be; of bodies, one whose words a text is."""
        if entity.kind is Kind.BODY:
            return self.vocabulary.satisfying(own_words(entity, self.names.table)) > 0
        return entity.kind in (Kind.STATE, Kind.SPEAKER)

    def _is_generic(self, surface: str) -> bool:
        """Whether a word tells nothing of the matter by itself: one of the kept list, and one that stands in
        many paragraphs and is no term of a field: 援助, 国家, 委员会.
        """
        word, vocabulary = fold_words(surface), self.vocabulary
        if word in generic_words() or word in SAYING:
            return True
        if vocabulary.holding(word) < max(LEAST_COMMON, COMMON * vocabulary.paragraphs):
            return False
        concepts = (concept for concept, _how in self.words.thesaurus.named(word) if concept.slug)
        return all(concept.branch in GENERIC_BRANCHES for concept in concepts)

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
        wanted = [pair for pair in groups if not all_ask(pair[0])]
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
