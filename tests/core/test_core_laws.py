"""Laws that hold for every text whatsoever: nothing is lost, anchors are unique, parsing is a function."""

from __future__ import annotations

import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.text.characters import doubts_of_sum, even_breaks, unified
from archive.text.cleaner import clean
from archive.text.errors import UnreadableSourceError
from archive.text.parsed import Kind
from archive.text.reader import source_of
from archive.text.segmenter import Segmented, segment
from archive.text.sidecar import Sidecar
from archive.text.typography import INVISIBLE, compact, is_blank
from tests.benchmarks.core import HOSTILE, mixed, time_once
from tests.golden import SOURCES
from tests.tables import each_row

# Pieces that make up UN documents, so that random texts come near the forms the segmenter knows.
PIECES = st.sampled_from(
    [
        "\n",
        "\n\n",
        "\r\n",
        " ",
        "  ",
        "\u3000\u3000",
        "\f",
        "\u200b",
        "“",
        "”",
        "(",
        ")",
        "C-",
        "3 497",
        "**",
        "# ",
        "* ",
    ]
    + [
        "1. ",
        "2. ",
        "14. ",
        "(a) ",
        "(b) ",
        "(i) ",
        "(ii) ",
        "㈠",
        "（二）",
        "一、",
        "二. ",
        "A. ",
        "I. ",
        "第一部分 ",
    ]
    + [
        "- ",
        "• ",
        "回顾其第1540(2004)号决议，",
        "重申；",
        "决定继续处理此案。",
        "安全理事会，",
        "大会，",
        "附件",
        "附件二",
    ]
    + [
        "附文",
        "目录",
        "导言......3",
        "S/2010/52",
        "A/63/985–S/2009/419",
        "Distr.: General",
        "20 November 2016",
    ]
    + [
        "Original: English",
        "议程项目98(a)",
        "联合国",
        "16-10499 (C) 3/8",
        "https://undocs.org/ch/S/RES/1540(2004)",
    ]
    + [
        "__________",
        "1 见附件。",
        "结论，1",
        "[原件：英文]",
        "[2019年5月1日]",
        "Kim Heun Jin 女士(大韩民国观察员)说，",
    ]
    + [
        "主席(以英语发言)：",
        "古巴",
        "建议：",
        "常驻代表",
        "罗曼(签名)",
        "顺致最崇高的敬意。",
        "下午3时10分散会。",
    ]
    + ["$S_{AC.44/SR.74}$", "$^{1}$", "[^2]", "Operation Cosmo 2"]
)
DOCUMENTS = st.lists(PIECES, max_size=60).map("".join)
ANY_TEXT = st.text(st.characters(exclude_characters="\x00", exclude_categories=("Cs",)), max_size=300)
TEXTS = st.one_of(DOCUMENTS, ANY_TEXT)


def _segmented(text: str) -> Segmented | None:
    try:
        return segment(clean(source_of(text).text))
    except UnreadableSourceError:
        return None


def _ink(text: str) -> Counter[str]:
    raised = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
    return Counter(char for char in text.translate(raised) if not is_blank(char))


def _kept(segmented: Segmented) -> Counter[str]:
    paragraphs = "".join(p.text + p.prefix for p in segmented.paragraphs)
    return _ink(paragraphs + "".join(line.text for line in segmented.dropped))


@settings(max_examples=400)
@given(TEXTS)
def test_every_character_is_in_a_paragraph_or_recorded_as_dropped(text):
    segmented = _segmented(text)
    if segmented is None:
        assert not _ink(text)
    else:
        told = source_of(text).text
        assert doubts_of_sum(told, (), segmented.paragraphs, segmented.dropped) == []
        assert not _ink(unified(even_breaks(text))) - _kept(segmented)


MARKED = st.lists(
    st.one_of(PIECES, st.sampled_from(list(INVISIBLE)), st.characters(categories=["Cf"])), max_size=40
)


@given(MARKED.map("".join))
def test_no_invisible_mark_is_lost_without_a_record(text):
    """Zero-width and direction marks leave no ink: each is in a text, or recorded by its number."""
    try:
        read = source_of(text).text
    except UnreadableSourceError:
        return
    cleaned = clean(read)
    recorded = [line.text.split() for line in cleaned.dropped if line.reason == "invisible mark"]
    marks = Counter(chr(int(name[2:], 16)) for names in recorded for name in names)
    assert marks == Counter(char for char in read if char in INVISIBLE)
    kept = _kept(segment(cleaned))
    others = Counter(char for char in read if unicodedata.category(char) == "Cf" and char not in INVISIBLE)
    assert not others - kept


@each_row()
def test_where_an_invisible_mark_goes(line, text, marks, remark):
    segmented = _segmented(f"S/2010/52\n\n{line}\n")
    assert [paragraph.text for paragraph in segmented.paragraphs] == [text]
    recorded = [(row.line, row.text) for row in segmented.dropped if row.reason == "invisible mark"]
    assert recorded == ([(3, marks)] if marks else [])


@given(TEXTS)
def test_anchors_are_unique_and_parents_are_anchors(text):
    segmented = _segmented(text)
    if segmented is None:
        return
    anchors = [p.anchor for p in segmented.paragraphs]
    assert len(set(anchors)) == len(anchors)
    assert all(anchors)
    assert {p.parent for p in segmented.paragraphs} <= {None, *anchors}
    assert all(
        mark.anchor in anchors and 0 <= mark.at <= len(p.text)
        for p in segmented.paragraphs
        for mark in p.notes
    )


@given(TEXTS)
def test_no_block_is_its_own_ancestor(text):
    segmented = _segmented(text)
    parents = {p.anchor: p.parent for p in segmented.paragraphs} if segmented else {}
    for anchor in parents:
        seen = set()
        while anchor is not None:
            assert anchor not in seen
            seen.add(anchor)
            anchor = parents[anchor]


@given(TEXTS)
def test_parsing_twice_gives_the_same(text):
    assert _segmented(text) == _segmented(text)


@given(TEXTS)
def test_text_is_stored_in_the_white_space_convention(text):
    segmented = _segmented(text)
    for paragraph in segmented.paragraphs if segmented else ():
        if paragraph.kind is not Kind.SIGNATURE:
            assert compact(paragraph.text) == paragraph.text


@given(ANY_TEXT)
def test_compact_is_stable_and_keeps_every_character_with_ink(text):
    assert compact(compact(text)) == compact(text)
    assert _ink(compact(text)) == _ink(text)


@given(DOCUMENTS)
def test_lines_are_those_of_the_source(text):
    segmented = _segmented(text)
    last = text.replace("\r\n", "\n").count("\n") + 1
    for paragraph in segmented.paragraphs if segmented else ():
        first, final = paragraph.lines
        assert 1 <= first <= final <= last


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_a_bundled_document_loses_nothing(name):
    text = SOURCES[name].read_text("utf-8")
    segmented = _segmented(text)
    assert not _ink(text) - _kept(segmented)
    assert doubts_of_sum(text, (), segmented.paragraphs, segmented.dropped) == []


def test_an_empty_sidecar_changes_nothing():
    facts = _segmented("S/2010/52\n说明。").facts
    assert Sidecar().overrule(facts) == facts


# --- Ten times the text takes ten times the time: no input makes the cost per character grow ---


AGAIN = 4


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """An empty folder, after a first document has loaded the reference data."""
    made = tmp_path_factory.mktemp("linear")
    _cost(made, mixed(1))
    return made


def _cost(folder: Path, text: str, times: int = 1) -> float:
    """Processor seconds per character, the least of so many runs."""
    path = folder / "document.txt"
    path.write_text(text, "utf-8")
    return min(time_once(path)[0] for _ in range(times)) / len(text)


def _growth(folder: Path, make, small: int, limit: float) -> float:
    """How many times dearer a character is in a text of ten times ``small`` bytes, measured until it is below
    ``limit``, a few times at most."""
    short, long = make(small), make(10 * small)
    base, least = _cost(folder, short, times=2), float("inf")
    for _ in range(AGAIN):
        least = min(least, _cost(folder, long))
        if least < limit * base:
            break
    return least / base


@pytest.mark.slow
@pytest.mark.long
def test_a_character_of_prose_costs_the_same_in_a_text_ten_times_as_long(folder):
    assert _growth(folder, mixed, 5_000, limit=3) < 3


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize("name", HOSTILE)
def test_a_character_of_hostile_input_costs_the_same_in_a_text_ten_times_as_long(folder, name):
    one_line = HOSTILE[name](1_000).count("\n") < 5  # where a regular expression may run away, and cheap
    small, limit = (6_000, 2.5) if one_line else (2_500, 3)
    assert _growth(folder, HOSTILE[name], small, limit) < limit


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize("name", ["prose", *HOSTILE])
def test_a_character_costs_the_same_in_long_texts(folder, name):
    assert _growth(folder, HOSTILE.get(name, mixed), 20_000, limit=3) < 3
