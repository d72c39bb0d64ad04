"""What a place to jump to is called."""

from __future__ import annotations

from archive.locations import location_of_anchor
from archive.presenters.ranges import range_name
from archive.presenters.wording import cited_paragraph_name, part_name
from search.entities.documents import Jump


def jump_label(jump: Jump) -> str:
    """The place in words, as pages name it: S/2010/52 附件第14段, S/2010/52 附件第14至16段."""
    if not jump.anchor:
        return jump.symbol
    name = cited_paragraph_name(jump.anchor)
    if jump.last:
        part = part_name(location_of_anchor(jump.anchor).part)
        name = range_name(name, part + cited_paragraph_name(jump.last), part)
    return f"{jump.symbol} {name}"
