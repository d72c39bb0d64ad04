"""Signposting: what programs learn of a page without reading it."""

from __future__ import annotations

import re

import pytest

from archive.models import Paragraph
from archive.site.opendata import signposts
from tests.tables import each_row, tuples
from tests.tools.pages import page

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


def test_a_document_says_how_it_is_cited_what_describes_it_and_its_terms(client, bundled_index):
    found = links(client.get("/S/2010/52"))
    assert set(found) == {"cite-as", "license", "describedby"}
    assert addresses(found, "cite-as") == ["/S/2010/52"]
    assert addresses(found, "license") == ["/data#terms"]
    assert page(client, "/data").with_id("terms")
    described = addresses(found, "describedby")
    assert [
        f"/S/2010/52.{ending}" for ending in ("json", "csv", "xlsx", "ris", "bib", "csl.json")
    ] == described


def test_a_paragraph_is_cited_by_its_fingerprint(client, bundled_index):
    cite_as = f"/S/2010/52/p/annex.14/{Paragraph.objects.get(anchor='annex.14').fingerprint}"
    for address in ("/S/2010/52/p/annex.14", cite_as):
        assert addresses(links(client.get(address)), "cite-as") == [cite_as]


@pytest.mark.parametrize(
    "address", ["/S/2010/52", "/S/2010/52/p/annex.14", "/S/2010/52/p/annex.3-5", "/S/RES/1540(2004)", "/data"]
)
def test_whatever_a_signpost_names_answers_with_the_type_that_it_names(client, bundled_index, address):
    found = links(client.get(address))
    assert found["describedby"]
    for relation in found:
        for target, media in found[relation]:
            response = client.get(target.removeprefix(HOST))
            assert response.status_code == 200, target
            assert response["Content-Type"].startswith(media), target
            response.getvalue()


def test_no_header_is_longer_than_proxies_take(client, bundled_index, monkeypatch):
    monkeypatch.setattr(signposts, "LONGEST", 300)
    found = links(client.get("/S/2010/52"))
    assert found["cite-as"] and found["license"] and 0 < len(found["describedby"]) < 6


@each_row()
def test_what_is_no_page_of_a_text_has_no_signposts(client, bundled_index, address):
    assert "Link" not in client.get(address)


# --- feeds ---


@each_row("FEEDS")
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
