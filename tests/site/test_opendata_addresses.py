"""Maps and robots: what other sites and search engines are told."""

from __future__ import annotations

import json
import re
from urllib.parse import quote
from xml.etree import ElementTree

import pytest

from archive.export.dump import write_dump
from archive.models import Document, Paragraph
from archive.site.opendata import sitemaps
from archive.store.withholding.words import withheld_state
from tests.tools.factories import block, parsed, store
from tests.tools.pages import page

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


# --- What search engines of data sets and cards of links read in the head of a page ---


@pytest.fixture
def dump(settings, tmp_path):
    settings.OPEN_DATA_DIR = tmp_path / "dump"
    return settings.OPEN_DATA_DIR


def described(client) -> dict:
    response = client.get("/data")
    (script,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', response.content.decode())
    return json.loads(script)


def test_the_data_are_described_as_a_data_set_with_its_files(client, db, dump):
    store(parsed("S/2016/9", block("1", "甲"), communication_date="2016-03-01"))
    told = described(client)
    assert (told["@context"], told["@type"]) == ("https://schema.org", "Dataset")
    assert told["name"] and 50 <= len(told["description"]) <= 5000
    assert [file["name"] for file in told["distribution"]] == ["citations.csv"]
    manifest = write_dump(dump)
    told = described(client)
    files = {file["name"]: file for file in told["distribution"]}
    for file in manifest.files:
        assert files[file.name]["sha256"] == file.sha256
        assert files[file.name]["contentSize"] == str(file.bytes)
    for file in files.values():
        response = client.get(file["contentUrl"].removeprefix("http://testserver"))
        assert response.status_code == 200
        assert response["Content-Type"].startswith(file["encodingFormat"])
        response.getvalue()
    assert (told["version"], told["temporalCoverage"]) == (manifest.revision, "2016/2016")
    assert withheld_state() == manifest.withheld


EVIL = '"><script>alert(1)</script>&'


def card(client, address: str) -> dict[str, str]:
    tree = page(client, address)
    return {
        tag.attributes["property"]: tag.attributes["content"]
        for tag in tree.all("meta")
        if tag.attributes.get("property", "").startswith("og:")
    }


def test_links_to_pages_have_cards(client, db):
    store(parsed("S/2016/9", block("1", f"甲{EVIL}"), title="关于措施的信"))
    one = card(client, "/S/2016/9/p/1")
    assert one["og:title"] == "S/2016/9 第1段：关于措施的信"
    assert one["og:description"] == f"S/2016/9 第1段：甲{EVIL}"
    assert one["og:url"] == "http://testserver/S/2016/9/p/1"
    assert "og:type" not in one  # which Zotero would take for that of the document
    assert card(client, "/S/2016/9")["og:title"] == "S/2016/9 关于措施的信"
    home = card(client, "/")
    assert (home["og:title"], home["og:type"], home["og:locale"]) == ("1540文献库", "website", "zh_CN")
    assert card(client, "/documents")["og:title"] == "文件"
