"""Texts that the sender of a letter or note only passes on: its annexes and enclosures, which others wrote.

A letter or note verbale carries a text by a formula (转递, 转交, 随函附上, 谨此提交 … (见附件)) and the text
follows as its annex, or without a label behind the closing (CD/2118). What follows is then not the sender's
own words, unless title or formula say that it is: a report, reply or position of the sender's own State or
body, or what a chair submits on behalf of the body that the chair speaks for (S/2010/52). A sidecar may say
otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from archive.text.aligned_folding import fold

from .parsed import DocumentType, Facts, ParsedParagraph
from .segmenter.nodes import TITLE_ROLES

_CARRIERS = (DocumentType.LETTER, DocumentType.NOTE_VERBALE, DocumentType.NOTE)
_CARRIES = re.compile(
    r"转[递交达送发呈]|[递呈提]交|[递附转呈]上|随(?:函|信|照会|文)?附|附[上送有件文]|送[上交达]"
    r"|见附|所附|现附|后附|载于.{0,6}附"
)
# What a sender's own text is called: 乌克兰关于…的报告, 我国政府的答复.
_OWN_KINDS = r"(?:报告|行动计划|执行计划|声明|立场文件|答复|回复|意见|看法|发言|信息|资料|工作文件)"
_OWN_BY_NAME = re.compile(
    r"(?:政府|常驻代表团|代表团|代表|外交部|总统|总理|外长|外交部长)?"
    r"(?:提交|提出|发表|作出|所作|编写|就|关于|对|根据|执行|在)?.{0,160}" + _OWN_KINDS
)
_OURS = re.compile(
    r"(?:我国|本国|我国政府|本国政府|本代表团|我代表团|我本人|我方)(?:[^，,。；]{0,80})" + _OWN_KINDS
)
_NATIONAL = re.compile(
    r"国家(?:执行情况|进度|补充|首次|初次|自愿)?报告|国家(?:自愿)?(?:执行)?行动计划|国家执行计划"
)
_OF_OTHERS = re.compile(
    r"主席摘要|主席总结|共同主席|讲习班|研讨会|会议(?:记录|报告|成果)|联合声明|集团|专家组"
)
_ON_BEHALF = re.compile(r"代表(?P<whom>[^，,。；]{2,60}?)(?:并|，|,|谨|提交|向|转|根据|就)")
_OFFICE = re.compile(
    r"(?:代理|临时|共同|副)?主席$|秘书长$|常驻.*代表(?:团)?$|代表(?:团)?$|大使$|政府$|外交部.*$|总理$|总统$"
)
_MAIN = "main"


def mark_transmitted(
    paragraphs: Sequence[ParsedParagraph], facts: Facts, stated: Collection[str] | None = None
) -> tuple[ParsedParagraph, ...]:
    """``paragraphs`` with ``transmitted`` set; ``stated`` are the parts that a sidecar names."""
    parts = _transmitted_parts(paragraphs, facts) if stated is None else frozenset(stated)
    inside = tuple(f"{part}." for part in parts)  # what is inside a transmitted text goes with it
    return tuple(
        replace(block, transmitted=True) if f"{block.part}.".startswith(inside) else block
        for block in paragraphs
    )


def _transmitted_parts(paragraphs: Sequence[ParsedParagraph], facts: Facts) -> frozenset[str]:
    if facts.document_type not in _CARRIERS:
        return frozenset()
    cover = fold("\n".join(block.text for block in paragraphs if block.part == _MAIN))
    owner = _owner(facts.sender)
    if not _CARRIES.search(cover) or _submits_for(owner, cover):
        return frozenset()
    parts = dict.fromkeys(block.part.partition(".")[0] for block in paragraphs if block.part != _MAIN)
    return frozenset(part for part in parts if not _is_own(_titles(paragraphs, part), cover, owner))


def _owner(sender: str | None) -> str:
    """The State or body of a sender: 西班牙 of 西班牙常驻联合国代表, the committee of its 主席."""
    return _OFFICE.sub("", fold(sender or ""))


def _submits_for(owner: str, cover: str) -> bool:
    """A chair who submits on behalf of the body submits that body's own text."""
    return bool(owner) and any(match["whom"].startswith(owner) for match in _ON_BEHALF.finditer(cover))


def _is_own(title: str, cover: str, owner: str) -> bool:
    if _OF_OTHERS.search(title):
        return False
    named = bool(owner) and title.startswith(owner) and _OWN_BY_NAME.match(title, len(owner))
    return bool(named or _NATIONAL.search(title) or _OURS.search(cover))


def _titles(paragraphs: Iterable[ParsedParagraph], part: str) -> str:
    """The titles of an annex without its label, which names the sender anyway (…常驻代表…的信的附件)."""
    roles = TITLE_ROLES - {"annex_label"}
    return fold("".join(block.text for block in paragraphs if block.part == part and block.role in roles))
