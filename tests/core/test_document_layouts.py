"""What is stored of a document comes back from Word files and web pages in layouts of all kinds."""

from __future__ import annotations

import random
from html import escape
from statistics import mean

import pytest

from archive.text import parse_document, parse_source
from archive.text.reader import read_source, source_of
from archive.text.reference import load_reference
from archive.text.sidecar import Sidecar
from tests.golden import SOURCES
from tests.pages_set.compare import read_back, score
from tests.pages_set.copy import copy_of, sources
from tests.pages_set.setter import set_pages, style_of
from tests.tools.document_layouts import TEXTS, WebLayout, WordLayout, blocks_of, come_back, share
from tests.tools.word_files import paragraph, run, word

SAMPLE = [*TEXTS[::7], SOURCES["S_2016_1013"]]


def shares(paths, seeds) -> dict[str, float]:
    """By file and layout, how much came back."""
    found: dict[str, float] = {}
    for path in paths:
        document = parse_document(path)
        for layout in (WordLayout, WebLayout):
            for seed in seeds:
                data = layout(seed).set(document)
                key = f"{path.stem} {layout.__name__} {seed}"
                found[key] = share(blocks_of(document), come_back(data, document))
    return found


def test_a_sample_comes_back() -> None:
    found = shares(SAMPLE, (3,))
    assert {key: one for key, one in found.items() if one < 0.99} == {}


def test_text_pasted_line_by_line_is_read_as_the_text() -> None:
    """What is copied from a PDF into Word has a paragraph for each line; in a page it stands as it is."""
    found = {}
    for path in SAMPLE:
        text = read_source(path).text.replace("\f", "")
        symbol = parse_document(path).facts.symbol
        document = parse_source(source_of(text), Sidecar({"symbol": symbol}), load_reference())
        pasted = word("".join(paragraph(run(escape(line))) for line in text.split("\n")))
        saved = f"<!doctype html><html><body><pre>{escape(text)}</pre></body></html>".encode()
        for name, data in (("word", pasted), ("page", saved)):
            found[f"{path.stem} {name}"] = share(blocks_of(document), come_back(data, document))
    assert {key: one for key, one in found.items() if one < 0.99} == {}


@pytest.mark.long
def test_every_document_comes_back_in_every_layout() -> None:
    found = shares([path for path in TEXTS if path.with_suffix(".json").exists()], range(10))
    assert mean(found.values()) >= 0.998
    assert {key: one for key, one in found.items() if one < 0.9} == {}


# --- Held documents set in seeded layouts come back as they are stored (`make layouts` runs many more) ---

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
