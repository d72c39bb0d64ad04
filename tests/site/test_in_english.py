"""What every page that a permalink reaches says in English, for everybody."""

from __future__ import annotations

import pytest

from archive.site.presenters.english import place_in_english
from archive.store.addresses.locations import location_of_anchor
from archive.text.fingerprint import fingerprint
from tests.tables import each_row
from tests.tools.bundles import make_history
from tests.tools.factories import block, parsed, store
from tests.tools.pages import read

pytestmark = pytest.mark.django_db


def _english(response) -> str:
    """The words of the one English block of a page, blanks joined."""
    (aside,) = read(response.content)[0].all("aside", css="in-english")
    assert aside.attributes["lang"] == "en"
    return " ".join(aside.text.split())


@each_row("BUNDLED")
def test_a_permalink_says_in_english_what_it_is_how_to_cite_it_and_where_the_english_text_is(
    client, bundled_documents, address, status, words, leads
):
    response = client.get(address, HTTP_ACCEPT_LANGUAGE="fr")
    (aside,) = read(response.content)[0].all("aside", css="in-english")
    assert response.status_code == status
    assert [one for one in words if one not in _english(response)] == []
    assert [link for link in aside.links if link.startswith("https://")] == list(leads)


@each_row("HISTORY")
def test_what_became_of_a_link_is_said_in_english(client, address, cited, status, words):
    make_history()
    response = client.get(f"{address}/{fingerprint(cited)}" if cited else address)
    assert response.status_code == status
    assert [one for one in words if one not in _english(response)] == []


@each_row("PLACES")
def test_a_place_is_named_in_english_by_its_anchor_alone(anchor, place):
    assert place_in_english(location_of_anchor(anchor)) == place


def test_where_the_un_has_no_text_no_address_is_given(client):
    store(parsed("A/DEC/72/513", ("1", "大会的决定。")))
    assert "English text" not in _english(client.get("/A/DEC/72/513"))


def test_that_nobody_cites_it_is_said_in_english(client):
    assert "No paragraph in the documents held cites it." in _english(client.get("/S/RES/2663(2022)"))


def test_a_number_that_may_mean_several_says_so_in_english(client):
    store(parsed("S/2030/3", ("annex.1", "甲。"), ("annex2.1", "乙。")))
    response = client.get("/S/2030/3/p/1")
    assert response.status_code == 300 and "any of several" in _english(response)


def test_doubt_is_said_in_english_too(client):
    store(parsed("S/2030/4", block("1", "认出的文字。", ocr_confidence=71)))
    assert "(confidence 71%) and may be wrong" in _english(client.get("/S/2030/4/p/1"))
