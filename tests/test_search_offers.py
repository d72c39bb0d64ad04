"""What is not about what was asked is no hit, but may be offered: absent words, names, titles, slips."""

import pytest
from django.utils.html import strip_tags
from search.planning.like_names import LikeNames

from tests.searching import ask, found

from .tables import rows_from

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bundled_index")]


FILLER = [
    ("气候变化", ["变化"], "a word that stands nowhere is not its parts"),
    ("氣候變化", ["变化"], "in traditional characters"),
    ("联合国安保部", ["联合国", "安保"], "an authority that stands nowhere is not whose it would be"),
    ("美国国务院", ["美国"], "likewise, a word of the dictionary"),
    ("生物安全法", ["生物", "安全"], "an act"),
    ("中国出口管制法", ["出口", "管制"], "an act of a State that no paragraph names"),
    ("应急管理部", ["应急", "管理"], "an authority, whose name stands inside 管理部门"),
    ("气候变化公约", ["变化", "公约"], "a treaty of which only the last word stands"),
    ("国家原子能法", ["原子能", "国家"], "an act"),
    ("《公司法》", ["公司", "司法"], "a title"),
    ("《生物安全法》", ["生物", "安全"], "a title whose words stand apart"),
    ("各国议会联盟", ["各国议会", "联盟"], "a body that no paragraph names, and the parts of its name"),
    ("世界粮食计划署", ["世界", "计划"], "likewise"),
    ("中国常驻联合国代表王毅", ["常驻联合国代表"], "a person, who is not whoever has the office"),
    ("裁军事务高级代表中满泉", ["裁军事务高级代表"], "likewise; characters that are no word"),
    ("俄罗斯代表拉夫罗夫", ["俄罗斯代表"], "a name of the dictionary"),
    ("联合国秘书长古特雷斯", ["联合国", "秘书长"], "of several pieces"),
    ("大韩民国潘基文大使", ["大韩民国", "大使"], "the name before the office"),
    ("维也纳公约", ["维也纳", "公约"], "a treaty of which all words stand, but nowhere together"),
    ("不扩散核裁军议定书", ["不扩散", "核裁军", "议定书"], "likewise"),
    ("核怖公约", ["公约"], "one that resembles another's name, which is offered"),
]


@pytest.mark.parametrize(("q", "offered", "remark"), FILLER)
def test_what_stands_nowhere_is_offered_by_its_parts_and_found_by_none(q, offered, remark):
    answer = ask(q)
    assert found(q) == [], remark
    assert [text for text, _count in answer.nearby] == offered, remark
    assert all(count == ask(f"“{text}”").found.occurrences for text, count in answer.nearby)


GENERIC = [
    ("足球比赛标准程序", ["标准", "程序"], "what it is about stands nowhere"),
    ("披萨 制作 程序", ["程序"], "in several pieces"),
    ("粮食援助 国家", ["援助", "国家"], "words of every matter in this archive, of no field"),
    ("外星人 国际合作", ["国际合作"], "likewise, two of them"),
    ("比特币 委员会 决议", ["委员会", "决议"], "words of procedure"),
    ("断交 国家", ["国家"], "a verb by itself is what is asked about"),
]


@pytest.mark.parametrize(("q", "offered", "remark"), GENERIC)
def test_words_of_every_matter_find_nothing_alone_beside_what_stands_nowhere(q, offered, remark):
    answer = ask(q)
    assert found(q) == [], remark
    assert [text for text, _count in answer.nearby] == offered, remark


@pytest.mark.parametrize("q", ["申请援助", "怎么申请援助", "援助怎么申请"])
def test_a_word_for_what_is_done_leaves_the_matter_to_be_found(q):
    assert {hit.anchor for hit in ask(q).hits} >= {"annex.18", "annex.20"}


def test_words_of_every_matter_find_nothing_beside_things_most_of_which_stand_nowhere():
    answer = ask("地雷 集束弹药 受害者援助")
    assert [hit.text.count("受害者") > 0 for hit in answer.hits] == [True]
    assert [one.text for one in answer.absent] == ["地雷", "集束", "弹药"]
    assert len(found("有些国家从来没说过原因何在")) > 20, "of words that are no things nobody asks"


@pytest.mark.parametrize(
    "q", ["标准程序", "透命度 措施", "裁军 标准", "足球 裁军 标准", "外星人 裁军", "咖啡 出口", "国家 援助"]
)
def test_words_of_every_matter_are_words_where_others_stand_or_none_is_asked_for(q):
    assert found(q) != []


NO_NAMES = rows_from(__name__, "NO_NAMES")


@pytest.mark.parametrize(("q", "word", "remark"), NO_NAMES)
def test_what_only_looks_like_a_name_is_searched_by_its_words(q, word, remark):
    hits = ask(q).hits
    assert hits, remark
    assert any(word in hit.text for hit in hits), remark


ASKING = [
    ("印度向核安全基金捐了多少钱", ["印度", "核安全", "基金", "捐", "钱"], "了 and 多少"),
    ("什么叫3D打印风险", ["3D", "打印", "风险"], "什么叫"),
    ("3 497起是怎么回事", ["3 497", "起"], "是 is no part of a name"),
    ("普通照会是什么意思", ["普通照会"], "什么意思"),
    ("想找与欧盟有关的措施", ["欧盟", "措施"], "verbs before the matter"),
    ("专家够不够", ["专家"], "A not A"),
    ("学生知不知道这个决议", ["学生", "决议"], "of two syllables"),
    ("小道消息说有人用了化武", ["小道消息", "有人", "化武"], "用 and 了"),
    ("哪些地方提到人权？", ["人权"], "哪些地方"),
    ("何嵘", ["何嵘"], "a family may be called as a word that asks"),
    ("于嵘", ["于嵘"], "likewise"),
]


@pytest.mark.parametrize(("q", "tokens", "remark"), ASKING)
def test_words_that_ask_are_no_part_of_what_is_asked_for(q, tokens, remark):
    assert ask(q).plan.tokens == tokens, remark


PARTS = [
    ("扩散融资", "a word of which all parts stand in a paragraph"),
    ("资金来源", "likewise"),
]


@pytest.mark.parametrize(("q", "remark"), PARTS[:1])
def test_a_word_that_stands_nowhere_is_found_where_all_its_parts_stand(q, remark):
    hits = ask(q).hits
    assert hits, remark
    assert all(
        "扩散" in hit.text and any(word in hit.text for word in ("融资", "资助", "筹资")) for hit in hits
    )


TITLES = [
    ("外贸法", ["A/74/140 s2.h3.u3"], "an act that a text puts between title marks"),
    ("外貿法", ["A/74/140 s2.h3.u3"], "in traditional characters"),
    ("《外贸法》", ["A/74/140 s2.h3.u3"], "in title marks"),
    ("《1540指南》", ["S/AC.44/SR.74 3"], "a journal, and no other 指南"),
    ("1540指南", ["S/AC.44/SR.74 3"], "without the marks"),
    ("布鲁塞尔首脑会议宣言", ["A/74/140 s4.h5.u2"], "a declaration"),
    ("危险品安全航空运输技术细则", ["A/74/140 s4.h4.u5"], "of many words"),
    (
        "《核材料实物保护公约》修正案",
        ["A/74/140 s4.h3.u2", "A/74/140 s2.h1.u5", "A/74/140 s4.h6.u4", "A/74/140 s4.h6.u2"],
        "an act by the name of what it changes; last where a text says 《…公约》及其2005年修正案",
    ),
    ("《国家行动计划》", ["CD/2118 annex.h2.n", "S/2016/1013 annex.s5.u3"], "in marks: as one string"),
]


@pytest.mark.parametrize(("q", "places", "remark"), TITLES)
def test_a_title_is_one_thing(q, places, remark):
    assert found(q) == places, remark


def test_beside_a_title_the_rest_is_words():
    answer = ask("印度《外贸法》修正案")
    assert answer.plan.tokens == ["印度", "《外贸法》", "修正案"]
    assert "《外贸法》修正案" in answer.hits[0].text
    assert [one.entity.kind for one, _count in answer.named] == ["state", "title"]


def test_a_plan_is_no_title_unless_it_is_put_so():
    assert len(found("国家行动计划")) > len(found("《国家行动计划》"))


SHORTENED = [
    ("一委", "大会第一委员会", "no text has it as a word, and one body alone is called so"),
    ("禁化武", "禁化武组织", "without what it is"),
    ("Wiesbaden", "威斯巴登进程", "the town, for the process"),
]


@pytest.mark.parametrize(("q", "full", "remark"), SHORTENED)
def test_what_stands_nowhere_but_is_short_for_one_body_is_that_body(q, full, remark):
    assert found(q), remark
    assert set(found(q)) == set(found(full)), remark


@pytest.mark.parametrize("q", ["移民", "劳工", "理事会", "秘书处"])
def test_what_may_be_short_for_more_is_none_of_them(q):
    assert ask(q).named == ()


def test_characters_beside_what_is_no_word_are_one_name_with_it():
    answer = ask("道格拉丝")
    assert answer.hits == ()
    assert [one.meant for one in answer.corrections] == ["道格拉斯"]


SLIPS = rows_from(__name__, "SLIPS")


@pytest.mark.parametrize(("q", "piece", "meant", "remark"), SLIPS)
def test_a_slip_in_a_part_is_offered_for_that_part(q, piece, meant, remark):
    assert (piece, meant) in [(one.piece, one.meant) for one in ask(q).corrections], remark


@pytest.mark.parametrize("q", ["管治", "核武 1540", "外联 3D", "缔约 国"])
def test_two_characters_that_are_a_word_are_left_alone(q):
    assert ask(q).corrections == ()


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


READ = rows_from(__name__, "READ")
OFFERED = [
    ("核保公约", "核材料实物保护公约", "one treaty and another that amends it"),
    ("核材保公约", "核材料实物保护公约", "likewise"),
]
LISTED = "反恐办 1540委 化武公约 核恐公约 禁雷公约 外空条约 澳集团 裁审会 毒罪办 反恐委 禁产条约"
MISSED = "南禁核条约 瓦协定 防扩安倡 裁谈 安咨委 独专组 人道署 最终用户证 大规杀武"
NONE = rows_from(__name__, "NONE")


def short(answer) -> list[tuple[str, str]]:
    return [(one.text, one.entity.form) for one, _count in answer.named if one.entity.how == "short"]


@pytest.mark.parametrize(("q", "name", "remark"), READ)
def test_what_is_short_for_one_name_is_read_as_it_and_said_to_be(q, name, remark):
    answer = ask(q)
    assert short(answer) == [(q, name)], remark
    assert [one for one in answer.corrections if one.piece == q] == [], "what is read is not offered as well"
    assert short(ask(q, variants=False)) == []


def test_the_page_says_how_a_short_form_was_read_and_finds_the_thing(client):
    page = strip_tags(client.get("/search", {"q": "核安峰会"}).content.decode())
    assert "没有文本写“核安峰会”，按简称读作“核安全峰会”" in page
    assert len(found("核安峰会")) > 0 and set(found("核安峰会")) <= set(found("核安全峰会"))
    assert short(ask("联大一委的决议")) == [("联大一委", "联合国大会第一委员会")]
    assert any("裂变材料条约" in hit.text for hit in ask("禁产条约").hits)
    kinds = {one.relation for terms in ask("核安峰会").added.values() for one in terms}
    assert "abbreviation" in kinds


@pytest.mark.parametrize(("q", "name", "remark"), OFFERED)
def test_of_several_names_none_is_chosen_and_those_that_stand_are_offered(q, name, remark):
    answer = ask(q)
    assert short(answer) == [], remark
    assert answer.hits == ()
    assert name in [one.meant for one in answer.corrections], remark


@pytest.mark.parametrize(("q", "remark"), NONE)
def test_what_is_no_short_form_is_read_as_none(q, remark):
    assert short(ask(q)) == [], remark


@pytest.mark.parametrize("q", [*LISTED.split(), *MISSED.split()])
def test_short_forms_that_a_list_has_need_no_rule_and_others_are_left_alone(q):
    assert short(ask(q)) == []


IN_FULL = rows_from(__name__, "IN_FULL")


@pytest.mark.parametrize(("q", "name", "shortens", "remark"), IN_FULL)
def test_a_short_form_has_beginnings_of_the_words_in_their_order(q, name, shortens, remark):
    assert LikeNames([name]).in_full(q) == [name] * shortens, remark
