"""Where a block begins: what the layout says of two neighbouring lines.

No single sign holds for every extractor, so signs are weighed: an extra blank line, an indent, a short line
before, the end of a sentence, a trailing space (which Word leaves at the end of a paragraph).
"""

from __future__ import annotations

import re

from archive.text.aligned_folding import fold

from ..dates import CHINESE_DATE
from ..lines import Line
from ..shapes import (
    OPERATIVE,
    PREAMBULAR,
    begins_alone,
    is_bare_organ,
    is_complete_title,
    is_heading_like,
    is_title_like,
)
from ..typography import cannot_begin, display_width, ends_open, ends_sentence, first_piece
from .block import Block
from .layout import Layout
from .markers import BARE_NUMBER, read_lone_numeral, read_markers
from .numbering import Place
from .seams import goes_on, title_goes_on

_SHORT, _VERY_SHORT, _EXACT = 0.82, 0.6, 0.94
_ENOUGH, _SURE = 2, 4
_COMMAS = ("，", ",")
_LONG_LINE = 34  # a page of the UN holds 36 to 40 ideographs a line
_FEW = 12
_MOST_TITLE_LINES = 12
_BRACKET = 160
_SENTENCE = re.compile(r"[。；;]")
_SENTENCE_INSIDE = re.compile(r"[。;:,?!]")
_TITLE_END = re.compile(
    r"(?:信|函|照会|来文|报告|声明|说明|摘要|记录|决议|(?:附件|附文)[一二三四五六七八九十]{0,3})$"
)
_DATED = re.compile(rf"\s*{CHINESE_DATE}(?=[^\s，,])")
_COMMA = re.compile(r"[，,]")
_PAUSES = tuple("，。；：,;:")
_PARAGRAPH_OPENS = re.compile(
    r"请将|谨|我[谨们]?[^的]|[一二三四五]是|第[一二三四五][，,]|举手|安理会就此|有代表要求|议程项目|根据第|以上|"
    r"[^\s。！？，；：]{1,16}(?:先生|女士|大使|博士|主席|代表)\s?[(（]"
)


def place_between(block: Block | None, line: Line, layout: Layout, follower: Line | None = None) -> Place:
    """What the layout says of ``line`` after the open ``block``: does a block begin, is a sentence cut?

    ``follower`` is the line after, where a block surely begins with it.
    """
    if block is not None and (line.opens is False or (not line.depth and _is_seam(block, line))):
        return Place(opens=False, broken=True, short=False)
    if block is not None and line.soft:
        return _behind_break(block, line, layout)
    if (
        block is None
        or (block.closed or line.depth or line.opens)
        or begins_alone(line.text, block.texts[-1])
        or (layout.preamble and is_bare_organ(line.text))
        or (ends_sentence(block.texts[-1]) and read_lone_numeral(line.text))
    ):
        return Place(opens=True, broken=False, short=True)
    if not layout.wrapped:
        return _whole(block, line, layout)
    return _wrapped(block, line, layout, heads=follower is not None and is_heading_like(line.text))


def _behind_break(block: Block, line: Line, layout: Layout) -> Place:
    """A break inside a paragraph ends nothing, but numbers, bullets, and what stands alone may follow it."""
    before = block.texts[-1]
    ends = ends_sentence(before)
    clause = block.marker is not None or OPERATIVE.match(fold(block.texts[0][:24]))
    alone = (ends or not clause) and begins_alone(line.text, before)
    preambular = before[-1:] in _COMMAS and _begins_preambular(layout, line)
    headed = block.is_numbered_heading and len(block.lines) == 1 and ends_sentence(line.text)
    if block.is_whole or alone or preambular or headed:
        return Place(opens=True, broken=False, short=True)
    return Place(opens=False, broken=not ends, short=False, comma=before[-1:] in _COMMAS)


def _is_seam(block: Block, line: Line) -> bool:
    last = block.texts[-1] if len(block.texts[-1]) >= _FEW else "".join(block.texts[-2:])
    if line.bullet and ends_sentence(last):
        return False  # the item above ends in ；以及
    if goes_on(last, line.text):
        return True
    if block.marker or len(block.lines) > _MOST_TITLE_LINES:
        return False
    return title_goes_on("".join(block.texts), line.text)


def _whole(block: Block, line: Line, layout: Layout) -> Place:
    """One paragraph a line: a block begins unless a page break cut the paragraph before in two."""
    before = block.lines[-1]
    broken = _is_cut(block, before.text, line, layout)
    comma = before.text[-1:] in _COMMAS
    return Place(opens=not broken, broken=broken, short=not broken, whole=True, comma=comma)


def _is_cut(block: Block, text: str, line: Line, layout: Layout) -> bool:
    if cannot_begin(line.text) or _is_of_title(block, line, layout):
        return True
    numbers = bool(read_markers(line.text))
    in_preamble = text[-1] in "，," and _begins_preambular(layout, line)
    if _is_in_bracket(block) and not (numbers or in_preamble) and not line.gap > layout.normal_gap + 1:
        return True
    if ends_sentence(text) or block.lines[-1].depth:
        return False
    if text[-1] in "，,":
        opens = numbers or PREAMBULAR.match(fold(line.text[:24]))
        broken = line.page or (len(text) >= _LONG_LINE and not layout.preamble)
        return broken and not (layout.preamble and opens)
    numbered = block.marker is not None or bool(block.bullet)
    last = _FEW if numbered else _FEW // 2 if _COMMA.search(text) else 0
    if len(text) >= _LONG_LINE and not numbers and _is_last_line(line.text, last):
        return True
    if _SENTENCE.search(text) or (line.page and _COMMA.search(text)):
        return True
    broken = (line.page and not numbers) or (numbered and bool(_COMMA.search(text)))
    return len(text) >= _LONG_LINE and broken


def _begins_preambular(layout: Layout, line: Line) -> bool:
    return layout.preamble and PREAMBULAR.match(fold(line.text[:24])) is not None


def _is_last_line(text: str, most: int) -> bool:
    """True for the few characters that end a paragraph on its last line."""
    return len(text) <= most and text[-1] in "。；"


def _wrapped(block: Block, line: Line, layout: Layout, *, heads: bool) -> Place:
    before = block.lines[-1]
    numbered = bool(block.marker or block.bullet)
    ends = ends_sentence(before.text) if numbered else layout.ends(before.text)
    reached = before.width + before.indent * (2 if layout.exact else numbered)
    share = _EXACT if layout.exact else _SHORT
    width = _local_width(block, layout)
    room = width - reached - _columns(first_piece(line.text), layout)
    short = reached < share * width and room >= 0
    very_short = before.width < _VERY_SHORT * layout.width
    apart = _gap_sign(block, line, layout, complete=ends or short)
    score = apart + (1 if ends_sentence(before.text) else 0 if ends else -2) + (2 if short else 0)
    set_in = layout.is_set_in(line)
    score += 2 if layout.indents and set_in else 0
    if layout.trailing:
        score += 1 if before.trailing else -1
    if short and not ends and (very_short or layout.exact or block.is_numbered_heading):
        score += 4
    if heads and ends and before.text[-1] not in "：:" and line.width < _SHORT * layout.width:
        # The paragraph's last line would end in a stop; a heading does not (S/2010/52, before para. 11).
        score += 3
    if ends and line.indent > before.indent and line.text[0] in "“「":
        # Every paragraph of a quotation opens with its mark, set in (statements of the President).
        score += 2
    if ends_sentence(before.text) and BARE_NUMBER.match(line.text):
        score += 3  # a note below the paragraph that calls it
    if ends and line.text[0] in "“「" and block.quoted:
        # An opening mark stands before each paragraph of a quotation, and one closing mark at its end.
        score += 2
    begins = (set_in and line.indent != before.indent) or read_markers(line.text)
    if begins and len(block.lines) <= 4 and _is_title(block):
        score += 4
    if cannot_begin(line.text) or (not ends and ends_open(before.text)):
        score -= 4
    if (
        ends
        and _is_in_bracket(block)
        and not (line.gap > layout.normal_gap and _begins_preambular(layout, line))
    ):
        score -= 4
    titled = len(block.lines) <= 5 and line.gap <= layout.normal_gap
    if titled and not ends and _is_of_title(block, line, layout):
        score -= 6
    broken = not layout.ends(before.text)
    near = "" if score >= _ENOUGH or _is_in_bracket(block) else _against(block, line, layout, room)
    comma = before.text[-1:] in _COMMAS
    return Place(opens=score >= _ENOUGH, broken=broken, short=short, comma=comma, near=near)


def _against(block: Block, line: Line, layout: Layout, room: int) -> str:
    """What speaks against that ``line`` goes on with the block: more ``room`` for it is left above than lines
    leave, or it begins as a block does."""
    before = block.texts[-1]
    if room > layout.room + 1 and before[-1:] in _PAUSES:
        return f"a line ends early inside the block, at “{before[-8:]}”"
    begins = (before[-1:] in _COMMAS and _begins_preambular(layout, line)) or (
        before[-1:] in "。”）" and _PARAGRAPH_OPENS.match(line.text)
    )
    if begins:
        return f"a line inside begins as a block does, “{line.text[:8]}”"
    return ""


def _columns(text: str, layout: Layout) -> int:
    return 2 * len(text) if layout.exact else display_width(text)


def _is_in_bracket(block: Block) -> bool:
    """True where a bracket or title that stands open is not yet closed: (电话：…；电子邮件：…), 《…》, “…”.

    After a full stop a missing bracket is more likely an error of the source.
    """
    tail = fold("".join(block.texts[-4:])[-_BRACKET:])
    if tail.endswith("。"):
        return False
    before, _mark, quoted = tail.rpartition("“")
    in_title = before[-1:] not in "。;:" and "”" not in quoted and not _SENTENCE_INSIDE.search(quoted)
    return in_title or any(tail.count(left) > tail.count(right) for left, right in ("()", "《》", "〈〉"))


def _local_width(block: Block, layout: Layout) -> int:
    """Items are set narrower than paragraphs; their own lines tell how much."""
    if len(block.lines) > 2 and (block.marker or block.bullet):
        return max(line.width for line in block.lines)
    return layout.width


def _gap_sign(block: Block, line: Line, layout: Layout, *, complete: bool) -> int:
    """An extra blank line ends a block, unless it stands in a sentence, where a page was turned unseen."""
    if line.gap <= layout.normal_gap or line.page:
        return 0
    titled = len(block.lines) <= 4 and block.marker is None and is_title_like("".join(block.texts))
    return _SURE if complete or titled or line.gap > layout.normal_gap + 1 else 1


def _is_title(block: Block) -> bool:
    """A title that names its kind at its end; the text that follows is set in."""
    text = "".join(block.texts)
    return block.marker is None and is_title_like(text) and _TITLE_END.search(text) is not None


def _is_of_title(block: Block, line: Line, layout: Layout) -> bool:
    """True where a title goes on: centred lines stand equally deep; the title of a letter ends in 信."""
    return block.marker is None and (_is_centred_wrap(block, line, layout) or _ends_dated_title(block, line))


def _is_centred_wrap(block: Block, line: Line, layout: Layout) -> bool:
    """True where a centred line reaches the margin and the next one stands equally deep."""
    before = block.lines[-1]
    if read_markers(line.text) or is_complete_title("".join(block.texts[:_MOST_TITLE_LINES])):
        return False
    full = before.width + before.indent >= 0.9 * layout.reach
    return full and 8 <= before.indent == line.indent and line.gap <= layout.normal_gap


def _ends_dated_title(block: Block, line: Line) -> bool:
    """True where a title that begins with a date, as that of a letter, ends with this line (in 信)."""
    text = "".join(block.texts)
    dated = _DATED.match(text) is not None and not _TITLE_END.search(text) and is_title_like(text)
    return dated and len(block.lines) <= 5 and _TITLE_END.search(text + line.text) is not None
