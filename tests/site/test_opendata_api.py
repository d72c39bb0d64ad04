"""The description says what is: every machine address has a row, every answer the shape that it promises."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from archive.models import Paragraph
from archive.site.http.paging import ListPage
from archive.site.opendata.operations import PAGES, VARYING, describe, machine_routes, paths_described
from archive.site.views import paragraph, respond, service
from archive.site.views.paragraph import EarlierText
from archive.store.reading import records as values
from archive.store.values import encode
from archive.wsgi import application
from tests.tables import each_row
from tests.tools import answers
from tests.tools.pages import page

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
MOST = None if "WHOLE" in os.environ else 8  # answers of one address


# --- it cannot go stale ---


def test_every_machine_address_has_a_row_and_every_row_an_address():
    """A new address? Give its page a row in archive/site/opendata/operations.py."""
    pages = {route.page for route in machine_routes()}
    assert pages - set(PAGES) == set()
    assert set(PAGES) - pages == set()


def test_every_machine_address_is_in_the_description_with_its_parameters():
    told = describe()["paths"]
    for routes in paths_described():
        route = routes[0]
        if route.page != "data_file":
            names = [row["name"] for row in told[route.path]["parameters"]]
            assert names == [row[0] for row in route.parameters]
    assert sum(map(len, paths_described())) == len(machine_routes()) > 60


def test_addresses_that_no_description_can_tell_apart_are_one_path():
    """A range stands where a paragraph stands: one path, whose answer is any of theirs."""
    paths = describe()["paths"]
    shapes = [VARYING.sub("{}", path) for path in paths]
    assert len(shapes) == len(set(shapes))
    parameters = {row["name"]: row["schema"] for row in paths["/{symbol}/p/{anchor}.json"]["parameters"]}
    for anchor in ("annex.14", "annex.3-5"):
        assert re.search(parameters["anchor"]["pattern"], anchor)
    answer = _schema(paths["/{symbol}/p/{anchor}.json"])
    assert [kind["$ref"].rpartition("/")[2] for kind in answer["anyOf"]] == [
        "ParagraphAnswer",
        "CitedBy",
        "Range",
    ]


def test_no_file_can_be_read_as_the_address_of_a_document():
    """``/data/{name}`` and ``/{symbol}/cite.json`` would both be ``/data/cite.json``."""
    paths = [path for path in describe()["paths"] if path.startswith("/data/")]
    assert {f"/data/{name}" for name in ("documents.jsonl.gz", "archive.sqlite3")} <= set(paths)
    assert not any("{" in path for path in paths)


def test_a_client_can_be_named_after_the_title():
    assert re.fullmatch(r"[A-Za-z0-9 ]+", describe()["info"]["title"])


def test_every_array_says_of_what_and_no_two_types_share_a_name():
    told = describe()
    assert all(name.isalpha() for name in told["components"]["schemas"])  # msgspec would add the module
    for place, schema in _objects(told, "#"):
        if schema.get("type") == "array":
            assert schema.get("items"), place
        assert "_" not in place.rpartition("/components/schemas/")[2].partition("/")[0], (
            place
        )  # two of a name


# Answers that are no types of ours: the description itself, and the thesaurus in a vocabulary of others.
UNTYPED = {"openapi", "concept_jsonld", "concepts_jsonld"}


def test_every_json_answer_has_a_type():
    for path, methods in describe()["paths"].items():
        for method, operation in methods.items():
            if method == "parameters" or operation["operationId"] in UNTYPED:
                continue
            for media, told in operation["responses"]["200"]["content"].items():
                kinds = told["schema"].get("anyOf", [told["schema"].get("items", told["schema"])])
                assert not media.endswith("json") or all("$ref" in kind for kind in kinds), path


@pytest.mark.parametrize(
    ("route", "method"), answers.described(), ids=[route.name for route, _how in answers.described()]
)
def test_every_answer_is_of_a_type_of_its_address_with_no_key_more(
    client, everything, monkeypatch, route, method
):
    """Another key, or a key less? Its type stands beside the view that answers it."""
    built: list[type] = []

    def noted(told: Any, indent: int | None = 1) -> str:
        built.append(type(told))
        return encode(told, indent)

    for writer in (respond, service):
        monkeypatch.setattr(writer, "encode", noted)
    seen = 0
    for address, answer in islice(answers.answers(client, route, method), MOST):
        assert _kinds_of(answer, route.answers[method]), f"{address}: {_wrong(answer, route.answers[method])}"
        assert not built or built[-1] in route.answers[method]  # a card asks a page before it
        seen += 1
    assert seen


def _kinds_of(answer: Any, types: Iterable[type]) -> list[type]:
    """The types that ``answer`` is of to the last key: what is unknown to a type is lost on the way."""
    return [kind for kind in types if not _wrong(answer, [kind])]


def _wrong(answer: Any, types: Iterable[type]) -> list[str]:
    found = []
    for kind in types:
        try:
            again = json.loads(encode(msgspec.convert(answer, kind)))
        except msgspec.ValidationError as error:
            found.append(f"{kind.__name__}: {error}")
            continue
        if answers.read_moments(again) != answers.read_moments(answer):
            found.append(f"{kind.__name__}: other keys or values")
    return found


def test_a_fact_of_a_paragraph_is_answered_wherever_its_type_is_as_soon_as_that_names_it(
    client, bundled_documents, monkeypatch
):
    """Its row has it: then the type is the one file to touch, beside test, documents and template."""
    fact = [("position", int)]  # which rows have and no answer tells
    told = msgspec.defstruct("Paragraph", fact, bases=(values.Paragraph,), kw_only=True, frozen=True)
    named = msgspec.defstruct(
        "NamedParagraph", fact, bases=(values.NamedParagraph,), kw_only=True, frozen=True
    )
    monkeypatch.setattr(values, "Paragraph", told)
    monkeypatch.setattr(paragraph, "NamedParagraph", named)
    places = dict(Paragraph.objects.filter(document__symbol="S/2010/52").values_list("anchor", "position"))
    whole = client.get("/S/2010/52.json").json()["paragraphs"]
    some = client.get("/S/2010/52/p/annex.3-5.json").json()["paragraphs"]
    one = client.get("/S/2010/52/p/annex.14.json").json()["paragraph"]
    assert len(whole) == len(places) and len(some) > 2
    assert all(block["position"] == places[block["anchor"]] for block in (*whole, *some, one))


WRONG = {"number": 1, "pages": 1, "total": 3, "next": None}


@pytest.mark.parametrize(
    "changed", [{"more": 1}, {"next": 2}, {"pages": "1"}, {"total": None}, {"number": 1.5}]
)
def test_a_type_takes_nothing_else(changed):
    assert not _wrong(WRONG, [ListPage])
    assert _wrong({**WRONG, **changed}, [ListPage])


def test_a_moment_at_the_very_second_is_of_its_type():
    """One in a thousand: the microseconds are cut to milliseconds, and those are nought."""
    assert not _wrong({"fingerprint": "3f9a2c1b", "since": "2026-11-22T20:19:51.000Z", "until": None,
                       "in_doubt": False, "reason": None, "url": "/"}, [EarlierText])  # fmt: skip


def test_a_key_that_is_missing_is_told():
    assert _wrong({"number": 1, "pages": 1, "total": 3}, [ListPage])


def _schema(methods: dict) -> dict:
    return next(iter(methods["get"]["responses"]["200"]["content"].values()))["schema"]


def _objects(value: Any, place: str) -> Iterator[tuple[str, dict]]:
    """Every object inside ``value``, with its place."""
    if isinstance(value, dict):
        yield place, value
        for name, inner in value.items():
            yield from _objects(inner, f"{place}/{name}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _objects(inner, f"{place}/{number}")


# --- generated requests ---


CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture(scope="module")
def api(everything):
    return schemathesis.openapi.from_wsgi("/openapi.json", application)


ASKED = [
    (path, method) for path, told in describe()["paths"].items() for method in told if method != "parameters"
]


@pytest.mark.parametrize(("path", "method"), ASKED, ids=[f"{path}-{method}" for path, method in ASKED])
def test_whatever_is_asked_the_answer_is_as_described(api, path, method):
    @given(case=api[path][method.upper()].as_strategy())
    @settings(
        max_examples=100 if "WHOLE" in os.environ else 4,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case):
        case.call_and_validate(checks=CHECKS, headers={"accept-encoding": "identity"})

    ask()


def test_the_description_is_valid_openapi(api):
    api.validate()
    assert api.specification.version.startswith("3.1")


# --- the page ---


def test_the_page_explains_every_address_and_every_problem(client, bundled_documents):
    tree = page(client, "/api")
    words = tree.text
    for route in machine_routes():
        assert route.path in words
    for problem in tree.all("tr"):
        if ident := problem.attributes.get("id"):
            assert f"/api#{ident}" in problem.text
    assert client.get("/documents.json?page=x").json()["type"].removeprefix("/api#") in {
        row.attributes.get("id") for row in tree.all("tr")
    }
    assert "/openapi.json" in tree.links


def test_the_description_is_json_that_any_site_may_read(client, db):
    response = client.get("/openapi.json", headers={"origin": "https://elsewhere.example"})
    assert response["Access-Control-Allow-Origin"] == "*"
    assert json.loads(response.content)["openapi"] == "3.1.0"


@each_row("PAGES_WITH_TWINS")
def test_every_page_shows_where_its_data_is(client, everything, address):
    shown = page(client, address).all("p", "twins")
    assert len(shown) == 1
    assert any(link.partition("?")[0].endswith(".json") for link in shown[0].links)
    for link in shown[0].links:
        response = client.get(link)
        assert response.status_code == 200
        response.close()  # a workbook that nobody reads to its end


def test_the_data_of_a_filtered_list_is_filtered(client, bundled_documents):
    links = page(client, "/documents?year=2016").all("p", "twins")[0].links
    assert links == [f"/documents.{ending}?year=2016" for ending in ("json", "csv", "xlsx", "atom")]


@pytest.mark.parametrize("address", ["/nothing", "/S/2099/9", "/documents?page=x"])
def test_a_page_of_an_error_offers_no_data(client, bundled_documents, address):
    from tests.tools.pages import read

    tree, _problems = read(client.get(address).content)
    assert not tree.all("p", "twins")
