"""Organs: which organ a resolution belongs to when its number does not tell.

第73/55号决议 is the Assembly's, 第49/6号决议 the Human Rights Council's, 第14/221号决议 the Arab League's.
The organ stands before the number (大会第73/55号决议), before a date or title (大会2018年12月5日题为“…”的
第73/55号决议), or in an earlier clause (大会…并回顾其第77/165号决议).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum

from ..dates import year_of
from ..parsed import Facts
from ..symbols.symbol import Symbol

WINDOW = 160  # between an organ and its number lie a date and a title at most


class Organ(StrEnum):
    """The organs whose resolutions have a form of their own, and all others together."""

    ASSEMBLY = "A"
    COUNCIL = "S"
    ECOSOC = "E"
    HUMAN_RIGHTS_COUNCIL = "A/HRC"
    COMMISSION_ON_HUMAN_RIGHTS = "E/CN.4"
    NARCOTICS_COMMISSION = "E/CN.7"
    BOARD = "board"  # 执行局 of a fund or programme, whose decisions are no documents of their own
    EUROPEAN_UNION = "EU"
    SOME_COUNCIL = "council"  # 理事会 alone: the one last named, or the document's own
    OTHER = "other"  # bodies outside these, whose resolutions are not looked for


FOREIGN = frozenset({Organ.OTHER, Organ.EUROPEAN_UNION, Organ.BOARD})


@dataclass(frozen=True, slots=True)
class Home:
    """What the document says of its own numbers: organ, year, whether a commission issues it."""

    organ: Organ | None = None
    year: int | None = None
    commission: bool = False


_NUMBERED = ("A", "S", "E", "A/HRC", "E/CN.4", "E/CN.7")  # organs by the codes of their series
# Boards of funds and programmes number their decisions by year as the Economic and Social Council does.
_BOARDS = frozenset({"E/ICEF", "DP", "WFP", "UNW", "UNICEF"})


def home_of(symbol: Symbol | None, facts: Facts) -> Home:
    """The organ and year of a document by its symbol and dates."""
    if symbol is None:
        return Home(year=year_of(facts))
    codes = (symbol.organ_code, "/".join(symbol.components[:2]), symbol.components[0])
    organ = next((Organ(code) for code in codes if code in _NUMBERED), None)
    organ = organ if _BOARDS.isdisjoint(codes) else Organ.BOARD
    commission = organ is Organ.ECOSOC and symbol.components[1].startswith(("CN.", "C.", "ES"))
    return Home(organ, year_of(facts), commission)


@dataclass(frozen=True, slots=True)
class Named:
    """An organ named at ``start`` to ``end`` of a text."""

    organ: Organ
    start: int
    end: int


# Assemblies of others: 世界卫生大会, 国际民航组织第三十九届大会, 缔约国大会, 董事大会
_OTHERS = (
    "卫生",
    "组织",
    "约国",
    "约方",
    "环境",
    "人居",
    "民航",
    "联盟",
    "代表",
    "员国",
    "劳工",
    "股东",
    "议会",
    "议长",
)
_OTHERS_ASSEMBLY = "".join(f"(?<!{end})" for end in (*_OTHERS, "机构", "届", "国际", "审议", "盛", "扩"))
_ORGAN = re.compile(
    r"(?P<ECOSOC>经济[及和]社会理事会|经社理事会|经社会理事会|ECOSOC|Economic and Social Council)"
    r"|(?P<HUMAN_RIGHTS_COUNCIL>人权理事会)"
    r"|(?P<EUROPEAN_UNION>(?:欧洲议会和)?(?:欧洲(?:联盟|共同体)|欧盟)(?:理事会|委员会)?)"
    r"|(?P<COMMISSION_ON_HUMAN_RIGHTS>(?<!事务)人权委员会)"
    r"|(?P<NARCOTICS_COMMISSION>麻醉药品委员会|麻委会)"
    r"|(?P<COUNCIL>(?<!和平与)安全理事会|安理会|Security Council)"
    rf"|(?P<ASSEMBLY>联合国大会|General Assembly|联大"
    rf"|(?:{_OTHERS_ASSEMBLY}大会(?!堂|厅|厦|主席团|第[一二三四五六]委员会))"
    r"|(?<=审议)大会(?=第[0-9]{1,3}/))"  # 审议大会第73/55号决议: no review conference numbers so
    r"|(?P<SOME_COUNCIL>(?:^|(?<=[,。;:、和与及由在经据照按了其顾到请]))理事会)"
    r"|(?P<BOARD>(?<!委员会)执行局|执行委员会)"
    r"|(?P<OTHER>联盟|[非阿欧东]盟|委员会|委会|组织|理事会|大会|议会|国会|内阁|政府|国务院|法院|总署|共同体|协会"
    r"|集团|银行|基金会|公司|峰会|(?<![次届度])(?<!特别)(?<!紧急)会议(?!上|期间|续会)|部长|总统|总理|常委会|董事会)"
)
# 第1540(2004)号决议所设委员会 and 1540委员会 adopt no resolutions
_NO_ORGAN_BEFORE = re.compile(r"(?:所设|设立的|[0-9)])$")

# What may stand between an organ and its number.
_DIGIT = "[0-9〇零一二三四五六七八九十]"  # Macao's gazette writes 二零零四年四月二十八日
DATE = re.compile(
    rf" ?({_DIGIT}{{2,4}}) ?年(?: ?{_DIGIT}{{1,3}} ?月(?: ?{_DIGIT}{{1,3}} ?日)?)?(?:通过的|的)? ?"
)
_QUOTED = r"“[^”]{1,120}”|《[^》]{1,120}》|「[^」]{1,120}」|\"[^\"]{1,120}\""
_BETWEEN = re.compile(
    rf"{DATE.pattern}"
    r"|(?:[0-9]{4} ?年)?(?:第[0-9一二三四五六七八九十百]{1,9}(?:届|次))?"
    r"(?:年度?会议?|年会|届会|常会|特别会|(?:紧急)?(?:特别)?会议)(?:上|期间|续会)?"
    rf"|题为(?:{_QUOTED})的?"
    r"|以?协商一致(?:方式)?|一致|通过|核准|作出|发布|颁布"
    r"|的|在|于|其|各项|有关|相关|以往|先前|历次|上述|所|,| |\([^()]{1,20}\)"
)
_ABOUT = re.compile(r"(?:关于|有关|题为|涉及|就)[^。;]{1,120}的$")
# What ends as names of bodies do (万国邮联, 海合会, OSCE), but for the names of our own
_NAME = re.compile(
    r"(?:[邮电议铁航海商]联|[^结同]盟|署|局|(?<!裁军)(?<!事务)厅|论坛|北约|[共联]体|[^委机社]会(?<!委员会)"
    r"|(?<![A-Za-z])(?!(?:UN|UNSC|SC|UNGA|GA|ECOSOC)$)[A-Z]{2,8})$"
)
# What may stand between a name and an act that is surely its own
_BEFORE = re.compile(
    rf"(?:{DATE.pattern}|[在于]?其|[在于]|关于[^。;]{{1,60}}的|第[0-9一二三四五六七八九十]{{1,5}}[届次]会议)?"
)
_COMMITTEE = re.compile("(?<![洲际])委员会$")  # of a council, which adopts none
_SHORT_NAME = re.compile(r" ?\([^()]{1,20}\)$")
_AND = re.compile(" ?(?:和|与|及|以及|、) ?")
_OWN = re.compile(r"(?:其|它的|自己的)(?:以往|先前|早先)?(?:各项|所有|有关|相关)?(?:关于[^。;]{1,60}的)?$")
_ITS = re.compile(
    rf"(?:其|它的|自己的)(?:以往|先前|早先)?(?:各项|所有|有关|相关)?(?:{DATE.pattern})?(?:关于[^。;]{{1,60}}的)?$"
)
_ACTS = re.compile(r"(?:根据|按照|依照|依据|遵照|通过|以|用|在|经|按|执行|忆及|回顾)")
# An organ inside a title or a subject is not the organ: 大会关于设立人权理事会的第60/251号决议
_TITLE = re.compile(rf"题为(?:{_QUOTED})")
_SUBJECT_BEFORE = re.compile(r"(?:关于|有关|涉及)[^。;,、第]{0,40}$")
_SUBJECT_AFTER = re.compile(
    rf"(?!通过|核准|在|于|作出)[^。;,、第0-9]{{0,40}}(?<!通过)(?<!核准)的(?:{DATE.pattern})?第"
)
_SENTENCE_END = re.compile(r"[。;!?\n]")


class Organs:
    """The organs named in one paragraph, and which of them a number at a place belongs to.

    ``own`` is the organ of the document, for numbers that the paragraph gives to nobody.
    """

    def __init__(self, folded: str, home: Home) -> None:
        self._text = folded
        self.own, self.year, self.own_commission = home.organ, home.year, home.commission
        titles = [match.span() for match in _TITLE.finditer(folded)]
        self._named = [
            Named(Organ[match.lastgroup or ""], match.start(), match.end())
            for match in _ORGAN.finditer(folded)
            if not _adopts_nothing(folded, *match.span(), titles)
        ]
        self._ends = [named.end for named in self._named]
        self._sentence_ends = [match.end() for match in _SENTENCE_END.finditer(folded)]

    def beside(self, place: int) -> Organ | None:
        """The organ directly before ``place``, with no more than a date, a session or a title between."""
        last = bisect_right(self._ends, place) - 1
        if last < 0 or place - self._ends[last] > WINDOW:
            return None
        gap = self._text[self._ends[last] : place]
        if not _only_between(gap):
            return None
        if _OWN.search(gap):
            return self.subject(place)
        organ = self._settled(last)
        close = organ not in FOREIGN or organ is Organ.BOARD or gap == "的" or _BEFORE.fullmatch(gap)
        return organ if close else None

    def surely(self, series: str, place: int, *, alone: bool = True) -> bool:
        """Whether an act at ``place`` that reads as one of ``series`` (``S``) is surely of it: nobody else is
        named right before, be it another body, a name that is not known, or, where the act stands ``alone``
        and in no list, an organ without such a series (大会第1540(2004)号决议)."""
        short = _SHORT_NAME.search(self._text, max(0, place - 24), place)
        place = short.start() if short else place
        last = bisect_right(self._ends, place) - 1
        if last < 0 or not _BEFORE.fullmatch(self._text, self._ends[last], place):
            return _NAME.search(self._text, max(0, place - 12), place) is None
        organ, named = self.beside(place), self._named[last]
        committee = _COMMITTEE.search(self._text, named.start, named.end)
        if committee or organ in (None, series) or (organ is Organ.SOME_COUNCIL and series != Organ.ASSEMBLY):
            return True
        both = _AND.fullmatch(self._text, self._ends[last - 1], named.start) if last else None
        return organ not in FOREIGN and (not alone or bool(both and self._settled(last - 1) == series))

    def own_before(self, place: int) -> bool:
        """Whether 其 (its) stands before the number at ``place``: 并回顾其1999年10月15日第77/165号决议."""
        return _ITS.search(self._text, max(0, place - 100), place) is not None

    def names_between(self, start: int, end: int) -> bool:
        """Whether an organ, or 其, is named between two places, as before a later member of a list."""
        first = bisect_right(self._ends, start)
        return (first < len(self._ends) and self._ends[first] <= end) or "其" in self._text[start:end]

    def nearest(self, place: int) -> Organ | None:
        """The organ last named before ``place`` in its sentence."""
        last = bisect_right(self._ends, place) - 1
        if last < 0 or self._ends[last] <= self._sentence_start(place):
            return None
        return self._named[last].organ

    def subject(self, place: int) -> Organ | None:
        """The organ whose sentence ``place`` stands in: the first that it names, else the document's own."""
        if its := _ITS.search(self._text, max(0, place - 100), place):
            # 妇女地位委员会由经社理事会根据其第11(II)号决议设立: the one that acts is right before
            actor = bisect_right(self._ends, its.start()) - 1
            if actor >= 0 and _ACTS.fullmatch(self._text, self._ends[actor], its.start()):
                return self._settled(actor)
        first = bisect_right(self._ends, self._sentence_start(place))
        if first < len(self._named) and self._ends[first] <= place:
            return self._settled(first)
        return self.own

    def before(self, place: int) -> list[Organ]:
        """The organs of the Organization named before ``place`` in the paragraph, the nearest first."""
        last = bisect_right(self._ends, place) - 1
        nearest = (self._settled(index) for index in range(last, max(-1, last - 12), -1))
        elsewhere = (*FOREIGN, Organ.SOME_COUNCIL)
        return [organ for organ in nearest if organ is not None and organ not in elsewhere]

    def _settled(self, index: int) -> Organ | None:
        """The organ at ``index``; 理事会 alone is the council last named, else the document's own."""
        organ = self._named[index].organ
        if organ is not Organ.SOME_COUNCIL:
            return organ
        councils = (Organ.ECOSOC, Organ.HUMAN_RIGHTS_COUNCIL)
        for earlier in range(index - 1, max(-1, index - 12), -1):
            if self._named[earlier].organ in councils:
                return self._named[earlier].organ
        return self.own if self.own in councils else organ

    def _sentence_start(self, place: int) -> int:
        index = bisect_right(self._sentence_ends, place)
        return self._sentence_ends[index - 1] if index else 0


def _adopts_nothing(folded: str, start: int, end: int, titles: list[tuple[int, int]]) -> bool:
    """Whether the organ is a committee named by a number, or stands in the title or subject of a text."""
    if _NO_ORGAN_BEFORE.search(folded, max(0, start - 3), start):
        return True
    title = bisect_right(titles, (start, start)) - 1
    if title >= 0 and titles[title][1] >= end:
        return True
    is_subject = _SUBJECT_BEFORE.search(folded, max(0, start - 45), start)
    return bool(is_subject and _SUBJECT_AFTER.match(folded, end))


def is_bridge(text: str) -> bool:
    """Whether ``text`` may stand between two numbers of a list: an organ, a date, a title, or nothing."""
    organ = _ORGAN.match(text)
    return _only_between(text[organ.end() :] if organ else text)


def _only_between(gap: str) -> bool:
    place = 0
    while place < len(gap):
        if _ABOUT.match(gap, place):
            return True
        match = _BETWEEN.match(gap, place)
        if not match or match.end() == place:
            return False
        place = match.end()
    return True
