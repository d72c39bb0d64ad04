"""Doubts about the structure: numbers that are missing or come twice, and lines kept as they stood."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence

from ..blocks.markers import Style, read_markers
from ..numerals import number_of, number_of_roman
from ..parsed import Doubt, Kind
from ..shapes import read_caption
from .articles import is_article
from .captions import CAPTION
from .classify import ITEM_STYLES
from .nodes import Node
from .resolutions import RESUMED

_COUNTED = (Kind.PARAGRAPH, Kind.OPERATIVE)
_SUBS = 100  # 第八条之二 is 802, behind 800 and 801
_MAY_BEGIN_LATE = ("item", "article", "footnote")  # in an excerpt, or where another paper began the count


def doubts_of(nodes: Sequence[Node]) -> list[Doubt]:
    """The doubts about ``nodes``, in their order: what was lost or is no number, tables kept line by line."""
    doubts: list[Doubt] = []
    last: dict[str, int] = {}
    series: dict[Hashable, tuple[int, str]] = {}
    lines = below_heading = False
    for node in nodes:
        kept = node.role in ("line", "row") and node.kind is not Kind.ROW
        if kept and not lines:
            message = "short lines on end were kept line by line: a table or a list"
            doubts.append(_doubt(message, node))
        lines = kept
        doubts += [_doubt(message, node) for message in _of_series(node, series)]
        if node.marker is not None and node.kind in _COUNTED and (node.number or "").isdecimal():
            doubts += _of_paragraph(node, last.get(node.part), below_heading=below_heading)
            last[node.part] = node.marker.value
            below_heading = False
        below_heading = below_heading or node.is_heading or node.role == "organ_line" or is_article(node)
    return doubts


def _of_paragraph(node: Node, before: int | None, *, below_heading: bool) -> Iterator[Doubt]:
    """A count goes on by one; below a heading it may begin anew (a draft, a reply), and only then."""
    value = node.numbering.value
    again = value == 1 and before is not None and not below_heading
    if node.role == RESUMED:
        pass  # it goes on behind the count of a draft
    elif before is not None and (value not in (before + 1, 1) or again):
        yield _doubt(f"paragraph {value} follows paragraph {before}", node)
    elif before is None and value > 1:
        yield _doubt(f"paragraph {value} is the first with a number", node)
    if any(inner.style in ITEM_STYLES and inner.value == 1 for inner in read_markers(node.text)):
        message = f"paragraph {value} begins at once with its first item, which has no block of its own"
        yield _doubt(message, node)


def _of_series(node: Node, series: dict[Hashable, tuple[int, str]]) -> Iterator[str]:
    """What is missing or comes twice among annexes, sections, captions, items, articles, notes: each counts
    on in a series of its own, or behind the last of its kind (第3款 in 第二部分)."""
    read = _numbered(node)
    if read is None:
        return
    name, key, value, printed = read
    before, beside = series.get((name, key)), series.get((name, key[-1]), (0, ""))
    series[name, key] = series[name, key[-1]] = value, printed
    if before is None:
        if value not in (1, beside[0] + 1) and name not in _MAY_BEGIN_LATE:
            yield f"{name} {printed} is the first of its series"
    elif value != before[0] + 1 and not _may_follow(name, value, before[0]):
        yield f"{name} {printed} follows {name} {before[1]}"


def _may_follow(name: str, value: int, before: int) -> bool:
    """Whether a number that is not the next is none the less in order: articles and sections that begin anew,
    notes that each page counts."""
    if name == "article":
        return value in (_SUBS, (before // _SUBS + 1) * _SUBS, before + 2 - before % _SUBS)
    if name == "paragraph":
        return value == 1 < before
    return (name == "section" and value == 1) or (name == "footnote" and value <= before)


def _numbered(node: Node) -> tuple[str, tuple[Hashable, ...], int, str] | None:
    """What ``node`` counts: its name, the series, the value, and the number as printed; None for nothing."""
    if node.label is not None and node.role == "annex_label":
        # one without number stands alone
        return "part", (_outer(node.part), node.label.kind), node.label.number or 1, node.label.words
    if node.note.isdecimal():
        return "footnote", (node.part,), int(node.note), node.note
    if node.role == CAPTION and (caption := read_caption(node.plain)) and not caption["again"]:
        name, number = caption["box"] or caption["figure"], caption["number"]
        value = number_of(number) or number_of_roman(number)
        return ("caption", (node.part, name), value, name + number) if value else None
    marker = node.marker
    if marker is None or node.role == "contents" or node.quoted:
        return None
    if marker.style is Style.DECIMAL:
        return "paragraph", (node.part, marker.number.rpartition(".")[0]), marker.value, marker.number
    if is_article(node):
        return "article", (node.part,), marker.value * _SUBS + marker.sub, marker.number
    if node.is_heading or node.kind is Kind.SUBPARAGRAPH:
        name = "section" if node.is_heading else "item"
        return name, (id(node.parent), marker.style), marker.value, marker.number
    return None


def _outer(part: str) -> str:
    return part.rpartition(".")[0]


def _doubt(message: str, node: Node) -> Doubt:
    return Doubt(message, node.lines[0], node.anchor)
