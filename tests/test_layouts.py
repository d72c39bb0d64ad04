"""A layout takes no part in what a document says: in every layout the same blocks come out."""

from __future__ import annotations

import json

import pytest

from archive.text import parse_document
from tests.layouts import LAYOUTS, document
from tests.test_genres import HERE, SOURCES, _block, compare

# Corrigenda quote numbers as text, and contents lists lose their leaders when printed again.
SPECIAL = {"S_2008_493_Corr.1", "A_75_133"}
NAMES = [name for name in SOURCES if name not in SPECIAL]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", NAMES)
def test_the_same_blocks_come_out_of_every_layout(name, layout, tmp_path):
    expectation = json.loads((HERE / f"{name}.json").read_text("utf-8"))
    path = tmp_path / "source.txt"
    path.write_text(document(expectation, LAYOUTS[layout]), "utf-8")
    actual = [_block(paragraph) for paragraph in parse_document(path).paragraphs]
    printed_again = [
        b for b in expectation["blocks"] if not b.get("optional") and b.get("kind") != "footnote"
    ]
    report = compare(printed_again, actual)
    assert not report, "\n".join([*report, "", path.read_text("utf-8")])
