"""How documents, paragraphs, dates and counts are named in Chinese on the pages."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

from django.utils.translation import gettext as _

from archive.models import Document, Paragraph

CHINESE_DIGITS = "〇一二三四五六七八九"
RESOLUTION_OWNERS = {
    "S/RES/": "安全理事会",
    "A/RES/": "大会",
    "E/RES/": "经济及社会理事会",
    "A/HRC/RES/": "人权理事会",
    "A/DEC/": "大会",
    "E/DEC/": "经济及社会理事会",
}


def chinese_number(value: int) -> str:
    """``2`` → 二, ``12`` → 十二, ``20`` → 二十; numbers above 99 stay in figures."""
    if value < 10:
        return CHINESE_DIGITS[value]
    if value > 99:
        return str(value)
    tens, ones = divmod(value, 10)
    return ("" if tens == 1 else CHINESE_DIGITS[tens]) + "十" + (CHINESE_DIGITS[ones] if ones else "")


def chinese_date(value: dt.date | None) -> str:
    """2016年6月22日; empty without a date."""
    return f"{value.year}年{value.month}月{value.day}日" if value else ""


def moment_beside(value: dt.datetime | None, other: dt.datetime | None) -> str:
    """The day of a moment; with the time, 2016年6月22日09:30 UTC, where ``other`` is on the same day."""
    day = chinese_date(value)
    if value is None or other is None or chinese_date(other) != day:
        return day
    same_minute = value != other and f"{value:%H:%M}" == f"{other:%H:%M}"
    shape = "%H:%M:%S" if same_minute else "%H:%M"
    return f"{day}{value.astimezone(dt.UTC):{shape}} UTC"


def date_in_words(document: Document) -> str:
    """The date that a document is known by, with its label: 2016年6月22日会议, 2018年2月19日印发."""
    if document.meeting_date:
        return _("%(date)s会议") % {"date": chinese_date(document.meeting_date)}
    if document.date:
        return _("%(date)s印发") % {"date": chinese_date(document.date)}
    if document.communication_date:
        kind = _("照会") if document.document_type == Document.Type.NOTE_VERBALE else _("信")
        return _("%(date)s的%(kind)s") % {"date": chinese_date(document.communication_date), "kind": kind}
    if document.year:
        return _("%(year)s年，日期未印") % {"year": document.year}
    return _("日期未印")


def part_name(part: str) -> str:
    """``annex2`` → 附件二, ``enclosure`` → 附文; empty for the main part."""
    match = re.fullmatch(r"(annex|enclosure|appendix)(\d*)", part)
    if not match:
        return ""
    name = {"annex": _("附件"), "enclosure": _("附文"), "appendix": _("附录")}[match[1]]
    return name + (chinese_number(int(match[2])) if match[2] else "")


def printed_number(paragraph: Paragraph) -> str:
    """The number as it stands on the page: 14, (a), 2.1, 一; empty where none is printed."""
    if not paragraph.number:
        return ""
    bracketed = _is_item(paragraph)
    return f"({paragraph.number})" if bracketed else paragraph.number


def _is_item(paragraph: Paragraph) -> bool:
    """True for (a) and the like; a decimal number (2.1) says by itself where it stands."""
    items = (Paragraph.Kind.SUBPARAGRAPH, Paragraph.Kind.LIST_ITEM)
    return paragraph.kind in items and "." not in (paragraph.number or "")


Ancestry = Callable[[Paragraph], Paragraph | None]


def paragraph_name(paragraph: Paragraph, parent_of: Ancestry) -> str:
    """What a paragraph is called beside its document's symbol: 附件第14段, 第3(a)段, 古巴，未编号第5段.

    ``parent_of`` gives the block under which a block stands, or None. Where no number is printed,
    the blocks of the section are counted and the name says that the number is not the document's.
    """
    part = part_name(paragraph.part)
    kind = paragraph.kind
    if kind == Paragraph.Kind.FOOTNOTE and paragraph.number:
        return _("%(part)s脚注%(number)s") % {"part": part, "number": paragraph.number}
    if kind == Paragraph.Kind.HEADING:
        return _heading_name(paragraph, part)
    if match := re.search(r"(?:^|\.)pp(\d+)$", paragraph.anchor):
        return _("%(part)s序言部分第%(number)s段") % {"part": part, "number": match[1]}
    if kind == Paragraph.Kind.ROW and (row := row_and_table(paragraph, parent_of)):
        return _row_name(part, *row)
    if paragraph.number:
        return _numbered_name(paragraph, part, parent_of)
    return _unnumbered_name(paragraph, part, parent_of)


def row_and_table(paragraph: Paragraph, parent_of: Ancestry) -> tuple[str, str, str] | None:
    """The number of a row in its table, the table's caption or an empty string, its number in the part.

    None where the anchor does not tell: a row was edited by hand.
    """
    match = re.search(r"t(\d+)\.r(\d+)(?:_\d+)?$", paragraph.anchor)
    if not match:
        return None
    above = parent_of(paragraph)
    while above is not None and above.role != "table_title":
        above = parent_of(above)
    return match[2], above.text if above is not None else "", match[1]


def _row_name(part: str, row: str, caption: str, table: str) -> str:
    if caption:
        return _("%(part)s“%(caption)s”第%(row)s行") % {
            "part": part,
            "caption": shortened(caption),
            "row": row,
        }
    return _("%(part)s未编号表格%(table)s第%(row)s行") % {"part": part, "table": table, "row": row}


def _heading_name(paragraph: Paragraph, part: str) -> str:
    if paragraph.anchor == paragraph.part:
        return part
    if paragraph.number:
        return _("%(part)s标题%(number)s") % {"part": part, "number": paragraph.number}
    if paragraph.role in ("title", "annex_title"):
        return _("%(part)s标题") % {"part": part}
    return _("%(part)s标题“%(text)s”") % {"part": part, "text": shortened(paragraph.text)}


def _numbered_name(paragraph: Paragraph, part: str, parent_of: Ancestry) -> str:
    """第5段, 第3(a)段; an item below no numbered paragraph is (a)项, with its heading."""
    numbers, above = printed_number(paragraph), paragraph
    while above and _is_item(above):
        above = parent_of(above)
        if above is not None and above.kind != Paragraph.Kind.HEADING and above.number:
            numbers = printed_number(above) + numbers
    if not numbers.startswith("("):
        return _("%(part)s第%(number)s段") % {"part": part, "number": numbers}
    section = _section_name(paragraph, parent_of)
    return _("%(part)s%(section)s%(number)s项") % {"part": part, "section": section, "number": numbers}


def _unnumbered_name(paragraph: Paragraph, part: str, parent_of: Ancestry) -> str:
    section = _section_name(paragraph, parent_of)
    match = re.search(r"u(\d+)(?:_\d+)?$", paragraph.anchor)
    if paragraph.kind == Paragraph.Kind.SIGNATURE:
        return _("%(part)s签名") % {"part": part}
    where = part + section
    if not match:
        return _("%(where)s未编号段%(anchor)s") % {"where": where, "anchor": paragraph.anchor}
    return _("%(where)s未编号第%(count)s段") % {"where": where, "count": match[1]}


def _section_name(paragraph: Paragraph, parent_of: Ancestry) -> str:
    """古巴的答复， or “导言”下: the section by which an unnumbered block is told from others."""
    above = parent_of(paragraph)
    while above is not None and (above.kind != Paragraph.Kind.HEADING or above.role in TITLE_ROLES):
        above = parent_of(above)
    if above is None or above.anchor == above.part:
        return ""
    if paragraph.submitter_name and above.role == "submitter":
        return _("%(name)s的答复，") % {"name": paragraph.submitter_name}
    return _("“%(heading)s”下") % {"heading": shortened(above.text.rstrip("：:"))}


TITLE_ROLES = {"title", "organ", "annex_title", "annex_label"}
LANGUAGES = {
    "arabic": "阿拉伯文",
    "chinese": "中文",
    "zh": "中文",
    "english": "英文",
    "french": "法文",
    "russian": "俄文",
    "spanish": "西班牙文",
}


def language_name(printed: str) -> str:
    """英文 for ``English``: mastheads print the language in English or in Chinese. What is unknown stays."""
    return LANGUAGES.get(printed.strip().lower(), printed)


def meeting_name(meeting: str) -> str:
    """第74次会议 for a bare number."""
    return _("第%(number)s次会议") % {"number": meeting} if meeting.isdecimal() else meeting


def shortened(text: str, longest: int = 20) -> str:
    """The beginning of a text, with … where something was left out."""
    text = text.replace("\n", "")
    return text if len(text) <= longest else text[: longest - 1] + "…"


def speaker_name(paragraph: Paragraph) -> str:
    """Kim Heun Jin女士, as the record prints it before a speech."""
    return paragraph.speaker_name + paragraph.speaker_honorific


EU_ACTS = "EU:"
CFSP_DECISION = re.compile(r"\(CFSP\)20(?:1[5-9]|[2-9]\d)/\d+", re.IGNORECASE)


def spoken_symbol(symbol: str) -> str:
    """安全理事会第1540(2004)号决议 for ``S/RES/1540(2004)``; the symbol itself where it has no such name."""
    for prefix, owner in RESOLUTION_OWNERS.items():
        if symbol.startswith(prefix):
            kind = _("决定") if "/DEC/" in prefix else _("决议")
            return _("%(owner)s第%(number)s号%(kind)s") % {
                "owner": owner,
                "number": symbol.removeprefix(prefix),
                "kind": kind,
            }
    if symbol.startswith(EU_ACTS):
        number = symbol.removeprefix(EU_ACTS)
        # Under the common foreign and security policy there are decisions alone (Treaty on European Union,
        # article 25); of other marks it cannot be told: (EU) stands before regulations and decisions.
        if CFSP_DECISION.fullmatch(number):
            return _("欧洲联盟%(number)s号决定") % {"number": number}
        return _("欧洲联盟%(number)s号法令") % {"number": number}
    return symbol


def short_symbol(symbol: str) -> str:
    """1540(2004) for a Council resolution, the symbol itself for all others."""
    return symbol.removeprefix("S/RES/")


def note_number(anchor: str) -> str:
    """How a footnote is marked: ``fn1`` → 1, ``annex.fn2`` → 2, ``fnstar2`` → ** (see the core)."""
    code = anchor.rpartition("fn")[2]
    if match := re.fullmatch(r"star(\d*)", code):
        return "*" * int(match[1] or 1)
    return code


def cited_paragraph_name(anchor: str) -> str:
    """How a paragraph that is not held is called: ``3.a`` → 第3(a)段, ``annex.14`` → 附件第14段."""
    head, dot, rest = anchor.partition(".")
    part = part_name(head) if dot else ""
    number, *letters = (rest if part else anchor).split(".")
    if match := re.fullmatch(r"pp(\d+)", number):
        return _("%(part)s序言部分第%(number)s段") % {"part": part, "number": match[1]}
    if re.fullmatch(r"fn(\d+|star\d*)", number):
        return _("%(part)s脚注%(number)s") % {"part": part, "number": note_number(number)}
    if number.isdecimal():
        whole = number + "".join(f"({letter})" for letter in letters)
        return _("%(part)s第%(number)s段") % {"part": part, "number": whole}
    if not dot and part_name(anchor):
        return part_name(anchor)
    if (match := re.fullmatch(r"u(\d+)", number)) and not letters:
        return _("%(part)s未编号第%(count)s段") % {"part": part, "count": match[1]}
    return _("标记为%(anchor)s的段落") % {"anchor": anchor}


def cited_articles(article: str) -> str:
    """How articles of a treaty are called: ``4(2)`` → 第4条第2款, ``1,7`` → 第1条、第7条, ``ch7`` → 第7章."""
    if not article:
        return ""
    head, _bracket, item = article.partition("(")
    form = _("第%(number)s章") if head.startswith("ch") else _("第%(number)s条")
    ranges = [piece.split("-") for piece in head.replace("ch", "").split(",")]
    named = [_("至").join(form % {"number": number} for number in ends) for ends in ranges]
    whole = _("、").join(named)
    return whole + _("第%(number)s款") % {"number": item.rstrip(")")} if item else whole
