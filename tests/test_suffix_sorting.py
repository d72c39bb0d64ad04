"""The order of all places of a text, held against a plain sort."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.index import suffix_sorting
from search.index.suffixes import SUFFIXES, write_suffixes

LONG = "安全理事会第1540(2004)号决议"
TEXTS = {
    "nothing": "",
    "one end": "\n",
    "empty lines": "\n\n\n",
    "one character, again and again": "……" * 700 + "\n",
    "one character in lines that grow": "".join("一" * size + "\n" for size in range(40)),
    "all lines alike": f"{LONG}\n" * 60,
    "ends alike": "".join(f"{number}{LONG}\n" for number in range(60)),
    "beginnings alike": "".join(f"{LONG}{number}\n" for number in range(60)),
    "rare planes": "𠀀𠀁\uffff一\n𠀀\n\U0010ffff𠀁\x01\n\x01\n",
    "many characters": "".join(map(chr, range(0x4E00, 0x9F00))) + "\n",
    "no end": "一二一二一",
    "a period of two": "ab" * 300 + "\n" + "ba" * 300 + "\n",
}


def order_of(text: str) -> list[int]:
    with TemporaryDirectory() as directory:
        assert write_suffixes(Path(directory), text.partition("\n")) == len(text)
        assert sorted(path.name for path in Path(directory).iterdir()) == ["literal.suffixes", "literal.text"]
        return np.fromfile(Path(directory) / SUFFIXES, "<i4").tolist()


def as_compared(text: str) -> list[int]:
    def following(place: int) -> str:
        line, end, _rest = text[place:].partition("\n")
        return line + end

    return sorted(range(len(text)), key=lambda place: (following(place), place))


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_places_lie_in_the_order_of_what_follows_them_in_the_line(text, monkeypatch):
    expected = as_compared(text)
    assert order_of(text) == expected
    monkeypatch.setattr(suffix_sorting, "BUCKET", 512)
    monkeypatch.setattr(suffix_sorting, "BLOCK", 2000)
    monkeypatch.setattr(suffix_sorting, "MAPPED", 1024)
    monkeypatch.setattr(suffix_sorting, "SAMPLES", 16)
    assert order_of(text) == expected


LINES = st.lists(st.text("一二三\x01𠀀a", max_size=12), max_size=20)


@settings(max_examples=60)
@given(lines=LINES, bucket=st.sampled_from([16, 64, 1 << 20]))
def test_any_lines_however_they_are_divided(lines, bucket):
    text = "".join(f"{line}\n" for line in lines)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(suffix_sorting, "BUCKET", bucket)
        patched.setattr(suffix_sorting, "BLOCK", max(bucket, 8))
        patched.setattr(suffix_sorting, "MAPPED", bucket * 4)
        patched.setattr(suffix_sorting, "SAMPLES", 4)
        assert order_of(text) == as_compared(text)
