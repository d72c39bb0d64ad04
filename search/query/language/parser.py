"""Reading marks into a tree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from archive.store.limits import LONGEST_QUERY
from archive.text.folding import folded_length

from .ast import And, Field, Near, Node, Not, Or, Phrase, Problem, ProblemCode, SearchQuery, Together, Words
from .lexer import Mark, MarkReader

MAX_DEPTH = 20
MOST_NEAR = 20  # pairs of a query; each is looked up at all the places of both sides
ENDS_ITEM = frozenset({"", "or", "and", "near", "close"})


def parse(text: str) -> SearchQuery:
    """Parses ``text`` into a query, with the problems met on the way."""
    if len(text) > LONGEST_QUERY or folded_length(text) > 2 * LONGEST_QUERY:
        return SearchQuery(text, None, (Problem(ProblemCode.TOO_LONG, at=LONGEST_QUERY),))
    reader = MarkReader(text)
    marks = list(reader.marks())
    parser = _Parser(marks, reader.problems)
    root = parser.whole()
    return SearchQuery(text, root, tuple(sorted(reader.problems, key=lambda problem: problem.at)))


@dataclass(slots=True)
class _Parser:
    """A parser of marks into a tree: OR binds least, then AND, then juxtaposition; NEAR binds most."""

    marks: list[Mark]
    problems: list[Problem]
    place: int = field(default=0)
    depth: int = field(default=0)
    cut: bool = field(default=False)
    near: int = field(default=0)

    def whole(self) -> Node | None:
        pieces = []
        while self.place < len(self.marks):
            if node := self._alternatives():
                pieces.append(node)
            if self.place < len(self.marks):  # a bracket too many
                self._complain(ProblemCode.UNBALANCED_BRACKET)
                self.place += 1
        return _joined(Together, pieces)

    def _peek(self) -> str:
        return self.marks[self.place].kind if self.place < len(self.marks) else ""

    def _complain(self, code: ProblemCode) -> None:
        mark = self.marks[min(self.place, len(self.marks) - 1)]
        self.problems.append(Problem(code, mark.text, mark.at))

    def _alternatives(self) -> Node | None:
        return self._chain("or", self._conjunction, Or)

    def _conjunction(self) -> Node | None:
        return self._chain("and", self._together, And)

    def _chain(self, operator: str, read: Callable[[], Node | None], kind: type[And | Or]) -> Node | None:
        first = read()
        nodes = [first] if first else []
        while self._peek() == operator:
            at = self.place
            self.place += 1
            node = read()
            if node is None or not nodes:
                self.problems.append(
                    Problem(ProblemCode.DANGLING_OPERATOR, self.marks[at].text, self.marks[at].at)
                )
            if node:
                nodes.append(node)
        return _joined(kind, nodes)

    def _together(self) -> Node | None:
        nodes = []
        while self._peek() not in ("", "or", "and", "close"):
            if node := self._neighbours():
                nodes.append(node)
        return _joined(Together, nodes)

    def _neighbours(self) -> Node | None:
        """Parses an item, or items with NEAR between them: each pair of a chain must be near."""
        node = None if self._peek() == "near" else self._item()
        pairs: list[Node] = []
        while self._peek() == "near":
            mark = self.marks[self.place]
            self.place += 1
            second = None if self._peek() in ENDS_ITEM else self._item()
            if node is None or second is None:
                self.problems.append(Problem(ProblemCode.DANGLING_OPERATOR, mark.text, mark.at))
                node = node or second
                continue
            pairs.append(self._pair(node, second, mark))
            node = second
        return _joined(And, pairs) if pairs else node

    def _pair(self, first: Node, second: Node, mark: Mark) -> Node:
        if not (_is_literal(first) and _is_literal(second)):
            self.problems.append(Problem(ProblemCode.NEAR_OPERAND, mark.text, mark.at))
            return And((first, second))
        self.near += 1
        if self.near > MOST_NEAR:
            if self.near == MOST_NEAR + 1:
                self.problems.append(Problem(ProblemCode.TOO_MANY_NEAR, str(MOST_NEAR), mark.at))
            return And((first, second))
        within, order = mark.values
        return Near(first, second, int(within) if within else None, bool(order))

    def _item(self) -> Node | None:
        mark = self.marks[self.place]
        if mark.kind in ("minus", "not"):
            self.place += 1
            inner = self._item() if self._peek() not in ENDS_ITEM else None
            if inner is None:
                self.problems.append(Problem(ProblemCode.DANGLING_OPERATOR, mark.text, mark.at))
                return None
            return inner.node if isinstance(inner, Not) else Not(inner)
        if mark.kind == "open":
            return self._group(mark)
        self.place += 1
        if mark.kind == "phrase":
            return Phrase(mark.text)
        if mark.kind == "field":
            return Field(mark.text, mark.values, mark.at)
        text = _balanced(mark.text)
        if (extra := _extra_close(mark.text)) is not None:
            self.problems.append(Problem(ProblemCode.UNBALANCED_BRACKET, mark.text[extra], mark.at + extra))
        if text != mark.text and text and parse(text).root != Words(text):
            text = mark.text  # OR) is no operator
        return Words(text) if text else None

    def _group(self, mark: Mark) -> Node | None:
        self.place += 1
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.cut = True
            self.problems.append(Problem(ProblemCode.TOO_DEEP, mark.text, mark.at))
            self.place = len(self.marks)
            return None
        if self._peek() == "close":
            self.problems.append(Problem(ProblemCode.EMPTY_BRACKETS, mark.text, mark.at))
        node = self._alternatives()
        if self._peek() == "close":
            self.place += 1
        elif not self.cut:
            self.problems.append(Problem(ProblemCode.UNBALANCED_BRACKET, mark.text, mark.at))
        self.depth -= 1
        return node


def _balanced(text: str) -> str:
    """Returns ``text`` without closing brackets that close nothing, and with those that are missing:
    1540(2004 → 1540(2004). Else it would read otherwise between other brackets.
    """
    kept, missing = [], []
    for character in text:
        if character in "(（":
            missing.append(")" if character == "(" else "）")
        elif character in ")）":
            if not missing:
                continue
            missing.pop()
        kept.append(character)
    return "".join(kept + missing[::-1])


def _extra_close(text: str) -> int | None:
    """Returns the position of the first unmatched closing bracket; None if there is none."""
    inside = 0
    for place, character in enumerate(text):
        inside += (character in "(（") - (character in ")）")
        if inside < 0:
            return place
    return None


def _is_literal(node: Node) -> bool:
    """Returns True if a node can be an operand of NEAR."""
    if isinstance(node, Or):
        return all(_is_literal(inner) for inner in node.nodes)
    return isinstance(node, Words | Phrase)


def _joined(kind: type[And | Or | Together], nodes: list[Node]) -> Node | None:
    """Joins ``nodes`` under one node of ``kind``; one alone is returned itself, nested ones of the kind are
    opened.
    """
    flat = [inner for node in nodes for inner in (node.nodes if isinstance(node, kind) else (node,))]
    if not flat:
        return None
    return flat[0] if len(flat) == 1 else kind(tuple(flat))
