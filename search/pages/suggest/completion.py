"""Autocomplete (typeahead) of the search box: names, symbols, titles, terms of the archive.

Completions that begin as typed rank before those that only contain it. Whatever is suggested but a term is a
page that ``/go`` knows by the same words. Optional comfort: nothing depends on it, and it answers from the
index alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain

import numpy as np
from django.utils.translation import gettext as _

from archive.site.presenters.wording import label_of_place, name_in_words
from archive.store.addresses.paths import document_path
from archive.store.links.ranges import path_of_place
from archive.store.values import Schema
from archive.text.folding import fold_words
from archive.text.reference import load_reference
from search.engine.live.index import live_index
from search.engine.protocol import Index, every_text
from search.pages.http.addresses import search_address
from search.pages.jump.name_lookup import kind_in_words, pages_of, place_shown
from search.query.entities.names import Entity, How, Kind, Name, NameTable, name_table
from search.query.entities.recognise import entity_of, read_whole
from search.query.text.folding import name_key
from search.query.text.segmenter import synonym_groups, user_words, written

MOST, MOST_OF_A_KIND, MOST_TERMS = 10, 3, 4
LONGEST = 40
SHORT = 4  # Latin letters and digits that anything may hold somewhere


class Suggestion(Schema, frozen=True, kw_only=True):
    """Something to ask for; ``why`` where it has another name."""

    text: str
    kind: str
    label: str
    url: str | None
    count: int | None
    why: str | None


def _suggestion(
    text: str, kind: str, url: str, count: int | None = None, form: str = "", how: str = ""
) -> Suggestion:
    """Builds one of ``kind``: symbol, body, state, treaty, speaker, title or term. ``count``: occurrences of
    a term in the texts; ``form``: the name that was typed, or begun, where ``text`` is another.
    """
    label = _("题名") if kind == "title" else kind_in_words(Kind(kind))
    why = None
    if how == How.PINYIN:
        why = _("按拼音：%(name)s") % {"name": form or text}
    elif how == How.FORMER:
        why = _("旧称%(name)s") % {"name": form}
    elif form:
        why = _("又称%(name)s") % {"name": form}
    return Suggestion(text=text, kind=kind, label=label, url=url, count=count, why=why)


def suggestions(typed: str) -> list[Suggestion]:
    """Returns at most ten completions, by prefix before by infix. Raises IndexUnavailableError."""
    wanted = _plain(typed)
    if not wanted or len(wanted) > LONGEST:
        return []
    index = live_index()
    table = name_table(index.manifest.names)
    begun = list(table.beginning(wanted))
    kinds = (
        _understood(typed, table),
        _symbols(wanted, index),
        _names((name for name in begun if name.kind is not Kind.ORGANISATION), table, wanted),
        _terms(wanted, index, begins=True),
        _titles(wanted, index, begins=True),
        _names((name for name in begun if name.kind is Kind.ORGANISATION), table, wanted),
        _names(_holding(wanted, table), table, wanted),
        _terms(wanted, index, begins=False),
        _titles(wanted, index, begins=False),
    )
    found: dict[str, Suggestion] = {}
    for suggestion in chain.from_iterable(kinds):
        found.setdefault(str(suggestion.url), suggestion)
    unfinished = (one for one in found.values() if one.kind != "term" or one.text != typed.strip())
    return _few(unfinished)


def _few(found: Iterable[Suggestion]) -> list[Suggestion]:
    """Returns the first few of each kind, no two alike."""
    kept: dict[str, Suggestion] = {}
    of_a_kind: dict[str, int] = {}
    for one in found:
        most = MOST_TERMS if one.kind in ("term", "symbol") else MOST_OF_A_KIND
        if of_a_kind.setdefault(one.kind, 0) < most and _plain(one.text) not in kept:
            kept[_plain(one.text)] = one
            of_a_kind[one.kind] += 1
    return list(kept.values())[:MOST]


def _plain(text: str) -> str:
    return "".join(fold_words(text).split())


# --- what is named ---


def _understood(typed: str, table: NameTable) -> Iterator[Suggestion]:
    """Generates completions for the entities that the whole of ``typed`` names, as ``/go`` reads it."""
    for entity in read_whole(typed, table):
        if entity.kind is Kind.SYMBOL and entity.key in table.symbols.symbols:
            place = place_shown(entity.place, table)
            yield _suggestion(label_of_place(place), str(entity.kind), path_of_place(place))
        elif entity.kind is Kind.TERM:
            yield _suggestion(entity.key, "term", search_address(entity.key), how=str(entity.how))
        else:
            yield from _pages(entity, table, typed)


def _names(names: Iterable[Name], table: NameTable, wanted: str) -> Iterator[Suggestion]:
    for name in names:
        if not name.weak:
            yield from _pages(entity_of(name), table, wanted)


def _pages(entity: Entity, table: NameTable, wanted: str) -> Iterator[Suggestion]:
    """Generates the pages of an entity; where its label lacks the typed text, with the name that has it."""
    other = entity.how is not How.NAME or name_key(wanted) not in name_key(entity.label)
    form = entity.form if other and entity.form != entity.label else ""
    for page in pages_of(entity.kind, entity.key, entity.label, table):
        named = name_in_words(page.label)
        why = (form, str(entity.how)) if other and form != named else ("", "")
        yield _suggestion(named, str(entity.kind), page.url, None, *why)


def _holding(wanted: str, table: NameTable) -> Iterator[Name]:
    """Generates names with ``wanted`` inside, the shorter first; those of things that have a page."""
    key = name_key(wanted)
    if not key or (key.isascii() and len(key) < SHORT):
        return
    for held in sorted((held for held in table.by_key if key in held), key=lambda held: (len(held), held)):
        yield from (name for name in table.by_key[held] if name.kind is not Kind.ORGANISATION)


def _symbols(wanted: str, index: Index) -> Iterator[Suggestion]:
    """Generates symbols by prefix, those of the family before stored ones; then by infix."""
    if not re.search(r"[a-z0-9]", wanted):
        return
    names, others = index.manifest.names, load_reference().resolutions.values()
    known = {
        symbol: _plain(symbol)
        for symbol in (*names.get("family", ()), *names.get("symbol", {}).values(), *others)
    }
    numbers = (symbol for symbol, plain in known.items() if plain.startswith(f"s/res/{wanted}"))
    begins = (symbol for symbol, plain in known.items() if plain.startswith(wanted))
    holds = (symbol for symbol, plain in known.items() if len(wanted) >= SHORT and wanted in plain)
    for symbol in chain(numbers, begins, holds):
        yield _suggestion(symbol, "symbol", document_path(symbol))


# --- terms and titles ---


def _terms(wanted: str, index: Index, begins: bool) -> Iterator[Suggestion]:
    """Generates the terms that occur by prefix, or by infix, most frequent first."""
    terms = [term for term in _domain_terms() if wanted in term and term.startswith(wanted) is begins]
    counted = [*zip(index.sums(terms), map(written, terms), strict=True)]
    counted.sort(key=lambda pair: -pair[0])
    for count, term in counted[:MOST_TERMS]:
        if count:
            yield _suggestion(term, "term", search_address(term), count)


@lru_cache(maxsize=1)
def _domain_terms() -> tuple[str, ...]:
    return tuple(dict.fromkeys([*user_words(), *(word for group in synonym_groups() for word in group)]))


def _titles(wanted: str, index: Index, begins: bool) -> Iterator[Suggestion]:
    if len(wanted) < 2:
        return
    for plain, suggestion in _all_titles(index).items():
        if wanted in plain and plain.startswith(wanted) is begins:
            yield suggestion


@lru_cache(maxsize=1)
def _all_titles(index: Index) -> dict[str, Suggestion]:
    """Returns the titles of the live index; kept until another is switched in, or it covers less."""
    if (found := every_text(index)) is None:
        return {}
    _documents, rows = np.unique(found.folded.documents, return_index=True)
    stored = map(found.stored, rows.tolist())
    return {
        _plain(row["title"]): _suggestion(row["title"], "title", document_path(row["symbol"]))
        for row in stored
        if row["title"]
    }
