"""The reference data of the core: the table of bodies and the resolutions it knows by number."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from archive.text.aligned_folding import fold
from archive.text.bodies.names import names_of
from archive.text.reference import load_reference
from archive.text.symbols.series import BODIES as SERIES_OF_BODIES
from archive.text.symbols.symbol import Symbol
from tests.tables import each_row

REFERENCE = load_reference()
BY_NAME = {body.name: body for body in REFERENCE.bodies}


@each_row()
def test_a_body_has_its_address_and_its_english_name(name: str, slug: str, english: str) -> None:
    body = REFERENCE.body_named(name)
    assert body is not None
    assert (body.slug, body.english) == (slug, english)


def test_a_name_that_is_not_in_the_table_is_no_body() -> None:
    assert REFERENCE.body_named("安理会") is None  # an alias is no full name


def test_slugs_are_short_ascii_and_unique() -> None:
    slugs = [body.slug for body in REFERENCE.bodies]
    assert [
        slug for slug in slugs if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) or len(slug) > 60
    ] == []
    assert [slug for slug, count in Counter(slugs).items() if count > 1] == []


def test_every_body_has_an_english_name() -> None:
    assert [body.name for body in REFERENCE.bodies if not body.english] == []


def test_parents_are_bodies_of_the_table_and_nobody_is_its_own_ancestor() -> None:
    assert [body.name for body in REFERENCE.bodies if body.parent and body.parent not in BY_NAME] == []
    for body in REFERENCE.bodies:
        seen, ancestor = {body.name}, body.parent
        while ancestor:
            assert ancestor not in seen, body.name
            seen.add(ancestor)
            ancestor = BY_NAME[ancestor].parent


def test_no_spelling_names_two_bodies() -> None:
    spellings = Counter(
        spelling
        for body in REFERENCE.bodies
        for spelling in {fold(form) for form in (body.name, *body.aliases, *body.traditional)}
        if spelling not in map(fold, body.contextual)
    )
    assert [spelling for spelling, count in spellings.items() if count > 1] == []


def test_a_contextual_form_is_nobody_s_name_or_alias() -> None:
    contextual = {fold(form) for body in REFERENCE.bodies for form in body.contextual}
    certain = {fold(form) for body in REFERENCE.bodies for form in (body.name, *body.aliases)}
    assert contextual & certain == set()


def test_every_spelling_of_the_table_is_found_as_its_body() -> None:
    spellings = names_of(REFERENCE).spellings
    for body in REFERENCE.bodies:
        for form in (body.name, *body.aliases):
            end, name = spellings.longest_at(fold(form)) or (0, None)
            assert name is not None, form
            assert (end, name.body) == (len(form), body.name)


def test_a_traditional_form_of_a_contextual_one_is_no_certain_name() -> None:
    assert names_of(REFERENCE).spellings.longest_at("大会") is None


def test_the_bodies_that_have_a_series_of_symbols_are_in_the_table() -> None:
    assert sorted(set(SERIES_OF_BODIES.values()) - BY_NAME.keys()) == []


def test_resolutions_are_canonical_symbols_of_their_number() -> None:
    assert REFERENCE.resolutions[1540] == "S/RES/1540(2004)"
    for number, symbol in REFERENCE.resolutions.items():
        parsed = Symbol.parse(symbol)
        assert (str(parsed), parsed.number) == (symbol, number)


def test_reading_twice_gives_the_same_object() -> None:
    assert load_reference() is load_reference()


def test_a_directory_without_the_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load_reference(tmp_path)


def test_fixtures_of_another_directory_are_read(tmp_path: Path) -> None:
    body = {
        "name": "独立核查组",
        "slug": "verification-group",
        "english": "",
        "acronym": "",
        "aliases": ["核查组"],
        "contextual_aliases": [],
        "traditional": [],
        "parent": None,
        "provisional": False,
    }
    (tmp_path / "bodies.json").write_text(json.dumps([{"model": "archive.body", "fields": body}]), "utf-8")
    for name in ("resolutions", "treaties", "themes", "states"):
        (tmp_path / f"{name}.json").write_text("[]", "utf-8")
    reference = load_reference(tmp_path)
    (read,) = reference.bodies
    assert (read.name, read.aliases, read.english, read.parent) == ("独立核查组", ("核查组",), None, None)
    assert (reference.resolutions, reference.treaties, reference.themes, reference.states) == ({}, (), (), ())
