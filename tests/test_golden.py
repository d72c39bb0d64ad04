"""The bundled documents: equal to their expected output, and to what a reader says of them."""

from __future__ import annotations

from functools import cache

import pytest

from archive.accuracy import gold_of
from tests.golden import SOURCES, expected_path, output_of, written

NAMES = sorted(SOURCES)
LEAST_MENTIONS, LEAST_BODIES_FOUND, LEAST_BODIES_RIGHT = 0.99, 0.95, 0.97


@cache
def _output(name: str) -> dict:
    return output_of(name)


@pytest.mark.parametrize("name", NAMES)
def test_output_is_as_reviewed(name):
    assert written(_output(name)) == expected_path(name).read_text("utf-8"), "run make goldens and review"


@pytest.mark.parametrize("name", NAMES)
def test_every_block_has_the_text_that_a_reader_sees(name):
    assert [p["text"] for p in _output(name)["paragraphs"]] == [b["text"] for b in gold_of(name)["blocks"]]


@pytest.mark.parametrize("name", NAMES)
def test_every_block_has_the_kind_number_and_parent_that_a_reader_gives_it(name):
    paragraphs, blocks = _output(name)["paragraphs"], gold_of(name)["blocks"]
    anchors = [paragraph["anchor"] for paragraph in paragraphs]
    for paragraph, block in zip(paragraphs, blocks, strict=True):
        parent = None if block["parent"] is None else anchors[block["parent"]]
        assert paragraph["kind"] in block["kinds"], paragraph["anchor"]
        assert (paragraph.get("number"), paragraph.get("parent")) == (block["number"], parent)


@pytest.mark.parametrize("name", NAMES)
def test_every_word_is_attributed_to_who_said_it(name):
    for paragraph, block in zip(_output(name)["paragraphs"], gold_of(name)["blocks"], strict=True):
        for who in ("speaker", "submitter"):
            found = paragraph.get(who) or {}
            assert {key: found.get(key) for key in block.get(who, {})} == block.get(who, {})


@pytest.mark.parametrize("name", NAMES)
def test_facts_are_those_that_are_printed(name):
    facts = _output(name)["document"]
    expected = gold_of(name)["facts"]
    assert {key: facts.get(key) for key in expected} == expected


def _spans(name: str, kind: str, value: str) -> list[tuple]:
    index = {p["anchor"]: at for at, p in enumerate(_output(name)["paragraphs"])}
    return [
        (index[found["anchor"]], found["start"], found["end"], found[value], found.get("paragraph"))
        for found in _output(name)[kind]
        if found.get("certain", True)
    ]


def _bare(name: str) -> str:
    return name.removeprefix("联合国") or name


@pytest.mark.parametrize("name", NAMES)
def test_mentions_are_those_that_a_reader_marks(name):
    gold = {tuple(mention) for mention in gold_of(name)["mentions"]}
    found = set(_spans(name, "mentions", "symbol"))
    assert len(gold & found) >= LEAST_MENTIONS * max(len(gold), len(found)), gold ^ found


@pytest.mark.parametrize("name", NAMES)
def test_bodies_are_those_that_a_reader_marks(name):
    gold = [(at, start, end, _bare(body), must) for at, start, end, body, must in gold_of(name)["bodies"]]
    found = [(at, start, end, _bare(body)) for at, start, end, body, _ in _spans(name, "bodies", "body")]

    def hit(one: tuple, other: tuple) -> bool:
        return one[0] == other[0] and one[1] < other[2] and other[1] < one[2]

    must = [body for body in gold if body[4]]
    missed = [body for body in must if not any(hit(body, other) and body[3] == other[3] for other in found)]
    wrong = [body for body in found if not any(hit(body, other) for other in gold)]
    assert len(missed) <= (1 - LEAST_BODIES_FOUND) * len(must), missed
    assert len(wrong) <= (1 - LEAST_BODIES_RIGHT) * len(found), wrong


def test_five_documents_make_301_blocks():
    assert sum(len(_output(name)["paragraphs"]) for name in NAMES) == 301
