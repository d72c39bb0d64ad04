"""What people put right in the blocks that were read, done again at every reading, in their order.

A correction finds its block by its words, or does nothing and says so: none is lost, and none falls on
another block. Words that were put right are known by what they were, too, and told to readers. After each,
outline, speakers and anchors are what they would be had the block been read so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from ..blocks.markers import NAMED_STYLES, Marker, Style, read_markers
from ..fingerprint import fingerprint
from ..parsed import REWORDED, Correction, DocumentType, Doubt, DroppedLine, Kind, Speaker
from ..pinpoints.anchors import PART
from .anchors import set_anchors
from .classify import RECORDS
from .nodes import Node
from .outline import build_outline
from .records import attribute_speeches, read_turn, spread_submitters

DROPPED = "left out by an editor"
KINDS = tuple(kind for kind in Kind if kind is not Kind.ROW)
"""What a block may be said to be; rows are made with their table."""
_OF_FACTS = ("adoption", "meeting_line", "date_place", "chair")
"""Roles of lines that tell facts of the document, whatever kind of block they are said to be."""
_LEVELS = range(1, 10)
_STOPS = re.compile(r"[。；;：:！？]\s*(?=\S)")


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
    former: dict[str, Node] = field(default_factory=dict)
    reworded: list[tuple[Node, Correction]] = field(default_factory=list)
    _twins: Counter[str] = field(default_factory=Counter)

    def apply(self, corrections: Iterable[Correction]) -> None:
        """Apply those of blocks and lines; the others are for later stages."""
        corrections = [one for one in corrections if one.what in _ACTS]
        self._twins.update(fingerprint(node.text) for node in self.nodes if corrections)
        for one in corrections:
            try:
                if one.what == "keep":
                    self._keep(one)
                else:
                    _ACTS[one.what](self, self._find(one), one)
            except _UnfitError:
                self.doubts.append(unfit(one))
            else:
                self._settle()
        told = (
            (f"{REWORDED}{one.before}” were corrected by an editor to “{one.after}”", node)
            for node, one in self.reworded
            if node in self.nodes
        )
        self.doubts += [Doubt(words, node.lines[0], node.anchor) for words, node in told]

    def _find(self, correction: Correction) -> Node:
        """A twin is the block that is meant only where it stands, also where the other is gone by now."""
        words = correction.words
        found = [node for node in self.nodes if fingerprint(node.text) == words]
        if len(found) > 1 or self._twins[words] > 1:
            found = [node for node in found if node.anchor == correction.anchor]
        elif not found and self.former.get(words) in self.nodes:
            found = [self.former[words]]
        if not found and correction.what == "text":
            found = [node for node in self.nodes if fingerprint(_undone(node.text, correction)) == words][:1]
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
            self.former[fingerprint(node.text)] = node
            _number(node, one.after)

    def _kind(self, node: Node, one: Correction) -> None:
        _expect(one, node.kind)
        if one.after not in KINDS or node.kind is Kind.ROW:
            raise _UnfitError
        was, node.kind = node.kind, Kind(one.after)
        node.role = node.role if node.role in _OF_FACTS else None
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

    def _text(self, node: Node, one: Correction) -> None:
        """The words ``before`` at ``place``, or where they stand once, become ``after``."""
        at, text = one.place, node.text
        if fingerprint(_undone(text, one)) == one.words:
            return  # what is read is right by now
        if not text.startswith(one.before, at):
            at = text.find(one.before) if text.count(one.before) == 1 else -1
        new = text[:at] + one.after + text[at + len(one.before) :]
        if at < 0 or node.row or not new.strip():
            raise _UnfitError
        longer = len(new) - len(text)
        node.notes = [(mark if mark <= at else max(at, mark + longer), note) for mark, note in node.notes]
        node.text = new
        self.former[fingerprint(text)] = node
        self.reworded.append((node, one))

    def _split(self, node: Node, one: Correction) -> None:
        """At ``place``; a number with which the second half begins becomes its number, or it is ``after``."""
        at = one.place
        if not node.text[:at].strip() or not node.text[at:].strip() or node.row:
            raise _UnfitError
        if one.after and not _readings(one.after):
            raise _UnfitError
        rest = replace(node, text=node.text[at:].lstrip(), prefix="", marker=None, bullet="", notes=[])
        gone = len(node.text) - len(rest.text)
        rest.notes = [(max(0, mark - gone), note) for mark, note in node.notes if mark >= gone]
        node.notes = [(mark, note) for mark, note in node.notes if mark < gone]
        node.text = node.text[:at].rstrip()
        if one.after:
            _number(rest, one.after)
        elif node.marker and (like := _leading(rest, node.marker.style)):
            _take_number(rest, like)
        elif rest.kind is Kind.SUBPARAGRAPH:
            rest.kind = Kind.PARAGRAPH
        self.nodes.insert(self.nodes.index(node) + 1, rest)
        self._retell(node, rest, lambda words: words not in node.text)

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
        self._retell(node, before)

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

    def _retell(self, node: Node, heir: Node, moved: Callable[[str], bool] = lambda _words: True) -> None:
        """Words that were put right in ``node`` and stand in ``heir`` now are told there."""
        self.reworded = [(heir if of is node and moved(one.after) else of, one) for of, one in self.reworded]

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
    "text": Corrector._text,
    "split": Corrector._split,
    "join": Corrector._join,
    "drop": Corrector._drop,
    "keep": lambda _corrector, _node, _one: None,
}


def _undone(text: str, one: Correction) -> str:
    """``text`` as it was read where the words of ``one`` are right in it."""
    end = one.place + len(one.after)
    return text[: one.place] + one.before + text[end:] if text.startswith(one.after, one.place) else ""


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


def numbers_inside(text: str) -> list[tuple[int, str]]:
    """Where a sentence of ``text`` but the first begins with a number as printed, and the number."""
    places = (stop.end() for stop in _STOPS.finditer(text))
    read = ((at, [mark for mark in read_markers(text[at : at + 40]) if not mark.glued]) for at in places)
    return [(at, marks[0].number) for at, marks in read if marks and marks[0].style not in NAMED_STYLES]


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
