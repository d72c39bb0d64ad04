"""Which numbers a document has, told where one was asked for that it lacks."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from archive.models import Document
from archive.site.presenters.wording import part_name
from archive.store.addresses.paths import paragraph_path
from archive.text.pinpoints.anchors import PART
from archive.text.shapes import read_part_label


def numbers_as_json(held: Document | None, numbers: Sequence) -> dict:
    if held is None:
        return {}
    return {"ocr_confidence": held.ocr_confidence, "paragraphs": numbering_as_json(numbers)}


NUMBERED = re.compile(rf"(?:(?P<part>{PART.pattern})\.)?(?P<preambular>pp)?(?P<number>\d+)")


@dataclass(frozen=True, slots=True)
class Run:
    """Paragraphs numbered without a gap: first and last number with the addresses of their paragraphs."""

    first: int
    last: int
    first_address: str
    last_address: str


@dataclass(frozen=True, slots=True)
class Numbering:
    """The numbered runs of one part, and its name (empty for the main part)."""

    name: str
    runs: tuple[Run, ...]


def numbering(held: Document) -> list[Numbering]:
    """Lists the numbered paragraphs in each part of a document, in its order. Two queries."""
    numbers: dict[tuple[str, str], list[int]] = defaultdict(list)
    labels = held.paragraphs.filter(role="annex_label").values_list("anchor", "text")
    names = {anchor: label.words for anchor, text in labels if (label := read_part_label(text))}
    for anchor in held.paragraphs.order_by("position").values_list("anchor", flat=True):
        if found := NUMBERED.fullmatch(anchor):
            numbers[found["part"] or "", found["preambular"] or ""].append(int(found["number"]))
    return [
        Numbering(
            names.get(part, part_name(part)) + (_("序言部分") if mark else ""),
            tuple(_run(held.symbol, f"{part}." if part else "", mark, *ends) for ends in _runs(given)),
        )
        for (part, mark), given in numbers.items()
    ]


def _runs(numbers: list[int]) -> list[tuple[int, int]]:
    """Joins consecutive numbers: ``[1, 2, 3, 5]`` → ``[(1, 3), (5, 5)]``."""
    found: list[tuple[int, int]] = []
    for number in sorted(set(numbers)):
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


def _run(symbol: str, above: str, mark: str, first: int, last: int) -> Run:
    ends = [paragraph_path(symbol, f"{above}{mark}{number}") for number in (first, last)]
    return Run(first, last, *ends)


def numbering_as_json(found: Sequence[Numbering]) -> list[dict]:
    return [
        {"part": part.name, "first": run.first, "last": run.last, "url": run.first_address}
        for part in found
        for run in part.runs
    ]
