"""Official numbers as printed at the front of a block: ``14.``, ``(a)``, ``㈢``, ``一、``, ``A.``, ``II.``.

A marker is only a reading of characters; whether it is a number here is decided by ``numbering``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from ..numerals import INSERTED, LATIN_OF_INSERTED, number_of, number_of_roman
from ..shapes import is_heading_like

_STEMS = "甲乙丙丁戊己庚辛壬癸"
_ORDINAL_SIGNS = "一二三四五六七八九十百零〇○两0123456789"


class Style(StrEnum):
    """The kinds of number that UN documents use; their order in a document is its own affair."""

    ARABIC = "arabic"  # 14.
    PAREN_ARABIC = "paren_arabic"  # (1)
    CIRCLED = "circled"  # ①
    LETTER = "letter"  # (a)
    ROMAN = "roman"  # (ii)
    LOWER = "lower"  # a. (the third level: (a), (一) or (i), a., i.; UN editorial manual)
    LOWER_ROMAN = "lower_roman"  # i.
    DECIMAL = "decimal"  # 2.1, 2.1.3, 29A.1, 二.1, C.1
    CJK = "cjk"  # 一、
    PAREN_CJK = "paren_cjk"  # (一), ㈠
    UPPER = "upper"  # A.
    UPPER_ROMAN = "upper_roman"  # II.
    STEM = "stem"  # 甲. (for A., in older texts)
    PAREN_STEM = "paren_stem"  # (甲)
    PART = "part"  # 第一部分
    CHAPTER = "chapter"  # 第一章
    SECTION = "section"  # 第一节
    ARTICLE = "article"  # 第一条
    ITEM = "item"  # 项目1. (in the annotations to an agenda)
    BARE = "bare"  # 1 一般情况
    BULLET = "bullet"


@dataclass(frozen=True, slots=True)
class Marker:
    """A number at the front of a text: its style, value, form without punctuation, and as printed.

    ``glued`` says that a digit follows its point directly, as in ``2.5``, which is no paragraph number, or
    that the text of an article, or of 2.1, follows its number without a space or after a stop. ``sub`` is the
    2 of 第八条之二 and of 1之二.
    """

    style: Style
    value: int
    number: str
    prefix: str
    glued: bool = False
    sub: int = 0


_LEFT, _RIGHT = r"[(（]\s?", r"\s?[)）]"
_CJK_NUMERAL = r"[一二三四五六七八九十]{1,4}"
_ORDINAL = r"(?:[一二三四五六七八九十百零〇○两兩]{1,7}|[0-9０-９]{1,3})"
_UNITS = (
    (Style.PART, "(?:部分|编|編)"),
    (Style.CHAPTER, "章"),
    (Style.SECTION, "[节節款]"),
)
NAMED_STYLES = (*(style for style, _ in _UNITS), Style.ARTICLE)
_POINTED = (Style.CJK, Style.UPPER, Style.UPPER_ROMAN, Style.STEM, Style.ITEM)
SECTION_STYLES = (*_POINTED, Style.BARE, *NAMED_STYLES)
POINTED_STYLES = (Style.LOWER, Style.LOWER_ROMAN)
_BRACKETED = (Style.LETTER, Style.ROMAN, Style.PAREN_CJK, Style.PAREN_ARABIC, Style.CIRCLED, Style.PAREN_STEM)
ITEM_STYLES = (*_BRACKETED, *POINTED_STYLES)
_ARTICLE = (
    rf"第\s?(?P<value>{_ORDINAL})\s?[条條](?:\s?之\s?(?P<sub>[一二三四五六七八九十]{{1,3}}|[0-9]{{1,2}}))?"
)
# What follows the number of an article that a sentence cites: 第三条规定, 第三条第一款, 第三条和第五条.
_CITED = re.compile(
    r"\s*(?:[的、，,。；;）)》”]|(?<=[、.．])第|规定|規定|(?:[和与與及或至到]|以及)\s?第|第\s?[0-9一二三四五六七八九十]{1,3}\s?[款项項条條]"
    r"|[(（]\s?[0-9a-z一二三四五六七八九十]{1,3}\s?[)）]\s?(?:分?段|[款项項])|所[述指列规規载載称稱要]|中[的所规規]|之规"
    r"|以外|项下|項下|要求|范围内|範圍內|适用于)"
)
# What follows a letter or numeral in brackets that a sentence cites: (a)和(b), (b)分段应改为, (二)项所列.
_CITED_ITEM = re.compile(
    r"\s?(?:(?:[、,，和与與及或至到]|以及)\s?(?:[(（]\s?[0-9a-z一二三四五六七八九十]{1,4}\s?[)）]|[㈠-㈩])|分段|[段项項款][所的规規中和与應应内要])"
)
_ARTICLE_START = re.compile(
    rf"{_ARTICLE}(?!\s?之\s?[0-9一二三四五六七八九十])(?P<gap>[\s\u3000]+|[：:。.．、]\s*)?(?=\S)"
)
_SHAPES: tuple[tuple[Style, re.Pattern[str]], ...] = tuple(
    (style, re.compile(pattern))
    for style, pattern in (
        (
            Style.DECIMAL,
            rf"((?:[0-9]{{1,2}}[A-H]?|{_CJK_NUMERAL}|[IVXL]{{1,5}}|[A-Z])(?:\.[0-9]{{1,3}}){{1,3}})"
            r"(?:(?:[.．、]\s*|[\s\u3000]+)(?=[^\s亿万千%％倍度])|(?=[\u4e00-\u9fff])(?![亿万千百倍度米公吨克元年月]))",
        ),
        (
            Style.ARABIC,
            r"([0-9０-９]{1,3})(?:\s?[.．、]\s*(?![0-9]{1,3}\s?[%％)）])|[\t\u3000]+\s*)(?=\S)|([\u2488-\u249b])\s*(?=\S)",
        ),
        (
            Style.PAREN_ARABIC,
            rf"{_LEFT}([0-9０-９]{{1,2}}){_RIGHT}\s*(?=\S)|([\u2474-\u2487])\s*(?=\S)|([0-9]{{1,2}})[)）]\s*(?=\S)",
        ),
        (Style.CIRCLED, r"([①-⑳㉑-㉟㊱-㊿❶-❿➀-➓⓵-⓾])\s*(?=\S)"),
        (
            Style.LETTER,
            rf"{_LEFT}([a-zａ-ｚ]|aa|bb|cc|dd|ee|ff){_RIGHT}\s*(?=\S)|([a-z])[)）]\s*(?=\S)|([\u249c-\u24b5])\s*(?=\S)",
        ),
        (Style.ROMAN, rf"{_LEFT}([ivxl]{{1,6}}){_RIGHT}\s*(?=\S)|([ⅰ-ⅻ])[.．、)）]?\s*(?=\S)"),
        (Style.CJK, rf"({_CJK_NUMERAL})\s?(?:[.．、]\s*|[\u3000\t]+\s*)(?=\S)"),
        (Style.PAREN_CJK, rf"{_LEFT}({_CJK_NUMERAL}){_RIGHT}\s*(?=\S)|([㈠-㈩㊀-㊉])\s*(?=\S)"),
        (
            Style.UPPER_ROMAN,
            r"([IVXL]{1,6})\s?[.．、]\s*(?=\S)|([IVXL]{2,5})\t(?=\S)|([Ⅰ-Ⅻ])\s?[.．、]?\s*(?=\S)",
        ),
        (Style.UPPER, r"([A-ZＡ-Ｚ])\s?(?:[.．、]\s*|[\u3000\t]+)(?=\S)"),
        (Style.STEM, rf"([{_STEMS}])\s?[.．、]\s*(?=\S)"),
        (Style.PAREN_STEM, rf"{_LEFT}([{_STEMS}]){_RIGHT}\s*(?=\S)"),
        (Style.LOWER, r"([a-z])[.．](?:\s+(?=\S)|(?=[^\x00-\x7f]))"),
        (Style.LOWER_ROMAN, r"([ivxl]{1,5})[.．](?:\s+(?=\S)|(?=[^\x00-\x7f]))"),
        (Style.ITEM, r"((?:议程)?项目\s?[0-9０-９]{1,3})\s?[.．、]\s*(?=\S)"),
        *((style, rf"(第\s?{_ORDINAL}\s?{unit})[\s\u3000：:、.．]+(?=\S)") for style, unit in _UNITS),
    )
)
_INSERTED = re.compile(
    rf"(?:(?P<number>[0-9]{{1,3}})(?P<point>\s?[.．、](?=\s?[bqst]))?|{_LEFT}(?P<letter>[a-z]){_RIGHT})"
    rf"\s?(?P<sub>{'|'.join(LATIN_OF_INSERTED)})(?(point)\s|(?(number)(?:\s?[.．、]|[\u3000\t])|\s))\s*(?=\S)"
)
# A number that counts things is none: 12 个国家, 3 月.
NO_MEASURE = (
    r"(?![年月秒号个位座艘种届岁万亿余至到票天份]|[日时](?![期常程间])|分(?![析区])|名(?![单称])|件|项(?!目)|条(?![约例件])"
    r"|次(?!区)|国(?![家际内])|人(?![道员权力])|多(?!边)|和(?!平)|周(?!边)|家)"
)
BARE_NUMBER = re.compile(rf"([0-9]{{1,2}})\s+{NO_MEASURE}(?=[\u4e00-\u9fff《“])(?!.*\S\s+[\u4e00-\u9fff])")
_HAN = re.compile("[\u3400-\u9fff]")
_HAN_FIRST = frozenset("一二三四五六七八九十第议项" + _STEMS)
"""The ideographs with which a number can begin: most lines begin with another."""
_OPENERS = frozenset("(（⒜⒝⒞⒟⒠⒡⒢⒣⒤⒥⒦⒧⒨⒩⒪⒫⒬⒭⒮⒯⒰⒱⒲⒳⒴⒵")
_YEAR_FIRST = re.compile(r"(?:19|20)\d\d\s?年")
_LONE = (Style.CJK, Style.UPPER, Style.UPPER_ROMAN, *NAMED_STYLES)
_LONGEST = 16


def read_markers(text: str) -> list[Marker]:
    """Every way to read a number at the front of ``text``; most texts have none, ``(i)`` has two."""
    if not text or not (
        text[0] in "(（"
        or "\u249c" <= text[0] <= "\u24b5"
        or unicodedata.category(text[0])[0] == "N"
        or text[0].isalnum()
    ):
        return []
    if _HAN.match(text) and text[0] not in _HAN_FIRST:
        return []
    if between := _INSERTED.match(text[:24]):
        return [_inserted(between)]
    readings = []
    for style, shape in _SHAPES:
        match = shape.match(text[:24])
        printed = match and next(filter(None, match.groups()), None)
        cited = match and style in _BRACKETED and _CITED_ITEM.match(text[match.end() : match.end() + 8])
        if not match or not printed or cited:
            continue
        number = unicodedata.normalize("NFKC", printed).strip("().")
        if style is Style.CIRCLED:
            number = f"{unicodedata.numeric(printed):.0f}"
        value = _value(style, number)
        if value:
            glued = style is Style.ARABIC and match[0][-1] in ".．" and _is_fraction(text[match.end() :])
            glued = glued or (style is Style.DECIMAL and match[0] == printed)
            readings.append(Marker(style, value, number, text[: match.end()].strip(), glued))
    article = _read_article(text) if text[0] == "第" else None
    return [*readings, article] if article else readings


def read_bare_numbers(texts: Sequence[str]) -> dict[int, Marker]:
    """The numbers without any point before headings (1 一般情况), by the index of their text: those that
    count on from one through ``texts``, which the file as a whole decides."""
    found: dict[int, Marker] = {}
    run: dict[int, Marker] = {}
    for at, text in enumerate(texts):
        match = BARE_NUMBER.match(text)
        if match is None or not is_heading_like(text):
            continue
        value = int(match[1])
        if value == 1:
            run = {}
        if value == len(run) + 1:
            run[at] = Marker(Style.BARE, value, match[1], match[1])
            found |= run if value > 1 else {}
    return found


def _inserted(match: re.Match[str]) -> Marker:
    """1之二, 2 bis, (b)之二: what was put behind a number without counting all others anew."""
    printed = match["number"] or match["letter"]
    style = Style.ARABIC if match["number"] else Style.LETTER
    sub = 2 + INSERTED.index(LATIN_OF_INSERTED[match["sub"]])
    return Marker(style, _value(style, printed), printed + match["sub"], match[0].strip(), sub=sub)


def is_counted_so(marker: Marker, form: str) -> bool:
    """Whether a file that counts in ``form`` (``lowerRoman``) can mean ``marker``: (i) is no letter then."""
    roman = marker.style in (Style.ROMAN, Style.LOWER_ROMAN, Style.UPPER_ROMAN)
    letter = marker.style in (Style.LETTER, Style.LOWER, Style.UPPER)
    return not (roman and form.endswith("Letter")) and not (letter and form.endswith("Roman"))


def _read_article(text: str) -> Marker | None:
    """The number of an article at the front of ``text``, unless a sentence cites the article there."""
    match = _ARTICLE_START.match(text[:32])
    if not match or _CITED.match(text[match.end() : match.end() + 16]):
        return None
    return _article(
        match,
        text[: match.end()].strip(),
        glued=(match["gap"] or text[match.end()])[0] not in " \t\u3000：:【［[（(",
    )


def _article(match: re.Match[str], prefix: str, *, glued: bool = False) -> Marker | None:
    value = number_of(unicodedata.normalize("NFKC", match["value"]))
    sub = number_of(match["sub"] or "0")
    number = re.sub(r"\s", "", prefix.rstrip("：:。.．、"))
    return Marker(Style.ARTICLE, value, number, prefix, glued, sub or 0) if value else None


def _is_fraction(text: str) -> bool:
    """True for the 5 of 2.5; a year behind the point begins the text (1.2004年…)."""
    return text[:1].isdigit() and not _YEAR_FIRST.match(text[:8])


def read_alone(text: str) -> list[Marker]:
    """Every way to read ``text`` as nothing but a number."""
    found = read_markers(f"{text}\t某") if len(text) < _LONGEST else []
    return [marker for marker in found if marker.prefix == text]


def read_lone_numeral(text: str) -> Marker | None:
    """A heading's numeral that stands on a line by itself, as in resolutions in parts (``A``, ``二``), in
    reports (``第一章``) and in conventions (``第一条``)."""
    styles = _LONE if text[-1:].isalnum() else _LONE[:3]
    return next((marker for marker in read_alone(text) if marker.style in styles), None)


def _value(style: Style, number: str) -> int:
    if style in (Style.ARABIC, Style.PAREN_ARABIC, Style.CIRCLED):
        return int(number) if number.isdecimal() else 0
    if style is Style.DECIMAL:
        return int(number.rpartition(".")[2])
    if style in (Style.STEM, Style.PAREN_STEM):
        return _STEMS.index(number) + 1
    if style in (Style.ITEM, *NAMED_STYLES):
        return number_of("".join(char for char in number if char in _ORDINAL_SIGNS)) or 0
    if style in (Style.LETTER, Style.UPPER, Style.LOWER):
        return ord(number[0].lower()) - ord("a") + 1 + 26 * (len(number) - 1)
    if style in (Style.ROMAN, Style.UPPER_ROMAN, Style.LOWER_ROMAN):
        return number_of_roman(number) or 0
    return number_of(number) or 0 if len(number) == 1 or number.count("十") == 1 else 0
