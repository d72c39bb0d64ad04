"""English terms, and what UN documents in Chinese call them: the kept list."""

from __future__ import annotations

import functools
from pathlib import Path

from .table import term_key

LIST = Path(__file__).resolve().parent / "english.txt"


@functools.cache
def terms() -> dict[str, str]:
    """Terms as they are looked up, and their Chinese form."""
    lines = [line for line in LIST.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    pairs = (line.split(" = ") for line in lines)
    return {term_key(english): chinese for english, chinese in pairs}
