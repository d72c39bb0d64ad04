"""A plan is a function of values: made in rounds, of what was looked up at once, it is the same plan."""

from __future__ import annotations

from dataclasses import replace

import pytest

from search.engine.results import Question
from search.live.index import live_index
from search.planning.interpreted import interpret
from search.planning.names import names_of
from search.query.conditions import AllOf, Contains, Filter, NearBy
from search.query.request import Asked
from search.query.vocabulary import PartialVocabulary
from search.results.interpretation import understand
from search.thesaurus.kept import thesaurus_at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bundled_index")]
MOST_ROUNDS = 6

QUERIES = [
    ("出口管制", "a word"),
    ("核子鑑識", "traditional characters and a regional word"),
    ("威斯巴顿进程", "a name with a slip"),
    ("核宝安峰会", "sounds like something else"),
    ("迈克尔 Michael Douglas", "a person who is written otherwise"),
    ("“委员会*决议” -“执行”", "asterisks and an exclusion"),
    ("核 NEAR/5 安全", "nearness"),
    ("日内瓦四公约", "a treaty whose parts stand apart"),
    ("联合国安保部", "an authority that is not there"),
    ("S/RES/1540(2004) 第8段", "a paragraph of a document"),
    ("export control 年份:2016", "English, and a filter"),
    ("题名:执行 -题名:信", "titles of documents"),
    ("OPCW NIAP", "acronyms"),
    ("jūn mín liǎng yòng", "pinyin"),
    ("足球比赛的标准程序", "only words of every matter stand"),
    ("3 497 起 第1540号", "numbers"),
    ("-印度 印度尼西亚", "a State in the name of another"),
    ("标题:(核 OR 生物) 核材料", "a field of text"),
    ("2004年4月28日 第74次会议", "a date and a meeting"),
]


def made_in_rounds(q):
    """What ``q`` means where only what was asked for is known, and in how many rounds that was settled."""
    index = live_index()
    names, thesaurus = names_of(index.manifest.names), thesaurus_at(index.coverage.revision)
    vocabulary, rounds = PartialVocabulary(index.vocabulary.paragraphs), 0
    while True:
        understood = interpret(Asked(q), vocabulary, names, thesaurus)
        rounds += 1
        if not vocabulary.missing:
            return understood, interpret(Asked(q), index.vocabulary, names, thesaurus), rounds
        known = {**vocabulary.known, **vocabulary.missing.answered_by(index.vocabulary)}
        vocabulary = PartialVocabulary(vocabulary.paragraphs, known)


@pytest.mark.parametrize(("q", "remark"), QUERIES)
def test_a_plan_made_in_rounds_is_the_plan(q, remark):
    understood, whole, rounds = made_in_rounds(q)
    assert understood.plan == whole.plan, remark
    assert (understood.filters, understood.mode) == (whole.filters, whole.mode)
    assert rounds <= MOST_ROUNDS, (rounds, remark)


class AskedOverAWire:
    """The live index as an engine that knows nothing of its vocabulary before it is asked."""

    def __init__(self) -> None:
        self.index, self.looked_up = live_index(), 0
        self.manifest, self.coverage = self.index.manifest, self.index.coverage
        self.vocabulary = PartialVocabulary(self.index.vocabulary.paragraphs)

    def look_up(self, missing, known):
        self.looked_up += 1
        answers = missing.answered_by(self.index.vocabulary)
        return PartialVocabulary(known.paragraphs, {**known.known, **answers})


def test_an_engine_that_must_be_asked_is_asked_for_all_at_once():
    engine = AskedOverAWire()
    understood = understand(Asked("出口管制 核安全"), engine)
    assert understood.plan == understand(Asked("出口管制 核安全"), live_index()).plan
    assert 0 < engine.looked_up <= MOST_ROUNDS


def test_a_question_is_answered_whole():
    index = live_index()
    understood = understand(Asked("核安全"), index)
    node, beside = understood.plan.node, (Contains("核安全"), Contains("没有这样的字"))
    question = Question(node, phrases=(Contains("核"),), counted=beside, typed=beside[0], facets=("year",))
    found = index.ask(question)
    assert found.counted == (index.vocabulary.satisfying(beside[0]), 0)
    assert found.typed.paragraphs == found.counted[0] and found.typed.hits == []
    assert found.phrases == (index.vocabulary.occurrences("核"),)
    assert set(found.facets) == {"year"} and sum(n for _, n in found.facets["year"]) <= found.paragraphs
    assert index.ask(replace(question, filters=(Filter("year", frozenset()),))).typed.paragraphs == 0


def test_what_is_not_known_counts_as_absent_and_is_noted():
    vocabulary = PartialVocabulary(7, {("holding", ("核",)): 3})
    assert (vocabulary.holding("核"), vocabulary.occurrences("核")) == (3, 0)
    assert vocabulary.missing.questions == {("occurrences", ("核",))}
    assert not PartialVocabulary(7).missing


def test_a_plan_is_a_value():
    """It can be compared, and kept by what it is: no rows of an index are in it."""
    one, other = (made_in_rounds("核 NEAR/5 安全 “出口管制” -印度")[1].plan for _ in range(2))
    assert one == other and one.node is not other.node
    assert hash(one.node) == hash(other.node)


def test_the_vocabulary_of_an_index_says_what_its_texts_hold():
    vocabulary = live_index().vocabulary
    both = AllOf((Contains("核"), NearBy(("核",), ("安全",), 0, ordered=True)))
    assert vocabulary.satisfying(both) == vocabulary.satisfying(Contains("核安全")) > 0
    assert vocabulary.fillings("核", "全")["核安全"] == vocabulary.occurrences("核安全") > 0
    assert vocabulary.stands_as_words("核安全") and not vocabulary.stands_as_words("口管")


def test_a_page_names_the_phrases_that_are_read_literally(client):
    page = client.get("/search", {"q": "“核安全” 威斯巴登"}).content.decode()
    assert "<dt>逐字</dt><dd>“核安全”</dd>" in page
