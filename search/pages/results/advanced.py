"""The form for those who do not know the query language: its fields as a query. What is known as a query
already stands in ``rest``, to which the fields are added.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from archive.store.values import Schema
from search.query.language.ast import And, Field, Near, Node, Not, Or, Phrase, Together, Words, take_filters
from search.query.language.lexer import NEAR_MOST, within_marks
from search.query.language.parser import parse
from search.query.language.unparse import unparse

MARKS = '"“”„‟＂「」『』'
DIVIDERS = re.compile(r"\s*[\n;；]\s*")
COMMAS = re.compile("[,，、]")
SPECIAL = re.compile(r"[\s()（）\"“”「」『』]")
# A field of the form → of the query language.
CONDITIONS = {
    "country": "state", "organ": "body", "naming": "mentioned", "kind": "document_type",
    "resolution": "cites", "symbol": "symbol", "speaker": "speaker", "title": "title",
    "heading": "heading", "footnote": "footnote",
}  # fmt: skip
WHOLE = frozenset({"speaker", "title", "heading", "footnote"})  # their values may hold commas
ORDERS = ("any", "then")


class AdvancedFields(Schema, frozen=True, kw_only=True):
    """The fields of the form; empty where nothing is asked."""

    words: str
    all: str
    phrase: str
    any: str
    none: str
    near1: str
    near2: str
    distance: str
    order: str
    since: str
    until: str
    country: str
    organ: str
    naming: str
    kind: str
    resolution: str
    symbol: str
    speaker: str
    title: str
    heading: str
    footnote: str
    rest: str


# ``words`` rank; of ``all`` each must stand, of ``any`` one, of ``none`` none, all divided by blanks (in
# quotation marks where a blank belongs to them); ``phrase`` is literal, several are divided by semicolons.
# ``near1`` and ``near2`` stand within ``distance`` characters, or in one sentence (s), in whatever ``order``
# (any, then). ``since`` and ``until`` are years, ``rest`` is a query. The names are other than those of
# facets, which may stand in the same address and hold codes.
NAMES = AdvancedFields.__struct_fields__
EMPTY = dict.fromkeys(NAMES, "") | {"distance": "10", "order": "any"}


def form_with(**given: str) -> AdvancedFields:
    """Returns the form with the ``given`` fields; every other field at its default."""
    return AdvancedFields(**(EMPTY | given))


def read_form(parameters: Mapping[str, str], longest: int) -> AdvancedFields:
    """Returns the form that an address carries; what it does not know has its usual value."""
    given = {name: parameters.get(name, "").replace("\x00", "").strip()[:longest] for name in NAMES}
    distance = given["distance"].lower()
    usable = distance == "s" or (distance.isascii() and distance.isdecimal())
    given |= {"distance": distance if usable else "10"}
    given |= {"order": given["order"] if given["order"] in ORDERS else "any"}
    return AdvancedFields(**given)


# --- from the form to a query ---


def query_of(form: AdvancedFields) -> str:
    """Returns the query that the form writes; empty where nothing is filled in."""
    return unparse(_together(list(_nodes(form))))


def _together(nodes: list[Node]) -> Node | None:
    return nodes[0] if len(nodes) == 1 else Together(tuple(nodes)) if nodes else None


def _nodes(form: AdvancedFields) -> Iterator[Node]:
    yield from _parts(parse(form.rest).root)
    yield from _items(form.words)
    yield from _joined(And, _items(form.all))
    yield from (Phrase(within_marks(text)) for text in DIVIDERS.split(form.phrase) if text)
    yield from _joined(Or, _items(form.any))
    yield from map(Not, _items(form.none))
    if form.near1 and form.near2:
        within = None if form.distance == "s" else min(int(form.distance), NEAR_MOST)
        yield Near(_side(form.near1), _side(form.near2), within, form.order == "then")
    else:
        yield from map(_side, filter(None, (form.near1, form.near2)))
    if form.since or form.until:
        years = form.since if form.since == form.until else f"{form.since}-{form.until}"
        yield Field("year", (years,))
    for name, field in CONDITIONS.items():
        if typed := getattr(form, name):
            yield _condition(field, typed)


def _parts(root: Node | None) -> tuple[Node, ...]:
    """Returns the top-level parts of a query."""
    return root.nodes if isinstance(root, Together) else (root,) if root else ()


def _joined(kind: type[And | Or], items: list[Node]) -> list[Node]:
    return [kind(tuple(items))] if len(items) > 1 else items


def _items(text: str) -> list[Node]:
    """Splits a text at blanks into words and quoted phrases. Anything that the query language would read as
    more (an operator, a field, a bracket) is quoted.
    """
    nodes = _parts(parse(text).root)
    if not parse(text).problems and all(map(_is_item, nodes)):
        return list(nodes)
    return [_item(piece) for piece in text.split() if piece.strip(MARKS)]


def _item(piece: str) -> Node:
    root = parse(piece).root
    return root if root and not parse(piece).problems and _is_item(root) else Phrase(piece.strip(MARKS))


def _is_item(node: Node) -> bool:
    return isinstance(node, Words | Phrase)


def _side(text: str) -> Node:
    """Returns one side of a NEAR: alternatives of the query language, else the text as one string."""
    query, as_one = parse(text), Phrase(text.strip(MARKS) or text)
    root = query.root
    if root is None or query.problems:
        return as_one
    return root if _is_item(root) or (isinstance(root, Or) and all(map(_is_item, root.nodes))) else as_one


def _condition(field: str, typed: str) -> Node:
    values = (
        (typed,) if field in WHOLE else tuple(filter(None, (part.strip() for part in COMMAS.split(typed))))
    )
    if len(values) > 1 and any(SPECIAL.search(value) for value in values):
        return Or(tuple(Field(field, (value,)) for value in values))
    return Field(field, values or (typed,))


# --- within results ---


def narrowed(q: str, within: str) -> str:
    """Returns the query for results of both ``q`` and ``within``, with the fields of both."""
    if not q or not within:
        return q or within
    roots = [root for root in (parse(q).root, parse(within).root) if root]
    if len(roots) < 2:
        return q
    conditions: list[Node] = []
    needed: list[Node] = []
    for root in roots:
        taken, rest = take_filters(root)
        conditions += taken
        needed += rest.nodes if isinstance(rest, And) else (rest,) if rest else ()
    return unparse(And((*needed, *conditions)))
