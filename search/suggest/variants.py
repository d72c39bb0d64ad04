"""Other ways to write a phrase, each with its own literal count: beside a literal answer, never in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from search.index.literal import places_of
from search.query.vocabulary import Vocabulary
from search.text.analyzer import analyze
from search.text.folding import fold_literally, fold_words
from search.text.scripts import in_both_scripts
from search.text.vocabulary import synonyms, written

MOST = 8
MARKS = re.compile('["＂“”„‟〝〞〟「」『』｢｣‘’]')
LONGEST = 60  # characters of a phrase that is worth varying


class By(StrEnum):
    """What a variant has otherwise."""

    SCRIPT = "script"  # traditional or simplified characters
    MARKS = "marks"  # quotation marks that it is without
    NAME = "name"  # another name for the same


@dataclass(frozen=True, slots=True)
class Variant:
    """Another way to write it, how often that stands in the texts, and what is otherwise."""

    text: str
    count: int
    by: By = By.NAME


def variants_of(phrase: str, vocabulary: Vocabulary) -> tuple[Variant, ...]:
    """The variants of ``phrase`` that occur, most frequent first.

    A variant that holds the phrase is left out: the phrase's own count has it already. One that the phrase
    holds is given only where it also stands elsewhere.
    """
    own = fold_literally(phrase)
    if not own or len(phrase) > LONGEST:
        return ()
    total = vocabulary.occurrences(phrase)
    found: dict[str, Variant] = {}
    for by, text in _written_otherwise(phrase):
        folded = fold_literally(text)
        if folded in found or own in folded:
            continue
        count = vocabulary.occurrences(text)
        if count > total * own.count(folded):
            found[folded] = Variant(text, count, by)
    return tuple(sorted(found.values(), key=lambda variant: -variant.count)[:MOST])


def _written_otherwise(phrase: str) -> Iterator[tuple[By, str]]:
    """In the other script; without quotation marks; with another name for the whole, or for one word of
    it."""
    for text in in_both_scripts(phrase):
        yield By.SCRIPT, text
    for text in in_both_scripts(MARKS.sub("", phrase)):
        yield By.MARKS, text
    for other in synonyms().get(fold_words(phrase), ()):
        yield By.NAME, written(other)
    tokens = [token for token in analyze(phrase) if token.kind == "word"]
    if len(tokens) < 2:
        return
    for token in tokens:
        for other in synonyms().get(token.term, ()):
            yield By.NAME, phrase[: token.start] + written(other) + phrase[token.end :]


def written_in_texts(typed: str, texts: Iterable[str]) -> str:
    """How ``texts`` write ``typed``, most often, where none writes it as typed: in other widths, cases,
    blanks or marks, which are folded. Empty where one does, or there is none.
    """
    written: Counter[str] = Counter()
    for text in texts:
        written.update(text[start:end] for start, end in places_of(typed, text))
        if typed in written:
            return ""
    return max(written, key=lambda surface: (written[surface], surface), default="")
