"""Subsidiary bodies of the Security Council that are called by the number of a resolution.

第1540(2004)号决议所设委员会, 安全理事会关于利比里亚的第1521(2003)号决议所设委员会, 1591委员会,
1267/1989/2253委员会, 安理会根据第1540(2004)号决议设立的委员会. A number that the reference table does not
know gives a name of the same form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from archive.text.reference import Reference
from archive.text.script import fold

from .names import Found

_NUMBER = r"第?[1-9][0-9]{2,3}(?: ?\([0-9]{4}\))?号?"
_KIND = r"(?:制裁)?(委员会|专家小组|专家组|监察组|监测组)"
_SET_UP = r"(?:第[0-9]{1,2}(?:\([a-z]\))?段)?(?:所设立?的?|(?:规定)?设立的|成立的|任命的|(?:具体)?规定的)"
_BY_RESOLUTION = re.compile(
    rf"(?<![0-9/(.\-])({_NUMBER}(?:(?:、|和|及|以及|,){_NUMBER}){{0,6}})决议{_SET_UP}{_KIND}"
)
_SHORT = r"[1-9][0-9]{2,3}(?:\([0-9]{4}\))?"
_BY_NUMBER = re.compile(rf"(?<![0-9/(.,\-A-Za-z])(第?{_SHORT}号?(?:/{_SHORT}){{0,3}}){_KIND}")
_ONE = re.compile(r"([1-9][0-9]{2,3})(?: ?\(([0-9]{4})\))?")
_EXPERTS = re.compile(r"专家小组|专家组")
# The Council before the number, directly or with 根据 or a subject between. 通过 is neither: the Council acts
# through its Committee, which makes two bodies (the concept note of S/2016/1013).
_COUNCIL = re.compile(
    r"(?:(?:联合国)?(?:安全理事会|安理会))(?:其)?(?:(?:根据|依照|依据|按照|按)(?:其)?|关于[^,，。;；:：的]{1,40}的)?$"
)
_OTHER_ORGAN = re.compile(r"(?:大会|人权理事会|经社理事会|经济及社会理事会)$")
_LOOK_BACK = 56


@dataclass(frozen=True, slots=True)
class Committees:
    """Knows which resolution made which body, by ``(number, kind)``, and the years of resolutions."""

    known: Mapping[tuple[int, str], str]
    years: Mapping[int, int]
    experts: Mapping[tuple[str, str], str]

    @classmethod
    def of(cls, reference: Reference, years: Mapping[int, int]) -> Committees:
        """From the names of the table; ``years`` adds what the document says of further resolutions."""
        known: dict[tuple[int, str], str] = {}
        experts: dict[tuple[str, str], str] = {}
        for body in reference.bodies:
            experts |= {(body.parent, form): body.name for form in body.contextual if body.parent}
            for name in map(fold, (body.name, *body.aliases)):
                match = _BY_RESOLUTION.search(name) or _BY_NUMBER.match(name)
                if match and match.end() == len(name):
                    for number, _ in _ONE.findall(match[1]):
                        known.setdefault((int(number), match[2]), body.name)
        return cls(known, years, experts)

    def matches(self, text: str) -> Iterator[Found]:
        """Places in the folded ``text`` that name such a body."""
        for match in _BY_RESOLUTION.finditer(text):
            before = text[max(0, match.start() - _LOOK_BACK) : match.start()]
            if not _OTHER_ORGAN.search(before):
                council = _COUNCIL.search(before)
                start = match.start() - (len(council.group()) if council else 0)
                yield self._found(text, start, match, self._body(match) or self._new_name(match))
        for match in _BY_NUMBER.finditer(text):
            if body := self._body(match) or (self._year_known(match) and self._new_name(match)):
                yield self._found(text, match.start(), match, body)

    def _found(self, text: str, start: int, match: re.Match[str], body: str) -> Found:
        experts = _EXPERTS.match(text, match.end()) if match[2] == "委员会" else None
        end = match.end()
        if experts:
            body = self.experts.get((body, experts.group()), body + experts.group())
            end = experts.end()
        return Found(start, end, body, "full" if text[start:end] == fold(body) else "alias")

    def _body(self, match: re.Match[str]) -> str | None:
        keys = ((int(number), match[2]) for number, _ in _ONE.findall(match[1]))
        return next((self.known[key] for key in keys if key in self.known), None)

    def _year_known(self, match: re.Match[str]) -> bool:
        return all(year or int(number) in self.years for number, year in _ONE.findall(match[1]))

    def _new_name(self, match: re.Match[str]) -> str:
        numbers = [
            f"{number}({year or self.years[int(number)]})" if year or int(number) in self.years else number
            for number, year in _ONE.findall(match[1])
        ]
        listed = "和".join(filter(None, ("、".join(numbers[:-1]), numbers[-1])))
        return f"安全理事会第{listed}号决议所设{match[2]}"
