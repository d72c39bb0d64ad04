"""What of a query is one thing to ask for: its tokens, cut further or joined by what the texts hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import pairwise

from .analyzer import INNER, Token
from .segmenter import segmenter
from .vocabulary import HAN_WORD, function_words

Holds = Callable[[str], bool]
ENDINGS = frozenset("的了吗呢吧啊么")
# Beside a verb; characters that are names of families, too (于, 何, 向, 和), are not among them.
BEFORE_VERBS, BEHIND_VERBS = frozenset("想要就也还又被把给能会来去"), frozenset("着过到得与是")
ASKING = frozenset("谁啥哪几")  # characters of which no name is made
A_NOT_A = re.compile("(.)[不没]\\1.?")  # 知不知道, 够不够
AGAINST = frozenset("反防非抗禁")
HEADS = frozenset("部局署厅司院法")  # what authorities and acts are called by at the end of their names


def surface_of(group: list[Token], piece: str) -> str:
    """How the tokens of ``group`` are written in ``piece``."""
    return piece[group[0].start : group[-1].end]


def is_character(token: Token) -> bool:
    """Whether a token is a single Han character."""
    return token.kind == "word" and len(token.term) == 1 and not token.term.isascii()


def all_ask(group: list[Token]) -> bool:
    """Whether the tokens of a group only ask or connect, each or together: 哪|年."""
    return all(map(only_asks, group)) or "".join(token.term for token in group) in function_words()


def only_asks(token: Token) -> bool:
    """Whether a token only asks or connects: 为什么, 什么|时候, 够不够."""
    asking = function_words()
    return token.term in asking or (
        token.kind == "word"
        and (
            A_NOT_A.fullmatch(token.term) is not None
            or all(part in asking for part in segmenter().divided(token.term))
        )
    )


def cut_further(token: Token, findable: Holds) -> list[Token]:
    """A long word that no paragraph holds under any name is asked for by what it speaks against: 洗钱 of
    反洗钱. Itself where there is no need, or no way.
    """
    if token.kind != "word" or findable(token.term) or token.term in function_words():
        return [token]
    if token.end - token.start != len(token.term):  # folding changed the length: no places for the parts
        return [token]
    subject = _subject(token.term, findable)
    return [replace(token, terms=(subject,), start=token.end - len(subject))] if subject else [token]


def _subject(word: str, findable: Holds) -> str:
    """What a word speaks against, where it begins so; else empty."""
    rest = word[1:]
    return rest if word[0] in AGAINST and len(rest) > 1 and findable(rest) else ""


def in_groups(tokens: Iterable[Token], unknown: Holds) -> list[list[Token]]:
    """The tokens by what is one thing. Characters that stand side by side and are no word are a name; so are
    a word that is ``unknown`` and lone characters beside it (区块|链 is not any 链), and a word with the
    character behind it that makes it an authority or an act: 外贸|法.
    """
    groups: list[list[Token]] = []
    for token in tokens:
        before = groups[-1][-1] if groups else None
        if before and is_character(before) and is_character(token) and before.end == token.start:
            groups[-1].append(token)
        else:
            groups.append([token])
    apart = [part for group in groups for part in _without_particles(group, unknown)]
    return _with_names(apart, unknown)


def _without_particles(group: list[Token], unknown: Holds) -> list[list[Token]]:
    """A run of characters as a name, and the particles before and behind it: 捐|了, 想|弄|到. Where the texts
    hold the run, only those behind it that end no name.
    """
    if len(group) < 2 or not all(map(is_character, group)):
        return [group]
    known = not any(unknown(INNER + a.term + b.term) for a, b in pairwise(group))
    if not known and (asking := _asking(group)):
        parts = group[: asking.start], group[asking.start : asking.stop], group[asking.stop :]
        return [one for part in parts if part for one in _without_particles(part, unknown)]
    before, behind = (frozenset(), ENDINGS) if known else (BEFORE_VERBS, ENDINGS | BEHIND_VERBS)
    first, last = 0, len(group)
    while first < last and group[first].term in before | ENDINGS:  # no name begins like 的|兵
        first += 1
    while first < last and group[last - 1].term in behind:
        last -= 1
    return (
        [[one] for one in group[:first]]
        + [group[first:last]] * (first < last)
        + [[one] for one in group[last:]]
    )


def _asking(group: list[Token]) -> range | None:
    """The characters of a run that ask, where others stand beside them: 谁 of 谁写, 哪年 of 到哪年."""
    for first, token in enumerate(group):
        if token.term in ASKING:
            for last in range(len(group), first, -1):
                if all_ask(group[first:last]):
                    return range(first, last) if last - first < len(group) else None
    return None


def _with_names(groups: list[list[Token]], unknown: Holds) -> list[list[Token]]:
    joined: list[list[Token]] = []
    for group in groups:
        beside = joined[-1] if joined and joined[-1][-1].end == group[0].start else None
        if beside and _one_name(beside, group, unknown):
            joined[-1] = [*beside, *group]
        else:
            joined.append(group)
    return joined


def _one_name(first: list[Token], second: list[Token], unknown: Holds) -> bool:
    if len(second) > 1 or (len(first) > 1 and not any(len(token.term) > 1 for token in first)):
        return False
    if len(first) > 1:  # a name that goes on: 道|格拉|丝
        return is_character(second[0]) and not only_asks(second[0]) and any(map(unknown, _words(first)))
    if second[0].term in HEADS and first[0].kind == "word" and len(first[0].term) > 1:
        return not only_asks(first[0]) and HAN_WORD.fullmatch(first[0].term) is not None
    word, character = sorted((first[0], second[0]), key=lambda token: -len(token.term))
    lone = is_character(character) and not only_asks(character) and not only_asks(word)
    return lone and word.kind == "word" and len(word.term) > 1 and unknown(word.term)


def _words(group: list[Token]) -> list[str]:
    return [token.term for token in group if len(token.term) > 1]
