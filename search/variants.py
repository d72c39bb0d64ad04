"""Other ways to write a phrase, each with its own literal count: beside a literal answer, never in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .analysis import analyze
from .folding import fold_literally, fold_words
from .literal import LiteralIndex
from .script_forms import in_both_scripts
from .vocabulary import synonyms, written

MOST = 8
LONGEST = 60  # characters of a phrase that is worth varying


@dataclass(frozen=True, slots=True)
class Variant:
    """Another way to write it, and how often that stands in the texts."""

    text: str
    count: int


def variants_of(phrase: str, literal: LiteralIndex) -> tuple[Variant, ...]:
    """The variants of ``phrase`` that occur, most frequent first.

    A variant that holds the phrase is left out: the phrase's own count has it already. One that the phrase
    holds is given only where it also stands elsewhere.
    """
    own = fold_literally(phrase)
    if not own or len(phrase) > LONGEST:
        return ()
    total = literal.count(phrase)
    found: dict[str, Variant] = {}
    for text in _written_otherwise(phrase):
        folded = fold_literally(text)
        if folded in found or own in folded:
            continue
        count = literal.count(text)
        if count > total * own.count(folded):
            found[folded] = Variant(text, count)
    return tuple(sorted(found.values(), key=lambda variant: -variant.count)[:MOST])


def _written_otherwise(phrase: str) -> Iterator[str]:
    """In the other script; with another name for the whole; with another name for one word of it."""
    yield from in_both_scripts(phrase)
    for other in synonyms().get(fold_words(phrase), ()):
        yield written(other)
    tokens = [token for token in analyze(phrase) if token.kind == "word"]
    if len(tokens) < 2:
        return
    for token in tokens:
        for other in synonyms().get(token.term, ()):
            yield phrase[: token.start] + written(other) + phrase[token.end :]
