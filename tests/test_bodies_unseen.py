"""Bodies in sentences that the finder was not written for: text, ``surface → full name`` of each, remark."""

import pytest

from archive.text.bodies import find_bodies
from archive.text.bodies.trie import Trie
from archive.text.parsed import Facts, Kind, ParsedParagraph
from archive.text.reference import load_reference

PAPER = Facts(symbol="S/2016/1013")


def shown(text, facts=PAPER):
    """The bodies of one paragraph, as in the tables."""
    found = find_bodies([ParsedParagraph("1", Kind.PARAGRAPH, text)], facts, load_reference())
    assert all(text[body.start : body.end] == body.surface for body in found)
    return [f"{body.surface} → {body.body}" for body in found]


def table(rows):
    return pytest.mark.parametrize(("text", "wanted", "remark"), rows, ids=[row[0] for row in rows])


C751 = "安全理事会第751(1992)号决议所设委员会"

BUILT = [
    ("1751委员会提交了报告。", [], "the end of a longer number"),
    ("文件2/1540委员会", [], "behind a stroke"),
    ("751委员会提交了报告。", [f"751委员会 → {C751}"], "the number itself"),
    ("中亚经济合作组织", [], "a region before a full name"),
    ("黑海经济合作组织", [], "a sea"),
    ("中东海关组织", [], "a region before an alias"),
    ("集体安全理事会", [], "another security council"),
    ("俄罗斯联邦安全理事会秘书", [], "a State's own council"),
    ("印度尼西亚原子能机构", [], "a State's own agency"),
    ("南苏丹人权委员会", [], "a commission on a State"),
    ("美国国际开发署", [], "a national agency"),
    (
        "法国、安全理事会和其中国际原子能机构",
        ["安全理事会 → 安全理事会", "国际原子能机构 → 国际原子能机构"],
        "no seam",
    ),
    ("国家元首协商", [], "首协 of two words"),
    ("各维和特派团、外地特派团和政治特派团", [], "a class of missions"),
    ("北约坚定支持特派团", ["北约 → 北大西洋公约组织"], "支持 belongs to the name"),
]


@table(BUILT)
def test_no_body_inside_a_longer_name(text, wanted, remark):
    assert shown(text) == wanted


DEFINED = [
    ("财政支持、联合国项目采购署(项目采购署)表示。", "联合国项目采购署", "the last of a list"),
    ("即联合国西岸应急特派团(应急特派团)已经撤离。", "联合国西岸应急特派团", "behind 即"),
    ("1国际货物贸易中心(货贸中心)提供资料。", "国际货物贸易中心", "behind the number of a note"),
    ("见注1国际货物贸易中心(货贸中心)提供资料。", "国际货物贸易中心", "behind a reference to a note"),
    ("东方能源机构、国际盐业联合会(盐联)和其他各方", "国际盐业联合会", "two unknown ones"),
    ("教育、文化和科学总署(教文总署)", "教育、文化和科学总署", "、 inside the name"),
    ("与加勒比武装解放组织(解放组织)交战", None, "an armed group is no body"),
]


@pytest.mark.parametrize(("text", "name", "remark"), DEFINED, ids=[row[0] for row in DEFINED])
def test_a_name_that_a_document_defines_begins_where_it_begins(text, name, remark):
    names = {line.partition(" → ")[2] for line in shown(text)}
    assert names == ({name} if name else set())


@pytest.mark.parametrize("strings", [("联大", "联合国", "会"), ("大", "大会", "大会堂"), ("ab", "abc"), ()])
def test_the_longest_string_at_each_place(strings):
    text = "联合国大会堂ab联大abc会"
    wanted = [
        (start, start + max(lengths))
        for start in range(len(text))
        if (lengths := [len(string) for string in strings if text.startswith(string, start)])
    ]
    found = Trie({string: string for string in strings}).everywhere(text)
    assert [(start, end) for start, end, _ in found] == wanted
