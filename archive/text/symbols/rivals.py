"""Two names for one text: symbols of one series, and what the name of a file says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePath

from .symbol import parsed_symbol

# What names say of language and copies: -ZH, (1)
_COPY = re.compile(r"(?:[-_. ](?:zh|ch|cn|c|chn|chi)|\s*\(\d{1,2}\))+$", re.IGNORECASE)
_RESOLUTION = re.compile(r"(S_RES_\d+)_\(?(\d{4})\)?(?!\d)", re.IGNORECASE)
_REMARK = re.compile(r"(?<=\d)(?:[-_. ](?!add|corr|rev)[a-z]{2,}| ).*")  # S_2016_1038_final
_SUFFIX = re.compile(r"(?<=/)(Add|Corr|Rev|Amend)(?=\d)", re.IGNORECASE)
_YEAR = re.compile(r"\(\d{4}\)$")
_LATER = ("ADD", "CORR", "REV", "AMEND")


def are_rivals(one: str, other: str) -> bool:
    """Whether two symbols are of two documents of one series (S/2016/1013, S/2016/1014), not of one and its
    corrigenda, nor the two of a pair (A/77/895, S/2023/363)."""
    first, second = parsed_symbol(one), parsed_symbol(other)
    if first is None or second is None:
        return False
    bare = [_YEAR.sub("", str(part)) for part in first.base.parts]
    said = _YEAR.sub("", str(second.base))
    return said not in bare and re.sub(r"\d+", "0", said) in [re.sub(r"\d+", "0", part) for part in bare]


def named_by(name: str) -> str:
    """Returns the symbol that the name of a file says (S_2016_1038.docx), empty where it says none."""
    bare = _RESOLUTION.sub(r"\1(\2)", _COPY.sub("", PurePath(name).stem))
    for spelled in (_REMARK.sub("", bare), bare.replace("_(", "(")):
        if symbol := parsed_symbol(_SUFFIX.sub(r"\1.", spelled.replace("_", "/"))):
            return str(symbol) if symbol.organ else ""  # of no known series: IMG_2031.pdf
    return ""


def names_another(name: str, symbols: Sequence[str]) -> str:
    """Returns the symbol that the name of a file says, where it is none of the document's ``symbols``; empty
    where it is, or where it says less, or more words (S_2010_52_final), or only one number (A_1)."""
    told = named_by(name)
    said = _runs(told)
    if not said or len(said) + (len(said[0]) > 1) < 3:
        return ""
    for own in map(_runs, symbols):
        more = said[len(own) :]
        if own[: len(said)] == said or (said[: len(own)] == own and not set(more[:1]) & {*_LATER}):
            return ""
    return told


def _runs(symbol: str) -> list[str]:
    """Letters and figures in turn, without the year of a resolution; file names often lack the signs."""
    return re.findall("[A-Z]+|[0-9]+", _YEAR.sub("", symbol).upper())
