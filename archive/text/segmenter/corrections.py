"""What people put right in the blocks that were read, done again at every reading, in their order.

A correction finds its block by its words, or does nothing and says so: none is lost, and none falls on
another block. After each, outline, speakers and anchors are what they would be had the block been read so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from ..blocks.markers import Marker, Style, read_markers
from ..fingerprint import fingerprint
from ..parsed import Correction, DocumentType, Doubt, DroppedLine, Kind, Speaker
from ..pinpoints import PART
from .anchors import set_anchors
from .classify import RECORDS
from .nodes import Node
from .outline import build_outline
from .records import attribute_speeches, read_turn, spread_submitters

DROPPED = "left out by an editor"
KINDS = tuple(kind for kind in Kind if kind is not Kind.ROW)
"""What a block may be said to be; rows are made with their table."""
_LEVELS = range(1, 10)


class _UnfitError(ValueError):
    """What is to be corrected is not there, or not as it was."""


def unfit(correction: Correction) -> Doubt:
    """The doubt about a correction that does not fit what is read now."""
    what, before, after = correction.what, correction.before, correction.after
    where = correction.anchor or (f"line {correction.place}" if correction.place else "the document")
    return Doubt(f"correction of {what} at {where} from “{before}” to “{after}” does not fit")


def speaker_printed(speaker: Speaker | None) -> str:
    """A speaker as records print one, and as corrections are typed: Sison女士(美利坚合众国)."""
    if speaker is None:
        return ""
    within = speaker.delegation or ""
    if within and speaker.status == "observer":
        within += "观察员"
    if speaker.capacity and speaker.capacity != speaker.name:
        within = f"{within}，{speaker.capacity}" if within else speaker.capacity
    return f"{speaker.name}{speaker.honorific or ''}" + (f"({within})" if within else "")


def _read_speaker(printed: str) -> Speaker | None:
    """The speaker that ``printed`` names; a name alone where it has no form of records; None for nothing."""
    turn = read_turn(f"{printed}：", verbatim=True)
    if turn and turn.end == len(printed):
        return turn.speaker
    name, _bracket, delegation = printed.rstrip(")）").replace("（", "(").partition("(")
    return Speaker(name, delegation=delegation or None) if name else None


@dataclass(slots=True)
class Corrector:
    """The blocks of a document on their way to be corrected; ``kind`` is that of the document."""

    nodes: list[Node]
    dropped: list[DroppedLine]
    kind: DocumentType
    doubts: list[Doubt] = field(default_factory=list)
    levels: dict[Node, int] = field(default_factory=dict)
    speakers: dict[Node, Speaker | None] = field(default_factory=dict)

    def apply(self, corrections: Iterable[Correction]) -> None:
        """Apply those of blocks and lines; the others are for later stages."""
        for one in corrections:
            if one.what not in _ACTS:
                continue
            try:
                if one.what == "keep":
                    self._keep(one)
                else:
                    _ACTS[one.what](self, self._find(one), one)
            except _UnfitError:
                self.doubts.append(unfit(one))
            else:
                self._settle()

    def _find(self, correction: Correction) -> Node:
        found = [node for node in self.nodes if fingerprint(node.text) == correction.words]
        if len(found) > 1:
            found = [node for node in found if node.anchor == correction.anchor]
        if not found:
            raise _UnfitError
        return found[0]

    def _settle(self) -> None:
        """Find out anew what follows from the blocks."""
        called = [(note, node) for node in self.nodes for _at, note in node.notes]
        starred = [(node, node.parent) for node in self.nodes if node.note[:1] == "*" and node.parent]
        build_outline(self.nodes)
        for note, above in (*starred, *called):
            note.parent = above if above in self.nodes else note.parent
        for node, level in self.levels.items():
            _set_level(self.nodes, node, level)
        spread_submitters(self.nodes)
        if self.kind in RECORDS:
            for node in self.nodes:
                node.speaker = node.turn = None
            attribute_speeches(self.nodes, self.kind)
        for node, speaker in self.speakers.items():
            turn = node.turn
            for other in self.nodes:
                if other is node or (turn is not None and other.turn == turn):
                    other.speaker = speaker
        set_anchors(self.nodes)

    def _number(self, node: Node, one: Correction) -> None:
        _expect(one, node.number or "")
        if node.kind is Kind.FOOTNOTE:
            if not one.after:
                raise _UnfitError
            node.note = one.after
        elif node.number != one.after:
            _number(node, one.after)

    def _kind(self, node: Node, one: Correction) -> None:
        _expect(one, node.kind)
        if one.after not in KINDS or node.kind is Kind.ROW:
            raise _UnfitError
        was, node.kind, node.role = node.kind, Kind(one.after), None
        if was is Kind.FOOTNOTE and node.kind is not was:
            number, node.note = node.note, ""
            _number(node, number if _readings(number) else "")
        elif node.kind is Kind.FOOTNOTE and was is not node.kind:
            node.note, node.marker = node.number or "*", None
        if not node.is_heading:
            node.level = None
            self.levels.pop(node, None)

    def _level(self, node: Node, one: Correction) -> None:
        _expect(one, str(node.level or ""))
        if not node.is_heading or not one.after.isdecimal() or int(one.after) not in _LEVELS:
            raise _UnfitError
        self.levels[node] = int(one.after)

    def _part(self, node: Node, one: Correction) -> None:
        """The block and those of its part that follow it."""
        _expect(one, node.part)
        if one.after != "main" and not PART.fullmatch(one.after):
            raise _UnfitError
        was = node.part
        for other in self.nodes[self.nodes.index(node) :]:
            if other.part != was:
                break
            other.part = one.after

    def _speaker(self, node: Node, one: Correction) -> None:
        _expect(one, speaker_printed(node.speaker))
        self.speakers[node] = _read_speaker(one.after)

    def _split(self, node: Node, one: Correction) -> None:
        """At ``place``; a number with which the second half begins becomes its number."""
        at = one.place
        if not node.text[:at].strip() or not node.text[at:].strip() or node.row:
            raise _UnfitError
        rest = replace(node, text=node.text[at:].lstrip(), prefix="", marker=None, bullet="", notes=[])
        gone = len(node.text) - len(rest.text)
        rest.notes = [(max(0, mark - gone), note) for mark, note in node.notes if mark >= gone]
        node.notes = [(mark, note) for mark, note in node.notes if mark < gone]
        node.text = node.text[:at].rstrip()
        if node.marker and (like := _leading(rest, node.marker.style)):
            _take_number(rest, like)
        elif rest.kind is Kind.SUBPARAGRAPH:
            rest.kind = Kind.PARAGRAPH
        self.nodes.insert(self.nodes.index(node) + 1, rest)

    def _join(self, node: Node, one: Correction) -> None:
        """To the block before; of a text to the text before, whatever note stands between."""
        note = node.kind is Kind.FOOTNOTE
        above = reversed(self.nodes[: self.nodes.index(node)])
        before = next((other for other in above if (other.kind is Kind.FOOTNOTE) is note), None)
        if before is None or before.row or node.row:
            raise _UnfitError
        printed = node.prefix if node.marker else ""
        if node.prefix and not node.marker:
            self._leave_out(node, node.prefix, "list mark on a continuation")
        more = _joined(printed, node.text)
        start = len(_joined(before.text, more)) - len(node.text)
        before.notes = [*before.notes, *((start + mark, note) for mark, note in node.notes)]
        before.text = _joined(before.text, more)
        before.lines = before.lines[0], max(before.lines[1], node.lines[1])
        self._remove(node, before)

    def _drop(self, node: Node, one: Correction) -> None:
        self._leave_out(node, f"{node.prefix} {node.text}".strip(), DROPPED)
        self._remove(node, node.parent)

    def _keep(self, one: Correction) -> None:
        """A line that was left out becomes a paragraph where it stands."""
        same = [line for line in self.dropped if fingerprint(line.text) == one.words]
        line = next((line for line in same if line.line == one.place), same[0] if len(same) == 1 else None)
        if line is None:
            raise _UnfitError
        self.dropped.remove(line)
        at = next((at for at, node in enumerate(self.nodes) if node.lines[0] > line.line), len(self.nodes))
        part = self.nodes[at - 1].part if at else "main"
        self.nodes.insert(at, Node(line.text, (line.line, line.line), part=part))

    def _leave_out(self, node: Node, text: str, reason: str) -> None:
        self.dropped.append(DroppedLine(node.lines[0], text, reason))
        self.dropped.sort(key=lambda line: line.line)

    def _remove(self, node: Node, heir: Node | None) -> None:
        self.nodes.remove(node)
        self.levels.pop(node, None)
        self.speakers.pop(node, None)
        for other in self.nodes:
            other.notes = [(mark, note) for mark, note in other.notes if note is not node]
            if other.parent is node:
                other.parent = heir
            if other.article is node:
                other.article = heir if heir and heir.article is not node else None


_ACTS: dict[str, Callable[[Corrector, Node, Correction], None]] = {
    "number": Corrector._number,
    "kind": Corrector._kind,
    "level": Corrector._level,
    "part": Corrector._part,
    "speaker": Corrector._speaker,
    "split": Corrector._split,
    "join": Corrector._join,
    "drop": Corrector._drop,
    "keep": lambda _corrector, _node, _one: None,
}


def _expect(correction: Correction, now: str) -> None:
    """Raises where what is read now is neither what was corrected nor what it was corrected to."""
    if now not in (correction.before, correction.after):
        raise _UnfitError


def _number(node: Node, number: str) -> None:
    """Give ``node`` the number as typed: it leaves the text where that begins with it. With "" it has none,
    and what was taken for one is text again.
    """
    if not number:
        longer = len(_joined(node.prefix, node.text)) - len(node.text)
        node.text, node.marker, node.prefix = _joined(node.prefix, node.text), None, ""
        node.notes = [(mark + longer, note) for mark, note in node.notes]
        return
    printed = next((mark for mark in read_markers(node.text) if number in (mark.number, mark.prefix)), None)
    if printed and node.marker is None:
        _take_number(node, printed)
        return
    read = _readings(number, bracketed=node.kind is Kind.SUBPARAGRAPH)
    like = node.marker.style if node.marker else None
    found = next((mark for mark in read if mark.style is like), read[0] if read else None)
    if found is None:
        raise _UnfitError
    node.marker, node.bullet = found, ""


def is_number(typed: str) -> bool:
    """Whether a block may be given this number; ``""`` takes its number from it."""
    return not typed or bool(_readings(typed)) or set(typed) == {"*"}


def _readings(number: str, *, bracketed: bool = False) -> list[Marker]:
    forms = [number, f"{number}.", f"{number}、", f"({number})"]
    if bracketed:
        forms.insert(1, forms.pop())
    return [mark for form in forms for mark in read_markers(f"{form} 某")]


def _leading(node: Node, style: Style) -> Marker | None:
    return next((mark for mark in read_markers(node.text) if mark.style is style), None)


def _take_number(node: Node, marker: Marker) -> None:
    text = node.text[len(marker.prefix) :].lstrip()
    gone = len(node.text) - len(text)
    node.notes = [(max(0, mark - gone), note) for mark, note in node.notes]
    node.marker, node.prefix, node.text, node.bullet = marker, marker.prefix, text, ""


def _joined(first: str, second: str) -> str:
    latin = first[-1:].isascii() and first[-1:].isalnum() and second[:1].isascii() and second[:1].isalnum()
    return f"{first} {second}" if latin else first + second


def _set_level(nodes: list[Node], node: Node, level: int) -> None:
    """Let the heading ``node`` stand at ``level``, and under it what follows of lower ones."""
    at = nodes.index(node)
    above = next((other for other in reversed(nodes[:at]) if other.is_heading), None)
    while above is not None and (above.level or 1) >= level:
        above = above.parent
    outer = set(node.ancestors())
    node.parent = above
    inner = outer - set(node.ancestors())
    for other in nodes[at + 1 :]:
        if other.is_heading and (other.level or 1) <= level:
            break
        if other.parent in inner:
            other.parent = node
    for other in nodes[at:]:
        if other.is_heading:
            other.level = 1 + sum(over.is_heading for over in other.ancestors())
