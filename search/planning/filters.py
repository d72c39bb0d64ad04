"""The filters of a query, and messages on values that have no match."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from django.utils.translation import gettext as _

from archive.models import Document
from search.query import FIELDS, And, Field, Node, Problem, ProblemCode, Together, is_filter
from search.query.conditions import SINGLE, Filter
from search.query.vocabulary import Vocabulary
from search.text.folding import fold_words, pronounced_alike

from .names import Names, turned_round

ALIKE = 0.66  # how much of a name must agree to be offered


def take_filters(root: Node | None) -> tuple[list[Field], Node | None]:
    """Splits a query into the filters that bind the whole, and the rest."""
    if not isinstance(root, Together | And):
        return ([root], None) if isinstance(root, Field) and is_filter(root) else ([], root)
    fields = [node for node in root.nodes if isinstance(node, Field) and is_filter(node)]
    rest = tuple(node for node in root.nodes if not is_filter(node))
    return fields, rest[0] if len(rest) == 1 else replace(root, nodes=rest) if rest else None


def read_filter(node: Field, names: Names, vocabulary: Vocabulary, problems: list[Problem]) -> Filter:
    """Returns the codes that the values of ``node`` mean; what means none goes to ``problems``."""
    codes: set[str] = set()
    for value in node.values:
        found = _titled(value, vocabulary) if node.name == "title" else names.codes(node.name, value)
        if not found:
            problems.append(Problem(ProblemCode.BAD_VALUE, value, node.at, _hint(node.name, value, names)))
        if node.name == "year" and (range_ := turned_round(value)):
            problems.append(Problem(ProblemCode.TURNED_ROUND, value, node.at, range_))
        codes |= found
    return Filter("symbol" if node.name == "title" else node.name, frozenset(codes))


def _titled(typed: str, vocabulary: Vocabulary) -> frozenset[str]:
    """Returns the symbols of documents whose title contains ``typed``, in any width, case and script."""
    wanted = "".join(fold_words(typed).split())
    return vocabulary.titled(wanted) if wanted else frozenset()


def contradictions(fields: Sequence[Field], filters: Sequence[Filter]) -> Iterator[Problem]:
    """Generates problems for pairs of filters on a single-valued field that no paragraph satisfies."""
    held: dict[str, tuple[Field, frozenset[str]]] = {}
    for node, read in zip(fields, filters, strict=True):
        if node.name not in SINGLE or not read.values:
            continue
        before, values = held.get(node.name, (node, read.values))
        if not values & read.values:
            name = FIELDS[node.name][0]
            either = ",".join(dict.fromkeys((*before.values, *node.values)))
            yield Problem(ProblemCode.EXCLUSIVE, name, node.at, f"{name}:{either}")
        held[node.name] = (node, values & read.values or values)


def _hint(field: str, value: str, names: Names) -> str:
    """Suggests the value that was probably meant, or explains how values of the field are written."""
    if field == "year":
        return str(_("年份写作2016、2010-2016或2010-。"))
    if field == "document_type":
        types = _("、").join(str(label) for label in Document.Type.labels)
        return str(_("类型有%(types)s。") % {"types": types})
    if field == "title":
        return str(_("没有一份文件的题名含有这几个字。"))
    near = _nearest(value, names.all_of(field)) if field in ("state", "body", "mentioned") else None
    return str(_("是否指“%(name)s”？") % {"name": near}) if near else ""


def _nearest(value: str, known: Sequence[str]) -> str | None:
    likeness = {name: _likeness(value, name) for name in known if abs(len(name) - len(value)) < 4}
    best = max(likeness, key=lambda name: likeness[name], default=None)
    return best if best and likeness[best] >= ALIKE else None


def _likeness(one: str, other: str) -> float:
    """Returns the similarity of two names; characters that sound alike count as equal."""
    if len(one) == len(other):
        agreeing = sum(a == b or pronounced_alike(a, b) for a, b in zip(one, other, strict=True))
        if any(a == b for a, b in zip(one, other, strict=True)):
            return agreeing / len(one)
    return SequenceMatcher(None, one, other).ratio()
