"""Texts in English by the same grammar: real resolutions as text (CR-UNSC, CC0), and sentences of our own."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import astuple
from pathlib import Path

import pytest

from archive.text import parse_document, parse_source
from archive.text.errors import WrongLanguageError
from archive.text.languages import TABLES
from archive.text.reader import Source
from archive.text.reference import load_reference
from archive.text.sidecar import sidecar_of
from tests.tables import each_row, rows_from

TEXTS = sorted((Path(__file__).parents[1] / "documents" / "english").glob("*.txt"))
DOCUMENTS = rows_from(__name__, "DOCUMENTS")
PAIRS = rows_from(__name__, "PAIRS")
FRAME = (
    "Resolution 2663 (2022)\n\nThe Security Council,\n\n{}\n\n"
    "1. Decides to remain seized of the matter, and of all that the States have to say.\n"
)

READS_TOY = """
import dataclasses, json, sys
from archive.text.document import parse_source
from archive.text.reader import source_of
from archive.text.reference import Reference
from archive.text.sidecar import sidecar_of

read = parse_source(source_of(sys.argv[1]), sidecar_of({}), Reference())
blocks = [f"{one.kind} {one.number or ''}".strip() for one in read.paragraphs]
mentions = [[one.symbol, one.paragraph] for one in read.mentions]
print(json.dumps({"facts": dataclasses.asdict(read.facts), "blocks": blocks, "mentions": mentions}))
"""


def read(text: str):
    return parse_source(Source(text), sidecar_of({}, "text"), load_reference())


def told(parsed) -> dict:
    """What a golden holds: the facts that are told, the blocks, and what they name."""
    facts = {
        name: getattr(parsed.facts, name)
        for name in ("symbol", "language", "meeting", "meeting_date", "date")
    }
    return {
        "facts": facts,
        "blocks": [[one.anchor, one.kind, one.number, one.text] for one in parsed.paragraphs],
        "mentions": [[one.anchor, one.surface, one.symbol, one.paragraph] for one in parsed.mentions],
        "bodies": [[one.anchor, one.surface, one.body] for one in parsed.bodies],
        "doubts": [one.message for one in parsed.doubts],
    }


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_real_resolutions_are_read_as_recorded(path):
    recorded = json.loads(path.with_suffix(".json").read_text("utf-8"))
    assert json.loads(json.dumps(told(parse_document(path)))) == recorded


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_no_letter_is_lost(path):
    assert_no_letter_is_lost(parse_document(path), path.read_text("utf-8"))


def assert_no_letter_is_lost(parsed, text):
    texts = [f"{one.prefix or ''}{one.text}" for one in parsed.paragraphs]
    kept = "".join([*texts, *(one.text for one in parsed.dropped)])
    letters = [char for char in text if char.isalnum()]
    assert sorted(letters) == sorted(char for char in kept if char.isalnum())


@each_row("SENTENCES")
def test_what_a_sentence_names(sentence, mentions, bodies):
    parsed = read(FRAME.format(sentence))
    assert [one.text for one in parsed.paragraphs if one.anchor == "pp1"] == [sentence]
    named = [(one.surface, one.symbol, one.paragraph) for one in parsed.mentions if one.anchor == "pp1"]
    assert named == list(mentions)
    assert [one.surface for one in parsed.bodies if one.anchor == "pp1"] == list(bodies)


@each_row("SHAPES")
def test_blocks_begin_where_the_text_says(text, kinds):
    parsed = read(text)
    assert [f"{one.kind} {one.number or ''}".strip() for one in parsed.paragraphs] == list(kinds)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_of_every_kind(name):
    expected = DOCUMENTS[name]
    parsed = read(expected["text"])
    found = {one: getattr(parsed.facts, one) for one in expected["facts"]}
    assert found == dict(expected["facts"])
    blocks = {one.anchor: one for one in parsed.paragraphs}
    for anchor, kind, begins in expected["blocks"]:
        assert (blocks[anchor].kind, blocks[anchor].text[: len(begins)]) == (kind, begins)
    for of in ("speaker", "submitter"):
        for anchor, told in expected.get(f"{of}s", {}).items():
            assert [*astuple(getattr(blocks[anchor], of))][: len(told)] == [*told] if told else True
            assert bool(getattr(blocks[anchor], of)) == bool(told)
    assert_no_letter_is_lost(parsed, expected["text"])


@pytest.mark.parametrize("name", PAIRS)
def test_two_languages_of_a_document_have_the_same_anchors(name):
    texts = [read(PAIRS[name][language]) for language in ("zh", "en")]
    chinese, english = ([(one.anchor, one.kind) for one in text.paragraphs] for text in texts)
    assert chinese == english and not [one.doubts for one in texts if one.doubts]
    told = ({one.anchor: one.speaker and one.speaker.status for one in text.paragraphs} for text in texts)
    assert next(told) == next(told)
    for fact in ("symbol", "organ", "document_type", "date", "communication_date", "meeting_date", "meeting"):
        assert getattr(texts[0].facts, fact) == getattr(texts[1].facts, fact), fact


def test_a_third_language_is_refused():
    with pytest.raises(WrongLanguageError):
        read(f"S/2031/1\n\n1. {'Le Conseil, rappelant les décisions du Comité et des États, '.strip() * 9}\n")


def test_a_third_language_is_one_file(tmp_path):
    toy, here = rows_from(__name__, "TOY"), Path(__file__).parents[2]
    shutil.copytree(here / "archive" / "text", tmp_path / "archive" / "text")
    table = json.dumps(toy["table"], default=dict)
    (tmp_path / "archive" / "text" / "languages" / "xo.json").write_text(table, "utf-8")
    command = [sys.executable, "-c", READS_TOY, toy["text"]]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    assert {name: told["facts"][name] for name in toy["facts"]} == dict(toy["facts"])
    assert told["blocks"] == [*toy["blocks"]]
    assert told["mentions"] == [[*one] for one in toy["mentions"]]


def test_a_language_is_a_table():
    names = {frozenset(table) for table in TABLES.values()}
    assert len(names) == 1
