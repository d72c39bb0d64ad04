"""How United Nations documents are worded in languages whose words blanks set apart: a table for each
(``en.json``), read by the same grammar. Chinese, which all other patterns are written for, has none.

A table has the ``organs`` that adopt resolutions, with the series of their symbols; the words with which
``preambular`` and ``operative`` paragraphs begin; the ``months``; words behind which a sentence goes on
(``joining``), and which keep their hyphen (``compounds``). To add a language is to add its table.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

TABLES: dict[str, dict[str, Any]] = {
    path.stem: json.loads(path.read_text("utf-8")) for path in sorted(Path(__file__).parent.glob("*.json"))
}
ORGANS: dict[str, str] = {
    name: series for table in TABLES.values() for name, series in table["organs"].items()
}


def any_word(name: str) -> str:
    """Returns a pattern of the words that the tables have under ``name``, the longer first."""
    return any_of(word for table in TABLES.values() for word in table[name])


def any_of(words: Iterable[str]) -> str:
    """Returns a pattern of whole words, the longer first."""
    return rf"\b(?:{'|'.join(map(re.escape, sorted(words, key=len, reverse=True)))})\b"
