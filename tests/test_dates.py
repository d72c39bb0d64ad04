"""A date that is not printed is never shown as one: lists, twins and tables tell three dates apart."""

from __future__ import annotations

import csv
import io
import json

import pytest

from .pages import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bundled_index")]

# symbol, printed date of issue, of the letter, of the meeting, in words; remark
DATES = [
    ("A/74/140", None, None, None, "2019年，日期未印", "none: the last reply only sorts it"),
    ("S/2010/52", None, "2010-01-29", None, "2010年1月29日的信", "that of the letter"),
    ("S/2016/1013", None, "2016-12-01", None, "2016年12月1日的信", "that of the letter"),
    ("S/AC.44/SR.74", "2016-11-20", None, "2016-06-22", "2016年6月22日会议", "of issue, and of the meeting"),
]
IDS = [row[-1] + " " + row[0] for row in DATES]
NAMES = ("date", "communication_date", "meeting_date")
HEADS = ["印发日期", "信件或照会日期", "会议日期"]
SYMBOLS = {row[0]: row[1:4] for row in DATES}


@pytest.mark.parametrize(("symbol", "date", "written", "met", "words", "remark"), DATES, ids=IDS)
def test_search_shows_what_is_printed(client, symbol, date, written, met, words, remark):
    asked = {"q": f"文号:{symbol}"}
    (first, *rest) = client.get("/search.json", asked).json()["results"]
    assert [first[name] for name in NAMES] == [date, written, met]
    assert all([row[name] for name in NAMES] == [date, written, met] for row in rest)
    assert words in page(client, f"/search?q=文号:{symbol}&group=document").text


def test_tables_have_a_column_for_each_date(client):
    for address, asked in (("/search.csv", {"q": "“决议”"}), ("/concordance.csv", {"q": "决议"})):
        response = client.get(address, asked)
        text = b"".join(response) if not response.streaming else b"".join(response.streaming_content)
        head, *rows = csv.reader(io.StringIO(text.decode("utf-8-sig")))
        first = head.index(HEADS[0])
        assert head[first : first + 3] == HEADS
        held = {row[0]: tuple(day or None for day in row[first : first + 3]) for row in rows}
        assert {symbol: held[symbol] for symbol in SYMBOLS if symbol in held} == {
            symbol: days for symbol, days in SYMBOLS.items() if symbol in held
        }
        assert len(held) > 2, address


def test_lines_and_the_check_tell_them_too(client):
    lines = client.get("/concordance.json", {"q": "决议"}).json()["lines"]
    draft = {"text": "“有效执行第1540(2004)号决议”和“防止大规模毁灭性武器扩散”"}
    told = client.post("/check.json", json.dumps(draft), content_type="application/json").json()
    places = [place for quotation in told["quotations"] for place in quotation["places"]]
    for row in [*lines, *places]:
        if row["symbol"] in SYMBOLS:
            assert tuple(row[name] for name in NAMES) == SYMBOLS[row["symbol"]]
    assert lines


def test_the_date_that_sorts_is_nowhere(client):
    everything = client.get("/search.json?q=文号:A/74/140").content.decode()
    assert "2019-05-15" not in everything
    assert "sort_date" not in everything


def test_lists_of_documents_tell_them(client, bundled_documents):
    rows = client.get("/documents.json").json()["documents"]
    assert {row["symbol"]: tuple(row[name] for name in NAMES) for row in rows}.items() >= SYMBOLS.items()
    coverage = client.get("/coverage.json").json()["documents"]
    assert {row["symbol"]: tuple(row[name] for name in NAMES) for row in coverage}.items() >= SYMBOLS.items()
