"""What harvesters make of a page: Zotero's "Embedded Metadata" by its documented rules, and schema.org."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.citations.harvest import json_ld, meta_tags, unsplit
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
    "citation_firstpage": "pages",
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
    if last := given.get("citation_lastpage"):
        item["pages"] += f"-{last}"
    for name, content in tags:
        if name.lower() in ("dc.identifier", "dcterms.identifier") and DOI.search(content):
            item["DOI"] = content
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
        "pages": "附件第14段",
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


# ``cleanDOI`` of Zotero's utilities, through which every identifier of Dublin Core goes.
DOI = re.compile(r"10(?:\.[0-9]{4,})?/[^\s]*[^\s.,]")
SYMBOLS = [
    ("S/2010/52", "a year that ends in 10"),
    ("S/PRST/2010/18", "one in the middle"),
    ("A/HRC/RES/10/1", "a tenth session"),
    ("S/AC.44/2004/(02)/10/Add.1", "a tenth report"),
    ("A/RES/ES-10/13", "a tenth emergency session"),
    ("E/2010/INF/2/Add.1", "the Council"),
    ("S/RES/1540(2004)", "none"),
]


@pytest.mark.parametrize(("symbol", "_remark"), SYMBOLS)
def test_no_symbol_becomes_a_doi(symbol, _remark):
    item = zotero(
        meta_tags(replace(FULL, symbol=symbol, link=f"https://archive.example/{symbol}/p/1/01234567"))
    )
    assert "DOI" not in item and item["reportNumber"] == symbol


@given(st.from_regex(r"[A-Z]{1,4}(/[A-Z0-9.()-]{1,8}){1,5}", fullmatch=True))
def test_no_symbol_whatever_becomes_a_doi(symbol):
    assert "DOI" not in zotero(meta_tags(replace(FULL, symbol=symbol)))


def test_the_reading_of_identifiers_above_finds_what_was_wrong():
    assert zotero([("DC.identifier", "S/2010/52")])["DOI"] == "S/2010/52"


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
    assert item.get("pages", "") == place and "DOI" not in item
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
