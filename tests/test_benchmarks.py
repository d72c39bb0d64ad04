"""Each benchmark runs and gives its figures, of however little. None of them is judged here."""

from __future__ import annotations

import tomllib

import pytest

from tests.benchmarks.__main__ import BUDGET, find_benchmarks, main, over_budget

pytestmark = pytest.mark.slow
FOUND = find_benchmarks()
# What a benchmark does beside its size, made small; and a size that is smaller still.
LITTLE = {
    "check": {"LENGTHS": (300, 600)},
    "commands": {"RUNS": 1, "COMMANDS": {"help": ("manage.py", "help")}},
    "core": {"HOSTILE": {"digits": FOUND["core"].HOSTILE["digits"]}, "REPEATED": ("1540(2004)",)},
    "desk": {"ASKED": 1},
    "meaning": {"TURNS": 1, "QUERIES": 4, "READ": 20},
    "pages": {"ASKED": 1},
    "peers": {"QUERIES": 2, "TURNS": 1, "JUDGED": 1},
    "search": {"PASSES": 1, "SECONDS": 0.5},
}
SIZES = {"import": "6"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.long) if name == "http" else name for name in FOUND]
)
def test_a_benchmark_gives_figures(capsys, monkeypatch, ready_database, name):
    monkeypatch.setenv("BENCH_DATABASE", str(ready_database))
    monkeypatch.setattr("tests.benchmarks.results.CONSTANTS", LITTLE.get(name, {}))
    for constant, value in LITTLE.get(name, {}).items():
        monkeypatch.setattr(FOUND[name], constant, value)
    printed = []
    monkeypatch.setattr(
        "tests.benchmarks.__main__.print_table", lambda _console, table: printed.append(table)
    )
    assert main([name, "--sizes", SIZES.get(name, "60"), "--seconds", "0.5"]) == 0
    assert printed
    for table in printed:
        assert table.rows, table.title
        for row in table.rows:
            assert len(row) == len(table.columns)
            assert any(character.isdigit() for cell in row[1:] for character in cell), row


def test_what_is_over_its_budget_is_told(monkeypatch, tmp_path):
    monkeypatch.setattr("tests.benchmarks.__main__.BUDGET", tmp_path / "budget.toml")
    (tmp_path / "budget.toml").write_text('[pages]\n"home, KB" = 20\n', "utf-8")
    held = {"home, KB": 21, "years, KB": 400}
    assert list(over_budget("pages", held)) == ["pages, home, KB: 21.00, and the budget is 20."]
    assert not list(over_budget("search", held))


def test_a_budget_names_benchmarks_that_there_are():
    assert set(tomllib.loads(BUDGET.read_text("utf-8"))) <= set(FOUND)
