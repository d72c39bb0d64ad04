"""The masthead: symbol, distribution, date, languages, organ and session at the head of a UN document.

An extractor may put it anywhere (in CD/2118 it follows the first page's text) and may run its pieces
together on one line. A line belongs to it when it consists of nothing but masthead pieces and stands with
at least one piece that only a masthead has.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from archive.text.aligned_folding import fold

from ..blocks.markers import read_markers
from ..blocks.seams import goes_on
from ..dates import CHINESE_DATE
from ..languages import DATE, shapes_of
from ..lines import SourceLine
from ..shapes import (
    ADOPTED,
    DATE_AND_PLACE,
    ORGAN_NAME,
    is_byline,
    is_draft_byline,
    is_form,
    is_heading_like,
    is_section_name,
    is_title_like,
    stands_alone,
)
from ..typography import compact, display_width
from .furniture import SYMBOL, SYMBOL_LINE, Furniture, symbol_of_line, with_hyphens
from .markup import read_tex_symbol, without_marks

_NUMERAL = r"[一二三四五六七八九十百零〇○\d]{1,8}"
_ORGAN = (
    r"安全理事会|大\s{0,4}会|经济及社会理事会|托管理事会|秘书处|人权理事会|裁军谈判会议|裁军审议委员会"
    r"|(?:国际原子能机构|禁止化学武器组织|世界卫生组织|(?:联合国)?(?:儿童基金会|开发计划署|人口基金|项目事务厅|环境规划署"
    r"|人类住区规划署|妇女署|工业发展组织|贸易和发展会议|教育、科学及文化组织|粮食及农业组织|毒品和犯罪问题办公室))"
    r"|技术秘书处|执行理事会|执行局|理事会|理事会和大会|贸易和发展理事会|缔约国大会|缔约方会议|缔约方大会|世界卫生大会|联合国环境大会"
)
_DAY = r"(?:\d{4}\s?年\s?)?(?:\d{1,2}\s?月\s?)?\d{1,2}\s?日"
_TOWN = r"[^\s,。\d]{2,12}"
_TONGUE = r"(?:Arabic|Chinese|English|French|Russian|Spanish)"
_PIECES: tuple[tuple[str, str, bool], ...] = (
    (
        "distribution",
        r"(?:Distr|DISTR)\.?\s*[:：]?\s*(?:General|Limited|Restricted|GENERAL|LIMITED|普通|普遍|有限|限制)?"
        r"|(?:普遍|普通|一般|有限|限制|内部)分发(?=\s|$)|仅(?:有|以)[^，。；]{1,16}文(?:本)?(?:提供|分发)?(?=\s|$)|仅供工作使用|仅限与会者",
        True,
    ),
    (
        "original",
        r"(?:Original|ORIGINAL|原件|原语文|原始语文|原文|原\s{0,4}文)\s*[:：]"
        r"\s*(?:$|[A-Za-z一-鿿/、和 ]{1,60}?(?=\s*$|\s{2}))",
        True,
    ),
    ("language", rf"(?:{_TONGUE}[,/]?\s?(?:and\s)?){{1,6}}(?:only)?(?=\s|$)|(?:CHINESE|中文)\b", False),
    ("label", r"(?:文号|文件编号|文件号)\s*[:：]\s*(?=\S)", True),
    ("imprint", r"联合国\s?[•·]\s?[^，,]{2,8}[，,]\s?[^，,]{2,8}$", True),
    ("united_nations", r"联\s{0,4}合\s{0,4}国(?=\s|$)|United Nations(?=\s|$)", False),
    ("symbol", rf"{SYMBOL}(?=\s|$)", True),
    ("organ", rf"(?:联合国)?(?:{_ORGAN})(?=\s|$|第\s?{_NUMERAL}\s?[届年])", False),
    (
        "session",
        rf"第\s?{_NUMERAL}\s?(?:届(?:紧急)?(?:特别)?会议|届特别会议|届(?:常会|年会|例会)|年|年度会议)(?=\s|$|议程|第)|"
        rf"\d{{4}}\s?年(?:第\s?{_NUMERAL}\s?届)?(?:届会|实质性会议|组织会议|常会|年会|年度会议|会议)(?=\s|$)",
        False,
    ),
    ("committee", r"第[一二三四五六]委员会(?=\s|$)", False),
    (
        "conference",
        r"\S{2,24}(?:公约|条约)缔约国(?:大会|会议)?(?=\s|$)|"
        r"(?:\d{4}\s?年)?(?:(?:\S{2,24}(?:公约|条约))?缔约国)?(?:第[一二三四五六七八九十]{1,3}次)?"
        r"(?:审议(?:大会|会议)|筹备委员会|审议(?:大会|会议)筹备委员会)(?=\s|$)",
        False,
    ),
    (
        "records",
        r"(?:大会)?正式记录(?:[，,]\s?\d{4}\s?年)?|(?:临时)?逐字记录(?=\s|$)|补编第\s?\d{1,3}[A-Z]?\s?号",
        False,
    ),
    (
        "agenda_item",
        r"(?:[^\s,。;:]{0,16}?[会局](?=(?:临时|暂定)?议程))?(?:(?:临时|暂定)?(?:议程|项目表)\s?\*{0,3}\s*)?(?:(?:暂定|临时)?议程)?(?:项目|议题)\s*\*{0,3}\s*\d{1,3}(?:\s*[(（][a-z]{1,2}[)）])*(?:\s*[和、至与]\s*\d{1,3}(?:\s*[(（][a-z]{1,2}[)）])*){0,20}\s?\*{0,3}",
        False,
    ),
    ("provisional", r"(?:临时|暂定)(?=\s|$)|Provisional(?=\s|$)", False),
    ("meeting", rf"第\s?{_NUMERAL}\s?次(?:全体)?会议\s?[(（][上下晚]午?[)）]", False),
    ("place", r"(?:纽约|日内瓦|维也纳|内罗毕|海牙|罗马|巴黎|蒙特利尔)(?=\s|$)", False),
    ("session_dates", rf"(?:{_TOWN},\s?)?{CHINESE_DATE}\s*[至和]\s*{_DAY}(?:,\s?{_TOWN})?(?=\s|$)", False),
    ("date", rf"{DATE}|(?:日期\s?[:：]\s?)?{CHINESE_DATE}(?=\s|$)", False),
    (
        "purpose",
        r"(?:供[^\s，。；：]{2,8}|情况通报|会议报道|新闻稿|普遍|普通|有限|限制|内部|原子用于和平(?:与发展)?|\d{4}年\d{1,2}月)(?=\s|$)|"
        rf"[(（]{SYMBOL}[)）](?=\s|$)",
        False,
    ),
)
_OF_CONFERENCE = {"session_dates", "conference"}
_STRONG = {name for name, _, strong in _PIECES if strong}
_PIECE = re.compile(
    "|".join(f"(?P<{name}>{'|'.join((own, *shapes_of(f'masthead {name}')))})" for name, own, _ in _PIECES)
)
_DATED = re.compile(CHINESE_DATE)
_OF_OPENING = {"session", "agenda_item"}
_MOST_NAME_LINES = 5
_FIRST_BEHIND = 12
_LONGEST = 160
_ITEM_COLUMN = 28  # columns, of the left half of a page
_GUTTER = 4  # blanks
_LARGER = 1.1  # times the size of the lines above
_NO_NAME = re.compile(
    r"[，。；：:,;]|(?<!^)\d{4}年|^\d{4}年(?!.{2,20}(?:条约|公约|会议|大会)$)|^关于|^第[^届]{1,9}次(?:全体)?会议|(?:报告|说明|声明|文件|记录|信|函|照会|草案|建议|决定)\*?$"
)


Run = tuple[int, list[tuple[str, str]]]
"""A line of a masthead: where it stands, and its pieces, each name and text."""


@dataclass(slots=True)
class Masthead:
    """What the masthead's lines say: the pieces by name, first come first kept; ``symbols`` are all of the
    head, ``alone`` says how often each stands alone on a line."""

    reasons: dict[int, str] = field(default_factory=dict)
    pieces: dict[str, str] = field(default_factory=dict)
    symbol: str | None = None
    symbols: tuple[str, ...] = ()
    alone: Counter[str] = field(default_factory=Counter)


def find_masthead(lines: Sequence[SourceLine], furniture: Furniture) -> Masthead:
    """Find masthead lines and running headers among ``lines``; the document's symbol comes from them only."""
    found = Masthead(alone=_symbols_alone(lines))
    own = max(found.alone, key=found.alone.__getitem__, default=None)
    run: list[Run] = []
    met = False
    second_column = False
    opening = True
    titles = 0  # of agenda items that are still to come
    for at, line in enumerate(lines):
        if at in furniture.reasons or (run and at <= run[-1][0]):
            continue
        pieces = _pieces_of(line.text)
        above = run[-1] if run else (at, [("", "")])
        # 安全理事会 above 第1540(2004)号决议所设委员会 is the first line of that name
        longer = not pieces and above[1][-1][0] == "organ" and goes_on(lines[above[0]].text, line.text)
        if opening and not pieces and not longer and (names := _names_from(lines, at, run)):
            run += names
            continue
        if met and pieces and pieces[0][0] == "place":
            found.reasons[at] = "masthead"
            found.pieces.setdefault(*pieces[0])
            continue
        met = DATE_AND_PLACE.fullmatch(fold(line.text[:_LONGEST])) is not None
        if pieces:
            run.append((at, pieces))
            continue
        if longer:
            run.pop()
        closed = _close(run, found, own, also=second_column, opening=opening)
        opening = opening and closed
        titles = titles - 1 if second_column and not run else _items_of(run)
        if closed and _heads_title(lines, at, run):
            found.reasons[at] = "running header"
            found.pieces.setdefault("running_title", compact(line.text))
        elif _is_set_as_title(lines, at):
            second_column = False
        elif (closed if run else second_column) and titles > 0 and _is_item_title(lines, at, furniture):
            found.reasons[at] = "masthead"
            found.pieces.setdefault("agenda_title", compact(line.text))
            second_column = True
        elif second_column and not run and _ends_item_title(lines, at):
            found.reasons[at] = "masthead"
            found.pieces["agenda_title"] += compact(line.text)
        else:
            second_column = False
        run = []
    _close(run, found, own, also=second_column, opening=opening)
    if found.reasons and (between := _above_title(lines, {*found.reasons, *furniture.reasons})):
        found.reasons |= dict.fromkeys(between, "masthead")
        found.pieces["above_title"] = "，".join(compact(lines[at].text) for at in between)
    return found


def _above_title(lines: Sequence[SourceLine], left_out: set[int]) -> Sequence[int]:
    """The lines below the masthead and above the title, where that is the one heading above all others, or
    the one line in the largest type."""
    kept = [at for at in range(len(lines)) if at not in left_out]
    ranks = [(-(lines[at].evidence.outline or 99), lines[at].evidence.size or 0) for at in kept]
    title = ranks.index(max(ranks)) if ranks else 0
    if not 0 < title <= _MOST_NAME_LINES or ranks.count(ranks[title]) > 1 or min(left_out) > kept[0]:
        return []
    for text in (lines[at].text for at in kept[:title]):
        if is_byline(text) or is_form(text) or stands_alone(text) or not is_heading_like(text):
            return []
    return kept[:title]


def _names_from(lines: Sequence[SourceLine], at: int, run: list[Run]) -> list[Run]:
    """The lines from ``at`` on that name a conference, a treaty or a house, with the pieces beside them:
    all down to the next piece where they end as such names do, else those that pieces stand beside."""
    taken: list[Run] = []
    name = ""
    for below in range(at, min(at + _MOST_NAME_LINES, len(lines))):
        if pieces := _pieces_of(lines[below].text):
            treaty = name.endswith(("公约", "条约")) and (run or "conference" in dict(pieces))
            named = ORGAN_NAME.search(name) or treaty
            if named and not _DATED.fullmatch(lines[below].text):  # that is the day of a text
                taken[0][1][0] = ("organ", name)
                return taken
            break
        left, beside = _columns_of(lines[below], [*run, *taken])
        if not left:
            break
        name += left
        taken.append((below, [("body", left), *beside]))
    return list(takewhile(lambda one: len(one[1]) > 1, taken))


def _columns_of(line: SourceLine, run: list[Run]) -> tuple[str, list[tuple[str, str]]]:
    """A line of a name in the left column and the pieces in the right one, or "" where it is no such line.
    One blank between the columns will do where the right one is surely such."""
    text = line.text[:_LONGEST]
    named = any(name == "body" for _, of_line in run for name, _ in of_line)
    for start, end in [*(gap.span() for gap in re.finditer(r"\s+", text)), (len(text), len(text))]:
        left, right = compact(text[:start]), _pieces_of(text[end:])
        if _NO_NAME.search(left) or read_markers(left) or line.evidence.outline or right is None:
            continue
        sure = {name for name, _ in right} & ({"distribution", "original"} if run else _STRONG)
        beside = len(left) <= _ITEM_COLUMN and (sure or named or end - start >= _GUTTER)
        if beside or not right:
            return left, right
    return "", []


def _heads_title(lines: Sequence[SourceLine], at: int, run: list[Run]) -> bool:
    """The title in a running head that an extractor set behind the body: 联合国, organ, title."""
    text = lines[at].text
    behind = at > _FIRST_BEHIND and at > len(lines) // 2
    if not (behind and _is_running(run[-2:]) and is_title_like(text)) or read_markers(text):
        return False
    return at + 1 == len(lines) or not goes_on(text, lines[at + 1].text)


def _is_running(pair: list[Run]) -> bool:
    """Two lines that hold nothing but 联合国 and the organ."""
    return [[name for name, _ in of_line] for _, of_line in pair] == [["united_nations"], ["organ"]]


def _items_of(run: list[Run]) -> int:
    """How many agenda items the run ends with: 项目71(b)和103 are two, each with a title."""
    pieces = [piece for _, of_line in run[-2:] for piece in of_line if piece[0] != "purpose"]
    name, text = pieces[-1] if pieces else ("", "")
    return len(re.findall(r"\d+", text)) if name == "agenda_item" else 0


def _is_item_title(lines: Sequence[SourceLine], at: int, furniture: Furniture) -> bool:
    """The title of the agenda item, which stands below its number and above the document's own title.

    Where a summary or a byline (秘书长的报告) follows at once, it is itself the document's title, unless the
    byline is of what another passes on (秘书长的说明).
    """
    text = lines[at].text
    if not is_heading_like(text) or read_markers(text) or _DATED.search(text):
        return False
    following, after, *_ = [*(fold(line.text) for line in lines[at + 1 : at + 3]), "", ""]
    if is_section_name(following):
        return False
    if is_byline(following) and not is_draft_byline(following) and not is_byline(after):
        return False
    noted = following[:1] == "*" or at + 1 in furniture.reasons
    return noted or not following or is_title_like(following)


def _is_set_as_title(lines: Sequence[SourceLine], at: int) -> bool:
    """Whether a line is marked as a heading, or set larger or further apart than those above it."""
    line, above = lines[at], lines[max(at - 2, 0) : at] or lines[:1]
    larger = (line.evidence.size or 0) > _LARGER * max(one.evidence.size or 0 for one in above)
    return line.evidence.outline is not None or larger or line.before > above[-1].before


def _ends_item_title(lines: Sequence[SourceLine], at: int) -> bool:
    """The title's second line: tied to the first, with blank lines above and below the two; or what stands
    between item and adoption in a resolution of the Assembly."""
    text, following = lines[at].text, lines[at + 1].text if at + 1 < len(lines) else ""
    wrapped = display_width(lines[at - 1].text) >= _ITEM_COLUMN
    above = 1 if wrapped else lines[at - 1].before  # a line that fills its column goes on below
    if not is_heading_like(text) or read_markers(text):
        return False
    if lines[at].before < min(above, lines[at + 1].before if following else 0):
        return True
    adopted = len(following) < 60 and ADOPTED.fullmatch(fold(following)) is not None
    return adopted and not ADOPTED.fullmatch(fold(text))


def _symbols_alone(lines: Sequence[SourceLine]) -> Counter[str]:
    """How often each symbol stands alone on a line, in their order."""
    alone = (symbol_of_line(line.text) for line in lines if len(line.text) <= _LONGEST)
    return Counter(_spelled(symbol) for symbol in alone if symbol)


def _spelled(symbol: str) -> str:
    return re.sub(r"\s+", "", symbol).replace("（", "(").replace("）", ")").rstrip("*")


def _pieces_of(text: str) -> list[tuple[str, str]] | None:
    """``text`` cut into masthead pieces, or None where anything else is in it."""
    if len(text) > _LONGEST:
        return None
    text = fold(with_hyphens(without_marks(read_tex_symbol(text))[0]))
    text = text.replace("|", " ").lstrip("#").strip()
    page = SYMBOL_LINE.fullmatch(text)
    if page:
        symbol = symbol_of_line(text)
        return [("symbol", symbol)] if symbol else None
    pieces: list[tuple[str, str]] = []
    at = 0
    while at < len(text):
        match = _PIECE.match(text, at)
        if not match or match.end() == at:
            return None
        pieces.append((match.lastgroup or "", match[0].strip()))
        at = match.end()
        while at < len(text) and text[at].isspace():
            at += 1
    return pieces


def _close(
    run: list[Run],
    found: Masthead,
    own: str | None,
    *,
    also: bool = False,
    opening: bool = False,
) -> bool:
    """Take over a run of masthead-like lines, where one piece in it is such as no text has.

    ``also`` takes organ and session of the other organ below an agenda item (A/63/985-S/2009/419); at the
    ``opening`` session, item, organ and days are a masthead without any symbol, as many copies have it.
    """
    pieces = [piece for _, of_line in run for piece in of_line]
    names = {name for name, _ in pieces}
    symbols = dict.fromkeys(_spelled(value) for name, value in pieces if name == "symbol")
    if own and any(symbol.startswith(f"{own}-") for symbol in symbols):  # A/63/985-S/2009/419
        symbols[own] = None
    opens = opening and (names == {"session"} or (len(names) > 1 and names & _OF_OPENING))
    if not (opens or names & _STRONG) and _is_running(run[-2:]):
        for at, of_line in run[-2:]:
            found.reasons[at] = "running header"
            found.pieces.setdefault(*of_line[0])
        return True
    again = {"organ", "session"} <= names or names == {"agenda_item"}
    if opens or {"records", "session"} <= names or (also and again):
        pass
    elif not names & _STRONG or (names == {"symbol"} and own not in symbols):
        return False
    below = found.symbol and not opening and names == {"symbol", "organ"}
    if below or names - {"symbol"} <= _OF_CONFERENCE:
        # Below a running header they are of the text: 大会 as a heading; the days of a meeting (CD/2118).
        run = [(at, of_line) for at, of_line in run if {name for name, _ in of_line} == {"symbol"}]
        names = {"symbol"}
    reason = "running header" if names == {"symbol"} else "masthead"
    for at, _ in run:
        found.reasons[at] = reason
    for name, value in pieces:
        found.pieces.setdefault(name, value)
    if found.symbol is None and symbols:
        found.symbol = own if own in symbols else next(iter(symbols))
        found.symbols = tuple(symbols) if opening or names != {"symbol"} else ()
    return True
