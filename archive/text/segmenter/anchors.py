"""Anchors: a block's label in its document, built from the official structure, here and nowhere else.

``14``, ``5.b``, ``3.a.ii``, ``1bis`` (numbered), ``pp2`` (preambular), ``fn1`` (footnote), ``s2.h1``
(heading without number under heading 二), ``h2.a`` (item under a heading), ``u3`` (third block without
number), each with its part before it (``annex.14``). Articles have anchors of their own: ``art8_2``
(第八条之二), ``art12.p3`` (款), ``art12.p3.i2`` (项, whatever signs it bears), and so have
rows of tables (``t1.r2``). Every language version of a document has the same numbers, so ㈢ is ``iii``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from archive.text.blocks.markers import Style
from archive.text.numerals import INSERTED, number_of, roman_of
from archive.text.parsed import Kind

from .headings import is_article
from .nodes import NOTE_PARAGRAPH, Node

_LETTERED = (Style.LETTER, Style.UPPER, Style.LOWER, Style.ROMAN, Style.LOWER_ROMAN)


def set_anchors(nodes: Sequence[Node]) -> None:
    """Give every node its anchor; parents must be set. No two are equal."""
    namer = _Namer(lists_inside(nodes))
    for node in nodes:
        node.anchor = namer.name(node)


def lists_inside(nodes: Sequence[Node]) -> set[int]:
    """The ids of numbered paragraphs that begin a count anew, where that before goes on behind them: the
    lists in a reply of a State, or below a paragraph, in a report that counts its own paragraphs."""
    inside: set[int] = set()
    run: list[Node] = []
    last, part = 0, ""
    head: Node | None = None
    for node in nodes:
        if node.kind is not Kind.PARAGRAPH or not node.marker or node.marker.style is not Style.ARABIC:
            continue
        if node.part != part:
            run, last, part = [], 0, node.part
        begins = node.marker.value == 1 and last > 0 and not node.marker.sub
        leaves = run and node.marker.value == last + 1 != run[-1].numbering.value + 1
        if begins or (run and not leaves and head in [None, *node.ancestors()]):
            run.append(node)
            head = node.parent if begins else head
        else:
            inside |= {id(one) for one in run if node.marker.value == last + 1}
            run, last, head = [], node.marker.value, node.parent
    return inside


class _Namer:
    def __init__(self, inside: set[int]) -> None:
        self._inside = inside
        self._used: set[str] = set()
        self._tables: dict[int, str] = {}
        self._counts: Counter[str] = Counter()

    def name(self, node: Node) -> str:
        """The anchor of ``node``, with its section before it, or a running suffix, where it is taken."""
        anchor = self._official(node) or self._counted(node)
        qualified = node.marker and (is_article(node) or not node.is_heading) and node.article is None
        taken = anchor in self._used or id(node) in self._inside
        if taken and qualified and node.kind is not Kind.FOOTNOTE:
            section = _section(node)
            if section is not None and section.anchor != node.part:
                anchor = f"{section.anchor}.{_code(node)}"
            elif id(node) in self._inside:
                anchor = f"{anchor}_2"
        return self._free(anchor)

    def _free(self, anchor: str) -> str:
        taken = anchor
        while taken in self._used:
            self._counts[f"{anchor}_"] += 1
            taken = f"{anchor}_{self._counts[f'{anchor}_'] + 1}"
        self._used.add(taken)
        return taken

    def _official(self, node: Node) -> str | None:
        """The anchor that number, letter or place at the head of an annex give; None where there is none."""
        if _heads_part(node, self._used):
            return node.part
        if node.row is not None:
            table, row = node.row
            return f"{self._table(node, table)}.r{row}"
        if node.kind is Kind.FOOTNOTE:
            return _join(_prefix(node), f"fn{_note_code(node.note)}")
        if node.kind is Kind.PREAMBULAR:
            return self._numbered(_prefix(node), "pp")
        if node.article is not None and (inside := _of_article(node)):
            return inside
        if node.marker is None or node.role == "contents":
            return None
        if is_article(node):
            return _join(_prefix(node), _code(node))
        if node.is_heading:
            return _join(_base(node), f"s{_code(node)}")
        if node.kind is Kind.SUBPARAGRAPH:
            return _join(node.parent.anchor if node.parent else _prefix(node), _code(node))
        return _join(_prefix(node), _code(node))

    def _table(self, node: Node, table: int) -> str:
        """Tables count through their part, whatever sections they stand in."""
        if table not in self._tables:
            self._tables[table] = self._numbered(_prefix(node), "t")
        return self._tables[table]

    def _counted(self, node: Node) -> str:
        noted = node.parent if node.role == NOTE_PARAGRAPH else None
        above = noted or node.article
        base = above.anchor if above else _base(node)
        return self._numbered(base, "h" if node.is_heading else "u")

    def _numbered(self, base: str, letter: str) -> str:
        key = _join(base, letter)
        self._counts[key] += 1
        return f"{key}{self._counts[key]}"


def _of_article(node: Node) -> str | None:
    """The anchor of a paragraph of an article, or of an item right below one; None for all else."""
    if node.clause and node.article is not None:
        return f"{node.article.anchor}.p{node.clause}"
    above = node.parent
    if node.kind is not Kind.SUBPARAGRAPH or above is None:
        return None
    if above is node.article:
        base = above.anchor if above.is_heading else f"{above.anchor}.p1"
    elif above.article is node.article and above.clause:
        base = above.anchor
    else:
        return None
    return f"{base}.i{node.numbering.value}"


def _heads_part(node: Node, used: set[str]) -> bool:
    """The label of an annex, or else its title, is the annex."""
    return node.part != "main" and node.is_title and node.part not in used


def _prefix(node: Node) -> str:
    """What stands before an official number: the part of the document, or of a resolution in parts."""
    if node.kind is not Kind.FOOTNOTE:
        for above in node.ancestors():
            if above.role == "resolution_part" and above.part == node.part:
                return above.anchor
    return "" if node.part == "main" else node.part


def _section(node: Node) -> Node | None:
    """The innermost heading above ``node`` in its part that is no title."""
    return next(
        (
            above
            for above in node.ancestors()
            if above.is_heading and not above.is_title and above.part == node.part
        ),
        None,
    )


def _base(node: Node) -> str:
    section = _section(node)
    return section.anchor if section else _prefix(node)


def _join(base: str, name: str) -> str:
    return f"{base}.{name}" if base else name


def _code(node: Node) -> str:
    """A number in the form that anchors use: Chinese numerals as roman below a paragraph, else as arabic."""
    marker = node.numbering
    if marker.style is Style.ARTICLE:
        return f"art{marker.value}" + (f"_{marker.sub}" if marker.sub else "")
    inserted = INSERTED[marker.sub - 2] if marker.sub else ""
    if marker.style in _LETTERED:
        return (marker.number[0] + inserted if inserted else marker.number).lower()
    if marker.style in (Style.STEM, Style.PAREN_STEM):
        return chr(ord("a") + marker.value - 1)  # 甲 is the A of other languages
    if marker.style is Style.DECIMAL and node.kind is Kind.PARAGRAPH:
        section, _, rest = marker.number.partition(".")
        return f"{number_of(section) or section.lower()}.{rest}"
    if marker.style is Style.PAREN_CJK and node.kind is Kind.SUBPARAGRAPH:
        return roman_of(marker.value)
    return f"{marker.value}{inserted}"


def _note_code(number: str) -> str:
    """An asterisk cannot stand in an address as such."""
    if set(number) == {"*"}:
        return "star" + ("" if len(number) == 1 else str(len(number)))
    return number
