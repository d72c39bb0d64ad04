"""What a page's own style sheet says of its lists: the form of their numbers, or the words around them.

Only plain rules by class or element are read (``ol.a``, ``.a > li``, ``.a > li::before``); what a server's
style sheet says is not fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml.html import HtmlElement

_MOST = 2_000_000  # characters of style sheets
_LONGEST = 4000  # characters of a rule's selectors, and of what it declares
_OF_LIST = re.compile(r"(ol|ul)?(?:\.([\w-]+))?(?:\s*>?\s*li)?")
_BEFORE = re.compile(r"(?:(ol|ul)?\.([\w-]+)|(ol|ul))\s*>?\s*li::?before")
_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*([^;]+)", re.I)
_CONTENT = re.compile(
    r"content\s*:\s*(?:\"([^\"]{0,20})\"|'([^']{0,20})')?\s*counters?\([^)]*?(?:,\s*([\w-]+)\s*)?\)"
    r"\s*(?:\"([^\"]{0,20})\"|'([^']{0,20})')?",
    re.I,
)


@dataclass(frozen=True, slots=True)
class ListForm:
    """How numbers are printed: the form by its CSS name, and what stands around it."""

    style: str
    before: str = ""
    behind: str | None = None


@dataclass(slots=True)
class ListStyles:
    """By class ("" for all) or element, what a page's style sheets say."""

    styles: dict[str, str] = field(default_factory=dict)
    contents: dict[str, ListForm] = field(default_factory=dict)

    def of(self, element: HtmlElement) -> ListForm | None:
        """How the numbers of this list are printed; None where the sheets do not say."""
        names = [f".{name}" for name in element.get("class", "").split()] + [element.tag]
        content = next((self.contents[name] for name in names if name in self.contents), None)
        if content is not None:
            return content
        style = next((self.styles[name] for name in names if name in self.styles), None)
        return ListForm(style) if style else None


def list_styles(page: HtmlElement) -> ListStyles:
    """What the style elements of a page say of its lists."""
    found = ListStyles()
    sheets = "\n".join(style.text_content() for style in page.iter("style"))[:_MOST]
    for selectors, declared in _rules(sheets):
        style, content = _STYLE.search(declared), _CONTENT.search(declared)
        if not style and not content:
            continue
        for selector in selectors.split(",")[:50]:
            selector = selector.strip()
            if content and (of := _BEFORE.fullmatch(selector)):
                name = f".{of[2]}" if of[2] else of[3]
                around = (content[1] or content[2] or "", content[4] or content[5] or "")
                found.contents[name] = ListForm((content[3] or "decimal").lower(), *around)
            elif style and selector and (of := _OF_LIST.fullmatch(selector)) and (of[1] or of[2]):
                found.styles[f".{of[2]}" if of[2] else of[1]] = style[1].lower().strip()
    return found


def _rules(sheets: str) -> Iterator[tuple[str, str]]:
    """Selectors and declarations of each rule, also of those inside a condition (``@media``)."""
    first, *others = sheets.split("/*")
    plain = first + "".join(piece.partition("*/")[2] for piece in others)
    for chunk in plain.split("}"):
        selectors, _brace, declared = chunk.rpartition("{")
        selectors = selectors.rpartition("{")[2]
        if len(selectors) <= _LONGEST and len(declared) <= _LONGEST:
            yield selectors, declared
