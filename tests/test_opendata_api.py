"""The description says what is: every machine address has a row, every answer the shape that it promises."""

from __future__ import annotations

import json

import jsonschema_rs
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from archive.opendata.api.description import answer_name, describe, schemas
from archive.opendata.api.operations import PAGES
from archive.opendata.api.routes import machine_routes
from archive.wsgi import application
from search.live.update import update_index

from . import answers, inference
from .pages import page

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def everything(django_db_setup, django_db_blocker, tmp_path_factory):
    """All documents that the tests know, stored and indexed once for this module."""
    from django.db import transaction

    from .searching import at

    with django_db_blocker.unblock(), transaction.atomic(), at(tmp_path_factory.mktemp("index")):
        answers.store_everything()
        update_index()
        yield
        transaction.set_rollback(True)


# --- it cannot go stale ---


def test_every_machine_address_has_a_row_and_every_row_an_address():
    """A new address? Give its page a row in archive/opendata/api/operations.py."""
    pages = {route.page for route in machine_routes()}
    assert pages - set(PAGES) == set()
    assert set(PAGES) - pages == set()
    assert all(parameter in row.parameters for row in PAGES.values() for parameter in row.required)


def test_every_machine_address_is_in_the_description_with_its_parameters():
    told = describe()["paths"]
    for route in machine_routes():
        assert [row["name"] for row in told[route.path]["parameters"]] == [row[0] for row in route.parameters]
    assert len(told) == len(machine_routes()) > 60


def test_no_schema_is_left_over():
    assert set(schemas()) <= {answer_name(*asked) for asked in answers.described()}


@pytest.mark.parametrize(
    ("route", "method"), answers.described(), ids=[answer_name(*asked) for asked in answers.described()]
)
def test_answers_have_the_shape_that_is_promised_and_no_key_more(client, everything, route, method):
    """Another key, or a key less? ``python -m tests.answers`` writes the schemas anew; review the diff."""
    validator = jsonschema_rs.validator_for(inference.closed(schemas()[answer_name(route, method)]))
    seen = 0
    for address, answer in answers.answers(client, route, method):
        error = next(validator.iter_errors(answer), None)
        assert error is None, f"{address}: {error.message} at {error.instance_path}"
        seen += 1
    assert seen


def test_schemas_that_hold_for_an_answer_fail_for_another():
    """The inference itself: kinds, keys that are always there, lists, nothing known."""
    schema = inference.inferred([{"a": 1, "b": [None, "x"]}, {"a": 2}])
    validator = jsonschema_rs.validator_for(inference.closed(schema))
    assert validator.is_valid({"a": 3, "b": []})
    for wrong in ({"b": []}, {"a": "3"}, {"a": 3, "b": [1]}, {"a": 3, "c": 1}, [], None):
        assert not validator.is_valid(wrong)


TEXT, TEXTS = {"type": "string"}, {"type": "array", "items": {"type": "string"}}
MERGED = [
    # seen now, seen before, kept
    ({"type": "null"}, TEXT, {"type": ["null", "string"]}),
    ({}, TEXT, TEXT),
    ({"type": "array"}, TEXTS, TEXTS),
    (  # a key that is new
        {"properties": {"a": {}, "b": {}}, "required": ["a", "b"]},
        {"properties": {"a": {}}},
        {"properties": {"a": {}, "b": {}}, "required": ["b"]},
    ),
    (  # a key that is gone
        {"properties": {"a": {}}, "required": ["a"]},
        {"properties": {"a": {}, "gone": {}}, "required": ["a", "gone"]},
        {"properties": {"a": {}}, "required": ["a"]},
    ),
]


@pytest.mark.parametrize(("now", "before", "kept"), MERGED)
def test_another_sample_narrows_nothing_that_was_seen_before(now, before, kept):
    assert inference.with_before(now, before) == kept


# --- generated requests ---


CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture
def api(everything, db):
    return schemathesis.openapi.from_wsgi("/openapi.json", application)


ASKED = [(route, method) for route in machine_routes() for method in PAGES[route.page].methods]


@pytest.mark.parametrize(
    ("route", "method"), ASKED, ids=[f"{route.name}-{method}" for route, method in ASKED]
)
def test_whatever_is_asked_the_answer_is_as_described(api, route, method):
    @given(case=api[route.path][method.upper()].as_strategy())
    @settings(
        max_examples=8,
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


PAGES_WITH_TWINS = [
    "/S/RES/1540(2004)",
    "/S/RES/1540(2004)/p/3",
    "/S/2010/52/p/annex.3-5",
    "/search?q=1540",
    "/api",
    "/",
    "/documents",
    "/S/2010/52",
    "/S/2010/52/p/annex.14",
    "/S/RES/1540(2004)/cited-by",
    "/data",
]


@pytest.mark.parametrize("address", PAGES_WITH_TWINS)
def test_every_page_shows_where_its_data_is(client, everything, address):
    shown = page(client, address).all("p", "twins")
    assert len(shown) == 1
    assert any(link.partition("?")[0].endswith(".json") for link in shown[0].links)
    for link in shown[0].links:
        assert client.get(link).status_code == 200


def test_the_data_of_a_filtered_list_is_filtered(client, bundled_documents):
    links = page(client, "/documents?year=2016").all("p", "twins")[0].links
    assert links == [f"/documents.{ending}?year=2016" for ending in ("json", "csv", "xlsx", "atom")]


@pytest.mark.parametrize("address", ["/nothing", "/S/2099/9", "/documents?page=x"])
def test_a_page_of_an_error_offers_no_data(client, bundled_documents, address):
    from .pages import read

    tree, _problems = read(client.get(address).content)
    assert not tree.all("p", "twins")
