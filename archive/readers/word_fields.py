"""Fields of Word files that bear their words in the instruction and not in a result: EQ, SYMBOL, QUOTE.

EQ sets characters over, in and beside each other (带圈字符, 拼音指南, 合并字符); its instruction is all that
the file has of them. Word's own help describes its switches.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import chain

from .word_styles import number_of, sign_of
from .writer import raised

OF_THE_PAGE = frozenset({"PAGE", "NUMPAGES", "SECTIONPAGES", "SECTION"})
# What prints nothing, or nothing where the result is empty.
_SILENT = re.compile(
    "|XE|TC|TA|RD|SET|ASK|ADVANCE|PRIVATE|HYPERLINK|FORMTEXT|TOC|INDEX|MERGEFIELD|COMMENTS|FILLIN|IF"
)
_FORMAT = re.compile(r"""\\\*\s*(?:"[^"]*"|\S+)""")
_SWITCH = re.compile(r"\\([a-z])((?:\s*\\[a-z]{2}(?:\s*\d+|\\?[^\s\w(])?|\s*\d+)*)\s*\(", re.I)
_ARGUMENT = re.compile(r"\\.|[(),;]|[^\\(),;]+", re.DOTALL)
_SYMBOL = re.compile(r'(0x[0-9a-f]{1,6}|\d{1,7})(?:.*\\f\s*"?([^"\\]*))?', re.I)
_RINGS = frozenset("○〇◯")
_OF_RINGS = chain(range(0x2460, 0x2474), range(0x24B6, 0x24EB), range(0x3251, 0x3260), range(0x3280, 0x32C0))
_RINGED = {unicodedata.normalize("NFKC", chr(code)): chr(code) for code in _OF_RINGS}
_JOINED = {"o": "", "f": "/", "x": "", "l": ","}
_DEEPEST = 12


def ringed(text: str) -> str:
    """The sign of a number, letter or numeral in a circle (①, ㊀, Ⓐ); empty where there is none."""
    return _RINGED.get(unicodedata.normalize("NFKC", text), "")


def words_of(instruction: str) -> str | None:
    """The words that a field without result prints; None where the instruction does not tell them."""
    name, _, rest = _FORMAT.sub("", instruction).strip().partition(" ")
    name, rest = name.upper(), rest.strip()
    if _SILENT.fullmatch(name) or name in OF_THE_PAGE:
        return ""
    if name == "EQ":
        return _equation(rest, 0)
    if name == "SYMBOL" and (sign := _SYMBOL.match(rest)):
        place = int(sign[1], 16) if sign[1][:2].lower() == "0x" else number_of(sign[1])
        return sign_of(place or 0, (sign[2] or "").strip())
    return rest.strip('"“”') if name == "QUOTE" else None


def _equation(text: str, depth: int) -> str | None:
    written, at = "", 0
    while at < len(text):
        switch = _SWITCH.match(text, at)
        if switch is None:
            at += text[at] == "\\"
            written += text[at : at + 1]
            at += 1
            continue
        given, at = _arguments(text, switch.end())
        said = _switched(switch[1].lower(), switch[2].lower(), given, depth)
        if said is None:
            return None
        written += said
    return written


def _arguments(text: str, at: int) -> tuple[list[str], int]:
    """The arguments up to the bracket that closes them, and the place behind it."""
    given, deep = [""], 0
    for piece in _ARGUMENT.finditer(text, at):
        if piece[0] == ")" and not deep:
            return given, piece.end()
        if piece[0] in (",", ";") and not deep:
            given.append("")
        else:
            deep += (piece[0] == "(") - (piece[0] == ")")
            given[-1] += piece[0]
    return given, len(text)


def _switched(switch: str, options: str, given: list[str], depth: int) -> str | None:
    """What one switch prints of its arguments: set over each other (o), above or below the line (s), …"""
    above = [one.strip().lower().startswith("\\s") for one in given]
    if switch == "o" and above[0] and not above[-1]:
        given = given[-1:]  # a reading above a word
    told = [_equation(one.strip(), depth + 1) or "" for one in given] if depth < _DEEPEST else []
    if not all(told):
        return None
    if switch == "o" and ("\\ac" in options or told[0] in _RINGS):
        return ringed(told[-1]) or None if told[0] in _RINGS else None
    if switch == "s" and told:
        return raised(told[0]) if "up" in options else "".join(told)
    return _JOINED[switch].join(told) if switch in _JOINED and told else None
