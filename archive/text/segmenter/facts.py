"""What is known of a document as a whole, from masthead, footers, title and cover."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import dropwhile, takewhile
from typing import Any

from archive.text.aligned_folding import fold
from archive.text.cleaner import Cleaned
from archive.text.dates import CHINESE_DATE, read_date
from archive.text.languages import ORGANS, any_shape, shapes_of
from archive.text.parsed import DocumentType, Facts, Kind
from archive.text.shapes import (
    RESOLUTION_TITLE,
    STATEMENT_TITLE,
    is_form,
    is_heading_like,
    is_section_name,
    is_title_like,
)
from archive.text.symbols.rivals import are_rivals
from archive.text.symbols.symbol import may_be_of_pair, parsed_symbol
from archive.text.typography import compact

from .nodes import Node

_WITH_ANNEX = r"(?:及(?:其|所附)?(?:附件|附文))?"
_LETTER = re.compile(
    rf"^(?:{CHINESE_DATE})\s*(?P<sender>.{{2,120}}?)(?:致|给|写给)(?P<addressee>.{{2,80}}?)的?(?:同文)?(?:信|函|普通照会|照会|来信|说明){_WITH_ANNEX}(?:[，,（(].*)?$"
)
_SENDER_FIRST = re.compile(
    r"^(?P<sender>.{2,80}?)(?P<dated>\d{4}年\d{1,2}月\d{1,2}日)?(?:致|给)(?P<addressee>.{2,80}?)的?(?:同文)?"
    rf"(?:信|函|普通照会|照会){_WITH_ANNEX}(?:[，,（(].*)?$"
)
_LETTERS = (_LETTER, _SENDER_FIRST, *map(re.compile, shapes_of("letter")))
_CHAIR = re.compile(
    r"主\s*席(?:女士|先生)?[:：](?P<name>.*?)(?:先生|女士|夫人|博士)?[.．…·]*(?:[（(](?P<state>[^（）()]{1,40})[）)])?$"
)
_MEETING = re.compile(
    r"(?:第\s?|(?<=[A-Za-z] )|^)([\d一二三四五六七八九十百零〇]{1,9})"
    rf"(?:\s?次(?:全体)?会议|{any_shape('nth meeting')})"
)
_MET = re.compile(rf"(?:{CHINESE_DATE}).{{0,24}}?{_MEETING.pattern}|{any_shape('met')}")
_LEAD_IN = 120
_PLACE = re.compile(r"(?:[时分]|星期.)?在(?P<place>[^在]{2,30}?)举行")
_PLACES = (_PLACE, *map(re.compile, shapes_of("place")))
_SESSION = re.compile(
    r"第.{1,10}届.{0,6}(?:会议|常会|年会|例会)|\d{4}年.{0,8}(?:届会|常会|年会|年度会议|实质性会议|组织会议)"
    rf"|{any_shape('masthead session')}"
)
_AROUND_ITEM = re.compile(rf"^.*项目\s*\**\s*|{any_shape('around item')}")
_SESSION_TITLE = re.compile(
    r"((?:E?S-)?\d{1,4}/\d{1,4}(?: [A-Z])?|\d{1,4} \([IVXL]+\))\. [A-Z]"
)  # 48/159. Policies of …
_WITHOUT_YEAR = re.compile(r"S/RES/(?P<number>\d{1,4})")
_HEAD = 20
_MOST_FIRST_WORDS = 60
_PAUSE = re.compile(rf"(?<=.{{6}})[，,。；;：:？！]|(?<=.{{{_MOST_FIRST_WORDS}}})")
_PRINCIPAL = ("A", "S", "E", "T")
_ORGAN_CODES = {
    "安全理事会": "S/RES/",
    "安理会": "S/RES/",
    "大会": "A/RES/",
    "经济及社会理事会": "E/RES/",
} | ORGANS


_CHAIRS = (_CHAIR, *map(re.compile, shapes_of("chair")))


def read_facts(
    cleaned: Cleaned, nodes: Sequence[Node], kind: DocumentType, stated: Mapping[str, Any] | None = None
) -> Facts:
    """The facts of a document; what is not printed is None. The symbol is never taken from a mention.

    ``stated`` are facts known from elsewhere: they tell what depends on them (the organ on the symbol).
    """
    stated = stated or {}
    pieces = cleaned.masthead.pieces
    title = stated.get("title") or printed_title(cleaned, nodes) or first_words(nodes)
    head, told = cleaned.masthead, stated.get("symbol")
    symbol, others = _symbols(told or head.symbol, *(() if told else head.symbols))
    symbol = _with_year(
        symbol or _symbol_of_resolution(cleaned, nodes, kind) or _symbol_of_statement(nodes, kind),
        cleaned,
        nodes,
    )
    sender, addressee, sent = _correspondence(title, kind)
    met = _text_of(nodes, "date_place") or _stated_at(nodes, kind)
    told = (pieces.get("above_title"), pieces.get("meeting"), met)
    return Facts(
        symbol=symbol,
        other_symbols=others,
        title=title,
        document_type=kind,
        organ=_organ(symbol, compact(pieces.get("organ", ""))),
        date=read_date(pieces.get("date", "")),
        communication_date=sent,
        meeting_date=read_date(met or "") or _adopted_on(nodes),
        original_language=_after_colon(pieces.get("original")),
        job_number=cleaned.job_number,
        session=_session(pieces),
        agenda_item=_agenda_item(pieces, nodes, kind),
        meeting=_meeting(nodes) or next(filter(None, (_group(_MEETING, text, 1) for text in told)), None),
        place=next(filter(None, (_group(shape, met, "place") for shape in _PLACES)), pieces.get("place")),
        chair=_chair(nodes),
        sender=sender,
        addressee=addressee,
        distribution=_after_colon(pieces.get("distribution")),
    )


def printed_title(cleaned: Cleaned, nodes: Sequence[Node]) -> str | None:
    """The title as it is printed above the text, in a running head, or below the agenda item and above a mere
    更正 or the line of an adoption; None where none is."""
    pieces = cleaned.masthead.pieces
    title = _text_of(nodes, "title") or pieces.get("running_title")
    bare = is_form(fold(title)) if title else _text_of(nodes, "adoption")
    return pieces.get("agenda_title", title) if bare else title


def first_words(nodes: Sequence[Node]) -> str | None:
    """What stands first in a text without title, up to its first pause."""
    told = (node for node in nodes if node.kind is not Kind.FOOTNOTE and not is_section_name(node.plain))
    text = next((node.text for node in told if node.text), "")
    pause = _PAUSE.search(text)
    words = text[: pause.start()] if pause else text[:_MOST_FIRST_WORDS]
    return words + "…" * (len(words) < len(text.rstrip("。；，：:;,"))) if words else None


def rival_symbols(
    cleaned: Cleaned, nodes: Sequence[Node], kind: DocumentType, stated: Mapping[str, Any]
) -> tuple[str, ...]:
    """The symbols of a series among which it is not told which is the document's: two stand in its head or
    head its pages as often, or its title is that of another resolution; none where one is ``stated``."""
    head = cleaned.masthead
    own = head.symbol
    if "symbol" in stated or own is None:
        return ()
    least = max(head.alone[own], 2 if head.symbols else 1)
    often = (symbol for symbol, times in head.alone.items() if times >= least)
    told = (*head.symbols, *often, _symbol_of_resolution(cleaned, nodes, kind) or "")
    rivals = [symbol for symbol in told if are_rivals(own, symbol)]
    return tuple(dict.fromkeys((own, *rivals))) if rivals else ()


def _symbols(printed: str | None, *also: str) -> tuple[str | None, tuple[str, ...]]:
    """The symbol and the others of the document: its second (A/77/895-S/2023/363), and those ``also`` printed
    that are of another organ's series."""
    parsed = parsed_symbol(printed or "")
    if parsed is None:
        return printed, ()
    first, *others = map(str, parsed.parts)
    series = {"A/", "S/", "E/"} - {first[:2]} if may_be_of_pair(first) else ()
    others += [one for one in also if one[:2] in series and "-" not in one]
    return first, tuple(dict.fromkeys(others))


def _symbol_of_resolution(cleaned: Cleaned, nodes: Sequence[Node], kind: DocumentType) -> str | None:
    """A resolution's own title states its number (第1540(2004)号决议), its organ line the organ; none does
    where its head names another of the series as well."""
    if kind is not DocumentType.RESOLUTION:
        return None
    above = list(takewhile(lambda node: node.role != "organ_line", nodes[:_HEAD]))
    match = next(filter(None, (RESOLUTION_TITLE.fullmatch(node.plain) for node in above)), None)
    titled = next(filter(None, (_SESSION_TITLE.match(node.plain) for node in above)), None)
    number = match and (match["number"] or match["worded"]) or titled and titled[1]
    if number is None or _has_one_neighbour(number, cleaned):
        return None
    line = fold(_text_of(nodes, "organ_line") or "")
    organ = (match and match["organ"]) or line.rstrip("，,").removeprefix("联合国")
    series = _ORGAN_CODES.get(organ) or next((ORGANS[name] for name in ORGANS if name in line), None)
    if not series:
        return None
    symbol = parsed_symbol(series + number)
    return str(symbol) if symbol else None


def _has_one_neighbour(own: str, cleaned: Cleaned) -> bool:
    """Whether a copy's head names a resolution before or behind ``own``, without an arrow, and neither on its
    other side nor ``own`` again: which of the two is the title is not told."""
    links = [fold(line.text) for line in cleaned.dropped if line.reason == "site navigation"]
    named = [match["number"] or "" for text in links for match in RESOLUTION_TITLE.finditer(text)]
    bare, *others = (number.partition("(")[0] for number in (own, *named))
    if any(set("←→|") & set(text) for text in links) or not all(map(str.isdecimal, (bare, *others))):
        return False
    sides = {int(number) > int(bare) for number in others}
    again = bare in others or any(line.reason == "repeated title" for line in cleaned.dropped)
    return len(sides) == 1 and not again


def _symbol_of_statement(nodes: Sequence[Node], kind: DocumentType) -> str | None:
    """A copy's title states year and number of a President's statement, which are its symbol."""
    if kind is not DocumentType.PRESIDENTIAL_STATEMENT:
        return None
    match = next(filter(None, (STATEMENT_TITLE.match(node.plain) for node in nodes[:8])), None)
    return f"S/PRST/{match['year']}/{int(match['number'])}" if match else None


def _with_year(symbol: str | None, cleaned: Cleaned, nodes: Sequence[Node]) -> str | None:
    """A Council resolution's symbol bears its year: stated above the text, or that of the adoption."""
    bare = symbol and _WITHOUT_YEAR.fullmatch(symbol)
    if not bare:
        return symbol
    last = next((node.lines[0] for node in nodes if node.role == "organ_line"), _HEAD)
    above = [line.text for line in cleaned.dropped if line.line <= last]
    above += [node.text for node in nodes if node.lines[0] <= last]
    stated = re.compile(rf"(?:第|RES/){bare['number']}\s?[(（](\d{{4}})[)）]")
    year = next((match[1] for text in above if (match := stated.search(text))), None)
    adopted = read_date(_text_of(nodes, "adoption") or "")
    year = year or (adopted and adopted[:4])
    return f"{symbol}({year})" if year else symbol


def _correspondence(title: str | None, kind: DocumentType) -> tuple[str | None, str | None, str | None]:
    """Sender, addressee and date of a letter or note, as its title has them."""
    if not title or kind not in (DocumentType.LETTER, DocumentType.NOTE_VERBALE, DocumentType.NOTE):
        return None, None, None
    match = next(filter(None, (shape.match(title) for shape in _LETTERS)), None)
    sender, addressee = (match["sender"], match["addressee"]) if match else (None, None)
    return sender, addressee, read_date(title[:60])


def _organ(symbol: str | None, printed: str) -> str | None:
    """The principal organ that is printed above a symbol of its own; else that of the series, else what is
    printed: the conferences of agencies call themselves 大会, too."""
    parsed = parsed_symbol(symbol or "")
    if parsed is None:
        return printed or None
    if printed in ORGANS:
        printed = next((name for name, code in _ORGAN_CODES.items() if code == ORGANS[printed]), "")
    own = printed if parsed.components[0] in _PRINCIPAL else None
    return own or parsed.organ or printed or None


def _session(pieces: dict[str, str]) -> str | None:
    session = pieces.get("session")
    return session if session and _SESSION.match(session) else None


def _agenda_item(pieces: dict[str, str], nodes: Sequence[Node], kind: DocumentType) -> str | None:
    item = pieces.get("agenda_item")
    if item:
        return _AROUND_ITEM.sub("", item).rstrip("* ")
    if kind is not DocumentType.SUMMARY_RECORD:
        return None
    return next((node.text for node in nodes if node.role == "contents"), None)


def _adopted_on(nodes: Sequence[Node]) -> str | None:
    """The day of adoption: above the text, or below it as in resolutions of the Assembly until 2000."""
    adopted = (read_date(node.text) for node in nodes if node.role == "adoption")
    closed = (read_date(node.text) for node in nodes if node.role == "meeting_line")
    titled = (read_date(node.text) for node in nodes[:_HEAD] if RESOLUTION_TITLE.fullmatch(node.plain))
    return next(filter(None, (*adopted, *closed, *titled)), None)


def _meeting(nodes: Sequence[Node]) -> str | None:
    for node in nodes[:12]:
        match = _MEETING.search(node.plain) if node.is_heading or node.role == "adoption" else None
        if match:
            return match[1]
    closed = (_MEETING.search(node.plain) for node in nodes if node.role == "meeting_line")
    return next((match[1] for match in closed if match), None)


def _stated_at(nodes: Sequence[Node], kind: DocumentType) -> str | None:
    """What a statement of the President says of its meeting: the first words of its lead-in."""
    if kind is not DocumentType.PRESIDENTIAL_STATEMENT:
        return None
    met = (_MET.search(node.text[:_LEAD_IN]) for node in nodes if not node.is_heading)
    return next((match[0] for match in met if match), None)


def _chair(nodes: Sequence[Node]) -> str | None:
    line = _text_of(nodes, "chair")
    match = next(filter(None, (shape.search(line) for shape in _CHAIRS)), None) if line else None
    if not match:
        return None
    state = f"({match['state']})" if match["state"] else ""
    return match["name"].rstrip(".．…·") + state


def _text_of(nodes: Sequence[Node], role: str) -> str | None:
    return next((node.text for node in nodes if node.role == role), None)


def _after_colon(text: str | None) -> str | None:
    return re.split(r"[:：]", text, maxsplit=1)[-1].strip() or None if text else None


def _group(pattern: re.Pattern[str], text: str | None, name: str | int) -> str | None:
    match = pattern.search(text) if text else None
    return match[name] if match else None


# Which kind of UN document this is: by its symbol, else by its title, else by its form.

_BY_SYMBOL = (
    (re.compile(r"/RES[/.]|/RES/"), DocumentType.RESOLUTION),
    (re.compile(r"/PRST/"), DocumentType.PRESIDENTIAL_STATEMENT),
    (re.compile(r"/PV\.\d"), DocumentType.VERBATIM_RECORD),
    (re.compile(r"/SR\.\d"), DocumentType.SUMMARY_RECORD),
    (re.compile(r"/DEC[/.]"), DocumentType.DECISION),
)
_BY_TITLE = (
    (re.compile(r"简要记录|簡要記錄"), DocumentType.SUMMARY_RECORD),
    (re.compile(r"逐字记录|逐字記錄"), DocumentType.VERBATIM_RECORD),
    (re.compile(r"主席(?:的)?声明|主席聲明"), DocumentType.PRESIDENTIAL_STATEMENT),
    (re.compile(r"普通照会|普通照會|照会及(?:其|所附)?(?:附件|附文)$"), DocumentType.NOTE_VERBALE),
    (
        re.compile(
            r"(?:的|来|致函|同文)(?:信|函)(?:$|[，,（(])|(?:给|致).{2,60}的?(?:同文)?(?:信|函)(?:$|[，,（(])"
            r"|(?:信|函)(?:及(?:其|所附)?(?:附件|附文))?$"
        ),
        DocumentType.LETTER,
    ),
    (re.compile(r"(?:的|主席|秘书处)[^的]{0,4}说明$|^说明$"), DocumentType.NOTE),
    (re.compile(r"报告(?:$|[（(：:])|報告$|报告草稿$"), DocumentType.REPORT),
    (re.compile(r"第.{1,20}号决定$|的决定$|^决定$|决定草案$"), DocumentType.DECISION),
    (re.compile(r"决议草案$"), DocumentType.RESOLUTION),
)
_WORDED = [(re.compile(any_shape(f"type {kind.value}")), kind) for kind in DocumentType]
_FIRST_BLOCKS = 14
_PASSED_ON = [DocumentType.REPORT, DocumentType.NOTE]


def type_of_symbol(symbol: str | None) -> DocumentType | None:
    """What the components of a symbol say of its document: S/PRST/2015/4; None for most symbols."""
    return next((kind for pattern, kind in _BY_SYMBOL if symbol and pattern.search(symbol)), None)


def document_type(nodes: Sequence[Node]) -> DocumentType:
    """The kind of a document by its first blocks, which are in ``nodes``; its symbol goes before them."""
    heads = takewhile(_is_head, dropwhile(lambda node: not _is_head(node), nodes[:_FIRST_BLOCKS]))
    found = [kind for node in heads if (kind := _told_by(node.plain))]
    if found:  # somebody's report is passed on with a note
        return DocumentType.NOTE if found[:2] == _PASSED_ON else found[0]
    if any(node.role == "organ_line" and not node.quoted for node in nodes[:_FIRST_BLOCKS]):
        return DocumentType.RESOLUTION
    return DocumentType.DOCUMENT


def _told_by(text: str) -> DocumentType | None:
    text = text.rstrip("* ")
    if RESOLUTION_TITLE.fullmatch(text):
        return DocumentType.RESOLUTION
    return next((kind for pattern, kind in (*_BY_TITLE, *_WORDED) if pattern.search(text)), None)


def _is_head(node: Node) -> bool:
    return node.marker is None and not node.note and (is_heading_like(node.text) or is_title_like(node.text))
