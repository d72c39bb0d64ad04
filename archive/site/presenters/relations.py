"""Wording of citation relations and of the parser's remarks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from archive.models import Mention, OwnReference, Paragraph, Pinpoint, TreatyMention
from archive.store.addresses.paths import paragraph_path, treaty_path
from archive.store.links.ranges import spell
from archive.text.characters import UNREADABLE
from archive.text.parsed import Relation

from .wording import cited_articles, cited_paragraph_name, range_name, shortened

Told = TypeVar("Told")
NONE = "none"  # in an address: no relation was read

NAMES = {
    Relation.EXTENDED_BY: gettext_lazy("由其延长或扩大"),
    Relation.AMENDED_BY: gettext_lazy("由其修改"),
    Relation.ESTABLISHES: gettext_lazy("由其设立"),
    Relation.PROVIDES: gettext_lazy("其规定、载有"),
    Relation.CALLS: gettext_lazy("其要求、促请"),
    Relation.RECALLS: gettext_lazy("回顾"),
    Relation.REAFFIRMS: gettext_lazy("重申"),
    Relation.NOTES: gettext_lazy("注意到、确认"),
    Relation.STRESSES: gettext_lazy("强调"),
    Relation.WELCOMES: gettext_lazy("欢迎"),
    Relation.SUPPORTS: gettext_lazy("支持"),
    Relation.ACTS_UNDER: gettext_lazy("根据"),
    Relation.IMPLEMENTS: gettext_lazy("执行、遵守"),
    Relation.VIOLATES: gettext_lazy("违反"),
    Relation.REVIEWS: gettext_lazy("审查、审议"),
    Relation.REPORTS_ON: pgettext_lazy("relation", "报告"),
    Relation.TRANSMITS: gettext_lazy("提交、转递"),
    Relation.REFERS: gettext_lazy("参见、提及"),
    Relation.ADOPTS: pgettext_lazy("how it is cited", "通过"),
    Relation.EXTENDS: gettext_lazy("延长其规定"),
    Relation.AMENDS: gettext_lazy("修改"),
    Relation.ENDS: gettext_lazy("终止、取代"),
}


def relation_name(relation: str) -> str:
    """Returns the name of a relation as stored or as in an address; of none, that none was read."""
    return str(NAMES[Relation(relation)]) if relation and relation != NONE else _("方式不明")


def choices() -> dict[str, str]:
    """Returns the choices of ``?relation=``: every relation, and that none was recognised."""
    return {**{str(relation): relation_name(relation) for relation in NAMES}, NONE: relation_name(NONE)}


def stored_relation(asked: str) -> str | None:
    """Returns a relation of an address as it is stored: None where any will do, empty where none was read."""
    return {"": None, NONE: ""}.get(asked, asked)


def remark(mention: Mention) -> str:
    """Words the relation with its evidence: ``引用方式：执行（“履行”）``; a doubt with its reason."""
    if not mention.certain:
        return doubt(mention)
    if not mention.relation:
        return ""
    text = mention.paragraph.text
    word = text[mention.relation_start : mention.relation_end]
    return _("引用方式：%(name)s（“%(word)s”）") % {"name": relation_name(mention.relation), "word": word}


def doubt(mention: Mention) -> str:
    """Words the reason why the target of a mention is uncertain."""
    if any(map(str.isdigit, mention.surface)):
        return _("存疑：“%(words)s”没有写明年份或机关，也可能是别的机构的文件") % {"words": mention.surface}
    return _("存疑：“%(words)s”据上文推断") % {"words": mention.surface}


def own_doubt(own: OwnReference) -> str:
    """Words the reason why a reference like 上文第6段 could not be resolved."""
    return {
        "absent": _("存疑：本文件中没有这一处"),
        "several": _("存疑：本文件中有几处可能是所指"),
        "direction": _("存疑：这一处不在所说的方向"),
    }.get(own.doubt, "")


# The parser's remarks in Chinese: why a line was left out, what it doubts. The core speaks English.

REASONS = {
    "attribution": gettext_lazy("署名行，已记为答复者或发言者"),
    "bar code": gettext_lazy("条形码的字符"),
    "column head of the contents list": gettext_lazy("目录的栏目名"),
    "footnote mark": gettext_lazy("脚注标记"),
    "frame": gettext_lazy("框线"),
    "inserted link": gettext_lazy("转换时插入的链接"),
    "left out by an editor": gettext_lazy("编者认定不是正文"),
    "invisible mark": gettext_lazy("看不见的排版符号（零宽、方向）"),
    "list mark on a continuation": gettext_lazy("续行前多出的列表符号"),
    "markup": gettext_lazy("排版标记"),
    "masthead": gettext_lazy("文首栏，已记为文件信息"),
    "page number": gettext_lazy("页码"),
    "page number in the contents list": gettext_lazy("目录中的页码"),
    "picture": gettext_lazy("图片"),
    "printer's note": gettext_lazy("印制说明"),
    "repeated title": gettext_lazy("重复的标题"),
    "rule": gettext_lazy("横线"),
    "running footer": gettext_lazy("页脚"),
    "running header": gettext_lazy("页眉"),
    "site licence": gettext_lazy("网站的使用许可"),
    "site navigation": gettext_lazy("网页的导航文字"),
    "struck out": gettext_lazy("文件里划去或删去的文字"),
    "subtitle": gettext_lazy("副标题"),
}
DOUBTS = [
    (
        r"correction of (\w+) at (.*) from “(.*)” to “(.*)” does not fit",
        gettext_lazy("一处更正不再适合现在读出的文字，没有照办：{1}的{0}，由“{2}”改为“{3}”"),
    ),
    (r"words “(.*)” were corrected by an editor to “(.*)”", gettext_lazy("文字经编者更正：“{0}”改为“{1}”")),
    # Of characters: see archive/text/characters.py.
    (rf"{UNREADABLE} \((\d+)\): (.*)", gettext_lazy("此段有{0}处字符无法辨认（第几字，字码）：{1}")),
    (
        r"the sum of the characters does not hold: (.*)",
        gettext_lazy("读出的字符与来源不相等，解析可能漏了或多了文字：{0}"),
    ),
    # What readers of files remark on the whole: see archive/readers.
    (r"tracked_changes:(\d+)", gettext_lazy("文件里有修订标记{}处，按全部接受后的文字收录")),
    (r"hidden_text:(\d+)", gettext_lazy("文件里有隐藏文字{}处，没有收录")),
    (r"unknown_signs:(\d+)", gettext_lazy("文件里有{}个符号所用的字体不明，以\N{REPLACEMENT CHARACTER}代替")),
    (r"converted", gettext_lazy("由LibreOffice转换后读出，自动编号可能与原件不同")),
    (r"pdf_pages_without_text:([\d,]+)", gettext_lazy("PDF第{}页没有文字，可能是图片")),
    (r"pdf_ocr:([\d,]+):(.+)", gettext_lazy("PDF第{}页是图片，文字由文字识别程序（OCR，{}）认出，可能有误")),
    (r"pdf_ocr:([\d,]+)", gettext_lazy("PDF第{}页是图片，文字由本库用文字识别程序（OCR）认出，可能有误")),
    (r"pdf_text_of_scanner:([\d,]+)", gettext_lazy("PDF第{}页的文字由扫描程序识别，可能有误")),
    (
        r"number (\S+) is not printed; it follows from its neighbours",
        gettext_lazy("编号{}未印出，由前后段推定"),
    ),
    (r"not read, struck out", gettext_lazy("此处有划去或删去的文字，没有收录")),
    (r"not read, hidden", gettext_lazy("此处有隐藏的文字，没有收录")),
    (r"not read, diagram", gettext_lazy("此处有示意图，其中的文字没有读出")),
    (r"not read, picture(?:: )?(.*)", gettext_lazy("此处有图片，其中如有文字，没有读入。{0}")),
    (r"not read, chart(?:: )?(.*)", gettext_lazy("此处有图表，没有读入。{0}")),
    (r"not read, (?:object|drawing|frame)(?:: )?(.*)", gettext_lazy("此处嵌有别的内容，没有读入。{0}")),
    (r"not read, (?:field|formula|sign): (.*)", gettext_lazy("此处有读不出的域、公式或符号：{0}")),
    (r"the preamble may go on here", gettext_lazy("此段以分号结尾，可能仍属序言部分")),
    (r"no mark in the text calls footnote (\S+)", gettext_lazy("正文中没有脚注{}的标记")),
    (
        r"no title is printed; it is taken from what stands first",
        gettext_lazy("来源没有标题，标题取自文首的文字"),
    ),
    (
        r"the title holds what belongs to the masthead or the page",
        gettext_lazy("标题里有文头或页面上的字样（如Distr.、印件编号），请核对"),
    ),
    (r"short lines on end were kept line by line.*", gettext_lazy("连续的短行逐行保留：是表格或清单")),
    (r"paragraph (\S+) follows paragraph (\S+)", gettext_lazy("第{1}段之后是第{0}段，编号不连续")),
    (r"paragraph (\d+) may go on with.*", gettext_lazy("第{}段可能接续前面清单的编号，而不是正文的编号")),
    (r"paragraph (\d+) is the first with a number", gettext_lazy("编号从第{}段开始，之前的编号没有出现")),
    (r"article (\S+) follows article (\S+)", gettext_lazy("{1}之后是{0}，条文编号不连续")),
    (r"(?:part|caption) (\S+) follows (?:part|caption) (\S+)", gettext_lazy("{1}之后是{0}，编号不连续")),
    (r"section (\S+) follows section (\S+)", gettext_lazy("标题{1}之后是标题{0}，编号不连续")),
    (r"footnote (\S+) follows footnote (\S+)", gettext_lazy("脚注{1}之后是脚注{0}，编号不连续")),
    (r"\w+ (\S+) is the first of its series", gettext_lazy("编号从{}开始，之前的编号没有出现")),
    (r"item (\S+) follows item (\S+)", gettext_lazy("分项{1}之后是分项{0}，编号不连续")),
    (r"the text says (\w+) (.+), the record beside it (.+)", gettext_lazy("{}：文中是{}，随它的记录说是{}")),
    (
        r"the text does not state its symbol; it is that of the record beside it",
        gettext_lazy("文中没有写明自己的文号，文号取自随它的记录"),
    ),
    (
        r"paragraph (\d+) begins at once with its first item.*",
        gettext_lazy("第{}段一开头就是第一个分项，该分项没有单独成段"),
    ),
    (r"the row of a table looks.*", gettext_lazy("这一行读作表格，却像一个带编号的段落")),
    (r"the text begins with what may be its number", gettext_lazy("开头的字样像编号，却没有读作编号")),
    (r"the number may be a letter.*", gettext_lazy("编号可能是字母，也可能是罗马数字，所在层级可能有误")),
    (r"the number of a further block.*", gettext_lazy("文中夹有下一处编号，可能把两段连成了一段")),
    (
        r"the cover announces (\S+), which is not found.*",
        gettext_lazy("文首说另有“{}”，却没有读到它的标题，这一段可能属于该部分"),
    ),
    (r"the label (.+) stands.*", gettext_lazy("“{}”像一部分的标题，却连在文字里，这一段可能属于该部分")),
    (
        r"the part opens without a label.*",
        gettext_lazy("一处没有标题的文字被当作附件，而有标题的附件在它里面，这一段所属的部分可能有误"),
    ),
    (r"a line ends early.*“(.*)”", gettext_lazy("“{}”之后没有写满一行就另起一行，却连成了一段")),
    (r"a line inside begins as.*“(.*)”", gettext_lazy("“{}”像是另一段的开头，却与上一行连成了一段")),
    (r"the text begins inside.*“(.*)”", gettext_lazy("“{}”像是从句子中间开始，可能与上一段是同一段")),
    (r"two stops stand together.*", gettext_lazy("有两个标点连在一起，可能缺字，或把两段连成了一段")),
    (r"the text breaks off, “(.*)”", gettext_lazy("文字到“{}”中断，可能与下一段是同一段")),
    (r"a bracket has no other half", gettext_lazy("括号只有一半，可能缺字，或断错了段")),
    (r"words without stop follow.*“(.*)”", gettext_lazy("末句之后还有“{}”，可能是标题、日期或页上的字样")),
    (r"the block ends in no stop.*", gettext_lazy("末尾没有标点，可能是标题，或文字中断")),
    (r"a preambular paragraph stands.*", gettext_lazy("序言段排在执行段之后，序言与执行部分的界线可能有误")),
    (r"the text holds what a printer.*", gettext_lazy("含有打印时加在页上的字样，不是正文")),
    (r"the heading holds a sentence", gettext_lazy("读作标题，却含有整句的话，可能是正文")),
    (r"the heading is set in columns.*", gettext_lazy("读作标题，却与旁边的文字一样分栏，可能是表格的一行")),
    (r"the heading holds figures.*", gettext_lazy("读作标题，却含有一串数字，可能是表格的一行")),
    (r"the mark (\S+) calls a note.*", gettext_lazy("没有找到注号{}所指的脚注")),
    (r"a blank stands in the number (.+)", gettext_lazy("“{}”的数字中间有空格，文号可能有误")),
    (
        r"no resolution of (\d+) has the number (\d+)",
        gettext_lazy("安全理事会{}年没有第{}号决议，文号可能有误"),
    ),
]
_COMPARED = {
    "the document": gettext_lazy("整份文件"),
    "number": gettext_lazy("编号"),
    "kind": gettext_lazy("类别"),
    "level": gettext_lazy("标题层级"),
    "part": gettext_lazy("所属部分"),
    "speaker": gettext_lazy("发言人"),
    "text": gettext_lazy("文字"),
    "split": gettext_lazy("分段"),
    "join": gettext_lazy("与上一段合并"),
    "drop": gettext_lazy("不收入正文"),
    "keep": gettext_lazy("收入正文"),
    "mention": gettext_lazy("所指文件"),
    "body": gettext_lazy("所指机构"),
    "doubt": gettext_lazy("疑点"),
    "year": gettext_lazy("年份"),
    "meeting": gettext_lazy("会议"),
    "date": gettext_lazy("印发日期"),
    "communication_date": gettext_lazy("信的日期"),
    "meeting_date": gettext_lazy("会议日期"),
}


def dropped_reason(reason: str) -> str:
    """Words the reason why a line was left out of the text; unknown ones stay as the parser gives them."""
    return str(REASONS.get(reason, reason))


def corrected_name(what: str) -> str:
    """Returns the display name of a corrected field: 编号 for ``number``."""
    return str(_COMPARED.get(what, what))


def grouped_doubts(doubts: Iterable[Told], words: Callable[[Told], str]) -> list[tuple[Told, int]]:
    """Returns the first of ``doubts`` of the same words, and how many more there are."""
    alike: dict[str, list[Told]] = {}
    for doubt in doubts:
        alike.setdefault(words(doubt), []).append(doubt)
    return [(same[0], len(same) - 1) for same in alike.values()]


def doubt_in_words(message: str) -> str:
    """Returns a doubt of the parser; one not known here is quoted."""
    kinds = dict(Paragraph.Kind.choices)
    for pattern, words in DOUBTS:
        if match := re.fullmatch(pattern, message, re.DOTALL):
            return str(words).format(*(_COMPARED.get(part, kinds.get(part, part)) for part in match.groups()))
    return _("解析程序的说明：%(message)s") % {"message": message}


# Mentions of a paragraph, for the list below it: each target once, with the words used for it.

SHORTEST_RUN = 3  # 第9和10段 are two places, 第1至3段 is a range


@dataclass(slots=True)
class Mentioned:
    """One target: ``links`` are (address, name) of the paragraphs named, ``count`` how often it stands."""

    mention: Mention
    links: list[tuple[str, str]]
    surfaces: list[str] = field(default_factory=list)
    count: int = 0

    @property
    def doubt(self) -> str:
        """The reason why the target is uncertain; empty where it is certain."""
        return "" if self.mention.certain else doubt(self.mention)


@dataclass(slots=True)
class Named:
    """A treaty, or paragraphs of the document's own: ``links`` are (address, name), ``doubt`` a reason."""

    links: list[tuple[str, str]]
    surfaces: list[str] = field(default_factory=list)
    doubt: str = ""


def mentioned(mentions: Iterable[Mention]) -> list[Mentioned]:
    """Returns ``mentions`` with their pinpoints, equal ones together, in the order of their first places."""
    found: dict[tuple, Mentioned] = {}
    for mention in mentions:
        pinpoints = mention.pinpoints_in_order
        anchors = tuple(pinpoint.anchor for pinpoint in pinpoints)
        key = (mention.symbol, anchors, mention.target_id, mention.certain, mention.in_body_name)
        if key not in found:
            found[key] = Mentioned(mention, list(_links(mention, pinpoints)))
        row = found[key]
        row.count += 1
        if mention.surface not in row.surfaces:
            row.surfaces.append(mention.surface)
    return list(found.values())


def treaties(mentions: Iterable[TreatyMention]) -> list[Named]:
    """Returns the treaties that a paragraph names, by article, in the order of first places."""
    found: dict[tuple[str, str], Named] = {}
    for mention in mentions:
        slug, article = mention.treaty.slug, mention.article
        name = mention.treaty.name + cited_articles(article)
        row = found.setdefault((slug, article), Named([(treaty_path(slug, article=article), name)]))
        if mention.surface not in row.surfaces:
            row.surfaces.append(mention.surface)
    return list(found.values())


def own_places(symbol: str, references: Iterable[OwnReference]) -> list[Named]:
    """Returns the references to paragraphs of the same document, a row for each place."""
    found: dict[int, Named] = {}
    for reference in references:
        row = found.setdefault(reference.start, Named([], [reference.surface]))
        if target := reference.target_paragraph:
            row.links.append((paragraph_path(symbol, target.anchor), _own_name(target)))
        else:
            row.doubt = own_doubt(reference)
    return list(found.values())


def _own_name(target: Paragraph) -> str:
    """Returns the name of a paragraph of the same document: 第6段; of a heading, its words."""
    if target.kind == Paragraph.Kind.HEADING:
        return f"“{shortened(target.text, 20)}”"
    return cited_paragraph_name(target.anchor)


def _links(mention: Mention, pinpoints: Sequence[Pinpoint]) -> Iterator[tuple[str, str]]:
    symbol, language = mention.symbol, mention.language_held
    for run in _runs(pinpoints):
        first, last = run[0], run[-1]
        if len(run) >= SHORTEST_RUN:
            name = range_name(cited_paragraph_name(first.anchor), cited_paragraph_name(last.anchor))
            yield paragraph_path(symbol, spell(_anchor(first), _anchor(last)), language=language), name
            continue
        for one in run:
            yield paragraph_path(symbol, _anchor(one), language=language), cited_paragraph_name(one.anchor)


def _anchor(pinpoint: Pinpoint) -> str:
    return pinpoint.target_paragraph.anchor if pinpoint.target_paragraph else pinpoint.anchor


def _runs(pinpoints: Sequence[Pinpoint]) -> Iterator[list[Pinpoint]]:
    """Groups stored paragraphs with consecutive numbers."""
    run: list[Pinpoint] = []
    for pinpoint in pinpoints:
        if run and not _follows(run[-1], pinpoint):
            yield run
            run = []
        run.append(pinpoint)
    if run:
        yield run


def _follows(before: Pinpoint, after: Pinpoint) -> bool:
    if not (before.target_paragraph and after.target_paragraph):
        return False
    (parent, label), (other, following) = (_split(_anchor(one)) for one in (before, after))
    return (
        parent == other and label.isdecimal() and following.isdecimal() and int(following) == int(label) + 1
    )


def _split(anchor: str) -> tuple[str, str]:
    parent, _dot, label = anchor.rpartition(".")
    return parent, label
