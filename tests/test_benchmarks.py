"""Each benchmark runs and gives its figures, of however little. None of them is judged here."""

from __future__ import annotations

import pytest

from tests.benchmarks.__main__ import find_benchmarks, main

pytestmark = pytest.mark.slow
FOUND = find_benchmarks()
# What a benchmark does beside its size, made small.
LITTLE = {
    "check": {"LENGTHS": (300, 600)},
    "core": {"HOSTILE": {"digits": FOUND["core"].HOSTILE["digits"]}, "REPEATED": ("1540(2004)",)},
}


SERVED = {"http"}  # which starts a server, and waits for it


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.long) if name in SERVED else name for name in FOUND]
)
def test_a_benchmark_gives_figures(capsys, monkeypatch, name):
    for constant, value in LITTLE.get(name, {}).items():
        monkeypatch.setattr(FOUND[name], constant, value)
    printed = []
    monkeypatch.setattr(
        "tests.benchmarks.__main__.print_table", lambda _console, table: printed.append(table)
    )
    assert main([name, "--sizes", "60", "--seconds", "0.5"]) == 0
    assert printed
    for table in printed:
        assert table.rows, table.title
        for row in table.rows:
            assert len(row) == len(table.columns)
            assert any(character.isdigit() for cell in row[1:] for character in cell), row
