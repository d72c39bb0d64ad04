"""Citations in a draft: what the mention grammar finds, and what looks like a citation and is none to it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from archive.text.aligned_folding import fold
from archive.text.mentions import find_mentions
from archive.text.parsed import Facts, Kind, ParsedParagraph
from archive.text.pinpoints.grammar import paragraphs_after, pinpoint_after
from archive.text.pinpoints.value import english_pinpoint_beside
from archive.text.reference import load_reference
from archive.text.symbols.series import PRESS, SERIES
from search.query.entities.names import Kind as EntityKind
from search.query.entities.names import NameTable
from search.query.entities.recognise import read_whole

# Series of one or two letters that stand for other things as well: IT/OT, ID/2, T/2, C/C++.
_AMBIGUOUS = frozenset("C CD EC RC GC GA GV IT ID T HS LC ICC KP SSC CAC ST ECE".split()) | PRESS  # noqa: SIM905
_SURE = sorted((re.escape(series) for series in SERIES if series not in _AMBIGUOUS), key=len, reverse=True)
_ALL = sorted((re.escape(series) for series in SERIES), key=len, reverse=True)
# s/res/1540, S.RES.1540, S//2010/52, A/RES/73-55; small letters only where the series is sure
_SYMBOL_LIKE = re.compile(
    rf"(?<![A-Za-z0-9/.@_%&=-])(?:(?:{'|'.join(_ALL)})(?=[/.])|(?i:(?:{'|'.join(_SURE)})(?=/)))"
    r"[/.]{1,2}[A-Za-z0-9(][A-Za-z0-9()./-]{1,59}"
)
# 第154O(2004)号决议, 第1540(204)号决议, 第八五二四号决议
_NUMBER_LIKE = re.compile(r"第 ?[^\s第号,。、;:“”\"《》]{1,24}? ?号 ?(?:决议草案|决议|决定|文件)")
# resolution 154O (2004), resolution 1540 (204)
_ENGLISH_NUMBER_LIKE = re.compile(r"\b[Rr]esolution (?=\w*\d)\w{2,6} ?\(\w{2,6}\)")
NEAR = 200  # characters beside a citation in which its paragraph is looked for
_ADDRESS = re.compile(r"(?:https?://|www\.)[!-~]+|[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,100}")
_MORE_OF_SYMBOL = re.compile(r"/?[0-9]")
# In 第1540(2004)号决议所设委员会 the resolution is part of a name.
_NAME_GOES_ON = re.compile(
    r" ?(?:所设|设立的?|的)?(?:[^,，。;；:：、\s“”「」『』‘’\"]{0,8})?委员会|所设|专家(?:组|小组)"
)


# SR.74, PV.7169; 第74次会议记录, 第74次会议第14段
_RECORD = re.compile(
    r"(?P<symbol>(?<![A-Za-z0-9./_-])(?:SR|PV)\. ?[0-9]{1,5}(?![0-9A-Za-z/]))"
    r"|(?P<meeting>第 ?(?:[0-9]{1,5}|[一二三四五六七八九十百千〇]{1,7}) ?次(?:全体|正式)?会议"
    r"(?P<record>的?(?:简要|逐字)?记录)?)"
)
_LONGEST_OWNER = 20


class Pointing(StrEnum):
    """The way in which a pinpoint without a citation refers to its document."""

    NOTHING = "nothing"  # 附件第3段
    TITLE = "title"  # 《最后文件》第3段: by a name that is no citation
    WORD = "word"  # 同上，第3段; 该文件第3段


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation in the draft. ``symbol`` is empty where none could be read; ``pointing`` is set for a
    pinpoint that belongs to no citation.
    """

    start: int
    end: int
    surface: str
    symbol: str = ""
    pinpoint: str = ""
    certain: bool = True
    in_body_name: bool = False
    pointing: Pointing | None = None


def citations(text: str, table: NameTable) -> list[Cited]:
    """Returns all citations of ``text``, in order: those the grammar reads, records of meetings that
    ``table`` knows, and what neither reads.
    """
    read = list(_mentions(text))
    read += _records(text, read, table)
    return sorted([*read, *_unread(text, read)], key=in_draft)


def in_draft(one: Cited) -> tuple[int, int]:
    """Returns the sort key of a citation's place in the draft."""
    return one.start, one.end


def _mentions(text: str) -> Iterator[Cited]:
    blocks = [(start, paragraph) for start, paragraph in paragraphs(text) if paragraph.strip()]
    parsed = [
        ParsedParagraph(anchor=str(start), kind=Kind.PARAGRAPH, text=paragraph) for start, paragraph in blocks
    ]
    by_anchor = {str(start): paragraph for start, paragraph in blocks}
    for mention in find_mentions(parsed, Facts(), load_reference()):
        offset, paragraph = int(mention.anchor), by_anchor[mention.anchor]
        start, end = offset + mention.start, offset + mention.end
        if _goes_on(paragraph, mention.end):
            continue
        pinpoint = mention.paragraph or _in_english(paragraph, mention.start, mention.end)
        yield Cited(
            start,
            end,
            text[start:end],
            mention.symbol,
            pinpoint,
            mention.certain,
            not pinpoint and bool(_NAME_GOES_ON.match(paragraph, mention.end, mention.end + 30)),
        )


# Names that stand between a pinpoint and its citation, and what stands behind one: (29 January 2010), at
_NOUN_BEFORE = re.compile(r"\b(?:UNSCR|SCR|(?:UN |U\.N\. )?(?:[Dd]ocument|[Dd]oc\.?)) $")
_BETWEEN = re.compile(r"^(?: ?\([^()]{0,40}\)|\))?,?(?: at)? ")


def _in_english(text: str, start: int, end: int) -> str:
    """Matches: paragraph 3 of resolution 1540 (2004); resolution 1540 (2004), para. 3; 1540 OP3."""
    before, behind = text[max(0, start - NEAR) : start], text[end : end + NEAR].replace("¶", "para.")
    return str(english_pinpoint_beside(_NOUN_BEFORE.sub("", before), _BETWEEN.sub(", ", behind)) or "")


def _records(text: str, read: Sequence[Cited], table: NameTable) -> Iterator[Cited]:
    """Records of meetings by less than their symbols: SR.74第14段, 1540委员会第74次会议记录.

    What ``table`` knows no record for is spoken of, not cited.
    """
    folded = fold(text)
    taken = sorted((one.start, one.end) for one in read)
    for match in _RECORD.finditer(folded):
        pinpoint = pinpoint_after(folded, match.end()) or _in_english(folded, *match.span())
        if not (match["symbol"] or match["record"] or pinpoint) or overlaps(taken, *match.span()):
            continue
        (start, end), owned = match.span(), True
        if match["meeting"]:
            start, owned = _with_owner(folded, start, table)
        meant = read_whole(folded[start:end], table)
        known = [one.key for one in meant if one.kind is EntityKind.SYMBOL]
        if known:
            symbol = known[0] if len(known) == 1 else ""
            yield Cited(start, end, text[start:end], symbol, pinpoint, certain=owned and bool(symbol))


def _with_owner(folded: str, start: int, table: NameTable) -> tuple[int, bool]:
    """Returns the start of the name of the body that met, and True if there is one."""
    for first in range(max(0, start - _LONGEST_OWNER), start):
        if any(name.kind is EntityKind.BODY and not name.weak for name in table.named(folded[first:start])):
            return first, True
    return start, False


def _goes_on(text: str, end: int) -> bool:
    """Returns True if a symbol was cut short: S/RES/1540 in S/RES/15400, S/2010 in S/2010/123456."""
    return text[end - 1].isdigit() and _MORE_OF_SYMBOL.match(text, end) is not None


def _unread(text: str, read: Sequence[Cited]) -> Iterator[Cited]:
    """Generates strings that look like a symbol or resolution number, where no citation was parsed."""
    taken, looks = [(one.start, one.end) for one in read], []
    for offset, paragraph in paragraphs(text):
        folded = fold(paragraph)
        addresses = (match.span() for match in _ADDRESS.finditer(folded))
        taken += [(offset + start, offset + end) for start, end in addresses]
        looks += [(offset + start, offset + end) for start, end in (*_numbers(folded), *_symbols(folded))]
    taken.sort()
    end = 0
    for start, stop in sorted(looks):
        if start >= end and not overlaps(taken, start, stop):
            yield Cited(start, stop, text[start:stop], certain=False)
            end = stop


def _numbers(folded: str) -> Iterator[tuple[int, int]]:
    yield from (match.span() for match in _NUMBER_LIKE.finditer(folded))
    yield from (match.span() for match in _ENGLISH_NUMBER_LIKE.finditer(folded))


def _symbols(folded: str) -> Iterator[tuple[int, int]]:
    """Generates the spans of symbol-like tokens with a number that no paper size has (A/4)."""
    for match in _SYMBOL_LIKE.finditer(folded):
        token = match.group().rstrip("./-(")
        numbers = re.findall(r"\d+", token)
        pieces = [piece for piece in re.split(r"[/.]+", token) if piece]
        if numbers and len(pieces) > 1 and (len(pieces) > 2 or int(numbers[-1][:9]) >= 100):
            yield match.start(), match.start() + len(token)


def overlaps(taken: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    """Returns True if the span overlaps one of ``taken``, which are sorted and hardly overlap each other."""
    near = bisect_right(taken, (start, end))
    return any(first < end and start < last for first, last in taken[max(0, near - 3) : near + 1])


# Pinpoints that belong to no citation: 同上，第7段; 该文件附件第11段; 参见附件第12至14段和第5段.

_NOUN = r"(?:文件|决议|决定|报告|普通照会|照会|信函|信|函|说明|声明|备忘录|简报)"
_IBID = r"(?:(?<![一-鿿])|(?<=[见自据]))(?:出处)?同[上前](?=[\s,.。;:、()\]”’」]|第|附|序言|$)"
# 该文件附件第11段, 上述报告第3段, 同一文件第4段
_THAT = rf"(?:该|此|上述|前述|上引|前引|同一(?:[份项])?|这[份项一]?|上一?[份项]){_NOUN}"
_PLACE = r"(?:附件|附文|附录|序言|执行部分|正文部分|第 ?[0-9一二三四五六七八九十百])"
_POINTS = re.compile(rf"(?P<ibid>{_IBID})|(?P<english>\b[Ii]bid\b\.?)|(?P<that>{_THAT})|(?P<place>{_PLACE})")
# 上文第3段, 本报告附件第2段: the draft's own; 第三条第2段: of a treaty
_OTHERS = re.compile(
    rf"(?:[上下前后]文|以[上下]|[上下]面|本{_NOUN}|本[文稿章节件]|[0-9一二三四五六七八九十][条款]|公约|条约|议定书|宪章|规约)"
    r"(?:的|中)?,? ?$"
)
_TITLE = re.compile(r"[》〉](?:的|中)?,? ?$")
_EACH = re.compile(r" ?,?分别(?:在|于|的|见)?其?")
_LOOK_BACK = 12


def lone_pinpoints(text: str, cited: Sequence[Cited], passages: Sequence[tuple[int, int]]) -> list[Cited]:
    """Returns the places of ``text`` that name paragraphs and no document, in order.

    ``cited`` are its citations in order. What is inside ``passages`` is quoted and speaks of another text.
    """
    folded = fold(text)
    taken = sorted(_with_pinpoint(folded, one) for one in cited)
    found = []
    for offset, paragraph in paragraphs(text):
        for start, end, pinpoint, pointing in _in_paragraph(fold(paragraph)):
            place = offset + start, offset + end
            if not overlaps(taken, *place) and not overlaps(passages, *place):
                surface = text[slice(*place)]
                found.append(Cited(*place, surface, pinpoint=pinpoint, certain=False, pointing=pointing))
    return found


def _with_pinpoint(folded: str, one: Cited) -> tuple[int, int]:
    """Returns a citation, and the paragraphs named right behind it."""
    window = folded[one.end : one.end + 400].replace("\n", " ")
    each = _EACH.match(window)
    return one.start, one.end + paragraphs_after(window, each.end() if each else 0)[1]


def _in_paragraph(folded: str) -> Iterator[tuple[int, int, str, Pointing]]:
    """Generates ``(start, end, pinpoint, how it points)``."""
    at = 0
    while begins := _POINTS.search(folded, at):
        at = begins.end()
        before = folded[max(0, begins.start() - _LOOK_BACK) : begins.start()]
        if begins["english"]:
            pinpoint = english_pinpoint_beside("", folded[at : at + NEAR])
            yield begins.start(), at, str(pinpoint or ""), Pointing.WORD
            continue
        if begins["place"]:
            places, end = paragraphs_after(folded, begins.start())
            kind = Pointing.TITLE if _TITLE.search(before) else Pointing.NOTHING
        else:
            places, end = paragraphs_after(folded, begins.end())
            kind = Pointing.WORD
        if places:
            at = max(at, end)
        if (places and not _OTHERS.search(before)) or begins["ibid"]:
            yield begins.start(), at, ",".join(places), kind


# The lines of a draft, put together again where a line break only wraps a sentence.

_ENDS = tuple("。！？；：.!?;:…”」』")
_BEGINS = re.compile(
    r"\s*(?:[一二三四五六七八九十百]{1,4}[、.．]|\d{1,3}[.、．)）](?!\d)|[(（][^()（）]{1,4}[)）]"
    r"|第[^，。]{1,5}[章节条]|[-•*·●—#>])"
)
LONG = 16  # a line that was wrapped has some length
AT_ONCE = 8_000  # characters that are looked through at once; other readers wait meanwhile


def paragraphs(text: str) -> Iterator[tuple[int, str]]:
    """Generates ``(start, paragraph)``; a line break inside is a space, so that offsets stay valid.

    Text pasted from a PDF has a break at each line. Two lines are one paragraph where the first has the
    length of one, does not end like a sentence, and the second does not begin like an item. What is longer
    than ``AT_ONCE`` comes in several, each but the last to the end of a sentence if there is one.
    """
    for start, paragraph in _whole(text):
        while len(paragraph) > AT_ONCE:
            end = max(paragraph.rfind(sign, AT_ONCE // 2, AT_ONCE) for sign in _ENDS) + 1 or AT_ONCE
            yield start, paragraph[:end]
            start, paragraph = start + end, paragraph[end:]
        yield start, paragraph


def _whole(text: str) -> Iterator[tuple[int, str]]:
    start, place, lines = 0, 0, list[str]()
    for line in text.split("\n"):
        if lines and not _is_wrapped(lines[-1], line):
            yield start, " ".join(lines)
            start, lines = place, []
        lines.append(line)
        place += len(line) + 1
    yield start, " ".join(lines)


def _is_wrapped(before: str, after: str) -> bool:
    before = before.rstrip()
    return (
        len(before) >= LONG
        and not before.endswith(_ENDS)
        and bool(after.strip())
        and not _BEGINS.match(after)
    )
