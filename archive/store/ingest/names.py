"""From names as printed to the rows of States and bodies."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, wraps
from pathlib import Path
from typing import TypeVar

from django.utils.text import slugify

from archive.models import Body, State
from archive.store.revision import RevisionMark, reference_revision
from archive.text.aligned_folding import fold
from archive.text.fingerprint import normal_form
from archive.text.reference import load_reference

# Rows of the reference data, read once while they stay what they are.

T = TypeVar("T")


def cached_by_revision(read: Callable[[], tuple[T, bool]]) -> Callable[[RevisionMark], T]:
    """Decorates a reader of reference data: what it gave at a revision of them is given again.

    ``read`` returns the rows and whether they may be kept: rows that it enters itself may be rolled back, to
    the revision before them. The result is shared: whoever changes it takes a copy.
    """
    kept: dict[RevisionMark, T] = {}

    @wraps(read)
    def at(revision: RevisionMark) -> T:
        if revision in kept and revision.token:
            return kept[revision]
        found, may_be_kept = read()
        kept.clear()
        if may_be_kept:
            kept[revision] = found
        return found

    return at


# A sender is written as the State or body with an office: 西班牙常驻联合国代表, 裁军谈判会议主席.
_OFFICE = re.compile("|".join([*Path(__file__).with_name("offices.txt").read_text("utf-8").split(), r"\(|$"]))
_DEFINITION = re.compile(r"^(?P<full>.+?)\((?P<short>[^()]*[^()\d][^()]*)\)(?:的?(?:观察员|代表))?$")


@lru_cache(maxsize=1 << 14)
def folded(name: str) -> str:
    """A name for comparison: simplified characters, NFKC, no white space, lower case."""
    return normal_form(fold(name)).lower()


class Names:
    """All names of all States and bodies; made once for a document.

    One query while the reference data stay what they are, three after a change of them; ``revision`` is
    theirs.
    """

    def __init__(self) -> None:
        self.revision = reference_revision()
        states, bodies, slugs = _tables(self.revision)
        self._states, self._bodies, self._slugs = dict(states), dict(bodies), set(slugs)

    def state(self, name: str | None) -> State | None:
        """The State of a delegation or of a reply, named in any of its forms: 大韩民国, 韩国."""
        return next((self._states[form] for form in _forms(name) if form in self._states), None)

    def body(self, name: str | None) -> Body | None:
        """The body of this name; 北大西洋公约组织(北约) is found by either part."""
        return next((self._bodies[form] for form in _forms(name) if form in self._bodies), None)

    def sender(self, name: str | None) -> tuple[State | None, Body | None]:
        """Who sends a letter: the longest name of a State or body that begins ``name`` before an office."""
        state, body = self.state(name), self.body(name)
        if state or body:
            return (state, None) if state else (None, body)
        text = folded(name or "")
        for end in range(len(text) - 1, 0, -1):
            if not _OFFICE.match(text, end):
                continue
            if text[:end] in self._states:
                return self._states[text[:end]], None
            if text[:end] in self._bodies:
                return None, self._bodies[text[:end]]
        return None, None

    def body_or_new(self, name: str) -> Body:
        """The body of this full name; one that only a document defines is entered as provisional.

        One of the reference data gets the slug it has there, even where that is not loaded yet.
        """
        key = folded(name)
        if key not in self._bodies:
            known = load_reference().body_named(name)
            slug = known.slug if known else self._new_slug(name)
            self._bodies[key] = Body.objects.create(
                name=name,
                slug=slug,
                provisional=known is None,
                unconfirmed=known is not None and known.unconfirmed,
            )
        return self._bodies[key]

    def _new_slug(self, name: str) -> str:
        stem = slugify(unicodedata.normalize("NFKC", name), allow_unicode=True)[:150] or "body"
        slug, ordinal = stem, 1
        while slug in self._slugs:
            ordinal += 1
            slug = f"{stem}-{ordinal}"
        self._slugs.add(slug)
        return slug


Tables = tuple[dict[str, State], dict[str, Body], set[str]]


@cached_by_revision
def _tables() -> tuple[Tables, bool]:
    """States and bodies by every folded name, and the slugs of bodies."""
    states: dict[str, State] = {}
    bodies: dict[str, Body] = {}
    slugs: set[str] = set()
    for state in State.objects.all():
        _enter(states, state, [state.official_name, state.english, *state.aliases])
    for body in Body.objects.all():
        _enter(bodies, body, [body.english, body.acronym, *body.aliases, *body.traditional])
        slugs.add(body.slug)
    # A full name wins over an alias of another row.
    states |= {folded(state.name): state for state in states.values()}
    bodies |= {folded(body.name): body for body in bodies.values()}
    # The name that documents print goes on meaning a row that an editor calls otherwise.
    shipped = load_reference()
    by_code = {state.alpha3: state for state in states.values()}
    for known in shipped.states:
        if known.alpha3 in by_code:
            states.setdefault(folded(known.name), by_code[known.alpha3])
    by_slug = {body.slug: body for body in bodies.values()}
    for one in shipped.bodies:
        if one.slug in by_slug:
            bodies.setdefault(folded(one.name), by_slug[one.slug])
    return (states, bodies, slugs), True


def _enter(table: dict, row: State | Body, names: Iterable[str]) -> None:
    for name in (row.name, *names):
        if name:
            table.setdefault(folded(name), row)


def _forms(name: str | None) -> Iterator[str]:
    """The name itself, then the parts of a name with its abbreviation: 国际刑事警察组织(国际刑警组织)."""
    if not name:
        return
    text = folded(name)
    yield text
    definition = _DEFINITION.match(text)
    if definition:
        yield definition["full"]
        yield definition["short"]
    else:
        yield re.sub("(?:观察员|代表团?)$", "", text)
