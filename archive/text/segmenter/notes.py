"""Footnotes: found where no rule announced them, and tied to the marks that call them.

Marks as printed: a raised number, ``1/`` (Assembly, until the 1990s), an asterisk; copies make of them
``(1)``, ``[1]``, or a plain digit behind a punctuation mark. A mark leaves the text only
where its note exists.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from ..blocks.footnotes import (
    AFTER_IDEOGRAPH,
    AFTER_PUNCTUATION,
    DEFINITION,
    LETTER_CALL,
    NO_MARK_AFTER,
    NO_POWER,
    RAISED,
    SUPERSCRIPTS,
    forms_of_call,
    read_note_start,
)
from ..blocks.markers import NO_MEASURE, Marker, Style
from ..cells import CELL_MARK
from ..parsed import DroppedLine, Kind
from ..shapes import ANNEX_LABEL, MEETING_CLOSING, is_lead_in
from .nodes import NOTE_PARAGRAPH, Node

_WINDOW = 400
_MOST_MISSES = 30
_NOTES_TITLE = re.compile(r"(?:注|脚注|注释|尾注|附注|Notes?|NOTES|Footnotes)[:：]?")
_SURE_CALL = re.compile(
    rf"{AFTER_PUNCTUATION}(\d{{1,3}})(?:/(?!\d)|{NO_MARK_AFTER})|{AFTER_IDEOGRAPH}(\d{{1,3}})/(?!\d)|"
    rf"{NO_POWER}([⁰¹²³⁴⁵⁶⁷⁸⁹]{{1,3}})|[\[［](\d{{1,3}})[\]］]|{AFTER_PUNCTUATION}[(（](\d{{1,3}})[)）]|(?<=[^\s*])(\*{{1,3}})(?!\*)"
)
_LETTER_CALL = re.compile(LETTER_CALL)
_LIKELY_CALL = re.compile(rf"{AFTER_IDEOGRAPH}(\d{{1,3}}){NO_MARK_AFTER}")
_CLOSING_CALL = re.compile(rf"{AFTER_PUNCTUATION}(\d{{1,3}})(?!\w)")
# A number at the head of a text that counts things (2座, 3名) or is of a date.
_BARE_NUMBER = re.compile(rf"(\d{{1,3}})(?=[\u4e00-\u9fff《“]){NO_MEASURE}")
_DIGITS = "0123456789０１２３４５６７８９ \t"
_NOTE_STYLES = (Style.ARABIC, Style.PAREN_ARABIC)


def find_trailing_notes(nodes: Sequence[Node], *, starred: bool = False) -> None:
    """Turn into footnotes the blocks that begin like a note that the text calls.

    So notes are found at the end of a copy, under a heading (注) or not, and at a page's foot where the rule
    is lost. ``starred`` says that the masthead bears an asterisk.
    """
    sure = _calls(nodes, _SURE_CALL)
    if starred:
        sure.setdefault("*", 0)
    _take_headed(nodes, _calls(nodes, _LIKELY_CALL) | sure)
    _take_trailing(nodes, sure)
    _take_in_order(nodes, sure)
    _take_definitions(nodes)


def return_paragraphs(nodes: Sequence[Node]) -> None:
    """Read again as paragraphs the notes below a line that no text calls and that go on with their count.

    The line was drawn between 3 and 4, by a table or above a heading, not above notes.
    """
    called = {*_calls(nodes, _SURE_CALL), *_calls(nodes, _LIKELY_CALL)}
    _number_bare(nodes, called)
    noted = {node.note for node in nodes}
    last: Node | None = None
    run: list[Node] = []
    for node in [*nodes, None]:
        if node is not None and node.note.isdecimal():
            run.append(node)
        elif node is None or (node.marker is not None and node.marker.style is Style.ARABIC):
            if last is not None and run and str(last.numbering.value) not in noted:
                values = [last.numbering.value, *(int(note.note) for note in run)]
                values += [node.numbering.value] if node is not None and node.numbering.value > 1 else []
                alike = {note.prefix.strip(_DIGITS) for note in (last, *run)}
                counts_on = values == list(range(values[0], values[0] + len(values)))
                if counts_on and len(alike) == 1 and called.isdisjoint(note.note for note in run):
                    for note in run:
                        note.marker = Marker(Style.ARABIC, int(note.note), note.note, note.prefix)
                        note.note, note.kind = "", Kind.PARAGRAPH
            last, run = node, []


def _number_bare(nodes: Sequence[Node], called: set[str]) -> None:
    """Number the paragraphs whose number lost its stop: the next of the count, which goes on behind them."""
    last = 0
    run: list[tuple[Node, re.Match[str]]] = []
    for node in nodes:
        bare = _BARE_NUMBER.match(node.text) if _is_open(node) and not (node.marker or node.bullet) else None
        if node.marker is not None and node.marker.style is Style.ARABIC and not node.quoted:
            if run and node.numbering.value == last + len(run) + 1:
                for lost, number in run:
                    lost.marker = Marker(Style.ARABIC, int(number[1]), number[1], number[1])
                    lost.prefix, lost.text = number[1], lost.text[number.end() :]
            last, run = node.numbering.value, []
        elif bare and last and int(bare[1]) == last + len(run) + 1 and bare[1] not in called:
            run.append((node, bare))


def _calls(nodes: Sequence[Node], mark: re.Pattern[str]) -> dict[str, int]:
    """For each number or asterisk that stands like a mark, the first line it stands on."""
    called: dict[str, int] = {}
    for node in nodes:
        for match in mark.finditer(_searched(node)):
            number = next(filter(None, match.groups())).translate(SUPERSCRIPTS)
            called.setdefault(number, node.lines[0])
    return called


def _searched(node: Node) -> str:
    """The text; that of a row with a mark of cells behind the last one, too: 9b is called there."""
    return node.text + CELL_MARK if node.row else node.text


def _take_headed(nodes: Sequence[Node], called: dict[str, int]) -> None:
    """The notes below a heading that says so."""
    for at, node in enumerate(nodes[:-1]):
        if not _is_open(node) or node.marker or not _NOTES_TITLE.fullmatch(node.text):
            continue
        if nodes[at + 1].kind is Kind.FOOTNOTE:  # the reader knew them by their place
            node.kind, node.role = Kind.HEADING, "notes_title"
            continue
        first = _start_of(nodes[at + 1])
        if first is None or called.get(first[0], 1 << 60) > nodes[at + 1].lines[0]:
            continue
        node.kind, node.role = Kind.HEADING, "notes_title"
        for note in _until_label(nodes, at + 1):
            start = _start_of(note) if _is_open(note) else None
            if start:
                _make_note(note, start)
            elif note.kind is Kind.PARAGRAPH and note.role is None and not note.marker:
                note.role = NOTE_PARAGRAPH


def _until_label(nodes: Sequence[Node], at: int) -> Iterator[Node]:
    while at < len(nodes) and not ANNEX_LABEL.fullmatch(nodes[at].plain):
        yield nodes[at]
        at += 1


def _take_trailing(nodes: Sequence[Node], called: dict[str, int]) -> None:
    """Numbered blocks at the very end, each called in the text, that stand apart from its count or leap."""
    run: list[tuple[Node, tuple[str, str, str]]] = []
    for node in reversed(nodes):
        start = _start_of(node) if _is_open(node) else None
        numbered = node.marker is not None and node.marker.style in _NOTE_STYLES
        if not start or not numbered or called.get(start[0], 1 << 60) >= node.lines[0]:
            break
        run.append((node, start))
    run.reverse()
    before = nodes[len(nodes) - len(run) - 1] if len(run) < len(nodes) else None
    if not run or before is None or is_lead_in(before.text) or before.text[-1:] in "；;":
        return
    apart = MEETING_CLOSING.fullmatch(before.plain) or before.kind in (Kind.SIGNATURE, Kind.FOOTNOTE)
    counted = [
        node.marker.value for node in nodes[: -len(run)] if node.marker and node.marker.style is Style.ARABIC
    ]
    leaps = run[0][0].numbering.value > max(counted, default=0) + 1
    if apart or leaps or run[0][0].numbering.style is Style.PAREN_ARABIC:
        for node, start in run:
            _make_note(node, start)


def _take_in_order(nodes: Sequence[Node], sure: dict[str, int]) -> None:
    """Blocks that begin with the next number, or with a mark that nothing but a note begins with.

    The first may be any that is called behind a stop: a part of a document begins with the note it has. Each
    page may count from one: 1 is a note again where it is called again behind the last note.
    """
    last = max((int(node.note) for node in nodes if node.note.isdecimal()), default=0)
    first = {"1", *_calls(nodes, _CLOSING_CALL)}
    likely = _calls(nodes, _LIKELY_CALL)
    lettered = _calls(nodes, _LETTER_CALL)
    starred = sum(node.bullet == "*" for node in nodes)
    behind = 0
    for at, node in enumerate(nodes):
        if node.note.isdecimal():
            behind, last = at, max(last, int(node.note))
        if not _is_open(node) or node.marker or (node.bullet and (node.bullet != "*" or starred > 2)):
            continue
        start = _start_of(node)
        if start and lettered.get(start[0], 1 << 60) < node.lines[0]:
            _make_note(node, start)
        if not start or min(sure.get(start[0], 1 << 60), likely.get(start[0], 1 << 60)) >= node.lines[0]:
            continue
        number, prefix, _ = start
        if not number.isdecimal():
            if number[0] == "*" and number in sure:
                _make_note(node, start)
            continue
        surely = int(number) > last and not prefix.isdecimal() and number in sure
        again = number == "1" and last and number in _calls(nodes[max(behind, at - _WINDOW) : at], _SURE_CALL)
        if surely or again or (int(number) == last + 1 if last else number in first):
            last, behind = int(number), at
            _make_note(node, start)


def _take_definitions(nodes: Sequence[Node]) -> None:
    """Definitions below a note that announces them belong to it (S/RES/1540(2004))."""
    note: Node | None = None
    for node in nodes:
        if node.kind is Kind.FOOTNOTE:
            note = node if is_lead_in(node.text) else None
        elif note and _is_open(node) and not (node.marker or node.bullet) and DEFINITION.match(node.text):
            node.role = NOTE_PARAGRAPH if node.named_note is not False else None
        elif node.role != NOTE_PARAGRAPH:
            note = None


def _is_open(node: Node) -> bool:
    return node.kind is Kind.PARAGRAPH and node.role is None and not node.note


def _start_of(node: Node) -> tuple[str, str, str] | None:
    """Number, prefix and text of the note that ``node`` would be; None where it cannot be one, as where the
    file names its notes and this is none."""
    if node.named_note is False:
        return None
    if node.marker is not None:
        numbered = node.marker.style in _NOTE_STYLES
        return (str(node.marker.value), node.prefix, node.text) if numbered else None
    if node.bullet:
        return ("*", "*", node.text) if node.bullet == "*" else None
    return read_note_start(node.text)


def _make_note(node: Node, start: tuple[str, str, str]) -> None:
    node.note, node.prefix, node.text = start
    node.marker, node.bullet, node.kind = None, "", Kind.FOOTNOTE


def tie_notes(nodes: Sequence[Node], *, starred: bool = False) -> list[DroppedLine]:
    """Take every note's marks out of the text. What has no mark stays below the block before it."""
    dropped: list[DroppedLine] = []
    low = misses = 0
    alike = Counter((node.part, node.note) for node in nodes if node.note)
    for at, note in enumerate(nodes):
        if note.kind is not Kind.FOOTNOTE:
            continue
        found = _find_call(nodes, low, min(at, low + _WINDOW), note) if misses < _MOST_MISSES else None
        if found is None:
            misses += 1
            if starred and note.note[0] == "*":
                note.parent = next((node for node in nodes[:at] if node.role == "title"), note.parent)
            continue
        low, start, end, again = found
        note.parent = nodes[low]
        dropped.append(_take_mark(nodes[low], start, end, note))
        if again and alike[note.part, note.note] == 1:
            dropped += _take_more(nodes[low : low + _WINDOW], again, note)
    return dropped


def _take_mark(node: Node, start: int, end: int, note: Node) -> DroppedLine:
    """Take the mark between ``start`` and ``end`` out; marks behind it move forward."""
    mark = DroppedLine(node.lines[0], node.text[start:end], "footnote mark")
    start -= node.text[:start].endswith(" ")  # which set the mark apart
    node.text = node.text[:start] + node.text[end:]
    moved = [(at - (end - start) if at > start else at, other) for at, other in node.notes]
    node.notes = sorted([*moved, (start, note)], key=lambda pair: pair[0])
    return mark


def _take_more(nodes: Sequence[Node], mark: re.Pattern[str], note: Node) -> list[DroppedLine]:
    """The other calls of the same note in the same sure form."""
    taken: list[DroppedLine] = []
    for node in nodes:
        if node.kind is Kind.FOOTNOTE or node.part != note.part:
            continue
        for match in reversed(list(mark.finditer(node.text))):
            taken.append(_take_mark(node, *match.span(), note))
    return taken


def _find_call(
    nodes: Sequence[Node], first: int, last: int, note: Node
) -> tuple[int, int, int, re.Pattern[str] | None] | None:
    """Index of the calling node, span of the mark, and the form in which the same note may be called again:
    surest form first, nearest text first within a form."""
    forms = forms_of_call(note.note)
    if note.named_note and note.note.isdecimal():  # marks that adjoin: ¹², km²¹
        forms.append((NO_POWER + note.note.translate(RAISED), False))
    for form, again in forms:
        pattern = re.compile(form)
        for at in range(first, last):
            node = nodes[at]
            if node.kind is Kind.FOOTNOTE:
                continue
            after = 0 if again else max((mark for mark, _ in node.notes), default=0)
            match = pattern.search(_searched(node), after)
            if match:
                return at, match.start(), match.end(), pattern if again else None
    return None
