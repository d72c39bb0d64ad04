"""What the order of a list is told of a query, in values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from search.query.conditions import Concept


class Answering(StrEnum):
    """What kind of answer a question asks for."""

    WHO = "who"
    WHEN = "when"
    AMOUNT = "amount"
    PLACE = "place"
    WHY = "why"


ASKING: dict[Answering, re.Pattern[str]] = {
    Answering.WHO: re.compile(
        r"谁|何人|哪位|什么人|哪些人|哪国|哪些国家|哪个国家|哪个机构|哪些机构|\bwho\b", re.I
    ),
    Answering.WHEN: re.compile(r"何时|什么时候|几时|哪一?年|哪一?天|几[年月日点号]|多久|\bwhen\b", re.I),
    Answering.AMOUNT: re.compile(r"多少|几[个次国名份项]|多[大长高远]|\bhow (?:many|much)\b", re.I),
    Answering.PLACE: re.compile(r"哪里|哪儿|在哪|何[地处]|什么地方|\bwhere\b", re.I),
    Answering.WHY: re.compile(r"为什么|为何|何故|何以|\bwhy\b", re.I),
}
# What a text has that answers; of folded text without white space.
EVIDENCE: dict[Answering, re.Pattern[str]] = {
    Answering.WHO: re.compile(r"先生|女士|大使|主席|代表|主任|专员|国家|组织|联盟|委员会"),
    Answering.WHEN: re.compile(r"\d{4}年|\d{1,2}月|\d{1,2}日|[上下]午|年代"),
    Answering.AMOUNT: re.compile(r"\d|[一二三四五六七八九十百千万]+[个次名份项国欧美]|半数|大多数"),
    Answering.PLACE: re.compile(r"在.{1,20}(?:举行|举办|召开|设立)|总部|城市|首都|[^城]市|会议室|大楼"),
    Answering.WHY: re.compile(r"因为|由于|因此|理由|原因|鉴于|考虑到|旨在|认为"),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """``concepts`` are all that the words of a query ask for, ``pieces`` the query as typed; ``text``: what
    its meaning is told by, empty where only the words themselves are wanted.
    """

    concepts: tuple[Concept, ...]
    pieces: tuple[str, ...]
    text: str = ""

    @property
    def forms(self) -> list[list[str]]:
        """The strings by which each concept may stand in a text, as typed first."""
        return [
            [*dict.fromkeys(form.text for form in (*one.typed, *one.same))]
            for one in self.concepts
            if not one.is_place
        ]

    @property
    def answering(self) -> list[Answering]:
        """The kinds of answer that are asked for."""
        text = " ".join(self.pieces)
        return [kind for kind, pattern in ASKING.items() if pattern.search(text)]
