"""The query language: what a reader types, as a tree, and the tree as text again.

    出口管制 1540委员会            words: ranked, all together before some
    "国家行为体"                    literal; also “…”, 「…」, 『…』
    -印度                          without
    A OR B, A 或 B; A AND B, A 且 B; ( … )
    "核*条约"                      literal on both sides of the asterisk, at most ten characters for it
    甲 NEAR/5 乙, 甲 近/5 乙        both, with at most five characters between them
    甲 THEN/5 乙, 甲 先/5 乙        the same, in this order
    甲 NEAR/S 乙, 甲 THEN/S 乙      in one sentence (甲 近/句 乙, 甲 先/句 乙)
    年份:2016  年份:2010-2016  国家:巴西  机构:…  文号:…  决议:1540  类型:信  发言:…  题名:…
    标题:…  脚注:…                 headings, footnotes that hold the text

Full-width forms and U+3000 mean what their half-width forms mean. A bracket that belongs to a symbol
(1540(2004)) is part of the word. ``parse`` never fails: what it cannot read is searched as words and named in
``problems``.
"""

from __future__ import annotations

import re

from .ast import (
    FIELDS,
    TEXT_FIELDS,
    And,
    Field,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Problem,
    ProblemCode,
    SearchQuery,
    Together,
    Words,
    is_filter,
    is_plain,
    phrases_of,
    strings_of,
    take_filters,
    within,
    without_fields,
    words_of,
)
from .lexer import DOUBLE, NEAR_MOST, within_marks
from .parser import MAX_DEPTH, parse

__all__ = [
    "FIELDS",
    "MAX_DEPTH",
    "NEAR_MOST",
    "TEXT_FIELDS",
    "And",
    "Field",
    "Near",
    "Node",
    "Not",
    "Or",
    "Phrase",
    "Problem",
    "ProblemCode",
    "SearchQuery",
    "Together",
    "Words",
    "is_filter",
    "is_plain",
    "parse",
    "phrases_of",
    "strings_of",
    "take_filters",
    "unparse",
    "within",
    "within_marks",
    "without_fields",
    "words_of",
]


# A query tree written as text again.


def unparse(node: Node | None) -> str:
    """Returns a query that parses to ``node`` again."""
    match node:
        case None:
            return ""
        case Words(text):
            return text
        case Phrase(text):
            return _quoted(text)
        case Field(name, values):
            return f"{FIELDS[name][0]}:{_unparse_values(values)}"
        case Not(inner):
            return f"-{_unparse_inside(inner, (Words, Phrase, Field))}"
        case Near(first, second, within, ordered):
            sides = (_unparse_inside(side, (Words, Phrase)) for side in (first, second))
            distance = "S" if within is None else within
            return f" {'THEN' if ordered else 'NEAR'}/{distance} ".join(sides)
        case Together(nodes):
            return " ".join(_unparse_inside(inner, (Words, Phrase, Field, Not, Near)) for inner in nodes)
        case And(nodes):
            return " AND ".join(
                _unparse_inside(inner, (Words, Phrase, Field, Not, Near, Together)) for inner in nodes
            )
        case Or(nodes):
            return " OR ".join(
                _unparse_inside(inner, (Words, Phrase, Field, Not, Near, Together, And)) for inner in nodes
            )


def _unparse_inside(node: Node, plain: tuple[type, ...]) -> str:
    return unparse(node) if isinstance(node, plain) else f"({unparse(node)})"


def _unparse_values(values: tuple[str, ...]) -> str:
    if len(values) == 1 and re.search(r"[\s,，、()（）\"“”「」『』]", values[0]):
        return _quoted(values[0])
    return ",".join(values)


def _quoted(text: str) -> str:
    """Returns ``text`` in marks that bring it back whole, if possible in marks that are not in it: then
    whatever stands beside it.
    """
    free = [
        f"{marks[0]}{text}{marks[1]}" for marks in ("“”", "「」", "『』") if not _has_marks_like(text, marks)
    ]
    forms = [*free, *(f"{marks[0]}{text}{marks[1]}" for marks in ("“”", '""', "「」", "『』"))]
    return next((form for form in forms if parse(form).root == Phrase(text)), forms[0])


def _has_marks_like(text: str, marks: str) -> bool:
    return any(mark in text for mark in (DOUBLE if marks[0] in DOUBLE else marks))
