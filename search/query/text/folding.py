"""Folding (normalisation) of text, scripts, sounds, words and names for search.

Text is folded by the core's own rule, so that what is exported is searched by the same.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from archive.text.folding import fold_words

if TYPE_CHECKING:
    import opencc


# A text in the simplified and the traditional script.

SHORT = 40  # characters of what is remembered: names and terms, which are asked for again and again


def in_both_scripts(text: str) -> list[str]:
    """Returns ``text`` unchanged, then in the other script where that differs.

    >>> in_both_scripts("决议")
    ['决议', '決議']
    """
    return list(_forms(text) if len(text) <= SHORT else _forms.__wrapped__(text))


@lru_cache(maxsize=4096)
def _forms(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((text, _converter("t2s").convert(text), _converter("s2t").convert(text))))


@cache
def _converter(name: str) -> opencc.OpenCC:
    import opencc

    return opencc.OpenCC(name)


# Characters that sound alike, by their places in the order of GB 2312, which is that of their pinyin.

ALIKE = 24  # characters of one syllable stand together in the order


def pronounced_alike(one: str, other: str) -> bool:
    """Returns True if two common characters are close in GB 2312's order, which is by pronunciation."""
    codes = [character.encode("gb18030") for character in (one, other)]
    if not all(len(code) == 2 and 0xB0 <= code[0] <= 0xD7 and code[1] >= 0xA1 for code in codes):
        return False
    first, second = ((code[0] - 0xB0) * 94 + code[1] - 0xA1 for code in codes)
    return abs(first - second) <= ALIKE


# Words in Latin letters without their endings and in one spelling. Endings of number and tense alone: what a
# stemmer takes away besides makes one word of important and import, of national and United Nations.

ENDINGS = (
    (r"(?<=[a-z]{2})(?:ies|ied)$", "y"),
    (r"(?:(?<=ss|sh|ch|zz)|(?<=x))es$|(?<=[a-z]{2}[^sui])s$", ""),
    (r"(?<=[a-z]{3})ing$|(?<=[a-z]{2}[^e])(?<!^unit)ed$", ""),
    (r"(?<=[a-z]{2})e$", ""),
    (r"([bdglmnprt])\1(?=$|ment$)", r"\1"),  # committed, programme; fulfillment
    (r"(?<=[a-z]{3})our$", "or"),
    (r"is(?=$|ation$)", "iz"),
    (r"(?<=en)c$", "s"),  # licence, defence
    (r"(?<=t)r$", "er"),  # centre
    (r"(?<=og)u$", ""),  # catalogue
)


@lru_cache(maxsize=65536)
def root(word: str) -> str:
    """Returns a folded word in Latin letters as it is in all its forms and spellings.

    >>> {root(word) for word in ("licence", "licenses", "licensed", "licensing")}
    {'licens'}
    """
    for ending, instead in ENDINGS:
        word = re.sub(ending, instead, word)
    return word


# Normal forms under which names are compared.

MARKS = re.compile(r"[\W_]+")
HONORIFIC = re.compile(r"(?<=\w)\s*(?:先生|女士|夫人|小姐|博士|大使|阁下)$")
ARTICLE = re.compile(r"^the\s+(?=\w)")
ABBREVIATED = re.compile(r"^(?:un|u\.n\.)\s+(?=\w)")  # before the rest of a name of the United Nations


@lru_cache(maxsize=16384)
def name_key(name: str) -> str:
    """Returns a name without script, width, case, accents, blanks and marks; empty where nothing is left.

    >>> name_key("Côte d’Ivoire"), name_key("《不擴散核武器條約》"), name_key("UN Women")
    ('cotedivoire', '不扩散核武器条约', 'unitednationswomen')
    """
    folded = fold_words(name)
    if not folded.isascii():
        folded = unaccented(folded)
    whole = ABBREVIATED.sub("united nations ", ARTICLE.sub("", folded.strip()))
    return MARKS.sub("", whole)


def unaccented(text: str) -> str:
    """Returns ``text`` without accents on Latin letters: García → Garcia."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(character for character in apart if not unicodedata.combining(character))
