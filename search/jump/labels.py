"""What a place to jump to is called."""

from __future__ import annotations

from archive.presenters.ranges import cited_name
from search.entities.documents import Jump


def jump_label(jump: Jump) -> str:
    """The place in words, as pages name it: S/2010/52 附件第14段, S/2010/52 附件第14至16段."""
    if not jump.anchor:
        return jump.symbol
    return f"{jump.symbol} {cited_name(jump.anchor, jump.whole_last)}"
