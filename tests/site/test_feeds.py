"""Every feed of the site, found by its route: Atom (RFC 4287), whole over its pages, and one entry for one
thing, whatever feed tells of it.
"""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest

from archive.site.opendata import feeds
from archive.site.opendata.operations import machine_routes
from archive.site.views import changes
from search.engine.live.update import update_index
from search.pages.results import exports as search_exports
from tests.tables import rows_from
from tests.tools import answers
from tests.tools.factories import block, parsed, store
from tests.tools.paging import ATOM, HOST, feed, feed_pages, ids, links
from tests.tools.searching import at

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ROUTES = [route for route in machine_routes() if route.media == "application/atom+xml"]
FILTERED = rows_from(__name__, "FILTERED")


@pytest.fixture
def small(monkeypatch):
    for module, name in ((feeds, "PER_PAGE"), (changes, "PER_PAGE"), (search_exports, "ENTRIES")):
        monkeypatch.setattr(module, name, 8)


def entries(root: ElementTree.Element) -> dict[str, tuple]:
    """Id → what is told of it."""
    found = {}
    for entry in root.findall(f"{ATOM}entry"):
        told = [entry.findtext(f"{ATOM}{name}") for name in ("title", "updated", "published", "summary")]
        ident = entry.findtext(f"{ATOM}id")
        assert ident not in found
        assert entry.findtext(f"{ATOM}author/{ATOM}name")
        assert all(told[:2])
        assert links(entry)["alternate"].startswith(HOST)
        found[ident] = tuple(told)
    return found


def addresses(client) -> list[str]:
    """One feed of each route that tells of something, and some with filters."""
    found = []
    for route in ROUTES:
        for address in answers.addresses(route):
            response = client.get(address)
            if response.status_code == 200 and b"<entry>" in response.content:
                found.append(address)
                break
        else:
            raise AssertionError(f"no feed of {route.name} tells of anything")
    return [*found, *FILTERED]


def test_every_feed_is_whole_over_its_pages_and_repeats_nothing(client, everything, request):
    """RFC 4287 asks for id, title and updated; RFC 5005 for first and next."""
    wholes = {address: ids(feed(client, address)) for address in addresses(client)}
    request.getfixturevalue("small")
    for address, whole in wholes.items():
        read = feed_pages(client, address)
        told = [ident for root in read for ident in entries(root)]
        assert told[: len(whole)] == whole, address
        assert len(set(told)) == len(told) > 0, address
        name = read[0].findtext(f"{ATOM}id")
        moments = []
        for root in read:
            assert root.findtext(f"{ATOM}title")
            assert root.findtext(f"{ATOM}updated")
            assert root.findtext(f"{ATOM}id") == name == links(root)["first"], address
            moments += [row[1] for row in entries(root).values()]
        assert moments == sorted(moments, reverse=True), address  # what is new comes first
        assert entries(feed(client, name.removeprefix(HOST))) == entries(read[0])


def test_every_feed_keeps_its_filters_on_all_pages_and_belongs_to_the_page_with_the_same(
    client, everything, small
):
    for address in FILTERED:
        wanted = parse_qs(urlsplit(address).query)
        for root in feed_pages(client, address):
            for link in (*links(root).values(), root.findtext(f"{ATOM}id")):
                given = parse_qs(urlsplit(link).query)
                assert {name: given.get(name) for name in wanted} == wanted, (address, link)
            page = links(root)["alternate"].removeprefix(HOST)
            assert client.get(page).status_code == 200


def test_two_filters_are_two_feeds(client, everything):
    names = [feed(client, address).findtext(f"{ATOM}id") for address in FILTERED]
    assert len(set(names)) == len(FILTERED)


def test_one_thing_is_one_entry_with_one_date_in_whatever_feed(client, everything):
    """A reader that takes several feeds is told once, and shown the same."""
    seen: dict[str, tuple] = {}
    shared = 0
    for address in [*addresses(client), "/search.atom?q=决议", "/states/UKR.atom"]:
        for ident, (title, updated, published, _summary) in entries(feed(client, address)).items():
            told = (title, updated, published)
            shared += ident in seen
            assert seen.setdefault(ident, told) == told, (address, ident)
    assert shared > 20


def test_a_feed_of_a_search_tells_of_an_old_document_that_comes_in(client, db, tmp_path):
    with at(tmp_path / "index"):
        store(parsed("S/2016/1", block("1", "新的鸿鹄之志"), communication_date="2016-03-01"))
        update_index()
        before = entries(feed(client, "/search.atom?q=“鸿鹄之志”"))
        store(parsed("S/2004/1", block("1", "旧的鸿鹄之志"), communication_date="2004-04-28"))
        update_index()
        after = list(entries(feed(client, "/search.atom?q=“鸿鹄之志”")))
        assert "/S/2004/1/p/1/" in after[0]
        assert after[1:] == list(before)
        store(parsed("S/2016/1", block("1", "新的鸿鹄之志也"), communication_date="2016-03-01"))
        update_index()
        changed = list(entries(feed(client, "/search.atom?q=“鸿鹄之志”")))
        assert "/S/2016/1/p/1/" in changed[0]
        assert changed[0] not in after
        assert changed[1:] == after[:1]


def test_every_text_of_every_feed_is_plain_text(client, everything):
    """Text of ``type="html"`` is read as markup, but is escaped once only, for XML."""
    hostile = "主席：A<script>alert(1)</script>&amp;B"
    store(parsed("S/2031/66", ("1", hostile), title=hostile, date="2031-02-03"))
    texts = ("title", "subtitle", "summary", "content", "rights")
    seen = set()
    for address in [*addresses(client), "/documents.atom", "/changes.atom"]:
        for element in (found for name in texts for found in feed(client, address).iter(f"{ATOM}{name}")):
            assert element.get("type", "text") == "text", (address, element.tag)
            seen.add(element.text)
    assert len([text for text in seen if text and hostile in text]) > 1
