"""Seams: pairs of lines that surely belong together, whatever the layout says of them.

A wrap may fall inside a symbol (``S/2010/`` and ``52``), date or number, before 号, after 和, or inside the
name of a committee; the title of a letter that transmits something goes on behind its comma (…的信，转递…).
"""

from __future__ import annotations

import re

from archive.text.aligned_folding import fold

from ..dates import CHINESE_DATE
from ..shapes import is_draft_byline
from ..typography import ends_open, ends_sentence
from .markers import read_markers

_COUNCIL = re.compile(r"安全理事会$")
_ITS_COMMITTEE = re.compile(r"(?:关于.{2,30})?第\s?\d{3,4}\s?\(\d{4}\)\s?号决议所设委员会")
_RESOLUTION = re.compile(r"第\s?\d{3,4}\s?\(\d{4}\)\s?号(?:决议)?$")
_ESTABLISHED = re.compile(r"(?:决议)?(?:所设|设立的|所设立的)")
# Ends in a slash, or in the letters that a number follows: S/AC.44/2004/(02)/13/Add.
_CUT_SYMBOL = re.compile(
    r"(?<![A-Za-z0-9/])[A-Z]{1,6}(?:[/.-][A-Za-z0-9()]{1,12}){0,8}"
    r"(?:/|/(?:Add|Amend|Corr|Rev|SR|PV|CRP|WP|AC|CN|CONF|NOTE|[A-Z])\.)$"
)
_OF_SYMBOL = re.compile(r"[A-Za-z0-9(]")
# Decisions of the Conferences of the Parties: 第1/CP.21号决定, 第3/CMA.4号决定.
_CUT_SERIAL = re.compile(r"第\s?[0-9]{1,3}/(?:[A-Z]{2,4}\.)?$")
_OF_SERIAL = re.compile(r"[A-Z0-9]")
# 2018年11月26 and 日, 2018年11 and 月, 2018 and 年.
_CUT_DATE = (
    (re.compile(r"月\s?[0-9]{1,2}$"), re.compile(r"日")),
    (re.compile(r"年\s?[0-9]{1,2}$"), re.compile(r"月")),
    (re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}$"), re.compile(r"年(?!度?[年级鉴])")),
)
_CUT_NUMBER = re.compile(r"(?<![0-9])[0-9]{3,4}$")
_YEAR = re.compile(r"\((?:19|20)[0-9]{2}\)")
_CONJUNCTION = re.compile(r"(?<![;,])(?:、|和|与|及|以及|(?<![目标])的)$")
_BEFORE_NUMBER_SIGN = re.compile(r"[0-9)]$")
_NUMBER_SIGN = re.compile(r"号(?![召令称角外])")
_LETTER = re.compile(rf"\s*(?:{CHINESE_DATE}).{{4,200}}(?:信|函|照会|说明)[,，]$")
_TRANSMITS = re.compile(r"(?:转|随|内|其中|递|附)")
_TRANSMITTING = re.compile(
    rf"\s*(?:{CHINESE_DATE}).{{4,200}}(?:信|函|照会|说明)[,，](?:转|随|内|其中|递|附).{{1,200}}"
)
_OF_PINPOINT = re.compile(r"第[0-9a-z()、和至㈠-㈩ -]{1,20}$")
_PINPOINT_GOES_ON = re.compile(r"(?:\([a-z一二三四五六七八九十]{1,4}\)|[㈠-㈩]){0,2}\s?(?:分?段|[项款节号])")
_LONGEST_TITLE = 700
_TAIL = 80


def goes_on(before: str, text: str) -> bool:
    """True where the line ``text`` can only go on with the line ``before`` above it."""
    tail, head = fold(before[-_TAIL:].rstrip()), fold(text[:_TAIL])
    if (_CONJUNCTION.search(tail) and not read_markers(text)) or (
        _CUT_NUMBER.search(tail) and _YEAR.match(head)
    ):
        return True
    if tail.endswith("第") or (_COUNCIL.search(tail) and _ITS_COMMITTEE.match(head)):
        return True
    if _RESOLUTION.search(tail) and _ESTABLISHED.match(head):
        return True
    if _CUT_SYMBOL.search(tail) and _OF_SYMBOL.match(head):
        return True
    if _CUT_SERIAL.search(tail) and _OF_SERIAL.match(head):
        return True
    if any(cut.search(tail) and rest.match(head) for cut, rest in _CUT_DATE):
        return True
    if _OF_PINPOINT.search(tail) and _PINPOINT_GOES_ON.match(head):
        return True
    return _BEFORE_NUMBER_SIGN.search(tail) is not None and _NUMBER_SIGN.match(head) is not None


def title_goes_on(title: str, text: str) -> bool:
    """True where ``text`` goes on with ``title``: it tells what a letter transmits (CD/2095), or names the
    last sponsors of a draft (…和某国：决议草案)."""
    title, text = fold(title), fold(text)
    if len(title) + len(text) > _LONGEST_TITLE or ends_sentence(title):
        return False
    if _LETTER.fullmatch(title) and _TRANSMITS.match(text):
        return True
    if _TRANSMITTING.fullmatch(title) and ends_open(title):
        return True
    return "、" in title and is_draft_byline(title + text)
