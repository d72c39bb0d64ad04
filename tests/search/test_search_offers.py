"""What is not about what was asked is no hit, but may be offered: absent words, names, titles, slips."""

import pytest
from django.utils.html import strip_tags

from tests.tables import each_row
from tests.tools.searching import ask, found

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bundled_index")]


@each_row("NOWHERE")
def test_what_stands_nowhere_is_offered_by_its_parts_and_found_by_none(q, offered, remark):
    answer = ask(q)
    assert answer.found.paragraphs == 0, remark
    assert [text for text, _count in answer.nearby] == [*offered], remark
    assert all(count == ask(f"“{text}”").found.occurrences for text, count in answer.nearby)


@each_row("ABSENT")
def test_a_unit_that_stands_nowhere_is_named_whatever_the_others_find(client, q, absent, remark):
    answer = ask(q)
    assert [one.text for one in answer.absent] == [*absent], remark
    rest = " ".join(text for text in answer.plan.tokens if text not in absent)
    assert answer.found.paragraphs == (ask(rest).found.paragraphs if rest else 0)
    page = strip_tags(client.get("/search", {"q": q}).content.decode())
    assert all(f"“{text}”不见于本库全部301段" in page for text in absent)


@pytest.mark.parametrize("q", ["申请援助", "怎么申请援助", "援助怎么申请"])
def test_a_word_for_what_is_done_leaves_the_matter_to_be_found(q):
    assert {hit.anchor for hit in ask(q).hits} >= {"annex.18", "annex.20"}


@each_row("NO_NAMES")
def test_what_only_looks_like_a_name_is_searched_by_its_words(q, word, remark):
    hits = ask(q).hits
    assert hits, remark
    assert any(word in hit.text for hit in hits), remark


@each_row("ASKING")
def test_words_that_ask_are_no_part_of_what_is_asked_for(q, tokens, remark):
    assert ask(q).plan.tokens == [*tokens], remark


@each_row("TITLES")
def test_a_title_leads_to_where_it_stands(q, place, remark):
    assert found(q)[0] == place, remark


@each_row("SHORTENED")
def test_what_is_short_for_one_body_alone_is_that_body(q, full, remark):
    assert found(q), remark
    assert set(found(q)) == set(found(full)), remark


@pytest.mark.parametrize("q", ["移民", "劳工"])
def test_what_may_be_short_for_more_is_none_of_them(q):
    assert ask(q).named == ()


def test_characters_that_are_no_word_are_offered_as_the_name_that_they_are_like():
    assert [one.meant for one in ask("道格拉丝").corrections] == ["道格拉斯"]


@each_row("SLIPS")
def test_a_slip_in_a_part_is_offered_for_that_part(q, piece, meant, remark):
    assert (piece, meant) in [(one.piece, one.meant) for one in ask(q).corrections], remark


@pytest.mark.parametrize("q", ["管治", "核武 1540", "外联 3D", "缔约 国"])
def test_two_characters_that_are_a_word_are_left_alone(q):
    assert ask(q).corrections == ()


def test_no_denial_is_taken_for_a_slip():
    assert ask("不交报告的国家").corrections == ()


@pytest.mark.parametrize(
    ("q", "told"), [("-古巴", 1), ("-古巴 -印度", 1), ("年份:2016 -古巴", 0), ("核 -古巴", 0)]
)
def test_that_only_exclusions_were_typed_is_told(client, q, told):
    page = client.get("/search", {"q": q}).content.decode()
    assert page.count("只写了不要的，所以列出其余全部段落") == told


def test_a_former_name_is_said_to_be_one(client):
    page = client.get("/search", {"q": "欧安会"}).content.decode()
    assert "“欧安会”是旧称，今为机构" in page
    (thing,) = client.get("/search.json", {"q": "CSCE"}).json()["entities"]
    assert (thing["how"], thing["key"], thing["paragraphs"]) == ("former", "osce", 3)


@each_row()
def test_a_reading_through_characters_that_look_alike_is_said(client, q, words):
    page = client.get("/search", {"q": q}).content.decode()
    assert words in page
    assert client.get("/search", {"q": "决议1540"}).content.decode().count("形近") == 0


def test_an_organisation_without_a_page_leads_to_the_search_for_it(client):
    (thing,) = client.get("/search.json", {"q": "IISS"}).json()["entities"]
    assert thing["kind"] == "organisation"
    answer = client.get(client.get("/go", {"q": "IISS"})["Location"])
    assert "国际战略研究所" in answer.content.decode()
