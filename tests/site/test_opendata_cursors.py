"""Lists are read whole along their cursors, each row once, whatever comes in or changes meanwhile."""

from __future__ import annotations

import random

import pytest

from archive.models import Document
from archive.site.opendata import feeds
from archive.site.presenters import occurrences
from archive.site.views import changes
from search.engine.live.update import update_index
from search.pages.concordance import kwic as concordance
from search.pages.results import execution
from search.pages.results import exports as search_exports
from tests.tables import each_row, rows_from
from tests.tools.bundled import stored_and_indexed
from tests.tools.factories import block, parsed, store
from tests.tools.paging import turn, walk, walk_all
from tests.tools.searching import at

pytestmark = pytest.mark.django_db
SIZES = [
    (execution, "PAGE_SIZE"), (execution, "GROUPS_A_PAGE"), (concordance, "PAGE_SIZE"),
    (search_exports, "ENTRIES"), (occurrences, "PER_PAGE"), (changes, "PER_PAGE"), (feeds, "PER_PAGE"),
]  # fmt: skip


@pytest.fixture(autouse=True)
def index(tmp_path, db):
    with at(tmp_path / "index"):
        yield


@pytest.fixture
def small(monkeypatch):
    for module, name in SIZES:
        monkeypatch.setattr(module, name, 3)


def document(number: int, anchors=("1", "2", "3", "4")):
    """A document that cites, whose paragraphs tell themselves apart; every third is undated."""
    return parsed(
        f"S/2016/{number}",
        *[
            block(
                anchor, f"文{number}之{anchor}回顾第1540(2004)号决议第3段，并{'又' * (number % 3)}核查决议。"
            )
            for anchor in anchors
        ],
        mentions=[(anchor, "第1540(2004)号决议", "S/RES/1540(2004)", "3") for anchor in anchors],
        communication_date=f"2016-03-{number % 28 + 1:02}" if number % 3 else None,
    )


@pytest.fixture
def six(tmp_path, small):
    """Six documents and their index, made once."""
    stored_and_indexed(_six, tmp_path / "index")


def _six() -> None:
    for number in range(10, 16):
        store(document(number))


LISTS = rows_from(__name__, "LISTS")


def test_pages_are_the_list_in_its_order_each_row_once(client, monkeypatch):
    for number in range(1, 9):
        store(document(number))
    update_index()
    addresses = [*LISTS, "/search.json?q=决议", "/search.json?q=决议&group=document"]
    for module, name in SIZES:
        monkeypatch.setattr(module, name, 100)
    whole = {address: turn(client, address) for address in addresses}
    for address, (rows, following) in whole.items():
        assert (following, len(set(rows))) == ("", len(rows)), address
        assert len(rows) > 6, address
    for module, name in SIZES:
        monkeypatch.setattr(module, name, 3)
    assert walk_all(client, addresses) == {address: rows for address, (rows, _end) in whole.items()}


@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.long)])
def test_imports_between_the_pages_repeat_nothing_and_lose_nothing(client, six, seed):
    """Documents come in before and behind the place, are read anew with more or fewer paragraphs, and go."""
    chance = random.Random(seed)
    before = walk_all(client, LISTS)
    coming = chance.sample(range(20, 60), 5)
    standing = dict.fromkeys(range(10, 16), "1234")

    def happens():
        if not coming:
            return
        store(document(coming.pop()))
        number = chance.choice(list(standing))
        if len(standing) > 3 and chance.random() < 0.2:
            Document.objects.filter(symbol=f"S/2016/{number}").delete()
            del standing[number]
        elif len(standing[number]) > 1:  # what goes does not come again
            gone = chance.choice(standing[number])
            standing[number] = chance.choice(["8", "7", ""]) + standing[number].replace(gone, "")
            standing[number] = "".join(dict.fromkeys(standing[number]))
            store(document(number, standing[number]))
        update_index()

    read = walk_all(client, LISTS, happens)
    assert not coming
    after = walk_all(client, LISTS)
    for address, rows in read.items():
        assert len(rows) == len(set(rows)), f"repeated: {address}"
        assert set(before[address]) & set(after[address]) <= set(rows), f"lost: {address}"


# --- relevance: an order that an import ends ---


@pytest.mark.parametrize("address", ["/search.json?q=核查 决议", "/search.json?q=核查 决议&group=document"])
def test_the_reader_of_a_list_by_relevance_is_told_that_its_index_is_gone_and_shown_a_way_on(
    client, six, address
):
    whole, (_first, following) = walk(client, address), turn(client, address)
    store(document(30))
    assert update_index().switched
    response = client.get(following)
    assert (response.status_code, response["Content-Type"]) == (410, "application/problem+json")
    assert "sort=document" in response.json()["detail"]
    assert client.get(following.replace("search.json", "search")).status_code == 410
    assert len(walk(client, address)) > len(whole)


# --- whose cursor it is ---


@each_row()
def test_a_cursor_serves_its_own_list_alone(client, six, address, old, new):
    _rows, following = turn(client, address)
    response = client.get(following.replace(old, new) if old else following + new)
    assert (response.status_code, response.json()["status"]) == (400, 400)


@pytest.mark.parametrize("address", ["/search?q=决议", "/search?q=决议&sort=date", "/concordance?q=决议"])
def test_behind_a_cursor_stands_a_page_for_people_too_whose_links_lead_on(client, six, address):
    from tests.tools.pages import read

    _rows, following = turn(client, address.replace("?", ".json?"))
    response = client.get(following.replace(".json?", "?"))
    tree, problems = read(response.content)
    assert (response.status_code, problems) == (200, [])
    assert "第2页" in tree.text
    links = {link for link in tree.links if link.startswith(("?", "/search", "/concordance"))}
    assert len(links) > 5
    for link in links:
        answered = client.get(link if link.startswith("/") else address.partition("?")[0] + link)
        assert answered.status_code == 200, link
