"""Replies of States and organizations in a report of the Secretary-General (A/74/140).

Under the heading of a reply stand its original language and its date, each in brackets on a line. That
heading, which may be the numbered section itself, names the submitter of all below it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..dates import read_date
from ..parsed import DroppedLine, Submitter
from ..shapes import ORIGINAL_LINE, REPLY_DATE
from .nodes import Node

_RECEIVED_FROM = re.compile(r"^从(.{2,40}?)(?:收到|处收到)的?(?:答复|回复|资料|来文|意见|材料)")
_REASON = "attribution"
_LONGEST = 60


def mark_attributions(nodes: Sequence[Node]) -> None:
    """Mark the bracketed lines of original language and date, so that they are taken for no title."""
    for node in nodes:
        text = node.text
        if len(text) < _LONGEST and (ORIGINAL_LINE.fullmatch(text) or REPLY_DATE.fullmatch(text)):
            node.role = _REASON


def take_attributions(nodes: Sequence[Node]) -> tuple[list[Node], list[DroppedLine]]:
    """Take the attribution lines out of ``nodes`` and mark the headings they belong to."""
    kept: list[Node] = []
    dropped: list[DroppedLine] = []
    heading: Node | None = None
    for node in nodes:
        if node.role != _REASON:
            heading = node if node.is_heading else None
            kept.append(node)
        elif heading is None:
            node.role = None
            kept.append(node)
        else:
            dropped.append(DroppedLine(node.lines[0], f"{node.prefix} {node.text}".strip(), _REASON))
            if not heading.is_title:
                heading.submitter = _add(heading, node.text)
            if not heading.marker and heading.role is None:
                heading.role = "submitter"
    return kept, dropped


def spread_submitters(nodes: Sequence[Node]) -> None:
    """Let everything below the heading of a reply bear its submitter; parents must be set."""
    for node in nodes:
        if node.submitter is None and node.parent is not None and node.parent.part == node.part:
            node.submitter = node.parent.submitter


def _add(heading: Node, text: str) -> Submitter:
    known = heading.submitter or Submitter(_name(heading.text))
    original = ORIGINAL_LINE.fullmatch(text)
    if original:
        return Submitter(known.name, original["language"], known.date)
    dated = REPLY_DATE.fullmatch(text)
    return Submitter(known.name, known.original_language, read_date(dated["date"]) if dated else known.date)


def _name(heading: str) -> str:
    """The submitter's name: the heading, or the name in 从欧洲联盟收到的答复."""
    received = _RECEIVED_FROM.match(heading)
    return received[1] if received else heading
