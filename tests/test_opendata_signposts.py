"""Signposting and content negotiation: what programs learn of a page without reading it."""

from __future__ import annotations

import re

import pytest

from archive.models import Paragraph
from archive.opendata import signposts
from archive.text.fingerprint import fingerprint

from .factories import block, parsed, store
from .pages import page

pytestmark = pytest.mark.django_db

HOST = "http://testserver"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
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
    [
        ("/S/2010/52.txt", "collection", "/S/2010/52"),
        ("/S/2010/52/source", "collection", "/S/2010/52"),
        ("/S/2010/52.ris", "describes", "/S/2010/52"),
        ("/S/2010/52/p/annex.14.csl.json", "describes", "/S/2010/52/p/annex.14"),
        ("/S/2010/52/p/annex.14.json", "describes", "/S/2010/52/p/annex.14"),
        ("/S/2010/52/p/annex.3-5.txt", "collection", "/S/2010/52/p/annex.3-5"),
    ],
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


# --- negotiation ---

ASKED = [
    # address, Accept, where it leads; None for the page
    ("/S/2010/52", "application/json", "/S/2010/52.json"),
    ("/S/2010/52", "text/plain", "/S/2010/52.txt"),
    ("/S/2010/52", "text/csv", "/S/2010/52.csv"),
    ("/S/2010/52", "application/x-bibtex", "/S/2010/52.bib"),
    ("/S/2010/52", "text/x-bibtex", "/S/2010/52.bib"),
    ("/S/2010/52", "application/vnd.citationstyles.csl+json", "/S/2010/52.csl.json"),
    ("/S/2010/52/p/annex.14", "application/x-research-info-systems", "/S/2010/52/p/annex.14.ris"),
    ("/S/2010/52/p/annex.3-5", "application/json", "/S/2010/52/p/annex.3-5.json"),
    ("/S/RES/1540(2004)", "application/json", "/S/RES/1540(2004).json"),
    ("/S/RES/1540(2004)", "application/x-bibtex", None),  # not held: nothing to cite
    ("/", "application/json", "/index.json"),
    ("/search?q=x", "application/json", "/search.json?q=x"),
    ("/documents?year=2016&utm_source=x", "application/atom+xml", "/documents.atom?year=2016&utm_source=x"),
    ("/states/ESP?utm_source=x", "application/json", "/states/ESP.json"),
    # q-values
    ("/S/2010/52", BROWSER, None),
    ("/S/2010/52", "*/*", None),
    ("/S/2010/52", "text/html;q=0.4, application/json;q=0.5", "/S/2010/52.json"),
    ("/S/2010/52", "text/html;q=0.5, application/json;q=0.4", None),
    ("/S/2010/52", "application/json, text/javascript, */*;q=0.01", "/S/2010/52.json"),
    ("/S/2010/52", "application/json;q=0, */*", None),
    ("/S/2010/52", "application/json;q=0", None),
    ("/S/2010/52", "text/html;q=0, application/xhtml+xml;q=0, application/json;q=0, text/*;q=0.1",
     "/S/2010/52.csv"),
    ("/S/2010/52", "application/json;q=x, text/html;q=0.9", "/S/2010/52.json"),  # what is no q is 1
    ("/S/2010/52", "image/png", None),
    ("/S/2010/52", "", None),
    ("/S/2010/52", ";;;,,,q=", None),
    ("/S/2010/52", "application/json; x*=klingon''x", None),  # an encoding that there is not
    ("/S/2010/52", "text/html; x*=\x00''x", None),
    ("/S/2010/52", "a/b;q*0*=klingon'*0x'", None),
    ("/S/2010/52.json", "text/html", None),  # the address has decided
]  # fmt: skip


@pytest.mark.parametrize(("address", "accept", "leads"), ASKED)
def test_a_page_asked_for_as_data_leads_to_it(client, bundled_index, address, accept, leads):
    response = client.get(address, headers={"accept": accept})
    assert (response.status_code, response.get("Location")) == ((303, leads) if leads else (200, None))
    if not address.endswith(".json"):
        assert "Accept" in re.split(", *", response["Vary"])
    if leads:
        assert client.get(leads).status_code in (200, 400)  # utm_source of a list, as without negotiation
        assert response["Access-Control-Allow-Origin"] == "*"


def test_an_etag_of_the_page_says_nothing_of_its_data(client, bundled_index):
    mark = client.get("/S/2010/52", headers={"accept": BROWSER})["ETag"]
    asked = {"accept": "application/json", "if-none-match": mark}
    assert client.get("/S/2010/52", headers=asked).status_code == 303
    again = client.get("/S/2010/52", headers={"accept": BROWSER, "if-none-match": mark})
    assert (again.status_code, "Accept" in again["Vary"]) == (304, True)


GONE = [
    # Accept, the statuses on the way from the link of words that were edited, and that were withdrawn
    ("text/plain", [200], [410]),  # no text of what stands no more: the page tells
    ("application/x-bibtex", [303, 200], [410]),
    ("application/json", [303, 200], [303, 410]),
]


@pytest.mark.parametrize(("accept", "edited", "withdrawn"), GONE)
def test_no_reader_of_words_that_are_gone_is_led_round(client, db, accept, edited, withdrawn):
    store(parsed("S/2031/1", block("1", "先前的文字"), block("2", "撤下的文字"), block("3", "不变的文字")))
    store(parsed("S/2031/1", block("1", "后来的话"), block("3", "不变的文字")))
    links = {"1": "先前的文字", "2": "撤下的文字", "3": "不变的文字", "1-3": ""}
    ways = {}
    for anchor, words in links.items():
        address, way = f"/S/2031/1/p/{anchor}/{fingerprint(words)}", []
        while len(way) < 9 and address:
            response = client.get(address, headers={"accept": accept})
            way, address = [*way, response.status_code], response.get("Location")
        ways[anchor] = way
    assert (ways["1"], ways["2"]) == (edited, withdrawn)
    assert ways["3"][-1] == 200 and len(ways["1-3"]) < 4


def test_what_is_gone_is_gone_as_data_too(client, db):
    store(parsed("S/2031/1", block("1", "先前的文字")))
    response = client.get("/S/2031/1/p/9", headers={"accept": "application/json"})
    assert client.get(response["Location"]).status_code == 404
    assert client.head("/S/2031/1", headers={"accept": "application/json"}).status_code == 303
    assert client.post("/S/2031/1", headers={"accept": "application/json"}).status_code == 405


# --- feeds ---

FEEDS = [
    ("/", ["/documents.atom", "/changes.atom"]),
    ("/S/2010/52", ["/S/2010/52/cited-by.atom", "/S/2010/52/history.atom"]),
    ("/S/RES/1540(2004)", ["/S/RES/1540(2004)/cited-by.atom"]),
    ("/S/2010/52/p/annex.14", ["/S/2010/52/p/annex.14/cited-by.atom", "/S/2010/52/history.atom"]),
    ("/documents?year=2016", ["/documents.atom?year=2016"]),
    ("/resolutions", []),
    ("/S/2099/9", []),
]


@pytest.mark.parametrize(("address", "feeds"), FEEDS)
def test_readers_of_feeds_find_them(client, bundled_index, address, feeds):
    tree = page(client, address) if address != "/S/2099/9" else None
    found = [
        link.attributes["href"]
        for link in (tree.all("link") if tree else [])
        if link.attributes.get("type") == "application/atom+xml" and link.attributes["rel"] == "alternate"
    ]
    assert found == feeds
    for feed in feeds:
        assert client.get(feed)["Content-Type"].startswith("application/atom+xml")
