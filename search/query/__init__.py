"""The query language: what a reader types, as a tree, and the tree as text again.

    出口管制 1540委员会            words: ranked, all together before some
    "国家行为体"                    literal; also “…”, 「…」, 『…』
    -印度                          without
    A OR B, A 或 B; A AND B, A 且 B; ( … )
    甲 NEAR/5 乙, 甲 近/5 乙        both, with at most five characters between them
    年份:2016  年份:2010-2016  国家:巴西  机构:…  文号:…  决议:1540  类型:信  发言:…

Full-width forms and U+3000 mean what their half-width forms mean. A bracket that belongs to a symbol
(1540(2004)) is part of the word. ``parse`` never fails: what it cannot read is searched as words and named in
``problems``.
"""

from .marks import NEAR_MOST, within_marks
from .parser import MAX_DEPTH, parse
from .tree import (
    FIELDS,
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
    is_plain,
    phrases_of,
    strings_of,
    within,
    without_fields,
    words_of,
)
from .writing import unparse

__all__ = [
    "FIELDS",
    "MAX_DEPTH",
    "NEAR_MOST",
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
    "is_plain",
    "parse",
    "phrases_of",
    "strings_of",
    "unparse",
    "within",
    "within_marks",
    "without_fields",
    "words_of",
]
