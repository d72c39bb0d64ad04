"""How United Nations documents are worded in languages whose words blanks set apart: a table for each
(``en.json``), read by the same grammar. Chinese, which all other patterns are written for, has none.

A table has the words that are ``frequent`` in its language alone; the ``organs`` that adopt resolutions, with
the series of their symbols, also by their ``short_organs``; the nouns of their ``acts``, also as ``titles``;
the labels of ``parts``; ``ordinals``, and the other words for ``numbers``; the words with which
``preambular`` and ``operative`` paragraphs begin; the ``months``; words behind which a sentence goes on
(``joining``), and which keep their hyphen (``compounds``); patterns of whole lines, and of pieces, by the
names under which the grammar asks for such (``shapes``). To add a language is to add its table.
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
ORGANS, SHORT_ORGANS, ACTS, PARTS = (
    {word: value for table in TABLES.values() for word, value in table[name].items()}
    for name in ("organs", "short_organs", "acts", "parts")
)
ORDINALS = {word: at for table in TABLES.values() for at, word in enumerate(table["ordinals"], start=1)}


def shapes_of(name: str) -> list[str]:
    """Returns the patterns that the tables have under ``name``; in them <date> and <organ> stand for any."""
    found = [shape for table in TABLES.values() for shape in table["shapes"].get(name, ())]
    return [shape.replace("<date>", DATE).replace("<organ>", any_of(ORGANS)) for shape in found]


def any_shape(name: str) -> str:
    """Returns what ``shapes_of`` tells as one pattern without names of groups; of none nothing matches."""
    return "|".join(re.sub(r"\(\?P<\w+>", "(?:", shape) for shape in shapes_of(name)) or "(?!)"


def any_word(name: str) -> str:
    """Returns a pattern of the words that the tables have under ``name``, the longer first."""
    return any_of(word for table in TABLES.values() for word in table[name])


def any_of(words: Iterable[str]) -> str:
    """Returns a pattern of whole words, the longer first; of none nothing matches."""
    return rf"\b(?:{'|'.join(map(re.escape, sorted(words, key=len, reverse=True))) or '(?!)'})\b"


DATE = rf"\d{{1,2}}\s+{any_word('months')}\s+\d{{4}}"
