"""Puts routes, words and types of answers together as an OpenAPI 3.1 description."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from archive.citations.styles import CslItem
from archive.http.formats import MEDIA, is_machine_address
from archive.http.parameters import AFTER, BEFORE, PAGE, Parameter
from archive.http.problems import MEDIA_TYPE, Problem
from archive.opendata.dump import DATABASE, LINES
from archive.values import Schema

from .operations import PAGES, Page, Route, machine_routes

EXAMPLES = {
    "symbol": "S/2010/52", "anchor": "annex.14", "fingerprint": "00000000", "alpha3": "ESP", "year": "2016",
    "slug": "1540-committee", "digest": "00000000", "section": "documents",
}  # fmt: skip
VARYING = re.compile(r"\{\w+\}")
DUMP_FILES = {"lines": LINES, "database": DATABASE}
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
            "summary": _("1540文献库的数据接口"),
            "description": _(
                "联合国安全理事会第1540(2004)号决议的中文文件，逐段可查可引。只读，无需登记。"
                "文号中的斜线可以照写，也可以写作%2F。"
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
        parameter.name: (parameter, parameter in page.required)
        for route, page in zip(routes, pages, strict=True)
        for parameter in (*page.parameters, *_places(route, page))
    }
    types = [each for route in routes for each in route.answers.get(method, ())]
    schema = schema_of(types) or FILES.get(route.media, {"type": "string"})
    return {
        "operationId": name if method == "get" else f"{name}_{method}",
        "summary": "；".join(str(page.words) for page in pages),
        "parameters": [_query_parameter(*told) for told in parameters.values()],
        "responses": {
            "200": {"description": "OK", "content": {route.media: {"schema": schema}}},
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


def _query_parameter(parameter: Parameter, required: bool) -> dict[str, Any]:
    """Describes a parameter; a facet is an array, its name repeated for each value (OpenAPI's default)."""
    return {
        "name": parameter.name,
        "in": "query",
        "required": required,
        "description": str(parameter.words),
        "schema": dict(parameter.schema),
    }


# The types of answers as schemas of the description.

PLACE = "#/components/schemas/"
# What files in forms of others are.
FILES: Mapping[str, dict[str, Any]] = {
    MEDIA["csl.json"]: {"type": "array", "items": {"$ref": f"{PLACE}{CslItem.__name__}"}},
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
    places, found = msgspec.json.schema_components(ordered, ref_template=PLACE + "{name}")
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
