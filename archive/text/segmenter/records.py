"""Meeting records: turns of speech, numbers that OCR lost, and pieces that page breaks tore off."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..blocks.markers import Marker, Style
from ..parsed import DocumentType, Doubt, DroppedLine, Kind
from .nodes import Node
from .speakers import read_turn

_LONGEST_REMARK = 80
_NO_SPEECH = re.compile(
    r"(?:没有人反对[，,])?就这样决定。?|(?:会议于?)?.{0,20}(?:暂停|复会|休会).{0,30}|(?:进行(?:了)?)?(?:以)?举手(?:方式)?(?:进行(?:了)?)?表决。?|(?:已?有(?:代表|人|代表团)要求)?(?:进行)?(?:了)?(?:记录|唱名|单独)?表决。?|"
    r"(?:赞成|反对|弃权|未参加表决)[:：].*|[^，,：:]{0,40}(?:获得|获一致|一致)?通过(?:[(（][^()（）]{1,30}(?:[(（]\d{4}[)）])?[^()（）]{0,10}[)）])?。|"
    r"默哀.{0,20}|(?:应主席(?:的)?邀请[，,])?[^，,：:]{1,60}(?:在|应主席邀请在)?.{0,20}(?:就座|离席|退席|退场)。|"
    r"[^，,：:]{2,60}(?:主持会议|担任主席|代行主席职务)。"
)
_RESETS = (Kind.HEADING, Kind.CLOSING)


def mend_numbers(nodes: list[Node]) -> tuple[list[Node], list[DroppedLine], list[Doubt]]:
    """In a summary record every paragraph is numbered (S/AC.44/SR.74): give a lost number back where exactly
    one is missing and a turn begins; join any other unnumbered piece to the paragraph it was torn from."""
    if sum(_is_numbered(node) for node in nodes) < 2:
        return nodes, [], []
    mended: list[Node] = []
    dropped: list[DroppedLine] = []
    doubts: list[Doubt] = []
    last: Node | None = None
    following = _next_numbers(nodes)
    for at, node in enumerate(nodes):
        if _is_torn(node) and last is not None:
            if following[at] == last.numbering.value + 2 and read_turn(node.text):
                value = last.numbering.value + 1
                node.marker, node.kind, node.bullet = (
                    Marker(Style.ARABIC, value, str(value), ""),
                    Kind.PARAGRAPH,
                    "",
                )
                doubts.append(
                    Doubt(f"number {value} is not printed; it follows from its neighbours", node.lines[0])
                )
            else:
                dropped += _join(last, node)
                continue
        mended.append(node)
        if _is_numbered(node):
            last = node
        elif node.kind is not Kind.FOOTNOTE:
            last = None
    return mended, dropped, doubts


def _is_numbered(node: Node) -> bool:
    return node.kind is Kind.PARAGRAPH and node.marker is not None and node.marker.style is Style.ARABIC


def _is_torn(node: Node) -> bool:
    return node.kind in (Kind.PARAGRAPH, Kind.LIST_ITEM) and node.marker is None and node.role is None


def _next_numbers(nodes: Sequence[Node]) -> list[int | None]:
    """For every node, the paragraph number that comes next after it."""
    numbers: list[int | None] = []
    following: int | None = None
    for node in reversed(nodes):
        numbers.append(following)
        if _is_numbered(node):
            following = node.numbering.value
    return numbers[::-1]


def _join(last: Node, piece: Node) -> list[DroppedLine]:
    last.text += piece.text
    last.lines = (last.lines[0], piece.lines[1])
    return [DroppedLine(piece.lines[0], piece.prefix, "list mark on a continuation")] if piece.prefix else []


def attribute_speeches(nodes: Sequence[Node], kind: DocumentType) -> None:
    """Set the speaker of every paragraph of a turn, and count the turns; a turn ends with the next one,
    with a heading, or with a remark on the meeting."""
    verbatim = kind is DocumentType.VERBATIM_RECORD
    speaker, turns = None, 0
    for node in nodes:
        if node.kind in _RESETS or node.role:
            speaker = None
            continue
        if node.kind is Kind.FOOTNOTE:
            continue
        if len(node.text) < _LONGEST_REMARK and _NO_SPEECH.fullmatch(node.plain):
            speaker = None
            continue
        turn = read_turn(node.text, verbatim=verbatim) if verbatim or node.marker else None
        if turn:
            speaker, turns = turn.speaker, turns + 1
        if speaker:
            node.speaker, node.turn = speaker, turns
