"""What a word search asks for: each word of the query as a concept, with all that counts as the same."""

from __future__ import annotations

from collections.abc import Callable

from .analysis import INNER, Token, analyze
from .backends.evaluation import inverse_frequency
from .cutting import is_character, surface_of
from .english import terms
from .entities.regional import mainland_forms
from .literal import LiteralIndex
from .names import canonical_symbol
from .nodes import CONTEXT, TEXT, AllOf, AnyNode, AnyOf, Best, Concept, Constant, Term, Weighted
from .script_forms import in_both_scripts
from .segmenter import segmenter
from .vocabulary import phrases_for, synonyms

MOST_TOKENS = 60

# What a match is worth beside the exact word (1.0) in BM25:
SYNONYM, INSIDE, PARTS, PART, HEADING_ABOVE = 0.95, 0.6, 0.5, 0.5, 0.5
# … and added to a paragraph: a symbol recorded as cited, the query as one string, two neighbours as one.
CITED, STRING, NEIGHBOURS = 3.0, 4.0, 1.0


class Concepts:
    """Makes concepts of tokens, and keeps what they will mark and what was added for them.

    ``terms``, ``strings``, ``symbols`` and ``characters``, wherever these stand, are what to mark in a hit;
    ``added`` maps a word to those added;
    ``helping`` collects nodes that only add to scores.
    """

    def __init__(self, literal: LiteralIndex, frequency: Callable[[str], int], variants: bool) -> None:
        self.literal, self.frequency, self.variants = literal, frequency, variants
        self.terms: set[str] = set()
        self.strings: list[str] = []
        self.characters: list[str] = []
        self.symbols: set[str] = set()
        self.added: dict[str, list[str]] = {}
        self.helping: list[AnyNode] = []

    def concept(self, group: list[Token], piece: str) -> Concept:
        """The concept of a word of ``piece``: one token, or characters that belong together."""
        token = group[0]
        if len(group) > 1:
            return self._characters(group, piece)
        if token.kind == "symbol":
            return self._symbol(token)
        if token.kind == "word" and len(token.term) > 1:
            return self._word(token, piece)
        return self._plain(token, alone=len(piece.strip()) == 1)

    def translated(self, piece: str, term: str) -> Concept:
        """The concept of an English term, which the texts call ``term`` in Chinese."""
        if term not in terms().values() and len(analyze(term)) > 1:  # elsewhere its words say other things
            self.added[piece] = [term]
            return Concept(self.as_words(term, self.rarity(self.literal.count(term))), AnyOf(()))
        words = [self.concept([token], term) for token in analyze(term)]
        if any(self._known(token.term) for token in analyze(term)):
            self.added[piece] = [term]
        text = AllOf(tuple(word.text for word in words))
        return Concept(Best((text, self.as_words(piece, 2.0))), AllOf(tuple(word.context for word in words)))

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
        return Best(tuple(self.literal.find(form).scored(score) for form in in_both_scripts(surface)))

    def as_words(self, surface: str, score: float) -> AnyNode:
        """Where ``surface`` stands as one string, and all its tokens stand as words."""
        self.strings += in_both_scripts(surface)
        tokens = [
            AnyOf((Term(TEXT, token.term), Term(TEXT, INNER + token.term))) for token in analyze(surface)
        ]
        return Constant(AllOf((self.literally(surface), *tokens)), score)

    def _characters(self, group: list[Token], piece: str) -> Concept:
        """A name that the dictionary does not have: all its pairs; or a word of another region."""
        if any(len(token.term) > 1 for token in group):
            return Concept(self.as_words(surface_of(group, piece), 2.0), AnyOf(()))
        pairs = [INNER + first.term + second.term for first, second in zip(group, group[1:], strict=False)]
        self.terms.update(pairs)
        text: AnyNode = AllOf(tuple(Term(TEXT, pair) for pair in pairs))
        word = "".join(token.term for token in group)
        if others := self._others(word, surface_of(group, piece)):
            text = Best((text, self.same([(other, SYNONYM) for other in others])))
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
        surface = piece[token.start : token.end]
        forms = [self.same(self._names_of(word, surface))]
        forms += [
            self.as_words(phrase, self.rarity(self.literal.count(phrase)))
            for phrase in self._phrases_for(word)
        ]
        parts = segmenter().parts(word)
        if parts:
            inner = tuple(self.same(self._names_of(part, part)) for part in parts)
            forms.append(Weighted(AllOf(inner), PARTS))
            self.helping += [Weighted(part, PART) for part in inner]
        return Concept(Best(tuple(forms)), Term(CONTEXT, word, HEADING_ABOVE))

    def _known(self, word: str) -> bool:
        return bool(self.frequency(word) or self.frequency(INNER + word))

    def same(self, forms: list[tuple[str, float]], inner: bool = True, marked: bool = True) -> AnyNode:
        """Words that count as one, each also as a word inside a longer one unless ``inner`` is False.

        They share one rarity, that of them all: a rare name for a common thing tells no more than that.
        """
        weights = {}
        for word, weight in forms:
            weights[word] = weight
            if inner:
                weights.setdefault(INNER + word, weight * INSIDE)
        if marked:
            self.terms.update(weights)
        holding = {word: count for word in weights if (count := self.frequency(word))}
        shared = self.rarity(sum(holding.values()))
        return Best(
            tuple(
                Term(TEXT, word, weights[word] * shared / self.rarity(count))
                for word, count in holding.items()
            )
        )

    def rarity(self, holding: int) -> float:
        paragraphs = len(self.literal)
        return inverse_frequency(paragraphs, min(holding, paragraphs))

    def _phrases_for(self, word: str) -> list[str]:
        found = [phrase for phrase in phrases_for(word) if self.variants and self.literal.occurs(phrase)]
        if found:
            self.added[word] = [*self.added.get(word, ()), *found]
        return found

    def _names_of(self, word: str, surface: str) -> list[tuple[str, float]]:
        """The word and the others for the same thing, each with what it is worth."""
        return [(word, 1.0), *((other, SYNONYM) for other in self._others(word, surface))]

    def _others(self, word: str, surface: str) -> list[str]:
        """Words for the same thing that the index holds: kept sets, bodies' names, usage of the regions."""
        if not self.variants:
            return []
        usual = [[token.term for token in analyze(form)] for form in mainland_forms(surface)]
        others = [terms[0] for terms in usual if len(terms) == 1]
        others += synonyms().get(word, ())
        found = [other for other in dict.fromkeys(others) if other != word and self._known(other)]
        if found:
            self.added[word] = found
        return found

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

    def findable(self, word: str) -> bool:
        """Whether the index holds the word, or another for the same thing."""
        return self._known(word) or bool(self._others(word, word))

    def nowhere(self, word: str) -> bool:
        """Whether the word stands in no text, not even as a string."""
        return not self.findable(word) and not self.literal.count(word)
