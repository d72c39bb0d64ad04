"""What the texts hold of a word or term, and which other terms for it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from search.entities.regional import mainland_forms
from search.query.vocabulary import Vocabulary, inverse_frequency
from search.text.analyzer import INNER, Token, words_of_term
from search.text.grouping import is_character
from search.text.segmenter import segmenter
from search.thesaurus.relations import WEIGHTS, Expansion, Relation
from search.thesaurus.table import Thesaurus, term_key

MOST_NAMES, MOST_NEIGHBOURS = 8, 6  # terms added for one, that mean the same, and of its neighbours


class HeldTerms:
    """Looks words up in a vocabulary: ``frequency`` says how many paragraphs hold a token, ``count`` how
    often a string occurs; ``others`` what the thesaurus has for a text and the texts hold, nothing without
    ``variants``.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        variants: bool,
        thesaurus: Thesaurus,
    ) -> None:
        self.vocabulary, self.variants = vocabulary, variants
        self.frequency, self.count = vocabulary.holding, vocabulary.occurrences
        self.thesaurus = thesaurus
        self.others = cache(self._others)

    def rarity(self, holding: int) -> float:
        """How much it says that ``holding`` paragraphs hold a term."""
        paragraphs = self.vocabulary.paragraphs
        return inverse_frequency(paragraphs, min(holding, paragraphs))

    def findable(self, word: str) -> bool:
        """Whether the index holds the word, or another for the same thing."""
        return self.known(word) or any(one.relation.means_the_same for one in self.others(word))

    def stand(self, group: Sequence[Token], surface: str) -> bool:
        """Whether a text may hold ``group``, written ``surface``, as words: the word or its parts, the pairs
        of characters, or else the string and each of its words.
        """
        if len(group) == 1:
            parts = segmenter().parts(group[0].term)
            return self.findable(group[0].term) or (bool(parts) and all(map(self.findable, parts)))
        if all(map(is_character, group)):
            return all(self.frequency(INNER + a.term + b.term) for a, b in pairwise(group))
        return self.count(surface) > 0 and all(self.frequency(token.term) for token in group)

    def stands_nowhere(self, text: str) -> bool:
        """Whether no text holds ``text`` itself."""
        return not self.stands(text) and not self.count(text)

    def nowhere(self, word: str) -> bool:
        """Whether the word stands in no text, not even as a string."""
        return not self.findable(word) and not self.count(word)

    def _others(self, text: str) -> tuple[Expansion, ...]:
        """What the thesaurus and the usage of the regions have for ``text`` and the texts hold."""
        if not self.variants:
            return ()
        usual = [words_of_term(form) for form in mainland_forms(text)]
        regional = [
            Expansion(terms[0], Relation.REGIONAL, WEIGHTS[Relation.REGIONAL])
            for terms in usual
            if len(terms) == 1 and terms[0] != term_key(text)
        ]
        names: dict[str, Expansion] = {}
        neighbours: dict[str, Expansion] = {}
        for one in (*regional, *self.thesaurus.expansions(text)):
            kept, most = (names, MOST_NAMES) if one.relation.means_the_same else (neighbours, MOST_NEIGHBOURS)
            if len(kept) < most and one.term not in kept and self.stands(one.term):
                kept[one.term] = one
        return (*names.values(), *neighbours.values())

    def stands(self, term: str) -> bool:
        """Whether the texts hold ``term``, a word or several."""
        words = words_of_term(term)
        return self.known(words[0]) if len(words) == 1 else bool(words) and self.count(term) > 0

    def known(self, word: str) -> bool:
        """Whether a paragraph holds ``word`` as a word, or inside one."""
        return bool(self.frequency(word) or self.frequency(INNER + word))

    def shared(self, text: str) -> float:
        """The rarity of a term and all its names together."""
        terms = [term_key(text), *(one.term for one in self.others(text) if one.relation.means_the_same)]
        return self.rarity(sum(map(self._holding, terms)))

    def _holding(self, term: str) -> int:
        if len(words_of_term(term)) == 1:
            return self.frequency(term) + self.frequency(INNER + term)
        return self.count(term)
