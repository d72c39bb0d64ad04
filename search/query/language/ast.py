"""Syntax tree of a query, and functions on it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum


class ProblemCode(StrEnum):
    EMPTY_QUOTES = "empty_quotes"
    QUOTED_TWICE = "quoted_twice"
    UNBALANCED_QUOTE = "unbalanced_quote"
    UNBALANCED_BRACKET = "unbalanced_bracket"
    DANGLING_OPERATOR = "dangling_operator"
    UNKNOWN_FIELD = "unknown_field"
    ONLY_PUNCTUATION = "only_punctuation"
    EMPTY_FIELD = "empty_field"
    EMPTY_BRACKETS = "empty_brackets"
    WILDCARD = "wildcard"
    WILDCARD_LITERAL = "wildcard_literal"
    WILDCARD_EDGE = "wildcard_edge"
    WILDCARD_NEAR = "wildcard_near"
    PLUS = "plus"
    SMALL_OPERATOR = "small_operator"
    BAD_VALUE = "bad_value"
    TURNED_ROUND = "turned_round"
    EXCLUSIVE = "exclusive"
    TOO_LONG = "too_long"
    TOO_DEEP = "too_deep"
    TOO_MANY_WORDS = "too_many_words"
    NEAR_OPERAND = "near_operand"
    TOO_MANY_NEAR = "too_many_near"
    TOO_FAR = "too_far"
    ONLY_EXCLUDED = "only_excluded"


@dataclass(frozen=True, slots=True)
class Problem:
    """A part of the query that could not be read as written: ``at`` is its position, ``text`` its words,
    ``instead`` what was searched or may be written instead.
    """

    code: ProblemCode
    text: str = ""
    at: int = 0
    instead: str = ""


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
    """A filter; ``values`` are alternatives, each as typed. A year range stays ``2010-2016``. ``at`` is where
    it was typed.
    """

    name: str
    values: tuple[str, ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    node: Node


@dataclass(frozen=True, slots=True)
class Near:
    """Two literal pieces with at most ``within`` characters between them (None: in one sentence), in either
    order unless ``ordered``. Each is words, a phrase, or alternatives of these.
    """

    first: Node
    second: Node
    within: int | None
    ordered: bool = False


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


Node = Words | Phrase | Field | Not | Near | Together | And | Or


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
    "language": ("语文", "语种", "language"),
    "speaker": ("发言", "发言人", "speaker"),
    "title": ("题名", "文件名", "title"),
    "heading": ("标题", "heading"),
    "footnote": ("脚注", "footnote"),
}
# Fields whose values are literal text in blocks of one kind: what they find is found, not filtered.
TEXT_FIELDS = frozenset({"heading", "footnote"})
FIELD_NAMES = {alias: name for name, aliases in FIELDS.items() for alias in aliases}


def phrases_of(node: Node | None) -> list[str]:
    """Returns the quoted phrases of ``node`` outside of exclusions."""
    match node:
        case Phrase(text):
            return [text]
        case Field(name, values) if name in TEXT_FIELDS:
            return list(values)
        case Near(first, second):
            return [*strings_of(first), *strings_of(second)]
        case Together(nodes) | And(nodes) | Or(nodes):
            return [phrase for inner in nodes for phrase in phrases_of(inner)]
    return []


def strings_of(operand: Node) -> list[str]:
    """Returns the alternatives of one operand of NEAR as strings."""
    if isinstance(operand, Or):
        return [string for inner in operand.nodes for string in strings_of(inner)]
    return [operand.text] if isinstance(operand, Words | Phrase) else []


def words_of(node: Node | None) -> list[str]:
    """Returns the unquoted pieces of ``node`` outside of exclusions."""
    match node:
        case Words(text):
            return [text]
        case Together(nodes) | And(nodes) | Or(nodes):
            return [word for inner in nodes for word in words_of(inner)]
    return []


def is_plain(node: Node | None) -> bool:
    """Returns True if ``node`` is only words, or one phrase, so that no interpretation needs to be shown."""
    if isinstance(node, Together):
        return all(isinstance(inner, Words) for inner in node.nodes)
    return node is None or isinstance(node, Words | Phrase)


def within(node: Node | None, wanted: Field) -> Node:
    """Returns ``node`` with one more filter that binds the whole of it."""
    if node is None:
        return wanted
    return Together((*node.nodes, wanted) if isinstance(node, Together) else (node, wanted))


def is_filter(node: Node | None) -> bool:
    """Returns True if ``node`` filters by recorded values, not by text."""
    return isinstance(node, Field) and node.name not in TEXT_FIELDS


def take_filters(node: Node | None) -> tuple[list[Field], Node | None]:
    """Splits a query into the filters that bind the whole, and the rest."""
    if not isinstance(node, Together | And):
        return ([node], None) if isinstance(node, Field) and is_filter(node) else ([], node)
    fields = [one for one in node.nodes if isinstance(one, Field) and is_filter(one)]
    rest = tuple(one for one in node.nodes if not is_filter(one))
    return fields, rest[0] if len(rest) == 1 else replace(node, nodes=rest) if rest else None


def without_fields(node: Node | None) -> Node | None:
    """Returns ``node`` without the filters that bind the whole query."""
    return take_filters(node)[1]
