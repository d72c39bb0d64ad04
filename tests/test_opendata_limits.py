"""What machines are told when something is wrong, who may read, and how often."""

from __future__ import annotations

import json

import pytest
from django.test import Client, override_settings

from archive.opendata import limits
from archive.opendata.limits import Buckets, network_of
from archive.opendata.machines import is_machine_address
from archive.opendata.problems import TYPES, problem, problem_type

pytestmark = pytest.mark.django_db

WRONG = [
    # address, status: what is wrong with it
    ("/S/2099/9.json", 404),  # nobody knows the document
    ("/S/2099/9.txt", 404),  # nor as text
    ("/S/2010/52/p/9.z.json", 404),  # the document has no such paragraph
    ("/nothing.json", 404),  # no page at all
    ("/documents.json?page=x", 400),  # no number
    ("/documents.json?page=999", 404),  # the list is shorter
    ("/documents.json?colour=red", 400),  # no such filter
    ("/documents.json?year=MMXVI", 400),  # no year
    ("/search.json?q=x&page=0", 400),  # pages count from 1
    ("/states/XXX.json", 404),  # no such State
]


@pytest.mark.parametrize(("address", "status"), WRONG)
def test_machines_are_told_what_is_wrong_as_rfc_9457_has_it(client, bundled_documents, address, status):
    response = client.get(address)
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    told = response.json()
    assert told["status"] == status
    assert told["type"] == problem_type(status)
    assert told["title"] and told["detail"] == told["error"]
    assert any("一" <= character <= "鿿" for character in told["detail"])


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_a_method_that_is_not_allowed_is_a_problem_too_and_names_those_that_are(client, db, method):
    response = getattr(client, method)("/documents.json")
    assert (response.status_code, response["Content-Type"]) == (405, "application/problem+json")
    assert response["Allow"] == "GET, HEAD"


def test_a_failure_of_ours_is_a_problem_without_its_details(rf, monkeypatch):
    from archive.views.typed import server_error

    response = server_error(rf.get("/S/2031/1.json"))
    told = json.loads(response.content)
    assert (response.status_code, told["type"]) == (500, "/api#problem-server-error")
    assert "Traceback" not in response.content.decode()


def test_people_get_a_page_and_head_no_body(client, db):
    assert client.get("/nothing")["Content-Type"].startswith("text/html")
    assert client.head("/S/2099/9.json").content == b""


def test_types_are_told_apart_and_do_not_hold_the_host():
    types = [problem_type(status) for status in TYPES]
    assert len(set(types)) == len(types)
    assert all(kind.startswith("/api#problem-") for kind in types)
    assert json.loads(problem(418).content)["type"] == "about:blank"


# --- who may read ---


@pytest.mark.parametrize(
    "address", ["/documents.json", "/S/2010/52.txt", "/S/2099/9.json", "/search.csv?q=1540"]
)
def test_any_site_may_read_what_machines_read(client, bundled_documents, address):
    response = client.get(address, headers={"origin": "https://elsewhere.example"})
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response


def test_pages_for_people_and_the_admin_are_not_opened_to_other_sites(client, bundled_documents):
    for address in ("/", "/S/2010/52", "/admin/login/"):
        response = client.get(address, headers={"origin": "https://elsewhere.example"})
        assert "Access-Control-Allow-Origin" not in response


def test_a_browser_that_asks_first_is_told_how_to_read(client, db):
    asked = {"origin": "https://elsewhere.example", "access-control-request-method": "GET"}
    response = client.options("/documents.json", headers=asked)
    assert response.status_code == 200
    assert "GET" in response["Access-Control-Allow-Methods"]
    assert "DELETE" not in response["Access-Control-Allow-Methods"]


@pytest.mark.parametrize(
    ("path", "machine"),
    [
        ("/S/2010/52.json", True),
        ("/S/2010/52.akn.xml", True),
        ("/S/2010/52/p/annex.14.TXT", True),
        ("/suggest", True),
        ("/oembed", True),
        ("/S/2010/52", False),
        ("/S/AC.44/SR.74", False),  # a dot in a symbol is no ending
        ("/search", False),
    ],
)
def test_machine_addresses_are_told_by_their_ending(path, machine):
    assert is_machine_address(path) is machine


# --- how often ---


@pytest.fixture
def limited(bundled_documents):
    """A client of a site that answers three expensive requests a minute."""
    with override_settings(REQUESTS_PER_MINUTE=3):
        yield Client()


def test_who_asks_too_often_is_told_when_to_come_back(limited):
    for _time in range(3):
        assert limited.get("/documents.csv").status_code != 429
    response = limited.get("/documents.csv")
    assert response.status_code == 429
    assert response["Content-Type"] == "application/problem+json"
    assert 1 <= int(response["Retry-After"]) <= 20
    assert response.json()["retry_after"] == int(response["Retry-After"])
    assert response["Cache-Control"] == "no-store"


def test_people_who_ask_too_often_get_a_page(limited):
    for _time in range(4):
        response = limited.get("/search?q=1540")
    assert response.status_code == 429
    assert "请求太密" in response.content.decode()


def test_reading_is_never_limited_nor_are_other_readers(limited):
    for _time in range(9):
        assert limited.get("/S/2010/52.json").status_code == 200
        limited.get("/search.json?q=1540")
    assert limited.get("/search.json?q=1540").status_code == 429
    assert limited.get("/search.json?q=1540", REMOTE_ADDR="203.0.113.9").status_code != 429


def test_a_site_may_do_without_limits(bundled_documents):
    with override_settings(REQUESTS_PER_MINUTE=0):
        client = Client()
        assert 429 not in {client.get("/search.json?q=1540").status_code for _time in range(9)}


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_fills_again_at_its_rate_and_never_above_its_brim():
    clock = Clock()
    buckets = Buckets(rate=0.5, burst=2, clock=clock)
    assert [buckets.take(b"a") for _time in range(3)] == [0, 0, 2]  # two seconds to a whole token
    assert buckets.take(b"b") == 0
    clock.now = 2
    assert [buckets.take(b"a"), buckets.take(b"a")] == [0, 2]
    clock.now = 1000
    assert [buckets.take(b"a") for _time in range(3)] == [0, 0, 2]


def test_the_number_of_readers_kept_is_bounded(monkeypatch):
    monkeypatch.setattr(limits, "READERS_KEPT", 3)
    buckets = Buckets(rate=1, burst=1)
    for key in range(10):
        buckets.take(bytes([key]))
    assert list(buckets.levels) == [b"\x07", b"\x08", b"\x09"]


def test_nothing_that_names_a_reader_is_kept(limited, monkeypatch):
    kept = []
    take = Buckets.take
    monkeypatch.setattr(Buckets, "take", lambda self, key, *rest: kept.append(key) or take(self, key, *rest))
    limited.get("/search.json?q=1540", REMOTE_ADDR="203.0.113.7")
    Client().get("/search.json?q=1540", REMOTE_ADDR="203.0.113.7")  # another process, another salt
    assert [len(key) for key in kept] == [6, 6]
    assert kept[0] != kept[1]


NETWORKS = [
    # remote address, X-Forwarded-For, proxies before the site, whose bucket it is
    ("203.0.113.7", "", 0, "203.0.113.7"),
    ("203.0.113.7", "198.51.100.1", 0, "203.0.113.7"),  # a header that anyone may write
    ("10.0.0.1", "198.51.100.1", 1, "198.51.100.1"),
    ("10.0.0.1", "6.6.6.6, 198.51.100.1", 1, "198.51.100.1"),  # what stands left of the proxy's entry
    ("10.0.0.1", "198.51.100.1, 10.0.0.2", 2, "198.51.100.1"),
    ("10.0.0.1", "", 1, "10.0.0.1"),  # the proxy says nothing
    ("2001:db8:1:2:3:4:5:6", "", 0, "2001:db8:1:2::/64"),  # one household
    ("", "", 0, ""),  # a socket file
]


@pytest.mark.parametrize(("remote", "forwarded", "proxies", "network"), NETWORKS)
def test_readers_are_told_apart_by_network(rf, settings, remote, forwarded, proxies, network):
    settings.PROXIES = proxies
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    assert network_of(rf.get("/", REMOTE_ADDR=remote, headers=headers)) == network
