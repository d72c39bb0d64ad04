"""Documents set anew as Word files and web pages, from what is stored of them, in seeded layouts.

The stored structure is what must come back, so that there is no end of test files.
"""

from __future__ import annotations

import difflib
import random
import re
from collections.abc import Sequence
from html import escape
from itertools import groupby

from archive.readers import read_file
from archive.readers.core import as_core
from archive.readers.word_numbering import counted
from archive.text import parse_source
from archive.text.parsed import Kind, ParsedDocument, ParsedParagraph
from archive.text.reference import load_reference
from archive.text.sidecar import Sidecar
from tests import golden

from . import word_files
from .word_files import paragraph, run, table, word

Block = tuple[str, str]
TEXTS = sorted((golden.HERE.parents[0] / "documents").glob("*.txt"))
_FORMS = (
    ("decimal", r"\d{1,3}"),
    ("lowerLetter", "[a-z]"),
    ("upperLetter", "[A-Z]"),
    ("chineseCountingThousand", "[一二三四五六七八九十]{1,4}"),
)


def blocks_of(document: ParsedDocument) -> list[Block]:
    """Number and text of the blocks, the notes behind all others: where they stand, the format decides."""
    notes = [("", block.text) for block in document.paragraphs if block.anchor in _called_by(document)]
    body = [block for block in document.paragraphs if block.kind is not Kind.FOOTNOTE]
    return [*((block.number or "", block.text) for block in body), *notes]


def _called_by(document: ParsedDocument) -> set[str]:
    """The anchors of the notes that a mark in the text calls."""
    return {mark.anchor for block in document.paragraphs for mark in block.notes}


def _to_set(document: ParsedDocument) -> list[ParsedParagraph]:
    """The blocks but for notes, which stand elsewhere or whose mark stood in a line that is not set."""
    return [block for block in document.paragraphs if block.kind is not Kind.FOOTNOTE]


def _grouped(blocks: Sequence[ParsedParagraph]) -> list[list[ParsedParagraph]]:
    """The rows of each table together."""
    return [
        list(run) for _, run in groupby(blocks, key=lambda block: block.kind is Kind.ROW and block.parent)
    ]


def _prefix_of(block: ParsedParagraph) -> str:
    """The number as printed, without what an extractor set beside it."""
    return re.sub(r"^[-*]\s+|\s+[-*]$", "", block.prefix)


def share(expected: Sequence[Block], found: Sequence[Block]) -> float:
    """How many of the expected blocks came back whole, with their numbers, in their order."""
    same = difflib.SequenceMatcher(None, expected, found, autojunk=False).get_matching_blocks()
    return sum(match.size for match in same) / max(len(expected), len(found), 1)


def come_back(data: bytes, document: ParsedDocument) -> list[Block]:
    """The blocks of a file, read by the bytes alone; its symbol is told."""
    source = as_core(read_file(data, "x"), "x")
    return blocks_of(parse_source(source, Sidecar({"symbol": document.facts.symbol}), load_reference()))


def _called(block: ParsedParagraph, mark: callable, plain: callable) -> str:
    """The text with what calls its notes at their places."""
    pieces, last = [], 0
    for one in sorted(block.notes, key=lambda one: one.at):
        pieces += [plain(block.text[last : one.at]), mark(one.anchor)]
        last = one.at
    return "".join([*pieces, plain(block.text[last:])])


class WordLayout:
    """One way to set Word files: numbers typed or counted, headings by style or by hand, and so on."""

    def __init__(self, seed: int) -> None:
        chance = random.Random(seed)
        self.counted = chance.random() < 0.7
        self.one_list = chance.random() < 0.3
        self.styled = chance.random() < 0.6
        self.masthead = chance.choice(["table", "lines", "header"])
        self.split = chance.random() < 0.5  # runs, as spelling checks and many hands leave them
        self.changes = chance.random() < 0.4
        self.spaced = chance.random() < 0.4  # an empty paragraph after each
        self.typed_gap = chance.choice(["\t", " ", "\u3000", ""])
        self.chance = chance

    def set(self, document: ParsedDocument) -> bytes:
        self._numbering: list[str] = []
        self._lists: dict[tuple[str, str], tuple[int, int]] = {}
        self._made = 0
        names = {block.anchor: at for at, block in enumerate(document.paragraphs, start=1)}
        called = _called_by(document)
        notes = "".join(
            f'<w:footnote w:id="{names[block.anchor]}">'
            f"{paragraph('<w:r><w:footnoteRef/></w:r>' + run(' ' + escape(block.text)))}</w:footnote>"
            for block in document.paragraphs
            if block.anchor in called
        )
        body = [
            table(*(tuple(map(escape, row.text.split("\t"))) for row in blocks))
            if blocks[0].kind is Kind.ROW
            else "".join(self._block(block, names) for block in blocks)
            for blocks in _grouped(_to_set(document))
        ]
        head = self._head(document)
        parts = {"styles": STYLES, "footnotes": notes, "numbering": "".join(self._numbering)}
        if self.masthead == "header":
            parts["header1"] = head
            head = ""
        parts["footer1"] = paragraph('<w:fldSimple w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple>')
        return word(head + "".join(body), **parts)

    def _head(self, document: ParsedDocument) -> str:
        symbol, organ = escape(document.facts.symbol), "安全理事会"
        if self.masthead == "lines":
            return "".join(map(paragraph, ("联合国", symbol, organ, "Distr.: General", "Chinese")))
        return table(("联合国", symbol), (organ, "Distr.: General"))

    def _block(self, block: ParsedParagraph, names: dict[str, int]) -> str:
        text = _called(
            block,
            lambda note: (
                '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
                f'<w:footnoteReference w:id="{names[note]}"/></w:r>'
            ),
            self._runs,
        )
        properties = ""
        prefix = _prefix_of(block)
        listed = self._listed(prefix) if prefix and self.counted else None
        if listed:
            properties += listed
        elif prefix:
            gap = self.typed_gap if prefix[-1:] in ".)）、．" else " "
            text = (
                run(escape(prefix))
                + ("<w:r><w:tab/></w:r>" if gap == "\t" else run(gap) if gap else "")
                + text
            )
        if block.kind is Kind.HEADING:
            properties = ('<w:pStyle w:val="1"/>' if self.styled else "") + properties
            properties += "" if self.styled else '<w:jc w:val="center"/>'
        return paragraph(text or run(""), properties) + (paragraph() if self.spaced else "")

    def _runs(self, text: str) -> str:
        pieces = text.split("\n")
        return "<w:r><w:br/></w:r>".join(self._line(piece) for piece in pieces)

    def _line(self, text: str) -> str:
        if not self.split or len(text) < 4:
            return run(escape(text)) if text else ""
        at = self.chance.randrange(1, len(text) - 1)
        gone = "<w:del><w:r><w:delText>删去的字</w:delText></w:r></w:del>" if self.changes else ""
        first, second = run(escape(text[:at])), run(escape(text[at:]))
        return first + gone + (f"<w:ins>{second}</w:ins>" if self.changes else second)

    def _listed(self, prefix: str) -> str | None:
        """A list for the number: the one that goes on to it, or a new one that begins with it."""
        for form, digits in _FORMS:
            match = re.fullmatch(rf"([^\w]?)({digits})([.、．)）]{{1,2}})", prefix)
            if match is None:
                continue
            value = next((value for value in range(1, 200) if counted(value, form) == match[2]), None)
            if value is None:
                continue
            key = (form, f"{match[1]}%1{match[3]}")
            name, last = self._lists.get(key, (0, -1))
            if value != last + 1:
                self._made += 1
                name = self._made
                self._numbering.insert(
                    0, word_files.definition(name, word_files.level(0, form, key[1], start=value))
                )
                self._numbering.append(word_files.listing(name, name))
            self._lists[key] = (name, value)
            return f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{name}"/></w:numPr>'
        return None


STYLES = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/>'
    '<w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>'
)


def _tables(pieces: Sequence[str]) -> list[tuple[bool, list[str]]]:
    return [(rows, list(run)) for rows, run in groupby(pieces, key=lambda piece: piece.startswith("<tr>"))]


class WebLayout:
    """One way to set web pages: a site's or an old one's, of p or div, with lists or typed numbers."""

    def __init__(self, seed: int) -> None:
        chance = random.Random(seed)
        self.around = chance.choice(["main", "article", "div", "table", "bare"])
        self.element = chance.choice(["p", "p", "div"])
        self.lists = chance.random() < 0.6
        self.headings = chance.random() < 0.7
        self.wrapped = chance.random() < 0.4  # the source's lines are cut
        self.encoding = chance.choice(["utf-8", "gb18030", "utf-16"])
        self.indented = chance.random() < 0.4
        self.chance = chance

    def set(self, document: ParsedDocument) -> bytes:
        called = _called_by(document)
        marks = {
            block.anchor: str(at)
            for at, block in enumerate((one for one in document.paragraphs if one.anchor in called), start=1)
        }
        pieces: list[str] = [
            f"<p>{escape(line)}</p>" for line in ("联合国", document.facts.symbol, "Distr.: General")
        ]
        open_list: tuple[str, int] | None = None
        for block in _to_set(document):
            number = self._item(block)
            if open_list and (number is None or number != (open_list[0], open_list[1] + 1)):
                pieces.append("</ol>")
                open_list = None
            text = _called(
                block,
                lambda note: f'<sup><a href="#n{marks[note]}" id="r{marks[note]}">{marks[note]}</a></sup>',
                self._text,
            )
            if block.kind is Kind.ROW:
                pieces.append(self._row(block))
                continue
            if number is None:
                pieces.append(self._block(block, text))
                continue
            if open_list is None:
                pieces.append(f"<ol start={number[1]}>")
            open_list = number
            pieces.append(f"<li>{text}</li>")
        pieces.append("</ol>" if open_list else "")
        for block in document.paragraphs:
            if block.anchor in called:
                mark = marks[block.anchor]
                pieces.append(
                    f'<div id="n{mark}"><p><a href="#r{mark}">{mark}</a> {self._text(block.text)}</p></div>'
                )
        pieces = [
            f"<table>{''.join(group)}</table>" if rows else "\n".join(group)
            for rows, group in _tables(pieces)
        ]
        return self._page(document, "\n".join(pieces)).encode(self.encoding)

    def _row(self, block: ParsedParagraph) -> str:
        return f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in block.text.split(chr(9)))}</tr>"

    def _item(self, block: ParsedParagraph) -> tuple[str, int] | None:
        match = re.fullmatch(r"(\d{1,3})\.", _prefix_of(block)) if self.lists else None
        return ("decimal", int(match[1])) if match and block.kind is not Kind.HEADING else None

    def _block(self, block: ParsedParagraph, text: str) -> str:
        prefix = escape(_prefix_of(block)) + ("&nbsp;&nbsp;" if block.prefix else "")
        if block.kind is Kind.HEADING and self.headings:
            return f"<h2>{prefix}{text}</h2>"
        indent = "　　" if self.indented and block.kind is Kind.PARAGRAPH else ""
        return f"<{self.element}>{indent}{prefix}{text}</{self.element}>"

    def _text(self, text: str) -> str:
        text = escape(text).replace("\n", "<br>")
        return re.sub(r"([\u4e00-\u9fff]{17})(?=[\u4e00-\u9fff])", "\\1\n  ", text) if self.wrapped else text

    def _page(self, document: ParsedDocument, body: str) -> str:
        menu = "".join(f'<li><a href="/{at}">栏目{at}</a></li>' for at in range(6))
        body = {
            "main": f"<main>{body}</main>",
            "article": f"<article>{body}</article>",
            "div": f'<div class="content">{body}</div>',
            "table": f"<table><tr><td>{body}</td></tr></table>",
            "bare": body,
        }[self.around]
        return (
            f'<!doctype html><html lang="zh"><head><title>{escape(document.facts.symbol)}</title></head>'
            "<body>"
            f"<nav><ul>{menu}</ul></nav><div class=breadcrumb><a href=/>首页</a></div>{body}"
            f"<div class=related><ul>{menu}</ul></div><footer>版权所有</footer></body></html>"
        )
