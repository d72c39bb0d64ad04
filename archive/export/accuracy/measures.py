"""Comparison of a parsed document with its human annotation: true positives, misses and errors.

Blocks are paired by their text, in order; facts about a block are compared over the pairs. A mention or a
body is right where it overlaps the annotator's and names the same. Doubtful mentions are shown as such and
count for nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

SHOWN = 60

Pair = tuple[int, int]
Place = tuple[int, int, int, str]


@dataclass(slots=True)
class Measure:
    """True positives of one kind of thing, with its false negatives and positives in words."""

    name: str
    right: int = 0
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float | None:
        """Precision: the share of the findings that is right; None where nothing was found."""
        found = self.right + len(self.wrong)
        return self.right / found if found else None

    @property
    def recall(self) -> float | None:
        """Recall: the share of the annotations that was found; None where there are none."""
        there = self.right + len(self.missed)
        return self.right / there if there else None

    def __add__(self, other: Measure) -> Measure:
        return Measure(
            self.name, self.right + other.right, self.missed + other.missed, self.wrong + other.wrong
        )


def measure_document(gold: Mapping[str, Any], parsed: Mapping[str, Any]) -> list[Measure]:
    """Returns all measures of one document; ``parsed`` as ``archive.text.serialize.as_json`` gives it."""
    blocks, paragraphs = gold["blocks"], parsed["paragraphs"]
    pairs = _paired([block["text"] for block in blocks], [row["text"] for row in paragraphs])
    return [
        _facts(gold["facts"], parsed["document"]),
        _blocks(blocks, paragraphs, pairs),
        _kinds(blocks, paragraphs, pairs),
        _numbers(blocks, paragraphs, pairs),
        _parents(blocks, paragraphs, pairs),
        _attribution(blocks, paragraphs, pairs),
        *_mentions(gold, parsed, pairs),
        _bodies(gold, parsed, pairs),
    ]


def _paired(then: Sequence[str], now: Sequence[str]) -> list[Pair]:
    matcher = SequenceMatcher(None, then, now, autojunk=False)
    return [(i + k, j + k) for i, j, size in matcher.get_matching_blocks() for k in range(size)]


def _facts(gold: Mapping[str, Any], facts: Mapping[str, Any]) -> Measure:
    return _compared("facts", ((name, expected, facts.get(name)) for name, expected in gold.items()), _equal)


def _blocks(blocks: Sequence[Mapping], paragraphs: Sequence[Mapping], pairs: Sequence[Pair]) -> Measure:
    ours, theirs = {j for _i, j in pairs}, {i for i, _j in pairs}
    return Measure(
        "blocks",
        len(pairs),
        [block["text"][:SHOWN] for i, block in enumerate(blocks) if i not in theirs],
        [f"{row['anchor']} {row['text'][:SHOWN]}" for j, row in enumerate(paragraphs) if j not in ours],
    )


def _kinds(blocks: Sequence[Mapping], paragraphs: Sequence[Mapping], pairs: Sequence[Pair]) -> Measure:
    rows = ((paragraphs[j]["anchor"], blocks[i]["kinds"], paragraphs[j]["kind"]) for i, j in pairs)
    return _compared("kinds", rows, lambda expected, found: found in expected)


def _numbers(blocks: Sequence[Mapping], paragraphs: Sequence[Mapping], pairs: Sequence[Pair]) -> Measure:
    rows = ((paragraphs[j]["anchor"], blocks[i]["number"], paragraphs[j].get("number")) for i, j in pairs)
    return _compared("numbers", rows, _equal)


def _parents(blocks: Sequence[Mapping], paragraphs: Sequence[Mapping], pairs: Sequence[Pair]) -> Measure:
    """Measures the parents of pairs whose parent is paired too: others are missed as blocks already."""
    partner = {i: paragraphs[j]["anchor"] for i, j in pairs}
    rows = (
        (paragraphs[j]["anchor"], partner.get(blocks[i]["parent"]), paragraphs[j].get("parent"))
        for i, j in pairs
        if blocks[i]["parent"] is None or blocks[i]["parent"] in partner
    )
    return _compared("parents", rows, _equal)


def _attribution(blocks: Sequence[Mapping], paragraphs: Sequence[Mapping], pairs: Sequence[Pair]) -> Measure:
    def rows() -> Iterator[tuple[str, Any, Any]]:
        for i, j in pairs:
            for who in ("speaker", "submitter"):
                if expected := blocks[i].get(who):
                    found = paragraphs[j].get(who) or {}
                    yield paragraphs[j]["anchor"], expected, {key: found.get(key) for key in expected}

    return _compared("attribution", rows(), _equal)


def _mentions(gold: Mapping, parsed: Mapping, pairs: Sequence[Pair]) -> list[Measure]:
    """Mentions, and the pinpoints of those that are right."""
    there = [((at, start, end, symbol), pinpoint) for at, start, end, symbol, pinpoint in gold["mentions"]]
    certain = [row for row in parsed["mentions"] if row.get("certain", True)]
    ours = _placed(certain, "symbol", parsed, pairs)
    found, matched = _matched("mentions", [place for place, _pinpoint in there], ours, parsed)
    rows = [
        (f"{parsed['paragraphs'][dict(pairs)[there[g][0][0]]]['anchor']} {certain[o]['surface']}",)
        + (there[g][1], certain[o].get("paragraph"))
        for g, o in matched
        if there[g][1] or certain[o].get("paragraph")
    ]
    return [found, _compared("pinpoints", rows, _equal)]


def _bodies(gold: Mapping, parsed: Mapping, pairs: Sequence[Pair]) -> Measure:
    """Bodies that must be found; others that a reader marks may be found."""
    there = [((at, start, end, _bare(name)), must) for at, start, end, name, must in gold["bodies"]]
    named = [{**row, "body": _bare(row["body"])} for row in parsed["bodies"]]
    ours = _placed(named, "body", parsed, pairs)
    optional = [place for place, must in there if not must]
    required = [place for place, must in there if must]
    counted = {
        key: place
        for key, place in ours.items()
        if any(_overlap(place, one) and place[3] == one[3] for one in required)
        or not any(_overlap(place, one) for one in optional)
    }
    return _matched("bodies", required, counted, parsed)[0]


def _placed(rows: Sequence[Mapping], name: str, parsed: Mapping, pairs: Sequence[Pair]) -> dict[int, Place]:
    """Maps the parser's findings in paired blocks to positions in the annotator's blocks."""
    anchors = {parsed["paragraphs"][j]["anchor"]: i for i, j in pairs}
    return {
        key: (anchors[row["anchor"]], row["start"], row["end"], row[name])
        for key, row in enumerate(rows)
        if row["anchor"] in anchors
    }


def _matched(
    name: str, there: Sequence[Place], ours: Mapping[int, Place], parsed: Mapping
) -> tuple[Measure, list[Pair]]:
    """Pairs one to one the annotator's places with the first of ours that overlaps and names the same."""
    left, matched, measure = dict(ours), [], Measure(name)
    for g, place in enumerate(there):
        key = next((k for k, one in left.items() if _overlap(place, one) and one[3] == place[3]), None)
        if key is None:
            measure.missed.append(f"{place[3]} ({place[0] + 1}: {place[1]}-{place[2]})")
        else:
            del left[key]
            matched.append((g, key))
    measure.right = len(matched)
    measure.wrong = [f"{one[3]} ({one[0] + 1}: {one[1]}-{one[2]})" for one in left.values()]
    return measure, matched


def _overlap(one: Place, other: Place) -> bool:
    return one[0] == other[0] and one[1] < other[2] and other[1] < one[2]


def _bare(name: str) -> str:
    """Returns a body's name without 联合国 before it, which documents write or leave out."""
    return name.removeprefix("联合国") or name


def _equal(expected: Any, found: Any) -> bool:
    return (expected or None) == (found or None)


def _compared(name: str, rows: Any, right: Callable[[Any, Any], bool]) -> Measure:
    """Returns a measure of ``(place, expected, found)``: what is wrong was also missed."""
    measure = Measure(name)
    for place, expected, found in rows:
        if right(expected, found):
            measure.right += 1
        else:
            measure.missed.append(f"{place}: {_in_words(expected)}")
            measure.wrong.append(f"{place}: {_in_words(found)}")
    return measure


def _in_words(value: Any) -> str:
    if isinstance(value, Mapping):
        return "、".join(str(one) for one in value.values() if one)
    return "/".join(value) if isinstance(value, list) else str(value if value is not None else "—")


# What a reader says of the bundled documents: ``fixtures/gold/NAME.json``, made by hand, by reading.

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures"
GOLD, DOCUMENTS = FIXTURES / "gold", FIXTURES / "documents"


def sources() -> dict[str, Path]:
    """Returns the bundled sources that a reader has marked, by name."""
    found = sorted(path for path in DOCUMENTS.iterdir() if path.suffix in (".txt", ".md"))
    return {path.stem: path for path in found if (GOLD / f"{path.stem}.json").exists()}


def gold_of(name: str) -> dict[str, Any]:
    """Loads the annotations of the document ``name``."""
    return json.loads((GOLD / f"{name}.json").read_text("utf-8"))
