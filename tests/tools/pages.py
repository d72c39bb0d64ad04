"""Reading pages and JSON in tests: texts of elements by id, links, headings, ids. Standard library only."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "rect", "wbr"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str | None]
    parent: Element | None = None
    children: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The characters inside, tags stripped, exactly as they stand."""
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    @property
    def classes(self) -> list[str]:
        return (self.attributes.get("class") or "").split()

    def walk(self):
        waiting = self.children[::-1]
        while waiting:
            child = waiting.pop()
            if isinstance(child, Element):
                yield child
                waiting += child.children[::-1]

    def all(self, tag: str = "", css: str = "") -> list[Element]:
        return [
            element
            for element in self.walk()
            if (not tag or element.tag == tag) and (not css or css in element.classes)
        ]

    def with_id(self, ident: str) -> Element | None:
        return next((element for element in self.walk() if element.attributes.get("id") == ident), None)

    @property
    def links(self) -> list[str]:
        return [element.attributes["href"] or "" for element in self.all("a") if "href" in element.attributes]


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("document", {})
        self.here = self.root
        self.problems: list[str] = []

    def handle_starttag(self, tag, attrs):
        element = Element(tag, dict(attrs), self.here)
        if len(dict(attrs)) != len(attrs):
            self.problems.append(f"<{tag}> repeats an attribute")
        self.here.children.append(element)
        if tag not in VOID:
            self.here = element

    def handle_startendtag(self, tag, attrs):
        self.here.children.append(Element(tag, dict(attrs), self.here))

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        if self.here.tag != tag:
            self.problems.append(f"</{tag}> closes <{self.here.tag}>")
            return
        self.here = self.here.parent

    def handle_data(self, data):
        self.here.children.append(data)


def read(html: str | bytes) -> tuple[Element, list[str]]:
    """The tree of a page, and what is wrong with its nesting."""
    builder = _Builder()
    builder.feed(html.decode() if isinstance(html, bytes) else html)
    builder.close()
    if builder.here is not builder.root:
        builder.problems.append(f"<{builder.here.tag}> is never closed")
    return builder.root, builder.problems


def page(client, address: str, status: int = 200) -> Element:
    """The tree of the page at ``address``, which must answer with ``status``."""
    response = client.get(address)
    assert response.status_code == status, (address, response.status_code)
    tree, problems = read(response.content)
    assert not problems, (address, problems)
    return tree


def twin(client, address: str, status: int = 200, **parameters) -> dict[str, Any]:
    """What a program is told at ``address``, which must answer with ``status``."""
    response = client.get(address, parameters)
    assert response.status_code == status, (address, response.status_code)
    assert "json" in response["Content-Type"], address
    return response.json()
