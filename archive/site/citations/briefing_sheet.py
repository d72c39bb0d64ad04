"""The basket as a Word file, to begin a briefing with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from django.utils.translation import gettext as _

from archive.text.typography import writable

# A day without meaning: the same basket is the same file, and no file tells when it was fetched but in words.
EPOCH = dt.datetime(2000, 1, 1)  # noqa: DTZ001 (the library takes no zone)
SERIF = "Noto Serif CJK SC"


@dataclass(frozen=True, slots=True)
class Line:
    """A quotation, its reference, and a further remark."""

    text: str
    note: str
    said: str = ""


def briefing_sheet(title: str, lines: Sequence[Line], left_out: Sequence[str], taken: str) -> bytes:
    """Writes a .docx: the numbered quotations, their notes, omissions with reasons, and the sources."""
    from docx import Document  # a library that few requests need

    document = Document()
    properties = document.core_properties
    properties.title, properties.author, properties.comments = title, "", ""
    properties.created = properties.modified = EPOCH
    properties.language = "zh-CN"
    _in_chinese(document)
    document.add_heading(title, level=1)
    for number, line in enumerate(lines, 1):
        quoted = document.add_paragraph(f"“{writable(line.text)}”")
        quoted.add_run(str(number)).font.superscript = True
        if line.said:
            quoted.add_run(f"({line.said})")
    document.add_heading(_("注"), level=2)
    for number, line in enumerate(lines, 1):
        document.add_paragraph(f"{number}. {writable(line.note)}")
    if left_out:
        document.add_heading(_("没有列入的"), level=2)
        for words in left_out:
            document.add_paragraph(writable(words))
    document.add_paragraph(writable(taken))
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def _in_chinese(document) -> None:
    """Sets Chinese characters in a font for them, headings in black."""
    from docx.oxml.ns import qn
    from docx.shared import Pt

    for name, size in (("Normal", 11), ("Heading 1", 16), ("Heading 2", 13)):
        style = document.styles[name]
        style.font.name, style.font.size = "Times New Roman", Pt(size)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:eastAsia"), SERIF)
        style.font.color.rgb = None
