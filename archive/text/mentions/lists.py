"""Lists: numbers that share an ending, as in 第1540(2004)、1673(2006)和1810(2008)号决议.

Each number is a mention of its own; only the last carries the noun. Members may have dates, titles and organs
before them, 第 and 号 once or each time, and in pages copied with their links nothing between them at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from .organs import is_bridge
from .tokens import Shape, Token

NUMBERS = frozenset({Shape.COUNCIL, Shape.ROMAN, Shape.SESSION, Shape.EU_NUMBER, Shape.PLAIN, Shape.LETTER})
LONGEST_GAP = 160

_SEPARATOR = re.compile(r" ?(?:[、,;](?: ?(?:以及|和|与|及|或|并))?|以及|和|与|及|或|并|暨|至|到|[-–—]) ?")
# 决议案 (Taiwan), 决议草案
_NOUN = re.compile(r" ?(?P<noun>决议草案|决议案|决议|决定草案|决定|条例)")
# 第48/264号(A/52/856)和第51/241号决议
_ASIDE = re.compile(r" ?\((?:[^()]|\([^()]{1,20}\)){1,80}\)")
# 决议第1540号, 安理会决议1540, 有关决议(第1718号), UNSCR 1540, Security Council resolution 1540 (2004)
_NOUN_IN_FRONT = re.compile(
    r"(?:决议案?|[Rr]esolutions?(?: No\.?)?|(?P<council>UNSCR?|UNSC [Rr]es(?:olution|\.)?)) ?\(?$"
)
_COUNTED = re.compile(
    r"(?: ?(?:[、,]|和|与|及|至|到|[-–—]) ?第? ?[0-9]{1,4}){0,8}"
    r" ?(?:分?段|条|款|页|项|次|年|个|票|人|份|件|多|余)"
)
# …第1673(2006)号等各项决议, 号和其他有关决议, 号两项决议
_FAR_NOUN = re.compile(
    r" ?(?:[、,]|等|以及|和|及|其他|其它|后续|随后|各项|有关|相关|这些|所有|以往|的|该"
    r"|[两二三四五六七八九十0-9]{1,2}[项个]){1,6}"
    r"(?P<noun>决议|决定)"
)
# The Council adopts resolutions: what others number so may be a decision, a communiqué, a declaration.
_OTHER_ACT = re.compile(" ?(?:决定(?=[,.;、。)和及与的所中里内规草第附]|要求|$)|公报|声明|宣言|指令)")
# 第10(2004)号法律, 第24(1999)号总统令: States number their laws like this too
_LAWMAKER = (
    r"(?:联邦|共和国|国家|总统|政府|内阁|部长|会议|部长级|国王|王室|皇家|最高|议会|国会|刑事|部级|行政|立法"
    r"|执行|特别|宪法|省|州|市|基本|组织|综合|统一|部|联合|紧急|国防|海关|财政|内政|司法|卫生)"
)
_LAW = re.compile(
    rf" ?(?:(?:{_LAWMAKER}{{1,4}}|[一-鿿]{{1,6}}[性级])(?:决定|决议)|{_LAWMAKER}{{0,4}}"
    r"(?:法律|法令|法案|法规|法典|法|令|条约|条例|协定|规章|规则|规定|细则|命令|通知|公告|通告|指示|指令|议定书|公约"
    r"|敕令|诏令|建议|评论|意见|判决|案件|案|楼|房|信箱))"
)
_PLAIN_GOES_ON = re.compile(r"/(?=[1-9][0-9]{2,3}[/号( ])| ?(?:[、,]|和|与|及|以及|或|至|到|决议(?!草案))")


@dataclass(slots=True)
class NumberList:
    """Numbers that stand together. ``end`` is behind the noun that the last one touches, else behind 号.

    ``start`` is before the noun where that stands in front (决议1540); UNSCR makes them ``of_council``, a
    noun of what that Council does not number ``other_act``.
    """

    tokens: list[Token] = field(default_factory=list)
    noun: str | None = None
    start: int = 0
    end: int = 0
    law: bool = False
    of_council: bool = False
    other_act: bool = False

    @property
    def is_draft(self) -> bool:
        return self.noun is not None and self.noun.endswith("草案")

    @property
    def resolution_noun(self) -> bool:
        return self.noun is not None and self.noun.startswith("决议")


def number_lists(folded: str, tokens: Iterable[Token]) -> Iterator[NumberList]:
    """The lists of numbers among ``tokens``, a single number being a list of one."""
    current = NumberList()
    for token in tokens:
        if token.shape not in NUMBERS or (token.shape is Shape.PLAIN and not _may_be_member(folded, token)):
            continue
        if current.tokens and (current.noun or not _belong_together(folded, current.tokens[-1], token)):
            yield _closed(folded, current)
            current = NumberList()
        if not current.tokens and token.shape is Shape.LETTER:
            continue
        current.tokens.append(token)
        current.end = token.outer_end
        if match := _noun_touching(folded, token):
            current.noun, current.end = match["noun"], match.end()
    if current.tokens:
        yield _closed(folded, current)


def _noun_in_front(folded: str, token: Token) -> re.Match[str] | None:
    noun = _NOUN_IN_FRONT.search(folded, max(0, token.outer_start - 16), token.outer_start)
    return None if noun is None or _COUNTED.match(folded, token.end) else noun


def _may_be_member(folded: str, token: Token) -> bool:
    """A number alone counts beside 号, 决议 or more members: not the 28 of 4月28日, nor the 3 of 第3段."""
    if folded[token.end : token.outer_end].endswith("号"):
        return True
    if len(token.text) > 2 and _noun_in_front(folded, token):
        return True
    return _PLAIN_GOES_ON.match(folded, token.end) is not None


def _belong_together(folded: str, left: Token, right: Token) -> bool:
    gap_start, gap_end = left.outer_end, right.outer_start
    if not 0 <= gap_end - gap_start <= LONGEST_GAP:
        return False
    if right.shape is Shape.LETTER and left.shape not in (Shape.SESSION, Shape.ROMAN, Shape.LETTER):
        return False
    if folded[gap_start:gap_end] == "/":  # 1267/1989/2253号决议
        return {left.shape, right.shape} <= {Shape.COUNCIL, Shape.PLAIN}
    if gap_start == gap_end:  # 2630(2022)2609(2021)号决议: separators lost with the links of the page
        return right.shape is Shape.COUNCIL and left.shape in (Shape.COUNCIL, Shape.PLAIN)
    aside = _ASIDE.match(folded, gap_start, gap_end)
    separator = _SEPARATOR.match(folded, aside.end() if aside else gap_start, gap_end)
    return separator is not None and is_bridge(folded[separator.end() : gap_end])


def _noun_touching(folded: str, token: Token) -> re.Match[str] | None:
    """决议 behind the number; 决定 only behind 号 and a session's number, else it may be a verb."""
    match = _NOUN.match(folded, token.outer_end)
    if not match:
        return None
    if match["noun"].startswith("决议"):
        return match
    number_sign = folded[token.end : token.outer_end].endswith("号")
    return match if number_sign and token.shape in (Shape.SESSION, Shape.EU_NUMBER, Shape.LETTER) else None


def _closed(folded: str, numbers: NumberList) -> NumberList:
    numbers.start = numbers.tokens[0].outer_start
    numbers.other_act = _OTHER_ACT.match(folded, numbers.tokens[-1].outer_end) is not None
    if numbers.noun is None:
        in_front = _noun_in_front(folded, numbers.tokens[0])
        far = _FAR_NOUN.match(folded, numbers.end)
        numbers.law = in_front is None and _LAW.match(folded, numbers.end) is not None
        if far and not numbers.law:
            numbers.noun = far["noun"]
        elif in_front:
            numbers.noun, numbers.start = "决议", in_front.start()
            numbers.of_council = in_front["council"] is not None
    return numbers
