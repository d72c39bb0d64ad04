"""A layout takes no part in what a document says: in every layout the same blocks come out."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from archive.text import parse_document
from tests.core.test_genres import HERE, SOURCES, _block, compare
from tests.tables import rows_from
from tests.tools.layers import layer, look, resolution
from tests.tools.layouts import LAYOUTS, document, of_footnote

# Corrigenda quote numbers as text; contents lists lose leaders, tables columns when printed again.
SPECIAL = set(rows_from(__name__, "SPECIAL"))
NAMES = [name for name in SOURCES if name not in SPECIAL]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", NAMES)
def test_the_same_blocks_come_out_of_every_layout(name, layout, tmp_path):
    expectation = json.loads((HERE / f"{name}.json").read_text("utf-8"))
    path = tmp_path / "source.txt"
    path.write_text(document(expectation, LAYOUTS[layout]), "utf-8")
    actual = [_block(paragraph) for paragraph in parse_document(path).paragraphs]
    printed_again = [
        {key: value for key, value in block.items() if key != "speaker"}
        for block in expectation["blocks"]
        if not block.get("optional") and not of_footnote(block)
    ]
    report = compare(printed_again, actual)
    assert not report, "\n".join([*report, "", path.read_text("utf-8")])


def test_the_text_layers_of_forty_resolutions_are_read_whole(tmp_path):
    missed, total = [], 0
    for seed in range(40):
        wanted = resolution(seed)
        path = tmp_path / f"{seed}.txt"
        path.write_text(layer(wanted, look(seed), seed), "utf-8")
        paragraphs = parse_document(path).paragraphs
        full = str.maketrans(",;", "，；")
        read = [(str(p.kind), p.number, p.text.translate(full)) for p in paragraphs]
        numbers = [number for kind, number, _ in wanted.blocks if kind == "operative"]
        assert [number for kind, number, _ in read if kind == "operative"] == numbers, f"seed {seed}"
        at_hand = Counter([*read, *(("", number, text) for _, number, text in read)])
        total += len(wanted.blocks)
        missed += [f"seed {seed}: {block}" for block in (Counter(wanted.blocks) - at_hand).elements()]
    assert len(missed) <= 0.01 * total, "\n".join([f"{len(missed)} of {total}", *missed])
