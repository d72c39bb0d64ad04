"""Maps, robots and cards: what other sites and search engines are told."""

from __future__ import annotations

from urllib.parse import quote
from xml.etree import ElementTree

import pytest

from archive.editing.retirement import held, withdraw_document
from archive.models import Document, Paragraph
from archive.opendata import sitemaps
from archive.shortlinks import code_of
from archive.text.fingerprint import fingerprint

from .factories import block, parsed, store
from .pages import page, read

pytestmark = pytest.mark.django_db

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
HOST = "http://testserver"


def locations(client, address: str = "/sitemap.xml") -> dict[str, str | None]:
    """Address → last change, of a map or of all maps of an index."""
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/xml"
    root = ElementTree.fromstring(response.content)
    found: dict[str, str | None] = {}
    for entry in root:
        location = entry.findtext(f"{MAP}loc").removeprefix(HOST)
        more = (
            {location: entry.findtext(f"{MAP}lastmod")}
            if entry.tag == f"{MAP}url"
            else locations(client, location)
        )
        assert not found.keys() & more.keys()
        found |= more
    return found


def test_the_map_has_every_document_and_paragraph_once_with_its_last_change(client, bundled_documents):
    found = locations(client)
    for document in Document.objects.all():
        assert found[f"/{document.symbol}"] == document.changed.date().isoformat()
    paragraphs = Paragraph.objects.exclude(kind=Paragraph.Kind.HEADING)
    assert sum("/p/" in address for address in found) == paragraphs.count()


def test_every_page_of_the_site_is_in_the_map_with_the_date_of_its_last_change(client, bundled_documents):
    """What a robot may find by following links, but for searches and pages that say so themselves."""
    found = locations(client)
    assert None not in found.values()
    for address in (
        "/", "/documents", "/matrix", "/speakers", "/treaties", "/wanted", "/coverage", "/changes", "/api",
        "/S/RES/1540(2004)", "/S/RES/1810(2008)", "/bodies/1540-committee", "/states/CUB", "/years/2016",
        "/treaties/cwc",
    ):  # fmt: skip
        assert address in found
    assert sum(address.startswith("/speakers/") for address in found) > 10
    assert not {"/search", "/concordance", "/check", "/go", "/states/FJI"} & found.keys()


def test_every_address_of_the_map_answers_and_is_the_canonical_one(client, bundled_documents):
    found = list(locations(client))
    few = [one for one in found if "/p/" not in one and "/concepts/" not in one]
    for address in found[::58] + few[::6]:
        tree = page(client, address)
        canonical = [
            link.attributes["href"] for link in tree.all("link") if link.attributes.get("rel") == "canonical"
        ]
        assert canonical == [HOST + quote(address, safe="/()%.:")]


def test_a_map_that_would_be_too_long_is_an_index_of_maps(client, bundled_documents, monkeypatch):
    whole = locations(client)
    monkeypatch.setattr(sitemaps, "MOST", 40)
    for section in sitemaps.SECTIONS.values():
        monkeypatch.setattr(section, "limit", 40)
    index = ElementTree.fromstring(client.get("/sitemap.xml").content)
    assert index.tag == f"{MAP}sitemapindex"
    assert locations(client) == whole


def test_robots_are_told_the_policy_and_where_the_map_is(client, db):
    text = client.get("/robots.txt").content.decode()
    assert f"Sitemap: {HOST}/sitemap.xml" in text
    assert f"{HOST}/data" in text
    assert "Disallow: /search\n" in text
    assert "Disallow: /S" not in text


# --- cards ---


def test_a_paragraph_page_leads_to_its_card(client, bundled_documents):
    tree = page(client, "/S/2010/52/p/annex.14")
    found = [link for link in tree.all("link") if link.attributes.get("type") == "application/json+oembed"]
    assert len(found) == 1
    told = client.get(found[0].attributes["href"].removeprefix(HOST)).json()
    assert (told["version"], told["type"], told["title"]) == ("1.0", "rich", "S/2010/52 附件第14段")
    text = Paragraph.objects.get(document__symbol="S/2010/52", anchor="annex.14").text
    tree, problems = read(told["html"])
    assert not problems
    assert tree.all("p")[0].text == text
    assert client.get(tree.links[0].removeprefix(HOST)).status_code == 200
    assert client.get(told["author_url"].removeprefix(HOST)).status_code == 200


def card(client, address: str, **more: str):
    return client.get("/oembed", {"url": address, **more})


CARDS = [
    # address, further parameters, status
    (f"{HOST}/S/2010/52/p/annex.14", {}, 200),
    (f"{HOST}/S/2010/52/p/annex.14", {"format": "json", "maxwidth": "300"}, 200),
    ("/S/2010/52/p/annex.14", {}, 200),  # without the host
    (f"{HOST}/S/2010/52/p/annex.14", {"format": "xml"}, 501),  # as the standard has it
    (f"{HOST}/S/2010/52/p/annex.14", {"maxwidth": "wide"}, 400),
    (f"{HOST}/S/2010/52/p/annex.14?utm_source=x#a", {}, 200),  # with what others hung on it
    (f"{HOST}/S/2010/52/p/annex.14.", {}, 200),  # at the end of a sentence
    (f"{HOST}/S/2010/52/p/annex.14。", {}, 200),
    (f"{HOST}/S/2010/52/p/annex.14)，见下文", {}, 200),
    (f"{HOST}/s/2010/52/p/annex.14/", {}, 200),  # another spelling
    (f"{HOST}/S/2010/52/p/14", {}, 200),  # a number that occurs once
    (f"{HOST}/S/2010/52/p/14/3373bb0d", {}, 200),
    (f"{HOST}/S/2010/52/p/annex.14-16", {}, 200),  # a range
    (f"{HOST}/S/2010/52/p/14-16", {}, 200),
    (f"{HOST}/S/2010/52/p/annex.14-16/d34a55df", {}, 200),
    (f"{HOST}/S/2010/52/p/14-16/d34a55df。", {}, 200),
    (f"{HOST}/c/{{code}}", {}, 200),  # a short link
    (f"{HOST}/c/{{code}}?from=singlemessage", {}, 200),
    (f"{HOST}/c/00000000", {}, 404),
    (f"{HOST}/S/2010/52/p/annex.14/33", {}, 404),  # cut short: it proves nothing
    (f"{HOST}/S/2010/52/p/annex.14-16/00000000", {}, 404),
    (f"{HOST}/S/2010/52/p/annex.14.json", {}, 200),  # its JSON twin
    (f"{HOST}/S/2010/52/p/annex.14.ris", {}, 404),
    (f"{HOST}/S/2010/52/p/99", {}, 404),
    (f"{HOST}/S/2010/52/p/annex.14/00000000", {}, 404),  # words that were never there
    (f"{HOST}/S/2010/52", {}, 404),  # a document is no card
    (f"{HOST}/admin/", {}, 404),
    ("https://elsewhere.example/S/2010/52/p/annex.14", {}, 404),
    ("", {}, 400),
    ("http://[", {}, 400),
    ("\x00", {}, 400),
]


@pytest.mark.parametrize(("address", "more", "status"), CARDS)
def test_only_paragraphs_of_ours_have_cards(client, bundled_documents, address, more, status):
    if "{code}" in address:
        address = address.format(code=code_of("S/2010/52", "annex.14", "3373bb0d"))
    response = card(client, address, **more)
    assert response.status_code == status
    kind = "application/json" if status == 200 else "application/problem+json"
    assert response["Content-Type"] == kind


def test_a_card_is_as_wide_as_it_may_be(client, bundled_documents):
    told = card(client, "/S/2010/52/p/annex.14", maxwidth="300").json()
    assert told["width"] == 300


def test_words_of_documents_never_become_markup_of_other_sites(client, db):
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'"
    store(parsed("S/2031/1", block("1", evil), title=evil, organ=evil))
    html = card(client, "/S/2031/1/p/1").json()["html"]
    tree, problems = read(html)
    assert not problems
    assert {element.tag for element in tree.walk()} == {"blockquote", "p", "footer", "a"}
    assert tree.all("p")[0].text == evil


def test_a_card_of_changed_words_quotes_those_that_were_cited_and_says_so(client, db):
    store(parsed("S/2031/1", block("1", "旧的文字"), block("2", "第二段")))
    old = Paragraph.objects.get(anchor="1").fingerprint
    pair = fingerprint("旧的文字\n第二段")
    cited = [f"/S/2031/1/p/1/{old}", f"/c/{code_of('S/2031/1', '1', old)}", f"/S/2031/1/p/1-2/{pair}"]
    for address in cited:
        assert card(client, address).json()["fate"] == "identical"
    store(parsed("S/2031/1", block("1", "新的文字"), block("2", "第二段")))
    for address in cited:
        told = card(client, address).json()
        assert told["fate"] == "edited"
        assert (
            "旧的文字" in told["html"] and "后来已经改动" in told["html"] and "新的文字" not in told["html"]
        )
        tree, _problems = read(told["html"])
        assert page(client, tree.links[0].removeprefix(HOST)).text.count("新的文字")
    assert card(client, "/S/2031/1/p/1").json()["title"] == "S/2031/1 第1段"
    assert "新的文字" in card(client, "/S/2031/1/p/1").json()["html"]
    withdraw_document(held("S/2031/1"), by="编者", reason="重复")
    for address in cited:
        assert card(client, address).status_code == 410


def test_a_card_is_made_whatever_the_reader_has_of_the_page(client, bundled_documents):
    """If-None-Match is asked of the card, not of the page that it is made of."""
    mark = client.get("/S/2010/52/p/annex.14.json")["ETag"]
    asked = {"If-None-Match": mark, "If-Modified-Since": "Thu, 01 Jan 2099 00:00:00 GMT"}
    answer = client.get("/oembed", {"url": "/S/2010/52/p/annex.14"}, headers=asked)
    assert answer.json()["title"] == "S/2010/52 附件第14段"
    again = client.get("/oembed", {"url": "/S/2010/52/p/annex.14"}, headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
