"""Character recognition (OCR) by RapidOCR, or else by tesseract, whichever is installed.

Only pages that are pictures without text are recognized, and what comes of it is told apart to the last
paragraph by its confidence. The engine runs in the reader's child process, or below it, within its limits.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from io import BytesIO
from typing import TYPE_CHECKING, Any

from archive.text.typography import display_width

if TYPE_CHECKING:
    import pypdfium2 as pdfium

RAPIDOCR = "rapidocr"  # the engine whose models are in its package, requirements-ocr.lock
LANGUAGE = "chi_sim"
MOST_PAGES = 40  # of a file: what takes longer is for a person to prepare
SECONDS = 30.0  # for one page
ONLINE: ContextVar[int | None] = ContextVar("ONLINE", default=None)
"""Pages of a file that may be recognized while somebody waits for an answer; None where nobody does."""
ONLINE_SECONDS = 45.0  # for a file while somebody waits: less than a worker is given
_DOTS_PER_INCH = 300
_MOST_PIXELS = 30_000_000
_LONGER_SIDE = 2000  # pixels of a page: RapidOCR makes larger ones smaller
_ALONE = {  # on one processor, which the child may use; a line at a time needs less memory, and less time
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    "Rec.rec_batch_num": 1,
    "Global.use_cls": False,  # whether lines stand on their heads
    "Global.text_score": 0.0,  # what is read badly is kept, and told
    "Global.log_level": "critical",
}
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


def engines() -> tuple[str, ...]:
    """What recognizes characters here, the better first: ``RAPIDOCR``, the path of tesseract."""
    known = RAPIDOCR if find_spec("rapidocr") and find_spec("onnxruntime") else None
    return tuple(filter(None, (known, shutil.which("tesseract"))))


def name_of(engine: str) -> str:
    """Name and version of an engine, as far as it tells them: ``rapidocr 3.10.0``, ``tesseract 5.3.0``."""
    if engine == RAPIDOCR:
        return f"{RAPIDOCR} {version(RAPIDOCR)}"
    try:
        asked = subprocess.run(  # noqa: S603 - the program that was found
            [engine, "--version"], stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS
        )
    except (OSError, subprocess.SubprocessError):
        return "tesseract"
    told = re.match(rb"tesseract v?([0-9][0-9.]*)", asked.stdout or asked.stderr)
    return f"tesseract {told[1].decode()}" if told else "tesseract"


def recognize(page: pdfium.PdfPage, engine: str) -> list[Word]:
    """The words of a page in the order in which the engine reads them; none where it fails."""
    return _by_rapidocr(page) if engine == RAPIDOCR else _by_tesseract(page, engine)


@cache
def _rapidocr() -> Any:
    """RapidOCR with its models, loaded once in a child."""
    from rapidocr import RapidOCR

    return RapidOCR(params=_ALONE)


def _by_rapidocr(page: pdfium.PdfPage) -> list[Word]:
    """The characters of each line, in their shares of its box."""
    scale = min(_DOTS_PER_INCH / 72, _LONGER_SIDE / max(*page.get_size(), 1.0))
    read = _rapidocr()(page.render(scale=scale).to_numpy())
    words: list[Word] = []
    for at, (text, sure, corners) in enumerate(
        zip(read.txts or (), read.scores or (), () if read.boxes is None else read.boxes, strict=True)
    ):
        across, down = ([float(corner[axis]) / scale for corner in corners] for axis in (0, 1))
        left, unit = min(across), (max(across) - min(across)) / display_width(text)
        for char in text:
            right = left + unit * display_width(char)
            if not char.isspace():
                words.append(Word(char, left, right, min(down), max(down), (0, 0, at), 100.0 * sure))
            left = right
    return words


def _by_tesseract(page: pdfium.PdfPage, tesseract: str) -> list[Word]:
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
