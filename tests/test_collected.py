"""Postings come back whole and in order, however often they were put away meanwhile."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.backends import collected
from search.backends.collected import Collected
from search.index.rows import Entry

TOKENS = st.dictionaries(st.sampled_from(["核", "𠀀", "\uffff", "a", "不扩散"]), st.integers(1, 255))
ENTRIES = st.lists(st.fixed_dictionaries({"text": TOKENS, "context": TOKENS}), max_size=30)


@settings(max_examples=80)
@given(entries=ENTRIES, at_once=st.sampled_from([1, 3, 20, 1 << 20]))
def test_each_term_has_its_paragraphs_in_order(entries, at_once):
    expected: dict = {}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(collected, "AT_ONCE", at_once)
        gathered = Collected(Path(tempfile.gettempdir()))
        for number, tokens in enumerate(entries):
            gathered.add(Entry(number, 1, tokens))
            for field, counts in tokens.items():
                for term, times in counts.items():
                    expected.setdefault((field, term), []).append((number, times))
        found = [
            (key, list(zip(held.paragraphs.tolist(), held.counts.tolist(), strict=True)))
            for key, held in gathered.holdings()
        ]
    assert found == sorted(expected.items())


def test_what_was_put_away_leaves_no_file(tmp_path, monkeypatch):
    monkeypatch.setattr(collected, "AT_ONCE", 1)
    gathered = Collected(tmp_path)
    gathered.add(Entry(0, 1, {"text": {"核": 1}}))
    assert [key for key, _ in gathered.holdings()] == [("text", "核")]
    assert not list(tmp_path.iterdir())
