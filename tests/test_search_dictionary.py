"""General dictionaries: what a word that stands nowhere is looked for by, and where they must add nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.thesaurus.dictionary import MOST, alike
from tests.factories import parsed, stored
from tests.searching import archive_of, ask, found

pytestmark = pytest.mark.django_db

TEXTS = (
    "会议以期刊登载各方发言。",
    "民航和航空运输须有保安措施。",
    "该项监督不应阻碍科学家的工作。",
    "放射性材料的走私和盗窃有所增加。",
    "营救人质的联合演练在山区举行。",
    "各国缴纳会费。",
    "会议在下午闭幕。",
    "会议改期举行。",
    "会议通过议程。",
    "会议听取通报。",
    "会议选出副主席。",
)


def _document():
    return parsed("S/2020/1", *((f"u{number}", text) for number, text in enumerate(TEXTS, start=1)))


@pytest.fixture(scope="module", autouse=True)
def index(tmp_path_factory, django_db_setup, django_db_blocker):
    with archive_of(lambda: stored(_document()), tmp_path_factory.mktemp("index"), django_db_blocker):
        yield


LIKE = [
    ("刊物", "期刊", True, "both dictionaries agree"),
    ("航班", "航空运输", False, "of the same matter by the vectors alone"),
    ("妨碍", "阻碍", True, "both"),
    ("捐钱", "捐款", False, "no dictionary has the word: what is near to a part and written with it"),
    ("毒气弹", "毒气", False, "a part of a compound"),
    ("smuggling", "走私", True, "an English form of what is explained"),
    ("hostages", "人质", True, "a plural"),
]


@pytest.mark.parametrize(("word", "other", "equal", "remark"), LIKE)
def test_dictionaries_know_words_that_are_alike(word, other, equal, remark):
    assert {one.word: one.equal for one in alike(word)}[other] is equal, remark


@pytest.mark.parametrize("word", ["", " ", "=", "的的的的", "xq", "1540", "s/res/1540", "ßÄ", "𠮷", "词 词"])
def test_what_is_no_word_is_like_nothing(word):
    assert alike(word) == ()


@given(st.text(max_size=6))
def test_whatever_is_asked_the_likest_stand_first(text):
    listed = alike(text)
    assert len(listed) <= MOST
    assert all(0 < one.likeness <= 1 and one.word != text for one in listed)
    assert [one.likeness for one in listed] == sorted((one.likeness for one in listed), reverse=True)


FINDS = [
    ("刊物", [0], "a word of the dictionaries alone"),
    ("偷运", [3], "what the thesaurus has, as before"),
    ("科研 妨碍 监督", [2], "two stand nowhere"),
    ("hostage rescue", [4], "English words, each by itself"),
    ("theft smuggling", [3], "two of one paragraph"),
    ("绑架 会议", [4], "of a rare word what is near to it, before a word beside it"),
]


@pytest.mark.parametrize(("q", "places", "remark"), FINDS)
def test_a_word_that_stands_nowhere_finds_what_says_it(q, places, remark):
    urls = [hit.text for hit in ask(q).hits]
    assert urls[: len(places)] == [TEXTS[place] for place in places], remark


NOTHING = ["火星殖民", "“刊物”", "“妨碍”", "转基因", "足球", "区块链", "刊物 -期刊"]


@pytest.mark.parametrize("q", NOTHING)
def test_nothing_is_found_where_nothing_is(q):
    assert found(q) == []


def test_one_word_alone_finds_no_neighbours_which_are_shown_apart():
    one = ask("航班")
    assert one.hits == ()
    assert [hit.text for hit in one.instead] == [TEXTS[1]]


def test_what_was_added_is_said_by_kind_and_can_be_left_out():
    one = ask("刊物")
    assert [(added.term, str(added.relation)) for added in one.plan.added["刊物"]][:1] == [("期刊", "alike")]
    assert one.typed.paragraphs == 0
    assert found("刊物", variants=False) == []


def test_a_word_that_stands_brings_nothing_more():
    assert "期刊" not in ask("期刊").plan.added
    assert ask("保安").plan.added.get("保安", []) == [
        one for one in ask("保安").plan.added.get("保安", []) if str(one.relation) not in ("alike", "near")
    ]
