"""The checker: drafts with what must be found in them, and laws that hold for every draft."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from archive.models import RetiredDocument
from archive.text.folding import fold_literally
from archive.text.parsed import DocumentType, Speaker
from archive.text.typography import INVISIBLE
from search.engine.live.index import live_index
from search.pages.checker import check
from search.pages.checker.footnotes import footnotes
from search.pages.checker.origins import runs
from search.pages.checker.quoting import quoted
from search.pages.checker.report import Match, Verdict
from tests.tables import each_row, rows_from, tuples
from tests.tools.bundled import store_bundled
from tests.tools.factories import block, parsed, store
from tests.tools.searching import archive_for

pytestmark = pytest.mark.django_db

RESOLUTION = "决定所有国家应不向企图开发、获取、制造、拥有核生化武器的非国家行为者提供任何形式的支持"
INVENTED = "各方须在两年之内全部接受国际核查并公布结果"
THREE = "S/RES/1540(2004) 3"
CONTROLS = "又决定所有国家应采取和实施有效措施，建立国内管制，以防止核生化武器及其运载工具的扩散"
REFRAIN = (
    "Decides that all States shall refrain from providing any form of support to non-State actors that"
    " attempt to develop, acquire, manufacture, possess, transport, transfer or use such weapons;"
)
EFFECTIVE = (
    "Decides also that all States shall take and enforce effective measures to establish domestic controls to"
    " prevent the proliferation of such weapons, in 112 cases;"
)
EFFECTIVE_TOO = "Each State reports on its national lists of controlled items once in two years."
CHANGED = CONTROLS.replace("有效", "适当")
CHAIR_SAYS = "会议将在下午三时准时复会并就议程的最后一项作出决定"
MOVING = "这一段的文字后来移到了另一个段次之下而未改一字"
GOING = "这一段的文字后来从文件中消失了再也没有出现过"


def _store():
    """The bundled documents, and two of our own that quote and are quoted."""
    store_bundled()
    store(
        parsed(
            "S/RES/1540(2004)",
            ("1", RESOLUTION),
            ("3", CONTROLS),
            ("3.a", "制定和保持适当、有效的措施，对生产、使用、储存或运输中的这种物项进行衡算和保安"),
            document_type=DocumentType.RESOLUTION,
            organ="安全理事会",
        )
    )
    store(
        parsed(
            "S/2099/7",
            ("1", f"主席回顾，第1540(2004)号决议第1段“{RESOLUTION}”。"),
            ("annex.5", "附件里的第五段没有什么特别的话可以引用"),
            ("enclosure.5", "附文里的第五段也没有什么特别的话可以引用"),
            mentions=[("1", "第1540(2004)号决议", "S/RES/1540(2004)", "1")],
        )
    )
    store(parsed("S/2099/9", ("1", MOVING), ("2", GOING), ("5", "这一段一直在这里，并未有过改动")))
    # Imported anew: 1 moved to 4, 2 is gone.
    store(parsed("S/2099/9", ("4", MOVING), ("5", "这一段一直在这里，并未有过改动")), content="anew")
    store(parsed("S/RES/1540(2004)", ("1", REFRAIN), ("3", EFFECTIVE), language="en"))
    store(parsed("S/2099/10", ("1", EFFECTIVE_TOO), language="en"))
    chair = Speaker("主席", status="chair", capacity="主席")
    store(parsed("S/AC.44/SR.990", block("1", f"主席说，{CHAIR_SAYS}", speaker=chair)))
    RetiredDocument.objects.create(
        symbol="S/2099/8",
        ending="merged",
        successor="S/2099/7",
        by="x",
        reason="x",
        at=dt.datetime(2024, 1, 1, tzinfo=dt.UTC),
    )


archive = archive_for(_store)


@each_row("CITATIONS")
def test_a_citation_has_its_standing_and_place(draft, surface, standing, symbol, urls, choices):
    found = check(draft).citations
    if standing is None:  # too short a line to be a wrapped one: two lines are two texts
        assert surface not in [one.surface for one in found]
        return
    (one,) = found
    assert (one.surface, str(one.standing), one.symbol) == (surface, standing, symbol or None)
    assert draft[one.start : one.end] == surface
    assert tuples([target.url for target in one.targets]) == urls
    if choices is not None:
        assert tuples([target.url for target in one.choices]) == choices


@each_row("LONE")
def test_a_pinpoint_that_belongs_to_no_citation_is_told_with_a_guess(draft, surface, standing, choices):
    found = [one for one in check(draft).citations if one.lone]
    if surface is None:
        assert found == []
        return
    one = found[-1]
    assert (one.surface, str(one.standing), one.symbol) == (surface, standing, None)
    assert draft[one.start : one.end] == surface
    assert tuples([target.url for target in one.choices]) == choices
    assert one.assumed or not choices


@each_row("BEHIND")
def test_a_pinpoint_in_brackets_belongs_to_the_quotation_and_one_of_a_new_sentence_hardly(
    before, behind, surface
):
    report = check(f"{before}“{CONTROLS}”{behind}。")
    one = next(one for one in report.quotations if one.marked)
    assert report.citations[one.citation].surface == surface


@each_row("BESIDE_A_GUESS")
def test_a_quotation_beside_a_guess_is_compared_with_it(before, words, verdict, beside):
    report = check(f"{before}“{words}”")
    one = next(one for one in report.quotations if one.marked)
    assert (str(one.verdict), str(one.beside)) == (verdict, beside)
    assert one.citation is not None


def test_what_was_there_once_is_told_with_its_date():
    moved, gone = check("S/2099/9第1段和S/2099/9第2段").citations
    assert moved.reason == "原标为第1段，现在是第4段"
    assert "曾有第2段" in gone.reason
    assert "起不再有" in gone.reason


@each_row("NOTES")
def test_the_footnote_of_a_citation_that_does_not_fit_its_quotation_is_marked(draft, anchors, marked):
    notes = footnotes(check(draft), str).values()
    assert tuples([note.anchor or "" for note in notes]) == anchors
    assert tuples([note.anchor or "" for note in notes if note.disagrees_with_quotation]) == marked


def test_what_looks_like_the_right_number_is_named():
    (one,) = check("第1540(2005)号决议").citations
    assert [choice.symbol for choice in one.choices] == ["S/RES/1540(2004)"]


NO_CITATIONS = rows_from(__name__, "NO_CITATIONS")


@pytest.mark.parametrize("draft", [*NO_CITATIONS, "今天天气很好。", "一\n二\n\n三"])
def test_a_draft_without_citations_and_quotations_gives_empty_lists(draft):
    report = check(draft)
    assert report.quotations == report.unpaired == ()
    assert not [one for one in report.citations if one.surface != "第五号文件"]


@each_row("QUOTATIONS")
def test_a_quotation_has_its_verdict_and_place(draft, words, verdict, beside, place):
    one = next(one for one in check(draft).quotations if one.surface == words and one.marked)
    assert draft[one.start : one.end] == words
    assert str(one.verdict) == verdict
    assert (str(one.beside) if one.beside else None) == beside
    places = one.nearest.places if one.nearest else one.places
    assert (f"{places[0].symbol} {places[0].anchor}" if places else None) == place


@each_row("ENGLISH")
def test_a_quotation_is_compared_with_the_text_of_its_language(draft, words, verdict, beside, place):
    one = next(one for one in check(draft).quotations if one.marked)
    assert one.surface.startswith(words)
    assert (str(one.verdict), one.beside and str(one.beside)) == (verdict, beside)
    places = one.nearest.places if one.nearest else one.places
    assert (f"{places[0].symbol} {places[0].anchor}" if places else None) == place


def test_a_draft_in_english_has_its_footnotes_in_english_and_of_english_texts():
    notes = footnotes(check(f"As the Council said, “{REFRAIN}” (resolution 1540 (2004), para. 1)."), str)
    assert [(one.un, one.link[:25]) for one in notes.values()] == [
        ("S/RES/1540(2004), para. 1.", "/en/S/RES/1540(2004)/p/1/")
    ]


def test_words_and_figures_of_a_difference_are_whole():
    (one,) = check(
        "“establish national controls to prevent the proliferation of such weapons, in 132 cases”"
    ).quotations
    assert [(piece.draft.strip(), piece.archive.strip()) for piece in one.nearest.diff if not piece.same] == [
        ("national", "domestic"),
        ("132", "112"),
    ]


def test_a_few_words_of_english_are_no_text_of_the_archive():
    few, many = "States shall take and enforce effective measures.", f"We {REFRAIN[:120]}"
    assert check(few).quotations == ()
    assert [REFRAIN.startswith(one.surface.strip()) for one in check(many).quotations] == [True]


UNHELD = "S/RES/1673(2006)"


@each_row("WORDS")
@pytest.mark.parametrize(("draft", "remark"), rows_from(__name__, "NOT_HELD"))
def test_what_is_cited_and_not_held_cannot_be_checked(draft, remark, words, stands, alike):
    """It is not called different, and no note leads from it to another document."""
    text = draft.format(words)
    report = check(text)
    one = next(one for one in report.quotations if one.marked)
    assert (str(one.verdict), str(one.beside)) == ("cannot_be_checked", "cannot_tell"), remark
    assert bool(one.places) is stands and one.nearest is None
    cited = {one.symbol for one in report.citations}
    assert {note.symbol for note in footnotes(report, str).values()} <= cited
    asked = next(one for one in check(text, likeness=True).quotations if one.marked)
    assert (str(asked.verdict), asked.nearest is not None) == ("cannot_be_checked", alike)
    assert not {note.symbol for note in footnotes(check(text, likeness=True), str).values()} - cited


@each_row("CHAIRS")
def test_a_chair_is_told_from_those_who_speak_for_a_state(names, agrees):
    one = _marked(f"{names}在S/AC.44/SR.990第1段中说“{CHAIR_SAYS}”")
    assert (one.speaker_agrees, one.speaker) == (agrees, "主席")


def test_words_without_marks_and_terms_cannot_be_checked_either():
    report = check(f"我们认为，{CONTROLS}(第1673(2006)号决议第1段)。称为“囧囧”(第1673(2006)号决议)。")
    found = [one for one in report.quotations if not one.formula]
    assert {str(one.verdict) for one in found} == {"cannot_be_checked"} and len(found) == 2
    assert not footnotes(report, str)


def test_the_difference_is_told_letter_by_letter():
    (one,) = check(f"“{CHANGED}”").quotations
    assert [(piece.draft, piece.archive) for piece in one.nearest.diff if not piece.same] == [
        ("适当", "有效")
    ]
    assert "".join(piece.draft for piece in one.nearest.diff) == CHANGED
    assert "".join(piece.archive for piece in one.nearest.diff) == one.nearest.text == CONTROLS
    assert 0.9 < one.nearest.similarity < 1


@each_row("LIBERTIES")
def test_an_exact_quotation_says_what_it_took_leave_to_do(words, liberty):
    (one,) = check(f"“{words}”").quotations
    assert (one.verdict, one.liberty) == (Verdict.EXACT, liberty or None)


def test_what_is_left_out_must_stand_in_order():
    (one,) = check(f"“{CONTROLS[20:]}……{CONTROLS[:12]}”").quotations
    assert one.verdict is not Verdict.EXACT


def test_words_of_the_archive_without_quotation_marks_are_found():
    draft = f"我们认为，{CONTROLS}，这很重要。"
    (one,) = check(draft).quotations
    assert (one.marked, one.verdict, one.formula) == (False, Verdict.EXACT, False)
    assert CONTROLS in draft[one.start : one.end]
    assert one.places[0].anchor == "3"


def test_unquoted_words_with_another_paragraph_behind_them_are_told():
    one = check(f"我们认为，{CONTROLS}(第1540(2004)号决议第1段)。").quotations[0]
    assert (one.marked, one.verdict, one.beside) == (False, Verdict.WRONG_PLACE, Match.OTHER_PARAGRAPH)


def test_a_name_is_no_quotation():
    (one,) = check("这是安全理事会第1540(2004)号决议所设委员会的看法").quotations
    assert one.formula
    assert not one.marked


def test_a_short_quotation_is_a_term():
    found = {one.surface: one for one in check("“1540委员会”和“一带一路”").quotations}
    assert found["1540委员会"].term
    assert found["1540委员会"].verdict is Verdict.EXACT
    assert found["一带一路"].verdict is Verdict.NOT_FOUND
    assert found["一带一路"].nearest is None


@each_row("MARKS")
def test_quotation_marks_pair(draft, passages, unpaired):
    found = quoted(draft)
    assert tuples([draft[start:end] for start, end in found.passages]) == passages
    assert len(found.unpaired) == unpaired


# --- laws ---

QUIET = settings(max_examples=60)


def _texts() -> list[tuple[int, str]]:
    index = live_index()
    rows = (index.columns.stored(row) for row in range(len(index.literal)))
    return [(int(index.literal.ids[row]), stored["text"]) for row, stored in enumerate(rows)]


# A piece of a number or a Latin word is another one.
HALVED = re.compile("[0-9., ]{2}|[A-Za-z]{2}|[〇零一二三四五六七八九十百千万亿]{2}")


def _cut(data, least: int) -> tuple[int, str]:
    texts = [(key, text) for key, text in _texts() if len(text) >= least]
    key, text = data.draw(st.sampled_from(texts))
    start = data.draw(st.integers(0, len(text) - least))
    end = data.draw(st.integers(start + least, min(len(text), start + 300)))
    assume(not any(HALVED.fullmatch(text, max(0, at - 1), at + 1) for at in (start, end)))
    return key, text[start:end].strip()


@QUIET
@given(st.data())
def test_a_quotation_cut_from_any_paragraph_is_exact_and_there(data):
    key, words = _cut(data, 8)
    draft = f"如前所述，『{words}』。"
    one = next(one for one in check(draft).quotations if one.marked)
    assert draft[one.start : one.end] == one.surface == words
    assert one.verdict is Verdict.EXACT
    places = [place.key for place in one.places]
    assert key in places or one.paragraphs > len(places)


@QUIET
@given(st.data())
def test_with_one_character_changed_it_differs_and_that_paragraph_is_nearest(data):
    key, words = _cut(data, 12)
    assume("\n" not in words)  # the lines of a signature are words of their own in a draft
    place = data.draw(st.integers(0, len(words) - 1))
    changed = f"{words[:place]}囧{words[place + 1 :]}"
    one = next(one for one in check(f"『{changed}』").quotations if one.marked)
    assert one.verdict is Verdict.DIFFERS
    assert "".join(piece.draft for piece in one.nearest.diff).strip() == changed.strip()
    alike = key in [place.key for place in one.nearest.places]
    # Another text may be as near: twins that differ in the very character.
    assert alike or one.nearest.similarity >= 1 - 1.01 / max(1, len(fold_literally(changed)))


DRAFTS = st.lists(
    st.sampled_from(
        ["“", "”", "「", "」", '"', "\n", "第1540(2004)号决议", "第3段", "S/2010/52", "，附件，第14段",
         CONTROLS[:15], CONTROLS[10:], RESOLUTION[5:40], "……", "。", "(", ")", "1540委员会", "第999号决议",
         "A/1", "囧", " ", "…", "ﬁ"]
    ),
    max_size=25,
).map("".join)  # fmt: skip


@QUIET
@given(DRAFTS)
def test_offsets_slice_the_draft_to_what_is_reported(draft):
    report = check(draft)
    for one in (*report.citations, *report.quotations):
        assert 0 <= one.start < one.end <= len(draft)
        assert draft[one.start : one.end] == one.surface
    for one in report.quotations:
        assert one.citation is None or one.citation < len(report.citations)
        assert (one.verdict is Verdict.DIFFERS) == (one.nearest is not None)
        if one.verdict is not Verdict.CANNOT_BE_CHECKED:
            assert (one.verdict in (Verdict.EXACT, Verdict.WRONG_PLACE)) == bool(one.places)


@QUIET
@given(
    DRAFTS, st.lists(st.tuples(st.integers(0, 200), st.sampled_from("\u00ad\u200b\u2060\ufeff")), max_size=8)
)
def test_what_nobody_sees_changes_no_verdict(draft, unseen):
    given_ = draft
    for place, mark in unseen:
        given_ = given_[:place] + mark + given_[place:]
    seen, report = check(draft), check(given_)
    assert report.text == given_ and report.whole == seen.whole
    for one, plain in zip(report.findings, seen.findings, strict=True):
        assert given_[one.start : one.end] == one.surface
        assert "".join(char for char in one.surface if char not in INVISIBLE) == plain.surface
        assert replace(one, start=plain.start, end=plain.end, surface=plain.surface) == plain
    assert "".join(given_[at] for at in report.unpaired) == "".join(draft[at] for at in seen.unpaired)


@QUIET
@given(DRAFTS)
def test_runs_are_maximal_and_nothing_that_occurs_lies_outside(draft):
    folded = fold_literally(draft)
    literal = live_index().literal
    found = runs(folded, literal)
    for start, end in found:
        assert end - start >= 12
        assert literal.occurs(folded[start:end])
        assert end == len(folded) or not literal.occurs(folded[start : end + 1])
        assert start == 0 or not literal.occurs(folded[start - 1 : end])
    for start in range(len(folded) - 11):
        if literal.occurs(folded[start : start + 12]):
            assert any(first < start + 12 and start < last for first, last in found)


def test_the_number_of_queries_does_not_depend_on_the_draft(django_assert_max_num_queries):
    short = "第1540(2004)号决议第3段、S/2010/52，附件，第14段、第1540(2005)号决议。"
    for draft in (short, short * 50 + "S/AC.44/SR.74第1段、A/74/140第2段。" * 20):
        with django_assert_max_num_queries(13):
            check(draft + "同上，第99段。S/2099/9第1、2和3段。")


def test_a_check_only_reads():
    with CaptureQueriesContext(connection) as queries:
        check(f"第1540(2004)号决议第3段：“{CHANGED}”")
    assert len(queries) > 0
    assert all(query["sql"].lstrip("( ").upper().startswith("SELECT") for query in queries)


# --- script, omissions, items, ties ---

RECORD = "S/AC.44/SR.74"
COOPERATION = "有关国际和区域组织(包括国际原子能机构和禁止化学武器组织)开展更多外联方面的合作"


def _marked(draft: str):
    return next(one for one in check(draft).quotations if one.marked)


@each_row("LEFT_OUT")
def test_what_a_quotation_leaves_out_unmarked_is_one_piece_of_the_archive_alone(quoted_words, left_out):
    one = _marked(f"“{quoted_words}”")
    assert one.verdict is Verdict.DIFFERS
    assert [(piece.draft, piece.archive) for piece in one.nearest.diff if not piece.same] == [("", left_out)]


@each_row("PINNED")
def test_an_item_stands_in_its_paragraph_and_not_the_other_way_round(draft, verdict, beside, anchor, remark):
    one = _marked(draft)
    assert (str(one.verdict), str(one.beside)) == (verdict, beside), remark
    assert one.places[0].anchor == anchor


@each_row("TIES")
def test_of_equally_near_texts_the_cited_one_is_chosen(words, citation, anchor):
    one = _marked(f"“{words}”({citation})")
    assert one.nearest.places[0].symbol == "S/2099/7"
    assert one.nearest.places[0].anchor == anchor
    assert str(one.beside) == "agrees"


def test_of_equally_near_texts_without_citation_the_first_is_chosen():
    words = RESOLUTION.replace("企图", "意图")
    one, again = (_marked(f"“{words}”") for _ in range(2))
    assert one == again
    assert one.nearest.places[0].symbol == "S/RES/1540(2004)"
