"""What is not about what was asked is no hit, but may be offered: absent words, names, titles, slips."""

import pytest
from django.utils.html import strip_tags

from tests.searching import ask, found

from .tables import rows_from

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bundled_index")]


NOWHERE = [
    ("气候变化", ["变化"], "a word that stands nowhere is not its parts"),
    ("氣候變化", ["变化"], "in traditional characters"),
    ("美国国务院", ["美国"], "a word of the dictionary"),
    ("生物安全法", ["生物", "安全"], "an act"),
    ("《公司法》", ["公司", "司法"], "a title"),
    ("各国议会联盟", ["各国议会", "联盟"], "a body that no paragraph names, and the parts of its name"),
    ("世界粮食计划署", ["世界", "计划"], "likewise"),
]


@pytest.mark.parametrize(("q", "offered", "remark"), NOWHERE)
def test_what_stands_nowhere_is_offered_by_its_parts_and_found_by_none(q, offered, remark):
    answer = ask(q)
    assert answer.found.paragraphs == 0, remark
    assert [text for text, _count in answer.nearby] == offered, remark
    assert all(count == ask(f"“{text}”").found.occurrences for text, count in answer.nearby)


ABSENT = [
    ("俄罗斯代表拉夫罗夫", ["拉夫罗夫"], "a name of the dictionary"),
    ("大韩民国潘基文大使", ["潘基文"], "the name before the office"),
    ("气候变化公约", ["气候变化"], "beside a word of every matter"),
    ("足球比赛标准程序", ["足球比赛"], "likewise"),
    ("披萨 制作 程序", ["披萨", "制作"], "in several pieces"),
    ("核怖公约", ["核怖"], "characters that are no word"),
    ("何嵘", ["嵘"], "a family may be called as a word that asks"),
]


@pytest.mark.parametrize(("q", "absent", "remark"), ABSENT)
def test_a_unit_that_stands_nowhere_is_named_whatever_the_others_find(client, q, absent, remark):
    answer = ask(q)
    assert [one.text for one in answer.absent] == absent, remark
    rest = " ".join(text for text in answer.plan.tokens if text not in absent)
    assert answer.found.paragraphs == (ask(rest).found.paragraphs if rest else 0)
    page = strip_tags(client.get("/search", {"q": q}).content.decode())
    assert all(f"“{text}”不见于本库全部301段" in page for text in absent)


@pytest.mark.parametrize("q", ["申请援助", "怎么申请援助", "援助怎么申请"])
def test_a_word_for_what_is_done_leaves_the_matter_to_be_found(q):
    assert {hit.anchor for hit in ask(q).hits} >= {"annex.18", "annex.20"}


NO_NAMES = rows_from(__name__, "NO_NAMES")


@pytest.mark.parametrize(("q", "word", "remark"), NO_NAMES)
def test_what_only_looks_like_a_name_is_searched_by_its_words(q, word, remark):
    hits = ask(q).hits
    assert hits, remark
    assert any(word in hit.text for hit in hits), remark


ASKING = [
    ("什么叫3D打印风险", ["3D打印", "风险"], "什么叫"),
    ("普通照会是什么意思", ["普通照会"], "什么意思"),
    ("想找与欧盟有关的措施", ["欧盟", "措施"], "verbs before the matter"),
    ("专家够不够", ["专家"], "A not A"),
    ("学生知不知道这个决议", ["学生", "决议"], "of two syllables"),
    ("小道消息说有人用了化武", ["小道消息", "有人", "化武"], "用 and 了"),
    ("哪些地方提到人权？", ["人权"], "哪些地方"),
]


@pytest.mark.parametrize(("q", "tokens", "remark"), ASKING)
def test_words_that_ask_are_no_part_of_what_is_asked_for(q, tokens, remark):
    assert ask(q).plan.tokens == tokens, remark


TITLES = [
    ("外贸法", "A/74/140 s2.h3.u3", "an act that a text puts between title marks"),
    ("外貿法", "A/74/140 s2.h3.u3", "in traditional characters"),
    ("《外贸法》", "A/74/140 s2.h3.u3", "in title marks"),
    ("《1540指南》", "S/AC.44/SR.74 3", "a journal, and no other 指南"),
    ("1540指南", "S/AC.44/SR.74 3", "without the marks"),
    ("布鲁塞尔首脑会议宣言", "A/74/140 s4.h5.u2", "a declaration"),
    ("危险品安全航空运输技术细则", "A/74/140 s4.h4.u5", "of many words"),
    ("《核材料实物保护公约》修正案", "A/74/140 s4.h3.u2", "an act by the name of what it changes"),
    ("《国家行动计划》", "CD/2118 annex.h2.n", "as one string"),
    ("印度《外贸法》修正案", "A/74/140 s2.h3.u3", "beside words"),
]


@pytest.mark.parametrize(("q", "place", "remark"), TITLES)
def test_a_title_leads_to_where_it_stands(q, place, remark):
    assert found(q)[0] == place, remark


SHORTENED = [
    ("一委", "大会第一委员会", "no text has it as a word, and one body alone is called so"),
    ("禁化武", "禁化武组织", "without what it is"),
    ("Wiesbaden", "威斯巴登进程", "the town, for the process"),
]


@pytest.mark.parametrize(("q", "full", "remark"), SHORTENED)
def test_what_is_short_for_one_body_alone_is_that_body(q, full, remark):
    assert found(q), remark
    assert set(found(q)) == set(found(full)), remark


@pytest.mark.parametrize("q", ["移民", "劳工"])
def test_what_may_be_short_for_more_is_none_of_them(q):
    assert ask(q).named == ()


def test_characters_that_are_no_word_are_offered_as_the_name_that_they_are_like():
    assert [one.meant for one in ask("道格拉丝").corrections] == ["道格拉斯"]


SLIPS = rows_from(__name__, "SLIPS")


@pytest.mark.parametrize(("q", "piece", "meant", "remark"), SLIPS)
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


@pytest.mark.parametrize(
    ("q", "words"),
    [
        ("决议154O", "“决议154O”里有形近的字符，读作“S/RES/1540(2004)”，文件"),
        ("I\u0430EA", "读作“IAEA”，机构"),
    ],
)
def test_a_reading_through_characters_that_look_alike_is_said(client, q, words):
    page = client.get("/search", {"q": q}).content.decode()
    assert words in page
    assert client.get("/search", {"q": "决议1540"}).content.decode().count("形近") == 0


def test_an_organisation_without_a_page_leads_to_the_search_for_it(client):
    (thing,) = client.get("/search.json", {"q": "IISS"}).json()["entities"]
    assert thing["kind"] == "organisation"
    answer = client.get(client.get("/go", {"q": "IISS"})["Location"])
    assert "国际战略研究所" in answer.content.decode()
