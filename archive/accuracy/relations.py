"""How documents are cited, as the rules read it beside what a reader says: ``fixtures/gold/relations.json``.

The reader labelled every mention of the bundled documents before the rules were written; one half of them was
then looked at while the rules were made, the other only to judge them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from archive.text import parse_document
from archive.text.parsed import ParsedMention

from .gold import DOCUMENTS, GOLD

HALVES = ("tune", "judge")
AROUND = 30


def measure(half: str) -> dict[str, Any]:
    """Precision and recall over one half of the gold set, or over ``"all"`` of it, with what is wrong.

    ``hits`` counts the relations that are right, ``missed`` those of the reader that were not read so,
    ``wrong`` those that were read and are not the reader's: another relation is both. ``agreed`` counts the
    mentions on which both agree that no relation is said. ``misses`` lists each disagreement with its words.
    """
    hits = missed = wrong = agreed = 0
    misses = []
    for source, anchor, start, _surface, relation, in_half in _rows():
        if half not in (in_half, "all"):
            continue
        mention, text = _read(source).get((anchor, start), (None, ""))
        read = mention.relation.value if mention and mention.relation else None
        if read == relation:
            hits, agreed = hits + (relation is not None), agreed + (relation is None)
            continue
        missed, wrong = missed + (relation is not None), wrong + (read is not None)
        around = text[max(0, start - AROUND) : start + AROUND * 2]
        place = {"source": source, "anchor": anchor, "words": around}
        misses.append(place | {"wanted": relation, "read": read})
    return {
        "half": half,
        "mentions": hits + agreed + len(misses),
        "hits": hits,
        "agreed": agreed,
        "missed": missed,
        "wrong": wrong,
        "precision": hits / (hits + wrong) if hits + wrong else None,
        "recall": hits / (hits + missed) if hits + missed else None,
        "misses": misses,
    }


@cache
def _rows() -> list[list]:
    return json.loads((GOLD / "relations.json").read_text("utf-8"))["mentions"]


@cache
def _read(source: str) -> Mapping[tuple[str, int], tuple[ParsedMention, str]]:
    """The mentions of a bundled document by their places, each with the text of its paragraph."""
    parsed = parse_document(DOCUMENTS / source)
    texts = {paragraph.anchor: paragraph.text for paragraph in parsed.paragraphs}
    return {(mention.anchor, mention.start): (mention, texts[mention.anchor]) for mention in parsed.mentions}
