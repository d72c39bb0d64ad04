"""What harvesters make of a page: Zotero's "Embedded Metadata" by its documented rules, schema.org, COinS."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import replace
from urllib.parse import unquote

import pytest

from archive.citations.harvest import coins, json_ld, meta_tags, unsplit
from archive.citations.record import Name, Pinpoint, Record

from .pages import page

FULL = Record(
    symbol="S/2031/1",
    kind="letter",
    kind_chinese="信",
    title="某信",
    author=Name("某委员会", "Committee"),
    issued=dt.date(2031, 1, 5),
    year=2031,
    pinpoint=Pinpoint(("annex.14",), ("附件", "第14段"), ("annex", "para. 14")),
    link="https://archive.example/S/2031/1/p/annex.14/0123abcd",
    fingerprint="0123abcd",
    accessed=dt.date(2031, 2, 3),
)

# From the translator's table of Highwire names; a later name of the same field overrules.
HIGHWIRE = {
    "citation_title": "title",
    "citation_publication_date": "date",
    "citation_technical_report_institution": "institution",
    "citation_technical_report_number": "reportNumber",
    "citation_publisher": "publisher",
    "citation_public_url": "url",
    "citation_language": "language",
}
# From the RDF translator, which reads the Dublin Core tags first.
RDF = {
    "DC.title": "title",
    "DCTERMS.issued": "date",
    "DC.publisher": "institution",
    "DC.language": "language",
    "DC.type": "reportType",
    "DC.description": "extra",
}


def zotero(tags: list[tuple[str, str]]) -> dict:
    """The item that "Embedded Metadata" saves: type by strength, RDF first, Highwire over it, names split."""
    given = dict(tags)
    kind = "journalArticle"
    if "citation_technical_report_institution" in given:
        kind = "report"
    item = {"itemType": given.get("z:itemType", kind)}
    item |= {field: given[name] for name, field in RDF.items() if name in given}
    item |= {field: given[name] for name, field in HIGHWIRE.items() if name in given}
    item["creators"] = [
        _creator(name)
        for written in (content for name, content in tags if name == "citation_author")
        for name in re.split(r"\s*;\s*", written)
    ]
    return item


def _creator(name: str) -> tuple[str, str]:
    """(family name, given name): by the comma where there is one, else by the last space."""
    if "," in name:
        family, _comma, given = name.partition(",")
        return family.strip(), given.strip()
    given, _space, family = name.rpartition(" ")
    return family, given


def test_zotero_saves_a_report_with_its_symbol_author_date_and_permalink():
    assert zotero(meta_tags(FULL)) == {
        "itemType": "report",
        "title": "某信",
        "date": "2031/01/05",
        "reportNumber": "S/2031/1",
        "reportType": "信",
        "url": FULL.link,
        "language": "zh-CN",
        "extra": "文字指纹：0123abcd",
        "creators": [("某委员会", "")],
    }


def test_an_undated_document_has_an_estimate_in_brackets_and_no_date_of_publication():
    tags = dict(meta_tags(replace(FULL, issued=None)))
    assert tags["DCTERMS.issued"] == "[2031]"
    assert "citation_publication_date" not in tags
    assert "DCTERMS.issued" not in dict(meta_tags(replace(FULL, issued=None, year=None)))


@pytest.mark.parametrize(
    "name", ["某委员会", "EU 某机构", "A, B 和 C", "甲;乙", "United Nations Security Council"]
)
def test_a_corporate_name_stays_one_name(name):
    (creator,) = zotero([("citation_author", unsplit(name))])["creators"]
    assert creator == (name.replace(",", "，").replace(";", "；"), "")


def test_no_tag_makes_a_publisher_or_a_web_page_of_a_report():
    names = [name for name, _content in meta_tags(FULL)]
    assert not {
        "citation_technical_report_institution",
        "DC.publisher",
        "og:type",
        "citation_publisher",
    } & set(names)


def test_json_ld_tells_the_part_and_the_report_it_is_a_part_of():
    data = json.loads(json_ld(FULL))
    assert (data["@type"], data["name"], data["version"]) == (
        "CreativeWork",
        "S/2031/1 附件第14段",
        "0123abcd",
    )
    assert data["isPartOf"]["@type"] == "Report"
    assert data["isPartOf"]["reportNumber"] == "S/2031/1"
    assert data["isPartOf"]["datePublished"] == "2031-01-05"
    whole = json.loads(json_ld(replace(FULL, pinpoint=None, issued=None, author=Name())))
    assert whole["@type"] == "Report"
    assert not {"datePublished", "author"} & whole.keys()


@pytest.mark.parametrize(
    "evil", ["</script><script>alert(1)</script>", "<!--", "]]>", "&lt;", "\u2028", "\\u003C", '"}']
)
def test_json_ld_cannot_end_its_element(evil):
    text = json_ld(replace(FULL, title=evil))
    assert not re.search("[<>&\u2028]", text)
    assert json.loads(text)["isPartOf"]["name"] == evil


def test_coins_keep_the_symbol_and_no_sign_that_readers_split_at():
    span = coins(replace(FULL, title="a=b+c & d"))
    pairs = dict(pair.split("=") for pair in span.split("&"))
    assert unquote(pairs["rft.btitle"]) == "a＝b＋c & d：S/2031/1"
    assert unquote(pairs["rft_id"]) == FULL.link
    assert "+" not in span


# --- in the pages ---


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "place"),
    [("/S/AC.44/SR.74", ""), ("/S/AC.44/SR.74/p/14", "第14段"), ("/S/AC.44/SR.74/p/14-16", "第14至16段")],
)
def test_pages_carry_tags_data_and_the_addresses_of_the_files(client, bundled_documents, address, place):
    tree = page(client, address)
    tags = [
        (meta.attributes["name"], meta.attributes["content"])
        for meta in tree.all("meta")
        if "name" in meta.attributes
    ]
    item = zotero(tags)
    assert (item["itemType"], item["reportNumber"], item["date"]) == ("report", "S/AC.44/SR.74", "2016/11/20")
    assert item["creators"] == [("安全理事会第1540(2004)号决议所设委员会", "")]
    assert item["url"].startswith(f"http://testserver{address}")
    (block,) = [
        script for script in tree.all("script") if script.attributes.get("type") == "application/ld+json"
    ]
    data = json.loads(block.text)
    assert data["url"] == item["url"]
    assert place in data["name"]
    files = [
        link.attributes["href"]
        for link in tree.all("link")
        if link.attributes.get("type", "").endswith(("systems", "bibtex", "csl+json"))
    ]
    assert files == [f"http://testserver{address}.{ending}" for ending in ("ris", "bib", "csl.json")]
    assert not tree.all(css="Z3988")
