"""Texts in English by the same grammar: real resolutions as text (CR-UNSC, CC0), and sentences of our own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archive.text import parse_document, parse_source
from archive.text.errors import WrongLanguageError
from archive.text.languages import TABLES
from archive.text.reader import Source
from archive.text.reference import load_reference
from archive.text.sidecar import sidecar_of
from tests.tables import rows_from

TEXTS = sorted((Path(__file__).parents[1] / "documents" / "english").glob("*.txt"))
SENTENCES = rows_from(__name__, "SENTENCES")
FRAME = (
    "Resolution 2663 (2022)\n\nThe Security Council,\n\n{}\n\n"
    "1. Decides to remain seized of the matter, and of all that the States have to say.\n"
)


def read(text: str):
    return parse_source(Source("text", text), sidecar_of({}, "text"), load_reference())


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
    parsed = parse_document(path)
    texts = [f"{one.prefix or ''}{one.text}" for one in parsed.paragraphs]
    kept = "".join([*texts, *(one.text for one in parsed.dropped)])
    letters = [char for char in path.read_text("utf-8") if char.isalnum()]
    assert sorted(letters) == sorted(char for char in kept if char.isalnum())


@pytest.mark.parametrize(("sentence", "mentions", "bodies"), SENTENCES)
def test_what_a_sentence_names(sentence, mentions, bodies):
    parsed = read(FRAME.format(sentence))
    assert [one.text for one in parsed.paragraphs if one.anchor == "pp1"] == [sentence]
    named = [(one.surface, one.symbol, one.paragraph) for one in parsed.mentions if one.anchor == "pp1"]
    assert named == list(mentions)
    assert [one.surface for one in parsed.bodies if one.anchor == "pp1"] == list(bodies)


@pytest.mark.parametrize(("text", "kinds"), rows_from(__name__, "SHAPES"))
def test_blocks_begin_where_the_text_says(text, kinds):
    parsed = read(text)
    assert [f"{one.kind} {one.number or ''}".strip() for one in parsed.paragraphs] == list(kinds)


def test_a_third_language_is_refused():
    with pytest.raises(WrongLanguageError):
        read(f"S/2031/1\n\n1. {'Le Conseil, rappelant les décisions du Comité et des États, '.strip() * 9}\n")


def test_a_language_is_a_table():
    names = {frozenset(table) for table in TABLES.values()}
    assert len(names) == 1
