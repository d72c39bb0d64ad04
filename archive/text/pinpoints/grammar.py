"""Pinpoints: the paragraphs of the target that stand behind a mention.

第1540(2004)号决议第3(a)段 → ``3(a)``; 第9和11段 → ``9,11``; 第1至3段 → ``1-3``; 第8(a)㈢段 → ``8(a)(iii)``;
序言部分第2段 → ``pp2``. Parts and sections come first, as they are printed: 附件第14段 → ``annex.14``,
附件一第10(a)段 → ``annex1.10(a)``, 附件第二节第5段 → ``annex.s2.5``, C节第8段 → ``sc.8``; likewise 附文
``enclosure`` and 附录 ``appendix``. 附件二 or 第二节 alone is the whole of it; 附件 alone names nothing.
"""

from __future__ import annotations

import re

from ..numerals import ENCLOSED, LATIN_OF_INSERTED, number_of, number_of_label, roman_of
from .anchors import PART as PARTS

_ENCLOSED = "".join(ENCLOSED)
_CHINESE = "一二三四五六七八九十"
_STEMS = "甲乙丙丁戊己庚辛壬癸"  # older texts letter their items so: (甲) is the (a) of the other languages
# 14, 4.1, 3(a), 8(a)㈢, 8(a)(三), 5(b)(ii), 二十三
SUB = rf"(?: ?\((?:[a-z]{{1,4}}|[0-9]{{1,2}}|[{_CHINESE}]{{1,3}}|[{_STEMS}])\)| ?[{_ENCLOSED}])"
_BIS = f"(?: ?(?:{'|'.join(LATIN_OF_INSERTED)}))"
_NUMBER = rf"(?:(?:[0-9]{{1,3}}{_BIS}?(?:\.[0-9]{{1,3}}){{0,3}}|[{_CHINESE}百]{{1,5}})(?: ?{SUB}){{0,3}})"
# (b) in 第3(a)和(b)段
_MEMBER = rf"(?:第? ?{_NUMBER}|{SUB}{{1,3}})"
_AND = r" ?(?:、|,|以及|和|与|及|或|至|到|[-–—~]) ?"
_ITEM = "(?:分段|项|款|目)"
# 第8段(a)分段, 第3段(a)和(b)项, 第3段(a)项至(d)项, 第3段(a)、(b)的规定, 第3段之(d);
# 第8段(c) alone as in verbatim records (S/PV.5635)
_BELOW = (
    rf"(?:[第之] ?)?(?P<below>{SUB}{{1,2}}(?: ?{_ITEM})?"
    rf"(?:{_AND}(?:第 ?)?{SUB}{{1,2}}(?: ?{_ITEM})?){{0,20}}"
    rf"(?= ?(?:{_ITEM}|[,。;、)]|的|所|规定|和|与|及|以及|$))| ?\([a-z]\)) ?{_ITEM}?"
)
# 第9和11段, 第8段和第11段, 第12、13、14和16段, 第1段至第3段
_TAIL = rf" ?(?:分?段(?! ?落)(?: ?{_BELOW})?)"
_GROUP = rf"第? ?{_NUMBER}(?:(?: ?段)?{_AND}{_MEMBER}){{0,30}}"
_PREAMBLE = r"序言(?:部分|段落)?(?:的)?(?:段)?"
_OPERATIVE = r"(?:执行|正文|主文)(?:部分|段落)?(?:的)?(?:段)?"
_PARAGRAPHS = re.compile(rf"(?P<preamble>{_PREAMBLE})?(?:{_OPERATIVE})?,? ?(?=第)(?P<group>{_GROUP}){_TAIL}")
# 第二节, C节, 第三.B节; the paragraphs may be numbered through them, or anew in each
_SECTION = re.compile(
    rf"(?:第 ?(?P<number>[{_CHINESE}]{{1,3}}|[0-9]{{1,3}}|[IVXⅠ-Ⅻ]{{1,4}}(?=\.| ?节))"
    r"(?P<below>(?:\.(?:[A-Z]|[0-9]{1,2})){0,3})"
    r" ?(?:节|章|部分)|(?:第 ?)?(?P<letter>[A-Z]) ?节),? ?的?"
)
# What may stand between a mention and its pinpoint.
_ASIDE = re.compile(r" ?\((?!第|执行|序言|正文|附件)[^()段]{1,40}\)")  # (2004年4月28日), (下称“该决议”)
_BRIDGE = re.compile(
    r" ?[()\]”\"》」]?(?:[,、] ?)?(?:的|中|里|之)?(?:[,] ?)?(?:特别是|尤其是|包括|见|参见)?"
    r"(?:[及和]?其中?|它的)?(?:的)? ?"
)
# Words of the resolution itself between it and its paragraphs: 的规定，特别是第55段, 关于这些措施的第10段.
# They name no other text, whose paragraphs these might be.
_TEXTS = (
    "报告|方案|计划|战略|声明|文件|附件|公约|议定书|条约|宣言|协定|说明|摘要|信函|来信|的信|照会|草案"
    "|摘录|表格|清单|决议|决定"
)
_WORDS = rf"(?:(?!{_TEXTS}|上文|下文|本)[^,。;:()《》第段0-9])"
_ITS_WORDS = re.compile(
    rf" ?(?:{_WORDS}{{1,30}}(?<!和)(?<!及),(?:特别是|尤其是|包括|主要是|具体是|即|如)(?:其中?)?(?:的)?"
    rf"|(?:中|内)?(?:关于|有关|涉及|就|规定|述及|处理|载有|提及|要求|适用于|禁止|授权){_WORDS}{{1,30}}的)"
    rf"(?={_PREAMBLE}|{_OPERATIVE}|第|附件)"
)
_DIGITS = "0123456789"
_WHICH = (
    rf"(?P<which>[{_CHINESE}]{{1,3}}(?![国个项份])|[0-9]{{1,2}}(?![0-9])"
    r"|[IVX]{1,5}(?![A-Za-z])|[A-F](?![A-Za-z]))"
)
_PART = re.compile(rf"(?P<part>附件|附文|附录) ?{_WHICH}? ?,? ?(?:的)?\)?")
# What stands behind a part named as a whole: no 附件一览表, 附件二十国集团, 随附件一并.
_WHOLE = re.compile(
    rf"(?![{_CHINESE}个国方级次名位条款项目年月日届期类种批份人组套重分氧览致般些样同并起律旦定共直经切向再贯])"
)
# the 八 of 附件七和八
_MORE_PARTS = re.compile(rf"(?P<sep>{_AND}){_WHICH}{_WHOLE.pattern}(?! ?[段节章〇部])")
_PARTS = {"附件": "annex", "附文": "enclosure", "附录": "appendix"}
_SPLIT = re.compile(rf"(?P<sep>{_AND})?(?:第? ?)(?P<member>{_NUMBER}|{SUB}{{1,3}})(?: ?段)?")
_SUBS = re.compile(rf"\(([^()]+)\)|([{_ENCLOSED}])")
_RANGE = re.compile("[至到~–—-]")
_ALSO = re.compile(rf"(?:[,、] ?)?{_AND}其?(?=序言|执行|正文|第|附)")
_EACH = re.compile(r" ?,?分别(?:在|于|的|见)?其?")
_DEEPEST = 6  # parts and sections that may be named around one paragraph
MOST = 60  # paragraphs that one mention may name


def pinpoint_after(folded: str, end: int) -> str | None:
    """The paragraphs named right behind a mention that ends at ``end``, or None."""
    return ",".join(paragraphs_after(folded, end)[0]) or None


def pinpoints_of_each(folded: str, end: int, count: int) -> list[str]:
    """The paragraph of each of ``count`` resolutions: 分别在第3段和第4段; empty where not that many."""
    each = _EACH.match(folded, end)
    paragraphs = paragraphs_after(folded, each.end())[0] if each else []
    return paragraphs if len(paragraphs) == count else []


def paragraphs_after(folded: str, end: int) -> tuple[list[str], int]:
    """The paragraphs named right behind ``end``, each or each range alone, and where their words end."""
    behind = end
    if aside := _ASIDE.match(folded, end):
        end = aside.end()
    bridge = _BRIDGE.match(folded, end)
    place = bridge.end() if bridge else end
    if words := _ITS_WORDS.match(folded, end):
        place = max(place, words.end())
    found: list[str] = []
    part: list[str] = []
    while len(found) < MOST:
        around, within = _place_named(folded, place)
        if around and not PARTS.fullmatch(around[0]):  # 附件第一节第5段和第三节: of the same annex
            around = part + around
        part = [label for label in around if PARTS.fullmatch(label)]
        if match := _PARAGRAPHS.match(folded, within):
            above = "".join(f"{label}." for label in around)
            found += ["-".join(above + one for one in each.split("-")) for each in _members(match)]
            behind = match.end()
        elif whole := _end_of_whole(folded, place, within, around):
            found.append(".".join(around))
            behind = whole
            while PARTS.fullmatch(around[-1]) and (more := _MORE_PARTS.match(folded, behind)):
                beside = ".".join([*around[:-1], _numbered_part(around[-1].rstrip(_DIGITS), more["which"])])
                found[-1:] = [f"{found[-1]}-{beside}"] if _RANGE.search(more["sep"]) else [found[-1], beside]
                behind = more.end()
        else:
            break
        following = _ALSO.match(folded, behind)
        if not following:
            break
        place = following.end()
    return found, behind


def _place_named(folded: str, place: int) -> tuple[list[str], int]:
    """The labels of the parts and sections that are named from ``place`` on, and where their words end."""
    labels: list[str] = []
    while len(labels) < _DEEPEST and (found := _PART.match(folded, place) or _SECTION.match(folded, place)):
        labels.append(_part_label(found) if found.re is _PART else _section_label(found))
        place = found.end()
    return labels, place


def _end_of_whole(folded: str, place: int, end: int, around: list[str]) -> int:
    """Where 附件二 or 第二节 ends that is named as a whole; 0 where none is: 附件 alone, 第七章 (of some
    other text)."""
    words = folded[place:end].rstrip(", )的")
    if not around or not (around[-1][-1].isdecimal() or words[-1] == "节"):
        return 0
    behind = place + len(words)
    named = len(around) > 1 or PARTS.fullmatch(around[-1]) or words[-1] == "节"
    return behind if named and (words[-1] == "节" or _WHOLE.match(folded, behind)) else 0


def _members(match: re.Match[str]) -> list[str]:
    """Each paragraph or range of one group: 第8(d)和8(e)段 → ``8(d)``, ``8(e)``."""
    prefix = "pp" if match["preamble"] else ""
    out: list[str] = []
    number = ""
    for piece in _SPLIT.finditer(match["group"]):
        member = piece["member"].replace(" ", "")
        if member[0] == "(" or member[0] in ENCLOSED:
            label = number + sub_levels(member)
        else:
            head = re.split(f"[({_ENCLOSED}]", member, maxsplit=1)[0]
            value = number_of(head)
            number = f"{prefix}{value if value is not None else head}"
            label = number + sub_levels(member[len(head) :])
            for printed, latin in LATIN_OF_INSERTED.items():
                label, number = label.replace(printed, latin), number.replace(printed, latin)
            number = number if label == number else label[: label.rindex("(")]
        if out and piece["sep"] and _RANGE.search(piece["sep"]):
            out[-1] += f"-{label}"
        else:
            out.append(label)
    if match["below"]:
        out[-1:] = _below(out[-1], match["below"])
    return out


def _below(paragraph: str, below: str) -> list[str]:
    """``3`` and ``(a)至(d)`` → ``3(a)-3(d)``."""
    out: list[str] = []
    for piece in _SPLIT.finditer(below.replace(" ", "")):
        label = paragraph + sub_levels(piece["member"])
        if out and piece["sep"] and _RANGE.search(piece["sep"]):
            out[-1] += f"-{label}"
        else:
            out.append(label)
    return out


def sub_levels(text: str) -> str:
    """Returns ``(a)(iii)`` for ``(a)㈢``, ``(a)`` for ``(甲)``: Chinese signs stand for other languages'."""
    out = ""
    for bracketed, enclosed in _SUBS.findall(text):
        label = bracketed or enclosed
        if label in _STEMS:
            label = "abcdefghij"[_STEMS.index(label)]
        if not (label.isascii() and label.isalnum()):
            value = number_of(label)
            label = roman_of(value) if value else label
        out += f"({label})"
    return out


def _part_label(part: re.Match[str]) -> str:
    return _numbered_part(_PARTS[part["part"]], part["which"])


def _numbered_part(name: str, which: str | None) -> str:
    return f"{name}{number_of_label(which or '') or ''}"


def _section_label(section: re.Match[str]) -> str:
    label = section["letter"] or f"{number_of_label(section['number'])}{section['below']}"
    return "s" + label.lower().replace(".", ".s")
