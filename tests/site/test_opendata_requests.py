"""What machine addresses owe to HTTP: marks of freshness, HEAD and OPTIONS, refusals in one form, CORS."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from html import unescape
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from django.core.handlers.base import BaseHandler
from django.test import Client
from django.urls import get_resolver, resolve

from archive.site.http.formats import is_machine_address
from archive.site.opendata import signposts
from archive.site.opendata.operations import PAGES, Route, machine_routes
from search.engine.live.update import update_index
from tests.tables import each_row, rows_from
from tests.tools import answers
from tests.tools.factories import parsed, store
from tests.tools.pages import Element, read

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ORIGIN = {"origin": "https://elsewhere.example"}
NOT_KEPT = {"healthz": "asked to hear how things are now"}
MARKED_BY_CONTENT = {"robots", "opensearch", "go_json"}  # which HEAD does not make
ROUTES = [
    route for route in machine_routes() if route.name != "data_file"
]  # needs a dump: test_opendata_dump


@pytest.fixture(scope="module")
def site(everything):
    handler = BaseHandler()
    handler.load_middleware()
    return handler


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
    assert body or route.name.startswith("basket_")  # an empty basket has an empty file
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
    for address in ("/documents.json", "/S/2010/52.txt", "/S/2010/52/source", "/search.csv?q=1540"):
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


SEARCHES = rows_from(__name__, "SEARCHES")  # fmt: skip


def test_a_search_is_new_when_the_index_is(client, site):
    marks = {address: client.get(address)["ETag"] for address in SEARCHES}
    assert len(set(marks.values())) == len(SEARCHES)
    store(parsed("S/2031/77", ("1", "又一份决议")))
    assert update_index().switched
    for address, before in marks.items():
        response = client.get(address, headers={"if-none-match": before})
        assert response.status_code == 200, address
        assert response["ETag"] != before


@each_row("PROBLEMS")
def test_what_goes_wrong_is_told_in_one_form(client, site, method, address, status, name):
    response = getattr(client, method)(address)
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    told = response.json()
    assert (told["type"], told["status"]) == (f"/api#problem-{name}", status)
    assert told["detail"]
    assert f'id="problem-{name}"' in client.get("/api").content.decode()


# An address for machines that was public and went → what stands in its place, an address that answers.


@each_row("GONE")
def test_an_address_that_went_says_what_stands_in_its_place(client, site, address, instead):
    response = client.get(address)
    assert response.status_code == 410
    if response["Content-Type"] == "application/problem+json":
        words = response.json()["detail"]
    else:
        words = response.content.decode()
    assert "不再提供" in words and instead in unescape(words)
    assert client.get(instead).status_code in (200, 404)
    assert client.post(address).status_code == 410, "what took a text told nothing else"


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


# ---
# The whole site, walked from its front page along its own links: every page leads to its data, every list
# to its table. A page that is added is walked as soon as another page links to it.

BOUND = 1  # pages of one route with one set of parameters; two without any
FILTERS = 1  # parameters at once; of each list alone a thousand combinations of more are linked


# Lists that have no table of their own, and why.
NO_TABLE = rows_from(__name__, "NO_TABLE")
FILES = re.compile(r"^/(?:static|admin|data)/|/source$|\.(?:svg|gz|sqlite3)$")


# A range is chosen with a form.
STARTS = ["/", "/S/2010/52/p/annex.3-5"]


def walk(client) -> Iterator[tuple[str, str, Element]]:
    """Address, route and tree of the pages, about ``BOUND`` of a kind."""
    waiting, seen, kinds = STARTS.copy(), set(STARTS), Counter()
    for address in waiting:
        route = resolve(urlsplit(address).path).url_name
        kind = (route, tuple(sorted(parse_qs(urlsplit(address).query))))
        kinds[kind] += 1
        if kinds[kind] > BOUND + (not kind[1]) or len(kind[1]) > FILTERS:
            continue
        response = client.get(address)
        if response.status_code in (301, 302):
            found = [response["Location"]]
        else:
            assert response.status_code == 200, address
            if not response["Content-Type"].startswith("text/html"):
                continue
            tree, _problems = read(response.content)
            yield address, route, tree
            found = tree.links
        for link in found:
            target = absolute(address, link)
            path = urlsplit(target).path
            if target and target not in seen and not FILES.search(path) and not is_file(target):
                seen.add(target)
                waiting.append(target)


def is_file(target: str) -> bool:
    return is_machine_address(urlsplit(target).path)


def absolute(page: str, link: str) -> str:
    """A link of ours as an address without fragment; "" for what leads elsewhere."""
    link = link.partition("#")[0].removeprefix("http://testserver")
    if link.startswith("?"):
        link = urlsplit(page).path + link
    return link if link.startswith("/") and not link.startswith("//") else ""


def faults(client, address: str, route: str, tree: Element) -> list[str]:
    """What a page owes to programs and does not have."""
    shown = [link for foot in tree.all("p", "twins") for link in foot.links]
    heads = {
        link.attributes["type"]: link.attributes["href"]
        for link in tree.all("link")
        if link.attributes.get("rel") == "alternate" and "hreflang" not in link.attributes
    }
    twin = heads.get("application/json", "")
    if not twin or twin not in shown:
        return ["no JSON in the head and at the foot"]
    response = client.get(twin)
    if (response.status_code, response["Content-Type"]) != (200, "application/json"):
        return [f"its JSON answers {response.status_code}"]
    data = response.json()
    if not is_list(route, data) or route in NO_TABLE:
        return []
    table = heads.get("text/csv", "")
    if not table or table not in shown:
        return ["a list without a table"]
    answered = client.get(table)
    if answered.status_code != 200 or not answered["Content-Type"].startswith("text/csv"):
        return [f"its table answers {answered.status_code}"]
    content = b"".join(answered.streaming_content).decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(content, newline=""))
    return [] if all(len(row) == len(head) for row in rows) else ["a table of uneven rows"]


def is_list(route: str, data: dict) -> bool:
    """Whether the page is one of many rows: it has pages, or lists that stand by their name in an address."""
    return "page" in data or "pages" in data or route in ("states", "years", "matrix", "document")


def test_every_page_leads_to_its_data_and_every_list_to_its_table(client, bundled_index):
    found, routes, files = {}, Counter(), set()
    for address, route, tree in walk(client):
        routes[route] += 1
        if wrong := faults(client, address, route, tree):
            found[address] = wrong
        for target in filter(is_file, (absolute(address, link) for link in tree.links)):
            kind = resolve(unquote(urlsplit(target).path)).url_name
            if kind not in files:  # one of each
                files.add(kind)
                with closing(client.get(target, follow=True)) as answer:
                    assert answer.status_code == 200, (address, target)
    assert found == {} and len(files) > 20
    # Two texts beside each other are linked where both are held (``test_texts``).
    assert pages_of_the_site() - {*routes, "bilingual"} == UNLINKED
    assert sum(routes.values()) > 100


# Pages that no link leads to, but a form or a code on paper; and the page of the original, which texts lack.
UNLINKED = {"go", "original", "short"}


def pages_of_the_site() -> set[str]:
    """The routes that have a JSON twin."""
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    return {name for name in names if f"{name}_json" in names}


def test_the_walk_finds_pages_that_lack_them(client, bundled_index, monkeypatch):
    """A check that cannot fail is none."""
    whole = signposts.OF_PAGES
    for lacking, address, wrong in [
        ("json", "/bodies", "no JSON in the head and at the foot"),
        ("csv", "/bodies", "a list without a table"),
    ]:
        monkeypatch.setattr(signposts, "OF_PAGES", [row for row in whole if row.key != lacking])
        tree, _problems = read(client.get(address).content)
        assert faults(client, address, "bodies", tree) == [wrong]
