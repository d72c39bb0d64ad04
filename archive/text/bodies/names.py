"""The names of the reference table, made ready for matching: every spelling of every body."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import compress
from operator import add
from typing import Any, Generic, TypeVar

from archive.text.aligned_folding import fold
from archive.text.reference import KnownBody, KnownState, Reference

DASHES = ("—", "——", "–")


@dataclass(frozen=True, slots=True)
class Name:
    """What a spelling stands for: a body by its full official name, and whether it is that name itself.

    ``also`` are bodies of the same spelling that came before or after: of 751委员会专家小组 there were two.
    """

    body: str
    form: str  # full or alias
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A body named at a place of one text. ``form`` as in ParsedBody."""

    start: int
    end: int
    body: str
    form: str


@dataclass(frozen=True, slots=True, eq=False)
class Names:
    """All spellings, folded. ``contextual`` maps a short form to the full names of those that may bear it."""

    spellings: Trie[Name]
    contextual: dict[str, tuple[str, ...]]
    parents: dict[str, str | None]
    known: dict[str, KnownBody] = field(default_factory=dict)
    states: tuple[str, ...] = ()  # names of States, folded
    longer_states: tuple[tuple[str, tuple[str, ...]], ...] = ()  # name of a State → those that end with it
    official: dict[str, str] = field(default_factory=dict)  # folded full name → full name as in the table

    def body_in(self, text: str | None) -> str | None:
        """The body that ``text`` begins with and, but for a bracket behind it, consists of."""
        folded = fold(text or "")
        match = self.spellings.longest_at(folded)
        if match and (match[0] == len(folded) or folded[match[0]] == "("):
            return match[1].body
        return None

    def at(self, name: Name, year: int | None) -> str:
        """The body that a spelling means in a document of ``year``."""
        return self.standing((name.body, *name.also), year)[0] if name.also and year else name.body

    def standing(self, bodies: Sequence[str], year: int | None) -> list[str]:
        """Those of ``bodies`` that were there in ``year``, or nearest to it.

        Without a year those that still are, or all of them where that leaves none.
        """
        rows = [self.known[name] for name in bodies if name in self.known]
        if year is None:
            return [row.name for row in rows if row.until is None] or list(bodies)
        nearest = min((row.years_from(year) for row in rows), default=0)
        return [row.name for row in rows if row.years_from(year) == nearest]

    def inside_state(self, text: str, start: int) -> bool:
        """Whether a name at ``start`` begins in the middle of a State's: the 马里 of 索马里."""
        return any(
            text.startswith(short, start) and text.endswith(longer, 0, start + len(short))
            for short, longer in self.longer_states
        )

    def lineage(self, body: str | None) -> Iterator[str]:
        """The body, its parent, the parent of that, and so on."""
        seen: set[str] = set()
        while body and body not in seen:
            seen.add(body)
            yield body
            body = self.parents.get(body)


@lru_cache(maxsize=8)
def names_of(reference: Reference) -> Names:
    """The names of ``reference``; made once for each."""
    known = {body.name: body for body in reference.bodies}
    spellings: dict[str, Name] = {}
    contextual: dict[str, list[str]] = {}
    for body in reference.bodies:
        for form in map(fold, body.contextual):
            contextual.setdefault(form, []).append(body.name)
        for spelling in _variants(_own_spellings(body)):
            spellings.setdefault(spelling, Name(body.name, "alias"))
    for body in reference.bodies:
        for spelling in _variants(_by_parent(body, known)):
            before = spellings.setdefault(spelling, Name(body.name, "alias"))
            if body.name not in (before.body, *before.also) and body.parent == known[before.body].parent:
                spellings[spelling] = replace(before, also=(*before.also, body.name))
    spellings |= {fold(name): Name(name, "full") for name in known}
    return Names(
        spellings=Trie(spellings),
        contextual={form: tuple(bodies) for form, bodies in contextual.items()},
        parents={body.name: body.parent for body in reference.bodies},
        known=known,
        longer_states=_longer_states(reference),
        states=tuple(sorted({fold(name) for state in reference.states for name in _state_names(state)})),
        official={fold(name): name for name in known},
    )


def _longer_states(reference: Reference) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """For each name of a State with which the name of a body begins, the longer ones that end with it."""
    states = {fold(name) for state in reference.states for name in _state_names(state)}
    longer = {
        short: tuple(name for name in states if name != short and name.endswith(short)) for short in states
    }
    bodies = [fold(form) for body in reference.bodies for form in (body.name, *body.aliases)]
    return tuple(
        (short, names)
        for short, names in longer.items()
        if names and any(body.startswith(short) for body in bodies)
    )


def _state_names(state: KnownState) -> Iterator[str]:
    return (name for name in (state.name, state.official_name, *state.aliases) if len(name) > 1)


def _variants(spellings: Iterable[str]) -> Iterator[str]:
    """The folded ``spellings`` of a body, each with each dash."""
    for spelling in dict.fromkeys(spellings):
        yield spelling
        if "-" in spelling:
            yield from (spelling.replace("-", dash) for dash in DASHES)


def _own_spellings(body: KnownBody) -> list[str]:
    contextual = set(map(fold, body.contextual))
    own = [fold(form) for form in (body.name, *body.aliases, *body.traditional)]
    if body.acronym and len(body.acronym) > 3 and body.acronym.isupper() and body.acronym.isascii():
        own.append(body.acronym)  # shorter ones are too often something else: AU, PSI, (EU)2018/1542
    return [form for form in own if form not in contextual]  # 大會 folds to 大会


def _by_parent(body: KnownBody, known: dict[str, KnownBody]) -> Iterable[str]:
    """独联体反恐中心 beside 独立国家联合体反恐中心: any name of the parent before the rest of the name."""
    parent = known.get(body.parent or "")
    prefixes = _own_spellings(parent) if parent else []
    for spelling in _own_spellings(body):
        used = max((prefix for prefix in prefixes if spelling.startswith(prefix)), key=len, default=None)
        if used and used != spelling:
            yield from (prefix + spelling[len(used) :] for prefix in prefixes if prefix != used)


# Many strings sought in one pass: a plain trie, walked from every place where one of them can begin.

Value = TypeVar("Value")
END = ""  # no character is the empty string, so this key is free for the value


class Trie(Generic[Value]):
    """Finds the longest of its strings at a place; what a place costs is bounded by the longest string."""

    def __init__(self, entries: Mapping[str, Value]) -> None:
        self._root: dict[str, Any] = {}
        for string, value in entries.items():
            node = self._root
            for character in string:
                node = node.setdefault(character, {})
            if node is not self._root:
                node[END] = value
        single = {string for string in entries if len(string) == 1}
        self._pairs = frozenset(string[:2] for string in entries if len(string) > 1)
        self._single = frozenset(single)

    def longest_at(self, text: str, start: int = 0) -> tuple[int, Value] | None:
        """End and value of the longest string that stands in ``text`` at ``start``, or None."""
        found = self.all_at(text, start)
        return found[-1] if found else None

    def all_at(self, text: str, start: int = 0) -> list[tuple[int, Value]]:
        """End and value of each string that stands in ``text`` at ``start``, the shortest first."""
        node, found = self._root, []
        for position in range(start, len(text)):
            if text[position] not in node:
                break
            node = node[text[position]]
            if END in node:
                found.append((position + 1, node[END]))
        return found

    def everywhere(self, text: str) -> Iterator[tuple[int, int, Value]]:
        """The longest match at each place where there is one, as (start, end, value); they may overlap."""
        for position in self._candidates(text):
            if best := self.longest_at(text, position):
                yield position, *best

    def all_everywhere(self, text: str) -> Iterator[tuple[int, list[tuple[int, Value]]]]:
        """Each place where strings stand, with what ``all_at`` gives there; they may overlap."""
        for position in self._candidates(text):
            if found := self.all_at(text, position):
                yield position, found

    def _candidates(self, text: str) -> Iterable[int]:
        """The places where the first two characters of a string stand, or a string of one character."""
        if self._single:
            return (
                place
                for place in range(len(text))
                if text[place] in self._single or text[place : place + 2] in self._pairs
            )
        pairs = map(add, text, text[1:])
        return compress(range(len(text)), map(self._pairs.__contains__, pairs))

    def matches(self, text: str) -> Iterator[tuple[int, int, Value]]:
        """Leftmost longest matches as (start, end, value), none overlapping another."""
        free = 0
        for start, end, value in self.everywhere(text):
            if start >= free:
                yield start, end, value
                free = end
