"""The files of a citation are read back by other people's parsers to the facts that went in."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import replace
from urllib.parse import quote
from xml.etree import ElementTree

import bibtexparser
import pytest
import rispy
from bibtexparser.bparser import BibTexParser
from hypothesis import given
from hypothesis import strategies as st

from archive.models import Document, ShortLink
from archive.site.citations.facts import one_line
from archive.site.citations.page_metadata import json_ld, meta_tags, unsplit
from archive.site.citations.record import Name, Pinpoint, Record
from archive.site.citations.reference_files import FILES, LATEX
from tests.tables import each_row, rows_from
from tests.tools import citing
from tests.tools.factories import parsed, store
from tests.tools.pages import page

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


# --- what each parser gives back, as one row: symbol, author, title, date, place, link, access ---


def from_ris(text: str) -> tuple:
    (entry,) = rispy.loads(text)
    date = entry.get("date", entry.get("year", "")).rstrip("/").replace("/", "-")
    return (
        entry["issn"],
        (entry.get("authors") or [""])[0],
        entry["title"],
        date,
        entry.get("start_page", ""),
        (entry.get("urls") or [""])[0],
        entry.get("access_date", "").rstrip("/").replace("/", "-"),
    )


UNLATEX = {written: chr(sign) for sign, written in LATEX.items()}


def plain(latex: str, braced: bool = False) -> str:
    """What LaTeX prints for a text of ours; ``braced`` where it stands in braces of its own."""
    if braced and latex:
        assert (latex[0], latex[-1]) == ("{", "}")
        latex = latex[1:-1]
    pattern = "|".join(sorted(map(re.escape, UNLATEX), key=len, reverse=True))
    return re.sub(pattern, lambda found: UNLATEX[found[0]], latex)


def from_bibtex(text: str) -> tuple:
    parser = BibTexParser(common_strings=True, ignore_nonstandard_types=False, interpolate_strings=False)
    (entry,) = bibtexparser.loads(text, parser).entries
    assert entry["ENTRYTYPE"] == "techreport"
    assert entry.get("date", "")[:4] in ("", entry.get("year"))
    return (
        plain(entry["number"]),
        plain(entry.get("author", ""), braced=True),
        plain(entry["title"], braced=True),
        entry.get("date", entry.get("year", "")),
        plain(entry.get("pages", "")),
        entry.get("url", ""),
        entry.get("urldate", ""),
    )


def from_csl(text: str) -> tuple:
    (item,) = json.loads(text)
    return (
        item["number"],
        item.get("author", [{"literal": ""}])[0]["literal"],
        item["title"],
        _date(item.get("issued")),
        item.get("page", ""),
        item.get("URL", ""),
        _date(item.get("accessed")),
    )


def _date(value: dict | None) -> str:
    if not value:
        return ""
    return value.get("literal") or "{:04d}-{:02d}-{:02d}".format(*value["date-parts"][0])


READERS = {"ris": from_ris, "bib": from_bibtex, "csl.json": from_csl}


def facts(record: Record, ending: str = "") -> tuple:
    estimated = f"{record.year}" if ending == "ris" else f"[{record.year}]"
    date = record.issued.isoformat() if record.issued else estimated if record.year else ""
    read = record.accessed.isoformat() if record.accessed and record.year else ""
    title = record.title or f"[{record.kind_chinese}]"
    return (record.symbol, record.author.chinese, title, date, record.place, record.link, read)


@pytest.mark.parametrize("ending", FILES)
def test_bundled_documents_survive_the_round_trip(bundled_documents, ending):
    count = 0
    for document in Document.objects.select_related("body", "state"):
        for record in citing.records_of(document):
            assert READERS[ending](FILES[ending](record)) == facts(record, ending)
            count += 1
    assert count > 40


@pytest.mark.parametrize("ending", FILES)
@pytest.mark.parametrize(
    "record",
    [
        FULL,
        replace(FULL, issued=None),
        replace(FULL, issued=None, year=None),
        replace(FULL, pinpoint=None, fingerprint=""),
        replace(FULL, author=Name(), title=""),
    ],
    ids=["full", "undated", "no year", "whole document", "no author, no title"],
)
def test_what_is_not_known_is_not_in_the_file(ending, record):
    assert READERS[ending](FILES[ending](record)) == facts(record, ending)


NASTY = st.text(
    alphabet=st.sampled_from("{}\\%\"'\n\r\t\x0b\x1c\x85\u2028&#$_~^@=,;:()[]<>-–—“”‘’ /ER TY第14段abc")
).map(one_line)
WORDS = (NASTY | st.text(max_size=40).map(one_line)).filter(lambda text: text.strip())


@pytest.mark.parametrize("ending", FILES)
@given(title=WORDS, author=WORDS, place=WORDS)
def test_no_sign_in_a_title_or_name_is_lost_or_breaks_the_file(ending, title, author, place):
    record = replace(
        FULL, title=title, author=Name(author, author), pinpoint=Pinpoint(("14",), (place,), (place,))
    )
    expected = list(facts(record))
    if ending == "ris":  # a half-width comma would part family name and given name
        expected[1] = author.replace(",", "，")
    assert READERS[ending](FILES[ending](record)) == tuple(expected)


@given(text=st.text())
def test_one_line_has_no_line_break_for_any_parser(text):
    assert one_line(text).splitlines() in ([], [one_line(text)])
    assert not re.search(r"[\x00-\x1f\x7f-\x9f]", one_line(text))


# --- the rules of the classic styles (btxdoc, 3.1): a techreport, its required and its optional fields ---

CLASSIC = {"author", "title", "institution", "year", "type", "number", "address", "month", "note", "key"}


@pytest.mark.parametrize(
    ("record", "year"), [(FULL, "2031"), (replace(FULL, issued=None), "[2031]")], ids=["dated", "estimated"]
)
def test_classic_styles_find_symbol_and_year(record, year):
    parser = BibTexParser(ignore_nonstandard_types=True)  # @report is unknown to them, and left out
    (entry,) = bibtexparser.loads(FILES["bib"](record), parser).entries
    assert {"author", "title", "year", "type", "number"} <= CLASSIC & entry.keys()
    assert (entry["type"], entry["number"], entry["year"]) == ("信", "S/2031/1", year)
    assert "  institution = {}," in FILES["bib"](record)


@pytest.mark.parametrize(
    ("record", "year"),
    [(FULL, "2031"), (replace(FULL, issued=None), "2031"), (replace(FULL, issued=None, year=None), "")],
)
def test_a_year_in_ris_is_four_digits_or_none(record, year):
    """RIS: ``PY  - YYYY``; that it is inferred is told by the note."""
    lines = FILES["ris"](record).splitlines()
    assert [line for line in lines if line.startswith("PY")] == ([f"PY  - {year}"] if year else [])
    assert (record.issued is None and year != "") == any("推定" in line for line in lines)


# --- the rules of CSL-JSON (citation-style-language/schema, csl-data.json) ---

STRINGS = {"id", "type", "genre", "title", "number", "page", "URL", "language", "note"}
DATES = {"issued", "accessed"}


@pytest.mark.parametrize(
    "record", [FULL, replace(FULL, issued=None), replace(FULL, author=Name(), year=None, issued=None)]
)
def test_csl_json_keeps_to_the_schema(record):
    (item,) = json.loads(FILES["csl.json"](record))
    assert item.keys() <= STRINGS | DATES | {"author", "custom"}
    assert {"id", "type"} <= item.keys()
    assert item["type"] == "report"
    assert all(isinstance(item[name], str) for name in STRINGS & item.keys())
    for name in DATES & item.keys():
        assert item[name].keys() in ({"date-parts"}, {"literal"})
        for parts in item[name].get("date-parts", []):
            assert 1 <= len(parts) <= 3
            assert all(isinstance(part, int) for part in parts)
    for author in item.get("author", []):
        assert author.keys() == {"literal"}
    assert "publisher" not in item  # with one, GB/T styles make a book of a report
    assert isinstance(item["custom"], dict)


def test_an_item_without_year_has_no_access_date_that_a_style_could_print_as_the_year():
    (item,) = json.loads(FILES["csl.json"](replace(FULL, issued=None, year=None)))
    assert "accessed" not in item
    assert "查阅日期：2031-02-03" in item["note"]


def test_ris_is_a_report_whose_number_is_the_symbol():
    lines = FILES["ris"](FULL).split("\r\n")
    assert lines[0] == "TY  - RPRT"
    assert lines[-2:] == ["ER  - ", ""]
    assert "SN  - S/2031/1" in lines
    assert not [line for line in lines if line.startswith(("IS", "PB"))]


@each_row()
def test_keys_are_plain_names(symbol, anchors, key):
    assert replace(FULL, symbol=symbol, pinpoint=Pinpoint(anchors, (), ())).key == key


# ---
# What harvesters make of a page: Zotero's "Embedded Metadata" by its documented rules, and schema.org.

# From the translator's table of Highwire names; a later name of the same field overrules.
HIGHWIRE = rows_from(__name__, "HIGHWIRE")


# From the RDF translator, which reads the Dublin Core tags first.
RDF = rows_from(__name__, "RDF")


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


@each_row("SYMBOLS")
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


# --- Lists as reference managers read them: unAPI, by its specification and as Zotero's translator asks ---


def saved(client, address: str, escape: bool) -> list[dict]:
    """What Zotero saves from a page: each identifier asked for in RIS, some versions escaping it."""
    tree = page(client, address)
    (server,) = [
        link.attributes["href"] for link in tree.all("link") if link.attributes.get("rel") == "unapi-server"
    ]
    formats = ElementTree.fromstring(client.get(server).content)
    assert [one.attrib["name"] for one in formats] == ["ris", "bibtex"]
    items = []
    for abbr in tree.all("abbr", "unapi-id"):
        identifier = abbr.attributes["title"]
        identifier = quote(identifier, safe="") if escape else identifier
        answer = client.get(f"{server}?id={identifier}&format=ris", follow=True)
        assert answer.status_code == 200, identifier
        items += rispy.loads(answer.content.decode())
    return items


@pytest.mark.django_db
@pytest.mark.usefixtures("bundled_index")
@pytest.mark.parametrize("escape", [False, True])
@pytest.mark.parametrize(("address", "at_least", "_remark"), rows_from(__name__, "LISTS"))
def test_each_entry_of_a_list_is_a_record_with_number_place_and_link(
    client, address, at_least, _remark, escape
):
    items = saved(client, address, escape)
    assert len(items) >= at_least
    held = {document.symbol: document for document in Document.objects.all()}
    for item in items:
        document = held[item["issn"]]
        assert (item["type_of_reference"], item["title"]) == ("RPRT", document.title)
        assert item["urls"][0].startswith(f"http://testserver/{quote(document.symbol, safe='/()')}")
        assert ("start_page" in item) == ("/p/" in item["urls"][0])


@pytest.mark.django_db
@pytest.mark.usefixtures("bundled_index")
def test_a_basket_is_a_list_also_of_what_was_edited(client):
    store(parsed("S/2031/8", ("1", "甲"), ("2", "乙")))
    codes = list(
        ShortLink.objects.filter(symbol="S/2031/8").order_by("anchor").values_list("code", flat=True)
    )
    store(parsed("S/2031/8", ("1", "甲改"), ("2", "乙")))
    items = saved(client, f"/basket?c={codes[0]}&c={codes[1]}", escape=True)
    assert [(item["start_page"], item.get("abstract")) for item in items] == [
        ("第1段", "甲"),
        ("第2段", None),
    ]


@pytest.mark.django_db
@pytest.mark.usefixtures("bundled_index")
@pytest.mark.parametrize("address", ["/S/2010/52", "/S/2010/52/p/annex.14", "/S/2010/52/p/annex.14-16"])
def test_the_page_of_one_thing_has_none_for_they_would_outrank_its_tags(client, address):
    tree = page(client, address)
    assert not tree.all("abbr", "unapi-id")
    assert not [link for link in tree.all("link") if link.attributes.get("rel") == "unapi-server"]


@pytest.mark.django_db
@pytest.mark.usefixtures("bundled_index")
@each_row("ASKED")
def test_what_unapi_answers(client, query, status, location, _remark):
    answer = client.get(f"/unapi{query}")
    assert (answer.status_code, answer.get("Location")) == (status, location)
    if status in (200, 300):
        assert ElementTree.fromstring(answer.content).tag == "formats"
