"""Turning the pages of lists and feeds in tests: their rows, and the way on."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree

ATOM = "{http://www.w3.org/2005/Atom}"
HOST = "http://testserver"
# What tells one row of a list from the others, by the name under which the rows stand.
ROWS: dict[str, Callable[[dict], str]] = {
    "changes": lambda row: f"{row['symbol']} {row['at']}",
    "lines": lambda row: f"{row['url']} {row['start']}",
    "groups": lambda row: row["symbol"],
    "results": lambda row: row["url"],
    "paragraphs": lambda row: row["url"],
    "documents": lambda row: row["symbol"],
    "resolutions": lambda row: row["symbol"],
    "bodies": lambda row: row["slug"],
}


def feed(client, address: str) -> ElementTree.Element:
    """The feed at ``address``."""
    response = client.get(address)
    assert response.status_code == 200, address
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.content)


def links(element: ElementTree.Element) -> dict[str, str]:
    """The addresses that a feed or an entry names, by their relation."""
    return {link.get("rel"): link.get("href") for link in element.findall(f"{ATOM}link")}


def ids(root: ElementTree.Element) -> list[str]:
    """The ids of the entries, in order."""
    return [entry.findtext(f"{ATOM}id") for entry in root.findall(f"{ATOM}entry")]


def feed_pages(client, address: str) -> list[ElementTree.Element]:
    """The feed and what follows it, 80 pages at most."""
    read: list[ElementTree.Element] = []
    while address and len(read) < 80:
        read.append(feed(client, address))
        address = links(read[-1]).get("next", "").removeprefix(HOST)
    return read


def turn(client, address: str) -> tuple[list[str], str]:
    """The rows of a page of a list or feed, and the address of the next one."""
    if ".atom" in address:
        root = feed(client, address)
        return ids(root), links(root).get("next", "").removeprefix(HOST)
    response = client.get(address)
    assert response.status_code == 200, (address, response.content.decode())
    twin = response.json()
    name = next(name for name in ROWS if isinstance(twin.get(name), list))
    following = twin["page"]["next"] if isinstance(twin["page"], dict) else twin["next"]
    return [ROWS[name](row) for row in twin[name]], following or ""


def walk(client, address: str, between: Callable[[], object] = lambda: None) -> list[str]:
    """All rows of a list along its cursors; ``between`` happens after each page but the last."""
    return walk_all(client, [address], between)[address]


def walk_all(
    client, addresses: list[str], between: Callable[[], object] = lambda: None
) -> dict[str, list[str]]:
    """The rows of each list, of all of which a page is turned before ``between`` happens."""
    found: dict[str, list[str]] = {address: [] for address in addresses}
    places = {address: address for address in addresses}
    while places:
        for address, place in list(places.items()):
            rows, places[address] = turn(client, place)
            assert rows or not found[address], address
            found[address] += rows
            assert len(found[address]) < 2000, address
        places = {address: place for address, place in places.items() if place}
        if places:
            between()
    return found
