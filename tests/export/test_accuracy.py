"""What is held and missing, and how right the parser is: figures that equal the rows they speak of."""

from __future__ import annotations

import json
import subprocess
from copy import deepcopy
from functools import cache

import pytest

from archive.models import Document, Mention
from archive.store.reading.coverage import ranges
from archive.text import parse_document
from archive.text.serialize import as_json
from tests.golden import SOURCES, expected_path, output_of, written
from tests.tools import accuracy
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
            mentions=[("1", "S/2010/52", "S/2010/52"), ("1", "S/AC.44/SR.5", "S/AC.44/SR.5")],
        )
    )
    rows = coverage_of(client)
    records = rows["S/AC.44/SR."]
    assert (records["held"], records["missing_numbers"]) == (
        ["S/AC.44/SR.3"],
        ["S/AC.44/SR.1–2", "S/AC.44/SR.4–5"],
    )
    assert records["known_missing"] == 4  # SR.5 is cited and a gap: once
    assert (rows["S/"]["cited_but_not_held"], rows["S/"]["missing_numbers"]) == (["S/2010/52"], [])


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


def test_coverage_costs_the_same_whatever_is_held(client, bundled_documents, django_assert_max_num_queries):
    client.get("/coverage")  # where it finds another index than the one before, it is made once more
    with django_assert_max_num_queries(15):  # one of them where an index is open
        client.get("/coverage")


# --- accuracy ---

NAMES = sorted(SOURCES)


@cache
def parsed_source(name: str) -> dict:
    return as_json(parse_document(SOURCES[name]))


def measured(name: str, gold: dict) -> dict[str, tuple]:
    return {
        measure.name: (measure.right, len(measure.missed), len(measure.wrong))
        for measure in accuracy.measure_document(gold, parsed_source(name))
    }


@pytest.mark.parametrize("name", NAMES)
def test_what_equals_its_gold_is_wholly_right(name):
    for measure, (right, missed, wrong) in measured(name, accuracy.gold_of(name)).items():
        assert (missed, wrong) == (0, 0), measure
        assert right or measure in ("pinpoints", "attribution")


# what the reader says otherwise, which measure notices it, how many more are missed and wrong
CHANGED = [
    (lambda gold: gold["mentions"].pop(0), "mentions", 0, 1),
    (lambda gold: gold["mentions"].append([0, 0, 1, "S/RES/1(1946)", None]), "mentions", 1, 0),
    (lambda gold: gold["mentions"][0].__setitem__(3, "S/RES/1(1946)"), "mentions", 1, 1),
    (lambda gold: gold["blocks"][1].update(kinds=["footnote"]), "kinds", 1, 1),
    (lambda gold: gold["blocks"][1].update(number="999"), "numbers", 1, 1),
    (lambda gold: gold["blocks"][1].update(parent=None), "parents", 1, 1),
    (lambda gold: gold["blocks"][1].update(speaker={"name": "Sison"}), "attribution", 1, 1),
    (lambda gold: gold["blocks"][1].update(text="！"), "blocks", 1, 1),
    (lambda gold: gold["bodies"].pop(0), "bodies", 0, 1),
    (lambda gold: gold["facts"].update(symbol="S/1999/1"), "facts", 1, 1),
]


@pytest.mark.parametrize(("change", "measure", "missed", "wrong"), CHANGED)
def test_every_difference_is_counted_where_it_belongs(change, measure, missed, wrong):
    gold = deepcopy(accuracy.gold_of("S_2010_52"))
    change(gold)
    _right, *counted = measured("S_2010_52", gold)[measure]
    assert counted == [missed, wrong]


def test_the_committed_report_is_what_is_measured():
    assert json.loads(accuracy.REPORT.read_text("utf-8")) == accuracy.measure_all(), (
        "run make accuracy and read what it tells"
    )


@pytest.mark.django_db
def test_the_page_is_one_table_of_counts_and_has_no_word_of_the_documents(client):
    report = json.loads(accuracy.REPORT.read_text("utf-8"))
    told = client.get("/accuracy.json").json()
    assert (told["documents"], told["blocks"]) == (5, 301)
    counted = [
        {**one, "missed": len(one["missed"]), "wrong": len(one["wrong"])} for one in report["measures"]
    ]
    assert told["measures"] == counted
    (table,) = page(client, "/accuracy").all("table")
    shown = [[int(cell.text) for cell in row.all("td")[:3]] for row in table.all("tr")[1:]]
    assert shown == [[one["right"], one["missed"], one["wrong"]] for one in counted]


def test_gains_and_losses_against_the_last_commit_are_told_fact_by_fact(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(accuracy, "REPORT", tmp_path / "accuracy.json")

    def told(report: dict | None = None) -> list[str]:
        if report:
            accuracy.REPORT.write_text(json.dumps(report), "utf-8")
            who = ["-c", "user.name=n", "-c", "user.email=e@example.org"]
            for words in (["init", "-q"], ["add", accuracy.REPORT.name], [*who, "commit", "-qm", "report"]):
                subprocess.run(["git", *words], cwd=tmp_path, check=True)
        accuracy.main([])
        return [line for line in capsys.readouterr().out.splitlines() if not line[-4:].isdecimal()]

    report = accuracy.measure_all()
    assert told() == ["no report of a commit to compare with"]
    assert told(report) == ["neither gains nor losses since the last commit"]
    by_name = {one["name"]: one for one in report["measures"]}
    by_name["numbers"]["missed"].append("S/2010/52 annex.14: 14")
    lost = by_name["relations_judge"]["wrong"].pop()
    changes = ["gained: numbers missed S/2010/52 annex.14: 14", f"lost: relations_judge wrong {lost}"]
    assert told(report) == changes
    assert told() == changes, "it is the commit that is compared with, not the run before"


# --- The bundled documents: equal to their expected output ---


@cache
def _output(name: str) -> dict:
    return output_of(name)


@pytest.mark.parametrize("name", NAMES)
def test_output_is_as_reviewed(name):
    assert written(_output(name)) == expected_path(name).read_text("utf-8"), "run make goldens and review"


def test_five_documents_make_301_blocks():
    assert sum(len(_output(name)["paragraphs"]) for name in NAMES) == 301
