"""Footnotes of web pages: a raised number that leads to a place further down, and what stands there."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import unquote

from lxml.html import HtmlElement

from .web_main import BLOCKS

_MARK = re.compile(r"[\[［(（]?\s*(\d{1,3}|\*{1,3}|[a-z])\s*[\]］)）]?")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_MOST = 5000


@dataclass(slots=True)
class Notes:
    """``calls``: links that call a note, with its mark as it stands in the text. ``starts``: blocks that hold
    a note, with its mark."""

    calls: dict[HtmlElement, str] = field(default_factory=dict)
    starts: dict[HtmlElement, str] = field(default_factory=dict)


def find_notes(main: HtmlElement) -> Notes:
    """The notes in ``main``. A link that leads back up is none: it stands in the note."""
    found = Notes()
    order: dict[HtmlElement, int] = {}
    places: dict[str, HtmlElement] = {}
    links: list[HtmlElement] = []
    for at, element in enumerate(main.iter()):
        order[element] = at
        if not isinstance(element.tag, str):
            continue
        for name in (element.get("id"), element.get("name") if element.tag == "a" else None):
            if name:
                places.setdefault(name, element)
        if element.tag == "a" and element.get("href", "").startswith("#"):
            links.append(element)
    for link in links[:_MOST]:
        mark = _MARK.fullmatch(link.text_content().strip())
        place = places.get(unquote(link.get("href")[1:]))
        if mark is None or place is None or order[place] < order[link]:
            continue
        block = _block_of(place, main)
        if block is None or block in set(link.iterancestors()):
            continue
        raised = mark[1].translate(_RAISED)
        found.calls[link] = raised
        found.starts.setdefault(block, mark[1])
    return found


def without_label(text: str, mark: str) -> str:
    """A note's text without the mark that opens it, or the arrow that leads back."""
    text = re.sub(r"^\s*[\^↑↩]+\s*", "", text)
    raised = mark.translate(_RAISED)
    for form in (mark, raised):
        label = re.match(rf"\s*[\[［(（]?{re.escape(form)}[\]］)）]?\s*[.．、:]?\s*(?!\d)", text)
        if label:
            text = text[label.end() :]
            break
    return re.sub(r"\s*[↑↩]\ufe0e?\s*$", "", re.sub(r"^\s*[\^↑↩]+\s*", "", text))


def _block_of(place: HtmlElement, main: HtmlElement) -> HtmlElement | None:
    """The block that ``place`` opens, or is."""
    element: HtmlElement | None = place
    while element is not None and element is not main:
        if element.tag in BLOCKS and element.tag not in ("h1", "h2", "h3", "h4", "h5", "h6", "tr", "tbody"):
            return element
        element = element.getparent()
    return None
