"""Character recognition by tesseract, where it and its Chinese data are installed.

Only pages that are pictures without text are recognized, and what comes of it is told apart to the last
paragraph by its confidence. The program runs below the reader's child process and within its limits.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pypdfium2 as pdfium

LANGUAGE = "chi_sim"
MOST_PAGES = 40  # of a file: what takes longer is for a person to prepare
SECONDS = 30.0  # for one page
ONLINE: ContextVar[int | None] = ContextVar("ONLINE", default=None)
"""Pages of a file that may be recognized while somebody waits for an answer; None where nobody does."""
ONLINE_SECONDS = 45.0  # for a file while somebody waits: less than a worker is given
_DOTS_PER_INCH = 300
_MOST_PIXELS = 30_000_000
_MOST_OUTPUT = 20_000_000
_WORD = "5"  # the level of a row of the table that tells a word


@dataclass(frozen=True, slots=True)
class Word:
    """A recognized word: its box in points from the page's upper left corner, the top and bottom of its line,
    and how sure the program is of it, from 0 to 100."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    line: tuple[int, int, int]
    confidence: float


def program() -> str | None:
    """The path of tesseract, or None where it is not installed."""
    return shutil.which("tesseract")


def recognize(page: pdfium.PdfPage, tesseract: str) -> list[Word]:
    """The words of a page in the order in which the program reads them; none where it fails."""
    width, height = page.get_size()
    scale = min(_DOTS_PER_INCH / 72, (_MOST_PIXELS / max(1.0, width * height)) ** 0.5)
    picture = BytesIO()
    page.render(scale=scale, grayscale=True).to_pil().save(picture, "PNG", compress_level=1)
    command = [tesseract, "stdin", "stdout", "--dpi", str(round(72 * scale)), "-l", LANGUAGE]
    try:
        done = subprocess.run(  # noqa: S603 - the program that was found, a command of ours
            [*command, "--psm", "3", "-c", "tessedit_create_tsv=1"],
            input=picture.getvalue(),
            capture_output=True,
            timeout=SECONDS,
            check=True,
            env={**os.environ, "OMP_THREAD_LIMIT": "1", "LC_ALL": "C.UTF-8"},
        )
    except (OSError, subprocess.SubprocessError):
        return []
    return list(read_table(done.stdout[:_MOST_OUTPUT].decode("utf-8", "replace"), scale))


def read_table(table: str, scale: float) -> Iterator[Word]:
    """The words of the program's table (TSV: level, page, block, paragraph, line, word, left, top, width,
    height, confidence, text), whose places are pixels, ``scale`` to the point."""
    for row in table.split("\n"):
        fields = row.rstrip("\r").split("\t")
        if len(fields) != 12 or fields[0] != _WORD or not fields[11].strip():
            continue
        try:
            block, paragraph, line = (int(field) for field in fields[2:5])
            left, top, width, height = (int(field) / scale for field in fields[6:10])
            confidence = min(100.0, max(0.0, float(fields[10])))
        except ValueError:
            continue
        text = "".join(fields[11].split())
        yield Word(text, left, left + width, top, top + height, (block, paragraph, line), confidence)
