"""Anchors: a block's label in its document, built from the official structure, here and nowhere else.

``14``, ``5.b``, ``3.a.ii``, ``1bis`` (numbered), ``pp2`` (preambular), ``fn1`` (footnote), ``s2.h1``
(heading without number under heading 二), ``h2.a`` (item under a heading), ``u3`` (third block without
number), each with its part before it (``annex.14``). Articles have anchors of their own: ``art8_2``
(第八条之二), ``art12.p3`` (款), ``art12.p3.i2`` (项, whatever signs it bears), and so have
rows of tables (``t1.r2``). Every language version of a document has the same numbers, so ㈢ is ``iii``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence

from archive.text.blocks.markers import ITEM_STYLES, Style, read_markers
from archive.text.numerals import INSERTED, number_of, number_of_roman, roman_of
from archive.text.parsed import Doubt, Kind
from archive.text.shapes import read_caption

from .headings import CAPTION, is_article
from .nodes import NOTE_PARAGRAPH, Node
from .resolutions import RESUMED

_LETTERED = (Style.LETTER, Style.UPPER, Style.LOWER, Style.ROMAN, Style.LOWER_ROMAN)


def set_anchors(nodes: Sequence[Node]) -> None:
    """Give every node its anchor; parents must be set. No two are equal."""
    namer = _Namer()
    for node in nodes:
        node.anchor = namer.name(node)


class _Namer:
    def __init__(self) -> None:
        self._used: set[str] = set()
        self._tables: dict[int, str] = {}
        self._counts: Counter[str] = Counter()

    def name(self, node: Node) -> str:
        """The anchor of ``node``, with its section before it, or a running suffix, where it is taken."""
        anchor = self._official(node) or self._counted(node)
        qualified = node.marker and (is_article(node) or not node.is_heading) and node.article is None
        if anchor in self._used and qualified and node.kind is not Kind.FOOTNOTE:
            section = _section(node)
            if section is not None and section.anchor != node.part:
                anchor = f"{section.anchor}.{_code(node)}"
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


# Doubts about the structure: numbers that are missing or come twice, and lines kept as they stood.

_COUNTED = (Kind.PARAGRAPH, Kind.OPERATIVE)
_SUBS = 100  # 第八条之二 is 802, behind 800 and 801
_MAY_BEGIN_LATE = ("item", "article", "footnote")  # in an excerpt, or where another paper began the count


def doubts_of(nodes: Sequence[Node]) -> list[Doubt]:
    """The doubts about ``nodes``, in their order: what was lost or is no number, tables kept line by line."""
    doubts: list[Doubt] = []
    last: dict[str, int] = {}
    series: dict[Hashable, tuple[int, str]] = {}
    lines = below_heading = False
    for node in nodes:
        kept = node.role in ("line", "row") and node.kind is not Kind.ROW
        if kept and not lines:
            message = "short lines on end were kept line by line: a table or a list"
            doubts.append(_doubt(message, node))
        lines = kept
        doubts += [_doubt(message, node) for message in _of_series(node, series)]
        if node.marker is not None and node.kind in _COUNTED and (node.number or "").isdecimal():
            doubts += _of_paragraph(node, last.get(node.part), below_heading=below_heading)
            last[node.part] = node.marker.value
            below_heading = False
        below_heading = below_heading or node.is_heading or node.role == "organ_line" or is_article(node)
    return doubts


def _of_paragraph(node: Node, before: int | None, *, below_heading: bool) -> Iterator[Doubt]:
    """A count goes on by one; below a heading it may begin anew (a draft, a reply), and only then."""
    value = node.numbering.value
    again = value == 1 and before is not None and not below_heading
    if node.role == RESUMED:
        pass  # it goes on behind the count of a draft
    elif before is not None and (value not in (before + 1, 1) or again):
        yield _doubt(f"paragraph {value} follows paragraph {before}", node)
    elif before is None and value > 1:
        yield _doubt(f"paragraph {value} is the first with a number", node)
    if any(inner.style in ITEM_STYLES and inner.value == 1 for inner in read_markers(node.text)):
        message = f"paragraph {value} begins at once with its first item, which has no block of its own"
        yield _doubt(message, node)


def _of_series(node: Node, series: dict[Hashable, tuple[int, str]]) -> Iterator[str]:
    """What is missing or comes twice among annexes, sections, captions, items, articles, notes: each counts
    on in a series of its own, or behind the last of its kind (第3款 in 第二部分)."""
    read = _numbered(node)
    if read is None:
        return
    name, key, value, printed = read
    before, beside = series.get((name, key)), series.get((name, key[-1]), (0, ""))
    series[name, key] = series[name, key[-1]] = value, printed
    if before is None:
        if value not in (1, beside[0] + 1) and name not in _MAY_BEGIN_LATE:
            yield f"{name} {printed} is the first of its series"
    elif value != before[0] + 1 and not _may_follow(name, value, before[0]):
        yield f"{name} {printed} follows {name} {before[1]}"


def _may_follow(name: str, value: int, before: int) -> bool:
    """Whether a number that is not the next is none the less in order: articles and sections that begin anew,
    notes that each page counts."""
    if name == "article":
        return value in (_SUBS, (before // _SUBS + 1) * _SUBS, before + 2 - before % _SUBS)
    if name == "paragraph":
        return value == 1 < before
    return (name == "section" and value == 1) or (name == "footnote" and value <= before)


def _numbered(node: Node) -> tuple[str, tuple[Hashable, ...], int, str] | None:
    """What ``node`` counts: its name, the series, the value, and the number as printed; None for nothing."""
    if node.label is not None and node.role == "annex_label":
        # one without number stands alone
        return "part", (_outer(node.part), node.label.kind), node.label.number or 1, node.label.words
    if node.note.isdecimal():
        return "footnote", (node.part,), int(node.note), node.note
    if node.role == CAPTION and (caption := read_caption(node.plain)) and not caption["again"]:
        name, number = caption["box"] or caption["figure"], caption["number"]
        value = number_of(number) or number_of_roman(number)
        return ("caption", (node.part, name), value, name + number) if value else None
    marker = node.marker
    if marker is None or node.role == "contents" or node.quoted:
        return None
    if marker.style is Style.DECIMAL:
        return "paragraph", (node.part, marker.number.rpartition(".")[0]), marker.value, marker.number
    if is_article(node):
        return "article", (node.part,), marker.value * _SUBS + marker.sub, marker.number
    if not marker.sub and (node.is_heading or node.kind is Kind.SUBPARAGRAPH):
        name = "section" if node.is_heading else "item"
        return name, (id(node.parent), marker.style), marker.value, marker.number
    return None


def _outer(part: str) -> str:
    return part.rpartition(".")[0]


def _doubt(message: str, node: Node) -> Doubt:
    return Doubt(message, node.lines[0], node.anchor)
