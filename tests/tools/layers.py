"""Invented resolutions of the Council, printed as the text layers of their PDF files look over the years.

``layer(resolution(seed), look(seed), seed)`` is what ``pdftotext -layout`` gives of such a file: the body
keeps its margin, the first lines of paragraphs are set in, and the foot of a page stands among the lines.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

from tests.tables import rows_from
from tests.tools.layouts import airy, width, wrap

VERBS = """
回顾 重申 又回顾 还回顾 深切关注 认识到 决心 铭记 严重关切 表示注意到 欢迎 赞扬 审议了 确认 又重申 强调
还强调 念及 赞赏地注意到 考虑到 意识到 申明 深信 特别指出 担心 并重申 进一步回顾 关切地注意到
感到鼓舞的是 再次重申 深为关切 表示感谢 希望 着重指出
"""
ORDERS = """
决定 又决定 还决定 重申 呼吁所有国家 促请 鼓励 请委员会 请秘书长 欢迎 强调 敦促 表示愿意 吁请 确认 赞同
邀请 注意到 认可 再次呼吁
"""
CLAUSES = """
各地磨坊的水渠应当在雨季之前逐段检修 守夜人领到的灯油、斗笠、蓑衣和雨靴不够
《木桶公约》的签字国已经晾干全部麻绳 374项清单均已晒干 “风车章程”规定的叶片数目
面粉可能在运往码头的途中受潮 每一只木桶都应编号(见S/2008/493，附件) 1540委员会的书架需要重新上漆
国家、区域和次区域各级的钟楼 屋顶的瓦片、椽子和横梁 看门人在交班时清点钥匙
第1540(2004)号决议的封面和书脊
2004年4月28日第1540(2004)号、2006年4月27日第1673(2006)号和2008年4月25日第1810(2008)号决议
2014年5月7日主席声明(S/PRST/2014/7)所附的图样 织布机的零件 鼓励木匠交流经验
在这方面重申渡船的载重不得超过20吨 包括但不限于牛车、独木舟和扁担 决定是否更换轴承 一位负责任的领班
联合国系统之外的风向标 为此目的备好足够的木炭 以便在2016年12月之前完成清扫 各磨坊主提交的第一次报告
酌情利用当地的石料 强调不妨碍鱼群洄游
"""
MARKS = "*¹²"
SECTIONS = ("修缮", "木材和石料", "与各渡口的合作", "灯塔和外联", "管理和器材")


KINDS = rows_from(__name__, "KINDS")


@dataclass(frozen=True, slots=True)
class Said:
    """A block: what it is, its number as printed, its text without blanks but with the MARKS of notes."""

    kind: str  # of KINDS, or title, adopted, organ, heading, annex, rule, definition
    text: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class Resolution:
    """An invented resolution; ``notes`` stand at the foot of the page whose text calls the first of them."""

    number: int
    year: int
    job: str
    said: tuple[Said, ...]
    notes: tuple[Said, ...] = ()

    @property
    def blocks(self) -> list[tuple[str, str | None, str]]:
        """Kind, number and text of each block as the archive reads it; the kind only where it matters."""
        return [
            (KINDS.get(said.kind, ""), said.number or None, re.sub(f"[{MARKS}]", "", said.text))
            for said in (*self.said, *self.notes)
        ]

    @property
    def symbol(self) -> str:
        return f"S/RES/{self.number} ({self.year})"


@dataclass(frozen=True, slots=True)
class Look:
    """How a year prints: columns, blank lines, and what stands at head and foot of a page."""

    margin: int = 0  # columns before each line of the body
    indent: int = 4  # more of them before the first line of a paragraph
    hanging: bool = False  # whether an item's further lines stand below its text
    columns: int = 72
    gap: str = "none"  # blank lines: none, paragraphs (between them), even (between all lines)
    feeds: bool = True
    blanks: bool = True  # around figures and Latin letters
    pages: str = "2/5"  # or 2
    foot: str = "apart"  # job number, bar code and page: each on a line, or "together", "barcode", "alone"
    first: bool = False  # whether page 1 bears its number, too
    rule: bool = True  # whether the line above footnotes is of characters
    space: int = 2  # blank lines above footnotes
    raised: bool = False  # whether a footnote's number stands on a line of its own
    lines: int = 34
    headed: bool = True  # whether pages after the first bear the symbol
    tall: bool = False  # whether the masthead's halves stand on lines of their own
    drift: int = 0  # columns by which the body's margin moves on each second page
    printer: str = ""  # the words beside the bar code
    loose: float = 0.0  # share of full lines whose characters stand apart
    tab: int = 1  # blanks behind a number
    centred: bool = False  # whether headings stand in the middle
    trailing: str = ""  # at the end of each line
    half: bool = False  # whether commas and semicolons are those of Latin type


def resolution(seed: int) -> Resolution:
    """The resolution of this ``seed``, of the structure of those on 1540."""
    dice = random.Random(seed)
    number, year = dice.randint(1673, 2798), dice.randint(2004, 2025)
    said = [
        Said("title", f"第{number}({year})号决议"),
        Said("adopted", f"{year}年4月{dice.randint(1, 28)}日安全理事会第{number * 3}次会议通过"),
        Said("organ", "安全理事会，"),
    ]
    verbs = dice.sample(VERBS.split(), dice.randint(10, 16))
    said += [Said("preambular", verb + _clauses(dice, "，") + "，") for verb in verbs]
    notes: list[Said] = []
    if dice.random() < 0.4:
        said[4] = Said("preambular", f"{said[4].text[:-1]}以及运载工具*的保管，")
        notes = [Said("note", "本决议所用的词语含义如下：", "*")]
        notes += [
            Said("definition", f"{word}：{_clauses(dice, '，', most=2)}。")
            for word in ("运载工具", "非国家行为者", "相关材料")
        ]
    elif dice.random() < 0.5:
        said[5] = Said("preambular", f"{said[5].text[:-1]}的清册¹和木桶的附图，²")
        notes = [
            Said("note", f"见{_clauses(dice, '，', most=2)}。", "1"),
            Said("note", f"S/{year}/{number}，附件。", "2"),
        ]
    said.append(Said("preambular", "根据《联合国宪章》第七章采取行动，"))
    headed = dice.random() < 0.3
    total = dice.randint(4, 22)
    for at in range(1, total + 1):
        if headed and at % 5 == 2:
            said.append(Said("heading", SECTIONS[at // 5]))
        said += _operative(dice, str(at), last=at == total)
    for at in range(dice.choice((0, 0, 1, 2))):
        label = "附件" + ("一二"[at] if dice.random() < 0.7 else "")
        said += [Said("annex", label), Said("annex", "磨坊的守则")]
        said += [Said("rule", _clauses(dice, "，") + "。", str(n)) for n in range(1, dice.randint(3, 7))]
    return Resolution(
        number, year, f"{year % 100:02}-{dice.randint(20000, 69999)}", tuple(said), tuple(notes)
    )


def _clauses(dice: random.Random, between: str, most: int = 5) -> str:
    return between.join(dice.sample(CLAUSES.split(), dice.randint(1, most)))


def _operative(dice: random.Random, number: str, *, last: bool) -> list[Said]:
    text = dice.choice(ORDERS.split()) + _clauses(dice, "，")
    if last:
        return [Said("operative", "决定继续积极处理此案。", number)]
    if dice.random() < 0.75:
        return [Said("operative", text + "；", number)]
    items: list[Said] = [Said("operative", text + "：", number)]
    for letter in "abcde"[: dice.randint(2, 5)]:
        deeper = dice.random() < 0.25
        items.append(Said("letter", _clauses(dice, "，", most=3) + ("：" if deeper else "；"), letter))
        items += [Said("numeral", _clauses(dice, "，", most=2) + "；", n) for n in "一二三" if deeper]
    return items


def look(seed: int) -> Look:
    """The look of this ``seed``."""
    dice = random.Random(seed * 7919)
    margin = dice.choice((0, 0, 5, 11, 21))
    return Look(
        margin=margin,
        indent=dice.choice((2, 4, 5)),
        hanging=dice.random() < 0.4,
        columns=dice.choice((62, 68, 72, 76, 84)),
        gap=dice.choice(("none", "none", "paragraphs", "even")),
        feeds=dice.random() < 0.5,
        blanks=dice.random() < 0.75,
        pages=dice.choice(("2/5", "2")),
        foot=dice.choice(("apart", "together", "barcode", "alone")),
        first=dice.random() < 0.4,
        rule=dice.random() < 0.6,
        space=dice.choice((2, 2, 0)),
        raised=dice.random() < 0.3,
        lines=dice.choice((24, 30, 36, 42)),
        headed=dice.random() < 0.9,
        tall=dice.random() < 0.3,
        drift=dice.choice((0, 0, 0, 2)) if margin else 0,
        printer=dice.choice(("", "", "请回收", "Please recycle")),
        loose=dice.choice((0.0, 0.0, 0.0, 0.05)),
        tab=dice.choice((1, 1, 2, 4)),
        centred=dice.random() < 0.3,
        trailing=dice.choice(("", "", " ")),
        half=dice.random() < 0.1,
    )


def layer(resolution: Resolution, look: Look, seed: int) -> str:
    """The text layer of ``resolution`` in ``look``."""
    dice = random.Random(seed)
    body = [_printed(said, look, dice) for said in resolution.said]
    notes = [line for note in resolution.notes for line in _printed(note, look, dice)]
    called = next((at for at, said in enumerate(resolution.said) if re.search(f"[{MARKS}]", said.text)), -1)
    lines: list[tuple[str, bool]] = []  # with whether the page's notes are called there
    for at, block in enumerate(body):
        if lines and look.gap != "none":
            lines.append(("", False))
        lines += [(line, at == called) for line in block]
    pages: list[list[str]] = []
    while lines:
        room = look.lines - (0 if pages else 8)
        if any(of_note for _, of_note in lines[:room]):
            room = max(room - len(notes), 1 + max(at for at, line in enumerate(lines) if line[1]))
        pages.append([line for line, _ in lines[:room]])
        if any(of_note for _, of_note in lines[:room]) and notes:
            mark = [" " * look.margin + "_" * 18] if look.rule else []
            pages[-1] += [*[""] * look.space, *mark, *notes]
            notes = []
        lines = lines[room:]
        while lines and not lines[0][0]:
            lines.pop(0)
    return _bound(pages, resolution, look)


def _printed(said: Said, look: Look, dice: random.Random) -> list[str]:
    text = airy(said.text) if look.blanks else said.text
    if said.kind in ("preambular", "operative") and look.blanks and dice.random() < 0.1:
        text = f"{text[:2]} {text[2:]}"  # poppler, behind a verb in italics
    if look.half:
        text = text.replace("，", ",").replace("；", ";")
    mark = {"letter": f"({said.number})", "numeral": f"({said.number})", "note": said.number}.get(
        said.kind, f"{said.number}." if said.number else ""
    )
    mark += " " * look.tab if mark else ""
    level = {"letter": 1, "numeral": 2}.get(said.kind, 0)
    deep = look.margin + look.indent + 4 * level
    if said.kind in ("title", "adopted", "annex", "heading", "note"):
        deep = look.margin
    if said.kind in ("annex", "heading") and look.centred:
        deep += max(0, look.columns - width(text)) // 2
    hang = deep + 4 if look.hanging and level else look.margin
    hang = look.margin + 3 if said.kind in ("note", "definition") else hang
    room = look.columns + look.margin
    first, *rest = wrap(mark + text, room - deep)
    rest = wrap((mark + text)[len(first) :].lstrip(), room - hang) if rest else []
    lines = [" " * deep + first, *(" " * hang + line for line in rest)]
    lines[:-1] = [_loose(line) if dice.random() < look.loose else line for line in lines[:-1]]
    lines = [piece for line in lines for piece in _raised(line, apart=look.raised)]
    if look.gap == "even":
        lines = [piece for line in lines for piece in (line, "")][:-1]
    return lines


def _loose(line: str) -> str:
    """``line`` as it is read where a justified line was stretched."""
    return re.sub(r"(?<=[\u4e00-\u9fff])(?=[\u4e00-\u9fff])", " ", line)


def _raised(line: str, *, apart: bool) -> list[str]:
    """The number of a note in its line, or below the hole that it leaves there: poppler sets it so, or so."""
    call = re.search("[¹²]", line)
    if call is None or not apart:
        return [line.replace("¹", "1").replace("²", "2")]
    before, after = line[: call.start()], line[call.end() :]
    return [f"{before} {after}", " " * width(before) + "12"["¹²".index(call[0])]]


def _bound(pages: list[list[str]], resolution: Resolution, look: Look) -> str:
    """The pages with their heads and feet, one after the other."""
    symbol, right = resolution.symbol, " " * 40
    code, digits = f"*{resolution.job.replace('-', '')}*", "151216"
    date = f"{random.Random(resolution.number).randint(1, 28)} December {resolution.year}"
    head = [f"联合国{right}{symbol}", f"安全理事会{right}Distr.: General", f"{right}{date}"]
    if look.tall:
        head = [
            head[0],
            "",
            "安全理事会",
            f"{right}Distr.: General",
            "",
            head[2],
            "",
            f"{right}Original: English",
        ]
    out = ""
    for at, page in enumerate(pages, start=1):
        number = f"{at}/{len(pages)}" if look.pages == "2/5" else str(at)
        if at == 1:
            top = [*head, "", "", ""]
            shown = number if look.first else ""
            bottom = {
                "apart": [
                    f"{resolution.job} (C)    {digits}    {digits}",
                    code,
                    *([right + shown] if shown else []),
                ],
                "together": [f"{resolution.job} (C)  {code}{right}{look.printer} {shown}".rstrip()],
                "barcode": [
                    f"{resolution.job} (C)    {digits}",
                    f"{code}      {look.printer or shown}".rstrip(),
                ],
                "alone": [f"{code}      {shown}".rstrip()],
            }[look.foot]
        else:
            top = [symbol if at % 2 == 0 else f"{right}{symbol}", "", ""] if look.headed else []
            pair = (number, resolution.job) if at % 2 == 0 else (resolution.job, number)
            bottom = {"alone": [right + number], "barcode": [f"{code}      {number}"]}.get(
                look.foot, [f"{pair[0]}{right}{pair[1]}"]
            )
        page = [" " * look.drift + line if line and at % 2 == 0 else line for line in page]
        text = f"{look.trailing}\n".join([*top, *page, "", "", *bottom, ""])
        out += text + ("\f" if look.feeds else "\n")
    return out
