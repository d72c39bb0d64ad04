"""Titles: of the document, with organ and subtitle, and of its annexes; contents lists."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from archive.text.aligned_folding import fold

from ..dates import CHINESE_DATE
from ..languages import any_shape
from ..parsed import DocumentType, DroppedLine, Kind
from ..shapes import (
    ADOPTED,
    CHAIR_LINE,
    CONTENTS,
    CORRECTIONS,
    DATE_AND_PLACE,
    DATE_LINE,
    LEADERS,
    MEETING_REMARK,
    NUMBERED_TITLE,
    ORGAN_NAME,
    RESOLUTION_TITLE,
    is_byline,
    is_complete_title,
    is_draft_byline,
    is_form,
    is_heading_like,
    is_section_name,
    is_title_like,
)
from .nodes import Node

_MOST_TITLES = 8
_FILE_NUMBER = re.compile(r"(?:第|文号|编号|No\.?)\s?[：:]?\s?[A-Za-z0-9/.()-]{1,24}\s?号?")
_FEWEST_PAGES = 3
_OPENED = re.compile(any_shape("opened"))
_PAGE_AT_END = re.compile(r"(?<=[^\d\s])\d{1,3}$|(?<=[\u4e00-\u9fff])[ivx]{1,5}$")
_SUBTITLE = re.compile(rf"{CHINESE_DATE}|提交|^[（(]")


def mark_contents(nodes: Sequence[Node]) -> list[DroppedLine]:
    """Mark a contents list: its heading, and its entries until the text itself begins. Without a heading
    two lines with dots and a page number begin it.

    Dots and page number of an entry are taken off and returned.
    """
    dropped: list[DroppedLine] = []
    at = 0
    while at < len(nodes):
        if CONTENTS.fullmatch(nodes[at].plain) and not nodes[at].note:
            nodes[at].kind, nodes[at].role = Kind.HEADING, "contents_title"
            at = _mark_entries(nodes, at + 1, dropped)
        elif _is_paged(nodes[at]) and at + 1 < len(nodes) and _is_paged(nodes[at + 1]):
            at = _mark_entries(nodes, at, dropped)
        else:
            at += 1
    return dropped


def _is_paged(node: Node) -> bool:
    return LEADERS.search(node.text) is not None and node.text[-1].isalnum()


def _mark_entries(nodes: Sequence[Node], first: int, dropped: list[DroppedLine]) -> int:
    """Mark the entries from ``first`` on and return the index behind them: the text itself begins where the
    first of them is repeated, or else any, or else behind the last with dots and a page."""
    end = again = first
    named: dict[str, int] = {}
    while end < len(nodes) and not nodes[end].note:
        node, name = nodes[end], LEADERS.sub("", nodes[end].text)
        led, name = name != node.text, name.casefold()
        if not led and (node.depth or not is_heading_like(name) or mark_of_meeting(node.text)):
            break
        if not led and (_is_number_of(node, nodes[first]) or named.get(name) == first):
            again = end
            break
        if not led and name in named and again == first:
            again = end
        named = {_PAGE_AT_END.sub("", name): end, name: end} | named
        end += 1
    paged = [at for at in range(first, end) if _is_paged(nodes[at])]
    end = again if again > first else paged[-1] + 1 if paged else end
    dropped += _take_pages(nodes[first:end])
    for entry in nodes[first:end]:
        entry.kind, entry.role = Kind.LIST_ITEM, "contents"
    return end


def _is_number_of(node: Node, first: Node) -> bool:
    """Whether ``node`` is nothing but the number of the first entry."""
    if node is first or not (first.marker and node.marker) or node.marker.prefix != node.text:
        return False
    return (first.marker.style, first.marker.value) == (node.marker.style, node.marker.value)


def _take_pages(entries: Sequence[Node]) -> list[DroppedLine]:
    """Take the pages off: what stands behind dots, and numbers that end most entries and never go down."""
    ends = [LEADERS.search(entry.text) or _PAGE_AT_END.search(entry.text) for entry in entries]
    bare = [end[0] for end in ends if end and not LEADERS.fullmatch(end[0])]
    pages = [int(page) if page.isdecimal() else 0 for page in bare]
    most = sum(map(bool, ends)) >= max(_FEWEST_PAGES, len(entries) / 2) and pages == sorted(pages)
    dropped: list[DroppedLine] = []
    for entry, end in zip(entries, ends, strict=True):
        if end and end.start() and (most or LEADERS.fullmatch(end[0])):
            dropped.append(DroppedLine(entry.lines[1], end[0], "page number in the contents list"))
            entry.text = entry.text[: end.start()]
    return dropped


def mark_titles(nodes: Sequence[Node], kind: DocumentType = DocumentType.DOCUMENT) -> None:
    """Mark the title of the document, and the title and subtitle of each annex."""
    own = _own_title(nodes) if kind is DocumentType.RESOLUTION else None
    _mark_document_title(nodes, own)
    for at, node in enumerate(nodes):
        if node.role == "annex_label":
            _mark_annex_title(nodes, at + 1)
        elif node.role == "annex_title":
            _mark_subtitle(nodes, at + 1)


def _own_title(nodes: Sequence[Node]) -> Node | None:
    """The number of a resolution right above its text, which a gazette prints in a paper of its own."""
    first = next((at for at, node in enumerate(nodes) if node.role == "organ_line"), 0)
    named = [node for node in nodes[:first] if RESOLUTION_TITLE.fullmatch(node.plain)]
    return named[-1] if named and named[-1].part == "main" else None


def _heads_of(nodes: Sequence[Node]) -> list[Node]:
    heads: list[Node] = []
    for node in nodes[:_MOST_TITLES]:
        if node.part == "main" and node.role is None and mark_of_meeting(node.text) == "adoption":
            node.role = "adoption"
        if node.role in ("adoption", "attribution") or node.note:
            continue
        if node.part != "main" or not _can_be_title(node) or (heads and is_section_name(node.plain)):
            break
        if not is_section_name(node.plain):
            heads.append(node)
    return heads[:1] if len(heads) == len(nodes) else heads


def _mark_document_title(nodes: Sequence[Node], own: Node | None) -> None:
    heads = _heads_of(nodes)
    heads = heads if own is None or own in heads else [own]
    if not heads:
        return
    chosen = _title_among(heads)
    for at, node in enumerate(heads):
        if at < chosen:
            organ = "organ" if ORGAN_NAME.search(node.plain) else "agenda_item"
            whose = is_byline(node.plain) or is_form(node.plain)
            node.kind, node.role = Kind.HEADING, "subtitle" if whose else organ
        elif at == chosen:
            node.kind, node.role = Kind.HEADING, "title"
        elif _is_subtitle(node.text) or is_byline(node.plain):
            node.kind, node.role = Kind.HEADING, "subtitle"
        else:
            break


def _title_among(heads: Sequence[Node]) -> int:
    """The subject: what names an author (秘书长的报告), a form (决定) or a purpose (供参考) yields to it.

    It stands right above the first author, or below; below the sponsors of a draft. The number of a
    resolution and the date of a letter tell its title from all other heads.
    """
    texts = [node.plain for node in heads]
    for tells in (NUMBERED_TITLE.fullmatch, is_complete_title, RESOLUTION_TITLE.fullmatch):
        told = next((at for at, text in enumerate(texts) if tells(text)), None)
        if told is not None:
            return told
    bylines = [at for at, text in enumerate(texts) if is_byline(text)]
    if len(bylines) > 1 and bylines[0] + 1 == bylines[1] and not is_draft_byline(texts[bylines[0]]):
        del bylines[0]  # somebody's report, passed on with a note by somebody else
    named = [
        at
        for at, text in enumerate(texts)
        if at not in bylines and not is_form(text) and not ORGAN_NAME.search(text)
    ]
    if not named:
        return next(iter(bylines), len(heads) - 1)
    above = [at for at in named if bylines and at < bylines[0]]
    below = [at for at in named if bylines and at > bylines[0]]
    if below and (not above or is_draft_byline(texts[bylines[0]])):
        return below[0]
    return above[-1] if above else named[0]


def _mark_annex_title(nodes: Sequence[Node], at: int) -> None:
    """The heading below an annex label; a label without one, or with the text itself below, has no title."""
    while at < len(nodes) and nodes[at].role == "attribution":
        at += 1
    if letterhead := _letterhead(nodes[at : at + _MOST_TITLES]):
        for node in letterhead:
            node.role = "line"
        return
    if at + 1 >= len(nodes) or not _can_be_title(nodes[at]) or nodes[at].part != nodes[at - 1].part:
        return
    nodes[at].kind, nodes[at].role = Kind.HEADING, "annex_title"
    _mark_subtitle(nodes, at + 1)


def _letterhead(nodes: Sequence[Node]) -> Sequence[Node]:
    """The lines above a note verbale, one of which is its number and the first of which its text repeats."""
    heads = list(takewhile(_can_be_title, nodes))
    told = any(_FILE_NUMBER.fullmatch(head.plain) for head in heads[1:]) and len(heads) < len(nodes)
    return heads if told and nodes[len(heads)].text.startswith(heads[0].text) else ()


def _mark_subtitle(nodes: Sequence[Node], at: int) -> None:
    if at + 1 < len(nodes) and _can_be_title(nodes[at]) and _is_subtitle(nodes[at].text):
        nodes[at].kind, nodes[at].role = Kind.HEADING, "subtitle"


def _is_subtitle(text: str) -> bool:
    return len(text) <= 60 and _SUBTITLE.search(text) is not None


def _can_be_title(node: Node) -> bool:
    if node.marker or node.bullet or node.note or node.role not in (None, "annex_title"):
        return False
    if node.kind is Kind.SIGNATURE or mark_of_meeting(node.text):
        return False
    if DATE_LINE.fullmatch(node.plain):
        return False
    return is_heading_like(node.text) or is_title_like(node.text)


def mark_of_meeting(text: str) -> str | None:
    """The role of a line that speaks of the meeting itself, as on the cover of a record; None for others."""
    if len(text) > 160:
        return None
    text = fold(text)
    if ADOPTED.fullmatch(text):
        return "adoption"
    if DATE_AND_PLACE.fullmatch(text):
        return "date_place"
    if CHAIR_LINE.fullmatch(text):
        return "chair"
    if MEETING_REMARK.fullmatch(text):
        return "meeting_opened" if "开" in text or _OPENED.match(text) else "meeting_remark"
    return "corrections" if CORRECTIONS.match(text) else None
