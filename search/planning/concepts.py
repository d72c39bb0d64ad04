"""What a word search asks for: each word of the query as a concept, with all that counts as the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import groupby

from search.query.conditions import (
    CONTEXT,
    TEXT,
    AllOf,
    AnyNode,
    AnyOf,
    Best,
    Concept,
    Constant,
    Contains,
    Once,
    Term,
    Weighted,
)
from search.query.vocabulary import Vocabulary
from search.text.analyzer import INNER, Token, analyze, words_of_term
from search.text.grouping import is_character, surface_of
from search.text.scripts import in_both_scripts
from search.text.segmenter import segmenter
from search.thesaurus.english import terms
from search.thesaurus.relations import WEIGHTS, Expansion, Relation
from search.thesaurus.spans import Span, spans
from search.thesaurus.table import Thesaurus

from .held_terms import HeldTerms
from .names import canonical_symbol

MOST_TOKENS = 60

# What a match is worth beside the exact word (1.0) in BM25:
SYNONYM = WEIGHTS[Relation.SAME]
INSIDE, PARTS, PART, HEADING_ABOVE = 0.6, 0.5, 0.5, 0.5
# … and added to a paragraph: a symbol recorded as cited, the query as one string, two neighbours as one.
CITED, STRING, NEIGHBOURS = 3.0, 4.0, 1.0


ADDED_PARTS = ("same", "narrower", "beside")  # of a concept


class Concepts(HeldTerms):
    """Makes concepts of tokens, and keeps what they will mark and what was added for them.

    ``terms``, ``strings``, ``symbols`` and ``characters``, wherever these stand, are what to mark in a hit;
    ``added`` maps a word or term to what was added for it;
    ``helping`` collects nodes that only add to scores.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        variants: bool,
        thesaurus: Thesaurus,
    ) -> None:
        super().__init__(vocabulary, variants, thesaurus)
        self._spans = cache(self._terms_in)
        self.terms: set[str] = set()
        self.strings: list[str] = []
        self.characters: list[str] = []
        self.symbols: set[str] = set()
        self.added: dict[str, list[Expansion]] = {}
        self.helping: list[AnyNode] = []

    def concept(self, group: list[Token], piece: str) -> Concept:
        """The concept of a word of ``piece``: one token, or characters that belong together; with what the
        thesaurus has for it, and for the terms of several words that it is part of.
        """
        return self._expanded(self._typed(group, piece), group, piece)

    def _typed(self, group: list[Token], piece: str) -> Concept:
        token = group[0]
        if len(group) > 1:
            return self._characters(group, piece)
        if token.kind == "symbol":
            return self._symbol(token)
        if token.kind == "word" and len(token.term) > 1:
            return self._word(token, piece)
        return self._plain(token, alone=len(piece.strip()) == 1)

    def translated(self, piece: str, term: str, relation: Relation = Relation.TRANSLATION) -> Concept:
        """The concept of what the texts call ``term``: an English term, or one that is shortened."""
        words = words_of_term(term)
        others = tuple(dict.fromkeys((*self.others(piece), *self.others(term))))
        parts = self._parted(others, self.rarity(self.count(term)))
        context: AnyNode = AnyOf(())
        if len(words) == 1 or term in terms().values():
            cut = [self.concept([token], term) for token in analyze(term)]
            chinese: AnyNode = AllOf(tuple(word.held for word in cut))
            context = AllOf(tuple(word.context for word in cut))
            stands = any(map(self.known, words))
        else:  # elsewhere its words say other things
            chinese = self.as_words(term, self.rarity(self.count(term)))
            stands = True
        self.add(piece, [*([Expansion(term, relation, WEIGHTS[relation])] if stands else []), *others])
        return Concept(self.as_words(piece, 2.0), context, **parts | {"same": Best((chinese, parts["same"]))})

    def _plain(self, token: Token, alone: bool) -> Concept:
        """A number or a single character. Of words, a character stands in longer ones by their cut; typed
        ``alone`` it is no word but a character, and found wherever it stands.
        """
        term = token.term if self.frequency(token.term) else self._bare_number(token)
        if is_character(token):
            text = self.same([(term, 1.0)])
            if alone:
                self.characters.append(term)
                text = Best((text, self.literally(term)))
            return Concept(text, Term(CONTEXT, term, HEADING_ABOVE))
        self.terms.add(term)
        return Concept(Term(TEXT, term), Term(CONTEXT, token.term, HEADING_ABOVE))

    def _bare_number(self, token: Token) -> str:
        """第1540号, which texts write with the year in between: the number."""
        return token.terms[-1] if token.term.endswith("号") else token.term

    def literally(self, surface: str, score: float = 0.5) -> AnyNode:
        """Where ``surface`` stands as one string, in either script."""
        return Best(tuple(Contains(form, score) for form in in_both_scripts(surface)))

    def as_words(self, surface: str, score: float) -> AnyNode:
        """Where ``surface`` stands as one string, and all its tokens stand as words."""
        self.strings += in_both_scripts(surface)
        tokens = [AnyOf((Term(TEXT, word), Term(TEXT, INNER + word))) for word in words_of_term(surface)]
        return Constant(AllOf((self.literally(surface), *tokens)), score)

    def _characters(self, group: list[Token], piece: str) -> Concept:
        """A name that the dictionary does not have: all its pairs; or a word of another region."""
        if any(len(token.term) > 1 for token in group):
            surface = surface_of(group, piece)
            return Concept(self.as_words(surface, self.rarity(self.count(surface))), AnyOf(()))
        pairs = [INNER + first.term + second.term for first, second in zip(group, group[1:], strict=False)]
        self.terms.update(pairs)
        text: AnyNode = AllOf(tuple(Term(TEXT, pair) for pair in pairs))
        return Concept(text, AllOf(tuple(Term(CONTEXT, pair, HEADING_ABOVE) for pair in pairs)))

    def _symbol(self, token: Token) -> Concept:
        self.terms.add(token.term)
        symbol = canonical_symbol(token.term)
        text: AnyNode = Term(TEXT, token.term)
        if symbol:
            self.symbols.add(symbol)
            text = AnyOf((text, Constant(Term("cites", symbol), CITED)))
        return Concept(text, Term(CONTEXT, token.term, HEADING_ABOVE))

    def _word(self, token: Token, piece: str) -> Concept:
        word = token.term
        forms = [self.same([(word, 1.0)], shared=self.shared(word))]
        parts = segmenter().parts(word)
        if parts:
            inner = tuple(self.same(self._names_of(part)) for part in parts)
            forms.append(Weighted(AllOf(inner), PARTS))
            worth = PART if self.findable(word) else 1.0
            self.helping += [Weighted(part, worth) for part in inner]
        return Concept(Best(tuple(forms)), Term(CONTEXT, word, HEADING_ABOVE))

    def same(
        self,
        forms: list[tuple[str, float]],
        inner: bool = True,
        marked: bool = True,
        shared: float | None = None,
    ) -> AnyNode:
        """Words that count as one, each also as a word inside a longer one unless ``inner`` is False.

        They share one rarity, ``shared`` or that of them all: a rare name for a common thing tells no more
        than that.
        """
        weights = {}
        for word, weight in forms:
            weights[word] = weight
            if inner:
                weights.setdefault(INNER + word, weight * INSIDE)
        if marked:
            self.terms.update(weights)
        holding = {word: count for word in weights if (count := self.frequency(word))}
        shared = self.rarity(sum(holding.values())) if shared is None else shared
        return Best(
            tuple(
                Term(TEXT, word, weights[word] * shared / self.rarity(count))
                for word, count in holding.items()
            )
        )

    # --- what the thesaurus has ---

    def _expanded(self, concept: Concept, group: list[Token], piece: str) -> Concept:
        """``concept`` with what the thesaurus has for the terms of ``piece`` that hold ``group``."""
        start, end = group[0].start, group[-1].end
        parts = {name: [getattr(concept, name)] for name in ADDED_PARTS}
        holding = [span for span in self._spans(piece) if span.start <= start and end <= span.end]
        for span in dict.fromkeys([*holding, Span(start, end, surface_of(group, piece), 1)]):
            if found := self.others(span.text):
                self.add(span.text, found)
                for name, node in self._parted(found, self._share(group, span)).items():
                    parts[name].append(node)
        return replace(concept, **{name: Best(tuple(nodes)) for name, nodes in parts.items()})

    def _terms_in(self, piece: str) -> list[Span]:
        found = spans(piece, analyze(piece), self.thesaurus, lambda text: bool(self.others(text)))
        return found if self.variants else []

    def at_terms(self, tokens: Sequence[Token], piece: str) -> Iterator[tuple[list[Token], bool]]:
        """The ``tokens`` of ``piece``, cut at the borders of terms of several words, so that no name is seen
        across them (核料|被人|偷走), each run with whether it is a saying: a term that is used in talk alone,
        which no text has, and whose words mean nothing by themselves (没|人手).
        """
        terms = [span for span in self._spans(piece) if span.words > 1]
        inside = {
            token.start: span for token in tokens for span in terms if span.start <= token.start < span.end
        }
        for span, run in groupby(tokens, lambda token: inside.get(token.start)):
            listed = list(run)
            yield listed, span is not None and self._is_saying(span.text)

    def _is_saying(self, text: str) -> bool:
        names = self.thesaurus.named(text)
        in_talk = bool(names) and all(how is Relation.COLLOQUIAL for _concept, how in names)
        means = any(one.relation.means_the_same for one in self.others(text))
        return in_talk and means and not self.count(text)

    def _share(self, group: list[Token], span: Span) -> float:
        """The rarity with which a paragraph that says ``span`` in other words counts for ``group``, a part of
        it: never more than the group itself, nor than the term and its names together.
        """
        words = words_of_term(span.text) if span.words > 1 else ()
        held = {
            word: count for word in words if (count := self.frequency(word) or self.frequency(INNER + word))
        }
        whole = self.shared(span.text)
        if not words:
            return whole
        own = [self.rarity(held[word]) if word in held else whole for word in words]
        mine = sum(self.rarity(held.get(t.term, 0)) if t.term in held else whole for t in group)
        return mine * min(1.0, whole / sum(own))

    def _parted(self, found: Iterable[Expansion], rarity: float) -> dict[str, AnyNode]:
        """Where the terms of ``found`` stand, as the parts of a concept to which they belong."""
        nodes: dict[str, list[AnyNode]] = {name: [] for name in ADDED_PARTS}
        for one in found:
            part = (
                "same" if one.relation.means_the_same else "narrower" if one.relation.goes_down else "beside"
            )
            nodes[part].append(self._standing(one, rarity))
        return {name: Best(tuple(ways)) for name, ways in nodes.items()}

    def _standing(self, one: Expansion, rarity: float) -> AnyNode:
        if len(words_of_term(one.term)) == 1:
            return self.same([(one.term, one.weight)], shared=rarity)
        return Once(self.as_words(one.term, 1.0), rarity * one.weight)

    def _names_of(self, word: str) -> list[tuple[str, float]]:
        """The word and the others for the same thing that are single words, each with what it is worth."""
        others = [
            one
            for one in self.others(word)
            if one.relation.means_the_same and len(words_of_term(one.term)) == 1
        ]
        self.add(word, others)
        return [(word, 1.0), *((one.term, one.weight) for one in others)]

    def add(self, text: str, found: Sequence[Expansion]) -> None:
        """Records what was added for ``text``; each term once."""
        if found:
            known = {one.term: one for one in (*self.added.get(text, ()), *found)}
            self.added[text] = list(known.values())

    def function_word(self, group: list[Token]) -> AnyNode:
        """What a word that only asks or connects adds to a score."""
        return AnyOf(tuple(Term(TEXT, token.term, 0.2) for token in group))

    def nearness(self, piece: str) -> list[AnyNode]:
        """More for paragraphs where the piece, or two neighbouring words of it, stand as one string."""
        tokens = [token for token in analyze(piece) if token.kind == "word"][:MOST_TOKENS]
        if len(tokens) < 2:
            return []
        strings = [(piece, STRING)]
        strings += [
            (piece[first.start : second.end], NEIGHBOURS)
            for first, second in zip(tokens, tokens[1:], strict=False)
            if first.end == second.start and len(tokens) > 2
        ]
        return [self.literally(string, score) for string, score in strings]
