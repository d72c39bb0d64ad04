"""The neighbourhood of a mention: its list, what modifies it, and the clause it stands in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..mentions.organs import DATE, is_bridge
from ..parsed import ParsedMention
from ..pinpoints import paragraphs_after

LEFT, RIGHT = 240, 160  # characters around a mention that are looked at, which bounds what a mention costs

SENTENCE_END = re.compile(r"[。;!?\n]")
_SEPARATOR = re.compile(r" ?(?:[、,;](?: ?(?:以及|和|与|及|或|并))?|以及|和|与|及|或|并|暨) ?(?:第? ?)?")
_QUOTED = r"(?:“[^”]{1,120}”|《[^》]{1,120}》|「[^」]{1,120}」|\"[^\"]{1,120}\")"
_ORGAN = (
    r"(?:联合国)?(?:安全理事会|安理会|大会|经济及社会理事会|经社理事会|人权理事会|理事会|欧洲理事会|欧盟理事会|欧洲联盟理事会"
    r"|安全理事會)(?:的)?"
)
# What may stand between the verb and the mention that it governs, taken off from the right.
_MODIFIER = re.compile(
    rf"(?:{_ORGAN}|{DATE.pattern}|题为{_QUOTED}的?|(?:于|在)?{DATE.pattern}(?:一致)?通过的"
    r"|(?:其|该|此|上述|前述|各项|以往|历次|有关的|相关的|所有|全部|最近的?|联合国|本身的?|自己的|以下|下列|决议"
    r"|一致|重要的?|里程碑式的?|具有里程碑意义的?|第| ))$"
)
# 关于…的, 旨在…的: what the document is about stands before its number
_SUBJECT = re.compile(r"(?:关于|旨在|为了?|涉及|有关|就)(?P<what>[^,。;、()]{1,160}?)的$")
_SUBJECT_LISTING = re.compile(r"(?:关于|旨在)(?P<what>[^。;()]{1,160}?)的$")
_ADOPTED = re.compile(rf"(?:于|在)?(?:{DATE.pattern})?(?:一致|未经表决)?(?:通过|核准|商定)的$")
_ASIDE = re.compile(r" ?\([^()]{1,60}\)")


@dataclass(frozen=True, slots=True)
class Group:
    """Mentions that form a list, and so are cited alike. ``after`` is behind the last one's pinpoint."""

    members: tuple[int, ...]
    start: int
    end: int
    after: int


def groups(folded: str, mentions: Sequence[ParsedMention]) -> Iterator[Group]:
    """The lists among the mentions of one paragraph, which are given in order; most are lists of one.

    该决议 begins a list of its own: behind a comma it is the next clause's subject.
    """
    members: list[int] = []
    after = 0
    for index, mention in enumerate(mentions):
        anaphora = not any(map(str.isdigit, mention.surface))
        if members and (anaphora or not _goes_on(folded, after, mention.start)):
            yield _group(members, mentions, after)
            members = []
        members.append(index)
        after = max(after, _behind(folded, mention.end))
    if members:
        yield _group(members, mentions, after)


def _group(members: Sequence[int], mentions: Sequence[ParsedMention], after: int) -> Group:
    last = max(mentions[index].end for index in members)
    return Group(tuple(members), mentions[members[0]].start, last, max(after, last))


def _behind(folded: str, end: int) -> int:
    """Behind the pinpoint and the bracket that belong to a mention."""
    _, end = paragraphs_after(folded, end)
    aside = _ASIDE.match(folded, end)
    return aside.end() if aside else end


def _goes_on(folded: str, after: int, start: int) -> bool:
    if not 0 <= start - after <= 80:
        return start < after  # a place named twice, as both of a double symbol
    separator = _SEPARATOR.match(folded, after, start)
    return separator is not None and is_bridge(folded[separator.end() : start])


def sentence_start(folded: str, place: int) -> int:
    """Where the sentence of ``place`` begins, or the edge of what is looked at."""
    edge = max(0, place - LEFT)
    ends = [match.end() for match in SENTENCE_END.finditer(folded, edge, place)]
    return ends[-1] if ends else edge


def without_modifiers(folded: str, first: int, place: int) -> tuple[int, bool]:
    """``place`` moved left over what only modifies the mention: organ, date, title, subject.

    Tells also whether one of these was 通过的. ``first`` is where the sentence begins.
    """
    adopted = False
    while place > first:
        window = max(first, place - 180)
        if match := _ADOPTED.search(folded, window, place):
            adopted = True
        else:
            match = _MODIFIER.search(folded, window, place)
        match = (
            match or _last(_SUBJECT, folded, window, place) or _last(_SUBJECT_LISTING, folded, window, place)
        )
        if match is None or match.start() == place:
            break
        place = match.start()
    return place, adopted


def _last(pattern: re.Pattern[str], folded: str, first: int, place: int) -> re.Match[str] | None:
    """The first match of ``pattern`` that ends at ``place``; none where the text does not end in 的."""
    return pattern.search(folded, first, place) if folded[place - 1 : place] == "的" else None
