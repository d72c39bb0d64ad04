"""The run of a build: all documents measured, kept as a derived file for the site to read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from archive import derived
from archive.text import PARSER_VERSION, parse_document
from archive.text.parsed import ParsedMention
from archive.text.serialize import as_json
from archive.withholding.register import Producer
from archive.withholding.words import Forbidden, forbidden_words, withheld_state

from .measures import DOCUMENTS, GOLD, Measure, gold_of, measure_document, sources

REPORT = "accuracy.json"


def measure_all() -> dict[str, Any]:
    """Measures the parser on all that a reader has marked: by document, and all together.

    ``marked`` says how many documents and blocks that is. They were marked by another than wrote the rules.
    """
    documents, blocks = [], 0
    total: dict[str, Any] = {}
    for name, path in sources().items():
        parsed = as_json(parse_document(path))
        gold = gold_of(name)
        blocks += len(gold["blocks"])
        measures = measure_document(gold, parsed)
        documents.append({"symbol": parsed["document"]["symbol"], "measures": list(map(_plain, measures))})
        for measure in measures:
            total[measure.name] = total[measure.name] + measure if measure.name in total else measure
    for half in ("tune", "judge"):
        total[f"relations_{half}"] = _relations(half)
    return {
        "parser_version": PARSER_VERSION,
        "gold": _gold_version(),
        "marked": {"documents": len(documents), "blocks": blocks},
        "documents": documents,
        "total": list(map(_plain, total.values())),
    }


def independent(found: dict[str, Any]) -> dict[str, Any]:
    """Reduces the result of ``measure_folder`` to public figures, without any words of the documents."""
    measures = [
        {
            "name": measure.name,
            "right": measure.right,
            "missed": len(measure.missed),
            "wrong": len(measure.wrong),
            "precision": measure.precision,
            "recall": measure.recall,
        }
        for measure in found["measures"]
    ]
    return {**found, "refused": len(found["refused"]), "measures": measures}


def publish(report: dict[str, Any]) -> str:
    """Writes ``report`` where ``published`` finds it; returns its name among the derived files."""
    derived.write(REPORT, json.dumps(report, ensure_ascii=False, indent=1).encode())
    return REPORT


def published() -> dict[str, Any] | None:
    """Returns the last run; None if it is of another parser or gold set: its figures would be untrue."""
    content = derived.read(REPORT)
    if content is None:
        return None
    report = json.loads(content)
    current = report.get("parser_version") == PARSER_VERSION and report.get("gold") == _gold_version()
    return report if current else None


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


def _plain(measure: Measure) -> dict[str, Any]:
    return asdict(measure) | {"precision": measure.precision, "recall": measure.recall}


def _gold_version() -> str:
    digest = sha256()
    for path in sorted(GOLD.glob("*.json")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


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


# The report of accuracy as a copy of words of the marked documents.


def producers() -> Iterator[Producer]:
    yield Producer("accuracy", lambda: _("准确度报告"), accuracy_holds, clean_accuracy, _is_accuracy)


def shown_report() -> dict[str, Any] | None:
    """Returns the last run for the site: without the words of misses while these may be withheld."""
    report = published()
    if report is None:
        return None
    doubtful = accuracy_holds(None)
    report.pop("withheld", None)
    if not doubtful:
        return report
    measures = [*report["total"], *(one for document in report["documents"] for one in document["measures"])]
    for measure in measures:
        measure |= {name: [""] * len(measure[name]) for name in ("missed", "wrong")}
    return report


def accuracy_holds(words: Forbidden | None) -> Sequence[str]:
    """Lists the accuracy report if it was made before the last withholding and may quote forbidden words."""
    report = published()
    if report is None or report.get("withheld", "") == withheld_state():
        return []
    return [REPORT]


def clean_accuracy() -> None:
    """Writes the report without forbidden words; its counts stay."""
    if report := published():
        publish_accuracy(report)


def publish_accuracy(report: dict[str, Any]) -> str:
    """Writes a report of accuracy where the site reads it, without forbidden words."""
    clean = forbidden_words().cleaned(report) | {"withheld": withheld_state()}
    return publish(clean)


def _is_accuracy(path: Path) -> bool:
    return path.parts == (REPORT,)
