"""The neighbourhood of a mention: its list, what modifies it, and the clause it stands in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archive.text.parsed import Relation

from ..mentions.organs import DATE, is_bridge
from ..parsed import ParsedMention
from ..pinpoints.grammar import paragraphs_after

LEFT, RIGHT = 240, 160  # characters around a mention that are looked at, which bounds what a mention costs

SENTENCE_END = re.compile(r"[。;!?\n]")
_SEPARATOR = re.compile(r" ?(?:[、,;](?: ?(?:以及|和|与|及|或|并))?|以及|和|与|及|或|并|暨) ?(?:第? ?)?")
_QUOTED = r"(?:“[^”]{1,120}”|《[^》]{1,120}》|「[^」]{1,120}」|\"[^\"]{1,120}\")"
_ORGAN = (
    r"(?:联合国)?(?:安全理事会|安理会|大会|经济及社会理事会|经社理事会|人权理事会|理事会|欧洲理事会|欧盟理事会|欧洲联盟理事会"
    r"|安全理事會)(?:的)?"
)
# What may stand between the verb and the mention that it governs, taken off from the right.
_MODIFIER = re.compile(
    rf"(?:{_ORGAN}|{DATE.pattern}|题为{_QUOTED}的?|(?:于|在)?{DATE.pattern}(?:一致)?通过的"
    r"|(?:其|该|此|上述|前述|各项|以往|历次|有关的|相关的|所有|全部|最近的?|联合国|本身的?|自己的|以下|下列|决议"
    r"|一致|重要的?|里程碑式的?|具有里程碑意义的?|第| ))$"
)
# 关于…的, 旨在…的: what the document is about stands before its number
_SUBJECT = re.compile(r"(?:关于|旨在|为了?|涉及|有关|就)(?P<what>[^,。;、()]{1,160}?)的$")
_SUBJECT_LISTING = re.compile(r"(?:关于|旨在)(?P<what>[^。;()]{1,160}?)的$")
_ADOPTED = re.compile(rf"(?:于|在)?(?:{DATE.pattern})?(?:一致|未经表决)?(?:通过|核准|商定)的$")
_ASIDE = re.compile(r" ?\([^()]{1,60}\)")


@dataclass(frozen=True, slots=True)
class Group:
    """Mentions that form a list, and so are cited alike. ``after`` is behind the last one's pinpoint."""

    members: tuple[int, ...]
    start: int
    end: int
    after: int


def groups(folded: str, mentions: Sequence[ParsedMention]) -> Iterator[Group]:
    """The lists among the mentions of one paragraph, which are given in order; most are lists of one.

    该决议 begins a list of its own: behind a comma it is the next clause's subject.
    """
    members: list[int] = []
    after = 0
    for index, mention in enumerate(mentions):
        anaphora = not any(map(str.isdigit, mention.surface))
        if members and (anaphora or not _goes_on(folded, after, mention.start)):
            yield _group(members, mentions, after)
            members = []
        members.append(index)
        after = max(after, _behind(folded, mention.end))
    if members:
        yield _group(members, mentions, after)


def _group(members: Sequence[int], mentions: Sequence[ParsedMention], after: int) -> Group:
    last = max(mentions[index].end for index in members)
    return Group(tuple(members), mentions[members[0]].start, last, max(after, last))


def _behind(folded: str, end: int) -> int:
    """Behind the pinpoint and the bracket that belong to a mention."""
    _, end = paragraphs_after(folded, end)
    aside = _ASIDE.match(folded, end)
    return aside.end() if aside else end


def _goes_on(folded: str, after: int, start: int) -> bool:
    if not 0 <= start - after <= 80:
        return start < after  # a place named twice, as both of a double symbol
    separator = _SEPARATOR.match(folded, after, start)
    return separator is not None and is_bridge(folded[separator.end() : start])


def sentence_start(folded: str, place: int) -> int:
    """Where the sentence of ``place`` begins, or the edge of what is looked at."""
    edge = max(0, place - LEFT)
    ends = [match.end() for match in SENTENCE_END.finditer(folded, edge, place)]
    return ends[-1] if ends else edge


def without_modifiers(folded: str, first: int, place: int) -> tuple[int, bool]:
    """``place`` moved left over what only modifies the mention: organ, date, title, subject.

    Tells also whether one of these was 通过的. ``first`` is where the sentence begins.
    """
    adopted = False
    while place > first:
        window = max(first, place - 180)
        if match := _ADOPTED.search(folded, window, place):
            adopted = True
        else:
            match = _MODIFIER.search(folded, window, place)
        match = (
            match or _last(_SUBJECT, folded, window, place) or _last(_SUBJECT_LISTING, folded, window, place)
        )
        if match is None or match.start() == place:
            break
        place = match.start()
    return place, adopted


def _last(pattern: re.Pattern[str], folded: str, first: int, place: int) -> re.Match[str] | None:
    """The first match of ``pattern`` that ends at ``place``; none where the text does not end in 的."""
    return pattern.search(folded, first, place) if folded[place - 1 : place] == "的" else None


# The words by which UN documents cite: verbs before a mention, verbs and nouns behind it.

BEFORE: dict[Relation, tuple[str, ...]] = {
    Relation.RECALLS: ("回顾", "回顾到", "忆及", "追忆"),
    Relation.REAFFIRMS: ("重申", "再次申明", "再次确认"),
    Relation.NOTES: (
        *("注意到", "注意", "铭记", "铭记着", "牢记", "考虑到", "考虑", "认识到", "意识到", "念及", "知悉"),
        *("承认", "确认", "指出", "认为", "鉴于", "顾及"),
    ),
    Relation.STRESSES: ("强调", "着重指出", "着重", "突出"),
    Relation.WELCOMES: ("欢迎", "欣见", "赞赏", "赞扬", "赞许", "称赞"),
    Relation.SUPPORTS: ("支持", "赞同", "赞成", "拥护"),
    Relation.ACTS_UNDER: (
        *("根据", "依照", "按照", "依据", "遵照", "依循", "援用", "经由", "按", "依", "本着"),
    ),
    Relation.IMPLEMENTS: (
        *("执行", "履行", "实施", "落实", "贯彻", "贯彻执行", "遵守", "遵循", "遵行", "恪守", "符合"),
    ),
    Relation.VIOLATES: ("违反", "违背", "规避", "触犯"),
    Relation.REVIEWS: ("审查", "审议", "评估", "检讨", "评价"),
    Relation.REPORTS_ON: ("报告", "汇报", "通报"),
    Relation.TRANSMITS: ("提交", "转递", "转交", "印发", "分发", "散发", "转发"),
    Relation.REFERS: ("见", "参见", "参看", "参阅", "提及", "提到", "引用", "援引", "参照"),
    Relation.ADOPTS: ("通过", "成为"),
    Relation.EXTENDS: ("延长", "展延", "续延"),
    Relation.AMENDS: ("修改", "修正", "修订", "订正", "更新", "增补"),
    Relation.ENDS: ("终止", "撤销", "废止", "废除", "取消", "解除", "取代", "代替"),
}
# What the cited document is said to do, as predicate (第1540号决议决定…) or in an attribute (…规定的义务).
CALLS = "请|要求|促请|敦促|呼吁|吁请|鼓励|邀请|请求"
PROVIDES = (
    "决定|规定|确定|载列|载明|载有|所载|列举|列出|列明|明确|赋予|产生|阐明|详述|说明|述及|涉及|提到|提及|提出|重申|回顾"
    "|所述|所列|所指|所提|所作|所定|注意到|强调|确认|申明|指出|承认|授权|认定|禁止|允许|准许|界定|订明|述明|概述|设想|实行|宣布|建议"
)
PROLONGS = "延长|展延|续延"
EXTENDS = f"{PROLONGS}|扩大"
AMENDS = "修改|修正|修订|订正|补充"
ADVERBS = (
    "还|则|也|又|并|均|都|已|曾|就|所|的|中|内|里|上|明确|进一步|特别|详细|一致|首次|分别|同样|再次"
    "|除其他外|除其他事项外"
)

_WORDS = {word: relation for relation, words in BEFORE.items() for word in words}
LONGEST_WORD = max(map(len, _WORDS))
_BEFORE_MORE = "|".join(sorted(map(re.escape, _WORDS), key=len, reverse=True))
ANYWHERE = re.compile(_BEFORE_MORE)

# Words that end like a verb and are none: 现行 is no 行, 依 of 皈依, 见 of 意见, 按 of 按期
NO_VERB = re.compile(
    "(?:[意可罕常会听所浅显预偏]见|相依|无依|皈依|秘书长报告|[的份次作家度查估]报告|的审查)$"
)
# What makes a name of the verb before it: 执行主任, 修正案, 审查会议.
NAMED_BY = (
    r"(?:[总副]?(?:主任|秘书|干事)|局|支助|小?组(?!织)|工作组|机构|机制|办公室|伙伴|会议|周期|援助通知"
    r"|部分|段|[员者率线稿版]|人(?!权)|案(?!文)|本(?![身国决公报]))"
)
_NAME = re.compile(
    # 全面执行理事会(CFSP)2016/51号决定 executes
    r"(?<!全面)(?<!充分)(?<!有效)(?<!切实)(?<!严格)(?<!贯彻)执行(?:委员会|理事会)(?!第?\()"
    r"|审[议查]大会(?!第|关于|题为|[0-9]{4}年)"
    r"|(?:执行|履行|实施|落实|遵守|审查|审议|评估|评价|检讨|报告|通报|支持|修改|修正|修订|订正|更新|增补|延长|终止)"
    rf"(?:{NAMED_BY}|情况|进程|进展)"
)
_NEGATED = re.compile("(?:[未不]|没有|[未不]能|无法|拒绝)$")


def is_verb(text: str, start: int, end: int) -> bool:
    """Returns whether the citing word from ``start`` to ``end`` is one, not denied, and no part of a name."""
    negated = _NEGATED.search(text, max(0, start - 2), start)
    return not (negated or NO_VERB.search(text, max(0, end - 8), end) or _NAME.match(text, start))


def word_ending_at(text: str, end: int) -> tuple[int, Relation] | None:
    """Where the longest citing verb that ends at ``end`` of ``text`` begins, and what it says; or None."""
    for length in range(min(LONGEST_WORD, end), 0, -1):
        relation = _WORDS.get(text[end - length : end])
        if relation and is_verb(text, end - length, end):
            return end - length, relation
    return None
