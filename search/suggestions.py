"""What a reader may be about to type: symbols, bodies, States, titles, and terms that the archive uses.

Optional comfort: nothing depends on it, and it answers from the index alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from archive.addresses import body_path, document_path, state_path
from archive.text.reference import load_reference

from .facets import search_address
from .folding import fold_words
from .library import OpenIndex, live_index
from .literal import LiteralIndex
from .vocabulary import HAN, synonym_groups, user_words, written

MOST, MOST_OF_A_KIND = 10, 4
LONGEST = 40
SHORT = 4  # Latin letters and digits that anything may hold somewhere
TERM = re.compile(f"[{HAN}]{{2,}}")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """``kind``: symbol, body, state, title or term. ``count`` is how often a term stands in the texts."""

    text: str
    kind: str
    url: str
    count: int | None = None


def suggestions(typed: str) -> list[Suggestion]:
    """At most ten, those that begin as typed before those that hold it. Raises IndexUnavailableError."""
    wanted = _plain(typed)
    if not wanted or len(wanted) > LONGEST:
        return []
    index = live_index()
    kinds = (
        _symbols(wanted, index),
        _names(wanted, index),
        _terms(wanted, index.literal),
        _titles(wanted, index),
    )
    found: dict[str, Suggestion] = {}
    for kind in kinds:
        for suggestion in kind:
            found.setdefault(_plain(suggestion.text), suggestion)
    unfinished = (one for one in found.values() if one.kind != "term" or one.text != typed.strip())
    return list(unfinished)[:MOST]


def _plain(text: str) -> str:
    return "".join(fold_words(text).split())


def _best(wanted: str, candidates: Mapping[str, Any]) -> Iterator[Any]:
    """The candidates whose plain form holds ``wanted``, those that begin with it first, shorter first."""
    short = wanted.isascii() and len(wanted) < SHORT
    holding = [plain for plain in candidates if (plain.startswith(wanted) if short else wanted in plain)]
    holding.sort(key=lambda plain: (not plain.startswith(wanted), len(plain), plain))
    return (candidates[plain] for plain in holding)


def _first(found: Iterator[Suggestion]) -> list[Suggestion]:
    """The first few, no page twice."""
    by_url: dict[str, Suggestion] = {}
    for suggestion in found:
        by_url.setdefault(suggestion.url, suggestion)
        if len(by_url) == MOST_OF_A_KIND:
            break
    return list(by_url.values())


def _symbols(wanted: str, index: OpenIndex) -> list[Suggestion]:
    if not re.search(r"[a-z0-9]", wanted):
        return []
    held = dict.fromkeys(index.manifest.names.get("symbol", {}).values())
    family = load_reference().resolutions.values()
    known = {_plain(symbol): symbol for symbol in (*family, *held)}
    known |= {_plain(symbol).removeprefix("s/res/"): symbol for symbol in family}
    return _first(Suggestion(s, "symbol", document_path(s)) for s in _best(wanted, known))


def _names(wanted: str, index: OpenIndex) -> list[Suggestion]:
    names = index.manifest.names
    known: dict[str, Suggestion] = {}
    for kind, path in (("state", state_path), ("body", body_path)):
        for code, forms in names.get(kind, {}).items():
            for form in filter(None, forms):
                known.setdefault(_plain(form), Suggestion(forms[0], kind, path(code)))
    return _first(_best(wanted, known))


def _terms(wanted: str, literal: LiteralIndex) -> list[Suggestion]:
    """Kept terms and frequent continuations that hold what was typed, most frequent first."""
    terms = dict.fromkeys([*(term for term in _kept_terms() if wanted in term), *_continued(wanted, literal)])
    counted = [(literal.count(term), written(term)) for term in terms]
    counted.sort(key=lambda pair: -pair[0])
    return [
        Suggestion(term, "term", search_address(term), count)
        for count, term in counted[:MOST_OF_A_KIND]
        if count
    ]


@lru_cache(maxsize=1)
def _kept_terms() -> tuple[str, ...]:
    return tuple(dict.fromkeys([*user_words(), *(word for group in synonym_groups() for word in group)]))


def _continued(wanted: str, literal: LiteralIndex) -> list[str]:
    """What the texts most often go on with, as long as most of them go on alike."""
    grown = wanted
    if not TERM.fullmatch(wanted):
        return []
    stretch = literal.suffixes.find(grown)
    for _step in range(6):
        following = _followed(grown, stretch, literal)
        if following is None or not TERM.fullmatch(following[0]):
            break
        grown, stretch = following
    return [grown] if grown != wanted else []


def _followed(
    grown: str, stretch: tuple[int, int], literal: LiteralIndex
) -> tuple[str, tuple[int, int]] | None:
    """``grown`` with the character that at least half of its places go on with, and the stretch of these.

    The places are in the order of what follows, so such a character stands at one in the middle.
    """
    first, last = stretch
    if last - first < 2:
        return None
    for middle in dict.fromkeys(((first + last - 1) // 2, (first + last) // 2)):
        end = int(literal.suffixes.places[middle]) + len(grown)
        longer = grown + literal.suffixes.text(end, end + 1)
        found = literal.suffixes.find(longer, stretch)
        if len(longer) > len(grown) and 2 * (found[1] - found[0]) >= last - first:
            return longer, found
    return None


def _titles(wanted: str, index: OpenIndex) -> list[Suggestion]:
    if len(wanted) < 2:
        return []
    titles = _all_titles(index)
    return _first(_best(wanted, titles))[:3]


@lru_cache(maxsize=1)
def _all_titles(index: OpenIndex) -> dict[str, Suggestion]:
    """The titles of the live index; kept until another is switched in, or it covers less."""
    _documents, rows = np.unique(index.literal.documents, return_index=True)
    stored = (index.columns.stored(row) for row in rows.tolist())
    return {
        _plain(row["title"]): Suggestion(row["title"], "title", document_path(row["symbol"]))
        for row in stored
        if row["title"]
    }
