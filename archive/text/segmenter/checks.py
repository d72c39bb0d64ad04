"""The finished document checks itself: sentences that must be true of any document, each a named check.

A check reads the finished blocks, and the lines that they were made of, and tells the blocks of which its
sentence is false, and why. It changes nothing: what it tells is a doubt at the block, under the check's name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ..blocks.markers import ITEM_STYLES, Style, read_alone, read_markers
from ..mentions.serials import may_be_of
from ..numerals import number_of, number_of_label, number_of_roman
from ..parsed import Doubt, Kind
from ..shapes import CORRECTS, is_lead_in, read_caption
from ..typography import cannot_begin, ends_sentence
from .anchors import lists_inside
from .headings import CAPTION, is_article
from .nodes import NOTE_PARAGRAPH, Node
from .resolutions import RESUMED

Broken = Iterator[tuple[Node, str]]
"""Blocks of which a check's sentence is false, and why."""

_COUNTED = (Kind.PARAGRAPH, Kind.OPERATIVE)
_PROSE = (*_COUNTED, Kind.PREAMBULAR, Kind.SUBPARAGRAPH)
_NEVER_OPEN = (Kind.PARAGRAPH, Kind.HEADING, Kind.LIST_ITEM, Kind.FOOTNOTE)
_ITEMS = (Kind.SUBPARAGRAPH, Kind.LIST_ITEM)
_TEXT = (*_PROSE, Kind.LIST_ITEM, Kind.HEADING, Kind.FOOTNOTE)
_STOPS = "。；：！？…;:!?."
_CLOSERS = "”’」』》)）]］】*"
_REMARK = re.compile(r"[\[［][^\]］]*[\]］]$")


@dataclass(frozen=True)
class Finished:
    """The blocks of a document, its title, and whether one is printed or told."""

    nodes: Sequence[Node]
    title: str = ""
    titled: bool = True


def _stops(text: str) -> bool:
    text = _REMARK.sub("", text)
    ends = ends_sentence(text) or text.rstrip(_CLOSERS)[-1:] in _STOPS
    return not text or ends or CORRECTS.search(text) is not None


# Numbers.

_SUBS = 100  # 第八条之二 is 802, behind 800 and 801
_MAY_BEGIN_LATE = ("item", "article", "footnote")  # in an excerpt, or where another paper began the count


def numbers_run_on(document: Finished) -> Broken:
    """Paragraphs, items, sections, parts, captions, articles and notes count on by one."""
    last: dict[Hashable, int] = {}
    series: dict[Hashable, tuple[int, str]] = {}
    below_heading = False
    inside = lists_inside(document.nodes)
    for node in document.nodes:
        for message in _of_series(node, series):
            yield node, message
        if node.marker is not None and node.kind in _COUNTED and (node.number or "").isdecimal():
            listed, value = id(node) in inside, node.marker.value
            before = last.get((node.part, listed and value > 1))
            for message in _of_paragraph(node, before, below_heading=below_heading):
                yield node, message
            if not listed and last.pop((node.part, True), 0) + 1 == value > 1:
                yield node, f"paragraph {value} may go on with the list before it"
            last[node.part, listed] = value
            below_heading = False
        below_heading = below_heading or node.is_heading or node.role == "organ_line" or is_article(node)


def _of_paragraph(node: Node, before: int | None, *, below_heading: bool) -> Iterator[str]:
    """A count goes on by one; below a heading it may begin anew (a draft, a reply), and only then."""
    value = node.numbering.value
    again = value == 1 and before is not None and not below_heading
    if node.role == RESUMED:
        pass  # it goes on behind the count of a draft
    elif before is not None and (value not in (before + 1, 1) or again):
        yield f"paragraph {value} follows paragraph {before}"
    elif before is None and value > 1:
        yield f"paragraph {value} is the first with a number"
    if not node.numbering.prefix:
        yield f"number {value} is not printed; it follows from its neighbours"


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
        late = name in _MAY_BEGIN_LATE and not (
            name == "item" and node.parent and is_lead_in(node.parent.text)
        )
        if value not in (1, beside[0] + 1) and not late:
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
        outer = node.part.rpartition(".")[0]
        return "part", (outer, node.label.kind), node.label.number or 1, node.label.words
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
    if not marker.sub and (node.is_heading or node.kind is Kind.SUBPARAGRAPH):
        name = "section" if node.is_heading else "item"
        return name, (id(node.parent), marker.style), marker.value, marker.number
    return None


_UNREAD = re.compile(
    r"[\u2488-\u249b]|[0-9０-９]{1,3}\s?(?:[.．、)）]|(?:之[一二三四五六七八九十]|bis|ter|(?:[.．][0-9０-９]{1,3}){1,3})(?:[.．、\s]|(?<=[０-９])))"
    r"\s?(?=[^\s\d.])|之[一二三四五六七八九十][\[［.．、\s]"
)


def numbers_lead_blocks(document: Finished) -> Broken:
    """A number stands before its block, and only there."""
    for node in document.nodes:
        if node.row or node.kind not in _TEXT or node.role in ("contents", "line"):
            continue
        bare = not (node.marker or node.note or node.is_title)
        if (bare or node.text[:1] == "之") and (_UNREAD.match(node.text) or read_alone(node.text)):
            yield node, "the text begins with what may be its number"
        firsts = (one.style in ITEM_STYLES and one.value == 1 for one in read_markers(node.text))
        if _is_counted(node) and any(firsts):
            value = node.numbering.value
            yield node, f"paragraph {value} begins at once with its first item, which has no block of its own"
        if _holds_number(node):
            yield node, "the number of a further block stands in the text"


def _is_counted(node: Node) -> bool:
    return node.kind in _COUNTED and node.marker is not None and node.role is None


def _holds_number(node: Node) -> bool:
    """Whether the next number follows a sentence in the text."""
    style = node.marker.style if node.marker else Style.ARABIC
    value = node.marker.value if node.marker else 0
    if node.is_heading:
        return re.search(r"[\u4e00-\u9fff)）](?:1\s?[.．、]|一、)\s?[^\d\s]", node.text) is not None
    number = rf"(?:{value + 1}|{value}之[一二三])\s?[.．、]\s?[^\d\s]"
    return style is Style.ARABIC and re.search(rf"[。；：)）]{number}", node.text) is not None


# Parts.

_ANNOUNCED = re.compile(
    r"[(（](?:[见見]|[参參][见見看]|[载載][于於])?(?:本[信函照會会]{1,2})?(?P<words>(?P<of>附件|附文)(?P<number>[一二三四五六七八九十]{0,3}))[)）]"
)
_NAMES = {"附件": "annex", "附文": "enclosure"}


def announced_parts_are_found(document: Finished) -> Broken:
    """A part that the cover announces is found, its label opens it, and none is guessed around it."""
    nodes = document.nodes
    cover = next((at for at, node in enumerate(nodes) if node.label), len(nodes))
    labels = [node.label for node in nodes if node.label and node.role == "annex_label"]
    for match in _announced(nodes[:cover]):
        number = number_of_label(match["number"]) if match["number"] else None
        alike = [label.number for label in labels if label.kind == _NAMES[match["of"]]]
        if number not in alike and not (number in (None, 1) and labels):
            told = f"the cover announces {match['words']}, which is not found; the block may belong to it"
            yield from ((node, told) for node in _unlabelled(nodes, match["words"], others=bool(alike)))
            if not alike:
                break  # one label is as good as all
    guess = next((node.part for node in nodes if node.label and node.role == "annex_title"), None)
    if guess and any(node.part.startswith(f"{guess}.") for node in nodes):
        told = "the part opens without a label, and the announced one stands inside it"
        yield from ((node, told) for node in nodes if node.part.split(".")[0] == guess)


def _announced(cover: Sequence[Node]) -> list[re.Match[str]]:
    """What the text of the cover announces, each part once."""
    found = (match for node in cover if node.kind in _PROSE for match in _ANNOUNCED.finditer(node.text))
    return list({match["words"]: match for match in found}.values())


def _unlabelled(nodes: Sequence[Node], words: str, *, others: bool) -> Iterator[Node]:
    """The blocks that may belong to a part that is not found: those behind the cover that has its ``words``,
    or where ``others`` of its kind are found, from where paragraphs below a heading count from one."""
    closes = (Kind.SIGNATURE, Kind.CLOSING)
    closed, begun = any(node.kind in closes for node in nodes), False
    for before, node in pairwise(nodes):
        if others:
            first = _is_counted(node) and node.numbering.value == 1 and node.part != "main"
            begun = begun or (first and before.is_heading and not before.is_title)
        else:
            begun = begun or (before.kind in closes if closed else words in before.text)
        if begun:
            yield node


# Lines and sentences.


def readings_are_clear(document: Finished) -> Broken:
    """What was decided is far ahead of its second reading."""
    yield from ((node, node.unsure) for node in document.nodes if node.unsure)


_TWO_ENDS = re.compile(r"[。；，、][，、；]")


def _introductions(nodes: Sequence[Node]) -> set[int]:
    """The ids of the blocks right before a first item or a quotation: they may end in a comma, or in 即."""
    return {
        id(node)
        for node, after in pairwise(nodes)
        if after.text[:1] in "“「"
        or (after.kind in _ITEMS and (after.marker is None or after.marker.value == 1))
    }


def sentences_are_whole(document: Finished) -> Broken:
    """A sentence stands in one block: none begins or ends inside one."""
    introduces = _introductions(document.nodes)
    for node in document.nodes:
        text = node.text
        open_ = node.role is None and node.kind in _NEVER_OPEN and id(node) not in introduces
        if node.kind not in _TEXT or node.role == "contents" or not text:
            continue
        if cannot_begin(text) and text[0] != "…":
            yield node, f"the text begins inside a sentence, “{text[:8]}”"
        elif _TWO_ENDS.search(text):
            yield node, "two stops stand together in the text"
        elif text[-1] in "，、," and open_:
            yield node, f"the text breaks off, “{text[-8:]}”"
        elif sum(map(text.count, "(（")) != sum(map(text.count, ")）")):
            yield node, "a bracket has no other half"


_OF_FORM = re.compile(r"^[(（]|[“X、]$")  # remarks, cells of a form
_TAIL = re.compile(r"。[”’」』)）\]］】]?([^。；：，？！,;:“”()（）\]］¹²³⁴-⁹⁰*]{1,40})$")


def kinds_end_as_they_end(document: Finished) -> Broken:
    """Paragraphs of each kind end as these end, with a stop, and no words follow it."""
    introduces = _introductions(document.nodes)
    stops = Counter((node.part, _stops(node.text)) for node in document.nodes if _is_counted(node))
    for node in document.nodes:
        text = node.text
        if not text or node.role is not None or node.kind not in (*_PROSE, Kind.FOOTNOTE):
            continue
        alike = node.kind is Kind.PARAGRAPH and _is_counted(node)
        others = not alike or stops[node.part, True] > stops[node.part, False]
        ends = _stops(text) or text[-1] in "，," or node.kind in (Kind.FOOTNOTE, Kind.SUBPARAGRAPH)
        ends = ends or id(node) in introduces
        if match := _TAIL.search(text):
            yield node, f"words without stop follow the last sentence, “{match[1][:12]}”"
        elif not ends and others and (node.marker or not _OF_FORM.search(text) and not node.quoted):
            yield node, "the block ends in no stop, as none of its kind does"


# Furniture and headings.

_OF_PRINTERS = re.compile(
    r"\bfile:///|(?<!\d)\d{1,2}/\d{1,2}/\d{2,4}[,，]\s?\d{1,2}:\d\d|第\s?\d{1,3}\s?页\s?[,，/]?\s?共\s?\d{1,3}\s?页|"
    r"(?<!\d)\d{2}-\d{5}(?!\d)\s?\(C\)|^https?://\S+\s\d{1,3}/\d{1,3}$|\bDistr\.|^Original[:：]"
)
_OF_TITLES = re.compile(r"Distr\b|(?<!\d)\d{2}-\d{5}(?!\d)|[.…·]{4,}|^联合国 ?[A-Z]+/")


def furniture_is_no_text(document: Finished) -> Broken:
    """What a printer sets on a page is no text."""
    for node in document.nodes:
        if _OF_PRINTERS.search(node.text):
            yield node, "the text holds what a printer sets on a page"


def title_is_printed(document: Finished) -> Broken:
    """A document has a title, and nothing else stands in it."""
    if document.nodes and not document.titled:
        yield document.nodes[0], "no title is printed; it is taken from what stands first"
    if document.nodes and _OF_TITLES.search(document.title):
        yield document.nodes[0], "the title holds what belongs to the masthead or the page"


_LONG_PAUSED = 20
_OF_SENTENCES = re.compile(r"[。；]|[)）]\s?[：:]")
_RUN_OF_FIGURES = re.compile(r"\d[\d.,]*(?: \d[\d.,]*){2,}")


def headings_are_headings(document: Finished) -> Broken:
    """A heading is a name, no sentence, piece of one, or row of figures."""
    nodes = document.nodes
    for at, node in enumerate(nodes):
        beside = (*nodes[at - 1 : at], *nodes[at + 1 : at + 2])
        if not node.is_heading or node.role not in (None, "title", "annex_title", "subtitle"):
            continue
        paused = node.role != "title" and "，" in node.text and len(node.text) > _LONG_PAUSED
        if paused or _OF_SENTENCES.search(node.text) and not is_article(node):
            yield node, "the heading holds a sentence"
        elif _RUN_OF_FIGURES.search(node.text):
            yield node, "the heading holds figures as a row of a table does"
        elif node.columns > 1 and any(near.row or near.columns > 1 for near in beside):
            yield node, "the heading is set in columns, as what stands beside it"


# Notes, mentions, tables.

_RAISED = re.compile(r"(?<![a-zA-Zμ\d⁻])[¹²³⁴-⁹⁰]{1,3}")


def marks_have_notes(document: Finished) -> Broken:
    """A note is called in the text, and what is called is a note."""
    called = {id(note) for node in document.nodes for _, note in node.notes}
    for node in document.nodes:
        if node.kind is Kind.FOOTNOTE:
            starred = node.note[:1] == "*" and node.parent is not None and node.parent.role == "title"
            if node.role != NOTE_PARAGRAPH and id(node) not in called and not starred:
                yield node, f"no mark in the text calls footnote {node.note}"
        elif node.kind is not Kind.ROW and (match := _RAISED.search(node.text)):
            yield node, f"the mark {match[0]} calls a note that is not found"


_NAMED = re.compile(
    r"(?<![\d/])(\d{3,5}|\d[\d ]{3,5}\d)\s?[(（](\d{4})[)）](?=号(?!决定|建议|条例|法令|公告|指令))"
)


def resolutions_exist(document: Finished) -> Broken:
    """The number of a Council resolution is one of its year."""
    for node in document.nodes:
        for match in _NAMED.finditer(node.text):
            if " " in match[1]:
                yield node, f"a blank stands in the number {match[0]}"
            elif not may_be_of(int(match[1]), int(match[2])):
                yield node, f"no resolution of {match[2]} has the number {match[1]}"


CHECKS: tuple[Callable[[Finished], Broken], ...] = (
    title_is_printed,
    numbers_run_on,
    numbers_lead_blocks,
    announced_parts_are_found,
    readings_are_clear,
    sentences_are_whole,
    kinds_end_as_they_end,
    furniture_is_no_text,
    headings_are_headings,
    marks_have_notes,
    resolutions_exist,
)


def check(document: Finished) -> list[Doubt]:
    """The doubts about ``document`` in the order of its blocks: what each check tells, under its name."""
    order = {id(node): at for at, node in enumerate(document.nodes)}
    told = {(order[id(node)], message): one.__name__ for one in CHECKS for node, message in one(document)}
    return [
        Doubt(message, document.nodes[at].lines[0], document.nodes[at].anchor, name)
        for (at, message), name in sorted(told.items(), key=lambda row: row[0][0])
    ]
