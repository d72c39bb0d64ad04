"""Query parameters: every name that an address of ours may carry, declared once.

Parsing (``archive.site.http.paging``, ``search.pages.results.forms``), the names of filters on the pages and
the description for programs (``/openapi.json``) read them here; which page takes which is in
``archive.site.opendata.operations``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from archive.store.limits import LONGEST_NAME, LONGEST_QUERY, LONGEST_TEXT, LONGEST_TYPED, LONGEST_VALUE
from archive.text.language import READ
from archive.text.parsed import DocumentType
from archive.text.typed_places import read_symbol

MOST_VALUES = 20  # values of one facet at once
# Where in a list: the number of a page; a cursor; in a feed, which runs backwards, a cursor too.
PLACES = ("page", "after", "before")

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Parameter:
    """A query parameter: its name, its description, its JSON Schema, the label of its filter on a page.

    ``titled``: its value tells the titles of two pages of one list apart. ``read`` gives a value as it is
    looked up, or None where it is none of its kind; ``kind`` says so, of ``%(value)s``. Without it the page
    itself tells.
    """

    name: str
    words: Words
    schema: Mapping[str, Any] = field(default_factory=lambda: {"type": "string"})
    label: Words = ""
    titled: bool = False
    read: Callable[[str], str | None] | None = None
    kind: Words = ""


def _matching(pattern: str) -> Callable[[str], str | None]:
    whole = re.compile(pattern)
    return lambda value: value if whole.fullmatch(value) else None


def _one_of(*values: str) -> Callable[[str], str | None]:
    return lambda value: value if value in values else None


def _alpha3(value: str) -> str | None:
    return value.upper() if re.fullmatch(r"[A-Za-z]{3}", value) else None


def _text(longest: int = LONGEST_TEXT, *examples: str) -> dict[str, Any]:
    return {"type": "string", "maxLength": longest} | ({"examples": list(examples)} if examples else {})


def _choice(*values: str) -> dict[str, Any]:
    return {"type": "string", "enum": list(values)}


def _values(*examples: str) -> dict[str, Any]:
    """Returns the schema of a facet with several values, the name repeated for each."""
    item = _text(LONGEST_VALUE) | ({"examples": list(examples)} if examples else {})
    return {"type": "array", "items": item, "maxItems": MOST_VALUES}


FOUR_DIGITS = {"type": "string", "pattern": "^[0-9]{4}$", "examples": ["2016"]}
DISTANCE = {"type": "string", "pattern": "^(?:[0-9]+|s)$"}
NUMBER = {"type": "string", "pattern": "^[1-9][0-9]{0,3}$"}
YEAR = Parameter("year", _("年份，四位数字"), FOUR_DIGITS, titled=True)
DOCUMENT = Parameter("document", _("文号"), _text(LONGEST_TEXT, "S/2010/52"), titled=True)
TYPE = Parameter("type", _("文件类型"), {"type": "string", "examples": ["letter"]}, titled=True)
ORGAN = Parameter("organ", _("机关：文件按印出的名称，决议用S、A、E、other"), _text(), titled=True)
STATE = Parameter("state", _("国家代码"), _text(LONGEST_TEXT, "ESP"), titled=True)
CITES = Parameter("cites", _("所引用的文号"), _text(LONGEST_TEXT, "S/RES/1540(2004)"), titled=True)
SERIES = Parameter("series", _("文号的开头"), _text(LONGEST_TEXT, "S/"), titled=True)
IN_TITLE = Parameter("q", _("题名或文号的一部分"), _text(LONGEST_TEXT, "外联"), titled=True)
IN_NAME = Parameter(
    "q", _("名称的一部分：正式、其他、繁体、外文的，或简称、代码"), _text(LONGEST_TEXT, "IAEA"), titled=True
)
SORT = Parameter("sort", _("排列方式"))
KIND = Parameter("kind", _("类别"), _text(40))
PARAGRAPH = Parameter(
    "paragraph", _("所引用的执行段，连同cites；whole是没有指明哪一段的"), _text(LONGEST_TEXT, "3")
)
THEME = Parameter("theme", _("主题的地址名"), _text(40, "export"))
BY = Parameter("by", _("对照表的列"), _choice("resolutions", "paragraphs", "themes", "years"))
COLUMN = Parameter("column", _("对照表中的一列"), _text(100))
EVERYONE = Parameter("all", _("也列未藏其文件的国家"), _choice("1"))
TERM = Parameter("q", _("概念的名称、同义词、英文等的一部分"), _text(LONGEST_TEXT, "出口"), titled=True)
BRANCH = Parameter("branch", _("门类"), _text(40, "nuclear"), titled=True)
LETTER = Parameter("letter", _("首选词拼音的首字母，其他是#"), _text(1, "C"), titled=True)
ARTICLE = Parameter("article", _("条次"), _text(40))
CODES = Parameter(
    "c",
    _("段落的短码或短链接，可多个，依次排列"),
    {"type": "array", "items": _text(LONGEST_VALUE, "7k3m9x2q"), "maxItems": 100},
)
ONE = Parameter("a", _("第一段或第一份文件的文号、地址"), _text(LONGEST_TEXT, "S/2010/52"))
OTHER = Parameter("b", _("第二段或第二份文件的文号、地址"), _text(LONGEST_TEXT, "CD/2118"))
RELATION = Parameter("relation", _("引用的方式"), _text(40))
BODY = Parameter("body", _("机构的地址名"), _text())
TOGETHER = Parameter("with", _("同一段还引用的文号，或还提到的机构的地址名"), _text())
CAUSE = Parameter("cause", _("改动的缘由"), _text(40))
MOMENT = Parameter("at", _("截至的时间"), _text(40))
ONLY = Parameter("only", _("只看不计入引用的"), _choice("body-names", "headings", "uncertain"))
FIRST = Parameter("from", _("区间的第一段，如14、3(a)、附件第14段"), _text(LONGEST_TEXT, "14"))
LAST = Parameter("to", _("区间的最后一段"), _text(LONGEST_TEXT, "16"))
PLACE_IN_TEXT = Parameter("at", _("全文中的一段，如14、3(a)、附件第14段"), _text(LONGEST_TEXT, "14"))
IDENTIFIER = Parameter("id", _("列表中一项的标识：它的路径"), _text(2000, "/S/2010/52/p/annex.14"))
RECORD_FORMAT = Parameter("format", _("记录的格式"), _choice("ris", "bibtex"))
PAGE = Parameter("page", _("第几页；与after只用一个"), NUMBER, titled=True)
MAP_PAGE = Parameter("p", _("网站地图的第几页"), NUMBER)
AFTER = Parameter("after", _("翻页标记，取自上一页的page.next（检索和逐词索引是next）"), _text(2000))
BEFORE = Parameter("before", _("翻页标记，取自上一页的链接rel=next"), _text(2000))

# of search
QUERY = Parameter("q", _("检索式"), _text(LONGEST_QUERY, "“出口管制”"))
GO = Parameter("q", _("所找的文号、段落、国家、机构"), _text(LONGEST_NAME, "1540第3段"))
RECEIPT = Parameter("receipt", _("签了名的存证"))
TYPED = Parameter("q", _("已键入的文字"), _text(LONGEST_TYPED, "出口"))
NO_YEAR = _("“%(value)s”不是年份，年份是四位数字")
NO_STATE = _("“%(value)s”不是国家代码，国家代码是三个字母")
NO_SYMBOL = _("“%(value)s”不是文号")
NO_BODY = _("“%(value)s”不是机构的地址名")
NO_TYPE = _("“%(value)s”不是文件类型")
NO_CHOICE = _("没有这样的%(name)s：“%(value)s”")
SCRIPT = Parameter(
    "script",
    _("在网页上以繁体显示正文；数据不变"),
    _choice("hant"),
    read=_one_of("hant"),
    kind=NO_CHOICE,
)
NO_ORDER = _("没有这样的排列方式：“%(value)s”")
_SLUG, _TYPE = _matching(r"[\w-]+"), _one_of(*map(str, DocumentType))
FACET_YEARS = Parameter(
    "year", _("年份，可多个"), _values("2016"), _("年份"), True, _matching("[0-9]{4}"), NO_YEAR
)
FACET_CITES = Parameter(
    "cites",
    _("所引用的文号，可多个"),
    _values("S/RES/1540(2004)"),
    pgettext_lazy("filter", "引用"),
    True,
    read_symbol,
    NO_SYMBOL,
)
FACET_STATES = Parameter("state", _("国家代码，可多个"), _values("ESP"), _("国家"), True, _alpha3, NO_STATE)
FACET_BODIES = Parameter(
    "body", _("发言、答复或来文的机构，可多个"), _values(), _("机构"), read=_SLUG, kind=NO_BODY
)
FACET_MENTIONED = Parameter(
    "mentioned", _("段落中提到的机构，可多个"), _values(), _("提到的机构"), read=_SLUG, kind=NO_BODY
)
FACET_TYPES = Parameter(
    "document_type", _("文件类型，可多个"), _values("letter"), _("文件类型"), read=_TYPE, kind=NO_TYPE
)
LANGUAGE = Parameter("language", _("存有这种语文的文本"), _choice(*READ), read=_one_of(*READ), kind=NO_CHOICE)
FACET_LANGUAGES = Parameter(
    "language", _("文本的语文，可多个"), _values("zh"), _("语文"), read=_one_of(*READ), kind=NO_CHOICE
)
# "document_type" as people shorten it.
FACET_TYPE = Parameter("type", TYPE.words, TYPE.schema, titled=True, read=_TYPE, kind=NO_TYPE)
ORDERS_OF_HITS, ORDERS_OF_LINES = ("relevance", "date", "document"), ("right", "left", "date", "document")
SORT_HITS = Parameter(
    "sort", SORT.words, _choice(*ORDERS_OF_HITS), read=_one_of(*ORDERS_OF_HITS), kind=NO_ORDER
)
SORT_LINES = Parameter(
    "sort", SORT.words, _choice(*ORDERS_OF_LINES), read=_one_of(*ORDERS_OF_LINES), kind=NO_ORDER
)
BESIDE = Parameter("beside", _("1：每行附另一语文的同一段"), _choice("1"), read=_one_of("1"), kind=NO_CHOICE)
VARIANTS = Parameter(
    "variants", _("0：不把已知的异写一并检索"), _choice("0", "1"), read=_one_of("0", "1"), kind=NO_CHOICE
)
WITHOUT = Parameter("without", _("不一并检索的说法，可多个"), _values("双重用途"))
GROUP = Parameter(
    "group", _("document：按文件归并"), _choice("document"), read=_one_of("document"), kind=NO_CHOICE
)
WITHIN = Parameter("within", _("在结果中再检索：两个检索式都要符合"), _text(LONGEST_QUERY, "外联"))
SENT = Parameter("go", _("1：到所写的检索式的结果"), _choice("1"))
# The form that writes a query; each is free text but where a list of values is given.
ADVANCED = (
    Parameter("words", _("词语，含全部的在前"), _text(LONGEST_VALUE)),
    Parameter("all", _("全部都要有的词语，用空格分开"), _text(LONGEST_VALUE)),
    Parameter("phrase", _("原文，几处用分号分开"), _text(LONGEST_VALUE)),
    Parameter("any", _("至少要有一个的词语，用空格分开"), _text(LONGEST_VALUE)),
    Parameter("none", _("一个都不要的词语，用空格分开"), _text(LONGEST_VALUE)),
    Parameter("near1", _("相近的两处文字，其一"), _text(LONGEST_VALUE)),
    Parameter("near2", _("相近的两处文字，其二"), _text(LONGEST_VALUE)),
    Parameter("distance", _("两处最多相隔几个字；s是在同一句里"), DISTANCE),
    Parameter("order", _("then：前一个须在前"), _choice("any", "then")),
    Parameter("since", _("自哪一年"), FOUR_DIGITS),
    Parameter("until", _("至哪一年"), FOUR_DIGITS),
    Parameter("kind", _("文件类型的名称"), _text(LONGEST_VALUE, "信")),
    Parameter("country", _("国家的名称"), _text(LONGEST_VALUE, "巴西")),
    Parameter("organ", _("机构的名称"), _text(LONGEST_VALUE)),
    Parameter("naming", _("提及的机构的名称"), _text(LONGEST_VALUE)),
    Parameter("resolution", _("引用的决议或文件"), _text(LONGEST_VALUE, "1540")),
    Parameter("symbol", _("文号或系列"), _text(LONGEST_VALUE)),
    Parameter("speaker", _("发言人"), _text(LONGEST_VALUE)),
    Parameter("title", _("题名中的文字"), _text(LONGEST_VALUE)),
    Parameter("heading", _("标题中的文字"), _text(LONGEST_VALUE)),
    Parameter("footnote", _("脚注中的文字"), _text(LONGEST_VALUE)),
    Parameter("rest", _("其余的检索式"), _text(LONGEST_QUERY)),
)
LIKENESS = Parameter("likeness", _("1：旁边注的文件未藏的引文，也给出本库中相近的文字"), _choice("1"))
NOT_LEFT = Parameter("not_left", _("紧接在前的不是这些字"), _text())
NOT_RIGHT = Parameter("not_right", _("紧接在后的不是这些字"), _text())

FACETS = (FACET_YEARS, FACET_CITES, FACET_STATES, FACET_BODIES, FACET_MENTIONED, FACET_TYPES, FACET_LANGUAGES)
