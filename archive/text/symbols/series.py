"""What the beginning of a symbol says: the series of the organs and of some of their bodies.

Sources: the Dag Hammarskjöld Library's guide to symbols (research.un.org/zh/docs/symbols) and, for the names,
the bodies of ``fixtures/bodies.json``, whose full names are used.
"""

from __future__ import annotations

from .agencies import ORGANS, agency_of

# First component → organ. A symbol of a series that is not here is accepted only in full capitals.
SERIES = {
    "A": "联合国大会",
    "S": "安全理事会",
    "E": "经济及社会理事会",
    "ST": "联合国秘书处",
    "T": "托管理事会",
    "CD": "裁军谈判会议",
    "CCD": "裁军委员会会议",
    "ENDC": "十八国裁军委员会会议",
    "NPT": "不扩散核武器条约缔约国",
    "BWC": "《生物武器公约》缔约国",
    "CCW": "《特定常规武器公约》缔约方",
    "APLC": "《禁雷公约》缔约国",
    "CCM": "《集束弹药公约》缔约国",
    "ATT": "《武器贸易条约》缔约国",
    "TPNW": "《禁止核武器条约》缔约国",
    "CTBT": "全面禁止核试验条约组织筹备委员会",
    "CTBT-ART": "促进《全面禁止核试验条约》生效会议",
    "C": "禁止化学武器组织",
    "EC": "禁止化学武器组织",
    "RC": "禁止化学武器组织",
    "C-SS": "禁止化学武器组织",
    "EC-M": "禁止化学武器组织",
    "GOV": "国际原子能机构",
    "GC": "国际原子能机构",
    "INFCIRC": "国际原子能机构",
    "PBC": "建设和平委员会",
    "DP": "联合国开发计划署",
    "TD": "联合国贸易和发展会议",
    "UNCTAD": "联合国贸易和发展会议",
    "UNEP": "联合国环境规划署",
    "HSP": "联合国人类住区规划署",
    "HS": "联合国人类住区规划署",
    "UNW": "联合国妇女署",
    "ID": "联合国工业发展组织",
    "IDB": "联合国工业发展组织",
    "UNITAR": "联合国训练研究所",
    "WFP": "世界粮食计划署",
    "CEB": "联合国系统行政首长协调理事会",
    "ACC": "行政协调委员会",
    "JIU": "联合检查组",
    "ICCD": "《防治荒漠化公约》缔约方",
    "FCCC": "《气候变化框架公约》缔约方",
    "KP": "《京都议定书》缔约方",
    "CBD": "《生物多样性公约》缔约方",
    "LOS": "国际海底管理局和国际海洋法法庭筹备委员会",
    "ISBA": "国际海底管理局",
    "SPLOS": "《联合国海洋法公约》缔约国",
    "CLCS": "大陆架界限委员会",
    "CCPR": "人权事务委员会",
    "CEDAW": "消除对妇女歧视委员会",
    "CERD": "消除种族歧视委员会",
    "CRC": "儿童权利委员会",
    "CAT": "禁止酷刑委员会",
    "CMW": "保护所有移徙工人及其家庭成员权利委员会",
    "CED": "强迫失踪问题委员会",
    "CRPD": "残疾人权利委员会",
    "HRI": "人权条约机构",
    "CAC": "《反腐败公约》缔约国",
    "CTOC": "《打击跨国有组织犯罪公约》缔约方",
    "GEGN": "联合国地名专家组",
    "IPCC": "政府间气候变化专门委员会",
    "IPBES": "生物多样性和生态系统服务政府间科学与政策平台",
    "ECE": "欧洲经济委员会",
    "LC": "拉丁美洲和加勒比经济委员会",
    "ICC": "国际刑事法院",
    "ICC-ASP": "《国际刑事法院罗马规约》缔约国大会",
    "IT": "前南斯拉夫问题国际法庭",
    "MICT": "刑事法庭余留事项国际处理机制",
    "UNIDIR": "联合国裁军研究所",
    "UNODC": "联合国毒品和犯罪问题办公室",
    "UNU": "联合国大学",
    "UNHCR": "联合国难民事务高级专员公署",
    "SSC": "高级别南南合作委员会",
    "UNICEF": "联合国儿童基金会",
}

# Longer beginnings → the body whose series it is. The longest that fits wins.
BODIES = {
    "S/AC.40": "安全理事会关于反恐怖主义的第1373(2001)号决议所设委员会",
    "S/AC.44": "安全理事会第1540(2004)号决议所设委员会",
    "S/AC.49": "安全理事会第1718(2006)号决议所设委员会",
    "S/AC.50": "安全理事会第1737(2006)号决议所设委员会",
    "S/AC.37": (
        "安全理事会关于伊黎伊斯兰国(达伊沙)和基地组织的第1267(1999)、1989(2011)和2253(2015)号决议所设委员会"
    ),
    "S/AC.57": "安全理事会第1988(2011)号决议所设委员会",
    "A/HRC": "人权理事会",
    "A/C.1": "联合国大会第一委员会",
    "A/C.2": "联合国大会第二委员会",
    "A/C.3": "联合国大会第三委员会",
    "A/C.4": "联合国大会特别政治和非殖民化委员会(第四委员会)",
    "A/C.5": "联合国大会第五委员会",
    "A/C.6": "联合国大会第六委员会",
    "A/CN.4": "国际法委员会",
    "A/CN.9": "联合国国际贸易法委员会",
    "A/CN.10": "联合国裁军审议委员会",
    "A/AC.105": "和平利用外层空间委员会",
    "A/AC.183": "巴勒斯坦人民行使不可剥夺权利委员会",
    "E/CN.4": "人权委员会",
    "E/CN.7": "麻醉药品委员会",
    "E/CN.15": "预防犯罪和刑事司法委员会",
    "E/CN.5": "社会发展委员会",
    "E/CN.6": "妇女地位委员会",
    "E/CN.3": "统计委员会",
    "E/ICEF": "联合国儿童基金会",
    "E/ECE": "欧洲经济委员会",
    "E/ECA": "非洲经济委员会",
    "E/ESCAP": "亚洲及太平洋经济社会委员会",
    "E/ESCWA": "西亚经济社会委员会",
    "E/ECLAC": "拉丁美洲和加勒比经济委员会",
    "E/INCB": "国际麻醉品管制局",
    "E/C.12": "经济、社会及文化权利委员会",
}

# Series of agencies that the UN's document service does not hold.
ELSEWHERE = frozenset(
    "C C-SS EC EC-M RC GOV GC INFCIRC WFP IPCC IPBES CBD ICC ICC-ASP".split()  # noqa: SIM905
)

# Numbers of press releases look like symbols: SC/12628 announced S/RES/2325(2016).
PRESS = frozenset(
    "SG DSG SC GA ECOSOC DC HR ORG PI PKO SEA IHA OBV REF AFR BIO ENV ENVDEV WOM POP PAL TAD".split()  # noqa: SIM905
)


def organ_of(components: tuple[str, ...]) -> tuple[str, str | None]:
    """Code and Chinese name of the organ that issues a symbol of these components.

    ``("S", "AC.44", "SR.74")`` gives ``("S/AC.44", "安全理事会第1540(2004)号决议所设委员会")``; the name is
    None where the series is not known.
    """
    if components[0].startswith("EU:"):
        return "EU", "欧洲联盟"
    if agency := agency_of("/".join(components)):
        return agency, ORGANS[agency]
    if len(components) > 1 and (body := BODIES.get(code := "/".join(components[:2]))):
        return code, body
    series = series_of(components[0])
    return series, SERIES.get(series)


def series_of(component: str) -> str:
    """The series in a first component, which may bear a session: C-SS-4 → C-SS, GC(62) → GC."""
    if component in SERIES:
        return component
    head = component.partition("(")[0].partition(".")[0]
    while head not in SERIES and "-" in head:
        head = head.rpartition("-")[0]
    return head
