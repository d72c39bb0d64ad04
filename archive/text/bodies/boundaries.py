"""Where a name may begin and end: titles, longer names around it, words before a short form."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

from archive.text.symbols.series import SERIES

from .names import Found

# What can stand before 委员会 without being part of a longer name (第一委员会, 协调委员会). Nouns and
# adjectives can always be such a part, so only function words, and verbs that form no such name, are here.
_PUNCTUATION = r"[,，.。;；:：、!！?？“‘「『\"'(（\[【—–\s•·]"
_WORDS = """
在 向 由 对 与 和 及 或 给 为 是 使 让 请 同 从 经 被 把 将 于 至 到 以 因 而 但 则 且 并 也 还 亦 又 已 仍 应
即 若 当 如 按 据 了 着 自 除 随 促 令 替 就 说 致 贵 谢谢
此后 然后 随后 之后 以后 会后 之前 以前 目前 会前 同时 届时 当时 之时 期间 其间 之间 之中 其中 决议中 报告中
之下 因此 为此 对此 此外 据此 只有 如果 一旦 虽然 尽管 然而 但是 不过 或者 以及 关于 鉴于 由于 至于 以便
只要 何时 是否 使得 上述
建议 鼓励 促请 敦促 呼吁 吁请 要求 邀请 帮助 协助 支持 支助 欢迎 赞扬 赞赏 感谢 提请 授权 赋予 扩大 加强
改进 改善 减少 增加 举行 召开 出席 参加 通知 告知 回顾 注意到 认为 指出 希望 请求 期待 期望 允许 确保 根据
按照 依照 遵照 有助于 担任 代表 延长 接受 提交 包括 通过 强调 重申 承认 确认 表示 得知 获悉 成为 影响 提高
促进 推动 便利 补充 针对 围绕 设立 成立 提出 提供 配合 协同 参与 任命 主持 获得 取得 访问 联系 接触 加入 转交
提醒 说明 介绍 询问 查阅 利用 包含 委托 需要 查看 征求 听取 收到 致函 致信 责成 指示 作为 涉及 关乎
供 转递 转达 列入 递交 提议 决定 同意 赞同 现任 整个 更新
借助 借由 辅佐 质疑 敬告 恳请 敦请 谨请 烦请 奉告 知会 告诉 答复 回复 祝贺 称赞 称许
肯定 相信 了解 获知 得悉 悉知 看到 看来 听说 知道 据悉 有请 函告 函请 函复 呈交 呈递
呈报 上报 报请 报送 送交 送达 寄送 发送 抄送 传达 转告 移交 交付 交给 交由 留给 归功于
有赖于 依靠 依赖 依托 凭借 仰赖 信任 尊重 服从 遵从 听从 隶属 隶属于 属于 等待 静候 盼望
催促 驱使 迫使 促成 促使 导致 引起 吸引 面临 批评 抱怨 反对 否认 拒绝 撤销 解散 终止
取代 替代 继任 当选 退出 离开 强化 充实 壮大 保留 证明 表明 显示 反映 说服 劝说 率领
带领 出任 兼任 连任 担当 充任 披露 透露 宣布 宣告 声称 述及 提及 论及 谈到 提到 谈及
引述 援引 引用 参照 参阅 载列 收录 视为 称为 作出 经由 借此 凭此 藉此 由此 至此 就此
如此 故此 尤其 尤其是 即使 不论 无论 不管 除非 否则 于是 从而 进而 因而 故而 所以 因为
既然 正如 例如 譬如 比如 诸如 好让 以使 以让 似乎 显然 自此 嗣后 回应 代替 指责
"""
FREE_WORDS = tuple(_WORDS.split())

_ENDS_FREE = re.compile(rf"{_PUNCTUATION}|[0-9一二三四五六七八九十][年月日]")
# Words that end like one of the above but are parts of names: 共同委员会, 青年委员会, 规则委员会, 大使委员会.
_PARTS = """
共同 合同 自由 财经 数据 供给 大使 公使 申请 转让 行为 人为 规则 准则 原则 方向 原因 存在 共和 缓和 不对
小说 一致 维和 坚定支持
社会和 商业和 工业和 特设和 联合与 经济和 科学和 技术和 安全和 发展和 文化和 管理和 预算和 政治和 法律和
"""
_WITHIN_NAMES = tuple(_PARTS.split())
_EVERY = ("所有", "全体", "每个", "各位")  # 全体|委员会成员, but 所有委员会 are many
_LOOK_BACK = 6
_LONGEST_PART, _LONGEST_STATE = 12, 14
_NOBODY_ELSES = ("联合国", "安全理事会第", "安全理事会关于", "安理会", "国际", "世界")

# A spelling that ends so can be the end of a longer name: 国家反恐委员会, 欧洲刑警组织, 美国国际开发署.
_GENERIC_END = re.compile(r"(?:组织|署|联盟|委员会|办公室|厅|集团|机构|中心|局|股|理事会|基金)$")
_WIDER = re.compile(
    r"(?:国际|国家(?:执行)?|部际|全国|联邦|中央|欧洲|非洲|亚洲|美洲|亚太|阿拉伯|区域|世界|东非|西非|中非|北欧|中东|伊斯兰|拉美|政府间"
    r"|[中南西东]亚|东南亚|北美|北非|南部非洲|加勒比|太平洋|大洋洲|黑海|地中海|波罗的海|海湾|集体|独联体"
    r"|(?<!联合)国|省|州|市)$"
)
# Instruments, days and offices that begin with 联合国 and are no body, and unknown bodies that do.
_NO_BODY = re.compile(
    r"(?:宪章|全球反恐战略|正式文件系统|文件系统|正式记录|千年宣言|海洋法公约|反腐败公约|气候变化框架公约"
    r"|(?:打击)?跨国有组织犯罪公约|消除国际恐怖主义措施宣言|网站|网页"
    r"|(?!会员国|系统|各|其他|有关|相关|总部|秘书|和|及|与|在|的|对|向|以|所|专门|内|外|等|或|也|将|是)"
    r"[\u4e00-\u9fff]{2,14}?(?:公约|宣言|议定书|(?<!各)办公室|办事处|(?<!签)署|委员会|(?<!在)中心|基金会?|研究所|特派团"
    r"|特别使团|工作队|部队|学院|大学|高级专员|合作框架|援助框架|(?:事务|支助|行动|传播|信息|管理|新闻|合规|战略|安保|技术)部|[司务理]厅)"
    # Conferences, which are no bodies: 联合国可持续发展大会, 联合国2023年水会议.
    r"|(?!会员国|系统|各|其|有关|相关|总部|秘书|主办|承办|支持|派|列席|所|专门|内|外|等)"
    r"(?:(?!主办|承办|支持|组织|筹办)[\u4e00-\u9fff0-9]){1,16}?(?:大会|会议|峰会)(?!室|厅|事务|管理|服务|开幕|上的发言))"
)
# A short name that is only the seam of two words: 大会|部分, 一|委员, 股东|协议, 广东|盟友
_SEAM_AFTER = re.compile(
    r"部[分署门队件位]|委[员托派任]|协[议定商作助同力]|署[名理]|局[部势面限]|办[理法公事]|股[东份权票]"
)
_SEAM_BEFORE = re.compile(r"[股山广房华]东|[^东西南]北约[束定见]|元首协|并非统|盛世行")
_JOINS_NUMBER = re.compile(r"[0-9A-Za-z/-]")
_JOINS_LATIN = re.compile(r"[A-Za-z0-9/.@_:\-]")
_VERBS = sorted(word for word in FREE_WORDS if len(word) > 1 and word not in ("促进", "支助", "协助", "减少"))
_STOPS = re.compile(rf"[的在向由请了将与,，。;；、]|{'|'.join(_VERBS)}")


def free_before(text: str, start: int) -> bool:
    """Whether what stands before ``start`` cannot be part of a longer name that ends with the noun there."""
    low = max(0, start - _LOOK_BACK)
    if text.endswith(_EVERY, low, start):
        return text.startswith(("成员", "委员"), start + 3)
    if start == 0 or text.endswith(FREE_WORDS, low, start):
        return not text.endswith(_WITHIN_NAMES, low, start)
    return any(_ENDS_FREE.fullmatch(text, max(0, start - length), start) for length in (1, 2))


def part_of_wider_name(text: str, start: int, end: int, states: tuple[str, ...] = ()) -> bool:
    """Whether a name at this place is the end of another body's: 欧洲|刑警组织, 南苏丹|人权委员会.

    ``states`` are names of States, which also begin names of their own bodies. Names that begin with the
    Organization's or the Council's, and long ones, are nobody else's.
    """
    if end - start > _LONGEST_PART or text.startswith(_NOBODY_ELSES, start):
        return False
    if not _GENERIC_END.search(text[start:end]):
        return False
    return bool(_WIDER.search(text[max(0, start - 4) : start])) or text.endswith(
        states, max(0, start - _LONGEST_STATE), start
    )


def continues_as_other_name(text: str, end: int) -> bool:
    """Whether 联合国, which ends at ``end``, only begins another name: 联合国宪章, 联合国全球反恐战略."""
    match = _NO_BODY.match(text, end, end + 24)
    return match is not None and not _STOPS.search(match.group())


def at_seam(text: str, start: int, end: int) -> bool:
    """Whether a short form begins or ends in the middle of a word: 人民代表|大会部|分代表."""
    before = max(0, start - 1)
    return bool(_SEAM_AFTER.match(text, end - 1, end + 1) or _SEAM_BEFORE.match(text, before, end + 1))


def within_latin(text: str, start: int, end: int) -> bool:
    """Whether a Latin acronym is only a piece of a word, symbol or address: UNODC/1, www.IAEA.org.

    So is a name that begins with a digit behind another: the 751委员会 of 1751委员会.
    """
    before, after = text[start - 1 : start] if start else "", text[end : end + 1]
    if text[start].isdecimal():
        return bool(_JOINS_NUMBER.match(before))
    latin = text[start].isascii() and text[start].isalpha()
    return latin and bool(_JOINS_LATIN.match(before) or _JOINS_LATIN.match(after))


class Titles:
    """The spans of 《…》 and 〈…〉 in a text: a name inside a title names no body."""

    def __init__(self, text: str) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        opened: list[int] = []
        for match in re.finditer("[《》]", text):
            if match.group() == "《":
                opened.append(match.start())
            elif opened:
                start = opened.pop()
                if not opened:
                    self._starts.append(start)
                    self._ends.append(match.end())

    def cover(self, start: int) -> bool:
        """Whether a name that begins at ``start`` lies in a title; one that begins with 《 does not."""
        place = bisect_right(self._starts, start) - 1
        return place >= 0 and self._starts[place] < start < self._ends[place]


# A short form at its place, and what was named before it: what there is to decide by.

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
