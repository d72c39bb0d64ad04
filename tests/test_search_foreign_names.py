"""Persons in Latin letters: one name, absent as a whole, and offered as Chinese texts write it by sound."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.planning.foreign_names import names_in
from tests.searching import ask

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bundled_index")]


ABSENT = [
    ("Michael Douglas", ["迈克尔•道格拉斯"], "an actor"),
    ("Claude Heller", ["克劳德·埃列尔"], "a chairman; the texts follow the Spanish sound"),
    ("Alfonso Dastis", ["阿方索·达斯蒂斯"], "a minister"),
    ("Román Oyarzún", ["罗曼·奥亚尔孙"], "with accents"),
    ("Roman Oyarzun Marchesi", [], "with a name more than the texts have"),
    ("Vladimir Voronkov", ["弗拉基米尔·沃龙科夫"], "Russian"),
    ("Saddam Hussein", ["萨达姆·侯赛因"], "double letters"),
    ("Kim Won-soo", [], "Korean; Chinese texts do not write it by sound"),
    ("Ban Ki-moon", [], "the first word is an English one, too"),
    ("Izumi Nakamitsu", [], "nothing that sounds a little like a part of it"),
    ("John Smith", [], "nobody"),
]


@pytest.mark.parametrize(("q", "offered", "remark"), ABSENT)
def test_a_person_of_whom_a_part_is_absent_is_nobody_else(q, offered, remark):
    answer = ask(q)
    assert answer.hits == (), remark
    assert answer.absent[-1].text == q, remark
    assert [one.meant for one in answer.corrections] == offered, remark
    assert all(one.count == ask(f"“{one.meant}”").found.occurrences for one in answer.corrections)


HELD = [
    ("Brian Finley", "S/2016/1013 annex.s6.u1", "in Latin letters in the text"),
    ("Frank Appel DHL", "S/2016/1013 annex.s6.u1", "beside another word"),
    ("Kim Heun Jin", "S/AC.44/SR.74 13", "a speaker"),
    ("Operation Cosmo", "CD/2118 annex.h2.q", "no person"),
    ("Weapons of Mass Destruction", "A/74/140 s2.h4.u2", "English terms in capitals"),
]


@pytest.mark.parametrize(("q", "place", "remark"), HELD)
def test_words_in_capitals_that_the_texts_or_the_lists_have_are_found(q, place, remark):
    assert place in [f"{hit.symbol} {hit.anchor}" for hit in ask(q).hits], remark


def test_one_word_is_offered_as_it_sounds_where_it_sounds_so_throughout():
    assert [one.meant for one in ask("Douglas").corrections] == ["道格拉斯"]
    assert ask("Izumi").corrections == ()


PIECES = ["Ban", "Ki-moon", "Outreach", "核", "2016", "kim", "O’Brien", "J."]


@given(st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from([None, "外联"]))))
def test_no_piece_is_lost_or_added(pieces):
    read = list(names_in(pieces, lambda piece: piece == "Ban"))
    assert " ".join(text for text, _term, _name in read).split() == [piece for piece, _term in pieces]
