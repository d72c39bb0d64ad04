"""Queries for what somebody said lead to the own words of who is named, before what others say of them."""

import pytest

from tests.searching import ask

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bundled_index")]

SAID = [
    ("Sison的发言", "Sison", ["Sison"], "a name inside of a piece"),
    ("Bauer女士说了什么", "Bauer", ["Bauer"], "with the form of address, and no word of speaking but 说"),
    ("金垣洙 闭幕时的讲话", "金垣洙", ["金垣洙"], "when, which the texts do not say"),
    ("金垣洙的致辞", "金垣洙", ["金垣洙"], "no paragraph of theirs holds 致辞"),
    ("主席的开场白", "主席", ["主席"], "a speaker without a name; those who mention a chair come after"),
    ("Rosenthal先生的通报", "Rosenthal", ["Rosenthal"], "another's briefing is none of theirs"),
    ("美国代表在会上讲了什么", "美利坚合众国", ["美国"], "for whom, and where"),
    ("俄罗斯代表团的立场", "俄罗斯联邦", ["俄罗斯"], "a position"),
    ("古巴的意见", "古巴", ["古巴"], "a reply"),
    ("欧盟的声明", "欧洲联盟", ["欧盟"], "a body that speaks"),
    ("德国代表团对工商业的意见", "德国", ["德国", "工商业"], "on a matter, which is still asked for"),
    ("印度关于出口管制的发言", "印度", ["印度", "出口管制"], "likewise"),
]


@pytest.mark.parametrize(("q", "who", "tokens", "remark"), SAID)
def test_own_words_of_who_is_named_come_first(q, who, tokens, remark):
    answer = ask(q)
    own = [who in hit.who for hit in answer.hits]
    assert answer.plan.tokens == tokens, remark
    assert own[0], remark
    if len(tokens) == 1:
        assert own == sorted(own, reverse=True), remark


@pytest.mark.parametrize("q", ["中国代表说", "中国代表怎么说", "英飞凌的发言", "王毅的讲话"])
def test_words_of_who_is_not_there_are_nobodys(q):
    assert ask(q).found.paragraphs == 0


MATTERS = [
    ("1540委员会的通报", "通报", "the texts have no words given under the name of that body"),
    ("观察员国", "观察员", "no name"),
    ("德国 大使", "大使", "an office between blanks"),
    ("印度 出口管制 立场", "立场", "a word between blanks, beside a matter"),
    ("主席声明", "主席声明", "a kind of document"),
    ("德国 常驻代表 普通照会", "常驻代表", "likewise"),
]


@pytest.mark.parametrize(("q", "token", "remark"), MATTERS)
def test_words_of_speaking_are_asked_for_where_they_are_the_matter(q, token, remark):
    assert token in ask(q).plan.tokens, remark


def test_names_of_speakers_are_words_inside_of_a_piece_that_asks_for_no_words():
    assert [named.text for named in ask("Sison女士的工作").plan.named] == ["Sison"]
    assert ask("Sison工作组").plan.named == []
