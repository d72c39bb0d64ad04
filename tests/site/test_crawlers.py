"""Robots find each list once, and no page leads to what does not answer."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from archive.intake.importing import read_source
from archive.store.addresses.paths import ordered_query
from tests.tables import each_row
from tests.tools.crawling import Robots, crawl
from tests.tools.factories import parsed, store, taken_in
from tests.tools.pages import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bundled_index")]


@each_row("RULES")
def test_what_robots_may_ask(client, address, allowed, _remark):
    assert Robots(client.get("/robots.txt").content.decode()).allow(address) is allowed


@each_row("TWICE")
def test_conditions_stand_in_one_order_whichever_was_chosen_first(client, path, conditions):
    orders = [list(conditions.items()), list(conditions.items())[::-1]]
    pages = [page(client, f"{path}?{urlencode(order)}") for order in orders]
    links = [{link for link in tree.links if "?" in link} for tree in pages]
    assert links[0] == links[1]
    for link in links[0]:
        names = [
            name for name, _value in parse_qsl(urlsplit(link).query) if name != "ui"
        ]  # which stands last
        assert names == sorted(names), link
        assert not link.endswith("?"), "the list without conditions is the list"


@each_row("TWICE")
def test_a_list_under_conditions_asks_robots_to_go_no_further(client, path, conditions):
    for order in ({}, dict([next(iter(conditions.items()))]), conditions):
        said = [
            one.attributes["content"]
            for one in page(
                client, path + ordered_query({name: [value] for name, value in order.items()})
            ).all("meta")
            if one.attributes.get("name") == "robots"
        ]
        assert ("noindex, nofollow" in said) is bool(order)


def test_the_next_page_of_a_list_is_followed(client):
    assert "nofollow" not in client.get("/concepts?page=2").content.decode()


def test_one_address_for_equal_conditions():
    assert ordered_query({"year": ["2016"], "state": ["ESP", "ARG"]}) == "?state=ESP&state=ARG&year=2016"
    assert ordered_query({}) == ""


def test_who_cites_an_item_that_the_text_holds_in_one_paragraph_is_told(client):
    store(parsed("S/RES/2999(2031)", ("3", "决定：(a) 甲；(c) 丙。"), document_type="resolution"))
    cited = "第2999(2031)号决议第3(c)段"
    store(
        parsed(
            "S/2031/5",
            ("1", f"根据{cited}。"),
            mentions=[("1", "第2999(2031)号决议", "S/RES/2999(2031)", "3(c)")],
        )
    )
    address = "/S/RES/2999(2031)/p/3.c/cited-by"
    assert address in page(client, "/S/RES/2999(2031)").links
    tree = page(client, address)
    assert "第3(c)段" in tree.all("h1")[0].text and len(tree.all(css="hit")) == 1
    assert "/S/RES/2999(2031)/p/3.c" not in tree.links  # there is no such block
    assert client.get(f"{address}.json").json()["total"]["paragraphs"] == 1
    assert client.get("/S/RES/2999(2031)/p/3.d/cited-by").status_code == 404


def test_every_way_back_from_a_footnote_leads_to_its_mark(client):
    """Those in a title too: the head of the page showed it without its marks."""
    taken_in(read_source(Path(__file__).parents[1] / "documents" / "A_HRC_43_L.1.txt"))
    tree = page(client, "/A/HRC/43/L.1")
    back = [link.removeprefix("#") for link in tree.links if link.startswith("#r-")]
    assert len(back) == 3
    assert all(tree.with_id(mark) is not None for mark in back)
    assert tree.all("h1")[0].text == client.get("/A/HRC/43/L.1.json").json()["document"]["title"]


@pytest.mark.long
def test_a_robot_finds_nothing_broken_and_no_list_twice(client):
    done = crawl(client, of_a_kind=25)
    assert not done.broken
    assert not done.lost_fragments
    lists = [address for address in done.found if "?" in address and not address.startswith("/sitemap")]
    assert all("&" not in address and not address.endswith("?") for address in lists)
    assert done.asked > 500
