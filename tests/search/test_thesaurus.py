"""The thesaurus: SKOS read and written, loaded beside the other reference data, kept whole by the admin."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from archive.intake.reference_data import load_reference_data
from archive.models import ThesaurusConcept
from archive.text.skos import LISTS, SkosConcept, read_skos, write_skos
from tests.tables import each_row

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "fixtures" / "thesaurus").glob("*.jsonld"))

words = st.lists(st.text(min_size=1), max_size=3).map(tuple)
concepts = st.builds(
    SkosConcept, st.text(min_size=1), st.text(min_size=1), st.text(min_size=1), **dict.fromkeys(LISTS, words)
)


@given(st.lists(concepts))
def test_what_is_written_is_read_back(listed):
    assert list(read_skos("".join(write_skos(listed)))) == listed


@each_row()
def test_a_file_of_another_form_is_named(content, said):
    with pytest.raises(ValueError, match=said):
        list(read_skos(content))


def _folder(tmp_path, *listed: SkosConcept) -> Path:
    """The fixtures with another thesaurus."""
    for path in (ROOT / "fixtures").glob("*.json"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "thesaurus").mkdir(exist_ok=True)
    (tmp_path / "thesaurus" / "one.jsonld").write_text("".join(write_skos(listed)), "utf-8")
    return tmp_path


def _load(folder: Path):
    return list(load_reference_data(folder))[-1]


def test_loading_says_what_changed_and_keeps_what_an_editor_added(db, tmp_path):
    one = SkosConcept("test-one", "测试概念", "tests", variants=("试验概念",))
    assert _load(_folder(tmp_path, one)).created == ["test-one"]
    ThesaurusConcept.objects.filter(slug="test-one").update(variants=["试验概念", "编辑所加"])
    again = _load(_folder(tmp_path, one))
    assert (again.created, again.updated) == ([], [])
    changed = SkosConcept("test-one", "测试概念", "tests", variants=("新说法",))
    assert _load(_folder(tmp_path, changed)).updated == ["test-one"]
    kept = ThesaurusConcept.objects.get(slug="test-one")
    assert kept.variants == ["新说法", "编辑所加"]


@each_row()
def test_the_admin_refuses_lists_that_are_none(db, values, field):
    concept = ThesaurusConcept(slug="test-two", name="另一概念", branch="tests", **values)
    with pytest.raises(ValidationError) as refused:
        concept.full_clean()
    assert field in refused.value.message_dict


def _all() -> list[SkosConcept]:
    return [concept for path in FILES for concept in read_skos(path.read_text("utf-8"))]


def test_slugs_are_unique_and_neighbours_exist():
    listed = _all()
    slugs = {concept.slug for concept in listed}
    assert len(slugs) == len(listed)
    for concept in listed:
        assert {*concept.broader, *concept.related} <= slugs - {concept.slug}, concept.slug


def test_no_concept_is_wider_than_itself():
    broader = {concept.slug: concept.broader for concept in _all()}
    for slug in broader:
        seen, reached = set(), set(broader[slug])
        while reached:
            seen |= reached
            reached = {wider for one in reached for wider in broader[one]} - seen
        assert slug not in seen


ELEMENTS = "铀钚氚钍"  # no other word is so written


def test_terms_are_words():
    """No blank, no single character but an element or a word of talk, nothing twice in one concept."""
    for concept in _all():
        terms = [concept.name, *(term for name in LISTS[:7] for term in getattr(concept, name))]
        assert len(set(terms)) == len(terms), concept.slug
        short = {*ELEMENTS} | set(concept.colloquial)
        assert all(term == term.strip() and (len(term) > 1 or term in short) for term in terms), concept.slug


def test_a_branch_is_valid_json_with_one_concept_a_line():
    for path in FILES:
        lines = path.read_text("utf-8").splitlines()
        assert len(json.loads("\n".join(lines))["@graph"]) == len(lines) - 3
