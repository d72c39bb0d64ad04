"""Pinpoints in English, as the United Nations Editorial Manual writes them in footnotes, and as people do.

``annex I, para. 14``, ``paras. 3 (a) and 9``, ``paragraph 3 of annex II``, ``operative paragraph 3 (a)``,
``OP3``, ``PP2``. Read in lower case, white space as single spaces.
"""

from __future__ import annotations

import re

from ..numerals import number_of_label

_PART = (
    r"(?:the )?(?P<part{n}>annex|enclosure|appendix)"
    r"(?: ?(?P<which{n}>[ivx]{{1,5}}(?![a-z])|[0-9]{{1,2}}(?![0-9])|[a-f](?![a-z])))?"
)
_ITEM = r"(?: ?\([0-9a-z]{1,5}\))"
_WORD = (
    r"(?<![a-z])(?:(?P<preambular>preambular |pp)|operative |op)?"
    r"(?:(?:sub-?)?paragraphs?|paras?|(?<=pp)|(?<=op)|¶{1,2})\.? ?"
)
_AND = r" ?(?:, ?and|, ?or|,|and|or|&|to|through|[-‐‑–—~]) ?"
_NUMBER = rf"(?:[0-9]{{1,4}}{_ITEM}{{0,3}}|{_ITEM}{{1,3}})"
_NUMBERS = (
    rf"(?P<numbers>[0-9]{{1,4}}{_ITEM}{{0,3}}(?:{_AND}(?:(?:paragraphs?|paras?)\.? ?)?{_NUMBER}){{0,30}})"
)
_SHAPE = re.compile(
    rf"(?:{_PART.format(n=1)} ?,? ?)?{_WORD}{_NUMBERS}(?: ?(?:of|to|in) ?{_PART.format(n=2)})?"
)
_PART_ALONE = re.compile(_PART.format(n=1))
_SEPARATOR = re.compile(_AND)
_REPEATED = re.compile(r"(?:(?:sub-?)?paragraphs?|paras?)\.? ?")
_RANGE = re.compile("to|through|[-‐‑–—~]")
# of Security Council resolution; of the annex to
_OWNER = r"(?:(?:united nations|un|security council|general assembly|council|assembly|sc|unsc|ga) )?"
_OF = (
    rf" ?(?:of|in|to) (?:the same |the |its |their )?{_OWNER}"
    r"(?:(?:resolution|decision|document|report|letter|note verbale|summary record)s? )?(?:no\. ?)?(?:eu:)?"
)
_BEFORE = re.compile(rf"{_SHAPE.pattern}{_OF}$")
_DIGITS = re.compile("[0-9]+")
_BRIDGE = re.compile(r"[ ,;(]{0,3}")
_OF_ANOTHER = re.compile(r" ?(?:of|in|to) ")


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


def find_english(text: str) -> str | None:
    """The canonical form of the first pinpoint that stands in ``text`` (in lower case), or None."""
    found = _SHAPE.search(text)
    return _canonical(found) if found else None


def read_beside(before: str, behind: str) -> str | None:
    """The canonical form of the pinpoint that ends ``before`` a citation, or begins ``behind`` it; None.

    >>> read_beside("in paragraph 3 of resolution ", " and"), read_beside("resolution ", ", para. 9.")
    ('3', '9')
    """
    if found := _BEFORE.search(before):
        return _canonical(found)
    bridge = _BRIDGE.match(behind)
    found = _SHAPE.match(behind, bridge.end() if bridge else 0)
    return _canonical(found) if found and not _OF_ANOTHER.match(behind, found.end()) else None


def _canonical(found: re.Match[str]) -> str:
    part = _part(found, 1) or _part(found, 2)
    above = f"{part}." if part else ""
    prefix = "pp" if found["preambular"] else ""
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
    name, which = groups.get(f"part{place}"), groups.get(f"which{place}")
    return f"{name or ''}{number_of_label(which or '') or ''}"
