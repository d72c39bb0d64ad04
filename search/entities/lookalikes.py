"""Characters typed for others that look like them: а of Cyrillic in IАEA, l and O for 1 and 0 in a symbol."""

from __future__ import annotations

import re
import unicodedata

CYRILLIC_AND_GREEK = "АВЕЅІЈКМНОРСТУХԌавеѕіјкморсухԁԛԝһΑΒΕΖΗΙΚΜΝΟΡΤΥΧοικνρυχϳ"
LATIN = "ABESIJKMHOPCTYXGabesijkmopcyxdqwhABEZHIKMNOPTYXoikvpuxj"
AS_LATIN = str.maketrans(CYRILLIC_AND_GREEK, LATIN)
WORD = re.compile(r"[^\W\d_]+")
STROKES = str.maketrans("∕⁄╱⧸＼\\", "//////")
SYMBOL = re.compile(r"/.*\d")  # what a text with a symbol in it has
BESIDE_DIGITS = re.compile(r"(?<=[\d/])[lI|Oo]+(?=\d)|(?<=\d)[lI|Oo]+(?![A-Za-z])|(?<![A-Za-z])[lI|]+(?=\d)")
AS_DIGITS = str.maketrans("lI|Oo", "11100")


def without_lookalikes(text: str) -> str:
    """``text`` with words of two alphabets in Latin letters, beside a symbol also those of another that all
    look like Latin ones; strokes as strokes, and digits for letters among digits.

    >>> without_lookalikes("决议154O"), without_lookalikes("S/RES/l540(2004)"), without_lookalikes("МАГАТЭ")
    ('决议1540', 'S/RES/1540(2004)', 'МАГАТЭ')
    """
    plain = unicodedata.normalize("NFKC", text).translate(STROKES)
    symbol = SYMBOL.search(plain) is not None
    words = WORD.sub(lambda found: _in_one_alphabet(found.group(), symbol), plain)
    return BESIDE_DIGITS.sub(lambda found: found.group().translate(AS_DIGITS), words)


def _in_one_alphabet(word: str, symbol: bool) -> str:
    plain = word.translate(AS_LATIN)
    mixed = any(letter.isascii() for letter in word)
    return plain if (mixed or symbol) and plain.isascii() else word
