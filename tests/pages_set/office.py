"""Prints documents by LibreOffice: set as Word files, with real footnotes, tables, heads and feet."""

from __future__ import annotations

import io
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import escape
from itertools import groupby
from pathlib import Path

import pypdfium2 as pdfium

from tests.word_files import word

from .copy import Copy, Item
from .setter import MONTHS, Style

OFFICE = next(filter(None, map(shutil.which, ("soffice", "libreoffice"))), None)
AT_ONCE = 20  # files that one start of the program prints
_FONT = "Noto Sans CJK SC"
_KINDS = {"document": "document.main", "styles": "styles", "footnotes": "footnotes"}
_KINDS |= {"header1": "header", "footer1": "footer"}


def print_pages(jobs: Sequence[tuple[Copy, Style]]) -> list[bytes]:
    """The PDFs that LibreOffice prints of documents in layouts. Raises OSError where it prints none.

    It leaves marks that hang in the margin out of justified lines: where it did, the document is printed
    again, ragged.
    """
    printed = _print(jobs)
    again = [at for at, (copy, style) in enumerate(jobs) if style.justified and _lacks(printed[at], copy)]
    ragged = [(jobs[at][0], replace(jobs[at][1], justified=False)) for at in again]
    for at, data in zip(again, _print(ragged), strict=True):
        printed[at] = data
    return printed


def _lacks(data: bytes, copy: Copy) -> bool:
    """True where the pages have fewer marks than the document."""
    with pdfium.PdfDocument(data) as document:
        told = "".join(page.get_textpage().get_text_range() for page in document)
    text = "".join(part.text for item in copy.items for part in (item, *item.notes))
    return any(told.count(mark) < text.count(mark) for mark in "，。、；：")


def _print(jobs: Sequence[tuple[Copy, Style]]) -> list[bytes]:
    if OFFICE is None:
        raise OSError("LibreOffice is not installed")
    printed: list[bytes] = []
    for start in range(0, len(jobs), AT_ONCE):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            files = []
            for at, (copy, style) in enumerate(jobs[start : start + AT_ONCE]):
                files.append(folder / f"{at}.docx")
                files[-1].write_bytes(word_file(copy, style))
            profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
            command = [
                OFFICE,
                "--headless",
                profile,
                "--convert-to",
                "pdf",
                "--outdir",
                name,
                *map(str, files),
            ]
            subprocess.run(command, capture_output=True, timeout=600, check=False)
            printed += [file.with_suffix(".pdf").read_bytes() for file in files]
    return printed


def word_file(copy: Copy, style: Style) -> bytes:
    """The document as a Word file in the layout; the masthead stands in a section of its own."""
    numbers = {id(note): at for at, note in enumerate((n for i in copy.items for n in i.notes), start=2)}
    body = "".join(
        _table(list(items), style) if rows else "".join(_paragraph(item, style, numbers) for item in items)
        for rows, items in groupby(copy.items, key=lambda item: item.shape == "row")
    )
    notes = "".join(_notes(copy, style, numbers))
    parts = {"styles": _styles(style), "footnotes": _RULES + notes}
    if style.head:
        parts["header1"] = _p(_r(copy.facts.symbol or "", 9), '<w:jc w:val="right"/>')
    if style.foot:
        page = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>'
        parts["footer1"] = _p(f'{page}<w:r><w:fldChar w:fldCharType="end"/></w:r>', '<w:jc w:val="center"/>')
    mast = _mast(copy) + _p("", f"<w:sectPr>{_sheet(style, parts)}</w:sectPr>")
    kind, columns = '<w:type w:val="continuous"/>', f'<w:cols w:num="{style.columns}" w:space="480"/>'
    given = word(f"{mast}{body}<w:sectPr>{kind}{_sheet(style, {})}{columns}</w:sectPr>", **parts)
    return _with_types(given)


def _with_types(data: bytes) -> bytes:
    """The package with the kinds of its parts, which this program asks for."""
    kept = io.BytesIO()
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new:
        names = [n for n in old.namelist() if n.startswith("word/") and n.endswith(".xml")]
        parts = "".join(
            f'<Override PartName="/{name}" ContentType="{kind}.{_KINDS[Path(name).stem]}+xml"/>'
            for name in names
        )
        for name in old.namelist():
            if name != "[Content_Types].xml":
                new.writestr(name, old.read(name))
        rels = "application/vnd.openxmlformats-package.relationships+xml"
        new.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            f'<Default Extension="rels" ContentType="{rels}"/>'
            f'<Default Extension="xml" ContentType="application/xml"/>{parts}</Types>',
        )
    return kept.getvalue()


def _twips(points: float) -> int:
    return round(points * 20)


def _sheet(style: Style, parts: dict[str, str]) -> str:
    heads = "".join(
        f'<w:{kind}Reference w:type="default" r:id="r{kind}1"/>'
        for kind in ("header", "footer")
        if f"{kind}1" in parts
    )
    margin = _twips(style.margin)
    edges = "".join(f' w:{side}="{margin}"' for side in ("top", "right", "bottom", "left"))
    size = f'<w:pgSz w:w="{_twips(style.width)}" w:h="{_twips(style.height)}"/>'
    return f'{heads}{size}<w:pgMar{edges} w:header="500" w:footer="500"/>'


def _styles(style: Style) -> str:
    fonts = "".join(f' w:{script}="{_FONT}"' for script in ("ascii", "hAnsi", "eastAsia", "cs"))
    size = f'<w:sz w:val="{round(2 * style.size)}"/>'
    line = _twips(style.size * style.leading)
    spacing = f'<w:spacing w:before="0" w:after="0" w:line="{line}" w:lineRule="exact"/>'
    return (
        f"<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts{fonts}/>{size}</w:rPr></w:rPrDefault>"
        f"<w:pPrDefault><w:pPr>{spacing}</w:pPr></w:pPrDefault></w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>'
    )


_RULES = (
    '<w:footnote w:type="separator" w:id="0"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    '<w:footnote w:type="continuationSeparator" w:id="1"><w:p><w:r><w:continuationSeparator/></w:r></w:p>'
    "</w:footnote>"
)


def _p(content: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{content}</w:p>"


def _r(text: str, size: float = 0.0, more: str = "") -> str:
    lines = '</w:t><w:br/><w:t xml:space="preserve">'.join(escape(text).split("\n"))
    sized = f'<w:sz w:val="{round(2 * size)}"/>' if size else ""
    return f'<w:r><w:rPr>{more}{sized}</w:rPr><w:t xml:space="preserve">{lines}</w:t></w:r>' if text else ""


def _raised(text: str) -> str:
    return _r(text, more='<w:vertAlign w:val="superscript"/>')


def _mast(copy: Copy) -> str:
    facts = copy.facts
    day = ""
    if facts.date:
        year, month, number = facts.date.split("-")
        day = f"{int(number)} {MONTHS[int(month) - 1]} {year}\n"
    cells = (
        (_r("联合国", 15), _r(facts.symbol or "", 9)),
        (_r("安全理事会", 18), _r(f"Distr.: General\n{day}Chinese", 9)),
    )
    auto = '<w:spacing w:lineRule="auto" w:line="240"/>'
    rows = "".join(
        "<w:tr>" + "".join(f"<w:tc>{_p(c, auto)}</w:tc>" for c in row) + "</w:tr>" for row in cells
    )
    return f'<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/></w:tblPr>{rows}</w:tbl>'


def _paragraph(item: Item, style: Style, numbers: dict[int, int]) -> str:
    heading = item.shape == "heading"
    large = heading and style.heading in ("large", "both")
    bold = heading and style.heading in ("bold", "both")
    size, more = style.size * (1.2 if large else 1.0), "<w:b/>" if bold else ""
    prefix = _r(item.prefix + "\u3000", size, more) if item.prefix else ""
    text = prefix + "".join(_marked(item, size, more, numbers))
    above = style.gap + (6 if heading else 0)
    line = _twips(size * style.leading)
    spacing = f'<w:spacing w:before="{_twips(above)}" w:line="{line}" w:lineRule="exact"/>'
    align = "both" if style.justified else "left"
    indent = ""
    if heading:
        align = "center" if style.heading == "centred" else "left"
        spacing = "<w:keepNext/>" + spacing
    elif item.shape == "attribution":
        align = "right"
    elif item.shape == "signature":
        align, indent = (
            "left",
            f'<w:ind w:left="{_twips(0.45 * (style.width - 2 * style.margin) / style.columns)}"/>',
        )
    elif item.shape == "item":
        hang = _twips(style.hang * style.size)
        indent = f'<w:ind w:left="{hang}" w:firstLine="{_twips(style.indent * style.size)}"/>'
    elif item.shape == "paragraph":
        indent = f'<w:ind w:firstLine="{_twips(style.indent * style.size)}"/>'
    return _p(text, f'{spacing}{indent}<w:jc w:val="{align}"/>')


def _marked(item: Item, size: float, more: str, numbers: dict[int, int]) -> Iterator[str]:
    """The text with the marks of its notes; a note that no mark calls is called at the end."""
    left = list(item.notes)
    at = 0
    for place, number in item.marks:
        yield _r(item.text[at:place], size, more)
        at = place
        note = next((one for one in left if one.prefix == number), None)
        if note is None:
            yield _raised(number)
            continue
        left.remove(note)
        yield _call(numbers[id(note)], number)
    yield _r(item.text[at:], size, more)
    yield from (_call(numbers[id(note)], note.prefix) for note in left if note.prefix)


def _call(name: int, number: str) -> str:
    reference = f'<w:footnoteReference w:customMarkFollows="1" w:id="{name}"/><w:t>{escape(number)}</w:t>'
    return f'<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr>{reference}</w:r>'


def _notes(copy: Copy, style: Style, numbers: dict[int, int]) -> Iterator[str]:
    """Each note, with the paragraphs below it that bear no number."""
    size = style.size * 0.82
    spacing = f'<w:spacing w:line="{_twips(size * 1.3)}" w:lineRule="exact"/>'
    for item in copy.items:
        notes = list(item.notes)
        while notes:
            note = notes.pop(0)
            inside = [_p(_r(" " + note.text, size), spacing)]  # its mark the program sets
            while notes and not notes[0].prefix:
                inside.append(_p(_r(notes.pop(0).text, size), spacing))
            yield f'<w:footnote w:id="{numbers[id(note)]}">{"".join(inside)}</w:footnote>'


def _table(items: Sequence[Item], style: Style) -> str:
    kind = "single" if style.grid else "nil"
    edges = "".join(
        f'<w:{edge} w:val="{kind}" w:sz="4"/>'
        for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    wide = max(item.level for item in items)
    spacing = f'<w:spacing w:before="40" w:after="40" w:line="{_twips(style.size * style.leading)}"/>'
    column = round(_twips((style.width - 2 * style.margin - 24 * (style.columns - 1)) / style.columns) / wide)
    rows = ""
    for item in items:
        cells = [*item.text.split("\t"), *[""] * wide][:wide]
        rows += "<w:tr>" + "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{column}" w:type="dxa"/></w:tcPr>{_p(_r(cell), spacing)}</w:tc>'
            for cell in cells
        )
        rows += "</w:tr>"
    grid = f'<w:gridCol w:w="{column}"/>' * wide
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{column * wide}" w:type="dxa"/><w:tblBorders>{edges}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>'
    )
