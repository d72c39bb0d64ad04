"""A query tree written as text again."""

from __future__ import annotations

import re

from .ast import FIELDS, And, Field, Near, Node, Not, Or, Phrase, Together, Words
from .lexer import DOUBLE
from .parser import parse


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
