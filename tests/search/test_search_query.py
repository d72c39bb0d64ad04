"""NEAR over the bundled documents, held against a scan; and what is offered where little is found."""

import pytest

from archive.text.folding import fold_literally
from search.engine.live.index import live_index
from search.pages.suggest.corrections import variants_of
from search.query.text.folding import in_both_scripts, pronounced_alike
from tests.tables import each_row
from tests.tools.searching import ask, found

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bundled_index")]


def folded_texts() -> dict[str, str]:
    index = live_index()
    rows = (row for _key, _document, row in index.every())
    return {f"{row['symbol']} {row['anchor']}": fold_literally(row["text"]) for row in rows}


def starts(needle: str, text: str) -> list[int]:
    places, at = [], text.find(needle)
    while at >= 0:
        places.append(at)
        at = text.find(needle, at + len(needle))
    return places


def near_in(text: str, first: list[str], second: list[str], within: int) -> int:
    """How many places of ``first`` have one of ``second`` near: every pair of places looked at."""
    ones = {(at, at + len(one)) for one in first for at in starts(one, text)}
    others = {(at, at + len(other)) for other in second for at in starts(other, text)}
    return sum(
        any(0 <= behind - end <= within or 0 <= start - before <= within for behind, before in others)
        for start, end in ones
    )


@each_row("NEAR")
def test_near_finds_what_a_scan_finds(q, first, second, within):
    counted = {key: near_in(text, first, second, within) for key, text in folded_texts().items()}
    expected = {key for key, count in counted.items() if count}
    answer = ask(q)
    assert answer.mode == "literal"
    assert set(found(q)) == expected
    assert answer.found.occurrences == sum(counted.values())


def test_near_is_marked_and_can_be_taken_away():
    for hit in ask("核 NEAR/2 安全").hits:
        marked = [hit.text[start:end] for start, end in hit.highlights]
        assert marked
        assert "".join(marked).count("核") <= hit.text.count("核")
        assert any("安全" in piece for piece in marked)
    near, rest = set(found("核 NEAR/5 安全")), set(found("“核” -(核 NEAR/5 安全)"))
    assert near | rest == set(found("“核”"))
    assert not near & rest


def test_near_without_quotes_stands_for_both_scripts():
    assert found("核 NEAR/5 決議") == found("核 NEAR/5 决议")
    assert found("核 NEAR/5 “決議”") == []


@each_row("CORRECTIONS")
def test_what_may_have_been_meant(q, meant, remark):
    offered = ask(q).corrections
    assert meant in [correction.meant for correction in offered], remark
    for correction in offered:
        assert correction.count == ask(f"“{correction.meant}”").found.occurrences > 0


@pytest.mark.parametrize("q", ["出口管制", "核", "“国家行为体”", "1541", "夨夬夶彖", "“2031年”", ""])
def test_nothing_is_corrected_that_is_found_or_like_nothing(q):
    assert ask(q).corrections == ()


def test_a_likely_sound_comes_first():
    assert pronounced_alike("制", "治")
    assert not pronounced_alike("核", "安")
    assert not pronounced_alike("a", "核")
    assert ask("出口管治").corrections[0].meant == "出口管制"


def test_variants_stand_beside_a_phrase_with_their_own_counts():
    answer = ask("“核安保”")
    assert answer.found.paragraphs == 0
    for phrase in ("核安保", "国际原子能机构", "決議", "军民两用物项"):
        for variant in variants_of(phrase, live_index()):
            assert fold_literally(variant.text) != fold_literally(phrase)
            assert variant.count == ask(f"“{variant.text}”").found.occurrences > 0
    assert "核保安" in [variant.text for variant in answer.variants]
    assert "决议" in [variant.text for variant in ask("“決議”").variants]


def test_a_variant_that_holds_the_phrase_is_no_other_way_to_write_it():
    for phrase in ("原子能机构", "朝鲜", "不扩散"):
        assert not any(phrase in variant.text for variant in ask(f"“{phrase}”").variants)


def test_words_have_no_variants_for_they_are_expanded_openly():
    assert ask("核安保").variants == ()
    assert ask("核安保").added


def test_scripts():
    assert in_both_scripts("决议") == ["决议", "決議"]
    assert in_both_scripts("決議") == ["決議", "决议"]
    assert in_both_scripts("1540") == ["1540"]
