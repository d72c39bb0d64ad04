"""What general dictionaries of the language have for a word that nobody wrote a concept for.

Three tables in ``fixtures/dictionary/``, whose README names their sources: sets of equal words, English
words with the Chinese ones that they explain, and vectors of words by the company that they keep in an
encyclopaedia. They know nothing of the archive, and tell words that mean the same from words of the same
matter only where two of them agree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np

from archive.text.reference import FIXTURES

FOLDER = FIXTURES / "dictionary"
# Cosines: from where on words are near; an equal word may be less near, for the sense may differ.
NEAR, EQUAL_AT_LEAST = 0.6, 0.4
UNKNOWN = 0.5  # of an equal word that has no vector
RENDERED = 0.8  # likeness of what an English word is rendered by, and the share that words near that have
PART_OF, LONGEST_COMPOUND = 0.9, 4  # likeness of a part of a compound; characters of one
MOST = 64
MOST_FOR_GLOSS = 8  # words explained by the same English word: by more, it says little of each
LATIN = re.compile("[a-z]{3,}")
ENDINGS = (
    ("ies", "y"),
    *((ending, rest) for ending in ("es", "s", "ed", "ing", "er", "ers", "ly") for rest in ("", "e")),
)


class Alike(NamedTuple):
    """A ``word`` and how like it is, up to 1; ``equal``: a dictionary says so, and no vector objects."""

    word: str
    likeness: float
    equal: bool


@lru_cache(maxsize=8192)
def alike(word: str) -> tuple[Alike, ...]:
    """The words like ``word``, Chinese or English and folded, the likest first; nothing for an unknown one.

    >>> alike("刊物")[0].word
    '期刊'
    """
    found = _rendered(word) if word.isascii() else _near(word)
    return tuple(sorted(found, key=lambda one: (-one.likeness, one.word))[:MOST])


def _near(word: str) -> Iterator[Alike]:
    equal, cosines = _equal(word), _cosines(word)
    for other, cosine in cosines.items():
        is_equal = other in equal
        if cosine >= (EQUAL_AT_LEAST if is_equal else NEAR) and len(other) > 1:
            yield Alike(other, cosine, is_equal and cosine >= NEAR)
    if not cosines:
        yield from (Alike(other, UNKNOWN, True) for other in equal)
    if not cosines and not equal and 2 <= len(word) <= LONGEST_COMPOUND:
        yield from _by_parts(word)


def _by_parts(word: str) -> Iterator[Alike]:
    """What is near to a part of ``word`` and is written with it: 捐款 for 捐钱."""
    size = 1 if len(word) == 2 else 2
    parts = dict.fromkeys(word[at : at + size] for at in range(len(word) - size + 1))
    found: dict[str, float] = {}
    for part in parts:
        if len(part) > 1 and part in _vectors()[2]:
            found[part] = PART_OF
        for other, cosine in _cosines(part).items():
            if cosine >= NEAR and len(other) > 1 and part in other:
                found[other] = max(found.get(other, 0.0), PART_OF * cosine)
    yield from (Alike(other, likeness, False) for other, likeness in found.items() if other != word)


def _rendered(word: str) -> list[Alike]:
    """What an English word is rendered by, and the words near to that."""
    rendered = [one for form in _forms(word) for one in _explained(form)] if LATIN.fullmatch(word) else []
    found = {one: Alike(one, RENDERED, True) for one in rendered if len(one) > 1}
    for one in rendered:
        for other, cosine in _cosines(one).items():
            known = found.get(other)
            if cosine >= NEAR and len(other) > 1 and (not known or known.likeness < RENDERED * cosine):
                found[other] = Alike(other, RENDERED * cosine, False)
    return list(found.values())


def _forms(word: str) -> Iterator[str]:
    """``word``, and what it may be a form of: smuggling → smuggl, smuggle."""
    yield word
    for ending, rest in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) > 2:
            yield word.removesuffix(ending) + rest


def _equal(word: str) -> frozenset[str]:
    """The words of the sets that have ``word``, and those that the same English word explains."""
    groups = [line.split() for line in _lines("synonyms.txt", f" {word} ")]
    senses = [line.partition(" = ")[2].split() for line in _lines("english.txt", f" {word} ")]
    groups += [words for words in senses if len(words) <= MOST_FOR_GLOSS]
    return frozenset(other for words in groups for other in words) - {word}


def _explained(english: str) -> list[str]:
    line = next(_lines("english.txt", f"\n {english} = "), "")
    return line.partition(" = ")[2].split()


def _lines(name: str, string: str) -> Iterator[str]:
    """The lines of a file that have ``string``; a file is looked through as it is, in a millisecond."""
    text, wanted = _text(name), string.encode()
    at = text.find(wanted)
    while at >= 0:
        begin = text.rfind(b"\n", 0, at + 1) + 1 if wanted[:1] != b"\n" else at + 1
        end = text.find(b"\n", begin)
        yield text[begin:end].decode()
        at = text.find(wanted, end)


@cache
def _text(name: str) -> bytes:
    return b"\n" + (FOLDER / name).read_bytes()


@cache
def _vectors() -> tuple[np.ndarray, list[str], dict[str, int]]:
    """Unit vectors, the word of each, and the row of each word."""
    words = (FOLDER / "words.txt").read_text("utf-8").split()
    vectors = np.load(FOLDER / "vectors.npy").astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors, words, {word: row for row, word in enumerate(words)}


@lru_cache(maxsize=1024)
def _cosines(word: str) -> dict[str, float]:
    """The words at all near to ``word``, with the cosine of both."""
    vectors, words, rows = _vectors()
    if word not in rows:
        return {}
    cosines = vectors @ vectors[rows[word]]
    near = np.flatnonzero(cosines >= EQUAL_AT_LEAST)
    near = near[np.argsort(-cosines[near], kind="stable")][: 8 * MOST]
    return {words[row]: round(float(cosines[row]), 3) for row in near.tolist() if words[row] != word}
