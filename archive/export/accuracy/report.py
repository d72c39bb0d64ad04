"""The report of accuracy: all marked documents measured; committed, and compared with the last one."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from functools import cache
from typing import Any

from django.utils.translation import gettext as _

from archive.text import parse_document
from archive.text.parsed import ParsedMention
from archive.text.serialize import as_json

from .measures import DOCUMENTS, FIXTURES, GOLD, Measure, gold_of, measure_document, sources

REPORT = FIXTURES / "accuracy.json"


def measure_all() -> dict[str, Any]:
    """Measures the parser on all that a reader has marked, each disagreement with the document's symbol.

    ``marked`` says how many documents and blocks that is. They were marked by another than wrote the rules.
    """
    blocks = 0
    total: dict[str, Measure] = {}
    for name, path in sources().items():
        parsed = as_json(parse_document(path))
        gold, symbol = gold_of(name), parsed["document"]["symbol"]
        blocks += len(gold["blocks"])
        for measure in measure_document(gold, parsed):
            measure.missed = [f"{symbol} {words}" for words in measure.missed]
            measure.wrong = [f"{symbol} {words}" for words in measure.wrong]
            total[measure.name] = total[measure.name] + measure if measure.name in total else measure
    for half in ("tune", "judge"):
        total[f"relations_{half}"] = _relations(half)
    return {
        "marked": {"documents": len(sources()), "blocks": blocks},
        "measures": [
            asdict(measure) | {"precision": measure.precision, "recall": measure.recall}
            for measure in total.values()
        ],
    }


def write_report(report: Mapping[str, Any]) -> None:
    """Writes the report where the page reads it, to be committed."""
    REPORT.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", "utf-8")


def committed_report() -> dict[str, Any] | None:
    """Returns the report of the last commit; None where there is none, or no history of the program."""
    told = ["git", "show", f"HEAD:./{REPORT.name}"]
    try:
        done = subprocess.run(told, cwd=REPORT.parent, capture_output=True, check=True)  # noqa: S603
    except (FileNotFoundError, subprocess.CalledProcessError):
        return None
    return json.loads(done.stdout)


def differences(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    """Generates what was wrong ``then`` and is right ``now``, and the other way round, fact by fact; or a
    sentence that says that there is neither.
    """
    before, after = _mistakes(then), _mistakes(now)
    if before == after:
        yield _("与上一次提交的报告相比，没有改正，也没有新错。")
    yield from (_("改正：%(mistake)s") % {"mistake": one} for one in (before - after).elements())
    yield from (_("新错：%(mistake)s") % {"mistake": one} for one in (after - before).elements())


def _mistakes(report: Mapping[str, Any]) -> Counter[str]:
    kinds = {"missed": _("漏"), "wrong": _("错")}
    return Counter(
        f"{measure['name']} {words} {mistake}"
        for measure in report["measures"]
        for kind, words in kinds.items()
        for mistake in measure[kind]
    )


def _relations(half: str) -> Measure:
    """Measures the relations of citations over one half of the annotated mentions."""
    found = measure_relations(half)
    measure = Measure(f"relations_{half}", found["hits"])
    for miss in found["misses"]:
        place = f"{miss['source']} {miss['anchor']}：{miss['words']}"
        if miss["wanted"]:
            measure.missed.append(f"{miss['wanted']} {place}")
        if miss["read"]:
            measure.wrong.append(f"{miss['read']} {place}")
    return measure


# How documents are cited, as the rules read it and as a reader says.

AROUND = 30


def measure_relations(half: str) -> dict[str, Any]:
    """Measures precision and recall of relations over one half of the gold set, or ``"all"`` of it.

    ``hits`` counts the relations that are right, ``missed`` those of the annotator that were not recognised,
    ``wrong`` those recognised that are not the annotator's: another relation is both. ``agreed`` counts the
    mentions to which both give no relation. ``misses`` lists each disagreement with its words.
    """
    hits = missed = wrong = agreed = 0
    misses = []
    for source, anchor, start, _surface, relation, in_half in _rows():
        if half not in (in_half, "all"):
            continue
        mention, text = _read(source).get((anchor, start), (None, ""))
        read = mention.relation.value if mention and mention.relation else None
        if read == relation:
            hits, agreed = hits + (relation is not None), agreed + (relation is None)
            continue
        missed, wrong = missed + (relation is not None), wrong + (read is not None)
        around = text[max(0, start - AROUND) : start + AROUND * 2]
        place = {"source": source, "anchor": anchor, "words": around}
        misses.append(place | {"wanted": relation, "read": read})
    return {
        "half": half,
        "mentions": hits + agreed + len(misses),
        "hits": hits,
        "agreed": agreed,
        "missed": missed,
        "wrong": wrong,
        "precision": hits / (hits + wrong) if hits + wrong else None,
        "recall": hits / (hits + missed) if hits + missed else None,
        "misses": misses,
    }


@cache
def _rows() -> list[list]:
    return json.loads((GOLD / "relations.json").read_text("utf-8"))["mentions"]


@cache
def _read(source: str) -> Mapping[tuple[str, int], tuple[ParsedMention, str]]:
    """Returns the mentions of a bundled document by their places, each with the text of its paragraph."""
    parsed = parse_document(DOCUMENTS / source)
    texts = {paragraph.anchor: paragraph.text for paragraph in parsed.paragraphs}
    return {(mention.anchor, mention.start): (mention, texts[mention.anchor]) for mention in parsed.mentions}
