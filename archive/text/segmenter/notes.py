"""Where a footnote is called: the mark is found in the text, taken out, and tied to its note."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..blocks.footnotes import SUPERSCRIPTS, read_note_start
from ..parsed import Doubt, DroppedLine, Kind
from .nodes import Node

_WINDOW = 400
_MOST_MISSES = 30
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_NO_MARK_AFTER = r"(?![\d.,/%％年月日号條条段名个個次届时時分秒岁点国國人项項至—–\-~～和、]|[A-Za-z(（])"
_AFTER_PUNCTUATION = r"(?<=[，。；：、”’》）)」！？,;!?])"
_AFTER_IDEOGRAPH = r"(?<=[\u4e00-\u9fff])"


def find_trailing_notes(nodes: Sequence[Node]) -> None:
    """Turn into footnotes the blocks that begin with the next note number, where the text calls that note.

    So notes are found at the end of a copy, and at a page's foot where the rule is lost.
    """
    expected = 1 + max((int(node.note) for node in nodes if node.note.isdecimal()), default=0)
    called = _calls(nodes)
    for node in nodes:
        if node.kind is not Kind.PARAGRAPH or node.marker or node.bullet or node.role or node.note:
            continue
        start = read_note_start(node.text)
        if not start or start[0] != str(expected) or not called.get(start[0], 1 << 60) < node.lines[0]:
            continue
        node.note, prefix, node.text = start
        node.prefix, node.kind = prefix, Kind.FOOTNOTE
        expected += 1


def _calls(nodes: Sequence[Node]) -> dict[str, int]:
    """For each number that stands like a mark, the first line it stands on."""
    mark = re.compile(
        rf"(?:{_AFTER_PUNCTUATION}|{_AFTER_IDEOGRAPH})(\d{{1,3}}){_NO_MARK_AFTER}|([⁰¹²³⁴⁵⁶⁷⁸⁹]{{1,3}})|\[(\d{{1,3}})\]"
    )
    called: dict[str, int] = {}
    for node in nodes:
        for match in mark.finditer(node.text):
            number = match[1] or match[3] or match[2].translate(SUPERSCRIPTS)
            called.setdefault(number, node.lines[0])
    return called


def tie_notes(nodes: Sequence[Node]) -> tuple[list[DroppedLine], list[Doubt]]:
    """Take every note's mark out of the text before it. What has no mark stays below the block before it."""
    dropped: list[DroppedLine] = []
    doubts: list[Doubt] = []
    low = misses = 0
    for at, note in enumerate(nodes):
        if note.kind is not Kind.FOOTNOTE:
            continue
        found = _find_call(nodes, low, min(at, low + _WINDOW), note) if misses < _MOST_MISSES else None
        if found is None:
            misses += 1
            doubts.append(Doubt(f"no mark in the text calls footnote {note.note}", note.lines[0]))
            continue
        low, start, end = found
        node = nodes[low]
        dropped.append(DroppedLine(node.lines[0], node.text[start:end], "footnote mark"))
        node.text = node.text[:start] + node.text[end:]
        node.notes.append((start, note))
        note.parent = node
    return dropped, doubts


def _find_call(nodes: Sequence[Node], first: int, last: int, note: Node) -> tuple[int, int, int] | None:
    """Index of the calling node and span of the mark: surest form first, nearest text first within a form."""
    number = re.escape(note.note)
    raised = re.escape(note.note.translate(_RAISED))
    forms = [rf"{raised}(?![⁰¹²³⁴⁵⁶⁷⁸⁹])", rf"\[{number}\]"]
    if note.note.isdecimal():
        forms += [
            rf"{_AFTER_PUNCTUATION}{number}{_NO_MARK_AFTER}",
            rf"{_AFTER_IDEOGRAPH}{number}(?=[，。；：、”’》）)」！？,;]|$)",
            rf"{_AFTER_IDEOGRAPH}{number}{_NO_MARK_AFTER}(?=[\u4e00-\u9fff])",
        ]
    else:
        forms = [
            rf"(?<![*]){number}(?![*])" if note.note[0] == "*" else rf"{_AFTER_PUNCTUATION}{number}(?=\W|$)"
        ]
    for form in forms:
        pattern = re.compile(form)
        for at in range(first, last):
            if nodes[at].kind is Kind.FOOTNOTE:
                continue
            after = nodes[at].notes[-1][0] if nodes[at].notes else 0
            match = pattern.search(nodes[at].text, after)
            if match:
                return at, match.start(), match.end()
    return None
