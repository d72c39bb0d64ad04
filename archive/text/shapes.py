"""Lines that say by their whole form what they are: headings, labels, formulas, meeting remarks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from archive.text.aligned_folding import fold

from .dates import CHINESE_DATE
from .languages import DATE, PARTS, any_of, any_shape, any_word
from .numerals import number_of_label
from .typography import ends_sentence

_HEADING_LENGTH = 60
_NUMERAL = r"[一二三四五六七八九十]{1,3}|\d{1,2}|[A-Z]|[IVX]{1,4}"

# 附表 with a number is the caption of a table.
_SCHEDULE = r"附\s?表(?!\s?[0-9一二三四五六七八九十A-Z：:])"
_PARTS = (
    rf"(?:(?P<annex>附\s?件)|(?P<enclosure>附\s?文)|(?P<appendix>附\s?录|附\s?篇|增补|补\s?编|{_SCHEDULE}))"
)
ANNEX_LABEL = re.compile(rf"{_PARTS}\s*(?P<number>{_NUMERAL})?\s?\*{{0,2}}")
TITLED_ANNEX_LABEL = re.compile(
    rf"{_PARTS}\s*(?P<number>{_NUMERAL})?(?:[：:]\s?|\s?[–—-]\s?|[\s\u3000]+)(?P<title>\S.{{0,80}})"
)
_SPACED_ANNEX_LABEL = re.compile(rf"{_PARTS}(?P<number>[一二三四五六七八九十]{{1,3}})?\S.{{0,80}}")
ANNEX_OF = re.compile(
    rf"(?:.{{4,200}}(?:信|函|照会|说明)的|附件\s?(?:{_NUMERAL})?\s?[之的]\s?){_PARTS}\s?(?P<number>{_NUMERAL})?"
)
_PART_WORDS = "|".join(
    f"(?P<{kind}>{any_of(form for word, of in PARTS.items() if of == kind for form in (word, word.upper()))})"
    for kind in ("annex", "enclosure", "appendix")
)
_WORDED_LABEL = re.compile(
    rf"(?:{_PART_WORDS})"
    r"(?: (?P<number>\d{1,2}|[IVX]{1,4}|[A-Z]))?\*{0,2}"
    rf"(?:\s?[:.–—-]\s?(?P<title>\S.{{0,120}})| (?:{any_shape('part_of')}))?"
)
ORGAN_LINE = re.compile(
    r"(?:联合国)?(?:安全理事会|大会|经济及社会理事会|人权理事会|托管理事会|裁军审议委员会|[^，。：；、\d]{2,24}(?:大会|理事会|委员会|会议))[，,]"
    rf"|{any_shape('organ_line')}"
)
_ENACTING = re.compile(r"(?:联合国)?(?:安全理事会|大会|经济及社会理事会|人权理事会)")
PREAMBULAR = re.compile(
    r"(?:又|还|并|再次|再|同时|特别|深为|深感|严重|极为|十分|满意地|赞赏地|遗憾地|关切地|更加){0,3}"
    r"(?:回顾|重申|铭记|注意到|注意|确认|强调|着重|深信|坚信|相信|认识到|考虑到|考虑|欢迎|根据|关切|关注|审议|审查|表示|决心|意识到|申明|依照|"
    r"按照|遵照|承认|忆及|鉴于|鉴此|赞扬|赞赏|感谢|遗憾|谴责|痛惜|听取|收到|指出|念及|肯定|支持|震惊|不安|希望|渴望|期待|认为|认可|敦促|欣见)"
    rf"|{any_word('preambular')}"
)
OPERATIVE = re.compile(
    r"(?:又|还|并|再次|再|同时|特别|深为|严重|极为|强烈|坚决|最|进一步|紧急|郑重|毫不含糊地|断然|此外){0,3}"
    r"(?:决定|请|深表|深感|敦促|吁请|促请|促进|呼吁|要求|强调|重申|欢迎|赞扬|赞赏|谴责|鼓励|邀请|授权|注意到|表示|着重|确认|申明|认可"
    r"|核准|核可|批准|通过|建议|宣布|责成|指示|打算|赞同|同意|关切|回顾|支持|承认|断定|认定|规定|特别指出|指出|感谢|痛惜"
    r"|遗憾|提请|提醒|期待|希望|认为|延长|设立|解除|终止|继续|准备|保证|根据.{2,30}采取行动|按照.{2,30}采取行动)"
    rf"|{any_word('operative')}"
)
_CJK_HOUR = r"[\d一二三四五六七八九十]{1,3}\s?[时時点點]\s?(?:[\d零一二三四五六七八九十]{1,3}\s?分|半|正|整)?"
_HOUR = rf"(?:会议)?(?:于\s?)?(?:上午|下午|晚上|晚间|中午|凌晨)?\s?{_CJK_HOUR}"
# What ends a treaty: 2021年7月9日订于纽约, 一式两份; 本公约于…在利马签订; …签字，以昭信守.
_DRAWN_UP = r"(?:[签订缔写制](?:[订立署结字定成])?)"
TREATY_END = re.compile(
    rf"(?:本[^，,。；;]{{2,12}})?(?:公元)?\s?(?:{CHINESE_DATE})[，,]?\s?"
    rf"(?:{_DRAWN_UP}[于於][^，,。；;]{{2,30}}(?<!举行)|[在于][^，,。；;]{{2,16}}{_DRAWN_UP})"
    rf"(?:[，,](?:一式|正本|原本|每份|[共用计各]).{{0,80}})?[。.]?|{_DRAWN_UP}[于於][^，,。；;]{{2,30}}[，,]\s?(?:{CHINESE_DATE})[。.]?"
    r"|.{0,80}(?:[以为]昭信守|以资证明).{0,80}|为此[，,].{0,40}(?:签署人|签字人|全权代表).{0,80}"
)
CLOSING = re.compile(
    r"(?:顺致|谨致|顺颂|此致|请接受|顺此|特此|[^。]{2,40}(?:借此机会|顺向)).{0,40}(?:敬意|敬礼|致意)[。.]?|"
    rf"(?:(?:会议)?(?:非)?公开部分)?{_HOUR}\s?(?:散会|休会|结束)[。.]?|会议结束[。.]?|{any_shape('closing')}"
)
MEETING_REMARK = re.compile(
    rf"{_HOUR}\s?(?:宣布)?(?:开会|开始|会议开始)[。.]?|{_HOUR}\s?.{{0,12}}(?:暂停|复会|休会|续会).{{0,40}}|会议以非公开方式.{{0,30}}"
    rf"|{any_shape('opened')}|{any_shape('remark')}"
)
DATE_AND_PLACE = re.compile(
    rf"(?:{CHINESE_DATE}).{{0,60}}举行[。]?|(?:{CHINESE_DATE})\s*(?:[，,、]\s*)?星期.{{0,30}}|{any_shape('date_place')}"
)
CHAIR_LINE = re.compile(
    r"(?:(?:代理)?主\s{0,4}席(?:女士|先生)?|嗣后|后来|其后)\s*[:：]\s*[^\s。！？；][^。！？；]{0,80}"
    rf"|{any_shape('chair')}"
)
LANGUAGE_REMARK = re.compile(r"[(（](?:接着|随后|随即|继续)?(?:以|用).{1,8}[语文](?:继续)?(?:发言|讲话)[)）]")
CAPTION_NUMBER = (
    r"(?:\d{1,3}(?:[.\-–]\d{1,3}){0,2}(?![\d年月日%％])|[一二三四五六七八九十]{1,3}"
    r"|[IVX]{1,4}(?![A-Za-z])|[A-Z](?:[.\-]?\d{1,2})?(?![a-z]))"
)
CAPTION = re.compile(
    rf"(?P<box>(?:文本)?方框|插文|专栏|专题|框)?(?(box)|(?P<figure>(?:附|插|示意)?(?:图表|表格|图|表|Table|Figure|Box)))\s?(?P<number>{CAPTION_NUMBER})"
    r"(?![页頁段章节節条條款项項号號次个個种種])(?P<again>\s?[(（]续[)）])?(?:[.．：:、—-]\s?|\s)?(?P<title>.{0,160})"
)
_OF_CAPTION_IN_TEXT = re.compile(
    r"(?:所?[显載载列示述]|显示|说明了|概述|反映|提供|开列|汇总|比较|给出|表明|中[的所]|[的和与及至或，,、])"
)
ABBREVIATIONS = re.compile(
    r"(?:缩写|缩略[语词]|略语|简称)(?:(?:一览)?表|词表|对照表|清单)?"
    r"|(?:List of )?(?:[Aa]bbreviations|[Aa]cronyms)"
)
SALUTATION = re.compile(r"(?:尊敬的)?(?:主席|秘书长|总干事)(?:先生|女士|阁下)[，,：:！!]")
STAMP = re.compile(r"[\[［【][^\]］】]{1,40}[\]］】]|[(（][^()（）：:]{2,8}[：:][^()（）]{1,40}[)）]")
_BELOW_TABLE = re.compile(r"(?:(?:资料|数据|图表?)?来源|出处|注|备注|附注|说明|缩写|简称|单位)\s?[:：].*")
SIGNED_AT = re.compile(rf"(?:{CHINESE_DATE})\s?[，,]?\s?[于於][^\s，。；：]{{2,8}}")
VOTE = re.compile(rf"(?:赞成|反对|弃权|未参加表决)\s?[:：].{{0,2000}}|{any_shape('vote')}")
COMPLETE_TITLE = re.compile(
    rf"(?:{CHINESE_DATE}).{{4,200}}(?:信|函|照会|说明)(?:及(?:其|所附)?(?:附件|附文)|的附件[一二三四五六七八九十]{{0,3}})?"
    rf"|{any_shape('letter')}"
)
ORGAN_NAME = re.compile(
    r"(?:委员会|理事会|大会|会议|工作组|专家组|秘书处|局|基金会|规划署|开发计划署|机构|组织|论坛|[公总]署|法[庭院]|办[事公][处室]|研究所|缔约[国方])(?:[(（].{1,24}[)）])?$"
    rf"|{any_shape('organ name')}"
)
_ADOPTING = r"(?:联合国)?(?:安全理事会|安理会|大会|经济及社会理事会|人权理事会)"
_BY_MEETING = r"第\s?[\d一二三四五六七八九十百零〇]{1,8}\s?次(?:全体)?会议"
ADOPTED = re.compile(
    rf"[(（\[［]?\s?(?:{_ADOPTING}.{{0,10}}(?:{CHINESE_DATE})|(?:{CHINESE_DATE})\s?{_ADOPTING}).{{0,12}}?(?:{_BY_MEETING})?.{{0,24}}通过\s?[)）\]］]?|"
    rf"(?:{_BY_MEETING})?(?:经.{{1,20}})?以\s?\d{{1,3}}\s?票(?:赞成|对).{{0,60}}通过|"
    rf"(?:{CHINESE_DATE})(?:(?:大会|安全理事会|人权理事会|经济及社会理事会)(?:通过的)?|{_BY_MEETING}通过的?)(?:决议|决定)|"
    r"[\[［【(（](?:根据|未经|经).{2,60}(?:通过|发交).{0,40}[\]］】)）]"
    rf"|{any_shape('adopted')}"
)
DATE_LINE = re.compile(rf"(?:{CHINESE_DATE}|{DATE})")
MEETING_CLOSING = re.compile(
    rf"(?:(?:{CHINESE_DATE})\s?)?{_BY_MEETING}|{CHINESE_DATE}"
    rf"|{any_shape('meeting_closing')}"
)
CONTENTS = re.compile(rf"目\s{{0,8}}[录次錄]|{any_shape('contents')}")
ATTENDANCE = re.compile(
    rf"(?:成员|出席|列席)[:：].{{1,60}}|[^。；：:]{{2,50}}(?:先生|女士|夫人|大使|爵士)|{any_shape('attendance')}"
)
AGENDA = re.compile(rf"议\s{{0,4}}程(?:项目)?|{any_shape('agenda')}")
LEADERS = re.compile(
    r"(?:[.．…·⋯]\s?){4,120}\s{0,30}(?:\d{1,4}(?:[-–—至]\d{1,4})?)?(?:\s{1,30}\d{1,4})?$|……(?:\d{1,4}|[ivxl]{1,6})$"
)
_DOTTED = re.compile(r"(?:[.．…·⋯]\s?){6}")
_OPENING = re.compile(
    r"(?:本记录可以更正|更正后的记录将)|"
    r"(?:[^\s，,。：:；;（）()《》]{1,20}(?:\s[^\s，,。：:；;（）()《》]{1,20}){0,4}?\s?(?:先生|女士|夫人|爵士|将军|大使)|(?:代理|临时|副)?主席|秘书长)"
    r"\s?(?:[(（][^()（）：:]{1,60}[)）]\s?){0,3}(?:[，,]\s?[^，,。：:；;（）()]{2,40}(?=[(（]))?"
    r"(?:[(（]以.{1,6}语(?:发言)?[)）])?\s?[：:]|"
    r"[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}\s*\S|\*{2,3}\s?[^\s*]|[\[［](?:嗣后|随后)[，,]|(?:订正)?(?:决议|决定)草案.{0,60}通过[(（]第.{3,20}号(?:决议|决定)[)）]。$"
)
SIGNED = re.compile(r"[(（]\s?(?:签名|签字|签署|簽名|Signed)\s?[)）]|^签名[:：]")
ORIGINAL_LINE = re.compile(
    rf"[\[［【]\s?(?:原件|原文|{any_shape('original')})\s?[:：]\s?(?P<language>[^\]］】]{{1,30}})[\]］】]"
)
REPLY_DATE = re.compile(rf"[\[［【]\s?(?P<date>{CHINESE_DATE}|{DATE})\s?[\]］】]")
CORRECTIONS = re.compile(
    r"本记录可以更正|更正请|更正应|更正后的记录|本记录如有更正|本记录包括|对本记录(?:的)?更正"
    rf"|{any_shape('corrections')}"
)
NUMBERED_TITLE = re.compile(r"(?:S-|ES-)?\d{1,4}/\d{1,4}(?:\s?[A-Z])?\s?[.．、]\s?\S.{1,200}")
RESOLUTION_TITLE = re.compile(
    r"(?:联合国)?(?:(?P<organ>安全理事会|安理会|大会|经济及社会理事会|人权理事会)\s?)?第\s?(?P<number>(?:E?S-)?[\d/]{1,9}(?:\s?[A-Z])?\s?(?:[(（][\dIVXLA-Z-]{1,10}[)）])?)\s?号(?:决议|決議)"
    rf"|{any_word('titles')} (?P<worded>(?:E?S-)?[\d/]{{1,9}}(?: ?[A-Z])? ?(?:\([\dIVXLA-Z-]{{1,10}}\))?)"
    rf"(?:(?:{any_shape('of_date')}){DATE})?"
)
STATEMENT_TITLE = re.compile(
    r"(?:联合国)?(?:安全理事会|安理会)主席(?:的)?声明\s?(?P<year>\d{4})年第\s?(?P<number>\d{1,3})\s?号"
)
_FORM = r"(?:报告|说明|建议|提案|案文|工作文件|会议室文件|文件|公报|声明|摘要|通报)"
_AUTHOR = (
    r"(?:[长员席组处股会书署局部团队庭院厅方国]|代表|机构|基金|办公室|主任|干事|组织|专家"
    r"|(?:报告员|专家|代表|特使).{2,16})"
)
_BYLINE = re.compile(
    rf"(?!.*(?:关于|有关)).{{1,80}}(?:{_AUTHOR}的|(?:提交|提出|编写|编制)的?)[^的，]{{0,8}}{_FORM}"
    rf"|.{{1,80}}[^的](?:提交|编写|提出)|{any_shape('byline')}"
)
_DRAFT_BYLINE = re.compile(
    r"[^。；，：:;,]{2,900}(?:(?:提出|提交)的?|[：:]\s?)(?:订正)?(?:决议草案|决定草案|修正案)"
    rf"|{any_shape('draft_byline')}"
)
_ALONE = re.compile(
    rf"{_FORM}|新闻稿|决定|决议|决议草案|决定草案|秘书长公报|行政指示|订正|增编|更正|补编|情况通报|供.{{1,10}}|[（(].{{1,60}}[)）]"
    rf"|.{{0,12}}(?:主席|报告员|协调员|协调人|主持人)\s?[:：].{{1,40}}|{any_shape('form')}"
)
_SECTION_NAME = re.compile(
    rf"(?:内容|执行)?(?:摘要|概要|提要)|导言|引言|前言|序言|序|目录|背景|概述|{any_shape('section')}"
)
_PAUSES = tuple("；，、;,")
CORRECTS = re.compile(r"(?:应|改)(?:为|作|改为|读作?|读为)$")
_NOT_HEADING = re.compile(rf"[。！？；;]|[，,：:][”’\"』」》）)]*$|{CORRECTS.pattern}")


@dataclass(frozen=True, slots=True)
class PartLabel:
    """What is printed at the head of an annex: ``kind`` annex, enclosure or appendix, the value of its
    number or letter, and the words, 附件二."""

    kind: str
    number: int | None
    words: str


def read_part_label(text: str, *, spaced: bool = False) -> PartLabel | None:
    """The label that ``text`` is, or begins or ends with (附件一：概念文件, …的信的附件); or None.

    ``spaced``: label and title were set apart by white space, which is lost.
    """
    if len(text) > 300:
        return None
    plain = fold(text)
    match = ANNEX_LABEL.fullmatch(plain) or ANNEX_OF.fullmatch(plain)
    match = match or (_WORDED_LABEL.fullmatch(plain) if is_title_like(text) else None)
    if not match and is_heading_like(text):
        match = TITLED_ANNEX_LABEL.fullmatch(plain)
        match = match or (_SPACED_ANNEX_LABEL.fullmatch(plain) if spaced else None)
    if not match:
        return None
    kind = next(name for name in ("annex", "enclosure", "appendix") if match[name])
    words = text[match.start(kind) : max(match.end(kind), match.end("number"))]
    return PartLabel(kind, number_of_label(match["number"] or ""), words)


def is_heading_like(text: str) -> bool:
    """True for a short text that is no sentence: no full stop inside, no punctuation at its end."""
    if not text or len(text) > _HEADING_LENGTH or text[-1] in "、":
        return False
    return not ends_sentence(text) and not _NOT_HEADING.search(text)


def is_byline(text: str) -> bool:
    """True for a head that only says whose it is: 秘书长的报告, 智利提交的工作文件, 智利和秘鲁：决议草案."""
    bare = text.rstrip("* ")
    return len(bare) <= 90 and _BYLINE.fullmatch(bare) is not None or is_draft_byline(bare)


def is_draft_byline(text: str) -> bool:
    """True for the line that names the sponsors of a draft, which stand above its title."""
    return _DRAFT_BYLINE.fullmatch(text.rstrip("* ")) is not None


def is_form(text: str) -> bool:
    """True for a head that only says what or what for it is: 决定, 增编, 供参考, (甲港，2031年)."""
    return len(text) <= 80 and _ALONE.fullmatch(text.rstrip("* ")) is not None


def is_section_name(text: str) -> bool:
    """True for a heading that names a part of any document and none of them: 摘要, 导言."""
    return len(text) <= 20 and _SECTION_NAME.fullmatch(text) is not None


def begins_preamble(text: str, after: str) -> bool:
    """True for the line that enacts a resolution (安全理事会，) before the text ``after``.

    Copies lose its comma; then the preamble must begin below it (r. 1673 as copied from the web).
    """
    if len(text) > 40:
        return False
    text = fold(text)
    return ORGAN_LINE.fullmatch(text) is not None or (
        is_bare_organ(text) and PREAMBULAR.match(fold(after[:24])) is not None
    )


def read_caption(text: str) -> re.Match[str] | None:
    """The caption of a figure, table or box that ``text`` (folded) is: 图一, 表3: 各区域, 方框2; else None.

    ``title`` is what stands behind its number, ``box`` what the caption of a box begins with.
    """
    match = CAPTION.fullmatch(text)
    title = match["title"] if match else ""
    if match is None or _NOT_HEADING.search(title) or _OF_CAPTION_IN_TEXT.match(title):
        return None
    return match


def is_below_table(text: str) -> bool:
    """True for the source or remark that stands below a table or figure."""
    return len(text) < 400 and _BELOW_TABLE.fullmatch(text) is not None


def is_of_preamble(text: str) -> bool:
    """True for a line that begins as a paragraph of a preamble does (回顾…) and ends in its comma."""
    return text[-1:] in "，," and PREAMBULAR.match(fold(text[:24])) is not None


def is_bare_organ(text: str) -> bool:
    """True for the name of an organ that adopts resolutions, alone and without the comma of enactment."""
    return len(text) < 16 and _ENACTING.fullmatch(fold(text)) is not None


def is_table_row(text: str) -> bool:
    """True for a row of a table whose cells are set apart by bars."""
    return "|" in text.strip("| ") and text.count("|") > 1


def is_complete_title(text: str) -> bool:
    """True for the whole title of a letter or note verbale, or of its annex, on one line."""
    return len(text) <= 260 and COMPLETE_TITLE.fullmatch(fold(text)) is not None


def is_lead_in(text: str) -> bool:
    """True for a text that ends in a colon and so announces what follows; a note may be called there."""
    return text.rstrip("⁰¹²³⁴⁵⁶⁷⁸⁹")[-1:] in "：:"


def begins_alone(text: str, before: str = "") -> bool:
    """True for a line that begins a block whatever the layout: it stands alone, or a turn opens.

    A turn follows a whole sentence: in a list of officers 副主席： may begin a wrapped line after ；.
    """
    return stands_alone(text) or (before[-1:] not in _PAUSES and _OPENING.match(text) is not None)


_ON_THEIR_OWN = (
    *(ANNEX_LABEL, ORGAN_LINE, CLOSING, MEETING_REMARK, CHAIR_LINE, CONTENTS, AGENDA, ORIGINAL_LINE),
    *(REPLY_DATE, SALUTATION, SIGNED_AT, ADOPTED, RESOLUTION_TITLE, DATE_AND_PLACE),
)


@lru_cache(maxsize=4096)
def stands_alone(text: str) -> bool:
    """True for a line that is a block of its own whatever the lines around it look like."""
    if len(text) > 120:
        return False
    text = fold(text)
    if _DOTTED.search(text) or LEADERS.search(text) or is_table_row(text):
        return True
    return any(shape.fullmatch(text) for shape in _ON_THEIR_OWN)


def is_title_like(text: str) -> bool:
    """True for the long title of a letter or note, which may hold commas but no full stop."""
    return (
        0 < len(text) <= 260
        and text[-1] not in "，,、：:；;。？！"
        and not re.search(r"[。；;？！]", text)
        and not (text[-1] == "." and ends_sentence(text))
    )
