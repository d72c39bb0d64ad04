"""The check of a draft: what it cites and quotes, compared with what the archive holds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from msgspec import structs

from archive.text.aligned_folding import fold
from archive.text.pinpoints import paragraphs_after
from archive.text.typography import INVISIBLE, without_invisible
from search.entities.names import name_table
from search.live.index import live_index

from .citation_status import judged
from .citing import Cited, Pointing, citations, in_draft, overlaps
from .lines import paragraphs
from .origins import Origins, origins
from .places import Places
from .quotations import quotations, settled
from .quoting import quoted
from .report import CheckedCitation, CheckedCorpus, CheckedQuotation, Report
from .uncovered import doubted, joined, uncovered_of

MOST_FINDINGS = 2000  # citations and quotations that are judged; what comes behind them is not looked at


def check(text: str, likeness: bool = False) -> Report:
    """Returns the report on ``text``, by a fixed number of queries to database and index.

    Of a draft with more than ``MOST_FINDINGS`` only the part before the next one is checked, all of it, and
    the report says where it ends. ``likeness``: what is like the words is told of quotations, too, that
    cannot be checked. Writes nothing. Raises IndexUnavailableError where there is no index.
    """
    seen = visible(text)
    return seen.report(_checked(seen.text, likeness))


def _checked(text: str, likeness: bool) -> Report:
    index = live_index()
    marked = quoted(text)
    table = name_table(index.coverage.names or index.manifest.names)
    named = citations(text, table)
    named = sorted([*named, *lone_pinpoints(text, named, marked.passages)], key=in_draft)
    end = _ends([*(one.start for one in named), *(start for start, _end in marked.passages)], len(text))
    # No quotation is cut in two, but for one that is the whole draft so far.
    end = next((start for start, stop in marked.passages if 1 < start < end < stop), end)
    part, marked = text[:end], marked.until(end)
    cited = judged([one for one in named if one.start < end], table)
    found = quotations(part, marked, cited, Places(index), MOST_FINDINGS + 1)
    paragraphs, coverage = len(index.literal), index.coverage
    if not coverage.certified:
        if further := uncovered_of(index):
            found = joined(found, quotations(part, marked, cited, Places(further), MOST_FINDINGS + 1))
            paragraphs, coverage = (
                paragraphs + len(further.literal),
                replace(coverage, uncovered={}, paragraphs=0),
            )
        else:
            found = doubted(found, cited, index)
    end = _ends([*(one.start for one in cited), *(one.start for one in found)], end)
    found = settled([one for one in found if one.start < end], cited, likeness)
    beside = max((one.citation + 1 for one in found if one.citation is not None), default=0)
    cited = cited[: max(beside, sum(one.start < end for one in cited))]
    corpus = CheckedCorpus(
        paragraphs=paragraphs, indexed_at=index.manifest.indexed_at, **coverage.facts()
    ).carrying(coverage=coverage)
    return Report(text, corpus, end, tuple(cited), tuple(found), marked.until(end).unpaired)


def first_stood(text: str) -> Origins:
    """Finds the first occurrence in the live index of the words of a draft. Raises IndexUnavailableError."""
    seen = visible(text)
    return seen.origins(origins(seen.text, Places(live_index())))


def _ends(starts: list[int], end: int) -> int:
    """Returns the end of the part of a draft with ``MOST_FINDINGS``: before the next one, or ``end``."""
    return end if len(starts) <= MOST_FINDINGS else sorted(starts)[MOST_FINDINGS]


# A draft without the characters that nobody sees, which copies from web pages and PDF carry, and the way
# back: what is found in it is told by its places in the draft as given.

Finding = TypeVar("Finding", CheckedCitation, CheckedQuotation)


@dataclass(frozen=True, slots=True)
class Visible:
    """The visible ``text`` of ``given``; ``places`` are the positions of its characters there."""

    given: str
    text: str
    places: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Returns the place in ``given`` of ``text[start:end]``; an empty one stays empty."""
        first = self.point(start)
        return first, self.places[end - 1] + 1 if start < end else first

    def point(self, place: int) -> int:
        """Returns the place in ``given`` of the character at ``place``; its end for the end."""
        return self.places[place] if place < len(self.places) else len(self.given)

    def report(self, found: Report) -> Report:
        """Translates a report on ``text`` to offsets of ``given``."""
        return replace(
            found,
            text=self.given,
            checked_to=self.point(found.checked_to),
            citations=tuple(self._told(one) for one in found.citations),
            quotations=tuple(self._told(one) for one in found.quotations),
            unpaired=tuple(map(self.point, found.unpaired)),
        )

    def _told(self, one: Finding) -> Finding:
        start, end = self.span(one.start, one.end)
        return structs.replace(one, start=start, end=end, surface=self.given[start:end])

    def origins(self, found: Origins) -> Origins:
        """Translates first occurrences to offsets of ``given``."""
        spans = [(one, *self.span(one.start, one.end)) for one in found.found]
        told = tuple(replace(one, start=start, end=end) for one, start, end in spans)
        return replace(found, found=told, until=self.point(found.until))


def visible(given: str) -> Visible:
    """Strips the invisible characters of ``given``."""
    text = without_invisible(given)
    places = (
        range(len(given)) if text == given else (at for at, one in enumerate(given) if one not in INVISIBLE)
    )
    return Visible(given, text, tuple(places))


# Pinpoints that belong to no citation: 同上，第7段; 该文件附件第11段; 参见附件第12至14段和第5段.

_NOUN = r"(?:文件|决议|决定|报告|普通照会|照会|信函|信|函|说明|声明|备忘录|简报)"
_IBID = r"(?:(?<![一-鿿])|(?<=[见自据]))(?:出处)?同[上前](?=[\s,.。;:、()\]”’」]|第|附|序言|$)"
# 该文件附件第11段, 上述报告第3段, 同一文件第4段
_THAT = rf"(?:该|此|上述|前述|上引|前引|同一(?:[份项])?|这[份项一]?|上一?[份项]){_NOUN}"
_PLACE = r"(?:附件|附文|附录|序言|执行部分|正文部分|第 ?[0-9一二三四五六七八九十百])"
_BEGINS = re.compile(rf"(?P<ibid>{_IBID})|(?P<that>{_THAT})|(?P<place>{_PLACE})")
# 上文第3段, 本报告附件第2段: the draft's own; 第三条第2段: of a treaty
_OTHERS = re.compile(
    rf"(?:[上下前后]文|以[上下]|[上下]面|本{_NOUN}|本[文稿章节件]|[0-9一二三四五六七八九十][条款]|公约|条约|议定书|宪章|规约)"
    r"(?:的|中)?,? ?$"
)
_TITLE = re.compile(r"[》〉](?:的|中)?,? ?$")
_EACH = re.compile(r" ?,?分别(?:在|于|的|见)?其?")
_LOOK_BACK = 12


def lone_pinpoints(text: str, cited: Sequence[Cited], passages: Sequence[tuple[int, int]]) -> list[Cited]:
    """Returns the places of ``text`` that name paragraphs and no document, in order.

    ``cited`` are its citations in order. What is inside ``passages`` is quoted and speaks of another text.
    """
    folded = fold(text)
    taken = sorted(_with_pinpoint(folded, one) for one in cited)
    found = []
    for offset, paragraph in paragraphs(text):
        for start, end, pinpoint, pointing in _in_paragraph(fold(paragraph)):
            place = offset + start, offset + end
            if not overlaps(taken, *place) and not overlaps(passages, *place):
                surface = text[slice(*place)]
                found.append(Cited(*place, surface, pinpoint=pinpoint, certain=False, pointing=pointing))
    return found


def _with_pinpoint(folded: str, one: Cited) -> tuple[int, int]:
    """Returns a citation, and the paragraphs named right behind it."""
    window = folded[one.end : one.end + 400].replace("\n", " ")
    each = _EACH.match(window)
    return one.start, one.end + paragraphs_after(window, each.end() if each else 0)[1]


def _in_paragraph(folded: str) -> Iterator[tuple[int, int, str, Pointing]]:
    """Generates ``(start, end, pinpoint, how it points)``."""
    at = 0
    while begins := _BEGINS.search(folded, at):
        at = begins.end()
        before = folded[max(0, begins.start() - _LOOK_BACK) : begins.start()]
        if begins["place"]:
            places, end = paragraphs_after(folded, begins.start())
            kind = Pointing.TITLE if _TITLE.search(before) else Pointing.NOTHING
        else:
            places, end = paragraphs_after(folded, begins.end())
            kind = Pointing.WORD
        if places:
            at = max(at, end)
        if (places and not _OTHERS.search(before)) or begins["ibid"]:
            yield begins.start(), at, ",".join(places), kind
