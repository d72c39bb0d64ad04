"""What must hold of a parsed document before it may touch the store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import astuple
from datetime import date
from itertools import chain

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.text.parsed import ParsedDocument, ParsedMention
from archive.text.typography import code_points, invisible_of

from .values import Named, RefusedError

_ASKED = gettext_lazy("；请在同名的.toml文件中写明symbol。")


def check_parsed(parsed: ParsedDocument) -> None:
    """Raise RefusedError, with the place, for a document that lacks symbol or text or contradicts itself."""
    if not parsed.facts.symbol:
        raise RefusedError(without_symbol())
    if not parsed.paragraphs:
        raise RefusedError(_("没有正文。"))
    _check_anchors(parsed)
    _check_names(parsed)
    texts = {paragraph.anchor: paragraph.text for paragraph in parsed.paragraphs}
    places: Iterable[Named] = chain(
        parsed.mentions, parsed.bodies, parsed.treaties, parsed.own_references, parsed.themes, parsed.states
    )
    for place in places:
        _check_offsets(place, texts)
    for mention in parsed.mentions:
        _check_relation(mention, texts)


def without_symbol(several: Sequence[str] = ()) -> str:
    """What is wrong with a document whose symbol stands nowhere, or is one of ``several``, and what to do."""
    told = _("正文和附带的元数据中都没有文号")
    if several:
        told = _("文首、标题或文件名分别说是%(names)s，不知哪一个是本文件的文号") % {
            "names": "、".join(several)
        }
    return f"{told}{_ASKED}"


def asks_for_symbol(reason: str) -> bool:
    """Whether a refusal for this ``reason`` is for want of the symbol."""
    return reason.endswith(str(_ASKED))


def _check_anchors(parsed: ParsedDocument) -> None:
    counted = Counter(paragraph.anchor for paragraph in parsed.paragraphs)
    repeated = [anchor for anchor, count in counted.items() if count > 1]
    if repeated:
        raise RefusedError(_("段落标记重复：%(anchors)s。") % {"anchors": "、".join(repeated[:5])})
    for paragraph in parsed.paragraphs:
        if paragraph.parent and paragraph.parent not in counted:
            places = {"anchor": paragraph.anchor, "parent": paragraph.parent}
            raise RefusedError(_("段落%(anchor)s的上级%(parent)s不存在。") % places)


def _check_names(parsed: ParsedDocument) -> None:
    """Names that stand in lists have the length of names."""
    for block in parsed.paragraphs:
        names = [*astuple(block.speaker)] if block.speaker else []
        names += [*astuple(block.submitter)] if block.submitter else []
        if longest := max((len(name) for name in names if name), default=0):
            _check_length(block.anchor, longest, LONGEST_FACT)
    for body in parsed.bodies:
        _check_length(body.anchor, len(body.body), LONGEST_NAME)


def _check_length(anchor: str, length: int, longest: int) -> None:
    if length > longest:
        names = {"anchor": anchor, "length": length, "longest": longest}
        raise RefusedError(_("段落%(anchor)s中的名称有%(length)d字，最多%(longest)d字；请核对来源。") % names)


def _check_offsets(mention: Named, texts: dict[str, str]) -> None:
    text = texts.get(mention.anchor)
    start, end = mention.start, mention.end
    if text is None or not 0 <= start < end <= len(text) or text[start:end] != mention.surface:
        place = {"anchor": mention.anchor, "surface": mention.surface}
        raise RefusedError(_("段落%(anchor)s的提及“%(surface)s”与原文位置不符。") % place)


def _check_relation(mention: ParsedMention, texts: dict[str, str]) -> None:
    """The word that says how a document is cited stands in the paragraph; without relation there is none."""
    start, end = mention.relation_start, mention.relation_end
    if mention.relation is None:
        right = start is None and end is None
    else:
        right = start is not None and end is not None and 0 <= start < end <= len(texts[mention.anchor])
    if not right:
        place = {"anchor": mention.anchor, "surface": mention.surface}
        raise RefusedError(_("段落%(anchor)s中“%(surface)s”的引用方式与原文位置不符。") % place)


# What a fact of a document can be: bounds that no printed document comes near.

FIRST_YEAR, LAST_YEAR = 1900, 2099
LONGEST_TITLE = 2000  # the longest known title of a UN document has some 900 characters
LONGEST_FACT = 1000
LONGEST_NAME = 200  # of a body, as its column
LONGEST = {"title": LONGEST_TITLE, "provenance": LONGEST_TITLE}


def is_possible_year(year: int) -> bool:
    """Whether a document can bear this year."""
    return FIRST_YEAR <= year <= LAST_YEAR


def check_date(label: str, day: date | None) -> date | None:
    """``day`` itself; raises RefusedError, naming the fact by ``label``, where its year is not possible."""
    if day and not is_possible_year(day.year):
        raise RefusedError(
            _(
                "%(label)s“%(day)s”的年份不可能（只收%(first)d年至%(last)d年）；"
                "请核对来源，或在同名的.toml文件中写明。"
            )
            % {"label": label, "day": day.isoformat(), "first": FIRST_YEAR, "last": LAST_YEAR}
        )
    return day


def check_year_of_symbol(symbol: str, year: int | None) -> int | None:
    """``year`` itself, as the symbol tells it; raises RefusedError where it is not possible."""
    if year is not None and not is_possible_year(year):
        raise RefusedError(
            _("文号%(symbol)s表示%(year)d年，这不可能；请核对文号。") % {"symbol": symbol, "year": year}
        )
    return year


def check_words(name: str, label: str, value: str) -> str:
    """``value`` itself; raises RefusedError where it is too long for this fact."""
    longest = LONGEST.get(name, LONGEST_FACT)
    if len(value) > longest:
        raise RefusedError(
            _("%(label)s有%(length)d字，最多%(longest)d字；请在同名的.toml文件中写明%(name)s。")
            % {"label": label, "length": len(value), "longest": longest, "name": name}
        )
    return value


def check_visible(label: str, value: str) -> str:
    """``value`` itself; raises RefusedError where it holds a mark that nobody sees, named by its number."""
    if marks := invisible_of(value):
        raise RefusedError(
            _("%(label)s中有看不见的字符%(marks)s；请删去。")
            % {"label": label, "marks": code_points(dict.fromkeys(marks))}
        )
    return value
