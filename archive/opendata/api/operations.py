"""What each page is, in one line, and what may be asked of it. A machine address without a row here fails a
test, and so does a row without an address.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Page:
    """A page and its twins: what it is, its own query parameters, and whether it has pages."""

    words: str | Promise
    parameters: tuple[str, ...] = ()
    paged: bool = False
    methods: tuple[str, ...] = ("get",)
    required: tuple[str, ...] = ()


PLACE = ("year", "document")
PARAMETERS: Mapping[str, tuple[str | Promise, dict]] = {
    "year": (_("年份，四位数字"), {"type": "string", "pattern": "^[0-9]{4}$", "examples": ["2016"]}),
    "document": (_("文号"), {"type": "string", "maxLength": 100, "examples": ["S/2010/52"]}),
    "type": (_("文件类型"), {"type": "string", "examples": ["letter"]}),
    "organ": (_("机关：文件按印出的名称，决议用S、A、E、other"), {"type": "string", "maxLength": 100}),
    "state": (_("国家代码"), {"type": "string", "examples": ["ESP"]}),
    "cites": (_("所引用的文号"), {"type": "string", "maxLength": 100, "examples": ["S/RES/1540(2004)"]}),
    "series": (_("文号的开头"), {"type": "string", "maxLength": 100, "examples": ["S/"]}),
    "sort": (_("排列方式"), {"type": "string"}),
    "kind": (_("类别"), {"type": "string", "maxLength": 40}),
    "paragraph": (
        _("所引用的执行段，连同cites；whole是没有指明哪一段的"),
        {"type": "string", "maxLength": 40, "examples": ["3"]},
    ),
    "theme": (_("主题的地址名"), {"type": "string", "maxLength": 40, "examples": ["export"]}),
    "by": (_("对照表的列"), {"type": "string", "enum": ["resolutions", "paragraphs", "themes"]}),
    "column": (_("对照表中的一列"), {"type": "string", "maxLength": 100}),
    "all": (_("也列未藏其文件的国家"), {"type": "string", "enum": ["1"]}),
    "article": (_("条次"), {"type": "string", "maxLength": 40}),
    "a": (
        _("第一段或第一份文件的文号、地址"),
        {"type": "string", "maxLength": 200, "examples": ["S/2010/52"]},
    ),
    "b": (_("第二段或第二份文件的文号、地址"), {"type": "string", "maxLength": 200, "examples": ["CD/2118"]}),
    "relation": (_("引用的方式"), {"type": "string", "maxLength": 40}),
    "body": (_("机构的地址名"), {"type": "string", "maxLength": 100}),
    "with": (_("同一段还引用的文号"), {"type": "string", "maxLength": 100}),
    "document_type": (_("文件类型"), {"type": "string", "examples": ["letter"]}),
    "cause": (_("改动的缘由"), {"type": "string", "maxLength": 40}),
    "at": (_("截至的时间"), {"type": "string", "maxLength": 40}),
    "only": (_("只看不计入引用的：body-names或headings"), {"type": "string"}),
    "q": (_("检索式，或所找的文号、段落"), {"type": "string", "maxLength": 500, "examples": ["“出口管制”"]}),
    "url": (_("段落的网址"), {"type": "string", "examples": ["/S/2010/52/p/annex.14"]}),
    "format": (_("json"), {"type": "string", "enum": ["json"]}),
    "maxwidth": (_("最大宽度"), {"type": "string", "pattern": "^[1-9][0-9]{0,3}$"}),
    "page": (_("第几页；与after只用一个"), {"type": "string", "pattern": "^[1-9][0-9]{0,3}$"}),
    "after": (
        _("翻页标记，取自上一页的page.next（检索和逐词索引是next）"),
        {"type": "string", "maxLength": 2000},
    ),
    "before": (_("翻页标记，取自上一页的链接rel=next"), {"type": "string", "maxLength": 2000}),
}
PAGES: Mapping[str, Page] = {
    "home": Page(_("首页：1540决议系列、最近入库、覆盖范围")),
    "documents": Page(_("文件列表"), ("type", "year", "organ", "state", "cites", "series"), paged=True),
    "resolutions": Page(_("被引用的决议和决定"), ("organ", "sort", "relation"), paged=True),
    "bodies": Page(_("机构列表"), ("sort",), paged=True),
    "body": Page(
        _("一个机构，提到它的段落，及它的发言、答复、来文和所转递的文字"),
        (*PLACE, "kind", "with"),
        paged=True,
    ),
    "states": Page(_("国家列表")),
    "state": Page(
        _("一个国家的发言、答复、来文，所转递的文字，及他人提及"),
        (*PLACE, "kind", "cites", "paragraph", "theme"),
        paged=True,
    ),
    "matrix": Page(_("国家与决议、执行段或主题的对照"), ("by", "state", "column", "all")),
    "speakers": Page(_("会议记录中的发言人"), ("sort",), paged=True),
    "speaker": Page(_("一位发言人的各次发言"), PLACE, paged=True),
    "years": Page(_("各年份的文件数和段落数")),
    "year": Page(_("一年的文件"), paged=True),
    "about": Page(_("覆盖范围和被引用而未藏的文件")),
    "help": Page(_("地址的写法")),
    "document": Page(_("一份文件的全文；未藏的，是所知的情况和引用它的段落数")),
    "dropped": Page(_("来源中未收入正文的行"), paged=True),
    "cited_by": Page(
        _("引用一份文件的段落"), (*PLACE, "only", "relation", "state", "body", "with"), paged=True
    ),
    "paragraph": Page(_("一个段落")),
    "paragraph_cited_by": Page(_("引用一个段落的段落"), PLACE, paged=True),
    "cited_words": Page(_("带指纹的链接：文字相同、移动、改动或撤下")),
    "data": Page(_("整库下载、引用关系图、各个列表")),
    "data_file": Page(_("整库文件")),
    "citations": Page(_("引用关系图")),
    "sitemap": Page(_("网站地图")),
    "sitemap_section": Page(_("网站地图的一部分")),
    "oembed": Page(_("段落的嵌入卡片（oEmbed）"), ("url", "format", "maxwidth"), required=("url",)),
    "openapi": Page(_("本说明")),
    "robots": Page(_("对搜索引擎的说明")),
    "healthz": Page(_("数据库和检索索引是否正常")),
    "source": Page(_("来源文件，原样")),
    "treaties": Page(_("条约列表"), ("sort",), paged=True),
    "treaty": Page(_("一项条约，及提到它的段落"), (*PLACE, "article"), paged=True),
    "wanted": Page(_("被引用而未藏的文件，按引用多少排列"), ("kind",), paged=True),
    "uncertain": Page(_("不能确定所指的提及，注明原因"), PLACE, paged=True),
    "compare": Page(_("两段或两份文件并排对照"), ("a", "b")),
    "range": Page(_("连续几段")),
    "cited_range": Page(_("带指纹的几段的链接")),
    "short": Page(_("短链接所指的文字")),
    "document_citation": Page(_("引用一份文件的各种写法")),
    "paragraph_citation": Page(_("引用一个段落的各种写法")),
    "range_citation": Page(_("引用连续几段的各种写法")),
    "parallels": Page(_("与一个段落有相同文字的段落")),
    "check": Page(_("核对一段文稿中的引文和引用；POST送出文稿"), methods=("get", "post")),
    "history": Page(_("一份文件的改动经过"), ("at",), paged=True),
    "changes": Page(_("全库的改动"), ("year", "document", "cause", "at"), paged=True),
    "coverage": Page(_("覆盖范围：各系列所藏和所缺"), paged=True),
    "accuracy": Page(_("解析和识别的准确程度")),
    "search_whole": Page(_("检索的全部结果，逐行"), ("q",)),
    "opensearch": Page(_("供浏览器添加本库检索的说明")),
    "search": Page(_("检索"), ("q", "year", "document_type", "cites", "body", "state", "sort"), paged=True),
    "concordance": Page(_("逐词索引"), ("q",), paged=True),
    "go": Page(_("到所指的文件或段落"), ("q",)),
    "suggest": Page(_("检索建议"), ("q",)),
}
