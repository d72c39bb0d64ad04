"""Short forms that a document itself defines: 全称(简称), 全称(下称“简称”), 全称(以下简称“甲”，英文缩写)."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .boundaries import FREE_WORDS, Titles
from .names import Found

# Nouns that name a body only in its context; defined, they count from the definition on.
_GENERIC = """
委员会 理事会 大会 秘书处 专家组 专家小组 工作组 小组 中心 办公室 办事处 机构 组织 基金 联盟 论坛 会议
集团 倡议 机制 法院 法庭 厅 署 处 局 股 网络 监测组 特派团 执行局 技术秘书处 执行理事会 缔约国大会 共同体
筹委会 筹备委员会
"""
GENERIC = frozenset(_GENERIC.split())
_BRACKET = re.compile(r"\(([^()]{2,60})\)(?!/?[0-9])")  # not (CFSP)2016/51
_EXPLICIT = re.compile(
    r"(?:以下|下文|下)?(?:简称|称|缩写)(?:之?为|作(?=[“‘「\"']))?:?|(?:英文)?缩写(?:为)?:?"
)
_QUOTES = "“”‘’「」『』\"' "
_SEPARATORS = re.compile(r"[,;、或]")
_ACRONYM = re.compile(r"[A-Z][A-Za-z]*(?:[-/][A-Z][A-Za-z]*)?")
_CHINESE = re.compile(r"[\u3400-\u9fff0-9\-—、·]+")
_ENDS_AS_BODY = re.compile(
    r"(?:组织|委员会|机构|办公室|办事处|中心|联盟|基金|基金会|协会|联合会|学会|厅|署|股|处|局|组|小组|理事会|共同体|研究所|"
    r"研究院|论坛|秘书处|联合体|管理局|特派团|工作队|机制|法院|法庭|集团|银行|公司)$"
)
_RUN_END = re.compile(r"[^,，.。;；:：!！?？“”‘’「」\"'()《》\s]{4,60}$")
# Armed groups. A class, not one: 学校和其他教育机构, 负责出口管制的机构. Or a clause: 反恐委员会由执行局.
_NO_NAME = re.compile(
    r"解放|抵抗|圣战|猛虎|武装|恐怖(?!主义)|其他|其它|或者|各|[的等或了着向在是于被把将请让]|(?<!自)由"
)
# No name holds the first of these; of the last one cannot tell whether they join names or belong to one.
_BEFORE_NAMES = sorted(word for word in FREE_WORDS if len(word) > 1 and word not in ("代表", "影响"))
_CUT = re.compile(
    rf"[了着向在是于被把将请让的]|(?<!自)由|代表(?!大会)|[0-9][年月日]|即(?!时)|{'|'.join(_BEFORE_NAMES)}"
    r"|注 ?[0-9]{1,3}|、(?![^、]*[和与及])"  # 注1国际…; the last of 甲组织、乙组织, but 教育、科学及文化组织
    r"|来自|规范|指导|监督|撤销|履行|设在|隶属|结合|保证|拥有|所称|所属"
    r"|(?P<doubtful>[和与及对为从以据如等])"
)
# Signs before a name: 、 of a list, the number of a footnote before 国际贸易中心
_NOT_OF_NAME = re.compile(r"[、·-]|[0-9](?![0-9]*(?:委员会|专家|监测|监察|国集团|/|-|\())")
# 非上市公司(以下统称企业) defines a class, not a body.
_CLASSES = frozenset({"企业", "公司", "单位", "银行", "学校", "医院", "协会", "部门"})
_LONGEST = 60
_LONGEST_NAME = 24
_LONGEST_QUALIFIER = 8


@dataclass(frozen=True, slots=True)
class Definition:
    """A short form defined in paragraph ``index`` at ``start``; ``full`` is the place of the full name.

    ``body`` is the full official name, or None where something is defined whose name cannot be told.
    ``known`` says that the reference table has the body.
    """

    index: int
    start: int
    end: int
    short: str
    body: str | None
    full: tuple[int, int]
    known: bool = True


def definitions_in(index: int, text: str, folded: str, found: Sequence[Found]) -> Iterator[Definition]:
    """Definitions in one paragraph, given the bodies ``found`` in it by their known names."""
    titles = Titles(folded)
    by_end = {body.end: body for body in found}
    starts = [body.start for body in found]
    known = set(starts)
    for bracket in _BRACKET.finditer(folded):
        if titles.cover(bracket.start()):
            continue
        end = bracket.start() - (folded[bracket.start() - 1 : bracket.start()] in ("”", "」", '"'))
        named = by_end.get(end)
        for start, short, explicit in _short_forms(folded, bracket):
            if named:
                if _abbreviates(short, folded[named.start : named.end], named.body, explicit):
                    where = (named.start, named.end)
                    yield Definition(index, start, start + len(short), short, named.body, where)
            elif start not in known and short not in _CLASSES and (full := _unknown_name(folded, end, short)):
                in_doubt = full[0] < 0 or bisect_right(starts, full[0]) < bisect_left(starts, full[1])
                body = None if in_doubt else text[slice(*full)]
                yield Definition(index, start, start + len(short), short, body, full, known=False)


def _short_forms(folded: str, bracket: re.Match[str]) -> Iterator[tuple[int, str, bool]]:
    """The candidates in a bracket: (start, short form, whether the document says 下称 or 简称)."""
    position = bracket.start(1)
    explicit = False
    for piece in _SEPARATORS.split(bracket[1]):
        start = position
        position += len(piece) + 1
        if said := _EXPLICIT.match(piece):
            explicit, start, piece = True, start + said.end(), piece[said.end() :]
        start += len(piece) - len(piece.lstrip(_QUOTES))
        short = piece.strip(_QUOTES)
        if 2 <= len(short) <= 24 and (_ACRONYM.fullmatch(short) or _CHINESE.fullmatch(short)):
            yield start, short, explicit


def _abbreviates(short: str, surface: str, body: str, explicit: bool) -> bool:
    if short == surface:
        return False
    return (
        explicit
        or bool(_ACRONYM.fullmatch(short))
        or is_shortened(short, surface)
        or is_shortened(short, body)
    )


def is_shortened(short: str, full: str) -> bool:
    """Whether ``short`` keeps some characters of ``full`` in their order: 禁化武组织 of 禁止化学武器组织."""
    rest = iter(full)
    return len(short) < len(full) and all(character in rest for character in short)


def _unknown_name(folded: str, end: int, short: str) -> tuple[int, int] | None:
    """Place of a full name before ``end`` that the table does not know; None where no body is defined.

    (-1, -1) where a body is defined, but the beginning of its name is in doubt.
    """
    run = _RUN_END.search(folded, max(0, end - _LONGEST), end)
    if not run or not _ENDS_AS_BODY.search(run.group()):
        return None
    acronym = bool(_ACRONYM.fullmatch(short)) and short.isupper()
    first = 0 if acronym else _first_of_shortened(short, run.group())
    if first is None:
        return None
    if acronym or run.group().endswith(short):
        start = _start_after_function_word(folded, run.start(), end)
    else:
        start = _start_with_qualifiers(folded, run.start(), run.start() + first)
    while 0 <= start < end and _NOT_OF_NAME.match(folded, start):
        start += 1
    if start < 0 or start > end - max(4, len(short) + 1) or _NO_NAME.search(folded, start, end):
        return (-1, -1)
    return start, end


def _start_with_qualifiers(folded: str, low: int, start: int) -> int:
    """Where the words before ``start`` end that do not belong to the name: 访问|古巴国家核安全中心."""
    last = max(_CUT.finditer(folded, low, start), key=re.Match.end, default=None)
    qualified = last.end() if last else low
    return qualified if start - qualified <= _LONGEST_QUALIFIER else start


def _first_of_shortened(short: str, full: str) -> int | None:
    """Where the first character of ``short`` stands in ``full``, all of them sought from the end."""
    position = len(full)
    for character in reversed(short):
        position = full.rfind(character, 0, position)
        if position < 0:
            return None
    return position


def _start_after_function_word(folded: str, low: int, end: int) -> int:
    """Where the name that ends at ``end`` begins, or -1 where the word before it may belong to it."""
    last = max(_CUT.finditer(folded, low, end - 3), key=re.Match.end, default=None)
    start = last.end() if last else low
    return -1 if (last and last["doubtful"]) or end - start > _LONGEST_NAME else start


class Defined:
    """What the definitions of one short form say, at any place."""

    def __init__(self) -> None:
        self._places: list[tuple[int, int]] = []
        self._bodies: list[str | None] = []

    def add(self, definition: Definition) -> None:
        """Definitions are added in the order of the text."""
        if not self._bodies or self._bodies[-1] != definition.body:
            self._places.append((definition.index, definition.start))
            self._bodies.append(definition.body)

    def before(self, index: int, start: int) -> tuple[bool, str | None]:
        """Whether it is defined before or at a place, and as what."""
        count = bisect_right(self._places, (index, start))
        return bool(count), self._bodies[count - 1] if count else None

    @property
    def everywhere(self) -> str | None:
        """The body, where all definitions say the same."""
        return self._bodies[0] if len(self._bodies) == 1 else None
