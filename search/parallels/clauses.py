"""A clause from resolution to resolution: where it stands in each, in time order, and what was reworded."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from archive.presenters.diff import Difference, compare

from .passages import Parallels

RESOLUTIONS = frozenset({"resolution", "decision"})
MOST_STEPS = 40
# So much of the longer wording must be left for the next one to be read as the same clause reworded.
MOSTLY = 0.5
LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class Step:
    """The clause in one resolution. ``row`` is its row of the index, ``stored`` what the index has of it.

    ``difference`` is against the step before; None for the first, and where little of the wording is left.
    """

    row: int
    stored: dict
    difference: Difference | None = None


def clause_through(found: Parallels, family: Collection[str] = ()) -> list[Step]:
    """The paragraph in focus and, of each other resolution, the paragraph that shares most with it.

    Empty where the paragraph is of no resolution. A clause of a resolution of the ``family`` (symbols) is
    followed through the family, another one through the resolutions of its series: those whose symbols begin
    alike, as ``A/RES/``. What bears no date cannot be put in order and is left out.
    """
    own = found.index.columns.stored(found.row)
    if not _is_resolution(found, found.row) or not own["sort_date"]:
        return []
    kin = family if own["symbol"] in family else None
    nearest: dict[str, tuple[int, dict]] = {own["symbol"]: (found.row, own)}
    for row in map(int, found.rows):
        if len(nearest) > MOST_STEPS:
            break
        if not _is_resolution(found, row):
            continue
        stored = found.index.columns.stored(row)
        symbol = stored["symbol"]
        belongs = symbol in kin if kin is not None else _series(symbol) == _series(own["symbol"])
        if belongs and stored["sort_date"]:
            nearest.setdefault(symbol, (row, stored))
    ordered = sorted(nearest.values(), key=lambda step: (step[1]["sort_date"], step[1]["symbol"]))
    return _steps(ordered) if len(ordered) > 1 else []


def _steps(ordered: list[tuple[int, dict]]) -> list[Step]:
    steps = [Step(*ordered[0])]
    for (_row, before), (row, stored) in zip(ordered, ordered[1:], strict=False):
        steps.append(Step(row, stored, _difference(before["text"], stored["text"])))
    return steps


def _difference(then: str, now: str) -> Difference | None:
    longest = max(len(then), len(now))
    if longest > LONGEST:
        return None
    difference = compare(then, now, figures=True)
    return difference if len(now) - difference.added >= MOSTLY * longest else None


def _is_resolution(found: Parallels, row: int) -> bool:
    column = found.index.columns["document_type"]
    number = int(column.first[row])
    return number >= 0 and column.values[number] in RESOLUTIONS


def _series(symbol: str) -> str:
    """``S/RES/`` of S/RES/1540(2004), ``A/RES/`` of A/RES/73/55."""
    kind = next((kind for kind in ("/RES/", "/DEC/") if kind in symbol), "")
    return symbol.partition(kind)[0] + kind if kind else symbol
