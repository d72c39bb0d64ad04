"""Puts routes, words and schemas together as an OpenAPI 3.1 description."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from archive.opendata.machines import is_machine_address
from archive.opendata.problems import MEDIA_TYPE
from archive.parameters import AFTER, BEFORE, PAGE, Parameter

from .operations import PAGES, Page
from .routes import Route, machine_routes

SCHEMAS = Path(__file__).with_name("schemas.json")
EXAMPLES = {
    "symbol": "S/2010/52", "anchor": "annex.14", "fingerprint": "00000000", "alpha3": "ESP", "year": "2016",
    "slug": "1540-committee", "name": "documents.jsonl.gz", "section": "documents",
}  # fmt: skip
# What an answer is where no schema of ours tells.
KINDS = {
    "application/json": "object",
    "application/ld+json": "object",
    "application/vnd.citationstyles.csl+json": "array",
}
DRAFT = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}}
        },
        "text/plain": {"schema": {"type": "string"}},
    },
}
PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
    },
}


@cache
def schemas() -> Mapping[str, Any]:
    """By the name of a route: what its answer looks like. Written by ``python -m tests.answers``."""
    return json.loads(SCHEMAS.read_text(encoding="utf-8")) if SCHEMAS.exists() else {}


def describe() -> dict[str, Any]:
    """The description as plain values."""
    paths: dict[str, dict] = {}
    for route in machine_routes():
        page = PAGES.get(route.page)
        if page is not None:
            paths[route.path] = {
                "parameters": [_path_parameter(*given) for given in route.parameters],
                **{method: _operation(route, page, method) for method in page.methods},
            }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": _("1540文献库"),
            "version": "1",
            "description": _(
                "联合国安全理事会第1540(2004)号决议的中文文件，逐段可查可引。只读，无需登记。"
                "文号中的斜线可以照写，也可以写作%2F。"
            ),
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {"schemas": {"problem": PROBLEM, **schemas()}},
    }


def answer_name(route: Route, method: str = "get") -> str:
    """What an operation and its answer are called."""
    return route.name if method == "get" else f"{route.name}_{method}"


def _operation(route: Route, page: Page, method: str) -> dict[str, Any]:
    parameters = [*page.parameters, *_places(route, page)]
    return {
        "operationId": answer_name(route, method),
        "summary": str(page.words),
        "parameters": [_query_parameter(parameter, parameter in page.required) for parameter in parameters],
        "responses": {
            "200": {"description": "OK", "content": {route.media: {"schema": _schema(route, method)}}},
            "301": {"description": _("另一种写法，转到正写")},
            "302": {"description": _("转到现在的地址")},
            "304": {"description": _("没有改动")},
            "4XX": _problem(route, _("请求有误、没有，或已撤下；429是请求太密，Retry-After是要等的秒数")),
            "5XX": _problem(route, _("暂时不可用")),
        },
        **({"requestBody": DRAFT} if method == "post" else {}),
    }


def _places(route: Route, page: Page) -> tuple[Parameter, ...]:
    if not page.paged:
        return ()
    if route.media == "application/atom+xml":
        return (BEFORE,)
    return (PAGE, AFTER) if route.is_json and route.page != "search_whole" else ()


def _schema(route: Route, method: str) -> dict[str, Any]:
    name = answer_name(route, method)
    if name in schemas():
        return {"$ref": f"#/components/schemas/{name}"}
    return {"type": KINDS.get(route.media, "string")}


def _problem(route: Route, words: str) -> dict[str, Any]:
    """A problem; a page in words where the address is one that people follow too."""
    content: dict[str, Any] = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/problem"}}}
    if not is_machine_address(route.path):
        content["text/html"] = {"schema": {"type": "string"}}
    return {"description": words, "content": content}


def _path_parameter(name: str, _converter: str, regex: str) -> dict[str, Any]:
    schema = {"type": "string", "pattern": f"^(?:{regex})$"}
    if name in EXAMPLES:
        schema["examples"] = [EXAMPLES[name]]
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _query_parameter(parameter: Parameter, required: bool) -> dict[str, Any]:
    """A facet is an array: its name is repeated for each value, as OpenAPI reads it by default."""
    return {
        "name": parameter.name,
        "in": "query",
        "required": required,
        "description": str(parameter.words),
        "schema": dict(parameter.schema),
    }
