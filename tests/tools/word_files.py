"""Word files made in memory, part by part, for tests: markup as different programs write it."""

from __future__ import annotations

import io
import zipfile

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
        written[f"word/{kind}.xml"] = f"<w:{root} {names}>{content}</w:{root}>"
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
