"""Who speaks: the formula that opens a turn in summary and verbatim records.

Summary record: ``X 女士(国名)以…身份发言说`` after the number.
Verbatim record: ``X 先生(国名)(以英语发言)：``.
Brackets may nest (S/AC.44/SR.74, para. 29); a function may stand before the name (会议主持人 Cupitt 先生).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..parsed import Speaker

_HONORIFIC = r"先生|女士|夫人|小姐|博士|教授|大使|爵士|将军|阁下|殿下|公主|亲王"
_OFFICE = r"(?:代理|临时|共同|副)?主席|(?:副|助理)?秘书长|(?:委员会|会议)?秘书|(?:特别)?报告员|主持人"
_NAME = r"[^\s，,。：:；;（）()《》“”\"]{1,30}(?:\s[^\s，,。：:；;（）()《》“”\"]{1,30}){0,5}?"
_PERSON = re.compile(rf"(?P<name>{_NAME})\s?(?P<honorific>{_HONORIFIC})")
_CHAIR = re.compile(rf"(?P<office>{_OFFICE})(?P<honorific>先生|女士)?")
_CAPACITY = re.compile(r"\s?以(?P<capacity>[^，,。：:以]{2,60}?)的?身份")
# 萨马德先生(加拿大)，第一委员会报告员(以英语发言)：
_OFFICE_BEHIND = re.compile(r"[，,]\s?(?P<office>[^，,。：:；;（）()]{2,40})(?=[(（：:])")
_LANGUAGE = re.compile(r"[以用].{1,8}[语文](?:发言|讲话)")
_SAID = re.compile(
    r"\s?(?:说|指出|表示|以|在|代表|回顾|感谢|询问|问|答|请|提请|宣布|强调|欢迎|邀请|建议|认为|介绍|发言|提出|敦促|对|就|提议|解释|重申|忆及|回答|同意|还)"
)
_BEFORE_NAME = re.compile(r"(?P<function>[\u4e00-\u9fff]{2,20}?)(?P<name>[A-ZÀ-Þ].*)")
_FUNCTION_WORDS = re.compile(r"(?:主持人|主席|协调员|报告员|秘书长|主任|专家|代表|秘书)$")
_SECRETARIAT = re.compile(r"秘书长|高级代表|秘书处|主任|司长|处长|干事|厅长|法律顾问|办公室|秘书$|[部厅司]$")
_EXPERT = re.compile(r"专家(?:组|小组)?(?:协调员|组长|主席|成员)?$|专家组")
_LONGEST_FORMULA = 200
_COMMA = re.compile(r"[，,]")


@dataclass(frozen=True, slots=True)
class Turn:
    """The opening of a turn: who speaks, and where the formula ends in the text."""

    speaker: Speaker
    end: int


def read_turn(text: str, *, verbatim: bool = False) -> Turn | None:
    """The turn that ``text`` opens, or None. A verbatim turn needs the colon after its formula."""
    head = text[:_LONGEST_FORMULA]
    match = _PERSON.match(head) or _CHAIR.match(head)
    if not match:
        return None
    brackets, end = _read_brackets(head, match.end())
    office = _OFFICE_BEHIND.match(head, end) if verbatim else None
    if office:
        more, end = _read_brackets(head, office.end())
        brackets += more
    if verbatim:
        if head[end : end + 1] not in ("：", ":"):
            return None
    elif not (_has_delegation(brackets) or _SAID.match(head, end)):
        return None
    capacity = _CAPACITY.match(head, end)
    held = office["office"] if office else capacity["capacity"] if capacity else None
    return Turn(_speaker(match, brackets, held), end)


def _read_brackets(text: str, at: int) -> tuple[list[str], int]:
    """The contents of the brackets that follow each other from ``at``, nested ones kept whole."""
    contents: list[str] = []
    while at < len(text) and text[at : at + 1] in ("(", "（"):
        depth, start = 0, at
        while at < len(text):
            depth += (text[at] in "(（") - (text[at] in ")）")
            at += 1
            if depth == 0:
                break
        if depth:
            return contents, start
        contents.append(text[start + 1 : at - 1])
    return contents, at


def _has_delegation(brackets: list[str]) -> bool:
    return any(not _LANGUAGE.search(content) for content in brackets)


def _speaker(match: re.Match[str], brackets: list[str], capacity: str | None) -> Speaker:
    groups = match.groupdict()
    delegation, status, function = _read_brackets_of(brackets)
    if groups.get("office"):
        office = groups["office"]
        status = status or ("chair" if "主席" in office else "secretariat" if "秘书" in office else None)
        return Speaker(office, groups.get("honorific"), delegation, status, capacity or function or office)
    name, before = _split_function(groups["name"])
    return Speaker(name, groups["honorific"], delegation, status, capacity or before or function)


def _split_function(name: str) -> tuple[str, str | None]:
    """``会议主持人Cupitt`` is Cupitt, 会议主持人; before a Chinese name likewise."""
    latin = _BEFORE_NAME.fullmatch(name)
    if latin:
        return latin["name"].strip(), latin["function"]
    for cut in range(2, min(12, len(name) - 1)):
        if _FUNCTION_WORDS.search(name[:cut]) and not name[cut:].startswith(("兼", "和")):
            return name[cut:], name[:cut]
    return name, None


def _read_brackets_of(brackets: list[str]) -> tuple[str | None, str | None, str | None]:
    """Delegation, status and function from what stands in brackets after a name."""
    content = next((content for content in brackets if not _LANGUAGE.search(content)), None)
    if content is None:
        return None, None, None
    head, *rest = _COMMA.split(content, maxsplit=1)
    represents = rest[0] if rest else None
    if head.endswith("观察员"):
        return head.removesuffix("观察员") or None, "observer", represents
    if _EXPERT.search(head):
        return None, "expert", head
    if _SECRETARIAT.search(head):
        return None, "secretariat", content
    if head.endswith("主席"):
        return None, "chair", content
    return head, "member", represents
