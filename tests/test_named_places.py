"""A page calls its paragraph as it is cited, and marks it among its neighbours for ears as for eyes."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.http.addresses import paragraph_path
from archive.importing import parse_source, read_source
from archive.ingest import store_document
from archive.text.parsed import Kind

from .factories import block, parsed, stored
from .pages import page

pytestmark = pytest.mark.django_db

DOCUMENTS = Path(__file__).parent / "documents"


@pytest.fixture
def numbered_anew(db):
    """A/71/450, whose third section counts its paragraphs from 1 again."""
    source = read_source(DOCUMENTS / "A_71_450.txt")
    return store_document(parse_source(source), source)


CALLED = [
    ("/A/71/450/p/s3.h1.1", "第三节第1段", "numbered anew in its section"),
    ("/A/71/450/p/1", "第1段", "the document's first"),
    (
        "/A/71/450/p/s3.h1.u1",
        "第三节，“防止恐怖分子获取大规模毁灭性武器的措施”下未编号第1段",
        "without number",
    ),
]


@pytest.mark.parametrize(("address", "called", "_remark"), CALLED)
def test_the_heading_names_the_place_as_it_is_cited(client, numbered_anew, address, called, _remark):
    tree = page(client, address)
    (heading,) = tree.all("h1")
    assert heading.all("span")[-1].text == called
    assert called in tree.all("title")[0].text
    assert client.get(f"{address}.json").json()["paragraph"]["name"] == called
    assert client.get(f"{address}/cite.json").json()["pinpoint"] == called


DOUBLED = [
    # anchor, what it is called, which of the two it is
    ("2", "第2段(同号第一处)", "第一处"),
    ("2_2", "第2段(同号第二处)", "第二处"),
    ("3_2.a", "第3(a)段(同号第二处)", "第二处"),
]


@pytest.mark.parametrize(("anchor", "called", "which"), DOUBLED)
def test_a_number_that_occurs_twice_is_told_at_the_place_and_in_its_citation(
    client, db, anchor, called, which
):
    item = {"kind": Kind.SUBPARAGRAPH, "number": "a"}
    rows = [block(name, f"文字{name}", number=name[0]) for name in ("1", "2", "2_2", "3")]
    rows += [block("3.a", "戊", parent="3", **item), block("3_2", "己", number="3")]
    stored(parsed("S/2031/5", *rows, block("3_2.a", "庚", parent="3_2", **item)))
    tree = page(client, f"/S/2031/5/p/{anchor}")
    (heading,) = tree.all("h1")
    assert heading.all("span")[-1].text == called
    assert f"这个编号在文件中有2处，这里是{which}" in tree.text
    told = client.get(f"/S/2031/5/p/{anchor}.json").json()
    assert len(told["same_number"]) == 2 and f"/S/2031/5/p/{anchor}" in told["same_number"]
    cited = client.get(f"/S/2031/5/p/{anchor}/cite.json").json()
    assert which in cited["pinpoint"] and "so numbered" in cited["pinpoint_english"]
    assert all(which in form or "so numbered" in form for form in cited["forms"].values())
    assert "有2处" not in page(client, "/S/2031/5/p/1").text


def test_every_page_is_called_as_it_is_cited(client, bundled_documents):
    for symbol, document in bundled_documents.items():
        for anchor in list(document.paragraphs.values_list("anchor", flat=True))[::9]:
            address = paragraph_path(symbol, anchor)
            name = client.get(f"{address}.json").json()["paragraph"]["name"]
            assert name == client.get(f"{address}/cite.json").json()["pinpoint"]


def test_a_range_is_called_as_it_is_cited(client, bundled_documents):
    address = "/S/2010/52/p/annex.14-16"
    (heading,) = page(client, address).all("h1")
    assert heading.text.endswith(client.get(f"{address}/cite.json").json()["pinpoint"])


@pytest.mark.parametrize("address", ["/S/2010/52/p/annex.14", "/S/AC.44/SR.74/p/2"])
def test_the_cited_paragraph_among_its_neighbours_is_marked_for_ears(client, bundled_documents, address):
    tree = page(client, address)
    name = client.get(f"{address}.json").json()["paragraph"]["name"]
    blocks = tree.all(css="neighbours")[0].all(css="paragraph")
    (focus,) = [block for block in blocks if "aria-current" in block.attributes]
    assert "focus" in focus.classes and focus.attributes["aria-label"] == f"本页的段落：{name}"
    said = [block.all("a", "number")[0].attributes["aria-label"] for block in blocks if block is not focus]
    assert [label.partition("：")[0] for label in said] == ["上一段", "下一段"]
