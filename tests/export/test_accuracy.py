"""What is held and missing, and how right the parser is: figures that equal the rows they speak of."""

from __future__ import annotations

import json
import subprocess
from copy import deepcopy
from functools import cache
from io import StringIO

import pytest
from django.core.management import call_command

from archive.export.accuracy import gold_of, measure_all, measure_document
from archive.export.accuracy.measures import sources
from archive.export.accuracy.report import REPORT
from archive.models import Document, Mention
from archive.store.reading.coverage import ranges
from archive.text import parse_document
from archive.text.serialize import as_json
from tests.golden import SOURCES, expected_path, output_of, written
from tests.tools.factories import parsed, stored
from tests.tools.pages import page

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
    client.get("/coverage")  # where it finds another index than the one before, it is made once more
    with django_assert_max_num_queries(15):  # one of them where an index is open
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


def test_the_committed_report_is_what_is_measured():
    assert json.loads(REPORT.read_text("utf-8")) == measure_all(), "run make accuracy and read what it tells"


@pytest.mark.django_db
def test_the_page_is_one_table_of_counts_and_has_no_word_of_the_documents(client):
    report = json.loads(REPORT.read_text("utf-8"))
    told = client.get("/accuracy.json").json()
    assert (told["documents"], told["blocks"]) == (5, 301)
    counted = [
        {**one, "missed": len(one["missed"]), "wrong": len(one["wrong"])} for one in report["measures"]
    ]
    assert told["measures"] == counted
    (table,) = page(client, "/accuracy").all("table")
    shown = [[int(cell.text) for cell in row.all("td")[:3]] for row in table.all("tr")[1:]]
    assert shown == [[one["right"], one["missed"], one["wrong"]] for one in counted]


@pytest.fixture
def committed(tmp_path, monkeypatch):
    """A function that commits a report where the command reads and writes it."""
    path = tmp_path / "accuracy.json"
    for module in ("archive.export.accuracy.report", "archive.management.commands.measure_accuracy"):
        monkeypatch.setattr(f"{module}.REPORT", path)

    def commit(report: dict) -> None:
        path.write_text(json.dumps(report), "utf-8")
        who = ["-c", "user.name=n", "-c", "user.email=e@example.org"]
        for told in (["init", "-q"], ["add", path.name], [*who, "commit", "-qm", "report"]):
            subprocess.run(["git", *told], cwd=tmp_path, check=True)

    return commit


def measured_now() -> list[str]:
    out = StringIO()
    call_command("measure_accuracy", stdout=out)
    return [
        line for line in out.getvalue().splitlines() if "改正" in line or "新错" in line or "可比" in line
    ]


def test_gains_and_losses_against_the_last_commit_are_told_fact_by_fact(committed):
    report = measure_all()
    assert measured_now() == ["没有上一次提交的报告可比。"]
    committed(report)
    assert measured_now() == ["与上一次提交的报告相比，没有改正，也没有新错。"]
    numbers, relations = (
        next(one for one in report["measures"] if one["name"] == name)
        for name in ("numbers", "relations_judge")
    )
    numbers["missed"].append("S/2010/52 annex.14: 14")
    lost = relations["wrong"].pop()
    committed(report)
    told = ["改正：numbers 漏 S/2010/52 annex.14: 14", f"新错：relations_judge 错 {lost}"]
    assert measured_now() == told
    assert measured_now() == told, "it is the commit that is compared with, not the run before"


# --- The bundled documents: equal to their expected output ---

NAMES = sorted(SOURCES)


@cache
def _output(name: str) -> dict:
    return output_of(name)


@pytest.mark.parametrize("name", NAMES)
def test_output_is_as_reviewed(name):
    assert written(_output(name)) == expected_path(name).read_text("utf-8"), "run make goldens and review"


def test_five_documents_make_301_blocks():
    assert sum(len(_output(name)["paragraphs"]) for name in NAMES) == 301
