"""Spelling correction ("did you mean"): strings of the archive one slip away from one that does not occur.

Not looked up in a list of words but in the text itself: everything that the archive says is known, also names
and terms that no dictionary has; every count is certain. A slip is one character wrong, missing, too many, or
two exchanged; where two are typed, one that sounds like it. Names of bodies, States and treaties may differ
by more.

Offered only, never searched instead. What is right is left alone: a word that the dictionary or the reference
data know is no slip, nor is one that the archive has. A correction occurs in the texts from border to border
of words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from itertools import chain

import numpy as np
from rapidfuzz.distance import Levenshtein
from rapidfuzz.fuzz import ratio
from rapidfuzz.process import extract

from archive.store.values import Schema
from archive.text import aligned_folding
from archive.text.folding import fold_literally, fold_words
from search.engine.protocol import Index, Slice, Texts, every_text
from search.query.entities.names import OF_TEXTS
from search.query.language.conditions import TEXT, Term
from search.query.planning.names import Names
from search.query.text.analyzer import Token, analyze
from search.query.text.folding import in_both_scripts, name_key, pronounced_alike
from search.query.text.marked_words import only_asks, places_of, stands_at_borders
from search.query.text.quantities import longer, writings
from search.query.text.segmenter import HAN_WORD, segmenter, synonyms, written
from search.query.thesaurus.table import Thesaurus, term_key

SHORTEST, LONGEST = 3, 24  # folded characters; of two, any one may stand for anything
MOST = 3
LONG_NAME = 5  # characters
ALIKE = 75  # percent of a name that must agree
SLIP = 0.8  # … of one in Latin letters
MOST_ROWS = 20  # paragraphs that are looked at, spread over all that hold a string
MOST_WEIGHED = 12  # strings of which it is asked whether they stand as words

DENIALS = re.compile("[不没无未非勿莫]")


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction of a ``piece`` of the query: the word ``meant``, its number of occurrences, and whether
    the two sound alike.
    """

    piece: str
    meant: str
    count: int
    alike: bool = False


@dataclass(frozen=True)
class Corrector:
    """Corrects spelling by the texts of ``index``."""

    index: Index
    names: Names
    thesaurus: Thesaurus
    _known: dict[str, list[Correction]] = field(default_factory=dict, repr=False, compare=False)

    def occurrences(self, string: str) -> int:
        return self.index.sums([string])[0]

    def corrections(self, piece: str) -> list[Correction]:
        """Returns the corrections of ``piece``, likeliest first; none where it occurs, or is right though it
        does not.
        """
        if self.thesaurus.knows(piece):
            return []
        if piece not in self._known:
            self._known[piece] = self._one_slip_away(piece) or self._of_latin(piece)
        return self._known[piece]

    def _occurs(self, word: str) -> bool:
        return self.index.counts([Term(TEXT, fold_words(word))]) > [0]

    def _one_slip_away(self, piece: str) -> list[Correction]:
        typed = fold_literally(piece)
        forms = dict.fromkeys((typed, aligned_folding.fold(typed)))
        return next((found for form in forms if (found := self._meant(piece, form))), [])

    def _of_latin(self, piece: str) -> list[Correction]:
        """Returns what texts call the terms and names in Latin letters that are a slip from ``piece``."""
        if len(piece) < LONG_NAME or not piece.isascii() or self.occurrences(piece):
            return []
        table, near = self.names.table, partial(extract, scorer=Levenshtein.normalized_similarity)
        terms = near(term_key(piece), self.thesaurus.latin, score_cutoff=SLIP, limit=MOST)
        names = near(name_key(piece), filter(str.isascii, table.by_key), score_cutoff=SLIP, limit=MOST)
        added = [one for term, *_ in terms for one in self.thesaurus.expansions(term)]
        said = [one.term for one in added if one.relation.means_the_same]
        named = [name for key, *_ in names for name in table.by_key[key]]
        return self._standing(
            piece, [*said, *(form for one in named for form in table.forms_of(one.kind, one.key))]
        )

    def _standing(self, piece: str, terms: Iterable[str]) -> list[Correction]:
        counted = [Correction(piece, term, self.occurrences(term)) for term in dict.fromkeys(terms)]
        return [one for one in counted if one.count and not one.meant.isascii()][:MOST]

    def _meant(self, piece: str, folded: str) -> list[Correction]:
        if self.occurrences(folded) or is_known(folded, self.names):
            return []
        if (archive := every_text(self.index)) is None:
            return []
        if len(folded) == 2:
            return self._heard(piece, folded, archive)
        if not SHORTEST <= len(folded) <= LONGEST:
            return []
        tokens = analyze(folded)
        if not any(map(self._doubtful, tokens)):
            return []
        likely = self._slips(piece, folded, tokens, archive.folded)
        likely.sort(key=lambda one: (not one.alike, -one.count, one.meant))
        return [one for one in likely[:MOST_WEIGHED] if stands_as_words(archive, one.meant)][:MOST]

    def _heard(self, piece: str, folded: str, archive: Slice) -> list[Correction]:
        """Returns words that sound like two characters that are no word: 决议 for 决义."""
        if not HAN_WORD.fullmatch(folded):
            return []
        texts = archive.folded
        alike = texts.fillings("", folded[1]) + texts.fillings(folded[0], "")
        words = [
            Correction(piece, meant, count, alike=True)
            for meant, count in alike.most_common()
            if _sounds_alike(folded, meant) and segmenter().knows(meant)
        ]
        return [one for one in words[:MOST_WEIGHED] if stands_as_words(archive, one.meant)][:MOST]

    def _doubtful(self, token: Token) -> bool:
        """Returns True if a typing error may be in or next to ``token``: one that is no known word."""
        if token.kind != "word":
            return False
        return not self._occurs(token.term) or (len(token.term) == 1 and not only_asks(token))

    def _slips(self, piece: str, folded: str, tokens: list[Token], texts: Texts) -> list[Correction]:
        """Returns the strings one slip away from ``folded``, and the names that are like it."""
        alike = extract(folded, self.names.table.listed, scorer=ratio, score_cutoff=ALIKE, limit=2)
        named = {name: self.occurrences(name) for name, _likeness, _place in alike}
        return [
            Correction(piece, meant, count, _sounds_alike(folded, meant))
            for meant, count in (named | _one_slip(folded, texts)).items()
            if count
            and DENIALS.findall(folded) == DENIALS.findall(meant)
            and (
                self._may_be_meant(folded, tokens, meant)
                or (meant in named and self._is_name_misspelt(folded, tokens, meant))
            )
        ]

    def _is_name_misspelt(self, folded: str, tokens: list[Token], meant: str) -> bool:
        """Returns True if one character of a long name was mistyped, in a word that the archive does not
        have: 威斯巴顿进程, where 巴顿 is a word elsewhere.
        """
        if len(folded) != len(meant) or len(folded) < LONG_NAME:
            return False
        differing = [at for at, (a, b) in enumerate(zip(folded, meant, strict=True)) if a != b]
        touched = [token for token in tokens if token.start <= differing[0] < token.end]
        return len(differing) == 1 and not any(self._occurs(token.term) for token in touched)

    def _may_be_meant(self, folded: str, tokens: list[Token], meant: str) -> bool:
        """Returns True if the correction changes no correct word, and its changes belong to words."""
        alike = _sounds_alike(folded, meant) or sorted(folded) == sorted(meant)
        made = analyze(meant)
        return all(
            self._may_be_wrong(tokens, step.src_start, step.src_end, alike)
            and (step.tag == "delete" or _makes_a_word(made, step.dest_start, step.dest_end))
            for step in Levenshtein.opcodes(folded, meant)
            if step.tag != "equal"
        )

    def _may_be_wrong(self, tokens: list[Token], start: int, end: int, alike: bool) -> bool:
        """Returns True if a typing error may lie from ``start`` to ``end``: in characters that are no word,
        or in a word that the archive does not have and that sounds like another, or has the same characters.
        Between two words nothing is missing.
        """
        if start == end:
            inside = [token for token in tokens if token.start < end < token.end]
            beside = [token for token in tokens if end in (token.start, token.end)]
            return all(map(_no_word, inside)) if inside else any(map(_no_word, beside))
        touched = [token for token in tokens if token.start < end and start < token.end]
        return all(_no_word(token) or (alike and not self._occurs(token.term)) for token in touched)


def stands_as_words(archive: Slice, string: str) -> bool:
    """Returns True if a string begins and ends at word borders in some text of ``archive``."""
    rows = archive.folded.find(string).rows
    if len(rows) > MOST_ROWS:
        rows = rows[np.linspace(0, len(rows) - 1, MOST_ROWS).astype(int)]
    texts = (archive.stored(row)["text"] for row in rows.tolist())
    return any(stands_at_borders(span, text) for text in texts for span in places_of(string, text))


def is_known(text: str, names: Names) -> bool:
    """Returns True if ``text`` is a word of the dictionary or synonym sets, or a name."""
    folded = "".join(fold_words(text).split())
    return (
        segmenter().knows(folded)
        or folded in synonyms()
        or any(name.kind in OF_TEXTS for name in names.table.named(folded))
    )


def _no_word(token: Token) -> bool:
    """Returns True if a token is a single character, or ASCII letters, which no dictionary of ours covers."""
    return len(token.term) == 1 or token.term.isascii()


def _makes_a_word(tokens: list[Token], start: int, end: int) -> bool:
    """Returns True if the characters belong to words, or to a name of single characters."""
    for number, token in enumerate(tokens):
        if token.start < end and start < token.end and len(token.term) == 1:
            beside = [*tokens[max(0, number - 1) : number], *tokens[number + 1 : number + 2]]
            if not any(len(other.term) == 1 for other in beside):
                return False
    return True


def _one_slip(folded: str, texts: Texts) -> Counter[str]:
    """Returns the strings of the text one slip away from ``folded``, with their occurrences."""
    found: Counter[str] = Counter()
    size = len(folded)
    for at in range(size):
        if at:
            found.update(texts.fillings(folded[:at], folded[at:]))
        if folded[at].isdigit():  # another number is another thing
            continue
        if size > SHORTEST and 0 < at < size - 1:  # else a piece of what was typed
            _add(found, folded[:at] + folded[at + 1 :], texts)
        if at + 1 < size and folded[at] != folded[at + 1]:
            _add(found, folded[:at] + folded[at + 1] + folded[at] + folded[at + 2 :], texts)
        found.update(texts.fillings(folded[:at], folded[at + 1 :]))
    del found[folded]
    return found


def _add(found: Counter[str], string: str, texts: Texts) -> None:
    if count := texts.count(string):
        found[string] = count


def _sounds_alike(folded: str, meant: str) -> bool:
    """Returns True if the two differ in one character, and that sounds about the same."""
    differing = [(one, other) for one, other in zip(folded, meant, strict=False) if one != other]
    return len(folded) == len(meant) and len(differing) == 1 and pronounced_alike(*differing[0])


# Other ways to write a phrase, each with its own literal count: beside a literal answer, never in it.

MOST_VARIANTS = 8
MARKS = re.compile('["＂“”„‟〝〞〟「」『』｢｣‘’]')
LONGEST_VARIED = 60  # characters of a phrase that is worth varying


class By(StrEnum):
    """The respect in which a variant differs from what was typed."""

    SCRIPT = "script"  # traditional or simplified characters
    MARKS = "marks"  # quotation marks that it is without
    NUMBER = "number"  # the digits of the number that it is
    NAME = "name"  # another name for the same


class OtherWriting(Schema, frozen=True):
    """Another way to write the query that finds something."""

    text: str
    count: int
    by: str  # of ``By``


def variants_of(phrase: str, index: Index) -> tuple[OtherWriting, ...]:
    """Returns the variants of ``phrase`` that occur, most frequent first.

    A variant that holds the phrase is left out: the phrase's own count has it already. One that the phrase
    holds is given only where it also stands elsewhere.
    """
    own = fold_literally(phrase)
    if not own or len(phrase) > LONGEST_VARIED:
        return ()
    ways = [(by, text, longer(text) if by is By.NUMBER else ()) for by, text in _written_otherwise(phrase)]
    strings = list(dict.fromkeys([phrase, *(one for _by, text, inside in ways for one in (text, *inside))]))
    counts = dict(zip(strings, index.sums(strings), strict=True))
    found: dict[str, OtherWriting] = {}
    for by, text, inside in ways:
        folded = fold_literally(text)
        if folded in found or own in folded:
            continue
        count = counts[text] - sum(counts[one] for one in inside)
        if count > counts[phrase] * own.count(folded):
            found[folded] = OtherWriting(text, count, by)
    return tuple(sorted(found.values(), key=lambda variant: -variant.count)[:MOST_VARIANTS])


def _written_otherwise(phrase: str) -> Iterator[tuple[By, str]]:
    """Generates variants: in the other script; without quotation marks; with another name for the whole, or
    for one word of it.
    """
    for text in in_both_scripts(phrase):
        yield By.SCRIPT, text
    for text in in_both_scripts(MARKS.sub("", phrase)):
        yield By.MARKS, text
    for other in dict.fromkeys(chain(*writings(phrase))):
        yield By.NUMBER, other
    for other in synonyms().get(fold_words(phrase), ()):
        yield By.NAME, written(other)
    tokens = [token for token in analyze(phrase) if token.kind == "word"]
    if len(tokens) < 2:
        return
    for token in tokens:
        for other in synonyms().get(token.term, ()):
            yield By.NAME, phrase[: token.start] + written(other) + phrase[token.end :]


def written_in_texts(typed: str, texts: Iterable[str]) -> str:
    """Returns the most frequent way in which ``texts`` write ``typed`` (width, case, blanks or marks, which
    are folded). Empty where one writes it as typed, or none has it.
    """
    written: Counter[str] = Counter()
    for text in texts:
        written.update(text[start:end] for start, end in places_of(typed, text))
        if typed in written:
            return ""
    return max(written, key=lambda surface: (written[surface], surface), default="")
