"""The finished document checks itself: what is broken is a doubt at the block, and a good twin bears none."""

from __future__ import annotations

import pytest

from archive.site.presenters.relations import doubt_in_words
from archive.text import parse_source
from archive.text.reader import source_of
from archive.text.reference import load_reference
from archive.text.serialize import as_json
from archive.text.sidecar import Sidecar
from tests.tables import rows_from

ROWS = rows_from(__name__, "BROKEN")


def read(text: str, symbol: str = "S/2031/7") -> dict:
    """What parse_document prints of ``text``, whose symbol and title are told."""
    sidecar = Sidecar({"symbol": symbol, "title": "灯塔"})
    return as_json(parse_source(source_of(text), sidecar, load_reference()))


@pytest.mark.parametrize("row", [row for row in ROWS if "broken" in row], ids=lambda row: row["remark"])
def test_what_is_broken_is_a_doubt_at_the_block(row):
    found = read(row["broken"], row.get("symbol", "S/2031/7"))
    there = {block["anchor"] for block in found["paragraphs"] if block["text"].startswith(row["at"])}
    told = {(doubt.get("check"), doubt["anchor"]) for doubt in found["doubts"]}
    assert told & {(row["check"], anchor) for anchor in there}
    words = [doubt_in_words(doubt["message"]) for doubt in found["doubts"]]
    assert not [said for said in words if said.startswith("解析程序的说明")]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["remark"])
def test_a_good_twin_bears_no_doubt(row):
    assert read(row["good"], row.get("symbol", "S/2031/7"))["doubts"] == []
