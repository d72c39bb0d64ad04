"""The interface described (OpenAPI 3.1): summaries and parameters of all pages by hand, paths from the
routes, answers from their types. A machine address without a row here fails a test, and so does a row without
an address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import msgspec
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from archive.export import dump
from archive.site.citations.styles import CslItem
from archive.site.http import parameters as p
from archive.site.http.formats import MEDIA, is_machine_address
from archive.site.http.parameters import AFTER, BEFORE, PAGE, Parameter
from archive.site.http.problems import MEDIA_TYPE, Problem
from archive.store.values import Schema


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
    listing: bool = False

    @property
    def names(self) -> frozenset[str]:
        """The names of all query parameters that the page reads."""
        places = p.PLACES if self.paged else ()
        return frozenset((*(parameter.name for parameter in self.parameters), *places))


PLACE = (p.YEAR, p.DOCUMENT)
CITING = (p.RELATION, p.STATE, p.BODY, p.TOGETHER)
SEARCH = (p.QUERY, p.WITHIN, *p.FACETS, p.FACET_TYPE, p.SORT_HITS, p.VARIANTS, p.WITHOUT, p.GROUP)
LINES = (p.QUERY, p.NOT_LEFT, p.NOT_RIGHT, *p.FACETS, p.FACET_TYPE, p.SORT_LINES, p.BESIDE)
PAGES: Mapping[str, Page] = {
    "home": Page(_("首页：1540决议系列、最近入库、覆盖范围")),
    "documents": Page(
        _("文件列表"),
        (p.TYPE, p.LANGUAGE, p.YEAR, p.ORGAN, p.STATE, p.CITES, p.SERIES, p.IN_TITLE, p.SORT),
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
    "document": Page(_("一份文件的全文；未藏的，是所知的情况和引用它的段落数"), (p.SCRIPT,)),
    "bilingual": Page(_("中文本与另一语文的文本逐行对照，按正式编号配对")),
    "discordances": Page(_("中文本与另一语文的文本在同一段中的出入"), paged=True, listing=True),
    "dropped": Page(_("来源中未收入正文的行"), paged=True, listing=True),
    "cited_by": Page(_("引用一份文件的段落"), (*PLACE, *CITING, p.ONLY), paged=True, listing=True),
    "paragraph": Page(_("一个段落；未藏的，是引用它的段落"), (*PLACE, *CITING, p.SCRIPT), paged=True),
    "original": Page(_("一个段落在原件的哪几页，各行在页面的什么位置（点，自左上角）")),
    "paragraph_cited_by": Page(_("引用一个段落的段落"), (*PLACE, *CITING), paged=True, listing=True),
    "cited_words": Page(_("带指纹的链接：文字相同、移动、改动或撤下"), (p.SCRIPT,)),
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
    "range": Page(_("连续几段；未藏的，是引用其中任何一段的段落"), (*PLACE, *CITING, p.SCRIPT), paged=True),
    "cited_range": Page(_("带指纹的几段的链接"), (p.SCRIPT,)),
    "short": Page(_("短链接所指的文字")),
    "document_citation": Page(_("引用一份文件的各种写法")),
    "paragraph_citation": Page(_("引用一个段落的各种写法")),
    "range_citation": Page(_("引用连续几段的各种写法")),
    "parallels": Page(_("与一个段落有相同文字的段落"), paged=True, listing=True),
    "paragraph_similar": Page(_("与一个段落共有词语最多的段落")),
    "linker": Page(_("给别的网页加链接的脚本")),
    "verify": Page(_("签了名的核对结果，和所引文字后来如何"), (p.RECEIPT,)),
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
    "concordance": Page(_("逐词索引"), LINES, paged=True, listing=True),
    "go": Page(_("到所指的文件或段落"), (p.GO,), listing=True),
    "suggest": Page(_("检索建议"), (p.TYPED,)),
}
# Pages without twins that read parameters.
FORMS: Mapping[str, Page] = {
    "suggestions": Page(_("检索建议，供浏览器"), (p.TYPED,)),
    "gone": Page(_("不再提供的地址，说明以什么代替"), (*LINES, p.CODES)),
    "range_chosen": Page(_("到表单所填的几段，或全文中的一段"), (p.FIRST, p.LAST, p.PLACE_IN_TEXT)),
    "unapi": Page(_("列表各项的引文记录（unAPI）"), (p.IDENTIFIER, p.RECORD_FORMAT)),
}


# The machine addresses of the site, read from its routes.

PART = re.compile(r"<(?:(?P<converter>\w+):)?(?P<name>\w+)>")
# The last is what is described, in another language.
NOT_DESCRIBED = ("admin/", "static/", "<language:")
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


@cache
def page_of_route(name: str) -> str:
    """Returns the page that a route belongs to: ``documents_csv`` → documents."""
    return _page_and_media(name)[0]


def _page_and_media(name: str) -> tuple[str, str]:
    """Splits a route's name: ``documents_csv`` → (documents, text/csv)."""
    if name in PLAIN:
        return name, PLAIN[name]
    page, _line, ending = name.rpartition("_")
    return (page, MEDIA[ending]) if ending in MEDIA else (name, "")


# Puts routes, words and types of answers together as an OpenAPI 3.1 description.

EXAMPLES = {
    "symbol": "S/2010/52", "anchor": "annex.14", "fingerprint": "00000000", "alpha3": "ESP", "year": "2016",
    "with_": "en", "slug": "1540-committee", "digest": "00000000", "section": "documents",
}  # fmt: skip
VARYING = re.compile(r"\{\w+\}")
DUMP_FILES = {"lines": dump.LINES, "database": dump.DATABASE}
DRAFT = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}}
        },
        "text/plain": {"schema": {"type": "string"}},
    },
}


def describe() -> dict[str, Any]:
    """Returns the description as plain values."""
    paths: dict[str, dict] = {}
    for routes in paths_described():
        for path, name in _addresses(routes[0]):
            paths[path] = {
                "parameters": _path_parameters(routes) if path == routes[0].path else [],
                **{method: _operation(routes, method, name) for method in PAGES[routes[0].page].methods},
            }
    return {
        "openapi": "3.1.0",
        "info": {
            # Generators make the name of a package of it.
            "title": "1540 Archive API",
            "version": "1",
            "summary": gettext("1540文献库的数据接口"),
            "description": gettext(
                "联合国安全理事会第1540(2004)号决议的中文文件，逐段可查可引。只读，无需登记。"
                "文号中的斜线可以照写，也可以写作%2F。"
                "文件另有英文文本的，在同一地址前加/en，如/en/S/2010/52.json。"
            ),
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "security": [],
        "paths": paths,
        "components": {"schemas": components()},
    }


def paths_described() -> list[list[Route]]:
    """Groups the described machine routes that differ only in their patterns: ``{anchor}`` and ``{spelled}``
    in one place, which a description cannot tell apart.
    """
    found: dict[str, list[Route]] = {}
    for route in machine_routes():
        if route.page in PAGES:
            found.setdefault(VARYING.sub("{}", route.path), []).append(route)
    return list(found.values())


def _addresses(route: Route) -> list[tuple[str, str]]:
    """Returns the paths of a route, each with the name of its operation. The files of the dump are few, and
    told one by one: ``/data/{name}`` could be read as the address of a document.
    """
    if route.page != "data_file":
        return [(route.path, route.name)]
    return [(route.path.format(name=name), f"{route.name}_{kind}") for kind, name in DUMP_FILES.items()]


def _operation(routes: list[Route], method: str, name: str) -> dict[str, Any]:
    route, pages = routes[0], [PAGES[route.page] for route in routes]
    parameters = {
        parameter.name: parameter
        for route, page in zip(routes, pages, strict=True)
        for parameter in (*page.parameters, *_places(route, page))
    }
    types = [each for route in routes for each in route.answers.get(method, ())]
    schema = schema_of(types) or FILES.get(route.media, {"type": "string"})
    return {
        "operationId": name if method == "get" else f"{name}_{method}",
        "summary": "；".join(str(page.words) for page in pages),
        "parameters": [_query_parameter(told) for told in parameters.values()],
        "responses": {
            "200": {"description": "OK", "content": {route.media: {"schema": schema}}},
            "301": {"description": gettext("另一种写法，转到正写")},
            "302": {"description": gettext("转到现在的地址")},
            "304": {"description": gettext("没有改动")},
            "4XX": _problem(
                route, gettext("请求有误、没有，或已撤下；429是请求太密，Retry-After是要等的秒数")
            ),
            "5XX": _problem(route, gettext("暂时不可用")),
        },
        **({"requestBody": DRAFT} if method == "post" else {}),
    }


def _places(route: Route, page: Page) -> tuple[Parameter, ...]:
    if not page.paged:
        return ()
    if route.media == MEDIA["atom"]:
        return (BEFORE,)
    return (PAGE, AFTER) if route.is_json and route.page != "search_whole" else ()


def _problem(route: Route, words: str) -> dict[str, Any]:
    """Returns a problem; a page in words where the address is one that people follow too."""
    content: dict[str, Any] = {MEDIA_TYPE: {"schema": schema_of([Problem])}}
    if not is_machine_address(route.path):
        content["text/html"] = {"schema": {"type": "string"}}
    return {"description": words, "content": content}


def _path_parameters(routes: list[Route]) -> list[dict[str, Any]]:
    """Describes the path parameters; where several routes share a path, any of their patterns."""
    return [
        _path_parameter(rows[0][0], "|".join(dict.fromkeys(regex for _name, _kind, regex in rows)))
        for rows in zip(*(route.parameters for route in routes), strict=True)
    ]


def _path_parameter(name: str, regex: str) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string", "pattern": f"^(?:{regex})$"}
    if name in EXAMPLES:
        schema["examples"] = [EXAMPLES[name]]
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _query_parameter(parameter: Parameter) -> dict[str, Any]:
    """Describes a parameter; a facet is an array, its name repeated for each value (OpenAPI's default)."""
    return {
        "name": parameter.name,
        "in": "query",
        "required": False,
        "description": str(parameter.words),
        "schema": dict(parameter.schema),
    }


# The types of answers as schemas of the description.

SCHEMAS = "#/components/schemas/"
# What files in forms of others are.
FILES: Mapping[str, dict[str, Any]] = {
    MEDIA["csl.json"]: {"type": "array", "items": {"$ref": f"{SCHEMAS}{CslItem.__name__}"}},
    MEDIA["json"]: {"type": "object"},
    MEDIA["jsonld"]: {"type": "object"},
}


@cache
def components() -> dict[str, Any]:
    """Returns the schemas by name: of every type that some address answers with, and those inside them."""
    return {name: _readable(schema) for name, schema in sorted(_all()[1].items())}


def schema_of(types: Iterable[type[Schema]]) -> dict[str, Any] | None:
    """Returns one of ``types``; None where there are none."""
    places = [_all()[0][each] for each in dict.fromkeys(types)]
    return {"anyOf": places} if len(places) > 1 else places[0] if places else None


@cache
def _all() -> tuple[dict[type[Schema], dict[str, Any]], dict[str, Any]]:
    """Returns the reference to the schema of each type, and the schemas by name."""
    told: set[type[Schema]] = {
        each for route in machine_routes() for types in route.answers.values() for each in types
    }
    ordered: list[type[Schema]] = sorted(told | {CslItem, Problem}, key=lambda each: each.__name__)
    places, found = msgspec.json.schema_components(ordered, ref_template=SCHEMAS + "{name}")
    return dict(zip(ordered, places, strict=True)), found


def _readable(schema: Any) -> Any:
    """Returns the schema with descriptions in one line, and tuples as generators of clients read them: what
    stands at each place, and what stands at any.
    """
    if isinstance(schema, list):
        return [_readable(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    told = {name: _readable(value) for name, value in schema.items()}
    if isinstance(words := told.get("description"), str):
        told["description"] = " ".join(words.split())
    if "prefixItems" in told:
        kinds = [kind for n, kind in enumerate(told["prefixItems"]) if kind not in told["prefixItems"][:n]]
        told["items"] = kinds[0] if len(kinds) == 1 else {"anyOf": kinds}
    return told
