"""Character folding: one spelling for matching, with every offset left as it is.

Traditional characters, full-width forms and look-alikes that PDF extraction produces are replaced one for
one, so that a match in ``fold(text)`` stands at the same place in ``text``. Only for matching: the stored
text is never folded.
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache

# Forms that compatibility normalisation turns into exactly one usual character:
WIDTH_AND_COMPATIBILITY = (
    (0x00A0, 0x00A0),  # no-break space
    (0x2000, 0x200A),  # typographic spaces
    (0x202F, 0x202F),  # narrow no-break space
    (0x2F00, 0x2FDF),  # Kangxi radicals: ⼤会 for 大会 in text taken from a PDF
    (0x3000, 0x3000),  # ideographic space
    (0xF900, 0xFAFF),  # compatibility ideographs
    (0xFE30, 0xFE6F),  # vertical and small forms: ﹙ ﹚
    (0xFF01, 0xFF9F),  # full-width forms: （ ） ／ １
)
IDEOGRAPHS = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0x20000, 0x2A6DF))
USUAL = range(0x2000, 0xA000)
"""What Chinese text is made of, in the table also where it stays: a missing key costs an exception."""
KEPT, LONGEST_KEPT = 2048, 1000
"""Texts whose folded form is kept, and their characters at most: many rules read the same paragraph."""


def fold(text: str) -> str:
    """``text`` in simplified characters and half-width forms, of exactly the same length.

    >>> fold("第1540（2004）號決議")
    '第1540(2004)号决议'
    """
    return _kept(text) if len(text) <= LONGEST_KEPT else text.translate(_table())


@lru_cache(maxsize=KEPT)
def _kept(text: str) -> str:
    return text.translate(_table())


@cache
def _table() -> dict[int, str]:
    """Code point → the one character that replaces it."""
    widths = {
        code: plain
        for first, last in WIDTH_AND_COMPATIBILITY
        for code in range(first, last + 1)
        if len(plain := unicodedata.normalize("NFKC", chr(code))) == 1 and plain != chr(code)
    }
    simplified = _simplified()
    folded = {code: simplified.get(ord(plain), plain) for code, plain in widths.items()}
    return {code: chr(code) for code in USUAL} | simplified | folded


def _simplified() -> dict[int, str]:
    """Traditional character → simplified one, each taken alone: phrase rules would change lengths."""
    import opencc

    characters = [chr(code) for first, last in IDEOGRAPHS for code in range(first, last + 1)]
    converted = opencc.OpenCC("t2s").convert("\n".join(characters)).split("\n")
    table = {
        ord(old): new for old, new in zip(characters, converted, strict=True) if new != old and len(new) == 1
    }
    return {code: table.get(ord(new), new) for code, new in table.items()}  # 薴 → 苧 → 苎
