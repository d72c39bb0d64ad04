"""Summaries and parameters of all pages, for the API description. A machine address without a row here fails
a test, and so does a row without an address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from archive.http import parameters as p
from archive.http.formats import MEDIA, is_machine_address
from archive.http.parameters import Parameter
from archive.values import Schema


@dataclass(frozen=True, slots=True)
class Page:
    """A page and its twins: what it is, its own query parameters, whether it has pages, and whether it is a
    list or search: programs that ask one for a parameter unknown to it are refused. Any other page names a
    thing, and ignores what a link picked up on its way (``utm_source``).
    """

    words: str | Promise
    parameters: tuple[Parameter, ...] = ()
    paged: bool = False
    methods: tuple[str, ...] = ("get",)
    required: tuple[Parameter, ...] = ()
    listing: bool = False

    @property
    def names(self) -> frozenset[str]:
        """The names of all query parameters that the page reads."""
        places = p.PLACES if self.paged else ()
        return frozenset((*(parameter.name for parameter in self.parameters), *places))


PLACE = (p.YEAR, p.DOCUMENT)
CITING = (p.RELATION, p.STATE, p.BODY, p.TOGETHER)
SEARCH = (p.QUERY, p.WITHIN, *p.FACETS, p.FACET_TYPE, p.SORT_HITS, p.VARIANTS, p.GROUP)
LINES = (p.QUERY, p.NOT_LEFT, p.NOT_RIGHT, *p.FACETS, p.FACET_TYPE)
PAGES: Mapping[str, Page] = {
    "home": Page(_("首页：1540决议系列、最近入库、覆盖范围")),
    "documents": Page(
        _("文件列表"),
        (p.TYPE, p.YEAR, p.ORGAN, p.STATE, p.CITES, p.SERIES, p.IN_TITLE, p.SORT),
        paged=True,
        listing=True,
    ),
    "resolutions": Page(_("被引用的决议和决定"), (p.ORGAN, p.SORT, p.RELATION), paged=True, listing=True),
    "bodies": Page(_("机构列表"), (p.IN_NAME, p.SORT), paged=True, listing=True),
    "body": Page(
        _("一个机构，提到它的段落，及它的发言、答复、来文和所转递的文字"),
        (*PLACE, p.KIND, p.TOGETHER),
        paged=True,
    ),
    "states": Page(_("国家列表"), (p.IN_NAME,), listing=True),
    "state": Page(
        _("一个国家的发言、答复、来文，所转递的文字，及他人提及"),
        (*PLACE, p.KIND, p.CITES, p.PARAGRAPH, p.THEME),
        paged=True,
    ),
    "matrix": Page(
        _("国家与决议、执行段、主题或年份的对照"), (p.BY, p.STATE, p.COLUMN, p.EVERYONE), listing=True
    ),
    "speakers": Page(_("会议记录中的发言人"), (p.IN_NAME, p.SORT), paged=True, listing=True),
    "speaker": Page(_("一位发言人的各次发言"), PLACE, paged=True),
    "years": Page(_("各年份的文件数和段落数"), listing=True),
    "year": Page(_("一年的文件"), paged=True, listing=True),
    "about": Page(_("覆盖范围和被引用而未藏的文件")),
    "help": Page(_("地址的写法")),
    "document": Page(_("一份文件的全文；未藏的，是所知的情况和引用它的段落数")),
    "dropped": Page(_("来源中未收入正文的行"), paged=True, listing=True),
    "cited_by": Page(_("引用一份文件的段落"), (*PLACE, *CITING, p.ONLY), paged=True, listing=True),
    "paragraph": Page(_("一个段落；未藏的，是引用它的段落"), (*PLACE, *CITING), paged=True),
    "original": Page(_("一个段落在原件的哪几页，各行在页面的什么位置（点，自左上角）")),
    "paragraph_cited_by": Page(_("引用一个段落的段落"), (*PLACE, *CITING), paged=True, listing=True),
    "cited_words": Page(_("带指纹的链接：文字相同、移动、改动或撤下")),
    "data": Page(_("整库下载、引用关系表、各个列表")),
    "data_file": Page(_("整库文件")),
    "citations": Page(_("引用关系表")),
    "sitemap": Page(_("网站地图")),
    "sitemap_section": Page(_("网站地图的一部分"), (p.MAP_PAGE,)),
    "openapi": Page(_("本说明")),
    "robots": Page(_("对搜索引擎的说明")),
    "healthz": Page(_("数据库和检索索引是否正常")),
    "source": Page(_("来源文件，原样")),
    "second_original": Page(_("同一文件的一份原件，原样；以其SHA-256的前8位或更多位指明")),
    "concepts": Page(
        _("叙词表：概念及其同义词、各地用语和英文"), (p.TERM, p.BRANCH, p.LETTER), paged=True, listing=True
    ),
    "concept": Page(_("一个概念：各种说法、上下位和相关概念、用到它的段落")),
    "treaties": Page(_("条约列表"), (p.IN_NAME, p.SORT), paged=True, listing=True),
    "treaty": Page(_("一项条约，及提到它的段落"), (*PLACE, p.ARTICLE), paged=True),
    "wanted": Page(_("被引用而未藏的文件，按引用多少排列"), (p.KIND,), paged=True, listing=True),
    "uncertain": Page(_("不能确定所指的提及，注明原因"), PLACE, paged=True, listing=True),
    "compare": Page(_("两段或两份文件并排对照"), (p.ONE, p.OTHER), listing=True),
    "basket": Page(_("引文篮：几个短码所指的段落，连同脚注；文字改动、撤下的在原处说明"), (p.CODES,)),
    "range": Page(_("连续几段；未藏的，是引用其中任何一段的段落"), (*PLACE, *CITING), paged=True),
    "cited_range": Page(_("带指纹的几段的链接")),
    "short": Page(_("短链接所指的文字")),
    "document_citation": Page(_("引用一份文件的各种写法")),
    "paragraph_citation": Page(_("引用一个段落的各种写法")),
    "range_citation": Page(_("引用连续几段的各种写法")),
    "parallels": Page(_("与一个段落有相同文字的段落"), paged=True, listing=True),
    "paragraph_similar": Page(_("与一个段落共有词语最多的段落")),
    "similar": Page(_("与所给文字共有词语最多的段落；POST送出文字"), methods=("get", "post")),
    "check": Page(_("核对一段文稿中的引文和引用；POST送出文稿"), (p.LIKENESS,), methods=("get", "post")),
    "history": Page(_("一份文件的改动经过"), (p.MOMENT,), paged=True, listing=True),
    "changes": Page(_("全库的改动"), (p.YEAR, p.DOCUMENT, p.CAUSE, p.MOMENT), paged=True, listing=True),
    "coverage": Page(_("覆盖范围：各系列所藏和所缺"), paged=True, listing=True),
    "accuracy": Page(_("解析和识别的准确程度")),
    "search_whole": Page(_("检索的全部结果，逐行"), SEARCH, paged=True, listing=True),
    "opensearch": Page(_("供浏览器添加本库检索的说明")),
    "search": Page(_("检索"), SEARCH, paged=True, listing=True),
    "search_advanced": Page(
        _("高级检索：各项写成的检索式；q是已有的检索式，分到各项"),
        (p.QUERY, *p.ADVANCED, *p.FACETS, p.FACET_TYPE, p.SENT),
        listing=True,
    ),
    "concordance": Page(_("逐词索引"), (*LINES, p.SORT_LINES), paged=True, listing=True),
    "collocates": Page(_("与一处文字同在一段多过偶然的词"), LINES, listing=True),
    "phrase_years": Page(_("一处文字在各年文件里出现多少"), LINES, listing=True),
    "go": Page(_("到所指的文件或段落"), (p.GO,), listing=True),
    "suggest": Page(_("检索建议"), (p.TYPED,)),
}
# Pages without twins that read parameters.
FORMS: Mapping[str, Page] = {
    "suggestions": Page(_("检索建议，供浏览器"), (p.TYPED,)),
    "range_chosen": Page(_("到表单所填的几段，或全文中的一段"), (p.FIRST, p.LAST, p.PLACE_IN_TEXT)),
    "unapi": Page(_("列表各项的引文记录（unAPI）"), (p.IDENTIFIER, p.RECORD_FORMAT)),
}


# The machine addresses of the site, read from its routes.

PART = re.compile(r"<(?:(?P<converter>\w+):)?(?P<name>\w+)>")
NOT_DESCRIBED = ("admin/", "static/")
PLAIN = {
    "suggest": MEDIA["json"], "openapi": MEDIA["json"],
    "sitemap": "application/xml", "sitemap_section": "application/xml", "robots": "text/plain",
    "data_file": "application/octet-stream", "source": "text/plain",
    "second_original": "application/octet-stream", "healthz": "application/json",
    "search_whole": "application/json", "opensearch": "application/opensearchdescription+xml",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Route:
    """One address: its path with ``{name}`` for what varies, the page that it belongs to, and the types of
    its answers by method, as its view names them.
    """

    path: str
    name: str
    page: str
    media: str
    parameters: tuple[tuple[str, str, str], ...]  # name, converter, regular expression
    answers: Mapping[str, tuple[type[Schema], ...]] = field(default_factory=dict, compare=False)

    @property
    def is_json(self) -> bool:
        return self.media == MEDIA["json"]


@cache
def machine_routes() -> tuple[Route, ...]:
    """Returns every machine address, by path."""
    return tuple(sorted(_routes(), key=lambda route: route.path))


def _routes() -> Iterator[Route]:
    for text, pattern in _patterns(get_resolver().url_patterns, ""):
        path = "/" + PART.sub(lambda match: "{" + match["name"] + "}", text)
        name = pattern.name or ""
        page, media = _page_and_media(name)
        if media and (is_machine_address(path) or name in PLAIN):
            converters = pattern.pattern.converters
            found = [(match["name"], match["converter"] or "str") for match in PART.finditer(text)]
            parameters = tuple((part, kind, converters[part].regex) for part, kind in found)
            told = getattr(pattern.callback, "answer_types", {}) if media == MEDIA["json"] else {}
            yield Route(path, name, page, media, parameters, told)


def _patterns(patterns: list, before: str) -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        text = before + str(pattern.pattern)
        if text.startswith(NOT_DESCRIBED):
            continue
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern.url_patterns, text)
        else:
            yield text, pattern


def page_of_route(name: str) -> str:
    """Returns the page that a route belongs to: ``documents_csv`` → documents."""
    return _page_and_media(name)[0]


def _page_and_media(name: str) -> tuple[str, str]:
    """Splits a route's name: ``documents_csv`` → (documents, text/csv)."""
    if name in PLAIN:
        return name, PLAIN[name]
    page, _line, ending = name.rpartition("_")
    return (page, MEDIA[ending]) if ending in MEDIA else (name, "")
