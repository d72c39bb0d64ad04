"""Finds the places that name a body: by name, by number of a resolution, by definition, by context."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from archive.text.aligned_folding import fold
from archive.text.dates import year_of
from archive.text.language import WITHOUT_BLANKS
from archive.text.parsed import Facts, ParsedBody, ParsedMention, ParsedParagraph
from archive.text.reference import Reference

from .boundaries import Titles, at_seam, continues_as_other_name, part_of_wider_name, within_latin
from .committees import Committees, Owners
from .context import Context
from .definitions import GENERIC, Defined, Definition, definitions_in, is_shortened
from .names import Found, Names, Trie, names_of
from .worded import find_worded

UN = "联合国"
_COUNCIL_RESOLUTION = re.compile(r"S/RES/([0-9]+)\(([0-9]{4})\)")
_DEFINITION_WITHIN = re.compile(r"\(([^()]{2,20})\)")
_SESSION = re.compile(r"第[一二三四五六七八九十百0-9]{1,6}届(?=大会)")


def find_bodies(
    paragraphs: Sequence[ParsedParagraph],
    facts: Facts,
    reference: Reference,
    mentions: Sequence[ParsedMention] = (),
) -> tuple[ParsedBody, ...]:
    """The places in ``paragraphs`` that name a body, in order; none overlaps another.

    The longest name counts and nothing inside it. States, persons and their offices, events, treaties
    and whatever stands inside a 《title》 are no bodies. A body that is not in ``reference`` is reported
    where the document defines it, or a Council resolution made it. ``mentions`` tell the years of
    resolutions that are named by number only.
    """
    if facts.language not in WITHOUT_BLANKS:
        return find_worded(paragraphs, facts, reference)
    names = names_of(reference)
    year = year_of(facts)
    committees = Committees.of(reference, _years(reference, mentions), year)
    texts = [fold(paragraph.text) for paragraph in paragraphs]
    known = [_known(text, names, committees, year) for text in texts]
    definitions = [
        definition
        for index, paragraph in enumerate(paragraphs)
        for definition in definitions_in(index, paragraph.text, texts[index], known[index])
    ]
    defined = _Defined(definitions)
    named = [_longest([*known[index], *defined.matches(index, text)]) for index, text in enumerate(texts)]
    owners = Owners(paragraphs, facts, names, committees)
    context = Context(paragraphs, names, owners, definitions, texts, named, year)
    bodies: list[ParsedBody] = []
    for index, paragraph in enumerate(paragraphs):
        found = _joined_to_parents(_longest([*named[index], *context.find(index)]), names)
        bodies += (_parsed(paragraph, body, names) for body in found)
    return tuple(bodies)


def _years(reference: Reference, mentions: Iterable[ParsedMention]) -> dict[int, int]:
    symbols = [*reference.resolutions.values(), *(mention.symbol for mention in mentions)]
    matches = map(_COUNCIL_RESOLUTION.fullmatch, symbols)
    return {int(match[1]): int(match[2]) for match in matches if match}


def _known(text: str, names: Names, committees: Committees, year: int | None) -> list[Found]:
    """Bodies of the table and committees by number, in order."""
    titles = Titles(text)
    named = (
        Found(start, end, names.at(name, year), name.form)
        for start, end, name in names.spellings.matches(text)
        if not part_of_wider_name(text, start, end, names.states)
        and not names.inside_state(text, start)
        and not (name.form == "alias" and at_seam(text, start, end))
        and not within_latin(text, start, end)
        and not (name.body == UN and continues_as_other_name(text, end))
    )
    extended = (_extended(text, found, names) for found in named)
    longest = _longest([*extended, *committees.matches(text)])
    return _joined_to_parents((found for found in longest if not titles.cover(found.start)), names)


def _joined_to_parents(found: Iterable[Found], names: Names) -> list[Found]:
    """安理会1540委员会 and 安理会反恐怖主义委员会 are one body each: the parent only says whose it is."""
    joined: list[Found] = []
    for body in found:
        whose = joined[-1] if joined and joined[-1].end == body.start else None
        if whose and whose.body != body.body and whose.body in names.lineage(body.body):
            form = "contextual" if "contextual" in (whose.form, body.form) else "alias"
            joined[-1] = Found(whose.start, body.end, body.body, form)
        else:
            joined.append(body)
    return joined


def _extended(text: str, found: Found, names: Names) -> Found:
    """The longer name that goes on behind a bracket with the short form, or behind the number of a session.

    禁止化学武器组织(禁化武组织)——联合国联合调查机制 is one body, and so is 国际民航组织第三十九届大会.
    """
    between = _DEFINITION_WITHIN.match(text, found.end) or _SESSION.match(text, found.end)
    if not between or (between.lastindex and not is_shortened(between[1], found.body)):
        return found
    whole = fold(found.body) + text[between.end() : between.end() + 40]
    longer = names.spellings.longest_at(whole)
    if not longer or longer[0] <= len(found.body):
        return found
    return Found(found.start, between.end() + longer[0] - len(found.body), longer[1].body, "alias")


def _longest(found: Iterable[Found]) -> list[Found]:
    """Of overlapping places the one that begins first, and of these the longest."""
    chosen: list[Found] = []
    for candidate in sorted(found, key=lambda body: (body.start, -body.end)):
        if not chosen or candidate.start >= chosen[-1].end:
            chosen.append(candidate)
    return chosen


class _Defined:
    """The names that the document itself brings: short forms, and full names that the table does not know."""

    def __init__(self, definitions: Iterable[Definition]) -> None:
        self._shorts: dict[str, Defined] = {}
        self._full: dict[str, str] = {}
        for definition in definitions:
            if definition.body is None:
                continue
            if definition.short not in GENERIC:
                self._shorts.setdefault(definition.short, Defined()).add(definition)
            if not definition.known:
                self._full[fold(definition.body)] = definition.body
        self._trie: Trie[str] = Trie({name: name for name in (*self._shorts, *self._full)})

    def matches(self, index: int, text: str) -> Iterator[Found]:
        """Places in paragraph ``index`` where a defined name stands and is in force."""
        titles = Titles(text)
        for start, end, name in self._trie.matches(text):
            if titles.cover(start) or within_latin(text, start, end) or part_of_wider_name(text, start, end):
                continue
            if name in self._full:
                yield Found(start, end, self._full[name], "full")
            elif body := self._in_force(self._shorts[name], index, start):
                yield Found(start, end, body, "defined")

    def _in_force(self, defined: Defined, index: int, start: int) -> str | None:
        """What the last definition before the place says; before the first, what all of them say alike."""
        known, body = defined.before(index, start)
        return body if known else defined.everywhere


def _parsed(paragraph: ParsedParagraph, found: Found, names: Names) -> ParsedBody:
    known = names.known.get(found.body)
    waits = known is not None and known.unconfirmed
    surface = paragraph.text[found.start : found.end]
    return ParsedBody(paragraph.anchor, found.start, found.end, surface, found.body, found.form, waits)
