"""Wording of documents, paragraphs, dates and counts in the language of the page."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from os.path import commonprefix
from typing import Any, Protocol

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, override, pgettext
from django.utils.translation import gettext as _

from archive.models import Document, Paragraph
from archive.models.querysets.languages import CHINESE
from archive.store.addresses.locations import Ancestry, Form, Location, location_of, location_of_anchor
from archive.text.folding import pinyin_order
from archive.text.formats import BY_NAME
from archive.text.pinpoints.anchors import PART, numbered_as
from archive.text.shapes import RESOLUTION_TITLE
from archive.text.symbols.symbol import short_symbol
from archive.text.typed_places import TypedPlace

from .english import (
    english_date,
    named_in_english,
    ordinal,
    parts_in_english,
    person_in_english,
    place_in_english,
    range_in_english,
    spaced,
    spoken_english,
)
from .traditional import traditional

_IN_DOUBT = gettext_lazy("某日(时钟有误，日期存疑)")
CHINESE_DIGITS = "〇一二三四五六七八九"
RESOLUTION_OWNERS = {
    "S/RES/": gettext_lazy("安全理事会"),
    "A/RES/": gettext_lazy("大会"),
    "E/RES/": gettext_lazy("经济及社会理事会"),
    "A/HRC/RES/": gettext_lazy("人权理事会"),
    "A/DEC/": gettext_lazy("大会"),
    "E/DEC/": gettext_lazy("经济及社会理事会"),
}


def chinese_number(value: int) -> str:
    """Returns a Chinese numeral: ``2`` → 二, ``12`` → 十二; numbers above 99 stay in figures."""
    if value < 10:
        return CHINESE_DIGITS[value]
    if value > 99:
        return str(value)
    tens, ones = divmod(value, 10)
    return ("" if tens == 1 else CHINESE_DIGITS[tens]) + "十" + (CHINESE_DIGITS[ones] if ones else "")


def chinese_date(value: dt.date | None) -> str:
    """Formats a date: 2016年6月22日; empty without one."""
    return f"{value.year}年{value.month}月{value.day}日" if value else ""


def reads_english() -> bool:
    """Returns True if the page being made is in English."""
    return get_language() == "en"


def in_chinese() -> override:
    """Returns a context in which words are made in Chinese: those of citations, and beside the document's."""
    return override(settings.LANGUAGE_CODE)


def day_in_words(value: dt.date | None) -> str:
    """Formats a date in the language of the page: 2016年6月22日, 22 June 2016; empty without one."""
    return english_date(value) if value and reads_english() else chinese_date(value)


def day_or_moment(value: dt.datetime | None, other: dt.datetime | None) -> str:
    """Words a day; with the time, 2016年6月22日世界时09:30, if ``other`` is on the same day. Of one that is
    yet to come, that it is in doubt.
    """
    if value is not None and value > timezone.now():
        return str(_IN_DOUBT)
    day = day_in_words(value)
    if value is None or other is None or day_in_words(other) != day:
        return day
    same_minute = value != other and f"{value:%H:%M}" == f"{other:%H:%M}"
    shape = "%H:%M:%S" if same_minute else "%H:%M"
    return moment_in_words(value, shape)


def moment_in_words(value: dt.datetime, shape: str = "%H:%M") -> str:
    """Words a moment: 2016年6月22日世界时09:30."""
    value = value.astimezone(dt.UTC)
    return _("%(day)s世界时%(time)s") % {"day": day_in_words(value), "time": f"{value:{shape}}"}


class Public(Protocol):
    """A text with the times between which it was public, as recorded by the clock."""

    @property
    def since(self) -> dt.datetime: ...
    @property
    def until(self) -> dt.datetime | None: ...


def is_in_doubt(text: Public) -> bool:
    """Returns True if its times contradict each other or lie in the future: a clock was wrong."""
    ended = text.until or text.since
    return ended < text.since or max(ended, text.since) > timezone.now()


def since_in_words(text: Public) -> str:
    """Words the day of its beginning, with the time if it ended on the same day, or the doubt."""
    return _time_in_words(text, text.since, text.until)


def until_in_words(text: Public) -> str:
    """Words the time at which a text ended; empty while it is current."""
    return _time_in_words(text, text.until, text.since)


def _time_in_words(text: Public, value: dt.datetime | None, other: dt.datetime | None) -> str:
    """Words a time; as doubtful where the end precedes the beginning, so that either may be wrong."""
    either = text.until is not None and text.until < text.since <= timezone.now()
    return str(_IN_DOUBT) if either else day_or_moment(value, other)


class Dated(Protocol):
    """A document, or a stored row of it, with its printed dates."""

    @property
    def meeting_date(self) -> dt.date | None: ...
    @property
    def date(self) -> dt.date | None: ...
    @property
    def communication_date(self) -> dt.date | None: ...
    @property
    def document_type(self) -> str: ...
    @property
    def year(self) -> int | str | None: ...


def date_in_words(document: Dated) -> str:
    """Returns the date that a document is known by, with its label: 2016年6月22日会议, 2018年2月19日印发."""
    if document.meeting_date:
        return _("%(date)s会议") % {"date": day_in_words(document.meeting_date)}
    if document.date:
        return _("%(date)s印发") % {"date": day_in_words(document.date)}
    if document.communication_date:
        kind = _("照会") if document.document_type == Document.Type.NOTE_VERBALE else _("信")
        return _("%(date)s的%(kind)s") % {"date": day_in_words(document.communication_date), "kind": kind}
    if document.year:
        return _("%(year)s年，日期未印") % {"year": document.year}
    return _("日期未印")


def part_name(part: str) -> str:
    """Names a part: ``annex2`` → 附件二, ``annex2.enclosure`` → 附件二附文; empty for main."""
    if not PART.fullmatch(part):
        return ""
    if reads_english():
        return ", ".join(parts_in_english(part))
    outer, _dot, own = numbered_as(part).rpartition(".")
    kind = own.rstrip("0123456789")
    number = own.removeprefix(kind)
    name = {"annex": _("附件"), "enclosure": _("附文"), "appendix": _("附录")}[kind]
    told = "" if outer.rpartition(".")[2].startswith(kind) else part_name(outer)
    return told + name + (chinese_number(int(number)) if number else "")


def _section_name(label: str) -> str:
    """Names a section: ``s2`` → 第二节, ``sc`` → C节."""
    number = label.removeprefix("s")
    return _("第%s节") % chinese_number(int(number)) if number.isdecimal() else _("%s节") % number.upper()


def paragraph_name(paragraph: Paragraph, parent_of: Ancestry) -> str:
    """Returns the name of a paragraph in its document: 附件第14段, 第3(a)段, 古巴的答复，未编号第5段.

    ``parent_of`` returns the parent of a block, or None. Where no number is printed, the blocks of the
    section are counted and the name says that the number is not the document's.
    """
    return location_in_words(location_of(paragraph, parent_of))


def cited_paragraph_name(anchor: str) -> str:
    """Returns the name of a paragraph by its anchor alone: ``3.a`` → 第3(a)段, ``annex.14`` → 附件第14段."""
    return location_in_words(location_of_anchor(anchor))


# By form, and by what tells the place from others beside its number: a heading, or who replies.
LOCATIONS = {
    (Form.PARAGRAPH, ""): gettext_lazy("%(part)s第%(number)s段"),
    (Form.ITEM, ""): gettext_lazy("%(part)s%(number)s项"),
    (Form.ITEM, "heading"): gettext_lazy("%(part)s“%(heading)s”下%(number)s项"),
    (Form.ITEM, "submitter"): gettext_lazy("%(part)s%(submitter)s的答复，%(number)s项"),
    (Form.PREAMBULAR, ""): gettext_lazy("%(part)s序言部分第%(number)s段"),
    (Form.FOOTNOTE, ""): gettext_lazy("%(part)s脚注%(number)s"),
    (Form.ROW, ""): gettext_lazy("%(part)s未编号表格%(table)s第%(number)s行"),
    (Form.ROW, "heading"): gettext_lazy("%(part)s“%(heading)s”第%(number)s行"),
    (Form.SIGNATURE, ""): gettext_lazy("%(part)s签名"),
    (Form.UNNUMBERED, ""): gettext_lazy("%(part)s未编号第%(number)s段"),
    (Form.UNNUMBERED, "heading"): gettext_lazy("%(part)s“%(heading)s”下未编号第%(number)s段"),
    (Form.UNNUMBERED, "submitter"): gettext_lazy("%(part)s%(submitter)s的答复，未编号第%(number)s段"),
    (Form.UNCOUNTED, ""): gettext_lazy("%(part)s未编号段%(number)s"),
    (Form.UNCOUNTED, "heading"): gettext_lazy("%(part)s“%(heading)s”下未编号段%(number)s"),
    (Form.UNCOUNTED, "submitter"): gettext_lazy("%(part)s%(submitter)s的答复，未编号段%(number)s"),
    (Form.PART, ""): gettext_lazy("%(part)s"),
    (Form.TITLE, ""): gettext_lazy("%(part)s标题"),
    (Form.ITEM, "count"): gettext_lazy("%(part)s第%(count)s个标题下%(number)s项"),
    (Form.UNNUMBERED, "count"): gettext_lazy("%(part)s第%(count)s个标题下未编号第%(number)s段"),
    (Form.HEADING, "count"): gettext_lazy("%(part)s第%(count)s个标题"),
    (Form.HEADING, ""): gettext_lazy("%(part)s标题%(number)s"),
    (Form.HEADING, "heading"): gettext_lazy("%(part)s标题“%(heading)s”"),
    (Form.UNKNOWN, ""): gettext_lazy("标记为%(number)s的段落"),
}


def location_in_words(location: Location) -> str:
    """Words a location in a document, in the language of the page; the only function that does."""
    if reads_english():
        return place_in_english(replace(location, heading=shortened(location.heading)))
    told_by = next((name for name in ("submitter", "heading", "count") if getattr(location, name)), "")
    sections = map(_section_name, filter(None, location.sections.split(".")))
    name = LOCATIONS[location.form, told_by] % {
        "part": "".join([location.label or part_name(location.part), *sections]),
        "number": location.number,
        "table": location.table,
        "heading": shortened(location.heading),
        "submitter": name_in_words(location.submitter),
        "count": _("个标题下第").join(location.count.split(".")),
    }
    if not location.again:
        return name
    return _("%(name)s(同号第%(count)s处)") % {"name": name, "count": chinese_number(int(location.again))}


LANGUAGES = {
    "arabic": gettext_lazy("阿拉伯文"),
    "chinese": gettext_lazy("中文"),
    "zh": gettext_lazy("中文"),
    "english": gettext_lazy("英文"),
    "en": gettext_lazy("英文"),
    "french": gettext_lazy("法文"),
    "russian": gettext_lazy("俄文"),
    "spanish": gettext_lazy("西班牙文"),
}


def language_name(printed: str) -> str:
    """Translates a printed language: 英文 for ``English``; unknown ones stay."""
    return str(LANGUAGES.get(printed.strip().lower()) or (printed and _(printed)))


DISCORDANCES = {
    "symbol": gettext_lazy("文号"),
    "date": gettext_lazy("日期"),
    "list": gettext_lazy("列举"),
    "number": gettext_lazy("数目"),
    "force": gettext_lazy("语气"),
    "negation": gettext_lazy("否定"),
}


def discordance_name(kind: str) -> str:
    """Names what two texts of a paragraph say differently: 数目 for ``number``."""
    return str(DISCORDANCES.get(kind, kind))


def original_label(format_: str) -> str:
    """Returns the label of an original by its format's name: 原件（Word）, 原件（PDF）."""
    kind = _(BY_NAME[format_].label) if format_ in BY_NAME else format_
    return _("原件（%(kind)s）") % {"kind": kind}


def meeting_name(meeting: str) -> str:
    """Returns 第74次会议 for a bare number."""
    if meeting.isdecimal() and reads_english():
        return f"{ordinal(int(meeting))} meeting"
    return _("第%(number)s次会议") % {"number": meeting} if meeting.isdecimal() else meeting


def shortened(text: str, longest: int = 20) -> str:
    """Returns the beginning of a text, with … where something was left out."""
    text = text.replace("\n", "")
    return text if len(text) <= longest else text[: longest - 1] + "…"


class Spoken(Protocol):
    """The speaker or submitter of a text, as the document prints them: a paragraph, or a stored row of it."""

    @property
    def speaker_name(self) -> str: ...
    @property
    def speaker_honorific(self) -> str: ...
    @property
    def speaker_delegation(self) -> str: ...
    @property
    def submitter_name(self) -> str: ...


def person_in_words(name: str, honorific: str) -> str:
    """Returns a speaker in the language of the page: Kim Heun Jin女士, Ms. Kim Heun Jin."""
    return (reads_english() and person_in_english(name, honorific)) or name + honorific


def who_speaks(spoken: Spoken) -> str:
    """Returns Kim Heun Jin女士(大韩民国), or 古巴 for a reply; empty where nobody is named."""
    if not spoken.speaker_name:
        return name_in_words(spoken.submitter_name)
    whence = name_in_words(spoken.speaker_delegation)
    before = " (" if reads_english() else "("
    speaker = person_in_words(spoken.speaker_name, spoken.speaker_honorific)
    return speaker + (f"{before}{whence})" if whence else "")


def name_in_words(named: Any) -> str:
    """Returns the name of a State, body or treaty in the language of the page, else the Chinese one;
    ``named`` may be that name alone.
    """
    chinese = named if isinstance(named, str) else named.name
    if reads_english():
        return getattr(named, "english", "") or named_in_english(chinese)
    return traditional(chinese) if get_language() == "zh-hant" else chinese


def clauses(items: Iterable[object]) -> str:
    """Returns words as the clauses of a sentence: 甲，乙; under an English interface with comma and blank."""
    return (", " if reads_english() else "，").join(map(str, items))


def placed(symbol: str, place: str) -> str:
    """Names a place behind its document: S/2010/52 附件第14段; in English S/2010/52, annex, para. 14."""
    return clauses((symbol, place)) if reads_english() else f"{symbol} {place}"


def reference_words(text: str) -> str:
    """Returns the name of a theme or series, or a summary, as the catalogue of the page's language has it."""
    return pgettext("reference", text) if text else ""


def name_order(named: Any) -> str:
    """Returns a sorting key of the name that can be written down: by pinyin, in English by letters, in
    traditional letters by strokes, in which order Big5 has the 5,401 common ones, and then the rarer.
    """
    if reads_english():
        letters = unicodedata.normalize("NFKD", name_in_words(named))
        return "".join(letter for letter in letters if letter.isalpha() or letter == " ").casefold()
    if get_language() == "zh-hant":
        return name_in_words(named).encode("big5", "replace").decode("latin-1")
    return pinyin_order(named if isinstance(named, str) else named.name).decode("latin-1")


EU_ACTS = "EU:"
CFSP_DECISION = re.compile(r"\(CFSP\)20(?:1[5-9]|[2-9]\d)/\d+", re.IGNORECASE)


def spoken_symbol(symbol: str) -> str:
    """Names a symbol: 安全理事会第1540(2004)号决议; one without such a name stays."""
    if reads_english() and not symbol.startswith(EU_ACTS):
        return spoken_english(symbol)
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


def short_name(symbol: str) -> str:
    """Returns a resolution's bare number, 1540(2004), under an English interface 1540 (2004)."""
    return spaced(short_symbol(symbol)) if reads_english() else short_symbol(symbol)


def title_organ(document: Document) -> str:
    """Returns 安全理事会 for a resolution titled by number alone (第1540(2004)号决议); else empty."""
    match = RESOLUTION_TITLE.fullmatch(document.title)
    if match is None or match["organ"] or document.language != CHINESE:
        return ""
    owners = (owner for prefix, owner in RESOLUTION_OWNERS.items() if document.symbol.startswith(prefix))
    with in_chinese():  # beside words of the document
        return str(next(owners, ""))


def full_title(document: Document) -> str:
    """Returns the title, with the organ before it where that is not in it."""
    return title_organ(document) + document.title


def cited_articles(article: str) -> str:
    """Words the articles of a treaty: ``4(2)(b)`` → 第4条第2款(b)项, ``1,3(7)`` → 第1条、第3条第7款."""
    ranges = [piece.split("-") for piece in article.split(",")] if article else []
    return _("、").join(_("至").join(map(_cited_article, ends)) for ends in ranges)


def _cited_article(label: str) -> str:
    head, *inside = label.replace(")", "").split("(")
    form = _("第%(number)s章") if head.startswith("ch") else _("第%(number)s条")
    whole = form % {"number": head.removeprefix("ch")}
    for number, level in zip(
        inside, (_("%(articles)s第%(number)s款"), _("%(articles)s(%(number)s)项")), strict=False
    ):
        whole = level % {"articles": whole, "number": number}
    return whole


def reason_in_words(reason: str) -> str:
    """Words a stored reason: the program's own in the language of the page, those that people wrote as they
    are.
    """
    return _(reason) if reason else ""


# The mark of text that a program recognized in a picture, said alike wherever the text is shown.


def recognized_in_words(confidence: int | None) -> str:
    """Words the OCR confidence (0 to 100): 文字识别（OCR），置信度91%; empty for digital text."""
    if confidence in (None, ""):  # a template has an empty string for what is not there
        return ""
    return _("文字识别（OCR），置信度%(sure)d%%") % {"sure": confidence}


def marked_text(text: str, confidence: int | None) -> str:
    """Returns ``text`` as a file of plain text, with the mark on a line of its own at the end."""
    mark = recognized_in_words(confidence)
    return f"{text}\n\n[{mark}]\n" if mark else f"{text}\n"


def with_mark(words: str, confidence: int | None) -> str:
    """Returns ``words`` that name a text, with the mark behind them: 第2段（文字识别（OCR），置信度91%）."""
    mark = recognized_in_words(confidence)
    return _("%(words)s（%(mark)s）") % {"words": words, "mark": mark} if mark else words


# Names of ranges of paragraphs: 第14至16段, 附件第3(a)至(c)段.

NAMED = re.compile(r"(.*?)第([^第段]+)段")


def range_name(first: str, last: str, part: str = "") -> str:
    """Returns the name of the range from the paragraph called ``first`` to the one called ``last``.

    ``part`` is what both names begin with, as 附件. Two numbered paragraphs are joined as the UN cites them;
    what else there is (headings, unnumbered paragraphs) keeps its whole name at both ends.

    >>> range_name("附件第14段", "附件第16段", "附件")
    '附件第14至16段'
    >>> range_name("第3(a)段", "第3(c)段")
    '第3(a)至(c)段'
    """
    if reads_english():
        return range_in_english(first, last)
    start, end = NAMED.fullmatch(first), NAMED.fullmatch(last)
    if start and end and start[1] == end[1]:
        numbers = {"where": start[1], "first": start[2], "last": _ending(start[2], end[2])}
        return _("%(where)s第%(first)s至%(last)s段") % numbers
    return _("%(first)s至%(last)s") % {"first": first, "last": last.removeprefix(part) or last}


def cited_name(anchor: str, last: str = "") -> str:
    """Returns the display name of a paragraph, or range up to ``last``, by anchors alone.

    >>> cited_name("annex.3.a", "annex.3.c")
    '附件第3(a)至(c)段'
    """
    name = cited_paragraph_name(anchor)
    part = part_name(location_of_anchor(anchor).part)
    return range_name(name, cited_paragraph_name(last), part) if last else name


def label_of_place(place: TypedPlace) -> str:
    """Returns the place in words, as pages name it: S/2010/52 附件第14段, S/2010/52 附件第14至16段."""
    if not place.anchor:
        return place.symbol
    return placed(place.symbol, cited_name(place.anchor, place.whole_last))


def _ending(first: str, last: str) -> str:
    """Returns the end of a range without the number that both ends share: (c) after 3(a)."""
    shared = commonprefix([first, last])
    number = re.match(r"\d+(?=\()", shared)
    return last[number.end() :] if number and first != number[0] else last
