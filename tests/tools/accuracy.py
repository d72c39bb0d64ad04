"""Measures the parser against human annotations: ``make accuracy``, ``python -m tests.tools.accuracy [-v]``.

What readers marked in the bundled documents (``fixtures/gold``, by hand, by reading) is compared with what is
parsed. The report goes to ``fixtures/accuracy.json``, which ``/accuracy`` shows; gains and losses against the
report of the last commit are printed, fact by fact.

Blocks are paired by their text, in order; facts about a block are compared over the pairs. A mention or a
body is right where it overlaps the annotator's and names the same. Doubtful mentions are shown as such and
count for nothing.
"""

from __future__ import annotations

import argparse
import json
import subprocess
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from difflib import SequenceMatcher
from functools import cache
from typing import Any

from archive.text import parse_document
from archive.text.parsed import ParsedMention
from archive.text.reference import FIXTURES
from archive.text.serialize import as_json
from tests.golden import SOURCES

GOLD, REPORT = FIXTURES / "gold", FIXTURES / "accuracy.json"
SHOWN, AROUND = 60, 30  # characters

Place = tuple[int, int, int, str]


@dataclass(slots=True)
class Measure:
    """True positives of one kind of thing, with its false negatives and positives in words."""

    name: str
    right: int = 0
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def __add__(self, other: Measure) -> Measure:
        return Measure(
            self.name, self.right + other.right, self.missed + other.missed, self.wrong + other.wrong
        )

    @property
    def shares(self) -> dict[str, float | None]:
        """Precision and recall; None where nothing was found or there is nothing to find."""
        found, there = self.right + len(self.wrong), self.right + len(self.missed)
        return {
            "precision": self.right / found if found else None,
            "recall": self.right / there if there else None,
        }


def gold_of(name: str) -> dict[str, Any]:
    """Loads the annotations of the document ``name``."""
    return json.loads((GOLD / f"{name}.json").read_text("utf-8"))


def measure_document(gold: Mapping[str, Any], parsed: Mapping[str, Any]) -> list[Measure]:
    """Returns all measures of one document; ``parsed`` as ``archive.text.serialize.as_json`` gives it."""
    blocks, rows = gold["blocks"], parsed["paragraphs"]
    matcher = SequenceMatcher(
        None, [b["text"] for b in blocks], [row["text"] for row in rows], autojunk=False
    )
    paired = {i + k: j + k for i, j, size in matcher.get_matching_blocks() for k in range(size)}
    anchors = {i: rows[j]["anchor"] for i, j in paired.items()}
    both = [(anchors[i], blocks[i], rows[j]) for i, j in paired.items()]
    found = set(paired.values())
    # A parent that is not paired was missed as a block already.
    parents = [(at, block["parent"], row) for at, block, row in both if block["parent"] in {None, *paired}]
    return [
        _compared(
            "facts", ((name, gold["facts"][name], parsed["document"].get(name)) for name in gold["facts"])
        ),
        Measure(
            "blocks",
            len(paired),
            [block["text"][:SHOWN] for i, block in enumerate(blocks) if i not in paired],
            [f"{row['anchor']} {row['text'][:SHOWN]}" for j, row in enumerate(rows) if j not in found],
        ),
        _compared(
            "kinds",
            ((at, block["kinds"], row["kind"]) for at, block, row in both),
            lambda kinds, kind: kind in kinds,
        ),
        _compared("numbers", ((at, block["number"], row.get("number")) for at, block, row in both)),
        _compared("parents", ((at, anchors.get(parent), row.get("parent")) for at, parent, row in parents)),
        _compared("attribution", _attributions(both)),
        *_mentions(gold["mentions"], parsed["mentions"], anchors),
        _bodies(gold["bodies"], parsed["bodies"], anchors),
    ]


def _attributions(both: Iterable[tuple[str, Mapping, Mapping]]) -> Iterator[tuple[str, Any, Any]]:
    for at, block, row in both:
        for who in ("speaker", "submitter"):
            if expected := block.get(who):
                found = row.get(who) or {}
                yield at, expected, {key: found.get(key) for key in expected}


def _mentions(gold: Sequence, mentions: Iterable[Mapping], anchors: Mapping[int, str]) -> list[Measure]:
    """Mentions, and the pinpoints of those that are right."""
    certain = [row for row in mentions if row.get("certain", True)]
    ours = _placed(certain, "symbol", anchors)
    found, matched = _matched(
        "mentions", [(at, start, end, symbol) for at, start, end, symbol, _ in gold], ours
    )
    rows = [(anchors[gold[g][0]], gold[g][4], certain[o]) for g, o in matched]
    pinpoints = [
        (f"{at} {row['surface']}", expected, row.get("paragraph"))
        for at, expected, row in rows
        if expected or row.get("paragraph")
    ]
    return [found, _compared("pinpoints", pinpoints)]


def _bodies(gold: Iterable, bodies: Iterable[Mapping], anchors: Mapping[int, str]) -> Measure:
    """Bodies that must be found; others that a reader marks may be found."""
    required, optional = [], []
    for at, start, end, name, must in gold:
        (required if must else optional).append((at, start, end, _bare(name)))
    ours = _placed([{**row, "body": _bare(row["body"])} for row in bodies], "body", anchors)
    counted = {
        key: place
        for key, place in ours.items()
        if any(_overlap(place, one) and place[3] == one[3] for one in required)
        or not any(_overlap(place, one) for one in optional)
    }
    return _matched("bodies", required, counted)[0]


def _placed(rows: Iterable[Mapping], name: str, anchors: Mapping[int, str]) -> dict[int, Place]:
    """Maps the parser's findings in paired blocks to positions in the annotator's blocks."""
    numbers = {anchor: i for i, anchor in anchors.items()}
    return {
        key: (numbers[row["anchor"]], row["start"], row["end"], row[name])
        for key, row in enumerate(rows)
        if row["anchor"] in numbers
    }


def _matched(
    name: str, there: Sequence[Place], ours: Mapping[int, Place]
) -> tuple[Measure, list[tuple[int, int]]]:
    """Pairs one to one the annotator's places with the first of ours that overlaps and names the same."""
    left, matched, missed = dict(ours), [], []
    for g, place in enumerate(there):
        key = next((k for k, one in left.items() if _overlap(place, one) and one[3] == place[3]), None)
        if key is None:
            missed.append(place)
        else:
            del left[key]
            matched.append((g, key))
    words = [
        [f"{one[3]} ({one[0] + 1}: {one[1]}-{one[2]})" for one in rows] for rows in (missed, left.values())
    ]
    return Measure(name, len(matched), *words), matched


def _overlap(one: Place, other: Place) -> bool:
    return one[0] == other[0] and one[1] < other[2] and other[1] < one[2]


def _bare(name: str) -> str:
    """Returns a body's name without 联合国 before it, which documents write or leave out."""
    return name.removeprefix("联合国") or name


def _equal(expected: Any, found: Any) -> bool:
    return (expected or None) == (found or None)


def _compared(
    name: str, rows: Iterable[tuple[str, Any, Any]], right: Callable[[Any, Any], bool] = _equal
) -> Measure:
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


def measure_relations(half: str) -> Measure:
    """Measures how documents are cited, over the annotated mentions of one half (``tune``, ``judge``).

    Another relation than the annotator's is both missed and wrong.
    """
    measure = Measure(f"relations_{half}")
    for source, anchor, start, _surface, relation, in_half in gold_of("relations")["mentions"]:
        if in_half != half:
            continue
        mention, text = _mentions_of(source).get((anchor, start), (None, ""))
        read = mention.relation.value if mention and mention.relation else None
        if read == relation:
            measure.right += relation is not None
            continue
        place = f"{source} {anchor}：{text[max(0, start - AROUND) : start + AROUND * 2]}"
        measure.missed += [f"{relation} {place}"] if relation else []
        measure.wrong += [f"{read} {place}"] if read else []
    return measure


@cache
def _mentions_of(source: str) -> Mapping[tuple[str, int], tuple[ParsedMention, str]]:
    """Returns the mentions of a bundled document by their places, each with the text of its paragraph."""
    parsed = parse_document(FIXTURES / "documents" / source)
    texts = {paragraph.anchor: paragraph.text for paragraph in parsed.paragraphs}
    return {(mention.anchor, mention.start): (mention, texts[mention.anchor]) for mention in parsed.mentions}


def measure_all() -> dict[str, Any]:
    """Returns the report: all that a reader has marked, each disagreement with the document's symbol.

    ``marked`` says how many documents and blocks that is. They were marked by another than wrote the rules.
    """
    total: dict[str, Measure] = {}
    marked = Counter(documents=0, blocks=0)
    for name, path in SOURCES.items():
        if not (GOLD / f"{name}.json").exists():
            continue
        parsed, gold = as_json(parse_document(path)), gold_of(name)
        marked.update(documents=1, blocks=len(gold["blocks"]))
        symbol = parsed["document"]["symbol"]
        for measure in measure_document(gold, parsed):
            measure.missed = [f"{symbol} {words}" for words in measure.missed]
            measure.wrong = [f"{symbol} {words}" for words in measure.wrong]
            total[measure.name] = total.get(measure.name, Measure(measure.name)) + measure
    relations = [measure_relations(half) for half in ("tune", "judge")]
    return {
        "marked": dict(marked),
        "measures": [asdict(one) | one.shares for one in (*total.values(), *relations)],
    }


def committed_report() -> dict[str, Any] | None:
    """Returns the report of the last commit; None where there is none."""
    told = ["git", "show", f"HEAD:./{REPORT.name}"]
    done = subprocess.run(told, cwd=REPORT.parent, capture_output=True, check=False)
    return json.loads(done.stdout) if done.returncode == 0 else None


def differences(then: Mapping[str, Any] | None, now: Mapping[str, Any]) -> Iterator[str]:
    """Generates what was wrong ``then`` and is right ``now``, and the other way round, fact by fact."""
    if then is None:
        yield "no report of a commit to compare with"
        return
    before, after = _mistakes(then), _mistakes(now)
    if before == after:
        yield "neither gains nor losses since the last commit"
    yield from (f"gained: {one}" for one in (before - after).elements())
    yield from (f"lost: {one}" for one in (after - before).elements())


def _mistakes(report: Mapping[str, Any]) -> Counter[str]:
    return Counter(
        f"{measure['name']} {kind} {words}"
        for measure in report["measures"]
        for kind in ("missed", "wrong")
        for words in measure[kind]
    )


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-v", "--verbose", action="store_true", help="list each disagreement")
    verbose = parser.parse_args(arguments).verbose
    report = measure_all()
    for measure in report["measures"]:
        shares = ["—" if one is None else f"{one:.4f}" for one in (measure["precision"], measure["recall"])]
        print(f"{measure['name']:16}{measure['right']:6}", *shares, sep="  ")
        for words in (*measure["missed"], *measure["wrong"]) if verbose else ():
            print(f"    {words}")
    print(*differences(committed_report(), report), sep="\n")
    REPORT.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
