"""The list of what a paragraph mentions: each target once, runs of paragraphs as ranges."""

from __future__ import annotations

import pytest

from .factories import parsed, store
from .pages import page

pytestmark = pytest.mark.django_db
TEXT = "第1540(2004)号决议第3段、该决议第3段、决议1540第3段；S/2031/2号文件；S/2031/9号文件。"


@pytest.fixture
def letter(db):
    store(parsed("S/2031/2", *((f"annex.{n}", f"第{n}段的文字。") for n in range(1, 9))))


LISTED = [
    # mentions as (surface, symbol, pinpoint, certain); what is listed; where the links lead
    (
        [("第1540(2004)号决议", "S/RES/1540(2004)", "3"), ("决议1540", "S/RES/1540(2004)", "3")],
        ["第3段 文中作“第1540(2004)号决议”“决议1540”，2处"],
        ["/S/RES/1540(2004)/p/3"],
    ),
    (  # another paragraph, and a doubtful one, stand by themselves
        [
            ("第1540(2004)号决议", "S/RES/1540(2004)", "3"),
            ("决议1540", "S/RES/1540(2004)", "4"),
            ("该决议", "S/RES/1540(2004)", "3", False),
        ],
        ["第3段 文中作“第1540(2004)号决议”", "第3段 文中作“该决议”", "第4段 文中作“决议1540”"],
        ["/S/RES/1540(2004)/p/3", "/S/RES/1540(2004)/p/3", "/S/RES/1540(2004)/p/4"],
    ),
    ([("S/2031/2", "S/2031/2", "1-3")], ["第1至3段"], ["/S/2031/2/p/annex.1-3"]),
    (
        [("S/2031/2", "S/2031/2", "1-3,5,7,8")],
        ["第1至3段 第5段 第7段 第8段"],
        ["/S/2031/2/p/annex.1-3", "/S/2031/2/p/annex.5", "/S/2031/2/p/annex.7", "/S/2031/2/p/annex.8"],
    ),
    (  # not all held: no range to read
        [("S/2031/2", "S/2031/2", "7-9")],
        ["第7段 第8段 第9段"],
        ["/S/2031/2/p/annex.7", "/S/2031/2/p/annex.8", "/S/2031/2/p/9"],
    ),
    ([("S/2031/9", "S/2031/9", "1-2")], ["第1段 第2段"], ["/S/2031/9/p/1", "/S/2031/9/p/2"]),
]


@pytest.mark.parametrize(("mentions", "listed", "links"), LISTED)
def test_each_target_is_listed_once_with_the_way_to_it(client, letter, mentions, listed, links):
    store(parsed("S/2031/1", ("1", TEXT), mentions=[("1", *mention) for mention in mentions]))
    tree = page(client, "/S/2031/1/p/1")
    section = next(one for one in tree.all("section") if "本段提及" in one.text)
    rows = [" ".join(row.text.split()) for row in section.all("li")]
    assert len(rows) == len(set(rows))
    for words in listed:
        assert any(words in row for row in rows), rows
    assert sorted(link for link in section.links if "/p/" in link) == sorted(links)


def test_a_range_that_is_listed_can_be_read(client, letter):
    store(parsed("S/2031/1", ("1", TEXT), mentions=[("1", "S/2031/2", "S/2031/2", "1-3")]))
    assert "第3段的文字。" in page(client, "/S/2031/2/p/annex.1-3").text


def test_a_paragraph_with_many_mentions_asks_no_more(client, letter, django_assert_max_num_queries):
    store(parsed("S/2031/1", ("1", TEXT), mentions=[("1", "S/2031/2", "S/2031/2", "1")]))
    store(parsed("S/2031/3", ("1", TEXT), mentions=[("1", "S/2031/2", "S/2031/2", "1-8")]))
    client.get("/S/2031/1/p/1")
    with django_assert_max_num_queries(60) as few:
        client.get("/S/2031/1/p/1?")
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get("/S/2031/3/p/1?")
