"""What the words of a query stand for: what a minus takes away, English terms, what was meant by ear."""

import pytest

from archive.ingest import store_document
from search.english import in_chinese, terms
from search.excluded import excluded
from search.literal import LiteralIndex, write_literal_index
from search.names import Names
from tests.conftest import _bundled_parses
from tests.searching import ask, found, index_of

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def index(tmp_path_factory, django_db_setup, django_db_blocker):
    def store():
        for parsed, source in _bundled_parses():
            store_document(parsed, source)

    with index_of(store, tmp_path_factory.mktemp("index"), django_db_blocker):
        yield


STATES = {
    "IND": ["印度", "印度共和国"],
    "IDN": ["印度尼西亚", "印度尼西亚共和国"],
    "COG": ["刚果", "刚果共和国"],
    "COD": ["刚果民主共和国"],
}
TEXTS = {
    1: "工商业界应遵守规定。",
    2: "印度说，外联很重要。",
    3: "印度尼西亚代表发言。",
    4: "印度和印度尼西亚都加入了。",
    5: "刚果民主共和国没有报告。",
    6: "印度共和国政府。",
    7: "國家報告已提交。",
}
EXCLUDED = [
    ("工商业", {1}, "across the border of a word"),
    ("印度", {2, 4, 6}, "a State, not another whose name begins with it"),
    ("印度尼西亚", {3, 4}, "the other State"),
    ("印度共和国", {6}, "a longer name of the same State"),
    ("刚果", set(), "only part of another State's name"),
    ("国家报告", {7}, "in the other script"),
    ("核", set(), "a character that stands nowhere"),
    ("印", {2, 3, 4, 6}, "a piece of a name is no State"),
]


@pytest.mark.parametrize(("piece", "taken", "remark"), EXCLUDED)
def test_a_minus_takes_what_holds_the_words(tmp_path, piece, taken, remark):
    write_literal_index(tmp_path, [(number, 1, text) for number, text in TEXTS.items()])
    literal = LiteralIndex(tmp_path)
    node = excluded(piece, literal, Names({"state": STATES}))
    rows = {int(row) for form in node.nodes for row in form.rows}
    assert {int(literal.ids[row]) for row in rows} == taken, remark


ENGLISH = [
    ("export controls", "出口管制", "a term in the plural"),
    ("Export-Control", "出口管制", "with a hyphen and capitals"),
    ("non-State actors", "非国家行为体", "two pieces are one term"),
    ("weapons of mass destruction", None, "an s inside: not listed so"),
    ("Wiesbaden Process", "威斯巴登进程", "a name"),
    ("Republic of Korea", "大韩民国", "a State"),
    ("International Atomic Energy Agency", "国际原子能机构", "a body"),
    ("drones", "无人机", "one word"),
]


@pytest.mark.parametrize(("q", "term", "remark"), ENGLISH)
def test_english_terms_find_what_the_texts_call_them(q, term, remark):
    answer = ask(q)
    if term:
        assert answer.plan.added[q][0] == term, remark
        assert set(found(q)) >= set(found(f"“{term}”")) != set(), remark
    assert ask(q, variants=False).plan.added == {}
    assert ask(q, variants=False).found.paragraphs == 0


def test_english_that_the_texts_hold_is_found_as_it_stands():
    assert found("Operation Cosmo") == found("“Operation Cosmo”")
    assert ask("IAEA").plan.added["iaea"]  # an acronym is a name in any language


def test_terms_beside_one_another_are_read_apart():
    names = Names({"state": {"IND": ["印度", "India"]}})
    read = list(in_chinese(["India", "export", "controls", "3D打印"], names))
    assert read == [("India", "印度"), ("export controls", "出口管制"), ("3D打印", None)]


def test_no_term_is_listed_twice():
    lines = [line for line in open_list() if line and not line.startswith("#")]
    assert len(lines) == len(terms())


def open_list() -> list[str]:
    from search.english import LIST

    return LIST.read_text("utf-8").splitlines()


HEARD = [
    ("核宝安峰会", "核保安峰会", "a place for a word"),
    ("出口管治", "出口管制", "the last character"),
    ("联和调查机制", "联合调查机制", "a name"),
    ("禁化武组只", "禁化武组织", "a body"),
    ("透命度", "透明度", "three characters, where no word of them stands anywhere"),
]
NOT_HEARD = [
    ("出口管制", "it stands in the texts"),
    ("“出口管治”", "what is quoted is literal"),
    ("管治", "too short: anything may be meant"),
    ("国家行为休", "looks like it, but does not sound so: only offered"),
    ("1541", "a number is another number"),
    ("朝鲜半岛核问题", "nothing sounds like it"),
]


@pytest.mark.parametrize(("q", "meant", "remark"), HEARD)
def test_what_stands_nowhere_is_heard_as_what_sounds_alike_and_said_so(q, meant, remark):
    answer = ask(q)
    assert answer.plan.heard == {q: meant}, remark
    assert found(q) == found(meant), remark
    assert meant in [correction.meant for correction in answer.corrections]
    assert ask(q, variants=False).plan.heard == {}


@pytest.mark.parametrize(("q", "remark"), NOT_HEARD)
def test_what_may_be_right_is_left_as_it_is(q, remark):
    assert ask(q).plan.heard == {}, remark


NAMES = [
    ("区块链", "a word that stands nowhere, and 链 of 供应链"),
    ("比特币", "likewise"),
    ("转基因", "a word that stands nowhere is not asked for by a piece of it"),
    ("火星殖民", "nothing of it stands anywhere"),
]


@pytest.mark.parametrize(("q", "remark"), NAMES)
def test_a_character_beside_a_word_that_stands_nowhere_finds_nothing(q, remark):
    assert found(q) == [], remark


def test_beside_other_words_such_a_name_is_left_out():
    assert set(found("外联 区块链")) == set(found("外联"))


def test_a_word_that_stands_nowhere_is_asked_for_by_what_it_speaks_against():
    assert ask("反洗钱").plan.tokens == ["洗钱"]
    assert set(found("反洗钱")) == set(found("“洗钱”"))


def test_strings_of_several_words_that_say_the_same_are_looked_for_openly():
    answer = ask("CBRN")
    assert "化学、生物、放射和核" in answer.plan.added["cbrn"]
    assert set(found("“化学、生物、放射和核”")) <= set(found("CBRN"))
    assert ask("CBRN", variants=False).plan.added == {}


def test_what_a_state_itself_says_holds_its_name():
    """The replies of States stand under a heading; many paragraphs of them do not name the State again."""
    first = ask("萨尔瓦多采取了哪些措施执行1540号决议").hits[0]
    assert first.who == "萨尔瓦多"
