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
# "A/73/12 (Part I)", "NPT/CONF.2010/50 (Vol. I)", "S/PV.4950 (Resumption 1)": the one space inside brackets
# and "INFCIRC/254/Rev.13/Part 1", behind a slash
WORD_AND_NUMBER = re.compile(
    r"(\((?:part|vol\.?|resumption|add\.|corr\.)|/part) (?=[0-9ivx]+(?:[/)]|$))", re.IGNORECASE
)
# "AG/RES. 2534 (XL-O/10)"
NATURE_AND_NUMBER = re.compile(r"(?<=/)(RES|DEC|DOC)\. (?=[0-9])", re.IGNORECASE)
# "46/36 L", "217 A (III)", "217(III) A": a part letter
PART_LETTER = re.compile(r"(?<=[0-9)]) (?=[A-Z](?:[-( ]|$))")
# "A/RES/46/36[L]" is how the UN's links write part L of a resolution
BRACKETED_LETTER = re.compile(r" ?\[([A-Z](?:-[A-Z])?)\]$")
# "(EU) No 267/2012"
NUMBER_SIGN = re.compile(r"(?<=\)) ?No\.? ?(?=[0-9])", re.IGNORECASE)

AROUND_SIGNS = re.compile(r" ?([/():,]) ?")

# Words that the UN prints in mixed case inside symbols, by their capitals
PRINTED = {
    word.upper(): word
    for word in (
        *("Add", "Agenda", "Amend", "Annex", "Corr", "Corrected", "Euratom", "Modified", "OzL", "Part"),
        *("Pro", "Resumption", "Rev", "Sub", "Summary", "Supp", "Vol"),
    )
}
LETTERS = re.compile(r"[A-Za-z]+")
PART = re.compile(r"PART([IVX]+)")


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
    plain = WORD_AND_NUMBER.sub(r"\1", AROUND_SIGNS.sub(r"\1", plain)).strip("/-")
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
    word = match[0].upper()
    if part := PART.fullmatch(word):
        return f"Part{part[1]}"
    return PRINTED.get(word, word)


def _unescaped(text: str) -> str:
    """Percent-escapes undone, also where a link was escaped twice."""
    for _ in range(2):
        if "%" not in text:
            break
        text = unquote(text)
    return text
