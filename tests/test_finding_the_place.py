"""Ways to a place in a document: the head of every page, the contents, the field for a paragraph."""

from __future__ import annotations

import pytest

from .pages import page

pytestmark = pytest.mark.django_db


def test_the_tools_stand_in_the_head_of_every_page(client, bundled_documents):
    for address in ("/", "/S/2010/52", "/coverage", "/no-such-page"):
        tree = page(client, address, 404 if address == "/no-such-page" else 200)
        header = tree.all("header", "site-header")[0]
        menu = header.all("details", "site-menu")[0]
        assert {"/check", "/concordance", "/matrix", "/coverage", "/help"} <= set(menu.links), address
        assert {"/resolutions", "/documents", "/bodies", "/states", "/years"} <= set(menu.links), address
    current = [link.text for link in tree.all("a") if link.attributes.get("aria-current")]
    assert current == []
    marked = page(client, "/coverage").all("header", "site-header")[0]
    assert [a.text for a in marked.all("a") if a.attributes.get("aria-current")] == ["藏缺"]


PLACES = [
    ("14", "/S/2010/52#p-annex.14", "a number that stands once is found in its annex"),
    (" annex.14 ", "/S/2010/52#p-annex.14", "as the mark is written"),
    ("附件第14段", "/S/2010/52#p-annex.14", "as a citation is"),
    ("第１４段", "/S/2010/52#p-annex.14", "in full width"),
    ("u1", "/S/2010/52#p-u1", "a paragraph without number"),
]


@pytest.mark.parametrize(("typed", "place", "remark"), PLACES, ids=[row[2] for row in PLACES])
def test_the_field_leads_to_the_place_in_the_text(client, bundled_documents, typed, place, remark):
    answer = client.get("/S/2010/52/range", {"at": typed})
    assert (answer.status_code, answer.headers["Location"]) == (302, place), remark


@pytest.mark.parametrize("typed", ["99", "<b>", "0", "14-16", "x" * 5000, "\x00"])
def test_a_paragraph_that_is_not_there_is_said_not_to_be(client, bundled_documents, typed):
    tree = page(client, f"/S/2010/52/range?at={typed}", 404)
    assert "没有这一段" in tree.text


def test_nothing_typed_is_asked_for(client, bundled_documents):
    page(client, "/S/2010/52/range?at=%20", 400)
    page(client, "/S/2010/53/range?at=14", 404)


def test_a_document_offers_its_places_early(client, bundled_documents):
    for address in ("/S/2010/52", "/A/74/140", "/CD/2118"):
        tree = page(client, address)
        stops = [a.attributes["href"] for a in tree.all("a", "skip")]
        assert stops == ["#main", "#contents", "#at"], address
        fields = {field.attributes.get("name"): field for field in tree.all("input")}
        assert fields["within"].attributes["value"] == f"文号:{address[1:]}"
        assert fields["at"].attributes["id"] == "at"
