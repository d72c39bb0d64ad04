"""Held documents set in seeded layouts come back as they are stored (`make layouts` runs many more)."""

from __future__ import annotations

import random
from statistics import mean

import pytest

from tests.pages_set.compare import read_back, score
from tests.pages_set.copy import copy_of, sources
from tests.pages_set.setter import set_pages, style_of

RUNS, LEAST, LEAST_OF_ONE = 40, 0.99, 0.8


def _run(seed: int) -> tuple[float, str]:
    name = random.Random(seed).choice(sorted(sources()))
    copy, style = copy_of(name), style_of(seed)
    got, report = score(copy.blocks, read_back(name, set_pages(copy, style)))
    return got, "\n  ".join([f"{got:.3f} {seed} {name} {style.label}", *report])


@pytest.mark.slow
def test_documents_come_back_from_any_layout():
    results = [_run(seed) for seed in range(RUNS)]
    worst = "\n".join(report for got, report in results if got < 1)
    assert mean(got for got, _ in results) >= LEAST, worst
    assert min(got for got, _ in results) >= LEAST_OF_ONE, worst


@pytest.mark.long
def test_documents_come_back_from_a_thousand_layouts():
    results = [_run(seed) for seed in range(RUNS, 1000)]
    worst = "\n".join(report for got, report in sorted(results)[:5])
    assert mean(got for got, _ in results) >= LEAST - 0.01, worst
