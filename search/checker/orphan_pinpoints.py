"""Pinpoints that belong to no citation: 同上，第7段; 该文件附件第11段; 参见附件第12至14段和第5段.

Which document they mean is the writer's to say; the archive only guesses at the one that was cited last.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from archive.text.aligned_folding import fold
from archive.text.pinpoints import paragraphs_after

from .citing import Cited, Pointing, overlaps
from .lines import paragraphs

_NOUN = r"(?:文件|决议|决定|报告|普通照会|照会|信函|信|函|说明|声明|备忘录|简报)"
_IBID = r"(?:(?<![一-鿿])|(?<=[见自据]))(?:出处)?同[上前](?=[\s,.。;:、()\]”’」]|第|附|序言|$)"
# 该文件附件第11段, 上述报告第3段, 同一文件第4段
_THAT = rf"(?:该|此|上述|前述|上引|前引|同一(?:[份项])?|这[份项一]?|上一?[份项]){_NOUN}"
_PLACE = r"(?:附件|附文|附录|序言|执行部分|正文部分|第 ?[0-9一二三四五六七八九十百])"
_BEGINS = re.compile(rf"(?P<ibid>{_IBID})|(?P<that>{_THAT})|(?P<place>{_PLACE})")
# 上文第3段, 本报告附件第2段: the draft's own; 第三条第2段: of a treaty
_OTHERS = re.compile(
    rf"(?:[上下前后]文|以[上下]|[上下]面|本{_NOUN}|本[文稿章节件]|[0-9一二三四五六七八九十][条款]|公约|条约|议定书|宪章|规约)"
    r"(?:的|中)?,? ?$"
)
_TITLE = re.compile(r"[》〉](?:的|中)?,? ?$")
_EACH = re.compile(r" ?,?分别(?:在|于|的|见)?其?")
_LOOK_BACK = 12


def lone_pinpoints(text: str, cited: Sequence[Cited], passages: Sequence[tuple[int, int]]) -> list[Cited]:
    """The places of ``text`` that name paragraphs and no document, in order.

    ``cited`` are its citations in order. What is inside ``passages`` is quoted and speaks of another text.
    """
    folded = fold(text)
    taken = sorted(_with_pinpoint(folded, one) for one in cited)
    found = []
    for offset, paragraph in paragraphs(text):
        for start, end, pinpoint, pointing in _in_paragraph(fold(paragraph)):
            place = offset + start, offset + end
            if not overlaps(taken, *place) and not overlaps(passages, *place):
                surface = text[slice(*place)]
                found.append(Cited(*place, surface, pinpoint=pinpoint, certain=False, pointing=pointing))
    return found


def _with_pinpoint(folded: str, one: Cited) -> tuple[int, int]:
    """A citation, and the paragraphs named right behind it."""
    window = folded[one.end : one.end + 400].replace("\n", " ")
    each = _EACH.match(window)
    return one.start, one.end + paragraphs_after(window, each.end() if each else 0)[1]


def _in_paragraph(folded: str) -> Iterator[tuple[int, int, str, Pointing]]:
    """``(start, end, pinpoint, how it points)``."""
    at = 0
    while begins := _BEGINS.search(folded, at):
        at = begins.end()
        before = folded[max(0, begins.start() - _LOOK_BACK) : begins.start()]
        if begins["place"]:
            places, end = paragraphs_after(folded, begins.start())
            kind = Pointing.TITLE if _TITLE.search(before) else Pointing.NOTHING
        else:
            places, end = paragraphs_after(folded, begins.end())
            kind = Pointing.WORD
        if places:
            at = max(at, end)
        if (places and not _OTHERS.search(before)) or begins["ibid"]:
            yield begins.start(), at, ",".join(places), kind
