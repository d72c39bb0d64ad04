"""What is held and missing, and how right the parser is: figures that equal the rows they speak of."""

from __future__ import annotations

import json
from copy import deepcopy
from functools import cache
from io import StringIO

import pytest
from django.core.management import call_command

from archive.accuracy import gold_of, measure_document, published
from archive.accuracy.gold import sources
from archive.models import Document, Mention
from archive.reading.coverage import ranges
from archive.text import parse_document
from archive.text.serialize import as_json
from tests.factories import parsed, stored

RANGES = [([], []), ([3], ["3"]), ([1, 2, 3, 5], ["1–3", "5"]), ([5, 4, 4], ["4–5"])]


@pytest.mark.parametrize(("numbers", "expected"), RANGES)
def test_numbers_as_ranges(numbers, expected):
    assert ranges(numbers) == expected


def coverage_of(client) -> dict[str, dict]:
    return {row["prefix"]: row for row in json.loads(client.get("/coverage.json").content)["series"]}


@pytest.mark.django_db
def test_gaps_are_told_of_the_committees_series_only(client):
    stored(
        parsed(
            "S/AC.44/SR.3",
            ("1", "见S/2010/52和S/AC.44/SR.5。"),
            mentions=[
                ("1", "S/2010/52", "S/2010/52"),
                ("1", "S/AC.44/SR.5", "S/AC.44/SR.5"),
            ],
        )
    )
    rows = coverage_of(client)
    records = rows["S/AC.44/SR."]
    assert (records["held"], records["missing_numbers"]) == (
        ["S/AC.44/SR.3"],
        [
            "S/AC.44/SR.1–2",
            "S/AC.44/SR.4–5",
        ],
    )
    assert records["known_missing"] == 4  # SR.5 is cited and a gap: once
    assert (rows["S/"]["cited_but_not_held"], rows["S/"]["missing_numbers"]) == (["S/2010/52"], [])


@pytest.mark.django_db
def test_the_table_and_the_page_say_what_the_rows_say(client, bundled_documents):
    rows = coverage_of(client)
    assert sorted(s for row in rows.values() for s in row["held"]) == sorted(bundled_documents)
    not_held = set(Mention.objects.certain().filter(target=None).values_list("symbol", flat=True))
    assert not_held <= {s for row in rows.values() for s in row["cited_but_not_held"]}
    table = client.get("/coverage.csv")
    assert len(b"".join(table.streaming_content if table.streaming else [table.content]).splitlines()) == (
        len(rows) + 1
    )
    documents = json.loads(client.get("/coverage.json").content)["documents"]
    assert {row["symbol"]: row["blocks"] for row in documents} == {
        document.symbol: document.paragraphs.count() for document in Document.objects.all()
    }


@pytest.mark.django_db
def test_an_empty_archive_has_a_page_of_coverage(client):
    assert "还没有文件" in client.get("/coverage").content.decode()


@pytest.mark.django_db
def test_coverage_costs_the_same_whatever_is_held(client, bundled_documents, django_assert_max_num_queries):
    with django_assert_max_num_queries(14):
        client.get("/coverage")


# --- accuracy ---


@cache
def parsed_gold(name: str) -> dict:
    return as_json(parse_document(sources()[name]))


def measured(name: str, gold: dict) -> dict[str, tuple]:
    return {
        measure.name: (measure.right, len(measure.missed), len(measure.wrong))
        for measure in measure_document(gold, parsed_gold(name))
    }


@pytest.mark.parametrize("name", sorted(sources()))
def test_what_equals_its_gold_is_wholly_right(name):
    for measure, (right, missed, wrong) in measured(name, gold_of(name)).items():
        assert (missed, wrong) == (0, 0), measure
        assert right or measure in ("pinpoints", "attribution")


def _drop_mention(gold):
    del gold["mentions"][0]


def _add_mention(gold):
    gold["mentions"].append([0, 0, 1, "S/RES/1(1946)", None])


def _other_symbol(gold):
    gold["mentions"][0][3] = "S/RES/1(1946)"


def _other_kind(gold):
    gold["blocks"][1]["kinds"] = ["footnote"]


def _other_number(gold):
    gold["blocks"][1]["number"] = "999"


def _other_words(gold):
    gold["blocks"][1]["text"] += "！"


def _other_date(gold):
    gold["facts"]["symbol"] = "S/1999/1"


# what the reader says otherwise, which measure notices it, how many more are missed and wrong
CHANGED = [
    (_drop_mention, "mentions", 0, 1),
    (_add_mention, "mentions", 1, 0),
    (_other_symbol, "mentions", 1, 1),
    (_other_kind, "kinds", 1, 1),
    (_other_number, "numbers", 1, 1),
    (_other_words, "blocks", 1, 1),
    (_other_date, "facts", 1, 1),
]


@pytest.mark.parametrize(("change", "measure", "missed", "wrong"), CHANGED)
def test_every_difference_is_counted_where_it_belongs(change, measure, missed, wrong):
    gold = deepcopy(gold_of("S_2010_52"))
    change(gold)
    _right, *counted = measured("S_2010_52", gold)[measure]
    assert counted == [missed, wrong]


@pytest.mark.django_db
def test_the_page_shows_the_run_of_this_parser_or_says_that_there_is_none(client, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    assert "还没有按现在的解析器测过" in client.get("/accuracy").content.decode()
    call_command("measure_accuracy", verbosity=0, stdout=StringIO())
    report = published()
    shown = json.loads(client.get("/accuracy.json").content)["report"]
    assert {**shown, "withheld": report["withheld"]} == report and "withheld" not in shown  # ours, not theirs
    shown = client.get("/accuracy").content.decode()
    assert all(str(measure["right"]) in shown for measure in report["total"])
    assert report["marked"] == {"documents": 5, "blocks": 301}
    assert "标注的人不是写规则的人" in shown and "5份文件的301段" in shown
    (tmp_path / "accuracy.json").write_text(json.dumps({**report, "parser_version": "0"}), "utf-8")
    assert published() is None
