"""Memento (RFC 7089): every state that was public is found by its moment, and no word that law forbids."""

from __future__ import annotations

import datetime as dt
import re
from email.utils import parsedate_to_datetime
from unittest.mock import patch

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from archive.editing.retirement import held, merge_document, withdraw_document
from archive.http.addresses import memento_path
from archive.models import IssuedText
from archive.views.changes import state_at, states

from .factories import parsed, store

pytestmark = pytest.mark.django_db

HOST = "http://testserver"
ONE = re.compile(r'<([^>]*)>; rel="([^"]*)"((?:; \w+="[^"]*")*)')
WHY = {"by": "编者", "reason": "副本"}


def day(number: int, second: int = 0) -> dt.datetime:
    return dt.datetime(2031, 1, number, 12, 0, second, tzinfo=dt.UTC)


def http(moment: dt.datetime) -> str:
    return moment.strftime("%a, %d %b %Y %H:%M:%S GMT")


def at(moment: dt.datetime, *blocks: tuple[str, str], symbol: str = "S/2031/1") -> None:
    with patch.object(timezone, "now", return_value=moment):
        store(parsed(symbol, *blocks))


@pytest.fixture
def history(db):
    """Three states: an edit on the 5th, a paragraph that goes and one that comes on the 9th."""
    at(day(1), ("1", "甲"), ("2", "乙"), ("3", "丙"))
    at(day(5), ("1", "甲改"), ("2", "乙"), ("3", "丙"))
    at(day(9), ("1", "甲改"), ("3", "丙"), ("4", "丁"))


def links(response) -> list[tuple[str, str, str]]:
    """(path, relation, parameters) of the Link header or of a TimeMap."""
    text = response.get("Link") or response.content.decode()
    return [(address.removeprefix(HOST), relation, more) for address, relation, more in ONE.findall(text)]


def related(response, relation: str) -> str:
    return next(address for address, relations, _more in links(response) if relation in relations.split())


def words(client, address: str) -> list[str]:
    response = client.get(address)
    assert response.status_code == 200, address
    moment = re.search(r"\d{14}", address)[0]
    stood = dt.datetime.strptime(moment, "%Y%m%d%H%M%S").replace(tzinfo=dt.UTC)
    assert parsedate_to_datetime(response["Memento-Datetime"]) == stood
    return re.findall(r'<p class="reading">(.*?)</p>', response.content.decode())


def test_a_document_leads_to_its_past_and_every_state_is_as_it_was(client, history):
    page = client.get("/S/2031/1")
    gate, map_ = related(page, "timegate"), related(page, "timemap")
    assert (gate, map_) == ("/timegate/S/2031/1", "/timemap/S/2031/1")
    told = client.get(map_)
    assert told["Content-Type"] == "application/link-format"
    assert [(address, relation) for address, relation, _more in links(told)] == [
        ("/S/2031/1", "original"),
        ("/timegate/S/2031/1", "timegate"),
        ("/timemap/S/2031/1", "self"),
        ("/memento/20310101120000/S/2031/1", "first memento"),
        ("/memento/20310105120000/S/2031/1", "memento"),
        ("/memento/20310109120000/S/2031/1", "last memento"),
    ]
    assert f'datetime="{http(day(5))}"' in links(told)[4][2]
    assert f'from="{http(day(1))}"; until="{http(day(9))}"' in links(told)[2][2]
    assert words(client, "/memento/20310101120000/S/2031/1") == ["甲", "乙", "丙"]
    assert words(client, "/memento/20310105120000/S/2031/1") == ["甲改", "乙", "丙"]
    assert words(client, "/memento/20310109120000/S/2031/1") == ["甲改", "丙", "丁"]


ASKED = [
    # Accept-Datetime, the state that is found
    (None, 9),
    (http(day(9)), 9),
    (http(day(5)), 5),
    (http(day(8, 59)), 5),
    ("Sun, 04 Jan 2031 00:00:00 GMT", 1),
    ("Sunday, 04-Jan-31 00:00:00 GMT", 1),
    ("Thu, 01 Jan 1998 00:00:00 GMT", 1),  # before the first: the first
    ("Sat, 01 Jan 2150 00:00:00 GMT", 9),
]


@pytest.mark.parametrize(("asked", "found"), ASKED)
def test_a_gate_leads_to_the_state_that_stood_then(client, history, asked, found):
    response = client.get("/timegate/S/2031/1", headers={"accept-datetime": asked} if asked else {})
    assert (response.status_code, response["Location"]) == (302, f"/memento/203101{found:02}120000/S/2031/1")
    assert "accept-datetime" in response["Vary"].lower()
    assert related(response, "original") == "/S/2031/1"
    assert related(response, "timemap") == "/timemap/S/2031/1"
    assert related(response, "first") == "/memento/20310101120000/S/2031/1"
    assert "Memento-Datetime" not in response  # which a gate is not


@pytest.mark.parametrize("asked", ["yesterday", "2031-01-05", "Sun, 99 Jan 2031 00:00:00 GMT", "\x00"])
def test_what_is_no_date_is_refused(client, history, asked):
    assert client.get("/timegate/S/2031/1", headers={"accept-datetime": asked}).status_code == 400


def test_a_paragraph_has_a_past_of_its_own(client, history):
    page = client.get("/S/2031/1/p/1")
    assert related(page, "timegate") == "/timegate/S/2031/1/p/1"
    told = client.get(related(page, "timemap"))
    mementos = [address for address, relation, _more in links(told) if "memento" in relation]
    assert mementos == ["/memento/20310101120000/S/2031/1/p/1", "/memento/20310105120000/S/2031/1/p/1"]
    assert [words(client, address) for address in mementos] == [["甲"], ["甲改"]]
    gone = client.get("/S/2031/1/p/2")
    assert (gone.status_code, related(gone, "timemap")) == (410, "/timemap/S/2031/1/p/2")
    assert words(client, "/memento/20310101120000/S/2031/1/p/2") == ["乙"]


def test_a_moment_between_two_states_leads_to_the_earlier(client, history):
    response = client.get("/memento/20310107000000/S/2031/1")
    assert (response.status_code, response["Location"]) == (302, "/memento/20310105120000/S/2031/1")


@pytest.mark.parametrize(
    "address",
    ["/timegate/S/2099/9", "/timemap/S/2031/1/p/99", "/memento/20310101120000/S/2099/9",
     "/memento/20311301120000/S/2031/1", "/memento/2031/S/2031/1", "/timemap/S/RES/1540(2004)"],
)  # fmt: skip
def test_what_never_was_has_no_past(client, history, address):
    assert client.get(address).status_code == 404


def test_what_is_withdrawn_or_merged_keeps_its_past(client, history):
    at(day(2), ("1", "丙"), symbol="S/2031/2")
    merge_document(held("S/2031/2"), held("S/2031/1"), **WHY, now=day(10))
    assert words(client, "/memento/20310102120000/S/2031/2") == ["丙"]
    withdraw_document(held("S/2031/1"), **WHY, now=day(11))
    page = client.get("/S/2031/1")
    assert (page.status_code, related(page, "timemap")) == (410, "/timemap/S/2031/1")
    last = client.get("/timegate/S/2031/1", headers={"accept-datetime": http(day(20))})
    assert words(client, last["Location"]) == ["甲改", "丙", "丁"]  # in the order that it had


def test_words_that_law_forbids_to_show_are_in_no_state(client, history):
    IssuedText.objects.filter(text="甲").update(withheld=True)
    shown = client.get("/memento/20310101120000/S/2031/1").content.decode()
    assert "依法不予显示" in shown and '<p class="reading">甲</p>' not in shown
    assert words(client, "/memento/20310101120000/S/2031/1") == ["乙", "丙"]
    told = client.get("/timemap/S/2031/1/p/1").content.decode()
    assert "20310101120000" not in told and "20310105120000" in told
    withdraw_document(held("S/2031/1"), **WHY, withheld=True, now=day(12))
    for address in ("/timegate/S/2031/1", "/timemap/S/2031/1", "/memento/20310105120000/S/2031/1",
                    "/memento/20310105120000/S/2031/1/p/1"):  # fmt: skip
        response = client.get(address)
        assert response.status_code == 404 and "甲" not in response.content.decode()
    assert "Link" not in client.get("/S/2031/1")


ACTS = [
    # the moment of an act by the clock, that of its state, its words
    (day(9), day(9), "甲"),
    (day(5), day(9, 1), "乙"),  # the clock had been wrong, or is now
    (day(9), day(9, 2), "丙"),
    (day(10), day(10), "丁"),
    (day(10, 1) - dt.timedelta(milliseconds=1), day(10, 1), "戊"),  # in the same second
    (day(11), day(11), "己"),
]


def test_no_clock_makes_the_address_of_a_state_show_another(client, db):
    for done, (by_the_clock, moment, text) in enumerate(ACTS, start=1):
        at(by_the_clock, ("1", text))
        found = [(state.moment, state.texts[0].text) for state in states("S/2031/1")]
        assert found == [(moment, text) for _clock, moment, text in ACTS[:done]]
        assert [state.standing for state in states("S/2031/1")] == [*[False] * (done - 1), True]
        for _clock, moment, text in ACTS[:done]:
            shown = client.get(f"/memento/{moment:%Y%m%d%H%M%S}/S/2031/1").content.decode()
            assert f'<p class="reading">{text}</p>' in shown
    found = states("S/2031/1")
    assert [state_at(found, day(number)) for number in (1, 9, 10, 11, 12)] == [0, 0, 3, 5, 5]


def test_a_state_is_the_last_only_if_nothing_came_beside_it(client, db):
    at(day(1), ("1", "甲"))
    at(day(2), ("1", "甲"), ("2", "乙"))  # no text of the first state was changed
    first, second = (f"/memento/203101{number:02}120000/S/2031/1" for number in (1, 2))
    assert words(client, first) == ["甲"] and "此后没有改动" not in client.get(first).content.decode()
    assert words(client, second) == ["甲", "乙"] and "此后没有改动" in client.get(second).content.decode()
    assert "此后没有改动" in client.get(f"{first}/p/1").content.decode()


def test_the_moment_on_the_page_is_that_of_its_address_wherever_the_site_stands(client, history, settings):
    settings.TIME_ZONE = "Asia/Shanghai"
    assert "自2031年1月5日12:00:00(世界时)" in client.get("/memento/20310105120000/S/2031/1").content.decode()


def test_a_moment_long_before_is_written_with_all_its_digits(client, history):
    response = client.get("/memento/00010101000000/S/2031/1/")
    assert (response.status_code, response["Location"]) == (301, "/memento/00010101000000/S/2031/1")
    assert memento_path(dt.datetime(1, 1, 1, tzinfo=dt.UTC), "S/1") == "/memento/00010101000000/S/1"


def test_other_spellings_lead_there_and_questions_do_not_grow(client, history):
    response = client.get("/timemap/S/2031/1 /p/1".replace(" ", ""))
    assert response.status_code == 200

    def ask(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        return len(captured)

    few = [ask(address) for address in ("/timemap/S/2031/1", "/memento/20310105120000/S/2031/1")]
    for number in range(11, 25):
        at(day(number), ("1", f"第{number}次"), *((str(place), f"又{place}") for place in range(2, number)))
    assert [ask(address) for address in ("/timemap/S/2031/1", "/memento/20310105120000/S/2031/1")] == few


def test_a_state_is_asked_again_for_nothing(client, history):
    address = "/memento/20310101120000/S/2031/1"
    mark = client.get(address)["ETag"]
    assert client.get(address, headers={"if-none-match": mark}).status_code == 304


NOW = dt.datetime.now(dt.UTC).replace(microsecond=0)
AHEAD = NOW + dt.timedelta(days=400)
CLOCKS = [
    # when each act was by the clock, counted in days from today; what stood on a day; the acts in doubt
    ((-9, 400), {-8: 0, 0: 1}, [1], "ahead, and nothing came since"),
    ((-9, 400, -1), {-8: 0, -1.5: 0, 0: 2}, [1], "ahead, and set right"),
    ((-9, 400, 401, -2, -1), {-8: 0, -1.5: 3, 0: 4}, [1, 2], "ahead twice"),
    ((-9, -8, -4000, -1), {-7: 1, -2: 1, 0: 3}, [2], "back, and set right"),
    ((-9, -5, -1), {-8: 0, -4: 1, 0: 2}, [], "right"),
]


@pytest.mark.parametrize(("clock", "stood", "doubted", "remark"), CLOCKS)
def test_states_stand_in_the_order_of_revisions_and_a_time_against_it_is_in_doubt(
    client, db, clock, stood, doubted, remark
):
    texts = ["甲", "乙", "丙", "丁", "戊"][: len(clock)]
    for days, text in zip(clock, texts, strict=True):
        at(NOW + dt.timedelta(days=days), ("1", text))
    for days, number in stood.items():
        asked = client.get(
            "/timegate/S/2031/1", headers={"accept-datetime": http(NOW + dt.timedelta(days=days))}
        )
        found = client.get(asked["Location"])
        assert re.findall(r'<p class="reading">(.*?)</p>', found.content.decode()) == [texts[number]], (
            remark,
            days,
        )
    map_ = client.get("/timemap/S/2031/1")
    shown = [client.get(address) for address, relation, _more in links(map_) if "memento" in relation]
    assert ["起于何时存疑" in one.content.decode() for one in shown] == [
        number in doubted for number in range(len(clock))
    ]
    told = [
        dt.datetime.strptime(one, "%a, %d %b %Y %H:%M:%S GMT")
        for one in re.findall('; datetime="([^"]*)"', client.get("/timemap/S/2031/1").content.decode())
    ]
    assert told == sorted(told) and len(set(told)) == len(clock)
    assert max(told) <= NOW.replace(tzinfo=None) + dt.timedelta(minutes=1)


def test_dates_that_contradict_each_other_are_told_as_in_doubt(client, db):
    at(AHEAD, ("1", "甲"), ("2", "丙"))
    at(NOW, ("1", "乙"), ("3", "丙丙"))
    link = client.get("/S/2031/1/p/1.json").json()["earlier_texts"][0]
    assert link["in_doubt"] is True
    for address in ("/S/2031/1/p/1", link["url"], "/S/2031/1/p/2"):
        shown = client.get(address).content.decode()
        assert "存疑" in shown and f"{AHEAD:%Y}年" not in shown, address
