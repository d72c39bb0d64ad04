"""Pictures of the pages of a PDF, made once when a file comes in, so that no request draws any."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path

import pypdfium2 as pdfium

from .pdf_glyphs import read_leaf
from .source import Box, NotReadableError

WIDTH = 1200
"""Pixels across of a picture; its height follows from the page's."""

_LARGEST = 16_000_000  # pixels of one picture
_QUALITY = 70


def render_pages(data: bytes, folder: Path) -> list[Path]:
    """Write ``page-0001.webp`` and so on for the PDF ``data`` into ``folder``, which exists.

    Each page is turned so that its text stands upright, as the boxes of ``read_pdf`` have it: a box times
    ``scale_of(page width)`` is its place in pixels. Raises NotReadableError where the file is damaged.
    """
    written = []
    for number, picture in enumerate(_pictures(data), start=1):
        path = folder / f"page-{number:04}.webp"
        path.write_bytes(picture)
        written.append(path)
    return written


def scale_of(width: float) -> float:
    """Pixels of a point in the picture of a page that is ``width`` points wide."""
    return WIDTH / max(width, 1.0)


def boxes_of(lines: tuple[int, int], boxes: Mapping[int, Sequence[Box]]) -> list[Box]:
    """The boxes of a block that stands on the source's ``lines`` (first and last); those between that are not
    its own (a running head, a note) are for the caller to leave out."""
    return [box for line in range(lines[0], lines[1] + 1) for box in boxes.get(line, ())]


def _pictures(data: bytes) -> Iterator[bytes]:
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise NotReadableError("pdf_damaged") from error
    try:
        for at in range(len(document)):
            page = document[at]
            try:
                yield _picture(page, at + 1)
            finally:
                page.close()
    except pdfium.PdfiumError as error:
        raise NotReadableError("pdf_damaged") from error
    finally:
        document.close()


def _picture(page: pdfium.PdfPage, number: int) -> bytes:
    leaf = read_leaf(page, number)
    scale = scale_of(leaf.width)
    scale = min(scale, (_LARGEST / max(1.0, leaf.width * leaf.height)) ** 0.5)
    bitmap = page.render(scale=scale, rotation=leaf.turn, may_draw_forms=False)
    out = BytesIO()
    bitmap.to_pil().convert("RGB").save(out, "WEBP", quality=_QUALITY, method=2)
    bitmap.close()
    return out.getvalue()
