"""What is offered beside an answer: the literal count, other ways to write it, what may have been meant."""

from __future__ import annotations

import re

from .backends.found import Found
from .corrections import Correction, corrections
from .folding import fold_words
from .library import OpenIndex
from .literal import occurring_parts
from .nodes import TEXT
from .query import Phrase, SearchQuery, Words, phrases_of, without_fields, words_of
from .variants import Variant, variants_of
from .vocabulary import HAN

FEW = 3  # paragraphs: with fewer, what was typed may not be what was meant
MOST_CORRECTED = 3  # pieces of a query
LATIN = re.compile(r"[A-Za-z]+")
TELLING = re.compile(f"[{HAN}]{{2}}|(?=\\d*[^\\W\\d])\\w{{3}}")  # a piece worth offering


def literal_count(query: SearchQuery, index: OpenIndex) -> int | None:
    """Only for one piece without blanks, which could have been quoted as it stands."""
    one = isinstance(query.root, Words) and query.root.text == query.text
    return index.literal.count(query.text) if one else None


def nearby(query: SearchQuery, index: OpenIndex) -> tuple[tuple[str, int], ...]:
    """The longest pieces of what was asked that do occur, each with its occurrences."""
    pieces = [
        part
        for phrase in (phrases_of(query.root) or words_of(query.root))[:3]
        for part in occurring_parts(phrase, index.literal)
    ]
    telling = [part for part in dict.fromkeys(pieces) if TELLING.search(part) and _stands_alone(part, index)]
    return tuple((part, index.literal.count(part)) for part in telling[:6])


def variants_beside(query: SearchQuery, index: OpenIndex) -> tuple[Variant, ...]:
    """Of the one phrase that is asked for, beside filters or alone."""
    root = without_fields(query.root)
    return variants_of(root.text, index.literal) if isinstance(root, Phrase) else ()


def little(found: Found, mode: str) -> bool:
    """Few paragraphs; of a word search, few that hold all the words."""
    return (found.complete if mode == "words" else found.paragraphs) < FEW


def corrected(query: SearchQuery, index: OpenIndex) -> tuple[Correction, ...]:
    pieces = [*phrases_of(query.root), *words_of(query.root)][:MOST_CORRECTED]
    return tuple(
        correction
        for piece in pieces
        for correction in corrections(piece, index.literal, index.manifest.names)
        if _stands_alone(correction.meant, index)
    )


def _stands_alone(text: str, index: OpenIndex) -> bool:
    """Whether Latin letters are a word of the texts, not a piece of one: nuclear is not meant by ear."""
    return not LATIN.fullmatch(text) or index.engine.frequency(TEXT, fold_words(text)) > 0
