"""The snapshot of names: what the database knows by name, as plain values. Each index keeps its own."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from django.db.models import F

from archive.models import (
    Body,
    Document,
    DocumentSeries,
    Mention,
    Paragraph,
    Resolution,
    State,
    SymbolAlias,
    ThesaurusConcept,
    Treaty,
)
from archive.store.revision import RevisionMark, current_revision, reference_revision
from archive.text.reference import FIXTURES, load_reference
from search.query.text.folding import name_key
from search.query.text.segmenter import user_words
from search.query.thesaurus.table import terms

from .names import pinyin_table


def archive_names(before: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Returns every name of the archive, by kind and code, as ``NameTable`` takes it, with pinyin, which is
    taken from the names ``before`` as far as they go.
    """
    found = names_without_pinyin()
    names = chain(_pronounceable(found), _terms(reference_revision()))
    return found | {"pinyin": pinyin_table(names, (before or {}).get("pinyin"))}


_kept: dict[RevisionMark, dict[str, Any]] = {}


def current_names() -> dict[str, Any]:
    """Returns the present names without pinyin. One query, and ten more after a change."""
    revision = current_revision()
    if revision not in _kept or not revision.token:
        found = names_without_pinyin()
        _kept.clear()
        _kept[revision] = found
    return _kept[revision]


def names_without_pinyin() -> dict[str, Any]:
    """Returns ``archive_names`` but for the pronunciations."""
    held = Document.objects.order_by("symbol").values_list("symbol", flat=True)
    aliases = SymbolAlias.objects.order_by("symbol").values_list("symbol", "document__symbol")
    cited = Mention.objects.certain().order_by("symbol").values_list("symbol", flat=True).distinct()
    symbols = {symbol: symbol for symbol in held} | dict(aliases)
    return reference_names() | {
        "symbol": symbols,
        "cited": [symbol for symbol in cited if symbol not in symbols],
    }


def reference_names() -> dict[str, Any]:
    """Returns the names of States, bodies, treaties, speakers, resolutions and series. Seven queries.

    Bodies that wait to be confirmed are organisations without a page where readers ask for them
    (``names_of_bodies``), until a text names them.
    """
    states = {state.alpha3: state for state in State.objects.order_by("alpha3")}
    bodies = {body.slug: body for body in Body.objects.confirmed_or_mentioned().order_by("slug")}
    waiting = Body.objects.filter(unconfirmed=True, slug__in=names_of_bodies()).order_by("slug")
    asked_for = [list(_names_of_body(body)) for body in waiting if body.slug not in bodies]
    resolutions = list(Resolution.objects.order_by("number").values("symbol", "meeting", "family"))
    adopted: dict[str, list[str]] = {}
    for row in resolutions:
        if row["meeting"]:
            adopted.setdefault(str(row["meeting"]), []).append(row["symbol"])
    treaties = {treaty.slug: treaty for treaty in Treaty.objects.order_by("slug")}
    return {
        "state": {code: list(_names_of_state(state)) for code, state in states.items()},
        "body": {slug: list(_names_of_body(body)) for slug, body in bodies.items()},
        "unconfirmed": [slug for slug, body in bodies.items() if body.unconfirmed],
        "former": {slug: names for slug in names_of_bodies() if (names := former_names(slug))},
        "organisation": {names[0]: names for names in (*asked_for, *organisations())},
        "treaty": {
            slug: _each_once(treaty.name, *treaty.aliases, treaty.english, treaty.acronym)
            for slug, treaty in treaties.items()
        },
        "weak": {
            "state": {code: [state.alpha2] for code, state in states.items()},
            "body": {
                slug: body.contextual_aliases for slug, body in bodies.items() if body.contextual_aliases
            },
        },
        "speaker": _speakers(),
        "family": [row["symbol"] for row in resolutions if row["family"]],
        "adopted": adopted,
        "series": dict(
            DocumentSeries.objects.exclude(body=None).order_by("prefix").values_list("prefix", "body__slug")
        ),
    }


def _names_of_state(state: State) -> Iterator[str]:
    further = further_names_of_states().get(state.alpha3, ())
    yield from _each_once(
        state.name, state.official_name, *state.aliases, state.english, *further, state.alpha3
    )


def _names_of_body(body: Body) -> Iterator[str]:
    yield from _each_once(
        body.name,
        *body.aliases,
        *body.traditional,
        body.english,
        body.acronym,
        *names_of_bodies().get(body.slug, {}).get("further", ()),
        *former_names(body.slug),
    )


def _each_once(*names: str | None) -> list[str]:
    return list(dict.fromkeys(filter(None, names)))


@functools.cache
def further_names_of_states() -> dict[str, list[str]]:
    """Names by which readers ask for a State and which texts do not use: Taiwan's, English ones, 美方."""
    return json.loads((FIXTURES / "state_names.json").read_text("utf-8"))


@functools.cache
def names_of_bodies() -> dict[str, dict[str, list[str]]]:
    """Names by which readers ask for a body and which the parser does not look for: ``former`` ones, and
    ``further`` ones of other languages and regions; ``succeeds`` are the bodies whose names it had before.
    By slug.
    """
    return json.loads((FIXTURES / "body_names.json").read_text("utf-8"))


def former_names(slug: str) -> list[str]:
    """Returns the names that a body had once: those kept for it, and those of the bodies that it succeeds."""
    kept = names_of_bodies().get(slug, {})
    succeeded = kept.get("succeeds", ())
    before = [body for body in load_reference().bodies if body.slug in succeeded] if succeeded else []
    names = (_each_once(body.name, *body.aliases, body.english, body.acronym) for body in before)
    return [*kept.get("former", ()), *chain.from_iterable(names)]


@functools.cache
def organisations() -> list[list[str]]:
    """Returns the names of organisations that are no bodies of the reference data: institutes, associations,
    banks. The first of each is the one that UN documents write.
    """
    return json.loads((FIXTURES / "organisations.json").read_text("utf-8"))


def _speakers() -> dict[str, list[str]]:
    """Speakers of records → for whom they speak."""
    spoken = Paragraph.objects.exclude(speaker_name="").with_whence().order_by("speaker_name", F("whence"))
    found: dict[str, list[str]] = {}
    for name, whence in spoken.values_list("speaker_name", F("whence")).distinct():
        found.setdefault(name, []).append(whence)
    return found


def _pronounceable(found: dict[str, Any]) -> Iterator[str]:
    """Names in simplified characters."""
    for kind in ("state", "body", "treaty", "organisation"):
        for forms in found[kind].values():
            yield from map(name_key, forms)
    yield from found["speaker"]


def _terms(revision: RevisionMark) -> tuple[str, ...]:
    """Terms in simplified characters; read anew where the reference data are those of another revision."""
    return _terms_at(revision) if revision.token else tuple(_read_terms())


@functools.lru_cache(maxsize=1)
def _terms_at(revision: RevisionMark) -> tuple[str, ...]:
    return tuple(_read_terms())


def _read_terms() -> Iterator[str]:
    for theme in load_reference().themes:
        yield from (theme.name, *theme.words)
    for name, variants in ThesaurusConcept.objects.current().order_by("slug").values_list("name", "variants"):
        yield from (name, *variants)
    yield from user_words()
    yield from terms().values()
