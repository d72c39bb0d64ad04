"""Which kind of UN document this is: by its symbol, else by its title, else by its form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import dropwhile, takewhile

from ..parsed import DocumentType
from ..shapes import RESOLUTION_TITLE, is_heading_like, is_title_like
from .nodes import Node

_BY_SYMBOL = (
    (re.compile(r"/RES[/.]|/RES/"), DocumentType.RESOLUTION),
    (re.compile(r"/PRST/"), DocumentType.PRESIDENTIAL_STATEMENT),
    (re.compile(r"/PV\.\d"), DocumentType.VERBATIM_RECORD),
    (re.compile(r"/SR\.\d"), DocumentType.SUMMARY_RECORD),
    (re.compile(r"/DEC[/.]"), DocumentType.DECISION),
)
_BY_TITLE = (
    (re.compile(r"简要记录|簡要記錄"), DocumentType.SUMMARY_RECORD),
    (re.compile(r"逐字记录|逐字記錄"), DocumentType.VERBATIM_RECORD),
    (re.compile(r"主席(?:的)?声明|主席聲明"), DocumentType.PRESIDENTIAL_STATEMENT),
    (re.compile(r"普通照会|普通照會|照会及(?:其|所附)?(?:附件|附文)$"), DocumentType.NOTE_VERBALE),
    (
        re.compile(
            r"(?:的|来|致函|同文)(?:信|函)(?:$|[，,（(])|(?:给|致).{2,60}的?(?:同文)?(?:信|函)(?:$|[，,（(])"
            r"|(?:信|函)(?:及(?:其|所附)?(?:附件|附文))?$"
        ),
        DocumentType.LETTER,
    ),
    (re.compile(r"(?:的|主席|秘书处)[^的]{0,4}说明$|^说明$"), DocumentType.NOTE),
    (re.compile(r"报告(?:$|[（(：:])|報告$|报告草稿$"), DocumentType.REPORT),
    (re.compile(r"第.{1,20}号决定$|的决定$|^决定$|决定草案$"), DocumentType.DECISION),
    (re.compile(r"决议草案$"), DocumentType.RESOLUTION),
)
_FIRST_BLOCKS = 14
_PASSED_ON = [DocumentType.REPORT, DocumentType.NOTE]


def type_of_symbol(symbol: str | None) -> DocumentType | None:
    """What the components of a symbol say of its document: S/PRST/2015/4; None for most symbols."""
    return next((kind for pattern, kind in _BY_SYMBOL if symbol and pattern.search(symbol)), None)


def document_type(symbol: str | None, nodes: Sequence[Node]) -> DocumentType:
    """The kind of the document with ``symbol`` (or None) whose first blocks are in ``nodes``."""
    told = type_of_symbol(symbol)
    if told:
        return told
    heads = takewhile(_is_head, dropwhile(lambda node: not _is_head(node), nodes[:_FIRST_BLOCKS]))
    found = [kind for node in heads if (kind := _told_by(node.plain))]
    if found:  # somebody's report is passed on with a note
        return DocumentType.NOTE if found[:2] == _PASSED_ON else found[0]
    if any(node.role == "organ_line" for node in nodes[:_FIRST_BLOCKS]):
        return DocumentType.RESOLUTION
    return DocumentType.DOCUMENT


def _told_by(text: str) -> DocumentType | None:
    text = text.rstrip("* ")
    if RESOLUTION_TITLE.fullmatch(text):
        return DocumentType.RESOLUTION
    return next((kind for pattern, kind in _BY_TITLE if pattern.search(text)), None)


def _is_head(node: Node) -> bool:
    return node.marker is None and not node.note and (is_heading_like(node.text) or is_title_like(node.text))
