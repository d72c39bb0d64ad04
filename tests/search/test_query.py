"""The query language."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from search.query.language import (
    And,
    Field,
    Near,
    Not,
    Or,
    Phrase,
    ProblemCode,
    Together,
    Words,
    parse,
    unparse,
)
from search.query.language.messages import message_of
from tests.tables import rows_from

QUERIES = [
    ("出口管制", Words("出口管制"), "a word"),
    ("出口管制　外联", Together((Words("出口管制"), Words("外联"))), "ideographic space"),
    ('"国家行为体"', Phrase("国家行为体"), "straight marks"),
    ("“国家行为体”", Phrase("国家行为体"), "curly marks"),
    ("「国家行为体」", Phrase("国家行为体"), "corner marks"),
    ("『国家行为体』", Phrase("国家行为体"), "white corner marks"),
    ("＂国家行为体＂", Phrase("国家行为体"), "full-width marks"),
    ("”国家行为体“", Phrase("国家行为体"), "marks the wrong way round"),
    ("《公约》", Words("《公约》"), "title marks stay themselves"),
    ("「甲『乙』丙」", Phrase("甲『乙』丙"), "marks inside marks"),
    ('"称"威斯巴登进程"的"', Phrase('称"威斯巴登进程"的'), "a quoted text that quotes"),
    ("“程””", Phrase("程”"), "a quoted text that ends in a mark"),
    ("““程”", Phrase("“程"), "or begins with one"),
    ('"甲" "乙"', Together((Phrase("甲"), Phrase("乙"))), "two phrases"),
    ('"甲"或"乙"', Or((Phrase("甲"), Phrase("乙"))), "OR without blanks"),
    ("甲 OR 乙", Or((Words("甲"), Words("乙"))), "OR"),
    ("甲 或 乙 或 丙", Or((Words("甲"), Words("乙"), Words("丙"))), "in Chinese"),
    ("甲 且 乙 或 丙", Or((And((Words("甲"), Words("乙"))), Words("丙"))), "AND binds more"),
    ("甲 且 （乙 或 丙）", And((Words("甲"), Or((Words("乙"), Words("丙"))))), "brackets, full width"),
    ("威斯巴登 -印度", Together((Words("威斯巴登"), Not(Words("印度")))), "minus"),
    ("威斯巴登 －“印度”", Together((Words("威斯巴登"), Not(Phrase("印度")))), "full-width minus, phrase"),
    ("C-SS-4/DEC.3", Words("C-SS-4/DEC.3"), "hyphens of a symbol are no minus"),
    ("1540(2004)", Words("1540(2004)"), "brackets of a symbol"),
    ("S/RES/1540 (2004) 决议", Together((Words("S/RES/1540 (2004)"), Words("决议"))), "with its blank"),
    ("第 1540 （2004） 号决议", Words("第 1540 （2004） 号决议"), "with several"),
    ("(CFSP)2018/1939", Words("(CFSP)2018/1939"), "also in front"),
    ("S/AC.44/2004/(02)/5", Words("S/AC.44/2004/(02)/5"), "and inside"),
    ("国家:巴西", Field("state", ("巴西",)), "a field"),
    ("国家：巴西", Field("state", ("巴西",)), "full-width colon"),
    ("State:BRA", Field("state", ("BRA",)), "English name"),
    ("年份:2010-2016", Field("year", ("2010-2016",)), "a range stays as typed"),
    ("年份:2010，2016", Field("year", ("2010", "2016")), "alternatives"),
    ("国家: 印度", Field("state", ("印度",)), "a blank behind the colon"),
    ("国家：　“印度”", Field("state", ("印度",)), "a wide one, and a quoted value"),
    ('"甲""乙"', Together((Phrase("甲"), Phrase("乙"))), "two phrases with nothing between"),
    ("甲 && 乙", And((Words("甲"), Words("乙"))), "as programmers write it"),
    ("甲 || 乙", Or((Words("甲"), Words("乙"))), "and this"),
    ("war and peace", Together((Words("war"), Words("and"), Words("peace"))), "English words"),
    ('机构:"禁化武组织"', Field("body", ("禁化武组织",)), "a quoted value"),
    ("-国家:印度", Not(Field("state", ("印度",))), "a field taken away"),
    ("https://undocs.org/S/2010/52", Words("https://undocs.org/S/2010/52"), "an address is no field"),
    ("核 NEAR/5 安全", Near(Words("核"), Words("安全"), 5), "near"),
    ("核 近/5 “安全”", Near(Words("核"), Phrase("安全"), 5), "in Chinese, with a phrase"),
    ("“核”NEAR/5“安全”", Near(Phrase("核"), Phrase("安全"), 5), "without blanks"),
    ("核 NEAR 安全", Near(Words("核"), Words("安全"), 10), "a distance that goes without saying"),
    ("核 THEN/5 安全", Near(Words("核"), Words("安全"), 5, True), "in this order"),
    ("核 先/5 安全", Near(Words("核"), Words("安全"), 5, True), "in Chinese"),
    ("核 THEN 安全", Near(Words("核"), Words("安全"), 10, True), "a distance that goes without saying"),
    ("核 NEAR/S 安全", Near(Words("核"), Words("安全"), None), "in one sentence"),
    ("核 近/句 安全", Near(Words("核"), Words("安全"), None), "in Chinese"),
    ("核 THEN/S “安全”", Near(Words("核"), Phrase("安全"), None, True), "and in this order"),
    ("核 先/句 安全", Near(Words("核"), Words("安全"), None, True), "in Chinese"),
    ("首先/5", Words("首先/5"), "no operator inside a word"),
    ("先 核", Together((Words("先"), Words("核"))), "a word of its own"),
    ("标题:核安全 峰会", Together((Field("heading", ("核安全",)), Words("峰会"))), "text of headings"),
    ("脚注:“核 安全”", Field("footnote", ("核 安全",)), "text of footnotes"),
    ("题名:综合审查", Field("title", ("综合审查",)), "the title of the document"),
    ("核 NEAR/0 安全", Near(Words("核"), Words("安全"), 0), "side by side, in either order"),
    (
        "甲 核 NEAR/5 安全 乙",
        Together((Words("甲"), Near(Words("核"), Words("安全"), 5), Words("乙"))),
        "binds most",
    ),
    ("(核 或 生物) NEAR/5 安全", Near(Or((Words("核"), Words("生物"))), Words("安全"), 5), "alternatives"),
    (
        "甲 NEAR/2 乙 NEAR/3 丙",
        And((Near(Words("甲"), Words("乙"), 2), Near(Words("乙"), Words("丙"), 3))),
        "a chain",
    ),
    ("-(甲 NEAR/2 乙) 丙", Together((Not(Near(Words("甲"), Words("乙"), 2)), Words("丙"))), "taken away"),
    ("NEAREST", Words("NEAREST"), "a word that begins alike"),
    ("近 年", Together((Words("近"), Words("年"))), "without a number, a word"),
    ("", None, "nothing"),
    ("　 ", None, "blanks"),
]


@pytest.mark.parametrize(("text", "root", "remark"), QUERIES)
def test_queries(text, root, remark):
    query = parse(text)
    assert query.root == root, remark
    assert query.problems == (), remark


PROBLEMS = [
    ('"甲 乙', Together((Words("甲"), Words("乙"))), [(ProblemCode.UNBALANCED_QUOTE, 0)]),
    ("甲 “", Words("甲"), [(ProblemCode.UNBALANCED_QUOTE, 2)]),
    ('""', None, [(ProblemCode.EMPTY_QUOTES, 0)]),
    ("(甲 乙", Together((Words("甲"), Words("乙"))), [(ProblemCode.UNBALANCED_BRACKET, 0)]),
    ("甲 OR", Words("甲"), [(ProblemCode.DANGLING_OPERATOR, 2)]),
    ("OR 甲", Words("甲"), [(ProblemCode.DANGLING_OPERATOR, 0)]),
    ("网址:甲", Together((Words("网址"), Words("甲"))), [(ProblemCode.UNKNOWN_FIELD, 0)]),
    ("年份:", None, [(ProblemCode.EMPTY_FIELD, 0)]),
    ("年份: OR 甲", Words("甲"), [(ProblemCode.EMPTY_FIELD, 0), (ProblemCode.DANGLING_OPERATOR, 4)]),
    (
        "年份: 国家:印度",
        Field("state", ("印度",)),
        [(ProblemCode.EMPTY_FIELD, 0)],
    ),
    ("甲)", Words("甲"), [(ProblemCode.UNBALANCED_BRACKET, 1)]),
    ("(甲))", Words("甲"), [(ProblemCode.UNBALANCED_BRACKET, 3)]),
    ("（）", None, [(ProblemCode.EMPTY_BRACKETS, 0)]),
    ("甲 ()", Words("甲"), [(ProblemCode.EMPTY_BRACKETS, 2)]),
    ("核*", Words("核*"), [(ProblemCode.WILDCARD, 1)]),
    ("大规模＊武器", Words("大规模＊武器"), [(ProblemCode.WILDCARD, 3)]),
    (
        "甲 or 乙",
        Together((Words("甲"), Words("or"), Words("乙"))),
        [(ProblemCode.SMALL_OPERATOR, 2)],
    ),
    ("甲 …… -", Words("甲"), [(ProblemCode.ONLY_PUNCTUATION, 2), (ProblemCode.ONLY_PUNCTUATION, 5)]),
    ("甲 NEAR/5", Words("甲"), [(ProblemCode.DANGLING_OPERATOR, 2)]),
    ("NEAR/5 甲", Words("甲"), [(ProblemCode.DANGLING_OPERATOR, 0)]),
    ("甲 NEAR/999 乙", Near(Words("甲"), Words("乙"), 200), [(ProblemCode.TOO_FAR, 2)]),
    ("甲 NEAR/5 国家:印度", And((Words("甲"), Field("state", ("印度",)))), [(ProblemCode.NEAR_OPERAND, 2)]),
    ("甲 NEAR/5 NEAR/3 乙", Near(Words("甲"), Words("乙"), 3), [(ProblemCode.DANGLING_OPERATOR, 2)]),
    ("甲 NOT", Words("甲"), [(ProblemCode.DANGLING_OPERATOR, 2)]),
]


@pytest.mark.parametrize(("text", "root", "problems"), PROBLEMS)
def test_what_cannot_be_read_is_named_with_its_place_and_the_rest_is_searched(text, root, problems):
    query = parse(text)
    assert query.root == root
    assert [(problem.code, problem.at) for problem in query.problems] == problems


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
