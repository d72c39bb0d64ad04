"""The law of linking: strip the tags and the stored text is back, character for character."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.models import Paragraph
from archive.site.presenters.diff import compare
from archive.site.presenters.linked_text import Mark, Span, link_text
from archive.site.presenters.occurrences import excerpt, last_sentence
from tests.tables import each_row
from tests.tools.pages import page, read

TEXTS = st.text(alphabet=st.sampled_from(list("第1540(2004)号决议所设委员会，。&<>\"'\n ab")), max_size=60)
OFFSETS = st.integers(-3, 70)
SPANS = st.lists(
    st.builds(
        Span,
        OFFSETS,
        OFFSETS,
        st.sampled_from(["/a", "/b?x=1&y=2", '/"c"']),
        title=st.sampled_from(["", "存<疑"]),
    ),
    max_size=8,
)
MARKS = st.lists(st.builds(Mark, OFFSETS, st.just("#p-fn1"), st.just("1"), st.just("脚注1")), max_size=4)


@given(TEXTS, SPANS, MARKS, OFFSETS)
def test_stripped_of_tags_the_text_is_unchanged(text, spans, marks, bold):
    tree, problems = read(link_text(text, spans, marks, bold))
    assert tree.text == text
    assert not problems


@given(TEXTS, SPANS, MARKS, OFFSETS)
def test_links_are_never_nested_and_never_empty(text, spans, marks, bold):
    tree, _ = read(link_text(text, spans, marks, bold))
    for link in tree.all("a"):
        assert not link.all("a")
        assert link.text or "footnote-mark" in link.classes


@given(TEXTS, SPANS)
def test_every_character_of_a_span_leads_somewhere(text, spans):
    tree, _ = read(link_text(text, spans))
    covered = {at for span in spans for at in range(max(span.start, 0), min(span.end, len(text)))}
    assert sum(len(link.text) for link in tree.all("a")) == len(covered)


@given(TEXTS, MARKS)
def test_every_footnote_mark_is_placed(text, marks):
    tree, _ = read(link_text(text, (), marks))
    assert len(tree.all(css="footnote-mark")) == len(marks)


@pytest.mark.parametrize(
    ("text", "spans", "links", "remark"),
    [
        ("见第1540(2004)号决议。", [Span(1, 15, "/r")], [("第1540(2004)号决议", "/r")], "one mention"),
        ("ab", [Span(0, 1, "/a"), Span(1, 2, "/b")], [("a", "/a"), ("b", "/b")], "mentions that touch"),
        (
            "第1540(2004)号决议所设委员会",
            [Span(0, 19, "/body", "body"), Span(0, 14, "/r")],
            [("第1540(2004)号决议", "/r"), ("所设委员会", "/body")],
            "a mention inside a body: each character goes to the shorter span",
        ),
        (
            "abcd",
            [Span(0, 3, "/a"), Span(1, 4, "/b")],
            [("abc", "/a"), ("d", "/b")],
            "overlap: the first given wins",
        ),
        ("ab", [Span(0, 2, "/a"), Span(0, 2, "/b")], [("ab", "/a")], "the same place twice"),
    ],
)
def test_overlapping_mentions_are_divided_between_links(text, spans, links, remark):
    tree, _ = read(link_text(text, spans))
    found = []
    for link in tree.all("a"):
        if found and found[-1][1] == link.attributes["href"]:
            found[-1] = (found[-1][0] + link.text, found[-1][1])
        else:
            found.append((link.text, link.attributes["href"]))
    assert found == links, remark


def test_a_footnote_mark_inside_a_mention_divides_the_link_and_keeps_the_text():
    html = link_text("第1540(2004)号决议", [Span(0, 14, "/r")], [Mark(5, "#p-fn1", "1", "脚注1", "r-fn1")])
    tree, _ = read(html)
    assert tree.text == "第1540(2004)号决议"
    assert [link.attributes["href"] for link in tree.all("a")] == ["/r", "#p-fn1", "/r"]


def test_line_breaks_of_the_source_are_shown_and_kept():
    assert link_text("主席\n某某(签名)") == "主席<br>\n某某(签名)"


def test_every_paragraph_of_every_bundled_document_is_rendered_unchanged(client, bundled_documents):
    compared = 0
    for symbol, document in bundled_documents.items():
        tree = page(client, f"/{symbol}")
        for paragraph in document.paragraphs.all():
            place = tree.with_id(f"p-{paragraph.anchor}")
            assert place is not None, (symbol, paragraph.anchor)
            element = place if "text" in place.classes else place.all(css="text")[0]
            assert element.text == paragraph.text, (symbol, paragraph.anchor)
            compared += 1
    assert compared == Paragraph.objects.count() == 301


@pytest.mark.parametrize("step", [4, pytest.param(1, marks=pytest.mark.long)])
def test_every_paragraph_page_shows_the_stored_text(client, bundled_documents, step):
    for symbol, document in bundled_documents.items():
        for paragraph in document.paragraphs.all()[::step]:
            tree = page(client, f"/{symbol}/p/{paragraph.anchor}")
            assert tree.with_id(f"p-{paragraph.anchor}").all(css="text")[0].text == paragraph.text


@given(TEXTS, st.lists(st.tuples(OFFSETS, OFFSETS), max_size=5))
def test_an_excerpt_is_a_piece_of_the_text_and_marks_lie_in_it(text, places):
    found = excerpt(text, places)
    assert found.words == text[found.start : found.end]
    tree, _ = read(found.html)
    assert tree.text == found.words
    assert all(found.start <= start < end <= found.end for start, end in found.marks)


@given(TEXTS.filter(bool), st.data())
def test_an_excerpt_holds_the_place_it_was_made_for(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    found = excerpt(text, [(start, end)])
    assert found.marks and found.marks[0][0] == start


@each_row()
def test_excerpts_are_sentences(text, place, words, remark):
    at = text.index(place)
    assert excerpt(text, [(at, at + len(place))]).words == words, remark


def test_the_neighbour_before_ends_with_its_last_sentence():
    found = last_sentence("第一句。第二句。")
    assert (found.words, found.marks) == ("第二句。", ())


@given(TEXTS, TEXTS)
def test_two_wordings_are_compared_without_changing_either(then, now):
    difference = compare(then, now)
    old, _ = read(difference.then)
    new, _ = read(difference.now)
    assert (old.text, new.text) == (then, now)
    assert sum(len(element.text) for element in old.all("del")) == difference.struck
    assert sum(len(element.text) for element in new.all("ins")) == difference.added
    assert len(then) - difference.struck == len(now) - difference.added


def test_a_figure_changes_as_a_whole():
    changes = compare("延长至2021年4月25日为止；", "延长至2032年11月30日为止；", figures=True).changes
    assert [(change.struck, change.added) for change in changes] == [
        ("2021", "2032"),
        ("4", "11"),
        ("25", "30"),
    ]


def test_very_long_wordings_are_compared_at_their_ends():
    then, now = "甲" * 6000 + "乙" + "丙" * 6000, "甲" * 6000 + "丁戊" + "丙" * 6000
    difference = compare(then, now)
    assert [(change.struck, change.added) for change in difference.changes] == [("乙", "丁戊")]
