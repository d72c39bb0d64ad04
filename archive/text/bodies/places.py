"""A short form at its place, and what was named before it: what there is to decide by."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from archive.text.symbols.series import SERIES

from .boundaries import free_before
from .names import Found

COMMITTEE = "委员会"
_OF = ("的", "题为", "自", "该", "上述", "”", '"')
_SESSION = r"第[一二三四五六七八九十百0-9]+届"
# 大会 is the General Assembly where its act or business follows: 大会第73/55号决议, 大会第七十四届会议.
_ASSEMBLY_ACT = re.compile(
    r"[^。;]{0,60}?"
    r"(?:第[0-9]{1,2}/[0-9]{1,4}[A-Z ]{0,3}号|第[0-9]{1,4}[A-Z ]{0,2}\((?:E?S-)?[IVXL]+\)[A-Z]?号)"
)
_ASSEMBLY_BUSINESS = re.compile(
    rf"{_SESSION}(?:会议|特别会议|紧急特别会议|常会|续会)|紧急特别会议|正式记录|议事规则|主席团|总务委员会|一般性辩论"
)
# 理事会 is that of the European Union where one of its acts follows: 理事会(CFSP)2018/1939号决定.
_EU_ACT = re.compile(r"(?:[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日)?的?第?\((?:CFSP|EU)(?:,[A-Z]+)?\)")
_EU_BUSINESS = re.compile(r"结论|决定|条例|共同立场|联合行动|[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日的")
# 大会C-25/DEC.9号决定, 大会GC(67)/RES/12号决议: the symbol says whose assembly it is.
_SYMBOL = re.compile(r"(?:第[^,。;]{1,12}会议)?第?([A-Z]{1,8})[-(/]")
_LOOK_AHEAD = 90
_TREATY = re.compile(r"《[^《》]{2,60}》")


@dataclass(frozen=True, slots=True)
class Place:
    """A short form at a place of a folded text."""

    index: int
    text: str
    start: int
    end: int
    form: str

    @property
    def free(self) -> bool:
        """Whether the form is no end of a longer name."""
        return free_before(self.text, self.start)

    @property
    def free_or_attributed(self) -> bool:
        """The same, also behind 的 and the like, where something else must speak for the form."""
        return self.free or self.text.endswith(_OF, max(0, self.start - 2), self.start)

    @property
    def own(self) -> bool:
        """Whether the form stands behind 本 or 一个, and is no end of a longer name either."""
        return self.text.endswith(("本", "一个", "下"), 0, self.start)

    @property
    def before_act_of_assembly(self) -> bool:
        """Whether a resolution of the General Assembly follows, and no other assembly stands between."""
        act = _ASSEMBLY_ACT.match(self.text, self.end, self.end + _LOOK_AHEAD)
        return act is not None and "大会" not in act.group()

    @property
    def before_business_of_assembly(self) -> bool:
        """Whether a session, a record or the like follows."""
        return self._before(_ASSEMBLY_BUSINESS)

    @property
    def before_act_of_european_union(self) -> bool:
        """Whether an act follows that only the Council of the European Union adopts."""
        return self._before(_EU_ACT)

    @property
    def before_business_of_european_union(self) -> bool:
        """Whether a kind of act follows that this Council adopts as others do."""
        return self._before(_EU_BUSINESS)

    @property
    def organization_of_symbol(self) -> str | None:
        """The organization in whose series the symbol is that follows."""
        symbol = _SYMBOL.match(self.text, self.end, self.end + 30)
        return SERIES.get(symbol[1]) if symbol else None

    def _before(self, pattern: re.Pattern[str]) -> bool:
        return bool(pattern.match(self.text, self.end, self.end + _LOOK_AHEAD))


@dataclass(slots=True)
class Named:
    """What has been named so far in a section, and in its present paragraph."""

    section: set[str] = field(default_factory=set)
    treaties: set[str] = field(default_factory=set)
    paragraph: set[str] = field(default_factory=set)
    committees: list[str | None] = field(default_factory=list)  # the last and any other; None: not known
    assemblies: bool = False  # whether a 大会 of something else was named
    last: Found | None = None

    def begin_paragraph(self, text: str) -> None:
        self.treaties.update(_TREATY.findall(text))
        self.paragraph, self.committees, self.assemblies, self.last = set(), [], False, None

    def add(self, found: Found) -> None:
        self.section.add(found.body)
        self.paragraph.add(found.body)
        self.last = found
        if found.body.endswith(COMMITTEE):
            self.add_committee(found.body)

    def add_committee(self, body: str | None) -> None:
        if body not in self.committees[-1:]:
            self.committees = [*self.committees[-2:], body]

    @property
    def only_committee(self) -> str | None:
        return self.committees[0] if len(self.committees) == 1 else None
