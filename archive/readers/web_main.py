"""What of a web page is its text: without navigation, banners, related links and feet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lxml.html import HtmlElement

from .writer import is_of_masthead

_BLOCKS = """
address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure
footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre section summary table
tbody td tfoot th thead tr ul
"""
_NO_TEXT = """
script style noscript template svg iframe object embed applet select option textarea input button nav
aside head audio video canvas map form rt rp link meta
"""
BLOCKS = frozenset(_BLOCKS.split())
_NEVER = frozenset(_NO_TEXT.split())
_UNSEEN = ("script", "style", "noscript", "template", "link", "meta")
_ROLES = frozenset(
    (
        *("navigation", "banner", "contentinfo", "complementary", "search", "dialog", "alertdialog", "alert"),
        *("menu", "menubar", "toolbar", "tablist"),
    )
)
_AROUND = re.compile(
    r"(?:^|[-_\s])(?:cookies?|consent|gdpr|bread-?crumbs?|crumbs?|nav|navbar|navigation|menu|submenu|side-?bar|aside|"
    r"share|sharing|social|comments?|related|recommend(?:ed|ations?)?|pager|pagination|skip(?:-?link|nav)?|tool-?bar|"
    r"banner|advert(?:isement)?|ads?|subscribe|newsletter|log-?in|popup|modal|footer|foot|site-?header|top-?bar|"
    r"cat-?links?|categories|licen[cs]es?|copyright|print-?footer|site-?sub|noexport|"
    r"nav-?box(?:es)?|sister-?projects?|"
    r"search(?:-?box|-?form)?|lang(?:uage)?s?(?:-?switcher)?|editsection|toc|noprint|sr-only|visually-hidden|"
    r"screen-reader-text)(?:$|[-_\s])",
    re.I,
)
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_HEADER = re.compile(r"(?:^|[-_\s])(?:header|head)(?:$|[-_\s])", re.I)
_ON = "←→⇐⇒◀▶◄►"
_LABEL = re.compile(
    r"(?:作者|[译譯编編]者|分[类類]|[类類][别別]|[标標][签籤]|[栏欄]目|[专專][题題])[:：]|"
    r"(?:上|下|前|后|後)一?[篇页頁章节節条條个個][:：]?|返回|[←→⇐⇒◀▶◄►«»‹›]"
)
_BY = ("作者：", "作者:")
_BETWEEN = " \n\t\r\u3000\xa0、，,|/·•"
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_LONG = 40
_MOST_LINKED = 0.6
_SHORT = 400
_CONTENT = ("main", "article")
_PARTS = ("ul", "ol", "li", "dl", "dd", "div", "section", "center", "table", "tr", "td", "p", "a")


def main_of(page: HtmlElement) -> HtmlElement:
    """The element with the page's text: what the page calls its main part, else what holds all long text, the
    first heading and the lines of a masthead."""
    body = next(page.iter("body"), page)
    for found in (_told(body), *(_alone(body, name) for name in _CONTENT)):
        if found is not None and 2 * _length(found) >= _longest_beside(body, found):
            return found
    return _common(body)


def is_left_out(element: HtmlElement, whole: int) -> bool:
    """Whether an element is no text of the page. ``whole`` is the length of all of it: what holds most of it
    is never left out by its name alone."""
    if not isinstance(element.tag, str) or element.tag in _NEVER:
        return True
    if element.get("hidden") is not None or _HIDDEN.search(element.get("style", "")):
        return True
    if element.get("role", "").lower() in _ROLES:
        return True
    named = _HUMP.sub("-", f"{element.get('id', '')} {element.get('class', '')}")
    around = element.tag == "footer" or _AROUND.search(named)
    if around and "note" not in named.lower():
        return 2 * _length(element) < whole
    if _HEADER.search(named) and _length(element) < _SHORT and 2 * _length(element) < whole:
        beside = element.getprevious()
        if any(map(_leads_on, [*element.iter(*_PARTS), *([] if beside is None else [beside])])):
            return True
    if element.tag in ("ul", "ol", "div", "table", "p") and _is_links(element):
        return True
    return element.tag in _PARTS and _leads_on(element)


def _told(body: HtmlElement) -> HtmlElement | None:
    found = [
        element for element in body.iter() if isinstance(element.tag, str) and element.get("role") == "main"
    ]
    return found[0] if len(found) == 1 else None


def _alone(body: HtmlElement, name: str) -> HtmlElement | None:
    """The only element of a name that is in no other of it, else None: a list of articles is no text."""
    found = [one for one in body.iter(name) if not any(above.tag == name for above in one.iterancestors())]
    return found[0] if len(found) == 1 else None


def _longest_beside(body: HtmlElement, found: HtmlElement) -> int:
    """The length of the longest paragraph outside of ``found``: where that is longer, it is no text."""
    inside = set(found.iter())
    beside = (text for block, text in _texts(body) if block not in inside)
    return max(map(len, beside), default=0)


def _common(body: HtmlElement) -> HtmlElement:
    """An element with every long text, the first heading and the masthead's lines, and little more."""
    wanted = [block for block, text in _texts(body) if len(text) >= _LONG or is_of_masthead(text)]
    wanted += list(body.iter("h1"))[:1]
    if not wanted:
        return body
    shared: list[HtmlElement] | None = None
    for element in wanted:
        path = [*reversed(list(element.iterancestors())), element]
        path = path[path.index(body) :] if body in path else [body]
        if shared is None:
            shared = path
            continue
        same = 0
        while same < min(len(shared), len(path)) and shared[same] is path[same]:
            same += 1
        shared = shared[:same]
    return _widened(shared[-1], body) if shared else body


def _widened(element: HtmlElement, body: HtmlElement) -> HtmlElement:
    """The largest element around this one with nothing beside it that is no text: short lines stand there."""
    whole = _length(body)
    while element is not body:
        above = element.getparent()
        seen = (beside for beside in above if beside is not element and beside.tag not in _UNSEEN)
        if any(isinstance(beside.tag, str) and is_left_out(beside, whole) for beside in seen):
            break
        element = above
    return element


def _texts(parent: HtmlElement) -> Iterator[tuple[HtmlElement, str]]:
    """The blocks that hold text of their own, with it; without what is never text and without links."""
    stack = [parent]
    while stack:
        element = stack.pop()
        if not isinstance(element.tag, str) or element.tag in _NEVER:
            continue
        own = [element.text or ""]
        for child in element:
            own.append(child.tail or "")
            if (
                isinstance(child.tag, str)
                and child.tag not in BLOCKS
                and child.tag not in _NEVER
                and child.tag != "a"
            ):
                own.append(child.text_content())
            else:
                stack.append(child)
        text = " ".join("".join(own).split())
        if text and element.tag != "a":
            yield element, text


def _length(element: HtmlElement) -> int:
    return len("".join(element.text_content().split()))


def _is_links(element: HtmlElement) -> bool:
    """Whether an element holds hardly more than links to other pages: a menu, a list of related ones."""
    links = [link for link in element.iter("a") if not link.get("href", "#").startswith("#")]
    if len(links) < 3:
        return False
    linked, whole = sum(map(_length, links)), _length(element)
    return whole < 2000 and linked > _MOST_LINKED * whole and not re.search("[。；;]", element.text_content())


def _leads_on(element: HtmlElement) -> bool:
    """Whether an element leads to the page's neighbours and its kind: links with nothing but arrows and
    labels beside them, what begins and ends with an arrow, or a table that does either or names an author."""
    links = [link for link in element.iter("a") if not link.get("href", "#").startswith("#")]
    if not links or _length(element) > _SHORT:
        return False
    if element.tag == "a":
        return element.get("rel", "").lower() in ("prev", "next")
    text = "".join(element.text_content().split())
    if not text or re.search("[。；;]", text) or next(element.iter("h1"), None) is not None:
        return False
    ends = (text[0] in _ON) + (text[-1] in _ON)
    box = element.tag in ("table", "tr", "td")
    by = box and any(
        f"{label}{''.join(link.text_content().split())}" in text for link in links for label in _BY
    )
    return by or ends > (not box) or _are_labelled(element, links)


def _are_labelled(element: HtmlElement, links: Sequence[HtmlElement]) -> bool:
    """Whether labels or arrows stand beside links, or in them, and no other words do."""
    inside = {one for link in links for one in link.iter()}
    beside = [element.text or ""]
    for one in element.iterdescendants():
        beside.append(one.text or "" if one not in inside or _LABEL.match((one.text or "").strip()) else "")
        beside.append(one.tail or "" if one not in inside or one in links else "")
    said = "\n".join(beside)
    return bool(_LABEL.search(said)) and not _LABEL.sub("", said).strip(_BETWEEN)
