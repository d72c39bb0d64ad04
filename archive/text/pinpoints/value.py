"""The pinpoint as a value: which paragraphs of a document are meant, however that was written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from archive.text.aligned_folding import fold

from ..numerals import INSERTED
from .anchors import counted_out, split_part, split_place
from .english import read_beside, read_english
from .grammar import paragraphs_after

LONGEST = 200
_BIS = f"(?:{'|'.join(INSERTED)})"
# The first label of an anchor inside its part: 14, pp2, u5, h2, s2, sa, fn1, fnstar, art8_2
_HEAD = re.compile(
    rf"(?:pp|art|[a-np-z])?[0-9]{{1,4}}(?:_[0-9]{{1,3}}|{_BIS})?|s[a-z]|fn[a-z]{{0,8}}[0-9]{{0,4}}"
)
_SECTION = re.compile("s(?:[0-9]{1,3}|[a-z])")
_NUMBERED = re.compile(rf"(?:pp)?[0-9]{{1,4}}{_BIS}?")
_ITEM = re.compile("[a-z]{1,4}|[0-9]{1,2}")
_LABEL = r"[a-z0-9_]{1,20}"
# annex.3(a), 3.a.ii, (b), pp2, annex2, s2.h1.u3
_MEMBER = re.compile(rf"(?:{_LABEL}(?:\.{_LABEL}){{0,9}})?(?:\([a-z0-9]{{1,5}}\)){{0,3}}")
_RANGE = re.compile("[-‐‑–—~至到]")
_COMMA = re.compile("[,、]")
# 附件14 is its paragraph 14: annexes are counted in Chinese or roman numerals, or lettered.
_WHOLE_PART = re.compile("的?(?P<part>(?:附件|附文|附录)(?:[一二三四五六七八九十]{1,2}|[IVX]{1,5}|[A-F])?)")
# 附件二3(a), 附件第14, 序言2, 14段: what people leave out of 附件二第3(a)段
_BEFORE = "序言|执行|正文|主文"
_LENIENT = re.compile(
    r"(?P<part>(?:附件|附文|附录)"
    rf"(?:(?:[一二三四五六七八九十]{{1,2}}|[IVX]{{1,4}}|[A-F])(?=[,的第0-9]|{_BEFORE})"
    rf"|[0-9]{{1,2}}(?=[,的第]|{_BEFORE})|(?=[0-9])|(?=[,的第]|{_BEFORE})))?[,的]?"
    rf"(?P<kind>(?:{_BEFORE})(?:部分)?)?的?,?第?(?P<rest>[0-9一二三四五六七八九十百].*?)[段项]?"
)
_MARKED = re.compile(r"(?<=附件|附文|附录)[a-z]+|[a-zⅰ-ⅻ]{1,4}(?=(?:\.[0-9]{1,2})?节)")
# #14, §14 as people type; OP3a, para. 3 a; 第3段第a项, 第3段a项, 第3(a)小段; 第3款第(a)项, as laws are cited
_SIGN = re.compile("^[#§№] ?")
_BARE_ITEM = re.compile(r"(?<=[0-9段]) ?([a-z])$|(?<=[段款条至到和、])第?([a-z]{1,4})(?=[项款目]|[分小]段)")
_AS_OF_LAWS = re.compile(r"^(第?[0-9一二三四五六七八九十百]{1,5})[款条](?=第?\([a-z]{1,4}\))")
_STARTS = re.compile(
    r"[,，]? ?(?:第|附件|附文|附录|序言|执行|正文|主文|[¶#§№]"
    r"|(?<![A-Za-z/.\-])(?:annex|enclosure|appendix|preambular|operative|pp|op|(?:sub-?)?para))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Place:
    """One paragraph, or one whole part, as the labels of its anchor: ``("annex", "3", "a")``."""

    labels: tuple[str, ...]

    @property
    def anchor(self) -> str:
        return ".".join(self.labels)

    @property
    def part(self) -> str:
        """``annex2``, ``annex.annex1``; empty for the main part."""
        return split_part(self.anchor)[0]

    @property
    def around(self) -> tuple[str, ...]:
        """The labels of the parts and sections that a paragraph stands in: ``("annex", "s2")``."""
        around, own = split_place(self.anchor)
        return (*around, *own) if self.part == self.anchor else around

    @property
    def is_printed(self) -> bool:
        """Whether documents print its labels; u5, h2 and fn1 are counted in a text that is at hand."""
        sections = self.around[self.part.count(".") + 1 if self.part else 0 :]
        number, *items = self.labels[len(self.around) :] or ("1",)
        told = _NUMBERED.fullmatch(number) or _SECTION.fullmatch(number)
        return bool(told) and all(map(_SECTION.fullmatch, sections)) and all(map(_ITEM.fullmatch, items))

    @property
    def items(self) -> tuple[str, ...]:
        """The labels below the number: ``("a", "iii")``."""
        return self.labels[len(self.around) + 1 :]

    @property
    def above(self) -> tuple[str, ...]:
        """The labels of what an item stands in; of a place without items, its own."""
        return self.labels[:-1] if self.items else self.labels

    def __str__(self) -> str:
        """As mentions are stored: ``annex.3(a)``, ``4.1``; other labels stay as in the anchor."""
        number, *items = self.labels[len(self.around) :] or ("",)
        if _NUMBERED.fullmatch(number):
            while items and items[0].isdecimal():
                number += f".{items.pop(0)}"
            number += "".join(f"({item})" for item in items)
        else:
            number = ".".join([number, *items])
        return ".".join(filter(None, [*self.around, number]))


@dataclass(frozen=True, slots=True)
class Pinpoint:
    """Paragraphs of a document in the order in which they were named, each a place or a range of two.

    ``str()`` is the canonical form (``3(a)``, ``9,11``, ``annex.1-annex.3``, ``pp2``), which ``parse`` reads.
    """

    stretches: tuple[tuple[Place, Place | None], ...]

    @classmethod
    def parse(cls, text: str) -> Pinpoint:
        """Read a pinpoint as documents, footnotes and people write it; ``text`` is nothing else.

        Chinese in either script (附件二第3(a)段, 第8(a)㈢段, 序言部分第2段, 第9和11段), English (annex II,
        para. 14; OP3), canonical forms and anchors.

        Raises ValueError.
        """
        spaced = " ".join(fold(text).split()) if len(text) <= LONGEST else ""
        for canonical in _canonical_forms(spaced) if spaced else ():
            if stretches := tuple(_stretches(canonical)):
                return cls(stretches)
        raise ValueError(f"not a pinpoint: {text[:40]!r}")

    @property
    def single(self) -> Place | None:
        """The one place that is named; None for a list or a range."""
        (first, last), *others = self.stretches
        return first if last is None and not others else None

    @property
    def ends(self) -> tuple[Place, Place] | None:
        """First and last of one range or one place; None for a list."""
        (first, last), *others = self.stretches
        return None if others else (first, last or first)

    @property
    def anchors(self) -> list[str]:
        """The anchors that are named, in order and each once; ranges are counted out where possible."""
        found = []
        for first, last in self.stretches:
            found += counted_out(first.anchor, last.anchor) if last else [first.anchor]
        return list(dict.fromkeys(found))

    def __str__(self) -> str:
        return ",".join(f"{first}-{last}" if last else str(first) for first, last in self.stretches)


def endings(anchor: str) -> list[str]:
    """What ``anchor`` may be cited as: its whole first, then what is left without its part.

    >>> endings("annex.3.a")
    ['annex.3.a', '3.a', 'a']
    """
    labels = anchor.split(".")
    return [".".join(labels[first:]) for first in range(len(labels))]


def split_pinpoint(text: str) -> tuple[str, Pinpoint | None]:
    """``text`` parted into the name of a document and the pinpoint behind it, None where there is none.

    >>> name, pinpoint = split_pinpoint("S/2010/52附件第14至16段")
    >>> name, str(pinpoint)
    ('S/2010/52', 'annex.14-annex.16')
    """
    spaced = " ".join(fold(text).split())
    for start in _STARTS.finditer(spaced[:LONGEST]):
        if start.start() and (found := _read(spaced[start.start() :])):
            return "".join(spaced[: start.start()].split()), found
    return text, None


def english_pinpoint_beside(before: str, behind: str) -> Pinpoint | None:
    """The pinpoint in English of a citation that stands between ``before`` and ``behind``."""
    canonical = read_beside(fold(before[-LONGEST:]).lower(), fold(behind[:LONGEST]).lower())
    return Pinpoint.parse(canonical) if canonical else None


def _read(text: str) -> Pinpoint | None:
    try:
        return Pinpoint.parse(text.strip(",，."))
    except ValueError:
        return None


def _canonical_forms(spaced: str) -> Iterator[str]:
    """What ``spaced`` may say, in canonical form, likeliest first."""
    spaced = _BARE_ITEM.sub(r"(\1\2)", _SIGN.sub("", spaced.lower())).replace("小段", "分段")
    spaced = _AS_OF_LAWS.sub(r"\1段", spaced)
    lower = spaced.replace(" ", "")
    yield lower
    if found := read_english(spaced.replace("subpara", "para").replace("sub-para", "para")):
        yield found
    marked = _MARKED.sub(lambda letters: letters[0].upper(), lower).rstrip("。")
    if part := _WHOLE_PART.fullmatch(marked):
        below, end = paragraphs_after(f"{part['part']}第1段", 0)
        yield below[0].removesuffix(".1") if below and end == len(part["part"]) + 3 else ""
    for words in _as_printed(marked):
        paragraphs, end = paragraphs_after(words, 0)
        if end == len(words):
            yield ",".join(paragraphs)


def _as_printed(words: str) -> Iterator[str]:
    """``words`` with what people leave out (附件14 is its paragraph 14), and as they stand."""
    if found := _LENIENT.fullmatch(words):
        yield f"{found['part'] or ''}{found['kind'] or ''}第{found['rest']}段"
    yield words


def _stretches(canonical: str) -> Iterator[tuple[Place, Place | None]]:
    """The stretches of a canonical form; nothing where it is none. Shorthand is read too: ``5(a),(b)``."""
    found: list[tuple[Place, Place | None]] = []
    before: Place | None = None
    for piece in _COMMA.split(canonical):
        ends: list[Place] = []
        for member in _RANGE.split(piece):
            place = _place(member, before, ranged=bool(ends))
            if place is None:
                return
            ends.append(place)
            before = place
        if len(ends) > 2:
            return
        found.append((ends[0], ends[1] if len(ends) == 2 and ends[1] != ends[0] else None))
    yield from found


def _place(member: str, before: Place | None, *, ranged: bool) -> Place | None:
    """``member`` as a place; what it leaves out is as in the one ``before``, the part only where it is
    ``ranged`` from that one. None where it is none."""
    if not member or not _MEMBER.fullmatch(member):
        return None
    labels = tuple(filter(None, re.split(r"[.()]", member)))
    if member[0] == "(" or (before and len(member) < 5 and member.isalpha() and before.items):
        return Place((*before.above, *labels)) if before else None
    place = Place(labels)
    if ranged and before and before.around and _NUMBERED.fullmatch(labels[0]):  # annex.3-5
        return Place((*before.around, *labels))
    within = split_part(place.anchor)[1]
    return place if not within or _HEAD.fullmatch(within.partition(".")[0]) else None


def pinpoint_anchors(pinpoint: str | None) -> list[str]:
    """The anchors that a pinpoint in its canonical form names; none for None, and for what is no pinpoint."""
    try:
        return Pinpoint.parse(pinpoint).anchors if pinpoint else []
    except ValueError:
        return []
