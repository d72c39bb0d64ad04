"""What a search answers, over the five bundled documents. The database is empty: the index answers alone."""

import random
from itertools import islice

import pytest
from django.http import QueryDict

from archive.text.folding import fold_literally
from search.engine.live.index import live_index
from search.pages.labels import dates_of
from search.pages.results.answer import Answer, answer
from search.pages.results.forms import read_request
from search.pages.results.presenter import Choice, chips, facets
from search.query.language.ast import ProblemCode
from tests.tables import each_row
from tests.tools.searching import ask, found

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bundled_index")]


def texts() -> dict[str, str]:
    """Every paragraph of the index, as stored beside it."""
    return {f"{row['symbol']} {row['anchor']}": row["text"] for _key, _document, row in live_index().every()}


# --- quoted ---


def test_a_quoted_phrase_finds_what_a_scan_finds():
    stored, chance = texts(), random.Random(7)
    folded = {key: fold_literally(text) for key, text in stored.items()}
    for _round in range(150):
        text = stored[chance.choice(list(stored))]
        start = chance.randrange(len(text))
        phrase = text[start : start + chance.choice((1, 2, 4, 9, 30))]
        needle = fold_literally(phrase)
        if not needle or "“" in phrase or "”" in phrase:
            continue
        expected = {key: text.count(needle) for key, text in folded.items() if needle in text}
        answer = ask(f"“{phrase}”")
        assert answer.mode == "literal"
        assert (answer.found.paragraphs, answer.found.occurrences) == (len(expected), sum(expected.values()))
        assert answer.found.documents == len({key.split()[0] for key in expected})
        if len(expected) <= 40:
            assert set(found(f"“{phrase}”")) == set(expected)


def test_filters_narrow_the_counts_of_a_phrase():
    whole, part = ask("“出口管制”"), ask("“出口管制”", year="2016")
    assert 0 < part.found.occurrences < whole.found.occurrences
    assert part.found.paragraphs == dict(whole.found.facets["year"])["2016"]


def test_a_phrase_that_does_not_occur_offers_its_pieces():
    answer = ask("“出口管制清单制度”")
    assert answer.found.paragraphs == 0
    assert ("出口管制清单", 2) in answer.nearby


@pytest.mark.parametrize("q", ["nuclear", "not nuclear", "uclear"])
def test_pieces_of_latin_words_are_no_suggestions(q):
    answer = ask(q)
    offered = [text for text, _ in answer.nearby] + [correction.meant for correction in answer.corrections]
    assert not [text for text in offered if text.isascii() and text.isalpha() and not found(text)]


# --- words ---


def test_one_absent_word_does_not_empty_the_list():
    assert set(found("威斯巴登 夨夬夶彖")) == set(found("威斯巴登"))


def test_paragraphs_with_all_words_come_before_those_with_some():
    answer = ask("出口管制 外联")
    whole = [hit for hit in answer.hits if "出口管制" in hit.text and "外联" in hit.text]
    assert 0 < answer.found.all_terms_count < answer.found.paragraphs
    assert {hit.url for hit in whole} <= {hit.url for hit in answer.hits[: answer.found.all_terms_count]}


@each_row()
def test_spellings_that_mean_the_same_find_the_same(left, right):
    assert found(left) == found(right) != []


def test_a_word_of_another_region_finds_what_the_usual_one_finds():
    """In what order is another matter: a translation is worth a little less than the word."""
    assert set(found("3D列印")) == set(found("3D打印")) != set()
    assert all("3D打印" in hit.text for hit in ask("3D列印").hits[:3])


def test_words_for_the_same_thing_are_added_openly_and_can_be_left_out():
    with_others, alone = ask("裁军厅"), ask("裁军厅", variants=False)
    assert "裁军事务厅" in [one.term for one in with_others.added["裁军厅"]]
    assert alone.added == {}
    assert with_others.found.paragraphs > alone.found.paragraphs == 3


def test_an_acronym_finds_the_name():
    assert all("禁止化学武器组织" in hit.text or "禁化武组织" in hit.text for hit in ask("OPCW").hits[:5])


def test_the_document_that_is_nowhere_is_not_found():
    assert found("S/RES/2231") == []
    assert found("夨夬夶彖") == []


def test_a_cited_symbol_finds_the_paragraphs_that_cite_it_under_another_form():
    answer = ask("A/RES/73/55")
    assert answer.found.paragraphs >= 4
    assert all("73/55" in hit.text for hit in answer.hits)
    assert all(hit.cut.marks for hit in answer.hits)


def test_a_function_word_finds_nothing_beside_other_words():
    assert set(found("威斯巴登的")) == set(found("威斯巴登"))
    assert len(found("的")) > 100


def test_a_single_character_finds_all_that_hold_it():
    holding = {key for key, text in texts().items() if "辐" in text}
    assert set(found("辐")) >= holding != set()


def test_every_hit_is_marked_within_its_snippet():
    for query in ("出口管制 外联", "核", "1540", "“的”", "2016年", "威斯巴登 -印度", "A/RES/73/55", "CTBT"):
        hits = ask(query).hits
        assert hits
        assert all(hit.cut.marks for hit in hits), query


# --- operators and fields ---


def test_minus():
    assert {hit for hit in found("威斯巴登") if "印度" not in texts()[hit]} == set(found("威斯巴登 -印度"))


def test_minus_takes_the_word_not_a_longer_one():
    assert all("印度" not in texts()[hit] for hit in found("“出口” -“印度”"))


def test_or_of_phrases():
    either = set(found("“国家行动计划” OR “国家执行行动计划”"))
    assert either == set(found("“国家行动计划”")) | set(found("“国家执行行动计划”"))


def test_and_needs_both():
    assert all("核" in texts()[hit] and "培训" in texts()[hit] for hit in found("“核” AND 培训"))


def test_a_phrase_beside_words_binds():
    assert all("大韩民国" in texts()[hit] for hit in found("“大韩民国” 出口管制"))


@each_row("FIELDS")
def test_a_field_in_the_query_does_what_the_facet_does(query, field, value):
    words = query.partition(" ")[2]
    assert set(found(query)) == set(found(words, **{field: value})) != set()


def test_a_range_of_years():
    assert set(found("年份:2010-2017 核")) == set(found("核", year="2010,2016"))


def test_a_field_inside_brackets():
    both = set(found("(国家:印度 OR 国家:古巴) 核"))
    assert both == set(found("国家:印度 核")) | set(found("国家:古巴 核")) != set()


def test_a_symbol_or_a_series_limits_to_documents():
    assert {hit.split()[0] for hit in found("文号:S/AC.44 核")} == {"S/AC.44/SR.74"}
    assert {hit.split()[0] for hit in found("文号:s/2010/52 核")} == {"S/2010/52"}


def test_a_value_that_nobody_has_is_named_and_finds_nothing():
    answer = ask("国家:亚特兰蒂斯 核")
    assert answer.found.paragraphs == 0
    assert [problem.code for problem in answer.plan.problems] == [ProblemCode.BAD_VALUE]


def test_filters_alone_list_all_their_paragraphs():
    answer = ask("", year="2010")
    assert answer.mode == "filter"
    assert answer.found.paragraphs == 44


# --- facets ---


@pytest.mark.parametrize("query", ["核", "“出口管制”", "出口管制 外联", "国家:印度 核"])
def test_each_facet_counts_what_choosing_it_lists(query):
    for name, values in ask(query).found.facets.items():
        for value, count in islice(values, 6):
            assert ask(query, **{name: value}).found.paragraphs == count, (name, value)


def test_facets_hold_when_one_is_chosen():
    answer = ask("核", year="2016")
    for name in ("cites", "state", "mentioned"):
        for value, count in answer.found.facets[name][:4]:
            assert ask("核", year="2016", **{name: value}).found.paragraphs == count


def test_a_page_lists_the_values_that_most_paragraphs_have_and_the_json_all(client, monkeypatch):
    whole = client.get("/search.json", {"q": "国家"}).json()["facets"]["cites"]
    monkeypatch.setattr("search.pages.results.execution.MOST_VALUES", 4)
    monkeypatch.setattr("search.pages.results.presenter.MOST_VALUES", 4)
    monkeypatch.setattr("search.pages.results.presenter.SHOWN_VALUES", 2)
    page = client.get("/search", {"q": "国家"})
    (cites,) = [facet for facet in page.context["facets"] if facet.name == "cites"]
    shown = [*cites.choices, *cites.rest]
    assert len(whole) > len(shown) == 4 and cites.cut
    assert [choice.count for choice in shown] == [count for _value, count in whole][:4]
    assert "只列段数最多的各项" in page.content.decode()
    assert client.get("/search.json", {"q": "国家"}).json()["facets"]["cites"] == whole


def test_a_second_year_adds_and_says_how_much():
    one = ask("核", year="2016")
    more = dict(one.found.facet_alternatives["year"])
    assert ask("核", year="2016,2019").found.paragraphs == one.found.paragraphs + more["2019"]


def test_a_second_resolution_narrows():
    one = ask("核", cites="S/RES/1540(2004)")
    assert (
        ask("核", cites="S/RES/1540(2004),S/RES/1977(2011)").found.paragraphs
        == dict(one.found.facets["cites"])["S/RES/1977(2011)"]
    )


# --- order and pages ---


def test_newest_first():
    known = [dates_of(hit.stored) for hit in ask("核", sort="date").hits]
    dates = list(filter(None, (each.date or each.communication_date or each.meeting_date for each in known)))
    assert dates == sorted(dates, reverse=True)


def test_by_document_in_reading_order():
    order = found("核", sort="document")
    assert [hit.split()[0] for hit in order] == sorted(hit.split()[0] for hit in order)


def test_pages_divide_the_list_without_gap_or_repetition():
    listed = found("1540")
    assert len(listed) == len(set(listed)) == ask("1540").found.paragraphs > 40


def test_the_same_question_gives_the_same_list():
    assert found("核 安全 措施") == found("核 安全 措施")


# --- limits ---


def test_a_text_too_long_for_words_says_that_only_its_beginning_was_searched():
    answer = ask("核武器化学武器生物武器" * 40)
    assert ProblemCode.TOO_MANY_WORDS in [problem.code for problem in answer.plan.problems]
    assert answer.found.paragraphs


def test_that_is_said_once():
    codes = [problem.code for problem in ask("核 " * 500).plan.problems]
    assert codes == [ProblemCode.TOO_MANY_WORDS]


def test_a_whole_paragraph_can_be_quoted():
    key, text = max(texts().items(), key=lambda item: len(item[1]))
    assert key in found(f"「{text}」")


# --- Every value of every facet, walked: what it counts is what the list holds after the click ---


def at(address: str) -> tuple[Answer, list[tuple[str, Choice]]]:
    """The list at an address, and all that may be clicked beside it."""
    parameters = QueryDict(address.removeprefix("?"))
    found = answer(read_request(parameters))
    choices = [
        (facet.name, choice)
        for facet in facets(found, parameters)
        for choice in (*facet.choices, *facet.rest)
    ]
    return found, choices


def expected(now: int, choice: Choice) -> int:
    return now + choice.count if choice.adds else choice.count


@each_row("WALKS")
def test_every_value_counts_what_its_click_lists(address, least, remark):
    found, choices = at(address)
    assert len({name for name, _choice in choices}) >= least, remark
    for name, choice in choices:
        after, _ = at(choice.url)
        assert after.found.paragraphs == expected(found.found.paragraphs, choice), (name, choice.label)


@each_row()
def test_so_does_every_further_value_beside_chosen_ones(chosen):
    found, choices = at(chosen)
    assert found.found.paragraphs
    assert any(choice.chosen for _name, choice in choices)
    for name, choice in choices:
        after, _ = at(choice.url)
        if not choice.chosen:
            assert after.found.paragraphs == expected(found.found.paragraphs, choice), (name, choice.label)
        else:
            assert choice.count == found.found.paragraphs or name in ("year", "document_type", "symbol")


def test_each_chosen_value_is_taken_back_alone():
    address = "?q=核&year=2016&year=2019&mentioned=iaea"
    parameters = QueryDict(address.removeprefix("?"))
    asked = read_request(parameters)
    found, _ = at(address)
    taken_back = dict(chips(asked.filters, found.names, parameters))
    assert len(taken_back) == 3
    for label, url in taken_back.items():
        after, _ = at(url)
        left = [value for values in after.asked.filters.values() for value in values]
        assert len(left) == 2, label
        assert after.found.paragraphs != 0


def test_years_that_are_alternatives_add_up():
    one, other = at("?q=核&year=2016")[0], at("?q=核&year=2019")[0]
    both = at("?q=核&year=2016&year=2019")[0]
    assert both.found.paragraphs == one.found.paragraphs + other.found.paragraphs
