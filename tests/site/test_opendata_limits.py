"""What machines are told when something is wrong, who may read, and how often."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, override_settings
from django.utils.log import log_response

from archive.site.http import cpu_semaphore, rate_limits
from archive.site.http.formats import is_machine_address
from archive.site.http.problems import TYPES, problem, problem_type
from archive.site.http.rate_limits import Budget, Kind, kind_of, networks_of
from tests.tables import each_row

pytestmark = pytest.mark.django_db


@each_row("WRONG")
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
    from archive.site.views.fallback import server_error

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


@each_row()
def test_machine_addresses_are_told_by_their_ending(path, machine):
    assert is_machine_address(path) is machine


# --- how often ---


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    """No time passes while a test runs."""
    monkeypatch.setattr(Budget.__init__, "__defaults__", (Clock(),))


@pytest.fixture
def limited(bundled_documents):
    """A client of a site that gives a reader hardly any time for what is expensive."""
    with override_settings(CPU_SECONDS_PER_MINUTE=0.0001):
        yield Client()


def test_who_asks_too_often_is_told_when_to_come_back(limited):
    assert b"".join(limited.get("/documents.csv").streaming_content)
    response = limited.get("/documents.csv")
    assert response.status_code == 429
    assert response["Content-Type"] == "application/problem+json"
    assert int(response["Retry-After"]) == response.json()["retry_after"] > 1
    assert response["Cache-Control"] == "no-store"


def test_people_who_ask_too_often_get_a_page(limited):
    limited.get("/search?q=1540")
    response = limited.get("/search?q=1540")
    assert response.status_code == 429
    assert "请求太密" in response.content.decode()


def test_reading_is_never_limited_nor_are_other_readers(limited):
    for _time in range(9):
        assert limited.get("/S/2010/52").status_code == 200
        limited.get("/search.json?q=1540")
    assert limited.get("/search.json?q=1540").status_code == 429
    assert limited.get("/search.json?q=1540", REMOTE_ADDR="203.0.113.9").status_code != 429


def test_a_site_may_do_without_limits(rf):
    with pytest.raises(MiddlewareNotUsed):
        rate_limits.PoliteLimits(lambda _request: HttpResponse("page"))


def test_a_budget_fills_again_at_its_rate_and_never_above_its_brim():
    clock = Clock()
    budget, reader = Budget(60, clock), {"a": 1}
    budget.charge(reader, 70)
    assert (budget.wait(reader), budget.wait({"b": 1})) == (10, 0)
    clock.now = 10
    assert budget.wait(reader) == 0
    clock.now = 1000
    budget.charge(reader, 59)
    assert budget.wait(reader) == 0, "it was full, no fuller"
    budget.charge(reader, 3)
    assert budget.wait(reader) == 2


def test_a_large_network_may_use_a_few_shares_and_no_more(rf):
    """One /48 has 65,536 readers of 64 bits each."""
    budget = Budget(60, Clock())
    readers = [networks_of(rf.get("/", REMOTE_ADDR=f"2001:db8:1:{number:x}00::7")) for number in range(40)]
    answered = 0
    for reader in readers * 10:
        if not budget.wait(reader):
            budget.charge(reader, 10)
            answered += 10
    assert 180 <= answered <= 190, "three times what one reader may"
    assert budget.wait(networks_of(rf.get("/", REMOTE_ADDR="2001:db8:2::7"))) == 0


def test_nobody_is_remembered_for_longer_than_an_hour():
    clock = Clock()
    budget = Budget(60, clock)
    budget.charge({"203.0.113.7": 1}, 60 + 7200)
    clock.now = rate_limits.FORGOTTEN_AFTER
    assert (budget.wait({"203.0.113.7": 1}), len(budget.debts)) == (0, 0)


# --- reading ---


@pytest.fixture
def reading_site():
    """Makes a site of ``view`` that gives each reader ten seconds of the processor a minute for pages."""

    def make(view) -> rate_limits.PoliteLimits:
        with override_settings(READING_SECONDS_PER_MINUTE=10):
            return rate_limits.PoliteLimits(view)

    return make


def test_a_reader_never_meets_the_budget_and_a_crawler_does():
    clock = Clock()
    budget = Budget(10, clock)

    def read(reader: str, seconds: float) -> bool:
        clock.now += seconds
        if budget.wait({reader: 1}):
            return False
        budget.charge({reader: 1}, 0.03)
        return True

    assert all(read("a", 1) for _page in range(120))  # a page a second, for two minutes
    got = [read("b", 0.05) for _page in range(1000)]  # 20 pages a second, for 50 seconds
    flowed_in = 50 / 6
    assert 10 + flowed_in - 2 <= 0.03 * got.count(True) <= 10 + flowed_in + 10 / 60 + 0.03
    assert read("a", 0.05), "others go on"


@each_row("REFUSED")
def test_who_has_read_too_much_is_told_so_in_words(rf, work, reading_site, address, refused):
    def dear(_request):
        work.now += 70
        return HttpResponse("page")

    asked = reading_site(dear)
    assert asked(rf.get("/coverage")).status_code == 200
    answer = asked(rf.get(address))
    assert answer.status_code == (429 if refused else 200)
    if refused:
        assert int(answer["Retry-After"]) == 360  # 60 seconds too many, of 10 a minute
        told = json.loads(answer.content)["detail"] if address.endswith("json") else answer.content.decode()
        assert "请求太密" in told
    assert asked(rf.get(address, REMOTE_ADDR="203.0.113.9")).status_code == 200


def test_pages_that_fail_and_lists_that_are_sent_in_pieces_are_charged(rf, work, reading_site):
    def failing(_request):
        work.now += 70
        raise ValueError

    def pieces():
        work.now += 70
        yield b"x"

    with pytest.raises(ValueError):
        asked = reading_site(failing)
        asked(rf.get("/documents"))
    assert asked(rf.get("/documents")).status_code == 429
    asked = reading_site(lambda _request: StreamingHttpResponse(pieces()))
    assert list(asked(rf.get("/changes.json")).streaming_content) == [b"x"]
    assert asked(rf.get("/changes.json")).status_code == 429


# --- how much ---


@each_row("KINDS")
def test_what_is_charged_to_what(method, address, kind):
    assert kind_of(method, address) is Kind(kind)


@pytest.fixture
def work(monkeypatch):
    """A clock of the processor that goes on by what a view says it takes."""
    clock = Clock()
    monkeypatch.setattr(rate_limits.time, "thread_time", clock)
    return clock


def site(view, seconds: float = 10) -> rate_limits.PoliteLimits:
    with override_settings(CPU_SECONDS_PER_MINUTE=seconds):
        return rate_limits.PoliteLimits(view)


def test_time_really_spent_is_charged_after(rf, work):
    def slow(_request):
        work.now += 25
        return HttpResponse("done")

    asked = site(slow)
    assert asked(rf.get("/search?q=1")).status_code == 200
    refused = asked(rf.get("/search?q=2"))
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) == 90  # 15 seconds too many, of 10 a minute
    assert asked(rf.get("/search?q=2", REMOTE_ADDR="203.0.113.9")).status_code == 200


def test_a_view_that_fails_is_charged_too(rf, work):
    def failing(_request):
        work.now += 25
        raise ValueError

    asked = site(failing)
    with pytest.raises(ValueError):
        asked(rf.get("/compare"))
    assert asked(rf.get("/compare")).status_code == 429


def test_an_answer_that_is_sent_in_pieces_is_charged_for_those_that_were_made(rf, work):
    made = []

    def pieces():
        for number in range(100):
            work.now += 5
            made.append(number)
            yield b"x"

    asked = site(lambda _request: StreamingHttpResponse(pieces()))
    response = asked(rf.get("/search.csv"))
    sent = iter(response.streaming_content)
    assert [next(sent), next(sent), next(sent)] == [b"x"] * 3
    response.close()  # its reader has gone
    assert made == [0, 1, 2]
    refused = asked(rf.get("/search.csv"))
    assert refused.status_code == 429 and int(refused["Retry-After"]) == 30


def test_heavy_answers_of_one_reader_leave_places_for_others(rf):
    asked = site(lambda _request: StreamingHttpResponse(iter([b"x"])), 1000)
    first, _second, third = (asked(rf.get(f"/{name}.csv")) for name in ("search", "concordance", "search"))
    assert (third.status_code, third["Retry-After"]) == (503, "3")
    assert "同时要答的大请求太多" in json.loads(third.content)["detail"]
    assert asked(rf.get("/search.csv", REMOTE_ADDR="203.0.113.9")).status_code == 200
    assert asked(rf.get("/suggest")).status_code == 200  # what is cheap is not kept waiting
    assert list(first.streaming_content) == [b"x"]
    assert asked(rf.get("/concordance.csv")).status_code == 200


def test_heavy_requests_of_many_readers_leave_threads_for_cheap_pages(rf, caplog):
    """Crowding is a warning in the log, and no error of the program."""
    asked = site(lambda _request: StreamingHttpResponse(iter([b"x"])), 1000)
    readers = [f"203.0.113.{number}" for number in range(rate_limits.OPEN_AT_ONCE + 1)]
    with caplog.at_level("INFO"):
        open_ones = [asked(rf.get("/search.csv", REMOTE_ADDR=reader)) for reader in readers]
        log_response("%s: %s", "Service Unavailable", "/search.csv", response=open_ones[-1])  # as Django does
    assert [(row.levelname, "/search.csv" in row.message) for row in caplog.records] == [("WARNING", True)]
    assert [one.status_code for one in open_ones] == [200] * rate_limits.OPEN_AT_ONCE + [503]
    assert asked(rf.get("/S/2010/52")).status_code == 200
    for one in open_ones:
        one.close()
    assert not asked.open, "who has no answer open is forgotten"
    assert asked(rf.get("/search.csv", REMOTE_ADDR=readers[-1])).status_code == 200


def test_one_heavy_answer_is_made_at_a_time_and_others_wait_for_a_while(rf, monkeypatch):
    monkeypatch.setattr(rate_limits, "PATIENCE", 0)
    asked = site(lambda _request: HttpResponse("x"), 1000)
    with asked.room:  # another is being made
        refused = asked(rf.get("/compare.json"))
        assert (refused.status_code, "阅读和检索照常" in json.loads(refused.content)["detail"]) == (503, True)
        assert asked(rf.get("/search")).status_code == 200
    assert asked(rf.get("/compare.json")).status_code == 200


def test_all_processes_of_a_server_take_turns_at_what_computes_for_long(tmp_path, monkeypatch):
    monkeypatch.setenv(cpu_semaphore.FOLDER, str(tmp_path))
    first, second, third = (cpu_semaphore.CpuSemaphore(2) for _process in range(3))
    assert [one.acquire(0) for one in (first, second, third)] == [True, True, False]
    assert not first.acquire(0)  # a process has one turn
    first.release()
    assert third.acquire(0)
    second.release(), third.release()
    with first, second:
        assert not third.acquire(0)
    assert third.acquire(0)
    third.release()


def test_a_turn_ends_with_the_process_that_holds_it(tmp_path, monkeypatch):
    monkeypatch.setenv(cpu_semaphore.FOLDER, str(tmp_path))
    hold = "from archive.site.http import cpu_semaphore; cpu_semaphore.CpuSemaphore(1).acquire(0)"
    hold = f"import os; {hold}; os.kill(os.getpid(), 9)"
    died = subprocess.run(
        [sys.executable, "-c", hold], cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )
    assert died.returncode == -9
    with cpu_semaphore.CpuSemaphore(1) as mine:
        assert cpu_semaphore.computing.is_set()
        assert not cpu_semaphore.CpuSemaphore(1).acquire(0)
        assert mine.file
    assert not cpu_semaphore.computing.is_set()


def test_an_answer_that_is_being_sent_keeps_nobody_from_being_answered(rf, monkeypatch):
    monkeypatch.setattr(rate_limits, "PATIENCE", 0)
    asked = site(lambda _request: StreamingHttpResponse(iter([b"x", b"y"])), 1000)
    slow = asked(rf.get("/search.csv"))
    sent = iter(slow.streaming_content)
    assert next(sent) == b"x"
    assert asked(rf.get("/search.csv", REMOTE_ADDR="203.0.113.9")).status_code == 200
    assert next(sent) == b"y"


def test_who_asks_for_the_headers_of_a_large_answer_leaves_at_once(bundled_documents):
    with override_settings(CPU_SECONDS_PER_MINUTE=30):
        client = Client()
        for _time in range(rate_limits.OPEN_AT_ONCE + 2):
            response = client.head("/data/citations.csv")
            response.close()  # as a server does
            assert response.status_code == 200


def test_what_is_closed_twice_is_given_back_once(rf):
    asked = site(lambda _request: StreamingHttpResponse(iter([b"x"])), 1000)
    response = asked(rf.get("/search.csv"))
    assert list(response.streaming_content) == [b"x"]
    response.close()
    response.close()
    assert asked(rf.get("/search.csv")).status_code == 200


@each_row("NETWORKS")
def test_readers_are_told_apart_by_network(rf, settings, remote, forwarded, proxies, network):
    settings.PROXIES = proxies
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    assert next(iter(networks_of(rf.get("/", REMOTE_ADDR=remote, headers=headers)))) == network
