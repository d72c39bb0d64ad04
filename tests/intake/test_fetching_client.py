"""The client against a service that answers in every way that was reported, and in some that were not."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.intake.fetching.client import Client, is_contact
from archive.intake.fetching.judge import What, judge_body, refresh_of
from archive.intake.fetching.ods import BudgetSpentError, NotAllowedError, Pace, Service, retry_after
from tests.tables import each_row
from tests.tools.standin import NOW, Clock, StandIn, page

SYMBOL = "S/RES/1540(2004)"
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40 + b"\n%%EOF\n"
ENGLISH = b"%PDF-1.7\nenglish\n%%EOF\n"
FILES = {
    (SYMBOL, "doc"): PDF,
    (SYMBOL, "pdf"): PDF,
    (f"{SYMBOL}.en", "doc"): ENGLISH,
}  # bytes tell, not kinds


def client_of(service, clock=None, **options):
    clock = clock or Clock()
    pace = Pace(clock=clock, sleep=clock.sleep, budget=options.pop("budget", 50))
    now = lambda: datetime.fromtimestamp(NOW - 10**7, UTC)  # noqa: E731 - our clock is wrong
    return Client(Service.at(service.address), "desk@archive.example", pace, now=now, **options)


@each_row("WAYS")
def test_what_comes_of_each_way(way, what, why, requests, right, remark):
    with StandIn(way, FILES) as service, client_of(service) as client:
        answer = client.ask(SYMBOL, "zh")
    assert (answer.judged.what, answer.judged.why) == (what, why), (remark, answer)
    assert len(service.paths) == requests == len(answer.steps), remark
    if right:
        assert answer.content == PDF, remark
    assert all("authorization" not in headers for _path, headers in service.asked)


def test_the_request_names_the_document_who_asks_and_wants_no_packing():
    with StandIn("ok", FILES) as service, client_of(service) as client:
        client.ask(SYMBOL, "zh")
    ((path, headers),) = service.asked
    assert path == "/api/symbol/access?s=S%2FRES%2F1540%282004%29&l=zh&t=doc"
    assert "desk@archive.example" in headers["user-agent"]
    assert headers["accept-encoding"] == "identity"


@each_row("ASKED")
def test_what_is_asked_for_in_which_order(has, asked, remark):
    with StandIn("ok", {(SYMBOL, kind): PDF for kind in has}) as service, client_of(service) as client:
        client.ask(SYMBOL, "zh")
    forms = [re.search(r"&l=(\w+)&t=(\w+)$", path).groups() for path in service.paths]
    assert " ".join(map("/".join, forms)) == asked


def test_one_connection_and_a_pause_before_each_request():
    clock = Clock()
    with StandIn("redirect", FILES) as service, client_of(service, clock) as client:
        client.ask(SYMBOL, "zh")
        client.ask(SYMBOL, "zh")
    assert len(service.paths) == 6 and len(service.peers) == 1
    assert clock.slept == [2.0] * 5


@each_row()
def test_it_waits_as_it_is_told(way, waits, remark):
    clock = Clock()
    with StandIn(way, FILES) as service, client_of(service, clock) as client:
        client.ask(SYMBOL, "zh")
    assert clock.slept == [waits], remark


def test_an_hour_is_not_waited_for_but_told():
    clock = Clock()
    with StandIn("later", FILES) as service, client_of(service, clock) as client:
        answer = client.ask(SYMBOL, "zh")
    assert (answer.wait, clock.slept) == (3600.0, [])


def test_no_more_is_asked_than_the_budget_allows():
    with StandIn("redirect", FILES) as service, client_of(service, budget=4) as client:
        client.ask(SYMBOL, "zh")
        with pytest.raises(BudgetSpentError):
            client.ask("S/2", "zh")
    assert len(service.paths) == 4


def test_what_is_too_large_is_not_taken():
    with StandIn("ok", FILES) as service, client_of(service, largest=5000) as client:
        answer = client.ask(SYMBOL, "zh")
    assert (answer.judged.why, len(service.paths)) == ("too_large", 1)


def test_what_comes_too_slowly_is_left():
    with StandIn("ok", FILES) as service, client_of(service, longest=-1.0) as client:
        answer = client.ask(SYMBOL, "zh")
    assert (answer.judged.why, len(service.paths)) == ("too_slow", 1)


@each_row()
def test_robots_txt_is_heeded(robots, allowed, delay, remark):
    with StandIn("ok", FILES, robots) as service, client_of(service) as client:
        assert (client.robots() is None) == allowed, remark
        assert client.pace.delay == delay, remark


@each_row()
def test_where_an_answer_may_lead(here, location, leads, remark):
    service = Service()
    if leads is None:
        with pytest.raises(NotAllowedError):
            service.led_to(f"{service.address}/api", location)
    else:
        assert service.led_to(f"{service.address}/api", location) == leads, remark


@each_row()
def test_retry_after(value, seconds, remark):
    assert retry_after(value, datetime.fromtimestamp(NOW, UTC)) == seconds, remark


@settings(max_examples=40)
@given(st.text())
def test_any_retry_after_is_read_or_not(value):
    waited = retry_after(value, datetime.fromtimestamp(NOW, UTC))
    assert waited is None or 0 <= waited <= timedelta.max.total_seconds()


@each_row()
def test_pages_that_send_on(body, onward, remark):
    assert refresh_of(f"<html><head>{body}</head></html>".encode()) == onward, remark


@pytest.mark.parametrize(
    ("body", "what", "remark"),
    [
        (b" \r\n", What.NOT_PUBLISHED, "blanks alone"),
        (b"\xffWPC\x10\0", What.DOCUMENT, "WordPerfect"),
        (b"{\\rtf1 x}", What.DOCUMENT, "rich text"),
        (b"invalid symbol", What.NOT_A_DOCUMENT, "words of a program"),
        (page("文件不存在"), What.NOT_PUBLISHED, "in Chinese"),
        (page("联合国 404"), What.NOT_PUBLISHED, "a number"),
        (page("Official Document System"), What.NOT_A_DOCUMENT, "the service's own page"),
    ],
)
def test_what_a_body_is(body, what, remark):
    assert judge_body(body).what is what, remark


@each_row()
def test_who_asks_can_be_reached(contact, usable):
    assert is_contact(contact) == usable
