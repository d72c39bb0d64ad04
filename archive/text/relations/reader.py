"""Reads how a mention is cited from the sentence around it.

The nearest word that governs the mention decides: in 敦促各国执行第1540号决议 it is 执行, not 敦促. Looked at
are, in this order: the name of a body (…号决议所设委员会), what a decision is said to extend or amend, a
citing verb before the mention or its list, a noun or verb behind it (…号决议的执行情况, …号决议决定), and the
verb that begins a preambular paragraph.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from archive.text.aligned_folding import fold

from ..parsed import Kind, ParsedBody, ParsedMention, ParsedParagraph, Relation
from ..shapes import PREAMBULAR
from .clauses import (
    ADVERBS,
    AMENDS,
    ANYWHERE,
    BEFORE,
    CALLS,
    EXTENDS,
    NAMED_BY,
    PROLONGS,
    PROVIDES,
    RIGHT,
    Group,
    groups,
    is_verb,
    sentence_start,
    without_modifiers,
    word_ending_at,
)

SAYING = (Relation.NOTES, Relation.STRESSES, Relation.RECALLS, Relation.REAFFIRMS)
LONGEST_IN_BRACKET = 12  # what may stand behind a symbol in its bracket: ,附件
FORMAL = (Kind.PREAMBULAR, Kind.OPERATIVE)


@dataclass(frozen=True, slots=True)
class Read:
    """A relation and the place of the word that says it."""

    relation: Relation
    start: int
    end: int


def relate(
    paragraphs: Sequence[ParsedParagraph],
    mentions: Sequence[ParsedMention],
    bodies: Sequence[ParsedBody] = (),
) -> tuple[ParsedMention, ...]:
    """``mentions``, given in the order of ``paragraphs``, with their relations and the words that say so.

    A verb inside the name of one of ``bodies`` says nothing.
    """
    named: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for body in bodies:
        named[body.anchor].append((body.start, body.end))
    by_anchor = {paragraph.anchor: paragraph for paragraph in paragraphs}
    related: list[ParsedMention] = []
    for anchor, found in groupby(mentions, key=lambda mention: mention.anchor):
        paragraph = by_anchor[anchor]
        folded, inside = fold(paragraph.text), list(found)
        for group in groups(folded, inside):
            read = _Sentence(folded, group, paragraph.kind, named[anchor]).read()
            related += (_with(inside[index], read) for index in group.members)
    return tuple(related)


def _with(mention: ParsedMention, read: Read | None) -> ParsedMention:
    if read is None:
        return mention
    return replace(mention, relation=read.relation, relation_start=read.start, relation_end=read.end)


_FOUNDED = re.compile(
    r"(?:的规定)?(?P<word>[而所]设立?|设立|成立|建立)(?:的|[^,。;]{0,12}(?:委员会|专家组|小组|基金))"
)
_ADVERB = rf"(?:{ADVERBS})"
_CLAUSE = r"[^,。;:!?]"
_EXTENDED_BY = re.compile(rf",?(?:将|把|对)?{_CLAUSE}{{0,50}}?(?P<word>{PROLONGS})")
_AMENDED_BY = re.compile(rf"(?:予以|加以|所)?(?P<word>{AMENDS})(?![案本稿])")
_BY = re.compile(r"(?:经由|经过|经|由|被|通过)$")
_ADOPTED_BEHIND = re.compile(
    r"(?:于[0-9]{4}年(?:[0-9]{1,2}月(?:[0-9]{1,2}日)?)?)?(?:获得|得到|获)?(?:一致|未经表决)?"
    r"(?P<word>通过)(?=[,。;、)]|以来|之后|后|时|[一二三四五六七八九十0-9]{1,3}周年|$)"
)
_STATUS = (
    r"(?:的)?(?:全面|充分|有效|切实|各国|国家)?"
    rf"(?P<done>执行|实施|履行|落实|遵守)(?!委员会|{NAMED_BY})"
)
_STATUS_THEN = re.compile(
    rf"{_STATUS}(?:情况|工作|进展|状况|进程|方面)?(?:和[^,。;]{{1,10}}?情况)?(?:的|进行|提出|编写){{0,2}}"
    r"(?:[0-9]{4}年)?(?:全面|综合|年度|中期|首次|国家){0,2}(?:(?P<reviewed>审查|审议|评估|检讨)|(?P<reported>报告|汇报|通报))"
)
_STATUS_ALONE = re.compile(_STATUS)
_DONE_TO_IT = re.compile(
    r"(?:得到|获得)(?:了)?(?:全面|充分|有效|切实|普遍)*(?P<word>执行|实施|履行|落实|遵守)"
)
_REVIEWED_BEHIND = re.compile(
    r"(?:的|进行(?:的|了)?)?(?:全面|综合|年度)?(?P<word>审查|审议|检讨|评估)(?!员|部)"
)
_SUPPORTED_BEHIND = re.compile(r"的(?:共同)?(?P<word>提案国)")
_ABOUT_BEHIND = re.compile(r"的(?:某些|有关|相关)?(?:方面|规定|原则|要求|条款)(?P<word>指导)")
_AS_BASIS = re.compile(r"(?:的[^,。;]{1,12})?(?:作)?为(?P<word>依据|基础|根据|指导|准绳)")
_CONFORMS = re.compile(r"(?:的(?:规定|要求))?(?:相)?(?P<word>一致|相符|相符合)")
_TO_SOMEBODY = rf"(?:对{_CLAUSE}{{1,8}})?"
_OF_ITS_PARTS = r"(?:的(?:有关|相关)?(?:规定|条款|各段|序言部分|案文)?)?"
_PREDICATE = re.compile(
    rf"{_OF_ITS_PARTS}(?:,其中)?(?:{_ADVERB}){{0,3}},?(?:{_ADVERB}){{0,3}}{_TO_SOMEBODY}(?:将{_CLAUSE}{{1,20}}?(?P<made>定为|列为|作为)"
    rf"|(?:[将把]{_CLAUSE}{{1,30}}?)?(?P<extends>{EXTENDS})|(?P<calls>{CALLS})(?![求愿])|(?P<provides>{PROVIDES}))"
)
_EXTENDED = re.compile(rf"{_CLAUSE}{{0,60}}?(?P<word>{PROLONGS})")
_AMENDED = re.compile(rf"{_CLAUSE}{{0,30}}?(?P<word>{AMENDS})")
_INTO = re.compile(r"(?:将|把)$")
_AGAINST = re.compile(r"(?:与|同|跟)$")
_PAIR = re.compile(
    r"(?P<word>[一-鿿]{2})(?:和|及|并|、|与)(?:进一步)?(?:加强|改进|推动|促进|扩大|补充|巩固|完善)$"
)
_CLAUSE_END = re.compile("[,。;:!?]")
_ABOUT = re.compile("(?:关于|有关|就|对)$")
_SYMBOL = re.compile("第?[A-Z]")
_AND = re.compile(r"(?:以及|及其|和|与|及|或|、|并)$")
_PARTICLES = re.compile(r"(?:了|着|过|地|任何|关于|有关)$")
_BEHIND_ORGAN = re.compile(
    r"(?:安全理事会|安理会|大会|理事会|委员会|组织|其|一致|协商一致|未经表决|还|也|又)$"
)
_ORGAN = re.compile("安全理事会|安理会|大会|理事会|委员会")
_RELATED = re.compile(r"(?:的[^,。;]{1,8})?(?:相关|有关|有着|之间|挂钩)")


class _Sentence:
    """A group of mentions in its sentence. ``_verb_end`` is where a verb that governs it must end."""

    def __init__(self, folded: str, group: Group, kind: Kind, bodies: Sequence[tuple[int, int]]) -> None:
        self._text, self._group, self._kind, self._bodies = folded, group, kind, bodies
        self._first = sentence_start(folded, group.start)
        self._last = min(len(folded), group.after + RIGHT)
        self._verb_end, self._adopted = without_modifiers(folded, self._first, group.start)

    def read(self) -> Read | None:
        before = self._before()
        return (
            self._word(_FOUNDED, Relation.ESTABLISHES)
            or self._extends_or_amends()
            or self._word(_ADOPTED_BEHIND, Relation.ADOPTS)
            or self._instrument_or_adoption(before)
            or self._reviewed(before)
            or before
            or self._inside_brackets()
            or self._behind()
            or self._coordinated()
            or self._adopted_before()
            or self._leading_verb()
        )

    # Behind the mention

    def _match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        return pattern.match(self._text, self._group.after, self._last)

    def _word(self, pattern: re.Pattern[str], relation: Relation, group: str = "word") -> Read | None:
        match = self._match(pattern)
        return Read(relation, *match.span(group)) if match else None

    def _extends_or_amends(self) -> Read | None:
        """通过第1977号决议,将任期延长 · 经第2094号决议修改 · 将第1540号决议…延长."""
        if _BY.search(self._text, self._first, self._verb_end):
            return self._word(_EXTENDED_BY, Relation.EXTENDED_BY) or self._word(
                _AMENDED_BY, Relation.AMENDED_BY
            )
        if _INTO.search(self._text, self._first, self._verb_end):
            return self._word(_EXTENDED, Relation.EXTENDS) or self._word(_AMENDED, Relation.AMENDS)
        return None

    def _reviewed(self, before: Read | None) -> Read | None:
        """…执行情况的报告, 对…执行情况进行审查: what is done with the implementation says more than 执行."""
        if before is not None:
            return None
        if match := self._match(_STATUS_THEN):
            if match["reviewed"]:
                return Read(Relation.REVIEWS, *match.span("reviewed"))
            return Read(Relation.REPORTS_ON, *match.span("reported"))
        return None

    def _behind(self) -> Read | None:
        against = _AGAINST.search(self._text, self._first, self._verb_end)
        if against:
            return self._word(_CONFORMS, Relation.IMPLEMENTS)
        for pattern, relation, group in (
            (_STATUS_ALONE, Relation.IMPLEMENTS, "done"),
            (_DONE_TO_IT, Relation.IMPLEMENTS, "word"),
            (_REVIEWED_BEHIND, Relation.REVIEWS, "word"),
            (_SUPPORTED_BEHIND, Relation.SUPPORTS, "word"),
            (_ABOUT_BEHIND, Relation.ACTS_UNDER, "word"),
            (_AS_BASIS, Relation.ACTS_UNDER, "word"),
        ):
            if read := self._word(pattern, relation, group):
                return read
        return self._predicate()

    def _predicate(self, place: int | None = None) -> Read | None:
        """What the cited document is said to do: 第1540号决议决定, …中促请, …规定的义务."""
        match = _PREDICATE.match(self._text, self._group.after if place is None else place, self._last)
        if match is None or (
            match[0].startswith("的") and _ABOUT.search(self._text, self._first, self._verb_end)
        ):
            return None
        kinds = {
            "made": Relation.PROVIDES,
            "extends": Relation.EXTENDED_BY,
            "calls": Relation.CALLS,
            "provides": Relation.PROVIDES,
        }
        said = match.lastgroup or ""
        return Read(kinds[said], *match.span(said))

    # Before the mention

    def _before(self) -> Read | None:
        """The verb directly before the mention or what modifies it; 执行和实施 is one with 实施."""
        end = self._verb_end
        for _particle in range(3):
            if found := word_ending_at(self._text, end):
                outside = found[0] < self._first or self._to_an_organ(found[1], end)
                outside = outside or self._names_a_report(found[1], end) or not self._is_verb(found[0], end)
                return None if outside else Read(found[1], found[0], end)
            if end > self._first and self._text[end - 1] in ",:":
                return self._said(end - 1)
            particle = _PARTICLES.search(self._text, self._first, end)
            if particle is None:
                break
            end = particle.start()
        return self._first_of_two(end)

    def _said(self, end: int) -> Read | None:
        """承认,第1540号决议是…: what is said of the document stands behind the comma."""
        said = word_ending_at(self._text, end)
        return Read(said[1], said[0], end) if said and said[1] in SAYING and said[0] >= self._first else None

    def _to_an_organ(self, relation: Relation, end: int) -> bool:
        """提交安全理事会的…: the organ behind the verb is who receives."""
        receives = relation in (Relation.TRANSMITS, Relation.REPORTS_ON)
        return receives and _ORGAN.match(self._text, end) is not None

    def _is_verb(self, start: int, end: int) -> bool:
        """裁军审议委员会 is the name of a body that is known."""
        return is_verb(self._text, start, end) and not any(a <= start < b for a, b in self._bodies)

    def _names_a_report(self, relation: Relation, end: int) -> bool:
        """执行情况报告S/2010/52: the report itself."""
        at_symbol = end == self._group.start and _SYMBOL.match(self._text, end)
        return relation is Relation.REPORTS_ON and bool(at_symbol)

    def _first_of_two(self, end: int) -> Read | None:
        """更新和加强第1540号决议: the second verb is none of ours, the first is."""
        match = _PAIR.search(self._text, max(self._first, end - 12), end)
        if match and (found := word_ending_at(self._text, match.end("word"))):
            return Read(found[1], found[0], match.end("word"))
        return None

    def _instrument_or_adoption(self, before: Read | None) -> Read | None:
        """通过: the organ adopts, or somebody acts by means of what an organ adopted."""
        if before is None or before.relation is not Relation.ADOPTS:
            return None
        if self._text.startswith("了", before.end) or self._text[before.start : before.end] != "通过":
            return before
        begins = before.start == self._first or self._text[before.start - 1] in ",:、"
        organ_behind = _ORGAN.search(self._text, before.end, self._group.start)
        organ_before = _BEHIND_ORGAN.search(self._text, self._first, before.start)
        if begins or (organ_behind and not organ_before):
            return replace(before, relation=Relation.ACTS_UNDER)
        return before

    def _adopted_before(self) -> Read | None:
        """2004年4月28日一致通过的第1540号决议, where nothing else is said."""
        if not self._adopted:
            return None
        place = self._text.rfind("通过", self._verb_end, self._group.start)
        return Read(Relation.ADOPTS, place, place + 2) if place >= 0 else None

    def _inside_brackets(self) -> Read | None:
        """委员会的报告(S/2010/52): the verb that governs the noun before the bracket, else its predicate."""
        bracket = self._verb_end - 1
        closing = self._text.find(")", self._group.after, self._group.after + LONGEST_IN_BRACKET)
        if closing < 0 or bracket < self._first or self._text[bracket] != "(":
            return None
        if read := self._nearest_in_clause(bracket):
            return read
        return self._predicate(closing + 1) if self._text[closing + 1 : closing + 2] != "," else None

    def _coordinated(self) -> Read | None:
        """执行…条约和第1540号决议: the verb before the first of what is joined."""
        match = _AND.search(self._text, self._first, self._verb_end)
        if match is None or (_AGAINST.search(self._text, self._first, match.end()) and self._match(_RELATED)):
            return None
        return self._nearest_in_clause(match.start())

    def _nearest_in_clause(self, end: int) -> Read | None:
        first = max(self._first, end - 80)
        edges = [match.end() for match in _CLAUSE_END.finditer(self._text, first, end)]
        words = list(ANYWHERE.finditer(self._text, edges[-1] if edges else first, end))
        for match in reversed(words):
            if match.end() < end and self._is_verb(*match.span()):
                relation = next(r for r, forms in BEFORE.items() if match.group() in forms)
                return Read(relation, *match.span())
        return None

    def _leading_verb(self) -> Read | None:
        """The verb in italics that begins a paragraph of a resolution governs all that it names."""
        if self._kind not in FORMAL or not (match := PREAMBULAR.match(self._text)):
            return None
        found = word_ending_at(self._text, match.end())
        return Read(found[1], found[0], match.end()) if found else None
