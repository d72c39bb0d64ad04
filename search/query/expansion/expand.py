"""Reading the words of a query as units: the longest match over all labels, what is left cut into words.

Labels are the names of States, bodies, treaties, organisations and speakers, and the terms of the thesaurus
with its English, regional and spoken ones. What is no label is read as a citation, a date, or words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby, takewhile

from search.query.entities.dates import in_figures
from search.query.entities.names import HAVE_NAMES, Entity, Kind, NameTable, mainland_forms
from search.query.entities.recognise import entity_of, read_whole
from search.query.text.analyzer import Token, analyze
from search.query.text.folding import unaccented
from search.query.text.marked_words import all_ask, is_character, only_asks, surface_of
from search.query.text.quantities import writings
from search.query.text.segmenter import HAN_WORD
from search.query.thesaurus.table import Thesaurus

from .forms import Unit, as_added, as_typed_alone, is_single, unit_of, unit_of_character, words_apart

MOST_TOKENS = 60
LONGEST_RUN, LONGEST_CITATION = 12, 9  # pieces between blanks that together may be one name, one citation
LONGEST_LABEL = 12  # tokens
LEAST_SHORTENED = 4  # characters of a name without the word that says what kind of body it is
ACTS = ("决议", "决定")  # behind a symbol: part of its name
TITLE = re.compile("《([^《》]+)》")


@dataclass(frozen=True, slots=True)
class Reading:
    """The search ``units`` of a query, its question and function words ``asking``, whether it was cut short,
    and the labels that stand nowhere with the words of which each consists, which are asked instead.
    """

    units: tuple[Unit, ...] = ()
    asking: tuple[str, ...] = ()
    cut_short: bool = False
    divided: Mapping[str, Sequence[str]] = field(default_factory=dict)


def expand(
    pieces: Sequence[str],
    table: NameTable,
    thesaurus: Thesaurus,
    variants: bool = True,
    stands: Callable[[str], object] = bool,
) -> Reading:
    """Expands ``pieces``, the words of a query between blanks, into search units with synonyms and entities;
    without ``variants`` into the same units as typed. ``stands`` tells whether a text has a string.
    """
    return _Expander(table, thesaurus, variants, stands).read(pieces)


class _Expander:
    def __init__(
        self, table: NameTable, thesaurus: Thesaurus, variants: bool, stands: Callable[[str], object]
    ) -> None:
        self.table, self.thesaurus, self.variants, self.stands = table, thesaurus, variants, stands
        self.divided: dict[str, Sequence[str]] = {}
        self.units: list[Unit] = []
        self.asking: list[str] = []
        self.left, self.cut_short = MOST_TOKENS, False
        self.means = lru_cache(maxsize=None)(self._means)

    def read(self, pieces: Sequence[str]) -> Reading:
        pieces = [in_figures(piece) for piece in pieces]
        pieces, at = [part for piece in pieces for part in self._beside_titles(piece)], 0
        while at < len(pieces):
            size, entities = self._longest_run(pieces, at)
            text = " ".join(pieces[at : at + size])
            if size > 1 or entities or self.thesaurus.knows(text):
                self._add(text, entities)
            else:
                self._within(text)
            at += size
        if not self.units:  # 什么 alone: it is asked for after all, as it stands
            self.asking, self.left = [], MOST_TOKENS
            for piece in pieces:
                if tokens := self._limited(analyze(piece)):
                    self._add(surface_of(tokens, piece), ())
        return Reading(tuple(self.units), tuple(dict.fromkeys(self.asking)), self.cut_short, self.divided)

    def _beside_titles(self, piece: str) -> list[str]:
        """Returns ``piece`` cut at the titles in it, unless it is a name: 印度, 外贸法 of 印度《外贸法》."""
        return [piece] if self.table.named(piece) else [part for part in TITLE.split(piece) if part]

    def _add(self, text: str, entities: tuple[Entity, ...]) -> None:
        if is_single(text):
            self.units.append(unit_of_character(text))
            return
        unit = unit_of(text, entities, self.table, self.thesaurus)
        words = words_apart(text) if self.variants and not entities and self._is_term(text) else ()
        if words and all(map(self.stands, words)) and not any(map(self.stands, unit.strings)):
            self.divided[text], before = words, len(self.units)
            for word in words:
                self._within(word)
            self.units[before:] = map(as_added, self.units[before:])
            return
        self.units.append(unit if self.variants else as_typed_alone(unit))

    # --- between blanks ---

    def _longest_run(self, pieces: Sequence[str], at: int) -> tuple[int, tuple[Entity, ...]]:
        """Returns the size of the longest name, term or citation at ``at`` in pieces, and its entities."""
        for size in range(min(LONGEST_RUN, len(pieces) - at), 0, -1):
            text = " ".join(pieces[at : at + size])
            is_whole = size == len(pieces)
            citation = size <= LONGEST_CITATION and any(map(str.isdigit, text))
            if size > 1 and not citation and not _is_latin(text):
                continue
            entities = self._named_as_a_whole(text, is_whole)
            if entities and (size == 1 or _is_latin(text) or entities[0].kind is Kind.SYMBOL):
                return size, entities
            if size > 1 and _is_latin(text) and self.thesaurus.knows(text):
                return size, ()
        return 1, ()

    def _named_as_a_whole(self, text: str, is_whole: bool) -> tuple[Entity, ...]:
        """Returns the entities that ``text`` names; codes in lower case only as the whole query."""
        entities = read_whole(text, self.table)
        kept = [
            entity
            for entity in entities
            if entity.kind not in HAVE_NAMES or is_whole or self._is_said_so(text, entity)
        ]
        return tuple(kept)

    def _is_said_so(self, text: str, entity: Entity) -> bool:
        names = [name for name in self.table.named(text) if name.key == entity.key]
        if not names:
            return True
        if names[0].weak:
            return self._is_shortened(text)
        return not names[0].is_code or text.isupper()

    def _is_shortened(self, text: str) -> bool:
        """Returns True if ``text`` is the shortened name of exactly one entity."""
        things = {(name.kind, name.key) for name in self.table.named(text)}
        return len(things) == 1 and len(text) >= LEAST_SHORTENED and HAN_WORD.fullmatch(text) is not None

    # --- within a piece ---

    def _within(self, piece: str) -> None:
        tokens = self._limited(analyze(piece))
        rest: list[Token] = []
        at = 0
        while at < len(tokens):
            size, asks = self._longest_label(piece, tokens[at : at + LONGEST_LABEL]), False
            if not size:
                size, asks = _ask_together(tokens[at : at + LONGEST_LABEL]), True
            if size:
                self._words(rest, piece)
                rest = []
                text = surface_of(tokens[at : at + size], piece)
                if asks:
                    self.asking.append(text)
                else:
                    self._add(text, self.means(text))
            else:
                rest.append(tokens[at])
            at += max(size, 1)
        self._words(rest, piece)

    def _limited(self, tokens: list[Token]) -> list[Token]:
        self.cut_short = self.cut_short or len(tokens) > self.left
        kept = tokens[: self.left]
        self.left -= len(kept)
        return kept

    def _longest_label(self, piece: str, tokens: Sequence[Token]) -> int:
        """Counts the ``tokens`` of the longest label (name, term, symbol, date) at the start; 0 for none."""
        if tokens[0].kind == "symbol":
            return 2 if len(tokens) > 1 and tokens[1].term in ACTS else 1
        for size in range(len(tokens), 0, -1):
            text = surface_of(tokens[:size], piece)
            if not all_ask(tokens[:size]) and (self.means(text) or self._is_term(text) or writings(text).own):
                return size
        return 0

    def _is_term(self, text: str) -> bool:
        return any(map(self.thesaurus.knows, (text, *mainland_forms(text))))

    def _means(self, text: str) -> tuple[Entity, ...]:
        """Returns the entities that a label inside a piece names."""
        if analyze(text)[0].kind == "symbol":
            return read_whole(text, self.table)
        for form in (text, *mainland_forms(text)):
            for name in self.table.named(form)[:1]:
                if name.weak:
                    if not self._is_shortened(form):
                        continue
                elif name.is_code and not text.isupper() or name.kind is Kind.SPEAKER and len(text) < 3:
                    continue
                return (entity_of(name),)
        return ()

    def _words(self, tokens: Sequence[Token], piece: str) -> None:
        """The words that are no labels; single characters side by side are one name."""
        for lone, run in groupby(tokens, lambda token: is_character(token) and not only_asks(token)):
            group = list(run)
            for part in [group] if lone else [[token] for token in group]:
                surface = surface_of(part, piece)
                if only_asks(part[0]):
                    self.asking.append(surface)
                else:
                    self._add(surface, ())


def _ask_together(tokens: Sequence[Token]) -> int:
    """Counts the leading characters that ask as one word though not each alone (哪|年); 0 for none."""
    run = list(takewhile(is_character, tokens))
    sizes = range(len(run), 1, -1)
    return next((n for n in sizes if all_ask(run[:n]) and not all(map(only_asks, run[:n]))), 0)


def _is_latin(text: str) -> bool:
    """Returns True if ``text`` is written in Latin letters, with or without accents: jūn mín."""
    return text.isascii() or unaccented(text).isascii()
