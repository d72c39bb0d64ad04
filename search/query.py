"""The query language: what a reader types, as a tree, and the tree as text again.

    出口管制 1540委员会            words: ranked, all together before some
    "国家行为体"                    literal; also “…”, 「…」, 『…』
    -印度                          without
    A OR B, A 或 B; A AND B, A 且 B; ( … )
    年份:2016  年份:2010-2016  国家:巴西  机构:…  文号:…  决议:1540  类型:信  发言:…

Full-width forms and U+3000 mean what their half-width forms mean. A bracket that belongs to a symbol
(1540(2004)) is
part of the word. ``parse`` never fails: what it cannot read is searched as words and named in ``problems``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

MAX_LENGTH = 4000
MAX_DEPTH = 20


class ProblemCode(StrEnum):
    EMPTY_QUOTES = "empty_quotes"
    UNBALANCED_QUOTE = "unbalanced_quote"
    UNBALANCED_BRACKET = "unbalanced_bracket"
    DANGLING_OPERATOR = "dangling_operator"
    UNKNOWN_FIELD = "unknown_field"
    ONLY_PUNCTUATION = "only_punctuation"
    EMPTY_FIELD = "empty_field"
    BAD_VALUE = "bad_value"
    TOO_LONG = "too_long"
    TOO_DEEP = "too_deep"
    TOO_MANY_WORDS = "too_many_words"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be read as written; ``at`` is its place in the query, ``text`` what
    stood there.
    """

    code: ProblemCode
    text: str = ""
    at: int = 0


@dataclass(frozen=True, slots=True)
class Words:
    """A piece between blanks, not quoted."""

    text: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """A quoted piece: literal."""

    text: str


@dataclass(frozen=True, slots=True)
class Field:
    """A filter; ``values`` are alternatives, each as typed. A year range stays ``2010-2016``."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Not:
    node: Node


@dataclass(frozen=True, slots=True)
class Together:
    """Pieces side by side: phrases, filters and exclusions bind, words rank."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class And:
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    nodes: tuple[Node, ...]


Node = Words | Phrase | Field | Not | Together | And | Or


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """A query as understood. ``root`` is None where nothing is asked."""

    text: str
    root: Node | None
    problems: tuple[Problem, ...] = ()


FIELDS = {
    "year": ("年份", "年", "year"),
    "state": ("国家", "国", "state", "country"),
    "body": ("机构", "body"),
    "mentioned": ("提及机构", "提到机构", "mentions"),
    "symbol": ("文号", "symbol"),
    "cites": ("决议", "引用", "cites"),
    "document_type": ("类型", "文件类型", "type", "document_type"),
    "speaker": ("发言", "发言人", "speaker"),
}
FIELD_NAMES = {alias: name for name, aliases in FIELDS.items() for alias in aliases}
DOUBLE = '"“”„‟＂〝〞〟'
CLOSERS = dict.fromkeys(DOUBLE, DOUBLE) | {"「": "」｣", "『": "』", "｢": "｣」"}
DIRECTED = {"“": "”", "「": "」｣", "『": "』", "｢": "｣」", "〝": "〞"}
STRAIGHT = '"＂'
AFTER_QUOTE = re.compile(r"\s|$|[()（）]|(?:OR|AND|或|且)[\s\"＂“「『]")
OPERATORS = {
    "OR": "or",
    "或": "or",
    "|": "or",
    "｜": "or",
    "AND": "and",
    "且": "and",
    "&": "and",
    "＆": "and",
    "NOT": "not",
}
OPEN, CLOSE = "(（", ")）"
MINUS = "-－−"
# Blanks that belong to a symbol: 第 1540 (2004) 号, as in text from a PDF
SPACED_SYMBOL = re.compile(r"(?<=\d)\s[(（][12]\d{3}[)）]|(?<=第)\s(?=\d)|(?<=[)）])\s(?=[号號])")
LETTER = re.compile(r"[^\W_]")
COLON = re.compile(r"([^\W\d]{1,16})[:：]")
NO_FIELDS = frozenset({"http", "https", "eu"})  # begin addresses and symbols


@dataclass(slots=True)
class _Mark:
    """A lexical piece: its kind (word, phrase, field, minus, or, and, not, open, close), place and
    content.
    """

    kind: str
    at: int
    text: str = ""
    values: tuple[str, ...] = ()


def parse(text: str) -> SearchQuery:
    """The query that ``text`` asks, with the problems met on the way."""
    if len(text) > MAX_LENGTH:
        return SearchQuery(text, None, (Problem(ProblemCode.TOO_LONG, at=MAX_LENGTH),))
    reader = _Reader(text)
    marks = list(reader.marks())
    parser = _Parser(marks, reader.problems)
    root = parser.whole()
    return SearchQuery(text, root, tuple(sorted(reader.problems, key=lambda problem: problem.at)))


class _Reader:
    """Cuts a query into marks."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.problems: list[Problem] = []
        self.depth = 0

    def marks(self) -> Iterator[_Mark]:
        at = 0
        while at < len(self.text):
            if self.text[at].isspace():
                at += 1
                continue
            mark, at = self._mark(at)
            if mark:
                yield mark

    def _mark(self, at: int) -> tuple[_Mark | None, int]:
        """The mark that begins at ``at``, or None where there is nothing to search for, and where it ends."""
        character, behind = self.text[at], self.text[at + 1 : at + 2]
        if character in CLOSERS:
            return self._phrase(at)
        if character in OPEN and self._is_group(at):
            self.depth += 1
            return _Mark("open", at, character), at + 1
        if character in CLOSE and self.depth:
            self.depth -= 1
            return _Mark("close", at, character), at + 1
        if character in MINUS and behind and not behind.isspace():
            return _Mark("minus", at, character), at + 1
        return self._field_or_word(at)

    def _is_group(self, at: int) -> bool:
        """A bracket opens a group unless it is glued to a word behind its close: (CFSP)2018/1939."""
        close = _closing_bracket(self.text, at)
        after = self.text[close + 1 : close + 2] if close is not None else ""
        return not after or after.isspace() or after in OPEN + CLOSE or after in CLOSERS

    def _phrase(self, at: int) -> tuple[_Mark | None, int]:
        end = _closing_quote(self.text, at)
        if end is None:
            self.problems.append(Problem(ProblemCode.UNBALANCED_QUOTE, self.text[at], at))
            return None, at + 1
        inside = self.text[at + 1 : end]
        if not inside.strip():
            self.problems.append(Problem(ProblemCode.EMPTY_QUOTES, self.text[at : end + 1], at))
            return None, end + 1
        return _Mark("phrase", at, inside.strip()), end + 1

    def _field_or_word(self, at: int) -> tuple[_Mark | None, int]:
        if found := COLON.match(self.text, at):
            name = found[1].casefold()
            if name in FIELD_NAMES:
                return self._field(FIELD_NAMES[name], at, found.end())
            if (
                name not in NO_FIELDS
                and found[1] not in OPERATORS
                and not self.text.startswith("//", found.end())
            ):
                self.problems.append(Problem(ProblemCode.UNKNOWN_FIELD, found[1], at))
                return _Mark("word", at, found[1]), found.end()
        end = self._word_end(at)
        word = self.text[at:end]
        if word not in OPERATORS and not LETTER.search(word):
            self.problems.append(Problem(ProblemCode.ONLY_PUNCTUATION, word, at))
            return None, end
        return _Mark(OPERATORS.get(word, "word"), at, word), end

    def _word_end(self, at: int) -> int:
        """Where the word ends: at a blank, a quotation mark, or a bracket that closes a group."""
        inside, place = 0, at
        while place < len(self.text):
            character = self.text[place]
            if character.isspace():
                if not (joined := SPACED_SYMBOL.match(self.text, place)) or place == at:
                    return place
                place = joined.end()
                continue
            if character in CLOSERS and place > at:
                return place
            if character in OPEN:
                inside += 1
            elif character in CLOSE:
                if not inside and self.depth:
                    return place
                inside = max(0, inside - 1)
            place += 1
        return place

    def _field(self, name: str, at: int, start: int) -> tuple[_Mark | None, int]:
        if start < len(self.text) and self.text[start] in CLOSERS:
            end = _closing_quote(self.text, start)
            if end is None:
                self.problems.append(Problem(ProblemCode.UNBALANCED_QUOTE, self.text[start], start))
                start, end = start + 1, self._word_end(start + 1)
                value, after = self.text[start:end], end
            else:
                value, after = self.text[start + 1 : end], end + 1
            values = (value.strip(),)
        else:
            after = self._word_end(start)
            values = tuple(part.strip() for part in re.split("[,，、]", self.text[start:after]))
        values = tuple(value for value in values if value)
        if not values:
            self.problems.append(Problem(ProblemCode.EMPTY_FIELD, self.text[at:after], at))
            return None, max(after, start)
        return _Mark("field", at, name, values), after


def _closing_quote(text: str, at: int) -> int | None:
    """Where the phrase that is opened at ``at`` ends; None if nowhere.

    The text of a phrase may itself hold quotation marks (UN documents put names in them): directed marks are
    counted as pairs, and a straight mark closes only where a blank, a bracket, an operator or the end
    follows.
    """
    opener = text[at]
    if opener in DIRECTED:
        end = _matching_mark(text, at, DIRECTED[opener])
        if end is not None:
            return end
    own = DIRECTED.get(opener, STRAIGHT if opener in STRAIGHT else opener)
    for closers in (own, CLOSERS[opener]):
        places = [place for place in range(at + 1, len(text)) if text[place] in closers]
        if places:
            return next((place for place in places if AFTER_QUOTE.match(text, place + 1)), places[0])
    return None


def _matching_mark(text: str, at: int, closers: str) -> int | None:
    depth = 0
    for place in range(at, len(text)):
        depth += (text[place] == text[at]) - (text[place] in closers)
        if not depth:
            while text[place + 1 : place + 2] and text[place + 1] in closers:
                place += 1
            return place
    return None


def _closing_bracket(text: str, at: int) -> int | None:
    depth = 0
    for place in range(at, len(text)):
        depth += (text[place] in OPEN) - (text[place] in CLOSE)
        if not depth:
            return place
    return None


@dataclass(slots=True)
class _Parser:
    """Reads marks into a tree: OR binds least, then AND, then standing side by side."""

    marks: list[_Mark]
    problems: list[Problem]
    place: int = field(default=0)
    depth: int = field(default=0)

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

    def _chain(self, operator, read, kind) -> Node | None:
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
            if node := self._item():
                nodes.append(node)
        return _joined(Together, nodes)

    def _item(self) -> Node | None:
        mark = self.marks[self.place]
        if mark.kind in ("minus", "not"):
            self.place += 1
            inner = self._item() if self._peek() not in ("", "or", "and", "close") else None
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
            return Field(mark.text, mark.values)
        return Words(mark.text)

    def _group(self, mark: _Mark) -> Node | None:
        self.place += 1
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.problems.append(Problem(ProblemCode.TOO_DEEP, mark.text, mark.at))
            self.place = len(self.marks)
            return None
        node = self._alternatives()
        if self._peek() == "close":
            self.place += 1
        else:
            self.problems.append(Problem(ProblemCode.UNBALANCED_BRACKET, mark.text, mark.at))
        self.depth -= 1
        return node


def _joined(kind: type, nodes: list[Node]) -> Node | None:
    """``nodes`` under one node of ``kind``; one alone stands for itself, nested ones of the kind are
    opened.
    """
    flat = [inner for node in nodes for inner in (node.nodes if isinstance(node, kind) else (node,))]
    if not flat:
        return None
    return flat[0] if len(flat) == 1 else kind(tuple(flat))


def unparse(node: Node | None) -> str:
    """A query that parses to ``node`` again."""
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
        case Together(nodes):
            return " ".join(_unparse_inside(inner, (Words, Phrase, Field, Not)) for inner in nodes)
        case And(nodes):
            return " AND ".join(
                _unparse_inside(inner, (Words, Phrase, Field, Not, Together)) for inner in nodes
            )
        case Or(nodes):
            return " OR ".join(
                _unparse_inside(inner, (Words, Phrase, Field, Not, Together, And)) for inner in nodes
            )


def _unparse_inside(node: Node, plain: tuple[type, ...]) -> str:
    return unparse(node) if isinstance(node, plain) else f"({unparse(node)})"


def _unparse_values(values: tuple[str, ...]) -> str:
    if len(values) == 1 and re.search(r"[\s,，、()（）\"“”「」『』]", values[0]):
        return _quoted(values[0])
    return ",".join(values)


def _quoted(text: str) -> str:
    """``text`` in marks that bring it back whole."""
    forms = [f"{opener}{text}{closer}" for opener, closer in ("“”", '""', "「」", "『』")]
    return next((form for form in forms if parse(form).root == Phrase(text)), forms[0])


def phrases_of(node: Node | None) -> list[str]:
    """The quoted phrases that ``node`` asks for, exclusions left out."""
    match node:
        case Phrase(text):
            return [text]
        case Together(nodes) | And(nodes) | Or(nodes):
            return [phrase for inner in nodes for phrase in phrases_of(inner)]
    return []


def words_of(node: Node | None) -> list[str]:
    """The unquoted pieces that ``node`` asks for, exclusions left out."""
    match node:
        case Words(text):
            return [text]
        case Together(nodes) | And(nodes) | Or(nodes):
            return [word for inner in nodes for word in words_of(inner)]
    return []
