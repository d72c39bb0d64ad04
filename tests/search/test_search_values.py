"""The index keeps values: what readers are told is worded when it is shown, in whatever language."""

from __future__ import annotations

import json

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from archive.models import Document, Paragraph
from archive.site.presenters.wording import LOCATIONS, location_in_words, paragraph_name, who_speaks
from archive.store.addresses.locations import Form, Location, location_of
from search.engine.index.rows import definition, prepare
from search.engine.live.index import live_index
from search.pages import labels
from search.pages.labels import place_of, who_of
from search.search_indexes import paragraphs_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bundled_index")]


def parent_of(paragraph):
    return paragraph.parent


@pytest.fixture
def speak(monkeypatch):
    """Makes the interface speak another language: every message stands between marks that no text has."""

    def begin() -> None:
        monkeypatch.setattr(translation._trans, "gettext", lambda said: f"⟦{said}⟧", raising=False)
        monkeypatch.setattr(labels, "get_language", lambda: "⟦⟧")

    return begin


def test_rows_are_the_same_whatever_language_they_are_made_in(speak):
    everything = list(paragraphs_of(Document.objects.values_list("pk", flat=True)))
    made = [prepare(one, definition()) for one in everything]
    speak()
    assert translation.gettext("%(part)s第%(number)s段") == "⟦%(part)s第%(number)s段⟧"
    for one, row in zip(everything, made, strict=True):
        again = prepare(one, definition())
        assert (again.stored, again.exact, again.texts) == (row.stored, row.exact, row.texts), one.anchor
        assert "⟦" not in again.stored.decode("utf-8", "replace")


def test_an_index_that_stands_is_shown_in_the_language_of_the_reader(client, speak):
    own = client.get("/search.json", {"q": "出口管制"}).json()["results"]
    speak()
    other = client.get("/search.json", {"q": "出口管制"}).json()["results"]
    assert [row["url"] for row in other] == [row["url"] for row in own] != []
    for mine, theirs in zip(own, other, strict=True):
        assert theirs["place"].startswith("⟦") and theirs["text"] == mine["text"]


def test_a_result_is_called_as_its_page_calls_it():
    columns, ids = live_index().columns, live_index().literal.ids.tolist()
    known = {one.pk: one for one in Paragraph.objects.all()}
    for one in known.values():
        one.parent = known.get(one.parent_id)
    for row, pk in enumerate(ids):
        stored = columns.stored(row)
        assert place_of(stored) == paragraph_name(known[pk], parent_of)
        assert who_of(stored) == who_speaks(known[pk])
        assert not {"place", "who", "date_in_words"} & stored.keys()


def test_codes_stand_in_the_columns():
    """What is counted beside results: alpha-3 codes, slugs, kinds; their labels are made from these."""
    columns = live_index().columns
    states, bodies = columns["state"].values, columns["body"].values + columns["mentioned"].values
    assert states and all(len(code) == 3 and code.isascii() and code.isupper() for code in states)
    assert bodies and all(slug.isascii() and slug == slug.lower() for slug in bodies)
    assert set(columns["kind"].values) <= set(Paragraph.Kind.values)
    assert set(columns["document_type"].values) <= set(Document.Type.values)


texts = st.text(max_size=6)
locations = st.builds(Location, st.sampled_from(Form), texts, texts, texts, texts, texts)


@given(locations)
def test_a_location_comes_back_as_it_was_kept(location):
    kept = json.loads(json.dumps(location.as_values()))
    assert Location.from_values(kept) == location


def test_whatever_stands_in_a_document_has_words():
    told = {(one.form, "submitter" if one.submitter else "heading" if one.heading else "") for one in found()}
    assert told <= LOCATIONS.keys()
    assert {form for form, _told_by in LOCATIONS} == set(Form)
    assert all(location_in_words(one) for one in found())


def found() -> list[Location]:
    everything = paragraphs_of(Document.objects.values_list("pk", flat=True))
    return [location_of(one, parent_of) for one in everything]
