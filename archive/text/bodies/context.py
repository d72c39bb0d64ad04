"""Short forms that name a body only in their context: 委员会, 专家组, 理事会, 大会, 本组织, 全球倡议.

They are reported only where one thing makes them certain: who issues the document, whose reply or speech it
is, what was named before in the same section, or what the document itself defined.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from archive.text.parsed import ParsedParagraph

from .boundaries import COMMITTEE, Named, Place, Titles, at_seam
from .committees import PRINCIPAL, UN, Owner, Owners
from .definitions import GENERIC, Defined, Definition
from .names import Found, Names, Trie

THAT_COMMITTEE = "该委员会"
ASSEMBLY, SECRETARIAT = "联合国大会", "联合国秘书处"
EU, COUNCIL_OF_EU = "欧洲联盟", "欧洲联盟理事会"

_OWN_NOUNS = """
组织 机构 办公室 联盟 委员会 理事会 中心 署 厅 秘书处 共同体 论坛 办事处 集团 专家组 专家小组
"""
OWN = tuple(f"本{noun}" for noun in _OWN_NOUNS.split())
_OTHER_WORD = re.compile(r"议(?![程事定题])|堂|厅")  # 委员会议, 大会堂, 大会厅
_ATTACHED = frozenset(("", "的", "及其", "和其", "与其", "以及其", "下属"))
_LONGEST_TIE = max(map(len, _ATTACHED))
_EXPERTS = ("专家组", "专家小组")
# Nouns of many bodies, which mean one only where that was named before.
_CLASSES = """
特派团 观察团 援助团 支助团 稳定团 核查团 先遣团 观察组 特使办公室 特别代表办公室 特别协调员办事处
特别协调员办公室 支助办 调查委员会 国际调查委员会 实况调查团 工作组 不限成员名额工作组 政府专家组 特别委员会
特设委员会 过渡当局 观察员部队
"""
CLASSES = frozenset(_CLASSES.split())
_LONGEST_NOUN = 3  # 特派团, 观察组: borne by many; 联索行动 by those that followed each other
_COMMITTEE = re.compile(COMMITTEE)


@lru_cache(maxsize=8)
def _forms(forms: frozenset[str]) -> Trie[str]:
    """The short forms to look for, mostly those of the reference table and no others."""
    return Trie({form: form for form in forms})


class Context:
    """Decides on the short forms of one document; paragraphs are given in order."""

    def __init__(
        self,
        paragraphs: Sequence[ParsedParagraph],
        names: Names,
        owners: Owners,
        definitions: Sequence[Definition],
        texts: Sequence[str],
        found: Sequence[Sequence[Found]],
        year: int | None = None,
    ) -> None:
        self._year = year
        self._paragraphs = paragraphs
        self._texts = texts
        self._found = found
        self._names = names
        self._owners = owners
        self._defined: dict[tuple[str, str | None], Defined] = {}
        self._definitions = {(d.index, d.start): d.body for d in definitions if d.short in GENERIC}
        for definition in definitions:
            key = definition.short, self._section(definition.index)
            if definition.short in GENERIC:
                self._defined.setdefault(key, Defined()).add(definition)
        self._sections: dict[str | None, Named] = {}
        defined = {short for short, _ in self._defined}
        forms = {*names.contextual, *OWN, *defined, COMMITTEE, THAT_COMMITTEE, "办公室"}
        self._forms = _forms(frozenset(forms))
        self._only_committees = self._sections_with_one_committee()

    def find(self, index: int) -> Iterator[Found]:
        """Short forms in paragraph ``index``, outside the bodies found there by their names."""
        text, found = self._texts[index], self._found[index]
        owner = self._owners.of(self._paragraphs[index])
        named = self._sections.setdefault(self._section(index), Named())
        named.begin_paragraph(text)
        titles = Titles(text)
        rest, free = list(reversed(found)), 0
        for start, end, form in self._forms.everywhere(text):
            while rest and rest[-1].end <= start:
                named.add(rest.pop())
            taken = start < free or (rest and rest[-1].start < end)
            if taken or titles.cover(start) or _OTHER_WORD.match(text, end) or at_seam(text, start, end):
                continue
            if body := self._resolve(Place(index, text, start, end, form), owner, named):
                contextual = Found(start, end, body, "contextual")
                named.add(contextual)
                free = end
                yield contextual
            elif form.endswith(COMMITTEE):
                named.add_committee(None)
            elif form == "大会":
                named.assemblies = True
        for later in reversed(rest):
            named.add(later)

    def _section(self, index: int) -> str | None:
        submitter = self._paragraphs[index].submitter
        return submitter.name if submitter else None

    def _sections_with_one_committee(self) -> dict[str | None, str]:
        """The sections that name one committee and no other that is or is not known, with that committee."""
        committees: dict[str | None, set[str | None]] = {}
        for index, (text, found) in enumerate(zip(self._texts, self._found, strict=True)):
            here = committees.setdefault(self._section(index), set())
            here.update(body.body for body in found if body.body.endswith(COMMITTEE))
            taken = {body.end for body in found}
            for match in _COMMITTEE.finditer(text):
                place = Place(index, text, match.start(), match.end(), COMMITTEE)
                if place.end not in taken and not place.free_or_attributed and not place.own:
                    here.add(None)
        only = {section: next(iter(named)) for section, named in committees.items() if len(named) == 1}
        return {section: body for section, body in only.items() if body}

    def _resolve(self, place: Place, owner: Owner, named: Named) -> str | None:
        if place.form == THAT_COMMITTEE:
            return named.committees[-1] if named.committees else owner.committee
        if place.form in OWN:
            return self._speaking(place.form, owner)
        here = place.index, place.start
        if here in self._definitions:
            return self._definitions[here]
        if defined := self._defined.get((place.form, self._section(place.index))):
            known, body = defined.before(*here)
            if known:
                return body if place.free else None
        if child := self._attached(place, named):
            return child
        organization = place.organization_of_symbol if place.free else None
        if organization and (child := self._child(organization, place.form)):
            return child
        special = {COMMITTEE: self._committee, "大会": self._assembly, "理事会": self._council}
        if decide := special.get(place.form):
            return decide(place, owner, named)
        if place.form == "秘书处":
            return self._secretariat(place, owner, named)
        if place.form == "办公室":
            return self._speaking("本办公室", owner) if place.free else None
        if place.form in _EXPERTS:
            return self._experts(place, owner, named) if place.free else None
        return self._specific(place, owner, named) if place.free_or_attributed else None

    def _speaking(self, form: str, owner: Owner) -> str | None:
        """本组织: the organization whose reply or speech it is, when its name is of that kind."""
        noun = form.removeprefix("本")
        for body in (*owner.section, *filter(None, (owner.committee,))):
            if body.endswith(noun) or body in self._names.contextual.get(form, ()):
                return body
        return None

    def _attached(self, place: Place, named: Named) -> str | None:
        """1540委员会及其专家组: a part of the body named just before."""
        last = named.last
        if last is None or place.start - last.end > _LONGEST_TIE:
            return None
        tied = place.text[last.end : place.start] in _ATTACHED
        return self._child(last.body, place.form) if tied else None

    def _child(self, body: str, form: str) -> str | None:
        children = [
            name for name in self._names.contextual.get(form, ()) if self._names.parents.get(name) == body
        ]
        follow = len(children) > 1 and body.endswith(COMMITTEE)
        standing = self._names.standing(children, self._year) if follow else children
        return standing[0] if len(standing) == 1 else None

    def _child_of_owner(self, place: Place, owner: Owner) -> str | None:
        bodies = [*owner.section, *(body for body in owner.document if body not in PRINCIPAL)]
        for body in bodies:
            if body in self._names.contextual.get(place.form, ()):
                return body
            if child := self._child(body, place.form):
                return child
        return None

    def _committee(self, place: Place, owner: Owner, named: Named) -> str | None:
        if not place.free:
            return None
        speaking = next((body for body in owner.section if body.endswith(COMMITTEE)), None)
        section = self._only_committees.get(self._section(place.index))
        return speaking or owner.committee or named.only_committee or section

    def _experts(self, place: Place, owner: Owner, named: Named) -> str | None:
        if child := self._child_of_owner(place, owner):
            return child
        committee = named.only_committee
        return self._child(committee, place.form) if committee else None

    def _assembly(self, place: Place, owner: Owner, named: Named) -> str | None:
        if not place.free_or_attributed or place.text.endswith("代表", 0, place.start):  # 人民代表大会
            return None
        if place.before_act_of_assembly or ASSEMBLY in named.paragraph:
            return ASSEMBLY
        if self._owners.foreign(owner):
            return self._child_of_owner(place, owner) if place.free else None
        if not self._owners.united_nations:
            return self._child_of_owner(place, owner) if place.free else None
        if named.assemblies:
            return None
        return ASSEMBLY if place.free or place.before_business_of_assembly else None

    def _council(self, place: Place, owner: Owner, named: Named) -> str | None:
        if place.before_act_of_european_union:
            return COUNCIL_OF_EU
        if not place.free_or_attributed:
            return None
        if EU in owner.section:
            return COUNCIL_OF_EU if place.free or place.before_business_of_european_union else None
        if not place.free:
            return None
        if owner.section:
            return self._child_of_owner(place, owner)
        councils = self._names.contextual.get(place.form, ())
        council = next((body for body in owner.document if body in councils), None)
        return council or self._child_of_owner(place, owner)

    def _secretariat(self, place: Place, owner: Owner, named: Named) -> str | None:
        if not place.free:
            return None
        if child := self._child_of_owner(place, owner):
            return child
        others = any(UN not in self._names.lineage(body) for body in named.paragraph)
        foreign = self._owners.foreign(owner)
        return SECRETARIAT if self._owners.united_nations and not foreign and not others else None

    def _specific(self, place: Place, owner: Owner, named: Named) -> str | None:
        """A form that few bodies bear: the owner's, or one that was named before, or whose kin was."""
        bearers = self._names.contextual.get(place.form, ())
        again = [body for body in bearers if body in named.section]
        if place.form in CLASSES and not any(owner.section[:1] == (body,) for body in bearers):
            near = again
        elif owned := self._child_of_owner(place, owner):
            return owned
        else:
            near = again or [body for body in bearers if self._kin_named(body, owner, named)]
        if len(near) > 1 and (again or len(place.form) > _LONGEST_NOUN):
            near = self._names.standing(near, self._year)
        return near[0] if len(near) == 1 else None

    def _kin_named(self, body: str, owner: Owner, named: Named) -> bool:
        if any(treaty in body for treaty in named.treaties):
            return True
        parent = self._names.parents.get(body)
        if parent is None or parent == UN:
            return False
        if parent == ASSEMBLY:  # 第一委员会
            at_home = self._owners.united_nations and not self._owners.foreign(owner)
            return at_home or ASSEMBLY in named.paragraph
        sisters = (other for other in named.section if self._names.parents.get(other) == parent)
        return parent in named.section or next(sisters, None) is not None
