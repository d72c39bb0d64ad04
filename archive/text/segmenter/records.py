"""Meeting records: turns of speech, numbers that OCR lost, and pieces that page breaks tore off."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from archive.text.blocks.markers import Marker, Style
from archive.text.dates import read_date
from archive.text.languages import any_shape, shapes_of
from archive.text.parsed import DocumentType, DroppedLine, Kind, Speaker, Submitter
from archive.text.shapes import ORIGINAL_LINE, REPLY_DATE, is_lead_in

from .nodes import Node

_LONGEST_REMARK = 80
_NO_SPEECH = re.compile(
    r"(?:没有人反对[，,])?就这样决定。?|(?:会议于?)?.{0,20}(?:暂停|复会|休会).{0,30}|(?:进行(?:了)?)?(?:以)?举手(?:方式)?(?:进行(?:了)?)?表决。?|(?:已?有(?:代表|人|代表团)要求)?(?:进行)?(?:了)?(?:记录|唱名|单独)?表决。?|"
    r"(?:赞成|反对|弃权|未参加表决)[:：].*|[^，,：:]{0,40}(?:获得|获一致|一致)?通过(?:[(（][^()（）]{1,30}(?:[(（]\d{4}[)）])?[^()（）]{0,10}[)）])?。|"
    r"默哀.{0,20}|(?:应主席(?:的)?邀请[，,])?[^，,：:]{1,60}(?:在|应主席邀请在)?.{0,20}(?:就座|离席|退席|退场)。|"
    rf"[^，,：:]{{2,60}}(?:主持会议|担任主席|代行主席职务)。|{any_shape('no_speech')}"
)
_RESETS = (Kind.HEADING, Kind.CLOSING)


def mend_numbers(nodes: list[Node]) -> tuple[list[Node], list[DroppedLine]]:
    """In a summary record every paragraph is numbered (S/AC.44/SR.74): give a lost number back where exactly
    one is missing and a turn begins; join any other unnumbered piece to the paragraph it was torn from."""
    if sum(_is_numbered(node) for node in nodes) < 2:
        return nodes, []
    mended: list[Node] = []
    dropped: list[DroppedLine] = []
    last: Node | None = None
    following = _next_numbers(nodes)
    for at, node in enumerate(nodes):
        listed = node.kind is Kind.LIST_ITEM and last is not None and is_lead_in(last.text)
        if _is_torn(node) and last is not None and not listed:
            if following[at] == last.numbering.value + 2 and read_turn(node.text):
                value = last.numbering.value + 1
                node.marker, node.kind, node.bullet = (
                    Marker(Style.ARABIC, value, str(value), ""),
                    Kind.PARAGRAPH,
                    "",
                )
            else:
                dropped += _join(last, node)
                continue
        mended.append(node)
        if _is_numbered(node):
            last = node
        elif node.kind is not Kind.FOOTNOTE:
            last = None
    return mended, dropped


def _is_numbered(node: Node) -> bool:
    return node.kind is Kind.PARAGRAPH and node.marker is not None and node.marker.style is Style.ARABIC


def _is_torn(node: Node) -> bool:
    return node.kind in (Kind.PARAGRAPH, Kind.LIST_ITEM) and node.marker is None and node.role is None


def _next_numbers(nodes: Sequence[Node]) -> list[int | None]:
    """For every node, the paragraph number that comes next after it."""
    numbers: list[int | None] = []
    following: int | None = None
    for node in reversed(nodes):
        numbers.append(following)
        if _is_numbered(node):
            following = node.numbering.value
    return numbers[::-1]


def _join(last: Node, piece: Node) -> list[DroppedLine]:
    last.text += piece.text
    last.lines = (last.lines[0], piece.lines[1])
    return [DroppedLine(piece.lines[0], piece.prefix, "list mark on a continuation")] if piece.prefix else []


def attribute_speeches(nodes: Sequence[Node], kind: DocumentType) -> None:
    """Set the speaker of every paragraph of a turn, and count the turns; a turn ends with the next one,
    with a heading, or with a remark on the meeting."""
    verbatim = kind is DocumentType.VERBATIM_RECORD
    speaker, turns = None, 0
    for node in nodes:
        if node.kind in _RESETS or node.role:
            speaker = None
            continue
        if node.kind is Kind.FOOTNOTE:
            continue
        if len(node.text) < _LONGEST_REMARK and _NO_SPEECH.fullmatch(node.plain):
            speaker = None
            continue
        turn = read_turn(node.text, verbatim=verbatim) if verbatim or node.marker else None
        if turn:
            speaker, turns = turn.speaker, turns + 1
        if speaker:
            node.speaker, node.turn = speaker, turns


# Replies of States and organizations in a report of the Secretary-General (A/74/140).

_RECEIVED_FROM = re.compile(r"^从(.{2,40}?)(?:收到|处收到)的?(?:答复|回复|资料|来文|意见|材料)")
_REASON = "attribution"
_LONGEST = 60


def mark_attributions(nodes: Sequence[Node]) -> None:
    """Mark the bracketed lines of original language and date, so that they are taken for no title."""
    for node in nodes:
        text = node.text
        if len(text) < _LONGEST and (ORIGINAL_LINE.fullmatch(text) or REPLY_DATE.fullmatch(text)):
            node.role = _REASON


def take_attributions(nodes: Sequence[Node]) -> tuple[list[Node], list[DroppedLine]]:
    """Take the attribution lines out of ``nodes`` and mark the headings they belong to."""
    kept: list[Node] = []
    dropped: list[DroppedLine] = []
    heading: Node | None = None
    for node in nodes:
        if node.role != _REASON:
            heading = node if node.is_heading else None
            kept.append(node)
        elif heading is None:
            node.role = None
            kept.append(node)
        else:
            dropped.append(DroppedLine(node.lines[0], f"{node.prefix} {node.text}".strip(), _REASON))
            if not heading.is_title:
                heading.submitter = _add(heading, node.text)
            if not heading.marker and heading.role is None:
                heading.role = "submitter"
    return kept, dropped


def spread_submitters(nodes: Sequence[Node]) -> None:
    """Let everything below the heading of a reply bear its submitter; parents must be set."""
    for node in nodes:
        if node.submitter is None and node.parent is not None and node.parent.part == node.part:
            node.submitter = node.parent.submitter


def _add(heading: Node, text: str) -> Submitter:
    known = heading.submitter or Submitter(_name(heading.text))
    original = ORIGINAL_LINE.fullmatch(text)
    if original:
        return Submitter(known.name, original["language"], known.date)
    dated = REPLY_DATE.fullmatch(text)
    return Submitter(known.name, known.original_language, read_date(dated["date"]) if dated else known.date)


def _name(heading: str) -> str:
    """The submitter's name: the heading, or the name in 从欧洲联盟收到的答复."""
    received = _RECEIVED_FROM.match(heading)
    return received[1] if received else heading


# Who speaks: the formula that opens a turn in summary and verbatim records.

_HONORIFIC = r"先生|女士|夫人|小姐|博士|教授|大使|爵士|将军|阁下|殿下|公主|亲王"
_OFFICE = r"(?:代理|临时|共同|副)?主席|(?:副|助理)?秘书长|(?:委员会|会议)?秘书|(?:特别)?报告员|主持人"
_NAME = r"[^\s，,。：:；;（）()《》“”\"]{1,30}(?:\s[^\s，,。：:；;（）()《》“”\"]{1,30}){0,5}?"
_PERSON = re.compile(rf"(?P<name>{_NAME})\s?(?P<honorific>{_HONORIFIC})")
_CHAIR = re.compile(rf"(?P<office>{_OFFICE})(?P<honorific>先生|女士)?")
_CAPACITY = re.compile(r"\s?以(?P<capacity>[^，,。：:以]{2,60}?)的?身份")
# 萨马德先生(加拿大)，第一委员会报告员(以英语发言)：
_OFFICE_BEHIND = re.compile(r"[，,]\s?(?P<office>[^，,。：:；;（）()]{2,40})(?=[(（：:])")
_LANGUAGE = re.compile(rf"[以用].{{1,8}}[语文](?:发言|讲话)|{any_shape('speaks')}")
_OBSERVERS = tuple(map(re.compile, (*shapes_of("observer"), "(?P<of>.*)观察员")))
_TURNS = tuple(map(re.compile, shapes_of("turn")))
_SAID = re.compile(
    rf"{any_shape('said')}|\s?(?:说|指出|表示|以|在|代表|回顾|感谢|询问|问|答|请|提请|宣布|强调|欢迎|邀请|建议|认为|介绍|发言|提出|敦促|对|就|提议|解释|重申|忆及|回答|同意|还)"
)
_BEFORE_NAME = re.compile(r"(?P<function>[\u4e00-\u9fff]{2,20}?)(?P<name>[A-ZÀ-Þ].*)")
_FUNCTION_WORDS = re.compile(r"(?:主持人|主席|协调员|报告员|秘书长|主任|专家|代表|秘书)$")
_SECRETARIAT = re.compile(
    rf"秘书长|高级代表|秘书处|主任|司长|处长|干事|厅长|法律顾问|办公室|秘书$|[部厅司]$|{any_shape('secretariat')}"
)
_EXPERT = re.compile(rf"专家(?:组|小组)?(?:协调员|组长|主席|成员)?$|专家组|{any_shape('expert')}")
_CHAIRS = re.compile(rf"主席|{any_shape('chairs')}")
_LONGEST_FORMULA = 200
_COMMA = re.compile(r"[，,]")


@dataclass(frozen=True, slots=True)
class Turn:
    """The opening of a turn: who speaks, and where the formula ends in the text."""

    speaker: Speaker
    end: int


def read_turn(text: str, *, verbatim: bool = False) -> Turn | None:
    """The turn that ``text`` opens, or None. A verbatim turn needs the colon after its formula."""
    head = text[:_LONGEST_FORMULA]
    match = next(filter(None, (shape.match(head) for shape in (_PERSON, _CHAIR, *_TURNS))), None)
    if not match:
        return None
    brackets, end = _read_brackets(head, match.end())
    office = _OFFICE_BEHIND.match(head, end) if verbatim else None
    if office:
        more, end = _read_brackets(head, office.end())
        brackets += more
    if verbatim:
        if head[end : end + 1] not in ("：", ":"):
            return None
    elif all(map(_LANGUAGE.search, brackets)) and not _SAID.match(head, end):  # none names a delegation
        return None
    capacity = _CAPACITY.match(head, end)
    held = office["office"] if office else capacity["capacity"] if capacity else None
    return Turn(_speaker(match, brackets, held), end)


def _read_brackets(text: str, at: int) -> tuple[list[str], int]:
    """The contents of the brackets that follow each other from ``at``, nested ones kept whole."""
    contents: list[str] = []
    while at < len(text) and text[at : at + 2].lstrip()[:1] in ("(", "（"):
        at += text[at] == " "
        depth, start = 0, at
        while at < len(text):
            depth += (text[at] in "(（") - (text[at] in ")）")
            at += 1
            if depth == 0:
                break
        if depth:
            return contents, start
        contents.append(text[start + 1 : at - 1])
    return contents, at


def _speaker(match: re.Match[str], brackets: list[str], capacity: str | None) -> Speaker:
    groups = match.groupdict()
    delegation, status, function = _read_brackets_of(brackets)
    if groups.get("office"):
        office = groups["office"]
        told = "chair" if _CHAIRS.search(office) else "secretariat" if _SECRETARIAT.search(office) else None
        status = status or told
        return Speaker(office, groups.get("honorific"), delegation, status, capacity or function or office)
    name, before = _split_function(groups["name"])
    return Speaker(name, groups["honorific"], delegation, status, capacity or before or function)


def _split_function(name: str) -> tuple[str, str | None]:
    """``会议主持人Cupitt`` is Cupitt, 会议主持人; before a Chinese name likewise."""
    latin = _BEFORE_NAME.fullmatch(name)
    if latin:
        return latin["name"].strip(), latin["function"]
    for cut in range(2, min(12, len(name) - 1)):
        if _FUNCTION_WORDS.search(name[:cut]) and not name[cut:].startswith(("兼", "和")):
            return name[cut:], name[:cut]
    return name, None


def _read_brackets_of(brackets: list[str]) -> tuple[str | None, str | None, str | None]:
    """Delegation, status and function from what stands in brackets after a name."""
    content = next((content for content in brackets if not _LANGUAGE.search(content)), None)
    if content is None:
        return None, None, None
    head, *rest = _COMMA.split(content, maxsplit=1)
    represents = rest[0] if rest else None
    if observer := next(filter(None, (shape.fullmatch(head) for shape in _OBSERVERS)), None):
        return observer["of"] or None, "observer", represents
    if _EXPERT.search(head):
        return None, "expert", head
    if _SECRETARIAT.search(head):
        return None, "secretariat", content
    if head.endswith("主席"):
        return None, "chair", content
    return head, "member", represents
