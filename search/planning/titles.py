"""Titles of laws, plans and journals: what a query, or a text, puts between title marks."""

from __future__ import annotations

import re

from search.entities.entity import Entity, Kind
from search.query.vocabulary import Vocabulary
from search.text.analyzer import analyze
from search.text.folding import fold_words

TITLE = re.compile("《[^《》]+》")
# What an act or a work is called by at its end. Plans, lists and policies are left out: texts speak of them
# in many words, and title marks around one of these prove nothing.
ACT = re.compile(
    r".*(?:法|法典|法令|法案|条例|规定|规则|规程|规约|细则|办法|公约|条约|协定|协议|议定书|宪章|宣言|公报"
    r"|准则|守则|指南|手册|修正案)"
)


def beside_titles(piece: str) -> list[str]:
    """``piece`` cut at its titles: 印度, 《外贸法》, 修正案 of 印度《外贸法》修正案."""
    cut, at = [], 0
    for found in TITLE.finditer(piece):
        cut += [piece[at : found.start()], found.group()]
        at = found.end()
    return [part for part in (*cut, piece[at:]) if part]


def title_of(text: str, vocabulary: Vocabulary) -> Entity | None:
    """The title that the whole of ``text`` is: in title marks, or an act that a text puts between them."""
    if TITLE.fullmatch(text):
        title = text[1:-1].strip()
    elif ACT.fullmatch(fold_words(text)) and len(analyze(text)) > 1 and vocabulary.occurrences(f"《{text}》"):
        title = text
    else:
        return None
    return Entity(Kind.TITLE, title, f"《{title}》", 0, len(text), title) if title else None
