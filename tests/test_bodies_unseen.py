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
    ("地中海经济合作组织", [], "a sea"),
    ("中东海关组织", [], "a region before an alias"),
    ("集体安全理事会", [], "another security council"),
    ("俄罗斯联邦安全理事会秘书", [], "a State's own council"),
    ("印度尼西亚原子能机构", [], "a State's own agency"),
    ("赞比亚人权委员会", [], "a commission of a State"),
    ("美国国际开发署", [], "a national agency"),
    (
        "法国、安全理事会和其中国际原子能机构",
        ["安全理事会 → 安全理事会", "国际原子能机构 → 国际原子能机构"],
        "no seam",
    ),
    ("国家元首协商", [], "首协 of two words"),
    ("各维和特派团、外地特派团和政治特派团", [], "a class of missions"),
    ("北约坚定支持特派团", ["北约坚定支持特派团 → 坚定支助特派团"], "支持 belongs to the name"),
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


CONFERENCES = [
    ("在联合国可持续发展大会上作出承诺", False, "a conference"),
    ("第三次联合国世界减少灾害风险大会", False, "the third of them"),
    ("联合国住房和城市可持续发展大会(人居三大会)", False, "an abbreviation behind it"),
    ("联合国2023年水会议的成果", False, "a year inside"),
    ("联合国粮食体系峰会", False, "a summit"),
    ("联合国人权事务高级专员的报告", False, "an office"),
    ("联合国可持续发展合作框架", False, "a framework"),
    ("联合国在纽约举行会议", True, "what it does is no name"),
    ("联合国主办会议", True, "a verb"),
    ("联合国的会议", True, "的"),
    ("联合国会议室", True, "a room"),
    ("联合国会员国大会", True, "its members"),
    ("联合国和各国举行会议", True, "和"),
]


@pytest.mark.parametrize(("text", "named", "remark"), CONFERENCES, ids=[row[2] for row in CONFERENCES])
def test_the_organization_is_not_named_inside_the_name_of_a_conference(text, named, remark):
    assert ("联合国 → 联合国" in shown(text)) is named, remark


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


MONUC, MONUSCO = "联合国组织刚果民主共和国特派团", "联合国组织刚果民主共和国稳定特派团"
BOTH = f"{MONUC}后来称为{MONUSCO}。"
FOLLOWING = [
    (2006, "第751(1992)号决议所设委员会专家小组", "索马里问题专家小组", "before either: the nearer"),
    (2021, "751委员会专家小组", "索马里问题专家小组", "the first panel"),
    (2024, "751委员会专家小组", "青年党问题专家小组", "the panel that followed, by the same words"),
    (None, "751委员会专家小组", "索马里问题专家小组", "a document without a date: as the table has it"),
    (2005, "第751(1992)号决议所设委员会监察组", "索马里问题监察组", "its first monitoring group"),
    (2015, "第751(1992)号决议所设委员会监察组", "索马里和厄立特里亚问题监察组", "its second"),
    (
        1994,
        "安全理事会决定延长联索行动的任务",
        "第二期联合国索马里行动",
        "two with one short form",
    ),
    (2008, f"{BOTH}特派团继续工作。", MONUC, "a mission and its successor: the one of the time"),
    (2015, f"{BOTH}特派团继续工作。", MONUSCO, "the other"),
    (2015, "安全理事会请特派团继续工作。", None, "no mission named before"),
    (2015, "联合国大会设立了特设委员会。", None, "a noun of many bodies"),
]


@pytest.mark.parametrize(("year", "text", "last", "remark"), FOLLOWING)
def test_of_bodies_that_follow_each_other_the_date_chooses(year, text, last, remark):
    facts = Facts(symbol="S/AC.44/SR.74", date=year and f"{year}-05-01")
    surfaces, names = zip(*(line.split(" → ") for line in shown(text, facts)), strict=True)
    if last:
        assert names[-1] == last
    else:
        assert not {"特派团", "特设委员会"} & {*surfaces}


WHOLE = [
    ("联合国艾滋病毒/艾滋病联合规划署", "a stroke inside"),
    ("联合国开发计划署、联合国人口基金和联合国项目事务署执行局", "three bodies inside"),
    ("《联合国气候变化框架公约》缔约方会议", "a title at the beginning"),
    ("联合国评价小组", "begins with 联合国"),
    ("联合国难民事务高级专员公署", "an office"),
    ("联合国科索沃临时行政当局特派团", "a State's name inside"),
    ("前南斯拉夫问题国际法庭", "a former State's"),
    ("刑事法庭余留事项国际处理机制", "other nouns inside"),
    ("乍得湖流域委员会", "a State's name at the beginning"),
    ("机构间常设委员会", "a body of the system"),
]


@table([(name, [f"{name} → {name}"], remark) for name, remark in WHOLE])
def test_a_long_name_is_one_body(text, wanted, remark):
    assert shown(text) == wanted


def test_no_body_begins_inside_the_name_of_a_state():
    assert shown("索马里制裁委员会和南苏丹人权专员") == []
    assert shown("马里稳定团")[0].endswith("联合国马里多层面综合稳定特派团")
