"""The whole site, walked from its front page along its own links: every page leads to its data, every list to
its table. A page that is added is walked as soon as another page links to it.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import get_resolver, resolve

from archive.http.machine_addresses import is_machine_address
from archive.opendata import twins

from .pages import Element, read

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

BOUND = 1  # pages of one route with one set of parameters; two without any
FILTERS = 2  # parameters at once; of each list alone a thousand combinations of more are linked
# Lists that have no table of their own, and why.
NO_TABLE = {
    "compare": "two texts side by side",
    "parallels": "a comparison with one paragraph; its JSON has the places of the shared words",
}
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
            if target and target not in seen and not FILES.search(path) and not is_machine_address(path):
                seen.add(target)
                waiting.append(target)


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
        if link.attributes.get("rel") == "alternate"
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
    found, routes = {}, Counter()
    for address, route, tree in walk(client):
        routes[route] += 1
        if wrong := faults(client, address, route, tree):
            found[address] = wrong
    assert found == {}
    assert pages_of_the_site() - set(routes) == UNLINKED
    assert sum(routes.values()) > 100


# Pages that no link leads to, but a form or a code on paper; and the page of the original, which texts lack.
UNLINKED = {"go", "original", "short"}


def pages_of_the_site() -> set[str]:
    """The routes that have a JSON twin."""
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    return {name for name in names if f"{name}_json" in names}


def test_the_walk_finds_pages_that_lack_them(client, bundled_index, monkeypatch):
    """A check that cannot fail is none."""
    whole = twins.FORMATS
    for lacking, address, wrong in [
        ("json", "/bodies", "no JSON in the head and at the foot"),
        ("csv", "/bodies", "a list without a table"),
    ]:
        monkeypatch.setattr(twins, "FORMATS", [row for row in whole if row[0] != lacking])
        tree, _problems = read(client.get(address).content)
        assert faults(client, address, "bodies", tree) == [wrong]
