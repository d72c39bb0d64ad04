"""The place that a reader names behind a document: 第3段, 附件第14至16段, para. 3 (a), annex II. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from archive.text.numerals import number_of, number_of_roman
from archive.text.script import fold

_ITEMS = r"(?:\([0-9a-z]{1,5}\)|㈠|㈡|㈢|㈣|㈤)*"
_FIRST = (
    rf"(?:第?(?P<first>\d{{1,4}})|第(?P<first_han>[一二三四五六七八九十百]{{1,6}}))(?P<first_items>{_ITEMS})"
)
_LAST = _FIRST.replace("first", "last")
_PART = r"(?P<part>附件|附文|附录)(?P<of>[一二三四五六七八九十]{1,2}|\d{1,2})?"
# …第3段, …第3(a)段, …第14至16段, …执行部分第3段, …附件第14段, …附件二第3段, …序言部分第2段
PLACE = re.compile(
    rf"(?:{_PART})?(?:(?P<pre>序言)|执行|正文)?(?:部分)?{_FIRST}段?"
    rf"(?:(?:至|到|[-‐‑–—~～]){_LAST})?段$"
)
WHOLE_PART = re.compile(rf"的?{_PART}$")
# …, annex II, para. 14; … paras. 14-16; … OP3; … PP2
ENGLISH = re.compile(
    r"[,，]?(?:(?P<part>annex|enclosure|appendix)(?P<of>[ivx]{1,5})?[,，]?)?"
    r"(?:(?P<kind>preambular|operative)?(?:(?P<short>op|pp)|paras?|paragraphs?|¶)\.?"
    r"(?P<first>\d{1,4})(?P<items>(?:\([0-9a-z]{1,5}\))*)(?:(?:to|[-‐‑–—~～])(?P<last>\d{1,4}))?)?\.?$",
    re.IGNORECASE,
)
ENCLOSED = {"㈠": "i", "㈡": "ii", "㈢": "iii", "㈣": "iv", "㈤": "v"}
PARTS = {"附件": "annex", "附文": "enclosure", "附录": "appendix"}


@dataclass(frozen=True, slots=True)
class Named:
    """What stands before the place, the anchor that it names ("" for none), and the last of a range."""

    document: str
    anchor: str = ""
    last: str = ""


def split_place(text: str) -> Named:
    """``text`` parted into the name of a document and the place behind it.

    >>> split_place("S/2010/52附件第14至16段")
    Named(document='S/2010/52', anchor='annex.14', last='16')
    """
    plain = re.sub(r"\s+", "", fold(text))
    for read, pattern in ((_chinese, PLACE), (_part, WHOLE_PART), (_english, ENGLISH)):
        found = pattern.search(plain)
        if found and found.group() and found.start() and found.group() != ".":
            return Named(plain[: found.start()], *read(found))
    return Named(text)


def _chinese(found: re.Match[str]) -> tuple[str, str]:
    before = f"{_part(found)[0]}." if found["part"] else ""
    number, last = _numbered(found, "first"), _numbered(found, "last")
    return before + ("pp" if found["pre"] else "") + number, ("pp" if found["pre"] and last else "") + last


def _numbered(found: re.Match[str], which: str) -> str:
    """3, 3.a, 8.a.iii; empty where no number stands there."""
    number = found[which] or str(number_of(found[f"{which}_han"] or "") or "")
    return ".".join([number, *_items(found[f"{which}_items"] or "")]) if number else ""


def _items(text: str) -> list[str]:
    return [ENCLOSED.get(item, item.strip("()")) for item in re.findall(r"\([0-9a-z]+\)|[㈠-㈤]", text)]


def _part(found: re.Match[str]) -> tuple[str, str]:
    of = found["of"] or ""
    return PARTS[found["part"]] + (of if of.isdigit() or not of else str(number_of(of))), ""


def _english(found: re.Match[str]) -> tuple[str, str]:
    part = (found["part"] or "").lower()
    part += str(number_of_roman(found["of"].lower()) or "") if found["of"] else ""
    if not found["first"]:
        return part, ""
    pre = "pp" if (found["kind"] or found["short"] or "").lower() in ("preambular", "pp") else ""
    number = ".".join([pre + found["first"], *_items(found["items"].lower())])
    return ".".join(filter(None, [part, number])), found["last"] and pre + found["last"] or ""
