"""What machine addresses owe to HTTP: marks of freshness, HEAD and OPTIONS, refusals in one form, CORS."""

from __future__ import annotations

import pytest
from django.core.handlers.base import BaseHandler
from django.test import Client

from archive.http.machine_addresses import is_machine_address
from archive.opendata.api.operations import PAGES
from archive.opendata.api.routes import Route, machine_routes
from search.live.update import update_index

from . import answers
from .factories import parsed, store

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ORIGIN = {"origin": "https://elsewhere.example"}
NOT_KEPT = {"healthz": "asked to hear how things are now"}
MARKED_BY_CONTENT = {"robots", "opensearch", "go_json"}  # which HEAD does not make
ROUTES = [
    route for route in machine_routes() if route.name != "data_file"
]  # needs a dump: test_opendata_dump


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker, tmp_path_factory):
    with answers.archive_of_everything(tmp_path_factory.mktemp("index"), django_db_blocker):
        handler = BaseHandler()
        handler.load_middleware()
        yield handler


def good(client, route: Route):
    """An address of the route that answers with 200 to who holds another answer, and the answer."""
    found = ["/sitemap-documents.xml"] if route.name == "sitemap_section" else answers.addresses(route)
    headers = {**ORIGIN, "if-none-match": '"other"'}
    asked = ((address, client.get(address, headers=headers)) for address in found)
    return next((address, answer) for address, answer in asked if answer.status_code == 200)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_every_machine_address_keeps_to_http(client, rf, site, route):
    address, whole = good(client, route)
    body = whole.getvalue()
    assert body
    if route.name in NOT_KEPT:
        assert "no-store" in whole["Cache-Control"]
    else:
        again = client.get(address, headers={"if-none-match": whole["ETag"]})
        assert (again.status_code, again.getvalue(), again["ETag"]) == (304, b"", whole["ETag"])
    head = site.get_response(rf.head(address, headers=ORIGIN))  # the client would take a body away itself
    assert (head.status_code, head.getvalue()) == (200, b"")
    assert whole.streaming or head["Content-Length"] == whole["Content-Length"] == str(len(body))
    for name in (
        "Content-Type",
        "ETag",
        "Cache-Control",
        "Content-Disposition",
        "Access-Control-Allow-Origin",
    ):
        if name != "ETag" or route.name not in MARKED_BY_CONTENT:
            assert head.get(name) == whole.get(name), name
    options = client.options(address)
    assert (options.status_code, options.content) == (204, b"")
    assert {"GET", "HEAD", "OPTIONS"} <= set(options["Allow"].split(", "))
    for method in {"post", "put", "patch", "delete"} - set(PAGES[route.page].methods):
        refused = getattr(Client(enforce_csrf_checks=True), method)(address)
        assert refused.status_code == 405
        assert "GET" in refused["Allow"]
        if is_machine_address(address.partition("?")[0]):
            assert refused["Content-Type"] == "application/problem+json"


def test_other_sites_may_read_and_ask_whether_anything_changed(client, site):
    for address in (
        "/documents.json",
        "/S/2010/52.txt",
        "/S/2010/52/source",
        "/search.csv?q=1540",
    ):
        headers = {
            **ORIGIN,
            "access-control-request-method": "GET",
            "access-control-request-headers": "if-none-match",
        }
        asked = client.options(address, headers=headers)
        assert asked["Access-Control-Allow-Origin"] == "*"
        assert "if-none-match" in asked["Access-Control-Allow-Headers"]
        assert "Access-Control-Allow-Credentials" not in asked
    assert "ETag" in client.get("/documents.json", headers=ORIGIN)["Access-Control-Expose-Headers"]
    assert "Access-Control-Allow-Origin" not in client.get("/documents", headers=ORIGIN)


SEARCHES = [
    "/search.json?q=决议", "/search?q=决议", "/search.csv?q=决议", "/search.atom?q=决议", "/suggest?q=决",
    "/concordance.json?q=决议", "/concordance.csv?q=决议", "/search/whole.json?q=决议",
    "/S/2010/52/p/annex.14/parallels.json",
]  # fmt: skip


def test_a_search_is_new_when_the_index_is(client, site):
    marks = {address: client.get(address)["ETag"] for address in SEARCHES}
    assert len(set(marks.values())) == len(SEARCHES)
    store(parsed("S/2031/77", ("1", "又一份决议")))
    assert update_index().switched
    for address, before in marks.items():
        response = client.get(address, headers={"if-none-match": before})
        assert response.status_code == 200, address
        assert response["ETag"] != before


PROBLEMS = [
    ("get", "/documents.json?page=x", 400, "bad-request"),
    ("get", "/search.json?q=1&page=x", 400, "bad-request"),
    ("get", "/search.json?q=1&after=x", 400, "bad-request"),
    ("get", "/nothing.json", 404, "not-found"),
    ("get", "/S/2010/52.akn.xml", 410, "withdrawn"),
    ("get", "/documents.csv/x.csv", 404, "not-found"),
    ("post", "/search.json", 405, "method-not-allowed"),
    ("delete", "/sitemap.xml", 405, "method-not-allowed"),
]


@pytest.mark.parametrize(("method", "address", "status", "name"), PROBLEMS)
def test_what_goes_wrong_is_told_in_one_form(client, site, method, address, status, name):
    response = getattr(client, method)(address)
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    told = response.json()
    assert (told["type"], told["status"]) == (f"/api#problem-{name}", status)
    assert told["detail"]
    assert f'id="problem-{name}"' in client.get("/api").content.decode()


# An address for machines that was public and went → what stands in its place, an address that answers.
GONE = [
    ("/data/citations.graphml", "/data/citations.csv"),
    ("/S/2010/52.akn.xml", "/S/2010/52.json"),
    ("/S/2099/9.akn.xml", "/S/2099/9.json"),
    ("/oembed", "/api"),
    ("/oembed?format=json&url=http%3A%2F%2Ftestserver%2FS%2F2010%2F52%2Fp%2Fannex.14", "/api"),
]


@pytest.mark.parametrize(("address", "instead"), GONE)
def test_an_address_that_went_says_what_stands_in_its_place(client, site, address, instead):
    response = client.get(address)
    assert response.status_code == 410
    if response["Content-Type"] == "application/problem+json":
        words = response.json()["detail"]
    else:
        words = response.content.decode()
    assert "不再提供" in words and instead in words
    assert client.get(instead).status_code in (200, 404)
    assert client.post(address).status_code == 405


@pytest.mark.parametrize("accept", ["application/json", "text/csv", "application/x-bibtex"])
def test_a_page_is_the_same_whatever_is_preferred(client, site, accept):
    response = client.get("/S/2010/52", headers={"accept": accept})
    assert (response.status_code, response["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "Accept" not in response.get("Vary", "").split(", ")


DRAFTS = [("application/xml", b"<a/>", 415), ("image/png", b"x", 415), ("application/json", b"[", 400),
          ("text/plain", "字".encode() * 200_001, 413)]  # fmt: skip


@pytest.mark.parametrize(("kind", "body", "status"), DRAFTS)
def test_a_draft_that_cannot_be_checked_is_refused_in_that_form(client, site, kind, body, status):
    response = client.post("/check.json", body, content_type=kind)
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    assert response["Cache-Control"] == "no-store"
