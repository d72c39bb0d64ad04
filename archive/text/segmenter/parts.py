"""The parts of a document: the main part, annexes, enclosures, each with a count of its own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from ..blocks.markers import cjk_value, roman_value
from ..dates import CHINESE_DATE
from ..parsed import DocumentType, Kind
from ..shapes import ANNEX_LABEL, ANNEX_OF, CLOSING, TITLED_ANNEX_LABEL, is_heading_like, is_title_like
from .nodes import Node

_TRANSMITTING = (DocumentType.LETTER, DocumentType.NOTE_VERBALE, DocumentType.NOTE)
_SPACED_LABEL = re.compile(
    r"(?:(?P<annex>附件)|(?P<enclosure>附文)|(?P<appendix>附录))(?P<number>[一二三四五六七八九十]{1,3})?\S.{0,80}"
)
_DATED = re.compile(CHINESE_DATE)
_KINDS = ("annex", "enclosure", "appendix")


def mark_parts(nodes: Sequence[Node], kind: DocumentType) -> None:
    """Set ``part`` on every node, and kind and role on the labels and titles that open an annex."""
    part, ended = "main", False
    used: Counter[str] = Counter()
    for at, node in enumerate(nodes):
        label = read_label(node) if at and node.role is None else None
        if label:
            part, ended = _name(label, used), False
            node.kind, node.role = Kind.HEADING, "annex_label"
        elif ended and part == "main" and _opens_unlabelled(node, nodes[at + 1 :][:1]):
            part, ended = _name(("annex", None), used), False
            node.kind, node.role = Kind.HEADING, "annex_title"
        elif kind in _TRANSMITTING and part == "main":
            ended = ended or node.kind is Kind.SIGNATURE or CLOSING.fullmatch(node.plain) is not None
        node.part = part


def read_label(node: Node) -> tuple[str, int | None] | None:
    """What a node labels: (annex, 2) for 附件二, (annex, None) for 附件 or …的信的附件; None for no label."""
    if node.marker or node.note or node.bullet or node.kind is Kind.SIGNATURE or len(node.text) > 300:
        return None
    text = node.plain
    match = ANNEX_LABEL.fullmatch(text) or ANNEX_OF.fullmatch(text)
    if not match and is_heading_like(text):
        spaced = _SPACED_LABEL.fullmatch(text) if node.columns > 1 else None
        match = TITLED_ANNEX_LABEL.fullmatch(text) or spaced
    if not match:
        return None
    groups = match.groupdict()
    kind = next(name for name in _KINDS if groups.get(name))
    return kind, _value(groups.get("number"))


def _value(number: str | None) -> int | None:
    if not number:
        return None
    if number.isdecimal():
        return int(number)
    if re.fullmatch(r"[IVX]+", number):
        return roman_value(number.lower()) or None
    return cjk_value(number) or (ord(number) - ord("A") + 1 if len(number) == 1 else None)


def _name(label: tuple[str, int | None], used: Counter[str]) -> str:
    """``annex``, ``annex2``: by the printed number, else by order; never one name for two parts."""
    kind, printed = label
    value = printed or used[kind] + 1
    used[kind] = value = max(value, used[kind] + 1)
    return kind if value == 1 else f"{kind}{value}"


def _opens_unlabelled(node: Node, after: Sequence[Node]) -> bool:
    """What a letter transmits begins with a title after its closing, where no label is printed (CD/2118)."""
    if node.marker or node.note or node.kind is not Kind.PARAGRAPH or not after:
        return False
    if _DATED.match(node.plain) and len(node.text) < 30 and not node.page:
        return False
    return is_heading_like(node.text) or is_title_like(node.text)
