"""Normal forms under which names are compared."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from .folding import fold_words

MARKS = re.compile(r"[\W_]+")
HONORIFIC = re.compile(r"(?<=\w)\s*(?:先生|女士|夫人|小姐|博士|大使|阁下)$")
ARTICLE = re.compile(r"^the\s+(?=\w)")
ABBREVIATED = re.compile(r"^(?:un|u\.n\.)\s+(?=\w)")  # before the rest of a name of the United Nations


@lru_cache(maxsize=16384)
def name_key(name: str) -> str:
    """A name without script, width, case, accents, blanks and marks; empty where nothing is left.

    >>> name_key("Côte d’Ivoire"), name_key("《不擴散核武器條約》"), name_key("UN Women")
    ('cotedivoire', '不扩散核武器条约', 'unitednationswomen')
    """
    folded = fold_words(name)
    if not folded.isascii():
        folded = unaccented(folded)
    whole = ABBREVIATED.sub("united nations ", ARTICLE.sub("", folded.strip()))
    return MARKS.sub("", whole)


def unaccented(text: str) -> str:
    """``text`` without accents on Latin letters: García → Garcia."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(character for character in apart if not unicodedata.combining(character))
