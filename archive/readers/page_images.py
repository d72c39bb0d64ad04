"""Pictures of the pages of a PDF file, as people see them. Runs in the child processes of ``pool``."""

from __future__ import annotations

import io
from base64 import b64encode
from collections.abc import Iterable

import pypdfium2 as pdfium

from .source import NotReadableError

DOTS_PER_INCH = 110
MOST_PIXELS = 2200  # along the longer side: a poster is drawn smaller
_QUALITY, _EFFORT = 60, 2  # of WebP: letters stay sharp at half the bytes of the usual quality


def draw_pages(data: bytes, pages: Iterable[tuple[int, int]]) -> list[str]:
    """The pictures (WebP, in base64) of ``pages``: number from 1, and by how many degrees the page is turned
    clockwise beyond what it says itself. Raises NotReadableError where the file or a page is broken.
    """
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise NotReadableError("pdf_damaged") from error
    try:
        return [_drawn(document, number, turn) for number, turn in pages]
    except (pdfium.PdfiumError, IndexError) as error:
        raise NotReadableError("pdf_damaged") from error
    finally:
        document.close()


def _drawn(document: pdfium.PdfDocument, number: int, turn: int) -> str:
    page = document[number - 1]
    try:
        longer = max(*page.get_size(), 1.0)
        scale = min(DOTS_PER_INCH / 72, MOST_PIXELS / longer)
        picture = page.render(scale=scale, rotation=turn).to_pil()
    finally:
        page.close()
    out = io.BytesIO()
    picture.convert("RGB").save(out, "WEBP", quality=_QUALITY, method=_EFFORT)
    return b64encode(out.getvalue()).decode()
