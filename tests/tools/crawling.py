"""A robot that follows links as search engines do: heeds robots.txt (RFC 9309, with its ``*`` and ``$``), the
pages' own word on robots, and asks nothing twice.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from dataclasses import dataclass, field
from urllib.parse import unquote, urljoin, urlsplit

from django.urls import resolve

from .pages import read

HOST = "testserver"


@dataclass
class Crawl:
    """``found``: address → the page that led there first; ``broken``: status, address and that page."""

    found: dict[str, str] = field(default_factory=dict)
    asked: int = 0
    broken: list[tuple[int, str, str]] = field(default_factory=list)
    lost_fragments: list[tuple[str, str]] = field(default_factory=list)


class Robots:
    """What robots.txt allows: the longest rule that fits, of equal ones the one that allows."""

    def __init__(self, text: str) -> None:
        pairs = (line.partition(":")[::2] for line in text.splitlines() if not line.startswith("#"))
        given = [(kind.strip().lower(), path.strip()) for kind, path in pairs]
        self.rules = [
            (path, kind == "allow") for kind, path in given if kind in ("allow", "disallow") and path
        ]

    def allow(self, address: str) -> bool:
        fitting = [(len(path), allows) for path, allows in self.rules if _pattern(path).match(address)]
        return max(fitting, default=(0, True))[1]


def _pattern(path: str) -> re.Pattern:
    end = "$" if path.endswith("$") else ""
    return re.compile(re.escape(path.removesuffix("$")).replace(r"\*", ".*") + end)


def crawl(client, start: str = "/", of_a_kind: int = 10_000) -> Crawl:
    """Follow all links from ``start``; at most ``of_a_kind`` pages of one route are opened."""
    robots, done = Robots(client.get("/robots.txt").content.decode()), Crawl({start: ""})
    waiting, opened = deque([start]), Counter()
    ids: dict[str, set[str]] = {}
    aims: dict[str, set[tuple[str, str]]] = {}
    while waiting:
        address = waiting.popleft()
        kind = resolve(unquote(urlsplit(address).path)).url_name
        opened[kind] += 1
        if opened[kind] > of_a_kind:
            continue
        done.asked += 1
        response = client.get(address)
        if response.status_code >= 400:
            done.broken.append((response.status_code, address, done.found[address]))
            continue
        links = [response["Location"]] if response.status_code in (301, 302) else []
        if response["Content-Type"].startswith("text/html") and response.status_code == 200:
            tree, _problems = read(response.content)
            ids[address] = {one.attributes["id"] for one in tree.walk() if "id" in one.attributes}
            links = _links(tree)
        for link in links:
            parts = urlsplit(urljoin(f"http://{HOST}{address}", link))
            if (
                parts.scheme not in ("http", "https")
                or parts.netloc != HOST
                or parts.path.startswith("/static/")
            ):
                continue
            to = parts.path + (f"?{parts.query}" if parts.query else "")
            if parts.fragment and not parts.fragment.startswith(":~:"):
                aims.setdefault(to, set()).add((unquote(parts.fragment).partition(":~:")[0], address))
            if to not in done.found and robots.allow(to):
                done.found[to] = address
                waiting.append(to)
    done.lost_fragments = [
        (f"{to}#{fragment}", page)
        for to in aims.keys() & ids.keys()
        for fragment, page in aims[to]
        if fragment not in ids[to]
    ]
    return done


def _links(tree) -> list[str]:
    said = [
        one.attributes.get("content") or ""
        for one in tree.all("meta")
        if one.attributes.get("name") == "robots"
    ]
    if any("nofollow" in words for words in said):
        return []
    return [
        one.attributes["href"]
        for one in tree.walk()
        if one.tag in ("a", "link")
        and one.attributes.get("href")
        and "nofollow" not in (one.attributes.get("rel") or "")
    ]
