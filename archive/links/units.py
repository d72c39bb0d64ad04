"""A paragraph with its items as one unit: the chapeau, (a), (b) and so on.

A unit is the range from the paragraph to its last item, so its link carries the fingerprint of all its words
and is followed as that of any range.
"""

from __future__ import annotations

from collections.abc import Callable

from archive.models import Document, Paragraph

from .ranges import BELOW, LONGEST, Outline, Stretch


def unit_of(held: Document, chapeau: Paragraph, following: Paragraph | None) -> Stretch | None:
    """The unit that ``chapeau`` begins; None where no item stands under it, or more than a range may hold.
    A heading begins one only where it ends with a colon.

    ``following`` is the block behind it. Two queries where there are items, else none. The blocks are
    without what linking their text needs.
    """
    is_title = chapeau.kind == Paragraph.Kind.HEADING and not chapeau.text.endswith(("：", ":"))
    if following is None or is_title:
        return None
    if following.parent_id != chapeau.pk or following.kind not in BELOW:
        return None
    outline = Outline(held)
    start, end = outline.bounds(chapeau.anchor, chapeau.anchor)
    if end - start > LONGEST:
        return None
    anchors = outline.anchors[start:end]
    blocks = held.paragraphs.filter(anchor__in=anchors).order_by("position")
    return Stretch(held, anchors[0], anchors[-1], tuple(blocks))


def numbered_text(blocks: tuple[Paragraph, ...], number_of: Callable[[Paragraph], str]) -> str:
    """The words with the numbers that are printed before them, a block to a line: ``3. …``, ``(a) …``."""
    lines = []
    for block in blocks:
        number = number_of(block)
        mark = f"{number}." if number.isdecimal() else number
        lines.append(f"{mark} {block.text}" if mark else block.text)
    return "\n".join(lines)
