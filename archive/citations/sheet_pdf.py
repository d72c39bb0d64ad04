"""The briefing sheet as PDF, its Chinese set in a free font of this machine that goes with it, in part.

Which font: ``ARCHIVE_PDF_FONT``, else Noto Serif CJK where Debian and others put it. Without one there is no
PDF: a font that is not in the file would leave the reader with empty boxes.
"""

from __future__ import annotations

import datetime as dt
import logging
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from .sheet import Line

USUAL = (
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSerifCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-serif-cjk-vf-fonts/NotoSerifCJK-VF.ttc",
)
EPOCH = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
MARGIN, BODY, HEAD, SMALL = 22, 11, 16, 9  # mm, points
LEADING = 0.62  # mm of a line for each point
# What begins no line and what ends none (GB/T 15834—2011, 5.1).
CLOSING, OPENING = "、，。；：？！”’）》〉」』】〕％…·,.;:?!)]%", "“‘（《〈「『【〔(["
WORD = re.compile(
    rf"[{re.escape(OPENING)}]*(?:[!-~]*[!-')-~]|\s|.)[{re.escape(CLOSING)}]*(?:\[\d+\])?", re.DOTALL
)
# It tells every glyph that it takes, which are a reader's quotations: no log holds them.
logging.getLogger("fontTools").setLevel(logging.WARNING)


def font() -> Path | None:
    """The font to set Chinese in, or None where this machine has none."""
    named = settings.PDF_FONT
    return next((path for path in map(Path, [named] if named else USUAL) if path.is_file()), None)


def briefing_pdf(title: str, lines: Sequence[Line], left_out: Sequence[str], taken: str, path: Path) -> bytes:
    """A4 pages: the numbered quotations, their notes, what is left out and why, and where all is from."""
    from fpdf import FPDF  # a library that few requests need

    pdf = FPDF(format="A4")
    pdf.set_margin(MARGIN)
    pdf.set_auto_page_break(True, MARGIN)
    pdf.set_title(title)
    pdf.set_lang("zh-Hans")
    pdf.set_creation_date(EPOCH)
    pdf.add_font("song", fname=path, collection_font_number=_simplified(path))
    pdf.add_page()
    page = _Page(pdf)
    page.write(title, HEAD)
    for number, line in enumerate(lines, 1):
        page.write(f"“{line.text}”[{number}]" + (f"({line.said})" if line.said else ""), BODY, 2)
    page.write(_("注"), BODY, 5)
    for number, line in enumerate(lines, 1):
        page.write(f"[{number}] {line.note}", SMALL)
    if left_out:
        page.write(_("没有列入的"), BODY, 5)
        for words in left_out:
            page.write(words, SMALL)
    page.write(taken, SMALL, 5)
    if page.missing:
        codes = _("、").join(f"U+{ord(sign):04X}" for sign in sorted(page.missing)[:20])
        page.write(_("这里的字体没有下列字符，印不出来，请看网页：%(codes)s") % {"codes": codes}, SMALL, 2)
    return bytes(pdf.output())


class _Page:
    """Writes running text line by line, and notes the characters that the font lacks."""

    def __init__(self, pdf) -> None:
        self.pdf = pdf
        self.widths: dict[str, float] = {}
        self.known = pdf.fonts["song"].cmap
        self.missing: set[str] = set()

    def write(self, text: str, size: int, before: float = 0) -> None:
        """A paragraph in points, ``before`` mm below what stands above it."""
        self.pdf.set_font("song", size=size)
        self.widths.clear()
        self.pdf.ln(before)
        text = "".join(sign for sign in text if sign == "\n" or sign.isprintable())
        self.missing |= {sign for sign in text if sign != "\n" and ord(sign) not in self.known}
        for paragraph in text.split("\n"):
            for line in self._lines(paragraph):
                self.pdf.cell(0, size * LEADING, line, new_x="LMARGIN", new_y="NEXT")

    def _lines(self, text: str) -> Iterator[str]:
        line, width = "", 0.0
        for piece in self._pieces(text):
            wide = self._width(piece)
            if line and width + wide > self.pdf.epw - 1:
                yield line
                line, width, piece = "", 0.0, piece.lstrip()
                wide = self._width(piece)
            line, width = line + piece, width + wide
        yield line

    def _pieces(self, text: str) -> Iterator[str]:
        """What is not broken over two lines; an address longer than a line is."""
        for piece in WORD.findall(text):
            if self._width(piece) <= self.pdf.epw - 1:
                yield piece
            else:
                yield from piece

    def _width(self, text: str) -> float:
        for sign in set(text) - self.widths.keys():
            self.widths[sign] = self.pdf.get_string_width(sign)
        return sum(self.widths[sign] for sign in text)


@cache
def _simplified(path: Path) -> int:
    """The number of the face for simplified Chinese in a collection of fonts; 0 where there is one face."""
    from fontTools.ttLib import TTCollection

    if path.suffix.lower() not in (".ttc", ".otc"):
        return 0
    with TTCollection(str(path), lazy=True) as faces:
        names = [face["name"].getDebugName(4) or "" for face in faces.fonts]
    return next((number for number, name in enumerate(names) if re.search(r"\bSC\b", name)), 0)
