"""Signposting: what programs learn of a page without reading it."""

from __future__ import annotations

import re

import pytest

from archive.models import Paragraph
from archive.opendata import signposts

from .pages import page
from .tables import rows_from, tuples

pytestmark = pytest.mark.django_db

HOST = "http://testserver"
ONE = re.compile(r'<(?P<address>[^>]*)>; rel="(?P<relation>[^"]*)"(?:; type="(?P<type>[^"]*)")?')


def links(response) -> dict[str, list[tuple[str, str]]]:
    """Relation → (address, type) of the Link header, which must be one that every parser reads."""
    header = response.get("Link", "")
    assert header.isascii() and len(header) <= signposts.LONGEST
    found: dict[str, list[tuple[str, str]]] = {}
    for match in ONE.finditer(header):
        found.setdefault(match["relation"], []).append((match["address"], match["type"] or ""))
    assert sum(map(len, found.values())) == header.count("; rel=")
    return found


def addresses(found, relation: str) -> list[str]:
    return [address.removeprefix(HOST) for address, _type in found.get(relation, [])]


def test_a_document_says_what_it_is_how_to_cite_it_and_where_its_files_are(client, bundled_index):
    found = links(client.get("/S/2010/52"))
    assert found["type"] == [("https://schema.org/AboutPage", ""), ("https://schema.org/Report", "")]
    assert addresses(found, "cite-as") == ["/S/2010/52"]
    assert addresses(found, "item") == ["/S/2010/52.txt", "/S/2010/52/source"]
    described = addresses(found, "describedby")
    assert [
        f"/S/2010/52.{ending}" for ending in ("json", "csv", "xlsx", "ris", "bib", "csl.json")
    ] == described


def test_a_paragraph_is_cited_by_its_fingerprint_and_belongs_to_its_document(client, bundled_index):
    found = links(client.get("/S/2010/52/p/annex.14"))
    cite_as = f"/S/2010/52/p/annex.14/{Paragraph.objects.get(anchor='annex.14').fingerprint}"
    assert addresses(found, "cite-as") == [cite_as]
    assert addresses(found, "collection") == ["/S/2010/52"]
    assert addresses(links(client.get(cite_as)), "cite-as") == [cite_as]


@pytest.mark.parametrize(
    "address",
    ["/S/2010/52", "/S/2010/52/p/annex.14", "/S/2010/52/p/annex.3-5", "/S/RES/1540(2004)", "/data",
     "/search?q=出口管制", "/documents?year=2016", "/", "/S/RES/1540(2004)/cited-by"],
)  # fmt: skip
def test_whatever_a_signpost_names_answers_with_the_type_that_it_names(client, bundled_index, address):
    found = links(client.get(address))
    assert found["type"]
    for relation in ("item", "describedby", "alternate", "cite-as", "collection", "about"):
        for target, media in found.get(relation, [])[:6]:
            response = client.get(target.removeprefix(HOST))
            assert response.status_code == 200, target
            assert response["Content-Type"].startswith(media), target
            response.getvalue()


@pytest.mark.parametrize(
    ("address", "relation", "home"),
    rows_from(__name__, "test_files_lead_back_to_their_page"),
)
def test_files_lead_back_to_their_page(client, bundled_index, address, relation, home):
    assert links(client.get(address)) == {relation: [(HOST + home, "text/html")]}


def test_results_name_their_entries(client, bundled_index):
    shown = client.get("/search.json", {"q": "出口管制"}).json()["results"]
    found = links(client.get("/search", {"q": "出口管制"}))
    named = addresses(found, "item")  # as many as have room
    assert named == [row["url"] for row in shown][: len(named)] and len(named) >= 10
    assert found["type"] == [("https://schema.org/SearchResultsPage", "")]


def test_a_long_question_makes_no_header_that_a_proxy_refuses(client, bundled_index):
    found = links(client.get("/search", {"q": "“出口管制”或" * 200}))
    assert found["type"] == [("https://schema.org/SearchResultsPage", "")] and "describedby" not in found


@pytest.mark.parametrize("address", ["/nothing", "/S/2099/9", "/documents?page=x", "/S/2010/52/p/99"])
def test_an_error_has_no_signposts(client, bundled_index, address):
    assert "Link" not in client.get(address)


# --- feeds ---


@pytest.mark.parametrize(("address", "feeds"), rows_from(__name__, "FEEDS"))
def test_readers_of_feeds_find_them(client, bundled_index, address, feeds):
    tree = page(client, address) if address != "/S/2099/9" else None
    found = [
        link.attributes["href"]
        for link in (tree.all("link") if tree else [])
        if link.attributes.get("type") == "application/atom+xml" and link.attributes["rel"] == "alternate"
    ]
    assert tuples(found) == feeds
    for feed in feeds:
        assert client.get(feed)["Content-Type"].startswith("application/atom+xml")
