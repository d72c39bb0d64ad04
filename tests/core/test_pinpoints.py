"""Pinpoints: one value however it is written, read alike by all who read one."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text.mentions import find_mentions
from archive.text.numerals import roman_of
from archive.text.parsed import Facts, Kind, ParsedParagraph
from archive.text.pinpoints.anchors import Anchors
from archive.text.pinpoints.value import Pinpoint, pinpoint_anchors, split_pinpoint
from archive.text.reference import load_reference
from archive.text.typed_places import read_places
from tests.tables import each_row, rows_from, tuples

RESOLUTION = "S/RES/1540(2004)"
FORMS = rows_from(__name__, "FORMS")
NONE = [
    "", " ", "段", "第段", "。。", "<script>",
    "hello", "第", "附件第段", "para.", "paragraph", "第3段和", "3(",
    "第1540(2004)号决议", "1" * 500,
    "-", "1-", ",", "(a)", "第3段第", "序言", "\x00",
]  # fmt: skip


@each_row("FORMS")
def test_every_form_is_one_value(written, canonical, remark):
    found = Pinpoint.parse(written)
    assert str(found) == canonical, remark
    assert Pinpoint.parse(str(found)) == found
    assert found.anchors == pinpoint_anchors(canonical)


@pytest.mark.parametrize("written", NONE)
def test_what_is_no_pinpoint_is_refused(written):
    with pytest.raises(ValueError, match="not a pinpoint"):
        Pinpoint.parse(written)


@each_row("COUNTED")
def test_ranges_are_counted_out_as_far_as_can_be(written, anchors):
    assert tuples(Pinpoint.parse(written).anchors) == anchors


# --- laws ---

items = st.lists(st.sampled_from(["a", "b", "z", "i", "iii", "1", "12"]), max_size=2)
numbers = st.integers(1, 999)
parts = st.sampled_from([("", ""), ("附件", "annex."), ("附件二", "annex2."), ("附录III", "appendix3.")])


@given(parts, st.booleans(), st.lists(st.tuples(numbers, items), min_size=1, max_size=4))
def test_what_is_written_comes_out_as_it_was_meant(part, preamble, members):
    written, above = part
    inside = [(number, [] if preamble else below) for number, below in members]
    words = "、".join(f"{number}" + "".join(f"({item})" for item in below) for number, below in inside)
    found = Pinpoint.parse(f"{written}{'序言部分' if preamble else ''}第{words}段")
    mark = above + ("pp" if preamble else "")
    assert found.anchors == list(dict.fromkeys(f"{mark}{'.'.join([str(n), *below])}" for n, below in inside))
    assert Pinpoint.parse(str(found)) == found


@given(st.integers(1, 20), numbers)
def test_an_annex_is_the_same_in_chinese_roman_and_english(which, number):
    expected = f"annex{which}.{number}"
    for written in (f"附件{roman_of(which).upper()}第{number}段", f"annex {roman_of(which)}, para. {number}"):
        assert Pinpoint.parse(written).anchors == [expected], written


@given(st.text("第附件一二段(a)annex,. paroP3-至和㈢", max_size=30) | st.text(max_size=60))
def test_anything_is_read_or_refused_and_what_is_read_stays(typed):
    try:
        found = Pinpoint.parse(typed)
    except ValueError:
        return
    assert found.anchors
    assert Pinpoint.parse(str(found)) == found


def test_candidates_are_the_anchor_itself_or_all_that_end_with_it():
    known = ["1", "annex.1", "annex.14", "annex2.14", "annex.3.a", "annex.2.14", "2", "2_2", "s3.2"]
    anchors = Anchors((anchor, None) for anchor in known)
    assert anchors.meant("1") == ["1"]
    assert anchors.meant("14") == ["annex.14", "annex2.14"]
    assert anchors.meant("3.a") == ["annex.3.a"]
    assert anchors.meant("4") == []
    assert anchors.meant("2") == ["2", "2_2", "s3.2"]
    assert anchors.meant("2_2") == ["2_2"]


# --- one grammar, four readers ---

CHINESE = re.compile("[第附序执執正]")
MARKED = re.compile(r"[第附序执執正]|annex|encl|para|op|preamb|pp", re.IGNORECASE)  # says what it is
IN_TEXT = [
    form for form in FORMS if CHINESE.match(form[0]) and form[0].endswith("段") and "，" not in form[0]
]
BEHIND = [form for form in FORMS if MARKED.match(form[0]) and not re.match("[A-Za-z]+[.][0-9]", form[0])]


@pytest.mark.parametrize(("written", "canonical", "remark"), IN_TEXT)
def test_the_parser_reads_the_same(written, canonical, remark):
    text = f"回顾第1540(2004)号决议{written}的规定。"
    paragraph = ParsedParagraph(anchor="u1", kind=Kind.PARAGRAPH, text=text)
    (mention,) = find_mentions((paragraph,), Facts(), load_reference())
    assert mention.paragraph == canonical, remark


@pytest.mark.parametrize(("written", "canonical", "remark"), BEHIND)
def test_the_jump_box_reads_the_same(written, canonical, remark):
    found = read_places(f"{RESOLUTION} {written}")
    meant = Pinpoint.parse(canonical).stretches
    assert [(jump.symbol, jump.anchor) for jump in found] == [
        (RESOLUTION, first.anchor) for first, _last in meant
    ], remark
    assert [bool(jump.last) for jump in found] == [last is not None for _first, last in meant]


def test_a_name_is_parted_from_the_pinpoint_behind_it():
    assert split_pinpoint("S/2010/52") == ("S/2010/52", None)
    name, pinpoint = split_pinpoint("S/2010/52, annex II, paras. 3 (a) and 9")
    assert (name, str(pinpoint)) == ("S/2010/52", "annex2.3(a),annex2.9")
