"""Pinpoints in the words of languages that blanks set apart, in English as the United Nations Editorial
Manual writes them in footnotes, and as people do.

``annex I, para. 14``, ``paras. 3 (a) and 9``, ``paragraph 3 of annex II``, ``operative paragraph 3 (a)``,
``OP3``, ``PP2``. Read in lower case, white space as single spaces; the words are those of the tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from ..languages import ORDINALS, PARTS, any_of, any_shape
from ..numerals import number_of_label

_PARTS = {word.lower(): kind for word, kind in PARTS.items()}
_PART = (
    rf"(?:{any_shape('pin article')})?(?P<part%d>{any_of(_PARTS)})"
    r"(?: ?(?P<which%d>[ivx]{1,5}(?![a-z])|[0-9]{1,2}(?![0-9])|[a-f](?![a-z])))?"
)
_ITEM = r"(?: ?\([0-9a-z]{1,5}\))"
_PARAGRAPH, _PP, _OP = (any_shape(f"pin {name}") for name in ("paragraph", "pp", "op"))
_PREAMBULAR, _OPERATIVE = any_shape("pin preambular"), any_shape("pin operative")
_WORD = (
    rf"(?<![a-z])(?:(?:(?P<preambular>{_PREAMBULAR})|{_OPERATIVE})?(?:{_PARAGRAPH}|¶{{1,2}})"
    rf"|(?P<pp>{_PP})|{_OP})\.? ?"
)
_AND = rf" ?(?:{any_shape('pin and')}|{any_shape('pin to')}) ?"
_AGAIN = rf"(?:(?:{_OPERATIVE})?(?:{_PARAGRAPH})|{_OP})\.? ?"
_NUMBER = rf"(?:[0-9]{{1,4}}(?![0-9]| ?\((?:19|20)[0-9]{{2}}\)){_ITEM}{{0,3}}|{_ITEM}{{1,3}})"
_NUMBERS = rf"(?P<numbers>[0-9]{{1,4}}{_ITEM}{{0,3}}(?:{_AND}(?:{_AGAIN})?{_NUMBER}){{0,30}})"
_ANOTHER = f"(?:{any_shape('pin of')})"
_SHAPE = re.compile(rf"(?:{_PART % (1, 1)} ?,? ?)?{_WORD}{_NUMBERS}(?:{_ANOTHER}{_PART % (2, 2)})?")
_PART_ALONE = re.compile(_PART % (1, 1))
_SEPARATOR = re.compile(_AND)
_REPEATED = re.compile(_AGAIN)
_RANGE = re.compile(any_shape("pin to"))
# of Security Council resolution; of the annex to; of the letter dated … from … (S/2010/52)
_IN_BRACKETS = rf"{_ANOTHER}[a-z](?:(?!{any_shape('pin conjunction')})[^.;,()]){{2,160}} \("
_OF = rf"(?:{_ANOTHER}(?:{any_shape('pin owner')})|{_IN_BRACKETS})$"
_BEFORE = re.compile(_SHAPE.pattern + _OF)
_PART_BEFORE = re.compile(rf"(?<![a-z]){_PART % (1, 1)}{_OF}")
_ORDINAL_BEFORE = re.compile(rf"(?P<ordinal>{any_of(ORDINALS)}) (?:{_PREAMBULAR})(?:{_PARAGRAPH}){_OF}")
_DIGITS = re.compile("[0-9]+")
_BRIDGE = re.compile(rf"[ ,;(]{{0,3}}(?:{any_shape('pin beside')})")
_OF_ANOTHER = re.compile(_ANOTHER)


def read_english(text: str) -> str | None:
    """The canonical form of a pinpoint that ``text``, in lower case, is as a whole; None where it is none.

    >>> read_english("paras. 3 (a) and 9 of annex ii")
    'annex2.3(a),annex2.9'
    """
    text = text.strip(" ,.")
    if found := _SHAPE.fullmatch(text):
        return _canonical(found)
    found = _PART_ALONE.fullmatch(text)
    return _part(found, 1) if found else None


def find_english(text: str) -> Iterator[tuple[int, int, str]]:
    """Generates start, end and canonical form of each pinpoint that stands in ``text`` (in lower case)."""
    for found in _SHAPE.finditer(text):
        yield *found.span(), _canonical(found)


def read_beside(before: str, behind: str) -> str | None:
    """The canonical form of the pinpoint that ends ``before`` a citation, or begins ``behind`` it; None.

    >>> read_beside("in paragraph 3 of resolution ", " and"), read_beside("resolution ", ", para. 9.")
    ('3', '9')
    """
    if found := _BEFORE.search(before):
        return _canonical(found)
    if found := _ORDINAL_BEFORE.search(before):
        return f"pp{ORDINALS[found['ordinal']]}"
    bridge = _BRIDGE.match(behind)
    for shape, read in ((_SHAPE, _canonical), (_PART_ALONE, partial(_part, place=1))):
        found = shape.match(behind, bridge.end() if bridge else 0)
        if found and not _OF_ANOTHER.match(behind, found.end()):
            return read(found)
    found = _PART_BEFORE.search(before)
    return _part(found, 1) if found else None


def _canonical(found: re.Match[str]) -> str:
    part = _part(found, 1) or _part(found, 2)
    above = f"{part}." if part else ""
    prefix = "pp" if found["preambular"] or found["pp"] else ""
    out: list[str] = []
    at, number, joined = 0, "", ""
    numbers = _REPEATED.sub("", found["numbers"])
    for separator in [*_SEPARATOR.finditer(numbers), None]:
        member = numbers[at : separator.start() if separator else None].replace(" ", "")
        if digits := _DIGITS.match(member):
            number = digits[0]
        else:
            member = number + member
        label = f"{above}{prefix}{member}"
        if _RANGE.search(joined):
            out[-1] += f"-{label}"
        else:
            out.append(label)
        joined, at = (separator[0], separator.end()) if separator else ("", at)
    return ",".join(out)


def _part(found: re.Match[str], place: int) -> str:
    """``annex ii`` → ``annex2``."""
    groups = found.groupdict()
    name, which = _PARTS.get(groups.get(f"part{place}") or "", ""), groups.get(f"which{place}")
    return f"{name}{number_of_label(which or '') or ''}"
