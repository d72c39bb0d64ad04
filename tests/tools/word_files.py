"""Word files made in memory, part by part, for tests: markup as different programs write it."""

from __future__ import annotations

import io
import re
import zipfile

import pytest

from archive.readers import Source, read_file
from archive.readers.core import as_core
from archive.text import parse_source
from archive.text.reference import load_reference
from archive.text.sidecar import Sidecar
from tests.tables import rows_from

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_NAMES = (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_ROOTS = rows_from(__name__, "_ROOTS")


def word(body: str, namespace: str = W, **parts: str) -> bytes:
    """A .docx with ``body`` in ``w:body`` and the content of other parts by the kind of their relation."""
    names = f'xmlns:w="{namespace}" {_NAMES}'
    written = {"word/document.xml": f"<w:document {names}><w:body>{body}</w:body></w:document>"}
    listed = []
    for kind, content in parts.items():
        root = _ROOTS[kind.rstrip("0123456789")]
        drawn = root in ("dataModel", "chartSpace")
        written[f"word/{kind}.xml"] = (
            f"<d:{root} xmlns:d='x'>{content}</d:{root}>"
            if drawn
            else f"<w:{root} {names}>{content}</w:{root}>"
        )
        kind_of = kind.rstrip("0123456789")
        listed.append(f'<Relationship Id="r{kind}" Type="{_TYPES}/{kind_of}" Target="{kind}.xml"/>')
    written["word/_rels/document.xml.rels"] = (
        f'<Relationships xmlns="{_RELATIONS}">{"".join(listed)}</Relationships>'
    )
    return package(written)


def package(members: dict[str, str | bytes]) -> bytes:
    """A zip with what makes it a Word file, and ``members``."""
    whole = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="r1" '
        f'Type="{_TYPES}/officeDocument" Target="word/document.xml"/></Relationships>',
    } | members
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in whole.items():
            file.writestr(name, content)
    return kept.getvalue()


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(content: str = "", properties: str = "") -> str:
    """A paragraph of markup, or of plain text."""
    content = content if content.startswith("<") or not content else run(content)
    return f"<w:p><w:pPr>{properties}</w:pPr>{content}</w:p>"


def numbered(text: str, listed: int | str = 1, level: int = 0) -> str:
    return paragraph(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{listed}"/></w:numPr>')


def level(at: int, form: str, text: str, more: str = "", start: int = 1) -> str:
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def definition(name: int | str, *levels: str, more: str = "") -> str:
    return f'<w:abstractNum w:abstractNumId="{name}">{more}{"".join(levels)}</w:abstractNum>'


def listing(name: int | str, of: int | str, more: str = "") -> str:
    return f'<w:num w:numId="{name}"><w:abstractNumId w:val="{of}"/>{more}</w:num>'


def table(*rows: tuple[str, ...]) -> str:
    cells = "".join(
        "<w:tr>"
        + "".join(f"<w:tc>{cell if cell.startswith('<') else paragraph(cell)}</w:tc>" for cell in row)
        + "</w:tr>"
        for row in rows
    )
    return f"<w:tbl>{cells}</w:tbl>"


_SHORT = re.compile(r"\{([^{}]*)\}")


def drawn(text: str) -> str:
    """The markup of a short form: a paragraph a line, a list's level before it (``@1``) or a heading's style
    (``^``); ``{br}``, ``{sup:2}``, ``{footnote:1}``, ``{PAGE => 3}`` (a field, its result), ``{<w:p/>}``."""
    made = ""
    for line in text.split("\n"):
        listed = re.match(r"@(\d) ", line)
        properties = '<w:outlineLvl w:val="0"/>' if line[:1] == "^" else ""
        if listed:
            properties = f'<w:numPr><w:ilvl w:val="{listed[1]}"/><w:numId w:val="1"/></w:numPr>'
        pieces = _SHORT.split(line[3:] if listed else line.lstrip("^"))
        inside = "".join(_piece(piece) if at % 2 else run(piece) for at, piece in enumerate(pieces) if piece)
        made += paragraph(inside, properties)
    return made


def _piece(short: str) -> str:
    name, colon, rest = short.partition(":")
    if short[0] == "<":
        return short
    if colon and name == "sup":
        return run(rest, '<w:vertAlign w:val="superscript"/>')
    if colon and name in ("footnote", "endnote"):
        return f'<w:r><w:{name}Reference w:id="{rest}"/></w:r>'
    if colon and name.islower():
        return run(rest, f"<w:{name}/>")
    if name[0].islower():
        return f"<w:r><w:{name}/></w:r>"
    code, arrow, result = short.partition(" => ")
    separate = f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run(result)}' if arrow else ""
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{code}</w:instrText></w:r>{separate}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def whole(data: bytes) -> tuple[str, ...]:
    """What the parser makes of a file: blocks with their anchors, then struck words, then doubts."""
    source = as_core(read_file(data, "x"), "x")
    read = parse_source(source, Sidecar({"symbol": "S/2031/9", "title": "信"}), load_reference())
    told = [f"{one.anchor} {one.text}" for one in read.paragraphs]
    told += [f"- {one.text}" for one in read.dropped if one.reason == "struck out"]
    return (*told, *(f"? {one.anchor}: {one.message}" for one in read.doubts))


def lines(source: Source) -> list[str]:
    """The lines with the numbers that the file counts before them."""
    return [
        f"{known.number} {text}" if (known := source.evidence.get(at)) and known.number else text
        for at, text in enumerate(source.text.split("\n"), start=1)
        if text
    ]


def rows_of(module: str, name: str) -> list:
    """Rows by their names as parameters of a test; those whose name begins with ``~`` must fail yet."""
    later = pytest.mark.xfail(strict=True)
    rows = rows_from(module, name)
    rows = rows.items() if isinstance(rows, dict) else [(row[-1], row) for row in rows]
    return [pytest.param(row, id=key, marks=later if key[0] == "~" else ()) for key, row in rows]
