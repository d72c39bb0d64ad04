"""Whose a number is: boards, commissions, other organizations, 其; their symbols; pinpoints further behind.

Rows as in ``test_mentions``: text, document, what must come, remark.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.presenters.symbols import read_aloud
from archive.text.mentions import find_mentions, find_own_references
from archive.text.parsed import DocumentType, Facts, Kind, ParsedParagraph
from archive.text.reference import load_reference
from archive.text.symbols import Symbol
from tests.test_mentions import ASSEMBLY_REPORT, ECOSOC_REPORT, HRC_REPORT, LETTER, shown

from .tables import rows_from


def report(symbol, **facts):
    return Facts(symbol=symbol, document_type=DocumentType.REPORT, **facts)


def resolution(symbol):
    return Facts(symbol=symbol, document_type=DocumentType.RESOLUTION)


def table(rows):
    return pytest.mark.parametrize(("text", "facts", "wanted", "remark"), rows, ids=[row[0] for row in rows])


UNICEF, UNDP = report("E/ICEF/2022/10"), report("DP/2022/6")

OWNERS = [
    ("执行局第2022/6号决定", UNICEF, [], "a board, in its own document"),
    ("执行局在其第2022/6号决定中请", UNDP, [], "its"),
    ("儿童基金会执行局第2021/3号决定", ECOSOC_REPORT, [], "a board, in a document of the Council"),
    ("开发署/人口基金/项目署执行局第2019/4号决定和第2019/12号决定", ASSEMBLY_REPORT, [], "a list"),
    ("妇女署执行局2022年年会第2022/4号决定", ASSEMBLY_REPORT, [], "with a session between"),
    ("粮食署执行局2011年第二届常会第2011/11号决定", ECOSOC_REPORT, [], "with a numbered session"),
    ("按照第2019/7号决定的要求", UNDP, [], "nobody named, a board's document"),
    ("按照第2019/7号决定的要求", ASSEMBLY_REPORT, [], "nobody named: the Council begins at 100"),
    (
        "执行局注意到大会第72/279号决议，并通过第2022/6号决定",
        UNICEF,
        ["第72/279号决议 → A/RES/72/279"],
        "the Assembly's beside",
    ),
    (
        "经济及社会理事会第2022/355号决定",
        UNICEF,
        ["第2022/355号决定 → E/DEC/2022/355"],
        "the Council named in a board's document",
    ),
    ("理事会第2022/6号决定", ECOSOC_REPORT, ["第2022/6号决定 → E/DEC/2022/6"], "as the text says"),
    ("第2022/355号决定", ECOSOC_REPORT, ["第2022/355号决定 → E/DEC/2022/355"], "numbers of that Council"),
    (
        "经社理事会在其第2021/8号决议中",
        UNDP,
        ["第2021/8号决议 → E/RES/2021/8"],
        "boards adopt no resolutions of this form",
    ),
    (
        "妇女地位委员会由经济及社会理事会根据其1946年6月21日第11(II)号决议设立",
        ASSEMBLY_REPORT,
        ["第11(II)号决议 → E/RES/11(II)"],
        "其 is the Council right before",
    ),
    (
        "该司法机构是理事会按照其1968年5月23日第1296(XLIV)号决议设立的",
        ECOSOC_REPORT,
        ["第1296(XLIV)号决议 → E/RES/1296(XLIV)"],
        "理事会 alone",
    ),
    (
        "理事会回顾其1967年6月6日第1235(XLII)号决议",
        ASSEMBLY_REPORT,
        ["第1235(XLII)号决议 → E/RES/1235(XLII)"],
        "in a document of the Assembly",
    ),
    (
        "回顾其1946年2月16日第9(II)号决议",
        resolution("E/RES/2016/3"),
        ["第9(II)号决议 → E/RES/9(II)"],
        "in a resolution of the Council",
    ),
    ("根据第60/288号决议", report("S/2007/132"), ["第60/288号决议 → A/RES/60/288"], "a Council document"),
    ("根据第64/292号决议", report("E/CN.5/2019/3"), ["第64/292号决议 → A/RES/64/292"], "a commission"),
    ("根据第49/60号决议", report("NPT/CONF.2005/4"), ["第49/60号决议 → A/RES/49/60"], "before that Council"),
    ("根据第50/70号决议", LETTER, ["第50/70号决议 → A/RES/50/70"], "that Council was at session 33 in 2016"),
    ("根据第49/60号决议", report("S/2022/318"), ["?第49/60号决议 → A/RES/49/60"], "both had come so far"),
    ("根据第60/251号决议", HRC_REPORT, ["第60/251号决议 → A/RES/60/251"], "too high for the document's own"),
    ("根据第62/7号决议", HRC_REPORT, ["第62/7号决议 → A/RES/62/7"], "session 52 is of 2023"),
    (
        "根据第60/2号决议",
        report("E/CN.6/2017/4"),
        ["?第60/2号决议 → A/RES/60/2"],
        "may be the commission's own",
    ),
    ("第2004/25号决议", report("E/CN.4/2005/9"), ["第2004/25号决议 → E/CN.4/RES/2004/25"], "its own"),
    ("环境大会第5/14号决议", ASSEMBLY_REPORT, [], "the Environment Assembly"),
    ("人居大会第1/2号决议", ASSEMBLY_REPORT, [], "the Habitat Assembly"),
    ("《生物多样性公约》缔约方大会第14/8号决定", ASSEMBLY_REPORT, [], "a conference of parties"),
    ("工发组织大会第19/2号决议", ASSEMBLY_REPORT, [], "a governing conference"),
    ("欧安组织部长理事会第3/20号决定", LETTER, [], "the OSCE, by number only"),
    ("赔偿委员会理事会第267(2009)号决定", LETTER, [], "the Compensation Commission"),
    ("非盟和平与安全理事会第1100(2022)号决定", LETTER, [], "another security council"),
]

SLASHED = [
    (
        "第1267/1989/2253号决议",
        LETTER,
        ["第1267 → S/RES/1267(1999)", "1989 → S/RES/1989(2011)", "2253号决议 → S/RES/2253(2015)"],
        "three",
    ),
    (
        "第1718(2006)/1874(2009)/2094(2013)号决议第8段",
        LETTER,
        [
            "第1718(2006) → S/RES/1718(2006)",
            "1874(2009) → S/RES/1874(2009)",
            "2094(2013)号决议 → S/RES/2094(2013) §8",
        ],
        "with years",
    ),
    (
        "第1267/1989号决议",
        LETTER,
        ["第1267 → S/RES/1267(1999)", "1989号决议 → S/RES/1989(2011)"],
        "the second looks like a year",
    ),
    (
        "第1988/1989号决议",
        LETTER,
        ["第1988 → S/RES/1988(2011)", "1989号决议 → S/RES/1989(2011)"],
        "both look like years",
    ),
    ("安理会第751/1907号决议", LETTER, ["?第751 → S/RES/751(1992)", "?1907号决议 → S/RES/1907(2009)"], "two"),
    ("第428/2009号条例", LETTER, [], "an act of some union"),
    ("欧盟第1907/2006号条例", LETTER, ["第1907/2006号条例 → EU:1907/2006"], "an act of the European Union"),
    ("第1996/310号决议", ECOSOC_REPORT, ["第1996/310号决议 → E/RES/1996/310"], "a year and a number"),
    ("1267/1989/2253委员会", LETTER, [], "a body"),
    ("票数为101/102/103，编号2016/2017/18", LETTER, [], "figures"),
]

SYMBOLS = [
    ("世界卫生大会WHA55.16号决议", ["WHA55.16号决议 → WHA55.16"], "a resolution"),
    ("第WHA58.3号决议和WHA61.2号决议", ["第WHA58.3号决议 → WHA58.3", "WHA61.2号决议 → WHA61.2"], "two"),
    ("见WHA61/2008/REC/1号文件", ["WHA61/2008/REC/1号文件 → WHA61/2008/REC/1"], "a record"),
    ("WHA75(8)号决定", ["WHA75(8)号决定 → WHA75(8)"], "a decision"),
    ("国际民航组织大会A39-22号决议", ["A39-22号决议 → A39-22"], "the Assembly of ICAO"),
    ("通过的第A40-11号决议", ["第A40-11号决议 → A40-11"], "with 第"),
    ("欧安组织FSC.DEC/7/11号决定", ["FSC.DEC/7/11号决定 → FSC.DEC/7/11"], "the OSCE's forum"),
    ("PC.DEC/1039和MC.DOC/1/03", ["PC.DEC/1039 → PC.DEC/1039", "MC.DOC/1/03 → MC.DOC/1/03"], "its councils"),
    (
        "美洲组织AG/RES. 2534 (XL-O/10)号决议",
        ["AG/RES. 2534 (XL-O/10)号决议 → AG/RES.2534(XL-O/10)"],
        "with spaces",
    ),
    ("CP/RES.1103(2168/18)", ["CP/RES.1103(2168/18) → CP/RES.1103(2168/18)"], "its Permanent Council"),
    ("AG/RES.1 (XX-E/94)", ["AG/RES.1 (XX-E/94) → AG/RES.1(XX-E/94)"], "no double symbol"),
    ("UNICEF/2021/EB/4", ["UNICEF/2021/EB/4 → UNICEF/2021/EB/4"], "a series of a fund"),
    ("INFCIRC/153 (Corr.)号文件", ["INFCIRC/153 (Corr.)号文件 → INFCIRC/153(Corr.)"], "a bracket of its own"),
    ("unep：UNEP/EA.4/Res.1", ["UNEP/EA.4/Res.1 → UNEP/EA.4/RES.1"], "shown as printed"),
    ("s/res/1540 (2004)", ["s/res/1540 (2004) → S/RES/1540(2004)"], "small letters"),
    ("A39-22号公路，票价A55.16元，WHA是缩写，A4-11纸", [], "no symbols"),
]

PINPOINTS = rows_from(__name__, "PINPOINTS")


@table(OWNERS)
def test_whose_a_number_is(text, facts, wanted, remark):
    assert shown(text, facts) == wanted


@table(SLASHED)
def test_numbers_with_slashes_between(text, facts, wanted, remark):
    assert shown(text, facts) == wanted


@table([(text, LETTER, wanted, remark) for text, wanted, remark in SYMBOLS])
def test_symbols_of_other_organizations(text, facts, wanted, remark):
    assert shown(text, facts) == wanted


@table([(text, ECOSOC_REPORT, wanted, remark) for text, wanted, remark in PINPOINTS])
def test_paragraphs_named_further_behind(text, facts, wanted, remark):
    mention = shown(text, facts)[0]
    assert mention.partition(" §")[2] == (wanted or "")


AGENCIES = rows_from(__name__, "AGENCIES")


@pytest.mark.parametrize(("given_text", "symbol", "kind", "organ", "number"), AGENCIES)
def test_symbols_of_other_organizations_are_values(given_text, symbol, kind, organ, number):
    parsed = Symbol.parse(given_text)
    assert (str(parsed), parsed.kind, parsed.organ, parsed.number) == (symbol, kind, organ, number)
    assert Symbol.parse(str(parsed)) == parsed and parsed.un_url is None
    assert not any(part.fails for part in read_aloud(str(parsed))) or organ == "国际原子能机构"


@given(st.text("0123456789/.()-WHAFSCDEGRXIVLO ", max_size=24))
def test_a_symbol_in_its_one_form_is_that_form(text):
    try:
        parsed = Symbol.parse(text)
    except ValueError:
        return
    assert str(Symbol.parse(str(parsed))) == str(parsed)


# ---
# References to the document's own paragraphs. Each row: text, what must come, remark.
# The document has paragraphs 1 to 9 in its main part (the text tried is 5), 1 to 3 in its annex, and two
# notes.

REPORT = Facts(symbol="S/2016/1038", document_type=DocumentType.REPORT)
RESOLUTION = Facts(symbol="S/RES/2325(2016)", document_type=DocumentType.RESOLUTION)


def document(text, at="5"):
    blocks = [
        ParsedParagraph("s1", Kind.HEADING, "导言", number="一"),
        *(ParsedParagraph(str(number), Kind.PARAGRAPH, "。", number=str(number)) for number in range(1, 10)),
        ParsedParagraph("3.a", Kind.SUBPARAGRAPH, "。", number="a", parent="3"),
        ParsedParagraph("s2", Kind.HEADING, "结论", number="二"),
        ParsedParagraph("fn1", Kind.FOOTNOTE, "A/57/465。", number="1"),
        ParsedParagraph("fn2", Kind.FOOTNOTE, "。", number="2"),
        *(
            ParsedParagraph(f"annex.{number}", Kind.PARAGRAPH, "。", number=str(number), part="annex")
            for number in range(1, 4)
        ),
        ParsedParagraph("annex.fn1", Kind.FOOTNOTE, "。", number="1", part="annex"),
    ]
    return [
        ParsedParagraph(block.anchor, block.kind, text, number=block.number, part=block.part)
        if block.anchor == at
        else block
        for block in blocks
    ]


def shown_reference(text, at="5", facts=REPORT):
    paragraphs = document(text, at)
    mentions = find_mentions(paragraphs, facts, load_reference())
    found = find_own_references(paragraphs, facts, mentions)
    for reference in found:
        assert text[reference.start : reference.end] == reference.surface
    return [f"{own.surface} {own.paragraph} → {own.target or own.doubt}" for own in found if own.anchor == at]


FORMS = [
    ("见上文第3段", ["上文第3段 3 → 3"], "above"),
    ("下文第8段", ["下文第8段 8 → 8"], "below"),
    ("上文第3(a)段", ["上文第3(a)段 3.a → direction"], "the sub-paragraph stands below here"),
    ("下文第3(a)段", ["下文第3(a)段 3.a → 3.a"], "a sub-paragraph"),
    ("本报告第1至3段", [f"本报告第1至3段 {n} → {n}" for n in (1, 2, 3)], "a range names each"),
    ("本报告第1-3段", [f"本报告第1-3段 {n} → {n}" for n in (1, 2, 3)], "with a dash"),
    ("上文第2和4段", ["上文第2和4段 2 → 2", "上文第2和4段 4 → 4"], "a list"),
    ("上文第8段", ["上文第8段 8 → direction"], "it stands below: doubt"),
    ("上文第20段", ["上文第20段 20 → absent"], "no such paragraph"),
    ("(见第2段)", ["见第2段 2 → 2"], "见 alone"),
    ("本报告附件第2段", ["本报告附件第2段 annex.2 → annex.2"], "in the annex"),
    ("本报告第二节和第一节", ["本报告第二节和第一节 s2 → s2", "本报告第二节和第一节 s1 → s1"], "sections"),
    ("见脚注1", ["见脚注1 fn1 → fn1"], "a note"),
    ("意见第2段", [], "意见 is no 见"),
    ("第1540(2004)号决议第3段", [], "the resolution's paragraph"),
    ("第1540(2004)号决议(见第3段)", [], "still the resolution's"),
    ("该报告第3段", [], "another report"),
    ("本决议第3段", [], "this is no resolution"),
]


@pytest.mark.parametrize(("text", "wanted", "remark"), FORMS)
def test_references_to_own_paragraphs(text, wanted, remark):
    assert shown_reference(text) == wanted


def test_the_same_part_is_sought_first():
    assert shown_reference("上文第1段", at="annex.3") == ["上文第1段 1 → annex.1"]
    assert shown_reference("本报告第9段", at="annex.3") == ["本报告第9段 9 → 9"]


def test_a_resolution_speaks_of_its_own_paragraphs():
    assert shown_reference("本决议第3段", facts=RESOLUTION) == ["本决议第3段 3 → 3"]


def test_ibid_leads_to_the_note_before_in_the_same_part():
    assert shown_reference("同上，第27段。", at="fn2") == ["同上 fn1 → fn1"]
    assert shown_reference("同上。", at="annex.fn1") == ["同上 annex.fn1 → absent"]
    assert shown_reference("同上，第27段。") == []


@given(st.text(alphabet="上文下本报告决议见第123节段、和至-()a脚注同", max_size=40))
def test_places_lie_in_the_text_and_targets_exist(text):
    paragraphs = document(text)
    anchors = {paragraph.anchor for paragraph in paragraphs}
    for own in find_own_references(paragraphs, REPORT):
        assert text[own.start : own.end] == own.surface != ""
        assert (own.target in anchors) != (own.doubt in ("absent", "several", "direction"))
