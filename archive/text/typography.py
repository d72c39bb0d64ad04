"""How Chinese UN text is printed: white space, punctuation that ends a sentence, width on the page.

The white-space convention: line wraps are undone and a text keeps no space except one between two Latin
letters or digits that the source separates (``3 497``, ``Operation Cosmo 2``). A text whose words blanks set
apart (``spaced``: in all languages but Chinese and Japanese) keeps one wherever the source has some.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

# What leaves no ink and is no white space: control characters, soft hyphen, joiners, fillers, zero width,
# marks of direction (which can show words in another order than they are stored) and of variants of a
# character, annotations, tags. Ends included.
_INVISIBLE_RANGES = (
    *((0x01, 0x08), (0x0E, 0x1B), (0x7F, 0x84), (0x86, 0x9F), (0xAD, 0xAD), (0x061C, 0x061C)),
    *((0x180E, 0x180E), (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0xFEFF, 0xFEFF)),
    *((0xFFF9, 0xFFFB), (0xE0001, 0xE0001), (0xE0020, 0xE007F)),
    *((0x034F, 0x034F), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180D), (0x180F, 0x180F)),
    *((0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFFA0, 0xFFA0), (0xE0100, 0xE01EF)),
)
INVISIBLE = "".join(chr(code) for first, last in _INVISIBLE_RANGES for code in range(first, last + 1))
_INVISIBLE = re.compile(f"[{re.escape(INVISIBLE)}]")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_SPACES = re.compile(r"\s+")
_ENDERS = frozenset("。！？；：.!?;:…")
_NOTE_MARK = re.compile(
    r"([。！？；，：.!?;,:][”’」』）)]{0,2})"
    r"(?:(?<=[。！？；，”’」』）])[a-z]|"
    r"(?<![0-9A-Za-z][.,:：])\s?\d{1,2}/?|[⁰¹²³⁴-⁹]{1,3}|[(（]\d{1,2}/?[)）]|[\[［]\d{1,2}[\]］]|\*{1,3})$"
)
_CLOSERS = "”’」』》〉）)]］】〕\"'"
# Of an English sentence: no abbreviation is so written.
_LAST_WORD = re.compile(r"[a-z,] (?:(?!(?:no|al|cf|vs|op|pp|ed)\.)[a-z]{2,}|[A-Z][a-z]{4,})\.$")
_LAST_BUT_ONE = re.compile(r"(?<=[；;])\s?[\[［]?(?:和|以及|及|并|且|或|与)$")
_OPENERS = frozenset("“‘「『《〈（([［【〔")
_PAIRS = {"“": "”", "「": "」", "『": "』", "《": "》", "（": "）", "(": ")"}
_NEVER_FIRST = frozenset("，。、；：！？）)》〉”’」』】]％%,;!?…")
_TAIL = 16
"""Characters at its end that tell how a text ends. Each line is asked several times: the answers are kept."""
_URL_TAIL = re.compile(r"(?:https?://|www\.)[^\s\u2e80-\uffef]{0,300}$", re.IGNORECASE)


def without_invisible(text: str) -> str:
    """``text`` without control, zero-width and direction characters, which copies from the web carry."""
    return _INVISIBLE.sub("", text)


def writable(text: str) -> str:
    """``text`` without the few characters that XML does not allow."""
    return _UNWRITABLE.sub("", text)


def invisible_of(text: str) -> str:
    """The characters of ``text`` that nobody sees, in order: what ``without_invisible`` takes out."""
    return "".join(_INVISIBLE.findall(text))


def code_points(marks: Iterable[str]) -> str:
    """``marks`` by their numbers: ``U+200B U+202E``."""
    return " ".join(f"U+{ord(mark):04X}" for mark in marks)


def is_blank(char: str) -> bool:
    """True where ``char`` leaves no ink: white space or an invisible character."""
    return char.isspace() or char in INVISIBLE


@lru_cache(maxsize=8192)
def is_wide(char: str) -> bool:
    """True where ``char`` takes two columns, as ideographs and full-width forms do."""
    return unicodedata.east_asian_width(char) in "WF"


def is_latin(char: str) -> bool:
    """True for a letter or digit of a script that separates words by spaces."""
    return char.isalnum() and not is_wide(char)


def display_width(text: str) -> int:
    """Columns that ``text`` takes: two for a wide character or Chinese quotation mark, one for others."""
    return sum(map(_columns, text))


@lru_cache(maxsize=8192)
def _columns(char: str) -> int:
    return 2 if is_wide(char) or char in "“”‘’…—•" else 1


_PIECE = re.compile(r"[“《(（「『]*(?:[\x21-\x7e]+|.)[，。、；：！？)）》”』」%％]*")


def first_piece(text: str) -> str:
    """What no wrap divides at the head of ``text``: an ideograph or a word, with the marks around it."""
    piece = _PIECE.match(text)
    return piece[0] if piece else ""


def compact(text: str, *, spaced: bool = False) -> str:
    """``text`` in the white-space convention of stored text."""

    def space(match: re.Match[str]) -> str:
        start, end = match.span()
        between = start > 0 and end < len(text) and is_latin(text[start - 1]) and is_latin(text[end])
        return " " if between else ""

    text = without_invisible(text)
    return _SPACES.sub(" ", text).strip() if spaced else _SPACES.sub(space, text)


def join_lines(lines: Iterable[str], *, spaced: bool = False) -> str:
    """Undo the wraps of a block: its lines as one text in the convention of ``compact``.

    A wrap between two Latin words or numbers, or anywhere in a text that is ``spaced``, stood for a space;
    after a hyphen or inside an address it stood for nothing (``C-``/``SS-4/DEC.3``, A/74/140).
    """
    out: list[str] = []
    for line in lines:
        text = compact(line, spaced=spaced)
        if not text:
            continue
        last = out[-1][-1] if out else ""
        words = last not in "-" if spaced else last and is_latin(last) and is_latin(text[0])
        if words and not ((not spaced or last in "/_=&?") and _URL_TAIL.search(out[-1][-400:])):
            out.append(" ")
        out.append(text)
    return "".join(out)


def without_note_mark(text: str) -> str:
    """The last characters of ``text`` without the footnote mark that may stand after a punctuation mark.

    As printed: a raised number, ``1/`` (Assembly, until the 1990s), and in copies ``(1)``, ``[1]``, ``*``.
    """
    return _without_note_mark(text[-_TAIL:])


@lru_cache(maxsize=4096)
def _without_note_mark(tail: str) -> str:
    return _NOTE_MARK.sub(r"\1", tail.rstrip())


def ends_sentence(text: str) -> bool:
    """True where ``text`` ends as a sentence, an item (the last but one with ；和) or a lead-in does."""
    return _ends_sentence(text[-_TAIL:])


@lru_cache(maxsize=4096)
def _ends_sentence(tail: str) -> bool:
    bare = _without_note_mark(tail).rstrip(_CLOSERS)
    bare = _LAST_BUT_ONE.sub("", bare)
    if not bare:
        return False
    if bare[-1] == "." and len(bare) > 1 and bare[-2].isalnum() and is_latin(bare[-2]):
        return _LAST_WORD.search(bare) is not None
    return bare[-1] in _ENDERS


def ends_open(text: str) -> bool:
    """True where ``text`` breaks off: inside a quotation or bracket, or after 、 and the like."""
    tail = text[-400:]
    if tail[-1:] in _OPENERS or tail[-1:] in "、":
        return True
    return any(tail.count(left) > tail.count(right) for left, right in _PAIRS.items())


def cannot_begin(text: str) -> bool:
    """True where no sentence and no line of its own begins like ``text`` (closing punctuation first)."""
    return text[:1] in _NEVER_FIRST
