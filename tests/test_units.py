"""A paragraph with items is shown, quoted and cited whole; its link tells what became of all its words."""

from __future__ import annotations

import pytest

from archive.text.fingerprint import fingerprint
from archive.text.parsed import Kind

from .factories import block, parsed, stored
from .pages import page

pytestmark = pytest.mark.django_db


def resolution(last: str = "国内管制。", items: bool = True):
    below = [
        block("3.a", "会计；", kind=Kind.SUBPARAGRAPH, number="a", parent="3"),
        block("3.a.i", "实物；", kind=Kind.SUBPARAGRAPH, number="i", parent="3.a"),
        block("3.b", last, kind=Kind.SUBPARAGRAPH, number="b", parent="3"),
    ]
    head = block("3", "决定各国应建立管制，并为此：")
    blocks = [block("2", "甲。"), head, *(below if items else []), block("4", "乙。")]
    return stored(parsed("S/2031/8", *blocks))


WORDS = "决定各国应建立管制，并为此：\n会计；\n实物；\n国内管制。"


def test_the_whole_unit_is_shown_and_quoted_with_its_numbers(client):
    resolution()
    tree = page(client, "/S/2031/8/p/3")
    link = f"/S/2031/8/p/3-3.b/{fingerprint(WORDS)}"
    assert "/S/2031/8/p/3-3.b" in tree.links
    for words in (
        "会计；",
        "实物；",
        "国内管制。",
        "(a) 会计；",
        "(i) 实物；",
        "3. 决定各国应建立管制，并为此：",
    ):
        assert words in tree.text
    assert "“3. 决定各国应建立管制，并为此：" in tree.text
    assert any(address.endswith(link) for address in tree.links)


def test_programs_get_the_unit_with_its_link(client):
    resolution()
    unit = client.get("/S/2031/8/p/3.json").json()["unit"]
    assert unit == {
        "anchors": ["3", "3.a", "3.a.i", "3.b"],
        "text": WORDS,
        "numbered_text": "3. 决定各国应建立管制，并为此：\n(a) 会计；\n(i) 实物；\n(b) 国内管制。",
        "fingerprint": fingerprint(WORDS),
        "url": "/S/2031/8/p/3-3.b",
        "permalink": f"/S/2031/8/p/3-3.b/{fingerprint(WORDS)}",
    }
    assert client.get("/S/2031/8/p/3.a.json").json()["unit"]["anchors"] == ["3.a", "3.a.i"]
    assert client.get("/S/2031/8/p/3.b.json").json()["unit"] is None
    assert client.get("/S/2031/8/p/2.json").json()["unit"] is None


@pytest.mark.parametrize(("words", "anchors"), [("要点：", ["h1", "h1.a"]), ("要点", None)])
def test_a_heading_is_a_chapeau_where_it_ends_with_a_colon(client, words, anchors):
    head = block("h1", words, kind=Kind.HEADING)
    item = block("h1.a", "甲；", kind=Kind.SUBPARAGRAPH, number="a", parent="h1")
    stored(parsed("S/2031/8", head, item))
    unit = client.get("/S/2031/8/p/h1.json").json()["unit"]
    assert (unit and unit["anchors"]) == anchors


def test_every_form_of_the_unit_answers(client):
    resolution()
    for tail in ("", ".json", ".txt", ".ris", ".bib", ".csl.json", "/cite", f"/{fingerprint(WORDS)}"):
        assert client.get(f"/S/2031/8/p/3-3.b{tail}").status_code == 200, tail


@pytest.mark.parametrize(("change", "fate"), [({}, "identical"), ({"last": "出口管制。"}, "edited")])
def test_the_link_of_a_unit_survives_an_edit_of_any_item(client, change, fate):
    resolution()
    link = client.get("/S/2031/8/p/3.json").json()["unit"]["permalink"]
    resolution(**change)
    told = client.get(f"{link}.json").json()
    assert told["fate"] == fate
    if fate == "edited":
        assert told["then"]["text"] == WORDS


def test_a_unit_whose_items_are_gone_still_tells_what_was_cited(client):
    resolution()
    link = client.get("/S/2031/8/p/3.json").json()["unit"]["permalink"]
    resolution(items=False)
    told = client.get(f"{link}.json")
    assert told.status_code == 410
    assert told.json()["then"]["text"] == WORDS
