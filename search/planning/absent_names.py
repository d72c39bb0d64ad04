"""Pieces of a query that name one authority, act or person. What holds a part of the name is another's."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence

from search.text.analyzer import Token, analyze
from search.text.grouping import HEADS, only_asks, surface_of
from search.text.vocabulary import HAN_WORD

from .titles import ACT

MOST_IN_A_NAME = 4  # groups
# Words of two characters by which an authority or an act may be called, of all that end like one.
SHORT_HEADS = frozenset(["总署", "总局", "总厅", "总院", "宪法", "刑法", "民法", "税法", "商法"])
NO_HEADS = frozenset({"办法", "规定", "规则"})  # where nothing else is in the word
JOINING = frozenset("和与及暨") | {"以及"}  # what may connect inside a name
BARE_ACT = re.compile(
    "公约|条约|议定书|宪章|协定|协议|宣言|条例|法典|法令|法案|准则|守则|指南|宪法|刑法|规则|规定"
)
OF_TREATIES = re.compile(r"公约|条约|议定书|宪章")
OFFICE = re.compile(
    r".*(?:代表|大使|公使|参赞|领事|大臣|外长|防长|[部司局署厅院处议会校团]长|[秘书]长|主席|主任|专员|干事"
    r"|总统|总理|首相|国王|议员|法官|发言人|协调员|报告员|特使|观察员|先生|女士|博士|教授|同志)"
)
LONGEST_PERSON = 4  # characters of a name that is not divided


def is_headed(group: Sequence[Token]) -> bool:
    """Whether ``group`` is called by what authorities and acts are called by: 安保|部, 管制法, 公约; 说法 and
    内部 are none.
    """
    last = group[-1]
    if last.kind != "word" or sum(len(one.term) for one in group) < 2:
        return False
    if len(last.term) == 2 and last.term[-1] in HEADS:
        return last.term in SHORT_HEADS
    act = ACT.fullmatch(last.term) is not None and last.term not in NO_HEADS
    return act or last.term[-1] in HEADS


def may_be_a_name(piece: str) -> bool:
    """Whether nothing in ``piece`` asks or connects as no name does: 怎么, 是不是, 的."""
    return not any(only_asks(token) and token.term not in JOINING for token in analyze(piece))


def names_an_office(groups: Sequence[list[Token]], piece: str) -> bool:
    """Whether ``piece`` is a person with the office before or behind the name: 裁军事务高级代表中满泉."""
    if len(groups) < 2:
        return False
    before, last = surface_of(groups[-2], piece), surface_of(groups[-1], piece)
    return (OFFICE.fullmatch(before) is not None and _is_person(groups[-1], last)) or (
        OFFICE.fullmatch(last) is not None and _is_person(groups[-2], before)
    )


def _is_person(group: Sequence[Token], surface: str) -> bool:
    """Whether ``surface`` may be a name: characters that are no word, or a name of the dictionary."""
    if not HAN_WORD.fullmatch(surface) or len(surface) > LONGEST_PERSON:
        return False
    if len(group) > 1:
        return True
    return tag_of(group[0].term).startswith("nr")


@functools.lru_cache(maxsize=1024)
def tag_of(word: str) -> str:
    """The part of speech that jieba's dictionary gives ``word``: nr is a person's name, v a verb; empty where
    it has none.
    """
    import jieba

    with jieba.get_dict_file() as file:
        lines = file.read()  # 5 MB, which are not kept: few queries need them
    start = lines.find(b"\n%s " % word.encode())
    entry = lines[start + 1 : lines.find(b"\n", start + 1)].split() if start >= 0 else []
    return entry[2].decode() if len(entry) > 2 else ""


def acts_on(groups: Sequence[list[Token]], piece: str) -> bool:
    """Whether ``piece`` tells what is done with an act: 退出条约, 修订宪法."""
    if len(groups) != 2 or any(len(group) > 1 for group in groups):
        return False
    return BARE_ACT.fullmatch(groups[1][0].term) is not None and tag_of(groups[0][0].term).startswith("v")


Nowhere = Callable[[list[Token], str], bool]


def names_what_is_absent(groups: Sequence[list[Token]], piece: str, nowhere: Nowhere) -> bool:
    """Whether ``piece`` names one authority, act or person, and a part of the name stands ``nowhere``."""
    if len(groups) < 2 or not any(nowhere(group, piece) for group in groups):
        return False
    if len(groups) <= MOST_IN_A_NAME and is_headed(groups[-1]) and may_be_a_name(piece):
        return not acts_on(groups, piece)
    person = [group for group in groups[-2:] if nowhere(group, piece)]
    return len(person) == 1 and names_an_office(groups, piece)


def is_treaty(groups: Sequence[list[Token]], piece: str) -> bool:
    """Whether ``piece`` is called a treaty, by a name of several words: 日内瓦四公约."""
    if not 1 < len(groups) <= MOST_IN_A_NAME or not OF_TREATIES.fullmatch(surface_of(groups[-1], piece)):
        return False
    return may_be_a_name(piece) and not acts_on(groups, piece)
