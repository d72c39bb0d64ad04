"""Sentences as the UN writes them, in documents of many kinds, each with the bodies it names marked in it.

``⟦surface|body⟧`` marks a place: the body by its slug in the reference table, or by its full name where the
table does not have it. What is not marked must not be found.
"""

from __future__ import annotations

from dataclasses import dataclass

from archive.text.parsed import Facts, Kind, ParsedParagraph, Speaker, Submitter


@dataclass(frozen=True)
class Setting:
    """What surrounds a sentence: the document's facts, and whose reply or speech it stands in."""

    facts: Facts = Facts(symbol="S/2021/417")
    submitter: str | None = None
    delegation: str | None = None

    def paragraphs(self, texts: list[str]) -> list[ParsedParagraph]:
        submitter = Submitter(self.submitter) if self.submitter else None
        speaker = Speaker("Okafor", "女士", self.delegation) if self.delegation else None
        return [
            ParsedParagraph(f"u{number}", Kind.PARAGRAPH, text, submitter=submitter, speaker=speaker)
            for number, text in enumerate(texts, 1)
        ]


ANY = Setting()
RECORD_1540 = Setting(Facts(symbol="S/AC.44/SR.81"))
LETTER_1540 = Setting(
    Facts(
        symbol="S/2019/986",
        title="2019年12月24日安全理事会第1540(2004)号决议所设委员会主席给安全理事会主席的信",
    )
)
LETTER_1718 = Setting(
    Facts(
        symbol="S/2018/171",
        title="2018年3月1日安全理事会第1718(2006)号决议所设委员会主席给安全理事会主席的信",
    )
)
NOTE_TO_1540 = Setting(
    Facts(
        symbol="S/AC.44/2013/12",
        title="2013年8月6日博茨瓦纳常驻联合国代表团给委员会主席的普通照会",
    )
)
RESOLUTION = Setting(Facts(symbol="S/RES/1810(2008)"))
CTC_LETTER = Setting(
    Facts(symbol="S/2015/338", sender="安全理事会关于反恐怖主义的第1373(2001)号决议所设委员会主席")
)
ASSEMBLY_REPORT = Setting(Facts(symbol="A/76/218"))
FIRST_COMMITTEE = Setting(Facts(symbol="A/C.1/75/PV.4"))
HUMAN_RIGHTS = Setting(Facts(symbol="A/HRC/46/27"))
ECOSOC = Setting(Facts(symbol="E/2020/10"))
CD = Setting(Facts(symbol="CD/2187"))
NPT = Setting(Facts(symbol="NPT/CONF.2020/WP.9"))
EU_REPLY = Setting(Facts(symbol="A/75/126"), submitter="欧洲联盟")
STATE_REPLY = Setting(Facts(symbol="A/75/126"), submitter="墨西哥")
IAEA_REPLY = Setting(Facts(symbol="A/75/126"), submitter="国际原子能机构")
NATO_REPLY = Setting(Facts(symbol="A/75/126"), submitter="北大西洋公约组织(北约)")
UNODC_REPLY = Setting(Facts(symbol="A/75/126"), submitter="联合国毒品和犯罪问题办公室")
CSTO_REPLY = Setting(Facts(symbol="A/75/126"), submitter="集体安全条约组织")
OPCW_SPEECH = Setting(Facts(symbol="S/AC.44/SR.81"), delegation="禁止化学武器组织")
STATE_SPEECH = Setting(Facts(symbol="S/AC.44/SR.81"), delegation="挪威")

# remark, setting, paragraphs
ROWS = [
    # Names as a whole, never one inside another
    ("the longest name counts", ANY, "⟦联合国大会|general-assembly⟧核可了⟦联合国裁军事务厅|unoda⟧的预算。"),
    ("an office of the UN is not also the UN", ANY, "⟦联合国毒品和犯罪问题办公室|unodc⟧派专家与会。"),
    (
        "the UN in a compound is the UN",
        ANY,
        "爱尔兰常驻⟦联合国|united-nations⟧代表向⟦联合国|united-nations⟧会员国通报。",
    ),
    ("the UN at its headquarters", ANY, "会议在纽约⟦联合国|united-nations⟧总部举行。"),
    ("the UN system is a body of its own", ANY, "请⟦联合国系统|un-system⟧各实体提供协助。"),
    ("other agencies of the UN", ANY, "应加强同⟦联合国|united-nations⟧其他机构的合作。"),
    ("the Charter is no body", ANY, "各国应遵守《联合国宪章》的宗旨和原则。"),
    ("the Charter without its title marks", ANY, "这一做法违反联合国宪章。"),
    ("a strategy is no body", ANY, "会员国重申联合国全球反恐战略的四个支柱。"),
    ("a system of documents is no body", ANY, "本记录可在联合国正式文件系统上查阅。"),
    ("a convention is no body", ANY, "缔约国审查了联合国海洋法公约的执行情况。"),
    ("an unknown office of the UN is not the UN", ANY, "联合国体育促进发展办公室已经关闭。"),
    ("names inside a title are no bodies", ANY, "见《安全理事会惯例汇辑》和《1540委员会情况介绍》。"),
    (
        "a name that carries title marks is one",
        ANY,
        "签署国参加了⟦《防止弹道导弹扩散海牙行为准则》|hcoc⟧年会。",
    ),
    ("a treaty is no body", ANY, "《海牙行为准则》签署国和《不扩散核武器条约》缔约国出席。"),
    (
        "names inside quotation marks are bodies",
        ANY,
        "会议主题为“促进执行⟦安全理事会|security-council⟧第1540(2004)号决议”。",
    ),
    ("an organ of an organization", ANY, "⟦禁止化学武器组织执行理事会|opcw-executive-council⟧通过了该计划。"),
    ("the parent under its short name", ANY, "⟦禁化武组织执行理事会|opcw-executive-council⟧通过了该计划。"),
    (
        "any dash in a joint body",
        ANY,
        "⟦禁化武组织—联合国联合调查机制|opcw-un-joint-investigative-mechanism⟧提交了报告。",
    ),
    (
        "a definition inside a joint body's name",
        ANY,
        "⟦禁止化学武器组织(禁化武组织)——联合国联合调查机制|opcw-un-joint-investigative-mechanism⟧的任务已结束。",
    ),
    ("traditional characters", ANY, "⟦聯合國安全理事會|security-council⟧與⟦國際原子能機構|iaea⟧合作。"),
    ("a name used in Taiwan", ANY, "報告提到⟦國際原子能總署|iaea⟧和⟦東協|asean⟧。"),
    ("full-width brackets", ANY, "⟦安全理事会第1540（2004）号决议所设委员会|1540-committee⟧举行了会议。"),
    ("a Latin acronym", ANY, "⟦UNODC|unodc⟧和⟦INTERPOL|interpol⟧的代表出席。"),
    (
        "an acronym inside an address or symbol is none",
        ANY,
        "见www.unodc.org、IAEA.org和UNODC/CCPCJ/2021/3。",
    ),
    ("the type of an EU act is no body", ANY, "根据(EU)2018/1542号条例冻结资产。"),
    (
        "another organization's name that ends like a known one",
        ANY,
        "俄罗斯国家反恐委员会和美国国际开发署派员出席。",
    ),
    ("Europol is not INTERPOL", ANY, "⟦欧洲刑警组织|europol⟧和⟦国际刑警组织|interpol⟧交换了数据。"),
    ("States and offices of persons are no bodies", ANY, "秘书长、主席和法国常驻代表发了言。"),
    ("the assembly of another organization", ANY, "⟦国际民航组织第四十届大会|icao-assembly⟧通过了决议。"),
    # 通过: through and adopted
    (
        "through the committee: two bodies",
        ANY,
        "⟦安全理事会|security-council⟧通过⟦第1540(2004)号决议所设委员会|1540-committee⟧与各国保持对话。",
    ),
    (
        "adopted: no committee",
        ANY,
        "⟦安全理事会|security-council⟧通过第1540(2004)号决议，决定设立一个委员会。",
    ),
    (
        "through the committee by its number",
        ANY,
        "⟦安理会|security-council⟧通过⟦1540委员会|1540-committee⟧收集资料。",
    ),
    # Committees by number
    ("the full name", ANY, "向⟦安全理事会第1540(2004)号决议所设委员会|1540-committee⟧提交国家报告。"),
    ("the Council's short name in it", ANY, "⟦安理会第1540(2004)号决议所设委员会|1540-committee⟧的作用。"),
    ("the number without its year", ANY, "⟦第1540号决议所设委员会|1540-committee⟧开会。"),
    (
        "set up under the resolution",
        ANY,
        "⟦安全理事会根据第1540(2004)号决议设立的委员会|1540-committee⟧汇报了工作。",
    ),
    (
        "what the resolution is about",
        ANY,
        "⟦安全理事会关于利比里亚的第1521(2003)号决议所设委员会|1521-committee⟧已解散。",
    ),
    (
        "several resolutions",
        ANY,
        "⟦安全理事会第1267(1999)号和第1989(2011)号决议所设委员会|1267-committee⟧增列了两人。",
    ),
    (
        "numbers alone",
        ANY,
        "⟦1718委员会|1718-committee⟧、⟦1591委员会|1591-committee⟧和⟦1373委员会|ctc⟧的专家。",
    ),
    ("numbers with strokes", ANY, "⟦1267/1989/2253委员会|1267-committee⟧监察员提出报告。"),
    (
        "a committee that the table does not have",
        ANY,
        "⟦安全理事会第1199(1998)号决议所设委员会|安全理事会第1199(1998)号决议所设委员会⟧提交了年度报告。",
    ),
    (
        "its year from elsewhere in the sentence's document",
        ANY,
        "⟦第678(1990)号决议所设委员会|安全理事会第678(1990)号决议所设委员会⟧，即678委员会。",
    ),
    ("a panel by number", ANY, "⟦第1874(2009)号决议所设专家小组|1874-panel-of-experts⟧进行了调查。"),
    (
        "the experts of a committee",
        ANY,
        "⟦第1540(2004)号决议所设委员会专家组|1540-group-of-experts⟧应邀出席。",
    ),
    ("the experts as persons are only the committee", ANY, "⟦1540委员会|1540-committee⟧专家参加了研讨会。"),
    (
        "an Assembly resolution makes no Council committee",
        ANY,
        "⟦大会|general-assembly⟧第64/292号决议所设委员会审议了报告。",
    ),
    ("a year before a committee", ANY, "2004年委员会工作方案载有四个部分。"),
    (
        "the Council's name before a committee",
        ANY,
        "⟦安理会1540委员会|1540-committee⟧和⟦联合国安理会反恐怖主义委员会|ctc⟧。",
    ),
    (
        "the paragraph that made it",
        ANY,
        "⟦安全理事会第678(1990)号决议第6段所设委员会|安全理事会第678(1990)号决议所设委员会⟧。",
    ),
    (
        "a panel by the paragraph that made it",
        ANY,
        "秘书长按⟦第1874(2009)号决议第26段任命的专家小组|1874-panel-of-experts⟧。",
    ),
    (
        "the UN acts: what it sets up is no part of its name",
        ANY,
        "美国建议⟦联合国|united-nations⟧设立原子能委员会。",
    ),
    # Definitions
    ("a short form in brackets", ANY, "⟦欧洲安全与合作组织|osce⟧(⟦欧安组织|osce⟧)举办了讲习班。"),
    ("a short form with 下称", ANY, "⟦上海合作组织|sco⟧(下称“⟦组织乙|sco⟧”)表示支持，⟦组织乙|sco⟧并将派员。"),
    (
        "a Latin short form",
        ANY,
        "⟦西非国家经济共同体|ecowas⟧(⟦ECO|ecowas⟧)的成员；⟦ECO|ecowas⟧总部设在阿布贾。",
    ),
    ("two short forms at once", ANY, "⟦非洲联盟|au⟧(以下简称“⟦非盟|au⟧”，⟦AUN|au⟧)首脑会议。"),
    (
        "brackets that define nothing",
        ANY,
        "基辅(乌克兰)的⟦欧洲联盟|eu⟧(见附件)代表团(2016年)和⟦北约|nato⟧(签名)。",
    ),
    ("a State in brackets", ANY, "⟦欧盟|eu⟧(法国)作了发言。"),
    (
        "an unknown body that the document defines",
        ANY,
        "参加者来自⟦东非轻小武器管制中心|东非轻小武器管制中心⟧(⟦东非管制中心|东非轻小武器管制中心⟧)。"
        "⟦东非管制中心|东非轻小武器管制中心⟧介绍了经验。",
    ),
    (
        "a defined short form before its definition",
        ANY,
        [
            "⟦东非管制中心|东非轻小武器管制中心⟧派员出席。",
            "⟦东非轻小武器管制中心|东非轻小武器管制中心⟧(⟦东非管制中心|东非轻小武器管制中心⟧)设在内罗毕。",
        ],
    ),
    ("a group of fighters is no body", ANY, "伊拉克和黎凡特伊斯兰国(伊黎伊斯兰国)使用了化学武器。"),
    (
        "a short form that is known needs no new body before it",
        ANY,
        "⟦反恐委员会|ctc⟧由⟦执行局|cted⟧(⟦反恐执行局|cted⟧)协助。",
    ),
    ("a department whose name begins with 大会", ASSEMBLY_REPORT, "文件由⟦大会和会议管理部|dgacm⟧处理。"),
    ("a term is no body", ANY, "化学、生物、放射性和核子(化生放核)安全。"),
    ("a class of bodies is none", ANY, "学校和其他教育机构(教育机构)应予配合。"),
    (
        "a generic short form that the document defines",
        ANY,
        [
            "⟦安全理事会关于反恐怖主义的第1373(2001)号决议所设委员会|ctc⟧(下称“⟦委员会|ctc⟧”)审议了报告。",
            "⟦委员会|ctc⟧核准了工作方案。",
        ],
    ),
    (
        "defined for a body whose name is in doubt, it names nothing",
        RECORD_1540,
        ["古巴设立了预防和打击洗钱与资助恐怖主义协调委员会(下称“委员会”)。", "委员会每年举行两次会议。"],
    ),
    # 委员会 and the experts
    (
        "in the Committee's own record",
        RECORD_1540,
        "⟦委员会|1540-committee⟧及其⟦专家组|1540-group-of-experts⟧开展了外联。",
    ),
    (
        "panel of the same committee",
        RECORD_1540,
        "应加强⟦委员会|1540-committee⟧和⟦专家小组|1540-group-of-experts⟧的能力。",
    ),
    (
        "in its chair's letter",
        LETTER_1540,
        "请将本函及附件提请⟦安全理事会|security-council⟧注意。⟦委员会|1540-committee⟧将继续努力。",
    ),
    ("in a note to its chair", NOTE_TO_1540, "博茨瓦纳谨向⟦委员会|1540-committee⟧提交补充资料。"),
    (
        "in another committee's letter",
        LETTER_1718,
        "⟦委员会|1718-committee⟧收到⟦专家小组|1874-panel-of-experts⟧的最后报告。",
    ),
    (
        "in a resolution that speaks of one committee only",
        RESOLUTION,
        [
            "注意到⟦委员会|1540-committee⟧提交的报告，",
            "请⟦1540委员会|1540-committee⟧加紧努力；",
            "敦促⟦委员会|1540-committee⟧继续。",
        ],
    ),
    (
        "in a letter for a committee whose title is not known",
        ANY,
        [
            "我谨代表⟦安全理事会第1540(2004)号决议所设委员会|1540-committee⟧提交报告。",
            "⟦委员会|1540-committee⟧与⟦1718委员会|1718-committee⟧交换了资料。",
        ],
    ),
    ("of the Counter-Terrorism Committee", CTC_LETTER, "⟦委员会|ctc⟧与⟦执行局|cted⟧举行了联席会议。"),
    ("in an Assembly report it is unknown", ASSEMBLY_REPORT, "委员会核准了这项建议。专家组随后举行会议。"),
    (
        "never the end of a longer name",
        RECORD_1540,
        "咨询委员会、特设委员会、⟦欧盟|eu⟧合作委员会和民间社会委员会。",
    ),
    (
        "other committees of the Council and their panels",
        RECORD_1540,
        "⟦安全理事会|security-council⟧其他特设委员会及其专家小组已这样做。",
    ),
    ("members of a standing committee meeting", RECORD_1540, "常务委员会议由主席主持。"),
    ("the committee's agenda", RECORD_1540, "主席介绍了⟦委员会|1540-committee⟧议程。"),
    ("a group of governmental experts", RECORD_1540, "政府专家小组在日内瓦开会。"),
    ("a joint committee", RECORD_1540, "两国成立了共同委员会和青年委员会。"),
    (
        "that committee after a committee that is known",
        STATE_REPLY,
        "墨西哥向⟦1540委员会|1540-committee⟧提交了报告。⟦该委员会|1540-committee⟧表示欢迎。",
    ),
    (
        "that committee after one that is not known",
        RECORD_1540,
        "古巴成立了反洗钱协调委员会。该委员会由央行主持。",
    ),
    (
        "the only committee of the paragraph",
        STATE_REPLY,
        "我国专家参加了⟦1540委员会|1540-committee⟧的活动，文件可在⟦委员会|1540-committee⟧网站上查阅。",
    ),
    (
        "two committees in the paragraph leave it open",
        STATE_REPLY,
        "⟦1540委员会|1540-committee⟧和⟦1718委员会|1718-committee⟧来访。我国感谢委员会。",
    ),
    (
        "the experts attached to a committee",
        STATE_REPLY,
        "我国会见了⟦1540委员会|1540-committee⟧及其⟦专家组|1540-group-of-experts⟧。",
    ),
    (
        "the non-proliferation committee of the Council",
        RECORD_1540,
        "⟦防扩散委员会|1540-committee⟧举行了非正式磋商。",
    ),
    ("the one of NATO", NATO_REPLY, "⟦防扩散委员会|nato-committee-on-proliferation⟧支持上述活动。"),
    ("the First Committee of the Assembly", RECORD_1540, "在⟦第一委员会|first-committee⟧会议期间举行年会。"),
    (
        "the Assembly's committee with the Assembly",
        RECORD_1540,
        "配合⟦大会第一委员会|first-committee⟧的工作。",
    ),
    ("a record of the First Committee", FIRST_COMMITTEE, "⟦委员会|first-committee⟧现在进行一般性辩论。"),
    # 大会, 理事会, 秘书处
    ("its resolution follows", ASSEMBLY_REPORT, "根据⟦大会|general-assembly⟧第75/46号决议编写。"),
    (
        "its resolution at some distance",
        EU_REPLY,
        "⟦大会|general-assembly⟧在题为“核裁军核查”的第74/50号决议中请求。",
    ),
    ("behind 的 with its decision", EU_REPLY, "支持2017年通过的⟦大会|general-assembly⟧第72/513号决定。"),
    ("its session follows", ASSEMBLY_REPORT, "并向⟦大会|general-assembly⟧第七十七届会议提出报告。"),
    ("alone in a UN report", ASSEMBLY_REPORT, "⟦大会|general-assembly⟧请秘书长征求会员国的意见。"),
    ("a review conference", NPT, "审议大会未能通过最后文件。大会主席致闭幕词。"),
    ("a party's or people's congress", ASSEMBLY_REPORT, "全国人民代表大会通过了出口管制法。"),
    ("the hall of the Assembly is a place", ASSEMBLY_REPORT, "仪式在人民大会堂举行。"),
    (
        "in the reply of the IAEA its own",
        IAEA_REPLY,
        "⟦大会|iaea-general-conference⟧通过了关于核安保的决议。",
    ),
    (
        "there the General Assembly by its resolution",
        IAEA_REPLY,
        "按照⟦大会|general-assembly⟧第73/55号决议的要求。",
    ),
    ("the Council in the EU's reply", EU_REPLY, "⟦理事会|council-of-the-eu⟧通过了新的战略。"),
    ("an act of that Council", EU_REPLY, "通过⟦理事会|council-of-the-eu⟧(CFSP)2019/97号决定供资。"),
    (
        "other councils in the EU's reply",
        EU_REPLY,
        "⟦欧洲理事会|european-council⟧、⟦安全理事会|security-council⟧和部长理事会。",
    ),
    ("in a State's reply it is unknown", STATE_REPLY, "理事会每年举行两次会议。"),
    (
        "of the Human Rights Council",
        HUMAN_RIGHTS,
        "⟦理事会|human-rights-council⟧在其第46/4号决议中请高级专员提交报告。",
    ),
    (
        "of the Economic and Social Council",
        ECOSOC,
        "⟦理事会|ecosoc⟧核可了⟦联合国|united-nations⟧各基金的报告。",
    ),
    ("of the IAEA", IAEA_REPLY, "总干事向⟦理事会|iaea-board-of-governors⟧提交报告。"),
    ("the UN Secretariat", RECORD_1540, "专家和⟦秘书处|un-secretariat⟧工作人员的技能应予加强。"),
    (
        "the secretariat of the Conference on Disarmament",
        CD,
        "代表团向⟦裁军谈判会议秘书处|cd-secretariat⟧致意，请⟦秘书处|cd-secretariat⟧分发。",
    ),
    ("of an organization that replies", CSTO_REPLY, "⟦秘书处|csto-secretariat⟧组织了演习。"),
    ("regional secretariats are none", EU_REPLY, "倡议以8个区域秘书处为核心。"),
    ("in the speech of an organization", OPCW_SPEECH, "⟦技术秘书处|opcw-technical-secretariat⟧开展了核查。"),
    # 本组织 and other forms of one's own
    ("this Agency", IAEA_REPLY, "⟦本机构|iaea⟧继续制定指南，⟦原子能机构|iaea⟧举办了培训。"),
    ("this Organization", NATO_REPLY, "作为⟦本组织|nato⟧的政策，⟦本联盟|nato⟧予以支持。"),
    ("this Office", UNODC_REPLY, "⟦本办公室|unodc⟧开发了模块，可在⟦办公室|unodc⟧网站上查阅。"),
    ("an office in a State's reply", STATE_REPLY, "总检察长办公室和本办公室提供了资料。"),
    ("this organization without an owner", STATE_SPEECH, "本组织在非洲开展了活动。"),
    # Short forms of what was named before
    ("named before", STATE_REPLY, "印度参加了⟦打击核恐怖主义全球倡议|gicnt⟧，并主办了⟦全球倡议|gicnt⟧会议。"),
    ("not named before", STATE_REPLY, "墨西哥提出了一项全球倡议。"),
    (
        "its parent named before",
        EU_REPLY,
        "欢迎⟦禁化武组织|opcw⟧的工作，特别是⟦宣布评估小组|opcw-declaration-assessment-team⟧的工作。",
    ),
    (
        "the treaty's unit",
        EU_REPLY,
        "支持《生物及毒素武器公约》，包括⟦《公约》执行支助股|bwc-isu⟧。",
    ),
    ("nuclear suppliers as States", STATE_REPLY, "核供应国应当负责任。"),
    (
        "the Assembly's committee in another organization's reply",
        EU_REPLY,
        "支持⟦大会|general-assembly⟧第75/1号决议和⟦第一委员会|first-committee⟧的建议。⟦第二委员会|second-committee⟧也在开会。",
    ),
    ("not without the Assembly", EU_REPLY, "第一委员会由五名成员国代表组成。"),
    # Several committees in one breath
    (
        "two committees, the noun once",
        ANY,
        "⟦第1267(1999)号|1267-committee⟧和⟦第1373(2001)号决议所设委员会|ctc⟧举行了会议。",
    ),
    (
        "the resolutions named in full",
        ANY,
        "⟦第1267号决议|1267-committee⟧和⟦第1373号决议所设委员会|ctc⟧举行了会议。",
    ),
    (
        "three of them",
        ANY,
        "⟦安理会第1267(1999)|1267-committee⟧、⟦1373(2001)|ctc⟧和⟦1540(2004)号决议所设各委员会|1540-committee⟧。",
    ),
    (
        "one body made by three",
        ANY,
        "⟦安全理事会第1267(1999)、1989(2011)和2253(2015)号决议所设委员会|1267-committee⟧的名单。",
    ),
    (
        "one body, a later resolution unknown",
        ANY,
        "⟦第751(1992)和1907(2009)号决议所设委员会|751-committee⟧的名单。",
    ),
    (
        "all unknown, each by itself",
        ANY,
        "⟦第678(1990)号|安全理事会第678(1990)号决议所设委员会⟧和"
        "⟦第679(1990)号决议所设两个委员会|安全理事会第679(1990)号决议所设委员会⟧已解散。",
    ),
    ("without 所设", ANY, "向⟦联合国安理会1540号决议委员会|1540-committee⟧提交报告。"),
    ("its experts", ANY, "⟦第1540(2004)号决议委员会专家组|1540-group-of-experts⟧的访问。"),
    ("the experts by the number alone", ANY, "⟦第1540号决议专家组|1540-group-of-experts⟧的访问。"),
    (
        "traditional characters, full width",
        ANY,
        "⟦安全理事會第1540（2004）號決議所設委員會|1540-committee⟧與⟦聯合國裁軍事務廳|unoda⟧。",
    ),
    # 委员会 behind words
    (
        "verbs before it",
        RECORD_1540,
        "各国可借助⟦委员会|1540-committee⟧，答复⟦委员会|1540-committee⟧，说⟦委员会|1540-committee⟧有用。",
    ),
    ("all its members", RECORD_1540, "所有⟦委员会|1540-committee⟧成员都同意；所有委员会都收到了。"),
    ("nouns before it", RECORD_1540, "咨询委员会、审查委员会、部际委员会和动员委员会派人出席。"),
    # Names that are not the UN, and seams between words
    ("an unknown department of the UN", ANY, "联合国后勤规划部和联合国行政事务厅派人出席。"),
    ("a department by its short name", ANY, "文件由⟦大会部|dgacm⟧翻译。"),
    ("a seam between two words", FIRST_COMMITTEE, "代表大会部分成员、股东协议和一委员。"),
    # Assemblies and councils of other organizations
    (
        "in a document of the OPCW",
        Setting(Facts(symbol="C-27/DEC.5")),
        "⟦大会|opcw-conference-of-the-states-parties⟧回顾⟦执行理事会|opcw-executive-council⟧的决定。",
    ),
    (
        "in a document of the IAEA",
        Setting(Facts(symbol="GC(67)/RES/12")),
        "⟦大会|iaea-general-conference⟧鼓励⟦理事会|iaea-board-of-governors⟧和⟦秘书处|iaea-secretariat⟧。",
    ),
    (
        "the symbol of an act says whose it is",
        ANY,
        "⟦执行理事会|opcw-executive-council⟧EC-94/DEC.2号决定和"
        "⟦大会|opcw-conference-of-the-states-parties⟧C-25/DEC.9号决定。",
    ),
    (
        "the unit of the biological convention by any name",
        ANY,
        "⟦《禁止生物武器公约》履约支助股|bwc-isu⟧即⟦《生物武器公约》执行支助股|bwc-isu⟧。",
    ),
    ("a class of enterprises is no body", ANY, "个人拥有的非上市公司(以下称企业)。企业应当登记。"),
    (
        "a State's own committee on the resolution",
        NOTE_TO_1540,
        "谨向贵⟦委员会|1540-committee⟧报告，我国设立了国家执行1540委员会，该委员会每季度开会。",
    ),
    (
        "numbers in Chinese digits",
        ANY,
        "⟦安全理事會第一五四○（二○○四）號決議所設委員會|1540-committee⟧舉行了會議。",
    ),
    (
        "without 所设 an unknown body is none",
        ANY,
        "第2231(2015)号决议委员会和第2231(2015)号决议专家小组不存在。",
    ),
    ("committees that carry a resolution out", ANY, "负责执行第1373(2001)号决议各委员会开会。"),
]
