"""Prints the blocks of an expectation again in the layouts that extractors, editors and web sites produce.

A layout takes no part in what a document says: the same blocks must come out of each.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

CLOSING = "，。；：、）)”》！？〉」』]…."
LATIN = r"(?:[^\W\u2e80-\u9fff\uff00-\uffef]|[./:@%–-])"
PIECE = re.compile(rf"[(（“《「]*(?:{LATIN}(?:{LATIN}|[(),](?={LATIN}))*|\s|.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Printed:
    """A block as a page shows it: its lines before wrapping, and what it is for the indent."""

    lines: tuple[str, ...]
    shape: str  # heading, numbered, paragraph, signature, attribution


def printed(blocks: Iterable[dict]) -> Iterator[Printed]:
    """The blocks of an expectation, numbers before them, as the UN prints them; without footnotes."""
    chapeaux: dict[str, str] = {}
    bulleted: set[str] = set()
    for block in blocks:
        if block.get("optional") or of_footnote(block):
            continue
        kind = block.get("kind") or block["kinds"][0]
        text = block.get("texts", [block["text"]])[0]
        if kind == "row":
            text = f"| {' | '.join(text.split(chr(9)))} |"
        chapeaux[block.get("anchor", "")] = text
        mark = _mark(kind, block, chapeaux, bulleted)
        shape = kind if kind in ("heading", "signature") else "numbered" if mark else "paragraph"
        yield Printed(tuple((mark + text).split("\n")), shape)
        reply = block.get("submitter") or {}
        if shape == "heading" and reply.get("name") == text:
            year, month, day = reply["date"].split("-")
            yield Printed((f"[原件：{reply['original_language']}]",), "attribution")
            yield Printed((f"[{year}年{int(month)}月{int(day)}日]",), "attribution")


def of_footnote(block: dict) -> bool:
    """True for footnotes and the paragraphs below them, which no layout here prints."""
    return block.get("kind") == "footnote" or "fn" in (block.get("parent") or "")


def _mark(kind: str, block: dict, chapeaux: dict[str, str], bulleted: set[str]) -> str:
    if "mark" in block:
        return block["mark"]
    number, parent = block.get("number"), block.get("parent") or ""
    if kind == "list_item":
        if parent in bulleted:
            return "○ "
        bulleted.add(block.get("anchor", ""))
        return "• " if chapeaux.get(parent, "").endswith("：") else ""
    if number is None or number == block["text"]:
        return ""
    if "." in number or number.startswith("第") or kind == "footnote":
        return f"{number} "  # 2.1, 第一条
    if number.islower() and re.search(r"\.[a-z]\.[ivx]+$", parent):
        return f"{number}. "  # the level below (a) and (一)
    if kind == "subparagraph" or (
        kind == "heading" and re.search(r"\bs[a-z]$", parent) and number.isdecimal()
    ):
        return f"({number}) "
    return f"{number}. "


def width(text: str) -> int:
    """Columns that ``text`` takes: two for each East Asian wide character."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def wrap(text: str, columns: int) -> list[str]:
    """Lines of at most ``columns``: Latin words and numbers stay whole, no closing mark begins a line."""
    lines, line = [], ""
    for piece in PIECE.findall(text):
        if width(line + piece) > columns and line.strip() and piece not in CLOSING:
            lines.append(line.rstrip(" "))
            line = ""
        if line or not piece.isspace():
            line += piece
    return [*lines, line]


def airy(text: str) -> str:
    """Spaces between Chinese characters and digits or Latin letters, as an extractor puts them."""
    text = re.sub(r"(?<=[\u4e00-\u9fff])(?=[A-Za-z0-9])", " ", text)
    return re.sub(r"(?<=[A-Za-z0-9])(?=[\u4e00-\u9fff])", " ", text)


def double_spaced(blocks: Iterable[Printed], columns: int, trailing: str = " ") -> list[str]:
    """A blank line after every line; a space before the first line and one after the last of a paragraph."""
    out: list[str] = []
    for block in blocks:
        indent = {"heading": "  ", "paragraph": " "}.get(block.shape, "")
        for text in block.lines:
            lines = wrap(airy(text), columns)
            lines = [indent + lines[0], *lines[1:]]
            for line in (*lines[:-1], lines[-1] + trailing):
                out += [line, ""]
        if block.shape in ("heading", "signature"):
            out += [trailing, ""]
    return out


def hard_wrapped(blocks: Iterable[Printed], columns: int, indent: str = "    ") -> list[str]:
    """Wrapped lines, a blank line between paragraphs, unnumbered paragraphs indented."""
    out: list[str] = []
    for block in blocks:
        for text in block.lines:
            lines = wrap(text, columns)
            out += [(indent if block.shape == "paragraph" else "") + lines[0], *lines[1:]]
        out.append("")
    return out


def indented_only(blocks: Iterable[Printed], columns: int) -> list[str]:
    """Wrapped lines without any blank line: an indent or number begins a paragraph, headings are centred."""
    out: list[str] = []
    for block in blocks:
        indent = {"heading": " " * 20, "signature": " " * 20, "paragraph": "    "}.get(block.shape, "")
        for text in block.lines:
            lines = wrap(text, columns - len(indent))
            hang = indent if block.shape == "heading" else ""
            out += [indent + lines[0], *(hang + line for line in lines[1:])]
    return out


def one_a_line(blocks: Iterable[Printed], between: tuple[str, ...] = ("",), indent: str = "") -> list[str]:
    """A paragraph a line, as on web pages."""
    out: list[str] = []
    for block in blocks:
        out += [(indent if block.shape in ("paragraph", "numbered") else "") + text for text in block.lines]
        out += between
    return out


def paged(lines: list[str], symbol: str, every: int, gap: tuple[str, ...], start: str) -> list[str]:
    """The same lines with a footer and a running header after each ``every`` lines of text.

    ``start`` stands before the first line of a page, as an extractor's page break does. Pages are not cut
    inside the first lines, where the masthead stands, nor before a blank line that belongs to the text above.
    """
    out, page, count = [], 1, 0
    for position, line in enumerate(lines):
        out.append(line)
        count += bool(line.strip())
        rest = [after for after in lines[position + 1 :] if after.strip()]
        if count < every or len(rest) < 3:
            continue
        while out and not out[-1].strip():
            out.pop()
        page, count = page + 1, 0
        out += ["", *gap, f"16-12345 (C) {page}/9", "", symbol, ""]
        lines[position + 1 :] = _page_start(lines[position + 1 :], start)
    return out


def _page_start(lines: list[str], start: str) -> list[str]:
    first = next((n for n, line in enumerate(lines) if line.strip()), len(lines))
    return [start + lines[first], *lines[first + 1 :]] if first < len(lines) else []


Layout = Callable[[list[Printed], str], list[str]]

LAYOUTS: dict[str, Layout] = {
    "double-spaced, 76 columns": lambda blocks, symbol: double_spaced(blocks, 76),
    "double-spaced, 70 columns": lambda blocks, symbol: double_spaced(blocks, 70),
    "double-spaced, trailing spaces lost": lambda blocks, symbol: double_spaced(blocks, 74, ""),
    "double-spaced with pages": lambda blocks, symbol: paged(
        double_spaced(blocks, 76), symbol, 14, ("",), " "
    ),
    "hard-wrapped": lambda blocks, symbol: hard_wrapped(blocks, 76),
    "hard-wrapped, ideographic indent": lambda blocks, symbol: hard_wrapped(blocks, 72, "\u3000\u3000"),
    "hard-wrapped with pages": lambda blocks, symbol: paged(hard_wrapped(blocks, 72), symbol, 12, (), ""),
    "hard-wrapped with form feeds": lambda blocks, symbol: paged(
        hard_wrapped(blocks, 70), symbol, 13, (), "\f"
    ),
    "pasted, no indent": lambda blocks, symbol: hard_wrapped(blocks, 74, ""),
    "no blank lines": lambda blocks, symbol: indented_only(blocks, 72),
    "one paragraph a line": lambda blocks, symbol: one_a_line(blocks),
    "one paragraph a line, no blank lines": lambda blocks, symbol: one_a_line(blocks, ()),
    "one paragraph a line, ideographic indent": lambda blocks, symbol: one_a_line(blocks, (), "\u3000\u3000"),
}


def document(expectation: dict, layout: Layout) -> str:
    """The source text of a document that holds the blocks of ``expectation``, with a short masthead."""
    symbol = expectation["facts"]["symbol"]
    head = [f"联合国 {symbol}", "", "Distr.: General", "", "Chinese", ""]
    return "\n".join([*head, *layout(list(printed(expectation["blocks"])), symbol)]) + "\n"
