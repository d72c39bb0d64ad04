"""References to paragraphs of the document's own: 上文第6段, 本决议第3段, 下文第二.B节, 见表3, 同上."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from archive.text.aligned_folding import fold
from archive.text.symbols.grammar import SymbolKind
from archive.text.symbols.symbol import Symbol

from ..numerals import number_of, number_of_label
from ..parsed import DocumentType, Facts, Kind, ParsedMention, ParsedOwnReference, ParsedParagraph
from ..pinpoints.anchors import Anchors
from ..pinpoints.grammar import paragraphs_after
from ..pinpoints.value import pinpoint_anchors
from ..shapes import CAPTION_NUMBER, read_caption
from .tokens import Found

_LEAD = re.compile(
    r"(?:(?P<above>上文|前文|以上|上述|前述|前面)|(?P<below>下文|后文|以下|下述|下面)"
    r"|本(?P<noun>决议|决定|报告|文件|信|函|照会|说明|附件|附文|文|声明|摘要|增编)(?:执行部分|正文)?的?"
    r"|(?P<see>(?<![意可罕常会听所预偏显])(?:参见|参看|参阅|见)(?=第|附|脚?注|[图表]|方框|专栏|插文)"
    r"|如(?=[附插]?[图表]|第[^,。;]{1,16}所[述示列载指])|(?<=载于|列于|见于|按照|依照|根据)(?=附[件文录表])))"
)
_NUMERAL = r"(?:[一二三四五六七八九十0-9]{1,3}|[IVXⅠ-Ⅻ]{1,4})"
_AND = r" ?(?:、|和|及|与) ?"
_ONE_SECTION = rf" ?{_NUMERAL}(?: ?[节章])?"
_SECTIONS = re.compile(rf"(?P<list>第{_ONE_SECTION}(?:{_AND}第?{_ONE_SECTION}){{0,8}})(?: ?部分|(?<=[节章]))")
_SECTION = re.compile(_NUMERAL)
_NOTE = re.compile(r" ?脚?注 ?(?P<number>[0-9]{1,3})")
_ALSO_NOTE = re.compile(rf"(?:{_AND}|以及 ?|, ?)脚?注 ?(?P<number>[0-9]{{1,3}})")
_CAPTION_WORD = "(?:文本)?方框|插文|专栏|(?:附|插|示意)?(?:图表|表格|图|表)"
_CAPTIONS = re.compile(
    rf" ?(?:{_CAPTION_WORD}) ?{CAPTION_NUMBER}"
    rf"(?:(?:{_AND}|[至到] ?)(?:{_CAPTION_WORD})? ?{CAPTION_NUMBER}){{0,8}}"
    r"(?=[,。;:、)\]”》」]|$| ?(?:[的所中内里和与及或至显列载]|以及))"
)
_CAPTION = re.compile(rf"(?P<to>[至到] ?)?(?P<word>{_CAPTION_WORD})? ?(?P<number>{CAPTION_NUMBER})")
# 导言部分第3段, “结论”一节第3段: the words of the heading above
_TITLED = re.compile(
    r"(?!序言|执行|正文|主文|附[件文录])“?(?P<title>[一-鿿]{2,16}?)”?(?:部分|一[节章])?的?(?=第[^。;]{1,20}段)"
)
_MOST_CAPTIONS = 20  # that a range may name
LAST = 1 << 62  # an end behind all others
_IBID = re.compile(r"同上")
_RESOLUTIONS = (DocumentType.RESOLUTION, DocumentType.DECISION)


def find_own_references(
    paragraphs: Sequence[ParsedParagraph], facts: Facts, mentions: Sequence[ParsedMention] = ()
) -> tuple[ParsedOwnReference, ...]:
    """Every place in ``paragraphs`` that names paragraphs, sections or notes of the same document, in order.

    A list or range gives one reference for each member, at the same place. 第3段 behind one of ``mentions``
    is the cited document's and no reference. What is meant is sought in the same part first; where nothing or
    more than one thing may be meant, or 上文 would lead below, there is a doubt and no target.
    """
    places = _Places(paragraphs)
    taken = _pinpointed(paragraphs, mentions)
    return tuple(
        reference
        for position, paragraph in enumerate(paragraphs)
        for reference in _in_paragraph(position, paragraph, facts, places, taken.get(paragraph.anchor, []))
    )


def _in_paragraph(
    position: int, paragraph: ParsedParagraph, facts: Facts, places: _Places, taken: list[tuple[int, int]]
) -> Iterator[ParsedOwnReference]:
    folded = fold(paragraph.text)
    if paragraph.kind is Kind.FOOTNOTE and (ibid := _IBID.match(folded)):
        before = places.note_before(position)
        yield ParsedOwnReference(
            paragraph.anchor,
            *ibid.span(),
            paragraph.text[: ibid.end()],
            before or paragraph.anchor,
            before,
            None if before else "absent",
        )
    free = 0
    for lead in _LEAD.finditer(folded):
        if lead.start() < free or _covered(lead.start(), taken):
            continue
        if lead["noun"] in ("决议", "决定") and not _is_resolution(facts, paragraph):
            continue
        if _may_be_anothers(folded, lead, taken):
            continue
        titled = _TITLED.match(folded, lead.end())
        heading = places.headings.get(titled["title"]) if titled else None
        cited, end = _named(folded, titled.end() if titled and heading else lead.end())
        if not cited:
            continue
        if heading:
            cited = [f"{heading}.{anchor}" for anchor in cited]
        free = end
        direction = -1 if lead["above"] else 1 if lead["below"] else 0
        surface = paragraph.text[lead.start() : end]
        of_all = lead["noun"] in ("决议", "决定") and places.is_resolution
        for anchor in dict.fromkeys(cited):
            towards = 0 if anchor[:2] == "fn" != cited[0][:2] else direction  # a note stands below its page
            target, doubt = places.find(anchor, position, towards, "main" if of_all else paragraph.part)
            yield ParsedOwnReference(paragraph.anchor, lead.start(), end, surface, anchor, target, doubt)


def _may_be_anothers(folded: str, lead: re.Match[str], taken: list[tuple[int, int]]) -> bool:
    """S/2008/493，第12段；另见第5段 · S/2016/1038…，根据附件二: a document was named in the sentence."""
    index = bisect_right(taken, (lead.start(), LAST)) - 1
    if index < 0 or "。" in folded[taken[index][1] : lead.start()]:
        return False
    return lead["see"] == "" or (lead["see"] is not None and folded[lead.start() - 1] in "又另并还")


def _covered(place: int, spans: list[tuple[int, int]]) -> bool:
    """Whether one of ``spans``, given in order, covers ``place``."""
    index = bisect_right(spans, (place, LAST)) - 1
    return index >= 0 and spans[index][0] <= place < spans[index][1]


def _is_resolution(facts: Facts, paragraph: ParsedParagraph) -> bool:
    """本决议 in a letter is that of a draft in its annex."""
    return facts.document_type in _RESOLUTIONS or paragraph.part != "main"


def _named(folded: str, start: int) -> tuple[list[str], int]:
    """The anchors that the words at ``start`` name, and where the words end: 第14段以及脚注12 too."""
    labels, end = _labelled(folded, start)
    while labels and (note := _ALSO_NOTE.match(folded, end)):
        labels, end = [*labels, f"fn{int(note['number'])}"], note.end()
    return labels, end


def _labelled(folded: str, start: int) -> tuple[list[str], int]:
    if note := _NOTE.match(folded, start):
        return [f"fn{int(note['number'])}"], note.end()
    if captions := _CAPTIONS.match(folded, start):
        labels, word, last = [], "", 0
        for caption in _CAPTION.finditer(captions[0]):
            word, number = caption["word"] or word, caption["number"]
            value = number_of(number) or 0
            between = range(last + 1, min(value, last + _MOST_CAPTIONS)) if caption["to"] and last else ()
            labels += [*(_label(word, str(one)) for one in between), _label(word, number)]
            last = value
        return labels, captions.end()
    cited, end = paragraphs_after(folded, start)
    if (sections := _SECTIONS.match(folded, start)) and sections.end() >= end:
        numbers = (number_of_label(one) for one in _SECTION.findall(sections["list"]))
        return [f"s{number}" for number in numbers if number], sections.end()
    return pinpoint_anchors(",".join(cited)), end


def _label(word: str, number: str) -> str:
    """图, 二 → ``图2``."""
    return f"{word.strip()}{number_of(number) or number}"


def _pinpointed(
    paragraphs: Sequence[ParsedParagraph], mentions: Sequence[ParsedMention]
) -> dict[str, list[tuple[int, int]]]:
    """Where other documents and their paragraphs are named: from a mention to the end of its pinpoint."""
    texts = {paragraph.anchor: paragraph for paragraph in paragraphs}
    taken: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for mention in mentions:
        if any(map(str.isdigit, mention.surface)):
            text = fold(texts[mention.anchor].text[mention.end : mention.end + 400])
            taken[mention.anchor].append((mention.start, mention.end + paragraphs_after(text, 0)[1]))
    return taken


class _Places:
    """The anchors of a document by their endings, with their positions and parts."""

    def __init__(self, paragraphs: Sequence[ParsedParagraph]) -> None:
        self._paragraphs = paragraphs
        self._anchors = Anchors((paragraph.anchor, paragraph.parent) for paragraph in paragraphs)
        self._positions = {paragraph.anchor: position for position, paragraph in enumerate(paragraphs)}
        self._labels: dict[str, list[int]] = defaultdict(list)
        for at, paragraph in enumerate(paragraphs):
            caption = read_caption(fold(paragraph.text)) if paragraph.role == "table_title" else None
            if caption and not caption["again"]:
                word = caption[0][: caption.start("number")]
                self._labels[_label(word, caption["number"])].append(at)
        self.is_resolution = any(one.kind is Kind.OPERATIVE and one.part == "main" for one in paragraphs)
        self.headings: dict[str, str | None] = {}  # by their words; None for several of the same words
        for one in paragraphs:
            if one.kind is Kind.HEADING:
                self.headings[fold(one.text)] = None if fold(one.text) in self.headings else one.anchor
        self._notes = [at for at, paragraph in enumerate(paragraphs) if paragraph.kind is Kind.FOOTNOTE]

    def note_before(self, position: int) -> str | None:
        """The footnote before the one at ``position``, in the same part."""
        index = bisect_left(self._notes, position)
        if index == 0:
            return None
        before = self._paragraphs[self._notes[index - 1]]
        return before.anchor if before.part == self._paragraphs[position].part else None

    def find(self, cited: str, position: int, direction: int, part: str) -> tuple[str | None, str | None]:
        """The anchor that is meant, or None with a doubt; ``direction`` is -1 above, 1 below, 0 anywhere,
        ``part`` where it is sought first."""
        found = [self._positions[anchor] for anchor in self._anchors.matching(cited)] or self._labels[cited]
        inside = [place for place in found if self._paragraphs[place].part == part] or found
        if not inside:
            return None, "absent"
        right = [place for place in inside if (place - position) * direction >= 0]
        if not right:
            return None, "direction"
        return (self._paragraphs[right[0]].anchor, None) if len(right) == 1 else (None, "several")


# Words that stand for a resolution: 本决议 for the document itself, 该决议 for the one named before.

_SELF = re.compile(r"本(?P<noun>决议|决定)(?!草案)")
_BEFORE = re.compile(r"(?:该|这项|该项|上述|前述|同一|此项|这一)(?P<noun>决议|决定)(?!草案)")
_KINDS = {
    "决议": frozenset({SymbolKind.RESOLUTION}),
    "决定": frozenset({SymbolKind.DECISION, SymbolKind.EU_ACT}),
}


class References:
    """The references inside one paragraph. ``own`` is the resolution that it is part of."""

    def __init__(self, folded: str, own: Symbol | None) -> None:
        self._text = folded
        self._own = own

    def found(self, named: Iterable[Found]) -> list[Found]:
        """本决议 and 该决议 with what they mean, given the mentions by number in the same paragraph."""
        named = sorted(named, key=lambda place: place.start)
        return [*self._to_itself(), *self._to_what_was_named(named)]

    def _to_itself(self) -> Iterator[Found]:
        if self._own is not None:
            for match in _SELF.finditer(self._text):
                if self._own.kind in _KINDS[match["noun"]]:
                    yield Found(match.start(), match.end(), self._own, certain=False)

    def _to_what_was_named(self, named: list[Found]) -> Iterator[Found]:
        """该决议 is clear where one resolution only was named before it in the paragraph."""
        position = 0
        symbols: dict[str, set[Symbol]] = {"决议": set(), "决定": set()}
        for match in _BEFORE.finditer(self._text):
            while position < len(named) and named[position].end <= match.start():
                symbol = named[position].symbol
                for noun, kinds in _KINDS.items():
                    if symbol.kind in kinds:
                        symbols[noun].add(symbol)
                position += 1
            meant = symbols[match["noun"]]
            if len(meant) == 1:
                yield Found(match.start(), match.end(), next(iter(meant)), certain=False)
