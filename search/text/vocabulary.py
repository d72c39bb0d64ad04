"""The archive's own words: terms that must not be cut, and what counts as another word for the same thing.

``userdict.txt`` holds terms, ``synonyms.txt`` sets of equal terms, one a line; bodies bring their names and
aliases from the reference data. All are folded as word search folds.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from pathlib import Path

from archive.text.reference import load_reference

from .folding import fold_words

HERE = Path(__file__).resolve().parent
HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff々〇\U00020000-\U0003ffff"
HAN_WORD = re.compile(f"[{HAN}]{{2,}}")
LATIN_WORD = re.compile(r"[a-z][a-z0-9]+")


def user_words() -> list[str]:
    """Terms of Han characters that the segmenter keeps whole, each once, in a stable order."""
    words = [*_lines("userdict.txt"), *(word for group in synonym_groups() for word in group)]
    words += [name for names in _body_names() for name in names]
    return list(dict.fromkeys(word for word in words if HAN_WORD.fullmatch(word)))


@functools.cache
def synonyms() -> dict[str, tuple[str, ...]]:
    """Word → the other words for the same thing, nearest first. Only words that are single tokens."""
    others: dict[str, dict[str, None]] = {}
    for group in synonym_groups():
        for word in group:
            others.setdefault(word, {}).update(dict.fromkeys(other for other in group if other != word))
    return {word: tuple(found) for word, found in others.items()}


@functools.cache
def kept_sets() -> tuple[tuple[str, ...], ...]:
    """The sets of equal terms: the kept ones, strings of several words among them (化学、生物、放射和核 for
    CBRN), then the names of each body.
    """
    kept = [tuple(line.split()) for line in _lines("synonyms.txt")]
    return tuple(group for group in [*kept, *_body_names()] if len(group) > 1)


def written(word: str) -> str:
    """How a folded term is written: acronyms in capitals."""
    return word.upper() if word.isascii() else word


@functools.cache
def function_words() -> frozenset[str]:
    """Words that ask or connect: 的, 为什么, 哪些."""
    return frozenset(word for line in _lines("function_words.txt") for word in line.split())


@functools.cache
def synonym_groups() -> tuple[tuple[str, ...], ...]:
    """``kept_sets`` with nothing in them but single tokens."""
    groups = [tuple(dict.fromkeys(filter(_is_token, group))) for group in kept_sets()]
    return tuple(group for group in groups if len(group) > 1)


def _is_token(word: str) -> bool:
    return bool(HAN_WORD.fullmatch(word) or LATIN_WORD.fullmatch(word))


@functools.cache
def _body_names() -> tuple[tuple[str, ...], ...]:
    """For each body its name, aliases and acronym; contextual forms are words, but no synonyms."""
    return tuple(
        tuple(
            fold_words(name)
            for name in (body.name, *body.aliases, *body.traditional, body.acronym or "")
            if name
        )
        for body in load_reference().bodies
        if not body.unconfirmed
    )


def _lines(name: str) -> Iterator[str]:
    """The lines of a kept list, folded, without remarks."""
    for line in (HERE / name).read_text("utf-8").splitlines():
        if text := line.partition("#")[0].strip():
            yield fold_words(text)
