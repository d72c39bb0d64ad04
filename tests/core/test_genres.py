"""Documents of every genre, as a stranger would bring them, and what must come of each.

``tests/documents`` holds short sources in the layouts that occur (double-spaced extracts, hard wraps, form
feeds, OCR markdown, web copies, old encodings), each with a JSON file that says what is certain of it. The
sentences are our own. In an expectation a field that is absent is left open; ``anchors``, ``kinds``,
``parents`` and ``texts`` list readings that are equally defensible; an ``optional`` block may also be
recorded as dropped; ``mark`` is a number as printed. ``mentions`` lists each certain mention as anchor,
words, symbol and pinpoint.
"""

from __future__ import annotations

import difflib
import json
import tempfile
import unicodedata
from collections import Counter
from dataclasses import asdict
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.text import parse_document
from archive.text.errors import MissingSymbolError
from tests.tables import each_row

HERE = Path(__file__).parents[1] / "documents"
SOURCES = {
    path.with_suffix("").name: path for path in sorted(HERE.iterdir()) if path.suffix in (".txt", ".md")
}
ENCODINGS = ("utf-8-sig", "gb18030")
CHOICES = {"anchor": "anchors", "kind": "kinds", "parent": "parents"}

# Documents that the parser does not yet read as it should: name, what is wrong.
KNOWN_FAILURES: dict[str, str] = {}


def _path_of(name: str) -> Path:
    return HERE / f"{name}.json"


def _names() -> list[object]:
    return [
        pytest.param(name, marks=pytest.mark.xfail(strict=True, reason=KNOWN_FAILURES[name]))
        if name in KNOWN_FAILURES
        else name
        for name in SOURCES
    ]


@cache
def _parsed(name: str):
    return parse_document(SOURCES[name])


@cache
def _expected(name: str) -> dict:
    return json.loads(_path_of(name).read_text("utf-8"))


def _folded_number(number: str | None) -> str | None:
    """㈠, （一） and 一 are one number."""
    return None if number is None else unicodedata.normalize("NFKC", number).strip("().、")


def _block(paragraph) -> dict:
    block = {
        "anchor": paragraph.anchor,
        "kind": str(paragraph.kind),
        "number": _folded_number(paragraph.number),
        "parent": paragraph.parent,
        "text": paragraph.text,
    }
    for name in ("speaker", "submitter"):
        person = getattr(paragraph, name)
        block[name] = None if person is None else asdict(person)
    return block


def _align(expected: list[dict], actual: list[dict]) -> list[tuple[dict | None, dict | None]]:
    """Pairs of blocks with the same text, in order; None stands beside a block without partner."""
    texts = {block["text"] for block in actual}
    wanted = [next((t for t in block.get("texts", ()) if t in texts), block["text"]) for block in expected]
    given = [block["text"] for block in actual]
    pairs: list[tuple[dict | None, dict | None]] = []
    matcher = difflib.SequenceMatcher(None, wanted, given, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            pairs += zip(expected[i1:i2], actual[j1:j2], strict=True)
        else:
            pairs += [(block, None) for block in expected[i1:i2]]
            pairs += [(None, block) for block in actual[j1:j2]]
    return pairs


def _differences(want: dict, have: dict) -> list[str]:
    """What of ``have`` is not as ``want`` allows, a line each."""
    found = []
    for field, choices in CHOICES.items():
        allowed = want.get(choices) or ([want[field]] if field in want else None)
        if allowed is not None and have[field] not in allowed:
            found.append(f"{field}: {have[field]!r}, expected {' or '.join(map(repr, allowed))}")
    if "number" in want and have["number"] != want["number"]:
        found.append(f"number: {have['number']!r}, expected {want['number']!r}")
    for field in ("speaker", "submitter"):
        if field not in want:
            continue
        person = have[field] or {}
        if want[field] is None and have[field]:
            found.append(f"{field}: {have[field]}, expected none")
        for key, value in (want[field] or {}).items():
            if person.get(key) != value:
                found.append(f"{field}.{key}: {person.get(key)!r}, expected {value!r}")
    return found


def compare(expected: list[dict], actual: list[dict]) -> list[str]:
    """The differences between an expectation and the blocks of a document, as lines to read."""
    report = []
    for want, have in _align(expected, actual):
        if have is None:
            if not want.get("optional"):
                report.append(f"- missing {want.get('anchor', '')} {want.get('kind', '')}: {want['text']}")
        elif want is None:
            report.append(f"+ not expected {have['anchor']} {have['kind']}: {have['text']}")
        else:
            report += [
                f"! {have['anchor']} {have['text'][:30]!r} {line}" for line in _differences(want, have)
            ]
    return report


@pytest.mark.parametrize("name", _names())
def test_blocks_are_as_a_reader_sees_them(name):
    expected = _expected(name)["blocks"]
    report = compare(expected, [_block(paragraph) for paragraph in _parsed(name).paragraphs])
    assert not report, f"{name}: {_expected(name)['about']}\n" + "\n".join(report)


@pytest.mark.parametrize("name", SOURCES)
def test_facts_are_taken_from_masthead_and_title(name):
    facts = json.loads(json.dumps(asdict(_parsed(name).facts)))
    expected = _expected(name)["facts"]
    assert {key: facts[key] for key in expected} == expected


def _letters(text: str) -> Counter[str]:
    return Counter(c for c in unicodedata.normalize("NFKC", text) if c.isalnum())


def _source(name: str) -> str:
    raw = SOURCES[name].read_bytes()
    for encoding in ENCODINGS:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise AssertionError(f"{name} is in no known encoding")


def _assert_nothing_lost_nor_added(parsed, text: str) -> None:
    source = _letters(text)
    kept = _letters(
        "".join(p.text for p in parsed.paragraphs) + "".join(line.text for line in parsed.dropped)
    )
    assert not kept - source, "in the result, but not in the source"
    numbers = "".join(p.number or "" for p in parsed.paragraphs)
    marks = "".join(mark.anchor for p in parsed.paragraphs for mark in p.notes)
    assert not source - kept - _letters(numbers + marks), "in the source, but lost"


@pytest.mark.parametrize("name", SOURCES)
def test_every_character_of_the_source_is_in_a_block_or_recorded_as_dropped(name):
    _assert_nothing_lost_nor_added(_parsed(name), _source(name))


ANY_LINE = st.sampled_from(sorted({line for name in SOURCES for line in _source(name).splitlines()}))
ODDITY = st.text(alphabet="\n\f\u3000 ()（）“”1．0一二、。：；*#-[]_$〇", max_size=12)


def _parse_text(text: str):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "source.txt")
        path.write_text(text, "utf-8")
        path.with_suffix(".toml").write_text('symbol = "S/2010/52"\n', "utf-8")  # lines may name others
        return parse_document(path)


@settings(max_examples=150)
@given(st.lists(ANY_LINE | ODDITY, max_size=50).map("\n".join))
def test_whatever_lines_stand_in_whatever_order_no_character_is_lost(text):
    text = "S/2010/52\n\n" + text
    parsed = _parse_text(text)
    _assert_nothing_lost_nor_added(parsed, text)
    anchors = [paragraph.anchor for paragraph in parsed.paragraphs]
    assert len(set(anchors)) == len(anchors)
    assert all(p.parent is None or p.parent in anchors for p in parsed.paragraphs)


def test_two_numerals_before_one_heading_are_both_kept():
    text = "S/2010/52\n\n一\n一\n    11 September 2019\n"
    _assert_nothing_lost_nor_added(_parse_text(text), text)


@pytest.mark.parametrize("name", SOURCES)
def test_anchors_are_unique_and_every_parent_stands_before_its_child(name):
    seen: set[str] = set()
    for paragraph in _parsed(name).paragraphs:
        assert paragraph.anchor not in seen
        assert paragraph.parent is None or paragraph.parent in seen or paragraph.kind == "footnote"
        seen.add(paragraph.anchor)
    assert all(mark.anchor in seen for p in _parsed(name).paragraphs for mark in p.notes)


@pytest.mark.parametrize("name", SOURCES)
def test_mentions_and_bodies_quote_the_text_they_point_at(name):
    parsed = _parsed(name)
    texts = {p.anchor: p.text for p in parsed.paragraphs}
    for found in (*parsed.mentions, *parsed.bodies):
        assert texts[found.anchor][found.start : found.end] == found.surface


@pytest.mark.parametrize("name", [name for name in SOURCES if "mentions" in _expected(name)])
def test_what_is_cited_and_which_paragraph_of_it_is_as_a_reader_sees_it(name):
    found = [[m.anchor, m.surface, m.symbol, m.paragraph] for m in _parsed(name).mentions if m.certain]
    assert found == _expected(name)["mentions"]


@pytest.mark.parametrize("name", SOURCES)
def test_equal_input_gives_an_equal_result(name):
    assert parse_document(SOURCES[name]) == _parsed(name)


@pytest.fixture
def letter_without_symbol(tmp_path):
    path = tmp_path / "letter.txt"
    path.write_text("\n".join(_source("S_2012_963").splitlines()[1:]), "utf-8")
    return path


def test_a_document_that_states_no_symbol_is_refused(letter_without_symbol):
    with pytest.raises(MissingSymbolError, match=letter_without_symbol.name):
        parse_document(letter_without_symbol)


def test_a_sidecar_beside_the_source_states_the_symbol(letter_without_symbol):
    letter_without_symbol.with_suffix(".toml").write_text('symbol = "S/2012/963"\n', "utf-8")
    parsed = parse_document(letter_without_symbol)
    assert parsed.facts.symbol == "S/2012/963"
    assert [p.text for p in parsed.paragraphs] == [p.text for p in _parsed("S_2012_963").paragraphs]


def test_every_source_has_an_expectation_and_the_other_way_round():
    assert set(SOURCES) == {path.stem if path.suffix == ".json" else "" for path in HERE.glob("*.json")}


@each_row()
def test_the_comparison_itself_can_fail(want, have, line):
    empty = {
        "anchor": "u1",
        "kind": "paragraph",
        "number": None,
        "parent": None,
        "speaker": None,
        "submitter": None,
    }
    assert any(line in found for found in compare([want], [empty | have]))
