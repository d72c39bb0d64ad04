"""Pages kept in memory: the same page again costs one query, a changed one is made anew."""

from __future__ import annotations

import pytest

from archive.site.cache import page_cache
from tests.tools.factories import parsed, stored

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def room(settings):
    settings.PAGE_CACHE_MB = 1
    page_cache.forget()
    yield
    page_cache.forget()


@pytest.fixture
def document():
    return stored(parsed("S/2031/1", ("1", "第一段。")))


@pytest.mark.parametrize("address", ["/S/2031/1", "/S/2031/1.json", "/documents", "/S/2031/1/p/1"])
def test_an_unchanged_page_is_made_once(client, document, address, django_assert_num_queries):
    first = client.get(address)
    with django_assert_num_queries(1):
        again = client.get(address)
    assert again.content == first.content
    assert dict(again.items()) == dict(first.items())


def test_a_change_is_seen_at_once(client, document):
    assert "第一段" in client.get("/S/2031/1").content.decode()
    stored(parsed("S/2031/1", ("1", "改过的第一段。")))
    assert "改过的第一段" in client.get("/S/2031/1").content.decode()


def test_addresses_with_other_questions_or_hosts_are_other_pages(client, document, settings):
    settings.ALLOWED_HOSTS = ["one.example", "two.example", "testserver"]
    one = client.get("/S/2031/1/p/1", headers={"host": "one.example"}).content.decode()
    two = client.get("/S/2031/1/p/1", headers={"host": "two.example"}).content.decode()
    assert "two.example" not in one
    assert "one.example" not in two
    assert client.get("/documents?type=letter").content != client.get("/documents").content


@pytest.mark.parametrize("address", ["/S/2031/9", "/documents?page=99", "/documents.csv", "/S/2031/1?x=1"])
def test_errors_and_streams_are_not_kept(client, document, address):
    statuses = {client.get(address).status_code for _ in range(2)}
    assert len(statuses) == 1


def test_no_more_is_kept_than_there_is_room_for(client, settings):
    stored(parsed("S/2031/2", *[(str(n), "字" * 3000) for n in range(1, 60)]))
    client.get("/S/2031/2")  # larger than a quarter of the room
    for number in range(1, 40):
        client.get(f"/S/2031/2/p/{number}")
    room = page_cache._room(1)
    assert 0 < room.currsize <= room.maxsize
    assert all(len(page[0]) * page_cache.LARGEST_SHARE <= room.maxsize for page in room.values())


def test_without_room_nothing_is_kept(client, document, settings):
    settings.PAGE_CACHE_MB = 0
    client.get("/S/2031/1")
    assert not page_cache._room(0)
