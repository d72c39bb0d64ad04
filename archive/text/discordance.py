"""Discordance: where the Chinese and the English text of one paragraph say different things.

Compared are symbols with their pinpoints, dates, letters of lists, numbers, the force of words (敦促 ~ urges)
and negation, however written: 三十天 is 30 days. What differs is told with both words, never judged. Words of
force, which translators add and leave out freely, differ only from one another, as 应 and *may* do. Words are
in ``discordance.json``, by what they say; one marked ``~`` is never missed.
"""

from __future__ import annotations

import json
import re
from bisect import bisect
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain
from operator import attrgetter, itemgetter
from pathlib import Path

from .aligned_folding import fold
from .dates import find_dates
from .mentions import find_mentions
from .numerals import find_numbers, number_of_label
from .parsed import Facts, ParsedMention, ParsedParagraph, Span
from .pinpoints.english import find_english
from .pinpoints.grammar import paragraphs_after, sub_levels
from .pinpoints.value import pinpoint_anchors
from .reference import Reference

_WORDS = json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))
_FORCE = ("modal", "verb")
_APART = {kind: kind for kind in (*_FORCE, "not", "list")}  # which differ only from their like
_KINDS = {"modal": "force", "verb": "force", "not": "negation"}
_AT = attrgetter("at")
NEAR = 12  # of those that may answer one, on either side, which bounds what a long text costs
_SHAPES = {name: re.compile(shape) for name, shape in _WORDS.pop("shapes").items()}
_Parts = frozenset[tuple[str, Hashable]]


@dataclass(frozen=True, slots=True)
class Discordance:
    """What differs: a symbol, date, list, number, force or negation; None is the side that lacks it."""

    kind: str
    zh: Span | None
    en: Span | None


@dataclass(frozen=True, slots=True)
class _Said:
    """What is said, by its named parts, ``at`` a share of the text; it is missed only if it is ``sure``."""

    kind: str
    start: int
    end: int
    parts: _Parts
    sure: bool = True
    at: float = 0
    sentence: int = 0


_MUST_NOT: _Parts = frozenset({("sense", "mustnot")})
_Both = tuple[_Said, _Said]


def find_discordances(
    zh: ParsedParagraph, en: ParsedParagraph, facts: Facts, reference: Reference
) -> tuple[Discordance, ...]:
    """Returns what differs between the Chinese and the English text of a paragraph, in the order of the text;
    empty where nothing does. ``facts`` are those of the document, which tell whose numbers need no organ.
    """
    sides = [_read(one, replace(facts, language=code), reference) for code, one in (("zh", zh), ("en", en))]
    if len({len(_SHAPES["sentence"].findall(fold(one.text))) for one in (zh, en)}) == 2:
        sides = [[replace(said, sentence=0) for said in side] for side in sides]
    near = [*_near(sides, lambda said: said.parts)]
    equal = {*chain.from_iterable(_best(near, _likeness))}
    again = {one for pair in near for one, other in (pair, pair[::-1]) if _answers(other, one)}
    left = [[one for one in side if one not in equal] for side in sides]
    left = [[replace(one, sure=one.sure and one not in again) for one in side] for side in left]
    differing = _best(_near(left, lambda said: [_APART.get(said.kind)]), _nearness)
    pairs: list[tuple[_Said | None, _Said | None]] = [*differing]
    told = {(place, said.kind, said.start) for pair in pairs for place, said in enumerate(pair) if said}
    negated = any(_kind_of(pair) == "negation" for pair in pairs)
    gone = {*_FORCE, "not" if negated else ""}
    for place, side in enumerate(left):
        for said in side:
            if said.sure and said.kind not in gone and (place, said.kind, said.start) not in told:
                pairs.append((None, said) if place else (said, None))
    pairs.sort(key=lambda pair: min(said.at for said in pair if said))
    return tuple(dict.fromkeys(Discordance(_kind_of(pair), *map(_span, (zh, en), pair)) for pair in pairs))


def _span(text: ParsedParagraph, one: _Said | None) -> Span | None:
    return Span(text.anchor, one.start, one.end, text.text[one.start : one.end]) if one else None


def _kind_of(pair: Iterable[_Said | None]) -> str:
    kind = max(one.kind for one in pair if one)  # a symbol before a number before a date
    return "negation" if len({one.parts == _MUST_NOT for one in pair if one}) == 2 else _KINDS.get(kind, kind)


def _near(sides: list[list[_Said]], keys: Callable[[_Said], Iterable[Hashable]]) -> Iterator[_Both]:
    """Generates the pairs that have a key in common and stand near each other."""
    places: dict[Hashable, list[_Said]] = defaultdict(list)
    for other in sorted(sides[1], key=_AT):
        for key in keys(other):
            places[key].append(other)
    for one in sides[0]:
        for key in keys(one):
            beside = bisect(places[key], one.at, key=_AT)
            for other in places[key][max(0, beside - NEAR) : beside + NEAR]:
                yield one, other


def _best(
    pairs: Iterable[_Both], rank: Callable[[_Said, _Said], tuple[float, ...] | None]
) -> Iterator[_Both]:
    """Generates the pairs that have a ``rank``, the first first; nothing is in two of them."""
    ranked = ((rank(*pair), pair[0].start, pair[1].start, pair) for pair in pairs)
    taken: set[tuple[int, _Said]] = set()
    for *_order, pair in sorted((row for row in ranked if row[0]), key=itemgetter(0, 1, 2)):
        if taken.isdisjoint(places := {*enumerate(pair)}):
            taken |= places
            yield pair


def _shared(one: _Said, other: _Said) -> _Parts:
    """What two say alike; nothing where they differ in what both tell, or have but the year in common."""
    common = one.parts & other.parts
    names = {name for name, _ in common}
    both = {name for name, _ in one.parts} & {name for name, _ in other.parts}
    only_year = names == {"year"} and len(one.parts) > 1 and len(other.parts) > 1
    return common if names == both and not only_year else frozenset()


def _likeness(one: _Said, other: _Said) -> tuple[float, ...] | None:
    shared, apart = _shared(one, other), one.sentence != other.sentence
    if not shared or (apart and one.kind in _FORCE):
        return None
    sure = one.sure + other.sure if one.kind == "not" else 0
    union = len(one.parts | other.parts)
    return (one.kind != other.kind, -len(shared), apart, -sure, union, abs(one.at - other.at))


def _nearness(one: _Said, other: _Said) -> tuple[float, ...] | None:
    """Of two that differ: both missed first."""
    same, both = one.kind == other.kind, one.sure and other.sure
    apart, either = one.sentence != other.sentence, same and (one.sure or other.sure)
    differ = both and not apart if one.kind in _FORCE else both or either
    return (not both, not same, abs(one.at - other.at)) if differ and one.kind != "not" else None


def _answers(other: _Said, one: _Said) -> bool:
    """Whether ``other`` says what ``one`` does, though it stands there for something else."""
    if one.kind in (*_FORCE, "not") or ("list" in (one.kind, other.kind) and one.kind != other.kind):
        return False
    shared = _shared(one, other)
    return len(shared) > 1 or shared == one.parts or any(name in ("number", "value") for name, _ in shared)


def _read(paragraph: ParsedParagraph, facts: Facts, reference: Reference) -> list[_Said]:
    """What a paragraph says; of symbols, dates, labels and numbers the first one at a place."""
    folded = fold(paragraph.text)
    begun = (
        (at.start(), *paragraphs_after(folded, at.start())) for at in _SHAPES["pinpoint"].finditer(folded)
    )
    pinpoints = [(start, end, ",".join(named)) for start, named, end in begun] + [
        *find_english(folded.lower())
    ]
    labels = ((start, end, label) for start, end, named in pinpoints for label in pinpoint_anchors(named))
    shown = ((start, end, _SHAPES["around"].sub("", label)) for start, end, label in labels)
    found = [_Said("symbol", start, end, _parts(paragraph=label)) for start, end, label in shown if label]
    for family in _WORDS[facts.language]:
        found += _worded(folded, facts.language, family)
    taken: set[int] = set()
    for said in _figures(folded, find_mentions([paragraph], facts, reference)):
        if taken.isdisjoint(place := range(said.start, said.end)):
            taken.update(place)
            pinned = any(start <= said.start < end for start, end, _ in pinpoints)
            part = _SHAPES["part"].search(folded, max(0, said.start - 12), said.start)
            found.append(replace(said, sure=said.sure and not (pinned and not part)))
    ends = [end.start() for end in _SHAPES["sentence"].finditer(folded)]
    return [replace(one, at=one.start / len(folded), sentence=bisect(ends, one.start)) for one in found]


def _parts(**parts: Hashable) -> _Parts:
    return frozenset((name, value) for name, value in parts.items() if value)


def _figures(folded: str, mentions: Iterable[ParsedMention]) -> Iterator[_Said]:
    """Symbols, dates, labels, numbers. A Chinese label may stand for a letter or a numeral of any kind."""
    for mention in mentions:
        named = re.fullmatch(r"(\D*)(.*?)(?:\((\d{4})\))?", mention.symbol)
        if named and sum(map(str.isnumeric, mention.surface)) > 1:  # 同一决议 has no number
            parts = _parts(organ=named[1], number=named[2], year=int(named[3] or 0))
            yield _Said("symbol", mention.start, mention.end, parts)
    for spelt in _SHAPES["spelt"].finditer(folded):
        parts = _parts(number=(spelt[1] or spelt[0]).replace("·", "/"), year=int(spelt[2] or 0))
        yield _Said("symbol", *spelt.span(), parts)
    for start, end, (year, month, day), whole in find_dates(folded):
        if (month or 1) <= 12 and (day or 1) <= 31:
            sure = whole and bool(year or day)  # May and March are words, too
            yield _Said("date", start, end, _parts(year=year, month=month, day=day), sure)
    for at in _SHAPES["time"].finditer(folded):
        yield _Said("date", *at.span(), _parts(time=(int(at[1] or at[3]) % 12, int(at[2] or at[4] or 0))))
    for label in _SHAPES["label"].finditer(folded):
        name = sub_levels(label[0]).strip("()")
        nth = None if label[0].isascii() else number_of_label(name)
        yield _Said(
            "list", *label.span(), _parts(label=name, value=nth) | _parts(label=nth and chr(96 + nth))
        )
    for start, end, value, sure in find_numbers(folded):
        is_year = 1900 <= value < 2100
        kind = "date" if is_year and folded[start:end].isdecimal() else "number"
        item = str(value) if _SHAPES["item"].match(folded, end) else None
        parts = _parts(year=int(value), paragraph=item) if is_year else _parts(value=value, paragraph=item)
        yield _Said(kind, start, end, parts, sure and value > 1)


def _worded(folded: str, language: str, family: str) -> Iterator[_Said]:
    """The words of a family: each place by the first pattern that names it."""
    taken: set[int] = set()
    for pattern, parts, sure in _patterns(language, family):
        for word in pattern.finditer(folded):
            if taken.isdisjoint(place := range(*word.span())):
                taken.update(place)
                before = folded[max(0, word.start() - 120) : word.start()]
                negative = _SHAPES["negated"].search(before) or _SHAPES["negating"].match(folded, word.end())
                also = _MUST_NOT if negative and family == "modal" else frozenset()
                yield _Said(family, *word.span(), parts | also, sure)


@cache
def _patterns(language: str, family: str) -> list[tuple[re.Pattern[str], _Parts, bool]]:
    edge, rows = "" if language == "zh" else r"\b", _WORDS[language][family].items()
    name, read = ("value", int) if family == "number" else ("sense", str)
    parts = {said: frozenset((name, read(one)) for one in said.strip("~").split()) for _, said in rows}
    return [
        (re.compile(f"{edge}(?:{words}){edge}", re.I), parts[said], said[0] != "~") for words, said in rows
    ]
