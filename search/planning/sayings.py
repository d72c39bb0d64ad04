"""Who is asked for by what they said: 德国观察员的发言, 古巴对制裁的看法, 金垣洙 闭幕时的讲话."""

from __future__ import annotations

from collections.abc import Callable

from search.entities.entity import Entity, Kind
from search.entities.names import NameTable
from search.query.conditions import AnyNode, AnyOf, Term
from search.text.analyzer import Token
from search.text.folding import fold_words
from search.text.grouping import surface_of

Group = tuple[list[Token], str]

# Words that ask for what somebody said, or when; and who said it for whom.
SPEECH = frozenset(
    [
        *("发言", "讲话", "致辞", "致词", "演讲", "声明", "表态", "通报", "说法", "开场白", "闭幕词"),
        *("立场", "态度", "看法", "观点", "意见", "主张", "会上", "开幕", "开幕时", "闭幕", "闭幕时"),
    ]
)
OFFICES = frozenset(["代表", "代表团", "常驻代表", "观察员", "大使", "发言人", "先生", "女士"])
SAYING = SPEECH | OFFICES
SPOKEN = 12.0  # added to the words of who is asked for: above what naming them adds


def asks_for_words(text: str) -> bool:
    """Whether ``text`` has a word that asks for what somebody said."""
    return any(word in text for word in SAYING)


def only_say(groups: list[Group], speaks: Callable[[str], bool], beside: bool, alone: bool) -> list[Group]:
    """Those of ``groups`` that ask for what those said whom the others name, and are no matter themselves.

    ``speaks`` tells names of who speaks; ``beside``: such a name stands outside of ``groups``; ``alone``:
    nothing but names does. Where nothing but names is asked for, all that ask for speech and the offices
    beside a name; else those behind a name or at the end of what stands between blanks. None where nobody who
    speaks is named.
    """
    said = [pair for pair in groups if surface_of(*pair) in SAYING]
    rest = [pair for pair in groups if pair not in said]
    who = [pair for pair in rest if speaks(surface_of(*pair))]
    if not said or not (who or beside):
        return []
    inside = [pair for pair in said if surface_of(*pair) != pair[1]]
    if alone and len(who) == len(rest):
        return [pair for pair in said if pair in inside or surface_of(*pair) in SPEECH]
    behind = {(piece, group[-1].end) for group, piece in who}
    return [
        (group, piece)
        for group, piece in inside
        if group[-1].end == len(piece) or (piece, group[0].start) in behind
    ]


def own_words(entity: Entity, table: NameTable) -> AnyNode:
    """The words of a State, and of a body or speaker, those that are given under its name."""
    match entity.kind:
        case Kind.STATE:
            return Term("state", entity.key)
        case Kind.BODY | Kind.SPEAKER:
            names = {fold_words(name) for name in (entity.key, *table.forms_of(entity.kind, entity.key))}
            return AnyOf(tuple(Term("speaker", name) for name in sorted(names)))
    return AnyOf(())
