"""What the words of a query stand for: what a minus takes away, English terms, what may have been meant,
what is absent."""

from dataclasses import replace

import pytest
from django.utils.html import strip_tags
from hypothesis import given, settings
from hypothesis import strategies as st

from search.engine.index.literal import LiteralIndex, write_literal_index
from search.engine.live.index import live_index
from search.engine.protocol import Question, every_text
from search.engine.searcher.reader import occurrences_of
from search.pages.results.execution import understand
from search.pages.suggest.corrections import stands_as_words
from search.query.language.conditions import Contains, Filter
from search.query.language.request import Asked
from search.query.planning.names import Names
from search.query.planning.planner import excluded
from search.query.text.analyzer import analyze
from search.query.text.marked_words import places_of
from search.query.thesaurus.table import terms
from tests.tables import each_row, rows_from
from tests.tools.bundled import bundled_parses
from tests.tools.searching import ask, found

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bundled_index")]
WHOLE_TEXTS = [paragraph.text for document, _ in bundled_parses() for paragraph in document.paragraphs]


STATES = rows_from(__name__, "STATES")
TEXTS = rows_from(__name__, "TEXTS")
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
    literal = LiteralIndex.of(tmp_path)
    node = excluded(piece, Names({"state": STATES}))
    rows = {row for form in node.nodes for row in occurrences_of(form, literal).rows.tolist()}
    assert {int(literal.ids[row]) for row in rows} == taken, remark


@each_row("ENGLISH")
def test_english_terms_find_what_the_texts_call_them(q, term, remark):
    answer = ask(q)
    if term:
        assert answer.added[q][0].term == term, remark
        assert set(found(q)) >= set(found(f"“{term}”")) != set(), remark
    assert ask(q, variants=False).added == {}
    assert ask(q, variants=False).found.paragraphs == 0


@pytest.mark.parametrize("q", ["drones of the export controls", "in the drones and export controls"])
def test_english_words_that_connect_are_no_content(q):
    plan = ask(q).plan
    assert sorted(plan.tokens) == ["drones", "export controls"]
    assert {"the"} <= set(plan.asking)


@each_row()
def test_years_of_other_counts_find_the_common_year(q, same):
    assert found(q) == found(same) != []


def test_a_plus_is_explained():
    assert [problem.code.value for problem in ask("+核 +生物").plan.problems] == ["plus", "plus"]
    assert found("+核 +生物") == found("核 生物")


def test_english_that_the_texts_hold_is_found_as_it_stands():
    assert found("Operation Cosmo") == found("“Operation Cosmo”")
    assert ask("IAEA").added["IAEA"]  # an acronym is a name in any language


def test_no_term_is_listed_twice():
    lines = [line for line in open_list() if line and not line.startswith("#")]
    assert len(lines) == len(terms())


def open_list() -> list[str]:
    from search.query.thesaurus.table import LIST

    return LIST.read_text("utf-8").splitlines()


@each_row("MEANT")
def test_what_may_have_been_meant_is_offered_and_never_searched_instead(q, meant, remark):
    answer = ask(q)
    first = answer.corrections[0]
    assert (first.meant, first.piece) == (meant, q.strip("“”")), remark
    assert first.count == ask(f"“{meant}”").found.occurrences > 0
    assert set(found(q)) == set(found(q, variants=False)) or answer.added, remark
    assert all(token in q for token in answer.plan.tokens)


@each_row("RIGHT")
def test_what_is_right_is_never_rewritten(q, remark):
    assert ask(q).corrections == (), remark
    assert ask(f"“{q}”").corrections == (), remark


PIECES = [text[at : at + 4] for text in WHOLE_TEXTS for at in range(0, len(text) - 4, 97)]


@settings(max_examples=60)
@given(st.sampled_from(PIECES), st.integers(0, 3), st.sampled_from("的安核国法治会员院体二原个际"))
def test_what_is_offered_occurs_and_begins_and_ends_with_words(piece, at, slip):
    index = live_index()
    answer = ask(piece[:at] + slip + piece[at + 1 :])
    offered = [one.meant for one in answer.corrections]
    offered += [text for one in answer.absent for text, _count in one.pieces]
    for text in offered:
        assert any(
            {start, end} <= _borders(whole)
            for row in index.literal.find(text).rows.tolist()
            for whole in [index.columns.stored(row)["text"]]
            for start, end in places_of(text, whole)
        ), text


def _borders(text: str) -> set[int]:
    tokens = analyze(text)
    inner = [place for token in tokens for one in token.inner for place in one[1:]]
    return {*inner, *(place for token in tokens for place in (token.start, token.end))}


@each_row("ABSENT")
def test_the_answer_says_which_part_matched_nothing(client, q, absent, pieces, remark):
    answer = ask(q)
    assert [one.text for one in answer.absent] == [*absent], remark
    offered = dict(piece for one in answer.absent for piece in one.pieces)
    assert offered.keys() >= pieces.keys()
    assert all(count in (None, offered[piece]) for piece, count in pieces.items())
    assert [one["text"] for one in client.get("/search.json", {"q": q}).json()["absent"]] == [*absent]
    page = client.get("/search", {"q": q}).content.decode()
    assert all(f"“{one}”不见于本库全部301段" in page for one in absent if q != f"“{one}”")


@each_row("OTHERWISE")
def test_the_verdict_says_how_else_a_phrase_stands_that_is_nowhere_as_typed(client, q, text, by, words):
    answer = client.get("/search.json", {"q": q}).json()
    assert [(one["text"], one["by"]) for one in answer["otherwise"]] == ([(text, by)] if text else [])
    page = client.get("/search", {"q": q}).content.decode()
    if text:
        count = ask(f"“{text}”").found.occurrences
        verdict = strip_tags(page[page.index('class="certified"') :][:900])
        assert f"照这样写没有出现。{words}“{text}”有{count}处。" in verdict
    else:
        assert "照这样写没有出现" not in page


@each_row("WRITTEN")
def test_the_verdict_says_how_the_texts_write_what_none_writes_as_typed(client, q, written):
    assert client.get("/search.json", {"q": q}).json()["written"] == written
    page = client.get("/search", {"q": q}).content.decode()
    assert (f"文中写作“{written}”" in page) is bool(written)


@each_row("ASKING")
def test_words_that_only_ask_are_no_content_unless_there_is_no_other(q, asked):
    answer = ask(q)
    assert answer.plan.tokens == [*asked]
    assert set(found(q)) == set(found(" ".join(asked)))


@pytest.mark.parametrize("q", ["多少国家交了报告", "谁写的报告"])
def test_a_character_that_stands_nowhere_is_not_what_a_question_is_about(q):
    assert ask(q).found.paragraphs
    assert "报告" in ask(q).plan.tokens


def test_strings_of_several_words_that_say_the_same_are_looked_for_openly():
    answer = ask("CBRN")
    assert "化学、生物、放射和核" in [one.term for one in answer.added["CBRN"]]
    assert set(found("“化学、生物、放射和核”")) <= set(found("CBRN"))
    assert ask("CBRN", variants=False).added == {}


def test_a_word_that_stands_only_inside_others_is_not_said_to_stand_nowhere(client):
    page = client.get("/search", {"q": "家组"}).content.decode()
    assert "“家组”没有作为词出现，只在别的词里" in page
    assert "“家组”不见于" not in page
    (absent,) = client.get("/search.json", {"q": "家组"}).json()["absent"]
    assert absent["inside"] == ask("“家组”").found.occurrences > 0


@pytest.mark.parametrize("q", ['"关键矿产"', '"「关键矿产」"', '"關鍵礦產" 国家:印度'])
def test_a_phrase_that_stands_nowhere_is_said_so_once(client, q):
    page = client.get("/search", {"q": q}).content.decode()
    assert page.count("不见于本库全部") == 1


EVERYDAY = [
    ("核料被人偷走怎么办", {"核材料", "盗窃"}, "no name from one word of talk into the next"),
    ("搞科研的人乱用病菌", {"学术界", "滥用", "病原体"}, "a saying is one thing"),
    ("穷国没钱没人手", {"发展中国家"}, "a term of talk"),
    ("生意人怎么配合", {"企业", "产业界", "合作"}, "several concepts at once"),
    ("查货的兵不够用", {"检查", "不足"}, "no name begins with a particle"),
    ("坏人偷偷带进来毒气", {"恐怖分子", "非国家行为体", "走私"}, "four"),
]


@pytest.mark.parametrize(("q", "some", "remark"), EVERYDAY)
def test_words_of_talk_are_read_as_what_official_texts_write(q, some, remark):
    assert some <= {one.term for unit in ask(q).plan.units for one in unit.added}, remark
    assert found(q) != [], remark


def test_a_question_is_answered_whole():
    index = live_index()
    understood = understand(Asked("核安全"), index)
    node, beside = understood.plan.node, (Contains("核安全"), Contains("没有这样的字"))
    question = Question(node, phrases=(Contains("核"),), counted=beside, typed=beside[0], facets=("year",))
    found = index.slice(question)
    assert found.counted == (len(index.literal.find("核安全").rows), 0)
    assert found.typed.paragraphs == found.counted[0] and found.typed.hits == []
    assert found.phrases == (index.sums(["核"])[0],)
    assert set(found.facets) == {"year"} and sum(n for _, n in found.facets["year"]) <= found.paragraphs
    assert index.slice(replace(question, filters=(Filter("year", frozenset()),))).typed.paragraphs == 0


def test_a_plan_is_a_value():
    """It can be compared, and kept by what it is: no rows of an index are in it."""
    asked, index = Asked("核 NEAR/5 安全 “出口管制” -印度"), live_index()
    one, other = (understand(asked, index).plan for _ in range(2))
    assert one == other and one.node is not other.node
    assert hash(one.node) == hash(other.node)


def test_an_index_says_what_its_texts_hold():
    index = live_index()
    assert index.literal.fillings("核", "全")["核安全"] == index.sums(["核安全"])[0] > 0
    archive = every_text(index)
    assert stands_as_words(archive, "核安全") and not stands_as_words(archive, "口管")


def test_a_page_names_the_phrases_that_are_read_literally(client):
    page = client.get("/search", {"q": "“核安全” 威斯巴登"}).content.decode()
    assert "<dt>逐字</dt><dd>“核安全”</dd>" in page
