"""States named in text: 乌克兰, 大韩民国, 伊朗(伊斯兰共和国), by their full names, short names and aliases.

The longest name counts, and none inside another (尼日尔 in 尼日利亚, 几内亚 in 赤道几内亚). What contains the
name of a State and means something else is no mention of it: languages (西班牙语), waters and cities
(几内亚湾, 墨西哥城), regions (北爱尔兰), persons (罗曼·约旦), seams of two words (发展|中国家, 沿|海地|区).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from archive.text.aligned_folding import fold

from .bodies.names import Trie
from .parsed import Kind, ParsedParagraph, ParsedStateMention
from .reference import Reference

# Longer names around the name of a State that are not the State.
_OTHER_NAMES = """
几内亚湾 新几内亚 印度洋 印度教 印度河 印第安 刚果河 刚果盆地 日本海 墨西哥湾 墨西哥城
新墨西哥 阿曼湾 巴拿马运河 巴拿马城 危地马拉城 科威特城 约旦河 约旦河西岸 约旦河谷
乍得湖 尼日尔河 尼日尔三角洲 塞内加尔河 冈比亚河 苏里南河 马里兰 马里亚纳 马里乌波尔
索马里兰 北爱尔兰 法属圭亚那 英属圭亚那 荷属圭亚那 美属萨摩亚 东萨摩亚 法属索马里
捷克斯洛伐克 捷克和斯洛伐克联邦共和国 朝鲜半岛 南朝鲜 苏丹国 巴西利亚 巴林右旗 巴林左旗
巴林顿 阿曼达 阿曼多 格林纳丁斯 汤加里罗 海地峡 荷兰德 前南斯拉夫 摩纳哥湾 芬兰湾
新喀里多尼亚 罗得西亚 多哥伦比亚 多哥斯达黎加 海地区 海地带 海地域 秘鲁寒流
"""
# What stands before a short name where both are the seam of two words, or a part of a longer word.
_SEAM_BEFORE = {
    "法国": "宪司依立合执违刑民际律非无",
    "德国": "道美品公",
    "美国": "拉南北中完赞",
    "中国": "其当过程集",
    "越南": "跨超穿",
    "英国": "精",
    "韩国": "三",
    "海地": "沿上公近临内北南东黄远领出深大渤珠",
    "南非": "东西",
    "泰国": "国",
    "刚果": "若",
    "加纳": "增参更外追附施",
    "智利": "明机睿",
    "捷克": "敏快便",
    "日本": "0123456789一二三四五六七八九十今当该即次生节工",
    "蒙古": "内",
    "马里": "罗",
}
# 发展中|国家, 其中|国际组织, 依法|国家
_SEAM_AFTER = {"国": "家际"}
_SEAM_OF_CHINA = re.compile(
    r"(?:发展|进程|过程|会议|决议|报告|文件|名单|案文|其|之|从|集|途|心)中国(?:内|别|防|籍|有|营|库)"
)
_LANGUAGE = re.compile(r"语|文(?![化件明书官职物档告稿])")
_LONGEST_CONTEXT = 8
_JOINED = "·•・‧"
_AFTER_SOUTHERN_AFRICA = "洲"


def find_states(
    paragraphs: Sequence[ParsedParagraph], reference: Reference
) -> tuple[ParsedStateMention, ...]:
    """Every place in ``paragraphs`` that names a State of ``reference``, in order; signatures aside."""
    names = _names(reference)
    return tuple(
        ParsedStateMention(paragraph.anchor, start, end, paragraph.text[start:end], code)
        for paragraph in paragraphs
        if paragraph.kind is not Kind.SIGNATURE
        for start, end, code in _in_text(fold(paragraph.text), names)
    )


def _in_text(folded: str, names: Trie[str]) -> Iterator[tuple[int, int, str]]:
    free = 0
    for start, end, code in names.everywhere(folded):
        if start < free or not _stands_alone(folded, start, end):
            continue
        free = end
        if code:
            yield start, end, code


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether what looks like a name is one, and not a piece of other words."""
    name, before, after = text[start:end], text[start - 1 : start], text[end : end + 1]
    if (before and before in _JOINED) or (after and after in _JOINED):
        return False
    if (before and before in _SEAM_BEFORE.get(name, "")) or (
        after and after in _SEAM_AFTER.get(name[-1], "")
    ):
        return False
    if name == "中国" and any(_SEAM_OF_CHINA.match(text, max(0, start - back)) for back in (1, 2)):
        return False
    if name == "南非" and after == _AFTER_SOUTHERN_AFRICA:
        return False
    return not _LANGUAGE.match(text, end, end + _LONGEST_CONTEXT)


@lru_cache(maxsize=4)
def _names(reference: Reference) -> Trie[str]:
    """Every name → the State's code; other names that contain one → an empty code."""
    names = dict.fromkeys(map(fold, _OTHER_NAMES.split()), "")
    for state in reference.states:
        for name in (state.name, state.official_name, *state.aliases):
            names[fold(name)] = state.alpha3
    return Trie(names)
