"""The parts of a document: the main part, annexes, enclosures, each with a count of its own.

The printed label names a part: 附件二 is ``annex2``, 附文 ``enclosure``. The first of a series is ``annex``,
with or without number; but behind 附件 alone, 附件一 is an annex inside it, ``annex.annex1``. A label that
the document prints again in another part has that part before it: ``annex2.enclosure``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from ..dates import CHINESE_DATE
from ..parsed import DocumentType, Kind
from ..shapes import CLOSING, STAMP, PartLabel, is_heading_like, is_title_like, read_part_label
from .nodes import Node

_TRANSMITTING = (DocumentType.LETTER, DocumentType.NOTE_VERBALE, DocumentType.NOTE)
_DATED = re.compile(CHINESE_DATE)
_UNLABELLED = PartLabel("annex", None, "")
_DEEPEST = 4


def mark_parts(nodes: Sequence[Node], kind: DocumentType) -> None:
    """Set ``part`` on every node, and kind, role and label on what opens an annex: its label or its title."""
    heads: list[Node] = []
    ended = False
    for at, node in enumerate(nodes):
        label = read_label(node) if at and node.role is None else None
        after = read_label(nodes[at + 1]) if label and at + 1 < len(nodes) else None
        if label and after and (label.kind, label.number) == (after.kind, after.number):
            continue  # this one only says what is annexed (附件：格式)
        if label:
            node.kind, node.role, node.label = Kind.HEADING, "annex_label", label
        elif ended and not heads and _opens_unlabelled(node, nodes[at + 1 :][:1]):
            node.kind, node.role, node.label = Kind.HEADING, "annex_title", _UNLABELLED
        elif kind in _TRANSMITTING and not heads:
            ended = ended or node.kind is Kind.SIGNATURE or CLOSING.fullmatch(node.plain) is not None
        heads += [node] if node.label else []
    names = _names([head.label for head in heads if head.label])
    part = "main"
    for node in nodes:
        part = next(names) if node.label else part
        node.part = part


def read_label(node: Node) -> PartLabel | None:
    """What a node labels, or None."""
    if node.marker or node.note or node.bullet or node.kind is Kind.SIGNATURE:
        return None
    return read_part_label(node.text, spaced=node.columns > 1)


def _names(labels: Sequence[PartLabel]) -> Iterator[str]:
    """The name of each part, no two alike. One of a series stands beside those before it, all else inside."""
    bare = {label.kind for label in labels if label.number is None}
    codes = [_code(label, alone=label.kind not in bare) for label in labels]
    times, used = Counter(codes), Counter[str]()
    around: list[tuple[PartLabel, str]] = []
    for label, code in zip(labels, codes, strict=True):
        beside = next((at for at in range(len(around) - 1, -1, -1) if _goes_on(around, at, label)), None)
        del around[len(around) if beside is None else beside :]
        del around[_DEEPEST:]
        outer, name = around[-1] if around else (None, "")
        inside = outer and (times[code] > 1 or outer.kind == label.kind)
        name = f"{name}.{code}" if inside else code
        used[name] += 1
        name += f"_{used[name]}" if used[name] > 1 else ""
        around.append((label, name))
        yield name


def _code(label: PartLabel, *, alone: bool) -> str:
    first = label.number is None or (alone and label.number == 1)
    return label.kind if first else f"{label.kind}{label.number}"


def _goes_on(around: Sequence[tuple[PartLabel, str]], at: int, label: PartLabel) -> bool:
    """Whether ``label`` continues the series of an open part: 附件二 that of 附件一, or of 附件 alone."""
    before = around[at][0]
    if before.kind != label.kind:
        return False
    if label.number is None:
        return before.number is None and bool(before.words)  # a text without label may have an annex
    if before.number is None:
        return label.number > 1
    return label.number > before.number or at == len(around) - 1


def _opens_unlabelled(node: Node, after: Sequence[Node]) -> bool:
    """What a letter transmits begins with a title after its closing, where no label is printed (CD/2118)."""
    if node.marker or node.note or node.kind is not Kind.PARAGRAPH or not after or STAMP.match(node.plain):
        return False
    if _DATED.match(node.plain) and len(node.text) < 30 and not node.page:
        return False
    return is_heading_like(node.text) or is_title_like(node.text)
