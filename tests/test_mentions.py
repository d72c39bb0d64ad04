"""Mentions in running Chinese text. Each row is one form: text, what must come, remark.

``what must come`` lists ``surface → symbol §pinpoint``, a ``?`` before the surface marks what is not certain.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.text.mentions import find_mentions
from archive.text.mentions.serials import ASSEMBLY_NUMBERS, COUNCIL_NUMBERS, assembly_session, council_year
from archive.text.parsed import DocumentType, Facts, Kind, ParsedParagraph
from archive.text.reference import load_reference

from .tables import rows_from

LETTER = Facts(symbol="S/2016/1013", document_type=DocumentType.LETTER)
COUNCIL_RESOLUTION = Facts(symbol="S/RES/1810(2008)", document_type=DocumentType.RESOLUTION)
ASSEMBLY_RESOLUTION = Facts(symbol="A/RES/78/50", document_type=DocumentType.RESOLUTION)
ASSEMBLY_REPORT = Facts(symbol="A/74/140", document_type=DocumentType.REPORT)
HRC_RESOLUTION = Facts(symbol="A/HRC/RES/52/3", document_type=DocumentType.RESOLUTION)
HRC_REPORT = Facts(symbol="A/HRC/52/30", document_type=DocumentType.REPORT)
ECOSOC_REPORT = Facts(symbol="E/2015/33", document_type=DocumentType.REPORT)


def shown(text, facts=LETTER, kind=Kind.PARAGRAPH):
    """The mentions of one paragraph, written as in the tables; offsets are checked against the text."""
    found = find_mentions([ParsedParagraph("1", kind, text)], facts, load_reference())
    for mention in found:
        assert text[mention.start : mention.end] == mention.surface
    return [
        f"{'' if mention.certain else '?'}{mention.surface} → {mention.symbol}"
        + (f" §{mention.paragraph}" if mention.paragraph else "")
        for mention in found
    ]


def check(rows, text, wanted, facts=LETTER):
    assert shown(text, facts) == wanted


R1540 = "第1540(2004)号决议 → S/RES/1540(2004)"

SINGLE = [
    ("执行第1540(2004)号决议的进展", [R1540], "plain form"),
    ("安全理事会第1540(2004)号决议", [R1540], "the organ is not in the surface"),
    ("第1540 (2004)号决议", ["第1540 (2004)号决议 → S/RES/1540(2004)"], "space before the bracket"),
    ("第 825(1993)号决议", ["第 825(1993)号决议 → S/RES/825(1993)"], "space after 第"),
    ("第 1540 ( 2004 ) 号 决议", ["第 1540 ( 2004 ) 号 决议 → S/RES/1540(2004)"], "spaces everywhere"),
    ("第2164（2014)号决议", ["第2164（2014)号决议 → S/RES/2164(2014)"], "mixed brackets"),
    ("第1244（1999）号决议", ["第1244（1999）号决议 → S/RES/1244(1999)"], "full-width brackets"),
    (
        "第１５４０（２００４）号决议",
        ["第１５４０（２００４）号决议 → S/RES/1540(2004)"],
        "full-width digits",
    ),
    ("第1540(2004)號決議", ["第1540(2004)號決議 → S/RES/1540(2004)"], "traditional characters"),
    ("安理會第1540(2004)號決議案", ["第1540(2004)號決議案 → S/RES/1540(2004)"], "as in Taiwan"),
    ("2004年4月28日第1540(2004)号决议", [R1540], "the date is not in the surface"),
    ("二零零四年四月二十八日第1540(2004)號決議", ["第1540(2004)號決議 → S/RES/1540(2004)"], "Macao gazette"),
    ("2004428日第1540(2004)号决议", [R1540], "damaged date"),
    ("第2014(2011)号决议", ["第2014(2011)号决议 → S/RES/2014(2011)"], "a number that looks like a year"),
    ("第1540(2004)号决议所设委员会主席", [R1540], "inside the name of a body counts"),
    (
        "关于利比里亚的第1521(2003)号决议所设委员会",
        ["第1521(2003)号决议 → S/RES/1521(2003)"],
        "another committee",
    ),
    ("有效执行“第1540(2004)号决议”的讲习班", [R1540], "in quotation marks"),
    ("安全理事会决议1540(2004)", ["1540(2004) → S/RES/1540(2004)"], "noun in front, number known"),
    (
        "第1540(2004)号文件中的义务",
        ["第1540(2004)号 → S/RES/1540(2004)"],
        "another noun is not in the surface",
    ),
    ("第1540(2004)号决定设立委员会", ["第1540(2004)号 → S/RES/1540(2004)"], "决定 may be a verb"),
    ("决议草案一致获得通过,成为第1540(2004)号决议。", [R1540], "verbatim record"),
    ("安理会第一五四〇(二〇〇四)号决议", ["第一五四〇(二〇〇四)号决议 → S/RES/1540(2004)"], "Chinese digits"),
    (
        "安全理事會第一五四○（二○○四）號決議第三段",
        ["第一五四○（二○○四）號決議 → S/RES/1540(2004) §3"],
        "as in gazettes, a circle for zero",
    ),
    ("大会第二六二五(二十五)号决议", ["第二六二五(二十五)号决议 → A/RES/2625(XXV)"], "session in Chinese"),
    ("Resolution 1540 (2004)第3段", ["1540 (2004) → S/RES/1540(2004) §3"], "English inside Chinese"),
    ("UNSCR 1325 (2000)", ["1325 (2000) → S/RES/1325(2000)"], "as on English sites"),
]

LISTS = [
    (
        "第1540(2004)、1673(2006)和1810(2008)号决议",
        [
            "第1540(2004) → S/RES/1540(2004)",
            "1673(2006) → S/RES/1673(2006)",
            "1810(2008)号决议 → S/RES/1810(2008)",
        ],
        "第 and 号 once",
    ),
    (
        "第825(1993)号、第1540(2004)号、第1695(2006)号和第1928(2010)号决议，以及主席声明",
        [
            "第825(1993)号 → S/RES/825(1993)",
            "第1540(2004)号 → S/RES/1540(2004)",
            "第1695(2006)号 → S/RES/1695(2006)",
            "第1928(2010)号决议 → S/RES/1928(2010)",
        ],
        "第 and 号 each time, 决议 once",
    ),
    (
        "第1810(2008)号和第1977(2011)号决议则扩大了范围",
        ["第1810(2008)号 → S/RES/1810(2008)", "第1977(2011)号决议 → S/RES/1977(2011)"],
        "two members",
    ),
    (
        "重申其2004年4月28日第1540(2004)号、2006年4月27日第1673(2006)号和2008年4月25日第1810(2008)号决议，",
        [
            "第1540(2004)号 → S/RES/1540(2004)",
            "第1673(2006)号 → S/RES/1673(2006)",
            "第1810(2008)号决议 → S/RES/1810(2008)",
        ],
        "dated members",
    ),
    (
        "回顾其以往各项决议，包括第 2141(2014)、 2207(2015)、2270(2016)和 2569(2021)号决议",
        [
            "第 2141(2014) → S/RES/2141(2014)",
            "2207(2015) → S/RES/2207(2015)",
            "2270(2016) → S/RES/2270(2016)",
            "2569(2021)号决议 → S/RES/2569(2021)",
        ],
        "spaces between members",
    ),
    (
        "第1718(2006)、第1874(2009)、第2087(2013)号决议或本决议",
        [
            "第1718(2006) → S/RES/1718(2006)",
            "第1874(2009) → S/RES/1874(2009)",
            "第2087(2013)号决议 → S/RES/2087(2013)",
        ],
        "第 each time, 号 once; 本决议 means nothing in a letter",
    ),
    (
        "第2121(2013)2127(2013)2134(2014)和2149(2014)号决议",
        [
            "第2121(2013) → S/RES/2121(2013)",
            "2127(2013) → S/RES/2127(2013)",
            "2134(2014) → S/RES/2134(2014)",
            "2149(2014)号决议 → S/RES/2149(2014)",
        ],
        "separators lost with the links of a page",
    ),
    (
        "2013)2127(2013)号决议",
        ["2127(2013)号决议 → S/RES/2127(2013)"],
        "the first of such a list cut off",
    ),
    (
        "严格执行安理会1540(2004)、1887(2009)和2325(2016)号决议",
        [
            "1540(2004) → S/RES/1540(2004)",
            "1887(2009) → S/RES/1887(2009)",
            "2325(2016)号决议 → S/RES/2325(2016)",
        ],
        "no 第 at all",
    ),
    (
        "第1373(2001)号决议、第1540(2004)号决议以及第2231(2015)号决议附件B",
        [
            "第1373(2001)号决议 → S/RES/1373(2001)",
            "第1540(2004)号决议 → S/RES/1540(2004)",
            "第2231(2015)号决议 → S/RES/2231(2015) §annex2",
        ],
        "the noun each time",
    ),
    (
        "安全理事会第1673(2006)号、第1810(2008)号等各项有关决议",
        ["第1673(2006)号 → S/RES/1673(2006)", "第1810(2008)号 → S/RES/1810(2008)"],
        "the noun does not touch",
    ),
    (
        "安全理事会1967年11月22日第242(1967)号、1968年5月21日第252(1968)号和1973年10月22日第338(1973)号决议",
        [
            "第242(1967)号 → S/RES/242(1967)",
            "第252(1968)号 → S/RES/252(1968)",
            "第338(1973)号决议 → S/RES/338(1973)",
        ],
        "old resolutions, dated",
    ),
    (
        "第1267(1999)、1989(2011)和2253(2015)号决议所设委员会",
        [
            "第1267(1999) → S/RES/1267(1999)",
            "1989(2011) → S/RES/1989(2011)",
            "2253(2015)号决议 → S/RES/2253(2015)",
        ],
        "a committee of three resolutions",
    ),
    (
        "大会第73/55号、第74/43号和第75/… 号决议",
        [],
        "a list that breaks off is not guessed at",
    ),
    (
        "大会第48/264号(A/52/856)和第51/241号决议(A/52/855)",
        [
            "第48/264号 → A/RES/48/264",
            "A/52/856 → A/52/856",
            "第51/241号决议 → A/RES/51/241",
            "A/52/855 → A/52/855",
        ],
        "a document behind each member",
    ),
    (
        "大会第60/288号(见附件(一))、第66/10号(2011年11月18日)和第72/284号决议",
        ["第60/288号 → A/RES/60/288", "第66/10号 → A/RES/66/10", "第72/284号决议 → A/RES/72/284"],
        "brackets behind the members",
    ),
    (
        "大会2006年9月8日第60/288号、1997年7月31日题为“联合国的‘革新’《方案》”的第51/241号决议",
        ["第60/288号 → A/RES/60/288", "第51/241号决议 → A/RES/51/241"],
        "date and title before the last",
    ),
    (
        "第1540(2004)号和第1673(2006)号决议分别在第3段和第4段规定",
        ["第1540(2004)号 → S/RES/1540(2004) §3", "第1673(2006)号决议 → S/RES/1673(2006) §4"],
        "each its own paragraph",
    ),
    (
        "第1540(2004)号和第1673(2006)号决议分别在第3、5和6段规定",
        ["第1540(2004)号 → S/RES/1540(2004)", "第1673(2006)号决议 → S/RES/1673(2006)"],
        "which paragraph is whose cannot be told",
    ),
]

OWNERS = [
    ("大会关于设立人权理事会的第60/251号决议", ["第60/251号决议 → A/RES/60/251"], "a council as the subject"),
    (
        "关于人权理事会的第60/251号决议",
        ["第60/251号决议 → A/RES/60/251"],
        "the subject only, but that Council never adopts so many",
    ),
    (
        "人权理事会题为“同联合国大会的关系”的第45/22号决议",
        ["第45/22号决议 → A/HRC/RES/45/22"],
        "another organ in the title",
    ),
    ("关于联合国大会通过的第73/55号决议", ["第73/55号决议 → A/RES/73/55"], "adopted by it"),
    ("大会题为“安全理事会的改革”的第47/62号决议", ["第47/62号决议 → A/RES/47/62"], "Council in the title"),
    ("大会根据第一委员会的建议通过第73/55号决议", ["第73/55号决议 → A/RES/73/55"], "a committee recommends"),
    (
        "安全理事会第1540(2004)号和大会第73/55号决议",
        ["第1540(2004)号 → S/RES/1540(2004)", "第73/55号决议 → A/RES/73/55"],
        "Council and Assembly in one list",
    ),
    (
        "大会第49/35 A號決議和1948年12月11日第194(III)號決議第11段",
        ["第49/35 A號決議 → A/RES/49/35A", "第194(III)號決議 → A/RES/194(III) §11"],
        "traditional",
    ),
    ("大会第五十八届会议第58/41号决议", ["第58/41号决议 → A/RES/58/41"], "session between"),
    ("理事会2023年7月25日第2023/315号决定", ["?第2023/315号决定 → E/DEC/2023/315"], "some council"),
    ("大会第70/1号决议", ["第70/1号决议 → A/RES/70/1"], "Assembly beside"),
    ("联大第70/1号决议", ["第70/1号决议 → A/RES/70/1"], "short name"),
    ("大会在其题为“措施”的第73/55号决议中", ["第73/55号决议 → A/RES/73/55"], "title between"),
    ("联合国大会关于核裁军情况核实问题的第71/67号决议", ["第71/67号决议 → A/RES/71/67"], "subject between"),
    ("大会2018年12月5日第73/55号决议", ["第73/55号决议 → A/RES/73/55"], "date between"),
    ("大会第七十三届会议通过的第73/55号决议", ["第73/55号决议 → A/RES/73/55"], "session between"),
    (
        "大会强调不扩散的重要性，并回顾其第77/165号决议",
        ["第77/165号决议 → A/RES/77/165"],
        "owner in an earlier clause",
    ),
    (
        "大会欢迎人权理事会的工作。各国应按照第65/276号决议采取行动",
        ["第65/276号决议 → A/RES/65/276"],
        "the nearest council has not come so far as session 65? the Assembly has",
    ),
    ("人权理事会第49/6号决议", ["第49/6号决议 → A/HRC/RES/49/6"], "Human Rights Council"),
    (
        "人权理事会在2022年3月31日第49/6号决议中",
        ["第49/6号决议 → A/HRC/RES/49/6"],
        "Human Rights Council, dated",
    ),
    (
        "大会第60/251号决议和人权理事会第5/1号决议",
        ["第60/251号决议 → A/RES/60/251", "第5/1号决议 → A/HRC/RES/5/1"],
        "each its own",
    ),
    (
        "人权理事会第16/21号和大会第65/281号决议",
        ["第16/21号 → A/HRC/RES/16/21", "第65/281号决议 → A/RES/65/281"],
        "two organs in one list",
    ),
    ("经济及社会理事会第1996/31号决议", ["第1996/31号决议 → E/RES/1996/31"], "ECOSOC"),
    (
        "经社理事会第2015/33号和第2016/17号决议",
        ["第2015/33号 → E/RES/2015/33", "第2016/17号决议 → E/RES/2016/17"],
        "ECOSOC, list",
    ),
    ("根据第1996/31号决议", ["第1996/31号决议 → E/RES/1996/31"], "a year in front is ECOSOC's form"),
    ("人权委员会第2005/80号决议", ["第2005/80号决议 → E/CN.4/RES/2005/80"], "Commission on Human Rights"),
    ("麻醉药品委员会第53/4号决议", ["第53/4号决议 → E/CN.7/RES/53/4"], "Commission on Narcotic Drugs"),
    ("大会第S-24/2号决议", ["第S-24/2号决议 → A/RES/S-24/2"], "special session"),
    (
        "大会ES-10/13号、ES-10/14号和第ES-10/15号决议",
        [
            "ES-10/13号 → A/RES/ES-10/13",
            "ES-10/14号 → A/RES/ES-10/14",
            "第ES-10/15号决议 → A/RES/ES-10/15",
        ],
        "emergency session, 第 missing",
    ),
    ("大会第49/35 A号决议", ["第49/35 A号决议 → A/RES/49/35A"], "part letter"),
    (
        "大会第73/262 A和B号决议",
        ["第73/262 A → A/RES/73/262A", "B号决议 → A/RES/73/262B"],
        "two parts",
    ),
    ("大会第2625(XXV)号决议，附件", ["第2625(XXV)号决议 → A/RES/2625(XXV)"], "roman session"),
    ("大会第217 A(III)号决议", ["第217 A(III)号决议 → A/RES/217(III)A"], "part letter before the session"),
    (
        "第2200 A (XXI)号决议",
        ["第2200 A (XXI)号决议 → A/RES/2200(XXI)A"],
        "no organ: ECOSOC never came so far",
    ),
    ("大会第377(V) A号决议", ["第377(V) A号决议 → A/RES/377(V)A"], "part letter behind"),
    (
        "大会1947年11月29日第181(II)号和1948年12月11日第194(III)号决议",
        ["第181(II)号 → A/RES/181(II)", "第194(III)号决议 → A/RES/194(III)"],
        "roman, dated list",
    ),
    ("大会第3201(S-VI)号决议", ["第3201(S-VI)号决议 → A/RES/3201(S-VI)"], "old special session"),
    ("经济及社会理事会第11(II)号决议", ["第11(II)号决议 → E/RES/11(II)"], "ECOSOC by its name"),
    ("第11(II)号决议", ["?第11(II)号决议 → E/RES/11(II)"], "nobody named: doubtful"),
    (
        "理事会1576 (L)号决议",
        ["1576 (L)号决议 → E/RES/1576(L)"],
        "some council: no session 50 of the Assembly had roman numbers",
    ),
    ("拉丁美洲和加勒比经济委员会第683(XXXV)号决议", [], "a regional commission is not looked for"),
    ("阿拉伯联盟第14/221号决议", [], "Arab League"),
    (
        "见A/RES/76/10和阿拉伯国家联盟理事会第14/221号决议",
        ["A/RES/76/10 → A/RES/76/10"],
        "right after a UN symbol",
    ),
    ("非洲人权和人民权利委员会在其第263号决议中", [], "African Commission"),
    ("世界卫生大会第58/3号决议", [], "World Health Assembly"),
    ("国际民航组织第三十九届大会第39/20号决议", [], "ICAO Assembly"),
    (
        "第49/6号决议",
        ["第49/6号决议 → A/RES/49/6"],
        "no organ anywhere: in 2016 the Human Rights Council was at 33",
    ),
    ("第78/241号决议", ["第78/241号决议 → A/RES/78/241"], "only the Assembly has come so far"),
    ("蒙古通信管理委员会第37/2022号决议", [], "a national number"),
    ("大会第十届特别会议第S-10/2号决议", ["第S-10/2号决议 → A/RES/S-10/2"], "a special session between"),
    (
        "大会第十届紧急特别会议第ES-10/13号决议",
        ["第ES-10/13号决议 → A/RES/ES-10/13"],
        "an emergency special session between",
    ),
    ("General Assembly resolution 60/288", ["60/288 → A/RES/60/288"], "the organ in English"),
    ("大会决议60/288", ["60/288 → A/RES/60/288"], "noun in front"),
]

DECISIONS = [
    (
        "第2023/201 A号和D号决定",
        ["第2023/201 A号 → E/DEC/2023/201A", "D号决定 → E/DEC/2023/201D"],
        "letters that share a number",
    ),
    ("大会第72/513号决定", ["第72/513号决定 → A/DEC/72/513"], "Assembly"),
    ("经济及社会理事会第2022/355号决定", ["第2022/355号决定 → E/DEC/2022/355"], "ECOSOC"),
    ("第2023/315号决定", ["第2023/315号决定 → E/DEC/2023/315"], "ECOSOC by its form"),
    (
        "大会第73/546号和第73/547号决定",
        ["第73/546号 → A/DEC/73/546", "第73/547号决定 → A/DEC/73/547"],
        "the last word of the list tells",
    ),
    (
        "大会第73/55号决议和第73/546号决定",
        ["第73/55号决议 → A/RES/73/55", "第73/546号决定 → A/DEC/73/546"],
        "each with its noun",
    ),
    ("第2023/201 A号决定", ["第2023/201 A号决定 → E/DEC/2023/201A"], "part letter"),
    (
        "关于“应对使用化学武器的威胁”的C-SS-4/DEC.3号决定",
        ["C-SS-4/DEC.3号决定 → C-SS-4/DEC.3"],
        "OPCW",
    ),
]

EU = [
    ("理事会(CFSP)2018/1939号决定", ["(CFSP)2018/1939号决定 → EU:(CFSP)2018/1939"], "decision"),
    ("全面执行理事会第(CFSP)2016/51号决定", ["第(CFSP)2016/51号决定 → EU:(CFSP)2016/51"], "with 第"),
    ("理事会第(CFSP)/2016/51号决定", ["第(CFSP)/2016/51号决定 → EU:(CFSP)2016/51"], "slash of a line break"),
    (
        "理事会（CFSP）2018/1544号决定和理事会（EU）2018/1542号条例",
        [
            "（CFSP）2018/1544号决定 → EU:(CFSP)2018/1544",
            "（EU）2018/1542号条例 → EU:(EU)2018/1542",
        ],
        "full width, regulation",
    ),
    ("(EU)第267/2012号条例", ["(EU)第267/2012号条例 → EU:(EU)267/2012"], "older numbering"),
    ("理事会第2010/413/CFSP号决定", ["第2010/413/CFSP号决定 → EU:2010/413/CFSP"], "kind behind"),
    ("欧洲联盟理事会第428/2009号条例", ["第428/2009号条例 → EU:428/2009"], "no type, the year last"),
    ("欧盟第2021/821号条例", ["第2021/821号条例 → EU:2021/821"], "no type, the year first"),
    ("理事会第428/2009号条例", [], "a council that may be any"),
    (
        "欧盟委员会第2021/821号条例和第2021/822号决定",
        ["第2021/821号条例 → EU:2021/821", "第2021/822号决定 → EU:2021/822"],
        "the Union named once",
    ),
    ("欧盟支持第72/513号决定", ["第72/513号决定 → A/DEC/72/513"], "a decision that the Union only supports"),
]

BARE = [
    (
        "第1540(2005)号决议",
        ["?第1540(2005)号决议 → S/RES/1540(2005)"],
        "a year that contradicts the table is shown, doubtful",
    ),
    ("第2663(2020)号决议", ["?第2663(2020)号决议 → S/RES/2663(2020)"], "the same"),
    (
        "第2664(2020)号决议",
        ["?第2664(2020)号决议 → S/RES/2664(2020)"],
        "a later number cannot be of an earlier year",
    ),
    ("各国履行1540决议", ["1540决议 → S/RES/1540(2004)"], "without 第 and 号, known"),
    ("通过了12决议，提出150、200决议", [], "counts"),
    ("第1540(2004年)号决议", ["第1540(2004年)号决议 → S/RES/1540(2004)"], "with 年"),
    ("第1540号(2004年)决议", ["第1540号(2004年)决议 → S/RES/1540(2004)"], "the year behind 号"),
    ("全面执行第1540号决议", ["第1540号决议 → S/RES/1540(2004)"], "known from the table"),
    ("安理会1540号决议", ["1540号决议 → S/RES/1540(2004)"], "news style"),
    ("聯合國安理會第2399號決議", ["?第2399號決議 → S/RES/2399(2018)"], "the year by the running number"),
    (
        "第2399(2018)号决议通过后，第2399号决议",
        ["第2399(2018)号决议 → S/RES/2399(2018)", "第2399号决议 → S/RES/2399(2018)"],
        "known from the same document",
    ),
    ("安理会2018年通过的第2399号决议", ["第2399号决议 → S/RES/2399(2018)"], "the date gives the year"),
    (
        "安理会第1373号、1540号和2399号决议",
        [
            "第1373号 → S/RES/1373(2001)",
            "1540号 → S/RES/1540(2004)",
            "?2399号决议 → S/RES/2399(2018)",
        ],
        "list of bare numbers",
    ),
    ("S/RES/1540规定", ["S/RES/1540 → S/RES/1540(2004)"], "symbol without year"),
    ("联大396号决议", [], "the Assembly's numbers need a session"),
    ("政府2021年第148号决议", [], "a government's resolution"),
    ("国家核安全局第5号决议", [], "a small number and no Council"),
    ("安理会第50号决议", ["?第50号决议 → S/RES/50(1948)"], "a small number, but the Council's"),
    ("第1号决议草案", [], "a draft in a committee's report"),
    (
        "联合国安理会第1718、1874和2094号决议",
        ["第1718 → S/RES/1718(2006)", "1874 → S/RES/1874(2009)", "2094号决议 → S/RES/2094(2013)"],
        "list, 第 and 号 once",
    ),
    (
        "安理会第242号和第338号决议",
        ["?第242号 → S/RES/242(1967)", "?第338号决议 → S/RES/338(1973)"],
        "by number",
    ),
    ("第2399号决议", ["?第2399号决议 → S/RES/2399"], "nobody named: the Assembly had such numbers too"),
    (
        "联大第2758号决议",
        ["?第2758号决议 → A/RES/2758(XXVI)"],
        "the old numbers tell the session, but nobody says it",
    ),
    ("大会第二七五八号决议", ["?第二七五八号决议 → A/RES/2758(XXVI)"], "the same in Chinese digits"),
    ("大会第1号决议", [], "session not certain"),
    ("决议第1540号规定各国应", ["第1540号 → S/RES/1540(2004)"], "noun in front"),
    ("安理会决议1540要求", ["1540 → S/RES/1540(2004)"], "noun in front, no sign"),
    ("联合国安理会1540号决议", ["1540号决议 → S/RES/1540(2004)"], "as in newspapers"),
    ("UNSCR 1540和UNSCR1325", ["1540 → S/RES/1540(2004)", "?1325 → S/RES/1325(2000)"], "in English"),
    ("安理会决议第120至130段", [], "paragraphs behind the noun"),
    ("本届会议通过的决议120项", [], "how many they are"),
    (
        "安理会有关决议（第1718、1874号等）",
        ["第1718 → S/RES/1718(2006)", "1874号 → S/RES/1874(2009)"],
        "in brackets behind the noun",
    ),
]

SYMBOLS = [
    (
        "S/2019/1–S/2019/50",
        ["S/2019/1 → S/2019/1", "S/2019/50 → S/2019/50"],
        "ends of a range, not one document",
    ),
    (
        "E/2016/33-E/CN.7/2016/16",
        ["E/2016/33-E/CN.7/2016/16 → E/2016/33-E/CN.7/2016/16"],
        "one document of a commission",
    ),
    ("ST/CS/SER.A/29/Rev.1", ["ST/CS/SER.A/29/Rev.1 → ST/CS/SER.A/29/Rev.1"], "a series with a letter"),
    (
        "ICCD/COP(11)/20和TD/B/EX(68)/2",
        ["ICCD/COP(11)/20 → ICCD/COP(11)/20", "TD/B/EX(68)/2 → TD/B/EX(68)/2"],
        "sessions in brackets",
    ),
    ("CTBT-ART.XIV/2019/WP.1", ["CTBT-ART.XIV/2019/WP.1 → CTBT-ART.XIV/2019/WP.1"], "an article"),
    ("见S/2008/493。", ["S/2008/493 → S/2008/493"], "the stop is not in it"),
    ("主席声明（S/PRST/2006/41）", ["S/PRST/2006/41 → S/PRST/2006/41"], "full-width brackets"),
    (
        "(S/2006/257、S/2006/997和S/AC.44/2004/(02)/5/Corr.1)",
        [
            "S/2006/257 → S/2006/257",
            "S/2006/997 → S/2006/997",
            "S/AC.44/2004/(02)/5/Corr.1 → S/AC.44/2004/(02)/5/Corr.1",
        ],
        "several in one bracket",
    ),
    ("S/RES/1985 (2011)", ["S/RES/1985 (2011) → S/RES/1985(2011)"], "space"),
    (
        "Ｓ／ＲＥＳ／１９８５（２０１１）",
        ["Ｓ／ＲＥＳ／１９８５（２０１１） → S/RES/1985(2011)"],
        "full width",
    ),
    ("E/ICEF/2021/25号文件", ["E/ICEF/2021/25号文件 → E/ICEF/2021/25"], "with noun"),
    ("根据第CD/1299号文件及其所载任务", ["第CD/1299号文件 → CD/1299"], "with 第 and noun"),
    ("安理会成员面前摆着文件S/2004/326，其中载有", ["S/2004/326 → S/2004/326"], "noun in front"),
    ("S/2022/888号决议草案", ["S/2022/888号决议草案 → S/2022/888"], "draft resolution"),
    ("A/77/895-S/2023/363", ["A/77/895-S/2023/363 → A/77/895-S/2023/363"], "double symbol is one document"),
    ("A/56/1026—S/2002/932号文件", ["A/56/1026—S/2002/932号文件 → A/56/1026-S/2002/932"], "with a dash"),
    (
        "见A/ES-10/273和A/ES-10/273/Corr.1",
        ["A/ES-10/273 → A/ES-10/273", "A/ES-10/273/Corr.1 → A/ES-10/273/Corr.1"],
        "document and corrigendum",
    ),
    (
        "A/74/6和Corr.1、Add.1",
        ["A/74/6 → A/74/6", "Corr.1 → A/74/6/Corr.1", "Add.1 → A/74/6/Add.1"],
        "suffixes that share a symbol",
    ),
    (
        "S/AC.44/2004/(02)/12及Add.1和2",
        [
            "S/AC.44/2004/(02)/12 → S/AC.44/2004/(02)/12",
            "Add.1 → S/AC.44/2004/(02)/12/Add.1",
            "2 → S/AC.44/2004/(02)/12/Add.2",
        ],
        "numbers that share a suffix",
    ),
    (
        "CCPR/C/GC/36和CAT/C/CHN/CO/5",
        ["CCPR/C/GC/36 → CCPR/C/GC/36", "CAT/C/CHN/CO/5 → CAT/C/CHN/CO/5"],
        "treaty bodies",
    ),
    ("A/74/6/Add.1和5个国家", ["A/74/6/Add.1 → A/74/6/Add.1"], "a count is no suffix"),
    ("(A/73/12 (Part I))", ["A/73/12 (Part I) → A/73/12(PartI)"], "part in brackets"),
    (
        "S/AC.44/2004/(02)/1至S/AC.44/2004/(02)/129",
        [
            "S/AC.44/2004/(02)/1 → S/AC.44/2004/(02)/1",
            "S/AC.44/2004/(02)/129 → S/AC.44/2004/(02)/129",
        ],
        "two ends of a range",
    ),
    (
        "《不扩散条约》审议大会文件NPT/CONF.2010/50 (Vol. I)",
        ["NPT/CONF.2010/50 (Vol. I) → NPT/CONF.2010/50(Vol.I)"],
        "volume",
    ),
    ("S/23500", ["S/23500 → S/23500"], "bare number of old days"),
    (
        "A/C.1/78/L.33/Rev.1号决议草案",
        ["A/C.1/78/L.33/Rev.1号决议草案 → A/C.1/78/L.33/Rev.1"],
        "draft of a committee",
    ),
    ("S/PV.9205和S/AC.44/SR.74", ["S/PV.9205 → S/PV.9205", "S/AC.44/SR.74 → S/AC.44/SR.74"], "records"),
    ("国际原子能机构INFCIRC/225/Rev.5号文件", ["INFCIRC/225/Rev.5号文件 → INFCIRC/225/Rev.5"], "IAEA"),
    ("A/RES/2625 (XXV)", ["A/RES/2625 (XXV) → A/RES/2625(XXV)"], "roman session in a symbol"),
    ("S/2010/52和53", ["S/2010/52 → S/2010/52", "53 → S/2010/53"], "a further number"),
    ("S/2010/52和2个附件", ["S/2010/52 → S/2010/52"], "a number that counts"),
    ("S/2010/52，53", ["S/2010/52 → S/2010/52"], "a comma alone joins nothing"),
    ("S/2098/123456和S/RES/15400", [], "more digits than a symbol has"),
    ("A/520/Rev.15和Amend.1", ["A/520/Rev.15 → A/520/Rev.15", "Amend.1 → A/520/Amend.1"], "an amendment"),
    (
        "A/BUR/54/SR.1和2",
        ["A/BUR/54/SR.1 → A/BUR/54/SR.1", "2 → A/BUR/54/SR.2"],
        "a second record of the same series",
    ),
    (
        "INFCIRC/254/Rev.13/Part 1",
        ["INFCIRC/254/Rev.13/Part 1 → INFCIRC/254/Rev.13/Part1"],
        "a part behind a slash",
    ),
    ("S/2010/52和Corr.1", ["S/2010/52 → S/2010/52", "Corr.1 → S/2010/52/Corr.1"], "a corrigendum"),
    ("S/PRST/2014/7号主席声明", ["S/PRST/2014/7号主席声明 → S/PRST/2014/7"], "noun of a statement"),
    (
        "INFCIRC/153(Corrected)号文件",
        ["INFCIRC/153(Corrected)号文件 → INFCIRC/153(Corrected)"],
        "a corrected printing",
    ),
]

PINPOINTS = [
    ("第1540(2004)号决议，包括其中第3(a)、3(b)段", [f"{R1540} §3(a),3(b)"], "including"),
    ("第1540(2004)号决议及其第3段", [f"{R1540} §3"], "and its"),
    ("《第1540(2004)号决议》第4段", [f"{R1540} §4"], "behind a closing mark"),
    (
        "第1540(2004)号决议[S/RES/1540(2004)]第3段",
        [R1540, "S/RES/1540(2004) → S/RES/1540(2004) §3"],
        "behind a square bracket",
    ),
    ("S/2016/1038，附件，第二节，第12段", ["S/2016/1038 → S/2016/1038 §annex.s2.12"], "section between"),
    ("第1540(2004)号决议第8段(c)指出", [f"{R1540} §8(c)"], "one letter, nothing after it (S/PV.5635)"),
    ("第1540(2004)号决议第8段", [f"{R1540} §8"], "one paragraph"),
    ("第1540(2004)号决议执行部分第3段", [f"{R1540} §3"], "operative, said so"),
    ("第 1874(2009)号决议第 26 段", ["第 1874(2009)号决议 → S/RES/1874(2009) §26"], "spaces"),
    ("第1540(2004)号决议第9和11段", [f"{R1540} §9,11"], "two"),
    ("第1540(2004)号决议第12、13、14和16段", [f"{R1540} §12,13,14,16"], "four"),
    ("第1540(2004)号决议第1至3段", [f"{R1540} §1-3"], "range"),
    ("第1540(2004)号决议第5(b)段", [f"{R1540} §5(b)"], "sub-paragraph"),
    ("第1540(2004)号决议第8(d)和8(e)段", [f"{R1540} §8(d),8(e)"], "two sub-paragraphs"),
    ("第1540(2004)号决议第3(a)和(b)段", [f"{R1540} §3(a),3(b)"], "number once"),
    (
        "第1540(2004)号决议第3段(a)至(d)和第2370(2017)号决议第6(b)㈡段",
        [f"{R1540} §3(a)-3(d)", "第2370(2017)号决议 → S/RES/2370(2017) §6(b)(ii)"],
        "range behind 段, before another resolution",
    ),
    ("第1540(2004)号决议第3段之(d)", [f"{R1540} §3(d)"], "之 before the letter"),
    ("第1540(2004)号决议第3(a)至(d)段", [f"{R1540} §3(a)-3(d)"], "range of sub-paragraphs"),
    (
        "第1718(2006)号决议第8(a)㈢段",
        ["第1718(2006)号决议 → S/RES/1718(2006) §8(a)(iii)"],
        "enclosed numeral",
    ),
    (
        "第1718（2006）号决议第8（a）（三）段",
        ["第1718（2006）号决议 → S/RES/1718(2006) §8(a)(iii)"],
        "Chinese numeral, full width",
    ),
    ("第1540(2004)号决议第8段(a)分段", [f"{R1540} §8(a)"], "letter behind"),
    ("第1540(2004)号决议第8段和第11段", [f"{R1540} §8,11"], "段 each time"),
    ("第1483(2003)号决议第19和第23段", ["第1483(2003)号决议 → S/RES/1483(2003) §19,23"], "第 each time"),
    ("第1540(2004)号决议，第30段", [f"{R1540} §30"], "footnote style"),
    ("第1540(2004)号决议，特别是第55和57段", [f"{R1540} §55,57"], "in particular"),
    ("第1540(2004)号决议执行部分第2(e)段", [f"{R1540} §2(e)"], "operative sub-paragraph"),
    ("第1540(2004)号决议序言部分第2段", [f"{R1540} §pp2"], "preamble"),
    ("第1540(2004)号决议序言部分第五段", [f"{R1540} §pp5"], "preamble, Chinese numeral"),
    ("第1540(2004)号决议第三段", [f"{R1540} §3"], "Chinese numeral"),
    (
        "第1540（2004）号决议第三（a）和（b）段",
        ["第1540（2004）号决议 → S/RES/1540(2004) §3(a),3(b)"],
        "Chinese number, letters",
    ),
    ("第1540(2004)号决议第2段和第3段(a)及(b)分段", [f"{R1540} §2,3(a),3(b)"], "letters behind 段"),
    (
        "第1540(2004)号决议第3段(a)、(b)的规定",
        [f"{R1540} §3(a),3(b)"],
        "letters behind 段, nothing after them",
    ),
    ("第1540(2004)号决议第2、3 (a)、(b)和(c)以及第8 (d)段", [f"{R1540} §2,3(a),3(b),3(c),8(d)"], "mixed"),
    (
        "第2231(2015)号决议附件A第3段和附件B第5段",
        ["第2231(2015)号决议 → S/RES/2231(2015) §annex1.3,annex2.5"],
        "two annexes",
    ),
    ("第1540(2004)号决议（2004年4月28日）第4段", [f"{R1540} §4"], "a date in brackets between"),
    ("第1540(2004)号决议第6至8段和第10段", [f"{R1540} §6-8,10"], "range and one more"),
    (
        "大会第十届特别会议《最后文件》(第S-10/2号决议)第27段",
        ["第S-10/2号决议 → A/RES/S-10/2 §27"],
        "behind the bracket",
    ),
    ("第1540(2004)号决议(第3段)", [f"{R1540} §3"], "in brackets"),
    (
        "第1874(2009)号决议第26段规定并经第2094(2013)号决议第29段修改的任务",
        [
            "第1874(2009)号决议 → S/RES/1874(2009) §26",
            "第2094(2013)号决议 → S/RES/2094(2013) §29",
        ],
        "each its own",
    ),
    (
        "第2270(2016)号决议第6段和第2321(2016)号决议第3段",
        ["第2270(2016)号决议 → S/RES/2270(2016) §6", "第2321(2016)号决议 → S/RES/2321(2016) §3"],
        "the list of paragraphs ends before the next resolution",
    ),
    ("第1874(2009)号决议第26段所设专家小组", ["第1874(2009)号决议 → S/RES/1874(2009) §26"], "established by"),
    ("A/57/465，附件一，第10(a)段", ["A/57/465 → A/57/465 §annex1.10(a)"], "annex and paragraph"),
    (
        "大会第60/288号决议，附件，第二节，第5段。",
        ["第60/288号决议 → A/RES/60/288 §annex.s2.5"],
        "numbers that begin anew in each section",
    ),
    ("见S/2016/1038，附件二。", ["S/2016/1038 → S/2016/1038 §annex2"], "a whole annex"),
    ("S/2016/1038号文件附件一和附件三", ["S/2016/1038号文件 → S/2016/1038 §annex1,annex3"], "two of them"),
    ("S/2016/1038，附件二第三节", ["S/2016/1038 → S/2016/1038 §annex2.s3"], "a section of an annex"),
    ("A/74/140，第二节", ["A/74/140 → A/74/140 §s2"], "a section"),
    ("S/2016/1038附件一览表", ["S/2016/1038 → S/2016/1038"], "a word that begins with a numeral"),
    ("S/2016/1038附件二十国集团", ["S/2016/1038 → S/2016/1038"], "a name that begins with a numeral"),
    ("S/2016/1038第七章", ["S/2016/1038 → S/2016/1038"], "a chapter alone may be the Charter's"),
    ("S/2009/124，附件二，附文，第2段", ["S/2009/124 → S/2009/124 §annex2.enclosure.2"], "inside an annex"),
    ("S/2010/52，附件，第14段", ["S/2010/52 → S/2010/52 §annex.14"], "annex"),
    (
        "S/2010/52号文件附件二第3至5段",
        ["S/2010/52号文件 → S/2010/52 §annex2.3-annex2.5"],
        "second annex, range",
    ),
    ("S/2009/170，附件", ["S/2009/170 → S/2009/170"], "an annex is no paragraph"),
    ("报告(S/2006/257)第8段", ["S/2006/257 → S/2006/257 §8"], "behind the bracket"),
    ("第1540(2004)号决议和其他文书第45段", [R1540], "of another text"),
    (
        "第2325(2016)号决议为加强国家制度作出贡献(《布鲁塞尔宣言》第45段)",
        ["第2325(2016)号决议 → S/RES/2325(2016)"],
        "of a declaration",
    ),
    ("第1540(2004)号决议，本决议第18段", [R1540], "of the document itself"),
    ("第1540(2004)号决议，见上文第6段", [R1540], "above"),
    ("第1540(2004)号决议第39条", [R1540], "an article"),
    ("第1540(2004)号决议的执行段落没有明确提及", [R1540], "paragraphs without number"),
    ("第1540(2004)号决议执行部分段落", [R1540], "the same"),
    (
        "第1718(2006)号和第1874(2009)号决议第8段",
        ["第1718(2006)号 → S/RES/1718(2006)", "第1874(2009)号决议 → S/RES/1874(2009) §8"],
        "the paragraph belongs to the last",
    ),
    ("大会第67/97号决议第14和15段", ["第67/97号决议 → A/RES/67/97 §14,15"], "Assembly"),
    ("第1540(2004)号决议第3段(甲)款", [f"{R1540} §3(a)"], "lettered by the heavenly stems"),
    ("第1540(2004)号决议第3(甲)和(丁)段", [f"{R1540} §3(a),3(d)"], "the same before 段"),
    ("第1540(2004)号决议第3段第(a)和(b)分段", [f"{R1540} §3(a),3(b)"], "第 before the letter"),
    ("第1540(2004)号决议第2、3(a)和(b)段", [f"{R1540} §2,3(a),3(b)"], "number and letters"),
    ("如第3段所述，第1540(2004)号决议要求", [R1540], "a paragraph of this document before it"),
    ("第1540(2004)号决议(一)项", [R1540], "an item of no paragraph"),
    ("秘书长的报告(S/2009/170)第10至12段", ["S/2009/170 → S/2009/170 §10-12"], "behind a symbol in brackets"),
    (
        "第2231(2015)号决议附件B第2、4和6(b)段",
        ["第2231(2015)号决议 → S/RES/2231(2015) §annex2.2,annex2.4,annex2.6(b)"],
        "several of an annex",
    ),
    ("第1540(2004)号决议第2段和第3段(a)项至(d)项", [f"{R1540} §2,3(a)-3(d)"], "项 behind each letter"),
    (
        "第1540(2004)号决议第3段(a)、(b)款，以及第8段(c)款",
        [f"{R1540} §3(a),3(b),8(c)"],
        "a comma before 以及",
    ),
    (
        "第1540(2004)号决议第3段，以及第1673(2006)号决议第4段",
        [f"{R1540} §3", "第1673(2006)号决议 → S/RES/1673(2006) §4"],
        "another resolution behind it",
    ),
    ("工作方案(S/2023/91，附件)第8段", ["S/2023/91 → S/2023/91 §annex.8"], "the annex inside the bracket"),
    (
        "第687(1991)号决议C节第8至13段",
        ["第687(1991)号决议 → S/RES/687(1991) §sc.8-sc.13"],
        "a section with a letter",
    ),
]

LOOKALIKES = rows_from(__name__, "LOOKALIKES")


def table(rows):
    return pytest.mark.parametrize(("text", "wanted", "remark"), rows)


@table(SINGLE)
def test_single_resolution(text, wanted, remark):
    assert shown(text) == wanted


@table(LISTS)
def test_each_number_of_a_list_is_a_mention(text, wanted, remark):
    assert shown(text) == wanted


@table(OWNERS)
def test_the_organ_decides_the_series(text, wanted, remark):
    assert shown(text) == wanted


@table(DECISIONS)
def test_decisions(text, wanted, remark):
    assert shown(text) == wanted


@table(EU)
def test_acts_of_the_european_union(text, wanted, remark):
    assert shown(text) == wanted


@table(BARE)
def test_number_without_year(text, wanted, remark):
    assert shown(text) == wanted


@table(SYMBOLS)
def test_symbols_in_the_text(text, wanted, remark):
    assert shown(text) == wanted


@table(PINPOINTS)
def test_pinpoints(text, wanted, remark):
    assert shown(text) == wanted


@pytest.mark.parametrize("text", LOOKALIKES)
def test_look_alikes_are_not_marked(text):
    assert shown(text) == []


BY_DOCUMENT = [
    ("回顾其2018年12月5日第73/55号决议，", ASSEMBLY_RESOLUTION, ["第73/55号决议 → A/RES/73/55"], "its own"),
    (
        "回顾其第49/6号决议，",
        HRC_RESOLUTION,
        ["第49/6号决议 → A/HRC/RES/49/6"],
        "its own, the Human Rights Council's",
    ),
    (
        "回顾大会第60/251号决议和理事会第5/1号决议，",
        HRC_RESOLUTION,
        ["第60/251号决议 → A/RES/60/251", "第5/1号决议 → A/HRC/RES/5/1"],
        "理事会 alone is the document's own",
    ),
    ("理事会第49/6号决议", HRC_REPORT, ["第49/6号决议 → A/HRC/RES/49/6"], "in a report"),
    ("理事会第2015/5号决议", ECOSOC_REPORT, ["第2015/5号决议 → E/RES/2015/5"], "ECOSOC's report"),
    ("第47/5号决议", ASSEMBLY_REPORT, ["第47/5号决议 → A/RES/47/5"], "the Assembly's report"),
    (
        "又决定延长本决议第4段所述任务期限",
        COUNCIL_RESOLUTION,
        ["?本决议 → S/RES/1810(2008) §4"],
        "itself, doubtful",
    ),
    ("本决议草案", COUNCIL_RESOLUTION, [], "a draft"),
    ("在本决定通过后7天内", COUNCIL_RESOLUTION, [], "a decision quoted in a resolution (S/RES/2118(2013))"),
]


@pytest.mark.parametrize(("text", "facts", "wanted", "remark"), BY_DOCUMENT)
def test_the_document_tells_whose_a_number_is(text, facts, wanted, remark):
    assert shown(text, facts) == wanted


ANAPHORA = [
    ("第1540(2004)号决议要求各国执行该决议", [R1540, "?该决议 → S/RES/1540(2004)"], "one antecedent"),
    ("第1540(2004)号决议和该决议第3段", [R1540, "?该决议 → S/RES/1540(2004) §3"], "with pinpoint"),
    (
        "第1540(2004)号决议和第1673(2006)号决议……该决议",
        [R1540, "第1673(2006)号决议 → S/RES/1673(2006)"],
        "two",
    ),
    ("各国应执行该决议", [], "none"),
    ("大会第72/513号决定……该决定", ["第72/513号决定 → A/DEC/72/513", "?该决定 → A/DEC/72/513"], "decision"),
]


@table(ANAPHORA)
def test_words_that_stand_for_a_resolution(text, wanted, remark):
    assert shown(text) == wanted


def test_a_resolution_speaks_of_itself_in_its_main_part_only():
    annex = ParsedParagraph("annex.1", Kind.PARAGRAPH, "本决议通过后7天内", part="annex")
    assert find_mentions([annex], COUNCIL_RESOLUTION, load_reference()) == ()


def test_the_documents_own_title_is_no_mention():
    assert shown("第1810(2008)号决议", COUNCIL_RESOLUTION, Kind.HEADING) == []
    assert shown("第1673(2006)号决议", COUNCIL_RESOLUTION, Kind.HEADING) == [
        "第1673(2006)号决议 → S/RES/1673(2006)"
    ]


def test_a_year_given_in_one_paragraph_completes_a_number_in_another():
    paragraphs = [
        ParsedParagraph("1", Kind.PARAGRAPH, "执行第2399号决议"),
        ParsedParagraph("2", Kind.PARAGRAPH, "2018年1月30日第2399(2018)号决议"),
    ]
    found = find_mentions(paragraphs, LETTER, load_reference())
    assert [(m.anchor, m.symbol, m.certain) for m in found] == [
        ("1", "S/RES/2399(2018)", True),
        ("2", "S/RES/2399(2018)", True),
    ]


def test_running_numbers_go_up_with_the_years_and_sessions():
    council = [number for ends in COUNCIL_NUMBERS.values() for number in ends]
    assembly = [number for first, last, _ in ASSEMBLY_NUMBERS for number in (first, last)]
    assert council == sorted(council)
    assert list(COUNCIL_NUMBERS) == sorted(COUNCIL_NUMBERS)
    assert assembly == sorted(assembly)


def test_running_numbers_agree_with_the_reference_data():
    for number, symbol in load_reference().resolutions.items():
        assert symbol == f"S/RES/{number}({council_year(number)})"


def test_a_number_outside_what_is_certain_has_no_year_and_no_session():
    assert [council_year(number) for number in (0, 100, 9999)] == [None, None, None]
    assert [assembly_session(number) for number in (1, 2750, 3541)] == [None, None, None]


PIECES = rows_from(__name__, "PIECES")
PIECES += [
    "段",
    "(a)",
    "附件",
    "本决议",
    "该决议",
    "(CFSP)",
    "2018/1939",
    "(XXV)",
    " ",
    "Add.1",
    "http://",
    "年",
]


@settings(max_examples=300)
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=3)), max_size=25).map("".join))
def test_mentions_lie_in_the_text_in_order_and_apart(text):
    found = find_mentions([ParsedParagraph("1", Kind.PARAGRAPH, text)], COUNCIL_RESOLUTION, load_reference())
    for mention in found:
        assert 0 <= mention.start < mention.end <= len(text)
        assert text[mention.start : mention.end] == mention.surface
    for left, right in zip(found, found[1:], strict=False):
        assert left.end <= right.start
