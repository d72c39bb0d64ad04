"""The query language."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from search.query.language import ast
from search.query.language.ast import Field, Near, Not, Phrase, ProblemCode, Words
from search.query.language.messages import message_of
from search.query.language.parser import parse
from search.query.language.unparse import unparse
from tests.tables import each_row, rows_from


def tree(told):
    """The node that a row tells: words as they stand, or the name of a node and what it is made of."""
    if not isinstance(told, tuple):
        return Words(told) if isinstance(told, str) else told
    node, parts = getattr(ast, told[0]), told[1:]
    if node in (Phrase, Field):
        return node(*parts)
    return node(*map(tree, parts)) if node in (Near, Not) else node(tuple(map(tree, parts)))


@each_row("QUERIES")
def test_queries(text, root, remark):
    query = parse(text)
    assert query.root == tree(root), remark
    assert query.problems == (), remark


@each_row("PROBLEMS")
def test_what_cannot_be_read_is_named_with_its_place_and_the_rest_is_searched(text, root, problems):
    query = parse(text)
    assert query.root == tree(root)
    assert tuple((problem.code.name, problem.at) for problem in query.problems) == problems


def test_too_long_a_query_is_refused():
    assert [problem.code for problem in parse("核" * 4001).problems] == [ProblemCode.TOO_LONG]
    assert parse("核" * 4000).problems == ()
    assert [problem.code for problem in parse("ﷺ" * 450).problems] == [ProblemCode.TOO_LONG], (
        "18 letters each"
    )


def test_brackets_may_not_be_nested_without_end():
    codes = [problem.code for problem in parse("(" * 50 + "甲" + ")" * 50).problems]
    assert codes == [ProblemCode.TOO_DEEP]  # and nothing of brackets that do have a partner
    assert ProblemCode.TOO_DEEP in [problem.code for problem in parse("(" * 900 + "甲" + ")" * 900).problems]


@pytest.mark.parametrize("operator", ["NEAR", "NEAR/200", "NEAR/S", "THEN"])
@pytest.mark.parametrize("between", [" {} ", " {} 乙 OR 丙 "])
def test_pairs_that_stand_near_are_looked_up_twenty_at_most(operator, between):
    """Three hundred took the processor eight seconds over 6,000 paragraphs."""
    query = parse(between.format(operator).join(["甲"] * 200))
    assert repr(query.root).count("Near(") == 20
    assert [problem.code for problem in query.problems] == [ProblemCode.TOO_MANY_NEAR]
    assert "前20对" in message_of(query.problems[0])


PIECES = rows_from(__name__, "PIECES")
PIECES += ["国家:", "年份：", "2010-2016", ",", "1540(2004)", "S/2010/52", "|", ":", "x:"]


@example('A:-0"NEAR/0 0)')
@example("OR)")
@example("A 0 NEAR/1 b NEAR/1 1540(2004")
@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=14).map("".join)))
def test_parse_never_fails_and_unparse_is_its_inverse(text):
    root = parse(text).root
    assert parse(unparse(root)).root == root


@given(st.text(min_size=1).map(str.strip).filter(bool))
def test_any_text_can_be_quoted(text):
    if "“" not in text and "”" not in text:
        assert parse(f"“{text}”").root == Phrase(text)
