"""Lists as reference managers read them: unAPI, by its specification and as Zotero's translator asks."""

from __future__ import annotations

from urllib.parse import quote
from xml.etree import ElementTree

import pytest
import rispy

from archive.models import Document, ShortLink

from .factories import parsed, store
from .pages import page
from .tables import rows_from

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bundled_index")]


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


LISTS = [
    ("/search?q=出口管制", 12, "results"),
    ("/search?q=出口管制&group=document", 8, "results by document"),
    ("/S/RES/1540(2004)/cited-by", 20, "who cites a resolution"),
    ("/documents", 5, "documents"),
]


@pytest.mark.parametrize("escape", [False, True])
@pytest.mark.parametrize(("address", "at_least", "_remark"), LISTS)
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


@pytest.mark.parametrize("address", ["/S/2010/52", "/S/2010/52/p/annex.14", "/S/2010/52/p/annex.14-16"])
def test_the_page_of_one_thing_has_none_for_they_would_outrank_its_tags(client, address):
    tree = page(client, address)
    assert not tree.all("abbr", "unapi-id")
    assert not [link for link in tree.all("link") if link.attributes.get("rel") == "unapi-server"]


ASKED = rows_from(__name__, "ASKED")


@pytest.mark.parametrize(("query", "status", "location", "_remark"), ASKED)
def test_what_unapi_answers(client, query, status, location, _remark):
    answer = client.get(f"/unapi{query}")
    assert (answer.status_code, answer.get("Location")) == (status, location)
    if status in (200, 300):
        assert ElementTree.fromstring(answer.content).tag == "formats"
