"""From any spelling of a symbol to one: width, brackets, spaces, escapes, case."""

from __future__ import annotations

import re
from urllib.parse import unquote

from archive.text.aligned_folding import fold

from ..typography import without_invisible
from .errors import Reason, SymbolError

LONGEST = 100
LONGEST_SPELLING = 2000  # an address around a symbol, with its parameters

BRACKETS = str.maketrans("[]{}〔〕【】", "()()()()")
DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
SIGNS = re.compile(r"[A-Za-z0-9./()\-:,]+")
# What names a part of a document behind its symbol: A/73/12 (Part I), A/81/6 (Sect. 4), A/60/5 (Vol. II)
PART_NAME = (
    r"(?i:(?:(?:income )?sects?|vols?|part|resumption)\.? ?[0-9ivx]{1,5}(?: ?[a-h])?"
    r"(?:, ?(?:part )?(?:one|two|three|[0-9ivx]{1,5}))?"
    r"|introduction|plan ?outline|closed ?part|corrected|corr\.|modified)"
)
BRACKETED = re.compile(rf"\((?:{PART_NAME}|(?:add|corr)\. [0-9]+)\)", re.IGNORECASE)
# "INFCIRC/254/Rev.13/Part 1"
PART_AND_NUMBER = re.compile(r"(/part) (?=[0-9ivx]+(?:/|$))", re.IGNORECASE)
# "AG/RES. 2534 (XL-O/10)"
NATURE_AND_NUMBER = re.compile(r"(?<=/)(RES|DEC|DOC)\. (?=[0-9])", re.IGNORECASE)
# "46/36 L", "217 A (III)", "217(III) A": a part letter
PART_LETTER = re.compile(r"(?<=[0-9)]) (?=[A-Z](?:[-( ]|$))")
# "A/RES/46/36[L]" is how the UN's links write part L of a resolution
BRACKETED_LETTER = re.compile(r" ?\[([A-Z](?:-[A-Z])?)\]$")
# "(EU) No 267/2012"
NUMBER_SIGN = re.compile(r"(?<=\)) ?No\.? ?(?=[0-9])", re.IGNORECASE)

AROUND_SIGNS = re.compile(r" ?([/():,]) ?")

# Words that the UN prints in mixed case inside symbols, by their capitals; alone, or one behind the other
PRINTED = {
    word.upper(): word
    for word in (
        *("Add", "Agenda", "Amend", "Annex", "Corr", "Corrected", "Euratom", "Mod", "Modified", "OzL", "Pro"),
        *("Part", "Resumption", "Rev", "Sub", "Summary", "Supp", "Vol", "Vols", "Sect", "Sects", "Income"),
        *("Introduction", "Plan", "Outline", "Closed", "One", "Two", "Three"),
    )
}
LETTERS = re.compile(r"[A-Za-z]+")
WORD = re.compile("|".join(sorted(PRINTED, key=len, reverse=True)), re.IGNORECASE)
WORDS = re.compile(f"(?:{WORD.pattern})+(?P<part>(?<=PART)[IVX]+)?", re.IGNORECASE)


def plain_spelling(text: str) -> str:
    """``text`` in half-width signs, without spaces, stars and escapes; case is kept.

    >>> plain_spelling(" S／RES／1540 （2004）")
    'S/RES/1540(2004)'

    An asterisk marks a reissue for technical reasons and is no part of the symbol. Raises SymbolError for
    text that is empty, too long, or holds what no symbol has.
    """
    if len(text) > LONGEST_SPELLING:
        raise SymbolError(Reason.TOO_LONG, text)
    plain = without_invisible(fold(_unescaped(text))).translate(DASHES)
    plain = BRACKETED_LETTER.sub(r"\1", " ".join(plain.replace("*", " ").split()))
    plain = PART_LETTER.sub("", NUMBER_SIGN.sub("", plain.translate(BRACKETS)))
    plain = NATURE_AND_NUMBER.sub(r"\1.", plain)
    plain = BRACKETED.sub(lambda part: part[0].replace(" ", ""), AROUND_SIGNS.sub(r"\1", plain))
    plain = PART_AND_NUMBER.sub(r"\1", plain).strip("/-")
    if not plain:
        raise SymbolError(Reason.EMPTY, text)
    if not SIGNS.fullmatch(plain):
        raise SymbolError(Reason.CHARACTERS, text)
    if len(plain) > LONGEST:
        raise SymbolError(Reason.TOO_LONG, text)
    return plain


def printed_case(text: str) -> str:
    """Capitals, but Add., Corr., Rev. and the like as the UN prints them.

    >>> printed_case("s/ac.44/2004/(02)/5/corr.1")
    'S/AC.44/2004/(02)/5/Corr.1'
    """
    return LETTERS.sub(_printed_word, text)


def _printed_word(match: re.Match[str]) -> str:
    if not WORDS.fullmatch(match[0]):
        return match[0].upper()
    return WORD.sub(lambda word: PRINTED[word[0].upper()], match[0].upper())


def _unescaped(text: str) -> str:
    """Percent-escapes undone, also where a link was escaped twice."""
    for _ in range(2):
        if "%" not in text:
            break
        text = unquote(text)
    return text
