"""What each block is: heading, numbered paragraph, sub-paragraph, list item, closing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from ..blocks.markers import SECTION_STYLES, Marker, Style
from ..dates import CHINESE_DATE
from ..languages import any_shape
from ..parsed import DocumentType, Kind
from ..shapes import (
    AGENDA,
    ATTENDANCE,
    CLOSING,
    DATE_LINE,
    LANGUAGE_REMARK,
    MEETING_CLOSING,
    ORGAN_LINE,
    STAMP,
    TREATY_END,
    VOTE,
    is_heading_like,
    is_lead_in,
    is_table_row,
)
from ..typography import ends_sentence
from .headings import mark_captions
from .nodes import Node
from .titles import mark_of_meeting

_OF_MEETINGS = (DocumentType.SUMMARY_RECORD, DocumentType.VERBATIM_RECORD, DocumentType.RESOLUTION)
RECORDS = (DocumentType.SUMMARY_RECORD, DocumentType.VERBATIM_RECORD)
_RESOLVED = (DocumentType.RESOLUTION, DocumentType.DECISION)
_LONGEST_NUMBERED_HEADING = 40
_LONGEST_CHAPEAU = 60
_RUN_OF_LINES = 4
_NEAR = 80
_LABELLED = re.compile(r"[^：:，,]{2,14}[：:].{1,60}")
_ROSE = re.compile(rf"(?:散会|结束)[。.]?$|{any_shape('rose')}")
_SPEAKS = re.compile(
    r".+(?:认为|指出|表示|强调|决定|如下|[应将请须是说为]|[改读]作)[：:]"
    r"|(?!.*的[^的]{1,6}[：:]).+(?:[还也又并]|请(?!求)|促|鼓励|要求|责成|应当|必须|决定|承诺).+[：:]"
)
_SIGNS = re.compile(r"[^，,。：:；;]{2,40}(?:代表|大使|部长|大臣|总统|总理|首相)(?: [^，,。：:；;]{2,16})?")
_DAY_AND_PLACE = re.compile(
    rf"(?:{CHINESE_DATE})[，,]\s?[^\s，,。：:；;]{{2,10}}"
    rf"|[^\s，,。：:；;]{{2,10}}[，,]\s?(?:{CHINESE_DATE}|\d{{4}}年\d{{1,2}}月)"
)
_PERSON = re.compile(
    r"(?:[^，,。；;：:]{0,4}主席[：:])?[^，,。；;：:]{1,80}(?:先生|女士|夫人|博士|教授)(?:\([^()]{1,60}\))?(?:[，,][^。；;：:]{1,80})?"
)
_WITH_SYMBOL = re.compile(r"\((?:[A-Z]{1,8}/[^()，,]{1,30}|[^()，,]{0,12}第[^()，,]{1,16}号(?:决议|决定))\)$")
_ITEM_TITLE = re.compile(rf"议程项目\s?\d{{1,3}}.{{0,12}}?[：:]|{any_shape('item title')}")
_SHORT_LEAD_IN = re.compile(r"(?!此外|其中|另外|例如|包括|特别)[^，,。；如以]{1,8}[：:]")


def classify(nodes: Sequence[Node], kind: DocumentType, *, corrects: bool = False) -> None:
    """Set kind and role of every node that titles, parts and footnotes have left open.

    ``corrects``: the document is a corrigendum, whose numbers bear places (1. 第14段).
    """
    indent = _usual_indent(nodes)
    apart = _counted_apart(nodes)
    counted = _counted_as_paragraphs(nodes, apart, corrects=corrects)
    for at, node in enumerate(nodes):
        if node.kind is not Kind.PARAGRAPH or node.role:
            continue
        if node.marker and node.quoted:
            node.kind = Kind.SUBPARAGRAPH  # it counts for the quotation
        elif kind is DocumentType.VERBATIM_RECORD and node.marker and node.marker.style is Style.ARABIC:
            node.kind = Kind.SUBPARAGRAPH  # a point of the speech
        elif node.marker:
            paragraph = id(node) in counted
            node.kind = Kind.HEADING if id(node) in apart else _kind_of_numbered(nodes, at, counted=paragraph)
        elif node.bullet:
            node.kind = Kind.LIST_ITEM
        elif not node.quoted:
            _classify_unnumbered(nodes, at, kind, indent)
    _settle_runs(nodes)
    mark_captions(nodes)
    _settle_ends(nodes, kind)


def _counted_apart(nodes: Sequence[Node]) -> set[int]:
    """The headings that count beside the paragraphs: ``2. 威胁`` between 4 and 5."""
    apart: set[int] = set()
    last, part = 0, ""
    between: list[Node] = []
    for at, node in enumerate(nodes):
        if node.part != part:
            last, part, between = 0, node.part, []
        if node.marker is None or node.marker.style is not Style.ARABIC or node.quoted:
            continue
        if len(node.text) <= _LONGEST_NUMBERED_HEADING and is_heading_like(node.text):
            between += [] if _has_sibling_beside(nodes, at, short=True) else [node]
            continue
        apart |= {id(one) for one in between if node.marker.value == last + 1}
        last, between = node.marker.value, []
    return apart


def _counted_as_paragraphs(nodes: Sequence[Node], apart: set[int], *, corrects: bool) -> set[int]:
    """The nodes whose numbers (1., 2., 3.) run on through whole sentences: paragraphs, however short.

    What heads 4.1 is none. In a corrigendum one sentence will do.
    """
    free = (node for node in nodes if node.marker and not node.quoted and id(node) not in apart)
    marked = [(node, node.numbering) for node in free]
    heads = {(node.part, _series_of(marker)) for node, marker in marked}
    numbered = [pair for pair in marked if pair[1].style is Style.ARABIC]
    counted: set[int] = set()
    run: list[Node] = []
    for (node, marker), after in zip(numbered, [*numbered[1:], None], strict=False):
        run.append(node)
        if after and after[0].part == node.part and after[1].value == marker.value + 1:
            continue
        sentences = sum(not is_heading_like(one.text) for one in run)
        if sentences * 2 > len(run) or (corrects and sentences):
            counted |= {id(one) for one in run if (one.part, one.number) not in heads}
        run = []
    return counted


def _kind_of_numbered(nodes: Sequence[Node], at: int, *, counted: bool) -> Kind:
    node = nodes[at]
    style = node.numbering.style
    if style in SECTION_STYLES:
        return Kind.HEADING if is_heading_like(node.text) else Kind.PARAGRAPH
    heading = is_heading_like(node.text) and len(node.text) <= _LONGEST_NUMBERED_HEADING
    if heading and _follows_heading(nodes, at):
        return Kind.HEADING
    heading = heading and at + 1 < len(nodes) and not _has_sibling_beside(nodes, at)
    if style is Style.DECIMAL:
        return _kind_of_decimal(nodes, at, heading)
    if style is Style.ARABIC:
        return Kind.HEADING if heading and not counted else Kind.PARAGRAPH
    if heading and not _follows_lead_in(nodes, at) and _heads_something(nodes[at + 1]):
        return Kind.HEADING
    return Kind.SUBPARAGRAPH


def _follows_heading(nodes: Sequence[Node], at: int) -> bool:
    """True for 4. 援助 behind 3. 培训 that heads a text: the next of a series of headings."""
    marker = nodes[at].numbering
    for near in range(at - 1, max(-1, at - _NEAR), -1):
        before = nodes[near].marker
        if before is not None and before.style is not Style.DECIMAL:
            follows = before.style is marker.style is Style.ARABIC and before.value == marker.value - 1
            return follows and nodes[near].is_heading
    return False


def _kind_of_decimal(nodes: Sequence[Node], at: int, heading: bool) -> Kind:
    """2.1 is a paragraph below heading 2, a sub-paragraph of paragraph 2; or itself heads 2.1.1."""
    node, following = nodes[at], nodes[at + 1] if at + 1 < len(nodes) else None
    after = following.marker if following else None
    if heading and (after is None or after.style is Style.ARABIC or after.number == f"{node.number}.1"):
        return Kind.HEADING
    above = _series_of(node.numbering)
    for near in range(at - 1, max(-1, at - _NEAR), -1):
        other = nodes[near]
        if other.marker is not None and other.number == above and other.part == node.part:
            return Kind.PARAGRAPH if other.is_heading else Kind.SUBPARAGRAPH
    return Kind.PARAGRAPH


def _series_of(marker: Marker) -> str:
    """The 3.2 of 3.2.1; empty where nothing stands above in the number itself."""
    return marker.number.rpartition(".")[0]


def _has_sibling_beside(nodes: Sequence[Node], at: int, *, short: bool = False) -> bool:
    """True where the next or last number of the same series stands directly beside: a list, no headings.
    ``short``: before a text as short as this one."""
    marker = nodes[at].numbering
    beside = ((nodes[at + step], step) for step in (-1, 1) if 0 <= at + step < len(nodes))
    return any(
        (near := node.marker) is not None
        and (near.style, near.value - step) == (marker.style, marker.value)
        and _series_of(near) == _series_of(marker)
        and (not short or is_heading_like(node.text))
        for node, step in beside
    )


def _follows_lead_in(nodes: Sequence[Node], at: int) -> bool:
    return at > 0 and (is_lead_in(nodes[at - 1].text) or nodes[at - 1].text[-1:] in "；;")


def _heads_something(following: Node) -> bool:
    marker = following.marker
    return not following.bullet and (
        marker is None or marker.style is Style.ARABIC or following.kind is Kind.HEADING
    )


def _usual_indent(nodes: Sequence[Node]) -> int:
    """The indent of most paragraphs, or 0 where they have none."""
    usual = Counter(node.indent for node in nodes if node.indent and not node.marker and _is_full_text(node))
    return usual.most_common(1)[0][0] if usual else 0


def _is_full_text(node: Node) -> bool:
    return len(node.text) > 30 and ends_sentence(node.text) and not is_lead_in(node.text)


def _classify_unnumbered(nodes: Sequence[Node], at: int, kind: DocumentType, indent: int) -> None:
    node = nodes[at]
    text = node.plain
    meeting = mark_of_meeting(text)
    meeting = meeting if kind in _OF_MEETINGS or meeting == "date_place" else None
    if CLOSING.fullmatch(text) or TREATY_END.fullmatch(text):
        node.kind, node.role = Kind.CLOSING, "meeting_rose" if _ROSE.search(text) else None
    elif kind in RECORDS and (VOTE.fullmatch(text) or _goes_on_voting(nodes, at)):
        node.role = "vote"
    elif is_table_row(text):
        node.role, node.unsure = "row", "short lines on end were kept line by line: a table or a list"
    elif _attends(nodes, at, kind):
        node.role = "attendance"
    elif AGENDA.fullmatch(text) and kind in _OF_MEETINGS:
        node.kind, node.role = Kind.HEADING, "agenda_title"
    elif kind in _RESOLVED and at > 2 and MEETING_CLOSING.fullmatch(text):
        node.kind, node.role = Kind.CLOSING, "meeting_line"
    elif meeting:
        node.role = meeting
    elif STAMP.fullmatch(text) or (kind in RECORDS and LANGUAGE_REMARK.fullmatch(text)):
        pass
    elif _DAY_AND_PLACE.fullmatch(text) and _follows_closing(nodes, at):
        node.kind, node.role = Kind.SIGNATURE, "signature_line"
    elif (node.depth or is_heading_like(text) or _asks_between(nodes, at)) and not _lists_document(nodes, at):
        node.kind = Kind.HEADING
    elif is_lead_in(text) and _is_chapeau_heading(nodes, at, kind, indent):
        node.kind, node.role = Kind.HEADING, "chapeau"


def _asks_between(nodes: Sequence[Node], at: int) -> bool:
    """True for a question between paragraphs whose count runs on: it heads the answer."""
    beside = (nodes[at - 1], nodes[at + 1]) if 0 < at < len(nodes) - 1 else ()
    count = [near.marker.value for near in beside if near.marker and near.marker.style is Style.ARABIC]
    runs_on = len(count) == 2 and count[1] == count[0] + 1
    return runs_on and re.fullmatch(r"[^。；？?：:]{4,40}[？?]", nodes[at].plain) is not None


def _attends(nodes: Sequence[Node], at: int, kind: DocumentType) -> bool:
    """True for one of those present, on the cover of a record or in a list of participants."""
    if kind in RECORDS:
        return kind is DocumentType.VERBATIM_RECORD and ATTENDANCE.fullmatch(nodes[at].plain) is not None
    return _PERSON.fullmatch(nodes[at].plain) is not None and not _heads_text(nodes, at)


def _lists_document(nodes: Sequence[Node], at: int) -> bool:
    """True for a document's title with its symbol, as below an agenda item, unless a text stands below it or
    it is set as a heading is."""
    listed = not (nodes[at].bold or _ITEM_TITLE.match(nodes[at].plain))
    return listed and _WITH_SYMBOL.search(nodes[at].plain) is not None and not _heads_text(nodes, at)


def _heads_text(nodes: Sequence[Node], at: int) -> bool:
    return at + 1 < len(nodes) and not nodes[at + 1].marker and ends_sentence(nodes[at + 1].text)


def _follows_closing(nodes: Sequence[Node], at: int) -> bool:
    before = nodes[at - 1]
    return at > 0 and before.part == nodes[at].part and before.kind in (Kind.CLOSING, Kind.SIGNATURE)


def _goes_on_voting(nodes: Sequence[Node], at: int) -> bool:
    """The States that voted, below 赞成：; no sentence, their names set apart by 、."""
    before = nodes[at - 1] if at else None
    listed = before is not None and before.role == "vote" and is_lead_in(before.text)
    return listed and not ends_sentence(nodes[at].text)


def _is_chapeau_heading(nodes: Sequence[Node], at: int, kind: DocumentType, indent: int) -> bool:
    """A lead-in set like a heading (CD/2118) or a mere word with a colon (建议：), before lettered items."""
    node = nodes[at]
    following = nodes[at + 1] if at + 1 < len(nodes) else None
    if (kind in _RESOLVED and node.part == "main") or node.text[0] in "“「" or _SPEAKS.fullmatch(node.plain):
        return False  # it is what the organ does (鼓励委员会：), or what is quoted
    if following is None or following.marker is None or len(node.text) > _LONGEST_CHAPEAU:
        return False
    if following.marker.style in SECTION_STYLES or ORGAN_LINE.fullmatch(f"{node.plain[:-1]}，"):
        return False
    if _SHORT_LEAD_IN.fullmatch(node.plain) or (0 < indent < node.indent):
        return True
    counted = kind not in (*_OF_MEETINGS, *_RESOLVED, DocumentType.PRESIDENTIAL_STATEMENT)
    return counted and _follows_numbered(nodes, at)


def _follows_numbered(nodes: Sequence[Node], at: int) -> bool:
    """Where paragraphs are numbered, a lead-in without number heads what follows (CD/2118)."""
    above = (
        nodes[near] for near in range(at - 1, max(-1, at - _NEAR), -1) if nodes[near].part == nodes[at].part
    )
    full = next((node for node in above if node.kind is Kind.PARAGRAPH and node.role is None), None)
    return full is not None and full.marker is not None and ends_sentence(full.text)


def _settle_runs(nodes: Sequence[Node]) -> None:
    """Many short lines on end are a list or a table, not headings; offices that end a part sign it."""
    run: list[Node] = []
    above: Node | None = None
    for node in [*nodes, None]:
        if node is not None and node.is_heading and node.role is None and not node.marker and not node.depth:
            run.append(node)
            continue
        ends = len(run) > 1 and (node is None or node.part != run[-1].part)
        if ends and above and not above.is_heading and all(_SIGNS.fullmatch(line.plain) for line in run):
            for line in run:
                line.kind, line.role = Kind.SIGNATURE, "signature_line"
        else:
            for line in _lines_among(run):
                line.kind, line.role = Kind.PARAGRAPH, "line"
        run, above = [], node


def _lines_among(run: Sequence[Node]) -> Sequence[Node]:
    """Those of short lines on end that are no headings: many, two in columns, or two that each give a label
    and its value."""
    if len(run) >= _RUN_OF_LINES or (len(run) > 1 and all(node.columns > 2 for node in run)):
        return run
    labelled = [at for at, node in enumerate(run) if _LABELLED.fullmatch(node.plain)]
    return [run[at] for at in labelled if at - 1 in labelled or at + 1 in labelled]


def _settle_ends(nodes: Sequence[Node], kind: DocumentType) -> None:
    """A heading needs something below it: short lines at the end of a part sign or date it."""
    following: Node | None = None
    for node in reversed(nodes):
        last = (
            following is None
            or following.part != node.part
            or following.role in ("signature_line", "meeting_line")
        )
        if node.kind is Kind.FOOTNOTE:
            continue
        if (
            node.role in (None, "line")
            and not node.marker
            and last
            and node.kind in (Kind.HEADING, Kind.PARAGRAPH)
            and is_heading_like(node.text)
        ):
            if MEETING_CLOSING.fullmatch(node.plain) or DATE_LINE.fullmatch(node.plain):
                node.kind, node.role = Kind.CLOSING, "meeting_line"
            elif kind in (DocumentType.LETTER, DocumentType.NOTE_VERBALE) and node.part == "main":
                node.kind, node.role = Kind.SIGNATURE, "signature_line"
            else:
                node.kind = Kind.PARAGRAPH
                node.role = "line" if _DAY_AND_PLACE.fullmatch(node.plain) else node.role
        following = node
