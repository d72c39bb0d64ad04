"""The report of accuracy as a copy of words of the marked documents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from archive.withholding.register import Producer
from archive.withholding.withheld import forbidden_words, withheld_state
from archive.withholding.words import Forbidden

from .report import REPORT, publish, published


def producers() -> Iterator[Producer]:
    yield Producer("accuracy", lambda: _("准确度报告"), accuracy_holds, clean_accuracy, _is_accuracy)


def shown_report() -> dict[str, Any] | None:
    """The last run as the site shows it: without the words of misses while these may be withheld ones."""
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
    """Whether the report of accuracy may quote forbidden words among what was missed."""
    report = published()
    if report is None or report.get("withheld", "") == withheld_state():
        return []
    return [REPORT]


def clean_accuracy() -> None:
    """Write the report without forbidden words; its counts stay."""
    if report := published():
        publish_accuracy(report)


def publish_accuracy(report: dict[str, Any]) -> str:
    """Write a report of accuracy where the site reads it, without forbidden words."""
    clean = forbidden_words().cleaned(report) | {"withheld": withheld_state()}
    return publish(clean)


def _is_accuracy(path: Path) -> bool:
    return path.parts == (REPORT,)
